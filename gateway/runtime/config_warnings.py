"""What isn't wrong in a config, but will surprise somebody: `gateway check` and the daemon's start say it.

A literal table of checks at the end; each gives sentences, and none of them stops anything.
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.runtime.settings import Settings, is_loopback, split_listen


def warnings(settings: Settings) -> tuple[str, ...]:
    """The warnings about `settings`, a sentence each; empty when there is nothing to say. Looks at the modes of secret files."""
    return tuple(said for check in _WARNINGS for said in check(settings))


def _warn_unreached(settings: Settings) -> Iterator[str]:
    if settings.lmtp.enabled:
        return
    for name, desk in settings.desk.items():
        boxes = [box for box in settings.mailbox.values() if box.desk == name]
        if not boxes:
            yield f"desk.{name}: no mailbox and no LMTP: nothing comes in for it"
        elif desk.noreply not in desk.aliases and all(box.user.lower() != desk.noreply for box in boxes):
            yield (
                f"desk.{name}: replies to {desk.noreply} would be lost unless they arrive in one of its mailboxes; "
                "where they do, say so by adding it to aliases"
            )


def _warn_trust(settings: Settings) -> Iterator[str]:
    if not settings.mail.authserv_ids:
        yield "mail.authserv_ids is empty: no mail server's word on senders is believed, so a forged From is not noticed"
    if settings.mail.undo_seconds > settings.mail.merge_window_seconds:
        yield "mail.undo_seconds is longer than merge_window_seconds: a reply may leave before the end of it"


def _warn_open_doors(settings: Settings) -> Iterator[str]:
    for key, listen in (("lmtp.listen", settings.lmtp.listen), ("health.listen", settings.health.listen)):
        if _reached_from_outside(listen) and (key != "lmtp.listen" or settings.lmtp.enabled):
            yield f"{key} = {listen} can be reached from other machines, and asks nobody who he is"
    if settings.web.base_url and _reached_from_outside(settings.web.listen):
        yield f"web.listen = {settings.web.listen} can be reached from other machines without TLS; a proxy with TLS should stand before it"
    host = settings.web.base_url.partition("://")[2].partition("/")[0].partition(":")[0]
    if settings.web.base_url.startswith("http://") and not is_loopback(host):
        yield "web.base_url is http: links in mails and cookies travel in the clear"


def _reached_from_outside(listen: str) -> bool:
    door = split_listen(listen)
    return isinstance(door, tuple) and not is_loopback(door[0])


def _warn_no_page(settings: Settings) -> Iterator[str]:
    if settings.web.base_url:
        return
    if settings.guard.mode == "strict":
        yield 'guard.mode = "strict" without web.base_url: customers are told to answer on a page that there is not'
    if settings.survey.enabled and "survey" in settings.model_fields_set:
        yield "survey.enabled has no effect without web.base_url: an answer needs a page"


def _warn_secret_files(settings: Settings) -> Iterator[str]:
    files = {"secret.key_file": settings.secret.key_file, "smtp.password_file": settings.smtp.password_file}
    files |= {f"mailbox.{name}.password_file": box.password_file for name, box in settings.mailbox.items()}
    for key, path in files.items():
        if path is not None and path.is_file() and path.stat().st_mode & 0o077:
            yield f"{key}: {path} can be read by others; chmod 600 it"


_WARNINGS = (_warn_unreached, _warn_trust, _warn_open_doors, _warn_no_page, _warn_secret_files)
