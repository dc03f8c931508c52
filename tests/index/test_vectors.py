"""Vectors are found whatever happens to the store that makes finding them fast."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import psutil
import pytest

from indexer.errors import CancelledError, ModelError
from indexer.index.exact import ExactRows
from indexer.index.generations import PREFIX, QUARANTINE
from indexer.index.vectors import VectorIndex
from indexer.types import ChunkKind, Severity

DIMENSIONS = 16
SCHEMA = Path(__file__).parents[2] / "indexer" / "index" / "schema.sql"
ROOT = Path(__file__).parents[2]


def rows_for(count, seed=0):
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSIONS)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def digests_for(count, seed=0):
    return [seed.to_bytes(8, "big") + index.to_bytes(8, "big") for index in range(count)]


class Free:
    """A Control that lets everything pass."""

    def __init__(self):
        self.reports = []

    def checkpoint(self):
        pass

    def report(self, progress):
        self.reports.append(progress)


class Place:
    """An index folder with a catalog that the test fills as a sync would."""

    def __init__(self, folder):
        self.folder = folder
        self.catalog = folder / "catalog.db"
        folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.catalog)) as writer, writer:
            writer.executescript(SCHEMA.read_text("utf-8"))
            writer.execute("INSERT INTO meta VALUES ('model', 'one')")

    def store(self, digests, rows, kind=ChunkKind.CODE):
        with closing(sqlite3.connect(self.catalog)) as writer, writer:
            first = writer.execute("SELECT coalesce(max(id), 0) + 1 FROM passage").fetchone()[0]
            writer.executemany(
                "INSERT INTO passage (id, kind, path_id, chunk_id, digest, current) "
                "VALUES (?, ?, 1, ?, ?, 1)",
                [(first + index, kind, first + index, digest) for index, digest in enumerate(digests)],
            )
            writer.executemany(
                "INSERT OR REPLACE INTO vector VALUES (?, ?)",
                [(digest, row.astype("<f2").tobytes()) for digest, row in zip(digests, rows, strict=True)],
            )

    def set_model(self, fingerprint):
        with closing(sqlite3.connect(self.catalog)) as writer, writer:
            writer.execute("UPDATE meta SET value = ? WHERE key = 'model'", (fingerprint,))

    def open(self):
        index = VectorIndex(self.folder, self.catalog, DIMENSIONS, smallest=10)
        index.load()
        return index

    def settled(self):
        """Open, and wait for what the opening does in the background."""
        index = self.open()
        if index._opener is not None:
            index._opener.join()
        return index

    def generations(self):
        return sorted(each.name for each in (self.folder / "vectors").glob(f"{PREFIX}*"))

    def leftovers(self):
        return list((self.folder / "vectors").glob("building-*"))


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path / "index")


def finds_itself(index, digests, rows, kind=ChunkKind.CODE, every=7):
    return all(
        index.search(kind, row, 5)[0][0] == digest
        for digest, row in list(zip(digests, rows, strict=True))[::every]
    )


# ------------------------------------------------------------------------------------ exact search


def test_exact_search_agrees_with_a_plain_product():
    rows, digests = rows_for(5_000), digests_for(5_000)
    exact = ExactRows(DIMENSIONS)
    for start in range(0, 5_000, 333):
        exact.add(digests[start : start + 333], rows[start : start + 333])
    query = rows_for(1, seed=9)[0]

    found = exact.search(query, 50)

    scores = rows @ query
    best = np.argsort(-scores)[:50]
    assert [digest for digest, _ in found] == [digests[index] for index in best]
    assert np.allclose([score for _, score in found], scores[best], atol=1e-5)


def test_searching_while_others_add_never_sees_a_half_written_row():
    rows, digests = rows_for(20_000), digests_for(20_000)
    exact = ExactRows(DIMENSIONS)
    wrong = []
    done = threading.Event()

    def search():
        while not done.is_set():
            for digest, score in exact.search(rows[17], 20):
                if abs(score - float(rows[17] @ rows[digests.index(digest)])) > 1e-4:
                    wrong.append(digest)

    with ThreadPoolExecutor(3) as pool:
        searches = [pool.submit(search) for _ in range(2)]
        for start in range(0, 20_000, 50):
            exact.add(digests[start : start + 50], rows[start : start + 50])
        done.set()
        for each in searches:
            each.result()

    assert not wrong
    assert len(exact) == 20_000


def test_S15_a_vector_without_direction_is_refused_and_counted(place):
    rows, digests = rows_for(4), digests_for(4)
    rows[1], rows[2] = np.nan, 0
    index = place.open()

    index.add(ChunkKind.CODE, digests, rows)

    assert {digest for digest, _ in index.search(ChunkKind.CODE, rows[0], 10)} == {digests[0], digests[3]}
    assert not index.complete(ChunkKind.CODE)
    assert any(each.severity is Severity.NOTICE and "2 vectors" in each.message for each in index.check())


def test_S15_one_text_at_two_places_is_one_vector(place):
    rows, digests = rows_for(3), digests_for(3)
    index = place.open()

    index.add(ChunkKind.CODE, [*digests, digests[0]], np.vstack([rows, rows[:1]]))
    index.add(ChunkKind.CODE, digests, rows)

    assert index.count(ChunkKind.CODE) == 3
    assert len(index.search(ChunkKind.CODE, rows[0], 10)) == 3


def test_what_is_added_while_the_catalog_is_read_is_not_lost(place, monkeypatch):
    rows, digests = rows_for(40), digests_for(40)
    place.store(digests[:20], rows[:20])
    index = place.open()
    read = threading.Event()
    added = threading.Event()

    def slow(*args):
        yield from real(*args)
        read.set()
        added.wait(10)

    real = sys.modules["indexer.index.vectors"].stored_vectors
    monkeypatch.setattr("indexer.index.vectors.stored_vectors", slow)
    loading = threading.Thread(target=index.load)
    loading.start()
    read.wait(10)
    index.add(ChunkKind.CODE, digests[20:], rows[20:])
    added.set()
    loading.join()

    assert finds_itself(index, digests, rows, every=1)


# -------------------------------------------------------------------------------------- generations


def test_a_generation_answers_as_exact_search_does(place):
    code, docs = rows_for(1_200), rows_for(300, seed=5)
    place.store(digests_for(1_200), code)
    place.store(digests_for(300, seed=5), docs, ChunkKind.DOC)
    index = place.open()
    queries = rows_for(20, seed=7)
    exact = [[digest for digest, _ in index.search(ChunkKind.CODE, query, 20)] for query in queries]
    control = Free()

    index.build_generation(control)

    assert index.generation
    assert control.reports[-1].done == 1_500
    near = [[digest for digest, _ in index.search(ChunkKind.CODE, query, 20)] for query in queries]
    assert np.mean([len(set(a) & set(b)) / 20 for a, b in zip(exact, near, strict=True)]) > 0.97
    assert index.search(ChunkKind.DOC, docs[3], 1)[0][0] == digests_for(300, seed=5)[3]
    assert abs(index.search(ChunkKind.DOC, docs[3], 1)[0][1] - 1) < 0.01
    index.close()


def test_S15_more_rows_than_chroma_takes_at_once_and_one_without_direction(place):
    rows, digests = rows_for(5_600), digests_for(5_600)
    rows[5_599] = np.nan
    place.store(digests, rows)
    index = place.open()

    index.build_generation(Free())

    assert index.generation
    assert finds_itself(index, digests[:5_599], rows[:5_599], every=97)
    index.close()


def test_what_came_since_is_searched_exactly_and_a_tenth_makes_a_new_generation(place):
    rows, digests = rows_for(600), digests_for(600)
    place.store(digests[:400], rows[:400])
    index = place.open()
    index.build_generation(Free())
    first = index.generation

    place.store(digests[400:430], rows[400:430])
    index.add(ChunkKind.CODE, digests[400:430], rows[400:430])
    index.build_generation(Free())
    assert index.generation == first
    assert finds_itself(index, digests[:430], rows[:430])

    place.store(digests[430:], rows[430:])
    index.add(ChunkKind.CODE, digests[430:], rows[430:])
    index.build_generation(Free())
    assert index.generation != first
    assert finds_itself(index, digests, rows)
    assert place.generations() == [first, index.generation]
    index.close()


def test_a_generation_in_which_nothing_is_searched_stays_shut(place):
    rows, digests = rows_for(99), digests_for(99)
    place.store(digests, rows)
    index = place.open()

    index.build_generation(Free())
    index.close()
    index = place.open()

    assert len(place.generations()) == 1
    assert index._opener is None
    assert index.generation == ""
    assert finds_itself(index, digests, rows)
    assert sum(len(found) for found, _ in index.stored_vectors()) == 99
    index.close()


def test_a_generation_is_left_when_its_kinds_have_become_small(place):
    rows, digests = rows_for(120), digests_for(120)
    place.store(digests, rows)
    index = place.open()
    index.build_generation(Free())
    assert index.generation
    with closing(sqlite3.connect(place.catalog)) as writer, writer:
        writer.execute("UPDATE passage SET current = 0 WHERE id > 60")
        writer.execute("DELETE FROM vector WHERE digest NOT IN (SELECT digest FROM passage WHERE current)")

    index.build_generation(Free())

    assert index.generation == ""
    assert finds_itself(index, digests[:60], rows[:60])
    index.close()


def test_an_opened_generation_is_tried_again_only_when_a_file_changed(place, monkeypatch):
    place.store(digests_for(200), rows_for(200))
    index = place.open()
    index.build_generation(Free())
    index.close()
    monkeypatch.setattr("indexer.index.generations.Generations._child", None)

    index = place.settled()

    assert index.generation == place.generations()[0]
    index.close()


def test_a_stopped_build_leaves_nothing_behind(place):
    place.store(digests_for(2_500), rows_for(2_500))
    index = place.open()

    class Stopped(Free):
        def checkpoint(self):
            if self.reports:
                raise CancelledError("stopped")

    with pytest.raises(CancelledError):
        index.build_generation(Stopped())

    assert not index.generation
    assert not place.generations()
    assert not place.leftovers()
    assert not [
        child for child in psutil.Process().children() if "generation_worker" in " ".join(child.cmdline())
    ]


def test_a_child_ends_when_its_parent_is_gone(place):
    place.store(digests_for(2_500), rows_for(2_500))
    work = place.folder / "vectors" / "building-x"
    work.mkdir(parents=True)
    child = subprocess.Popen(
        [sys.executable, "-m", "indexer.index.generation_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    request = {"task": "build", "folder": str(work), "catalog": str(place.catalog), "rows": 2_500}
    child.stdin.write(json.dumps({**request, "dimensions": DIMENSIONS}) + "\n")
    child.stdin.flush()
    assert "progress" in json.loads(child.stdout.readline())

    child.stdin.close()

    assert child.wait(20) == 1
    child.stdout.close()


@pytest.mark.skipif(sys.platform != "linux", reason="limits of this kind exist on Linux alone")
def test_S11_a_child_cannot_write_a_runaway_file(tmp_path):
    program = (
        "from indexer.index.generation_worker import _limit\n_limit(1000, 16)\n"
        f"open({str(tmp_path / 'link_lists.bin')!r}, 'wb').truncate(1 << 40)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False
    )

    assert "File too large" in done.stderr


# ------------------------------------------------------------------------------- kills and damage


@pytest.fixture(scope="module")
def capped(tmp_path_factory):
    """A tmpfs of 128 MiB where root may mount one; else a plain folder. Yields (folder, capped)."""
    folder = tmp_path_factory.mktemp("capped")
    mounted = (
        sys.platform == "linux"
        and os.geteuid() == 0
        and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", str(folder)],
            capture_output=True,
            check=False,
        ).returncode
        == 0
    )
    yield folder, mounted
    if mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_S4_runs_where_a_runaway_store_cannot_fill_the_disk(capped):
    if not capped[1]:
        pytest.skip("no tmpfs could be mounted here: S4 runs in a plain folder, capped by RLIMIT_FSIZE alone")
    assert os.statvfs(capped[0]).f_blocks * os.statvfs(capped[0]).f_frsize == 128 << 20


class Killer(Free):
    """Kills the child that writes, at a moment that ``ripe`` chooses."""

    def __init__(self, folder, ripe):
        super().__init__()
        self.killed = False
        self._folder, self._ripe = folder, ripe
        self._watch = threading.Thread(target=self._wait_and_kill)
        self._stop = threading.Event()
        self._watch.start()

    def _wait_and_kill(self):
        while not self._stop.wait(0.0005) and not self.killed:
            # What is looked at is being written: a journal may go, or a child end, between two looks.
            with suppress(OSError, psutil.Error):
                self.killed = self._kill_when_ripe()

    def _kill_when_ripe(self):
        for building in (self._folder / "vectors").glob("building-*"):
            if self._ripe(building / "chroma"):
                for child in psutil.Process().children():
                    if self._mine(child, building):
                        child.kill()
                        return True
        return False

    def _mine(self, child, building):
        try:
            return any(str(building) in each.path for each in child.open_files())
        except psutil.Error:
            return False

    def finish(self):
        self._stop.set()
        self._watch.join()


def _saving(name):
    """Ripe when Chroma has begun to write this file of its graph."""
    return lambda chroma: any(chroma.glob(f"*/{name}"))


def _grown(size):
    """Ripe when the log of vectors has this many bytes."""
    return lambda chroma: sum(file.stat().st_size for file in chroma.glob("chroma.sqlite3*")) > size


KILLS = [
    *[_saving(name) for name in ("data_level0.bin", "header.bin", "length.bin", "link_lists.bin")] * 3,
    *[_grown(size) for size in (0, 0, 20_000, 40_000, 80_000, 100_000, 120_000, 150_000)],
]


@pytest.mark.slow
def test_S4_twenty_kills_inside_a_build_never_cost_the_last_good_generation(capped):
    rows, digests = rows_for(600), digests_for(600)
    place = Place(capped[0] / "index")
    place.store(digests[:400], rows[:400])
    index = place.open()
    index.build_generation(Free())
    good = index.generation
    place.store(digests[400:], rows[400:])
    index.add(ChunkKind.CODE, digests[400:], rows[400:])
    killed = 0

    for ripe in KILLS:
        killer = Killer(place.folder, ripe)
        index.build_generation(killer)
        killer.finish()
        killed += killer.killed
        if not killer.killed:
            break
        assert index.generation == good
        assert place.generations() == [good]
        assert finds_itself(index, digests, rows, every=101)

    assert killed == 20
    assert any("could not be built" in each.message for each in index.check())
    index.close()
    index = place.settled()
    assert finds_itself(index, digests, rows, every=51)
    index.build_generation(Free())
    assert index.generation not in ("", good)
    assert not place.leftovers()
    index.close()


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    place = Place(tmp_path_factory.mktemp("built") / "index")
    place.store(digests_for(1_500), rows_for(1_500))
    index = place.open()
    index.build_generation(Free())
    assert index.generation
    index.close()
    return place


@pytest.fixture
def mended(built):
    """The built place; whatever a test damages is put back after it."""
    (name,) = built.generations()
    folder = built.folder / "vectors" / name
    before = {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    yield built
    aside = built.folder / "vectors" / QUARANTINE
    if aside.is_dir():
        aside.rename(folder)
    for file, content in before.items():
        (folder / file).write_bytes(content)


def _delete(file):
    file.unlink()


def _truncate(file):
    os.truncate(file, file.stat().st_size // 2)


def _garble(file):
    size = file.stat().st_size
    with file.open("r+b") as content:
        # Past the header of the database, whose free pages may hold anything without harm.
        content.seek(100 if file.suffix == ".sqlite3" else size // 3)
        content.write(os.urandom(max(1, min(size // 2, 3_000))))


FILES = ("chroma.sqlite3", "data_level0.bin", "header.bin", "length.bin", "index_metadata.pickle")


@pytest.mark.parametrize("damage", [_delete, _truncate, _garble], ids=["deleted", "truncated", "garbled"])
@pytest.mark.parametrize("name", FILES)
def test_S10_a_damaged_store_is_set_aside_and_search_is_exact_at_once(mended, name, damage):
    (file,) = (mended.folder / "vectors").rglob(name)
    damage(file)

    index = mended.open()

    assert finds_itself(index, digests_for(1_500), rows_for(1_500), every=50)
    index._opener.join()
    assert index.generation == ""
    assert finds_itself(index, digests_for(1_500), rows_for(1_500), every=50)
    assert not mended.generations()
    assert any("set aside" in each.message for each in index.check())
    index.close()


def test_S10_a_store_set_aside_is_built_anew_from_the_catalogs_vectors(place):
    rows, digests = rows_for(300), digests_for(300)
    place.store(digests, rows)
    index = place.open()
    index.build_generation(Free())
    index.close()
    for file in (place.folder / "vectors").rglob("data_level0.bin"):
        _garble(file)
    index = place.settled()
    assert index.generation == ""

    index.build_generation(Free())

    assert index.generation
    assert finds_itself(index, digests, rows)
    assert not (place.folder / "vectors" / QUARANTINE).exists()
    index.close()


def test_S11_an_oversized_sparse_file_is_set_aside_without_being_read(mended):
    (file,) = (mended.folder / "vectors").rglob("link_lists.bin")
    os.truncate(file, 1 << 40)
    began = time.monotonic()

    index = mended.settled()

    assert index.generation == ""
    assert finds_itself(index, digests_for(1_500), rows_for(1_500), every=50)
    assert not mended.generations()
    assert time.monotonic() - began < 10
    index.close()


def test_S14_vectors_of_another_model_are_never_searched_together(mended):
    mended.set_model("another")
    try:
        index = mended.settled()
        assert index.generation == ""
        assert list(index.stored_vectors()) == []
        with pytest.raises(ModelError):
            index.search(ChunkKind.CODE, np.ones(DIMENSIONS + 1, np.float32), 5)
        with pytest.raises(ModelError):
            index.add(ChunkKind.CODE, digests_for(1), np.ones((1, DIMENSIONS + 1), np.float32))
        with pytest.raises(ModelError):
            VectorIndex(mended.folder, mended.catalog, DIMENSIONS + 1).load()
        index.close()
    finally:
        mended.set_model("one")


def test_S9_a_lost_catalog_takes_its_vectors_back_from_the_generation(mended):
    kept = mended.catalog.read_bytes()
    try:
        mended.catalog.unlink()
        fresh = Place(mended.folder)
        index = VectorIndex(fresh.folder, fresh.catalog, DIMENSIONS, smallest=10)

        back = {
            digest: row
            for digests, rows in index.stored_vectors()
            for digest, row in zip(digests, rows, strict=True)
        }

        assert set(back) == set(digests_for(1_500))
        assert np.allclose(back[digests_for(1_500)[7]], rows_for(1_500)[7], atol=2e-3)
    finally:
        mended.catalog.write_bytes(kept)


def test_nothing_is_left_after_forgetting(place):
    place.store(digests_for(100), rows_for(100))
    index = place.open()
    index.build_generation(Free())

    index.forget()

    assert index.search(ChunkKind.CODE, rows_for(1)[0], 5) == []
    assert not (place.folder / "vectors").exists()
