"""Reading a mail: any bytes, every limit, every charset trick, and which parts are words and which are files."""

from __future__ import annotations

import base64
import email
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mail.inbound import InboundMail
from gateway.mail.read.parse import Limits, read_mail
from tests.growth import assert_linear

HEAD = b"From: Jess Martin <jess@example.org>\nTo: support@example.be\nSubject: printer\nMessage-ID: <1@example.org>\n"


def mail(*parts: bytes, kind: bytes = b"mixed", head: bytes = HEAD) -> bytes:
    """A multipart mail of these parts, each with its own header fields."""
    body = b"".join(b"--edge\n" + part + b"\n" for part in parts)
    return head + b"Content-Type: multipart/" + kind + b"; boundary=edge\n\n" + body + b"--edge--\n"


def plain(body: bytes, charset: str = "", encoding: str = "8bit") -> bytes:
    """A mail of one text."""
    label = f"; charset={charset}" if charset else ""
    return HEAD + f"Content-Type: text/plain{label}\nContent-Transfer-Encoding: {encoding}\n\n".encode() + body


def texts_of(value: Any) -> list[str]:
    """Every string inside a value, however deep."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for one in pair for text in texts_of(one)]
    if isinstance(value, (list, tuple)):
        return [text for one in value for text in texts_of(one)]
    return []


def assert_safe(read: InboundMail) -> None:
    """Every text can be stored and shown, and the wall was not needed to get there."""
    assert not any(defect.startswith("reader-failed") for defect in read.defects)
    for text in texts_of(asdict(read)):
        text.encode("utf-8")
        assert "\0" not in text
    for header in read.headers:
        assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in header.value + header.decoded)
    assert not any(ord(char) < 32 and char not in "\n\t" for char in read.text)


# --- any bytes ----------------------------------------------------------------------------------------------------------------------------

_SNIPPETS = st.sampled_from(
    [
        *(
            b"\n",
            b"\r\n",
            b"\r",
            b"\n\n",
            b" ",
            b"\t",
            b"\0",
            b"\xff",
            b"\xc3\xa9",
            b"\xed\xa0\x80",
            b"=?utf-8?q?a=0Ab?=",
            b"=?utf-8?b?/w==?=",
        ),
        *(
            b"From: ",
            b"To: a@example.org, b@example.org\n",
            b"Subject: ",
            b"Date: Mon, 30 Feb 2026 99:99 +9999\n",
            b"Content-Type: ",
            b"<",
            b">",
        ),
        *(
            b"multipart/mixed; boundary=a\n",
            b'multipart/alternative; boundary="a"\n',
            b"--a\n",
            b"--a--\n",
            b"text/html\n",
            b"message/rfc822\n",
        ),
        *(
            b"text/plain; charset=idna\n",
            b"text/plain; charset=zlib_codec\n",
            b"text/plain; charset=\0\n",
            b"; name*0*=x'y'%ff; name*1=z\n",
            b"; name*\n",
        ),
        *(
            b"Content-Transfer-Encoding: base64\n",
            b"Content-Transfer-Encoding: x-uuencode\n",
            b"begin 644 a\n#0V%T\n`\nend\n",
            b"=\n",
            b"<div><p hidden>",
        ),
        *(
            b"Content-Disposition: attachment; filename=../../x\n",
            b"Content-ID: <x@y>\n",
            b"Message-ID: <[a]@b>\n",
            b"References: <a> <b\n",
            b"(((",
            b'"\\',
        ),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(_SNIPPETS, st.binary(max_size=40)), max_size=40).map(b"".join))
def test_any_bytes_become_a_safe_value(raw: bytes) -> None:
    """Whatever comes in, reading returns a value whose texts are all safe, and never raises (CASES F3, A3.20)."""
    assert_safe(read_mail(raw, authserv_ids=frozenset({"mx.example.org"})))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_header_value_stays_one_clean_line(value: bytes) -> None:
    """No byte in Subject, From or To can bring a control character into a header value (CASES F1)."""
    read = read_mail(b"Subject: =?utf-8?q?" + value + b"?=\nFrom: " + value.replace(b"\n", b"") + b"\n\nx")
    assert_safe(read)


def test_a_fault_of_ours_becomes_a_value_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """If our own reader fails, even by recursion, the mail is nobody's, beyond limits, and names the failure."""

    def fail(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr("gateway.mail.read.parse.read_tree", fail)
    read = read_mail(HEAD + b"\nhello")
    assert (read.defects, read.beyond_limits, read.sender) == (("reader-failed:RecursionError",), True, None)


# --- the tree agrees with the standard library on mails that are well-formed --------------------------------------------------------------

_LEAF = st.one_of(st.text(max_size=80), st.binary(max_size=80))


def _message(tree: Any) -> EmailMessage:
    message = EmailMessage()
    if isinstance(tree, str):
        message.set_content(tree)
    elif isinstance(tree, bytes):
        message.set_content(tree, maintype="application", subtype="octet-stream", filename="data.bin")
    else:
        message.make_mixed()
        for child in tree:
            message.attach(_message(child))
    return message


@settings(max_examples=80, deadline=None)
@given(st.recursive(_LEAF, lambda leaf: st.lists(leaf, min_size=1, max_size=4), max_leaves=12))
def test_well_formed_mails_read_as_the_standard_library_reads_them(tree: Any) -> None:
    """Types of parts and bytes of files are the same as those of email.message_from_bytes."""
    message = _message(tree)
    message["From"] = "jess@example.org"
    raw = message.as_bytes()
    theirs = list(email.message_from_bytes(raw).walk())
    ours = read_mail(raw)
    assert list(ours.part_types) == [part.get_content_type() for part in theirs]
    files = [part.get_payload(decode=True) for part in theirs if part.get_filename()]
    assert [one.content for one in ours.attachments] == list(dict.fromkeys(files))


# --- limits -------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "defect"),
    [
        (HEAD + b"X-Long: " + b"a" * 300_000 + b"\n\nhello", "header-block-over-limit"),
        (HEAD + b"X: y\n" * 1100 + b"\nhello", "header-fields-over-limit"),
        (mail(*[b"\nx"] * 300), "parts-over-limit"),
        (
            HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(60)) + b"\nx",
            "depth-over-limit",
        ),
        (HEAD + b"Cc: " + b", ".join(b"p%d@example.org" % i for i in range(1500)) + b"\n\nx", "addresses-over-limit"),
    ],
    ids=["header block", "header fields", "parts", "depth", "addresses"],
)
def test_a_mail_over_a_limit_says_so_and_is_still_somebodys(raw: bytes, defect: str) -> None:
    """Reading stops at the limit, the value says which one, and the headers above it are read (CASES A3.8)."""
    read = read_mail(raw)
    assert read.beyond_limits
    assert defect in read.defects
    assert read.sender is not None


def test_an_oversized_mail_keeps_headers_and_first_words() -> None:
    """Above the size limit the sender, the subject and the first text are there, and no file that was cut in two."""
    raw = mail(b"\nmy printer burns", b"Content-Type: application/pdf; name=a.pdf\n\n" + b"x" * 3000)
    read = read_mail(raw, limits=replace(Limits(), mail_bytes=1000))
    assert (read.subject, read.text, read.attachments, read.size) == ("printer", "my printer burns", (), len(raw))
    assert "mail-over-limit" in read.defects


def test_a_header_value_is_cut_at_64_kib() -> None:
    """One field may not be longer than 64 KiB, and the rest of the mail does not suffer."""
    read = read_mail(HEAD + b"X-Long: " + b"a" * 70_000 + b"\n\nhello")
    assert len(read.header("x-long") or "") == 65_536
    assert (read.text, read.beyond_limits) == ("hello", False)


def test_a_text_too_long_to_show_is_kept_as_a_file() -> None:
    """A body of a million lines is cut for reading, and is whole among the files."""
    body = b"line\n" * 200_000
    read = read_mail(HEAD + b"\n" + body)
    assert 0 < len(read.text) <= 512 * 1024
    assert [one.content for one in read.attachments] == [body]
    assert "text-cut" in read.defects


# --- linear time --------------------------------------------------------------------------------------------------------------------------


def _typed(kind: str, body: bytes) -> bytes:
    return HEAD + f"Content-Type: {kind}\n\n".encode() + body


HOSTILE: dict[str, tuple[int, Callable[[int], bytes]]] = {
    "empty lines": (400_000, lambda n: HEAD + b"\n" + b"\n" * n),
    "boundaries": (200_000, lambda n: _typed("multipart/mixed; boundary=a", b"--a\n" * n)),
    "almost boundaries": (200_000, lambda n: _typed("multipart/mixed; boundary=a", b"--ax\n" * n)),
    "nested multiparts": (4000, lambda n: b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(n))),
    "short base64": (300_000, lambda n: HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"YQ==\n" * n),
    "uuencode heads": (40_000, lambda n: HEAD + b"\n" + b"begin 644 a\n" * n),
    "header garbage": (30_000, lambda n: b"From: a@example.org\n" + b"g\nTo: x\n" * n),
    "quotes in From": (15_000, lambda n: b"From: " + b'"\\' * n + b"\n\n"),
    "angles in From": (30_000, lambda n: b"From: " + b"<" * n + b"\n\n"),
    "comments in From": (30_000, lambda n: b"From: " + b"(" * n + b"\n\n"),
    "addresses in To": (2000, lambda n: b"To: " + b"a b <c@d.example>, " * n + b"\n\n"),
    "open encoded words": (4000, lambda n: b"Subject: " + b"=?a?q?x" * n + b"\n\n"),
    "chained encoded words": (2000, lambda n: b"Subject: " + b"=?utf-8?q?x" * n + b"?=20" * n + b"\n\n"),
    "encoded words": (3000, lambda n: b"Subject: " + b"=?utf-8?q?a?= " * n + b"\n\n"),
    "parameters": (6000, lambda n: _typed("text/plain; " + "a*0=x; " * n, b"")),
    "semicolons": (25_000, lambda n: _typed('text/plain; a="' + ";" * n, b"")),
    "message ids": (6000, lambda n: b"References: " + b"<a@x> <" * n + b"\n\n"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_hostile_input_takes_at_most_about_twice_the_time(name: str) -> None:
    """Reading is linear on input made to be quadratic (CASES F4, A3.9, A3.14): time(2n) / time(n) < 2.6, or too short to measure."""
    size, build = HOSTILE[name]
    once, twice = build(size), build(2 * size)
    assert_linear(lambda: read_mail(once), lambda: read_mail(twice), too_quick=0.02, ceiling=1.0)


# --- charsets and encodings ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "raw", "text"),
    [
        ("utf-8", "déjà €".encode(), "déjà €"),
        ("utf-8", "déjà".encode("latin-1"), "déjà"),
        ("", "déjà €".encode(), "déjà €"),
        ("", "5 € “ok”".encode("cp1252"), "5 € “ok”"),
        ("us-ascii", "déjà".encode(), "déjà"),
        ("iso-8859-1", "5 €".encode("cp1252"), "5 €"),
        ("iso-8859-15", "5 € œuvre".encode("iso-8859-15"), "5 € œuvre"),
        ("gb2312", "打印机坏了".encode("gb18030"), "打印机坏了"),
        ("ks_c_5601-1987", "프린터".encode("cp949"), "프린터"),
        ("iso-2022-jp", "テスト".encode("iso2022_jp"), "テスト"),
        ("iso-2022-jp", "ツール".encode("cp932"), "ツール"),
        ("shift_jis", "①テスト".encode("cp932"), "①テスト"),
        ("utf-7", b"d+AOk-j+AOA-", "déjà"),
        ("klingon", "déjà".encode(), "déjà"),
        ("idna", b"xn--dj-kia8a", "xn--dj-kia8a"),
        ("zlib_codec", b"hello", "hello"),
        ("rot13", b"hello", "hello"),
        ("unicode_escape", rb"\u0041", r"\u0041"),
        ("utf-16", "hello".encode("utf-16"), "hello"),
        ("big5", "您好".encode(), "您好"),
        ("utf-8", b"a\x00b\x07c\x1b[31m", "abc[31m"),
    ],
)
def test_a_charset_that_is_wrong_or_unknown_is_repaired(label: str, raw: bytes, text: str) -> None:
    """The declared charset if it is one and fits, else UTF-8, else Windows-1252; no codec that is none of a text (CASES A3.10)."""
    assert read_mail(plain(raw, label)).text == text


@pytest.mark.parametrize(
    ("encoding", "raw", "text"),
    [
        ("base64", base64.encodebytes(b"hello"), "hello"),
        ("base64", b"aGVs!!bG8*", "hello"),
        ("base64", b"aGVsbG8=\n-- \nlist footer", "hello"),
        ("base64", b"aGVsbG8gd2V", "hello we"),
        ("quoted-printable", b"d=C3=A9j=\nvu =ZZ", "déjvu =ZZ"),
        ("Quoted Printable", b"=41", "A"),
        ("x-uuencode", b"begin 644 a\n%:&5L;&\\\n`\nend\n", "hello"),
        ("x-klingon", b"hello", "hello"),
    ],
)
def test_a_broken_transfer_encoding_gives_what_can_be_read(encoding: str, raw: bytes, text: str) -> None:
    """Malformed base64, quoted-printable and uuencode lose no more than their broken end; an unknown encoding is none."""
    assert read_mail(plain(raw, "utf-8", encoding)).text == text


@pytest.mark.parametrize(
    ("value", "subject"),
    [
        (b"=?utf-8?q?d=C3=A9j=C3=A0?=", "déjà"),
        (b"=?utf-8?q?d=C3?= =?utf-8?q?=A9j=C3=A0?=", "déjà"),
        (b"=?utf-8?b?ZMOp?=\n =?utf-8?b?asOg?=", "déjà"),
        (b"=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        (b"Re: =?iso-8859-1?Q?d=E9j=E0", "Re: déjà"),
        (b"=?iso-8859-1?Q?d\xe9j\xe0?=", "déjà"),
        (b"=?utf-8?q?is it so?=20yes?=", "is it so? yes"),
        (b"=?utf-8*fr?q?d=C3=A9j=C3=A0?=", "déjà"),
        (b"=?utf-8?q?a=0ABcc:_evil=40example.org?=", "a Bcc: evil@example.org"),
        (b"=?utf-8?q?a=E2=80=AEfdp.exe?=", "afdp.exe"),
        (b"=?utf-8?q?pay=E2=80=8Bpal?=", "paypal"),
        (b"=?utf-8?q?=F0=9F=91=A9=E2=80=8D=F0=9F=92=BB?=", "👩‍💻"),
        (b"d\xc3\xa9j\xc3\xa0", "déjà"),
        (b"d\xe9j\xe0", "déjà"),
        (b"=?klingon?q?=41?=", "A"),
        (b"50 =? 60 ?= x", "50 =? 60 ?= x"),
    ],
)
def test_a_subject_is_decoded_as_a_person_would_read_it(value: bytes, subject: str) -> None:
    """Encoded words, whole or broken, raw bytes, and nothing invisible or dangerous left (RFC 2047, CASES F1, A1.9)."""
    assert read_mail(b"Subject: " + value + b"\n\nx").subject == subject


def test_raw_headers_are_read_in_the_charset_that_the_mail_names() -> None:
    """A subject in raw bytes is in the charset of the body, if it can be."""
    raw = "Subject: 打印机\nContent-Type: text/plain; charset=gb2312\n\nx".encode("gb18030")
    assert read_mail(raw).subject == "打印机"


# --- words and files ----------------------------------------------------------------------------------------------------------------------


def test_the_words_are_never_those_of_an_enclosed_mail() -> None:
    """A forwarded message is a file named after its subject; its text is not the sender's (CASES A3.12)."""
    inner = b"Content-Type: message/rfc822\n\nSubject: stolen words\nFrom: evil@example.be\n\nplease close the ticket"
    read = read_mail(mail(b"\nsee below", inner))
    assert read.text == "see below"
    assert [one.filename for one in read.attachments] == ["stolen words.eml"]
    assert [part.content_type for part in read.report_parts] == ["message/rfc822"]


def test_alternatives_give_text_and_html_of_the_same_words() -> None:
    """Of alternatives the plain one is the text, the HTML one is kept; an empty plain one does not win."""
    html = b"Content-Type: text/html\n\n<p>hello <b>there</b></p>"
    assert read_mail(mail(b"\nhello there", html, kind=b"alternative")).text == "hello there"
    empty = read_mail(mail(b"\n \n", html, kind=b"alternative"))
    assert (empty.text, empty.html) == ("hello there", "<p>hello <b>there</b></p>")


def test_several_texts_are_joined_and_named_ones_are_files() -> None:
    """Texts around a picture are one text; a text with a file name is a file."""
    picture = b"Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\niVBORw=="
    named = b"Content-Type: text/plain; name=log.txt\n\nlog"
    read = read_mail(mail(b"\nabove", picture, b"\nbelow", named))
    assert read.text == "above\n\nbelow"
    assert [(one.filename, one.content_type, one.size) for one in read.attachments] == [
        ("a.png", "image/png", 4),
        ("log.txt", "text/plain", 3),
    ]


def test_pictures_that_the_html_shows_are_inline() -> None:
    """An image is inline when the page names its Content-ID; the same file as an attachment is not."""
    page = b'Content-Type: text/html\n\n<img src="cid:pic@example.org">'
    shown = b"Content-Type: image/png\nContent-ID: <pic@example.org>\n\nx"
    other = b"Content-Type: image/png; name=b.png\nContent-ID: <other@example.org>\nContent-Disposition: attachment\n\ny"
    read = read_mail(mail(page, shown, other, kind=b"related"))
    assert [(one.inline, one.content_id) for one in read.attachments] == [(True, "pic@example.org"), (False, "other@example.org")]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        (b'Content-Disposition: attachment; filename="../../etc/passwd"', "passwd"),
        (b'Content-Disposition: attachment; filename="C:\\\\temp\\\\a.png"', "a.png"),
        (b"Content-Disposition: attachment; filename*=utf-8''%E2%82%AC%20rates.pdf", "€ rates.pdf"),
        (b"Content-Disposition: attachment; filename*0*=utf-8''%C3; filename*1*=%A9t%C3%A9; filename*2=.txt", "été.txt"),
        (b'Content-Disposition: attachment; filename="=?utf-8?q?=C3=A9t=C3=A9.txt?="', "été.txt"),
        (b"Content-Disposition: attachment; filename=a b c.txt", "a b c.txt"),
        (b'Content-Disposition: attachment; filename="a"b".txt"', 'a"b".txt'),
        (b"Content-Disposition: attachment; filename*=utf-8''a%00%0d%0a%e2%80%aeb.txt", "a b.txt"),
        (b"Content-Disposition: attachment; filename=" + b"n" * 400 + b".pdf", "n" * 146 + ".pdf"),
        (b"Content-Disposition: attachment; filename=..", "image.jpg"),
        (b"Content-Disposition: attachment", "image.jpg"),
        (b"Content-Location: http://example.org/shop/photo.jpg?x=1", "photo.jpg"),
        (b"Content-Description: my holiday", "my holiday.jpg"),
    ],
)
def test_a_file_name_is_for_display_only(fields: bytes, name: str) -> None:
    """No path, no control or bidirectional character, at most 150 characters; without a name a sensible one (CASES A3.6)."""
    read = read_mail(mail(b"\nx", b"Content-Type: image/jpeg\n" + fields + b"\n\nx"))
    assert [one.filename for one in read.attachments] == [name]


def test_a_uuencoded_file_leaves_the_text() -> None:
    """A file in the middle of a text is a file; prose that begins with "begin" is not."""
    read = read_mail(HEAD + b"\nabove\nbegin 644 cat.txt\n#0V%T\n`\nend\nbelow\nbegin 123 again tomorrow\n")
    assert [(one.filename, one.content) for one in read.attachments] == [("cat.txt", b"Cat")]
    assert read.text == "above\nbelow\nbegin 123 again tomorrow"


def test_an_invitation_that_comes_twice_is_one_file() -> None:
    """A calendar part among the alternatives is dropped when the file is attached as well, and kept when it is not."""
    calendar = b"Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR"
    attached = b"Content-Type: application/ics; name=invite.ics\n\nBEGIN:VCALENDAR2"
    alternative = b"Content-Type: multipart/alternative; boundary=in\n\n--in\n\ncome\n--in\n" + calendar + b"\n--in--"
    assert [one.filename for one in read_mail(mail(alternative)).attachments] == ["invite.ics"]
    assert [one.content_type for one in read_mail(mail(alternative, attached)).attachments] == ["application/ics"]


def test_a_signed_mail_reads_as_its_words_and_an_encrypted_one_as_files() -> None:
    """The text of a signed mail is read and its signature kept; of an encrypted mail nothing is read and all is kept."""
    signature = b"Content-Type: application/pgp-signature\n\n-----BEGIN"
    signed = read_mail(mail(b"\nhello", signature, kind=b"signed"))
    assert (signed.text, [one.filename for one in signed.attachments]) == ("hello", ["signature.asc"])
    secret = b"Content-Type: application/octet-stream; name=encrypted.asc\n\n-----BEGIN"
    encrypted = read_mail(mail(b"Content-Type: application/pgp-encrypted\n\nVersion: 1", secret, kind=b"encrypted"))
    assert (encrypted.text, len(encrypted.attachments)) == ("", 2)


def test_a_delivery_report_gives_its_parts() -> None:
    """Status and returned message are there for the bounce reader, decoded; the message at most 64 KiB of it."""
    status = b"Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@example.org\nAction: failed"
    returned = b"Content-Type: message/rfc822\n\nSubject: x\n\n" + b"y" * 100_000
    read = read_mail(mail(b"\nsorry", status, returned, kind=b"report"))
    assert [(part.content_type, len(part.text)) for part in read.report_parts] == [
        ("message/delivery-status", 53),
        ("message/rfc822", 65_536),
    ]
    assert "Action: failed" in read.report_parts[0].text


@pytest.mark.parametrize(
    ("raw", "text", "defect"),
    [
        (HEAD + b"Content-Type: multipart/mixed\n\n--a\n\nhello\n--a--\n", "hello", "boundary-guessed"),
        (HEAD + b"Content-Type: multipart/mixed; boundary=a\n\nhello\n", "hello", "multipart-without-parts"),
        (HEAD + b"Content-Type: multipart/mixed; boundary=a\n\n--a\n\nhello", "hello", "multipart-not-closed"),
        (HEAD + b"Content-Type: text\n\nhello", "hello", "content-type-malformed"),
        (HEAD + b"Dear support,\nhello", "Dear support,\nhello", "header-body-not-separated"),
        (b"Received: from a\nby b\n" + HEAD + b"\nhello", "hello", "header-line-malformed"),
    ],
)
def test_a_malformed_mail_is_read_as_far_as_it_goes(raw: bytes, text: str, defect: str) -> None:
    """Each kind of damage has its name among the defects, and sender and words are found nevertheless."""
    read = read_mail(raw)
    assert read.sender is not None
    assert read.text == text
    assert defect in read.defects


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\n\r\n", b"From jess@example.org Mon Feb  2 10:00:00 2026\n", b">From x\r\n"])
def test_what_stands_before_the_first_field_is_passed_over(before: bytes) -> None:
    """A byte order mark, blank lines or mbox's From line do not hide the headers (CASES F2)."""
    assert read_mail(before + HEAD + b"\nhello").subject == "printer"


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r", b"\r\r\n"])
def test_every_line_end_is_a_line_end(line_end: bytes) -> None:
    """LF, CRLF, CR alone and CR CR LF give the same mail."""
    raw = mail(b"Content-Type: text/plain; charset=utf-8\n\none\ntwo", b"Content-Type: application/pdf; name=a.pdf\n\nx")
    read = read_mail(raw.replace(b"\n", line_end))
    assert (read.subject, read.text, [one.filename for one in read.attachments]) == ("printer", "one\ntwo", ["a.pdf"])


# --- fields -------------------------------------------------------------------------------------------------------------------------------


def test_ids_are_read_with_brackets_and_without_folding() -> None:
    """Message-ID takes the first id, References all, each once; an id without brackets gets them; the empty one is none (CASES B28)."""
    read = read_mail(b"Message-ID: <[a]@b> <c@d>\nReferences: <1@x>\n\t<2@x> <1@x> <fol\n ded@x>\nIn-Reply-To: 3@x\n\nx")
    assert (read.message_id, read.references, read.in_reply_to) == ("<[a]@b>", ("<1@x>", "<2@x>", "<folded@x>"), ("<3@x>",))
    assert read_mail(b"Message-ID: <>\n\nx").message_id is None
    assert read_mail(b"Message-ID: <" + b"a" * 2000 + b"@x>\n\nx").message_id is None


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (b"<bounce+1@example.org>", "bounce+1@example.org"),
        (b"<>", ""),
        (b"Jess@Example.ORG", "jess@example.org"),
        (b"<MAILER-DAEMON>", "mailer-daemon"),
    ],
)
def test_return_path_tells_null_from_absent(value: bytes, path: str) -> None:
    """`<>` is the empty string, an absent field is None (ruling 2)."""
    assert read_mail(b"Return-Path: " + value + b"\n\nx").return_path == path
    assert read_mail(b"Subject: x\n\nx").return_path is None


def test_recipients_seen_are_all_that_the_mail_may_have_come_for() -> None:
    """To, Cc and the fields that delivery adds, lower-case, each once, in that order."""
    raw = b"To: A <A@example.org>\nCc: b@example.org\nDelivered-To: a@example.org\nX-Original-To: c@example.org\n"
    assert read_mail(raw + b"Envelope-To: d@example.org\n\nx").recipients_seen == (
        "a@example.org",
        "b@example.org",
        "c@example.org",
        "d@example.org",
    )


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        (b"Tue, 24 Nov 2026 10:12:00 +0100", "2026-11-24T10:12:00+01:00"),
        (b"24 Nov 2026 10:12:00", "2026-11-24T10:12:00+00:00"),
        (b"Foo 99 Bar 20266 99:99", None),
        (b"Mon, 1 Jan 9999 00:00:00 +0000", None),
        (b"Mon, 30 Feb 2026 10:00:00 +0100", None),
        (b"", None),
    ],
)
def test_a_date_has_a_zone_or_is_none(value: bytes, iso: str | None) -> None:
    """A malformed or absurd date is None; one without a zone is UTC."""
    date = read_mail(b"Date: " + value + b"\n\nx").date
    assert (date.isoformat() if date else None) == iso


def test_duplicate_fields_are_named() -> None:
    """Two Subject, To or Date fields mean that others may read another mail: each is a defect (CASES A1.11)."""
    read = read_mail(b"From: a@example.org\nSubject: a\nSubject: b\nDate: x\nDate: y\n\nx")
    assert {"two-subject-fields", "two-date-fields"} <= set(read.defects)
    assert read.subject == "a"


def test_a_value_can_be_written_as_json() -> None:
    """No text holds a lone surrogate, whatever bytes and escapes stood in the mail."""
    raw = b"Subject: =?utf-8?q?=ED=A0=80?= \xed\xa0\x80\nContent-Type: text/html; charset=utf-7\n\n&#xD800; +2AA-"
    read = read_mail(raw)
    json.dumps([read.subject, read.text, read.html], ensure_ascii=False).encode("utf-8")


def test_two_texts_that_say_the_same_are_shown_once() -> None:
    """Some programs send plain text and HTML of it side by side and not as alternatives; where they differ, both are words."""
    same = read_mail(mail(b"\nhello there", b"Content-Type: text/html\n\n<p>hello <b>there</b></p>"))
    assert (same.text, same.html) == ("hello there", "<p>hello <b>there</b></p>")
    assert read_mail(mail(b"\nhello there", b"Content-Type: text/html\n\n<p>and you</p>")).text == "hello there\n\nand you"


def test_plain_text_between_html_is_shown_as_text() -> None:
    """A log between two pages keeps its lines, and its signs become no tags; an empty one leaves no gap."""
    read = read_mail(mail(b"Content-Type: text/html\n\n<p>above</p>", b"\n1 <b> 2\nlast", b"Content-Type: text/html\n\n<p>below</p>"))
    assert read.text == "above\n\n1 <b> 2\nlast\n\nbelow"
    assert read.html == "<p>above</p>\n<br>\n<div>1 &lt;b&gt; 2<br>last</div>\n<br>\n<p>below</p>"
    blank = read_mail(mail(b"Content-Type: text/html\n\n<p>above</p>", b"\n \n\n", b"Content-Type: text/html\n\n<p>below</p>"))
    assert blank.html == "<p>above</p>\n<br>\n<p>below</p>"


@pytest.mark.parametrize("kind", [b"text/x-amp-html", b"text/watch-html"])
def test_a_third_dress_of_the_same_words_is_neither_words_nor_file(kind: bytes) -> None:
    """Pages for other devices among the alternatives say what the others say; alone, or beside them, they are files."""
    page = b"Content-Type: " + kind + b"\n\n<p>hello</p>"
    read = read_mail(mail(b"\nhello", page, b"Content-Type: text/html\n\n<p>hello</p>", kind=b"alternative"))
    assert (read.text, read.html, read.attachments) == ("hello", "<p>hello</p>", ())
    assert len(read_mail(mail(b"\nhello", page)).attachments) == 1


@pytest.mark.parametrize("meta", ['<meta charset="iso-8859-2">', "<META http-equiv=x content='text/html; charset=iso-8859-2'>"])
def test_a_page_without_a_label_may_name_its_charset_itself(meta: str) -> None:
    """Where the mail's own fields say nothing; what they say counts more."""
    page = f"<html><head>{meta}</head><body>Příliš</body></html>".encode("iso-8859-2")
    assert read_mail(_typed("text/html", page)).text == "Příliš"
    assert read_mail(_typed("text/html; charset=windows-1252", page)).text != "Příliš"


def test_a_file_that_comes_twice_is_one_file_but_for_the_one_that_the_page_shows() -> None:
    """The same name and bytes are one; the picture that belongs into the text is not dropped for its twin below."""
    file = b"Content-Type: image/png; name=a.png\n\nx"
    shown = b"Content-ID: <p@example.org>\n" + file
    assert len(read_mail(mail(b"\nx", file, file)).attachments) == 1
    page = b'Content-Type: text/html\n\n<img src="cid:p@example.org">'
    assert [one.inline for one in read_mail(mail(page, file, shown)).attachments] == [False, True]
    assert [one.inline for one in read_mail(mail(page, shown, file)).attachments] == [True]


@pytest.mark.parametrize(
    ("kind", "text", "files"),
    [
        ("text/plain; format", "déjà", []),
        ("text/plain; format; charset=utf-8", "déjà", []),
        ('text/plain; charset= \t "iso-8859-1"', "déjà", []),
        ('application/pdf; name="a b.pdf', "", ["a b.pdf"]),
    ],
)
def test_a_badly_written_parameter_spoils_no_other(kind: str, text: str, files: list[str]) -> None:
    """A word without a value, blanks behind the sign, a quote that never ends: what can be read of the field is read."""
    read = read_mail(_typed(kind, "déjà\n".encode()))
    assert (read.text, [one.filename for one in read.attachments]) == (text, files)


def test_a_multipart_that_says_it_is_encoded_is_read_as_it_stands() -> None:
    """RFC 2045 §6.4 forbids it; the parts stand there in plain sight."""
    head = b"Content-Transfer-Encoding: base64\n"
    read = read_mail(mail(b"\nhello", head=HEAD + head))
    assert read.text == "hello"
    assert "multipart-encoded" in read.defects


def test_a_boundary_within_a_line_parts_nothing_and_two_in_a_row_hold_nothing() -> None:
    """A boundary is a line of its own (RFC 2046 §5.1.1), and an empty part is no word."""
    read = read_mail(mail(b"\nsee --edge above", b"\nsecond").replace(b"--edge\n\nsecond", b"--edge\n--edge\n\nsecond"))
    assert read.text == "see --edge above\n\nsecond"


def test_a_line_of_rubbish_above_the_fields_hides_none_of_them() -> None:
    """There is no field that it could continue: it is passed over."""
    read = read_mail(b"250 ok, go on\n" + HEAD + b"\nhello")
    assert (read.subject, read.text, read.sender is not None) == ("printer", "hello", True)
    assert "header-line-malformed" in read.defects
