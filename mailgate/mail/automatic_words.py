"""The words of automatic answers in Spanish, English and Portuguese (and a few subjects in others): tables only.

Every pattern is bounded in what it repeats, and is tried on the first few thousand characters of a mail at most.
"""

from __future__ import annotations

import re

# A program's subject: its phrase, and then the subject that it answers, or nothing. "Respuesta automática no llega" is
# a sentence, and somebody's question.
_THEN = r"(?=[ \t]*(?:[:：\])(|*.-]|re ?:|fwd? ?:|rv ?:|$))"
ANNOUNCED = re.compile(
    r"^\W{0,3}(?:(?:re|sv|aw|rv) ?: ?)?(?:"
    r"auto(?:matic|matische|matisch|mated)?[ -]?(?:re(?:ply|sponse|sponder)|antwort|respons?e?)"
    r"|respuesta autom[aá]tica|autorr?espuesta|auto-respuesta|respuesta de ausencia"
    r"|fuera de (?:la )?oficina(?: respuesta autom[aá]tica)?|ausente de la oficina|fuera del despacho"
    r"|(?:aviso|notificaci[oó]n|mensaje) de (?:ausencia|vacaciones)"
    r"|resposta autom[aáà]tica(?: de aus[eê]ncia)?|auto-?resposta|fora do escrit[oó]rio|aviso de f[eé]rias"
    r"|resposta de aus[eê]ncia|aus[eê]ncia tempor[aá]ria|ausencia temporal"
    r"|out of (?:the )?office(?: auto-?reply| reply)?|ooo|away from (?:the |my )?(?:office|desk|mail)"
    r"|vacation (?:reply|notice|message)"
    r"|automatische antwort|abwesenheitsnotiz|r[eé]ponse automatique|absence du bureau|risposta automatica"
    r"|fuori ufficio"
    r"|automatisch antwoord|afwezigheidsbericht|erantzun automatikoa|autosvar|auto(?:matiskt?|svar) svar"
    r"|automaattinen vastaus|odpowied[zź] automatyczna|automatyczna odpowied[zź]|automatick[aá] odpov[eěď]+"
    r"|автоответ|автоматический ответ|автоматична відповідь|r[aă]spuns automat|otomatik yan[iı]t|automatikus v[aá]lasz"
    r")" + _THEN + r"|^.{1,80}? (?:is|est[aá]) (?:out of the office|(?:fuera|ausente) de (?:la )?oficina)\b",
    re.IGNORECASE,
)
# Subjects that people choose for their absence, and for other things: they only count with the text.
_ALONE = r"(?=[ \t]*(?:[:(,-]|re ?:|temporal|colectivas|coletivas|por |hasta|desde|at[eé] |del? \d|$))"
HINTED = re.compile(
    rf"^\W{{0,3}}(?:(?:ausen(?:te|cia|t)|vacaciones|f[eé]rias|absence|vacation|holiday|away){_ALONE}"
    r"|auto:|auto\b(?=\]|\))|de vacaciones|estoy |no estoy|no estar[eé]|estar[eé] |licencia de|mensaje autom[aá]tico"
    r"|respuesta a su|em f[eé]rias|estou |estarei |mensagem autom[aá]tica"
    r"|on (?:vacation|holiday|leave|annual|maternity|parental|medical)|i(?:'m| am| will be) "
    r"|abwesend|recibido|acuse|hemos recibido|fuera de horario|gracias por|thank you|received|recebemos"
    r"|confirmaci[oó]n autom)"
    r"|^(?!(?:re|rv|fwd?|enc|res) ?:).{3,60} re ?: ",
    re.IGNORECASE,
)
# What a person wants to know or have done; an absence says neither.
ASKS = re.compile(
    r"[?¿]|necesit[oa]|no (?:me |nos |se |les? )?(?:funciona|abre|deja|carga|puedo|podemos|permite|calcula"
    r"|guarda|sale|llega|aparece)"
    r"|\berror\b|problema|persiste|contin[uú]a|sigue (?:igual|sin|el|la|saliendo|fallando)|ay[uú]d[ae]"
    r"|agradezco (?:su|me|revisar|la)"
    r"|por favor (?:revis|verific|llam|valid|corrig|inform|confirm)|pueden? (?:revisar|verificar|ayudar)|adjunto"
    r"|preciso|n[aã]o (?:funciona|abre|consigo|carrega|calcula|salva)|erro\b|podem |segue (?:o|em) anexo|anexo"
    r"|i need|does ?n[o']t|can(?:no|')t|attached|please (?:check|fix|call|help|advise)|crash|still (?:not"
    r"|failing|the same)",
    re.IGNORECASE,
)
ABSENCE = re.compile(
    # Spanish
    r"no (?:estoy|estar[eé]|me encuentro|me encontrar[eé]|estaremos) (?:en (?:la |mi )?(?:oficina|ciudad"
    r"|pa[ií]s)|disponible)"
    r"|estoy en (?:capacitaci[oó]n|comisi[oó]n|reuni[oó]n|una reuni[oó]n)|revisar[eé] (?:el|mi|mis) correo|regreso el"
    r"|(?:estoy|estar[eé]|me encuentro|me encontrar[eé]|permanecer[eé]|voy a estar|nos encontramos|estaremos|estamos)"
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
    r"|\booo\b|returning (?:on |to )?(?:monday|tuesday|wednesday|thursday|friday|the|\d)|travell?ing this"
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
RECEIVED = re.compile(
    r"mensaje es (?:muy )?importante|lo atenderemos|ser[aá] (?:atendid|respondid|contestad|tramitad)"
    r"|agradecemos (?:o|su|el|seu|sua)"
    r"|(?:foi|fue) recebid|(?:foi|fue) recibid|(?:got|received) your|receipt of your|un asesor (?:se|le)"
    r"|ticket has been"
    r"|(?:hemos|he) recibido (?:su|tu|correctamente|el)|gracias por (?:contactar|comunicarse|escribir"
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
DECLARES = re.compile(
    r"(?:^|[\n.!?*•:] ?)[ \t*_¡!(\[#=-]{0,12}(?:"
    r"(?:este|[eé]ste|esto) (?:es|fue|ha sido)(?: una?)? (?:un )?(?:mensaje|correo|e-?mail|respuesta"
    r"|notificaci[oó]n|env[ií]o)"
    r"[^.\n]{0,30}? ?(?:autom[aá]tic|generad)|(?:este|el presente) (?:mensaje|correo"
    r"|e-?mail)(?: electr[oó]nico)?[^.\n]{0,20}"
    r"(?:generado|enviado|es) (?:autom[aá]tic|de (?:forma|manera) autom)"
    r"|(?:esta )?(?:es una )?respuesta autom[aá]tica[ \t]{0,2}(?:[.,:*)!\]\n]|$)"
    r"|(?:mensaje|respuesta|correo) (?:generad[oa] )?autom[aá]tic[oa](?:mente)?(?:[.:,)!*\n]|$)|autorespuesta"
    r"|auto-?respuesta"
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
CHALLENGE = re.compile(
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
CHALLENGE_SUBJECT = re.compile(
    r"confirm(?:e|ar|aci[oó]n|a[cç][aã]o|ation)?\b|verif(?:y|ication|icaci[oó]n|ique|ica[cç][aã]o)|challenge"
    r"|antispam|sender (?:address )?"
    r"|autenticaci[oó]n|mailinblack|spamarrest|boxbe|valida(?:ci[oó]n|[cç][aã]o)|please (?:verify|confirm)",
    re.IGNORECASE,
)
