"""The one door, without a process: what it composes is fresh, honest and complete."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.errors import ModelError, NotFoundError
from indexer.index import embedding
from indexer.knowledge import KnowledgeBase
from indexer.types import AnchorState, ChunkKind, FoundBy, NoteDraft, Phase, Progress, Query
from tests.conftest import Bench, SmallRepository


class Free:
    """Lets work run, and keeps what it reports."""

    def __init__(self) -> None:
        self.told: list[Progress] = []

    def checkpoint(self) -> None:
        pass

    def report(self, progress: Progress) -> None:
        self.told.append(progress)


@pytest.fixture
def knowledge(bench: Bench, small_repository: SmallRepository) -> Iterator[KnowledgeBase]:
    settings = replace(bench.settings, indexing=replace(bench.settings.indexing, parse_workers=1))
    opened = KnowledgeBase.open(bench.locate(small_repository), settings)
    yield opened
    opened.close()


def test_words_come_first_and_vectors_join_them(knowledge: KnowledgeBase) -> None:
    assert not knowledge.searchable()
    control = Free()
    report = knowledge.words(control)
    assert knowledge.searchable()
    assert (report.words_complete, report.vectors_complete) == (True, False)
    by_words = knowledge.search(Query("greeting"))
    assert by_words.freshness.embedded == 0
    assert all(FoundBy.VECTOR not in hit.found_by for hit in by_words.hits)
    report = knowledge.embed(control)
    assert report.vectors_complete
    found = knowledge.search(Query("greeting"))
    assert any(FoundBy.VECTOR in hit.found_by for hit in found.hits)
    assert found.freshness.embedded == found.freshness.passages == 5
    assert {Phase.SCAN, Phase.EMBED} <= {each.phase for each in control.told}


def test_freshness_tells_how_far_HEAD_moved_without_reading_anything_anew(
    knowledge: KnowledgeBase, small_repository: SmallRepository
) -> None:
    knowledge.words(Free())
    assert not knowledge.outdated()
    indexed = small_repository.head
    for number in range(3):
        small_repository.commit(f"Change {number}", {"a.txt": f"{number}\n"})
    assert knowledge.outdated()
    freshness = knowledge.search(Query("greet")).freshness
    assert (freshness.commit_id, freshness.head_id) == (indexed, small_repository.head)
    assert freshness.behind == 3
    small_repository.git("checkout", "--quiet", "other")
    assert knowledge.search(Query("greet")).freshness.behind == 0
    knowledge.words(Free())
    assert knowledge.search(Query("greet")).freshness.commit_id == small_repository.head


def test_R8_while_the_commit_of_HEAD_cannot_be_read_answers_say_that_the_index_is_as_it_was(
    knowledge: KnowledgeBase, small_repository: SmallRepository
) -> None:
    knowledge.words(Free())
    indexed = small_repository.head
    oid = small_repository.commit("Change", {"a.txt": "1\n"})
    lost = small_repository.path / ".git" / "objects" / oid[:2] / oid[2:]
    kept = lost.read_bytes()
    lost.chmod(0o644)
    lost.write_bytes(b"")
    for _ in range(2):
        found = knowledge.search(Query("greet"))
        assert found.hits
        assert found.freshness.commit_id == indexed
        assert any("Answers are from the index as it was" in each for each in found.freshness.notices)
        knowledge.words(Free())
    said = [each.message for each in knowledge.health().findings if each.check == "repository"]
    assert any("cannot be read now" in each for each in said)
    assert not any("no commit yet" in each for each in said)
    lost.write_bytes(kept)
    found = knowledge.search(Query("greet"))
    assert found.freshness.notices == ()
    assert (found.freshness.head_id, found.freshness.behind) == (oid, 1)


def test_notes_are_counted_found_and_compared_with_their_code(
    knowledge: KnowledgeBase, small_repository: SmallRepository
) -> None:
    knowledge.words(Free())
    note = knowledge.add_note(NoteDraft("Why Hello", "The platform wants it.", "src/greet.py:1", "Mary"))
    hits = knowledge.search(Query("platform wants", kinds=(ChunkKind.NOTE,))).hits
    assert [hit.note_id for hit in hits] == [note.id]
    assert knowledge.note(note.id).state is AnchorState.CURRENT
    small_repository.commit("Rewrite", {"src/greet.py": "def welcome():\n    return 1\n"})
    assert knowledge.words(Free()).chunks.note == 1
    assert knowledge.note(note.id).state is not AnchorState.CURRENT
    with pytest.raises(NotFoundError):
        knowledge.note("n0")


def test_status_and_health_agree_with_the_repository(
    knowledge: KnowledgeBase, small_repository: SmallRepository
) -> None:
    knowledge.words(Free())
    status = knowledge.status(None)
    assert status.repository.branch == "main"
    assert (status.files, status.commits) == (2, 3)
    assert status.chunks.commit == 3
    assert status.languages == {"markdown": 1, "python": 1}
    assert status.disk_bytes > 0
    assert not knowledge.health().damaged


def test_S14_a_model_that_is_missing_costs_meaning_and_not_words(
    knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(embedding, "packaged_folder", lambda _name: tmp_path / "nowhere")
    knowledge.words(Free())
    with pytest.raises(ModelError) as caught:
        knowledge.embed(Free())
    assert caught.value.hint
    with knowledge._catalog.transaction() as writer:
        writer.execute("INSERT INTO meta VALUES ('model', 'one that was there before')")
    found = knowledge.search(Query("greet"))
    assert found.hits
    assert caught.value.message in found.notices[0]
