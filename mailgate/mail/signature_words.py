"""The words by which people and programs sign, by language: data for ``signature``. Case-folded."""

from __future__ import annotations

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

# Words that no name begins with: what stands below "Saludos" may be a sentence.
_NOT_NAMES = """
    gracias muchas mil ok okay listo si sí no hola buenas buenos urgente adjunto favor por pero tambien también ya
    aun aún obrigado obrigada sim não thanks thank yes please urgent help ayuda perfecto perfeito vale bueno quedo
    espero necesito quiero porque cuando cuándo como cómo donde dónde estoy esta está este el lo me se es en con sin
    un una mi su todavía todavia sigue acabo puede pueden recuerden recuerde ojo atento atenta i we it
"""
NOT_NAMES = frozenset(_NOT_NAMES.split())
