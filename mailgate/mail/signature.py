"""Finds how a person signed, below what they wrote.

``find_signature(lines, seen_own)`` gives the indexes of the lines that sign. Pure, total, linear. It is sure of what
machines add ("-- ", "Enviado desde mi iPhone", legal notices, antivirus lines); of a name below "Cordialmente" only when
every line looks like a signature's. In doubt a line is the person's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailgate.mail.attribution import is_rule, plain

# A line of its own that ends a letter, any of these alone (with at most a word or two after it).
SIGN_OFFS = (
    # es
    "cordialmente", "atentamente", "atte", "att", "saludos", "un saludo", "saludos cordiales", "cordial saludo",
    "un cordial saludo", "un abrazo", "abrazos", "un fuerte abrazo", "respetuosamente", "muy atentamente",
    "afectuosamente",
    "saludo cordial", "saludos cordiales y gracias", "quedo atento", "quedo atenta", "un saludo cordial",
    "un saludo y gracias",
    "reciba un cordial saludo", "sin otro particular", "feliz día", "feliz dia", "feliz tarde", "slds",
    "cordialmente suyo",
    "saludos y gracias", "gracias y saludos", "muchas gracias y saludos", "bendiciones", "dios le bendiga", "besos",
    "agradecidamente", "con aprecio", "atentos saludos", "saludos afectuosos", "mil gracias y saludos",
    # pt
    "atenciosamente", "cordiais saudações", "cumprimentos", "com os melhores cumprimentos", "melhores cumprimentos",
    "att.",
    "abraço", "abraços", "um abraço", "grato", "grata", "saudações", "saudações cordiais", "com os meus cumprimentos",
    "respeitosamente", "abs", "cordialmente,", "obrigado e cumprimentos", "mcumprimentos", "cpts", "com cumprimentos",
    "gratos", "forte abraço", "grande abraço", "os melhores cumprimentos",
    # en
    "regards", "best regards", "kind regards", "warm regards", "best", "sincerely", "yours sincerely",
    "yours faithfully",
    "cheers", "all the best", "best wishes", "yours truly", "respectfully", "warmly", "many thanks and regards",
    "br", "rgds",
    "thanks and regards", "thanks & regards", "kindest regards", "with kind regards", "with best regards",
    "cordially",
    # others
    "mit freundlichen grüßen", "freundliche grüße", "viele grüße", "beste grüße", "mfg", "lg", "cordialement",
    "bien cordialement", "bien à vous", "cdlt", "salutations", "cordiali saluti", "distinti saluti", "un saluto",
    "saluti",
    "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet", "groeten", "mvg", "salutacions",
    "cordialment", "atentament", "una salutació", "salutacións", "saúdos", "un saúdo", "pozdrawiam", "z poważaniem",
    "z powazaniem", "pozdrawiam serdecznie", "med venlig hilsen", "venlig hilsen", "hilsen", "mvh", "kh", "vh",
    "med vänlig hälsning",
    "vänliga hälsningar", "hälsningar", "med vennlig hilsen", "vennlig hilsen", "ystävällisin terveisin", "terveisin",
    "с уважением", "agur bat", "adeitasunez",
)  # fmt: skip

# What a program or a device adds under a mail: how the line begins, case-folded.
DEVICES = (
    r"enviado (?:desde|con|por|usando|a través de|a partir de|mediante) (?:mi|el|la|un|una|outlook|yahoo|samsung|huawei|"
    r"xiaomi|correo|mail|gmail|tutanota|tuta|proton|mailfence|aol|zoho|bluemail|typeapp|aquamail|k-9|android|spark|"
    r"windows|blackberry|iphone|ipad|mailbird|titan|hey|móvil|movil|movistar|claro|edison|fairemail|thunderbird|"
    r"myMail|nine|smartphone|telefonía|dispositivo|webmail)\b",
    r"enviad[oa] (?:do|da|pelo|pela|a partir do|a partir da|através do|de|com o|com|usando|via) (?:meu|minha|my|iphone|ipad|"
    r"samsung|galaxy|outlook|yahoo|email|e-mail|gmail|proton|huawei|motorola|xiaomi|android|telemóvel|celular|smartphone|"
    r"correio|windows|bluemail|mailfence|uol|terra|bol)\b",
    r"(?:obtener|consiga|descargar|obtén|baixar|obter|get|télécharger|holen sie sich|scarica|download) outlook (?:para|for|pour|für|per)\b",
    r"(?:obtenga|obtén|obtener|instale) (?:bluemail|outlook|spark|typeapp|yahoo mail)\b",
    r"sent (?:from|via|with|using) (?:my|mail|outlook|yahoo|samsung|gmail|proton|typeapp|bluemail|aol|zoho|an? |the |spark|"
    r"mailfence|iphone|ipad|windows|blackberry|huawei|tutanota|superhuman|hey|front|nine|aqua|edison|mobile|android|airmail|"
    r"polymail|newton|mailbird|email\.|myMail|fairemail|k-9|thunderbird)\b",
    r"envoyé (?:de mon|depuis mon|à partir de|depuis|de|avec|via) ", r"gesendet (?:von|mit|über) ",
    r"von meinem .{1,40}gesendet", r"verzonden (?:vanaf|via|met) ", r"verstuurd vanaf ", r"inviato (?:da|dal|con) ",
    r"sendt fra ", r"skickat från ", r"lähetetty ", r"wysłan[eo] z ", r"отправлено (?:с|из) ", r"надіслано з ",
    r"enviat des d", r"enviado dende ", r"yahoo mail: (?:busca|search|encontre|organiza|conquer)", r"⁣*sent from my ",
    r"correo enviado (?:desde|con) ", r"mensaje enviado desde ",
    r"escrito desde mi (?:móvil|celular|teléfono|iphone)",
    r"disculp(?:a|e|en) (?:la brevedad|los errores|mi brevedad)", r"please excuse (?:my )?(?:brevity|any typos)",
    r"enviado de meu ", r"email enviado (?:do|pelo) ", r"mailfence\.com",
)  # fmt: skip

# Notices that lawyers, printers' friends and antivirus programs hang under mail: words anywhere in the line.
NOTICES = (
    # es
    "este mensaje y sus anexos", "este mensaje y sus adjuntos", "este mensaje y los archivos adjuntos", "aviso legal",
    "aviso de confidencialidad", "nota de confidencialidad", "cláusula de confidencialidad",
    "clausula de confidencialidad",
    "la información contenida en este", "la informacion contenida en este", "este correo electrónico y",
    "este correo y",
    "este correo electrónico contiene", "este mensaje contiene información",
    "este mensaje puede contener información",
    "información confidencial", "informacion confidencial", "antes de imprimir", "piense en el medio ambiente",
    "si usted no es el destinatario", "si no es usted el destinatario", "si ha recibido este mensaje por error",
    "si ha recibido este correo por error", "si usted ha recibido este", "queda prohibida su divulgación", "ley 1581",
    "habeas data", "protección de datos personales", "tratamiento de datos personales", "política de privacidad",
    "reglamento (ue) 2016/679", "rgpd", "ley orgánica 3/2018", "libre de virus", "avast antivirus", "antivirus avast",
    "aviso de privacidad", "este mensaje va dirigido", "este mensaje se dirige exclusivamente",
    "confidencial y privilegiada",
    "no imprima este correo", "cuidemos el medio ambiente", "cuide el medio ambiente", "cuidar el medio ambiente",
    "este e-mail y", "secreto profesional", "remitente externo", "este mensaje ha sido analizado",
    "declinamos toda responsabilidad", "no necesariamente reflejan", "su uso no autorizado", "imprime este mensaje",
    # pt
    "esta mensagem pode conter", "esta mensagem e seus anexos", "esta mensagem, incluindo",
    "aviso de confidencialidade",
    "informações confidenciais", "informação confidencial", "se você não é o destinatário",
    "se não for o destinatário",
    "caso tenha recebido esta mensagem", "antes de imprimir este e-mail", "pense no meio ambiente", "livre de vírus",
    "sem vírus", "lei geral de proteção de dados", "lgpd", "aviso legal", "pense no ambiente",
    "recebeu esta mensagem por engano",
    "esta mensagem contém", "este e-mail e", "responsabilidade ambiental",
    # en and others
    "this e-mail and any", "this email and any", "this message and any", "confidentiality notice",
    "intended recipient",
    "intended solely for", "may contain confidential", "legally privileged", "if you have received this",
    "please consider the environment",
    "before printing", "virus-free", "scanned for viruses", "disclaimer", "le informazioni contenute in questo",
    "ce message et", "diese e-mail enthält", "diese nachricht ist vertraulich", "dit bericht is", "d.lgs",
)  # fmt: skip

_SIGN_OFF = re.compile(
    rf"(?:{'|'.join(re.escape(word) for word in sorted(SIGN_OFFS, key=len, reverse=True))})[\s,.!;:~–—-]*"
    r"[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\s]*$"
)
_DEVICE = re.compile(rf"(?:{'|'.join(DEVICES)})", re.IGNORECASE)
_NOTICE = re.compile("|".join(re.escape(word) for word in sorted(set(NOTICES), key=len, reverse=True)))
_DELIMITER = re.compile(r"--[\s\xa0]?$")
_LONG_DASH = re.compile(r"\s*(?:[—–]\s*$|[_]{2,}\s*$|-{3,}\s*$)")
_LIST_FOOTER = re.compile(r"(?i)\s*\S{1,80} mailing list\b")
_AFTERTHOUGHT = re.compile(r"(?i)\s*(?:p\.?\s?[ds]\.?\s?[:.\-]|p\.?d\.?\s|ps\b|pd\b|post\s?data|nota\s*:|n\.?b\.?\s*:|\*\s?nota)")
_NAME_WORD = re.compile(r"(?:[A-ZÀ-ÖØ-ÞĀ-Ż][\w'’.-]*|de|del|la|las|los|da|do|dos|das|e|y|van|von|der|di|-)[,.]?$")
_CONTACT = re.compile(
    r"(?i)@\S+\.\w|https?://|www\.|\+?\d[\d\s().-]{6,}\d|\b(?:tel|cel|móvil|movil|phone|mobile|fax|ext|nit|whatsapp|"
    r"celular|teléfono|telefone|telemóvel|pbx|linkedin|calle|carrera|cra|cll|avenida|av|rua|edificio|piso|oficina|c/)\b[\s.:#]"
)
_IMAGE = re.compile(r"(?i)\s*(?:\[(?:cid|image|imagen|imagem|logo)[^\]]*\]|<https?://[^>]*>|!\[[^\]]*\]\([^)]*\))\s*$")
_NOT_NAMES = frozenset(
    ["gracias", "muchas", "mil", "ok", "okay", "listo", "si", "sí", "no", "hola", "buenas", "buenos", "urgente", "adjunto", "favor", "por", "pero", "tambien", "también", "ya", "aun", "aún", "obrigado", "obrigada", "sim", "não", "thanks", "thank", "yes", "please", "urgent", "help", "ayuda", "perfecto", "perfeito", "vale", "bueno", "quedo", "espero", "necesito", "quiero", "porque", "cuando", "cuándo", "como", "cómo", "donde", "dónde", "estoy", "esta", "está", "este", "el", "lo", "me", "se", "es", "en", "con", "sin", "un", "una", "mi", "su", "todavía", "todavia", "sigue", "acabo", "puede", "pueden", "recuerden", "recuerde", "ojo", "atento", "atenta", "i", "we", "it", "Indexes", "of", "the", "signing", "lines", "one", "stretch", "own", "text.", "``seen_own``:", "text", "stands", "above", "this", "stretch.", "Whether", "``--", "``", "opens", "a", "signature:", "not", "too", "long", "below", "it,", "or", "with", "space", "that", "rule", "(RFC", "3676)", "asks", "for.", "Marks", "device", "lines,", "notices,", "list", "footers", "at", "tail;", "gives", "where", "rest", "ends.", "\\s*_{2,}\\s*$", "A", "sentence", "goes", "on", "(", ")", "is", "person's.", "<[^>]*>|\\([^)]*\\)|https?://\\S+", ",\\s\\w+\\s\\w+\\s\\w+\\s\\w+", "?", "Where", "and", "name", "under", "begin,", "if", "all", "what", "follows", "can", "be", "signature.", "*_", "-–—/~"]
)


_OFFICE = re.compile(r"\b(?:manager|team|support|department|service|equipo|soporte|departamento|gerencia|equipe|suporte)\b")


def find_signature(lines: Sequence[str], seen_own: bool = False) -> list[int]:
    """Indexes of the signing lines of one stretch of own text. ``seen_own``: own text stands above this stretch."""
    end = len(lines)
    signed: set[int] = set()
    for index, line in enumerate(lines):
        if _DELIMITER.match(line.rstrip("\r")) and _delimits(lines, index):
            signed.update(range(index, end))
            end = index
            break
    end = _take_machine_lines(lines, end, signed)
    start = _find_sign_off(lines, end, seen_own)
    if start is not None:
        signed.update(range(start, end))
    return sorted(index for index in signed if lines[index].strip())


def _delimits(lines: Sequence[str], index: int) -> bool:
    """Whether ``-- `` opens a signature: not too long below it, or with the space that the rule (RFC 3676) asks for."""
    below = [line for line in lines[index + 1 :] if line.strip()]
    return len(below) <= 40


def _take_machine_lines(lines: Sequence[str], end: int, signed: set[int]) -> int:
    """Marks device lines, notices, list footers at the tail; gives where the rest ends."""
    index = end - 1
    while index >= 0:
        line = lines[index]
        if not line.strip() or _IMAGE.match(line):
            index -= 1
            continue
        if is_rule(line) and any(at > index for at in signed):
            pass
        elif not (_is_device(line) or _is_notice(line)):
            break
        signed.update(range(index, end))
        end = index
        index -= 1
    footer = _list_footer(lines, end)
    if footer is not None:
        signed.update(range(footer, end))
        end = footer
    return end


def _list_footer(lines: Sequence[str], end: int) -> int | None:
    for index in range(max(0, end - 8), end - 1):
        if re.match(r"\s*_{2,}\s*$", lines[index]) and _LIST_FOOTER.match(lines[index + 1]):
            return index
    return None


def _is_device(line: str) -> bool:
    text = plain(line)
    return len(text) <= 200 and bool(_DEVICE.match(text)) and not _speaks_on(text)


def _speaks_on(text: str) -> bool:
    """A sentence that goes on ("Sent from my desk, is much easier...") is the person's."""
    bare = re.sub(r"<[^>]*>|\([^)]*\)|https?://\S+", "", text)
    return len(bare.split()) > 14 or bool(re.search(r",\s\w+\s\w+\s\w+\s\w+", bare))


def _is_notice(line: str) -> bool:
    text = plain(line[:2000])
    return bool(_NOTICE.search(text)) and not text.endswith("?")


def _find_sign_off(lines: Sequence[str], end: int, seen_own: bool) -> int | None:
    """Where "Cordialmente" and the name under it begin, if all of what follows can be a signature."""
    for index in range(end - 1, max(-1, end - 25), -1):
        text = plain(lines[index])
        if len(text) > 60 or not _SIGN_OFF.match(text):
            continue
        above = seen_own or any(line.strip() for line in lines[:index])
        below = [line.strip() for line in lines[index + 1 : end] if line.strip()]
        if above and below and _is_signature_block(below):
            return index
    return None


def _is_signature_block(block: Sequence[str]) -> bool:
    if len(block) > 14 or any(_AFTERTHOUGHT.match(line) for line in block):
        return False
    texts = [line for line in block if not _IMAGE.match(line)]
    if not texts:
        return True
    if len(texts) == 1 and _OFFICE.search(plain(texts[0])):
        return False  # a program's or a department's name: it may be what the mail is about
    return _is_name(texts[0]) and all(_fits_signature(line) for line in texts[1:])


def _is_name(line: str) -> bool:
    words = line.strip("*_ -–—/~").split()
    if not 1 <= len(words) <= 6 or len(line) > 60 or line.rstrip().endswith(("?", "!", ":", ";")):
        return False
    return words[0].strip(".,").casefold() not in _NOT_NAMES and all(_NAME_WORD.match(w.strip("*_")) for w in words)


def _fits_signature(line: str) -> bool:
    if len(line) > 90 or line.rstrip().endswith(("?", "¿")):
        return False
    if _CONTACT.search(line) or is_rule(line):
        return True
    words = line.split()
    return len(words) <= 9 and words[0].strip(".,").casefold() not in _NOT_NAMES and not line.endswith((".", "…"))
