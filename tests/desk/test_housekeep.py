"""Retention: a raw mail goes when its words stand elsewhere, and not before (ruling 8)."""

from __future__ import annotations

from dataclasses import replace

from gateway.desk import housekeep
from gateway.store import schema
from tests.desk.scene import Scene

JESS = "Jess Martin <jess@commune.example>"


def test_raw_mails_go_after_their_time(scene: Scene) -> None:
    """After 90 days the raw bytes of a mail that became a comment are dropped; the comment and its files stay."""
    scene.mail(JESS, "Smoke.\n")
    assert 0 == housekeep.drop_old_mails(scene.office)
    scene.clock.pass_by(days=91)
    assert 1 == housekeep.drop_old_mails(scene.office)
    assert 0 == housekeep.drop_old_mails(scene.office)

    assert scene.intake(1).sha256 is None
    assert 0 == scene.count(schema.blobs)
    assert "Smoke." == scene.comments()[0].text


def test_a_parked_mail_is_never_dropped(scene: Scene) -> None:
    """What waits for a person waits with its bytes."""
    scene.with_rules(sender_policy="known-senders")
    scene.mail(JESS, "Smoke.\n")
    scene.clock.pass_by(days=400)

    assert 0 == housekeep.drop_old_mails(scene.office)
    assert scene.intake(1).sha256 is not None


def test_a_blob_that_a_comment_needs_stays(scene: Scene) -> None:
    """The raw mail of a stub is its attachment: dropping the ledger's name for it leaves the bytes."""
    scene.bytes(b"\x00\x01\x02\xff" * 100)
    scene.clock.pass_by(days=91)
    housekeep.drop_old_mails(scene.office)

    assert 1 == scene.count(schema.blobs)


def test_no_retention_keeps_all(scene: Scene) -> None:
    """`retention.raw_days = 0` drops nothing."""
    scene.office = replace(scene.office, policy=replace(scene.office.policy, raw_days=0))
    scene.mail(JESS, "Smoke.\n")
    scene.clock.pass_by(days=4000)

    assert 0 == housekeep.drop_old_mails(scene.office)
