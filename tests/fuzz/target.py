"""The target for atheris, libFuzzer for Python: mutates mails by what they reach in the reader, for as long as it is let.

    make fuzz SECONDS=600
    .venv/bin/python tests/fuzz/target.py -max_total_time=60 tests/fuzz/corpus

Folders that are named, or else our corpus, are only read: what reaches further is kept in build/fuzz/corpus, which no commit takes along,
and from where the next run goes on. Words of libFuzzer's own may follow (-max_len, -timeout, -seed, -len_control=0 for long mails at once);
a file in place of the folder runs that mail once. What breaks a law is written to build/fuzz as `crash-*`: cut it down and keep it in
tests/fuzz/found, whose mails are read by the everyday tests.

Bugs: atheris has no wheel for every machine; it is therefore no dependency, and the everyday tests know the laws without it.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
KEPT = ROOT / "build" / "fuzz"
USUAL = ("-max_len=20000", "-timeout=5", "-rss_limit_mb=1024", "-print_final_stats=1", f"-dict={HERE / 'mail.dict'}")
"""Where the caller says nothing else: libFuzzer takes the last word on each."""
NOT_THERE = """\
atheris, which the fuzzer runs on, is not installed. It has wheels for Linux on x86-64:
    .venv/bin/python -m pip install --require-hashes -r tests/fuzz/requirements.txt"""


def arguments(given: list[str], kept: Path = KEPT) -> list[str]:
    """What libFuzzer is told: our usual words, then `given`. Of folders it writes into the first one, so that is `kept`."""
    named = [word for word in given if not word.startswith("-")]
    reads = [] if any(Path(word).is_file() for word in named) else [str(kept / "corpus"), *([] if named else [str(HERE / "corpus")])]
    return [sys.argv[0], *USUAL, f"-artifact_prefix={kept}/", *reads, *given]


def main() -> int:
    """Run until time, a broken law or a key ends it. 2 where atheris is not there."""
    try:
        import atheris
    except ImportError:
        print(NOT_THERE, file=sys.stderr)
        return 2
    sys.path.insert(0, str(ROOT))
    with atheris.instrument_imports(include=["gateway.mail"]):
        from tests.fuzz.laws import read_lawfully

    def one(raw: bytes) -> None:
        read_lawfully(raw)

    (KEPT / "corpus").mkdir(parents=True, exist_ok=True)
    atheris.Setup(arguments(sys.argv[1:]), one)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
