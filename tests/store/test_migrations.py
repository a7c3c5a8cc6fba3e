"""The revisions lead to the tables of schema.py on both databases, whatever kills them on the way, and start where it is safe to."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import gateway
from gateway.store import schema
from gateway.store import upgrade as module
from gateway.store.engine import Store, StoreError
from gateway.store.migrations import draft as drafting
from gateway.store.migrations.spelling import OPTIONS
from gateway.store.upgrade import Ahead, Behind, Current, Empty, check, open_checked, upgrade
from tests.store.fresh import create, durable

ROOT = Path(__file__).resolve().parents[2]

SECOND = '''
"""A revision that copies a table, as SQLite must."""
import sqlalchemy as sa
from alembic import op
revision = "9999"
down_revision = "{head}"
def upgrade():
    copy = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("organisations", recreate=copy) as table:
        table.add_column(sa.Column("colour", sa.Text(), nullable=False, server_default="blue"))
    {then}
'''


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.peers)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database without tables."""
    url = f"sqlite:///{tmp_path}/gateway.db" if request.param == "sqlite" else durable(request.getfixturevalue("postgres_url"))
    store = Store(url)
    yield store
    store.close()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Store]:
    """A SQLite database without tables, which is not yet on the disk."""
    store = Store(f"sqlite:///{tmp_path}/gateway.db")
    yield store
    store.close()


def newer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, then: str = "pass") -> None:
    """From now on the release has one revision more."""
    folder = tmp_path / "newer"
    shutil.copytree(Path(module.__file__).parent / "migrations", folder)
    text = SECOND.format(head=module.revisions()[-1], then=then)
    (folder / "versions" / "9999_second.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(module, "_scripts", lambda: nullcontext(folder))


def older(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the release is this one again."""
    monkeypatch.undo()


def organisation(store: Store) -> None:
    """A row that another one refers to."""
    with store.write() as connection:
        connection.execute(sa.insert(schema.organisations).values(id=1, code="ex", name="Example"))
        connection.execute(sa.insert(schema.organisation_domains).values(domain="example.org", organisation_id=1))


def described(store: Store) -> set[tuple[object, ...]]:
    """What the database itself says of its tables and indexes, the order of columns left out."""
    with store.read() as connection:
        if store.is_sqlite:
            rows = connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE tbl_name <> 'schema_version'")
            # A column that was added stands on the line of the one before, and a table that was copied has its name in quotes.
            told = {(r[0], r[1], r[2], (r[3] or "").replace(f'TABLE "{r[1]}"', f"TABLE {r[1]}").replace(", ", "\n")) for r in rows}
            said = {(*r[:3], tuple(sorted(y for x in r[3].splitlines() if (y := x.strip(", \t()"))))) for r in told}
        else:
            indexes = connection.exec_driver_sql("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'")
            columns = connection.exec_driver_sql(
                "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
                " WHERE table_schema = 'public'",
            )
            said = {tuple(r) for r in (*indexes, *columns) if "schema_version" not in str(r[0])}
    return said


def test_an_upgrade_ends_at_the_tables_of_the_schema(empty: Store) -> None:
    """A draft made after the upgrade would have nothing to write: no column, type, default, index or constraint differs."""
    assert upgrade(empty) == module.revisions()[-1]
    with empty.read() as connection:
        context = MigrationContext.configure(connection, opts=OPTIONS)
        assert compare_metadata(context, schema.metadata) == []


def test_an_upgrade_and_create_all_give_the_same_database_word_for_word(empty: Store) -> None:
    """Also what the comparison above does not look at, such as the WHERE of a partial index and triggers, is the same."""
    upgrade(empty)
    upgraded = described(empty)
    with empty.write() as connection:
        schema.metadata.drop_all(connection)
        connection.exec_driver_sql(f"DROP TABLE {module.VERSION_TABLE}")
    create(empty)
    assert upgraded == described(empty)
    assert any("WHERE" in str(row) for row in upgraded)


def test_an_upgrade_of_a_current_database_changes_nothing(empty: Store) -> None:
    """A second start finds everything done, keeps the rows and makes no backup."""
    upgrade(empty)
    organisation(empty)
    upgrade(empty)
    assert check(empty) == Current(module.revisions()[-1])
    with empty.read() as connection:
        assert connection.execute(sa.select(schema.organisations.c.name)).scalars().all() == ["Example"]
    assert not list(Path(empty.url.database or "").parent.glob("*.backup"))


def test_check_says_where_a_database_stands(empty: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Empty, current, behind and ahead are told apart, and a revision that is ahead is refused by upgrade and by a start."""
    assert check(empty) == Empty(())
    upgrade(empty)
    first = module.revisions()[-1]
    assert check(empty) == Current(first)
    newer(monkeypatch, tmp_path)
    assert check(empty) == Behind(first, "9999")
    upgrade(empty)
    assert check(empty) == Current("9999")
    older(monkeypatch)
    assert check(empty) == Ahead("9999", first, gateway.__version__)
    for door in (upgrade, open_checked):
        with pytest.raises(StoreError, match=rf"revision 9999, made by gateway {gateway.__version__}; .* up to {first}"):
            door(empty)


def test_tables_without_a_revision_are_left_alone(empty: Store) -> None:
    """Somebody else's `meta` table, or half a restored backup, is neither filled nor taken for an empty database."""
    with empty.write() as connection:
        connection.exec_driver_sql("CREATE TABLE meta (theirs TEXT)")
    assert check(empty) == Empty(("meta",))
    with pytest.raises(StoreError, match=r"tables without a revision \(meta\)\. Use an empty database"):
        upgrade(empty)
    with empty.read() as connection:
        assert sa.inspect(connection).get_table_names() == ["meta"]


def test_a_copied_table_keeps_its_rows_and_those_that_refer_to_it(empty: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """SQLite changes a table by copying it; the references to the old one are whole and enforced afterwards."""
    upgrade(empty)
    organisation(empty)
    newer(monkeypatch, tmp_path)
    assert upgrade(empty) == "9999"
    with empty.read() as connection:
        assert connection.exec_driver_sql("SELECT code, colour FROM organisations").all() == [("ex", "blue")]
    with pytest.raises(sa.exc.IntegrityError), empty.write() as connection:
        connection.execute(sa.insert(schema.organisation_domains).values(domain="example.be", organisation_id=2))


def test_a_step_that_fails_leaves_the_step_before(empty: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A revision whose last statement fails has done nothing, and the message says which database and why."""
    upgrade(empty)
    organisation(empty)
    newer(monkeypatch, tmp_path, then='op.execute("DROP TABLE nowhere")')
    with pytest.raises(StoreError, match="nowhere"):
        upgrade(empty)
    assert isinstance(check(empty), Behind)
    with empty.read() as connection:
        assert "colour" not in [column["name"] for column in sa.inspect(connection).get_columns("organisations")]


def test_a_step_that_breaks_a_reference_is_not_committed(file: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """References are not enforced while tables are copied: what is left dangling at the end is found and undone."""
    upgrade(file)
    organisation(file)
    newer(monkeypatch, tmp_path, then='op.execute("DELETE FROM organisations")')
    with pytest.raises(StoreError, match="organisation_domains refers to a row of organisations"):
        upgrade(file)
    with file.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(schema.organisations)).scalar_one() == 1


def test_data_is_backed_up_before_a_step(file: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The copy opens with the release that it was made for, holds the rows, and only its owner can read it."""
    upgrade(file)
    organisation(file)
    first = module.revisions()[-1]
    newer(monkeypatch, tmp_path)
    upgrade(file)
    (backup,) = tmp_path.glob(f"gateway.db.{first}-*.backup")
    assert not list(tmp_path.glob("*.part"))
    assert backup.stat().st_mode & 0o777 == 0o600
    older(monkeypatch)
    copy = Store(f"sqlite:///{backup}")
    assert check(copy) == Current(first)
    with copy.read() as connection:
        assert connection.execute(sa.select(schema.organisations.c.name)).scalars().all() == ["Example"]
    copy.close()


def test_a_database_without_rows_is_upgraded_without_a_backup(file: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """There is nothing to keep."""
    upgrade(file)
    newer(monkeypatch, tmp_path)
    upgrade(file)
    assert not list(tmp_path.glob("*.backup"))


KILLED = """
import os, signal, sys
import sqlalchemy as sa
from gateway.store.engine import Store
from gateway.store.upgrade import Behind, Current, Empty, check, upgrade

def kill_at(store, number):
    count = 0
    def before(*_):
        nonlocal count
        count += 1
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
    sa.event.listen(store.engine, "before_cursor_execute", before)
    sa.event.listen(store.engine, "commit", before)

url, step, died = sys.argv[1], int(sys.argv[2]), 0
for number in range(1, 10_000, step):
    child = os.fork()
    if not child:
        store = Store(url)
        kill_at(store, number)
        upgrade(store)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
    died += 1
    store = Store(url)
    state = check(store)
    if not isinstance(state, Empty | Behind | Current) or isinstance(state, Empty) and state.tables:
        sys.exit(f"killed at statement {number}: {state}")
    store.close()
store = Store(url)
upgrade(store)
print(died, type(check(store)).__name__)
"""


def test_an_upgrade_may_be_killed_at_any_statement(empty: Store) -> None:
    """After kill -9 the database is as before the step, and the next start goes through (CASES B51).

    Each statement of all revisions is tried on SQLite, every ninth on PostgreSQL.
    """
    step = "1" if empty.is_sqlite else "9"
    command = [sys.executable, "-c", KILLED, empty.url.render_as_string(hide_password=False), step]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode == 0, done.stderr
    died, state = done.stdout.split()
    assert state == "Current"
    assert int(died) >= len(schema.metadata.tables) // int(step)


def test_two_upgrades_at_once_do_each_step_once(empty: Store) -> None:
    """Two workers that start together both end at the newest tables, and neither fails."""
    code = (
        "import sys; from gateway.store.engine import Store; from gateway.store.upgrade import upgrade; print(upgrade(Store(sys.argv[1])))"
    )
    command = [sys.executable, "-c", code, empty.url.render_as_string(hide_password=False)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(2)]
    said = [process.communicate(timeout=60) for process in both]
    assert [out.strip() for out, _ in said] == [module.revisions()[-1]] * 2, said


def test_a_first_start_makes_the_tables_and_leaves_a_marker(file: Store, tmp_path: Path) -> None:
    """The file, and beside it the word that there was one."""
    assert open_checked(file) == Current(module.revisions()[-1])
    assert (tmp_path / "gateway.db.exists").exists()
    assert open_checked(file) == Current(module.revisions()[-1])


@pytest.mark.peers
def test_a_first_start_on_postgresql_makes_the_tables(postgres_url: str) -> None:
    """There is no file and no marker: only the tables."""
    store = Store(durable(postgres_url))
    assert open_checked(store) == Current(module.revisions()[-1])
    store.close()


def test_a_vanished_database_is_not_replaced_by_an_empty_one(file: Store, tmp_path: Path) -> None:
    """A missing mount would look like a help desk without tickets: the start is refused and no file is made (CASES B35)."""
    open_checked(file)
    file.close()
    (tmp_path / "gateway.db").unlink()
    with pytest.raises(StoreError, match=r"is missing, but .*gateway\.db\.exists"):
        open_checked(file)
    assert not (tmp_path / "gateway.db").exists()
    (tmp_path / "gateway.db").touch()
    with pytest.raises(StoreError, match=r"is empty, but .* remove "):
        open_checked(file)
    file.close()
    (tmp_path / "gateway.db").unlink()
    (tmp_path / "gateway.db.exists").unlink()
    assert open_checked(file) == Current(module.revisions()[-1])


def test_another_database_in_the_same_place_is_refused(file: Store, tmp_path: Path) -> None:
    """A file that was made elsewhere is not taken for the one that stood here; its rows are not touched."""
    open_checked(file)
    file.close()
    other = Store(f"sqlite:///{tmp_path}/elsewhere/gateway.db")
    open_checked(other)
    other.close()
    shutil.copy(tmp_path / "elsewhere" / "gateway.db", tmp_path / "gateway.db")
    with pytest.raises(StoreError, match="is another database"):
        open_checked(file)


@pytest.mark.parametrize("damage", ["cut", "scribbled", "not a database"])
def test_a_damaged_file_is_refused(file: Store, tmp_path: Path, damage: str) -> None:
    """A file that is cut off, written over, or something else is named, and nothing more is written to it."""
    open_checked(file)
    organisation(file)
    file.close()
    path = tmp_path / "gateway.db"
    content = path.read_bytes()
    spoilt = {
        "cut": content[: len(content) // 2],
        "scribbled": content[:4096] + bytes(range(256)) * ((len(content) - 4096) // 256),
        "not a database": b"From the desk of Jess Martin\n" * 400,
    }[damage]
    path.write_bytes(spoilt)
    with pytest.raises(StoreError, match=r"gateway\.db"):
        open_checked(file)
    file.close()
    assert path.read_bytes() == spoilt


def test_a_database_that_cannot_be_written_is_named(file: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A disk without space while the tables are made: the error says which file and what to look at."""
    upgrade(file)
    newer(monkeypatch, tmp_path)
    sa.event.listen(file.engine, "connect", lambda raw, _: raw.execute("PRAGMA query_only=ON"))
    file.close()
    with pytest.raises(StoreError, match=r"gateway\.db: .*readonly.*Look at: permissions, free space"):
        upgrade(file)


@pytest.mark.peers
def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    """The URL in the message shows host and name, and dots for the password."""
    store = Store("postgresql://gateway:tell-nobody@127.0.0.1:1/desk")
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:1/desk: .*Look at: that the server runs") as caught:
        check(store)
    assert "tell-nobody" not in str(caught.value)
    store.close()


def test_a_draft_of_an_unchanged_schema_is_the_newest_revision_again(tmp_path: Path) -> None:
    """The command of the migrations' docstring writes what stands in versions/, so that it may be run at any time before a release."""
    shutil.copytree(ROOT / "gateway", tmp_path / "gateway", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    versions = tmp_path / "gateway" / "store" / "migrations" / "versions"
    before = {file.name: file.read_text(encoding="utf-8") for file in versions.glob("*.py")}
    words = before[max(before)].removeprefix('"""').partition(":")[0]
    command = [sys.executable, "-m", "gateway.store.migrations.draft", words]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert done.returncode == 0, done.stderr
    assert {file.name: file.read_text(encoding="utf-8") for file in versions.glob("*.py")} == before


def test_a_released_revision_is_never_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an operator may have run stays as he ran it."""
    shutil.copy(ROOT / "gateway" / "store" / "migrations" / "versions" / "0001_first.py", tmp_path)
    monkeypatch.setattr(drafting, "VERSIONS", tmp_path)
    with pytest.raises(ValueError, match=r"0001_first\.py is released"):
        drafting.draft("first")
    assert [file.name for file in tmp_path.iterdir()] == ["0001_first.py"]


def test_a_draft_with_new_words_is_the_next_revision(tmp_path: Path) -> None:
    """A table that schema.py gained becomes a revision of its own, after those there are."""
    shutil.copytree(ROOT / "gateway", tmp_path / "gateway", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "gateway" / "store" / "schema.py").open("a", encoding="utf-8") as text:
        text.write('\nshelves = sa.Table("shelves", metadata, sa.Column("name", sa.Text, primary_key=True))\n')
    command = [sys.executable, "-m", "gateway.store.migrations.draft", "Shelves, at last"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert done.returncode == 0, done.stderr
    drafted = (tmp_path / "gateway" / "store" / "migrations" / "versions" / "0003_shelves_at_last.py").read_text(encoding="utf-8")
    assert 'down_revision = "0002"' in drafted
    assert drafted.count("create_table") == 1
