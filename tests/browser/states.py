"""Every page in every state that it can be in: how the desk gets there, and how a browser comes to see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, Route

from gateway.mail.signed.link import LinkPurpose
from gateway.store import people
from gateway.web.brake import ALLOWANCES, Allowance, Brakes
from gateway.web.site import Limits
from tests.web.stage import JESS, JESS_IS, Stage

PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)
TEXT = """Bonjour,

Depuis ce matin l’imprimante du service population ne répond plus. Le voyant clignote en orange :
https://intranet.commune.example/imprimantes/etage-2?salle=12&vue=detail-complet-de-la-machine

Pouvez-vous regarder ?
"""


def opened(stage: Stage) -> None:
    """A request of a customer, in progress."""
    stage.opened(TEXT, subject="L’imprimante du service population ne répond plus")
    stage.scene.clock.pass_by(hours=2)
    stage.agent("#encours\n\nBonjour Jess,\n\nJe regarde cela tout de suite.\n")
    stage.scene.clock.pass_by(hours=3)


def asked(stage: Stage) -> None:
    """The team waits for an answer."""
    opened(stage)
    stage.agent("#attente\n\nQuel est le numéro inscrit sous le code-barres, à l’arrière de la machine ?\n")


def to_approve(stage: Stage) -> None:
    """The team waits for a decision; a picture and a file were sent before."""
    asked(stage)
    page = stage.enter()
    files = [("fichiers", ("étiquette.png", PICTURE)), ("fichiers", ("journal de l’imprimante.txt", b"12:04 E-41\n"))]
    stage.submit(page, "/t/SUP-1/move/answer", files=files, texte="C’est écrit LX-4410-7.")
    stage.scene.later()
    stage.scene.clock.pass_by(days=1)
    stage.agent(
        "#approbation\n\nNous avons remplacé le tambour. Pouvez-vous imprimer une page de test et confirmer que tout est en ordre ?\n"
    )


def resolved(stage: Stage) -> None:
    """Resolved, and the survey is open."""
    to_approve(stage)
    stage.agent("#résolu\n")


def closed(stage: Stage) -> None:
    """Closed, after the survey was answered."""
    resolved(stage)
    token = stage.token(LinkPurpose.SURVEY)
    stage.submit(stage.http.get(f"/avis/{token}"), f"/avis/{token}", note="2", texte="C’était long.")
    stage.scene.clock.pass_by(days=2)
    stage.agent("#fermé\n")


def held(stage: Stage) -> None:
    """A reply to a guarded mail waits for its author."""
    resolved(stage)
    stage.scene.mail(JESS_IS, "Elle ne répond de nouveau plus !\n", answers=stage.scene.last(JESS))
    stage.scene.later()


def muted_and_undeliverable(stage: Stage) -> None:
    """His mails come back, and he wants none."""
    opened(stage)
    stage.submit(stage.enter(), "/t/SUP-1/notifications", do="mute")
    with stage.scene.office.store.write() as connection:
        people.mark_undeliverable(connection, JESS, now=stage.scene.clock(), why="550")


def dressed(stage: Stage) -> None:
    """A mail with an HTML part."""
    table = "<table><tr><th>Salle</th><th>État</th></tr><tr><td>12</td><td>hors service</td></tr></table>"
    html = f"<h2>Bonjour,</h2><p>Voici le <b>tableau</b> :</p>{table}"
    head = f"From: {JESS_IS}\r\nTo: support@desk.example\r\nSubject: Tableau\r\nMessage-ID: <t@commune.example>\r\nMIME-Version: 1.0\r\n"
    stage.scene.bytes((head + "Content-Type: text/html; charset=utf-8\r\n\r\n" + html).encode())


def small(stage: Stage) -> None:
    """A page that takes small files only."""
    opened(stage)
    stage.open(limits=Limits(file=100, body=20_000))


def braked(stage: Stage) -> None:
    """A place that asked too often for links."""
    opened(stage)
    stage.open(brakes=Brakes(dict.fromkeys(ALLOWANCES, Allowance(100_000, 1)) | {"link": Allowance(1, 100_000)}))
    stage.http.post("/lien", data={})


def entered(stage: Stage, page: Page, path: str = "/t/SUP-1") -> None:
    """Come in by the mail's link, then go to `path`."""
    page.goto(f"{stage.house.url}/t/SUP-1?k={stage.token(LinkPurpose.VIEW)}")
    if path != "/t/SUP-1":
        page.goto(stage.house.url + path)


def at(path: str) -> Callable[[Stage, Page], None]:
    """A page of a ticket."""
    return lambda stage, page: entered(stage, page, path)


def outside(path: str) -> Callable[[Stage, Page], None]:
    """A page for which nobody has to come in."""
    return lambda stage, page: void(page.goto(stage.house.url + path))


def linked(path: str, purpose: LinkPurpose) -> Callable[[Stage, Page], None]:
    """A page that a mail's link opens."""
    return lambda stage, page: void(page.goto(stage.house.url + path.replace("TOKEN", stage.token(purpose))))


def late(stage: Stage, page: Page) -> None:
    """A link whose time is over."""
    token = stage.token(LinkPurpose.VIEW)
    stage.scene.clock.pass_by(days=31)
    page.goto(f"{stage.house.url}/t/SUP-1?k={token}")


def empty_comment(stage: Stage, page: Page) -> None:
    """A comment without words."""
    entered(stage, page)
    page.locator('form[action$="/comment"] button').click()


def refused_without_words(stage: Stage, page: Page) -> None:
    """The second button of the panel, without words."""
    entered(stage, page)
    page.locator('button[formaction$="/refuse"]').click()


def stale(stage: Stage, page: Page) -> None:
    """The reader saw another status than the ticket has."""

    def aged(route: Route) -> None:
        data = route.request.post_data_buffer or b""
        route.continue_(post_data=data.replace(b"waiting_approval", b"open"))

    entered(stage, page)
    page.route("**/move/accept", aged)
    page.locator(".need textarea").fill("Tout est en ordre, merci.")
    page.locator(".need button").first.click()
    page.unroute("**/move/accept")


def too_big(stage: Stage, page: Page) -> None:
    """A file over the limit, with words."""
    entered(stage, page)
    page.locator('form[action$="/comment"] textarea').fill(f"Voici le film. {page.viewport_size}")
    page.locator('form[action$="/comment"] [type=file]').set_input_files(
        {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"x" * 5000}
    )
    page.locator('form[action$="/comment"] button').click()


def too_large(stage: Stage, page: Page) -> None:
    """A whole form over the limit."""
    entered(stage, page)
    page.locator('form[action$="/comment"] textarea').fill("Voici le film.")
    page.locator('form[action$="/comment"] [type=file]').set_input_files(
        {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"x" * 30_000}
    )
    page.locator('form[action$="/comment"] button').click()


def no_vote(stage: Stage, page: Page) -> None:
    """The thanks of somebody who was not content."""
    token = stage.token(LinkPurpose.SURVEY)
    page.goto(f"{stage.house.url}/avis/{token}/2")
    page.locator("form.card button").click()


def asked_too_often(stage: Stage, page: Page) -> None:
    """One link too many."""
    page.goto(stage.house.url)
    page.locator("#demande").fill("SUP-1")
    page.locator("#adresse").fill(JESS)
    page.locator('form[action="/lien"] button').click()


def void(_: object) -> None:
    """For functions that say something where nothing is asked."""


@dataclass(frozen=True)
class State:
    """A page in a state: `prepare` once, `show` in each browser."""

    name: str
    prepare: Callable[[Stage], None]
    show: Callable[[Stage, Page], None]


STATES = (
    State("ticket-open", opened, at("/t/SUP-1")),
    State("ticket-oldest-first", opened, at("/t/SUP-1?ordre=ancien")),
    State("ticket-comment-added", opened, at("/t/SUP-1?fait=comment")),
    State("ticket-question", asked, at("/t/SUP-1")),
    State("ticket-approval", to_approve, at("/t/SUP-1")),
    State("ticket-resolved", resolved, at("/t/SUP-1")),
    State("ticket-closed", closed, at("/t/SUP-1")),
    State("ticket-held", held, at("/t/SUP-1")),
    State("ticket-muted-undeliverable", muted_and_undeliverable, at("/t/SUP-1")),
    State("ticket-empty-comment", opened, empty_comment),
    State("ticket-stale", to_approve, stale),
    State("ticket-changed", opened, at("/t/SUP-1?fait=changed")),
    State("ticket-too-big", small, too_big),
    State("original", dressed, at("/t/SUP-1/c/1")),
    State("move-accept", to_approve, at("/t/SUP-1/move/accept")),
    State("move-refuse-without-words", to_approve, refused_without_words),
    State("move-reopen", resolved, at("/t/SUP-1/move/reopen")),
    State("decide", to_approve, linked("/d/TOKEN/refuse", LinkPurpose.DECIDE)),
    State("undo", opened, linked("/u/TOKEN", LinkPurpose.UNDO)),
    State("mute", opened, linked("/m/TOKEN", LinkPurpose.MUTE)),
    State("muted", muted_and_undeliverable, linked("/m/TOKEN?fait=mute", LinkPurpose.MUTE)),
    State("held", held, linked("/g/TOKEN", LinkPurpose.HELD)),
    State("survey", resolved, linked("/avis/TOKEN/4", LinkPurpose.SURVEY)),
    State("survey-thanks", resolved, no_vote),
    State("start", opened, outside("/")),
    State("start-sent", opened, outside("/?fait=lien")),
    State("nobody", opened, outside("/t/SUP-77")),
    State("late", opened, late),
    State("too-large", small, too_large),
    State("too-often", braked, asked_too_often),
)
