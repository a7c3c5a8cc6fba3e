"""The words by which mail programs mark a quotation, a forwarded mail or a signature, in the languages that they speak.

Kept apart from the scanner so that a new language or a new program is one more row and no new rule. Every phrase is in the form that
`str.casefold` gives, with plain spaces and straight apostrophes: the scanner brings a line into that form before it asks. The order of
languages is en fr nl de, then es it pt pl sv da no fi cs, then ru uk ja zh ko, then what else a mailbox in Europe sees.
"""

from __future__ import annotations

from typing import Final, Literal

HeaderKind = Literal["from", "date", "to", "cc", "subject", "other"]

WROTE: Final = (
    *("wrote", "writes", "a écrit", "a ecrit", "écrivait", "a écrit ce qui suit"),
    *("schreef", "schreef het volgende", "het volgende geschreven", "heeft geschreven", "schrijft"),
    *("schrieb", "schrieb folgendes", "hat geschrieben", "schreibt", "geschrieben"),
    *("escribió", "escribio", "ha escrito", "ha scritto", "scrisse", "scrive", "ha inviato", "escreveu"),
    *("napisał", "napisała", "napisał(a)", "napisał/a", "napisal", "napisala", "pisze", "skrev", "skrev följande", "skrev følgende"),
    *("kirjoitti", "napsal", "napsala", "napsal(a)", "napísal", "napísala", "napísal(a)"),
    *("написал", "написала", "написал(а)", "написал (а)", "пишет", "писал", "писал(а)"),
    *("пише", "написав", "написала", "написав(-ла)", "написав(ла)", "написа"),
    *("のメール", "のメッセージ", "さんは書きました", "が書き込みました", "写道", "寫道", "님이 작성", "작성", "썼습니다", "쓴 글"),
    *(
        "ha escrit",
        "va escriure",
        "írta",
        "ezt írta",
        "a scris",
        "yazdı",
        "şunu yazdı",
        "şunları yazdı",
        "έγραψε",
        "je napisao",
        "je napisala",
    ),
    *("napisao/la je", "je napisal", "je napisal/-a", "đã viết", "menulis", "rašė", "rakstīja", "kirjutas", "כתב", "כתבה", "كتب"),
)
"""What stands at the end of an attribution line: "On <date>, <name> wrote:"."""

WROTE_BEFORE_NAME: Final = (
    *("schrieb", "schrieb am", "schreef", "schreef op", "heeft", "wrote on", "a écrit le", "skrev", "kirjoitti", "escribió", "from"),
    *("пользователь", "використовувач", "odesílatel", "użytkownik", "írta", "ezt írta", "je napisao", "şunları yazdı", "كتب"),
)
"""What stands in the middle of one that ends with the name or the date: "Am <date> schrieb <name>:"."""

QUOTING: Final = ("quoting ", "zitat von ", "citando a ", "citando ", "citeren ", "citat ", "citation de ", "quoting from ")
"""How the attribution of some web mail programs begins: "Zitat von <name> <address>:"."""

REPLY_ABOVE: Final = (
    *("reply above this line", "reply above. do not", "type your reply above", "write your reply above", "please reply above"),
    *("répondre au-dessus de cette ligne", "répondez au-dessus de cette ligne", "votre réponse au-dessus de cette ligne"),
    *(
        "antwoord boven deze lijn",
        "antwoord boven deze regel",
        "antworten sie über dieser",
        "antwort oberhalb dieser",
        "responda por encima",
    ),
)
"""What other help desks write above their mails, in a line that begins with a mark."""

LEADS: Final = frozenset(
    {
        *("on", "at", "le", "op", "am", "el", "il", "em", "no dia", "in data", "den", "dnia", "w", "dne", "за", "от", "在", "於", "于"),
        *("el dia", "el día", "în", "pe", "στις", "tarihinde", "dana", "vào"),
    }
)
"""First words of an attribution: a second one of them starts a second attribution."""

HEADER_LABELS: Final[dict[str, HeaderKind]] = {
    **dict.fromkeys(
        (
            *("from", "de", "van", "von", "da", "od", "från", "fra", "lähettäjä", "expéditeur", "afzender", "absender", "remitente"),
            *(
                "mittente",
                "remetente",
                "nadawca",
                "avsändare",
                "avsender",
                "afsender",
                "odesílatel",
                "от",
                "від",
                "відправник",
                "отправитель",
            ),
            *(
                "差出人",
                "送信者",
                "发件人",
                "寄件者",
                "寄件人",
                "發件人",
                "보낸 사람",
                "보낸사람",
                "feladó",
                "de la",
                "kimden",
                "gönderen",
                "από",
            ),
            *("expeditor", "šalje", "nuo", "saatja", "ot", "lähettänyt"),
        ),
        "from",
    ),
    **dict.fromkeys(
        (
            *(
                "sent",
                "date",
                "date sent",
                "sent on",
                "envoyé",
                "envoyé le",
                "date d'envoi",
                "verzonden",
                "datum",
                "verzonden op",
                "gesendet",
            ),
            *("gesendet am", "enviado", "enviado el", "fecha", "inviato", "inviato il", "data", "enviada", "enviada em", "enviado em"),
            *(
                "wysłano",
                "wyslano",
                "wysłane",
                "skickat",
                "sendt",
                "dato",
                "lähetetty",
                "päivämäärä",
                "päiväys",
                "pvm",
                "odesláno",
                "odeslané",
            ),
            *("odesláno dne", "отправлено", "дата", "надіслано", "送信日時", "日付", "日時", "发送时间", "发送日期", "日期", "寄件日期"),
            *(
                "傳送日期",
                "보낸 날짜",
                "날짜",
                "elküldve",
                "dátum",
                "trimis",
                "gönderildi",
                "gönderme tarihi",
                "tarih",
                "στάλθηκε",
                "ημερομηνία",
            ),
            *("poslano", "poslané", "dátum odoslania", "skickades"),
        ),
        "date",
    ),
    **dict.fromkeys(
        (
            *("to", "à", "a", "pour", "destinataire", "aan", "naar", "an", "para", "do", "till", "til", "vastaanottaja", "komu", "кому"),
            *(
                "宛先",
                "收件人",
                "收件者",
                "받는 사람",
                "받는사람",
                "címzett",
                "către",
                "catre",
                "kime",
                "alıcı",
                "προς",
                "za",
                "prima",
                "kam",
            ),
        ),
        "to",
    ),
    **dict.fromkeys(
        (
            *("cc", "bcc", "cci", "copie", "copie à", "kopie", "kopi", "kopia", "kopio", "copia", "c.c.", "dw", "udw", "копия", "копія"),
            *("抄送", "副本", "참조", "másolatot kap", "bilgi"),
        ),
        "cc",
    ),
    **dict.fromkeys(
        (
            *("subject", "objet", "sujet", "onderwerp", "betreff", "asunto", "oggetto", "assunto", "temat", "ämne", "emne", "aihe"),
            *(
                "předmět",
                "predmet",
                "тема",
                "件名",
                "主题",
                "主題",
                "主旨",
                "제목",
                "tárgy",
                "subiect",
                "konu",
                "θέμα",
                "zadeva",
                "assumpte",
            ),
        ),
        "subject",
    ),
    **dict.fromkeys(
        (
            *("reply-to", "reply to", "répondre à", "antwoord aan", "antwort an", "responder a", "rispondi a", "svar til", "svara till"),
            *("importance", "priority", "priorité", "prioriteit", "wichtigkeit", "priorität", "attachments", "pièces jointes", "bijlagen"),
            *("anlagen", "organization", "organisation", "x-mailer", "message-id", "newsgroups", "resent-from", "sender", "mailed-by"),
        ),
        "other",
    ),
}
"""The labels of a header block as mail programs write it above a quotation."""

ORIGINAL_MESSAGE: Final = (
    *("original message", "original mail", "original email", "original appointment", "reply message", "message d'origine"),
    *("message original", "message initial", "oorspronkelijk bericht", "origineel bericht", "originele bericht", "ursprüngliche nachricht"),
    *("ursprüngliche mail", "originalnachricht", "original-nachricht", "originalmail", "ursprungliche nachricht", "mensaje original"),
    *("messaggio originale", "messaggio original", "mensagem original", "wiadomość oryginalna", "oryginalna wiadomość"),
    *("ursprungligt meddelande", "originalmeddelande", "oprindelig meddelelse", "oprindelig besked", "original besked"),
    *("opprinnelig melding", "alkuperäinen viesti", "původní zpráva", "pôvodná správa", "исходное сообщение", "оригинальное сообщение"),
    *(
        "вихідне повідомлення",
        "元のメッセージ",
        "original メッセージ",
        "原始邮件",
        "原始郵件",
        "邮件原件",
        "原邮件",
        "원본 메시지",
        "원본 메일",
    ),
    *("missatge original", "eredeti üzenet", "mesaj original", "mesajul original", "orijinal mesaj", "αρχικό μήνυμα", "izvorna poruka"),
    *("izvirno sporočilo",),
)
"""Inside dashes, underscores or stars: `-----Original Message-----`."""

FORWARDED_MESSAGE: Final = (
    *("forwarded message", "forwarded mail", "forwarded email", "forwarded by", "forward message", "begin forwarded message"),
    *("start of forwarded message", "message transféré", "message transmis", "message réexpédié", "courriel transféré"),
    *("début du message transféré", "début du message réexpédié", "début du message transmis", "e-mail transféré", "mail transféré"),
    *("doorgestuurd bericht", "doorgestuurde e-mail", "begin doorgestuurd bericht", "begin van doorgestuurd bericht"),
    *("weitergeleitete nachricht", "weitergeleitete mail", "weitergeleitete e-mail", "anfang der weitergeleiteten nachricht"),
    *("anfang der weitergeleiteten e-mail", "mensaje reenviado", "mensaje enviado", "inicio del mensaje reenviado", "messaggio inoltrato"),
    *("inizio messaggio inoltrato", "mensagem encaminhada", "mensagem reencaminhada", "início da mensagem reencaminhada"),
    *("início da mensagem encaminhada", "przekazana wiadomość", "wiadomość przekazana dalej", "wiadomość przekazana"),
    *("początek przekazywanej wiadomości", "początek przekazanej wiadomości", "treść przekazanej wiadomości"),
    *("vidarebefordrat meddelande", "vidarebefordrat brev", "vidarebefordrat mail", "börja vidarebefordrat brev"),
    *("videresendt meddelelse", "videresendt besked", "videresendt mail", "start på videresendt besked", "videresendt melding"),
    *("videresendt e-post", "begynnelse på videresendt melding", "start på videresendt melding", "välitetty viesti"),
    *("välitetty viesti alkaa", "edelleenlähetetty viesti", "přeposlaná zpráva", "předaná zpráva", "začátek přeposílané zprávy"),
    *("začátek přeposlané zprávy", "пересылаемое сообщение", "пересланное сообщение", "начало переадресованного сообщения"),
    *("начало пересылаемого сообщения", "переслане повідомлення", "転送されたメッセージ", "転送メッセージ", "转发的邮件", "转发邮件"),
    *(
        "已转发邮件",
        "被转发邮件信息",
        "下面是被转发的邮件",
        "已轉寄郵件",
        "轉寄的郵件",
        "以下は転送されたメッセージです",
        "전달된 메시지",
        "전달된 메일",
    ),
    *("missatge reenviat", "továbbított üzenet", "továbbított levél", "mesaj redirecționat", "mesaj redirectionat", "iletilmiş mesaj"),
    *("yönlendirilen ileti", "iletilen mesaj", "προωθημένο μήνυμα", "proslijeđena poruka", "preposlaná správa", "posredovano sporočilo"),
)
"""Above a forwarded mail, inside dashes or before a colon: `---------- Forwarded message ---------`, `Begin forwarded message:`."""

FORWARD_SUBJECTS: Final = (
    *("fw", "fwd", "tr", "doorst", "wg", "rv", "reenv", "enc", "i", "pd", "vb", "vs", "videresendt", "vl", "přep", "prep", "fs"),
    *("пересл", "転送", "转发", "轉寄", "轉發", "전달", "továbbítás", "redirecționat", "ilt", "πρθ", "proslj"),
)
"""Before the colon of the subject of a forwarded mail: `FW:`, `TR :`, `WG:`. `vs` is Finnish for forward and also Danish for reply."""

SENT_FROM: Final = (
    *("sent from", "envoyé de ", "envoyé depuis", "envoyé à partir", "envoyé d'un", "envoyé mon", "verzonden vanaf", "verzonden vanuit"),
    *("verstuurd vanaf", "verstuurd vanuit", "gesendet von", "enviado desde", "enviado do ", "enviado de mi", "enviado do meu"),
    *("inviato da", "inviato dal", "wysłane z", "wysłano z", "skickat från", "sendt fra", "lähetetty ", "odesláno z", "odoslané z"),
    *("отправлено с", "отправлено из", "отправлено от", "надіслано з", "发自", "發自", "trimis de pe", "enviat des de", "poslano s "),
)
"""How a line begins that a program adds below a mail, `Sent from my iPhone`: enough alone where the line has five words at most."""

SENT_WITH: Final = (
    *("sent with", "sent via", "sent using", "sent by", "sent on", "written on", "composed on", "from my", "get outlook for"),
    *("download outlook for", "get yahoo mail for", "get the outlook app", "this message was sent from", "this email was sent from"),
    *("envoyé avec", "envoyé via", "envoyé du", "télécharger outlook", "obtenir outlook", "téléchargez outlook", "obtenez outlook"),
    *(
        "provenance : courrier",
        "provenance: courrier",
        "verzonden met",
        "verzonden via",
        "verzonden van",
        "verzonden door",
        "verstuurd met",
    ),
    *(
        "verstuurd via",
        "verstuurd van",
        "outlook voor",
        "download outlook voor",
        "dit bericht is verzonden",
        "gesendet mit",
        "gesendet über",
    ),
    *("gesendet via", "gesendet aus", "diese nachricht wurde von meinem", "diese nachricht wurde mit", "holen sie sich outlook"),
    *("hol dir outlook", "laden sie outlook", "enviado con", "enviado a través", "enviado mediante", "obtener outlook", "obtén outlook"),
    *("descargar outlook", "enviado da", "enviado de", "enviado com", "enviado via", "enviado pelo", "obter o outlook", "baixar o outlook"),
    *("inviato con", "inviato tramite", "inviato via", "scarica outlook", "ottieni outlook", "wysłane za", "pobierz outlook"),
    *("pobierz program outlook", "skickat med", "skickat via", "hämta outlook", "sendt med", "sendt via", "hent outlook", "få outlook"),
    *("skaff deg outlook", "hanki outlook", "získat outlook", "získejte outlook", "отправлено через", "послано с", "скачать outlook"),
    *("获取 outlook", "取得 outlook", "trimis din", "στάλθηκε από", "küldve"),
)
"""How such a line begins when a device or a program has to stand in it as well: `Sent with Proton Mail secure email`."""

SENT_FRAMES: Final = (
    *(("von mein", "gesendet"), ("vom ", "gesendet"), ("diese nachricht wurde ", "gesendet"), ("outlook für ", "herunterladen")),
    *(("outlook für ", "beziehen"), ("outlook für ", ""), ("outlook voor ", "downloaden"), ("", "から送信"), ("", "から送信されました")),
    *(("從我的", "傳送"), ("从我的", "发送"), ("傳送自", ""), ("发送自", ""), ("从", "发送"), ("", "에서 보냄"), ("", "에서 전송됨")),
    *(("", "gönderildi"), ("", "kezdve")),
)
"""How such a line begins and ends in languages where the verb comes last: `iPhoneから送信`."""

MOBILE_TAILS: Final = ("via mobile", "from mobile", "via phone", "from phone")
"""How a line of three words at most ends: `Jess via mobile`."""

DEVICES: Final = (
    *("iphone", "ipad", "ipod", "android", "smartphone", "telephone", "téléphone", "telefoon", "telefon", "telefono", "teléfono", "phone"),
    *("mobile", "mobiel", "mobil", "mobiltelefon", "handy", "gsm", "cell", "celular", "móvil", "portable", "tablet", "tablette", "samsung"),
    *("galaxy", "htc", "huawei", "xiaomi", "redmi", "nokia", "lumia", "xperia", "oneplus", "pixel", "motorola", "honor", "fairphone"),
    *("blackberry", "windows", "outlook", "yahoo", "gmail", "proton", "protonmail", "tutanota", "mailbox", "airmail", "sparrow", "spark"),
    *("thunderbird", "k-9", "k9", "aol", "gmx", "web.de", "zoho", "mailapp", "typeapp", "bluemail", "boxer", "newton", "superhuman"),
    *("android-mobiltelefon", "mobilgerät", "apparaat", "toestel", "appareil", "courrier", "ios", "mac", "pc"),
    *("телефон", "телефона", "айфона", "яндекс", "mail.ru", "手机", "手機", "puhelimesta", "laite"),
)
"""Of these, one at least stands in a line of more than a few words before it is taken for a program's."""

DISCLAIMERS: Final = (
    *(
        "confidential",
        "intended recipient",
        "intended solely",
        "intended only",
        "addressee",
        "in error",
        "privileged",
        "virus",
        "antivirus",
        "avast",
    ),
    *("disclaimer", "unauthorised", "unauthorized", "disclos", "legally", "do not print", "before printing", "monitored"),
    *("necessarily those of", "mailing list", "unsubscribe", "confidentiel", "destinataire", "par erreur", "avant d'imprimer"),
    *("impression de ce", "usage exclusif", "vertrouwelijk", "geadresseerde", "bestemd voor", "per vergissing", "ten onrechte ontvangen"),
    *("proclaimer", "vertraulich", "empfänger", "irrtümlich", "bestimmt für", "unbefugt", "confidencial", "destinatario", "por error"),
    *("riservat", "esclusivo del destinatario", "per errore", "destinatário", "por engano", "poufn", "adresat", "konfidentiell"),
    *("fortrolig", "mottagare", "luottamuksellinen", "důvěrn", "конфиденциальн", "機密", "机密", "기밀"),
)
"""Pieces of words by which the legal text below a mail is known."""
