"""The words that mail programs write above a mail that they quote or forward, by language: data, no behaviour.

Header labels (``De:``, ``Sent:``, ``Asunto:``) and announcements (``Mensaje original``, ``Forwarded message``), as
Gmail, Outlook (classic, new, web, mobile, Mac), Apple Mail, Thunderbird, Yahoo, Zimbra, Roundcube, K-9, Samsung,
HubSpot, IONOS, Mail.ru, Lotus Notes and others write them. All are case-folded.
"""

from __future__ import annotations

from typing import Literal

Field = Literal["from", "date", "to", "cc", "subject", "other"]


def phrases(rows: str) -> frozenset[str]:
    """The phrases of a table whose cells are divided by bars and may be wrapped anywhere."""
    return frozenset(phrase for cell in rows.split("|") if (phrase := " ".join(cell.casefold().split())))


_LABEL_ROWS: dict[Field, str] = {
    "from": """
        absender | afsender | afzender | avsender | avsändare | da | de | de la | desde | enviado por | expeditor |
        expéditeur | feladó | fra | fran | from | frå | från | gönderen | kimden | küldő | lähettäjä | mittente |
        nadawca | nork | od | odesilatel | odesílatel | pošiljatelj | remite | remitent | remitente | saatja | salje |
        van | von | šalje | από | від | від кого | из | от | от кого | отправитель | 保存者 | 发件人 | 寄件人 |
        寄件者 | 差出人 | 보낸 사람""",
    "date": """
        bidalia | data | data d'enviament | data de envio | data wysłania | date | date d'envoi | date sent | dato |
        datum | datum und uhrzeit | dátum | elküldve | enviada | enviada el | enviada em | enviadas | enviado |
        enviado a | enviado el | enviado em | enviado en | enviado o | enviados | enviados el | enviat | enviat el |
        envoyé | envoyé le | envoyée | fecha | fecha de envío | fecha envío | fecha y hora | gesendet | gesendet am |
        gönderildi | gönderilen | gönderme tarihi | inviata | inviato | kuupäev | küldés ideje | lähetetty |
        mensaje del | message du | ngày | odesláno | odoslané | odoslaný | poslano | päivä | päivämäärä | päiväys |
        recibido el | saadetud | sendt | sent | sent at | sent date | sent on | skickades | skickat | skickat den |
        tarih | trimis | verstuurd | verzonden | wysłane | wysłano | ημερομηνία | στάλθηκε | дата | надіслано |
        отправлен | отправлено | 发送时间 | 寄件日期 | 日付 | 日期 | 送信日時 | 날짜 | 보낸 날짜""",
    "to": """
        a | aan | adresat | al | alıcı | an | catre | címzett | către | destinataire | destinataires | destinatario |
        destinatarios | destinatário | do | empfänger | kellele | kime | komu | modtager | mottagare | mottaker | nori
        | para | per | per a | pour | pre | prima | saaja | til | till | to | vastaanottaja | za | à | προσ | кому |
        宛先 | 收件人 | 받는 사람""",
    "cc": """
        bcc | bilgi | c.c | c.c. | cc | cco | com cópia | con copia | copia | copia a | copia para | copie | copie à |
        ct | cópia | do wiadomości | dw | koopia | kopi | kopia | kopie | kopija | kopio | kópia | másolat |
        másolatot kap | копия | копія | 副本 | 抄送 | 참조""",
    "subject": """
        aihe | amne | assumpte | assunto | asunto | betreff | emne | gaia | konu | naslov | objet | oggetto |
        onderwerp | otsikko | predmet | předmět | subiect | subject | subjecte | sujet | teema | tema | temat | tárgy
        | ämne | θέμα | тема | 主旨 | 主题 | 件名 | 제목""",
    "other": """
        adjuntos | allegati | anexo | anexos | anhänge | anlagen | antwort an | archivos adjuntos | attachment |
        attachments | bijlagen | categories | categorías | cci | ccn | conversation | cuando | date de réception |
        datos adjuntos | delivered-to | enviado desde | grupos de noticias | importance | importancia | importanza |
        importância | lista | mailed-by | message-id | newsgroups | organización | organization | pièces jointes |
        prioridad | prioridade | priority | priorität | received | recibido | reply to | reply-to | resent-from |
        resent-to | responder a | responder para | responder-a | return-path | rispondi a | répondre à | sender |
        sensibilidad | sensitivity | skrytá kopie | ubicación | when | where | wichtigkeit | x-mailer""",
}

LABELS: dict[str, Field] = {label: field for field, rows in _LABEL_ROWS.items() for label in phrases(rows)}

# Only a forward is announced so. Compared with the line stripped of dashes, quote marks and the final colon.
FORWARD_MARKS = phrases(
    """
    anfang der weitergeleiteten e-mail | anfang der weitergeleiteten nachricht | başlangıç iletilmiş mesaj |
    begin doorgestuurd bericht | begin forwarded email | begin forwarded message |
    beginn der weitergeleiteten nachricht | birbidalitako mezua | början på det vidarebefordrade meddelandet |
    början på vidarebefordrat meddelande | comienzo del mensaje reenviado | correo electrónico reenviado |
    correo reenviado | courriel transféré | doorgestuurd bericht | doorgestuurde e-mail | doorgezonden bericht |
    début du message réexpédié | début du message transféré | e-mail encaminhado | e-mail inoltrata | e-mail transféré
    | edastatud kiri | edastatud sõnum | edelleen lähetetty viesti | edelleenlähetetty viesti | email reenviado |
    encaminhada | forward message | forwarded by | forwarded email | forwarded mail | forwarded message |
    forwarded message follows | iletilen ileti | iletilen mesaj | iletilmiş i̇leti | iletilmiş mesaj |
    inici del missatge reenviat | inicio da mensagem encaminhada | inicio da mensaxe reenviada |
    inicio de mensaje reenviado | inicio del mensaje reenviado | inizio del messaggio inoltrato |
    inizio messaggio inoltrato | inoltrato | início da mensagem encaminhada | início da mensagem redirecionada |
    início da mensagem reencaminhada | início de mensagem encaminhada | i̇letilen ileti | i̇letilen mesaj |
    i̇letilmiş ileti | i̇letilmiş mesaj | mensagem encaminhada | mensagem redirecionada | mensagem reencaminhada |
    mensaje reenviado | mensaje transferido | mensaxe reenviada | mesaj redirectionat | mesaj redirecționat |
    mesaj transmis | mesaj înaintat | message réexpédié | message transféré | message transmis | messaggio inoltrato |
    missatge reenviat | początek przekazanej wiadomości | początek przekazywanej wiadomości | posredovano sporočilo |
    početak proslijeđene poruke | preposlaná správa | principio del mensaje reenviado | proslijeđena poruka |
    przekazana wiadomość | przekazana wiadomość e-mail | przesłana wiadomość | påbegyndt videresendt besked |
    přeposlaná zpráva | start forwarded message | start of forwarded message | start på videresendt besked |
    start på videresendt melding | starten på videresendt meddelelse | továbbított levél | továbbított üzenet |
    továbbított üzenet kezdete | transféré | vidarebefordrat brev | vidarebefordrat mail | vidarebefordrat meddelande
    | vidarebefordrat mejl | videresendt besked | videresendt meddelelse | videresendt melding | välitetty viesti |
    välitetty viesti alkaa | weitergeleitete e-mail | weitergeleitete mail | weitergeleitete nachricht |
    wiadomość przekazana dalej | yönlendirilmiş mesaj | započni proslijeđenu poruku | začiatok preposlanej správy |
    začátek přeposílané zprávy | început mesaj redirecționat | προωθημένο μήνυμα | начало переадресованного сообщения
    | начало пересланного сообщения | начало пересылаемого сообщения | переадресованное сообщение |
    перенаправленное сообщение | переслане повідомлення | пересланий лист | пересланное сообщение |
    пересылаемое письмо | пересылаемое сообщение | початок листа, що пересилається | початок пересланого повідомлення
    | 転送されたメッセージ | 转发的邮件 | 전달된 메시지
    """
)

# Written above forwards and replies alike: the subject has to tell which.
ORIGINAL_MARKS = phrases(
    """
    alkuperäinen viesti | cita original | compromisso original | correo original | e-mail original | email original |
    eredeti üzenet |
    izvorna poruka | jatorrizko mezua | mensagem original | mensaje anterior | mensaje citado | mensaje de respuesta |
    mensaje original | mensaxe orixinal | mesaj original | mesajul original | message d'origine | message d’origine |
    message initial | message original | messaggio originale | missatge original | oorspronkelijk bericht |
    opprinnelig melding | oprindelig besked | oprindelig meddelelse | original appointment | original email |
    original mail | original meddelelse | original message | original-mail | original-nachricht | originalmail |
    originalmeddelande | originalna poruka | originalnachricht | originele bericht | orijinal mesaj |
    oryginalna wiadomość | pôvodná správa | původní zpráva | reply message |
    reply to message | respuesta al mensaje |
    treść oryginalnej wiadomości | ursprunglig meddelande | ursprungligt meddelande | ursprüngliche nachricht |
    wiadomość oryginalna | özgün ileti | αρχικό μήνυμα | вихідне повідомлення | исходное сообщение |
    оригинальное сообщение | 元のメッセージ | 原始邮件 | 原始郵件 | 원본 메일
    """
)
