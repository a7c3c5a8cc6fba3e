"""Bytes to text where the label is wrong, missing or misspelt: what a person reads is what was written."""

from __future__ import annotations

import pytest

from gateway.mail.read.decode import codec_of, decode_header, decode_part, decode_text, transfer_decode
from gateway.mail.read.parse import read_mail
from tests.growth import assert_linear

WORDS = "Café déjà vu – 10 €"
HEAD = b"From: jess@example.org\nTo: support@example.be\nSubject: printer\nMessage-ID: <1@example.org>\n"


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "iso-8859-15", "iso-8859-2", "koi8-r", "windows-1251", "x-mac-roman"])
def test_utf8_under_the_label_of_a_single_byte_charset_is_utf8(label: str) -> None:
    """A program that labels all its mails the same gives no mojibake, and the wrong label is listed."""
    read = decode_text(WORDS.encode(), label)
    assert read.text == WORDS
    assert read.defect.startswith("charset-wrong:")


@pytest.mark.parametrize(
    ("label", "text"),
    [("iso-8859-1", "Café déjà"), ("windows-1251", "Привет"), ("iso-8859-2", "Příliš"), ("koi8-r", "Привет"), ("iso-8859-7", "Γειά σου")],
)
def test_a_right_label_is_believed(label: str, text: str) -> None:
    """Text in the charset that it is labelled with is read in that charset."""
    assert decode_text(text.encode(label), label) == decode_text(text.encode())


def test_utf8_under_the_label_of_a_multibyte_charset_needs_more_than_two_characters() -> None:
    """Two characters of GBK may have the shape of UTF-8 by accident; a sentence may not."""
    assert decode_text("你好世界".encode(), "gb2312").text == "你好世界"
    assert decode_text("联通".encode("gbk"), "gbk").text == "联通"


def test_two_charsets_in_one_text_are_each_read_as_what_they_are() -> None:
    """A footer in Windows-1252 below a text in UTF-8 spoils neither."""
    assert decode_text("L’été, où déjà ".encode() + "la même".encode("cp1252"), "utf-8").text == "L’été, où déjà la même"
    assert decode_text("Größe".encode("cp1252"), "utf-8").text == "Größe"


def test_utf16_with_its_mark_needs_no_label() -> None:
    """The byte order mark of a text says what it is, in both orders."""
    assert decode_part(WORDS.encode("utf-16")).text == WORDS
    assert decode_part(b"\xfe\xff" + WORDS.encode("utf-16-be")).text == WORDS


def test_utf16_in_a_header_is_not_believed() -> None:
    """An address that only shows in UTF-16 is none to the servers on the way: nobody is the sender by it (CASES F2)."""
    read = read_mail(b"From: " + "jess@example.org".encode("utf-16") + b"\n\nx")
    assert read.sender is None


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("cp-850", "cp850"),
        ("win-1252", "cp1252"),
        ("windows1252", "cp1252"),
        ("x-windows-949", "cp949"),
        ("ibm-437", "cp437"),
        ("8859_1", "cp1252"),
        ("koi8-u", "koi8-u"),
        ("windows-874", "cp874"),
        ("tis-620", "cp874"),
        ("dos-862", "cp862"),
        ("iso8859-15", "iso8859-15"),
        ("iso-8859-1,us-ascii", "cp1252"),
        ("utf-8http-equivcontent-type", "utf-8"),
        ("utf-8 format=flowed", "utf-8"),
    ],
)
def test_a_misspelt_label_is_understood(label: str, codec: str) -> None:
    """Numbered charsets are known by their number, and what stuck to a name is no part of it."""
    assert codec_of(label) == codec


@pytest.mark.parametrize("label", ["cp-9999", "win-12", "8859_99", "idna", "cp-zlib", ""])
def test_an_unknown_number_is_no_charset(label: str) -> None:
    """A name that only looks like one gives no codec that a text could be read with."""
    assert codec_of(label) in {None, "ascii"}


@pytest.mark.parametrize(
    ("subject", "read"),
    [
        ("=?iso-8859-1?Q?caf=C3=A9?=", "café"),
        ("=?utf-8?Q?caf=E9?=", "café"),
        ("=?utf-8?B?aGVsbG/w?=", "hello\ufffd"),
        ("=?utf-8?Q?d=C3=A9j=C3=A0_vu_=E2=82?=", "déjà vu \ufffd"),
    ],
)
def test_an_encoded_word_with_a_wrong_label_or_a_cut_end_is_read(subject: str, read: str) -> None:
    """The last letter of a word is a letter, unless it is the beginning of a character that was cut."""
    assert decode_header(subject) == read


def test_text_that_is_only_called_base64_stays_text() -> None:
    """Words are no base64, whatever the header says: none of them is lost."""
    words = "Bonjour,\n\nje n'arrive pas à ouvrir mon compte.\n".encode()
    assert transfer_decode(words, "base64") == (words, "base64-absent")


def test_base64_with_a_remark_on_its_lines_is_still_base64() -> None:
    """A stray word in an encoded text does not make all of it plain."""
    assert transfer_decode(b"Qm9uam91ciwgY29tbWVudCBhbGxlei12b3VzID8gTWVyY2ku ignored by all\n", "base64")[0].startswith(
        b"Bonjour, comment"
    )


def test_a_comment_behind_the_transfer_encoding_is_no_part_of_it() -> None:
    """RFC 2045 lets a comment stand behind any token."""
    raw = HEAD + b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable (as usual)\n\nCaf=C3=A9\n"
    assert read_mail(raw).text == "Café"


@pytest.mark.parametrize("piece", [b"\xc3\xa9\xe9", b"\xe9 ", b"a b ", b"\xf0"])
@pytest.mark.parametrize("label", ["utf-8", "gb2312", "iso-8859-1", ""])
def test_decoding_takes_linear_time(piece: bytes, label: str) -> None:
    """Twice the bytes cost about twice the time, whatever they are."""

    def work(raw: bytes) -> None:
        decode_text(raw, label)
        transfer_decode(raw, "base64")

    once, twice = (piece * (size // len(piece)) for size in (200_000, 400_000))
    assert_linear(lambda: work(once), lambda: work(twice))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("動きません。".encode("iso2022_jp") + b"\xff", "動きません。\ufffd"),
        ("テストです".encode("iso2022_jp")[:-3] + b"\xff" + b"%H\x1b(B", "テストです\ufffdト"),
        ("ツールが動きません".encode("cp932"), "ツールが動きません"),
        ("⑳が動きません".encode("iso2022_jp_3"), "⑳が動きません"),
    ],
    ids=["a stray byte", "a broken character", "Shift_JIS", "a wider set"],
)
def test_japanese_is_read_although_a_byte_of_it_is_broken(raw: bytes, text: str) -> None:
    """No escape sequence is shown for words: what follows a broken character is still read."""
    assert decode_text(raw, "iso-2022-jp").text == text


@pytest.mark.parametrize("label", ["mbcs", "oem", "undefined"])
def test_a_charset_that_only_another_system_has_is_unknown(label: str) -> None:
    """What Windows calls its own is no name for anybody else: such a text is guessed at like any unlabelled one."""
    assert codec_of(label) is None
    assert decode_text("déjà".encode(), label).text == "déjà"


@pytest.mark.parametrize(
    ("line", "content"),
    [
        (b"#0V%T", b"Cat"),
        (b"#0V%Tzz", b"Cat"),
        (b"$0V%T", b"Cat\0"),
        (b"#0a%T", b""),
        (b"#", b""),
        (b"how are you?", b""),
        (b"#0V%T" + b"x" * 20, b""),
    ],
    ids=["whole", "junk behind it", "a blank too few", "a sign of no line", "cut", "prose", "too long"],
)
def test_a_uuencoded_line_is_read_or_ends_the_file(line: bytes, content: bytes) -> None:
    """Lines that lost their trailing blanks or gained a checksum are taken; the first that cannot be one ends it, and nothing is lost."""
    raw = b"begin 644 a\n" + line + b"\n`\nend\n"
    assert transfer_decode(raw, "x-uuencode") == ((content, "") if content else (raw, "uuencode-broken"))


@pytest.mark.parametrize(
    ("subject", "read"),
    [
        ("=?utf-8?q?really?=20, she said", "really20, she said"),
        ("=?utf-8?q?really?=20yes?= she said", "really? yes she said"),
        ("=?iso-8859-1?q?日本?=", "日本"),
        ("=?iso-8859-1?q?\xe9t=E9?=", "été"),
        ("=?klingon?q?\xe9?=", "é"),
    ],
)
def test_signs_that_should_have_been_encoded_are_read_all_the_same(subject: str, read: str) -> None:
    """A question mark, or letters that the word's own charset may not even have, in the middle of an encoded word."""
    assert decode_header(subject) == read
