"""Tours kept, edited by two, published, read back, and walked on when their file is gone."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from indexer.errors import NotFoundError, UsageError
from indexer.guide.tours.editing import merged
from indexer.guide.tours.tour_file import written
from indexer.knowledge import KnowledgeBase
from indexer.shapes.onboarding import (
    SessionAct,
    SessionName,
    SessionStart,
    SessionStep,
    Tour,
    TourEdit,
    TourName,
    TourPublish,
)
from indexer.types import AnchorState, Person, PublishOutcome
from tests.conftest import Bench, SmallRepository
from tests.guide.conftest import BOB, OpenKnowledge, Quiet
from tests.guide.tours.conftest import EVE, STORE, build_till, derived

ADA = Person("Ada Lovelace", "ada@example.com")


@pytest.fixture
def repository(bench: Bench) -> SmallRepository:
    return build_till(bench.make("till"))


@pytest.fixture
def own(open_knowledge: OpenKnowledge, repository: SmallRepository) -> KnowledgeBase:
    return open_knowledge(repository)


def edited(knowledge: KnowledgeBase, tour: Tour, old: str, new: str, by: Person = EVE, base: int = 0) -> Tour:
    """Change the text of a version of a tour."""
    text = knowledge.mentor.tours.text(TourName(tour.id, base or tour.version)).text
    assert old in text
    change = TourEdit(tour.id, base or tour.version, text.replace(old, new, 1), by)
    return knowledge.mentor.tours.edit(change)


def test_what_is_not_touched_keeps_its_citations(till: KnowledgeBase, tour: Tour) -> None:
    text = till.mentor.tours.text(TourName(tour.id)).text
    same = till.mentor.tours.edit(TourEdit(tour.id, tour.version, text, EVE))
    assert same.steps == tour.steps
    assert same.version == tour.version + 1


def test_what_a_person_writes_is_shown_as_theirs(own: KnowledgeBase) -> None:
    tour = derived(own)
    changed = edited(own, tour, "**Read:** ", "Start the server before you read on.\n\n**Read:** ")
    lines = [line for line in changed.steps[0].lines if line.by]
    assert [line.statement.text for line in lines] == ["Start the server before you read on."]
    assert lines[0].by == "Eve Newcomer"
    assert not lines[0].statement.citations


def test_a_new_step_with_code_to_read_by_name(own: KnowledgeBase) -> None:
    tour = derived(own)
    mine = "## Ask Bob about cents\n\nHe knows the bank.\n\n**Read:** till.money.round_price\n\n"
    text = own.mentor.tours.text(TourName(tour.id)).text
    at = text.index("## ", text.index("## ") + 3)
    changed = own.mentor.tours.edit(TourEdit(tour.id, 1, text[:at] + mine + text[at:], EVE))
    step = changed.steps[1]
    assert step.title == "Ask Bob about cents"
    assert step.reading[0].anchor.path == "till/money.py"
    assert len(changed.steps) == len(tour.steps) + 1


def test_a_text_that_is_no_tour_is_refused_and_nothing_is_kept(own: KnowledgeBase) -> None:
    tour = derived(own)
    for text in ("", "no front matter", "---\ntour: 1\n---\n\n# Nothing\n", "x" * 500_000):
        with pytest.raises(UsageError):
            own.mentor.tours.edit(TourEdit(tour.id, 1, text, EVE))
    with pytest.raises(UsageError, match="cannot be found"):
        edited(own, tour, "**Read:** ", "**Read:** NoSuchThing\n\n**Read:** ")
    assert own.mentor.tours.kept(TourName(tour.id)).version == 1


def test_two_people_editing_one_tour_both_are_kept_and_told(own: KnowledgeBase) -> None:
    tour = derived(own)
    first, second = tour.steps[0], tour.steps[1]
    edited(own, tour, f"## {first.title}", "## Ada's beginning", ADA)
    both = edited(own, tour, f"## {second.title}", "## Eve's second", EVE, base=1)
    assert [step.title for step in both.steps[:2]] == ["Ada's beginning", "Eve's second"]
    assert any("Ada Lovelace wrote version 2" in notice for notice in both.notices)
    versions = own.mentor.tours.versions(TourName(tour.id)).tours
    assert [each.by for each in versions] == ["Eve Newcomer", "Ada Lovelace", "Eve Newcomer"]


def test_a_step_that_both_changed_stands_there_twice(own: KnowledgeBase) -> None:
    tour = derived(own)
    title = f"## {tour.steps[0].title}"
    edited(own, tour, title, "## Ada's title", ADA)
    both = edited(own, tour, title, "## Eve's title", EVE, base=1)
    assert [step.title for step in both.steps[:2]] == ["Eve's title", "Ada's title (as Ada Lovelace has it)"]
    assert any("Both changed" in notice for notice in both.notices)
    assert len({step.key for step in both.steps}) == len(both.steps)


def test_a_step_that_one_took_out_and_the_other_changed_comes_back(tour: Tour) -> None:
    changed = replace(tour.steps[1], title="Changed")
    newest = replace(tour, version=2, by="Ada", steps=(tour.steps[0], changed, *tour.steps[2:]))
    steps, _ = merged(tour, (tour.steps[0], *tour.steps[2:]), newest)
    assert [step.title for step in steps[:2]] == [tour.steps[0].title, "Changed"]
    untouched, _ = merged(tour, (tour.steps[0], *tour.steps[2:]), replace(newest, steps=tour.steps))
    assert len(untouched) == len(tour.steps) - 1


def test_the_index_moves_on_under_a_tour(own: KnowledgeBase, repository: SmallRepository) -> None:
    tour = derived(own)
    moved = "# A licence.\n# Of two lines.\n" + STORE
    repository.commit("Move the store down", {"till/store.py": moved})
    own.words(Quiet())
    shown = own.mentor.tours.show(TourName(tour.id))
    readings = [each for step in shown.steps for each in step.reading if each.anchor.path == "till/store.py"]
    lines = [line for step in shown.steps for line in step.lines]
    assert all(line.state is AnchorState.CURRENT for line in lines)
    assert all(each.state is AnchorState.CURRENT for each in readings if each.anchor.start_line > 3)


def test_code_that_changed_or_went_is_marked(own: KnowledgeBase, repository: SmallRepository) -> None:
    tour = derived(own)
    repository.git("rm", "-q", "till/store.py")
    repository.commit(
        "Drop the store", {"till/money.py": "def round_price(price):\n    return round(price)\n"}
    )
    own.words(Quiet())
    shown = own.mentor.tours.show(TourName(tour.id))
    states = {line.state for step in shown.steps for line in step.lines}
    states |= {each.state for step in shown.steps for each in step.reading}
    assert {AnchorState.STALE, AnchorState.ORPHANED} <= states
    assert any("changed since this tour was made" in notice for notice in shown.notices)
    assert own.mentor.tours.kept(TourName(tour.id)).steps == tour.steps


def test_published_and_published_again_nothing_is_written(
    own: KnowledgeBase, repository: SmallRepository
) -> None:
    tour = derived(own)
    report = own.mentor.tours.publish(TourPublish())
    assert [each.outcome for each in report.files] == [PublishOutcome.WRITTEN]
    file = repository.path / report.files[0].path
    assert file.read_text("utf-8") == written(own.mentor.tours.kept(TourName(tour.id)))
    again = own.mentor.tours.publish(TourPublish(tours=(tour.id,)))
    assert [each.outcome for each in again.files] == [PublishOutcome.UNCHANGED]
    file.write_text(file.read_text("utf-8") + "\nMine.\n", "utf-8")
    refused = own.mentor.tours.publish(TourPublish())
    assert [each.outcome for each in refused.files] == [PublishOutcome.REFUSED]


def test_a_colleagues_edit_of_the_file_is_the_next_version(
    own: KnowledgeBase, repository: SmallRepository
) -> None:
    tour = derived(own)
    report = own.mentor.tours.publish(TourPublish())
    path = report.files[0].path
    repository.commit("Keep the tour", {})
    text = (repository.path / path).read_text("utf-8")
    repository.commit("Say more", {path: text.replace(f"## {tour.steps[0].title}", "## Bob's words")}, BOB)
    own.words(Quiet())
    shown = own.mentor.tours.show(TourName(tour.id))
    assert shown.steps[0].title == "Bob's words"
    assert shown.by == "Bob Meyer"
    assert len(own.mentor.tours.versions(TourName(tour.id)).tours) == 2
    assert len(own.mentor.tours.all().tours) == 1


def foreign(repository: SmallRepository, tour: Tour) -> str:
    """Commit a tour's file as somebody else would have it; return its path."""
    text = written(replace(tour, id="t00000000", title="Bob's way"))
    repository.commit("Add a tour", {"docs/tours/bobs.md": text}, BOB)
    return "docs/tours/bobs.md"


def test_a_tour_of_somebody_else_is_read_and_only_proven_quotations_are_believed(
    own: KnowledgeBase, repository: SmallRepository
) -> None:
    path = foreign(repository, derived(own))
    own.words(Quiet())
    head = next(each for each in own.mentor.tours.all().tours if each.source == path)
    shown = own.mentor.tours.show(TourName(head.id))
    lines = [line for step in shown.steps for line in step.lines]
    assert {line.by for line in lines} == {"", "Bob Meyer"}
    assert all(line.statement.quoted for line in lines if not line.by)


def test_a_tour_whose_file_was_deleted_is_walked_on(own: KnowledgeBase, repository: SmallRepository) -> None:
    path = foreign(repository, derived(own))
    own.words(Quiet())
    head = next(each for each in own.mentor.tours.all().tours if each.source == path)
    page = own.mentor.sessions.start(SessionStart(head.id, EVE))
    repository.git("rm", "-q", path)
    repository.commit("Drop the tour")
    own.words(Quiet())
    page = own.mentor.sessions.step(SessionStep(page.session.id, SessionAct.DONE))
    assert page.session.done
    assert any(f"The file {path} is not there any more" in notice for notice in page.notices)


def test_a_file_that_means_to_be_a_tour_and_is_none_is_listed(
    own: KnowledgeBase, repository: SmallRepository
) -> None:
    repository.commit("Break one", {"docs/tours/broken.md": "---\ntitle: x\ntour: 1\n---\n\nNo steps.\n"})
    own.words(Quiet())
    assert [each.path for each in own.mentor.tours.all().problems] == ["docs/tours/broken.md"]


def test_t2_t4_markup_of_a_repository_is_text_in_the_file(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = build_till(bench.make("evil"))
    said = "The till is a <img src=file:///etc/passwd> shop [x](javascript:alert(1)) \u202e server of a kind."
    evil = f"# Till\n\n{said}\n"
    made.commit("Be evil <script>", {"README.md": evil})
    knowledge = open_knowledge(made)
    tour = derived(knowledge)
    text = knowledge.mentor.tours.text(TourName(tour.id)).text
    assert "<img" not in text.replace("\\<img", "")
    assert "](javascript" not in text
    assert "\u202e" not in text


def test_put_away_and_brought_back(own: KnowledgeBase) -> None:
    tour = derived(own)
    own.mentor.tours.delete(TourName(tour.id))
    assert not own.mentor.tours.all().tours
    own.mentor.tours.restore(TourName(tour.id))
    assert [each.id for each in own.mentor.tours.all().tours] == [tour.id]
    with pytest.raises(NotFoundError):
        own.mentor.tours.show(TourName("nope"))


def test_a_session_on_a_tour_that_is_edited_goes_on(own: KnowledgeBase) -> None:
    tour = derived(own)
    page = own.mentor.sessions.start(SessionStart(tour.id, EVE))
    own.mentor.sessions.step(SessionStep(page.session.id, SessionAct.DONE))
    text = own.mentor.tours.text(TourName(tour.id)).text
    at = text.index("## ", text.index("## ") + 3)
    end = text.index("## ", at + 3)
    own.mentor.tours.edit(TourEdit(tour.id, 1, text[:at] + "## New\n\nA word.\n\n" + text[end:], ADA))
    page = own.mentor.sessions.show(SessionName(page.session.id))
    assert page.session.done == (tour.steps[0].key,)
    assert any("1 steps are new, 1 were taken out" in notice or "new" in notice for notice in page.notices)
    assert json.loads(json.dumps(page.session.current))
