"""A mail that stands inside its own signature is read like any other, and what only looks like one does no harm."""

from __future__ import annotations

import base64

import pytest

from gateway.mail.read.parse import read_mail
from gateway.mail.read.smime import signed_content
from tests.growth import assert_linear

INNER = "Content-Type: text/plain; charset=utf-8\r\n\r\nBonjour, le café est froid.\r\n".encode()
_SIGNED = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")


def field(tag: int, content: bytes) -> bytes:
    """A field of DER with its length."""
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2)
    return bytes([tag]) + length + content


def open_field(tag: int, content: bytes) -> bytes:
    """A field of BER that ends with two zeros."""
    return bytes([tag, 0x80]) + content + b"\0\0"


def signed(inner: bytes | None = INNER, *, streamed: bool = False) -> bytes:
    """Signed-data as far as its content; streamed in open fields and pieces, as programs write it that do not know the end yet."""
    make = open_field if streamed else field
    algorithms = make(0x31, field(0x30, bytes.fromhex("0609608648016503040201")))
    octets = b""
    if inner is not None:
        octets = open_field(0x24, field(0x04, inner[:20]) + field(0x04, inner[20:])) if streamed else field(0x04, inner)
        octets = make(0xA0, octets)
    value = field(0x02, b"\x01") + algorithms + make(0x30, _DATA + octets)
    return make(0x30, _SIGNED + make(0xA0, make(0x30, value)))


def mail(content: bytes, kind: str = "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m") -> bytes:
    """A mail that consists of `content` in base64."""
    head = f"From: jess@example.org\nTo: support@example.be\nSubject: printer\nContent-Type: {kind}\nContent-Transfer-Encoding: base64\n\n"
    return head.encode() + base64.encodebytes(content)


@pytest.mark.parametrize("streamed", [False, True])
def test_the_words_inside_a_signature_are_read(streamed: bool) -> None:
    """They are the mail's own words, and the signature stays beside them as the file that it is."""
    read = read_mail(mail(signed(streamed=streamed)))
    assert read.text.strip() == "Bonjour, le café est froid."
    assert [one.filename for one in read.attachments] == ["smime.p7m"]


def test_the_files_inside_a_signature_are_the_mails_own() -> None:
    """A file that was signed together with the words is a file of the mail."""
    inner = (
        b"Content-Type: multipart/mixed; boundary=edge\n\n--edge\nContent-Type: text/plain\n\nsee the file\n"
        b"--edge\nContent-Type: application/pdf; name=plan.pdf\n\n%PDF\n--edge--\n"
    )
    read = read_mail(mail(signed(inner)))
    assert read.text.strip() == "see the file"
    assert sorted(one.filename for one in read.attachments) == ["plan.pdf", "smime.p7m"]


@pytest.mark.parametrize(
    "content",
    [signed(None), b"", b"\x30", b"\x30\x80", _SIGNED, field(0x30, _DATA), b"not der at all", b"\x30\x88" + b"\xff" * 8 + _SIGNED],
)
def test_what_holds_no_mail_stays_a_file(content: bytes) -> None:
    """A detached signature, an encrypted mail or rubbish shows no words and breaks nothing."""
    assert signed_content(content) is None
    assert read_mail(mail(content)).text == ""


def test_a_mail_cut_anywhere_breaks_nothing() -> None:
    """Every beginning of a signature is read without a fault."""
    whole = signed(streamed=True)
    for size in range(len(whole)):
        content = signed_content(whole[:size])
        assert content is None or INNER.startswith(content)


def test_signatures_in_signatures_end_soon() -> None:
    """Three are opened, as triple wrapping has (RFC 2634); deeper ones stay files."""
    inner = INNER
    for _ in range(6):
        inner = b"Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(signed(inner))
    read = read_mail(inner)
    assert read.text == ""
    assert len(read.attachments) == 4


@pytest.mark.parametrize("piece", [b"\x30\x80", b"\x24\x80", b"\x04\x00", b"\x04\x01a", b"\x02\x00"])
def test_hostile_fields_cost_linear_time(piece: bytes) -> None:
    """Fields that open for ever, or pieces without number, cost no more than their bytes."""

    def work(count: int) -> None:
        signed_content(
            b"\x30\x80" + _SIGNED + b"\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80" + _DATA + b"\xa0\x80\x24\x80" + piece * count
        )
        signed_content(b"\x30\x80" + _SIGNED + b"\xa0\x80\x30\x80" + piece * count)

    assert_linear(lambda: work(200_000), lambda: work(400_000))


@pytest.mark.parametrize(
    ("content", "inner"),
    [
        (b"\x30\x80" + _SIGNED + b"\xa0\x80\x30\x80\x02\x01\x01" + b"\x31\x80" * 12 + b"\0\0" * 12 + signed()[40:], None),
        (signed()[: -len(INNER) - 2] + b"\x0c" + signed()[-len(INNER) - 1 :], None),
        (signed(streamed=True).replace(b"\x04\x14", b"\x0c\x14"), None),
        (signed(streamed=True).replace(b"\x04\x14" + INNER[:20], (b"\x24\x80" * 12) + b"\x04\x14" + INNER[:20]), None),
        (signed(streamed=True).replace(b"\x04\x14" + INNER[:20], b"\x24\x16\x04\x14" + INNER[:20]), INNER),
        (b"\x30\x87" + b"\0" * 6 + b"\x01", None),
        (b"\x30\x80" + _SIGNED + b"\xa0\x80\x30\x80\x02\x01\x01\x31\x80" + b"\x02\0" * 100_000 + b"\0\0" + signed()[40:], None),
    ],
    ids=[
        "fields too deep",
        "text for octets",
        "a piece of text",
        "pieces too deep",
        "a piece in a piece",
        "a length of seven bytes",
        "fields without number",
    ],
)
def test_a_strange_signature_is_read_or_left_alone(content: bytes, inner: bytes | None) -> None:
    """Pieces may hold pieces (X.690 §8.7.3); other kinds of field, and nesting without end, are nothing that a mail program writes."""
    assert signed_content(content) == inner
