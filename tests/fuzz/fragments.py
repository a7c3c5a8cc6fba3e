"""What the mails of tests.fuzz.generate are put together from: values as programs and enemies write them, one a line."""

from __future__ import annotations

NOBODY = "\N{PRINTER}"
TEXTS: tuple[str, ...] = (
    "The printer on the second floor shows an error.",
    "L’imprimante du guichet ne répond plus depuis hier ; merci d’avance !",
    "Der Drucker druckt seit gestern nicht mehr, größere Störung.",
    "De printer doet het niet meer, één vraag: wat nu?",
    "印刷できません。再起動しました。",
    "Принтер не печатает",
    f"{NOBODY} \N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER} 5 €",
    "a\x00b\x07c\x1b[31md\x7fe\x85f",
    "right \N{RIGHT-TO-LEFT OVERRIDE}tfel\N{POP DIRECTIONAL FORMATTING} zero\N{ZERO WIDTH SPACE}width\N{ZERO WIDTH NO-BREAK SPACE}",
    "half \ud83d and \udce9",
    "one\u2028two\u2029three\x0bfour\x0cfive\x1csix",
    "",
    " ",
    "\t",
    "=?utf-8?q?not_a_header?=",
    "x" * 1200,
    "https://example.org/" + "a/" * 300,
    "{{7*7}} ${7*7} <% 7 %>",
    "#status resolved",
    "e\u0301" * 20,
)
PREFIXES = (
    b"",
    b"",
    b"Re: ",
    b"AW: ",
    b"Antw: ",
    b"Fwd: ",
    b"TR : ",
    b"[SUP-1] ",
    b"Re: [SUP-12] ",
    b"=?utf-8?q?Re=3A?= ",
    b"Automatic reply: ",
)
REPLY_LINES = (
    "> quoted",
    ">> quoted twice",
    "> ",
    "On Mon, 2 Mar 2026 at 09:00, Support <support@desk.example> wrote:",
    "Le lun. 2 mars 2026 à 09:00, Support <support@desk.example>",
    "a écrit :",
    "Am 02.03.2026 um 09:00 schrieb Support:",
    "Op 2-3-2026 om 09:00 schreef Support <",
    "-----Original Message-----",
    "---------- Forwarded message ---------",
    "________________________________",
    "From: Support <support@desk.example>",
    "Sent: Monday, March 2, 2026 9:00 AM",
    "To: Counter",
    "Subject: [SUP-12] Printer",
    "Von: Support",
    "Gesendet: Montag",
    "-- ",
    "--",
    "*****",
    "Sent from my phone",
    "Cordialement,",
    "Counter One",
    "##- Please reply above this line -##",
    "##- Répondez au-dessus de cette ligne -##",
    "I answer below in red.",
    "This message is confidential and may be privileged; virus free.",
    "begin 644 a.txt\n#0V%T\n`\nend",
    "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n",
    "-----BEGIN PGP SIGNATURE-----\n\nabcd\n-----END PGP SIGNATURE-----",
    "<gone@commune.example>: 550 5.1.1 no such user",
    "This is a permanent error; I've given up.",
)
CHARSETS = (
    *(b"utf-8", b"utf-8", b"UTF8", b"us-ascii", b"iso-8859-1", b"iso-8859-15", b"windows-1252", b"cp1252", b"iso-2022-jp", b"shift_jis"),
    *(b"gb2312", b"gb18030", b"big5", b"euc-kr", b"koi8-r", b"utf-16", b"utf-16le", b"utf-32", b"utf-7", b"utf-8-sig", b"macintosh"),
    *(b"idna", b"punycode", b"zlib_codec", b"rot13", b"unicode_escape", b"undefined", b"hex", b"mbcs", b"x-user-defined", b"unknown-8bit"),
    *(b"", b"utf\x00-8", b"iso-8859-99", b"cp99999", b"utf-8*fr", b"(utf-8)", b"a" * 300, b"\xff"),
)
BROKEN_WORDS = (
    *(b"=?utf-8?q?=C3?=", b"=?utf-8?b?w6k", b"=?utf-8?x?41?=", b"=??q?a?=", b"=?utf-8?q??=", b"=?utf-8?q?a=0ABcc=3A_x=40example=2Eorg?="),
    *(b"=?utf-8?q?a?==?utf-8?q?b?=", b"=?utf-8?q?a b?=", b"=?utf-8*en?Q?=41?=", b"=?utf-8?b?7aCA?=", b"=?utf-16?b?//4=?=", b"=?=?=?="),
    *(b"=?iso-2022-jp?b?GyRC?=", b"=?utf-7?q?+AOk-?=", b"=?utf-8?q?" + b"=00" * 30 + b"?=", b"=?utf-8?b?" + b"QUJD" * 400 + b"?="),
)
ADDRESSES = (
    *(
        b"<counter@commune.example>",
        b"<counter@commune.example>",
        b"board@commune.example",
        b"<support@desk.example>",
        b"<anna@desk.example>",
    ),
    *(b"<user1@commune.example>", b"<user2@commune.example>", b"<user3@example.org>", b"<support+r.aaaa.bbbb@desk.example>"),
)
ODD_ADDRESSES = (
    *(b"", b"<>", b"<", b">", b"@", b"a@", b"@b", b"a@b@c.example", b"<a@b.example", b"a@b.example>", b'"@b.example', b'"a\\"b"@c.example'),
    *(
        b"undisclosed-recipients:;",
        b"Desk: a@example.org, b@example.org;",
        b"Desk: (c) ;",
        b"g: h: i@example.org;;",
        b"(c)",
        b"((((",
        b"(\\",
    ),
    *(b"agent@desk.example <evil@example.org>", b"<agent@desk.example> <evil@example.org>", b'"anna@desk.example" <evil@example.org>'),
    *(b"=?utf-8?q?anna=40desk=2Eexample?= <evil@example.org>", b"=?utf-8?q?=3Canna=40desk=2Eexample=3E?=", b"<=?utf-8?q?a?=@b.example>"),
    *(
        b"anna@desk.example\x00@evil.example",
        b"<@relay.example:a@b.example>",
        b"a@[192.0.2.1]",
        b"a@xn--dj-kia8a.example",
        b"a..b@c.example",
    ),
    *("été@commune.example".encode(), b"\xe9@commune.example", b"<a@b.example>," * 30, b"a b c <d e@f g>", b"a@b.example (c) (d (e))"),
    *(
        b"MAILER-DAEMON@mx.example.org",
        b"<noreply@desk.example>",
        b"<x" * 60 + b"@y.example>",
        "<a@ｂ.example>".encode(),
        b"<a@b.example.>",
    ),
)
DATES = (
    *(b"Mon, 2 Mar 2026 09:00:00 +0100", b"2 Mar 26 09:00 EST", b"Thu, 30 Feb 2026 25:61:00 CEST", b"Mon, 2 Mar 99999 09:00:00 +0000"),
    *(
        b"",
        b"2026-03-02T09:00:00Z",
        b"Mon, 2 Mar 2026 09:00:00 +9999",
        b"Mon, 2 Mar 2026 09:00:00 -2360",
        b"lundi 2 mars",
        b"1 Jan 1 00:00:00 +0000",
    ),
    *(b"Mon, 2 Mar 2026 09:00:00 +0100 (CET (x))", b"Mon,2Mar2026 09:00:00", b"Mon, 2 Mar 2026 09:00:00 +99999999999", b"0 0 0 0:0:0 0"),
)
IDS = (
    *(
        b"<1@commune.example>",
        b"<2@commune.example>",
        b"<sup-1.m1@desk.example>",
        b"<[0]@x.example>",
        b"<a b@x.example>",
        b"bare@x.example",
    ),
    *(
        b"<>",
        b"<",
        b"<a@x.example",
        b"<a@x.example> (c) <b@x.example>",
        b"<\x00@x.example>",
        b"<\xe9@x.example>",
        b"<" + b"a" * 1200 + b"@x.example>",
    ),
)
ENVELOPE = (
    # how often, the line
    (0.15, b"Return-Path: <counter@commune.example>"),
    (0.05, b"Return-Path: <>"),
    (0.02, b"Return-Path: <<a@b.example>, x"),
    (0.10, b"Authentication-Results: mx.desk.example; dmarc=pass header.from=commune.example; dkim=pass header.d=commune.example"),
    (0.04, b'Authentication-Results: mx.desk.example (c; dmarc=pass "x\\" header.from=evil.example'),
    (0.04, b"Authentication-Results: mx.desk.example 1; dmarc=fail (p=none) header.from=commune.example"),
    (0.30, b"Received: from a (b [192.0.2.1]) by mx.desk.example with ESMTP id 1; Mon, 2 Mar 2026 09:00:00 +0000"),
    (0.05, b"Delivered-To: support@desk.example"),
)
SAYS = (
    # how often, the line
    *((0.04, b"Auto-Submitted: " + value) for value in (b"auto-replied", b"no", b"auto-generated (x); y=z", b"(", b"")),
    *((0.02, b"Precedence: " + value) for value in (b"bulk", b"LIST", b"auto_reply", b"x")),
    *((0.03, value) for value in (b"List-Id: <news.lists.example.org>", b"List-Unsubscribe: <mailto:x@y.example>", b"X-Spam-Flag: YES")),
    *(
        (0.02, value)
        for value in (b"X-Failed-Recipients: gone@commune.example, ,", b"X-Auto-Response-Suppress: All", b"X-Loop: desk.example")
    ),
    *(
        (0.03, value)
        for value in (b"X-Gateway-Loop: desk.example aa", b"X-Gateway-Status: closed", b"X-Priority: 1", b"Thread-Index: AdAB")
    ),
    (0.50, b"MIME-Version: 1.0"),
)
ODD_FIELDS = (
    *(b"no field", b": empty", b"X", b"X:", b"X : y", b"x-odd\x00name: y", b"X-\xe9: \xe9", b"headers: x", b"attachments: y", b"body: z"),
    *(
        b" folded without a field",
        b"\tfolded",
        b"X-Long: " + b"y " * 3000,
        b"X-Tab:\t\x0b\x0cz",
        b"From",
        b"Subject",
        b"__class__: x",
        b"_parts: x",
    ),
    *(
        b"Content-Type: text/plain",
        b"Content-Type",
        b"Content-Type: multipart/mixed",
        b"Content-Transfer-Encoding: base64",
        b"Subject: two",
    ),
    *(
        b"Content-Type: text/plain; name*",
        b'Content-Type: ;;;=;"',
        b"Content-Type: text/",
        b"Content-Type: /plain",
        b"Content-Type: text/plain; charset",
    ),
)
BOUNDARIES = (b"b", b"=_alt", b"----=_Part_1", b"b b", b"B/x'()+_,-./:=?", b"b" * 70, b"b" * 300, "é".encode(), b"b--", b"--", b"=_alt2")
MULTIPARTS = (
    *(b"multipart/mixed", b"multipart/mixed", b"multipart/alternative", b"multipart/alternative", b"multipart/related", b"Multipart/MIXED"),
    *(b"multipart/report; report-type=delivery-status", b"multipart/report; report-type=disposition-notification", b"multipart/report"),
    *(b'multipart/signed; protocol="application/pkcs7-signature"', b'multipart/signed; protocol="application/pgp-signature"'),
    *(b'multipart/encrypted; protocol="application/pgp-encrypted"', b"multipart/digest", b"multipart/x-odd", b"multipart", b"multipart/"),
    *(b"multipart/report; report-type=feedback-report", b"multipart/appledouble", b"multipart/form-data", b"text/plain"),
)
TEXT_TYPES = (
    *(b"text/plain", b"text/plain", b"text/plain", b"TEXT/Plain", b"text/plain; format=flowed", b"text/plain; format=flowed; delsp=yes"),
    *(
        b"text/enriched",
        b"text/calendar; method=REQUEST",
        b"text/calendar; method=REPLY",
        b"text/csv",
        b"text/x-amp-html",
        b"text",
        b"plain",
        b"",
    ),
    *(b"text/watch-html", b"text/markdown", b"text/plain; name=log.txt", b"text/plain (c)", b"text/plain charset=utf-8", b"text/vcard"),
)
HTML = (
    *(
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<br>",
        "<br/>",
        "<b>",
        "</i>",
        "<table><tr><td>",
        "</table>",
        "<ul><li>",
        "<pre>\n a\n</pre>",
        "<hr>",
    ),
    *(
        "<blockquote type=cite>",
        "</blockquote>",
        "<div class=gmail_quote>",
        "<div class=moz-signature>-- <br>Counter</div>",
        "<div id=appendonsend>",
    ),
    *(
        "<img src=cid:pic@commune.example>",
        "<img src=https://example.org/p.gif width=1>",
        "<a href='https://example.org/?a=1&b=2'>",
        "</a>",
    ),
    *(
        "<style>p{}</style>",
        "<script>alert(1)</script>",
        "<!-- c -->",
        "<!--[if mso]>x<![endif]-->",
        "<![CDATA[x]]>",
        "<?xml x?>",
        "<o:p></o:p>",
    ),
    *(
        "<p hidden>h</p>",
        "<span style='display:none'>h</span>",
        "<title>t</title>",
        "<html><body>",
        "</body></html>",
        "<svg><a>",
        "<math><mi>",
    ),
    *(
        "<textarea><p>",
        "<select><option>x",
        "<iframe srcdoc='<p>'>",
        "<noscript>",
        "<template><p>x</template>",
        "<object data=x>",
        "<plaintext>",
    ),
    *(
        "&nbsp;",
        "&lt;",
        "&#0;",
        "&#xD800;",
        "&#x1F5A8;",
        "&bogus;",
        "&amp;amp;",
        "<",
        ">",
        "< a",
        "<a b='",
        "\x00",
        "\u2028",
        "<p title=\"a'b>",
    ),
)
ENCODINGS = (
    *(
        b"7bit",
        b"8bit",
        b"binary",
        b"base64",
        b"base64",
        b"BASE64 (x)",
        b"quoted-printable",
        b"quoted-printable",
        b"Quoted-Printable;",
        b"x-uuencode",
    ),
    *(b"", b"klingon", b"base64 quoted-printable"),
)
FILE_TYPES = (
    *(
        b"application/pdf",
        b"image/png",
        b"image/svg+xml",
        b"application/octet-stream",
        b"application/zip",
        b"audio/ogg",
        b"x/y",
        b"application/",
    ),
    *(
        b"application/pgp-signature",
        b"application/pkcs7-signature",
        b"application/pgp-encrypted",
        b"application/pgp-keys",
        b"text/html; name=a.html",
    ),
)
FILES = (
    b"",
    b"%PDF-1.4",
    b"\x89PNG\r\n\x1a\n" + bytes(64),
    b"PK\x05\x06" + bytes(18),
    b"<svg onload=x>",
    bytes(range(256)) * 3,
    b"text\nfile\n",
)
FILE_NAMES = (
    b'Content-Disposition: attachment; filename="a.pdf"',
    b'Content-Disposition: inline; filename="../../etc/cron.d/x"',
    b"Content-Disposition: attachment; filename*=utf-8''%E2%82%AC%00%0d%0a%2e%2e%2fx.pdf",
    b"Content-Disposition: attachment; filename*0*=utf-8''a%C3; filename*1*=%A9; filename*3=.exe; filename*2=b",
    b"Content-Disposition: attachment; filename=a b c; d=e.txt",
    b'Content-Disposition: attachment; filename="=?utf-8?q?=C3=A9?= =?utf-8?b?w6k=?=.txt"',
    b'Content-Disposition: attachment; filename="' + b"n" * 5000 + b'.txt"',
    "Content-Disposition: attachment; filename=gnp.\N{RIGHT-TO-LEFT OVERRIDE}exe".encode(),
    b"Content-Disposition: attachment; filename=CON; filename=NUL",
    b'Content-Disposition: ; =; filename="\\',
    b"Content-Disposition",
    b"Content-ID: <pic@commune.example>",
    b"Content-ID: <\x00\xff>",
    b"Content-Location: https://example.org/a/b.png?x",
    b"Content-Description: a scan\n of it",
)
_DELIVERY = b"""Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; gone@commune.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no
 such user

Final-Recipient: utf-8; \xc3\xa9@commune.example
Action: delayed
Status: 4.x"""
_ODD_DELIVERY = b"\n\nFinal-Recipient: ;\nAction: \nStatus: 99999.99999.99999\n\n\nFinal-Recipient: rfc822;<a@b.example>"
_RECEIPT = b"Final-Recipient: rfc822;x@y.example\nOriginal-Message-ID: <sup-1@desk.example>\nDisposition: a/b; displayed"
_COMPLAINT = b"Feedback-Type: abuse\nUser-Agent: x\nVersion: 1\nOriginal-Rcpt-To: <board@commune.example>\nReported-Domain: \x00"
REPORTS = (
    (b"message/delivery-status", _DELIVERY),
    (b"message/global-delivery-status", _ODD_DELIVERY),
    (b"message/disposition-notification", _RECEIPT),
    (b"message/feedback-report", _COMPLAINT),
)
