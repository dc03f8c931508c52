"""The doctor names what is wrong, and a repair mends it without losing what people wrote."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.client import Client
from indexer.errors import LorebaseError, NotFoundError, StorageError
from indexer.protocol import (
    DOCTOR,
    INDEX,
    LEAVE_BEHIND,
    NOTE_ADD,
    NOTE_LIST,
    REPAIR,
    SEARCH,
    STATUS,
    IndexRequest,
    Nothing,
    Repair,
)
from indexer.service import WORKERS
from indexer.settings import IndexingSettings
from indexer.types import Finding, NoteDraft, Query, Severity
from tests.conftest import SmallRepository
from tests.engine.conftest import QUIET, Engines, until

MODEL = replace(QUIET, model="packaged")


def indexed(
    engines: Engines, repository: SmallRepository, indexing: IndexingSettings = QUIET
) -> tuple[Client, Path]:
    """Index a repository with one note in it; return a client whose engine has left, and the index."""
    client = engines.client(repository, indexing)
    client.call(INDEX, IndexRequest())
    client.call(NOTE_ADD, NoteDraft("Why Hello", "The platform wants it.", "src/greet.py:1", "Mary"))
    assert all(each.severity is Severity.OK for each in findings(client) if each.check != "vectors")
    engines.process(client)
    client.finish()
    return client, client.location.index_dir


def findings(client: Client) -> list[Finding]:
    return list(client.call(DOCTOR, Nothing()).findings)


def damaged(client: Client) -> set[str]:
    return {each.check for each in findings(client) if each.severity is Severity.DAMAGED}


def works(client: Client) -> bool:
    """Say whether the code and the note are found, and nothing is damaged."""
    hits = client.call(SEARCH, Query("greet")).hits
    notes = client.call(NOTE_LIST, Nothing()).notes
    return (
        "src/greet.py" in {hit.path for hit in hits}
        and [note.title for note in notes] == ["Why Hello"]
        and not damaged(client)
    )


def drop_words(folder: Path) -> None:
    with sqlite3.connect(folder / "catalog.db") as connection:
        connection.execute("DELETE FROM words_code")
    connection.close()


def drop_text(folder: Path) -> None:
    with sqlite3.connect(folder / "catalog.db") as connection:
        connection.execute("DELETE FROM chunk")
    connection.close()


def tear_words(folder: Path) -> None:
    with sqlite3.connect(folder / "catalog.db") as connection:
        connection.execute("UPDATE words_doc_data SET block = x'00' WHERE id > 10")
    connection.close()


@pytest.mark.parametrize("harm", [drop_words, drop_text, tear_words])
def test_what_the_lexical_index_lost_is_named_and_repaired(
    engines: Engines, small_repository: SmallRepository, harm: Callable[[Path], None]
) -> None:
    client, folder = indexed(engines, small_repository)
    harm(folder)
    assert damaged(client) == {"words"}
    health = client.call(REPAIR, Repair())
    assert not health.damaged
    assert works(client)


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000, None])
def test_S9_a_catalog_in_ruins_is_set_aside_and_words_are_searchable_again(
    engines: Engines, small_repository: SmallRepository, content: bytes | None
) -> None:
    client, folder = indexed(engines, small_repository)
    file = folder / "catalog.db"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2] if content is None else content)
    assert works(client), "a question rebuilds it by itself"
    assert any("rebuilt" in notice for notice in client.call(INDEX, IndexRequest()).notices)


def test_a_rebuild_reads_everything_anew_and_keeps_vectors_and_notes(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client, _ = indexed(engines, small_repository, MODEL)
    before = client.call(INDEX, IndexRequest())
    assert before.vectors_complete
    health = client.call(REPAIR, Repair(rebuild=True))
    assert not health.damaged
    assert works(client)
    after = client.call(INDEX, IndexRequest())
    assert after.chunks == before.chunks
    assert after.vectors_complete
    assert after.reused == before.reused


def test_the_overlay_and_its_caches_can_be_lost(engines: Engines, small_repository: SmallRepository) -> None:
    client, folder = indexed(engines, small_repository)
    (overlay,) = (each for each in folder.iterdir() if each.name.startswith("overlay"))
    shutil.rmtree(overlay)
    small_repository.commit("Say goodbye", {"src/farewell.py": "def farewell():\n    return 1\n"})
    assert client.call(INDEX, IndexRequest()).commit == small_repository.head
    assert works(client)


def test_S9_a_damaged_file_of_notes_comes_back_from_its_backup(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client, _ = indexed(engines, small_repository)
    client.call(DOCTOR, Nothing())  # a start of an engine keeps a backup
    client.finish()
    (client.location.people_dir / "people.db").write_bytes(b"garbage" * 500)
    assert works(client)
    notes = [each for each in findings(client) if each.check == "notes"]
    assert notes[0].severity is Severity.NOTICE
    assert notes[0].message


def test_S14_vectors_of_another_model_are_never_mixed_and_a_rebuild_is_offered(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client, folder = indexed(engines, small_repository, MODEL)
    with sqlite3.connect(folder / "catalog.db") as connection:
        connection.execute("UPDATE meta SET value = 'another model' WHERE key = 'model'")
    connection.close()
    found = client.call(SEARCH, Query("greet"))
    assert "src/greet.py" in {hit.path for hit in found.hits}
    assert any("repair --rebuild" in notice for notice in found.notices)
    assert any("repair --rebuild" in each.remedy for each in findings(client))
    small_repository.commit("Say goodbye", {"src/farewell.py": "def farewell():\n    return 1\n"})
    with pytest.raises(LorebaseError):
        client.call(INDEX, IndexRequest())
    assert not client.call(REPAIR, Repair(rebuild=True)).damaged
    assert client.call(INDEX, IndexRequest()).vectors_complete
    assert not client.call(SEARCH, Query("greet")).notices


def test_a_repository_that_is_gone_can_still_be_asked(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client, _ = indexed(engines, small_repository)
    assert client.call(SEARCH, Query("greet")).hits
    # A request joins the job that the engine began with, which still had the repository.
    until(lambda: client.call(STATUS, Nothing()).job is None)
    small_repository.git_dir.rename(small_repository.path / "gone")
    found = client.call(SEARCH, Query("greet"))
    assert found.hits
    assert found.freshness.notices
    errors: list[LorebaseError] = []

    def is_refused() -> bool:
        # It may join a job that began just before the repository was gone.
        try:
            client.call(INDEX, IndexRequest())
        except LorebaseError as error:
            errors.append(error)
        return bool(errors)

    until(is_refused)
    assert errors[0].hint
    assert "repository" in {each.check for each in findings(client) if each.severity is Severity.NOTICE}


def test_S2_a_data_folder_that_cannot_be_written_is_named_and_nothing_is_changed(
    engines: Engines, small_repository: SmallRepository
) -> None:
    (engines.data / "indexes").write_text("a file where a folder is needed")
    with pytest.raises(StorageError) as caught:
        engines.client(small_repository).call(INDEX, IndexRequest())
    assert str(engines.data) in caught.value.message
    assert caught.value.hint
    assert (engines.data / "indexes").read_text() == "a file where a folder is needed"


READ_ONLY = """
set -e
mount -t tmpfs -o size=64m lorebase "$1"
cp -a "$2"/. "$1"
mount -o remount,ro "$1"
shift 2
exec "$@"
"""


def test_S2_an_index_on_a_disk_that_became_read_only_says_what_is_wrong(
    engines: Engines, small_repository: SmallRepository, tmp_path: Path
) -> None:
    unshared = ("unshare", "-rm")
    if subprocess.run([*unshared, "true"], check=False).returncode:
        pytest.skip("this kernel does not let us mount a read-only disk")
    indexed(engines, small_repository)
    before = {each: each.read_bytes() for each in engines.data.rglob("*") if each.is_file()}
    mounted = tmp_path / "mounted"
    mounted.mkdir()
    script = tmp_path / "read_only.sh"
    script.write_text(READ_ONLY)
    # The data folder is seen at its own place, but from a disk that refuses to write.
    wrap = (*unshared, "sh", str(script), str(mounted), str(engines.data), *env_of(mounted))
    done = engines.cli("search", "--repo", str(small_repository.path), "--json", "greet", wrap=wrap)
    assert b"Traceback" not in done.stderr
    assert done.returncode == 1
    assert b"cannot be written" in done.stderr
    assert {each: each.read_bytes() for each in before} == before


def env_of(data: Path) -> tuple[str, ...]:
    return ("env", f"LOREBASE_DATA={data}")


def test_S20_changing_an_index_many_times_keeps_its_size_memory_and_files(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client = engines.client(small_repository)
    text = "def number_{0}():\n    return {0}\n"

    def change(rounds: range) -> tuple[int, int, int]:
        for number in rounds:
            small_repository.write({"src/changing.py": text.format(number % 5) * 40})
            client.call(INDEX, IndexRequest(words_only=True))
        process = engines.process(client)
        folder = client.location.index_dir
        # Summaries are made in the background after a job, which may be the last one of many.
        until((folder / "modules.db").exists)
        # The logs beside the files are folded in when they are full, whatever the number of changes.
        kept = [each for each in folder.rglob("*") if not each.name.endswith(("-wal", "-shm"))]
        used = sum(each.stat().st_blocks * 512 for each in kept)
        return used, process.memory_info().rss, process.num_fds()

    first = change(range(15))
    last = change(range(15, 60))
    assert last[0] <= first[0] * 1.5
    assert last[1] <= first[1] * 1.3
    # Each of the threads that answer keeps a connection, of three files, once it has answered.
    assert last[2] <= first[2] + 4 + 3 * WORKERS


def test_an_engine_that_crashes_at_every_start_is_given_up_and_its_last_words_are_told(
    engines: Engines, small_repository: SmallRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    client = engines.client(small_repository)
    with pytest.raises(LorebaseError, match="could not be started") as caught:
        client.call(INDEX, IndexRequest())
    assert "engine.log" in caught.value.hint
    assert client.location.index_dir.is_dir()


def test_a_moved_repository_takes_its_index_and_notes_over(
    engines: Engines, small_repository: SmallRepository
) -> None:
    _, old = indexed(engines, small_repository, MODEL)
    moved = small_repository.path.with_name("moved")
    small_repository.path.rename(moved)
    there = engines.client(moved, MODEL)
    report = there.call(INDEX, IndexRequest(words_only=True))
    assert any("--take-over" in notice for notice in report.notices)
    assert there.call(NOTE_LIST, Nothing()).notes == ()
    assert there.call(STATUS, Nothing()).left_behind.startswith(str(small_repository.path))
    report = there.call(INDEX, IndexRequest(take_over=True))
    assert (report.embedded, report.vectors_complete) == (0, True)
    assert not report.notices
    assert not old.exists()
    assert works(there)
    with pytest.raises(NotFoundError):
        there.call(INDEX, IndexRequest(take_over=True))
    assert works(there)


def test_an_index_that_is_left_behind_is_asked_about_once(
    engines: Engines, small_repository: SmallRepository
) -> None:
    _, old = indexed(engines, small_repository)
    moved = small_repository.path.with_name("moved")
    small_repository.path.rename(moved)
    there = engines.client(moved)
    there.call(INDEX, IndexRequest(words_only=True))
    there.call(LEAVE_BEHIND, Nothing())
    status = there.call(STATUS, Nothing())
    assert not status.left_behind
    assert not any("--take-over" in notice for notice in status.notices)
    assert (old / "catalog.db").exists()
    report = there.call(INDEX, IndexRequest(take_over=True))  # whoever asks for it still gets it
    assert not any("--take-over" in notice for notice in report.notices)
    assert works(there)


def test_an_index_is_not_taken_over_while_its_repository_is_there(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client, old = indexed(engines, small_repository)
    copy = small_repository.path.with_name("copy")
    shutil.copytree(small_repository.path, copy)
    there = engines.client(copy)
    notices = there.call(INDEX, IndexRequest(words_only=True)).notices
    assert not any("--take-over" in notice for notice in notices)
    with pytest.raises(NotFoundError):
        there.call(INDEX, IndexRequest(take_over=True))
    assert (old / "catalog.db").exists()
    assert (client.location.people_dir / "people.db").exists()
