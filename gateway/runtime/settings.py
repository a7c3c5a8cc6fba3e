"""The settings: every section and key of gateway.toml, with its default, checked as a whole before anything starts.

`config/gateway.toml` says what each key is for; a test holds the two together. An unknown key is an error, for a misspelt one would be a
setting that silently isn't there. All that is wrong is told at once (`ConfigError.problems`); the command line exits with 78.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from gateway.runtime.config_error import ConfigError, Problem
from gateway.runtime.config_source import Sources, across_sections, all_problems, find_config, gather, table
from gateway.runtime.secret import Secret

__all__ = ["ConfigError", "Problem", "Secret", "Settings", "is_loopback", "load", "split_listen"]

SIGNED_PART = 46
"""Characters of a signed token in an address (gateway.mail.signed.address)."""
LOCAL_PART = 64
"""RFC 5321 §4.5.3.1.1."""
KEY_LENGTH = 32
"""The shortest signing key, in characters; `gateway init` writes 64."""

_IMAP_PORTS = {"implicit": 993, "starttls": 143, "none": 143}
_SMTP_PORTS = {"implicit": 465, "starttls": 587, "none": 25}

Tls = Literal["implicit", "starttls", "none"]
Language = Literal["fr", "nl", "de", "en"]
Port = Annotated[int, Field(ge=0, le=65535)]
"""0 means the usual port of the protocol and of its `tls`."""
Seconds = Annotated[float, Field(ge=0, le=86_400)]
Days = Annotated[int, Field(ge=1, le=365)]
DaysOrNever = Annotated[int, Field(ge=0, le=3650)]
"""0 means never."""
WARN_DAYS = 7
"""Days between the warning that a question ends unanswered (M10) and its end (T20)."""


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine without a name server being asked: localhost, 127/8, ::1."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() in ("localhost", "localhost.localdomain", "ip6-localhost")


def split_listen(listen: str) -> tuple[str, int] | Path:
    """What a `listen` key means: (host, port), or the path of a Unix socket. ValueError when it is neither."""
    if listen.startswith("unix:"):
        path = Path(listen.removeprefix("unix:"))
        if not path.is_absolute():
            raise ValueError('a Unix socket is written "unix:/absolute/path"')
        return path
    host, colon, port = listen.rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ValueError('must be "host:port" or "unix:/path"')
    return host.strip("[]"), int(port)


def _listen(text: str) -> str:
    split_listen(text)
    return text


def _address(text: str) -> str:
    local, at, domain = text.lower().rpartition("@")
    bad = not at or not local or not domain or not text.isascii() or not text.isprintable()
    if (
        bad
        or any(char in text for char in ' <>,;:"()[]\\')
        or domain.startswith(".")
        or ".." in text
        or len(local) > LOCAL_PART
        or "@" in local
    ):
        raise ValueError("must be a plain mail address, name@domain")
    return text.lower()


def _base_url(text: str) -> str:
    if not text:
        return text
    parts = urlsplit(text)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise ValueError("must begin with https:// (or http://) and name a host")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("must be the top of a host, without a path: https://support.example.org")
    return text.rstrip("/")


def _proxy(text: str) -> str:
    if text != "unix":
        try:
            ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise ValueError('must be an address, a network, or "unix" for whoever comes by a Unix socket') from None
    return text


def _database_url(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return text


def _time_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise ValueError('must be the name of a time zone, such as "Europe/Brussels"') from None
    return text


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


OptionalPath = Annotated[Path | None, BeforeValidator(_empty_is_none)]
MailAddress = Annotated[str, AfterValidator(_address)]
Listen = Annotated[str, AfterValidator(_listen)]
DeskName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,9}$")]
MailboxName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,31}$")]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    def _fill(self, key: str, value: object) -> None:
        """Set a default that depends on other keys; afterwards the section is as frozen as before."""
        object.__setattr__(self, key, value)


class DatabaseSettings(_Section):
    """[database]."""

    url: Annotated[str, AfterValidator(_database_url)] = Field(default="sqlite:///{data_dir}/gateway.db", repr=False)
    lease_seconds: Annotated[int, Field(ge=5, le=3600)] = 60


class BlobsSettings(_Section):
    """[blobs]."""

    dir: Path = Path("{data_dir}/blobs")
    inline_limit: Annotated[int, Field(ge=0, le=16_777_216)] = 131_072


class SecretSettings(_Section):
    """[secret]."""

    key: Secret
    key_file: OptionalPath = None

    @model_validator(mode="after")
    def _long_enough(self) -> Self:
        if len(self.key.reveal()) < KEY_LENGTH:
            raise ValueError(f"key is shorter than {KEY_LENGTH} characters; `gateway init` writes a good one")
        return self


class DeskSettings(_Section):
    """[desk.PREFIX]."""

    name: str = ""
    address: MailAddress
    aliases: tuple[MailAddress, ...] = ()
    noreply: str = ""
    plus_addressing: Annotated[str, Field(pattern=r"^[+=_-]$")] = "+"
    language: Language = "fr"
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = ("fr", "nl", "de", "en")
    sender_policy: Literal["open", "known-domains", "known-senders"] = "open"
    team: tuple[MailAddress, ...] = ()
    signature: str = ""

    @property
    def domain(self) -> str:
        """The domain of the desk's address."""
        return self.address.rpartition("@")[2]

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses that belong to the desk, without signed ones: its own, its aliases, the noreply one."""
        return tuple(dict.fromkeys((self.address, *self.aliases, self.noreply)))

    @model_validator(mode="after")
    def _check(self) -> Self:
        self._fill("noreply", _address(self.noreply) if self.noreply else f"noreply@{self.domain}")
        for address in (self.address, self.noreply):
            local = address.rpartition("@")[0]
            if len(local) + len(self.plus_addressing) + SIGNED_PART > LOCAL_PART:
                longest = LOCAL_PART - SIGNED_PART - len(self.plus_addressing)
                raise ValueError(f'"{local}" is too long for signed addresses: {longest} characters before the @ is the most')
        if self.noreply == self.address:
            raise ValueError("noreply and address must differ: one takes mail, the other answers that it doesn't")
        if self.language not in self.languages:
            raise ValueError(f'language "{self.language}" is not among languages')
        return self


class _TlsSection(_Section):
    host: Annotated[str, Field(min_length=1, max_length=255)]
    port: Port = 0
    tls: Tls
    ca_file: OptionalPath = None

    @model_validator(mode="after")
    def _no_clear_text_abroad(self) -> Self:
        # CASES A2.11: never a silent fallback, and no password in the clear on a wire.
        if self.tls == "none" and not is_loopback(self.host):
            raise ValueError('tls = "none" is allowed for this machine (localhost) only')
        return self


class MailboxSettings(_TlsSection):
    """[mailbox.NAME]."""

    desk: str
    tls: Tls = "implicit"
    user: Annotated[str, Field(min_length=1)]
    password: Secret
    password_file: OptionalPath = None
    folders: Annotated[tuple[str, ...], Field(min_length=1)] = ("INBOX",)
    after: Literal["leave", "flag", "move"] = "leave"
    flag: Annotated[str, Field(pattern=r'^[\\$]?[^\s(){%*"\\\]]{1,60}$')] = "$Gateway"
    move_to: Annotated[str, Field(min_length=1)] = "Gateway/Done"
    idle: bool = True
    poll_seconds: Annotated[float, Field(gt=0, le=86_400)] = 300
    timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 60

    @model_validator(mode="after")
    def _check(self) -> Self:
        self._fill("port", self.port or _IMAP_PORTS[self.tls])
        if self.after == "move" and self.move_to in self.folders:
            raise ValueError("move_to is one of folders: mails would be fetched again")
        return self


class LmtpSettings(_Section):
    """[lmtp]."""

    enabled: bool = False
    listen: Listen = "127.0.0.1:8024"


class SmtpSettings(_TlsSection):
    """[smtp]."""

    tls: Tls = "starttls"
    user: str = ""
    password: Secret | None = None
    password_file: OptionalPath = None
    senders: Annotated[int, Field(ge=1, le=64)] = 2
    timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 60
    ehlo: str = ""

    @model_validator(mode="after")
    def _check(self) -> Self:
        self._fill("port", self.port or _SMTP_PORTS[self.tls])
        if self.user and self.password is None:
            raise ValueError("user is given without a password; see password_file")
        return self


class MailSettings(_Section):
    """[mail]."""

    size_limit: Annotated[int, Field(ge=65_536, le=157_286_400)] = 26_214_400
    attachments_limit: Annotated[int, Field(ge=0)] = 20_971_520
    merge_window_seconds: Seconds = 90
    undo_seconds: Seconds = 60
    authserv_ids: tuple[str, ...] = ()
    agent_mail: Literal["strict", "normal", "off"] = "normal"
    auto_per_day: Annotated[int, Field(ge=0)] = 5
    acknowledgement_minutes: Annotated[int, Field(ge=0)] = 10
    reopen_days: Annotated[int, Field(ge=0)] = 30

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.agent_mail == "strict" and not self.authserv_ids:
            raise ValueError('agent_mail = "strict" needs authserv_ids: without a mail server to believe, no agent could write')
        return self


class GuardSettings(_Section):
    """[guard]."""

    mode: Literal["strict", "events", "off"] = "events"


class TimersSettings(_Section):
    """[timers]."""

    time_zone: Annotated[str, AfterValidator(_time_zone)] = "Europe/Brussels"
    hour: Annotated[int, Field(ge=0, le=23)] = 9
    weekdays: bool = True
    reminder_days: tuple[Days, ...] = (3, 7)
    auto_close_days: DaysOrNever = 14
    auto_resolve_days: DaysOrNever = 0

    @model_validator(mode="after")
    def _check(self) -> Self:
        if list(self.reminder_days) != sorted(set(self.reminder_days)):
            raise ValueError("reminder_days must grow: [3, 7]")
        if 0 < self.auto_resolve_days <= WARN_DAYS:
            raise ValueError(f"auto_resolve_days must be more than {WARN_DAYS}, the days of warning before it, or 0 for never")
        return self


class SurveySettings(_Section):
    """[survey]."""

    enabled: bool = True
    reminder_days: DaysOrNever = 3


class WebSettings(_Section):
    """[web]."""

    base_url: Annotated[str, AfterValidator(_base_url)] = ""
    listen: Listen = "127.0.0.1:8025"
    trusted_proxies: tuple[Annotated[str, AfterValidator(_proxy)], ...] = ("127.0.0.1", "::1")


class HealthSettings(_Section):
    """[health]."""

    listen: Listen = "127.0.0.1:8026"


class LogsSettings(_Section):
    """[logs]."""

    format: Literal["kv", "json"] = "kv"
    addresses: Literal["masked", "full"] = "masked"
    level: Literal["debug", "info", "warning", "error"] = "info"


class RetentionSettings(_Section):
    """[retention]."""

    raw_days: Annotated[int, Field(ge=0)] = 90


class Settings(BaseSettings):
    """All settings. Build one with `load`; tests may call it with the sections as dicts, then nothing is read from anywhere."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    instance: str = ""
    data_dir: Path = Path("var")
    database: DatabaseSettings = DatabaseSettings()
    blobs: BlobsSettings = BlobsSettings()
    secret: SecretSettings
    desk: Annotated[dict[DeskName, DeskSettings], Field(min_length=1)]
    mailbox: dict[MailboxName, MailboxSettings] = {}
    lmtp: LmtpSettings = LmtpSettings()
    smtp: SmtpSettings
    mail: MailSettings = MailSettings()
    guard: GuardSettings = GuardSettings()
    timers: TimersSettings = TimersSettings()
    survey: SurveySettings = SurveySettings()
    web: WebSettings = WebSettings()
    health: HealthSettings = HealthSettings()
    logs: LogsSettings = LogsSettings()
    retention: RetentionSettings = RetentionSettings()

    _path: Path | None = PrivateAttr(default=None)

    @property
    def path(self) -> Path | None:
        """The file that the settings were read from."""
        return self._path

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic-settings calls it with all five
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load` merged: it keeps names of desks in their case and knows where each value came from."""
        return (init_settings,)

    @model_validator(mode="after")
    def _fill_defaults(self) -> Self:
        first = next(iter(self.desk.values()))
        object.__setattr__(self, "instance", self.instance or first.domain)
        data_dir = str(self.data_dir)
        url = self.database.url.replace("{data_dir}", data_dir)
        object.__setattr__(self, "database", self.database.model_copy(update={"url": url}))
        folder = Path(str(self.blobs.dir).replace("{data_dir}", data_dir))
        object.__setattr__(self, "blobs", self.blobs.model_copy(update={"dir": folder}))
        if not self.smtp.ehlo:
            object.__setattr__(self, "smtp", self.smtp.model_copy(update={"ehlo": self.instance}))
        return self


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `path` (or the places of `find_config`), the environment, secret files and systemd credentials.

    Raises ConfigError with every problem, in the order of the file. `ca_file` and `X_file` count from the config file's folder;
    `data_dir` and what is in it from the working directory.
    """
    environ = os.environ if environ is None else environ
    sources = gather(find_config(path, environ), environ)
    found = [*sources.problems, *across_sections(sources)]
    _anchor_paths(sources)
    try:
        settings = Settings(**sources.values)
    except ValidationError as error:
        found += all_problems(error, sources, Settings)
        raise ConfigError(sorted(found, key=sources.sort_key)) from None
    if found:
        raise ConfigError(sorted(found, key=sources.sort_key))
    settings._path = sources.path  # noqa: SLF001 - our own class, a few lines above
    return settings


def _anchor_paths(sources: Sources) -> None:
    sections = [table(sources.values, "smtp"), *(table(sources.values, "mailbox", name) for name in table(sources.values, "mailbox"))]
    for section in sections:
        for key in ("ca_file", "password_file"):
            if isinstance(section.get(key), str) and section[key]:
                section[key] = str(sources.path.parent / section[key])
    secret = table(sources.values, "secret")
    if isinstance(secret.get("key_file"), str):
        secret["key_file"] = str(sources.path.parent / secret["key_file"])
