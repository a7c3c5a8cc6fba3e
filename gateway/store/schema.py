"""The tables: one truth for what came in, what it became, and what goes out.

`intake` is the ledger of received bytes, `effects` makes one mail one effect, `deliveries` is the outbox and the only queue.
`events` is append-only. Times are UTC. Migrations stand in `migrations/`; a test holds `upgrade == metadata` on both databases.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)


class Utc(sa.types.TypeDecorator[datetime]):
    """A moment in UTC. A naive datetime is refused: it is a bug of ours, and it would be an hour off in summer."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Aware in; SQLite keeps it as UTC without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Aware out."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""SQLite counts rowids only in a column that is called INTEGER."""


def _id() -> sa.Column[int]:
    return sa.Column("id", Id, primary_key=True, autoincrement=True)


def _ref(name: str, target: str, *, nullable: bool = False, **options: Any) -> sa.Column[int]:
    return sa.Column(name, Id, sa.ForeignKey(target), nullable=nullable, **options)


meta = sa.Table(
    "meta",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("until", Utc, nullable=False),
)

cursors = sa.Table(
    "cursors",
    metadata,
    sa.Column("mailbox", sa.Text, primary_key=True),
    sa.Column("folder", sa.Text, primary_key=True),
    sa.Column("uidvalidity", sa.BigInteger, nullable=False),
    sa.Column("last_uid", sa.BigInteger, nullable=False),
    sa.Column("polled_at", Utc, nullable=False),
)

blobs = sa.Table(
    "blobs",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=True),
    sa.Column("created_at", Utc, nullable=False),
)
"""`content` is NULL where the bytes stand in the blob folder (larger than `blobs.inline_limit`)."""

desks = sa.Table(
    "desks",
    metadata,
    sa.Column("prefix", sa.Text, primary_key=True),
    sa.Column("last_number", sa.Integer, nullable=False),
)

organisations = sa.Table(
    "organisations",
    metadata,
    _id(),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
)

organisation_domains = sa.Table(
    "organisation_domains",
    metadata,
    sa.Column("domain", sa.Text, primary_key=True),
    _ref("organisation_id", "organisations.id"),
)

people = sa.Table(
    "people",
    metadata,
    _id(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    _ref("organisation_id", "organisations.id", nullable=True),
    sa.Column("disabled", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("verified", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("key_epoch", sa.Integer, nullable=False, server_default="0"),
    sa.Column("created_at", Utc, nullable=False),
    sa.Index(None, "role"),
)
"""`key_epoch`: raising it ends every link that a person holds."""

addresses = sa.Table(
    "addresses",
    metadata,
    sa.Column("address", sa.Text, primary_key=True),
    _ref("person_id", "people.id", index=True),
    sa.Column("is_primary", sa.Boolean, nullable=False),
    sa.Column("undeliverable_at", Utc, nullable=True),
    sa.Column("undeliverable_why", sa.Text, nullable=True),
)

tickets = sa.Table(
    "tickets",
    metadata,
    _id(),
    sa.Column("desk", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("status_since", Utc, nullable=False),
    _ref("requester_id", "people.id", nullable=True, index=True),
    _ref("assignee_id", "people.id", nullable=True, index=True),
    _ref("organisation_id", "organisations.id", nullable=True),
    sa.Column("priority", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("updated_at", Utc, nullable=False),
    sa.Column("resolved_at", Utc, nullable=True),
    sa.Column("closed_at", Utc, nullable=True),
    sa.Column("resolution", sa.Text, nullable=True),
    _ref("merged_into_id", "tickets.id", nullable=True, index=True),
    sa.Column("key_epoch", sa.Integer, nullable=False, server_default="0"),
    sa.UniqueConstraint("desk", "number"),
    sa.Index(None, "status", "updated_at"),
    sa.Index(None, "status", "status_since"),
)
"""`resolution`: done, wont_fix, duplicate or not_reproducible, while it is resolved or closed. `merged_into_id`: where it goes on."""

participants = sa.Table(
    "participants",
    metadata,
    _ref("ticket_id", "tickets.id", primary_key=True),
    _ref("person_id", "people.id", primary_key=True, index=True),
    sa.Column("part", sa.Text, nullable=False),
    sa.Column("muted", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("added_at", Utc, nullable=False),
)

intake = sa.Table(
    "intake",
    metadata,
    _id(),
    sa.Column("desk", sa.Text, nullable=False),
    sa.Column("door", sa.Text, nullable=False),
    sa.Column("mailbox", sa.Text, nullable=True),
    sa.Column("folder", sa.Text, nullable=True),
    sa.Column("uidvalidity", sa.BigInteger, nullable=True),
    sa.Column("uid", sa.BigInteger, nullable=True),
    sa.Column("envelope_from", sa.Text, nullable=True),
    sa.Column("envelope_to", sa.Text, nullable=True),
    sa.Column("sha256", sa.String(64), sa.ForeignKey("blobs.sha256"), nullable=True, index=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("whole", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("silent", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("received_at", Utc, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("lease_owner", sa.Text, nullable=True),
    sa.Column("lease_until", Utc, nullable=True),
    sa.Column("message_id", sa.Text, nullable=True, index=True),
    sa.Column("sender", sa.Text, nullable=True),
    sa.Column("subject", sa.Text, nullable=True),
    sa.Column("verdict", sa.Text, nullable=True),
    sa.Column("rules", sa.JSON, nullable=True),
    sa.Column("trust", sa.Text, nullable=True),
    sa.Column("outcome", sa.Text, nullable=True),
    sa.Column("why", sa.JSON, nullable=True),
    _ref("ticket_id", "tickets.id", nullable=True, index=True),
    sa.Column("comment_id", Id, nullable=True),
    sa.Column("park_reason", sa.Text, nullable=True),
    sa.Column("error", sa.Text, nullable=True),
    sa.Column("done_at", Utc, nullable=True),
    sa.UniqueConstraint("mailbox", "folder", "uidvalidity", "uid"),
    sa.Index(None, "sender", "received_at"),
    sa.Index("ix_intake_todo", "id", sqlite_where=sa.text("state = 'new'"), postgresql_where=sa.text("state = 'new'")),
    sa.Index("ix_intake_parked", "id", sqlite_where=sa.text("state = 'parked'"), postgresql_where=sa.text("state = 'parked'")),
)
"""The ledger of received bytes: state new, done or parked. `outcome` says in one word what it became, `why` the steps to it.
`sha256` is NULL once retention has dropped the raw mail."""

effects = sa.Table(
    "effects",
    metadata,
    sa.Column("desk", sa.Text, primary_key=True),
    sa.Column("message_key", sa.Text, primary_key=True),
    _ref("intake_id", "intake.id"),
)

brakes = sa.Table(
    "brakes",
    metadata,
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("until", Utc, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
)
"""Addresses that get no automatic answer for a while (CASES A2.4)."""

comments = sa.Table(
    "comments",
    metadata,
    _id(),
    _ref("ticket_id", "tickets.id", index=True),
    _ref("author_id", "people.id", nullable=True),
    sa.Column("author_name", sa.Text, nullable=False),
    sa.Column("visibility", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("quoted", sa.Text, nullable=False, server_default=""),
    sa.Column("signature", sa.Text, nullable=False, server_default=""),
    sa.Column("html", sa.Text, nullable=True),
    sa.Column("proof", sa.Text, nullable=True),
    sa.Column("held_why", sa.Text, nullable=True),
    sa.Column("held_as", sa.Text, nullable=True),
    sa.Column("shown", sa.JSON, nullable=True),
    sa.Column("message_id", sa.Text, nullable=True, index=True),
    _ref("intake_id", "intake.id", nullable=True, index=True),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("withdrawn_at", Utc, nullable=True),
)
"""`kind`: comment, filed (automatic mail kept with the ticket), held (typed, not published; `held_why` names the rule, and
`held_as` the visibility that its author meant, where he was proved to be its author: only such a comment may be published later).
`shown`: what a reader sees beside the text (To, Cc, Reply-To when it differs). `html` is the sender's, sanitised when shown."""

attachments = sa.Table(
    "attachments",
    metadata,
    _id(),
    _ref("comment_id", "comments.id", index=True),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("content_type", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.String(64), sa.ForeignKey("blobs.sha256"), nullable=False, index=True),
    sa.Column("inline", sa.Boolean, nullable=False),
    sa.Column("content_id", sa.Text, nullable=True),
)

posts = sa.Table(
    "posts",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    _ref("ticket_id", "tickets.id"),
    _ref("person_id", "people.id"),
    sa.Column("at", Utc, nullable=False),
)
"""Forms of the page that had their effect, each by the random key it was shown with: the same form sent twice counts once."""

timers = sa.Table(
    "timers",
    metadata,
    _ref("ticket_id", "tickets.id", primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("since", Utc, primary_key=True),
    sa.Column("step", sa.Integer, primary_key=True),
    sa.Column("at", Utc, nullable=False),
)
"""What the clock did to a ticket, once: `kind` of work, the moment it counts from (when the ticket came into its status), and which
`step` (the number of days). Written in the transaction of its effect, so a second bell finds it done."""

surveys = sa.Table(
    "surveys",
    metadata,
    _id(),
    _ref("ticket_id", "tickets.id"),
    _ref("person_id", "people.id"),
    _ref("assignee_id", "people.id", nullable=True),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("asked_at", Utc, nullable=False, index=True),
    sa.Column("expires_at", Utc, nullable=False),
    sa.Column("reminded_at", Utc, nullable=True),
    sa.Column("withdrawn_at", Utc, nullable=True),
    sa.Column("rating", sa.Integer, nullable=True),
    sa.Column("comment", sa.Text, nullable=False, server_default=""),
    sa.Column("answered_at", Utc, nullable=True),
    sa.UniqueConstraint("ticket_id", "person_id", "round"),
    sa.Index(None, "person_id", "asked_at"),
    sa.Index(
        "ix_surveys_open",
        "asked_at",
        sqlite_where=sa.text("reminded_at IS NULL AND answered_at IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("reminded_at IS NULL AND answered_at IS NULL AND withdrawn_at IS NULL"),
    ),
)
"""One question to one person about one resolution (`round` counts a ticket's). `rating` 1 to 5 and `comment` are the last answer."""

survey_answers = sa.Table(
    "survey_answers",
    metadata,
    _id(),
    _ref("survey_id", "surveys.id", index=True),
    sa.Column("rating", sa.Integer, nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("at", Utc, nullable=False),
)
"""Every answer to a survey, the changed ones too: the last one counts."""

links = sa.Table(
    "links",
    metadata,
    _ref("ticket_id", "tickets.id", primary_key=True),
    _ref("other_id", "tickets.id", primary_key=True, index=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("created_at", Utc, nullable=False),
)
"""Seen by agents only. `kind`: follow-up (a new ticket from an old one), mentions (a stranger named or held this thread)."""

events = sa.Table(
    "events",
    metadata,
    _id(),
    _ref("ticket_id", "tickets.id", nullable=True, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    _ref("actor_id", "people.id", nullable=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    sa.Column("comment_id", Id, nullable=True),
    _ref("intake_id", "intake.id", nullable=True, index=True),
)

WAITING = "state IN ('queued', 'deferred', 'sending', 'uncertain', 'held', 'parked')"
"""What the partial indexes of the outbox hold; a query must say it in these words, or SQLite reads the whole table."""

deliveries = sa.Table(
    "deliveries",
    metadata,
    _id(),
    sa.Column("desk", sa.Text, nullable=False),
    _ref("ticket_id", "tickets.id", nullable=True, index=True),
    _ref("person_id", "people.id", nullable=True),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("mail", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("is_answer", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("merge_key", sa.Text, nullable=True),
    sa.Column("due", Utc, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("lease_owner", sa.Text, nullable=True),
    sa.Column("lease_until", Utc, nullable=True),
    sa.Column("message_id", sa.Text, nullable=False, unique=True),
    sa.Column("in_reply_to", sa.Text, nullable=True),
    sa.Column("context", sa.JSON, nullable=False),
    _ref("intake_id", "intake.id", nullable=True, index=True),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("settled_at", Utc, nullable=True),
    sa.Column("cause", sa.Text, nullable=True),
    sa.Column("answer", sa.Text, nullable=True),
    sa.Column("hold_reason", sa.Text, nullable=True),
    sa.Index(
        "ix_deliveries_due",
        "due",
        sqlite_where=sa.text(WAITING),
        postgresql_where=sa.text(WAITING),
    ),
    sa.Index(
        "ix_deliveries_waiting",
        "recipient",
        "ticket_id",
        "id",
        sqlite_where=sa.text(WAITING),
        postgresql_where=sa.text(WAITING),
    ),
    sa.Index(None, "recipient", "is_answer", "created_at"),
)
"""The outbox: ONE mail to ONE recipient. States: queued, sending, sent, deferred, uncertain, bounced, held, cancelled, parked.
`is_answer` marks what a mail of the recipient's own caused at once: what the brakes of CASES A2.3 count."""

attempts = sa.Table(
    "attempts",
    metadata,
    _id(),
    _ref("delivery_id", "deliveries.id", index=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("phase", sa.Text, nullable=True),
    sa.Column("code", sa.Integer, nullable=True),
    sa.Column("text", sa.Text, nullable=False),
)
"""What the peer said to each try of a delivery."""
