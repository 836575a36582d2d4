"""The words by which mail programs announce and end a forward, and the prefixes of subjects: data, no behaviour.

``header_words`` has what forwards and replies share. All words are case-folded.
"""

from __future__ import annotations

from mailgate.mail.header_words import phrases

# Lotus Notes and others go on with who and when: "Reenviado por Ana Ruiz/ACME con fecha 27/10/2021 09:31 a.m."
FORWARD_MARK_STARTS: tuple[str, ...] = (
    "forwarded by ",
    "reenviado por ",
    "encaminhado por ",
    "reencaminhado por ",
    "weitergeleitet von ",
    "transféré par ",
    "inoltrato da ",
    "mensaje reenviado por ",
    "mensaje reenviado de ",
    "forwarded message from ",
)

# Below the forwarded text, by the few that say where it ends.
FORWARD_ENDS = phrases(
    """
    fin del mensaje reenviado|end of forwarded message|end forwarded message|fim da mensagem encaminhada
    |fim da mensagem reencaminhada|fin du message transféré|ende der weitergeleiteten nachricht
    |конец пересылаемого сообщения|завершение пересылаемого сообщения
    """
)

FORWARD_PREFIXES = phrases(
    """
    fw|fwd|forward|rv|rvd|reenv|reenviado|reenvío|reenviar|enc|encaminhado|res-enc|tr|wg|i|inoltra|d|vs|vb|videresend
    |videresendt|vidarebefordrat|doorst|pd|podaj|przek|redir|redirecționat|továbbítás|iletilen|ilt|i̇lt|пересл|fyi
        |trans
    |vl|tov|hl|prep|proslijeđeno|переслать|переслано|transf|rdv|ri
    """
)
REPLY_PREFIXES = phrases(
    """
    re|res|resp|rta|respuesta|resposta|aw|antw|antwort|sv|rép|rep|réf|r|ris|odp|odg|ynt|yan|vá|va|ang|vast|отв|ответ
    |на|re-fw|rif|bls|отг
    """
)
