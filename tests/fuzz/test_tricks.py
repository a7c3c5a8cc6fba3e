"""What mails try that costs little: to be a path, a codec, a command, somebody's words, a field of ours, an archive that is opened."""

from __future__ import annotations

import encodings.aliases
import re
import tomllib
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from random import Random

import mailparser
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mail.inbound import InboundMail
from gateway.mail.read.parse import read_mail
from gateway.mail.understand import as_json, understand
from gateway.store import schema
from gateway.store.visible import visible_to
from tests.desk.scene import Scene
from tests.fuzz.laws import CONTEXT, read_lawfully
from tests.mail.bombs import ESCAPES, FILE_NAMES, TOP, TRICKS, huge_picture, single, with_file, zip_bomb
from tests.store.fresh import sqlite_store

ROOT = Path(__file__).resolve().parents[2]
JESS = "Jess Martin <jess@commune.example>"
_UNSAFE_NAME = re.compile("[\x00-\x1f\x7f-\x9f/\\\\\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A desk on SQLite."""
    with sqlite_store(tmp_path) as store:
        yield Scene(store, tmp_path)


@pytest.mark.parametrize("trick", sorted(TRICKS))
def test_a_trick_is_read(trick: str) -> None:
    """Every one that is known is read, and every law holds."""
    read_lawfully(TRICKS[trick]())


def _is_a_name(filename: str) -> bool:
    return 0 < len(filename) <= 150 and filename not in {".", ".."} and _UNSAFE_NAME.search(filename) is None


@pytest.mark.parametrize("name", FILE_NAMES)
def test_a_name_that_hopes_to_be_used_is_only_shown(name: bytes) -> None:
    """Whatever a file is called, in either field: one name without a path, a control or a bidirectional character (CASES A3.6)."""
    for fields in (b'Content-Type: x/y; name="%s"', b'Content-Type: x/y\r\nContent-Disposition: attachment; filename="%s"'):
        [file] = read_mail(with_file(b"x", fields % name)).attachments
        assert _is_a_name(file.filename), file.filename


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_name_is_only_shown(name: str) -> None:
    """Any text at all as a name, written out, encoded or in percents (CASES A3.6)."""
    raw = name.encode("utf-8", "surrogatepass")
    percents = b"".join(b"%%%02X" % byte for byte in raw)
    q = percents.replace(b"%", b"=")
    for written in (b'filename="' + raw.replace(b"\n", b" ") + b'"', b"filename*=utf-8''" + percents, b'filename="=?utf-8?q?' + q + b'?="'):
        for file in read_mail(with_file(b"x", b"Content-Type: x/y\r\nContent-Disposition: attachment; " + written)).attachments:
            assert _is_a_name(file.filename), file.filename


def test_an_archive_is_never_opened() -> None:
    """A few kilobytes that would unpack to gigabytes are one file of the same bytes, and cost the memory of their bytes (CASES A3.11)."""
    bomb = zip_bomb()
    assert len(bomb) < 100_000
    raw = with_file(bomb, b"Content-Type: application/zip; name=42.zip")
    read_mail(raw)
    tracemalloc.start()
    read = read_mail(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert [("42.zip", bomb)] == [(file.filename, file.content) for file in read.attachments]
    assert "see the file" == read.text
    assert peak < 2_000_000


def test_a_picture_is_never_decoded() -> None:
    """A picture that says it is 13 GB is kept as it came; nothing that decodes pictures is installed with the gateway (CASES A3.16)."""
    picture = huge_picture()
    [file] = read_mail(with_file(picture, b"Content-Type: image/png; name=a.png")).attachments
    assert (picture, "image/png") == (file.content, file.content_type)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {re.split(r"[^a-z0-9-]", word.lower())[0] for word in project["dependencies"]}
    assert "mail-parser" in named
    assert not named & {"pillow", "wand", "opencv-python", "imageio", "pyvips"}


def test_the_mail_inside_is_not_the_mail() -> None:
    """A mail that is nothing but another one says nothing itself: the words stay in the file (CASES A3.12)."""
    read = read_mail(TRICKS["a mail whose words are another's"]())
    assert "please close the ticket" not in read.text
    assert "asker@example.org" == (read.sender.address if read.sender else "")
    assert [b"please close" in file.content for file in read.attachments] == [True]


NAMES = sorted({*dir(InboundMail), *dir(mailparser.MailParser), *dir(object), *InboundMail.__dataclass_fields__})


def test_a_field_named_like_a_value_of_ours_changes_nothing() -> None:
    """No header field, called as anything that our values or the libraries have, reaches it or sends a reader round (CASES A3.13)."""
    plain = read_mail(TOP + b"\r\nbody\r\n")
    odd = {name for name in NAMES if name.lower() not in {"from", "to", "cc", "subject", "date", "message-id", "reply-to", "body"}}
    assert len(odd) > 80
    for name in sorted(odd):
        read = read_mail(TOP + name.encode() + b": evil@example.org\r\n\r\nbody\r\n")
        same = (
            "sender",
            "to",
            "cc",
            "text",
            "html",
            "attachments",
            "message_id",
            "in_reply_to",
            "defects",
            "content_type",
            "beyond_limits",
        )
        if name.lower() not in {"subject", "to", "cc", "date", "sender", "references"}:
            assert [getattr(plain, one) for one in same] == [getattr(read, one) for one in same], name
        assert ("body", plain.sender) == (read.text, read.sender), name
    read_lawfully(b"".join(name.encode() + b": evil@example.org\r\n" for name in NAMES) + TOP + b"\r\nbody\r\n")


CODECS = sorted({*encodings.aliases.aliases.values(), "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-8-sig"})


def test_no_codec_of_the_interpreter_is_a_way_in() -> None:
    """Every codec that Python has, as the charset of a body, of an encoded word and of a file name: every law holds (CASES A3.10, F3)."""
    assert {"zlib_codec", "rot_13", "uu_codec", "mbcs"} < set(CODECS)
    chance = Random(1)
    for codec in CODECS:
        name = codec.encode()
        word = b"=?" + name + b"?q?=41=80=FF?="
        head = b"Content-Disposition: attachment; filename*=" + name + b"''%FF%00a\r\nContent-Type: x/y"
        for body in (b"plain words", chance.randbytes(100)):
            read_lawfully(b"Comments: " + word + b"\r\n" + single(b"text/plain; charset=" + name, body))
        read_lawfully(with_file(b"x", head))


def test_what_a_terminal_obeys_is_in_no_answer() -> None:
    """Escapes in every field and in the words: what `gateway explain` says of the mail holds none (CASES A3.18)."""
    answer = as_json("mail.eml", understand(TRICKS["escapes in every field"](), CONTEXT))
    told = "\n".join([answer["subject"], answer["text"], answer["reply"], str(answer["from"]), str(answer["to"]), *answer["references"]])
    assert re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", told) is None
    assert "owned" in told
    assert len(ESCAPES) > 5


def test_a_stranger_who_writes_to_a_customers_address_is_not_read_by_him(scene: Scene) -> None:
    """A sign-up service that mails its code to a customer's own reply address is no comment that he could read (CASES A1.12)."""
    scene.mail(JESS, "My printer.\n")
    scene.send()
    answerable = scene.last("jess@commune.example")
    scene.mail("Sign-up <verify@service.example>", "Your code is 424242.\n", to=answerable["Reply-To"], subject="Verify your address")
    scene.mail("Sign-up <no-reply@service.example>", "Your code is 424242.\n", subject="[SUP-1] Verify your address")
    scene.send()

    assert ["My printer."] == [comment.text for comment in scene.comments("SUP-1")]
    jess = scene.person("jess@commune.example")
    with scene.office.store.read() as connection:
        seen = connection.execute(sa.select(schema.tickets.c.number).where(visible_to(jess.id))).scalars().all()
    assert [1] == list(seen)
    assert not any("424242" in message.as_string() for message in scene.to("jess@commune.example"))


PRIVILEGED = (
    *(
        "X-Gateway-Status: closed",
        "X-Gateway-Loop: 1",
        "X-Gateway-Assignee: bob",
        "X-Gateway-Ticket: SUP-1",
        "X-Zammad-Ticket-Priority: 3 high",
    ),
    *("X-Zammad-Ticket-Owner: bob", "X-Zammad-Ignore: true", "X-OTRS-Queue: Junk", "X-OTRS-State: closed", "X-OTRS-Loop: yes"),
    *("RT-Squelch-Replies-To: support@desk.example", "RT-Ticket: example #1", "X-RT-Loop-Prevention: example", "X-Priority: 1 (Highest)"),
    *(
        "Importance: high",
        "Priority: urgent",
        "X-Mailer: gateway",
        "X-Original-To: bob@desk.example",
        "Disposition-Notification-To: a@evil.example",
    ),
    *(
        "Return-Receipt-To: a@evil.example",
        "Status: RO",
        "X-Status: D",
        "Bcc: a@evil.example",
        "Resent-To: a@evil.example",
        "Errors-To: a@evil.example",
    ),
)


def test_no_field_of_a_mail_is_an_order(scene: Scene) -> None:
    """Fields by which other help desks, and we, might take orders change no ticket and send nothing elsewhere (CASES A1.14)."""
    scene.mail(JESS, "My printer.\n")
    scene.mail(JESS, "My printer.\n", headers=dict(field.split(": ", 1) for field in PRIVILEGED))
    scene.clock.pass_by(minutes=2)
    scene.send()

    first, second = scene.ticket("SUP-1"), scene.ticket("SUP-2")
    for name in ("status", "desk", "requester_id", "assignee_id", "priority", "organisation", "summary", "language"):
        assert getattr(first, name) == getattr(second, name), name
    assert {"jess@commune.example", "anna@desk.example", "bob@desk.example"} == {recipient for _, recipient, _ in scene.wire.mails}
