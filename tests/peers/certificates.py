"""A certificate authority of our own, for tests that want to see TLS verified, and refused.

Made with the `openssl` command, so that no package is needed for it. Everything it makes is valid for two days at most.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.peers.missing import missing

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


@dataclass(frozen=True)
class Certificate:
    """A certificate and its key, as PEM files."""

    cert: Path
    key: Path


@dataclass(frozen=True)
class Authority:
    """A test CA in a folder; `ca_file` is what a client is told to trust."""

    folder: Path

    @property
    def ca_file(self) -> Path:
        """The PEM file of the authority's own certificate."""
        return self.folder / "ca.pem"

    def issue(self, name: str, alternatives: Sequence[str] = ("DNS:localhost", "IP:127.0.0.1"), *, expired: bool = False) -> Certificate:
        """Issue a server certificate, already expired if asked for."""
        made = Certificate(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        request = self.folder / f"{name}.csr"
        _openssl("req", "-new", *KEY, "-keyout", str(made.key), "-out", str(request), "-subj", f"/CN={name}")
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={','.join(alternatives)}\nbasicConstraints=CA:FALSE\n", encoding="ascii")
        days = "-1" if expired else "2"
        signing = ("-CA", str(self.ca_file), "-CAkey", str(self.folder / "ca.key"), "-CAcreateserial", "-days", days)
        _openssl("x509", "-req", "-in", str(request), *signing, "-extfile", str(extensions), "-out", str(made.cert))
        return made


def authority(folder: Path) -> Authority:
    """Make a certificate authority in `folder`."""
    if shutil.which("openssl") is None:
        missing("openssl")
    made = Authority(folder)
    subject = (
        "-subj",
        "/CN=test authority",
        "-addext",
        "basicConstraints=critical,CA:TRUE",
        "-addext",
        "keyUsage=critical,keyCertSign,cRLSign",
    )
    _openssl("req", "-x509", *KEY, "-days", "2", "-keyout", str(folder / "ca.key"), "-out", str(made.ca_file), *subject)
    return made


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
