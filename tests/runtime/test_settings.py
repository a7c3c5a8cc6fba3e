"""Settings: the reference manual agrees with the code, every problem is told at once, and no secret is ever shown."""

from __future__ import annotations

import copy
import pickle
import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from gateway.runtime.config_error import ConfigError
from gateway.runtime.config_source import SECRET_KEYS
from gateway.runtime.config_warnings import warnings
from gateway.runtime.data import data_path
from gateway.runtime.secret import Secret
from gateway.runtime.settings import Settings, is_loopback, load, split_listen

MANUAL = Path(__file__).parents[2] / "config" / "gateway.toml"
CANARY = "canary-" + "0123456789abcdef" * 3
SECRETS = {"GATEWAY__SECRET__KEY": CANARY, "GATEWAY__MAILBOX__MAIN__PASSWORD": "canary-imap", "GATEWAY__SMTP__PASSWORD": "canary-smtp"}

MINIMAL = """\
[desk.SUP]
address = "support@example.org"
[mailbox.main]
desk = "SUP"
host = "imap.example.org"
user = "support"
[smtp]
host = "smtp.example.org"
"""


def written(folder: Path, text: str) -> Path:
    """A config file with `text`."""
    path = folder / "gateway.toml"
    path.write_text(text, encoding="utf-8")
    return path


def told(folder: Path, text: str, environ: dict[str, str] | None = None) -> list[str]:
    """The problems of a config, without the file's folder."""
    path = written(folder, text)
    with pytest.raises(ConfigError) as caught:
        load(path, SECRETS if environ is None else environ)
    assert caught.value.exit_code == 78
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


def sections(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """The model of each section; of named tables, the model of one of them."""
    found: dict[str, type[BaseModel]] = {}
    for name, field in model.model_fields.items():
        parts = [field.annotation, *get_args(field.annotation)]
        found.update((name, part) for part in parts if isinstance(part, type) and issubclass(part, BaseModel))
    return found


def uncommented() -> dict[str, Any]:
    """The manual with every `#key = value` in force."""
    return tomllib.loads(re.sub(r"(?m)^#(?=[a-z_]+ = )", "", MANUAL.read_text(encoding="utf-8")))


def test_the_manual_has_every_key_and_no_other() -> None:
    """config/gateway.toml and the models have the same sections and the same keys; secrets stand there as their `_file` only."""
    manual = uncommented()
    models = sections(Settings)
    assert manual.keys() == Settings.model_fields.keys()
    for section, model in models.items():
        values = manual[section]
        shown = next(iter(values.values())) if section in ("desk", "mailbox") else values
        hidden = {key[-1] for key in SECRET_KEYS if key[0] == section}
        assert shown.keys() == model.model_fields.keys() - hidden, section


def test_the_manual_shows_the_defaults() -> None:
    """Each commented key shows what counts without it: the manual as it is and with every comment taken away load alike."""
    text = MANUAL.read_text(encoding="utf-8")
    for section, model in {"": Settings, **sections(Settings)}.items():
        values = uncommented() if not section else uncommented()[section]
        shown = next(iter(values.values())) if section in ("desk", "mailbox") else values
        for key, field in model.model_fields.items():
            if field.is_required() or key not in shown or key.endswith("_file") or isinstance(shown[key], dict):
                continue
            default = list(field.default) if isinstance(field.default, tuple) else field.default
            assert shown[key] == (str(default) if isinstance(default, Path) else default), f"{section}.{key}"
            assert re.search(rf"(?m)^#{key} = ", text), f"{section}.{key} has a default and is not commented out"


def test_every_key_of_the_manual_has_its_reason() -> None:
    """Above each key, above the group of keys that it stands in, or above its section's head is a comment in words."""
    lines = MANUAL.read_text(encoding="utf-8").splitlines()
    keys = [number for number, line in enumerate(lines) if re.match(r"#?[a-z_]+ = ", line)]
    assert len(keys) > 50
    for number in keys:
        above = number
        while re.match(r"#?[a-z_]+ = |\[", lines[above]):
            above -= 1
        assert lines[above].startswith("# "), f"line {number + 1}: {lines[number]}"


def test_the_manual_loads() -> None:
    """With secrets from elsewhere the manual is a config that can be used, and its derived defaults are filled."""
    settings = load(MANUAL, SECRETS)
    assert settings.path == MANUAL
    assert settings.instance == "example.org"
    assert settings.database.url == "sqlite:///var/gateway.db"
    assert settings.blobs.dir == Path("var/blobs")
    assert settings.desk["SUP"].noreply == "noreply@example.org"
    assert settings.desk["SUP"].addresses == ("support@example.org", "noreply@example.org")
    assert settings.mailbox["main"].port == 993
    assert (settings.smtp.port, settings.smtp.ehlo) == (587, "example.org")
    assert settings.mailbox["main"].password.reveal() == "canary-imap"


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    """Unknown keys, wrong values, missing keys and what only shows in a whole section: one run, in the order of the file, by line."""
    problems = told(
        tmp_path,
        """\
instancee = "x"
[mail]
base_url = "x"
size_limitt = 5
agent_mail = "strict"
[desk.SUP]
adress = "x"
address = "support"
[mailbox.main]
desk = "OPS"
host = "imap.example.org"
tls = "none"
[smtp]
port = "x"
[databse]
url = 1
""",
    )
    assert problems == [
        'gateway.toml:1: instancee: unknown key; did you mean "instance"?',
        'gateway.toml:2: mail: agent_mail = "strict" needs authserv_ids: without a mail server to believe, no agent could write',
        "gateway.toml:3: mail.base_url: unknown key; it belongs in [web]",
        'gateway.toml:4: mail.size_limitt: unknown key; did you mean "size_limit"?',
        'gateway.toml:7: desk.SUP.adress: unknown key; did you mean "address"?',
        "gateway.toml:8: desk.SUP.address: must be a plain mail address, name@domain",
        "gateway.toml:9: mailbox.main.user: is missing",
        'gateway.toml:9: mailbox.main: tls = "none" is allowed for this machine (localhost) only',
        "gateway.toml:10: mailbox.main.desk: there is no [desk.OPS]; there is [desk.SUP]",
        "gateway.toml:13: smtp.host: is missing",
        "gateway.toml:14: smtp.port: input should be a valid integer, unable to parse string as an integer",
        'gateway.toml:15: databse: unknown section; did you mean "database"?',
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[desk.SUP]", "[desk.sup]", "desk.sup: is not a name that a desk may have; 1 to 10 capital letters"),
        ("support@", "abcdefghijklmnopqr@", "is too long for signed addresses: 17 characters"),
        ('address = "support@example.org"', 'address = "a b@example.org"', "must be a plain mail address"),
        ("[smtp]", '[desk.OPS]\naddress = "Support@example.org"\n[smtp]', "support@example.org belongs to [desk.SUP] already"),
        ("[smtp]", '[lmtp]\nlisten = "8024"\n[smtp]', 'lmtp.listen: must be "host:port" or "unix:/path"'),
        ("[smtp]", '[lmtp]\nlisten = "unix:x"\n[smtp]', "a Unix socket is written"),
        ("[smtp]", '[web]\nbase_url = "support.example.org"\n[smtp]', "web.base_url: must begin with https://"),
        ("[smtp]", '[database]\nurl = "mysql://x/y"\n[smtp]', "must begin with sqlite:/// or postgresql://"),
        ("[smtp]", '[database]\nurl = "postgresql://u:canary@h/y"\n[smtp]', "a password must not stand in the config file"),
        ("[smtp]", 'after = "move"\nmove_to = "INBOX"\n[smtp]', "mails would be fetched again"),
        ("[smtp]", 'tls = "ssl"\n[smtp]', "mailbox.main.tls: input should be 'implicit', 'starttls' or 'none'"),
        ("[smtp]", "poll_seconds = 0\n[smtp]", "mailbox.main.poll_seconds: input should be greater than 0"),
        ("[smtp]", 'password = "canary"\n[smtp]', "mailbox.main.password: a secret must not stand in the config file; put it into a file"),
        ("[smtp]", 'password_file = "nowhere"\n[smtp]', "nowhere can't be read: No such file or directory"),
        ("[smtp]", "smtp = 1\n[smtp]", "mailbox.main.smtp: unknown key"),
        ("[desk.SUP]", '[desk.SUP]\nlanguage = "de"\nlanguages = ["fr"]', 'language "de" is not among languages'),
        ("[desk.SUP]", '[desk.SUP]\nnoreply = "support@example.org"', "noreply and address must differ"),
        ("[desk.SUP]", "mailbox = 3\n[desk.SUP]", "is not valid TOML"),
        ("[desk.SUP]", "[desk.SUP", "gateway.toml:1: is not valid TOML"),
        (MINIMAL, "", "desk: is missing"),
        (MINIMAL, "desk = 3", "desk: input should be a valid dictionary"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, expected: str) -> None:
    """CASES B42: each mistake is refused at the start, with the file and the key; no value that might be a secret is repeated."""
    environ = {**SECRETS}
    if "password" in new:
        del environ["GATEWAY__MAILBOX__MAIN__PASSWORD"]
    problems = told(tmp_path, MINIMAL.replace(old, new, 1), environ)
    assert any(expected in said for said in problems), problems
    assert all(said.startswith("gateway.toml") for said in problems)
    assert "canary" not in "\n".join(problems)


def test_a_missing_secret_says_how_to_give_it(tmp_path: Path) -> None:
    """The three ways are named in the hint, with the names that they need."""
    problems = told(tmp_path, MINIMAL, {})
    assert any(
        'mailbox.main.password: is missing; put it into a file of mode 0600 and say password_file = "mailbox-main-password", '
        "or set GATEWAY__MAILBOX__MAIN__PASSWORD, or load it as systemd credential mailbox-main-password" in said
        for said in problems
    ), problems
    assert any("secret.key: is missing" in said for said in problems)


@pytest.mark.parametrize("raw", [b"\xff\xfe[desk]", b"[desk]\n\x00", b"x" * 2_000_000])
def test_what_is_no_config_is_refused(tmp_path: Path, raw: bytes) -> None:
    """Binary or endless files are a config error, not a traceback."""
    path = tmp_path / "gateway.toml"
    path.write_bytes(raw)
    with pytest.raises(ConfigError):
        load(path, {})


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    """A signing key that could be guessed is an error."""
    assert any("key is shorter than 32" in said for said in told(tmp_path, MINIMAL, {**SECRETS, "GATEWAY__SECRET__KEY": "short"}))


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """Numbers, booleans, lists, existing tables in any case, and new desks."""
    environ = {
        **SECRETS,
        "GATEWAY__SMTP__HOST": "localhost",
        "GATEWAY__SMTP__SENDERS": "7",
        "GATEWAY__MAILBOX__MAIN__IDLE": "false",
        "GATEWAY__MAIL__AUTHSERV_IDS": '["mx.example.org"]',
        "GATEWAY__desk__SUP__LANGUAGE": "nl",
        "GATEWAY__DESK__OPS__ADDRESS": "ops@example.org",
        "GATEWAY__INSTANCE": "desk.example.org",
    }
    settings = load(written(tmp_path, MINIMAL), environ)
    assert (settings.smtp.host, settings.smtp.senders) == ("localhost", 7)
    assert settings.mailbox["main"].idle is False
    assert settings.mail.authserv_ids == ("mx.example.org",)
    assert settings.desk["SUP"].language == "nl"
    assert settings.desk["OPS"].address == "ops@example.org"
    assert settings.instance == "desk.example.org"


def test_a_wrong_variable_is_named_as_the_place(tmp_path: Path) -> None:
    """A mistake in the environment is told by the variable's name, an unknown one included."""
    environ = {**SECRETS, "GATEWAY__SMTP__SENDERS": "many", "GATEWAY__WEBB__X": "1", "GATEWAY__MAIL__AUTHSERV_IDS": "[x"}
    problems = told(tmp_path, MINIMAL + 'ehlo = "x"\n', environ | {"GATEWAY__SMTP__EHLO__X": "1"})
    assert any(said.startswith("GATEWAY__SMTP__SENDERS: smtp.senders: ") for said in problems), problems
    assert any(said.startswith("GATEWAY__MAIL__AUTHSERV_IDS: ") for said in problems), problems
    assert any("webb" in said and 'did you mean "web"?' in said for said in problems), problems
    assert any(said.startswith("GATEWAY__SMTP__EHLO__X: smtp.ehlo: is a key, not a section") for said in problems), problems


def test_secrets_come_from_files_and_credentials(tmp_path: Path) -> None:
    """A file beside the config, a systemd credential by its name, and a variable before both; the line's end is not part of it."""
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials" / "secret-key").write_text(CANARY + "\n")
    (tmp_path / "credentials" / "mailbox-main-password").write_text("from systemd")
    (tmp_path / "smtp-password").write_text("pässword \n", encoding="utf-8")
    text = MINIMAL + 'user = "u"\npassword_file = "smtp-password"\n'
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path / "credentials")}
    settings = load(written(tmp_path, text), environ)
    assert settings.secret.key.reveal() == CANARY
    assert settings.mailbox["main"].password.reveal() == "from systemd"
    assert settings.smtp.password is not None
    assert settings.smtp.password.reveal() == "pässword "
    again = load(written(tmp_path, text), {**environ, "GATEWAY__SMTP__PASSWORD": "12345"})
    assert again.smtp.password is not None
    assert again.smtp.password.reveal() == "12345"


def test_an_empty_secret_file_is_an_error(tmp_path: Path) -> None:
    """A password that was never written is told now, not by the mail server."""
    (tmp_path / "empty").write_text("\n")
    problems = told(tmp_path, MINIMAL + 'password_file = "empty"\n', {k: v for k, v in SECRETS.items() if "SMTP" not in k})
    assert problems == ["gateway.toml:9: smtp.password_file: " + str(tmp_path / "empty").replace(f"{tmp_path}/", "") + " is empty"]


def test_no_secret_is_ever_shown() -> None:
    """CASES A4.22: the canaries are in no repr, str, dump, JSON or error of the settings; they can't be pickled."""
    settings = load(MANUAL, {**SECRETS, "GATEWAY__DATABASE__URL": "postgresql://u:canary-db@h/x"})
    shown = f"{settings!r} {settings!s} {settings.secret.key} {settings.secret.key!r} {settings.mailbox['main']!r}"
    assert "canary" not in shown
    assert "canary" not in settings.model_dump_json(exclude={"database"})
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(settings.secret.key)


def test_a_secret_compares_and_copies() -> None:
    """Two secrets of one text are equal, others and plain strings are not; a copy is the same."""
    one = Secret("a")
    assert one == Secret("a")
    assert hash(one) == hash(Secret("a"))
    assert one != Secret("b")
    assert one != "a"
    assert copy.deepcopy(one) is one


def test_settings_are_frozen() -> None:
    """Nothing changes a setting after the start."""
    settings = load(MANUAL, SECRETS)
    with pytest.raises(ValueError, match="frozen"):
        settings.smtp.senders = 3  # type: ignore[misc]


def test_settings_built_by_hand_read_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests and tools may build settings from dicts; the environment doesn't reach in."""
    monkeypatch.setenv("GATEWAY__SMTP__HOST", "other.example.org")
    monkeypatch.setenv("SMTP", "nonsense")
    settings = Settings(secret={"key": Secret(CANARY)}, desk={"SUP": {"address": "support@example.org"}}, smtp={"host": "localhost"})  # type: ignore[arg-type]
    assert settings.smtp.host == "localhost"
    assert settings.path is None


def test_the_config_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--config before $GATEWAY_CONFIG before ./gateway.toml before ./config/gateway.toml; a named file that is missing is an error."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "gateway.toml").write_text(MINIMAL)
    assert load(environ=SECRETS).path == Path("config/gateway.toml")
    here = written(tmp_path, MINIMAL)
    assert load(environ=SECRETS).path == Path("gateway.toml")
    other = tmp_path / "other.toml"
    other.write_text(MINIMAL)
    assert load(environ={**SECRETS, "GATEWAY_CONFIG": str(other)}).path == other
    assert load(here, {**SECRETS, "GATEWAY_CONFIG": str(other)}).path == here
    with pytest.raises(ConfigError, match="can't be read"):
        load(tmp_path / "gone.toml", SECRETS)


def test_without_a_config_the_places_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing found: the error says where it looked and what to do."""
    monkeypatch.chdir(tmp_path)
    if Path("/etc/gateway/gateway.toml").exists():
        pytest.skip("this machine has a config of its own")
    with pytest.raises(ConfigError, match="gateway init"):
        load(environ={})


def test_warnings_say_what_will_surprise(tmp_path: Path) -> None:
    """Each warning appears for its cause, and none without one."""
    quiet = MINIMAL.replace("[mailbox", 'aliases = ["noreply@example.org"]\n[mailbox') + '[mail]\nauthserv_ids = ["mx.example.org"]\n'
    assert warnings(load(written(tmp_path, quiet), SECRETS)) == ()
    (tmp_path / "key").write_text(CANARY)
    (tmp_path / "key").chmod(0o644)
    loud = (
        MINIMAL
        + """
[secret]
key_file = "key"
[mail]
undo_seconds = 100
[web]
base_url = "http://desk.example.org/"
[health]
listen = "0.0.0.0:8026"
[desk.OPS]
address = "ops@example.org"
"""
    )
    environ = {name: value for name, value in SECRETS.items() if "KEY" not in name}
    said = "\n".join(warnings(load(written(tmp_path, loud), environ)))
    for expected in ("noreply@example.org would be lost", "desk.OPS: no mailbox", "authserv_ids is empty", "undo_seconds is longer",
                     "health.listen = 0.0.0.0:8026", "base_url is http", "chmod 600"):  # fmt: skip
        assert expected in said
    assert len(said.splitlines()) == 7


def test_lmtp_makes_noreply_reachable(tmp_path: Path) -> None:
    """With the LMTP door on, every address of a desk arrives: no warning about it; an open LMTP port is one."""
    said = warnings(load(written(tmp_path, MINIMAL + '[lmtp]\nenabled = true\nlisten = "[::]:24"\n'), SECRETS))
    assert [each.split(" ")[0] for each in said] == ["mail.authserv_ids", "lmtp.listen"]


@pytest.mark.parametrize(
    ("listen", "expected"),
    [
        ("127.0.0.1:8024", ("127.0.0.1", 8024)),
        ("[::1]:24", ("::1", 24)),
        ("unix:/run/x.sock", Path("/run/x.sock")),
        ("localhost:0", ("localhost", 0)),
    ],
)
def test_listen_is_split(listen: str, expected: object) -> None:
    """Host and port, IPv6 in brackets, or a socket's path."""
    assert split_listen(listen) == expected


@pytest.mark.parametrize(
    ("host", "inside"), [("localhost", True), ("127.9.9.9", True), ("::1", True), ("10.0.0.1", False), ("example.org", False)]
)
def test_loopback_is_known_without_asking(host: str, inside: bool) -> None:
    """Only names and addresses that can't be another machine."""
    assert is_loopback(host) is inside


def test_shipped_data_is_found() -> None:
    """The default workflow is found from here; what isn't shipped is an error that names the places."""
    assert data_path("config", "workflow.toml").is_file()
    with pytest.raises(FileNotFoundError, match="installation is incomplete"):
        data_path("config", "nothing.toml")
