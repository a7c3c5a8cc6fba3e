"""Names of files however they are written, and signatures that stand in the text."""

from __future__ import annotations

import pytest

from gateway.mail.inbound import InboundMail
from gateway.mail.read.attachments import take_signed
from gateway.mail.read.parse import read_mail
from tests.growth import assert_linear

HEAD = b"From: jess@example.org\nTo: support@example.be\nSubject: printer\nMessage-ID: <1@example.org>\n"


def with_file(disposition: str = "", kind: str = "application/pdf") -> InboundMail:
    """A mail of two words and one file, as read."""
    fields = f"Content-Type: {kind}\n" + (f"Content-Disposition: {disposition}\n" if disposition else "")
    parts = f"--edge\nContent-Type: text/plain\n\ntwo words\n--edge\n{fields}\nx\n--edge--\n"
    return read_mail(HEAD + b"Content-Type: multipart/mixed; boundary=edge\n\n" + parts.encode())


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment filename="plan.pdf"', "plan.pdf"),
        ('filename="plan.pdf"', "plan.pdf"),
        ("attachment; filename*0*=utf-8''na%C3%; filename*1*=AFve.pdf", "naïve.pdf"),
        ("attachment; filename*0=100%25; filename*1=.pdf", "100%25.pdf"),
        ("attachment; filename=utf-8''na%C3%AFve.pdf", "naïve.pdf"),
        ("attachment; filename=\"iso-8859-1''na%EFve.pdf\"", "naïve.pdf"),
        ("attachment; filename=\"it's 'fine'.pdf\"", "it's 'fine'.pdf"),
    ],
)
def test_a_name_is_read_however_it_is_written(disposition: str, name: str) -> None:
    """A semicolon, a word or a star that was forgotten, and a break inside an escape, leave the name what it was."""
    assert [one.filename for one in with_file(disposition).attachments] == [name]


def test_a_type_without_its_semicolon_is_still_that_type() -> None:
    """The file is a file, and the words are not longer by it."""
    read = with_file(kind='application/pdf name="plan.pdf"')
    assert [(one.filename, one.content_type) for one in read.attachments] == [("plan.pdf", "application/pdf")]
    assert read.text.strip() == "two words"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "file.xlsx"),
        ("application/vnd.ms-outlook", "file.msg"),
        ("application/x-zip-compressed", "file.zip"),
        ("audio/amr", "audio.amr"),
        ("image/heif", "image.heif"),
        ("application/octet-stream", "file.bin"),
    ],
)
def test_a_file_without_a_name_is_called_after_its_type_on_every_machine(kind: str, name: str) -> None:
    """The ending comes from our table and not from what the machine happens to have installed."""
    assert [one.filename for one in with_file(kind=kind).attachments] == [name]


def test_the_name_of_an_enclosed_mail_is_a_subject_and_no_path() -> None:
    """A slash in it parts no folders, but a real path still loses them."""
    assert [one.filename for one in with_file(kind='message/rfc822; name="Re: and/or.eml"').attachments] == ["Re: and_or.eml"]
    assert [one.filename for one in with_file(kind='message/rfc822; name="../../etc/x.eml"').attachments] == ["x.eml"]


@pytest.mark.parametrize(("kind", "words"), [("plain/text", "two words"), ("text/htm", "two words"), ("text/x-notes", "two words")])
def test_text_under_a_name_that_nobody_knows_is_shown(kind: str, words: str) -> None:
    """A mail whose only part is some text is not shown empty (RFC 2046 §4.1.4)."""
    assert read_mail(HEAD + f"Content-Type: {kind}\n\n{words}\n".encode()).text.strip() == words


@pytest.mark.parametrize("kind", ["text/calendar", "text/vcard", "text/csv", "application/json"])
def test_data_is_not_shown_as_words(kind: str) -> None:
    """A calendar or a table stays a file even where nothing else is in the mail."""
    read = read_mail(HEAD + f"Content-Type: {kind}\n\na,b\n".encode())
    assert read.text == ""
    assert len(read.attachments) == 1


def test_unknown_text_beside_known_text_is_only_a_file() -> None:
    """What everybody can read is what is shown."""
    assert with_file(kind="text/x-notes").text.strip() == "two words"


SIGNED = b"""\
-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

Hello,
- -----
the printer is out of paper.
-----BEGIN PGP SIGNATURE-----

iQEzBAEBCAAdFiEE
=abcd
-----END PGP SIGNATURE-----
"""


def test_what_was_signed_is_read_and_its_signature_is_a_file() -> None:
    """The words stand as they were written, with what stood around them, and nothing of the armour is among them (RFC 9580 §7)."""
    read = read_mail(HEAD + b"\nabove\n" + SIGNED + b"below\n")
    assert read.text == "above\nHello,\n-----\nthe printer is out of paper.\nbelow"
    assert [(one.filename, one.content_type) for one in read.attachments] == [("signature.asc", "application/pgp-signature")]
    assert read.attachments[0].content.startswith(b"-----BEGIN PGP SIGNATURE-----")


@pytest.mark.parametrize(
    "text",
    [
        SIGNED.partition(b"-----END")[0],
        SIGNED.partition(b"-----BEGIN PGP SIGNATURE")[0],
        b"> " + SIGNED.replace(b"\n", b"\n> "),
        b"-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n",
        b"what is -----BEGIN PGP SIGNED MESSAGE----- for?\n",
    ],
)
def test_what_is_not_wholly_a_signed_text_is_left_alone(text: bytes) -> None:
    """A cut, a quoted or an encrypted one keeps every character."""
    assert take_signed(text) == (text, [])


def test_a_signed_text_without_an_empty_line_loses_nothing() -> None:
    """Where the line that ends the armour's head is missing, the first words are not taken for it."""
    assert take_signed(SIGNED.replace(b"SHA256\n\n", b"SHA256\n"))[0].startswith(b"Hello,\n")


@pytest.mark.parametrize(
    "piece", [b"-----BEGIN PGP SIGNED MESSAGE-----\n", b"x-----BEGIN PGP SIGNED MESSAGE-----", SIGNED, b"- -\n", b"Hash: a\n"]
)
def test_looking_for_signatures_takes_linear_time(piece: bytes) -> None:
    """Beginnings without an end, and ends without number, cost no more than their bytes."""
    once, twice = (b"-----BEGIN PGP SIGNED MESSAGE-----\n" + piece * (size // len(piece)) for size in (400_000, 800_000))
    assert_linear(lambda: take_signed(once), lambda: take_signed(twice))


@pytest.mark.parametrize(
    ("kind", "ident", "name"),
    [
        ("image/png", "image001.png@01DC5D", "image001.png"),
        ("image/png", "ii_mexample0@example.org", "image.png"),
        ("x-odd/x-drawing", "drawing@example.org", "drawing"),
        ("x-odd/x-drawing", "", "file"),
    ],
)
def test_a_file_without_any_name_may_be_called_after_its_content_id(kind: str, ident: str, name: str) -> None:
    """Where that looks like a file's, as Outlook writes it, or where nothing else is known; a random one names nothing."""
    field = f"\nContent-ID: <{ident}>" if ident else ""
    assert [one.filename for one in with_file(kind=kind + field).attachments] == [name]


def test_no_more_than_fifty_uuencoded_files_are_taken_out_of_a_text() -> None:
    """The rest stays in the text, and the mail is beyond its limits, so that its raw bytes go to the ticket (CASES A3.8)."""
    files = "".join(f"begin 644 {number}.txt\n#0V%T\n`\nend\n" for number in range(60))
    read = read_mail(HEAD + b"\nsee below\n" + files.encode())
    assert (len(read.attachments), read.beyond_limits) == (50, True)
    assert "uuencoded-files-over-limit" in read.defects
    assert read.text.startswith("see below\nbegin 644 50.txt\n")
