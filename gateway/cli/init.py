"""`gateway init`: five questions, a config of a dozen lines, and secret files that only their owner can read.

The whole of config/gateway.toml would bury the few lines that matter; what isn't asked has a default. Nothing that exists is ever
overwritten: a second run by mistake must not cost a signing key.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_CONFIG = 78


def init(
    config: Annotated[Path, typer.Option(help="The file to write.")] = Path("gateway.toml"),
    address: Annotated[str | None, typer.Option(help="The desk's address: where customers write.")] = None,
    imap: Annotated[str | None, typer.Option(metavar="HOST", help="The IMAP server that its mail is on.")] = None,
    user: Annotated[str | None, typer.Option(help="The login there, and at the SMTP server. [default: the address]")] = None,
    smtp: Annotated[str | None, typer.Option(metavar="HOST", help="The SMTP server that mail goes out by.")] = None,
    language: Annotated[str | None, typer.Option(help="fr, nl, de or en: for people of whom none is known.")] = None,
    secrets_dir: Annotated[Path | None, typer.Option(help="Where secrets go, counted from the config file.")] = None,
    desk: Annotated[str, typer.Option(help="The prefix of ticket keys, SUP-12.")] = "SUP",
    password_from: Annotated[str, typer.Option(metavar="FILE", help="Take the mailbox password from FILE; - is standard input.")] = "",
    ask: Annotated[bool, typer.Option("--ask/--no-ask", help="Whether to ask for what is not given.")] = True,
) -> None:
    """Write a minimal gateway.toml and its secret files. Never overwrites anything."""
    if config.exists():
        _stop(f"{config} exists already; nothing was changed", EXIT_FAILED)
    address = _answer(ask, address, "1/5  Address of the desk, where customers write", "--address", None)
    imap = _answer(ask, imap, "2/5  IMAP server of its mailbox", "--imap", None)
    user = _answer(ask and user is None, user, "     Login there", "--user", address)
    smtp = _answer(ask, smtp, "3/5  SMTP server for outgoing mail", "--smtp", imap)
    language = _answer(ask, language, "4/5  Language (fr, nl, de, en)", "--language", "fr")
    folder = Path(_answer(ask, None if secrets_dir is None else str(secrets_dir), "5/5  Folder for secrets", "--secrets-dir", "secrets"))
    password = _password(ask=ask, source=password_from)

    place = config.parent / folder
    files = {"secret-key": secrets.token_hex(32), "mailbox-main-password": password, "smtp-password": password}
    missing = [name for name, text in files.items() if not _write_secret(place / name, text)]
    _write_new(config, _config_text(desk, (address, imap, user, smtp, language), folder), 0o644)
    _report(config, place, missing)


def _report(config: Path, place: Path, missing: list[str]) -> None:
    """Say what was written and what is left to do; exit 78 when the answers don't make a config that can be used."""
    from gateway.runtime.settings import ConfigError, load

    typer.echo(f"wrote {config}, and secrets in {place} (mode 0600)")
    # A password that comes later must not hide that an address is wrong now.
    later = {f"GATEWAY__{name.replace('-', '__').upper()}": "later" for name in missing}
    try:
        load(config, {**os.environ, **later})
    except ConfigError as error:
        typer.echo(f"{config} can't be used as it is; mend it, or remove it and start again:\n{error}", err=True)
        raise typer.Exit(EXIT_CONFIG) from None
    for name in missing:
        typer.echo(f"next: write the password into {place / name} (one line, mode 0600)")
    typer.echo(f"next: gateway check --config {config}, then gateway run --config {config}")


def _answer(ask: bool, given: str | None, question: str, option: str, default: str | None) -> str:
    if given is not None:
        return given
    if ask:
        return str(typer.prompt(question, default=default)).strip()
    if default is None:
        _stop(f"{option} is missing, and --no-ask forbids to ask for it", EXIT_USAGE)
    return default


def _password(*, ask: bool, source: str) -> str:
    """The password, or "" when it is to be written by hand. Not an option's value: other users see command lines."""
    if source == "-":
        return sys.stdin.readline().rstrip("\r\n")
    if source:
        try:
            return Path(source).read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            _stop(f"{source} can't be read: {error.strerror}", EXIT_USAGE)
    if not ask:
        return ""
    return str(typer.prompt("     Password of the mailbox (empty: later)", default="", hide_input=True, show_default=False))


def _config_text(desk: str, answers: tuple[str, str, str, str, str], folder: Path) -> str:
    address, imap, user, smtp, language = map(_quoted, answers)
    lines = [
        "# Every other key, its default and its reason: config/gateway.toml of the gateway.",
        "[secret]",
        f"key_file = {_quoted(str(folder / 'secret-key'))}",
        f"[desk.{desk}]",
        f"address = {address}",
        f"language = {language}",
        "[mailbox.main]",
        f'desk = "{desk}"',
        f"host = {imap}",
        f"user = {user}",
        f"password_file = {_quoted(str(folder / 'mailbox-main-password'))}",
        "[smtp]",
        f"host = {smtp}",
        f"user = {user}",
        f"password_file = {_quoted(str(folder / 'smtp-password'))}",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """`text` as a basic string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\U{ord(char):08X}" for char in escaped) + '"'


def _write_secret(path: Path, text: str) -> bool:
    """Write `text` unless the file is there; whether a secret stands there now."""
    if path.exists():
        return path.stat().st_size > 0
    if not text:
        return False
    _write_new(path, text + "\n", 0o600)
    return True


def _write_new(path: Path, text: str, mode: int) -> None:
    # O_EXCL: two runs at once, or a link laid in advance, can't make us write into somebody's file.
    try:
        path.parent.mkdir(mode=0o777 if mode & 0o044 else 0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except OSError as error:
        _stop(f"{path} can't be written: {error.strerror}", EXIT_FAILED)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _stop(message: str, code: int) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(code)
