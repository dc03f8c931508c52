"""What the doctor looks at, and what a repair does: people's data and the repository stay untouched."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer import __version__
from indexer.errors import LorebaseError, ModelError
from indexer.index import contents
from indexer.index.catalog import Catalog, is_refusal_of_the_disk
from indexer.index.embedding import load_embedder
from indexer.index.people import People
from indexer.index.vectors import VectorIndex
from indexer.location import Location
from indexer.repo.repository import Repository
from indexer.settings import IndexingSettings, Settings
from indexer.types import ChunkKind, Finding, Severity

OVERLAY_FOLDER = "overlay.git"

WORD_TABLES = {ChunkKind.CODE: "words_code", ChunkKind.DOC: "words_doc", ChunkKind.COMMIT: "words_commit"}

LEAST_FREE_BYTES = 500_000_000
"""Below this much free space a large generation may not fit beside the last one."""

MAX_NAMED = 3
"""Damaged objects that one finding names; `index --json` lists all that was left out."""

REPAIR = "Run `lorebase repair`."


@dataclass(frozen=True, slots=True)
class Parts:
    """What an index is made of."""

    index_dir: Path
    settings: Settings
    catalog: Catalog
    people: People
    repository: Repository
    vectors: VectorIndex | None
    model_problem: str
    """Why search by meaning is not what it could be; empty when it is."""


def examine(parts: Parts) -> Iterator[Finding]:
    """Yield what is found, good and bad. Reads only; seconds on a large index."""
    yield _versions()
    yield _settings(parts.settings)
    yield from _repository(parts)
    sound = True
    for finding in parts.catalog.check():
        sound = sound and finding.severity is not Severity.DAMAGED
        yield finding
    if sound:
        yield from _words(parts.catalog)
        yield _objects(parts.catalog)
        yield _vectors(parts)
    if parts.vectors is not None:
        yield from parts.vectors.check()
    yield _people(parts.people)
    yield _disk(parts.index_dir)


def mend(location: Location, settings: IndexingSettings, *, rebuild: bool) -> list[Finding]:
    """Mend the files of an index that nobody has open, and return what was done.

    The catalog is read anew from the repository when it is damaged (or ``rebuild`` says so), its
    vectors kept where they can be read; notes come back from their backups; the last good
    generation is never touched.
    """
    index_dir = location.index_dir
    done = [*_mend_catalog(index_dir, settings, rebuild=rebuild), *_mend_people(location)]
    overlay = index_dir / OVERLAY_FOLDER
    if overlay.exists():
        shutil.rmtree(overlay, ignore_errors=True)
        done.append(Finding("overlay", Severity.OK, "The view of the repository was made anew."))
    return done


def disk_bytes(folder: Path) -> int:
    """Return what the files below ``folder`` take on the disk; a sparse file counts what it has."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                state = os.lstat(os.path.join(place, name))  # noqa: PTH118 (many files)
            except OSError:
                continue
            total += getattr(state, "st_blocks", 0) * 512 or state.st_size
    return total


def _mend_catalog(index_dir: Path, settings: IndexingSettings, *, rebuild: bool) -> Iterator[Finding]:
    catalog = Catalog.open(index_dir)
    try:
        for notice in catalog.notices:
            yield Finding("catalog", Severity.NOTICE, f"{notice}.")
        reason = "Everything is read anew, as asked" if rebuild else _why_rebuild(catalog)
        if reason:
            known = len(catalog.notices)
            sound = all(each.severity is Severity.OK for each in catalog.check())
            kept = sound and not _is_of_another_model(catalog, settings)
            catalog.restart(reason, keep_vectors=kept)
            told = catalog.notices[known:] or [f"{reason.rstrip('.')}; vectors were kept"]
            for notice in told:
                yield Finding("catalog", Severity.NOTICE, f"{notice}.")
    finally:
        catalog.close()


def _mend_people(location: Location) -> Iterator[Finding]:
    people = People.open(location.people_dir, location.index_dir)
    try:
        for notice in people.notices:
            yield Finding("notes", Severity.NOTICE, notice)
    finally:
        people.close()


def _is_of_another_model(catalog: Catalog, settings: IndexingSettings) -> bool:
    stored = catalog.get("model")
    try:
        embedder = load_embedder(settings, 0)
    except ModelError:
        return False  # the model that made them may come back
    if stored is None or embedder is None or stored in embedder.replaces:
        return False  # the next index job makes those of an earlier file anew
    return stored != embedder.fingerprint


def _why_rebuild(catalog: Catalog) -> str:
    """Return why the catalog must be read anew from the repository; empty when it need not."""
    for finding in catalog.check():
        if finding.severity is Severity.DAMAGED:
            return finding.message
    for finding in _words(catalog):
        if finding.severity is Severity.DAMAGED:
            return finding.message
    return ""


def _versions() -> Finding:
    message = (
        f"lorebase {__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{sys.platform} {platform.machine()}"
    )
    return Finding("versions", Severity.OK, message)


def _settings(settings: Settings) -> Finding:
    model = settings.indexing.model
    source = str(settings.file) if settings.file.exists() else "the defaults"
    return Finding("settings", Severity.OK, f"Settings: {source}; model {model!r}.")


def _repository(parts: Parts) -> Iterator[Finding]:
    try:
        facts = parts.repository.facts()
    except LorebaseError as error:
        yield Finding(
            "repository", Severity.NOTICE, f"{error.message} What is indexed can still be asked.", error.hint
        )
        return
    none = "There is no commit yet" if facts.unborn else "HEAD's commit cannot be read now"
    head = f"HEAD is {facts.head[:10]}" if facts.head else none
    yield Finding("repository", Severity.OK, f"{head}; object format {facts.object_format}.")
    for notice in facts.notices:
        yield Finding("repository", Severity.NOTICE, notice)


def _words(catalog: Catalog) -> Iterator[Finding]:
    """Compare the lexical index with the passages it must hold, and let FTS5 check itself."""
    reader = catalog.reader()
    try:
        for kind, table in WORD_TABLES.items():
            missing = _count(
                reader,
                f"SELECT count(*) FROM passage WHERE kind = '{kind}' AND id NOT IN "  # noqa: S608 (constants)
                f"(SELECT id FROM {table}_docsize)",
            )
            if missing:
                yield Finding(
                    "words",
                    Severity.DAMAGED,
                    f"{missing:,} {kind} passages cannot be found by words.",
                    REPAIR,
                )
                return
        lost = _count(reader, "SELECT count(*) FROM passage WHERE chunk_id NOT IN (SELECT id FROM chunk)")
        if lost:
            yield Finding("words", Severity.DAMAGED, f"{lost:,} passages have lost their text.", REPAIR)
            return
    except sqlite3.DatabaseError as error:
        yield Finding("words", Severity.DAMAGED, f"The lexical index cannot be read: {error}.", REPAIR)
        return
    yield _own_check(catalog.path)


def _own_check(path: Path) -> Finding:
    """Run FTS5's integrity check, which it offers as a write; nothing is written."""
    connection = sqlite3.connect(path, timeout=1.0, isolation_level=None)
    try:
        for table in WORD_TABLES.values():
            connection.execute(f"INSERT INTO {table}({table}) VALUES ('integrity-check')")  # noqa: S608 (constants)
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or is_refusal_of_the_disk(error):
            message = f"The lexical index could not be checked now: {error}."
            return Finding("words", Severity.NOTICE, message, "Run `lorebase doctor` again later.")
        return Finding("words", Severity.DAMAGED, f"The lexical index is damaged: {error}.", REPAIR)
    except sqlite3.DatabaseError as error:
        return Finding("words", Severity.DAMAGED, f"The lexical index is damaged: {error}.", REPAIR)
    finally:
        connection.close()
    return Finding("words", Severity.OK, "Every passage can be found by its words.")


def _objects(catalog: Catalog) -> Finding:
    with catalog.snapshot() as reader:
        skipped = contents.skipped_list(reader)
        fallen_back = contents.fallback_list(reader)
    bad = [each for each in skipped if "missing" in each.reason or "damaged" in each.reason]
    if bad:
        named = "; ".join(f"{each.path} ({each.reason})" for each in bad[:MAX_NAMED])
        more = f", and {len(bad) - MAX_NAMED} more" if len(bad) > MAX_NAMED else ""
        return Finding(
            "content",
            Severity.NOTICE,
            f"{len(bad)} files of the repository cannot be read: {named}{more}.",
            "Fetch or mend them in the repository (`git fsck` names them); the rest is indexed.",
        )
    return Finding(
        "content",
        Severity.OK,
        f"{_of(len(skipped), 'file')} left out by content, size or kind;"
        f" {len(fallen_back):,} read by lines only.",
    )


def _vectors(parts: Parts) -> Finding:
    if parts.model_problem:
        return Finding("vectors", Severity.NOTICE, parts.model_problem, "Or `lorebase repair --rebuild`.")
    if parts.vectors is None:
        return Finding("vectors", Severity.NOTICE, "No embedding model: search is by words only.")
    with parts.catalog.snapshot() as reader:
        passages, embedded = contents.passage_count(reader), contents.embedded_count(reader)
    if embedded < passages:
        return Finding(
            "vectors",
            Severity.NOTICE,
            f"{passages - embedded:,} of {passages:,} passages have no vector yet.",
            "`lorebase index` makes them.",
        )
    return Finding("vectors", Severity.OK, f"All {passages:,} passages have a vector.")


def _people(people: People) -> Finding:
    try:
        connection = sqlite3.connect(f"{people.path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            rows = [row[0] for row in connection.execute("PRAGMA quick_check(3)")]
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        rows = [str(error)]
    if rows != ["ok"]:
        return Finding("notes", Severity.DAMAGED, f"The file of notes is damaged: {rows[0]}.", REPAIR)
    if people.notices:
        return Finding("notes", Severity.NOTICE, " ".join(people.notices))
    notes, gaps = _of(len(people.notes()), "note"), _of(len(people.gaps()), "open gap")
    return Finding("notes", Severity.OK, f"{notes}, {gaps}.")


def _disk(folder: Path) -> Finding:
    free, used = shutil.disk_usage(folder).free, disk_bytes(folder)
    words = f"The index takes {used / 1e6:,.1f} MB; {free / 1e9:,.1f} GB are free."
    if free < max(LEAST_FREE_BYTES, used):
        return Finding("disk", Severity.NOTICE, words, "Free some space before the next large change.")
    return Finding("disk", Severity.OK, words)


def _count(reader: sqlite3.Connection, statement: str) -> int:
    return int(reader.execute(statement).fetchone()[0])


def _of(number: int, thing: str) -> str:
    """Return a number of things: "1 note", "2 notes"."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
