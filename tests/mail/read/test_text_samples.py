"""Mails whose words, names and files are packed as well as badly: what a careful reader would see in each."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable

import pytest

from gateway.mail.inbound import InboundMail
from gateway.mail.read.html import to_text
from gateway.mail.read.parse import read_mail
from tests.growth import assert_linear

HEAD = b"From: jess@example.org\nTo: support@example.be\nSubject: printer\nMessage-ID: <1@example.org>\nMIME-Version: 1.0\n"
FRENCH = "Déjà reçu, où êtes-vous ? Œuvre : 10 €, « voilà »."


def mail(*fields: str, body: bytes | str = b"") -> InboundMail:
    """A mail with these fields beside the usual ones."""
    raw = body.encode("utf-8", "surrogateescape") if isinstance(body, str) else body
    return read_mail(HEAD + "\n".join((*fields, "", "")).encode("utf-8", "surrogateescape") + raw)


def part(*fields: str, body: str = "x") -> str:
    """A part of a multipart mail, up to the next boundary `b`."""
    return "--b\n" + "\n".join(fields) + f"\n\n{body}\n"


def parts(*pieces: str, kind: str = "mixed") -> InboundMail:
    """A mail of parts."""
    return mail(f'Content-Type: multipart/{kind}; boundary="b"', body="".join(pieces) + "--b--\n")


def names(read: InboundMail) -> list[str]:
    """The names of the files."""
    return [one.filename for one in read.attachments]


WORDS = part("Content-Type: text/plain", body="Hello")

# What the label says, what the bytes are, what is written.
CHARSETS = {
    "utf-8": ("utf-8", "utf-8", FRENCH),
    "utf-8 without a label": ("", "utf-8", FRENCH),
    "utf-8 called latin": ("iso-8859-1", "utf-8", FRENCH),
    "utf-8 called ascii": ("us-ascii", "utf-8", FRENCH),
    "utf-8 called windows": ("windows-1252", "utf-8", FRENCH),
    "utf-8 in lower case without a dash": ("utf8", "utf-8", FRENCH),
    "windows called latin": ("iso-8859-1", "cp1252", FRENCH),
    "windows without a label": ("", "cp1252", FRENCH),
    "windows called utf-8": ("utf-8", "cp1252", FRENCH),
    "windows called ascii": ("us-ascii", "cp1252", FRENCH),
    "windows called nothing known": ("x-user-defined", "cp1252", FRENCH),
    "latin 9": ("iso-8859-15", "iso-8859-15", "Œuvre à 10 €"),
    "latin 9 in capitals": ("ISO-8859-15", "iso-8859-15", "Œuvre à 10 €"),
    "latin 2": ("iso-8859-2", "iso-8859-2", "Příliš žluťoučký kůň"),
    "latin 5": ("iso-8859-9", "iso-8859-9", "Işık, ğ ve İstanbul"),
    "latin 7": ("iso-8859-7", "iso-8859-7", "Καλημέρα σας"),
    "windows 1250": ("windows-1250", "cp1250", "Zażółć gęślą jaźń"),
    "windows 1251": ("windows-1251", "cp1251", "Здравствуйте"),
    "windows 1253": ("windows-1253", "cp1253", "Καλημέρα"),
    "windows 1254": ("windows-1254", "cp1254", "Işık ğ"),
    "windows 1255": ("windows-1255", "cp1255", "שלום רב"),
    "windows 1256": ("windows-1256", "cp1256", "مرحبا بكم"),
    "windows 1257": ("windows-1257", "cp1257", "Ačiū labai"),
    "hebrew as it is read": ("iso-8859-8-i", "iso-8859-8", "שלום רב"),
    "koi8-r": ("koi8-r", "koi8-r", "Здравствуйте"),
    "koi8-u": ("koi8-u", "koi8-u", "Привіт, їжак"),
    "mac": ("macintosh", "mac_roman", "Déjà œuvre"),
    "mac with an x": ("x-mac-roman", "mac_roman", "Déjà œuvre"),
    "dos": ("ibm850", "cp850", "Déjà reçu"),
    "gb2312": ("gb2312", "gbk", "您好，打印机坏了。"),
    "gb18030": ("gb18030", "gb18030", "您好，打印机坏了。"),
    "big5": ("big5", "big5", "您好，印表機壞了。"),
    "shift_jis": ("shift_jis", "cp932", "プリンターが壊れました。①"),
    "iso-2022-jp": ("iso-2022-jp", "iso-2022-jp", "プリンターが壊れました。"),
    "iso-2022-jp without a label": ("", "iso-2022-jp", "プリンターが壊れました。"),
    "euc-jp": ("euc-jp", "euc-jp", "プリンターが壊れました。"),
    "euc-kr": ("euc-kr", "euc-kr", "프린터가 고장났습니다."),
    "ks_c_5601": ("ks_c_5601-1987", "cp949", "프린터가 고장났습니다."),
    "thai": ("tis-620", "tis-620", "สวัสดีครับ"),
    "vietnamese": ("windows-1258", "cp1258", "Xin chào"),
    "utf-16 with its mark": ("utf-16", "utf-16", FRENCH),
    "utf-16 little end without a mark": ("utf-16le", "utf-16-le", FRENCH),
    "utf-16 big end without a mark": ("utf-16be", "utf-16-be", FRENCH),
    "utf-16 little end called only utf-16": ("utf-16", "utf-16-le", FRENCH),
    "utf-16 big end called only utf-16": ("utf-16", "utf-16-be", FRENCH),
    "utf-8 called utf-16": ("utf-16", "utf-8", FRENCH),
    "utf-8 with its mark": ("utf-8", "utf-8-sig", FRENCH),
    "utf-7": ("utf-7", "utf-7", "Déjà reçu"),
    "charset in a comment": ("utf-8 (Unicode)", "utf-8", FRENCH),
    "charset in single quotes": ("'utf-8'", "utf-8", FRENCH),
    "charset with a line end": ('"utf-8;"', "utf-8", FRENCH),
    "charset of a browser": ("utf-8; format=flowed", "utf-8", FRENCH),
    "encoded two times stays": ("utf-8", "utf-8", "DÃ©jÃ  reÃ§u"),
}


@pytest.mark.parametrize("name", CHARSETS)
@pytest.mark.parametrize("packed", ["base64", "quoted-printable"])
def test_words_are_read_in_the_charset_that_they_are_in(name: str, packed: str) -> None:
    """A right label is believed; a wrong one, or none, makes no mojibake; and how it is packed does not matter."""
    label, charset, text = CHARSETS[name]
    raw = f"{text}\n".encode(charset)
    body = base64.encodebytes(raw) if packed == "base64" else quopri.encodestring(raw)
    kind = f"Content-Type: text/plain; charset={label}" if label else "Content-Type: text/plain"
    assert mail(kind, f"Content-Transfer-Encoding: {packed}", body=body).text.strip() == text


PACKED = {
    "soft line breaks": ("quoted-printable", b"a very long =\nline", "a very long line"),
    "soft break with blanks behind": ("quoted-printable", b"a very long = \t\nline", "a very long line"),
    "soft break at the end": ("quoted-printable", b"done=", "done"),
    "lower-case digits": ("quoted-printable", b"d=c3=a9j=c3=a0", "déjà"),
    "an equals sign that is none": ("quoted-printable", b"a = b, c=d, 100%=xx", "a = b, c=d, 100%=xx"),
    "eight bits in it": ("quoted-printable", "déjà =C3=A0".encode(), "déjà à"),
    "upper-case name": ("QUOTED-PRINTABLE", b"=C3=A9", "é"),
    "name in quotes": ('"base64"', base64.b64encode("Déjà".encode()), "Déjà"),
    "base64 with blanks in lines": ("base64", b"SGVsbG8g d29ybGQ=\n", "Hello world"),
    "base64 with junk between": ("base64", b"SGVs*bG8g\r\n!d29ybGQ=\r\n", "Hello world"),
    "base64 without its padding": ("base64", b"SGVsbG8gd29ybGQ", "Hello world"),
    "base64 with a footer of a list": ("base64", b"SGVsbG8gd29ybGQ=\n\n_____\nlist footer here\n", "Hello world"),
    "base64 in one long line": ("base64", base64.b64encode(b"word " * 400), ("word " * 400).strip()),
    "base64 in two padded halves": ("base64", base64.b64encode(b"Hello w") + b"\n" + base64.b64encode(b"orld"), "Hello world"),
    "an unknown packing": ("8bits", "déjà".encode(), "déjà"),
    "none": ("", "déjà".encode(), "déjà"),
    "uuencode": ("x-uuencode", b"begin 644 text\n+2&5L;&\\@=V]R;&0 \n`\nend\n", "Hello world"),
}


@pytest.mark.parametrize("name", PACKED)
def test_words_are_unpacked_although_they_are_packed_badly(name: str) -> None:
    """What other programs would read is read; what cannot be unpacked is read as it stands."""
    packing, body, text = PACKED[name]
    assert mail("Content-Type: text/plain; charset=utf-8", f"Content-Transfer-Encoding: {packing}", body=body).text.strip() == text


FLOWED = {
    "delsp joins": ("http://example.org/a-very- \nlong-address ok", "http://example.org/a-very-long-address ok"),
    "quotation is joined with quotation": ("> one  \n> two\nthree", "> one two\nthree"),
    "signature is no soft line": ("Hello\n-- \nJess", "Hello\n-- \nJess"),
    "stuffed": (" >no quotation\n From here", ">no quotation\nFrom here"),
    "depths do not join": (">> one \n> two", ">> one\n> two"),
    "paragraph": ("one  \ntwo\n\nthree", "one two\n\nthree"),
}


@pytest.mark.parametrize("name", FLOWED)
def test_soft_line_ends_whose_blank_is_to_go_are_joined(name: str) -> None:
    """A text whose program says so has its lines, addresses above all, in one piece again (RFC 3676 §4)."""
    written, text = FLOWED[name]
    assert mail("Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes", body=written).text.strip("\n") == text


KEPT_BLANKS = {
    "words join with their blank": ("one \ntwo", "one two"),
    "a paragraph ends at an empty line": ("one \n\ntwo \nthree", "one\n\ntwo three"),
    "quotation with quotation": ("> one \n> two\nthree", "> one two\nthree"),
    "depths do not join": (">> one \n> two", ">> one\n> two"),
    "signature": ("Hello \n-- \nJess", "Hello\n-- \nJess"),
    "hard lines stay": ("- one\n- two", "- one\n- two"),
    "the last line": ("one ", "one"),
}


@pytest.mark.parametrize("name", KEPT_BLANKS)
def test_soft_line_ends_are_blanks_between_words(name: str) -> None:
    """Without `delsp` the blank at a soft line end is the writer's own (RFC 3676 §4.1); nothing else moves."""
    written, text = KEPT_BLANKS[name]
    assert mail("Content-Type: text/plain; charset=utf-8; format=flowed", body=written).text.strip("\n").rstrip(" ") == text
    assert mail("Content-Type: text/plain; charset=utf-8", body=written).text.strip("\n").rstrip(" ") == written.rstrip(" ")


SUBJECTS = {
    "=?utf-8?Q?D=C3=A9j=C3=A0?=": "Déjà",
    "=?UTF-8?B?RMOpasOg?=": "Déjà",
    "=?iso-8859-1?Q?D=E9j=E0_re=E7u?=": "Déjà reçu",
    "=?utf-8?Q?D=C3?= =?utf-8?Q?=A9j=C3=A0?=": "Déjà",
    "=?utf-8?B?RMM=?=\n =?utf-8?B?qWrDoA==?=": "Déjà",
    "=?utf-8?Q?one?= =?utf-8?Q?_two?=": "one two",
    "=?utf-8?Q?one?=\n =?iso-8859-1?Q?_d=E9?=": "one dé",
    "Re: =?utf-8?Q?D=C3=A9?= [DESK-1]": "Re: Dé [DESK-1]",
    "Re:=?utf-8?Q?_D=C3=A9?=": "Re: Dé",
    "a=?utf-8?Q?=C3=A9?=b": "aéb",
    "=?utf-8*fr?Q?D=C3=A9?=": "Dé",
    "=?utf-8?q?With blanks inside?=": "With blanks inside",
    "=?utf-8?Q?no end": "no end",
    "=?utf-8?Q?a=3F?=": "a?",
    "=?windows-1251?B?z/Do4uXy?=": "Привет",
    "=?koi8-r?B?8NLJ18XU?=": "Привет",
    "=?gb2312?B?tPLTobv6?=": "打印机",
    "=?iso-2022-jp?B?GyRCJVclaiVzJT8hPBsoQg==?=": "プリンター",
    "=?unknown-8bit?Q?D=C3=A9j=C3=A0?=": "Déjà",
    "=?x-unknown?Q?D=E9j=E0?=": "Déjà",
    '"=?utf-8?Q?quoted=C3=A9?="': '"quotedé"',
    "Déjà reçu": "Déjà reçu",
    "D\udce9j\udce0 re\udce7u": "Déjà reçu",
    "folded\n and folded\n\tagain": "folded and folded again",
    "=?utf-8?Q?=F0=9F=96=A8_printer?=": "\U0001f5a8 printer",
    "=?utf-8?Q?line=0D=0ABcc:_x?=": "line Bcc: x",
    "price =?= 10": "price =?= 10",
    "=?utf-8?Q??=": "",
}


@pytest.mark.parametrize("written", SUBJECTS)
def test_a_subject_is_read_as_it_was_meant(written: str) -> None:
    """Encoded words are read also where they are split, wrapped or broken; raw bytes are read as the charset that they are in."""
    raw = b"From: jess@example.org\nSubject: " + written.encode("utf-8", "surrogateescape") + b"\nMessage-ID: <1@example.org>\n\nx"
    assert read_mail(raw).subject == SUBJECTS[written]


FROM = {
    "Jess Martin <jess@example.org>": ("jess@example.org", "Jess Martin"),
    '"Martin, Jess" <jess@example.org>': ("jess@example.org", "Martin, Jess"),
    "jess@example.org (Jess Martin)": ("jess@example.org", "Jess Martin"),
    "=?utf-8?Q?Jess_Mart=C3=ADn?= <jess@example.org>": ("jess@example.org", "Jess Martín"),
    '"=?utf-8?Q?Jess_Mart=C3=ADn?=" <jess@example.org>': ("jess@example.org", "Jess Martín"),
    "=?utf-8?B?SmVzcyBNYXJ0?= =?utf-8?B?w61u?= <jess@example.org>": ("jess@example.org", "Jess Martín"),
    "'Jess Martin' <Jess@Example.org>": ("jess@example.org", "Jess Martin"),
    "<jess@example.org>": ("jess@example.org", ""),
    "JESS@EXAMPLE.ORG": ("jess@example.org", ""),
    "Jess (library) Martin <jess@example.org>": ("jess@example.org", "Jess  Martin"),
    "jess@example.org <jess@example.org>": ("jess@example.org", "jess@example.org"),
    '"jess@example.org" <jess@example.org>': ("jess@example.org", "jess@example.org"),
    "Jess Mart\udcedn <jess@example.org>": ("jess@example.org", "Jess Martín"),
    "Jess\n Martin\n <jess@example.org>": ("jess@example.org", "Jess Martin"),
    "Jess <jess@bücher.example>": ("jess@xn--bcher-kva.example", "Jess"),
    "Jess <jess+printer@mail.example.org>": ("jess+printer@mail.example.org", "Jess"),
    '"Jess \\"J\\" Martin" <jess@example.org>': ("jess@example.org", 'Jess "J" Martin'),
    "Jess Martin<jess@example.org>": ("jess@example.org", "Jess Martin"),
    "Jess via Desk <desk@example.org>": ("desk@example.org", "Jess via Desk"),
}


@pytest.mark.parametrize("written", FROM)
def test_a_person_is_read_from_the_line_that_names_her(written: str) -> None:
    """Name and address are those that a mail program shows."""
    read = read_mail(b"From: " + written.encode("utf-8", "surrogateescape") + b"\nMessage-ID: <1@example.org>\n\nx")
    shown = read.sender or read.claimed_sender
    assert shown is not None
    assert (shown.address, " ".join(shown.name.split())) == (FROM[written][0], " ".join(FROM[written][1].split()))


ATTACHED = "Content-Type: application/pdf|Content-Disposition: attachment"
# The header fields of a file, with `|` between them, and its name. Where only a parameter is written it stands behind ATTACHED.
NAMES = {
    "; filename=plan.pdf": "plan.pdf",
    'Content-Type: application/pdf; name="plan.pdf"': "plan.pdf",
    'Content-Type: application/pdf; name="a.pdf"|Content-Disposition: attachment; filename="b.pdf"': "b.pdf",
    "; filename=my plan 2.pdf": "my plan 2.pdf",
    "; filename*=utf-8''d%C3%A9j%C3%A0.pdf": "déjà.pdf",
    "; filename*=iso-8859-1'fr'd%E9j%E0.pdf": "déjà.pdf",
    "; filename=\"deja.pdf\"; filename*=UTF-8''d%C3%A9j%C3%A0.pdf": "déjà.pdf",
    "; filename*0*=utf-8''d%C3%A9; filename*1*=j%C3%A0; filename*2=.pdf": "déjà.pdf",
    '; filename*0="a very "; filename*1="long name.pdf"': "a very long name.pdf",
    '; filename*1="b.pdf"; filename*0="a"': "ab.pdf",
    "; filename*0*=utf-8''d%C3; filename*1*=%A9.pdf": "dé.pdf",
    'Content-Type: application/pdf; name="=?utf-8?Q?d=C3=A9j=C3=A0.pdf?="': "déjà.pdf",
    'Content-Type: application/pdf; name="=?utf-8?B?ZMOpasOg?= =?utf-8?B?LnBkZg==?="': "déjà.pdf",
    "Content-Type: application/pdf; name==?utf-8?Q?d=C3=A9j=C3=A0.pdf?=": "déjà.pdf",
    '; filename="déjà.pdf"': "déjà.pdf",
    '; filename="d\udce9j\udce0.pdf"': "déjà.pdf",
    '; filename="100%25 sure.pdf"': "100%25 sure.pdf",
    '; filename="a;b.pdf"': "a;b.pdf",
    '; filename="say \\"hi\\".pdf"': 'say "hi".pdf',
    '; filename="C:\\My Files\\plan.pdf"': "plan.pdf",
    '; filename="../../etc/plan.pdf"': "plan.pdf",
    '; FileName = "plan.pdf"': "plan.pdf",
    ';filename="plan.pdf"; size=12': "plan.pdf",
    "; filename='plan.pdf'": "plan.pdf",
    'Content-Type: application/pdf|Content-Disposition: filename="plan.pdf"': "plan.pdf",
    'Content-Type: text/plain|Content-Disposition: attachment; filename="notes.txt"': "notes.txt",
    'Content-Type: text/html|Content-Disposition: attachment; filename="page.html"': "page.html",
    'Content-Type: text/csv; name="list.csv"|Content-Disposition: inline; filename="list.csv"': "list.csv",
    'Content-Type: text/plain; name="log.txt"|Content-Disposition: inline': "log.txt",
    "Content-Type: application/pdf|Content-Disposition: attachment": "file.pdf",
    "Content-Type: image/png|Content-ID: <logo.png@example.org>": "logo.png",
    "Content-Type: image/jpeg|Content-Location: photo.jpg": "photo.jpg",
    "Content-Type: image/jpeg|Content-Description: my photo": "my photo.jpg",
    "Content-Type: image/png": "image.png",
    "Content-Type: audio/amr": "audio.amr",
    "Content-Type: text/calendar; method=REQUEST": "invite.ics",
    "Content-Type: text/x-vcard; name=jess.vcf": "jess.vcf",
    "Content-Type: application/ms-tnef": "winmail.dat",
    "Content-Type: application/pkcs7-signature": "smime.p7s",
    "Content-Type: application/pgp-signature": "signature.asc",
    "Content-Type: application/x-unheard-of": "file",
    'Content-Type: application/octet-stream|Content-Disposition: attachment; filename=""': "file.bin",
    'Content-Type: application/octet-stream; name="=?windows-1251?B?7+vg7S5wZGY=?="': "план.pdf",
    'Content-Type: application/octet-stream; name="=?iso-2022-jp?B?GyRCN1cyaBsoQi5wZGY=?="': "計画.pdf",
    'Content-Type: application/pdf; name="plan\n of the\n town.pdf"': "plan of the town.pdf",
    "Content-Type: application/pdf; x-unix-mode=0644; name=plan.pdf": "plan.pdf",
    "Content-Disposition: attachment; filename=plan.pdf": "plan.pdf",
}


@pytest.mark.parametrize("fields", NAMES)
def test_a_file_has_the_name_that_its_sender_gave_it(fields: str) -> None:
    """However the name is written; a file without one is called after what it is."""
    whole = ATTACHED + fields if fields.startswith(";") else fields
    assert names(parts(WORDS, part(*whole.split("|")))) == [NAMES[fields]]


PAGE = part("Content-Type: text/html", body="<p>Hello</p>")
PDF = part("Content-Type: application/pdf; name=plan.pdf", "Content-Transfer-Encoding: base64", body="JVBERg==")
LOGO = part("Content-Type: image/png; name=logo.png", "Content-ID: <l@x>", "Content-Disposition: inline", body="x")
SIGNED_TEXT = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----"
EMPTY_TEXT = part("Content-Type: text/plain", body="")


def nested(kind: str, *pieces: str) -> str:
    """A multipart as a part of another one."""
    return part(f'Content-Type: multipart/{kind}; boundary="n"', body="".join(pieces).replace("--b\n", "--n\n") + "--n--")


def calendar(*fields: str) -> str:
    """An invitation."""
    return part("Content-Type: text/calendar; method=REQUEST", *fields, body="BEGIN:VCALENDAR\nEND:VCALENDAR")


# How a mail is built: its kind, its parts, its words, its files.
BUILT: dict[str, tuple[str, tuple[str, ...], str, list[str]]] = {
    "text and file": ("mixed", (WORDS, PDF), "Hello", ["plan.pdf"]),
    "file before text": ("mixed", (PDF, WORDS), "Hello", ["plan.pdf"]),
    "two texts": ("mixed", (WORDS, WORDS), "Hello\n\nHello", []),
    "text, file, footer of a list": (
        "mixed",
        (WORDS, PDF, part("Content-Type: text/plain", body="_____\nlist")),
        "Hello\n\n_____\nlist",
        ["plan.pdf"],
    ),
    "alternatives": ("alternative", (WORDS, PAGE), "Hello", []),
    "alternatives, the page first": ("alternative", (PAGE, WORDS), "Hello", []),
    "page alone": ("mixed", (PAGE,), "Hello", []),
    "page with its picture": ("related", (PAGE.replace("Hello", 'Hello<img src="cid:l@x">'), LOGO), "Hello", ["logo.png"]),
    "related in alternative": ("alternative", (WORDS, nested("related", PAGE, LOGO)), "Hello", ["logo.png"]),
    "alternative in related": ("related", (nested("alternative", WORDS, PAGE), LOGO), "Hello", ["logo.png"]),
    "alternative in mixed": ("mixed", (nested("alternative", WORDS, PAGE), PDF), "Hello", ["plan.pdf"]),
    "file inside alternative": ("alternative", (WORDS, nested("mixed", PAGE, PDF)), "Hello", ["plan.pdf"]),
    "file as an alternative": ("alternative", (WORDS, PAGE, PDF), "Hello", ["plan.pdf"]),
    "an empty text beside a page": ("alternative", (EMPTY_TEXT, PAGE), "Hello", []),
    "an invitation as an alternative": ("alternative", (WORDS, PAGE, calendar()), "Hello", ["invite.ics"]),
    "an invitation two times": (
        "mixed",
        (nested("alternative", WORDS, calendar()), calendar("Content-Disposition: attachment; filename=invite.ics")),
        "Hello",
        ["invite.ics"],
    ),
    "signed": ("signed", (WORDS, part("Content-Type: application/pkcs7-signature; name=smime.p7s")), "Hello", ["smime.p7s"]),
    "signed by pgp": ("signed", (WORDS, part("Content-Type: application/pgp-signature; name=signature.asc")), "Hello", ["signature.asc"]),
    "signed in the text": ("mixed", (part("Content-Type: text/plain", body=SIGNED_TEXT),), "Hello", ["signature.asc"]),
    "encrypted by pgp": (
        "encrypted",
        (
            part("Content-Type: application/pgp-encrypted", body="Version: 1"),
            part("Content-Type: application/octet-stream; name=encrypted.asc"),
        ),
        "",
        ["encrypted.asc", "encrypted.asc"],
    ),
    "a mail in it, named by its subject": (
        "mixed",
        (WORDS, part("Content-Type: message/rfc822", body="From: ann@example.org\nSubject: the leak\n\nIt leaks.")),
        "Hello",
        ["the leak.eml"],
    ),
    "a mail in it with a name": (
        "mixed",
        (WORDS, part('Content-Type: message/rfc822; name="leak.eml"', body="From: ann@example.org\nSubject: x\n\nIt leaks.")),
        "Hello",
        ["leak.eml"],
    ),
    "digest": (
        "digest",
        (part(body="From: ann@example.org\nSubject: one\n\n1"), part(body="From: ann@example.org\nSubject: two\n\n2")),
        "",
        ["one.eml", "two.eml"],
    ),
    "appledouble": (
        "mixed",
        (WORDS, nested("appledouble", part("Content-Type: application/applefile; name=plan.pdf"), PDF)),
        "Hello",
        ["plan.pdf", "plan.pdf"],
    ),
    "a text file is no words": ("mixed", (WORDS, part("Content-Type: text/plain; name=notes.txt", body="notes")), "Hello", ["notes.txt"]),
    "a page as a file": (
        "mixed",
        (WORDS, part("Content-Type: text/html", "Content-Disposition: attachment; filename=a.html")),
        "Hello",
        ["a.html"],
    ),
    "uuencode in the text": (
        "mixed",
        (part("Content-Type: text/plain", body="Hello\n\nbegin 644 a.txt\n#8F%R\n`\nend\n"),),
        "Hello",
        ["a.txt"],
    ),
    "yenc in the text": (
        "mixed",
        (part("Content-Type: text/plain", body="=ybegin line=128 size=3 name=a.bin\nabc\n=yend size=3"),),
        "=ybegin line=128 size=3 name=a.bin\nabc\n=yend size=3",
        [],
    ),
    "a boundary inside the words": (
        "mixed",
        (part("Content-Type: text/plain", body="Hello\n --b\n--bb\nworld"),),
        "Hello\n --b\n--bb\nworld",
        [],
    ),
    "an unknown multipart": ("x-odd", (WORDS, PDF), "Hello", ["plan.pdf"]),
    "a report": (
        "report",
        (WORDS, part("Content-Type: message/delivery-status", body="Reporting-MTA: dns; mx.example.org")),
        "Hello",
        ["delivery-status.txt"],
    ),
    "markdown beside text": ("mixed", (WORDS, part("Content-Type: text/markdown; name=read.me.md")), "Hello", ["read.me.md"]),
    "a page for watches": ("alternative", (WORDS, part("Content-Type: text/watch-html", body="<b>Hello</b>"), PAGE), "Hello", []),
    "two pictures of one name": (
        "mixed",
        (WORDS, part("Content-Type: image/png; name=a.png", body="1"), part("Content-Type: image/png; name=a.png", body="2")),
        "Hello",
        ["a.png", "a.png"],
    ),
    "one file two times": ("mixed", (WORDS, PDF, PDF), "Hello", ["plan.pdf"]),
    "nothing but files": ("mixed", (PDF, LOGO), "", ["plan.pdf", "logo.png"]),
}


@pytest.mark.parametrize("name", BUILT)
def test_words_and_files_are_told_apart(name: str) -> None:
    """However the parts stand in each other, the words are read once and every file is there under its name."""
    kind, pieces, text, files = BUILT[name]
    read = parts(*pieces, kind=kind)
    assert (read.text.strip(), names(read)) == (text, files)


# A page, and what a person sees of it.
PAGES = {
    "<p>One</p><p>Two</p>": "One\n\nTwo",
    "<div>One</div><div>Two</div>": "One\nTwo",
    "<div>One</div><div><br></div><div>Two</div>": "One\n\nTwo",
    "One<br>Two<br/>Three<br />Four": "One\nTwo\nThree\nFour",
    "<p>One\n   line</p>": "One line",
    "<ul><li>One</li><li>Two</li></ul>": "- One\n- Two",
    "<p>So:</p><ol><li>One</li><li>Two</li></ol>": "So:\n\n1. One\n2. Two",
    '<ol start="3"><li>Three</li><li>Four</li></ol>': "3. Three\n4. Four",
    "<ul><li>One<ul><li>Inner</li></ul></li><li>Two</li></ul>": "- One\n  - Inner\n- Two",
    "<ol><li><p>One</p></li><li><p>Two</p></li></ol>": "1. One\n\n2. Two",
    "<ul><li><p>One</p></li><li><p>Two</p></li></ul>": "- One\n\n- Two",
    "<table><tr><td>A</td><td>B</td></tr><tr><td>C</td><td>D</td></tr></table>": "A\tB\nC\tD",
    "<table><tr><th>A</th><th>B</th></tr><tr><td><p>C</p></td><td><p>D</p></td></tr></table>": "A\tB\nC\tD",
    "<table><tr><td><div>A</div></td><td><div>B</div></td></tr></table>": "A\tB",
    "<table><tr><td>A</td><td></td><td>C</td></tr></table>": "A\t\tC",
    '<a href="https://example.org/a">here</a>': "here <https://example.org/a>",
    '<a href="https://example.org/a">https://example.org/a</a>': "https://example.org/a",
    '<a href="https://example.org/">example.org</a>': "example.org",
    '<a href="mailto:ann@example.org">ann@example.org</a>': "ann@example.org",
    '<a href="mailto:ann@example.org?subject=x">Ann</a>': "Ann <ann@example.org>",
    '<a href="tel:+3220000000">+32 2 000 00 00</a>': "+32 2 000 00 00",
    '<a href="#top">up</a>': "up",
    '<a href="https://example.org/a"><img src="cid:x" alt="Logo"></a>': "Logo <https://example.org/a>",
    '<a name="x">Words</a>': "Words",
    "<pre>one\n  two\n\nthree</pre>": "one\n  two\n\nthree",
    "<p>before</p><pre>a\tb</pre><p>after</p>": "before\n\na\tb\n\nafter",
    '<div style="display:none">preheader</div><p>Words</p>': "Words",
    '<span style="display: none !important">preheader</span>Words': "Words",
    '<div style="mso-hide:all;max-height:0;overflow:hidden">preheader</div><p>Words</p>': "Words",
    '<div style="max-height:0px;overflow:hidden">preheader</div><p>Words</p>': "Words",
    '<div style="visibility:hidden">preheader</div><p>Words</p>': "Words",
    '<table><tr><td style="font-size:0px"><div style="font-size:16px">Words</div></td></tr></table>': "Words",
    '<!--[if mso]><center>Press</center><![endif]--><a href="https://example.org/" style="mso-hide:all">Press</a>': "Press <https://example.org/>",
    '<div style="opacity:0.9;max-height:0.5em">Words</div>': "Words",
    '<div style="max-height:0">Words</div>': "Words",
    "<ul><li>One<br>more</li><li></li><li>Two</li></ul>": "- One\nmore\n- Two",
    "<ul><li><ol><li>Inner</li></ol></li></ul>": "1. Inner",
    '<ol start="x"><li value="7">Seven</li><li>Eight</li></ol>': "7. Seven\n8. Eight",
    "</li><li>Loose</li>": "- Loose",
    "<table><tr><td><p>A</p><p>B</p></td><td>C</td></tr></table>": "A\n\nB\n\nC",
    "<table><tr><td><p>A<br>B</p></td><td>C</td></tr></table>": "A\nB\n\nC",
    "<table><tr><td><p>A</p></td></tr><tr><td><p>B</p></td></tr></table>": "A\n\nB",
    "<table><tr><td>A</td> <td>x<p>B</p></td></tr></table>": "A\tx\n\nB",
    f"<table><tr>{'<td><p>A</p></td>' * 10}</tr></table>": "\t".join("A" * 10),
    f"<table><tr><td><p>{'<b>A</b> ' * 9}</p></td><td>B</td></tr></table>": "A A A A A A A A A\n\nB",
    '<div style="opacity:0">preheader</div><p>Words</p>': "Words",
    "<!--[if mso]><p>for Outlook</p><![endif]--><p>Words</p>": "Words",
    "<!--[if !mso]><!--><p>Words</p><!--<![endif]-->": "Words",
    "<![if !supportLists]>·<![endif]>Words": "·Words",
    '<p class="MsoNormal">One<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><p>Two<o:p></o:p></p>': "One\n\nTwo",
    "<p>A&nbsp;B &amp; C &lt;D&gt; &eacute; &#8364; &#x20AC;</p>": "A B & C <D> é € €",
    "<p>soft&shy;hyphen zero&#8203;width</p>": "soft\u00adhyphen zero\u200bwidth",
    "<blockquote>One<blockquote>Two</blockquote></blockquote>": "> One\n>\n> > Two",
    "<p>Hi</p><blockquote><p>One</p><p>Two</p></blockquote><p>Bye</p>": "Hi\n\n> One\n>\n> Two\n\nBye",
    "<h1>Title</h1><p>Words</p>": "Title\n\nWords",
    "<p>One</p><hr><p>Two</p>": "One\n\nTwo",
    "<style>p{color:red}</style><script>x()</script><p>Words</p>": "Words",
    "<head><title>No</title></head><body>Words</body>": "Words",
    "<b>Bold</b> and <i>italic</i><u>under</u>": "Bold and italicunder",
    "<p>1 < 2 and 3 > 2</p>": "1 < 2 and 3 > 2",
    "Words without any tag\nin two lines": "Words without any tag in two lines",
    "<p>unclosed<p>again": "unclosed\n\nagain",
    '<img src="cid:x" alt="A photo of the leak">': "A photo of the leak",
    '<img src="https://example.org/pixel.gif" width="1" height="1" alt="">Words': "Words",
    "<dl><dt>Name</dt><dd>Jess</dd></dl>": "Name\nJess",
    "<p>A<sup>2</sup> H<sub>2</sub>O</p>": "A2 H2O",
    "<button>Press</button> <label>Name</label> <input value='x'>": "Press Name",
    "<p><span>One</span> <span>Two</span></p>": "One Two",
    "<p>One</p>\n\n\n<p> </p>\n<p>Two</p>": "One\n\nTwo",
    "<div><div><div>Deep</div></div></div>": "Deep",
    "<p>\U0001f600 ok</p>": "\U0001f600 ok",
    "<table><tr><td><table><tr><td>Inner</td></tr></table></td></tr></table>": "Inner",
    "<del>old</del> <ins>new</ins>": "old new",
    "<q>said</q>": "said",
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_reads_as_a_person_sees_it(page: str) -> None:
    """Its words are there once, in their lines, lists and tables; what is hidden is not."""
    assert to_text(page).strip() == PAGES[page]


def flowed(text: str) -> str:
    """The words of a text with soft line ends."""
    return mail("Content-Type: text/plain; format=flowed; delsp=yes", body=text).text


def unpacked(text: str) -> str:
    """The words of base64."""
    return mail("Content-Type: text/plain", "Content-Transfer-Encoding: base64", body=text).text


# What is made long, of what, and how often.
LONG: dict[str, tuple[Callable[[str], str], str, int]] = {
    "lists": (to_text, "<ol><li>x</ol>", 2000),
    "items": (to_text, "<li value=9><p>x</p></li>", 2000),
    "cells": (to_text, "<td><p>x</p></td>", 2000),
    "cells in cells": (to_text, "<table><tr><td><p><td>x", 1500),
    "styles": (to_text, '<p style="max-height: 0 overflow: opacity: 0.000001">x</p>', 2000),
    "soft lines": (flowed, "word \n", 30_000),
    "soft quoted lines": (flowed, "> word \n>> \n", 15_000),
    "padded pieces": (unpacked, "eA==\n", 30_000),
    "padded breaks": (unpacked, "= \n", 30_000),
}


@pytest.mark.parametrize("name", LONG)
def test_twice_as_much_of_it_takes_twice_the_time(name: str) -> None:
    """What a stranger makes long costs time in step with its length."""
    read, piece, count = LONG[name]
    once, twice = piece * count, piece * 2 * count
    assert_linear(lambda: read(once), lambda: read(twice))
