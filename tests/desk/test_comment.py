"""What agents see beside a customer's words, how far his mail is believed, and when an old thread is about something new."""

from __future__ import annotations

import pytest

from gateway.desk.comment import left_out
from gateway.domain.audience import Mail
from gateway.mail.trust import Trust
from gateway.store import schema, tickets
from tests.desk.scene import NOREPLY, SUPPORT, Scene, judged, text_of

JESS = "Jess Martin <jess@commune.example>"


def beside(scene: Scene) -> dict[str, str]:
    """What the last mail to an agent says beside the words."""
    scene.later()
    return dict(next(one.context.beside for one in reversed(scene.left) if one.recipient == "anna@desk.example"))


def test_a_plain_mail_has_nothing_beside_it(scene: Scene) -> None:
    """Who writes to the desk alone, for himself, needs no remark."""
    scene.mail(JESS, "It burns.\n")
    assert {} == beside(scene)
    assert scene.comments()[0].shown is None


def test_who_else_it_was_sent_to_is_shown_and_nobody_is_added(scene: Scene) -> None:
    """To and Cc are told to agents, and none of them hears of the ticket (ruling 16, CASES A1.6)."""
    scene.mail(JESS, "It burns.\n", to=f"{SUPPORT}, lee@other.example", headers={"Cc": "sam@other.example"})
    assert {"also_to": "lee@other.example, sam@other.example"} == beside(scene)
    assert "Also addressed to: lee@other.example" not in text_of(scene.last("anna@desk.example"))
    assert "Also addressed to lee@other.example, sam@other.example" in text_of(scene.last("anna@desk.example"))
    assert not scene.to("lee@other.example")
    assert not scene.to("sam@other.example")


def test_who_takes_part_already_is_not_named_again(scene: Scene) -> None:
    """A copy to a participant is no news."""
    scene.mail(JESS, "It burns.\n")
    scene.join("lee@other.example")
    scene.send()
    answered = scene.last("jess@commune.example")
    scene.mail(JESS, "Still.\n", answers=answered, headers={"Cc": "lee@other.example, sam@other.example"})
    assert {"also_to": "sam@other.example"} == beside(scene)


def test_many_of_them_are_counted(scene: Scene) -> None:
    """Five are named."""
    scene.mail(JESS, "It burns.\n", headers={"Cc": ", ".join(f"p{n}@other.example" for n in range(8))})
    assert {"also_to": "p0@other.example, p1@other.example, p2@other.example, p3@other.example, p4@other.example +3"} == beside(scene)


def test_a_reply_to_elsewhere_is_told(scene: Scene) -> None:
    """Answers go to From; the other address is a remark (CASES A1.7)."""
    scene.mail(JESS, "It burns.\n", headers={"Reply-To": "jess@elsewhere.example"})
    assert {"reply_to": "jess@elsewhere.example"} == beside(scene)
    assert not scene.to("jess@elsewhere.example")


@pytest.mark.parametrize("name", ["Anna Agent", "agent, ANNA", "Аnnа Аgеnt", "Ánna  Ągent"])
def test_a_stranger_with_an_agents_name_is_named(scene: Scene, name: str) -> None:
    """In another order or case, with accents, or in letters that look alike (CASES A1.9)."""
    scene.mail(f'"{name}" <anna@evil.example>', "Please publish.\n")
    assert {"resembles": "anna@desk.example"} == beside(scene)


@pytest.mark.parametrize("sender", ["Anna Agent <anna@desk.example>", "Anna <anna@evil.example>", "Anna Agentino <anna@evil.example>"])
def test_the_agent_himself_and_other_names_are_not(scene: Scene, sender: str) -> None:
    """Her own address, a first name alone, and a longer name are no forgery."""
    scene.mail(sender, "Please publish.\n")
    assert "resembles" not in (scene.comments()[0].shown or {})


def test_what_the_domain_denies_is_told(scene: Scene) -> None:
    """A DMARC failure that our own server saw stands under the words."""
    scene.with_policy(authserv_ids=frozenset({"mx.desk.example"}))
    scene.mail(JESS, "It burns.\n", top=judged("fail"))
    assert {"refuted": "commune.example"} == beside(scene)


def test_an_unclear_sender_is_told(scene: Scene) -> None:
    """Two mailboxes in From: agents read why nobody is answered (CASES A1.8, F2)."""
    scene.mail(f"{JESS}, Eve <eve@evil.example>", "It burns.\n")
    assert "unclear" in beside(scene)


def test_a_doubtful_cut_is_shown_to_agents_only(scene: Scene) -> None:
    """Below a certainty agents read what was left out too; the customer's own mails never carry it."""
    scene.mail(JESS, "It burns.\n")
    scene.send()
    answered = scene.last("jess@commune.example")
    scene.mail(JESS, "Still.\n\n____________________________\nFrom: Bo\nSubject: x\nIt was like this.\n", answers=answered)
    with scene.office.store.read() as connection:
        comment = tickets.comments(connection, [scene.comments()[-1].id])[0]
    assert "Still." == comment.text
    assert comment.shown["confidence"] < 0.8
    assert "It was like this." in left_out(comment)
    scene.later()
    told = next(one for one in reversed(scene.left) if one.mail is Mail.AGENT_CLIENT_REPLIED)
    assert "It was like this." in text_of(told.message)
    assert all("It was like this." not in text_of(mail) for mail in scene.to("jess@commune.example"))


def test_each_mail_has_its_level_of_trust(scene: Scene) -> None:
    """Unknown at first, known the second time, proved on the signed address, and an agent on his own."""
    levels = [scene.intake(scene.mail(JESS, "It burns.\n")).trust, scene.intake(scene.mail(JESS, "It smokes.\n")).trust]
    scene.later()
    levels.append(scene.intake(scene.mail(JESS, "Still.\n", answers=scene.last("jess@commune.example"))).trust)
    levels.append(scene.intake(scene.mail("Anna Agent <anna@desk.example>", "On it.\n", answers=scene.to("anna@desk.example")[0])).trust)
    levels.append(scene.intake(scene.mail("anna@desk.example, bob@desk.example", "Hello.\n")).trust)
    assert [Trust.UNKNOWN, Trust.KNOWN, Trust.CUSTOMER_PROVED, Trust.AGENT_PROVED, Trust.UNKNOWN] == levels


def test_a_new_subject_on_an_old_thread_is_a_ticket_of_its_own(scene: Scene) -> None:
    """An old mail taken up for another matter: a new ticket, linked to the old one, which stays as it is (FIELD 3.13)."""
    scene.mail(JESS, "It burns.\n")
    scene.send()
    scene.clock.pass_by(hours=2)
    intake = scene.intake(
        scene.mail(JESS, "A badge, please.\n", answers=scene.last("jess@commune.example"), headers={"Subject": "New badge"})
    )
    scene.later()
    assert "New badge" == scene.ticket("SUP-2").summary
    assert 1 == len(scene.comments("SUP-1"))
    assert "new-subject" in intake.why
    assert 1 == scene.count(schema.links)
    assert ["M01", "M01"] == scene.codes("jess@commune.example")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: New badge", "It smokes.\n"),
        ("The printer again", "It smokes.\n"),
        ("New badge", "Thank you!\n"),
        ("", "It smokes.\n"),
        ("[SUP-1] New badge", "It smokes.\n"),
    ],
    ids=["mark", "word in common", "thanks", "no subject", "key"],
)
def test_otherwise_the_thread_is_kept(scene: Scene, subject: str, text: str) -> None:
    """A mark, a word in common, a key, no subject, or nothing but thanks: it is this ticket."""
    scene.mail(JESS, "It burns.\n")
    scene.send()
    scene.mail(JESS, text, answers=scene.last("jess@commune.example"), headers={"Subject": subject})
    assert 2 == len(scene.comments("SUP-1"))


def test_a_decision_is_about_its_ticket_whatever_it_is_called(scene: Scene) -> None:
    """The word "Accepted" on his own address accepts (ruling 6)."""
    scene.mail(JESS, "It burns.\n")
    scene.act("anna", "Is it good?", to="in_progress")
    scene.act("anna", "Is it good?", to="waiting_approval")
    scene.later()
    scene.mail(JESS, "Accepted\n", answers=scene.last("jess@commune.example"), headers={"Subject": "Badge"})
    assert "waiting_approval" != scene.ticket().status


def test_a_quoted_reply_marker_finds_the_ticket(scene: Scene) -> None:
    """A program that loses thread and key still quotes our first line; a participant's words come home by it (FIELD 2.2)."""
    scene.mail(JESS, "It burns.\n")
    scene.send()
    quoted = "\n".join(f"> {line}" for line in text_of(scene.last("jess@commune.example")).splitlines())
    intake = scene.intake(scene.mail(JESS, f"Still.\n\nOn Monday, Support wrote:\n{quoted}\n", subject="Re: printer"))
    assert "reply-marker" in intake.why
    assert "Still." == scene.comments("SUP-1")[1].text


def test_a_strangers_quoted_marker_is_a_hint_only(scene: Scene) -> None:
    """Somebody else who quotes it gets a ticket of his own, linked for agents (CASES A1.2)."""
    scene.mail(JESS, "It burns.\n")
    scene.send()
    quoted = "\n".join(f"> {line}" for line in text_of(scene.last("jess@commune.example")).splitlines())
    scene.mail("Eve <eve@evil.example>", f"Let me in.\n\nOn Monday, Support wrote:\n{quoted}\n", subject="Re: printer")
    assert 1 == len(scene.comments("SUP-1"))
    assert "Let me in." == scene.comments("SUP-2")[0].text


def test_a_guarded_address_is_proved_too(scene: Scene) -> None:
    """The signed address of a mail that asks for no answer was made for him as well."""
    scene.mail(JESS, "It burns.\n")
    scene.act("anna", to="in_progress")
    scene.later()
    guarded = next(mail for mail in scene.to("jess@commune.example") if NOREPLY.partition("@")[0] in (mail["Reply-To"] or ""))
    assert Trust.CUSTOMER_PROVED == scene.intake(scene.mail(JESS, "Thanks, but no.\n", answers=guarded)).trust


def test_an_agent_may_quote_another_tickets_marker(scene: Scene) -> None:
    """An answer on the agent's own address goes out, whatever mail of another ticket is quoted or pasted below it."""
    scene.mail(JESS, "It burns.\n")
    scene.send()
    quoted = "\n".join(f"> {line}" for line in text_of(scene.last("jess@commune.example")).splitlines())
    scene.mail("Eve <eve@other.example>", "Mine too.\n", subject="Printer")
    scene.later()
    told = next(one.message for one in reversed(scene.left) if one.mail is Mail.AGENT_NEW_REQUEST and one.recipient == "anna@desk.example")
    again = "\n".join(f"> {line}" for line in text_of(told).splitlines())
    scene.mail("Anna Agent <anna@desk.example>", f"Take the stairs.\n\nOn Monday, Support wrote:\n{again}\n\n{quoted}\n", answers=told)
    assert ["comment", "comment"] == [one.kind for one in scene.comments("SUP-2")]
    scene.later()
    assert "Take the stairs." in text_of(scene.last("eve@other.example"))


def test_an_address_proves_nothing_after_a_year(scene: Scene) -> None:
    """The signed address of a ticket that has rested for a year is a hint like any other (ruling 15)."""
    scene.mail(JESS, "It burns.\n")
    scene.send()
    answered = scene.last("jess@commune.example")
    scene.clock.pass_by(days=366)
    assert Trust.KNOWN == scene.intake(scene.mail(JESS, "Still.\n", answers=answered)).trust
