"""What kind of mail it is, and whether anything automatic may answer it (CASES C.2, C.3, A1.16, A2.4, A2.5, A2.7)."""

from __future__ import annotations

import re

import pytest

from gateway.mail.inbound import Attachment, Classified, InboundMail, SenderProof, Verdict
from gateway.mail.kind.classify import NEVER_ANSWER, RULES, classify, keyword
from gateway.mail.kind.classify_rules import is_own
from tests.growth import assert_within
from tests.mail.inbound_values import DESK, JESS, delivery_report, from_daemon, inbound

OWN = frozenset({DESK, "@reply.example.org"})
LIMIT = 25 * 1024 * 1024


def judged(mail: InboundMail, own: frozenset[str] = OWN) -> Classified:
    """The mail classified for a desk whose Message-IDs begin with `note.` and whose loop mark is `ours`."""
    return classify(
        mail,
        own_addresses=own,
        is_own_message_id=lambda mid: mid.startswith("<note."),
        is_own_loop=lambda value: value == "ours",
        size_limit=LIMIT,
    )


def with_headers(*headers: tuple[str, str], **more: object) -> InboundMail:
    """A plain human mail with more header fields."""
    return inbound(headers=headers, **more)  # type: ignore[arg-type]


def calendar(method: str) -> Attachment:
    """An .ics file with this METHOD."""
    body = f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nEND:VCALENDAR\r\n".encode()
    return Attachment("invite.ics", "text/calendar", body, "0" * 64)


def test_a_person_s_mail_is_human_and_may_be_answered() -> None:
    """Nothing hits but the last rule, and nothing forbids an answer."""
    assert judged(inbound()) == Classified(Verdict.HUMAN, ("human",), may_answer=True)


# --- each rule ----------------------------------------------------------------------------------------------------------------------------

RECEIPT = {"content_type": "multipart/report", "parameters": {"report-type": "disposition-notification"}}
ABUSE = {"content_type": "multipart/report", "parameters": {"report-type": "feedback-report"}}
FAILED = "Final-Recipient: rfc822; a@example.be\nAction: failed\nStatus: 5.1.1\n"
DELAYED = "Final-Recipient: rfc822; a@example.be\nAction: delayed\nStatus: 4.4.1\n"
RELAYED = "Final-Recipient: rfc822; a@example.be\nAction: relayed\nStatus: 2.0.0\n"
NOTE = "I am out of the office until Monday. In urgent cases call the desk.\n"

CASES: tuple[tuple[str, InboundMail, Verdict], ...] = (
    ("own-loop-mark", with_headers(("X-Gateway-Loop", " ours ")), Verdict.LOOP),
    ("own-sender", inbound(sender="Support+x@Example.org".lower()), Verdict.LOOP),
    ("own-message-id", inbound(message_id="<note.1@example.org>"), Verdict.LOOP),
    ("too-large", inbound(size=LIMIT + 1), Verdict.OVERSIZED),
    ("beyond-limits", inbound(beyond_limits=True), Verdict.UNREADABLE),
    ("no-headers", inbound("\x01\x02", bare=True, sender=None, subject="", return_path=None, message_id=None), Verdict.UNREADABLE),
    ("challenge", inbound(sender="noreply@boxbe.com"), Verdict.CHALLENGE),
    ("report-delayed", delivery_report(DELAYED), Verdict.DELAY),
    ("report-failed", delivery_report(FAILED), Verdict.BOUNCE),
    ("report-failed", from_daemon("It could not be delivered.\n"), Verdict.BOUNCE),
    ("report-delivered", delivery_report(RELAYED), Verdict.AUTO_GENERATED),
    ("complaint", inbound("An abuse report.", **ABUSE), Verdict.FEEDBACK_REPORT),  # type: ignore[arg-type]
    ("read-receipt", inbound("It was displayed.", **RECEIPT), Verdict.READ_RECEIPT),  # type: ignore[arg-type]
    ("read-receipt", inbound(parts=(("message/disposition-notification", ""),)), Verdict.READ_RECEIPT),
    ("spam-flag", with_headers(("X-Spam-Flag", "YES")), Verdict.SPAM),
    ("spam-flag", with_headers(("X-Spam-Status", "Yes, score=9.1 required=5.0")), Verdict.SPAM),
    ("vacation-header", with_headers(("X-Apple-Action", "VACATION")), Verdict.OUT_OF_OFFICE),
    ("vacation-header", with_headers(("Auto-Submitted", "auto-replied (zimbra; vacation)")), Verdict.OUT_OF_OFFICE),
    (
        "away-and-automatic",
        with_headers(("Auto-Submitted", "auto-generated"), subject="AUTO: Jess is out of the office"),
        Verdict.OUT_OF_OFFICE,
    ),
    ("away-and-automatic", inbound(return_path="", subject="Out of Office: Printer"), Verdict.OUT_OF_OFFICE),
    ("auto-replied", with_headers(("Auto-Submitted", "auto-replied")), Verdict.AUTO_REPLY),
    ("auto-submitted", with_headers(("Auto-Submitted", "auto-generated")), Verdict.AUTO_GENERATED),
    ("automatic-header", with_headers(("X-Autoreply", "yes")), Verdict.AUTO_REPLY),
    ("machine-header", with_headers(("X-FC-MachineGenerated", "true")), Verdict.AUTO_GENERATED),
    ("precedence-reply", with_headers(("Precedence", "auto_reply")), Verdict.AUTO_REPLY),
    ("precedence-bulk", with_headers(("Precedence", "BULK")), Verdict.AUTO_GENERATED),
    ("list-header", with_headers(("List-Id", "<all.example.be>"), ("Precedence", "list")), Verdict.LIST),
    ("list-sender", inbound(sender="all-request@example.be"), Verdict.LIST),
    ("unattended-sender", inbound(sender="no-reply@example.be"), Verdict.AUTO_GENERATED),
    ("null-return-path", inbound(return_path=""), Verdict.AUTO_GENERATED),
    ("response-suppressed", with_headers(("X-Auto-Response-Suppress", "OOF, AutoReply")), Verdict.AUTO_GENERATED),
    ("away-by-words", inbound(NOTE, subject="Out of Office reply"), Verdict.OUT_OF_OFFICE),
    ("made-by-words", inbound("Received. This is an automatically generated message.\n"), Verdict.AUTO_GENERATED),
    ("calendar", inbound(attachments=(calendar("REQUEST"),)), Verdict.CALENDAR),
    (
        "nothing-to-read",
        inbound("\n", bare=True, headers=(("X-Strange", "1"),), sender=None, subject="", message_id=None),
        Verdict.UNREADABLE,
    ),
    ("garbled", inbound("\ufffd" * 200), Verdict.UNREADABLE),
    ("human", inbound(), Verdict.HUMAN),
)


@pytest.mark.parametrize(("rule", "mail", "verdict"), CASES, ids=[f"{case[0]}-{number}" for number, case in enumerate(CASES)])
def test_each_rule_decides_on_the_mail_it_was_made_for(rule: str, mail: InboundMail, verdict: Verdict) -> None:
    """The deciding rule stands first in the trace, and gives the verdict."""
    got = judged(mail)
    assert (got.rules[0], got.verdict) == (rule, verdict)


def test_every_rule_has_an_example() -> None:
    """A rule without an example above is a rule that nobody has seen work."""
    assert {name for name, _, _ in RULES} == {rule for rule, _, _ in CASES}


def test_only_people_and_their_invitations_may_be_answered() -> None:
    """Whatever is not human or calendar gets no automatic answer, and says why."""
    for _, mail, verdict in CASES:
        got = judged(mail)
        assert got.may_answer == (not got.never_answer)
        assert not got.may_answer or verdict in {Verdict.HUMAN, Verdict.CALENDAR}


def test_all_rules_that_hit_are_named() -> None:
    """The trace shows more than the deciding rule, in the order of the table."""
    got = judged(
        with_headers(("Auto-Submitted", "auto-replied"), ("Precedence", "bulk"), ("X-Autoreply", "yes"), sender="noreply@example.be")
    )
    assert got.rules == ("auto-replied", "automatic-header", "precedence-bulk", "unattended-sender")


# --- Auto-Submitted and its pitfalls ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "verdict", "may_answer"),
    [
        ("no", Verdict.HUMAN, True),
        (" No  ", Verdict.HUMAN, True),
        ("no (a person)", Verdict.HUMAN, True),
        ("no; x=1", Verdict.HUMAN, True),
        ("", Verdict.HUMAN, True),
        ("()", Verdict.HUMAN, True),
        ("auto-forwarded", Verdict.HUMAN, False),
        ("auto-forwarded; by=rule", Verdict.HUMAN, False),
        ("auto-replied", Verdict.AUTO_REPLY, False),
        ("AUTO-REPLIED; owner-email=x", Verdict.AUTO_REPLY, False),
        ("(robot) auto-replied", Verdict.AUTO_REPLY, False),
        ("auto-generated", Verdict.AUTO_GENERATED, False),
        ("auto-notified", Verdict.AUTO_GENERATED, False),
        ("notify", Verdict.AUTO_GENERATED, False),
        ("on", Verdict.AUTO_GENERATED, False),
    ],
)
def test_auto_submitted_is_read_by_its_first_token(value: str, verdict: Verdict, may_answer: bool) -> None:
    """Anything but no is automatic; comments, parameters and case do not matter; auto-forwarded is a person's that gets no answer."""
    got = judged(with_headers(("Auto-Submitted", value)))
    assert (got.verdict, got.may_answer) == (verdict, may_answer)


def test_a_second_auto_submitted_cannot_undo_the_first() -> None:
    """`no` above or below does not whitewash an automatic mail."""
    for values in (("no", "auto-replied"), ("auto-replied", "no")):
        assert judged(with_headers(*(("Auto-Submitted", value) for value in values))).verdict is Verdict.AUTO_REPLY


@pytest.mark.parametrize(
    ("value", "silent"),
    [
        ("All", True),
        ("OOF, AutoReply", True),
        ("DR,RN,NRN,OOF,AutoReply", True),
        ("autoreply", True),
        ("OOF", False),
        ("DR, RN, NRN", False),
        ("None", False),
    ],
)
def test_response_suppression_is_a_list_of_words(value: str, silent: bool) -> None:
    """Any spelling that holds All or AutoReply asks for silence; OOF alone is for absence notes."""
    got = judged(with_headers(("X-Auto-Response-Suppress", value)))
    assert ("response-suppressed" in got.never_answer) == silent


@pytest.mark.parametrize(
    ("value", "expected"),
    [("auto-replied (a (nested) b); c", "auto-replied"), ("((((", ""), ("))) no", "no"), ('"no"', "no"), (" ; no", ""), ("(" * 5_000, "")],
)
def test_the_keyword_of_odd_values(value: str, expected: str) -> None:
    """Unbalanced comments and quotes neither fail nor hide the word."""
    assert keyword(value) == expected


# --- order --------------------------------------------------------------------------------------------------------------------------------


def test_our_own_mail_is_a_loop_whatever_else_it_is() -> None:
    """A loop is stopped before anything is read into the mail (CASES A2.5)."""
    mail = delivery_report(FAILED, headers=(("X-Gateway-Loop", "ours"), ("Auto-Submitted", "auto-replied")))
    assert judged(mail).verdict is Verdict.LOOP


def test_a_foreign_loop_mark_is_nothing() -> None:
    """Only a mark that we made counts; anybody can write the header."""
    assert judged(with_headers(("X-Gateway-Loop", "forged"))).verdict is Verdict.HUMAN


def test_a_report_of_the_mail_server_in_our_own_domain_is_no_loop() -> None:
    """A domain that is ours does not make its mailer-daemon our desk."""
    assert judged(delivery_report(FAILED, sender="mailer-daemon@reply.example.org")).verdict is Verdict.BOUNCE


def test_a_bounce_marked_automatic_is_a_bounce() -> None:
    """Exim and Postfix mark their reports auto-replied; the report is what matters."""
    got = judged(from_daemon("It could not be delivered.\n", headers=(("Auto-Submitted", "auto-replied"),)))
    assert got.verdict is Verdict.BOUNCE
    assert "auto-replied" in got.rules


def test_an_absence_note_with_a_null_return_path_is_no_bounce() -> None:
    """Vacation programs use the null sender too (RFC 5230)."""
    mail = inbound("I am away. Mails are not delivered to my phone.\n", return_path="", subject="Automatic reply: Printer")
    assert judged(mail).verdict is Verdict.OUT_OF_OFFICE


def test_a_challenge_that_looks_like_a_report_is_a_challenge() -> None:
    """Some services wrap their question in a delivery report."""
    assert judged(delivery_report(FAILED, sender="noreply@boxbe.com")).verdict is Verdict.CHALLENGE


@pytest.mark.parametrize(
    ("mail", "verdict"),
    [
        (inbound("Please prove you are human: https://x.example.com/1\n", subject="Re: Printer"), Verdict.CHALLENGE),
        (inbound("How do I prove you are human checks work?\n", subject="Captcha"), Verdict.HUMAN),
        (inbound("Bonjour,\nafin de vous authentifier, cliquez ici.\n", in_reply_to=("<note.1@example.org>",)), Verdict.CHALLENGE),
        (with_headers(("X-TMDA-Confirm-Done", "1")), Verdict.CHALLENGE),
        (inbound(sender="jess@notboxbe.com"), Verdict.HUMAN),
    ],
)
def test_words_make_a_challenge_only_in_an_answer(mail: InboundMail, verdict: Verdict) -> None:
    """A person who asks about captchas opens a ticket."""
    assert judged(mail).verdict is verdict


def test_a_precedence_of_list_without_a_list_is_automatic() -> None:
    """A list writes its own header; without one only a machine says so."""
    assert judged(with_headers(("Precedence", "list"))).verdict is Verdict.AUTO_GENERATED


def test_a_plain_null_return_path_is_automatic_and_no_bounce() -> None:
    """Nothing says that anything failed, so it is shown as a mail, and never answered (CASES A2.7)."""
    got = judged(inbound(return_path=""))
    assert got.verdict is Verdict.AUTO_GENERATED
    assert "null-return-path" in got.never_answer


# --- absence notes ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Printer",
        "Out of Office Re: Printer",
        "R\u00e9ponse automatique : Printer",
        "Absence du bureau : Printer",
        "Automatische Antwort: Printer",
        "Abwesenheitsnotiz: Printer",
        "Automatisch antwoord: Printer",
        "Afwezig: Printer",
        "Respuesta autom\u00e1tica: Printer",
        "Risposta automatica: Printer",
        "Resposta autom\u00e1tica: Printer",
        "Autosvar: Printer",
        "Automatyczna odpowied\u017a: Printer",
        "\u0410\u0432\u0442\u043e\u043c\u0430\u0442\u0438\u0447\u0435\u0441\u043a\u0438\u0439 \u043e\u0442\u0432\u0435\u0442: Printer",
        "\u81ea\u52d5\u5fdc\u7b54: Printer",
        "\u81ea\u52a8\u7b54\u590d: Printer",
        "Re: Automatic reply: Printer",
        "Jess Martin is out of the office (returning 3 February)",
    ],
)
def test_a_subject_alone_never_decides(subject: str) -> None:
    """Beside a header it makes an absence note; alone the mail is a person's and may be answered (CASES C.3, 15)."""
    assert judged(with_headers(("Auto-Submitted", "auto-replied"), subject=subject)).verdict is Verdict.OUT_OF_OFFICE
    alone = judged(inbound(subject=subject))
    assert alone.verdict is Verdict.HUMAN
    assert alone.may_answer


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (NOTE, Verdict.OUT_OF_OFFICE),
        ("Je suis absent jusqu'au 3 f\u00e9vrier.\n", Verdict.OUT_OF_OFFICE),
        ("My out of office replies do not work. Can you help?\n", Verdict.HUMAN),
        ("When I am out of the office, who answers? Please set it up.\n", Verdict.HUMAN),
    ],
)
def test_subject_and_first_lines_together_decide_unless_somebody_asks(text: str, verdict: Verdict) -> None:
    """A question about absence notes is a ticket, not an absence note."""
    assert judged(inbound(text, subject="Out of Office: Printer")).verdict is verdict


# --- calendar -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mail", "verdict"),
    [
        (inbound(attachments=(calendar("REPLY"),)), Verdict.CALENDAR),
        (inbound(attachments=(calendar("CANCEL"),)), Verdict.CALENDAR),
        (inbound(attachments=(calendar("PUBLISH"),)), Verdict.HUMAN),
        (inbound(content_type="text/calendar", parameters={"method": "REQUEST"}), Verdict.CALENDAR),
        (inbound("BEGIN:VCALENDAR\nMETHOD:REQUEST\n", content_type="text/calendar"), Verdict.CALENDAR),
        (inbound(parts=(("text/calendar", ""),)), Verdict.CALENDAR),
        (with_headers(("Auto-Submitted", "auto-generated"), attachments=(calendar("REPLY"),)), Verdict.AUTO_GENERATED),
    ],
)
def test_an_invitation_asks_answers_or_cancels(mail: InboundMail, verdict: Verdict) -> None:
    """A published calendar file is only a file, and an automatic answer to an invitation is automatic."""
    assert judged(mail).verdict is verdict


# --- what forbids an answer ---------------------------------------------------------------------------------------------------------------

FORBIDDEN: tuple[tuple[str, InboundMail], ...] = (
    ("null-return-path", inbound(return_path="")),
    ("auto-submitted", with_headers(("Auto-Submitted", "auto-forwarded"))),
    ("report", delivery_report(FAILED)),
    ("list-or-bulk", with_headers(("List-Unsubscribe", "<https://x.example.com>"))),
    ("response-suppressed", with_headers(("X-Auto-Response-Suppress", "All"))),
    ("unattended-sender", inbound(sender="do-not-reply+7@example.be")),
    ("own-mail", inbound(sender="jess@reply.example.org")),
    ("not-addressed-to-us", inbound(to=("other@example.be",))),
    ("sender-proof-failed", inbound(proof=SenderProof.FAIL)),
    ("spam-flag", with_headers(("X-Spam-Flag", "yes"))),
    ("unclear-sender", inbound(sender=None)),
)


@pytest.mark.parametrize(("reason", "mail"), FORBIDDEN, ids=[reason for reason, _ in FORBIDDEN])
def test_each_class_forbids_an_answer_and_is_named(reason: str, mail: InboundMail) -> None:
    """The classes of CASES C.3 that can be seen in the mail."""
    got = judged(mail)
    assert reason in got.never_answer
    assert not got.may_answer


def test_every_class_has_an_example() -> None:
    """A class without an example above is one that nobody has seen forbid."""
    assert [reason for reason, _ in FORBIDDEN] == [name for name, _ in NEVER_ANSWER]


@pytest.mark.parametrize(
    "local",
    [
        "mailer-daemon",
        "postmaster",
        "noreply",
        "no.reply",
        "donotreply",
        "ne-pas-repondre",
        "bounces",
        "bounce-7",
        "owner-all",
        "all-bounces",
        "listserv",
        "abuse",
        "root",
    ],
)
def test_names_that_must_not_be_answered(local: str) -> None:
    """Mailboxes that nobody reads, or that answer back."""
    assert "unattended-sender" in judged(inbound(sender=f"{local}@example.be")).never_answer


@pytest.mark.parametrize("local", ["jess.martin", "request", "reply", "nora.reply", "ownership", "listen", "rooter"])
def test_names_that_only_look_like_it_are_people(local: str) -> None:
    """A name that contains such a word is not such a name."""
    assert judged(inbound(sender=f"{local}@example.be")).may_answer


def test_an_absent_return_path_forbids_nothing() -> None:
    """Ruling 2: only `<>` does; many mailboxes never get the field."""
    assert judged(inbound(return_path=None)).may_answer


def test_our_address_is_found_with_its_extension_and_in_our_domain() -> None:
    """A signed address in To is ours."""
    for to in ("support+r.abc@example.org", "r.abc@reply.example.org", "SUPPORT@EXAMPLE.ORG"):
        assert judged(inbound(to=("x@example.be", to))).may_answer


def test_without_known_addresses_nothing_is_concluded_from_to() -> None:
    """`gateway explain` without a configuration does not invent a reason."""
    assert judged(inbound(to=()), own=frozenset()).may_answer


@pytest.mark.parametrize(
    ("address", "own"),
    [
        (DESK, True),
        ("support+a+b@example.org", True),
        ("x@reply.example.org", True),
        ("x@example.org", False),
        ("support@example.org.evil.example", False),
        ("postmaster@reply.example.org", False),
        ("", False),
    ],
)
def test_which_addresses_are_ours(address: str, own: bool) -> None:
    """Exact, with an extension, or by a domain that is wholly ours; never by a part of a name."""
    assert is_own(address, OWN) is own


def test_an_absence_subject_is_only_added_to_another_reason() -> None:
    """It lowers, never alone."""
    both = judged(inbound(subject="Out of office: x", proof=SenderProof.FAIL))
    assert both.never_answer == ("sender-proof-failed", "vacation-subject")
    assert JESS not in both.never_answer


# --- hostile ------------------------------------------------------------------------------------------------------------------------------


def test_hostile_headers_are_classified_in_little_time() -> None:
    """Each rule is bounded whatever a header holds (CASES F4)."""
    long = "(" * 50_000 + "re: " * 50_000
    names = (
        "Auto-Submitted",
        "Precedence",
        "X-Auto-Response-Suppress",
        "X-Spam-Status",
        "X-Autoreply",
        "X-Failed-Recipients",
        "X-Gateway-Loop",
    )
    mail = inbound("prove " * 50_000, headers=tuple((name, long) for name in names), subject=long, sender="a-" * 20_000 + "@example.be")
    assert_within(lambda: judged(mail), 1)


def test_rule_names_are_stable_codes() -> None:
    """They are stored with the ticket and shown by `gateway explain`."""
    for name in [*(name for name, _, _ in RULES), *(name for name, _ in NEVER_ANSWER)]:
        assert re.fullmatch(r"[a-z]+(?:-[a-z]+)*", name)


@pytest.mark.parametrize(
    "field",
    [
        ("X-Auto-Respond", "yes"),
        ("Delivered-To", "Autoresponder"),
        ("X-POST-MessageClass", "9; Autoresponder"),
        ("X-Mailer", "Acme AutoResponder 3"),
        ("X-Precedence", "auto_reply"),
        ("Preference", "auto_reply"),
    ],
)
def test_programs_that_answer_are_known_by_their_own_fields(field: tuple[str, str]) -> None:
    """A mail that such a program marked in its own way is an automatic answer, and gets none."""
    decided = judged(inbound(headers=(field,)))
    assert decided.verdict is Verdict.AUTO_REPLY
    assert not decided.may_answer


@pytest.mark.parametrize("field", [("Delivered-To", "autoresponder@example.org"), ("X-Mailer", "Acme Mail 3"), ("User-Agent", "Acme")])
def test_an_address_that_is_called_so_is_no_mark(field: tuple[str, str]) -> None:
    """A person may write to a mailbox with such a name."""
    assert judged(inbound(headers=(field,))).verdict is Verdict.HUMAN


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Absente du bureau", "Bonjour, je suis absente jusqu'au 4 mai. En cas d'urgence, contactez l'accueil."),
        ("Message d'absence", "Je suis actuellement en congé et serai de retour lundi."),
        ("Niet op kantoor", "Beste, ik ben niet op kantoor tot 4 mei."),
        ("Nicht im Haus", "Bis zum 4. Mai bin ich nicht im Büro."),
        ("[Auto-Reply] printer", "I am off until 4 May and will answer then."),
    ],
)
def test_absence_notes_of_more_offices_are_known_by_both_signs(subject: str, text: str) -> None:
    """Subject and first lines together say it in French, Dutch, German and English; the subject alone does not."""
    assert judged(inbound(text, subject=subject)).verdict is Verdict.OUT_OF_OFFICE
    assert judged(inbound("The printer is out of paper.", subject=subject)).verdict is Verdict.HUMAN
