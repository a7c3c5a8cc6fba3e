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

CLOSINGS: Final = frozenset(
    {
        *(
            "regards",
            "best regards",
            "kind regards",
            "warm regards",
            "with kind regards",
            "with best regards",
            "best wishes",
            "best",
            "cheers",
        ),
        *("sincerely", "yours sincerely", "sincerely yours", "yours faithfully", "yours truly", "many thanks", "thanks", "thank you"),
        *("cordialement", "bien cordialement", "très cordialement", "bien à vous", "bien à toi", "salutations", "meilleures salutations"),
        *("sincères salutations", "sentiments distingués", "respectueusement", "merci", "merci d'avance", "amicalement", "belle journée"),
        *("bonne journée", "bonne réception", "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet"),
        *("vriendelijke groeten", "hartelijke groet", "hartelijke groeten", "groet", "groeten", "hoogachtend", "alvast bedankt", "bedankt"),
        *("dank u", "mvg", "mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß", "freundliche grüße"),
        *(
            "viele grüße",
            "beste grüße",
            "herzliche grüße",
            "liebe grüße",
            "schöne grüße",
            "gruß",
            "grüße",
            "mfg",
            "hochachtungsvoll",
            "danke",
        ),
        *(
            "vielen dank",
            "saludos",
            "un saludo",
            "saludos cordiales",
            "atentamente",
            "gracias",
            "cordiali saluti",
            "distinti saluti",
            "saluti",
        ),
        *("grazie", "atenciosamente", "cumprimentos", "com os melhores cumprimentos", "obrigado", "obrigada", "pozdrawiam", "z poważaniem"),
        *("med vänliga hälsningar", "vänliga hälsningar", "mvh", "hälsningar", "med venlig hilsen", "venlig hilsen", "med vennlig hilsen"),
        *(
            "vennlig hilsen",
            "hilsen",
            "ystävällisin terveisin",
            "terveisin",
            "kh",
            "z powazaniem",
            "z poważaniem",
            "s pozdravem",
            "s pozdravom",
            "с уважением",
        ),
    }
)
"""Closing words that stand alone on a line. With what stands below them they are a signature, except for THANKS."""

THANKS: Final = frozenset(
    {
        *("many thanks", "thanks", "thank you", "merci", "merci d'avance", "alvast bedankt", "bedankt", "dank u", "danke", "vielen dank"),
        *("gracias", "grazie", "obrigado", "obrigada", "belle journée", "bonne journée", "bonne réception", "best", "cheers"),
    }
)
"""Closing words that say something to the reader: they stay, with the name below them."""

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
