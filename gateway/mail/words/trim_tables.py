"""The words by which mail programs mark a quotation or a forwarded mail, in the languages that they speak.

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
    *(
        "je napisao/la",
        "napisao je",
        "napisala je",
        "skrifaði",
        "เขียนว่า",
        "napisao/la je",
        "je napisal",
        "je napisal/-a",
        "đã viết",
        "menulis",
        "rašė",
        "rakstīja",
        "kirjutas",
        "כתב",
        "כתבה",
        "كتب",
    ),
)
"""What stands at the end of an attribution line: "On <date>, <name> wrote:"."""

WROTE_TO_HIM: Final = (
    "vous écriviez",
    "vous écrivez",
    "vous avez écrit",
    "tu as écrit",
    "schrieben sie",
    "schriebst du",
    "schreef u",
    "schreef je",
)
"""What stands there when a program speaks to the author: people begin so as well, so that lines marked as quoted have to follow."""

WROTE_BEFORE_NAME: Final = (
    *("schrieb", "schrieb am", "schreef", "schreef op", "heeft", "wrote on", "a écrit le", "skrev", "kirjoitti", "escribió", "from"),
    *(
        "napisana przez",
        "napisał(a)",
        "napsal(a)",
        "napísal(a)",
        "ha scritto",
        "escreveu",
        "kirjutas",
        "kirjutas kuupäeval",
        "wrote",
        "пользователь",
        "використовувач",
        "odesílatel",
        "użytkownik",
        "írta",
        "ezt írta",
        "je napisao",
        "şunları yazdı",
        "كتب",
    ),
)
"""What stands in the middle of one that ends with the name or the date: "Am <date> schrieb <name>:"."""

QUOTING: Final = ("quoting ", "zitat von ", "citando a ", "citando ", "citeren ", "citat ", "citation de ", "quoting from ")
"""How the attribution of some web mail programs begins: "Zitat von <name> <address>:"."""

REPLY_ABOVE: Final = (
    *(
        ("to answer", "above this"),
        ("reply", "above"),
        ("respond", "above"),
        ("response", "above"),
        ("répon", "dessus"),
        ("repon", "dessus"),
        ("antwoord", "boven"),
    ),
    *(
        ("antwort", "oberhalb"),
        ("antwort", "über dies"),
        ("respon", "encima"),
        ("respuesta", "arriba"),
        ("respuesta", "encima"),
        ("rispo", "sopra"),
    ),
    *(("respo", "acima"), ("odpowied", "powyżej"), ("svar", "ovan"), ("svar", "over denne"), ("vasta", "yläpuolel"), ("odpov", "nad t")),
    *(("ответ", "выше"), ("відпов", "вище"), ("返信", "上"), ("回复", "上"), ("回覆", "上"), ("답", "위에")),
)
"""What other help desks write above their mails, in a line framed in marks: a piece of "answer" and one of "above"."""

PREVIOUS_REPLIES: Final = frozenset(
    {
        *("previous replies", "previous discussion", "réponses précédentes", "eerdere antwoorden", "vorige antwoorden"),
        *("vorherige antworten", "frühere antworten", "respuestas anteriores", "risposte precedenti", "respostas anteriores"),
        *("poprzednie odpowiedzi", "tidigare svar", "tidligere svar", "aiemmat vastaukset", "edelliset vastaukset", "předchozí odpovědi"),
        *("предыдущие ответы", "попередні відповіді", "以前の返信", "之前的回复", "先前的回覆", "이전 댓글", "respostes anteriors"),
    }
)
"""What forum programs write in emphasis, below a rule, above what was said before."""

RUN_TOGETHER: Final[tuple[tuple[tuple[str, HeaderKind], ...], ...]] = (
    (("From", "from"), ("To", "to"), ("Sent", "date"), ("Subject", "subject")),
    (("De", "from"), ("À", "to"), ("Envoyé", "date"), ("Objet", "subject")),
    (("Van", "from"), ("Aan", "to"), ("Verzonden", "date"), ("Onderwerp", "subject")),
    (("Von", "from"), ("An", "to"), ("Gesendet", "date"), ("Betreff", "subject")),
    (("De", "from"), ("Para", "to"), ("Enviado", "date"), ("Asunto", "subject")),
    (("Da", "from"), ("A", "to"), ("Inviato", "date"), ("Oggetto", "subject")),
    (("De", "from"), ("Para", "to"), ("Enviado", "date"), ("Assunto", "subject")),
)
"""The labels of Yahoo's forwards in their order, as it writes them: its text part has them all on one line, with nothing in between."""

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
            *("от кого", "від кого", "expeditor", "šalje", "nuo", "saatja", "ot", "lähettänyt"),
            *("pošiljatelj", "pošiljalac", "nga", "frá", "vun", "dari", "từ", "จาก", "من", "מאת", "od koho"),
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
            *("poslano", "poslané", "dátum odoslania", "skickades", "εστάλη", "изпратено", "послато", "dërguar", "enviat", "geschéckt"),
            *("išsiųsta", "nosūtīts", "saadetud", "dikirim", "đã gửi", "ส่ง", "تم الإرسال", "נשלח", "αποστολή"),
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
                "për",
                "per a",
                "до",
                "adressaat",
                "kepada",
                "đến",
                "ถึง",
                "إلى",
                "אל",
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
                "teema",
                "tēma",
                "efni",
                "lënda",
                "subjekti",
                "относно",
                "naslov",
                "subjek",
                "chủ đề",
                "เรื่อง",
                "الموضوع",
                "נושא",
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
    *(
        "mail original",
        "courriel original",
        "mail d'origine",
        "původní e-mail",
        "pôvodný e-mail",
        "original message",
        "original mail",
        "original email",
        "original appointment",
        "reply message",
        "message d'origine",
    ),
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
    *(
        "weitergeleitet von",
        "transféré par",
        "doorgestuurd door",
        "inoltrato da",
        "forwarded message",
        "forwarded mail",
        "forwarded email",
        "forwarded by",
        "forward message",
        "begin forwarded message",
    ),
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

ANSWERS_BELOW: Final = (
    *(
        "answers below",
        "answered below",
        "answer below",
        "comments below",
        "replies below",
        "responses below",
        "my reply below",
        "see below",
    ),
    *("see inline", "inline below", "answers inline", "comments inline", "replied inline", "in red", "in blue", "in green", "in capitals"),
    *("voir ci-dessous", "cf ci-dessous", "réponses ci-dessous", "réponse ci-dessous", "remarques ci-dessous", "commentaires ci-dessous"),
    *("en rouge", "en bleu", "en vert", "dans le texte", "dans le corps", "zie hieronder", "antwoorden hieronder", "antwoord hieronder"),
    *("opmerkingen hieronder", "in het rood", "in rood", "in het blauw", "in het groen", "tussen de regels", "siehe unten", "s unten"),
    *("antworten unten", "weiter unten", "anmerkungen unten", "in rot", "in blau", "in grün", "im text", "en rojo", "en azul", "más abajo"),
    *("in rosso", "in blu", "qui sotto", "em vermelho", "abaixo"),
)
"""Words of somebody who wrote his answers into the quotation: where nothing marks its lines, it cannot be told from them."""
