"""The survey: a link chooses, a button votes, the last vote counts, and no machine votes by looking."""

from __future__ import annotations

import pytest

from gateway.mail.signed.link import LinkPurpose
from gateway.store import schema
from tests.web.stage import Stage, text_in


def resolved(stage: Stage) -> str:
    """A ticket whose requester is asked how it was; the survey's token."""
    stage.opened()
    stage.agent("#résolu\n\nDone.\n")
    return stage.token(LinkPurpose.SURVEY)


def test_a_link_only_chooses(stage: Stage) -> None:
    """Each of the five links shows the question with its step chosen; all of them, many times, with HEAD too: no vote (CASES A4.1)."""
    token = resolved(stage)
    for step in range(1, 6):
        page = stage.http.get(f"/avis/{token}/{step}")
        assert 200 == page.status_code
        assert f'value="{step}" required checked>' in page.text
        assert 1 == page.text.count(" checked>")
        for _ in range(20):
            stage.http.head(f"/avis/{token}/{step}")
    assert "checked>" not in stage.http.get(f"/avis/{token}").text
    assert "checked>" not in stage.http.get(f"/avis/{token}/6").text
    assert 0 == stage.scene.count(schema.survey_answers)


def test_the_button_votes_and_the_last_vote_counts(stage: Stage) -> None:
    """A vote is stored and thanked for, may be changed, and the change keeps what was written (SURFACE 3.5)."""
    token = resolved(stage)
    page = stage.http.get(f"/avis/{token}/4")
    done = stage.submit(page, f"/avis/{token}", note="4", texte="Quick.")
    assert 303 == done.status_code
    thanks = stage.http.get(done.headers["location"])
    assert "Your opinion is saved: Good ." in text_in(thanks.text)
    assert "/reopen" not in thanks.text
    change = stage.http.get(f"/avis/{token}?modifier=1")
    assert 'value="4" required checked>' in change.text
    assert "Quick.</textarea>" in change.text
    stage.submit(change, f"/avis/{token}", note="5", texte="Quick.")
    assert "Very good" in stage.http.get(f"/avis/{token}").text
    assert 2 == stage.scene.count(schema.survey_answers)


def test_a_low_vote_offers_to_reopen(stage: Stage) -> None:
    """One or two: the thanks carry a button that leads to reopening, which asks for a reason."""
    token = resolved(stage)
    done = stage.submit(stage.http.get(f"/avis/{token}/1"), f"/avis/{token}", note="1", texte="")
    thanks = stage.http.get(done.headers["location"]).text
    path = thanks.split('class="btn" href="')[1].split('"')[0]
    asked = stage.http.get(path)
    assert "Reopen request SUP-1?" in text_in(asked.text)
    assert "resolved" == stage.ticket().status


@pytest.mark.parametrize("note", ["", "0", "6", "x", "４"])
def test_a_vote_that_is_none_keeps_the_words(stage: Stage, note: str) -> None:
    """Only one to five are votes; what he wrote stays in the form."""
    token = resolved(stage)
    answer = stage.submit(stage.http.get(f"/avis/{token}"), f"/avis/{token}", note=note, texte="My words.")
    assert 422 == answer.status_code
    assert "My words.</textarea>" in answer.text
    assert 'role="alert"' in answer.text
    assert 0 == stage.scene.count(schema.survey_answers)


def test_after_four_weeks_it_is_closed(stage: Stage) -> None:
    """The page says since when, and that he can still write; a late form gives his words back."""
    token = resolved(stage)
    page = stage.http.get(f"/avis/{token}")
    stage.scene.clock.pass_by(days=29)
    late = stage.http.get(f"/avis/{token}")
    assert 410 == late.status_code
    assert "It closed on 30 March 2026" in text_in(late.text)
    answer = stage.submit(page, f"/avis/{token}", note="3", texte="Too late.")
    assert 410 == answer.status_code
    assert "Too late.</textarea>" in answer.text


def test_the_ticket_asks_too(stage: Stage) -> None:
    """The ticket's page carries the five links; after the vote it shows the vote."""
    token = resolved(stage)
    assert 5 == stage.enter().text.count('<a href="/avis/')
    stage.submit(stage.http.get(f"/avis/{token}"), f"/avis/{token}", note="3", texte="")
    assert "Neither good nor poor" in stage.http.get("/t/SUP-1").text
