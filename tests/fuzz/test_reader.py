"""Any bytes at all are read, lawfully (tests.fuzz.laws): drawn, damaged, built by hypothesis, kept because they once broke something."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.mail import understand
from gateway.mail.inbound import Trimmed
from gateway.mail.understand import ReadThrough
from tests.fuzz import fragments, laws, target
from tests.fuzz.generate import generated
from tests.fuzz.laws import BrokenLawError, read_lawfully
from tests.fuzz.mutate import HERE, mail, mutated, seeds, words

CORPUS = sorted((HERE / "corpus").glob("*.eml"))
FOUND = sorted((HERE / "found").glob("*.eml"))
LITTLE = settings(max_examples=130, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


# --- built by hypothesis: it makes small what fails ---------------------------------------------------------------------------------------

_bytes = st.one_of(st.sampled_from(words()), st.binary(max_size=30))
_value = st.lists(
    st.one_of(
        st.sampled_from(fragments.ADDRESSES + fragments.ODD_ADDRESSES),
        st.sampled_from(fragments.BROKEN_WORDS + fragments.IDS + fragments.DATES),
        st.text(max_size=20).map(lambda text: text.encode("utf-8", "surrogatepass")),
        _bytes,
    ),
    max_size=4,
).map(b"".join)
_name = st.sampled_from(
    [b"From", b"To", b"Cc", b"Subject", b"Date", b"Message-ID", b"References", b"Return-Path", b"Auto-Submitted", b"Content-Type", b"X"]
)
_field = st.builds(lambda name, value: name + b": " + value, _name, _value)
_line = st.one_of(
    st.sampled_from([line.encode() for line in fragments.REPLY_LINES]),
    st.text(max_size=30).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from([tag.encode() for tag in fragments.HTML]),
    _bytes,
)
_type = st.builds(
    lambda kind, charset, encoding: b"Content-Type: " + kind + b"; charset=" + charset + b"\nContent-Transfer-Encoding: " + encoding,
    st.sampled_from((*fragments.TEXT_TYPES, *fragments.FILE_TYPES, b"text/html", b"application/ms-tnef", b"application/pkcs7-mime")),
    st.sampled_from(fragments.CHARSETS),
    st.sampled_from(fragments.ENCODINGS),
)
_leaf = st.builds(lambda head, lines: head + b"\n\n" + b"\n".join(lines), _type, st.lists(_line, max_size=6))


def _branch(parts: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    def joined(kind: bytes, boundary: bytes, inside: list[bytes], tail: bytes) -> bytes:
        delimiter = b"\n--" + boundary + b"\n"
        return (
            b"Content-Type: " + kind + b'; boundary="' + boundary + b'"\n' + b"".join(delimiter + part for part in inside) + b"\n--" + tail
        )

    enclosed = st.builds(lambda kind, inner: b"Content-Type: " + kind + b"\n\n" + inner, st.just(b"message/rfc822"), parts)
    tails = st.sampled_from([b"b--", b"", b"=_alt--\nlate"])
    several = st.lists(parts, min_size=1, max_size=3)
    return st.one_of(
        enclosed, st.builds(joined, st.sampled_from(fragments.MULTIPARTS), st.sampled_from(fragments.BOUNDARIES), several, tails)
    )


_mail = st.builds(
    lambda fields, body, end: b"\n".join([*fields, body]).replace(b"\n", end),
    st.lists(_field, max_size=6),
    st.recursive(_leaf, _branch, max_leaves=6),
    st.sampled_from([b"\r\n", b"\n", b"\r"]),
)


@LITTLE
@given(_mail)
def test_any_structure_is_read(raw: bytes) -> None:
    """Parts in parts, of any type and under any label, with any fields above: every law holds (CASES F3, A3.8, A3.10, A3.20)."""
    read_lawfully(raw)


@LITTLE
@given(st.one_of(st.binary(max_size=2000), st.lists(_bytes, max_size=40).map(b"".join)))
def test_any_bytes_are_read(raw: bytes) -> None:
    """What is no mail at all is read as well as it can be, and every law holds (CASES F3, A3.20)."""
    read_lawfully(raw)


@LITTLE
@given(st.sampled_from(seeds()), st.integers(0, 2**32 - 1).map(Random))
def test_any_damage_is_survived(seed: bytes, chance: Any) -> None:
    """A good mail with bytes, lines, fields or parts changed, lost, doubled or spliced: every law holds."""
    read_lawfully(mutated(chance, seed))


@pytest.mark.parametrize("block", range(3))
def test_six_hundred_drawn_mails_are_read(block: int) -> None:
    """The mails 1 to 600, drawn and damaged: every law holds for each, and the one that breaks it is named."""
    for number in range(block * 200 + 1, block * 200 + 201):
        try:
            read_lawfully(mail(number))
        except Exception as error:
            raise AssertionError(f"mail({number})") from error


@pytest.mark.parametrize("path", [*CORPUS, *FOUND], ids=lambda path: path.stem)
def test_a_kept_mail_is_read(path: Path) -> None:
    """The mails that the fuzzing begins with, and those that once broke a law or reached what no other did."""
    read_lawfully(path.read_bytes())


# --- the laws themselves, and what asks them ----------------------------------------------------------------------------------------------


def _told(change: Callable[[ReadThrough], ReadThrough], monkeypatch: pytest.MonkeyPatch) -> str:
    real = understand.read_through
    monkeypatch.setattr(laws, "read_through", lambda *given: change(real(*given)))
    with pytest.raises(BrokenLawError) as broken:
        read_lawfully((HERE / "corpus" / "reply-alternative.eml").read_bytes())
    return str(broken.value)


def _with_mail(**changes: Any) -> Callable[[ReadThrough], ReadThrough]:
    return lambda read: replace(read, mail=replace(read.mail, **changes))


@pytest.mark.parametrize(
    ("change", "law"),
    [
        (_with_mail(text="nul \0"), "a text is safe"),
        (_with_mail(html="half \ud83d"), "a text is safe"),
        (_with_mail(subject="one\nBcc: two"), "what stands in a header is one line"),
        (_with_mail(defects=("reader-failed:KeyError",)), "our reader fails on no mail"),
        (_with_mail(message_id="<a b@example.org>"), "an id is one"),
        (_with_mail(text="more words than were trimmed"), "no word of the text is lost"),
        (lambda read: replace(read, trimmed=Trimmed("", read.mail.text, "", 1.0)), "a reply is not empty"),
        (lambda read: replace(read, trimmed=replace(read.trimmed, confidence=2.0)), "a confidence is one"),
        (lambda read: replace(read, trimmed=replace(read.trimmed, quoted="")), "no word of the text is lost"),
        (_with_mail(size="large"), "comes back from another process"),
    ],
)
def test_a_law_can_be_broken(change: Callable[[ReadThrough], ReadThrough], law: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each law notices what it is there for, and says which one it is."""
    assert law in _told(change, monkeypatch)


def test_a_reader_with_a_memory_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second reading that gives another value breaks a law."""
    count = itertools.count()
    assert "reading twice gives the same" in _told(lambda read: replace(read, mail=replace(read.mail, size=next(count))), monkeypatch)


def test_a_number_is_a_mail_for_ever() -> None:
    """The same number gives the same bytes, others give others, and most of them hold a sender and words."""
    assert [mail(number) for number in range(50)] == [mail(number) for number in range(50)]
    assert len({mail(number) for number in range(100)}) > 98
    read = [read_lawfully(mail(number)).mail for number in range(601, 701)]
    assert sum(one.sender is not None for one in read) > 40
    assert sum(bool(one.text.strip()) for one in read) > 40
    assert sum(bool(one.attachments) for one in read) > 20


def test_drawing_reaches_every_kind_of_part() -> None:
    """Reports, enclosed mails, winmail.dat, signatures, calendars and pages are all among the first few hundred."""
    types = {kind for number in range(150) for kind in read_lawfully(generated(Random(number))).mail.part_types}
    wanted = {"message/rfc822", "message/delivery-status", "application/ms-tnef", "application/pkcs7-mime", "text/html", "text/calendar"}
    assert wanted <= types


def test_without_atheris_the_target_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback: the command that installs it, and a status that is not success."""
    monkeypatch.setitem(sys.modules, "atheris", None)
    assert 2 == target.main()
    assert "pip install --require-hashes -r tests/fuzz/requirements.txt" in capsys.readouterr().err
    assert "atheris==" in (HERE / "requirements.txt").read_text(encoding="ascii")


def test_the_target_writes_nowhere_but_into_its_own_folder(tmp_path: Path) -> None:
    """The fuzzer writes into the first folder that it is told of: never the one with our mails, and none where it runs single ones."""
    corpus, kept = str(HERE / "corpus"), str(tmp_path / "corpus")

    def files(*given: str) -> list[str]:
        told = target.arguments(list(given), tmp_path)[1:]
        assert f"-artifact_prefix={tmp_path}/" in told
        return [word for word in told if not word.startswith("-")]

    assert [kept, corpus] == files("-runs=1", corpus) == files("-runs=1")
    assert [str(CORPUS[0])] == files(str(CORPUS[0]))
