"""The words by which clients ask for something, say that all is well, or only say thanks: tables over folded text.

Every table is matched against text without accents and case (``folded``). ``SETTLED``, ``THANKS`` and ``COURTESY`` are
phrases, whole words; ``VETO`` are the words with which nothing is settled, whatever else stands there.
"""

from __future__ import annotations

_VERB = (
    r"(?:soluciono|solucionamos|solucionaron|resolvio|resolvimos|resolvieron|arreglo|arreglamos|arreglaron|corrigio"
    r"|corregimos|corrigieron|normalizo|supero)"
)
_STATE = (
    r"(?:solucionad[oa]s?|resuelt[oa]s?|arreglad[oa]s?|list[oa]s?|perfect[oa]s?|corregid[oa]s?|funcionando|al dia"
    r"|normalizad[oa]s?|superad[oa]s?|operativ[oa]s?)"
)
_DO = (
    r"(?:solucionar|resolver|arreglar|corregir|ingresar|entrar|imprimir|facturar|generar|cerrar|abrir"
    r"|hacer)(?:l[oa]s?)?"
)
_WELL = (
    r"(?: ya| bien| muy bien| perfecto| perfectamente| correctamente| normal| normalmente| sin problemas?|"
    r" todo| super)*"
)
_CASE = (
    r"(?:el |este |ese |mi |nuestro |la )?(?:caso|ticket|tiquete|tiket|tema|problema|asunto|incidente"
    r"|incidencia|inconveniente|solicitud)"
)
_CASE_EN = r"(?:the |this |my |our )?(?:case|ticket|problem|issue|request|matter)"

# What a settled thing is called beside its verb: «el problema con la impresora», «la nómina».
THING = (
    r"(?:el|la|los|las|mi|nuestra?|este|esta|lo|the|my|our) (?!mitad|parte|primer|segund|otr|unic|mism"
    r"|ultim)[a-z]{3,20}"
    r"(?: (?:de|del|con|en|a|of|with)(?: la| el| los| las| the)? (?!nuevo|momento|algun|vez)[a-z]{3,20})?"
)

# What says, by itself, that the matter is over.
SETTLED: tuple[str, ...] = (
    rf"(?:(?:si|listo) )?(?:ya |por fin |al fin )?(?:todo )?(?:se |me |nos |se me |se nos )?(?:lo |la"
    rf" )?{_VERB}(?: ya| todo)?(?: {THING})?",
    r"(?:ya )lo (?:solucione|resolvi|arregle|corregi)",
    rf"ya (?:lo )?(?:pude|pudimos|logre|logramos) {_DO}",
    r"(?:pude|pudimos|logre|logramos) (?:solucionar|resolver|arreglar|corregir)(?:l[oa]s?)?",
    rf"(?:ya )?(?:todo )?(?:nos |me )?quedo(?: ya| todo)*{_WELL} (?:bien|{_STATE})",
    r"ya (?:todo )?(?:me |nos )?quedo(?: todo)?",
    rf"(?:ya )(?:todo )?(?:esta|estamos|esta todo|estan)(?: ya| todo)*{_WELL} {_STATE}",
    rf"todo (?:esta |quedo )?{_STATE}",
    r"(?:ya )?(?:esta |quedo )?todo (?:esta |quedo )?(?:muy )?(?:bien|ok|okay|en orden|excelente)",
    r"(?:ja )?(?:esta |foi )?(?:resolvid[oa]|solucionad[oa])(?: ja)?", r"ja (?:esta )?(?:funciona|funcionando)",
    rf"{_CASE} (?:ya )?(?:cerrado|solucionado|resuelto|superado|se soluciono|se resolvio|esta solucionado|quedo"
    rf" solucionado)",
    r"solucionad[oa]|resuelt[oa]|arreglad[oa]",
    rf"(?:ya )(?:me |nos |todo |todo me )?(?:funciona|sirve|imprime|abre|entra|carga|prende|factura|genera"
    rf"|cuadra){_WELL}",
    rf"(?:ya )?(?:me |nos |todo )?(?:funciono|sirvio|imprimio|abrio|entro|cargo|prendio|facturo|genero|cuadro"
    rf"|cerro){_WELL}",
    rf"todo (?:me |nos )?funciona{_WELL}",
    rf"ya esta funcionando{_WELL}",
    rf"(?:ya )?(?:me |nos )?(?:dejo|deja) (?:ingresar|entrar|imprimir|facturar|generar|guardar){_WELL}",
    rf"(?:ya )?(?:pueden|puede|podemos|puedes|favor|por favor)(?: por favor)? cerrar(?:l[oa]| {_CASE})",
    rf"(?:cierren|cierre|cierra|cerrar) (?:por favor )?{_CASE}",
    r"(?:ya )no (?:hay|tengo|tenemos|presenta|presentamos) (?:mas |ningun )?(?:problemas?|inconvenientes?"
    r"|errores|error|novedad(?:es)?)",
    r"(?:ya )no (?:me |nos )?(?:sale|aparece|muestra|da) (?:mas )?(?:el |ese |ningun )?(?:error|mensaje|aviso)",
    r"con eso (?:quedo|funciono|se soluciono|se arreglo)(?: todo)?",
    r"problema (?:solucionado|resuelto)", r"asunto arreglado",
    r"(?:it is |it's |its |that is |now |already |all )*(?:solved|fixed|resolved|sorted)(?: now| already)?",
    r"(?:it |that |everything |all )?(?:is |are )?(?:now )?(?:works|working|worked)(?: now| fine| again| well|"
    r" perfectly| great)+",
    r"(?:that|this|it) (?:did it|did the trick|solved it|fixed it|worked|solved the problem|fixed the problem)",
    rf"{_CASE_EN} (?:is |was |has been )?(?:now )?(?:solved|fixed|resolved|gone)(?: now)?",
    r"(?:all|everything|everything is|all is|it is|it's) (?:good|fine|ok|in order)(?: now| again)",
    rf"(?:you (?:can|may) |please )+close {_CASE_EN}",
    r"(?:i|we) (?:solved|fixed|resolved) it(?: myself| ourselves)?",
)  # fmt: skip

_PRAISED = r"(?:pronta|oportuna|valiosa|gran|buena|excelente|rapida|amable|constante)"
_GIVEN = (
    r"(?:ayuda|apoyo|atencion|colaboracion|gestion|respuesta|informacion|servicio|soporte|tiempo|paciencia"
    r"|amabilidad|disposicion|asesoria|orientacion|labor|trabajo)"
)

# What people say when they have nothing to say.
THANKS: tuple[str, ...] = (
    r"(?:de nuevo |nuevamente )?(?:muchas |muchisimas |mil |mil y mil |mil gracias y |infinitas |ok )?"
    r"(?:gracias|grasias|grcias|gracis|graciass+)"
    r"(?: de nuevo| nuevamente| mil| totales| a ustedes| a ti| a usted| a todos)?",
    r"(?:por|con) (?:su|tu|la|el|toda la|toda su|toda tu|todo|todo el|todo su|vuestra|tan)"
    rf"(?: {_PRAISED})? {_GIVEN}(?: (?:y|e)(?: su| tu| la)?(?: {_PRAISED})? {_GIVEN})*(?: prestad[oa]| brindad[oa])?",
    r"por (?:responder|contestar|ayudarme|ayudarnos|avisar|informar)(?: tan rapido)?", r"(?:por|con) todo",
    r"(?:muy |que |tan )amables?", r"(?:quedo |quedamos )?(?:muy )?agradecid[oa]s?",
    r"(?:le |les |te )?agradezco(?: mucho)?", r"(?:le |les |te )?agradecemos(?: mucho)?",
    r"(?:su|tu|la) (?:pronta |oportuna )?(?:ayuda|apoyo|atencion|colaboracion|gestion|respuesta)",
    r"(?:quedo|quedamos|estare|estaremos|estoy|estamos) (?:muy )?(?:atent[oa]s?|pendientes?)(?: a (?:su|tu|la"
    r"|una) (?:pronta )?(?:respuesta|solucion|visita|llamada))?",
    r"(?:excelente|buen|gran|muy buen|que buen|super) (?:servicio|dia|tarde|noche|fin de semana|trabajo|semana"
    r"|atencion|soporte|gestion)",
    r"(?:feliz|lindo|linda|buena|bonita?|excelente) (?:dia|tarde|noche|semana|fin de semana|resto de dia)",
    r"(?:que )?(?:dios|mi dios) (?:los|le|les|te|lo|la) (?:bendiga|pague|guarde)", r"bendiciones",
    r"ok(?:ay)?|okey|oki+s?|dale|vale",
    r"listo(?: pues)?|perfecto|entendido|recibido|enterad[oa]|de acuerdo|excelente|super|genial|claro"
    r" que si"
    r"|con gusto|con mucho gusto|bueno|muy bien|esta bien|de una",
    r"(?:muito )?obrigad[oa](?: pela ajuda| pelo apoio| pela atencao)?", r"valeu",
    r"(?:many |much )?(?:thanks|thank you|thx|cheers)(?: again| so much| very much| a lot| a million)*",
    r"for (?:your|the|all your|all the) (?:quick |prompt |great |kind )?(?:help|support|reply|answer|response"
    r"|time|patience|assistance)",
    r"(?:much |very much )?appreciated", r"(?:i |we )?(?:really )?appreciate (?:it|your help|the help)",
    r"(?:great|excellent|perfect|understood|noted|received|got it|sounds good|very kind|all right|alright)",
    r"(?:have a )(?:nice|great|good|lovely) (?:day|evening|afternoon|weekend|one)",
    r"(?:great|excellent|good) (?:service|job|work)",
    r"(?:i |we )?(?:look|looking) forward to (?:your|the) (?:reply|answer|response)",
)  # fmt: skip

# Greetings and farewells, which say nothing of the matter.
COURTESY: tuple[str, ...] = (
    r"(?:muy )?(?:buen dia|buenos dias|buenas tardes|buenas noches|buenas|hola|saludos|cordial saludo|un saludo"
    r"|atentamente|cordialmente|respetuosamente|un abrazo|abrazos|feliz dia)",
    r"estimad[oa]s?(?: senor(?:es|a|as)?| ingenier[oa]s?)?",
    r"senor(?:es|a|as)?|senorita", r"ingenier[oa]s?|ing|doctora?|dra?|don|dona",
    r"hi|hello|dear|good (?:morning|afternoon|evening|day)|regards|kind regards|best regards|best|sincerely|team"
    r"|everyone|all",
    r"por favor|porfa|favor|please", r"y|and|e|a todos|todos|equipo|a|si|yes",
    r"de soporte|soporte|de apoyo",
)  # fmt: skip

# With one of these nothing is settled, and thanks are more than thanks.
VETO = (
    r"pero|aunque|todavia|aun|sigue[n]?|siguen|seguimos|sin embargo|cuando|cuanto|espero|esperamos|ojala|medias|mitad"
    r"|parcial(?:mente)?|falta[n]?|volvio|volvieron|casi|parece|creo|supongo|menos|excepto|salvo|solo|solamente"
    r"|necesito"
    r"|necesitamos|quisiera|quiero|ahora si no|a veces|por momentos|igual|mal|peor|nunca|tampoco|nada|ni|para"
    r" que|hasta que"
    r"|antes de|si no|apenas|urgente|mientras|deberia|podria|but|still|however|although|except|only|not|isn't"
    r"|doesn't|won't"
    r"|can't|if|when|until|almost|partly|half|hope|hopefully|need|never|nothing|again broken|yet|should|would|could"
)

# With one of these a text of thanks asks for something, or says that it goes on (beginnings of words).
ASKS = (
    r"no\b|me\b|nos\b|error|fall|ayuden?\b|ayudar|ayudame|colabor(?!acion)|regal|envi|mand|puede|podria|podran|llam"
    r"|revis|quier|como\b|donde|cual|que hago|otr[oa]|nuev|tambien|ademas|adjunt|anex|cambi|agreg|confirm|pregunt|duda"
    r"|consult|faltan?|requier|solicit|otra vez|favor|porfa|can you|could|please|also|another|new\b|how\b|where|send"
    r"|call\b|question|as well|fail"
)

# What says yes and thanks without a word.
CHEERS = "👍👌🙏🙌👏💪🤝❤💙💚💛🧡💜😊😀😃😄😁🙂😉🤗😍🥰✅✔💯🎉✨⭐🌟😇"

# Our own words, alone in the first line or in a subject of a new mail: (what, form). {n} is a number.
_CALLED = r"(?:ticket|tiquete|tiket|caso|case|solicitud|requerimiento)s?"
_TELL_ME = (
    r"(?:(?:(?:(?:me|nos) )?(?:puede[ns]?|podrian?|pueden por favor) )?(?:ver|consultar|saber|conocer"
    r"|dar(?:me|nos)?|decir(?:me|nos)?|indicar(?:me|nos)?|informar(?:me|nos)?)"
    r"|(?:quiero|quisiera|deseo|necesito) (?:ver|consultar|saber|conocer))"
)
_TELL_ME_EN = (
    r"(?:(?:can|could) you (?:please )?(?:tell|give|send) me |(?:i would like|i want|i need) to know "
    r"|what is |what's )?(?:the )?"
)
_TICKET = (
    rf"(?:(?:de |del |of )?(?:mi |el |este |la |the |my |this )?{_CALLED} ?)?(?:n[o°º.]* ?|numero "
    r"|number )?[\[(]?#?(?P<n>\d{1,9})?[\])]?"
)
WORDS: tuple[tuple[str, str], ...] = (
    ("my-tickets", r"(?:mis|ver mis|listar? de mis|lista de|my|list my) (?:tickets|tiquetes|casos|cases)"),
    ("status", rf"(?:(?:{_TELL_ME} )?(?:(?:cual|what) (?:es|is) )?(?:el |the )?estado(?: actual)?"
    rf"|{_TELL_ME_EN}(?:status|state))"
    rf" ?{_TICKET}"),
    ("status", rf"(?:{_TELL_ME} )?(?:en que (?:estado )?(?:va|esta|se encuentra)|como va) (?:mi|el|este|la) {_CALLED}"
    rf" ?(?:n[o°º.]* ?|numero )?#?(?P<n>\d{{1,9}})?"),
    ("news", r"noticias|ver noticias|ultimas noticias|news|latest news"),
    ("help", r"ayuda|help|instrucciones"),
    ("solved", r"(?:caso |ticket |tiquete )?(?:solucionado|resuelto|solved|resolved)|cerrar(?:lo)?"),
    ("helped", r"(?:esto lo resolvio|me sirvio|this solved it)(?: la solucion| solution)? ?#?(?P<n>\d{1,9})"),
    ("reopen", rf"(?:quiero |quisiera |necesito |solicito )?(?:reabrir|reabran|reabra|reabre)(?:lo)?"
    rf"(?: (?:el |este |mi |ese )?{_CALLED})?"
    rf"|reopen(?: it| (?:the |this |my )?{_CALLED})?"),
    ("urgent", r"(?:(?:esto )?es |it is |it's |this is )?(?:muy |very |super )?(?:urgente|urgent)|sos"
    r"|(?:(?:necesito|necesitamos|solicito|quiero|requiero) )?(?:el |un )?"
    r"(?:servicio|soporte) (?:tecnico )?(?:urgente|prioritario)"
    r"|(?:i need )?(?:the )?(?:urgent|priority) (?:service|support)"),
    ("accept", r"(?:yo |i |we |lo |la )?(?:acepto|aceptamos|aceptad[oa]|accept|accepted)(?: (?:el|la|los|las|the)"
    r" (?:tarifas?|servicio|cobro|valor|costo|precio|condiciones|terminos|fee|rate|tariff|price|charge|service)"
    r"(?: (?:del? )?(?:servicio )?(?:prioritario|urgente))?)?"),
    ("category", r"(?:categoria|category) (?P<name>\w.{1,50})"),
    ("stop", r"baja|stop|no mas mensajes|cancelar mensajes|unsubscribe"),
    ("start", r"alta|start|recibir mensajes"),
    ("rate", r"(?:calificacion|califico|rating|estrellas|stars)?:? ?(?P<n>[1-5])(?: ?/ ?5| ?estrellas?| ?stars?)?"),
)  # fmt: skip

# A mail that names a trouble and says nothing of it.
TELLING_NOTHING: tuple[str, ...] = (
    r"(?:esto |eso |ya |el (?:programa|sistema|software) |la (?:aplicacion|plataforma) )?no (?:me |nos )?"
    r"(?:funciona|sirve|abre|carga|entra|deja|anda)(?: nada| el (?:programa|sistema|software|aplicativo)"
    r"| la (?:aplicacion|plataforma))?",
    r"(?:tengo|tenemos|hay) (?:un |una )?(?:problema|error|inconveniente|falla|duda|dano)(?: con el (?:programa"
    r"|sistema|software))?",
    r"(?:necesito|necesitamos|requiero|solicito) (?:de su |su )?(?:ayuda|soporte|apoyo|asesoria)(?: tecnico)?",
    r"(?:ayuda|auxilio|error|problema|falla|se dano|se bloqueo|se cayo)(?: por favor)?",
    r"(?:me |nos )?(?:ayudan|ayuda|colaboran|pueden ayudar|pueden llamar)",
    r"(?:it )?(?:does not|doesn't|is not|isn't) work(?:ing)?",
    r"(?:i |we )?(?:need|have) (?:a |an |some )?(?:help|problem|error|issue|question)", r"help(?: me)?",
)  # fmt: skip
