"""The catalog's file: what is done with one that is new, older, newer, or broken."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from indexer.errors import NewerSchemaError, StorageError
from indexer.index.catalog import (
    FILE_NAME,
    SCHEMA_VERSION,
    Catalog,
    build_indexes,
    get_meta,
    indexed_state,
    set_meta,
)
from indexer.types import Severity


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def filled(folder: Path) -> Path:
    """Make a catalog with enough rows to be cut or garbled in the middle, and close it."""
    with closing(Catalog.open(folder)) as catalog, catalog.transaction() as writer:
        rows = ((f"path/{number}".encode(), f"path/{number}") for number in range(5000))
        writer.executemany("INSERT INTO path (raw, shown) VALUES (?, ?)", rows)
        writer.execute("INSERT INTO vector VALUES (x'00', x'01')")
        set_meta(writer, "model", "a model")
        set_meta(writer, "head", "a commit")
        build_indexes(writer)
    return folder / FILE_NAME


def test_what_was_committed_is_there_after_opening_again(folder: Path) -> None:
    filled(folder)
    with closing(Catalog.open(folder)) as catalog:
        assert catalog.get("head") == "a commit"
        assert catalog.notices == []
        assert [finding.severity for finding in catalog.check()] == [Severity.OK]


def test_a_transaction_that_fails_leaves_nothing(folder: Path) -> None:
    with closing(Catalog.open(folder)) as catalog:
        heads = [("head", "half"), ("head", "again")]
        with pytest.raises(sqlite3.IntegrityError), catalog.transaction() as writer:
            writer.executemany("INSERT INTO meta VALUES (?, ?)", heads)
        assert catalog.get("head") is None
        with catalog.transaction() as writer:
            set_meta(writer, "head", "whole")
        assert catalog.get("head") == "whole"


def test_a_reader_cannot_write(folder: Path) -> None:
    with closing(Catalog.open(folder)) as catalog, pytest.raises(sqlite3.OperationalError):
        set_meta(catalog.reader(), "head", "x")


def test_a_snapshot_sees_one_state_while_another_is_written(folder: Path) -> None:
    filled(folder)
    with closing(Catalog.open(folder)) as catalog:
        with catalog.snapshot() as reader:
            assert get_meta(reader, "head") == "a commit"
            with catalog.transaction(durable=True) as writer:
                set_meta(writer, "head", "next")
            assert get_meta(reader, "head") == "a commit"
        assert catalog.get("head") == "next"


def test_secondary_indexes_are_made_once(folder: Path) -> None:
    with closing(Catalog.open(folder)) as catalog:
        writer = catalog.writer()
        count = "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND sql NOTNULL"
        assert writer.execute(count).fetchone() == (0,)
        build_indexes(writer)
        build_indexes(writer)
        assert writer.execute(count).fetchone()[0] > 10


def test_S7_an_older_catalog_is_made_anew_and_keeps_its_vectors(folder: Path) -> None:
    path = filled(folder)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE chunk")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION - 1}")
    with closing(Catalog.open(folder)) as catalog:
        reader = catalog.reader()
        assert reader.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert reader.execute("SELECT digest FROM vector").fetchall() == [(b"\x00",)]
        assert catalog.get("model") == "a model"
        assert catalog.get("head") is None
        assert "older" in catalog.notices[0]


def test_S8_a_newer_catalog_is_refused_and_not_touched(folder: Path) -> None:
    path = filled(folder)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = {each.name: each.read_bytes() for each in folder.iterdir()}
    with pytest.raises(NewerSchemaError) as raised:
        Catalog.open(folder)
    assert raised.value.exit_code == 12
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == before


@pytest.mark.parametrize("damage", ["empty", "cut short", "garbage", "header only", "another database"])
def test_S9_a_damaged_catalog_is_set_aside_and_said_so(folder: Path, damage: str) -> None:
    path = filled(folder)
    content = path.read_bytes()
    broken = {
        "empty": b"",
        "cut short": content[: len(content) // 2],
        "garbage": b"\xa5" * len(content),
        "header only": content[:100],
        "another database": b"",
    }[damage]
    path.write_bytes(broken)
    if damage == "another database":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE other (x)")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    with closing(Catalog.open(folder)) as catalog:
        assert "being rebuilt" in catalog.notices[0]
        assert catalog.get("head") is None
        with catalog.transaction() as writer:
            set_meta(writer, "state", "works")
    with closing(Catalog.open(folder)) as catalog:
        assert catalog.notices == []
        assert catalog.get("state") == "works"


def test_S9_only_one_damaged_catalog_is_kept(folder: Path) -> None:
    for _ in range(3):
        filled(folder).write_bytes(b"\xa5" * 9000)
        Catalog.open(folder).close()
        (folder / FILE_NAME).unlink()
    assert len([each for each in folder.iterdir() if "damaged" in each.name]) == 1


def test_S9_damage_in_the_middle_is_found_by_the_check(folder: Path) -> None:
    path = filled(folder)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    with closing(Catalog.open(folder)) as catalog:
        assert [finding.severity for finding in catalog.check()] == [Severity.DAMAGED]


def test_readers_see_the_new_file_after_a_restart(folder: Path) -> None:
    filled(folder)
    with closing(Catalog.open(folder)) as catalog:
        assert catalog.get("head") == "a commit"
        catalog.restart("The catalog was damaged (for this test)")
        assert catalog.get("head") is None
        assert "set aside" in catalog.notices[0]


def test_a_snapshot_goes_on_in_the_file_that_it_began_with(folder: Path) -> None:
    filled(folder)
    with closing(Catalog.open(folder)) as catalog:
        with catalog.snapshot() as reader:
            assert get_meta(reader, "head") == "a commit"
            catalog.restart("The catalog was damaged (for this test)")
            assert catalog.get("head") == "a commit"  # whoever else reads in this block sees the same
            with catalog.snapshot() as again:
                assert again is reader
            assert reader.execute("SELECT count(*) FROM path").fetchone() == (5000,)
        assert catalog.get("head") is None


def test_a_connection_that_somebody_still_holds_is_not_closed_under_them(folder: Path) -> None:
    filled(folder)
    with closing(Catalog.open(folder)) as catalog:
        held = catalog.reader()
        catalog.restart("The catalog was damaged (for this test)")
        assert catalog.get("head") is None
        assert get_meta(held, "head") == "a commit"


def test_what_is_remembered_of_one_file_is_not_taken_for_another(folder: Path) -> None:
    filled(folder)
    with closing(Catalog.open(folder)) as catalog:
        before = indexed_state(catalog.reader())
        assert indexed_state(catalog.reader()) == before
        catalog.restart("", keep_vectors=True)
        with catalog.transaction() as writer:
            set_meta(writer, "head", "a commit")
        assert indexed_state(catalog.reader()) != before


def test_a_folder_that_cannot_be_made_is_an_error_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError) as raised:
        Catalog.open(tmp_path / "file" / "index")
    assert raised.value.hint


def test_S6_what_another_process_still_reads_is_not_damaged(folder: Path) -> None:
    path = filled(folder)
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("PRAGMA wal_autocheckpoint = 0")
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            assert reader.execute("SELECT count(*) FROM path").fetchone() == (5000,)
            # The pages that come now cannot go into the file while the reader needs what stood there.
            rows = ((f"more/{number}".encode(), f"more/{number}") for number in range(50_000))
            writer.execute("BEGIN")
            writer.executemany("INSERT INTO path (raw, shown) VALUES (?, ?)", rows)
            writer.execute("COMMIT")
            with closing(Catalog.open(folder)) as catalog:
                assert catalog.notices == []
                assert catalog.get("head") == "a commit"


CLOSED_UNDER_A_READER = """
import sqlite3, sys, threading, time
from pathlib import Path
from indexer.index.catalog import Catalog

catalog = Catalog.open(Path(sys.argv[1]))
ready = threading.Barrier(5)
leaving = threading.Event()
ended = []


def read():
    reader = catalog.reader()
    ready.wait()
    number = 0
    try:
        while not leaving.is_set():
            number += 1
            sql = f"SELECT raw, shown, {number % 300} FROM path WHERE id > ? LIMIT 40"
            [tuple(row) for row in reader.execute(sql, (number % 4000,))]
    except sqlite3.Error as error:
        assert "interrupted" in str(error), error
    ended.append(number)


threads = [threading.Thread(target=read, daemon=True) for _ in range(4)]
for each in threads:
    each.start()
ready.wait()
time.sleep(0.05)
catalog.close()
time.sleep(0.05)
leaving.set()
for each in threads:
    each.join(5)
print(len(ended))
"""


def test_S3_closing_takes_nothing_down_that_still_reads(folder: Path) -> None:
    filled(folder)
    for _ in range(8):
        done = subprocess.run(
            [sys.executable, "-c", CLOSED_UNDER_A_READER, str(folder)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stdout.strip()) == (0, "4"), done.stderr
