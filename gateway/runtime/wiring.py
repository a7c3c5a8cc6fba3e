"""Puts the parts together: settings in, an office with its renderer and its accounts out. The only place that knows both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from gateway.desk.office import DeskRules, Office, Policy
from gateway.domain.guard import Limits, Mode
from gateway.domain.timing import Rhythm
from gateway.domain.workflow import Workflow
from gateway.mail.signed.address import Signer
from gateway.mail.write.render import Renderer
from gateway.mail.write.texts import reply_markers
from gateway.runtime.data import data_path
from gateway.runtime.settings import WARN_DAYS, MailboxSettings, Settings, SmtpSettings
from gateway.runtime.workflow_file import load_workflow, workflow_path
from gateway.store.blobs import Blobs
from gateway.store.engine import Store
from gateway.store.upgrade import Current, check, open_checked, sqlite_file
from gateway.transport.imap import ImapAccount
from gateway.transport.smtp import SmtpAccount
from gateway.transport.tls import Tls


@dataclass(frozen=True, slots=True)
class Installation:
    """An office and what it was made from."""

    settings: Settings
    office: Office
    renderer: Renderer


def workflow_of(settings: Settings) -> Workflow:
    """The operator's workflow.toml beside his gateway.toml, or the one that is shipped."""
    return load_workflow(workflow_path(settings))


def renderer_of(settings: Settings) -> Renderer:
    """All mail templates, with those of the operator's folder `templates/mail` beside his gateway.toml over the shipped ones."""
    own = settings.path.parent / "templates" / "mail" if settings.path else None
    shipped = data_path("templates", "mail")
    overrides = own if own is not None and own.is_dir() and own.resolve() != shipped.resolve() else None
    first = next(iter(settings.desk.values()))
    return Renderer(
        shipped, data_path("templates", "locale"), overrides, zone=ZoneInfo(settings.timers.time_zone), default_language=first.language
    )


def open_store(settings: Settings, *, quickly: bool = False) -> Store:
    """The database, sound and of this release. `quickly` leaves the check of the whole file to the daemon's start."""
    store = Store(settings.database.url, frozen_seconds=settings.database.lease_seconds)
    file = sqlite_file(store)
    if not quickly or (file is not None and not file.exists()) or not isinstance(check(store), Current):
        open_checked(store)
    return store


def open_office(settings: Settings, *, quickly: bool = False) -> Office:
    """Everything that a use case needs. Raises StoreError or ConfigError, which say what to do."""
    return Office(
        store=open_store(settings, quickly=quickly),
        blobs=Blobs(Path(settings.blobs.dir), settings.blobs.inline_limit),
        signer=Signer({0: settings.secret.key.reveal().encode()}),
        workflow=workflow_of(settings),
        desks={prefix: _desk(prefix, settings) for prefix in settings.desk},
        policy=_policy(settings),
        instance=settings.instance,
        base_url=settings.web.base_url,
        markers=reply_markers(),
    )


def install(settings: Settings) -> Installation:
    """An office with its renderer: what the daemon needs."""
    renderer = renderer_of(settings)
    return Installation(settings, open_office(settings), renderer)


def _desk(prefix: str, settings: Settings) -> DeskRules:
    desk = settings.desk[prefix]
    return DeskRules(
        prefix=prefix,
        name=desk.name or prefix,
        address=desk.address,
        aliases=tuple(desk.aliases),
        noreply=desk.noreply,
        delimiter=desk.plus_addressing,
        language=desk.language,
        languages=tuple(desk.languages),
        sender_policy=desk.sender_policy,
        team=tuple(desk.team),
        signature=desk.signature,
    )


def _policy(settings: Settings) -> Policy:
    mail = settings.mail
    return Policy(
        size_limit=mail.size_limit,
        attachments_limit=mail.attachments_limit,
        merge_window=timedelta(seconds=mail.merge_window_seconds),
        undo=timedelta(seconds=mail.undo_seconds),
        authserv_ids=frozenset(name.lower() for name in mail.authserv_ids),
        agent_mail=mail.agent_mail,
        limits=Limits(per_day=mail.auto_per_day, window=timedelta(minutes=mail.acknowledgement_minutes)),
        reopen_days=mail.reopen_days,
        lease=timedelta(seconds=settings.database.lease_seconds),
        raw_days=settings.retention.raw_days,
        guard=Mode(settings.guard.mode),
        survey=settings.survey.enabled and bool(settings.web.base_url),  # an answer needs a page to be given on
        rhythm=_rhythm(settings),
    )


def _rhythm(settings: Settings) -> Rhythm:
    timers = settings.timers
    return Rhythm(
        zone=ZoneInfo(timers.time_zone),
        hour=timers.hour,
        weekdays=timers.weekdays,
        reminders=tuple(timers.reminder_days),
        close_after=timers.auto_close_days,
        resolve_after=timers.auto_resolve_days,
        warn_before=WARN_DAYS,
        survey_reminder=settings.survey.reminder_days,
    )


def imap_account(mailbox: MailboxSettings) -> ImapAccount:
    """Where and how a mailbox is read."""
    return ImapAccount(
        host=mailbox.host,
        port=mailbox.port,
        tls=Tls(mailbox.tls),
        ca_file=mailbox.ca_file,
        user=mailbox.user,
        password=mailbox.password.reveal(),
        read_timeout=mailbox.timeout_seconds,
    )


def smtp_account(smtp: SmtpSettings) -> SmtpAccount:
    """Where mails go out."""
    return SmtpAccount(
        host=smtp.host,
        port=smtp.port,
        tls=Tls(smtp.tls),
        user=smtp.user,
        password=smtp.password.reveal() if smtp.password else "",
        ca_file=smtp.ca_file,
        ehlo_name=smtp.ehlo,
        read_timeout=smtp.timeout_seconds,
    )
