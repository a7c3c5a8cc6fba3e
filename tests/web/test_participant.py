"""What a participant does on the page: comments, files, decisions, and what becomes of a form that comes too late or twice."""

from __future__ import annotations

import pytest

from gateway.domain.workflow import Actor, moves
from gateway.mail.signed.link import LinkPurpose
from gateway.store import schema
from tests.desk.scene import text_of
from tests.web.stage import BROWSER, JESS, Stage, hidden, text_in

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 500


def waiting_for_approval(stage: Stage) -> Stage:
    """A ticket whose customer must accept or refuse."""
    stage.opened()
    stage.agent("#encours\n\nI look at it.\n")
    stage.agent("#approbation\n\nA new drum is in. Is it right now?\n")
    assert "waiting_approval" == stage.ticket().status
    return stage


def test_a_comment_stands_on_the_ticket(stage: Stage) -> None:
    """A comment is stored once, the page says so, and the agents hear of it."""
    stage.opened()
    page = stage.enter()
    before = len(stage.scene.to("anna@desk.example"))
    done = stage.submit(page, "/t/SUP-1/comment", texte="It is worse now.\r\nMuch worse.")
    assert (303, "/t/SUP-1?fait=comment") == (done.status_code, done.headers["location"])
    after = stage.http.get(done.headers["location"])
    assert 'role="status"' in after.text
    assert "Your comment was added." in after.text
    assert "It is worse now.\nMuch worse." == stage.scene.comments()[-1].text
    stage.scene.later()
    assert before + 1 == len(stage.scene.to("anna@desk.example"))


def test_the_same_form_twice_counts_once(stage: Stage) -> None:
    """A double click, or a reload of the answer, adds nothing and is no error; other words from the same page are another comment."""
    stage.opened()
    page = stage.enter()
    stage.submit(page, "/t/SUP-1/comment", texte="Once.")
    again = stage.submit(page, "/t/SUP-1/comment", texte="Once.")
    assert "/t/SUP-1?fait=double" == again.headers["location"]
    stage.submit(page, "/t/SUP-1/comment", texte="Something else.")
    assert ["Once.", "Something else."] == [comment.text for comment in stage.scene.comments()[1:]]


def test_an_empty_comment_says_what_is_missing(stage: Stage) -> None:
    """Neither words nor a file: a summary, and the message at the field; nothing is stored."""
    stage.opened()
    wrong = stage.submit(stage.enter(), "/t/SUP-1/comment", texte="  \n ")
    assert 422 == wrong.status_code
    assert 'role="alert"' in wrong.text
    assert 'href="#texte"' in wrong.text
    assert 'aria-invalid="true" aria-describedby="texte-e"' in wrong.text
    assert 1 == len(stage.scene.comments())


def test_files_come_with_a_comment_or_alone(stage: Stage) -> None:
    """Files are stored with the words, and without any (R-109); the page offers them by name."""
    stage.opened()
    page = stage.enter()
    stage.submit(page, "/t/SUP-1/comment", files=[("fichiers", ("../../é t.png", PNG, "text/html"))], texte="")
    after = stage.http.get("/t/SUP-1").text
    assert ">é t.png</a>" in after
    assert "/f/1/%C3%A9%20t.png" in after
    assert PNG == stage.http.get("/t/SUP-1/f/1/x.png").content


def test_a_file_that_is_too_big_is_named_and_the_rest_is_added(stage: Stage) -> None:
    """Over the limit a file is named with its size; words and the other files are stored (SURFACE 4.4)."""
    from gateway.web.site import Limits

    stage.opened()
    stage.open(limits=Limits(file=1000))
    page = stage.enter()
    files = [("fichiers", ("film.mp4", b"x" * 5000)), ("fichiers", ("small.png", PNG))]
    answer = stage.submit(page, "/t/SUP-1/comment", files=files, texte="Two files.")
    assert 200 == answer.status_code
    assert "film.mp4" in text_in(answer.text)
    assert "This file was not added." in text_in(answer.text)
    assert "Your comment was added." in answer.text
    assert "small.png" in answer.text
    assert 1 == stage.scene.count(schema.attachments)


def test_only_a_file_that_is_too_big_stores_nothing(stage: Stage) -> None:
    """Nothing is left of such a form: the page names the file and asks again."""
    from gateway.web.site import Limits

    stage.opened()
    stage.open(limits=Limits(file=1000))
    answer = stage.submit(stage.enter(), "/t/SUP-1/comment", files=[("fichiers", ("film.mp4", b"x" * 5000))], texte="")
    assert 422 == answer.status_code
    assert "film.mp4" in answer.text
    assert 1 == len(stage.scene.comments())


def test_a_form_that_is_too_large_gives_the_text_back(stage: Stage) -> None:
    """Over the limit of a whole form nothing is stored, and what he wrote stands on the page, to be copied (413)."""
    from gateway.web.site import Limits

    stage.opened()
    stage.open(limits=Limits(body=20_000))
    page = stage.enter()
    answer = stage.submit(page, "/t/SUP-1/comment", files=[("fichiers", ("film.mp4", b"x" * 60_000))], texte="My <b>words</b>")
    assert 413 == answer.status_code
    assert "My &lt;b&gt;words&lt;/b&gt;" in answer.text
    assert 1 == len(stage.scene.comments())


@pytest.mark.parametrize("kind", ["multipart", "urlencoded"])
def test_a_text_over_a_mebibyte_is_refused(stage: Stage, kind: str) -> None:
    """All that a form says beside files has a limit, however it is encoded (CASES A4.20)."""
    stage.opened()
    page = stage.enter()
    files = [("fichiers", ("a.png", PNG))] if kind == "multipart" else None
    answer = stage.submit(page, "/t/SUP-1/comment", files=files, texte="x" * 1_100_000)
    assert 413 == answer.status_code
    assert 1 == len(stage.scene.comments())


def test_a_body_that_is_no_form_changes_nothing(stage: Stage) -> None:
    """JSON, a broken multipart, no body: the same as a form without a mark."""
    stage.opened()
    stage.enter()
    for kind, body in (
        ("application/json", b'{"texte":"x"}'),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=a", b"--b\r\n"),
    ):
        answer = stage.http.post("/t/SUP-1/comment", content=body, headers=BROWSER | {"content-type": kind})
        assert 403 == answer.status_code
    assert 1 == len(stage.scene.comments())


def test_a_comment_answers_a_question(stage: Stage) -> None:
    """While the team waits for him, the panel holds the question and his words move the ticket (T06, R-124)."""
    stage.opened()
    stage.agent("#attente\n\nWhich model is it?\n")
    page = stage.enter()
    panel = page.text.split('class="card need"')[1].split("</section>")[0]
    assert "Which model is it?" in panel
    assert "Anna Agent" in panel
    assert 1 == page.text.count('name="texte"')
    done = stage.submit(page, "/t/SUP-1/move/answer", texte="The grey one.")
    assert "/t/SUP-1?fait=answer" == done.headers["location"]
    assert "in_progress" == stage.ticket().status


def accept(stage: Stage) -> None:
    """The visitor accepts: a button, and its confirmation."""
    asked = stage.submit(stage.enter(), "/t/SUP-1/move/accept", texte="")
    assert 303 == stage.submit(asked, "/t/SUP-1/move/accept", texte="").status_code


def test_a_customer_accepts_on_the_page(stage: Stage) -> None:
    """The panel's button is asked about once more, with the words that were typed; then it accepts (T08, R-141)."""
    page = waiting_for_approval(stage).enter()
    asked = stage.submit(page, "/t/SUP-1/move/accept", texte="All <fine>.")
    assert 200 == asked.status_code
    assert "All &lt;fine&gt;.</textarea>" in asked.text
    assert "waiting_approval" == stage.ticket().status
    done = stage.submit(asked, "/t/SUP-1/move/accept", texte="All <fine>.")
    assert "/t/SUP-1?fait=accept" == done.headers["location"]
    assert "to_deliver" == stage.ticket().status


def test_a_refusal_needs_a_reason(stage: Stage) -> None:
    """Without words the confirm page asks for them; with them the ticket goes back to the team (T09, R-142)."""
    page = waiting_for_approval(stage).enter()
    fields = hidden(page.text, "/t/SUP-1/move/accept") | {"texte": " "}
    missing = stage.http.post("/t/SUP-1/move/refuse", data=fields, headers=BROWSER)
    assert 422 == missing.status_code
    assert "explain why you refuse" in text_in(missing.text)
    assert "waiting_approval" == stage.ticket().status
    done = stage.submit(missing, "/t/SUP-1/move/refuse", texte="It still burns.")
    assert "/t/SUP-1?fait=refuse" == done.headers["location"]
    assert "in_progress" == stage.ticket().status


def test_a_stale_page_keeps_the_text(stage: Stage) -> None:
    """The ticket moved meanwhile: nothing is written, he is told where it stands, and his words are in the form below (SURFACE 4.4)."""
    page = waiting_for_approval(stage).enter()
    stage.agent("#encours\n\nWait, I forgot something.\n")
    comments = len(stage.scene.comments())
    stale = stage.submit(page, "/t/SUP-1/move/accept", texte="All <fine>.")
    assert 409 == stale.status_code
    assert "it is now In progress" in text_in(stale.text)
    assert "All &lt;fine&gt;.</textarea>" in stale.text
    assert comments == len(stage.scene.comments())
    assert "in_progress" == stage.ticket().status


def test_a_stale_link_says_where_the_ticket_stands(stage: Stage) -> None:
    """A mail's button for a move that is not possible any more leads to the ticket, which says so; it is no error."""
    waiting_for_approval(stage)
    token = stage.token(LinkPurpose.DECIDE)
    accept(stage)
    for path in (f"/d/{token}/accept", "/t/SUP-1/move/accept", "/t/SUP-1/move/fly"):
        answer = stage.http.get(path)
        assert (303, "/t/SUP-1?fait=changed") == (answer.status_code, answer.headers["location"])
    assert "it is now Ready for release" in text_in(stage.http.get("/t/SUP-1?fait=changed").text)


@pytest.mark.parametrize(("word", "status"), [("accept", "to_deliver"), ("refuse", "in_progress")])
def test_a_mails_button_asks_first(stage: Stage, word: str, status: str) -> None:
    """The link of a mail shows what will happen and changes nothing; its form decides, lets him in and shows the ticket (CASES A4.3)."""
    waiting_for_approval(stage)
    token = stage.token(LinkPurpose.DECIDE)
    page = stage.http.get(f"/d/{token}/{word}")
    assert 200 == page.status_code
    assert "waiting_approval" == stage.ticket().status
    assert not stage.http.cookies
    done = stage.submit(page, f"/d/{token}/{word}", texte="Because.")
    assert (303, f"/t/SUP-1?fait={word}") == (done.status_code, done.headers["location"])
    assert status == stage.ticket().status
    assert 200 == stage.http.get("/t/SUP-1").status_code


def test_a_settled_ticket_is_reopened_with_a_reason(stage: Stage) -> None:
    """Resolved: the page says since when and offers to reopen; that needs words (T14, R-143). A comment alone leaves it settled."""
    stage.opened()
    stage.agent("#résolu\n\nDone.\n")
    page = stage.enter()
    assert "This request was resolved on 2 March 2026" in text_in(page.text)
    stage.submit(page, "/t/SUP-1/comment", texte="Thank you.")
    assert "resolved" == stage.ticket().status
    asked = stage.http.get("/t/SUP-1/move/reopen")
    missing = stage.submit(asked, "/t/SUP-1/move/reopen-by-customer", texte="")
    assert 422 == missing.status_code
    done = stage.submit(missing, "/t/SUP-1/move/reopen-by-customer", texte="It burns again.")
    assert "/t/SUP-1?fait=reopen-by-customer" == done.headers["location"]
    assert "reopened" == stage.ticket().status


def test_every_move_of_the_customer_has_its_words(stage: Stage) -> None:
    """Each customer's move of the shipped workflow has texts of its own in every language, not those for made-up moves."""
    words = stage.app.state.site.look.words
    workflow = stage.scene.office.workflow
    named = {rule.word for status in workflow.statuses for rule in moves(workflow, status, Actor.CUSTOMER)}
    assert {"answer", "accept", "refuse", "reopen-by-customer"} == named
    keys = [f"move.{word}.{part}" for word in named for part in ("short", "title", "effect", "ask", "button")]
    keys += [f"state.{status}" for status in workflow.statuses] + [f"done.{word}" for word in named]
    assert [] == [(language, key) for language in ("fr", "en", "nl", "de") for key in keys if not words.has(language, key)]


def test_a_decision_by_mail_is_taken_back(stage: Stage) -> None:
    """The link of the receipt asks, its form undoes; afterwards there is nothing more to undo (M12)."""
    waiting_for_approval(stage)
    accept(stage)
    token = stage.token(LinkPurpose.UNDO)
    asked = stage.http.get(f"/u/{token}")
    assert "to_deliver" == stage.ticket().status
    done = stage.submit(asked, f"/u/{token}")
    assert "/t/SUP-1?fait=undone" == done.headers["location"]
    assert "waiting_approval" == stage.ticket().status
    again = stage.submit(asked, f"/u/{token}")
    assert "/t/SUP-1?fait=changed" == again.headers["location"]
    assert "waiting_approval" == stage.ticket().status


def test_notifications_are_turned_off_and_on_again(stage: Stage) -> None:
    """The button of the ticket mutes it for him, says so, and becomes the other button (R-105)."""
    stage.opened()
    page = stage.enter()
    off = stage.submit(page, "/t/SUP-1/notifications", do="mute")
    assert "/t/SUP-1?fait=mute" == off.headers["location"]
    muted = stage.http.get("/t/SUP-1")
    assert 'value="unmute"' in muted.text
    assert 1 == stage.scene.count(schema.participants, schema.participants.c.muted)
    stage.submit(muted, "/t/SUP-1/notifications", do="unmute")
    assert 0 == stage.scene.count(schema.participants, schema.participants.c.muted)


def test_the_text_of_a_form_without_a_cookie_comes_back(stage: Stage) -> None:
    """His cookie ended while he wrote: nothing is stored, and his words stand on the page that tells how to come in again."""
    stage.opened()
    page = stage.enter()
    stage.scene.clock.pass_by(hours=13)
    answer = stage.submit(page, "/t/SUP-1/comment", texte="A long story.")
    assert 404 == answer.status_code
    assert "A long story.</textarea>" in answer.text
    assert 1 == len(stage.scene.comments())


def test_an_address_that_comes_back_is_said(stage: Stage) -> None:
    """Where mails to him come back the page says so, with a masked address."""
    from gateway.store import people

    stage.opened()
    with stage.scene.office.store.write() as connection:
        people.mark_undeliverable(connection, JESS, now=stage.scene.clock(), why="550")
    assert "Our mails to j•••@commune.example bounce" in text_in(stage.enter().text)


def test_the_newest_stands_first_unless_he_turns_it(stage: Stage) -> None:
    """Newest first, and the newest is marked; `?ordre=ancien` turns it round, and the mark stays with the newest (R-103)."""
    stage.opened()
    stage.agent("Please pull the plug.\n")
    page = stage.enter().text
    assert page.index("Please pull the plug.") < page.index("Smoke comes out of it.")
    turned = stage.http.get("/t/SUP-1?ordre=ancien").text
    assert turned.index("Smoke comes out of it.") < turned.index("Please pull the plug.")
    for html in (page, turned):
        assert 1 == html.count(">Latest<")


def test_internal_words_never_reach_the_page(stage: Stage) -> None:
    """Notes of the team, and what it held back, are on no page of a customer."""
    stage.opened()
    stage.agent("#note\nHe always says that.\n")
    assert "He always says" not in stage.enter().text


def test_what_people_wrote_is_text(stage: Stage) -> None:
    """Tags, template signs and addresses that are none stay text, in comments and summaries (CASES A3.1, A3.17)."""
    stage.opened(
        "<script>alert(1)</script> {{7*7}} javascript:alert(1) https://example.org/?a=1&b=2.\n", subject="<img src=x onerror=y> {{7*7}}"
    )
    page = stage.enter().text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "{{7*7}}" in page
    assert 'href="javascript' not in page
    assert '<a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer nofollow">' in page


def test_the_text_of_a_late_decision_comes_back(stage: Stage) -> None:
    """The link's time ended while he wrote: nothing is decided, and his words stand beside the button for a new link."""
    waiting_for_approval(stage)
    path = f"/d/{stage.token(LinkPurpose.DECIDE)}/refuse"
    page = stage.http.get(path)
    stage.scene.clock.pass_by(days=31)
    answer = stage.submit(page, path, texte="It still burns.")
    assert 410 == answer.status_code
    assert "It still burns.</textarea>" in answer.text
    assert "waiting_approval" == stage.ticket().status


def test_a_form_that_never_ends_is_given_up(stage: Stage) -> None:
    """A browser that does not send the rest of its form hears 408 in time, and holds nothing up (CASES A4.20)."""
    import socket

    from gateway.web.site import Limits

    stage.opened()
    stage.open(limits=Limits(seconds=0.3))
    head = (
        "POST /t/SUP-1/comment HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\ntexte="
    )
    with socket.create_connection(("127.0.0.1", stage.house.door.port), 5) as client:
        client.settimeout(5)
        client.sendall(head.encode())
        assert client.recv(200).startswith(b"HTTP/1.1 408")
    assert 200 == stage.http.get("/").status_code


def test_a_browser_that_goes_away_is_no_error(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """The line breaks in the middle of a form: nothing is stored, and nothing stands in the log."""
    import socket

    stage.opened()
    with socket.create_connection(("127.0.0.1", stage.house.door.port), 5) as client:
        client.sendall(
            b"POST /lien HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\na="
        )
    stage.idle()
    assert [] == [record for record in caplog.records if record.levelname in {"ERROR", "WARNING"}]


def test_a_merged_ticket_says_where_it_goes_on(stage: Stage) -> None:
    """Regrouped with another ticket of his: the page names it, takes no more words, and its button mails a link to the other."""
    from gateway.desk.merge import Joined, merge
    from gateway.desk.office import Story

    stage.opened().opened("And the fax.\n", subject="The fax")
    office = stage.scene.office
    with office.store.write() as connection:
        story = Story(office, connection, office.desks["SUP"], office.now(), "cli")
        anna = stage.person("anna@desk.example")
        assert isinstance(merge(story, stage.ticket("SUP-1"), stage.ticket("SUP-2"), anna, with_people=False), Joined)
    page = stage.enter(key="SUP-1")
    assert "goes on in SUP-2" in text_in(page.text)
    assert "<textarea" not in page.text
    sent = stage.submit(page, "/lien")
    assert "/?fait=lien" == sent.headers["location"]
    stage.idle()
    stage.scene.later()
    assert "/t/SUP-2?k=" in text_of(stage.scene.last(JESS))


@pytest.mark.parametrize("charset", ["undefined", "raw_unicode_escape", "utf-7", "idna", "base64", "utf-16", "nonsense"])
def test_a_form_is_utf8_whatever_it_says(stage: Stage, charset: str) -> None:
    """The charset that a client names is not believed: words arrive as they were written, and no codec breaks the page."""
    stage.opened()
    fields = hidden(stage.enter().text, "/t/SUP-1/comment") | {"texte": "Été \\ud800 +AGE-\0"}
    parts = "".join(f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
    kind = f"multipart/form-data; charset={charset}; boundary=b"
    answer = stage.http.post("/t/SUP-1/comment", content=f"{parts}--b--\r\n".encode(), headers=BROWSER | {"content-type": kind})
    assert (303, "/t/SUP-1?fait=comment") == (answer.status_code, answer.headers.get("location"))
    assert "Été \\ud800 +AGE-" == stage.scene.comments()[-1].text


def test_files_of_strangers_are_not_read(stage: Stage) -> None:
    """Without a good link or cookie no file is read, however small: the words alone come back (CASES A4.20)."""
    stage.opened()
    files = [("fichiers", ("a.png", PNG))]
    for path in ("/t/SUP-1/comment", "/d/x/accept", "/t/SUP-1/move/accept"):
        answer = stage.http.post(path, data={"texte": "Mine."}, files=files, headers=BROWSER)
        assert 404 == answer.status_code
        assert "Mine.</textarea>" in answer.text
