"""`gateway demo` as a newcomer runs it: a process of its own, whose end and words are all that counts."""

from __future__ import annotations

import os
import re
import signal
import smtplib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
import typer

from gateway.cli.demo import demo
from gateway.runtime.demo.programme import STEPS

COMMAND = (sys.executable, "-c", "from gateway.cli.main import main; main()", "demo")
MOST = 90
"""Seconds that `gateway demo --once` may take."""


def start(*options: str) -> subprocess.Popen[str]:
    """Run the demo with its output in a pipe."""
    environment = {**os.environ, "PYTHONWARNINGS": "error", "PYTHONUTF8": "1"}
    return subprocess.Popen([*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)


def folder_in(said: str) -> Path:
    """Where the demo kept its files."""
    found = re.search(r"^gateway +(\S+)/gateway\.toml$", said, re.MULTILINE)
    assert found, said
    return Path(found[1])


@pytest.fixture(scope="module")
def stories() -> dict[str, tuple[int, str]]:
    """Exit code and words of `gateway demo --once` in French and in English, played at the same time."""
    running = {language: start("--once", "--lang", language) for language in ("fr", "en")}
    found = {}
    for language, process in running.items():
        try:
            said, _ = process.communicate(timeout=MOST)
        finally:
            process.kill()
        found[language] = (process.returncode, said)
    return found


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_step_happens(stories: dict[str, tuple[int, str]], language: str) -> None:
    """Within a minute and a half every step is proved, nothing is missing, the exit code says so, and nothing is left on the disk."""
    code, said = stories[language]
    assert code == 0, said
    assert "✗" not in said
    for number, step in enumerate(STEPS, start=1):
        assert f"[{number}] {step.title}" in said
        assert re.search(rf"^ +✓ +{number} +{step.name} ", said, re.MULTILINE), step.name
    assert f"all {len(STEPS)} steps happened" in said
    assert not folder_in(said).exists()


def test_mails_are_shown_as_they_are(stories: dict[str, tuple[int, str]]) -> None:
    """French words, with their accents and their typography, and the fields that matter; plain lines in a pipe, no escape sequence."""
    said = stories["fr"][1]
    assert "    | Subject: Re: [SUP-1] L'imprimante du 2e étage ne répond plus\n" in said
    assert "    | Auto-Submitted: auto-replied\n" in said
    assert "« Erreur E-42 »" in said
    assert "Rien n’a été envoyé au client et rien n’a changé sur la demande." in said
    assert "\x1b" not in said


def lines_of(stream: IO[str]) -> Iterator[str]:
    """Lines as they come."""
    yield from iter(stream.readline, "")


def test_what_does_not_happen_is_named_and_the_demo_can_be_played_with() -> None:
    """With no time to wait, steps are missing: the exit code is 1 and they are named.

    Without --once it stays up all the same, tells of a mail that somebody sends, and ends at Ctrl-C without leaving anything behind.
    """
    process = start("--limit", "0.001")
    assert process.stdout is not None
    said: list[str] = []
    last_resort = threading.Timer(MOST, process.kill)
    last_resort.start()
    try:
        for line in lines_of(process.stdout):
            said.append(line)
            if "Ctrl-C ends the demo" in line:
                ports = re.search(r"IMAP 127\.0\.0\.1:\d+, SMTP 127\.0\.0\.1:(\d+)", "".join(said))
                assert ports
                with smtplib.SMTP("127.0.0.1", int(ports[1]), timeout=10) as smtp:
                    smtp.login("jess@example.be", "demo")
                    smtp.sendmail("jess@example.be", ["support@example.org"], b"From: jess@example.be\r\nSubject: Played\r\n\r\nHello\r\n")
            if "opened it: “Played”" in line:
                assert folder_in("".join(said)).is_dir()
                process.send_signal(signal.SIGINT)
        process.wait()
    finally:
        last_resort.cancel()
        process.kill()
        process.stdout.close()
    text = "".join(said)
    assert process.returncode == 1, text
    assert "missing in step 1, request: the gateway's word" in text
    assert "left out: it needs step “request”" in text
    assert "opened it: “Played”" in text
    assert not folder_in(text).exists()


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An installation without pymap gets one sentence, and no traceback."""
    for name in [name for name in sys.modules if name.startswith(("pymap", "gateway.runtime.demo"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pymap", None)
    with pytest.raises(typer.Exit) as ended:
        demo(once=True, lang="fr", limit=1)
    assert ended.value.exit_code == 1
    assert capsys.readouterr().err.endswith('pip install "gateway[demo]"\n')
