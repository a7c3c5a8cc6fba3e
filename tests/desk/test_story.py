"""The spine: a mail becomes a ticket, is acknowledged, is answered from a mail client, and the answer is answered."""

from __future__ import annotations

import sqlalchemy as sa

from gateway.store import schema
from tests.desk.scene import NOREPLY, SUPPORT, Scene, subject_of, text_of

JESS = "Jess Martin <jess@commune.example>"


def test_a_mail_becomes_a_ticket_and_is_acknowledged(scene: Scene) -> None:
    """One mail is one ticket; its sender gets M01 at once, in his thread, and the whole team A01 (T01)."""
    intake_id = scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()

    assert "The printer is on fire" == scene.ticket().summary
    assert ("done", "ticket") == (scene.intake(intake_id).state, scene.intake(intake_id).outcome)
    [acknowledgement] = scene.to("jess@commune.example")
    assert "<mail-1@commune.example>" == acknowledgement["In-Reply-To"]
    assert "auto-replied" == acknowledgement["Auto-Submitted"]
    assert "SUP-1" in subject_of(acknowledgement)
    [anna], [bob] = scene.to("anna@desk.example"), scene.to("bob@desk.example")
    assert anna["Reply-To"] != bob["Reply-To"]
    assert "Smoke comes out of it." in text_of(anna)


def test_the_agent_answers_from_his_mail_client(scene: Scene) -> None:
    """A reply to A01 is the public comment that the customer gets from the desk's address, without quote and signature (T04, M02)."""
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    notice = scene.last("anna@desk.example")
    scene.mail(
        "Anna <anna@desk.example>",
        f"Please pull the plug.\n\n-- \nAnna, 2nd floor\n\nOn Monday, Support wrote:\n> {text_of(notice)[:40]}\n",
        answers=notice,
    )
    scene.later()

    answer = scene.last("jess@commune.example")
    assert "Please pull the plug." in text_of(answer)
    assert "2nd floor" not in text_of(answer)
    assert f"<{SUPPORT}>" in answer["From"]
    assert answer["Auto-Submitted"] is None
    assert "in_progress" == scene.ticket().status
    assert ["jess@commune.example", "jess@commune.example"] == [r for _, r, _ in scene.wire.mails if r.startswith("jess")]


def test_the_customer_replies_to_the_answer(scene: Scene) -> None:
    """His reply is a comment on the same ticket; the agents hear of it (A02), he himself does not."""
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    scene.mail("anna@desk.example", "Please pull the plug.\n", answers=scene.last("anna@desk.example"))
    scene.later()
    before = len(scene.to("jess@commune.example"))
    scene.mail(JESS, "I did. It still burns!\n", answers=scene.last("jess@commune.example"))
    scene.later()

    assert 3 == len(scene.comments())
    assert "It still burns!" in text_of(scene.last("anna@desk.example"))
    assert before == len(scene.to("jess@commune.example"))
    assert 1 == scene.count(schema.tickets)


def test_a_question_waits_for_the_customer_and_his_reply_is_the_answer(scene: Scene) -> None:
    """`#status waiting` with a text sends one M04; the reply takes the ticket back into progress (T05, T06)."""
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    scene.mail("anna@desk.example", "#status attente\n\nWhich model is it?\n", answers=scene.last("anna@desk.example"))
    scene.later()

    assert "waiting_customer" == scene.ticket().status
    question = scene.last("jess@commune.example")
    assert "Which model is it?" in text_of(question)
    assert "#status" not in text_of(question)
    scene.mail(JESS, "The grey one.\n", answers=question)
    assert "in_progress" == scene.ticket().status


def test_a_note_stays_inside(scene: Scene) -> None:
    """`#note` is for colleagues: the customer gets nothing, and a reply to A07 is a note again, whatever it says (T24)."""
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    scene.mail("anna@desk.example", "#note\nHe always says that.\n", answers=scene.last("anna@desk.example"))
    scene.later()
    scene.mail("bob@desk.example", "True, every week.\n", answers=scene.last("bob@desk.example"))
    scene.later()

    assert ["public", "internal", "internal"] == [c.visibility for c in scene.comments()]
    for mail in scene.to("jess@commune.example"):
        assert "He always" not in mail.as_string()
        assert "every week" not in mail.as_string()
    assert "True, every week." in text_of(scene.last("anna@desk.example"))


def test_a_command_that_cannot_be_followed_sends_nothing(scene: Scene) -> None:
    """One wrong line: nothing is applied or sent, the agent gets A06 with the line and his text, and `#force` publishes it after all."""
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    scene.mail("anna@desk.example", "#status resoluu\n\nIt is fixed.\n", answers=scene.last("anna@desk.example"))
    scene.later()

    assert "open" == scene.ticket().status
    assert 1 == len(scene.to("jess@commune.example"))
    error = scene.last("anna@desk.example")
    assert "#status resoluu" in text_of(error)
    assert "It is fixed." in text_of(error)
    assert [("comment", "public"), ("held", "internal")] == [(c.kind, c.visibility) for c in scene.comments()]
    scene.mail("anna@desk.example", "#force\n", answers=error)
    scene.later()
    assert "It is fixed." in text_of(scene.last("jess@commune.example"))
    assert "#status" not in text_of(scene.last("jess@commune.example"))


def test_an_answer_can_be_taken_back_within_the_delay(scene: Scene) -> None:
    """`#undo` within the delay: the customer never sees it, and the status is what it was."""
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    notice = scene.last("anna@desk.example")
    scene.mail("anna@desk.example", "#status waiting\nWhat a stupid question.\n", answers=notice)
    scene.clock.pass_by(seconds=20)
    scene.mail("anna@desk.example", "#annuler\n", answers=notice)
    scene.later()

    assert 1 == len(scene.to("jess@commune.example"))
    assert "open" == scene.ticket().status
    scene.mail("anna@desk.example", "#undo\n", answers=notice)
    scene.later()
    assert "#undo" in text_of(scene.last("anna@desk.example"))


def test_status_and_comment_within_the_window_are_one_mail(scene: Scene) -> None:
    """Two steps of one agent within the merge window reach the customer as one mail (R-152, ruling 3)."""
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    notice = scene.last("anna@desk.example")
    scene.mail("anna@desk.example", "Here is your new printer.\n", answers=notice)
    scene.clock.pass_by(seconds=30)
    scene.mail("anna@desk.example", "#resolu\n", answers=notice)
    scene.later()

    assert 2 == len(scene.to("jess@commune.example"))
    assert "Here is your new printer." in text_of(scene.last("jess@commune.example"))
    assert "Resolved" in text_of(scene.last("jess@commune.example"))


def test_a_reply_long_after_closing_opens_a_linked_ticket(scene: Scene) -> None:
    """Within 30 days a reply reopens (T16), later it opens a new ticket that is linked, and M25 says so (T17)."""
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    notice = scene.last("anna@desk.example")
    scene.mail("anna@desk.example", "#resolu\nDone.\n", answers=notice)
    scene.later()
    acknowledgement = scene.to("jess@commune.example")[0]
    scene.mail(JESS, "Merci beaucoup !\n", answers=acknowledgement)
    assert "resolved" == scene.ticket().status
    scene.mail(JESS, "Sorry, it burns again, can you come?\n", answers=acknowledgement)
    assert "reopened" == scene.ticket().status
    scene.mail("anna@desk.example", "#resolu\nDone again.\n", answers=notice)
    scene.clock.pass_by(days=31)
    scene.send()
    scene.mail(JESS, "And again. Is there a better one?\n", answers=acknowledgement)
    scene.send()

    assert "resolved" == scene.ticket().status
    assert "open" == scene.ticket("SUP-2").status
    assert "SUP-1" in text_of(scene.last("jess@commune.example"))
    assert 1 == scene.count(schema.links, schema.links.c.kind == "follows")


def test_a_guarded_mail_is_answered_from_the_noreply_address(scene: Scene) -> None:
    """A pure status mail asks not to be answered; its Reply-To is a signed noreply address, and what comes there is kept (ruling 9)."""
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    scene.mail("anna@desk.example", "#status selected\n", answers=scene.last("anna@desk.example"))
    scene.later()
    status = scene.last("jess@commune.example")

    assert f"<{NOREPLY}>" in status["From"]
    assert status["Reply-To"].startswith("noreply+")
    scene.mail(JESS, "When will that be?\n", answers=status)
    assert "When will that be?" == scene.comments()[-1].text


def test_the_agent_who_answers_to_all_does_not_make_the_customer_read_it_twice(scene: Scene) -> None:
    """A participant who stands in To or Cc of the agent's mail has it: it is recorded and not sent again."""
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    scene.mail("anna@desk.example", "Pull the plug.\n", answers=scene.last("anna@desk.example"), headers={"Cc": "jess@commune.example"})
    scene.later()

    assert 1 == len(scene.to("jess@commune.example"))
    assert ("comment", "got-it-from-the-agent") in scene.skipped()


def test_attachments_travel_with_the_answer(scene: Scene) -> None:
    """A file that the customer sends is stored with his comment and reaches the agent; what is executable is only named (A2.13)."""
    head = "From: jess@commune.example\nTo: support@desk.example\nSubject: two files\nMessage-ID: <f@commune.example>\nMIME-Version: 1.0\n"
    parts = (
        ("text/plain", "", "See there."),
        ("text/csv", "list.csv", "a;b"),
        ("application/octet-stream", "setup.exe", "MZ"),
    )
    body = head + 'Content-Type: multipart/mixed; boundary="b"\n\n'
    for kind, name, content in parts:
        disposition = f'Content-Disposition: attachment; filename="{name}"\n' if name else ""
        body += f"--b\nContent-Type: {kind}\n{disposition}\n{content}\n"
    scene.bytes((body + "--b--\n").replace("\n", "\r\n").encode())
    scene.send()

    notice = scene.last("anna@desk.example")
    assert ["list.csv"] == [part.get_filename() for part in notice.walk() if part.get_filename()]
    assert "setup.exe" in text_of(notice)
    assert 2 == scene.count(schema.attachments)


def test_no_mail_is_ever_shared_between_recipients(scene: Scene) -> None:
    """Each mail has one recipient, a signed bounce address of its own, and a Message-ID of its own (A2.9, ruling 9)."""
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()

    for mail_from, recipient, message in scene.wire.mails:
        assert recipient in message["To"]
        assert "," not in message["To"]
        assert mail_from.startswith("support+")
    assert len({m["Message-ID"] for _, _, m in scene.wire.mails}) == len({f for f, _, _ in scene.wire.mails}) == len(scene.wire.mails)


def test_every_step_stands_in_the_ledger(scene: Scene) -> None:
    """What a mail became can be read back: verdict, rules, match, and why nobody was told."""
    scene.mail("jess@commune.example", "x\n", headers={"Auto-Submitted": "auto-generated"})
    row = scene.intake(1)

    assert ("auto-generated", "ticket") == (row.verdict, row.outcome)
    assert row.rules
    assert scene.skipped()
    with scene.office.store.read() as connection:
        assert connection.execute(sa.select(schema.events.c.kind).where(schema.events.c.intake_id == 1)).all()


def test_a_note_that_failed_is_never_published(scene: Scene) -> None:
    """`#force` sends what the agent meant to send: a note with a wrong command stays a note."""
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    scene.mail("anna@desk.example", "#note\n#status resoluu\nHe always says that.\n", answers=scene.last("anna@desk.example"))
    scene.later()
    scene.mail("anna@desk.example", "#force\n", answers=scene.last("anna@desk.example"))
    scene.later()

    assert ("He always says that.", "internal", "comment") == tuple(
        getattr(scene.comments()[-1], name) for name in ("text", "visibility", "kind")
    )
    for mail in scene.to("jess@commune.example"):
        assert "always" not in mail.as_string()


def test_force_in_answer_to_a_note_publishes_nothing(scene: Scene) -> None:
    """The address of A07 can only make notes, whatever the words say."""
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    scene.mail("bob@desk.example", "#note\nLook at this.\n", answers=scene.last("bob@desk.example"))
    scene.later()
    note = scene.last("anna@desk.example")
    scene.mail("anna@desk.example", "#status resoluu\nIt is fixed.\n", answers=scene.to("anna@desk.example")[0])
    scene.later()
    scene.mail("anna@desk.example", "#force\n", answers=note)
    scene.later()

    assert 1 == len(scene.to("jess@commune.example"))
    assert "internal" == scene.comments()[-1].visibility


def test_force_publishes_only_what_a_command_held_back(scene: Scene) -> None:
    """Words that somebody else wrote in the agent's name are kept on the ticket; his own `#force` does not send them."""
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    scene.mail("anna@desk.example", "#status resoluu\n\nIt is fixed.\n", answers=scene.last("anna@desk.example"))
    scene.later()
    error = scene.last("anna@desk.example")
    scene.mail("anna@desk.example", "Pay to my new account.\n", subject="Re: [SUP-1] printer")
    assert "held" == scene.comments()[-1].kind
    scene.mail("anna@desk.example", "#force\n", answers=error)
    scene.later()

    assert "It is fixed." in text_of(scene.last("jess@commune.example"))
    for mail in scene.to("jess@commune.example"):
        assert "account" not in text_of(mail)


def test_words_that_left_inside_an_earlier_mail_cannot_be_taken_back(scene: Scene) -> None:
    """Two answers merged into one mail: once it has left, undoing the second says so instead of pretending."""
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    notice = scene.last("anna@desk.example")
    scene.mail("anna@desk.example", "First.\n", answers=notice)
    scene.clock.pass_by(seconds=80)
    scene.mail("anna@desk.example", "Second.\n", answers=notice)
    scene.clock.pass_by(seconds=70)
    scene.send()
    assert "Second." in text_of(scene.last("jess@commune.example"))
    scene.mail("anna@desk.example", "#undo\n", answers=notice)
    scene.send()

    assert "#undo" in text_of(scene.last("anna@desk.example"))
    assert all(c.withdrawn_at is None for c in scene.comments())


def test_the_second_of_two_merged_answers_is_taken_back_alone(scene: Scene) -> None:
    """While the mail waits, undoing the second leaves the first in it."""
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    notice = scene.last("anna@desk.example")
    scene.mail("anna@desk.example", "First.\n", answers=notice)
    scene.mail("anna@desk.example", "Second.\n", answers=notice)
    scene.mail("anna@desk.example", "#undo\n", answers=notice)
    scene.later()

    answer = text_of(scene.last("jess@commune.example"))
    assert "First." in answer
    assert "Second." not in answer
