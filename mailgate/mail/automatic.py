"""Recognises answers that nobody wrote (absence, receipt, challenge) by their words in Spanish, English, Portuguese.

Words are borne out by a second sign, because a person may write the same ones: the subject's prefix by the text or by
the way of sending, the text by the way of sending. Returns the reason, "" when it is a person's. Pure, never raises.
"""

from __future__ import annotations

import re
from email.message import Message as Tree

from mailgate.mail.headers import get_header

_OPENING = 2500  # characters of the mail's own text in which an automatic answer says what it is

_SUBJECT_PREFIX = re.compile(
    r"^\W{0,3}(?:"
    r"(?:re|sv|aw|rv)?:? ?(?:auto(?:matic|matische|matisch|mated)?[ -]?(?:re(?:ply|sponse|sponder)|antwort"
    r"|respons?e?))"
    r"|respuesta autom[aá]tica|autorrespuesta|auto-?respuesta|respuesta de ausencia|mensaje autom[aá]tico"
    r"|autorespuesta"
    r"|aviso de (?:ausencia|vacaciones)|notificaci[oó]n de ausencia|fuera de (?:la )?oficina|fuera del despacho"
    r"|ausen(?:te|cia)(?: temporal)?|vacaciones|estoy (?:de vacaciones|fuera)|de vacaciones"
    r"|resposta autom[aá]tica|auto-?resposta|aus[eê]n(?:cia|te)(?: tempor[aá]ria)?|fora do escrit[oó]rio"
    r"|f[eé]rias|em f[eé]rias"
    r"|estou (?:de f[eé]rias|ausente|fora)|mensagem autom[aá]tica|aviso de f[eé]rias|resposta de aus[eê]ncia"
    r"|out of (?:the )?office|ooo\b|away from (?:the |my )?(?:office|desk|mail)|on vacation|vacation (?:reply"
    r"|notice|message)"
    r"|i(?:'m| am) (?:away|on vacation|out of)|absence|on (?:annual|maternity|parental|medical) leave|away until"
    r"|(?:vac)?automatische antwort|abwesenheit|r[eé]ponse automatique|absence du bureau|risposta automatica"
    r"|fuori ufficio"
    r"|automatisch antwoord|afwezigheid|resposta autom[aà]tica|erantzun automatikoa"
    r")",
    re.IGNORECASE,
)
_ABSENCE = re.compile(
    # Spanish
    r"(?:estoy|estar[eé]|me encuentro|me encontrar[eé]|permanecer[eé]|voy a estar|nos encontramos|estaremos|estamos)"
    r"[^.\n]{0,40}?(?:fuera|ausente|de vacaciones|vacaciones|licencia|incapacidad|de viaje|de permiso"
    r"|sin acceso|de descanso"
    r"|de baja|compensatorio|disfrutando)"
    r"|(?:no (?:estar[eé]|estoy|tendr[eé]|tengo|podr[eé])|con|tendr[eé]|tengo) (?:disponible"
    r"|acceso (?:limitado )?(?:a mi|al) correo)"
    r"|acceso limitado a(?:l| mi)? (?:correo|e-?mail)|estar[eé] de (?:vuelta|regreso)|(?:a|hasta) mi (?:regreso"
    r"|vuelta|retorno)"
    r"|(?:regreso|retorno|vuelvo|me reincorporo|me reintegro|regresar[eé]|retornar[eé]"
    r"|volver[eé])[^.\n]{0,20} el (?:d[ií]a |pr[oó]ximo )?"
    r"(?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|\d)|responder[eé] (?:a )?(?:su|tu|los|todos"
    r"|sus) (?:correo|mensaje|e-?mail)"
    r"|en (?:mi|caso de) ausencia|durante (?:mi ausencia|este per[ií]odo)|periodo de vacaciones"
    r"|vacaciones (?:colectivas|desde|hasta)"
    r"|por favor (?:contacte|contactar|comun[ií]quese|dir[ií]jase|escriba|escribir)[^.\n]{0,80}@"
    r"|en caso de (?:urgencia|emergencia)"
    r"|ya no (?:trabaja|labora|hace parte|pertenece)|(?:este|esta) (?:buz[oó]n|cuenta"
    r"|direcci[oó]n)[^.\n]{0,40}(?:no|dej[oó] de)"
    # Portuguese
    r"|(?:estou|estarei|encontro-me|me encontro|estaremos)[^.\n]{0,40}?(?:fora|ausente|de f[eé]rias"
    r"|em f[eé]rias|de licen[cç]a"
    r"|em licen[cç]a|sem acesso|viajando|em viagem)|acesso limitado (?:ao|aos|a meu|ao meu)|retorn(?:o|arei"
    r"|arei ao)[^.\n]{0,30}"
    r"(?:dia|no|em|na|ao trabalho)|(?:ap[oó]s|at[eé]) (?:o )?meu (?:retorno|regresso)|(?:minha|na minha) aus[eê]ncia"
    r"|regress(?:o|arei)[^.\n]{0,30}(?:dia|no|em|na)|responderei (?:ao seu|assim|logo|a sua|ap[oó]s)"
    r"|em caso de urg[eê]ncia"
    r"|n[aã]o (?:faz|fa[cç]o) mais parte"
    # English
    r"|(?:i am|i'm|i will be|i'll be|we are|we will be|currently|i've been)[^.\n]{0,40}?(?:out of (?:the "
    r"|my )?(?:office|town)|away|on"
    r" (?:vacation|holiday|leave|annual|maternity|parental|sick)|travel+ing|on a business trip|unavailable"
    r"|out (?:on|until|today))"
    r"|(?:limited|intermittent|no|without) access to (?:my )?(?:e-?mail|phone)|(?:when i|upon my|until my"
    r"|on my) return"
    r"|i will (?:respond|reply|get back|be back|return)|out of (?:the )?office (?:until|from|today|on|and)"
    r"|in my absence"
    r"|for (?:urgent|immediate) (?:matters|assistance|issues)|no longer (?:with|works|employed|in use|monitored)"
    r"|office (?:is )?closed (?:until|for|from)|on (?:vacation|leave|holiday) (?:until|from|and)",
    re.IGNORECASE,
)
_RECEIVED = re.compile(
    r"(?:hemos|he) recibido (?:su|tu|correctamente|el)|gracias por (?:contactar|comunicarse|escribir"
    r"|su (?:mensaje|correo)|tu (?:mensaje"
    r"|correo)|contactarnos|escribirnos|ponerse)|su (?:mensaje|correo|solicitud) (?:ha sido|fue) recibid"
    r"|acusamos recibo"
    r"|(?:en|a) (?:la )?(?:brevedad|menor tiempo)|le (?:responderemos|contestaremos|daremos respuesta)"
    r"|nos pondremos en contacto"
    r"|recebemos (?:o )?(?:seu|sua)|obrigad[oa] (?:por (?:seu|entrar)|pelo (?:seu )?(?:contato|contacto))"
    r"|entraremos em contato"
    r"|(?:we have|we've) received your|thank you for (?:contacting|your (?:e-?mail|message|inquiry)|reaching|getting)"
    r"|(?:has|have) been received|we will (?:respond|get back|reply|be in touch)|will get back to you",
    re.IGNORECASE,
)
# A sentence in which the mail says of itself that nobody wrote it.
_DECLARES = re.compile(
    r"(?:^|[\n.!?*•:] ?)[ \t*_¡!(\[#=-]{0,12}(?:"
    r"(?:este|[eé]ste|esto) (?:es|fue|ha sido)(?: una?)? (?:un )?(?:mensaje|correo|e-?mail|respuesta"
    r"|notificaci[oó]n|env[ií]o)"
    r"[^.\n]{0,30}? ?(?:autom[aá]tic|generad)|(?:este|el presente) (?:mensaje|correo"
    r"|e-?mail)(?: electr[oó]nico)?[^.\n]{0,20}"
    r"(?:generado|enviado|es) (?:autom[aá]tic|de (?:forma|manera) autom)"
    r"|(?:esta )?(?:es una )?respuesta autom[aá]tica[.,:\n]"
    r"|(?:mensaje|respuesta|correo) (?:generad[oa] )?autom[aá]tic[oa](?:mente)?[.:,\n]|autorespuesta|auto-?respuesta"
    r"|(?:por favor,? )?no (?:responda|conteste|respondas)[^.\n]{0,20} (?:a )?este (?:mensaje|correo|e-?mail)"
    r"|(?:esta|este) (?:[eé]|foi)(?: uma?)? (?:um )?(?:mensagem|e-?mail|resposta"
    r"|aviso)[^.\n]{0,20} ?autom[aá]tic|(?:mensagem|resposta)"
    r" autom[aá]tica[.:,\n]|(?:por favor,? )?n[aã]o (?:responda|responder)[^.\n]{0,20} (?:a )?est[ae]"
    r"|this is an? (?:auto(?:mated|matic|-generated|-?reply|-?response)|automatically)|this (?:e-?mail|message"
    r"|mail) (?:is|was|has been)"
    r" (?:auto(?:mated|matic|-generated)|automatically|generated automatically|sent automatically)|auto(?:matic"
    r"|mated)? ?(?:reply|response)[.:,\n]"
    r"|(?:please )?do not reply to this|diese nachricht wurde automatisch|ceci est un message automatique"
    r")",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"(?:confirm|verif|valid|autentic|aprob)[^.\n]{0,80}(?:que (?:usted |tu )?(?:es|eres) (?:una "
    r"|um )?(?:persona|human)|su (?:mensaje|correo"
    r"|identidad|direcci[oó]n)|seu e-?mail|sua mensagem|you are (?:a )?(?:human|real|not a)|your (?:message"
    r"|e-?mail|identity|address))"
    r"|(?:para|so) (?:que su|that your|que seu|que a sua) (?:mensaje|correo|message|e-?mail|mensagem)[^.\n]{0,60}"
    r"(?:entreg|deliver|recib|llegue|entregue)|(?:protected|protegid[oa]|protege)[^.\n]{0,40}(?:anti-?spam"
    r"|spam ?arrest|boxbe|mailinblack)"
    r"|(?:request|solicitud) (?:for )?(?:sender )?(?:verification|confirmation)|antispam uol|spam ?arrest|boxbe"
    r"|mailinblack|choicemail"
    r"|(?:click|clic|clique|haga clic|pulse|responda|reply)[^\n]{0,120}(?:deliver|release|liberar|entregar|confirmar"
    r"|to (?:verify|confirm))"
    r"|lista de (?:remitentes|contactos) (?:autorizados|aprobados|permitidos)|(?:approved|guest) (?:senders?|list)",
    re.IGNORECASE,
)
_CHALLENGE_SUBJECT = re.compile(
    r"confirm(?:e|ar|aci[oó]n|a[cç][aã]o|ation)?\b|verif(?:y|ication|icaci[oó]n|ique|ica[cç][aã]o)|challenge"
    r"|antispam|sender (?:address )?"
    r"|autenticaci[oó]n|mailinblack|spamarrest|boxbe|valida(?:ci[oó]n|[cç][aã]o)|please (?:verify|confirm)",
    re.IGNORECASE,
)
_QUOTE = re.compile(
    r"^(?:[ \t]{0,3}>|-{3,}|_{10,}|[ \t]{0,3}\*{0,2}(?:de|from|von)\*{0,2} ?:|(?:on|el|em|le"
    r"|am)\b[^\n]{0,200}(?:wrote|escribi[oó]|escreveu):)",
    re.IGNORECASE | re.MULTILINE,
)


def find_vacation(tree: Tree, subject: str, text: str) -> str:
    """The words and signs by which this is an automatic answer, "" when it is a person's mail."""
    own = _own_opening(text)
    prefix = _SUBJECT_PREFIX.match(subject)
    absent, declared = _ABSENCE.search(own), _DECLARES.search(own)
    received = _RECEIVED.search(own)
    sign = _machine_sign(tree)
    if prefix and (absent or declared or received or sign or not own.strip()):
        return f"subject {prefix[0].strip()!r} and {_first_words(absent, declared, received) or sign or 'no text'}"
    if declared and (sign or received or absent):
        return f"text {_first_words(declared)} and {sign or _first_words(received, absent)}"
    if sign and sign != "answers a mail" and (absent or received):
        return f"{sign} and text {_first_words(absent, received)}"
    return ""


def find_challenge(tree: Tree, subject: str, text: str) -> str:
    """The words of a system that asks the sender to prove to be a person before it delivers, else ""."""
    if get_header(tree, "x-delivery-agent").lower().startswith("tmda") or get_header(tree, "x-spamarrest-noauth"):
        return "challenge header"
    own = _own_opening(text)
    words = _CHALLENGE.search(own)
    asks = _CHALLENGE_SUBJECT.search(subject)
    link = "http://" in own or "https://" in own or "mailto:" in own
    if words and asks and link and (_machine_sign(tree) or _DECLARES.search(own)):
        return f"challenge {_first_words(words)}"
    return ""


def _machine_sign(tree: Tree) -> str:
    """How automatic answers are sent by those who do not declare them: each is weak, and counts only beside words."""
    path = get_header(tree, "return-path").strip()
    if path == "<>":
        return "null return path"
    suppress = get_header(tree, "x-auto-response-suppress").strip().lower()
    if suppress:
        return f"X-Auto-Response-Suppress: {suppress[:40]}"
    if get_header(tree, "precedence").strip().lower() in ("bulk", "junk"):
        return "Precedence of a program"
    if get_header(tree, "x-ms-exchange-inbox-rules-loop"):
        return "X-MS-Exchange-Inbox-Rules-Loop"
    if get_header(tree, "x-loop"):
        return "X-Loop"
    if re.search(r"-vac(?:ation)?@|autoreply|autoresp", get_header(tree, "message-id"), re.IGNORECASE):
        return "Message-ID of an autoresponder"
    return "answers a mail" if get_header(tree, "in-reply-to") or get_header(tree, "references") else ""


def _own_opening(text: str) -> str:
    """The mail's own first words, before what it quotes."""
    opening = text[:_OPENING]
    quote = _QUOTE.search(opening)
    return opening[: quote.start()] if quote and opening[: quote.start()].strip() else opening


def _first_words(*found: re.Match[str] | None) -> str:
    return next((repr(" ".join(match[0].split())[:60]) for match in found if match), "")
