"""Who comes in by a link, and what he sees: his ticket's public side, of no other ticket anything (CASES D, A4.4-A4.11)."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from email.message import Message

import pytest
import sqlalchemy as sa

from gateway.desk import held, participant, visit
from gateway.desk.merge import merge
from gateway.desk.office import Story
from gateway.desk.visit import Late, NoEntry, Visitor
from gateway.mail.signed.link import LIFE, LinkPurpose
from gateway.store import people, schema, tickets
from tests.desk.scene import PAGE, Scene, text_of

JESS, JESS_AT = "Jess Martin <jess@commune.example>", "jess@commune.example"
SAM, SAM_AT = "Sam Other <sam@other.example>", "sam@other.example"
KIM = "kim@commune.example"
ANNA = "anna@desk.example"


@pytest.fixture
def desk(scene: Scene) -> Scene:
    """SUP-1 of jess and kim, of one organisation; SUP-2 of sam, of another."""
    scene.with_page()
    with scene.office.store.write() as connection:
        people.add_organisation(connection, code="COM", name="The commune", domains=["commune.example"])
        people.add_organisation(connection, code="OTH", name="The others", domains=["other.example"])
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.mail(SAM, "My salary is 1234.\n", subject="Salary")
    scene.send()
    scene.join(KIM)
    return scene


def _token(scene: Scene, purpose: LinkPurpose = LinkPurpose.VIEW, who: str = JESS_AT, key: str = "SUP-1") -> str:
    return scene.office.link(purpose, scene.ticket(key), scene.person(who))


def _view(mail: Message) -> str:
    """The token of a mail's link to the page."""
    return text_of(mail).partition(f"{PAGE}/t/SUP-1?k=")[2].partition(">")[0]


def test_a_mails_link_opens_its_ticket_and_becomes_a_cookie(desk: Scene) -> None:
    """The link in his mail lets him in; the cookie that he gets then does, for twelve hours, for this ticket alone (ruling 12)."""
    jess = visit.by_link(desk.office, _view(desk.to(JESS_AT)[0]), LinkPurpose.VIEW)
    assert isinstance(jess, Visitor)
    assert (JESS_AT, "SUP-1", True) == (jess.person.address, str(jess.ticket.key), jess.is_requester)
    cookie = visit.session(desk.office, jess)

    assert isinstance(visit.by_session(desk.office, cookie, "sup-1"), Visitor)
    assert NoEntry() == visit.by_session(desk.office, cookie, "SUP-2")
    desk.clock.pass_by(hours=12)
    assert NoEntry() == visit.by_session(desk.office, cookie, "SUP-1")


@pytest.mark.parametrize("purpose", [p for p in LinkPurpose if p not in {LinkPurpose.SURVEY, LinkPurpose.SESSION}])
def test_a_link_lives_its_time(desk: Scene, purpose: LinkPurpose) -> None:
    """To the last second it lets in; after that it is late, which still tells who may ask for a new one (A4.6)."""
    token = _token(desk, purpose)
    desk.clock.now += LIFE[purpose] - timedelta(seconds=1)
    assert isinstance(visit.by_link(desk.office, token, purpose), Visitor)
    desk.clock.pass_by(seconds=1)

    late = visit.by_link(desk.office, token, purpose)
    assert isinstance(late, Late)
    assert JESS_AT == late.person.address


def test_no_link_serves_for_another(desk: Scene) -> None:
    """A link that mutes shows no ticket, and so for every pair of purposes; a cookie is no link (CASES D)."""
    for made, used in itertools.permutations(LinkPurpose, 2):
        assert NoEntry() == visit.by_link(desk.office, _token(desk, made), used), (made, used)


def test_a_changed_link_is_none(desk: Scene) -> None:
    """Whatever character is changed, cut or added, it is the closed door (A4.4)."""
    token = _token(desk)
    changed = [token[:i] + ("A" if token[i] != "A" else "B") + token[i + 1 :] for i in range(len(token))]
    for one in (*changed, token[:-1], token + "A", token + "=", "", "é" * 51, " " + token[1:], token.swapcase()):
        assert NoEntry() == visit.by_link(desk.office, one, LinkPurpose.VIEW), one


def _revoke_ticket(scene: Scene, connection: sa.Connection) -> None:
    tickets.revoke_links(connection, scene.ticket().id)


def _revoke_person(scene: Scene, connection: sa.Connection) -> None:
    people.revoke_links(connection, scene.person(JESS_AT).id)


def _disable(scene: Scene, connection: sa.Connection) -> None:
    people.update(connection, scene.person(JESS_AT).id, disabled=True)


def _remove(scene: Scene, connection: sa.Connection) -> None:
    tickets.remove_participant(connection, scene.ticket().id, scene.person(JESS_AT).id)


@pytest.mark.parametrize("ends", [_revoke_ticket, _revoke_person, _disable, _remove])
@pytest.mark.parametrize("late", [False, True])
def test_what_ends_a_link_at_once(desk: Scene, ends: Callable[[Scene, sa.Connection], None], late: bool) -> None:
    """Keys of the ticket or the person renewed, the person disabled or removed: no entry, not even a new link for the late (A4.6)."""
    token, cookie = _token(desk), visit.session(desk.office, desk.visitor(JESS_AT))
    with desk.office.store.write() as connection:
        ends(desk, connection)
    desk.clock.pass_by(days=31 if late else 0)

    assert NoEntry() == visit.by_link(desk.office, token, LinkPurpose.VIEW)
    assert NoEntry() == visit.by_session(desk.office, cookie, "SUP-1")


def test_a_new_link_works_where_the_old_ones_were_revoked(desk: Scene) -> None:
    """Renewed keys end what was sent, not what is sent from now on."""
    with desk.office.store.write() as connection:
        _revoke_ticket(desk, connection)
        _revoke_person(desk, connection)

    assert isinstance(visit.by_link(desk.office, _token(desk), LinkPurpose.VIEW), Visitor)


def test_a_link_for_a_foreign_ticket_is_none(desk: Scene) -> None:
    """Even with a true signature: who takes no part in a ticket does not see it, and one that does not exist is the same (A4.9)."""
    link = desk.office.link
    foreign = link(LinkPurpose.VIEW, desk.ticket("SUP-2"), desk.person(JESS_AT))
    absent = link(LinkPurpose.VIEW, desk.ticket("SUP-2"), desk.person(JESS_AT), subject=999)
    nobody = link(LinkPurpose.VIEW, desk.ticket("SUP-1"), desk.person(SAM_AT))
    agent = link(LinkPurpose.VIEW, desk.ticket("SUP-1"), desk.person(ANNA))

    assert {NoEntry()} == {visit.by_link(desk.office, token, LinkPurpose.VIEW) for token in (foreign, absent, nobody, agent)}


def _with_a_file(scene: Scene, sender: str, to: str, name: str, answers: Message | None = None, extra: str = "") -> None:
    head = f"From: {sender}\nTo: {to}\nSubject: Re: file\nMessage-ID: <{name}@commune.example>\nMIME-Version: 1.0\n{extra}"
    if answers is not None:
        head += f"In-Reply-To: {answers['Message-ID']}\n"
    body = f'{head}Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/html\n\n<p>Words of {name}</p>\n'
    body += f'--b\nContent-Type: text/csv\nContent-Disposition: attachment; filename="{name}.csv"\n\n{name}\n--b--\n'
    scene.bytes(body.replace("\n", "\r\n").encode())


def test_of_another_organisations_ticket_nothing_is_seen(desk: Scene) -> None:
    """Two organisations, every door of the page, every id: pages, files, HTML and held replies show nothing of the other's (A4.9)."""
    _with_a_file(desk, SAM, desk.last(SAM_AT)["Reply-To"], "secret")
    jess, sam = desk.visitor(JESS_AT), desk.visitor(SAM_AT, "SUP-2")
    with desk.office.store.read() as connection:
        file_ids = list(connection.execute(sa.select(schema.attachments.c.id)).scalars())
        comment_ids = list(connection.execute(sa.select(schema.comments.c.id)).scalars())
    assert any(visit.file(desk.office, sam, one) for one in file_ids)
    assert any(visit.original_html(desk.office, sam, one, str) for one in comment_ids)

    shown = repr(visit.page(desk.office, jess))
    assert not any(word in shown for word in ("1234", "Salary", "secret", "Sam", "SUP-2", "OTH"))
    assert not any(visit.file(desk.office, jess, one) for one in file_ids)
    assert not any("secret" in (visit.original_html(desk.office, jess, one, str) or "") for one in comment_ids)
    forged = Visitor(jess.person, sam.ticket, sam.desk, muted=False, is_requester=True)
    page = visit.page(desk.office, forged)
    assert ((), ()) == (page.entries, page.held)
    assert not any(visit.file(desk.office, forged, one) for one in file_ids)
    assert isinstance(participant.on_page(desk.office, forged, participant.Wish(text="Let me in."), "k1"), participant.Stale)
    assert participant.Nothing() == held.publish(desk.office, forged, reopen=True, post_key="k2")


def test_what_is_not_public_is_never_seen(desk: Scene) -> None:
    """Notes, agents' drafts, held and filed mails, withdrawn words: neither they nor their files nor their HTML, by any id (A4.10)."""
    desk.act("anna", "He always says that.", note=True)
    _with_a_file(desk, "anna@desk.example", desk.to(ANNA)[0]["Reply-To"], "draft")
    with desk.office.store.write() as connection:
        draft = desk.comments()[-1]
        tickets.update_comment(connection, draft.id, withdrawn_at=desk.clock())
    desk.act("anna", to="resolved")
    desk.later()
    _with_a_file(desk, JESS, desk.last(JESS_AT)["Reply-To"], "held")
    _with_a_file(desk, JESS, desk.to(JESS_AT)[0]["Reply-To"], "filed", extra="Auto-Submitted: auto-replied\n")
    desk.mail(ANNA, "#status nonsense\n\nWrong words.\n", answers=desk.to(ANNA)[0])
    sorts = [(row.kind, row.visibility, row.withdrawn_at is None) for row in desk.comments()[1:]]
    inside = [(kind, "internal", True) for kind in ("held", "filed", "held")]
    assert [("comment", "internal", True), ("comment", "public", False), *inside] == sorts

    for who in (KIM, JESS_AT):
        visitor = desk.visitor(who)
        page = visit.page(desk.office, visitor)
        assert ["Smoke comes out of it."] == [one.text for one in page.entries if isinstance(one, visit.Said)]
        assert (1 if who == JESS_AT else 0) == len(page.held)
        with desk.office.store.read() as connection:
            files = connection.execute(sa.select(schema.attachments.c.id, schema.attachments.c.filename)).all()
            comment_ids = list(connection.execute(sa.select(schema.comments.c.id)).scalars())
        seen = {row.filename for row in files if visit.file(desk.office, visitor, row.id)}
        assert ({"held.csv"} if who == JESS_AT else set()) == seen
        assert not any(visit.original_html(desk.office, visitor, one, str) for one in comment_ids)


def test_a_merged_ticket_names_the_other_only_to_who_may_see_it(desk: Scene) -> None:
    """The page of a merged ticket leads to the one that goes on, if its reader takes part there; it offers no move."""
    desk.mail(JESS, "It still burns.\n", subject="Fire")
    one, into, anna = desk.ticket("SUP-1"), desk.ticket("SUP-3"), desk.person(ANNA)
    with desk.office.store.write() as connection:
        story = Story(desk.office, connection, desk.office.desks["SUP"], desk.clock(), "cli")
        merge(story, one, into, anna, with_people=True)
        tickets.remove_participant(connection, into.id, desk.person(KIM).id)

    assert ["SUP-3", None] == [visit.page(desk.office, desk.visitor(who)).goes_on_in for who in (JESS_AT, KIM)]
    assert () == visit.page(desk.office, desk.visitor(JESS_AT)).moves


def test_reading_writes_nothing(desk: Scene) -> None:
    """Coming in, the page, a file: not a row changes (ruling 12)."""

    def rows() -> dict[str, list[object]]:
        with desk.office.store.read() as connection:
            return {t.name: [tuple(r) for r in connection.execute(sa.select(t))] for t in schema.metadata.sorted_tables}

    before = rows()
    for purpose in LinkPurpose:
        visit.by_link(desk.office, _token(desk, purpose), purpose)
    visit.page(desk.office, desk.visitor(JESS_AT))
    visit.file(desk.office, desk.visitor(JESS_AT), 1)

    assert before == rows()


@pytest.mark.parametrize(
    ("key", "typed", "goes_to"),
    [
        ("SUP-1", JESS_AT, [JESS_AT]),
        ("sup-1", "  JESS@Commune.Example ", [JESS_AT]),
        ("SUP-1", "jess@home.example", [JESS_AT]),
        ("SUP-1", SAM_AT, []),
        ("SUP-2", JESS_AT, []),
        ("SUP-99", JESS_AT, []),
        ("nonsense", JESS_AT, []),
        ("SUP-1", "nobody@commune.example", []),
        ("SUP-1", f"{JESS_AT}, eve@evil.example", []),
        ("SUP-1", f"{JESS_AT}\r\nBcc: eve@evil.example", []),
        ("SUP-1", ANNA, []),
    ],
)
def test_a_new_link_goes_to_the_address_on_record_only(desk: Scene, key: str, typed: str, goes_to: list[str]) -> None:
    """From outside all answers are alike; the mail goes to a participant's stored address, whatever was typed (A4.11, A4.13)."""
    with desk.office.store.write() as connection:
        people.add_address(connection, desk.person(JESS_AT).id, "jess@home.example")
    before = len(desk.left)
    visit.ask_link(desk.office, key, typed)
    desk.send()

    assert goes_to == [one.recipient for one in desk.left[before:]]
    if goes_to:
        assert "M18" == desk.codes(JESS_AT)[-1]
        assert isinstance(visit.by_link(desk.office, _view(desk.last(JESS_AT)), LinkPurpose.VIEW), Visitor)


def test_three_links_an_hour(desk: Scene) -> None:
    """However often and by whichever form it is asked: a mailbox is not flooded (A2.3)."""
    for number in range(4):
        visit.ask_link(desk.office, "SUP-1", JESS_AT)
        visit.send_link(desk.office, desk.visitor(JESS_AT))
        visit.ask_link(desk.office, "SUP-1", KIM)
        desk.clock.pass_by(minutes=number)
    desk.send()
    assert (3, 3) == (desk.codes(JESS_AT).count("M18"), desk.codes(KIM).count("M18"))
    desk.clock.pass_by(hours=1)
    visit.ask_link(desk.office, "SUP-1", JESS_AT)
    desk.send()

    assert 4 == desk.codes(JESS_AT).count("M18")


def test_disabled_people_get_no_link(desk: Scene) -> None:
    """Who is disabled hears nothing of it."""
    with desk.office.store.write() as connection:
        _disable(desk, connection)
    before = len(desk.left)
    visit.ask_link(desk.office, "SUP-1", JESS_AT)
    desk.send()

    assert before == len(desk.left)
