"""What a run survives: kills, a full disk, damage, a repository that changes under it."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from indexer.errors import StorageError
from indexer.index.catalog import Catalog
from indexer.index.sync import Sync
from indexer.repo.parsing import ParsePool
from indexer.settings import Settings
from tests.conftest import Bench, SmallRepository
from tests.index.conftest import Index, OpenIndex, Watcher

KILLS = 20
FILES = 60
COMMITS = 120

TICK = 500
"""Instructions of SQLite's between two points at which a kill may strike."""

CHILD = (
    f"TICK = {TICK}\n"
    """
import os, signal, sys
from pathlib import Path
from indexer.index.catalog import Catalog
from indexer.index.sync import Sync
from indexer.location import locate
from indexer.repo.parsing import ParsePool
from indexer.repo.repository import Repository
from indexer.settings import Settings
import indexer.index.content_update, indexer.index.sync

indexer.index.content_update.ROWS_PER_COMMIT = indexer.index.sync.ROWS_PER_COMMIT = 8

class Free:
    def checkpoint(self): pass
    def report(self, progress): pass

source, data, left = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])

def tick():
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

settings = Settings(data_dir=data)
location = locate(source, settings)
repository = Repository.open(location, location.index_dir / "overlay")
pool = ParsePool(1, 2.0)
catalog = Catalog.open(location.index_dir)
catalog.writer().set_progress_handler(tick, TICK)
Sync(repository, catalog, pool, settings, None, None).words(Free())
pool.close()
"""
)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]) -> SmallRepository:
    """A repository with enough files and commits that a run takes many transactions."""
    bench = Bench(tmp_path_factory.mktemp("history"), Settings(Path()), dict(git_environment))
    made = bench.make()
    for number in range(COMMITS):
        name = f"part{number % 7}/file{number % FILES}.py"
        made.commit(
            f"Change {number}\n\nBecause of reason {number}.",
            {name: f"def name{number}():\n    return {number}\n"},
        )
    return made


def content(catalog: Catalog) -> dict[str, list[tuple[object, ...]]]:
    """Return all that a reader can see, by what it means and not by ids that a kill may shift."""
    asked = {
        "files": "SELECT raw, oid, mode, size, working, skipped, round(rank, 6) FROM entry "
        "JOIN path ON path.id = path_id ORDER BY raw",
        "passages": "SELECT raw, chunk.start_line, chunk.end_line, symbol, digest, stem, dirs, body "
        "FROM passage JOIN chunk ON chunk.id = chunk_id JOIN path ON path.id = path_id JOIN "
        "(SELECT rowid AS row, * FROM words_code UNION ALL SELECT rowid, * FROM words_doc) "
        "ON row = passage.id "
        "WHERE current = 1 ORDER BY raw, chunk.start_line",
        "commits": "SELECT commits.oid, subject, reachable, current, stem, body FROM commits "
        "JOIN chunk ON chunk.commit_id = commits.id JOIN passage ON chunk_id = chunk.id "
        "JOIN (SELECT rowid AS row, * FROM words_commit) ON row = passage.id ORDER BY sequence",
        "changes": "SELECT oid, raw, status FROM change JOIN commits ON commits.id = commit_id "
        "JOIN path ON path.id = path_id ORDER BY oid, raw",
        "symbols": "SELECT oid, name, symbol.kind, start_line FROM symbol JOIN blob ON blob.id = blob_id "
        "ORDER BY oid, start_line",
        "meta": "SELECT key, value FROM meta WHERE key IN ('head', 'words_complete', 'links', 'log_heads', "
        "'log_partial') ORDER BY key",
    }
    reader = catalog.reader()
    return {name: reader.execute(statement).fetchall() for name, statement in asked.items()}


@dataclass
class Undisturbed:
    """What an index that nothing ever disturbed holds, and how many points it passed on the way."""

    content: dict[str, list[tuple[object, ...]]]
    points: int


@pytest.fixture(scope="module")
def clean(history: SmallRepository, tmp_path_factory: pytest.TempPathFactory, pool: ParsePool) -> Undisturbed:
    bench = Bench(tmp_path_factory.mktemp("clean"), Settings(tmp_path_factory.mktemp("data")), {})
    repository = bench.open(history)
    catalog = Catalog.open(bench.locate(history).index_dir)
    points: list[None] = []
    catalog.writer().set_progress_handler(lambda: points.append(None), TICK)
    Sync(repository, catalog, pool, bench.settings, None, None).words(Watcher())
    found = content(catalog)
    catalog.close()
    repository.close()
    return Undisturbed(found, len(points))


def killed_at(point: int, source: SmallRepository, data: Path) -> bool:
    """Index in a process that is killed at its ``point``-th point; return whether it got there."""
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(source.path), str(data), str(point)],
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert child.returncode in {0, -signal.SIGKILL}, child.stderr.decode()
    return child.returncode != 0


def test_S3_twenty_kills_at_random_points_leave_an_index_that_goes_on(
    history: SmallRepository, clean: Undisturbed, open_index: OpenIndex, settings: Settings
) -> None:
    chance = random.Random(20261123)
    stored: list[int] = []
    for _ in range(KILLS):
        killed = killed_at(chance.randrange(1, clean.points), history, settings.data_dir)
        index = open_index(history)
        # Whatever was committed can be read, and nothing of a blob is there without the rest.
        assert index.column("PRAGMA integrity_check") == ["ok"]
        assert index.column(
            "SELECT count(*) FROM blob WHERE id NOT IN (SELECT blob_id FROM chunk WHERE blob_id NOTNULL)"
        ) == [0]
        stored.append(int(str(index.column("SELECT count(*) FROM chunk")[0])))
        index.catalog.close()
        if not killed:
            # It is complete: begin again, so that most kills strike where there is work.
            shutil.rmtree(index.catalog.path.parent)
    index = open_index(history)
    index.words()
    assert content(index.catalog) == clean.content
    assert len(set(stored)) > 5


def test_S3_a_killed_reading_of_the_log_goes_on_below_what_it_stored(
    history: SmallRepository, clean: Undisturbed, open_index: OpenIndex
) -> None:
    index = open_index(history)
    index.words()
    with index.catalog.transaction() as writer:
        writer.execute(
            "CREATE TEMP TABLE lost AS SELECT id FROM commits ORDER BY sequence DESC LIMIT -1 OFFSET 40"
        )
        writer.execute(
            "CREATE TEMP TABLE chunks AS SELECT id FROM chunk WHERE commit_id IN (SELECT id FROM lost)"
        )
        for statement in (
            "DELETE FROM passage WHERE path_id = 0 AND chunk_id IN (SELECT id FROM chunks)",
            "DELETE FROM chunk WHERE id IN (SELECT id FROM chunks)",
            "DELETE FROM change WHERE commit_id IN (SELECT id FROM lost)",
            "DELETE FROM commits WHERE id IN (SELECT id FROM lost)",
            "DELETE FROM words_commit WHERE rowid NOT IN (SELECT id FROM passage)",
            "DELETE FROM meta WHERE key IN ('head', 'state', 'links', 'log_heads')",
            "INSERT INTO meta VALUES ('log_partial', '1')",
        ):
            writer.execute(statement)
    kept = index.column("SELECT max(id) FROM commits")[0]
    index.words()
    assert content(index.catalog) == clean.content
    assert index.column("SELECT count(*) FROM commits WHERE id > ?", kept) == [COMMITS - 40]


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB, so that a disk that is full is the test's and nobody else's."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"needs to mount a tmpfs: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_S1_a_full_disk_costs_the_work_since_the_last_commit_and_no_more(
    history: SmallRepository,
    clean: Undisturbed,
    tiny_disk: Path,
    bench: Bench,
    pool: ParsePool,
) -> None:
    """Each round has some pages more than the last, so that another write is the one that fails."""
    refused = 0
    repository = bench.open(history)
    for room in range(40_000, 1_000_000, 80_000):
        folder = tiny_disk / f"index{room}"
        free = shutil.disk_usage(tiny_disk).free
        ballast = tiny_disk / "ballast"
        ballast.write_bytes(b"x" * max(0, free - room))
        catalog = None
        try:
            catalog = Catalog.open(folder)
            Sync(repository, catalog, pool, bench.settings, None, None).words(Watcher())
        except StorageError:
            refused += 1
        ballast.unlink()
        if catalog is None:
            catalog = Catalog.open(folder)
        Sync(repository, catalog, pool, bench.settings, None, None).words(Watcher())
        assert content(catalog) == clean.content
        catalog.close()
        shutil.rmtree(folder)
    assert refused >= 5


def test_S1_what_was_indexed_answers_while_the_disk_is_full(
    small_repository: SmallRepository, tiny_disk: Path, bench: Bench, pool: ParsePool
) -> None:
    catalog = Catalog.open(tiny_disk / "index")
    sync = Sync(bench.open(small_repository), catalog, pool, bench.settings, None, None)
    sync.words(Watcher())
    head = small_repository.head
    small_repository.commit(
        "Grow", {f"f{n}.py": f"def grown{n}():\n    return {n}\n" * 40 for n in range(50)}
    )
    (tiny_disk / "ballast").write_bytes(b"x" * shutil.disk_usage(tiny_disk).free)
    with pytest.raises(StorageError):
        sync.words(Watcher())
    assert catalog.get("head") == head
    assert catalog.reader().execute("SELECT count(*) FROM entry").fetchone() == (2,)
    (tiny_disk / "ballast").unlink()
    assert sync.words(Watcher()).files == 52
    catalog.close()


def test_S9_damage_that_a_run_meets_is_set_aside_and_built_anew_at_once(
    history: SmallRepository, clean: Undisturbed, open_index: OpenIndex
) -> None:
    index = open_index(history)
    index.words()
    path = index.catalog.path
    index.catalog.close()
    data = bytearray(path.read_bytes())
    for page in range(2 * 4096, len(data) - 4096, 4096):
        data[page : page + 4096] = b"\xa5" * 4096
    path.write_bytes(data)
    again = open_index(history)
    report = again.words()
    assert content(again.catalog) == clean.content
    assert any("set aside" in notice for notice in report.notices)


def test_S13_a_clock_that_jumps_hides_no_change(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    for jump in (-86_400, 10 * 365 * 86_400):
        now = time.time() + jump
        monkeypatch.setattr(time, "time", lambda now=now: now)
        index.source.commit(f"Jump {jump}", {"when.py": f"jumped = {jump}\n"}, date=max(1, int(now)))
        assert index.words().commit == index.source.head
        assert index.column(
            "SELECT count(*) FROM chunk JOIN entry USING (blob_id) WHERE text LIKE ?", f"%{jump}%"
        )
        before = index.catalog.writer().total_changes
        index.words()
        assert index.catalog.writer().total_changes == before


def test_R24_what_a_prune_takes_away_while_it_is_read_is_named_or_there(
    bench: Bench, open_index: OpenIndex
) -> None:
    source = bench.make()
    source.commit(
        "Start", {f"m{number}.py": f"def f{number}():\n    return {number}\n" for number in range(200)}
    )
    source.git("switch", "--quiet", "--create", "gone")
    source.commit(
        "Soon gone", {f"m{number}.py": f"def g{number}():\n    return {number}\n" for number in range(200)}
    )
    index = open_index(source, working_copy=False)

    class Pruner(Watcher):
        """Drops the branch and every object of it, once the run is under way."""

        def checkpoint(self) -> None:
            if len(self.told) > 3 and source.git("branch", "--list", "gone"):
                source.git("switch", "--quiet", "--force", "main")
                source.git("branch", "--quiet", "-D", "gone")
                source.git("reflog", "expire", "--expire=now", "--all")
                source.git("gc", "--quiet", "--prune=now")

    first = index.sync.words(Pruner())
    assert first.files == 200
    parsed = index.column("SELECT count(*) FROM entry WHERE skipped = ''")[0]
    assert int(str(parsed)) + len(first.skipped) == 200
    second = index.words()
    assert second.commit == source.head
    assert second.skipped == ()
    assert index.found("f7") == {"m7.py"}
    assert index.found("g7") == set()


@pytest.fixture
def index(small_repository: SmallRepository, open_index: OpenIndex) -> Index:
    made = open_index(small_repository)
    made.words()
    return made
