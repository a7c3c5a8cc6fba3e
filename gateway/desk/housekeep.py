"""What is done at night: raw mails past their retention are dropped, and the blobs that nothing names any more.

A raw mail goes only when what it said stands on a ticket, or when no person wrote it (ruling 8). A parked mail is never dropped.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from gateway.desk.office import Office
from gateway.mail.inbound import Verdict
from gateway.store import schema

BATCH = 500
WRITTEN_BY_NOBODY = (
    Verdict.AUTO_REPLY,
    Verdict.OUT_OF_OFFICE,
    Verdict.BOUNCE,
    Verdict.DELAY,
    Verdict.FEEDBACK_REPORT,
    Verdict.READ_RECEIPT,
    Verdict.LOOP,
)


POSTS_KEPT = timedelta(days=7)
"""How long a form that was sent is known again: longer than anybody keeps its page open."""


def forget_posts(office: Office) -> int:
    """Forget the forms of the page that nobody will send again. How many."""
    posts = schema.posts
    with office.store.write() as connection:
        return connection.execute(sa.delete(posts).where(posts.c.at < office.now() - POSTS_KEPT)).rowcount


def drop_old_mails(office: Office) -> int:
    """Drop up to BATCH raw mails past `retention.raw_days`, with the blobs that nothing else needs. How many; call again until 0."""
    if office.policy.raw_days <= 0:
        return 0
    before = office.now() - timedelta(days=office.policy.raw_days)
    intake, attachments = schema.intake, schema.attachments
    kept_elsewhere = sa.or_(intake.c.comment_id.is_not(None), intake.c.outcome == "duplicate", intake.c.verdict.in_(WRITTEN_BY_NOBODY))
    past = sa.and_(intake.c.state == "done", intake.c.done_at < before, intake.c.sha256.is_not(None), kept_elsewhere)
    unlink: list[str] = []
    with office.store.write() as connection:
        rows = connection.execute(sa.select(intake.c.id, intake.c.sha256).where(past).order_by(intake.c.id).limit(BATCH)).all()
        if not rows:
            return 0
        connection.execute(sa.update(intake).where(intake.c.id.in_([row.id for row in rows])).values(sha256=None))
        for sha256 in {row.sha256 for row in rows}:
            named = sa.exists().where(intake.c.sha256 == sha256), sa.exists().where(attachments.c.sha256 == sha256)
            if not connection.execute(sa.select(sa.or_(*named))).scalar_one():
                office.blobs.drop(connection, sha256)
                unlink.append(sha256)
    for sha256 in unlink:
        office.blobs.unlink(sha256)
    return len(rows)
