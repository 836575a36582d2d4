"""The words by which people and programs sign, by language: data for ``signature``. Case-folded."""

from __future__ import annotations

# A line of its own that ends a letter, any of these alone (with at most a word or two after it).
SIGN_OFFS = (
    # es
    "cordialmente", "atentamente", "atte", "att", "saludos", "un saludo", "saludos cordiales", "cordial saludo",
    "un cordial saludo", "un abrazo", "abrazos", "un fuerte abrazo", "respetuosamente", "muy atentamente",
    "afectuosamente", "saludo cordial", "saludos cordiales y gracias", "un saludo cordial", "un saludo y gracias",
    "reciba un cordial saludo", "slds", "cordialmente suyo", "saludos y gracias", "muchas gracias y saludos",
    "bendiciones", "dios le bendiga", "besos", "agradecidamente", "con aprecio", "atentos saludos",
    "saludos afectuosos", "mil gracias y saludos",
    # pt
    "atenciosamente", "cordiais saudações", "cumprimentos", "com os melhores cumprimentos", "melhores cumprimentos",
    "att.", "abraço", "abraços", "um abraço", "saudações", "saudações cordiais", "com os meus cumprimentos",
    "respeitosamente", "abs", "cordialmente,", "obrigado e cumprimentos", "mcumprimentos", "cpts",
    "com cumprimentos", "forte abraço", "grande abraço", "os melhores cumprimentos",
    # en
    "regards", "best regards", "kind regards", "warm regards", "best", "sincerely", "yours sincerely",
    "yours faithfully", "cheers", "all the best", "best wishes", "yours truly", "respectfully", "warmly",
    "many thanks and regards", "br", "rgds", "thanks and regards", "thanks & regards", "kindest regards",
    "with kind regards", "with best regards", "cordially",
    # others
    "sincerely yours", "very best", "take care", "sincères salutations", "meilleures salutations", "amicalement",
    "bien à toi", "salutations distinguées", "bonne journée", "herzliche grüße", "liebe grüße", "schöne grüße",
    "gruß", "gruss", "vg", "mit freundlichem gruß", "hochachtungsvoll", "freundliche grüsse",
    "mit freundlichen grüssen", "un cordiale saluto", "saluti cordiali", "buona giornata", "grazie e saluti",
    "hartelijke groet", "hartelijke groeten", "groetjes", "serdecznie pozdrawiam", "z wyrazami szacunku",
    "pozdrowienia", "bästa hälsningar", "vänligen", "med vänliga hälsningar", "hälsning", "med venlige hilsner",
    "mange hilsner", "bedste hilsner", "de bedste hilsner", "beste hilsen", "mange hilsener", "ystävällisesti",
    "terv", "s pozdravem", "hezký den", "s pozdravom", "üdvözlettel", "tisztelettel", "cu stimă", "saygılarımla",
    "iyi çalışmalar", "με εκτίμηση", "srdačan pozdrav", "lijep pozdrav", "з повагою", "с наилучшими пожеланиями",
    "salutacions cordials", "records", "apertas", "unha aperta", "biquiños", "mit freundlichen grüßen",
    "freundliche grüße", "viele grüße", "beste grüße", "mfg", "lg", "cordialement", "bien cordialement",
    "bien à vous", "cdlt", "salutations", "cordiali saluti", "distinti saluti", "un saluto", "saluti",
    "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet", "groeten", "mvg", "salutacions",
    "cordialment", "atentament", "una salutació", "salutacións", "saúdos", "un saúdo", "pozdrawiam", "z poważaniem",
    "z powazaniem", "pozdrawiam serdecznie", "med venlig hilsen", "venlig hilsen", "hilsen", "mvh", "kh", "vh",
    "med vänlig hälsning", "vänliga hälsningar", "hälsningar", "med vennlig hilsen", "vennlig hilsen",
    "ystävällisin terveisin", "terveisin", "с уважением", "agur bat", "adeitasunez",
)  # fmt: skip

# What a program or a device adds under a mail begins with these words, an article or "my", and a thing named below.
SENT_FROM = (
    "enviado desde", "enviado con", "enviado por", "enviado usando", "enviado a través de", "enviado a partir de",
    "enviado mediante", "enviado de", "enviado vía", "mandado desde", "escrito desde", "correo enviado desde",
    "mensaje enviado desde", "enviado do", "enviado da", "enviado pelo", "enviado pela", "enviado a partir do",
    "enviado a partir da", "enviado através do", "enviado através da", "enviado com", "enviada do", "enviada pelo",
    "enviado via", "sent from", "sent via", "sent with", "sent using", "written from", "envoyé de", "envoyé depuis",
    "envoyé à partir de", "envoyé à partir d'", "envoyé avec", "envoyé via", "gesendet von", "gesendet mit",
    "gesendet über", "verzonden vanaf", "verzonden via", "verzonden met", "verstuurd vanaf", "inviato da",
    "inviato dal", "inviato con", "sendt fra", "skickat från", "lähetetty", "wysłano z", "wysłane z", "отправлено с",
    "отправлено из", "надіслано з", "enviat des de", "enviat des del", "enviado dende", "enviado dende o",
    "poslano iz", "odesláno z", "trimis de pe",
)  # fmt: skip
MINE = ("mi", "my", "meu", "minha", "mon", "ma", "meinem", "meiner", "mijn", "min", "mio", "mia", "moje", "meva")
DEVICE_THINGS = (
    "iphone", "ipad", "ipod", "apple", "outlook", "yahoo", "yahoo!", "samsung", "galaxy", "huawei", "honor",
    "xiaomi", "redmi", "oppo", "realme", "vivo", "motorola", "moto", "nokia", "lg", "sony", "blackberry", "pixel",
    "android", "gmail", "hotmail", "proton", "protonmail", "tuta", "tutanota", "mailfence", "aol", "zoho",
    "bluemail", "typeapp", "aquamail", "k-9", "spark", "windows", "mailbird", "titan", "hey", "superhuman", "front",
    "nine", "edison", "airmail", "polymail", "newton", "fairemail", "thunderbird", "mymail", "mailspring", "canary",
    "gmx", "web.de", "uol", "terra", "bol", "sapo", "móvil", "movil", "móbil", "mobile", "celular", "teléfono",
    "telefono", "telemóvel", "telemovel", "smartphone", "phone", "handy", "dispositivo", "device", "tablet",
    "tableta", "webmail", "roundcube", "zimbra", "hushmail", "surface", "blackberry®", "samsung®", "email.",
    "mail.ru", "yandex", "яндекс", "телефона",
)  # fmt: skip
# Whole beginnings of such lines.
DEVICES = (
    r"(?:obtener|obtén|consiga|descargar|descargue|descarga|obtenga|baixar|baixe|obter|obtenha|get|télécharge[rz]|"
    r"holen sie sich|scarica|download|ottieni|instale|obtingueu|hämta|hent|pobierz) "
    r"(?:o )?(?:outlook (?:para|for|pour|für|per|voor|til|för|dla)|"
    r"bluemail|spark|typeapp|yahoo mail|mailspring)\b",
    r"von meinem .{1,40}gesendet", r"yahoo mail: (?:busca|search|encontre|organiza|conquer)",
    r"please excuse (?:my )?(?:brevity|any typos)", r"disculp(?:a|e|en) (?:la|mi) brevedad", r"desculpe a brevidade",
)  # fmt: skip

# How the paragraphs begin that lawyers, printers' friends and antivirus programs hang under mail.
NOTICE_STARTS = (
    # es
    "este mensaje y sus anexos", "este correo y sus anexos", "este correo y sus adjuntos",
    "este correo y sus archivos", "este e-mail y sus", "este correo electrónico y sus",
    "este correo electrónico y cualquier", "este mensaje y sus adjuntos", "este mensaje y los archivos",
    "este mensaje y cualquier", "este mensaje, incluyendo", "este mensaje, incluidos", "este mensaje puede contener",
    "este mensaje se dirige", "este correo electrónico puede contener", "aviso legal", "aviso de confidencialidad",
    "aviso importante de confidencialidad", "nota de confidencialidad", "nota confidencial",
    "cláusula de confidencialidad", "clausula de confidencialidad", "advertencia de confidencialidad",
    "declaración de confidencialidad", "información básica sobre protección de datos", "antes de imprimir",
    "por favor, antes de imprimir", "por favor antes de imprimir", "piense en el medio ambiente",
    "piensa en el medio ambiente", "no imprima este", "no imprimas este", "cuidemos el medio ambiente",
    "cuide el medio ambiente", "imprime este correo solo si", "imprima este mensaje solo si",
    "proteja el medio ambiente", "libre de virus", "este correo electrónico está libre de virus", "no virus found",
    "el software de antivirus avast", "este correo electrónico ha sido comprobado",
    "este correo electrónico ha sido verificado", "este e-mail foi verificado quanto",
    "este e-mail foi verificado",
    # pt
    "esta mensagem pode conter", "esta mensagem e seus anexos", "esta mensagem, incluindo",
    "esta mensagem e quaisquer", "esta mensagem é confidencial", "esta mensagem, e seus",
    "aviso de confidencialidade", "nota de confidencialidade", "antes de imprimir este", "pense no meio ambiente",
    "pense no ambiente", "antes de imprimir, pense", "livre de vírus", "sem vírus", "não contém vírus",
    # en and others
    "this e-mail and any", "this email and any", "this message and any", "this email is intended",
    "this e-mail is intended", "confidentiality notice", "please consider the environment", "please think before",
    "think before you print", "before printing", "before you print", "virus-free", "scanned for viruses",
    "this email has been checked for viruses", "this email has been scanned", "le informazioni contenute in questo",
    "diese e-mail enthält", "diese nachricht ist vertraulich", "abans d'imprimir", "avís legal",
)  # fmt: skip

# How others begin, which a person's letter may begin with too: a notice only if it also says what notices say.
NOTICE_MAY_START = (
    "este mensaje es confidencial", "este mensaje electrónico", "este correo electrónico y",
    "este correo electrónico es", "este correo electrónico ha sido", "este correo electrónico está dirigido",
    "este correo y sus", "este correo y cualquier", "este correo es confidencial", "este e-mail y", "este email y",
    "este mensaje va dirigido", "este mensaje está dirigido", "protección de datos:",
    "protección de datos personales:", "la información contenida en este", "la informacion contenida en este",
    "la información transmitida", "la información incluida en este", "la información aquí contenida",
    "la presente comunicación", "el contenido de este mensaje", "el contenido de este correo", "el presente mensaje",
    "el presente correo", "la información de este correo", "en cumplimiento de la ley 1581",
    "en cumplimiento del reglamento", "de conformidad con lo dispuesto en el reglamento",
    "de acuerdo con lo establecido en el reglamento", "en cumplimiento de lo dispuesto en",
    "de acuerdo con la ley 1581", "le informamos que sus datos", "si ha recibido este", "si usted ha recibido este",
    "si recibió este", "si no es usted el destinatario", "si usted no es el destinatario",
    "esta mensagem é destinada", "esta comunicação", "as informações contidas nest", "a informação contida nest",
    "o conteúdo desta mensagem", "o conteúdo deste e-mail", "este e-mail e seus", "este e-mail e quaisquer",
    "este email e quaisquer", "se recebeu esta mensagem", "caso tenha recebido esta", "se não for o destinatário",
    "se você não é o destinatário", "this e-mail message", "this email message", "this message is intended",
    "this communication", "the information contained in this", "the information in this", "the contents of this",
    "if you have received this", "if you are not the intended", "ai sensi del", "ce message et", "ce message est",
    "ce courriel", "dit bericht is", "aquest missatge", "aquest correu", "esta mensaxe", "confidencialidad:",
    "confidencial:", "confidencialidade:", "confidentiality:", "disclaimer", "privacy notice", "legal notice",
    "aviso de privacidad", "aviso de privacidade", "este correo ha sido analizado", "este mensaje ha sido analizado",
    "mensaje verificado", "evite imprimir", "este mensaje contiene información", "este correo contiene información",
    "este correo puede contener", "este e-mail pode conter", "este e-mail contém", "esta mensagem contém informaç",
    "este correo electrónico contiene", "this message contains",
)  # fmt: skip


# What notices say in their middle; three of them make a paragraph one.
NOTICE_MENTIONS = (
    "destinatario", "destinatário", "confidencial", "privilegiada", "divulgación", "divulgação", "reproducción",
    "prohibid", "proibid", "por error", "por engano", "legalmente", "responsabilidad", "responsabilidade",
    "elimínelo", "elimine", "bórrelo", "uso exclusivo", "virus", "vírus", "intended recipient", "confidential",
    "privileged", "unauthorized", "unauthorised", "received this", "notify the sender", "notifique al remitente",
    "avise o remetente", "política de privacidad", "datos personales", "dados pessoais", "rgpd", "lgpd",
    "habeas data", "ley 1581", "law 1581", "personal data",
    "delete this", "reglamento (ue) 2016/679", "ley orgánica 3/2018", "derechos de acceso",
    "medio ambiente",
)  # fmt: skip

# A line of the person's, after which a name with a telephone is a signature though no "Cordialmente" stands there.
THANKS = (
    "gracias", "muchas gracias", "mil gracias", "muchísimas gracias", "quedo atent", "quedamos atent",
    "quedo pendiente", "quedamos pendientes", "quedo al pendiente", "sin otro particular", "agradezco",
    "agradecemos", "feliz día", "feliz dia", "feliz tarde", "buen día", "obrigado", "obrigada", "muito obrigado",
    "muito obrigada", "agradeço", "fico no aguardo", "aguardo", "thanks", "thank you", "many thanks", "grato",
    "grata", "gràcies", "grazas", "merci", "danke", "grazie",
)  # fmt: skip

# Posts, departments and forms of firms, as they stand under a name.
ROLES = (
    "gerente", "gerencia", "director", "directora", "jefe", "jefa", "coordinador", "coordinadora", "asistente",
    "auxiliar", "analista", "ingeniero", "ingeniera", "ing", "contador", "contadora", "contable", "contabilidad",
    "administrador", "administradora", "administración", "administrativo", "administrativa", "representante",
    "asesor", "asesora", "ejecutivo", "ejecutiva", "comercial", "compras", "ventas", "sistemas", "tesorería",
    "tesorero", "tesorera", "secretaria", "secretario", "líder", "profesional", "técnico", "técnica", "departamento",
    "área", "dirección", "universidad", "colegio", "institución", "fundación", "cooperativa", "s.a.s", "sas", "ltda",
    "s.a", "s.l", "s.a. de c.v", "ceo", "cto", "cfo", "coo", "manager", "engineer", "developer", "consultant",
    "assistant", "head of", "chief", "president", "presidente", "presidenta", "sales", "officer", "founder", "socio",
    "socia", "propietario", "propietaria", "abogado", "abogada", "revisor", "revisora", "supervisor", "supervisora",
    "encargado", "encargada", "recepción", "cartera", "facturación", "nómina", "talento humano", "recursos humanos",
    "logística", "operaciones", "calidad", "colombia", "españa", "méxico", "brasil", "portugal", "bogotá",
    "medellín", "cali", "madrid", "barcelona", "engenheiro", "engenheira", "diretor", "diretora", "coordenador",
    "coordenadora", "financeiro", "vendas", "suprimentos", "analista de", "técnico de", "lda", "eireli", "inc",
    "llc", "corp", "gmbh", "ltd", "responsable", "responsável", "soporte", "suporte", "support", "team", "equipo",
    "equipe", "department", "almacén",
)  # fmt: skip

# Words of a sentence that goes on, which no post or firm has.
LEAVES = (
    "no", "sigue", "está", "esta", "es", "son", "tengo", "tenemos", "puede", "pueden", "puedo", "podemos",
    "necesito", "necesitamos", "quiero", "queremos", "favor", "hay", "falta", "funciona", "sirve", "sale", "dice",
    "me", "nos", "les", "não", "estou", "preciso", "precisamos", "quero", "tem", "temos", "pode", "podem", "is",
    "are", "was", "have", "need", "can", "please", "we", "i", "que", "porque", "cuando", "ya", "já", "ahora",
    "agora", "also",
)  # fmt: skip

# Words that no name begins with: what stands below "Saludos" may be a sentence.
_NOT_NAMES = """
    gracias muchas mil ok okay listo si sí no hola buenas buenos urgente adjunto favor por pero tambien también ya
    aun aún obrigado obrigada sim não thanks thank yes please urgent help ayuda perfecto perfeito vale bueno quedo
    espero necesito quiero porque cuando cuándo como cómo donde dónde estoy esta está este el lo me se es en con sin
    un una mi su todavía todavia sigue acabo puede pueden recuerden recuerde ojo atento atenta i we it
"""
NOT_NAMES = frozenset(_NOT_NAMES.split())
