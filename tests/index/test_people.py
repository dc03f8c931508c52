import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.errors import NewerSchemaError, NotFoundError
from indexer.index.people import AskedQuestion, People
from indexer.types import Anchor, AnchorState, Category, Contact, Gap, Note, VerdictStatus

ANCHOR = Anchor("src/pay.py", "Payment.settle", 3, 5, "c" * 40, "b" * 40, "def settle():\n    pass\n")


def a_note(title="Why month end runs twice", **fields):
    note = Note(
        id="",
        title=title,
        text="Accounting needs the gap of Q3 closed.\n\n---\n* since 2019\n",
        author="A. Meyer",
        email="meyer@example.org",
        created=1_700_000_000,
        updated=1_700_000_000,
        category=Category.BUSINESS,
        anchor=ANCHOR,
        state=AnchorState.CURRENT,
    )
    return replace(note, **fields)


def a_gap(question="Why does settlement run twice?"):
    return Gap(
        "", question, Category.BUSINESS, "the reason", 1, 10, 10, None, (Contact("A", "", "b"),), ("x",)
    )


def record(people, gap, status=VerdictStatus.MISSING):
    return people.record(AskedQuestion(gap.question, 10, status, gap.category, None, None), gap)


@pytest.fixture
def people(tmp_path):
    opened = People.open(tmp_path)
    yield opened
    opened.close()


def test_a_note_comes_back_as_it_was_given(people):
    kept = people.add_note(a_note())
    assert people.note(kept.id) == kept
    assert people.notes() == (kept,)


def test_a_changed_note_keeps_its_earlier_versions(people):
    kept = people.add_note(a_note())
    people.change_note(kept.id, lambda note: replace(note, text="Not so.", updated=note.updated + 60))
    assert [note.text for note in people.note_versions(kept.id)] == [kept.text, "Not so."]
    assert people.notes()[0].created == kept.created


def test_an_unknown_note_and_an_unknown_gap_are_named(people):
    with pytest.raises(NotFoundError, match="n0"):
        people.note("n0")
    with pytest.raises(NotFoundError, match="g0"):
        people.add_note(a_note(gap_id="g0"))
    assert people.notes() == ()


def test_the_same_question_in_another_dress_counts_one_gap_twice(people):
    first = record(people, a_gap())
    again = record(people, a_gap("why does  settlement run twice"))
    assert (again.id, again.asked, again.question) == (first.id, 2, first.question)
    assert again.contacts == (Contact("A", "", "b"),)


def test_a_note_closes_its_gap(people):
    gap = record(people, a_gap())
    note = people.add_note(a_note(gap_id=gap.id))
    assert people.gaps() == ()
    assert [each.note_id for each in people.gaps(closed=True)] == [note.id]


def test_questions_asked_are_listed_newest_first(people):
    for at, status in enumerate((VerdictStatus.GROUNDED, VerdictStatus.MISSING)):
        people.record(AskedQuestion(f"q{at}", at, status, None, None, None), None)
    assert [each.question for each in people.asked()] == ["q1", "q0"]


def test_each_commit_waits_for_the_disk(people):
    assert people._store._db.execute("PRAGMA synchronous").fetchone() == (2,)


def test_three_backups_are_kept_and_a_start_that_changes_nothing_adds_none(tmp_path):
    for number in range(5):
        people = People.open(tmp_path)
        people.add_note(a_note(f"note {number}"))
        people.close()
    People.open(tmp_path).close()
    People.open(tmp_path).close()
    backups = sorted((tmp_path / "backups").iterdir())
    assert len(backups) == 3
    counts = [
        sqlite3.connect(each).execute("SELECT count(*) FROM note_version").fetchone()[0] for each in backups
    ]
    assert counts == [3, 4, 5]


def damage(path: Path, how: str) -> None:
    data = path.read_bytes()
    spoilt = {"truncated": data[: len(data) // 2], "garbage": b"\x17" * len(data), "empty": b""}
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(spoilt[how])


@pytest.mark.parametrize("how", ["truncated", "garbage", "empty", "gone"])
def test_S9_people_come_back_from_the_last_backup_and_the_markdown_files(tmp_path, how):
    people = People.open(tmp_path)
    gap = record(people, a_gap())
    old = people.add_note(a_note())
    people.close()
    people = People.open(tmp_path)
    late = people.add_note(a_note("after the backup", gap_id=gap.id, updated=1_700_000_500))
    lost = record(people, a_gap("Who signs this off?"))
    people.close()

    damage(tmp_path / "people.db", how)
    people = People.open(tmp_path)

    assert set(people.notes()) == {old, late}
    assert people.gap(gap.id).note_id == late.id
    with pytest.raises(NotFoundError):
        people.gap(lost.id)
    assert "1 of them taken from their Markdown files" in people.notices[0]
    assert "after the backup people-" in people.notices[0]
    people.close()
    assert People.open(tmp_path).notices == []


def test_S9_without_a_backup_notes_come_from_their_files_and_the_loss_is_named(tmp_path):
    people = People.open(tmp_path)
    kept = people.add_note(a_note())
    people.close()
    for backup in (tmp_path / "backups").iterdir():
        backup.write_bytes(b"no database")
    damage(tmp_path / "people.db", "garbage")
    people = People.open(tmp_path)
    assert people.notes() == (kept,)
    assert "gaps, the list of questions asked and earlier versions are lost" in people.notices[0]
    people.close()


def test_S8_a_newer_file_is_refused_and_not_touched(tmp_path):
    People.open(tmp_path).close()
    db = sqlite3.connect(tmp_path / "people.db")
    db.execute("PRAGMA user_version = 99")
    db.close()
    before = (tmp_path / "people.db").read_bytes()
    with pytest.raises(NewerSchemaError):
        People.open(tmp_path)
    assert (tmp_path / "people.db").read_bytes() == before


def test_a_markdown_file_broken_by_hand_is_written_again_from_the_database(tmp_path):
    people = People.open(tmp_path)
    kept = people.add_note(a_note())
    people.close()
    mirror = tmp_path / "notes" / f"{kept.id}.md"
    whole = mirror.read_text()
    mirror.write_text("---\nnothing\n")
    People.open(tmp_path).close()
    assert mirror.read_text() == whole


def test_S3_a_note_that_was_reported_survives_a_kill(tmp_path):
    program = (
        "import sys; sys.path.insert(0, 'tests/index')\n"
        "from pathlib import Path\nfrom test_people import a_note\nfrom indexer.index.people import People\n"
        f"people = People.open(Path({str(tmp_path)!r}))\n"
        "for number in range(100000):\n"
        "    print(people.add_note(a_note(f'{number}')).id, flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as child:
        reported = [child.stdout.readline().strip() for _ in range(20)]
        child.kill()
    people = People.open(tmp_path)
    assert people.notices == []
    assert set(reported) <= {note.id for note in people.notes()}
    people.close()
