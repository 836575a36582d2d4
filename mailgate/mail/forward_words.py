"""The words by which mail programs announce a forward and label its header lines: data, no behaviour, nothing to fail.

Gathered from what Gmail, Outlook (classic, new, web, mobile, Mac), Apple Mail, Thunderbird, Yahoo, Zimbra, Roundcube,
K-9, Samsung, HubSpot, IONOS, Mail.ru and Lotus Notes write in each language. All words are case-folded.
"""

from __future__ import annotations

from typing import Literal

Field = Literal["from", "date", "to", "cc", "subject", "other"]


def _phrases(rows: str) -> frozenset[str]:
    """The phrases of a table whose cells are divided by bars and may be wrapped anywhere."""
    return frozenset(phrase for cell in rows.split("|") if (phrase := " ".join(cell.split())))


_LABEL_ROWS: dict[Field, str] = {
    "from": """
        from|de|remitente|enviado por|von|absender|da|mittente|van|afzender|od|odesílatel|odesilatel|šalje|salje
        |nadawca
        |fra|afsender|avsender|från|fran|avsändare|lähettäjä|saatja|feladó|küldő|от|от кого|отправитель|від|від кого
        |de la|expeditor|expéditeur|kimden|gönderen|pošiljatelj|από|发件人|寄件者|差出人|보낸 사람|nork|remitent""",
    "date": """
        date|sent|sent on|sent at|date sent|fecha y hora|enviado a|enviada el|recibido el
        |fecha|enviado|enviado el|enviado en|enviados|fecha de envío|data|enviada|enviada em|enviado em
        |data de envio|envoyé|envoyé le|datum|gesendet|gesendet am|inviato|inviata|verzonden|verstuurd
        |datum und uhrzeit
        |odesláno|odoslané|odoslaný|poslano|wysłano|data wysłania|dato|sendt|skickat|skickat den|lähetetty|päiväys
        |päivä
        |saadetud|kuupäev|elküldve|dátum|küldés ideje|дата|отправлено|отправлен|надіслано|trimis|tarih|gönderilen
        |gönderme tarihi|gönderildi|ημερομηνία|发送时间|日期|送信日時|日付|보낸 날짜|enviat|data d'enviament|bidalia""",
    "to": """
        to|para|a|destinatario|destinatarios|destinatário|à|pour|destinataire|destinataires|an|empfänger|aan|komu|pre
        |prima|za|do|til|till|mottaker|mottagare|modtager|vastaanottaja|kellele|saaja|címzett|кому|către|catre|kime
        |alıcı
        |adresat|προς|收件人|宛先|받는 사람|per a|nori|al""",
    "cc": """
        cc|c.c|kopie|kopia|kopi|kopija|kópia|kopio|copia|copie à|copie|copia a|con copia|cópia|com cópia|копия|копія
        |másolat|másolatot kap|dw|do wiadomości|bilgi|koopia|c.c.|抄送|참조|copia para|ct""",
    "subject": """
        subject|asunto|tema|assunto|objet|sujet|betreff|oggetto|onderwerp|předmět|predmet|naslov|temat|emne|ämne
        |amne|aihe
        |otsikko|teema|tárgy|тема|subiect|konu|θέμα|主题|主旨|件名|제목|assumpte|gaia""",
    "other": """
        bcc|cco|cci|ccn|skrytá kopie|reply-to|reply to|responder-a|responder a|responder para|répondre à|antwort an
        |rispondi a
        |importance|importancia|importância|importanza|wichtigkeit|priority|prioridad|prioridade|priorität|attachments
        |attachment|adjuntos|datos adjuntos|archivos adjuntos|anexos|anexo|pièces jointes|anlagen|anhänge|allegati
        |bijlagen
        |conversation|categories|categorías|cuando|when|where|ubicación|sender|organization|organización|x-mailer
        |message-id|resent-from|resent-to|received|newsgroups|grupos de noticias|return-path|delivered-to|mailed-by
        |enviado desde|date de réception|recibido|sensibilidad|sensitivity""",
}

LABELS: dict[str, Field] = {label: field for field, rows in _LABEL_ROWS.items() for label in _phrases(rows)}

# Only a forward is announced so. Compared with the line stripped of dashes, quote marks and the final colon.
FORWARD_MARKS = _phrases(
    """
    forwarded message|begin forwarded message|start of forwarded message|forwarded email|forwarded mail
    |begin forwarded email|forwarded message follows|start forwarded message|forwarded by
    |mensaje reenviado|inicio del mensaje reenviado|inicio de mensaje reenviado|comienzo del mensaje reenviado
    |principio del mensaje reenviado|correo reenviado|correo electrónico reenviado|email reenviado
    |mensagem encaminhada|mensagem reencaminhada|início da mensagem encaminhada|inicio da mensagem encaminhada
    |início da mensagem reencaminhada|início de mensagem encaminhada|e-mail encaminhado|encaminhada
    |mensagem redirecionada|início da mensagem redirecionada
    |message transféré|début du message transféré|début du message réexpédié|message réexpédié|courriel transféré
    |transféré|e-mail transféré|message transmis
    |weitergeleitete nachricht|anfang der weitergeleiteten nachricht|anfang der weitergeleiteten e-mail
    |weitergeleitete e-mail|beginn der weitergeleiteten nachricht|weitergeleitete mail
    |messaggio inoltrato|inizio messaggio inoltrato|inizio del messaggio inoltrato|inoltrato|e-mail inoltrata
    |doorgestuurd bericht|begin doorgestuurd bericht|doorgestuurde e-mail|doorgezonden bericht
    |přeposlaná zpráva|začátek přeposílané zprávy|preposlaná správa|začiatok preposlanej správy
    |proslijeđena poruka|započni proslijeđenu poruku|početak proslijeđene poruke|posredovano sporočilo
    |videresendt melding|videresendt meddelelse|videresendt besked|start på videresendt besked
    |start på videresendt melding|påbegyndt videresendt besked|starten på videresendt meddelelse
    |vidarebefordrat meddelande|vidarebefordrat mejl|vidarebefordrat mail|början på vidarebefordrat meddelande
    |vidarebefordrat brev|början på det vidarebefordrade meddelandet
    |edelleenlähetetty viesti|välitetty viesti alkaa|välitetty viesti|edelleen lähetetty viesti
    |edastatud kiri|edastatud sõnum|továbbított üzenet|továbbított levél|továbbított üzenet kezdete
    |przekazana wiadomość|wiadomość przekazana dalej|przesłana wiadomość|początek przekazywanej wiadomości
    |przekazana wiadomość e-mail|początek przekazanej wiadomości
    |mesaj redirecționat|mesaj redirectionat|mesaj înaintat|început mesaj redirecționat|mesaj transmis
    |iletilmiş mesaj|iletilen mesaj|yönlendirilmiş mesaj|iletilmiş i̇leti|iletilen ileti|başlangıç iletilmiş mesaj
    |i̇letilmiş mesaj|i̇letilen mesaj|i̇letilmiş ileti|i̇letilen ileti
    |пересылаемое сообщение|перенаправленное сообщение|пересланное сообщение|переадресованное сообщение
    |начало переадресованного сообщения|начало пересылаемого сообщения|начало пересланного сообщения
    |переслане повідомлення|початок листа, що пересилається|початок пересланого повідомлення|пересланий лист
    |missatge reenviat|inici del missatge reenviat|mensaxe reenviada|inicio da mensaxe reenviada|birbidalitako mezua
    |προωθημένο μήνυμα|转发的邮件|転送されたメッセージ|전달된 메시지
    """
)

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
FORWARD_ENDS = _phrases(
    """
    fin del mensaje reenviado|end of forwarded message|end forwarded message|fim da mensagem encaminhada
    |fim da mensagem reencaminhada|fin du message transféré|ende der weitergeleiteten nachricht
    |конец пересылаемого сообщения|завершение пересылаемого сообщения
    """
)

# Written above forwards and replies alike: the subject has to tell which.
ORIGINAL_MARKS = _phrases(
    """
    original message|original email|original mail|mensaje original|correo original|mensagem original|e-mail original
    |message d'origine|message d’origine|message original|ursprüngliche nachricht|originalnachricht|original-nachricht
    |messaggio originale|oorspronkelijk bericht|původní zpráva|pôvodná správa|originalna poruka|izvorna poruka
    |opprinnelig melding|original meddelelse|oprindelig meddelelse|ursprungligt meddelande|originalmeddelande
    |alkuperäinen viesti|eredeti üzenet|wiadomość oryginalna|oryginalna wiadomość|mesaj original|mesajul original
    |özgün ileti|orijinal mesaj|исходное сообщение|оригинальное сообщение|вихідне повідомлення|missatge original
    |mensaxe orixinal|jatorrizko mezua|original-mail|originalmail|mensaje citado|reply message|mensaje de respuesta
    """
)

FORWARD_PREFIXES = _phrases(
    """
    fw|fwd|forward|rv|rvd|reenv|reenviado|reenvío|reenviar|enc|encaminhado|res-enc|tr|wg|i|inoltra|d|vs|vb|videresend
    |videresendt|vidarebefordrat|doorst|pd|podaj|przek|redir|redirecționat|továbbítás|iletilen|ilt|i̇lt|пересл|fyi
        |trans
    |vl|tov|hl|prep|proslijeđeno|переслать|переслано|transf|rdv|ri
    """
)
REPLY_PREFIXES = _phrases(
    """
    re|res|resp|rta|respuesta|resposta|aw|antw|antwort|sv|rép|rep|réf|r|ris|odp|odg|ynt|yan|vá|va|ang|vast|отв|ответ
    |на|re-fw|rif|bls|отг
    """
)
