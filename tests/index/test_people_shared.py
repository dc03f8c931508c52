"""One file of people's work for all worktrees: brought to today's form on a copy, shared, merged once."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.errors import NewerSchemaError, StorageError
from indexer.index.people import AskedQuestion, People, PublishedAs
from indexer.index.people_store import SCHEMA_VERSION
from indexer.types import (
    AnchorState,
    Asker,
    Gap,
    Note,
    Person,
    Review,
    ReviewMark,
    VerdictStatus,
)

OLDER = """
CREATE TABLE note_version (note_id TEXT NOT NULL, version INTEGER NOT NULL, created INTEGER NOT NULL,
    written INTEGER NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, author TEXT NOT NULL,
    email TEXT NOT NULL, category TEXT, anchor TEXT, gap_id TEXT, source TEXT NOT NULL,
    PRIMARY KEY (note_id, version)) WITHOUT ROWID;
CREATE TABLE gap (id TEXT PRIMARY KEY, question TEXT NOT NULL, category TEXT, missing TEXT NOT NULL,
    asked INTEGER NOT NULL, first_asked INTEGER NOT NULL, last_asked INTEGER NOT NULL,
    note_id TEXT, contacts TEXT NOT NULL, paths TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE asked (id INTEGER PRIMARY KEY, question TEXT NOT NULL, at INTEGER NOT NULL,
    status TEXT NOT NULL, category TEXT, commit_id TEXT, gap_id TEXT);
CREATE TABLE kept_answer (asked_id INTEGER PRIMARY KEY, answer BLOB NOT NULL);
CREATE TABLE hidden (kind TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (kind, id))
    WITHOUT ROWID;
CREATE TABLE seen (key TEXT PRIMARY KEY, commit_id TEXT, at INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 1;
"""
"""The form of version 0.1.0, as it lay in the folder of each worktree's index."""

MEYER = Person("A. Meyer", "meyer@example.org")


def older_file(folder: Path, *notes: str, asked: int = 2) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(folder / "people.db")
    db.executescript(OLDER)
    for note_id in notes:
        row = (note_id, 1, 10, 10, f"title of {note_id}", "text", "A", "a@b", None, None, None, "person")
        db.execute(f"INSERT INTO note_version VALUES ({', '.join('?' * 12)})", row)
    row = ("g1", "Why two?", None, "the reason", asked, 10, 20, None, "[]", "[]")
    db.execute("INSERT INTO gap VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    db.execute("INSERT INTO asked VALUES (7, 'Why two?', 20, 'missing', NULL, NULL, 'g1')")
    db.execute("INSERT INTO kept_answer VALUES (7, x'01')")
    db.execute("INSERT INTO seen VALUES ('overview', 'abc', 5)")
    db.commit()
    db.close()


def a_note(title: str) -> Note:
    return Note("", title, "Because.", "A", "", 10, 10, None, None, AnchorState.UNANCHORED)


def ask(people: People, question: str, by: Person = MEYER, known: str | None = None) -> Gap:
    asked = AskedQuestion(question, 30, VerdictStatus.MISSING, None, None, None)
    kept = people.record(asked, Gap("", question, None, "the reason", 1, 30, 30, None), by, known)
    assert kept is not None
    return kept


def version_of(path: Path) -> int:
    db = sqlite3.connect(path)
    try:
        return int(db.execute("PRAGMA user_version").fetchone()[0])
    finally:
        db.close()


def test_S7_an_older_file_is_brought_over_on_a_copy_and_its_old_state_is_kept(tmp_path: Path) -> None:
    older_file(tmp_path, "n1")
    people = People.open(tmp_path)
    assert [note.id for note in people.notes()] == ["n1"]
    assert ask(people, "Why two?", known="g1").askers == (Asker("A. Meyer", "meyer@example.org", 1, 30),)
    people.close()
    assert version_of(tmp_path / "people.db") == SCHEMA_VERSION
    versions = [version_of(each) for each in sorted((tmp_path / "backups").glob("*.db"))]
    assert versions[0] == 1, "the state of the older version can be gone back to"
    assert not [each.name for each in tmp_path.iterdir() if ".new" in each.name]


def test_S7_a_disk_that_is_full_leaves_the_older_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older_file(tmp_path, "n1")
    before = (tmp_path / "people.db").read_bytes()
    real = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target.name == "people.db":
            raise OSError(28, "No space left on device")
        return real(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refuse)
        with pytest.raises(StorageError, match="No space left"):
            People.open(tmp_path)
    assert (tmp_path / "people.db").read_bytes() == before
    people = People.open(tmp_path)
    assert [note.id for note in people.notes()] == ["n1"]
    people.close()


def test_what_each_worktree_had_is_taken_over_once_and_stays_where_it_was(tmp_path: Path) -> None:
    shared, one, two = tmp_path / "people", tmp_path / "one", tmp_path / "two"
    older_file(one, "n1", asked=2)
    older_file(two, "n2", asked=3)
    for earlier in (one, two, one):
        people = People.open(shared, earlier)
        people.close()
    people = People.open(shared, two)
    assert {note.id for note in people.notes()} == {"n1", "n2"}
    assert [(gap.id, gap.asked) for gap in people.gaps()] == [("g1", 5)]
    assert [row.kept for row in people.asked_rows(0, 9)[0]] == [True, True]
    assert people.seen("overview:one") == people.seen("overview:two")
    assert people.seen("overview") is None
    people.close()
    assert sorted(each.name for each in one.glob("people.db*")) == ["people.db.taken-over"]
    assert sorted(each.name for each in (shared / "notes").iterdir()) == ["n1.md", "n2.md"]


def test_a_takeover_that_was_killed_before_its_end_counts_nothing_twice(tmp_path: Path) -> None:
    shared, one = tmp_path / "people", tmp_path / "one"
    older_file(one, "n1", asked=2)
    People.open(shared, one).close()
    (one / "people.db.taken-over").rename(one / "people.db")  # as if it had died just before
    people = People.open(shared, one)
    assert [gap.asked for gap in people.gaps()] == [2]
    assert people.asked_rows(0, 9)[1] == 1
    people.close()


def test_S8_a_newer_file_of_a_worktree_is_refused_and_nothing_is_changed(tmp_path: Path) -> None:
    shared, one = tmp_path / "people", tmp_path / "one"
    older_file(one, "n1")
    db = sqlite3.connect(one / "people.db")
    db.execute("PRAGMA user_version = 99")
    db.close()
    before = (one / "people.db").read_bytes()
    with pytest.raises(NewerSchemaError):
        People.open(shared, one)
    assert (one / "people.db").read_bytes() == before


def test_two_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    opened = [People.open(tmp_path), People.open(tmp_path)]
    note = opened[0].add_note(a_note("shared"))

    def work(people: People, mine: str) -> None:
        for number in range(15):
            people.add_note(a_note(f"{mine} {number}"))
            ask(people, "Why two?")
            people.change_note(note.id, lambda old: _with(old, f"{old.text} {mine}"))

    threads = [
        threading.Thread(target=work, args=(each, name)) for each, name in zip(opened, "ab", strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for people in opened:
        assert len(people.notes()) == 31
        (gap,) = people.gaps()
        assert (gap.asked, gap.askers[0].asked) == (30, 30)
        words = people.note(note.id).text.split()[1:]
        assert (words.count("a"), words.count("b")) == (15, 15), "each change was made on the newest text"
        assert len(people.note_versions(note.id)) == 31
        people.close()


def _with(note: Note, text: str) -> Note:
    return replace(note, text=text)


def test_who_has_a_file_open_that_was_replaced_goes_on_with_the_new_one(tmp_path: Path) -> None:
    here = People.open(tmp_path)
    kept = here.add_note(a_note("before"))
    damaged = (tmp_path / "people.db").read_bytes()
    (tmp_path / "people.db").unlink()
    (tmp_path / "people.db").write_bytes(b"\x17" * len(damaged))
    there = People.open(tmp_path)
    assert there.notices
    late = here.add_note(a_note("after"))
    assert {note.id for note in there.notes()} == {kept.id, late.id}
    here.close()
    there.close()


def test_who_has_a_file_open_that_was_deleted_begins_a_new_one(tmp_path: Path) -> None:
    people = People.open(tmp_path / "people")
    people.add_note(a_note("before"))
    shutil.rmtree(tmp_path / "people")
    assert people.notes() == ()
    assert people.add_note(a_note("after")) in people.notes()
    people.close()


def test_a_gap_counts_who_met_it_and_in_which_words(tmp_path: Path) -> None:
    people = People.open(tmp_path)
    first = ask(people, "Why two?")
    ask(people, "Why are there two?", Person("Ben", "ben@example.org"), first.id)
    gap = ask(people, "Why two?")
    assert (gap.asked, gap.wordings) == (3, ("Why are there two?",))
    assert [(each.name, each.asked) for each in gap.askers] == [("A. Meyer", 2), ("Ben", 1)]
    people.close()


def test_an_edit_of_a_published_file_is_taken_once(tmp_path: Path) -> None:
    people = People.open(tmp_path)
    note = people.add_note(a_note("t"))
    people.keep_published(note.id, PublishedAs("docs/lore/t.md", "d1", 1), 5)
    assert not people.take_edit(_with(note, "Old."), "docs/lore/t.md", "d1", 6)
    assert people.take_edit(_with(note, "New."), "docs/lore/t.md", "d2", 6)
    assert not people.take_edit(_with(note, "New."), "docs/lore/t.md", "d2", 7)
    assert [each.text for each in people.note_versions(note.id)] == ["Because.", "New."]
    assert [each.digest for each in people.published()[note.id]] == ["d1", "d2"]
    people.close()


def test_reviews_come_back_newest_first(tmp_path: Path) -> None:
    people = People.open(tmp_path)
    for when, mark in enumerate((ReviewMark.CONFIRMED, ReviewMark.DISPUTED)):
        people.add_review(Review(mark, "A", when, "so", "c" * 40, "a@b", "Why?"), ["x"])
    assert [(review.mark, cited) for review, cited in people.reviews()] == [
        (ReviewMark.DISPUTED, ("x",)),
        (ReviewMark.CONFIRMED, ("x",)),
    ]
    people.close()
