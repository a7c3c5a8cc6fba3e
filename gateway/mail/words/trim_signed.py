"""The words by which a signature, a program's own line or a legal text below a mail is known, in many languages.

As in `trim_tables` a new language is one more row and no new rule, and every phrase is in the form that `str.casefold` gives. The order of
languages is en fr nl de, then es it pt pl sv da no fi cs, then ru uk ja zh ko, then what else a mailbox in Europe sees.
"""

from __future__ import annotations

from typing import Final

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
    *(
        "获取 outlook",
        "取得 outlook",
        "下载 outlook",
        "trimis din",
        "στάλθηκε από",
        "küldve",
        "enviado a partir d",
        "pobierz aplikację outlook",
    ),
    *("skaffa outlook", "last ned outlook", "stáhněte si outlook", "stáhnout outlook", "nabavi outlook", "descarga outlook"),
    *("obțineți outlook", "descărcați outlook", "λήψη του outlook", "отримати outlook", "загрузить outlook", "get bluemail for"),
    *("poslano z moj", "mail envoyé depuis"),
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
    *("device", "appareils", "gerät", "android-gerät", "telekom", "t-online", "orange", "swisscom", "proximus", "libero", "iphona"),
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
    *("notify the sender", "strictly prohibited", "dissemination", "consider the environment", "scanned for", "swept for"),
    *(
        "l'expéditeur",
        "toute diffusion",
        "toute utilisation ou",
        "interdite",
        "à l'attention exclusive",
        "détruire ce message",
        "l'environnement",
    ),
    *("de afzender", "verwittigen", "niet bestemd", "aansprakelijk", "te vernietigen", "adressat", "bestimmungsgemäß", "untersagt"),
    *("den absender", "nicht gestattet", "vernichten sie", "weiterzuleiten", "remitente", "prohibid", "mittente", "vietat"),
    *("data protection", "protection des données", "gegevensbescherming", "datenschutz", "privacy notice", "privacy policy"),
    *("necessarily those of", "mailing list", "unsubscribe", "confidentiel", "destinataire", "par erreur", "avant d'imprimer"),
    *("impression de ce", "usage exclusif", "vertrouwelijk", "geadresseerde", "bestemd voor", "per vergissing", "ten onrechte ontvangen"),
    *("proclaimer", "vertraulich", "empfänger", "irrtümlich", "bestimmt für", "unbefugt", "confidencial", "destinatario", "por error"),
    *("riservat", "esclusivo del destinatario", "per errore", "destinatário", "por engano", "poufn", "adresat", "konfidentiell"),
    *("fortrolig", "mottagare", "luottamuksellinen", "důvěrn", "конфиденциальн", "機密", "机密", "기밀"),
)
"""Pieces of words by which the legal text below a mail is known."""

ADDED: Final = (
    *("virus-free.", "virus free.", "garanti sans virus.", "sans virus.", "virusvrij.", "virenfrei.", "libre de virus.", "privo di virus."),
    *("livre de vírus.", "sem vírus.", "wolny od wirusów.", "virusfri.", "bez virů.", "без вирусов."),
    *("informationen zum datenschutz finden sie", "hinweise zum datenschutz finden sie", "unsere datenschutzhinweise finden sie"),
)
"""How a line begins that a gateway or a house style puts below every mail, on a line of its own."""

PRINTING: Final = (
    *("please consider the environment", "consider the environment", "please think of the environment", "think of the environment"),
    *("think green", "before printing", "before you print", "please do not print", "please don't print", "save a tree"),
    *("think before you print", "do you really need to print", "go green", "pensez à l'environnement", "pensons à l'environnement"),
    *("avant d'imprimer", "n'imprimez ce", "merci de n'imprimer", "préservons l'environnement", "pour préserver l'environnement"),
    *(
        "adoptez l'éco-attitude",
        "denk aan het milieu",
        "denk aan ons milieu",
        "denk om het milieu",
        "spaar het milieu",
        "overweeg het milieu",
    ),
    *(
        "print deze e-mail alleen",
        "print dit bericht alleen",
        "druk deze e-mail",
        "bitte denken sie an die umwelt",
        "denken sie an die umwelt",
    ),
    *("bitte prüfen sie der umwelt zuliebe", "bitte drucken sie diese", "der umwelt zuliebe", "antes de imprimir", "piense en el medio"),
    *(
        "por favor, piense en el medio",
        "prima di stampare",
        "rispetta l'ambiente",
        "pense no ambiente",
        "tänk på miljön",
        "tenk på miljøet",
    ),
    *("tænk på miljøet",),
)
"""How the plea begins not to print a mail. Somebody may write of a printer, or of trees, so that PRINTING_WORDS of both are in it."""

PRINTING_WORDS: Final = (
    ("environment", "environnement", "milieu", "umwelt", "ambiente", "miljø", "miljö", "tree", "arbre", "bäume", "nécessaire"),
    ("print", "imprim", "druck", "afdruk", "stampa", "utskrift", "skriv"),
)
"""Of each of these one is in such a plea: a word of nature, and one of printing."""

ADDED_TITLES: Final = frozenset(
    {
        *("disclaimer", "e-mail disclaimer", "email disclaimer", "privacy notice", "privacy policy", "privacy statement", "legal notice"),
        *("clause de non-responsabilité", "mentions légales", "avertissement", "avis de confidentialité", "politique de confidentialité"),
        *("privacyverklaring", "privacybeleid", "haftungsausschluss", "datenschutz", "datenschutzerklärung", "datenschutzhinweise"),
        *("impressum", "aviso legal", "informativa sulla privacy"),
    }
)
"""What stands before a link, alone with it on the last line: the law behind it is everybody's."""

CLOSINGS: Final = frozenset(
    {
        *("regards", "best regards", "kind regards", "warm regards", "with kind regards", "with best regards", "best wishes"),
        *("sincerely", "yours sincerely", "sincerely yours", "yours faithfully", "yours truly", "cordialement", "bien cordialement"),
        *("très cordialement", "bien à vous", "bien à toi", "salutations", "meilleures salutations", "sincères salutations"),
        *("sentiments distingués", "respectueusement", "amicalement", "met vriendelijke groet", "met vriendelijke groeten"),
        *("vriendelijke groet", "vriendelijke groeten", "hartelijke groet", "hartelijke groeten", "groet", "groeten", "hoogachtend"),
        *("mvg", "mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß", "freundliche grüße", "viele grüße"),
        *("beste grüße", "herzliche grüße", "liebe grüße", "schöne grüße", "gruß", "grüße", "mfg", "hochachtungsvoll", "saludos"),
        *("un saludo", "saludos cordiales", "atentamente", "cordiali saluti", "distinti saluti", "saluti", "atenciosamente"),
        *("cumprimentos", "com os melhores cumprimentos", "pozdrawiam", "z poważaniem", "med vänliga hälsningar", "vänliga hälsningar"),
        *("mvh", "hälsningar", "med venlig hilsen", "venlig hilsen", "med vennlig hilsen", "vennlig hilsen", "hilsen"),
        *("ystävällisin terveisin", "terveisin", "kh", "z powazaniem", "s pozdravem", "s pozdravom", "с уважением", "yours", "greetings"),
        *("br", "kr", "rgds", "rds", "brgds", "b.rgds", "warmest regards", "kindest regards", "cordially", "with warm regards"),
        *("regards from", "respectfully", "respectfully yours", "cdt", "cdlt", "cordlt", "bàv", "bav", "b.à.v.", "slts"),
        *("salutations distinguées", "salutations cordiales", "cordiales salutations", "mes salutations", "mes meilleures salutations"),
        *("mes salutations distinguées", "mes salutations les meilleures", "avec mes salutations", "avec mes meilleures salutations"),
        *("avec mes salutations distinguées", "avec nos meilleures salutations", "avec nos salutations", "sincèrement"),
        *("sincèrement vôtre", "bien sincèrement", "veuillez agréer mes salutations", "recevez mes salutations"),
        *("recevez mes salutations distinguées", "recevez nos salutations", "met beleefde groet", "met beleefde groeten"),
        *("beleefde groeten", "groetjes", "vele groeten", "veel groeten", "beste groet", "beste groeten", "met hartelijke groet"),
        *("met hartelijke groeten", "met groet", "met groeten", "met de meeste hoogachting", "vr. gr", "vr.gr", "gr", "grtz", "grtjs"),
        *("m.v.g", "met vr. gr", "warme groet", "warme groeten", "zonnige groeten", "hoogachtend en met vriendelijke groet", "lg", "vg"),
        *("bg", "hg", "mit besten grüßen", "mit besten grüssen", "mit lieben grüßen", "besten gruß", "mit herzlichen grüßen"),
        *("mit vielen grüßen", "mit den besten grüßen", "mit freundlichem gruss", "freundliche grüsse", "beste grüsse", "viele grüsse"),
        *("liebe grüsse", "herzliche grüsse", "schöne grüsse", "grüsse", "gruss", "sonnige grüße", "freundlichst", "freundlichen gruß"),
        *("freundlicher gruß", "viele liebe grüße", "herzlichst", "mit kollegialen grüßen", "cordiales saludos", "un cordial saludo"),
        *("reciba un cordial saludo", "le saluda atentamente", "muy atentamente", "tanti saluti", "un saluto", "un cordiale saluto"),
        *("i migliori saluti", "melhores cumprimentos", "os melhores cumprimentos", "abraço", "serdecznie pozdrawiam", "pozdrowienia"),
        *("z pozdrowieniami", "bästa hälsningar", "de bedste hilsner", "bedste hilsner", "med venlige hilsner", "beste hilsen"),
        *("parhain terveisin", "s přátelským pozdravem", "с наилучшими пожеланиями", "cu stimă", "saygılarımla", "με εκτίμηση"),
        *("üdvözlettel", "srdačan pozdrav", "lep pozdrav"),
    }
)
"""Closing words that stand alone on a line and say nothing: with what stands below them they are a signature."""

THANKS: Final = frozenset(
    {
        *("many thanks", "thanks", "thank you", "merci", "merci d'avance", "alvast bedankt", "bedankt", "dank u", "danke", "vielen dank"),
        *("gracias", "grazie", "obrigado", "obrigada", "belle journée", "bonne journée", "bonne réception", "best", "cheers"),
        *("with thanks", "many thanks and regards", "thanks and regards", "thanks & regards", "thanks and best regards"),
        *("thanks and kind regards", "thank you and regards", "thx", "thank you very much", "thanks a lot", "thanks again", "take care"),
        *("thanks in advance", "thank you in advance", "many thanks in advance", "au plaisir", "bonne soirée", "belle soirée"),
        *("bonne fin de journée", "bon week-end", "bonne continuation", "bonne après-midi", "merci et bonne journée"),
        *("merci et cordialement", "merci, cordialement", "merci beaucoup", "un grand merci", "avec mes remerciements"),
        *("avec tous mes remerciements", "merci d'avance et bonne journée", "je vous remercie", "fijne dag", "fijne dag nog"),
        *("nog een fijne dag", "hartelijk dank", "met dank", "met dank bij voorbaat", "bij voorbaat dank", "alvast dank", "dank je"),
        *("dank je wel", "dankjewel", "dank u wel", "veel dank", "besten dank", "lieben dank", "herzlichen dank", "danke im voraus"),
        *("vielen dank im voraus", "danke sehr", "dankeschön", "danke und viele grüße", "vielen dank und viele grüße"),
        *("vielen dank und freundliche grüße", "danke und gruß", "muchas gracias", "grazie mille", "grazie e cordiali saluti"),
        *("grazie e saluti", "muito obrigado", "muito obrigada", "dziękuję", "tack", "tack på förhand", "mange tak", "på forhånd tak"),
        *("takk", "mange takk", "kiitos", "kiitos etukäteen", "děkuji", "předem děkuji", "спасибо", "mulțumesc", "teşekkürler"),
        *("ευχαριστώ", "köszönöm", "all the best"),
    }
)
"""Closing words that say something to the reader: they stay, with the name below them."""

FORMAL_OPENINGS: Final = (
    *("je vous prie d'agréer", "je vous prie de recevoir", "je vous prie de croire", "nous vous prions d'agréer", "veuillez agréer"),
    *("nous vous prions de recevoir", "veuillez recevoir", "veuillez croire", "recevez,", "agréez,"),
)
"""How the sentence begins that ends a formal French letter; FORMAL_WORDS are in it, and it may be wrapped."""

FORMAL_WORDS: Final = ("salutations", "sentiments", "considération", "hommages")
"""Of these one stands in that sentence, where it is whole on its line."""

PHONE_LABELS: Final = frozenset(
    {
        *("t", "tel", "tél", "phone", "telephone", "téléphone", "telefoon", "telefon", "teléfono", "telefono", "telefone", "ph", "p", "d"),
        *("direct", "ligne directe", "direct line", "office", "bureau", "kantoor", "büro", "work", "m", "mob", "mobile", "mobiel", "mobil"),
        *(
            "móvil",
            "cell",
            "c",
            "gsm",
            "portable",
            "port",
            "handy",
            "f",
            "fax",
            "télécopie",
            "telefax",
            "whatsapp",
            "tel direct",
            "tél direct",
        ),
        *("tlf", "tfn", "puh", "тел", "電話", "电话", "전화", "t (direct)", "tel. direct", "tél. direct", "extn", "skype"),
    }
)
"""What stands before a telephone number on a visiting card."""
