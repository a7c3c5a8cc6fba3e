"""Who a mail is from: one clean mailbox that two readers agree on, or nobody."""

from __future__ import annotations

import mailparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.people import Address
from gateway.mail.read import sender as reader
from gateway.mail.read.parse import read_mail
from gateway.mail.read.sender import normal_address, read_addresses, read_sender


@pytest.mark.parametrize(
    ("line", "address", "name"),
    [
        (b"jess@example.org", "jess@example.org", ""),
        (b"<Jess@Example.ORG>", "jess@example.org", ""),
        (b"Jess Martin <jess@example.org>", "jess@example.org", "Jess Martin"),
        (b'"Martin, Jess" <jess@example.org>', "jess@example.org", "Martin, Jess"),
        (b'"jess@example.org" <jess@example.org>', "jess@example.org", "jess@example.org"),
        (b"J. Martin <jess+tag@mail.example.org>", "jess+tag@mail.example.org", "J. Martin"),
        (b"=?utf-8?q?J=C3=A9r=C3=B4me?= <jerome@example.org>", "jerome@example.org", "Jérôme"),
        ("Jérôme <jerome@example.org>".encode(), "jerome@example.org", "Jérôme"),
        (b"Jess Martin (home) <jess@example.org>", "jess@example.org", "Jess Martin"),
        (b"jess@example.org (Jess Martin)", "jess@example.org", "Jess Martin"),
        (b'"Jess \\"J\\" Martin" <jess@example.org>', "jess@example.org", 'Jess "J" Martin'),
        (b"Jess\n\tMartin\n <jess@example.org>", "jess@example.org", "Jess Martin"),
    ],
)
def test_an_honest_line_has_a_sender(line: bytes, address: str, name: str) -> None:
    """Every usual way to write one mailbox gives its address in lower case and its name decoded."""
    read = read_mail(b"From: " + line + b"\n\nx")
    assert read.sender is not None, read.defects
    assert (read.sender.address, read.claimed_sender) == (address, read.sender)
    assert read.sender.name in {name, f"{name} (home)"}


@pytest.mark.parametrize(
    ("line", "claimed"),
    [
        (b"agent@example.be <evil@example.org>", "evil@example.org"),
        (b"<agent@example.be> <evil@example.org>", "evil@example.org"),
        (b"<agent@example.be>, evil@example.org", "agent@example.be"),
        (b"agent@example.be, evil@example.org", "agent@example.be"),
        (b"agent@example.be evil@example.org", "evil@example.org"),
        (b"agent@example.be;evil@example.org", "agent@example.be"),
        (b"staff: agent@example.be;", "agent@example.be"),
        (b"<@evil.example:agent@example.be>", "agent@example.be"),
        (b"<agent@example.be>evil@example.org", "agent@example.be"),
        (b"agent@example.be <", None),
        (b'"agent@example.be', None),
        (b"(agent@example.be", None),
        (b"agent@example.be(", "agent@example.be"),
        (b"<agent@example.be", "agent@example.be"),
        (b"agent@example.be>", "agent@example.be"),
        (b"agent@@example.be", None),
        (b"agent@evil@example.be", None),
        (b"agent@", None),
        (b"@example.be", None),
        (b"agent", None),
        (b"agent @ example.be", None),
        (b"=?utf-8?q?agent=40example.be?=", "agent@example.be"),
        (b"=?utf-8?q?Agent_=3Cagent=40example.be=3E?=", "agent@example.be"),
        (b"=?utf-8?q?Agent,?= <agent@example.be>", "agent@example.be"),
        (b"=?utf-8?q?<agent@example.be>,?= <evil@example.org>", "evil@example.org"),
        (b"agent@exa\xe2\x80\x8bmple.be", "agent@example.be"),
        (b"agent@example.be\x00.evil.example", "agent@example.be"),
        (b"agent\x01@example.be", None),
        ("agent@ｅxample.be".encode(), None),
        ("agent@example。be".encode(), None),
        ("\u212aim@example.be".encode(), "kim@example.be"),
        (b"undisclosed:;", None),
        (b"", None),
    ],
)
def test_a_line_that_can_be_read_in_two_ways_is_nobodys(line: bytes, claimed: str | None) -> None:
    """No trick makes a sender: the address is shown as claimed at most, and a defect says why (CASES F2, A1.8)."""
    read = read_mail(b"From: " + line + b"\nSubject: x\n\nx")
    assert read.sender is None
    assert (read.claimed_sender.address if read.claimed_sender else None) == claimed
    assert any(defect.startswith(("from-", "no-from")) for defect in read.defects)


@pytest.mark.parametrize(
    "fields",
    [
        b"From: agent@example.be\nFrom: evil@example.org\n",
        b"From: agent@example.be\nFROM : agent@example.be\n",
        b"Subject: x\nFrom: evil@example.org\nfrom: agent@example.be\n",
    ],
)
def test_two_from_fields_are_nobodys(fields: bytes) -> None:
    """With two From fields, however spelled, each reader picks its own: the mail is nobody's (CASES F2)."""
    read = read_mail(fields + b"\nx")
    assert read.sender is None
    assert "two-from-fields" in read.defects


def test_reply_to_and_sender_are_never_the_identity() -> None:
    """Reply-To and Sender make nobody the sender; Reply-To is shown where From has no address at all (CASES A1.7)."""
    read = read_mail(b"From: Agent <>\nReply-To: agent@example.be\nSender: agent@example.be\n\nx")
    assert (read.sender, read.claimed_sender) == (None, Address("agent@example.be"))
    read = read_mail(b"From: jess@example.org\nReply-To: agent@example.be\n\nx")
    assert read.sender == Address("jess@example.org")


_NAME = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_characters="\x7f"), max_size=20)
_ADDRESS = st.from_regex(r"[a-z0-9.+_-]{1,12}@[a-z0-9-]{1,8}(\.[a-z]{2,5}){0,2}", fullmatch=True)


@settings(max_examples=300, deadline=None)
@given(_NAME, _ADDRESS, st.sampled_from(["{1}", "<{1}>", "{0} <{1}>", '"{0}" <{1}>']))
def test_lines_that_skip_the_second_reader_are_read_alike_by_it(name: str, address: str, shape: str) -> None:
    """The plain shapes, which are believed without asking, are exactly what mail-parser sees in them too."""
    line = shape.format(name, address).strip()
    found = reader._PLAIN_MAILBOX.fullmatch(line)
    if found and normal_address(address):
        seen = mailparser.parse_from_bytes(b"From: " + line.encode() + b"\r\n\r\n").from_
        assert [one[1].lower() for one in seen] == [found["address"].lower()]


@settings(max_examples=300, deadline=None)
@given(st.text('ab@<>(),:;"\\ .[]', max_size=24))
def test_a_sender_is_what_the_second_reader_sees(line: str) -> None:
    """Over lines of nothing but specials, a sender is only ever the one address that mail-parser sees as well."""
    found = read_sender([line]).address
    if found is not None:
        seen = mailparser.parse_from_bytes(b"From: " + line.encode() + b"\r\n\r\n").from_
        assert [normal_address(one[1]) for one in seen] == [found.address]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Jess@Example.ORG", "jess@example.org"),
        ("jess@example.org.", "jess@example.org"),
        ("jess@mächine.example", "jess@xn--mchine-bua.example"),
        ("jess@[192.0.2.1]", "jess@[192.0.2.1]"),
        ('"jess martin"@example.org', '"jess martin"@example.org'),
        ("jess@-example.org", None),
        ("jess@example..org", None),
        ("jess@" + "a" * 64 + ".org", None),
        ("j" * 200 + "@example.org", None),
        ("je ss@example.org", None),
        ("straße@straße.example", None),
        ("", None),
    ],
)
def test_an_address_has_one_normal_form(written: str, normal: str | None) -> None:
    """Lower-case, the domain in A-labels; what is no address, or would be mapped to somebody else's, is None."""
    assert normal_address(written) == normal


def test_lists_are_read_whole_and_once() -> None:
    """Groups are dissolved, repeats dropped, names kept, and what is no address passed over."""
    value = 'A <a@example.org>, staff: b@example.org, "C, D" <c@example.org>;, a@example.org, nobody, =?utf-8?q?=C3=A9?= <e@example.org>'
    assert read_addresses([value]) == (
        Address("a@example.org", "A"),
        Address("b@example.org"),
        Address("c@example.org", "C, D"),
        Address("e@example.org", "é"),
    )
    assert len(read_addresses([", ".join(f"p{i}@example.org" for i in range(50))], limit=10)) == 10


@pytest.mark.parametrize(
    ("line", "sender"),
    [
        ("agent@example.be <agent@example.be>", "agent@example.be"),
        ("'Agent@Example.be' <agent@example.be>", "agent@example.be"),
        ("agent@example.be <evil@example.org>", None),
        ("agent@example.be evil@example.org <agent@example.be>", None),
        ("agent@example.be, agent@example.be <agent@example.be>", None),
    ],
)
def test_a_name_that_is_the_address_itself_hides_nobody(line: str, sender: str | None) -> None:
    """Programs without a name for somebody put his address there; whichever of the two a reader takes, it is the same person."""
    found = read_sender([line])
    assert (found.address.address if found.address else None) == sender


@pytest.mark.parametrize(
    "written",
    ["\u212aim@example.be", "jess@" + "é" * 64 + ".example", "jess@é" + "\u06dd" + ".example", "jess@\u00ad.example", "jess@" + "é." * 200],
)
def test_an_address_that_folds_into_another_or_into_none_is_none(written: str) -> None:
    """The Kelvin sign in lower case is somebody else's k; a domain that has no form for the wire is no domain."""
    assert normal_address(written) is None


@pytest.mark.parametrize(
    ("line", "defect"),
    [
        ("<jess@example.org>: <jess@example.org>", "from-malformed"),
        ("jess@example.org: jess@example.org", "from-malformed"),
        ("<=?utf-8?q?jess?=@example.org>", "from-malformed"),
        ("Jess <=?utf-8?q?jess=40example.org?=@example.net>", "from-malformed"),
        (r"(\)éa@example.org", "from-readers-differ"),
        ("(" + "x" * 2100 + ") <jess@example.org>", "from-readers-differ"),
    ],
    ids=["a colon behind", "a colon between", "an encoded word", "an encoded address", "an escaped bracket", "too long to ask"],
)
def test_a_line_that_only_one_reader_understands_is_nobodys(line: str, defect: str) -> None:
    """A colon makes a group to some and is rubbish to others; where the second reader sees nobody, or is not asked, nobody is believed."""
    found = read_sender([line])
    assert (found.address, found.defects) == (None, (defect,))
    assert found.claimed is not None


def test_a_second_reader_that_fails_says_no(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its exceptions are of any type, and none of them makes a sender or stops the mail (CASES F3)."""
    line = "(home) <jess@example.org>"
    assert read_sender([line]).address == Address("jess@example.org", "home")

    def fail(_raw: bytes) -> None:
        raise AttributeError("a fault of theirs")

    monkeypatch.setattr(mailparser, "parse_from_bytes", fail)
    assert read_sender([line]).defects == ("from-readers-differ",)
