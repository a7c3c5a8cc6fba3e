"""What Outlook wraps into winmail.dat is seen like any other file; what cannot be read stays the file that it is."""

from __future__ import annotations

import hashlib
import random

import pytest

from gateway.mail.inbound import InboundMail
from gateway.mail.read.suspicion import why_suspicious
from gateway.mail.understand import read_through
from tests.growth import assert_linear
from tests.mail import tnef_writer as write
from tests.mail.tnef_writer import File, Wrapped, prop

PDF = File(b"%PDF-1.7 form", "FORM~1.PDF", (prop(write.LONG_NAME, write.UNICODE, "Demande d’accès.pdf"),))
PICTURE = File(
    b"\x89PNG picture",
    properties=(
        prop(write.LONG_NAME, write.STRING, "../..\\évil.png"),
        prop(write.KIND, write.STRING, "image/png"),
        prop(write.CONTENT_ID, write.UNICODE, "<p1@example.org>"),
    ),
)
RICH = prop(write.RICH_TEXT, write.BINARY, b"\x20\0\0\0\x20\0\0\0MELA\0\0\0\0{\\rtf1 words}")


def read(wrapped: Wrapped | bytes, text: str = "") -> InboundMail:
    """The mail around a stream."""
    raw = wrapped if isinstance(wrapped, bytes) else wrapped.written()
    return read_through(write.mail(raw, text), frozenset(), ()).mail


def names(mail: InboundMail) -> list[str]:
    """Its files."""
    return [one.filename for one in mail.attachments]


def test_its_files_stand_in_its_place() -> None:
    """Each has its long name as a plain file name, its type, its bytes and the hash of these; the wrapping is gone, the words stay."""
    mail = read(Wrapped((PDF, PICTURE), body="other words"), "The form is enclosed.")

    assert "The form is enclosed." == mail.text
    assert ["Demande d’accès.pdf", "évil.png"] == names(mail)
    assert ["application/pdf", "image/png"] == [one.content_type for one in mail.attachments]
    assert [PDF.data, PICTURE.data] == [one.content for one in mail.attachments]
    assert hashlib.sha256(PDF.data).hexdigest() == mail.attachments[0].sha256


@pytest.mark.parametrize(
    "wrapped",
    [
        Wrapped(body="Voilà le formulaire."),
        Wrapped(properties=(prop(write.TEXT, write.UNICODE, "Voilà le formulaire."),)),
        Wrapped(properties=(prop(write.TEXT, write.STRING, "Voilà le formulaire."), RICH)),
        Wrapped(properties=(prop(write.HTML, write.BINARY, "<p>Voilà <b>le</b> formulaire.</p>".encode("cp1252")),)),
    ],
    ids=["attribute", "property", "string property", "page"],
)
def test_its_words_count_where_the_mail_has_none(wrapped: Wrapped) -> None:
    """Plain words, in the code page that it names, or a page that is turned into text; then nothing is left to show of it."""
    mail = read(wrapped)
    assert "Voilà le formulaire." == mail.text.strip()
    assert [] == names(mail)
    assert "Mine." == read(wrapped, "Mine.").text


def test_a_picture_of_its_page_is_inline() -> None:
    """A picture that the page shows belongs into the text, as it does in a mail without a wrapping."""
    page = prop(write.HTML, write.BINARY, b"<p>See <img src='cid:p1@example.org'></p>")
    [picture] = read(Wrapped((PICTURE,), properties=(page,))).attachments
    assert (True, "p1@example.org") == (picture.inline, picture.content_id)
    assert not read(Wrapped((PICTURE,)), "words").attachments[0].inline


def test_a_message_in_it_is_its_words_and_its_files() -> None:
    """An enclosed message of Outlook's is in no format that others read: its words come as a text, its files as files."""
    inner = Wrapped((PDF,), body="from the colleague").written()
    enclosed = File(
        b"",
        properties=(prop(write.SHOWN_NAME, write.UNICODE, "Re: a/b"), prop(write.CONTENT, write.OBJECT, b"I" * 16 + inner)),
    )
    mail = read(Wrapped((enclosed,)), "see below")
    assert ["Re: a_b.txt", "Demande d’accès.pdf"] == names(mail)
    assert b"from the colleague" == mail.attachments[0].content


@pytest.mark.parametrize(
    "wrapped",
    [
        Wrapped((PDF,), properties=(RICH,)),
        Wrapped((PDF,), message_class="IPM.Appointment", body="Meeting at nine"),
        Wrapped((PDF,), properties=(prop(write.CLASS, write.UNICODE, "IPM.Task"),), body="To do"),
    ],
    ids=["rich text", "appointment", "task"],
)
def test_what_is_not_read_of_it_is_not_lost(wrapped: Wrapped) -> None:
    """Words in RTF alone, and the fields of an appointment or a task: its files are shown, and it stays beside them."""
    assert ["Demande d’accès.pdf", "winmail.dat"] == names(read(wrapped))


def test_one_that_only_dresses_the_words_disappears() -> None:
    """The most frequent winmail.dat holds nothing but the same words in RTF."""
    assert [] == names(read(Wrapped(properties=(RICH,)), "The same words."))


def test_one_that_is_cut_stays_a_file() -> None:
    """A stream that ends in the middle of what it announces is not taken apart: it is shown as it is, and nothing is raised."""
    whole = Wrapped((PDF,), body="x").written()
    for end in range(4, len(whole) - 2):
        kept = read(whole[:end], "words")
        assert "words" == kept.text
        assert "Demande d’accès.pdf" not in names(kept), end
    # The last attribute but for its checksum is all there.
    assert ["winmail.dat"] == names(read(whole[: len(whole) - 20], "words"))


def test_no_damage_raises() -> None:
    """Whatever bytes a stranger changes, the mail is read and keeps its words."""
    whole = Wrapped((PDF, PICTURE), body="x", properties=(RICH,)).written()
    chance = random.Random(1)
    for _ in range(1500):
        raw = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            raw[chance.randrange(4, len(raw))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        assert "words" == read(bytes(raw), "words").text


@pytest.mark.parametrize(
    "raw",
    [
        Wrapped(tuple(File(b"x", f"{n}.txt") for n in range(150))).written(),
        Wrapped(more=write.attribute(0x00069003, b"\xff\xff\xff\xff")).written(),
        Wrapped(more=write.attribute(0x00069003, b"\1\0\0\0\x02\x11\1\x10\xff\xff\xff\x7f")).written(),
        Wrapped(more=write.attribute(0x0006800F, b"of no file")).written(),
        b"\x78\x9f\x3e\x22",
    ],
    ids=["too many files", "too many properties", "too many values", "data of no file", "a signature"],
)
def test_one_beyond_the_limits_stays_a_file(raw: bytes) -> None:
    """More than a hundred files, or counts that nothing stands behind."""
    assert "winmail.dat" in names(read(raw, ""))


def test_enclosed_messages_are_opened_to_a_depth() -> None:
    """Messages in messages in messages end: the innermost stay as they are."""
    raw = Wrapped((PDF,), body="bottom").written()
    for level in range(40):
        shell = File(b"", properties=(prop(write.SHOWN_NAME, write.STRING, str(level)), prop(write.CONTENT, write.OBJECT, b"I" * 16 + raw)))
        raw = Wrapped((shell,), body="shell").written()
    assert ["39.txt", "38.txt", "37.txt", "36"] == names(read(raw, "words"))


def test_it_takes_time_in_step_with_its_length() -> None:
    """Twice as many attributes take about twice as long (CASES A3.14)."""
    attribute = write.attribute(0x00069003, write.properties(*[prop(0x1001, write.LONG, 1)] * 100))
    once, twice = (Wrapped(more=attribute * count).written() for count in (300, 600))
    assert_linear(lambda: read(once, "words"), lambda: read(twice, "words"))


def test_it_is_read_in_the_sandbox() -> None:
    """A mail with a winmail.dat is suspicious; one whose server only says that there was none, as Exchange does, is not."""
    raw = write.mail(Wrapped((PDF,)).written(), "words")
    assert "winmail.dat" == why_suspicious(raw)
    assert "winmail.dat" == why_suspicious(raw.replace(b"application/ms-tnef; name=winmail.dat", b"application/octet-stream"))
    assert why_suspicious(raw.partition(b"\r\n--b\r\nContent-Type: application/")[0]) is None


def test_an_enclosed_thing_of_another_program_stays_the_file_that_it_is() -> None:
    """A drawing or a sheet is an object too; only one that is wrapped like a message is taken apart."""
    drawing = File(
        b"", properties=(prop(write.SHOWN_NAME, write.UNICODE, "plan.bin"), prop(write.CONTENT, write.OBJECT, b"I" * 16 + b"OLE"))
    )
    [file] = read(Wrapped((drawing,)), "see below").attachments
    assert (file.filename, file.content) == ("plan.bin", b"I" * 16 + b"OLE")


def test_an_enclosed_message_without_words_is_its_files_alone() -> None:
    """No empty text stands beside them."""
    inner = b"I" * 16 + Wrapped((PDF,)).written()
    shell = File(b"", properties=(prop(write.SHOWN_NAME, write.UNICODE, "Re: form"), prop(write.CONTENT, write.OBJECT, inner)))
    assert ["Demande d’accès.pdf"] == names(read(Wrapped((shell,)), "see below"))
