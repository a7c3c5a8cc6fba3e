"""A mail that somebody sends twice is kept twice, marked once and acknowledged once."""

from __future__ import annotations

import pytest

from tests.desk.scene import Scene

JESS = "Jess Martin <jess@commune.example>"


def marks(scene: Scene, key: str) -> list[int | None]:
    """Which comment each comment of a ticket repeats."""
    return [(row.shown or {}).get("repeats") for row in scene.comments(key)]


def test_the_same_words_again_are_marked(scene: Scene) -> None:
    """With a new Message-ID it is a new ticket, whose comment names the one that it repeats; one acknowledgement for both (B29)."""
    scene.mail(JESS, "It burns.\n")
    scene.clock.pass_by(minutes=5)
    again = scene.intake(scene.mail(JESS, "It  burns!\n"))
    scene.later()

    assert ([None], [1]) == (marks(scene, "SUP-1"), marks(scene, "SUP-2"))
    assert "repeats comment 1" in again.why
    assert ["M01"] == scene.codes("jess@commune.example")


def test_a_reply_that_is_sent_twice_is_marked(scene: Scene) -> None:
    """On one ticket: two comments, of which the second names the first."""
    scene.mail(JESS, "It burns.\n")
    scene.send()
    acknowledgement = scene.last("jess@commune.example")
    for _ in range(2):
        scene.mail(JESS, "Still burning.\n", answers=acknowledgement)
    assert [None, None, 2] == marks(scene, "SUP-1")


@pytest.mark.parametrize(
    ("sender", "text", "minutes"),
    [(JESS, "It burns.\n", 11), (JESS, "It burns more.\n", 1), ("Bo <bo@commune.example>", "It burns.\n", 1)],
    ids=["later", "other words", "another sender"],
)
def test_what_is_no_repeat_is_not_marked(scene: Scene, sender: str, text: str, minutes: int) -> None:
    """After ten minutes it was meant; other words and another person's are their own."""
    scene.mail(JESS, "It burns.\n")
    scene.clock.pass_by(minutes=minutes)
    scene.mail(sender, text)
    assert [None] == marks(scene, "SUP-2")


def test_imported_mail_is_not_marked(scene: Scene) -> None:
    """Old mails come in all at once: their times say nothing."""
    for _ in range(2):
        scene.mail(JESS, "It burns.\n", silent=True)
    assert [None] == marks(scene, "SUP-2")
