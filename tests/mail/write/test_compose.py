"""What `gateway.mail.write.compose` makes of drafts, friendly and hostile ones."""

from __future__ import annotations

import email
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import policy
from email.message import EmailMessage, Message

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.domain.people import Address
from gateway.mail.write import compose as subject_under_test
from gateway.mail.write.compose import (
    Draft,
    HeaderInjectionError,
    OutgoingFile,
    UnsendableAddressError,
    compose,
    header_text,
    is_message_id,
    references,
    wire_address,
)

ORDER = [
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Precedence",
    "Content-Language",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "X-Gateway-Loop",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
]
ALWAYS = {"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"}

PLAIN = Draft(
    sender=Address("support@example.org", "Support"),
    to=Address("jess.martin@example.be", "Jess Martin"),
    subject="[SUP-1] Printer",
    text="Hello\n",
    html="<p>Hello</p>",
    message_id="<v1.comment.1.2.3.abc@example.org>",
    date=datetime(2021, 7, 30, 14, 13, 5, 123456, tzinfo=UTC),
)

PIECES = [
    "\r\nBcc: injected@example.org",
    "\nBcc: injected@example.org",
    "\rBcc: x@example.org",
    "\r\n\r\n<b>body</b>",
    "\n\n",
    "=?UTF-8?Q?embedded=0ABcc=3A_injected=40example.org?=",
    "=?utf-8?b?DQpCY2M6IHhAZXhhbXBsZS5vcmc=?=",
    "\x85To: x@example.org",
    "\u2028Cc: x@example.org",
    "\u2029",
    "\x0b\x0c\x1c\x1d\x1e",
    "\x00",
    "\ud800",
    "\u202e\u200b\ufeff",
    "<a@example.org>",
    '"',
    "\\",
    ", second@example.org",
    ";",
    "(",
    "é",
    "\U0001f5a8",
    " ",
    "a" * 90,
    "é" * 50,
    "word " * 30,
    "https://example.org/mute",
    "<one.two@example.org> ",
]
ANY_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=200),
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
)
MAYBE = st.one_of(st.none(), ANY_TEXT)
ANY_ID = st.one_of(ANY_TEXT, ANY_TEXT.map(lambda text: f"<{text}@example.org>"), st.just("<good.id@example.org>"))
ANY_ADDRESS = st.one_of(
    st.just("jess@example.org"),
    st.sampled_from(["jess@exämple.org", '"jess martin"@example.org', "a..b.@example.org"]),
    ANY_TEXT.map(lambda text: f"{text}@example.org"),
    ANY_TEXT.map(lambda text: f"jess@{text}"),
)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """A draft with anything at all in any field, its own Message-ID and date apart."""
    return Draft(
        sender=Address(draw(st.one_of(st.just("support@example.org"), ANY_ADDRESS)), draw(ANY_TEXT)),
        to=Address(draw(st.one_of(st.just("jess@example.org"), ANY_ADDRESS)), draw(ANY_TEXT)),
        subject=draw(ANY_TEXT),
        text=draw(ANY_TEXT),
        html=draw(MAYBE),
        message_id=PLAIN.message_id,
        date=PLAIN.date,
        reply_to=draw(st.one_of(st.none(), ANY_ADDRESS)),
        in_reply_to=draw(st.one_of(st.none(), ANY_ID)),
        references=tuple(draw(st.lists(ANY_ID, max_size=4))),
        auto_submitted=draw(MAYBE),
        language=draw(ANY_TEXT),
        loop=draw(MAYBE),
        list_unsubscribe=draw(MAYBE),
        list_id=draw(MAYBE),
        suppress_responses=draw(st.booleans()),
        precedence=draw(MAYBE),
        attachments=tuple(OutgoingFile(draw(ANY_TEXT), draw(ANY_TEXT), b"x") for _ in range(draw(st.integers(0, 1)))),
    )


def given_by(draft: Draft) -> set[str]:
    """The optional headers that `draft` gives a reason for."""
    reasons = {
        "Reply-To": draft.reply_to,
        "In-Reply-To": draft.in_reply_to,
        "References": draft.references or draft.in_reply_to,
        "Auto-Submitted": draft.auto_submitted,
        "X-Auto-Response-Suppress": draft.suppress_responses,
        "Precedence": draft.precedence,
        "Content-Language": draft.language,
        "List-Id": draft.list_id,
        "List-Unsubscribe": draft.list_unsubscribe,
        "List-Unsubscribe-Post": draft.list_unsubscribe,
        "X-Gateway-Loop": draft.loop,
        "Content-Transfer-Encoding": draft.html is None and not draft.attachments,
    }
    return {name for name, reason in reasons.items() if reason}


def nothing_broke_out(draft: Draft) -> None:
    """Compose `draft`; an address may be refused, but what comes out has exactly the headers that were meant, however it is read."""
    try:
        mail = compose(draft)
    except UnsendableAddressError:
        return
    head, _, _ = mail.partition(b"\r\n\r\n")
    assert head.isascii()
    assert b"\n" not in head.replace(b"\r\n", b"")
    assert b"\r" not in head.replace(b"\r\n", b"")
    assert max(map(len, head.split(b"\r\n"))) <= 998
    names = [line.split(b":")[0].decode() for line in head.split(b"\r\n") if line[:1] not in b" \t"]
    assert names == [name for name in ORDER if name in names], "the order is fixed, and no name comes twice"
    assert set(names) >= ALWAYS
    assert set(names) - ALWAYS <= given_by(draft)
    read: Message = email.message_from_bytes(mail)
    assert read.keys() == names
    assert email.message_from_bytes(mail, policy=policy.default).keys() == names
    assert b"\n" not in mail.replace(b"\r\n", b"")
    parts = [part.get_content_type() for part in read.walk() if not part.is_multipart()]
    assert parts[: 1 if draft.html is None else 2] == ["text/plain", "text/html"][: 1 if draft.html is None else 2]
    assert len(parts) == (1 if draft.html is None else 2) + len(draft.attachments)


@given(drafts())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_in_any_field_gives_exactly_the_headers_that_were_meant(draft: Draft) -> None:
    """CASES A2.1, F1: whatever stands in a field, the mail read back has the header names that were meant and no other."""
    nothing_broke_out(draft)


@pytest.mark.long
@given(drafts())
@settings(max_examples=100_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_hundred_thousand_drafts_break_nothing(draft: Draft) -> None:
    """The same as above, for as long as it takes."""
    nothing_broke_out(draft)


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_header_text_is_one_clean_line(value: str) -> None:
    """A header value has no control, line or invisible character, is a plain str, and does not change when it is cleaned again."""
    made = header_text(value)
    assert type(made) is str
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]", made)
    assert len(made) <= 998
    assert header_text(made) == made


def test_a_parsed_header_of_the_standard_library_comes_out_as_plain_text() -> None:
    """CASES F1: an encoded line break in a subject that was parsed becomes a blank, and no header of its own."""
    raw = b"Subject: =?UTF-8?Q?embedded=0ABcc=3A_injected=40example.org?=\r\n\r\n"
    parsed = email.message_from_bytes(raw, policy=policy.default)["Subject"]
    assert header_text(parsed) == "embedded Bcc: injected@example.org"
    mail = email.message_from_bytes(compose(replace(PLAIN, subject=parsed)))
    assert mail["Bcc"] is None
    assert mail["Subject"] == "embedded Bcc: injected@example.org"


def test_header_text_caps_and_composes() -> None:
    """A value is cut at its limit, and letters with separate accents become one (NFC)."""
    assert header_text("x" * 2000) == "x" * 998
    assert header_text("e\u0301te\u0301", 2) == "ét"
    assert header_text("  a \t\r\n b  ") == "a b"
    assert header_text("pdf\u202egpj.exe") == "pdfgpj.exe"


def test_a_hole_in_a_writer_is_caught_by_reading_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last check does not trust the writers: a header that one of them lets through stops the mail."""
    monkeypatch.setattr(subject_under_test, "_printable", lambda value: value or "")
    for value in ("x\r\nBcc: y@example.org", "x\r\n\r\nbody", "x\nBcc: y@example.org", "é", "x" * 1200):
        with pytest.raises(HeaderInjectionError):
            compose(replace(PLAIN, loop=value))


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_a_subject_is_read_as_it_was_written(subject: str) -> None:
    """What a mail client shows as the subject is the cleaned subject, to the letter, and no header line is longer than 78."""
    mail = compose(replace(PLAIN, subject=subject))
    shown = email.message_from_bytes(mail, policy=policy.default)["Subject"]
    assert str(shown) == header_text(subject)
    head = mail.partition(b"\r\n\r\n")[0]
    if max(map(len, header_text(subject).split(" "))) < 60:
        assert max(map(len, head.split(b"\r\n"))) <= 78


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_a_display_name_is_read_as_it_was_written(name: str) -> None:
    """From and To hold one mailbox each, with the name as it was given and the address that was meant."""
    mail = email.message_from_bytes(compose(replace(PLAIN, sender=Address("a@example.org", name), to=Address("b@example.org", name))))
    for field, wanted in (("From", "a@example.org"), ("To", "b@example.org")):
        (read,) = email.utils.getaddresses([mail[field]])
        assert read[1] == wanted
        decoded = str(email.header.make_header(email.header.decode_header(read[0])))
        assert decoded == header_text(name, 120)


def test_the_key_stays_readable_in_the_raw_subject() -> None:
    """`Re: [SUP-1]` is never hidden in an encoded word, so that a filter on raw mail finds it."""
    mail = compose(replace(PLAIN, subject="Re: [SUP-1] Imprimante du deuxième étage"))
    assert re.search(rb"\r\nSubject: Re: \[SUP-1\] Imprimante du\s+=\?utf-8\?[qb]\?", mail)


def test_long_message_ids_are_neither_encoded_nor_split() -> None:
    """An id of any length stands whole and as it was in Message-ID, In-Reply-To and References."""
    own, parent = f"<{'b' * 200}@example.org>", f"<{'a' * 180}@example.org>"
    chain = tuple(f"<{n}.{'c' * 80}@mail.example.org>" for n in range(6))
    mail = compose(replace(PLAIN, message_id=own, in_reply_to=parent, references=chain))
    head = mail.partition(b"\r\n\r\n")[0].decode()
    for one in (own, parent, *chain):
        assert one in head
    read = email.message_from_bytes(mail)
    assert read["References"].split() == [*chain, parent]
    assert read["In-Reply-To"] == parent
    assert b"=?" not in mail.partition(b"\r\n\r\n")[0]


def test_references_keep_the_first_and_the_newest() -> None:
    """At most 20 ids and 900 bytes; the root of the thread and the newest ids stay."""
    short = tuple(f"<{n}@example.org>" for n in range(50))
    assert references(short) == (short[0], *short[-19:])
    long = tuple(f"<{n}.{'x' * 80}@example.org>" for n in range(30))
    kept = references(long)
    assert kept[0] == long[0]
    assert kept[1:] == long[-len(kept) + 1 :]
    assert len(" ".join(kept)) <= 900 < len(" ".join((*kept, long[1])))
    assert references((f"<{'x' * 600}@example.org>", f"<{'y' * 600}@example.org>")) == (f"<{'y' * 600}@example.org>",)


def test_references_are_valid_and_come_once() -> None:
    """What is no Message-ID is left out; an id that comes twice stands where it came last."""
    assert references(("<a@b.c>", "junk", "<x y@b.c>", "<no-at>", "<é@b.c>", "<d@b.c>", "<a@b.c>", "<=?utf-8?q?x?=@y>")) == (
        "<d@b.c>",
        "<a@b.c>",
    )
    assert references(()) == ()
    assert is_message_id("<[8a1b]@mail.example.org>"), "what Exchange writes is repeated as it is"
    assert not is_message_id(f"<{'a' * 990}@b>")


def test_the_headers_of_each_kind() -> None:
    """CASES C.1: what an acknowledgement, an agent's comment and a status notification carry, and what they do not."""
    ack = replace(PLAIN, auto_submitted="auto-replied", suppress_responses=True, precedence="auto_reply", language="fr", loop="gw1.abc")
    read = email.message_from_bytes(compose(ack))
    assert (read["Auto-Submitted"], read["X-Auto-Response-Suppress"], read["Precedence"]) == ("auto-replied", "All", "auto_reply")
    assert (read["Content-Language"], read["X-Gateway-Loop"], read["List-Unsubscribe"]) == ("fr", "gw1.abc", None)
    comment = email.message_from_bytes(compose(PLAIN))
    for absent in ("Auto-Submitted", "X-Auto-Response-Suppress", "Precedence", "Return-Path", "Feedback-ID", "Cc", "Bcc", "Sender"):
        assert comment[absent] is None
    url = "https://support.example.org/mute/SUP-1?k=a_b-c%20d&x=1"
    status = replace(PLAIN, auto_submitted="auto-generated", list_unsubscribe=url, list_id="sup-1.support.example.org")
    read = email.message_from_bytes(compose(status))
    assert read["List-Unsubscribe"] == f"<{url}>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read["List-Id"] == "<sup-1.support.example.org>"
    assert email.message_from_bytes(compose(replace(status, list_unsubscribe="http://x.example")))["List-Unsubscribe-Post"] is None


def test_one_recipient_and_a_stable_date() -> None:
    """There is one To with one mailbox; Date is the draft's in UTC; composing again gives the same bytes."""
    brussels = timezone(timedelta(hours=2))
    mail = compose(replace(PLAIN, date=datetime(2021, 7, 30, 16, 13, 5, tzinfo=brussels)))
    read = email.message_from_bytes(mail, policy=policy.default)
    assert len(read.get_all("To", [])) == 1
    assert len(read["To"].addresses) == 1
    assert mail == compose(PLAIN)
    assert b"\r\nDate: Fri, 30 Jul 2021 14:13:05 +0000\r\n" in mail


def test_a_naive_date_and_a_bad_own_id_are_refused() -> None:
    """These two are our own values: a mistake in them is told, not repaired."""
    with pytest.raises(ValueError, match="time zone"):
        compose(replace(PLAIN, date=datetime(2021, 7, 30, 14, 13)))  # noqa: DTZ001  # the point of the test
    with pytest.raises(ValueError, match="not a Message-ID"):
        compose(replace(PLAIN, message_id="<a b@example.org>"))


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("jess@example.org", "jess@example.org"),
        ("jess@exämple.org", "jess@xn--exmple-cua.org"),
        ("jess@bücher.例え", "jess@xn--bcher-kva.xn--r8jz45g"),
        ("jess@[192.0.2.1]", "jess@[192.0.2.1]"),
        ('"jess martin"@example.org', '"jess martin"@example.org'),
        ("a..b.@example.org", '"a..b."@example.org'),
        ("o'brien+tag=x@example.org", "o'brien+tag=x@example.org"),
    ],
)
def test_addresses_that_can_be_written(address: str, written: str) -> None:
    """An address goes out in ASCII, an international domain in A-labels."""
    assert wire_address(address) == written


@pytest.mark.parametrize(
    "address",
    [
        "",
        "jess",
        "@example.org",
        "jess@",
        "jéss@example.org",
        "a b@example.org",
        "a@example.org\r\nBcc: x@example.org",
        "a\n@example.org",
        "a@exa mple.org",
        "a@b..c",
        "a@example.org>",
        "<a@example.org",
        "a,b@example.org",
        "a@\u2100.org",
        f"{'a' * 70}@example.org",
        f"a@{'b' * 70}.org",
        f"a@{'.'.join(['b' * 60] * 5)}",
        'a"b@example.org',
        '"a\r\nb"@example.org',
    ],
)
def test_addresses_that_cannot_be_written(address: str) -> None:
    """What is no address, or would need SMTPUTF8, is refused by name, wherever it stands."""
    with pytest.raises(UnsendableAddressError):
        wire_address(address)
    with pytest.raises(UnsendableAddressError):
        compose(replace(PLAIN, to=Address(address)))


def parts_of(mail: bytes) -> list[EmailMessage]:
    """The leaf parts, read by the standard library."""
    read = email.message_from_bytes(mail, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return [part for part in read.walk() if isinstance(part, EmailMessage) and not part.is_multipart()]


def one_kind_of_end(part: EmailMessage) -> str:
    """The text of a part with one kind of line end, without the last one."""
    return str(part.get_content()).replace("\r\n", "\n").removesuffix("\n")


@pytest.mark.parametrize(
    "text",
    [
        "Hello\n",
        "Élan « vital » : ça va ?\n" * 40,
        "日本語のメール\n" * 40,
        "From the start\nFrom again\n.\n..\n. x\n",
        "x" * 5000 + "\n",
        "é" * 3000 + "\n",
        "-- \nsignature \t\n",
        "a = b = c\n" * 50,
        "\n",
    ],
)
def test_bodies_are_read_as_they_were_written(text: str) -> None:
    """A text of any shape comes back to the letter; its lines are at most 78 long, with CRLF, and none begins `From ` or is a lone dot."""
    mail = compose(replace(PLAIN, text=text, html=f"<p>{text}</p>"))
    plain, html = parts_of(mail)
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert one_kind_of_end(plain) == text.removesuffix("\n"), "the last line end belongs to the boundary (RFC 2046 §5.1.1)"
    assert one_kind_of_end(html) == f"<p>{text}</p>"
    lines = mail.partition(b"\r\n\r\n")[2].split(b"\r\n")
    assert max(map(len, lines)) <= 78
    assert not any(line.startswith(b"From ") or line == b"." for line in lines)
    assert mail.isascii()


def test_line_ends_and_control_characters_of_a_body() -> None:
    """CR and CRLF become one line end, NUL and its like are left out, a lone surrogate is a question mark."""
    (plain,) = parts_of(compose(replace(PLAIN, text="a\r\nb\rc\x00\x1b\ud800", html=None)))
    assert one_kind_of_end(plain) == "a\nb\nc?"


def test_encodings_are_chosen_by_what_is_shorter() -> None:
    """French stays readable in the raw mail (quoted-printable), Japanese is base64."""
    (plain,) = parts_of(compose(replace(PLAIN, text="déjà vu, comme on dit\n", html=None)))
    assert plain["Content-Transfer-Encoding"] == "quoted-printable"
    (plain,) = parts_of(compose(replace(PLAIN, text="日本語\n", html=None)))
    assert plain["Content-Transfer-Encoding"] == "base64"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("report.pdf", "report.pdf"),
        ("capture d'écran.png", "capture d'écran.png"),
        ("日本語の" * 20 + ".txt", "日本語の" * 20 + ".txt"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ('a"b.txt', "a'b.txt"),
        ("x\r\nContent-Type: text/html", "x Content-Type: text_html"),
        ("", "file"),
        ("a" * 140 + ".pdf", "a" * 140 + ".pdf"),
    ],
)
def test_files_keep_their_name_and_their_bytes(name: str, shown: str) -> None:
    """A file comes last, in multipart/mixed, offered for saving under its name without paths, with its bytes as they were."""
    content = bytes(range(256)) * 9
    mail = compose(replace(PLAIN, attachments=(OutgoingFile(name, "image/png", content),)))
    read = email.message_from_bytes(mail)
    assert read.get_content_type() == "multipart/mixed"
    assert [part.get_content_type() for part in read.walk()][1:4] == ["multipart/alternative", "text/plain", "text/html"]
    file = list(read.walk())[-1]
    assert file.get_filename() == shown
    assert file.get_content_disposition() == "attachment"
    assert file.get_payload(decode=True) == content
    assert max(map(len, mail.split(b"\r\n"))) <= 78


@pytest.mark.parametrize("kind", ["message/rfc822", "multipart/mixed", "text", "text/html\r\nX: y", "", "TEXT/é"])
def test_types_that_a_reader_would_open_become_plain_bytes(kind: str) -> None:
    """A mail inside a file, or a type that is none, is sent as application/octet-stream."""
    read = email.message_from_bytes(compose(replace(PLAIN, attachments=(OutgoingFile("a", kind, b"x"),))))
    assert list(read.walk())[-1].get_content_type() == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("", "jess@example.org"),
        ("Jess Martin", "Jess Martin <jess@example.org>"),
        ("Martin, Jess", '"Martin, Jess" <jess@example.org>'),
        ('Jess "J" \\o/', '"Jess \\"J\\" \\\\o/" <jess@example.org>'),
        ("Jérome Martin Dubois", "=?utf-8?q?J=C3=A9rome_Martin_Dubois?= <jess@example.org>"),
        ("=?utf-8?q?evil?=", "=?utf-8?b?PT91dGYtOD9xP2V2aWw/PQ==?= <jess@example.org>"),
        ("Жанна", "=?utf-8?b?0JbQsNC90L3QsA==?= <jess@example.org>"),
    ],
)
def test_a_name_is_plain_quoted_or_encoded_by_what_stands_in_it(name: str, field: str) -> None:
    """Nothing where there is none, quotes where a comma would part it, the shorter encoding where it is not ASCII or looks encoded."""
    head = compose(replace(PLAIN, to=Address("jess@example.org", name))).decode("ascii").partition("\r\n\r\n")[0]
    assert f"\r\nTo: {field}\r\n" in head


@pytest.mark.parametrize("subject", ["x" * 950, "é" * 200, "Ж" * 200, "=?utf-8?q?a?= b", "\U0001f5a8" * 60, "[SUP-1] " + "déjà vu " * 30])
def test_a_long_or_odd_subject_is_cut_between_characters(subject: str) -> None:
    """No line is longer than 78, no word breaks a character in two, and what a client shows is the subject."""
    mail = compose(replace(PLAIN, subject=subject))
    lines = mail.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert max(map(len, lines)) <= 78
    assert str(email.message_from_bytes(mail, policy=policy.default)["Subject"]) == header_text(subject)
    for word in re.findall(rb"=\?utf-8\?[bq]\?[^?]*\?=", mail):
        decoded, charset = email.header.decode_header(word.decode())[0]
        assert isinstance(decoded, bytes)
        decoded.decode(charset or "")


@pytest.mark.parametrize("domain", ["é" * 64 + ".example", "é..example", ".é"])
def test_a_domain_that_has_no_form_for_the_wire_is_refused(domain: str) -> None:
    """An international name with a label too long or empty: it is said that the domain is wrong."""
    with pytest.raises(UnsendableAddressError, match="not a domain"):
        wire_address(f"jess@{domain}")
