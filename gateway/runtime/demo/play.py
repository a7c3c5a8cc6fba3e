"""Puts the demo together: a folder, a mail host, a worker as `gateway run` has it, the story; then it stays up to be played with."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gateway.domain.people import Role
from gateway.runtime import logs
from gateway.runtime.daemon import Worker
from gateway.runtime.demo.config import UNDO_SECONDS, read_config, write_config
from gateway.runtime.demo.evidence import Ledger, MissingError, Patience, StoppedError
from gateway.runtime.demo.mailhost import LOOPBACK, Box, MailHost
from gateway.runtime.demo.people import Correspondent
from gateway.runtime.demo.programme import STEPS, Result, play
from gateway.runtime.demo.script import SCRIPTS, Script
from gateway.runtime.demo.show import Show
from gateway.runtime.demo.story import Cast, Story
from gateway.runtime.demo.watch import Watch
from gateway.runtime.process_lock import process_lock
from gateway.runtime.settings import Settings
from gateway.runtime.wiring import Installation, install
from gateway.store import people

PASSWORD = "demo"
DESK = Box("support@example.org", PASSWORD, aliases=("noreply@example.org",))
CUSTOMER, AGENT, COLLEAGUE = Box("jess@example.be", PASSWORD), Box("anna@example.org", PASSWORD), Box("bob@example.org", PASSWORD)
STRANGER, GONE = Box("robin@example.be", PASSWORD), Box("sacha@example.be", PASSWORD, returns=True)

TOTAL_SECONDS = 75.0
"""Until when the story must be over, from the start; the rest of a minute and a half is for stopping."""
START_SECONDS = 20.0
NEWS_SECONDS = 0.5
LOG_LINES = 8


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asked for. `limit`: seconds for each thing that is waited for. `command`: how this program is called."""

    once: bool = False
    language: str = "fr"
    limit: float = 15.0
    command: str = "gateway"


def run(wish: Wish, show: Show) -> int:
    """Play the demo. 0 when every step happened, 1 when something is missing, 130 when it was stopped before its end.

    Raises MailHostError, ConfigError, StoreError or OSError when it cannot even start.
    """
    started = time.monotonic()
    stop = threading.Event()
    with contextlib.ExitStack() as stack:
        stack.enter_context(_stopping(stop))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gateway-demo-", ignore_cleanup_errors=True)))
        log = stack.enter_context((folder / "gateway.log").open("a", encoding="utf-8"))
        with contextlib.redirect_stderr(log):  # the screen belongs to the story
            logs.configure(form="kv", level="info", full_addresses=True)
        host = stack.enter_context(MailHost((DESK, CUSTOMER, AGENT, COLLEAGUE, STRANGER, GONE)))
        config = write_config(folder, host, DESK, language=wish.language)
        settings = read_config(config)
        worker = stack.enter_context(_working(settings, stop, wish.language))
        office = worker.installation.office
        cast = _cast(host, SCRIPTS[wish.language])
        stack.callback(_hang_up, cast)
        _introduce(show, host, config)
        end = started + TOTAL_SECONDS
        story = Story(cast, SCRIPTS[wish.language], show, Ledger(office), office, Patience(stop, wish.limit, end))
        try:
            Patience(stop, START_SECONDS, end).until(story.ledger.reads_mailbox, "a gateway that reads its mailbox")
            results = play(story)
        except MissingError as error:
            show.missing(str(error))
            results = [Result(0, "start", time.monotonic() - started, str(error))]
        except StoppedError:
            return 130
        missing = _sum_up(show, results, time.monotonic() - started, folder)
        _hang_up(cast)
        if not wish.once:
            _stay(show, Watch(office), host=host, config=config, page=story.page_url or office.base_url, wish=wish, stop=stop)
    return 1 if missing else 0


@contextlib.contextmanager
def _stopping(stop: threading.Event) -> Iterator[None]:
    """Ctrl-C, a closed terminal and SIGTERM mean: stop, and leave nothing behind."""
    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _working(settings: Settings, stop: threading.Event, language: str) -> Iterator[Worker]:
    """A worker with all its threads, as `gateway run` starts it. `stop` stops them too."""
    installation = install(settings)
    try:
        _hire(installation, language)
        with process_lock(Path(settings.database.url.removeprefix("sqlite:///"))):
            worker = Worker(installation, stopping=stop)
            try:
                worker.start()
                yield worker
            finally:
                worker.stop()
    finally:
        installation.office.store.close()


def _hire(installation: Installation, language: str) -> None:
    office = installation.office
    with office.store.write() as connection:
        for box, name in ((AGENT, "Anna Peeters"), (COLLEAGUE, "Bob Maes")):
            people.add(
                connection,
                name=name,
                role=Role.AGENT,
                address=box.address,
                language=language,
                organisation_id=None,
                verified=True,
                now=office.now(),
            )


def _cast(host: MailHost, script: Script) -> Cast:
    def person(name: str, box: Box, signature: str = "") -> Correspondent:
        return Correspondent(name, box, host, script.attribution, signature)

    return Cast(
        desk=person("Support", DESK),
        customer=person("Jess Martin", CUSTOMER, script.customer_signature),
        agent=person("Anna Peeters", AGENT, script.signature),
        colleague=person("Bob Maes", COLLEAGUE),
        stranger=person("Robin Smet", STRANGER),
        gone=person("Sacha Leroy", GONE),
    )


def _hang_up(cast: Cast) -> None:
    for person in cast.everybody:
        person.hang_up()


def _introduce(show: Show, host: MailHost, config: Path) -> None:
    show.title(
        "gateway demo",
        "A help desk that lives in mail. What you see is real: people submit by SMTP and read by IMAP,",
        "the gateway fetches, decides and answers between them. Nothing leaves this machine.",
        "",
        f"mail host   IMAP {LOOPBACK}:{host.imap_port}, SMTP {LOOPBACK}:{host.smtp_port}",
        f"gateway     {config}",
        f"customer    Jess Martin <{CUSTOMER.address}>",
        f"agents      Anna Peeters <{AGENT.address}>, Bob Maes <{COLLEAGUE.address}>",
        f"waits       {UNDO_SECONDS} s where an installation waits 90 s for a second piece of news",
    )


def _sum_up(show: Show, results: list[Result], seconds: float, folder: Path) -> list[Result]:
    """The list of all steps; the results that miss something."""
    missing = [result for result in results if result.missing]
    rows = [("✗" if r.missing else "✓", str(r.number), r.name, f"{r.seconds:.1f} s", r.missing) for r in results]
    show.table("What happened", rows)
    if not missing:
        show.passed(f"all {len(STEPS)} steps happened, in {seconds:.1f} s")
        return missing
    for result in missing:
        if not result.left_out:
            show.missing(f"missing in step {result.number}, {result.name}: {result.missing}")
    lines = (folder / "gateway.log").read_text("utf-8", "replace").splitlines()
    worth = [line for line in lines if "level=warn" in line or "level=err" in line]
    if worth:
        show.raw(["The gateway's log says:", *(f"    {line[:300]}" for line in worth[-LOG_LINES:])])
    return missing


def _stay(show: Show, watch: Watch, *, host: MailHost, config: Path, page: str, wish: Wish, stop: threading.Event) -> None:
    """Stay up until Ctrl-C, and tell what happens."""
    show.table(
        "Play with it: any mail program on this machine, without TLS",
        [
            ("IMAP", f"{LOOPBACK} port {host.imap_port}", "user = address"),
            ("SMTP", f"{LOOPBACK} port {host.smtp_port}", "with the same login"),
            ("password", PASSWORD, "for everybody"),
            ("customers", f"{CUSTOMER.address}, {STRANGER.address}", f"write to {DESK.address}"),
            ("agents", f"{AGENT.address}, {COLLEAGUE.address}", "answer the mails in their boxes"),
            ("the desk", DESK.address, "what the gateway reads"),
            ("the page", page, "as Jess sees it; other mails have links too"),
        ],
    )
    commands = ("ticket list", "ticket show SUP-1", "explain SUP-1", "workflow", "survey report", "held list", "outbox list")
    show.say("In another terminal:")
    show.raw([f"      {wish.command} {command} --config {config}" for command in commands])
    show.say(f"The log is {config.parent / 'gateway.log'}. Ctrl-C ends the demo and removes all of it.")
    show.raw([""])
    while not stop.wait(NEWS_SECONDS):
        news = watch.news()
        if news:
            show.raw([f"  {line}" for line in news])
    show.raw(["", "Stopping …" if os.isatty(1) else "Stopping"])
