"""The wordings of delivery reports that are written for people only: who sends them, how they say it, what they name.

Pure tables and line scans over at most the first 64 KiB; nothing raises, and what is not understood is left empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message as Tree

from mailgate.mail.forwarded import read_prefix
from mailgate.mail.headers import get_header, header_addresses, normal_address

_SCANNED = 65_536
_ADDRESS = r"(?:\"[^\"\s]{1,64}\"|[^\s<>()\[\]\"',;:|=]{1,64})@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?"

_DAEMON = re.compile(r"mail(?:er)?-?daemon|mdaemon", re.IGNORECASE)
_POSTMASTERS = re.compile(
    r"^(?:postmaster|mail[._-]?delivery[._-]?(?:sub)?system|bounces?|ndr|mail-?delivery|maildeliverysubsystem"
    r"|mailerror"
    r"|undeliverable|microsoftexchange[0-9a-f]{20,}|mmdf|symantec_.*|system[ ._-]administrator|mailsystem|mta"
    r"|pmdf|exim"
    r"|majordomo|uucp|qmail|poostmaster|imss|inetgw1?|(?:no|do-?not)-?reply)(?:[@+.-]|$)",
    re.IGNORECASE,
)
# How people write about mail that did not arrive.
_PERSON = re.compile(
    r"[¿¡]|\bnecesit[oa]|\bme (?:sale|llega|aparece|fue|rechaz)|\bno (?:me|nos) |\bagradezco|\badjunto"
    r"|buen[oa]s (?:d[ií]as|tardes)"
    r"|\bpreciso|bom dia|boa tarde|\bi need|\bcould you|can you|\bmy (?:message|mail) (?:was|is)"
    r"|\bour (?:invoices|mail)",
    re.IGNORECASE,
)
# How reports begin, word for word.
_OPENINGS = re.compile(
    r"[\s*#=_-]{0,200}(?:failed recipients|non-delivery report|this (?:message|e-?mail) was created automatically by"
    r"|this is an automatically generated delivery|delivery (?:has failed|to the following)"
    r"|your message did not reach"
    r"|este mensaje (?:fue|ha sido) (?:creado|generado) autom[aá]ticamente por el (?:software|servidor|sistema) de"
    r"|this is the mail system at host|hi\. this is the)",
    re.IGNORECASE,
)
_DAEMON_NAMES = re.compile(
    r"mail(?:er)?[ -]?(?:delivery (?:sub)?system|daemon)|delivery subsystem|system administrator|postmaster"
    r"|jetmail system"
    r"|administrador del sistema|subsistema de entrega|sistema de entrega|sistema de correo|microsoft outlook$"
    r"|non-?delivery|mail administrator|mailer daemon",
    re.IGNORECASE,
)
# Words that only a report of failure or delay has in its subject …
_SUBJECT = re.compile(
    r"undeliver(?:ed|able)|returned? (?:mail|to sender)|delivery (?:failure|failed|problem|report|status"
    r"|notification|error|has)"
    r"|failure (?:notice|delivery|notification)|mail (?:delivery|failed|could not|not delivered|error|status"
    r"|system error)"
    r"|non[- ]?delivery|could not (?:be )?(?:send|sent|deliver)|not (?:be )?delivered|message delivery"
    r"|warning: (?:message|could)"
    r"|(?:email|message) (?:bounce|delivery failure|rejected|status)|processing error|error sending|failed mail"
    r"|user unknown"
    r"|delayed|permanent delivery|rejected mail|bounce notification|there was an error sending|deliver(?:y|ing)"
    r"|no (?:se )?(?:ha podido|pudo|puede) (?:ser )?(?:entregar|entregado)|no (?:se )?entregad[oa]"
    r"|imposible (?:de )?entregar"
    r"|correo (?:devuelto|no entregado|rechazado)|mensaje (?:devuelto|no entregado|rechazado)|error (?:de"
    r"|en la) entrega"
    r"|fall[oa] (?:de|en la) entrega|notificaci[oó]n de (?:estado de )?entrega|aviso de (?:no )?entrega|no entregable"
    r"|devoluci[oó]n de (?:correo|mensaje)|retraso en la entrega|entrega retrasada"
    r"|n[aã]o (?:foi |[eé] |p[oô]de ser )?(?:entregue|poss[ií]vel)|falha (?:na|de) entrega"
    r"|mensagem (?:devolvida|n[aã]o entregue)"
    r"|devolvid[oa]"
    r"|no (?:fue|ha sido) entregad|(?:message|mail|e-?mail) you sent (?:was )?blocked|no s'ha pogut (?:lliur|entreg)"
    r"|unzustellbar|nicht zugestellt|zustellung fehlgeschlagen|non (?:remis|distribu)|mancat[oa] (?:consegna|recapito)"
    r"|non (?:[eè] stato )?(?:consegn|recapit)|onbestelbaar|niet (?:bezorgd|afgeleverd)|nie(?:dostarcz| dostarcz)"
    r"|(?:inte|ikke) lever|kan ikke leveres|toimitus ep[aä]onnistui|доставл",
    re.IGNORECASE,
)
# … and in its text.
_FAILURE = re.compile(
    r"(?:could|can)(?: ?not|n['’]?t) (?:be )?(?:deliver|send|sent|reached|complete)|(?:was|were|is) (?:not"
    r"|unable|undeliver)"
    r"|undeliver(?:ed|able)|not (?:been )?deliver|did ?n[o']t reach|unable to deliver"
    r"|delivery (?:has )?(?:failed|failure|attempts)"
    r"|permanent (?:fatal )?error|fatal error|user unknown|unknown (?:user|recipient|or illegal)"
    r"|no such (?:user|recipient)"
    r"|mailbox (?:is )?(?:full|unavailable|not found|quota)|over ?quota|quota exceeded|disk quota"
    r"|does ?n[o']t (?:exist|have a)"
    r"|rejected|returned (?:mail|to sender|message)|transcript of session|failure reasons?|failed (?:recipient"
    r"|permanently)"
    r"|trouble delivering|has been (?:delayed|postponed|returned)|is delayed|error has occurred while|not listed in"
    r"|duplicated message-id|you are not a member|final delivery userid|non-delivery|(?:host|domain) (?:unknown"
    r"|not found)"
    r"|wasn['’]?t able to|returned errors?|following error|unreachable|automatically rejected"
    r"|delivery to the following"
    r"|(?:^|\D)5\d\d[ -]#?5?\.?\d|deferred|retry|will be retried|delivery status notification|delevery to"
    r"|no (?:se )?(?:ha podido|pudo|puede|puedo|pudimos|hemos podido|fue posible|es posible|ha sido posible"
    r"|ha llegado a)"
    r" ?(?:ser )?(?:entreg|envi|localiz)?|no (?:ha sido|fue|existe|ha llegado)|buz[oó]n (?:est[aá] )?(?:lleno"
    r"|inexistente)"
    r"|usuario desconocido|destinatario desconocido|error permanente|cuota excedida|ha sido (?:rechazado|devuelto)"
    r"|se ha retrasado|a[uú]n no se ha (?:podido )?entreg|n[aã]o (?:foi poss[ií]vel|p[oô]de ser|foi entregue|existe)"
    r"|caixa (?:postal )?(?:de entrada )?(?:est[aá] )?cheia|usu[aá]rio desconhecido|konnte nicht|nicht zugestellt"
    r"|n['’]a pas (?:pu|[eé]t[eé])|не (?:может быть |удалось )?доставл|fall[oó] (?:la|permanente)"
    r"|(?:fue|sido|foi) (?:rechazad|bloquead|rejeitad|devolvid)|no s['’]ha pogut|non (?:[eè] stato|ha potuto|se puido)"
    r"|kon(?:den)? niet worden|nie (?:mog[lł]|zosta[lł]|uda[lł]o)|(?:kunde inte|kunne ikke) (?:ut)?lever|ei voitu",
    re.IGNORECASE | re.MULTILINE,
)
_DELAY = re.compile(
    r"warning message only|do not need to resend|not (?:yet )?been delivered (?:yet|after)"
    r"|has not yet been delivered|delayed"
    r"|will (?:continue to |keep |be )(?:try|retri|attempt)|delivery attempts will continue|postponed due"
    r"|delivery incomplete"
    r"|no es necesario (?:que )?(?:volver a enviar|reenv|vuelva)|no necesita reenviar|se ha retrasado"
    r"|entrega retrasada"
    r"|seguiremos (?:intent|tratando)|seguir[aá] intent|se (?:seguir[aá]|volver[aá] a) intentar|entrega se retras"
    r"|n[aã]o [eé] necess[aá]rio reenviar|atrasad|continuaremos tentando|ser[aá] tentad",
    re.IGNORECASE,
)
_SUBJECT_DELAY = re.compile(r"\(delay\)|delay(?:ed)?\b|retras|atras|warning|not yet been|: warning", re.IGNORECASE)
_FINAL = re.compile(
    r"permanent (?:fatal )?error|user unknown|no such user|given up|giving up|not going to try again"
    r"|fatal errors|\(failure\)|in the queue too long"
    r"|error permanente|no se (?:volver|intentar)[aá]|desistimos|final delivery",
    re.IGNORECASE,
)
# From here on it is the mail that came back, and the addresses in it are nobody's failure.
_ORIGINAL = re.compile(
    r"^[ \t>*=#-]{0,80}(?:below this line is a copy|below the next line is a copy|original message(?: follows"
    r"| headers?| as"
    r"| details| attached)?|-?original email|returned (?:message|mail)|unsent message|message headers follow"
    r"|header of the source"
    r"|this is a copy of (?:the|your)|(?:the )?body of (?:the )?(?:your )?message|here is a copy of the"
    r"|start of returned"
    r"|forwarded message|(?:the )?(?:header|headers) (?:and top|of the|from)|bounced e-?mail"
    r"|your (?:original )?message (?:was|reads)"
    r"|old message|message (?:contents|text) follows|first \d+ lines|the first \d+|(?:una "
    r"|esta es una )?copia del (?:mensaje|correo)"
    r"|mensaje original|cabeceras? (?:del|originales)|encabezados? (?:del|originales)|a continuaci[oó]n (?:se"
    r"|copia|una copia)"
    r"|mensagem original|c[oó]pia da mensagem|cabe[cç]alhos|the following should not|weitere|original mail as"
    r"|(?:return-path|received|dkim-signature|x-received|arc-seal|delivered-to): ?\S)",
    re.IGNORECASE | re.MULTILINE,
)
_STATUS = re.compile(r"(?:^|[\s(#:=<\[-])([45]\.\d{1,3}\.\d{1,3})(?=$|[\s):;,.>\]-])", re.MULTILINE)
_REPLY_CODE = re.compile(r"(?:^|[\s:(>])([45]\d\d):?[ -](?=[#<\[A-Za-z\d])", re.MULTILINE)
_CODE_LINE = re.compile(
    r"^.{0,400}?(?:\b[45]\d\d[ -]|[(#\s][45]\.\d{1,3}\.\d{1,3}\b|ErrMsg|Reason|[Mm]otivo|Raz[oó]n).{0,600}", re.M
)


def report_part(text: str) -> str:
    """The report's own words: everything before the mail that came back."""
    text = text[:_SCANNED]
    found = next((match for match in _ORIGINAL.finditer(text) if text[: match.start()].strip()), None)
    return text[: found.start()] if found else text


def may_be_report(tree: Tree, opening: str) -> bool:
    """Whether ``is_report`` is worth being asked: of nearly every mail it is not, and the long patterns are not tried.

    ``opening``: the first words of the text.
    """
    sender = get_header(tree, "from")
    address = next((one.address for one in header_addresses(tree, "from")), "") or sender.strip(" <>\"'")
    return bool(
        _DAEMON.match(address)
        or _POSTMASTERS.match(address)
        or _DAEMON_NAMES.search(sender)
        or get_header(tree, "x-failed-recipients")
        or "<>" in sender
        or _is_sent_by_machine(tree)
        or _OPENINGS.match(opening[:400])
    )


def is_report(tree: Tree, report: str, text: str) -> bool:
    """Whether a mail system wrote this, not a person who writes about a mail that did not arrive.

    The nearer the sender is to a person, the more it takes: a daemon need hardly say anything, a postmaster may be
    somebody, and anybody else must begin with the very words that mail programs begin with.
    """
    sender = get_header(tree, "from")
    subject = get_header(tree, "subject")
    address = next((one.address for one in header_addresses(tree, "from")), "") or sender.strip(" <>\"'")
    daemon = _DAEMON.match(address) is not None
    postmaster = _POSTMASTERS.match(address) or _DAEMON_NAMES.search(sender)
    failed = bool(get_header(tree, "x-failed-recipients"))
    machine = failed or "<>" in sender or _is_sent_by_machine(tree)
    if not (daemon or postmaster or machine or _OPENINGS.match(report[:400])):
        return False
    in_subject = _SUBJECT.search(subject) is not None and read_prefix(subject) == ""
    in_text = _FAILURE.search(report[:8000]) is not None
    if daemon:
        return in_subject or in_text or not text.strip() or _LISTED.search(report) is not None
    told = in_text and (in_subject or failed or (machine and postmaster) or _names_itself(report))
    titled = postmaster and in_subject and _SUBJECT.match(subject.strip())
    if machine:
        return bool(told or titled)
    if _shows_person(tree) or read_prefix(subject) or _PERSON.search(report[:2500]):
        return False
    return bool(told or titled) if postmaster else told and bool(find_recipients(report))


def _is_sent_by_machine(tree: Tree) -> bool:
    path = get_header(tree, "return-path").strip().lower()
    null_path = path.startswith(("<>", "<mailer-daemon", "mailer-daemon"))
    return null_path or get_header(tree, "auto-submitted").lower().startswith("auto-")


def _shows_person(tree: Tree) -> bool:
    """Reports in prose answer no mail and name no mail program that people use."""
    return any(get_header(tree, name) for name in ("in-reply-to", "references", "user-agent", "x-originating-ip"))


def _names_itself(report: str) -> bool:
    """The opening of a report whose subject says nothing: "did not reach the following recipient(s)" and the like."""
    return (
        re.search(
            r"did not reach|could not be delivered to|(?:could not|unable to|wasn't able to) deliver (?:your"
            r"|the) (?:message|mail)"
            r"|delivery (?:has failed|to the following)|returned to sender|returned message|failed recipient"
            r"|no (?:se )?(?:pudo|ha podido|fue posible) entregar|you are not a member|duplicated message-id",
            report[:3000],
            re.IGNORECASE,
        )
        is not None
    )


def is_delay(subject: str, report: str) -> bool:
    """A warning that delivery goes on being tried, not that it failed."""
    if _FINAL.search(report) or re.search(r"\(failure\)|failed|undeliverable", subject, re.IGNORECASE):
        return False
    return _DELAY.search(report) is not None or _SUBJECT_DELAY.search(subject) is not None


def find_status(text: str) -> str:
    """The enhanced status code (RFC 3463) named in a text, or one made of the three-digit reply code; else ""."""
    found = _STATUS.search(text[:_SCANNED])
    if found:
        return found[1]
    code = _REPLY_CODE.search(text[:_SCANNED])
    return f"{code[1][0]}.0.0" if code else ""


def find_diagnostic(report: str) -> str:
    """The line in which the other server speaks."""
    found = _CODE_LINE.search(report[:_SCANNED])
    return " ".join(found[0].split())[:1000] if found else ""


# Each takes the addresses it is sure of; the first that finds any decides. One sees the whole report, line by line.
_LISTED = re.compile(rf"^[ \t>]{{0,8}}<({_ADDRESS})>(?: \([^()\n]{{0,200}}\))?[ \t]?:", re.MULTILINE)
_LEAD = re.compile(
    r"(?:recipient\(?s?\)?|address(?:es|\(es\))?|destinatarios?|direcci[oó]n(?:es)?|endere[cç]os?|groups?|lists?|to"
    r"|correo(?: electr[oó]nico)?|destinat[aá]rios?|user|following|failed|permanently|users?|grupos|reached"
    r"|(?:entregar|entregado|entregue) (?:a|al|para)|failed permanently|failed recipients|siguiente(?:s)?"
    r"|seguinte(?:s)?|failure reasons|errors\))"
    r"[^\n:]{0,80}[:.][ \t-]{0,80}$",
    re.IGNORECASE,
)
_ITEM = re.compile(
    rf"^[ \t>*•-]{{0,40}}(?:\[?(?:smtp|rfc822)[:;=])?"
    rf"[\"'<(\[]{{0,3}}({_ADDRESS})(?:<mailto:[^<>\n]{{0,320}}>)?[\"'>)\]]{{0,3}}"
    r"(?=$|[ \t:;,.(<]|\bon\b)",
    re.IGNORECASE,
)
_X400 = re.compile(rf"dda:smtp=({_ADDRESS})", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(?:unknown user|undeliverable\s{1,3}to|delivery failed \d+ attempts|failed recipient"
    r"|undeliverable address|addressed to"
    r"|final delivery userid|(?:could|can) ?not be delivered to|recipient|original-recipient|final-recipient"
    r"|target mail address"
    r"|(?:message|mail|delivery) to|(?:mensaje|correo|entrega|entregad[oa]|entregar|enviad[oa]|enviar|mensagem"
    r"|entregue) (?:a|al|para)"
    r"|destinatario|mailbox|user|usuario|direcci[oó]n|rcpt to|account|cuenta"
    r"|permanent errors?|which your message was addressed|dda:smtp)"
    rf"(?:[ \t]?[:=]|\s)\s{{0,12}}(?:\[?(?:smtp|rfc822)[:;=])?[\"'<(\[]{{0,3}}({_ADDRESS})",
    re.IGNORECASE,
)
_ANSWERED = re.compile(rf"(?:^|[\s:])[45]\d\d[ -][^\n<]{{0,80}}<({_ADDRESS})>", re.MULTILINE)
_CODED = re.compile(rf"^[ \t]{{0,20}}<?({_ADDRESS})>?(?:\.\.\.|[:,] | - )", re.MULTILINE)


def find_recipients(report: str) -> tuple[str, ...]:
    """The addresses that a report in prose says it failed for, in order, each once."""
    for found in (_listed(report), _after_lead(report), _named(report), _answered(report)):
        addresses = tuple(dict.fromkeys(address for item in found if (address := normal_address(item))))
        if addresses:
            return addresses
    return ()


def _listed(report: str) -> Iterator[str]:
    return (match[1] for match in _LISTED.finditer(report))


def _after_lead(report: str) -> Iterator[str]:
    """Addresses at the beginning of the lines below "… the following recipient(s):"."""
    led = 0
    for line in report.split("\n"):
        item = (_ITEM.match(line) or _X400.search(line)) if led else None
        if item:
            yield item[1]
            led = 12
        elif line.strip():
            led = 12 if _LEAD.search(line.rstrip()) else led - 1
            led = max(led, 0)


def _named(report: str) -> Iterator[str]:
    return (match[1] for match in _NAMED.finditer(report))


def _answered(report: str) -> Iterator[str]:
    yield from (match[1] for match in _ANSWERED.finditer(report))
    yield from (match[1] for match in _CODED.finditer(report))
