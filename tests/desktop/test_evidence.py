"""The evidence pane on a real engine: lines, who wrote them, what else speaks of them, and what is gone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from desktop.engine import Link
from desktop.places import AskPlace, CommitPlace, SourcePlace
from desktop.theme import Theme
from desktop.views.evidence import EvidencePane
from desktop.widgets.related import RelatedPanel
from indexer.protocol import INDEX, IndexRequest
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk, ask, rest, shown, until
from tests.desktop.test_ask import GAP, WHY, answered, open_view

QUEUE = SourcePlace("worker/queue.py", 12, 14)


@pytest.fixture
def pane(story_link: Link, theme: Theme) -> EvidencePane:
    made = EvidencePane(theme)
    made.set_link(story_link)
    shown(made, 660, 824)
    return made


def at(pane: EvidencePane, place: SourcePlace) -> EvidencePane:
    pane.show_place(place)
    until(lambda: pane.head.title() == place.path.rsplit("/", 1)[-1] and pane.code.isVisible())
    until(lambda: pane.code.blame)
    return pane


def rows(pane: EvidencePane) -> list[str]:
    return [row.title for row in pane.related().panel.rows()]


def opened_by(pane: EvidencePane) -> list[object]:
    found: list[object] = []
    pane.opened.connect(found.append)
    return found


def test_lines_come_with_colours_blame_and_the_commit_that_changed_them_last(pane: EvidencePane) -> None:
    at(pane, QUEUE)
    assert pane.code.cited == (12, 14)
    until(lambda: pane.code._tokens)
    run = pane.strip.run_shown()
    assert run is not None
    assert run.subject == "Fix the prefetch count of a worker without slots"
    assert run.author == "Ben Nadler"
    found = opened_by(pane)
    QTest.mouseClick(pane.strip, Qt.MouseButton.LeftButton)
    assert found == [CommitPlace(run.commit_id)]


def test_the_history_of_the_lines_is_a_list_of_commits(pane: EvidencePane) -> None:
    at(pane, QUEUE)
    pane.head.history.click()
    until(lambda: "Hand out tasks one at a time" in rows(pane))
    assert rows(pane)[0] == "Fix the prefetch count of a worker without slots"
    found = opened_by(pane)
    pane.related().panel.list.clicked.emit(pane.related().panel._model.index(0))
    assert isinstance(found[0], CommitPlace)


def test_a_name_that_is_clicked_shows_where_it_is_defined_and_used(pane: EvidencePane) -> None:
    at(pane, QUEUE)
    pane.code.nameClicked.emit("prefetch_count")
    until(lambda: "Defined" in rows(pane))
    assert "Used" in rows(pane)
    pane.related().panel.closed.emit()
    assert "Defined" not in rows(pane)


def test_following_a_name_goes_to_its_definition(pane: EvidencePane) -> None:
    at(pane, QUEUE)
    found = opened_by(pane)
    pane.code.nameFollowed.emit("PREFETCH_MULTIPLIER")
    until(lambda: found)
    assert isinstance(found[0], SourcePlace)
    assert found[0].path == "worker/settings.py"


def test_a_word_that_is_no_name_changes_nothing(pane: EvidencePane) -> None:
    at(pane, QUEUE)
    rest(0.3)
    before = rows(pane)
    pane.code.nameClicked.emit("nonesuch")
    rest(0.5)
    assert rows(pane) == before


def test_what_else_mentions_the_lines_is_listed_below(pane: EvidencePane) -> None:
    at(pane, SourcePlace("worker/settings.py", 4, 4))
    until(lambda: "docs/optimizing.md" in rows(pane))


def test_a_commit_is_a_page_with_message_author_and_changed_files(
    pane: EvidencePane, story_repository: SmallRepository
) -> None:
    pane.show_place(CommitPlace(story_repository.git("rev-parse", "HEAD~3")))
    until(lambda: pane.paper.findChildren(RelatedPanel))
    said = [each.text() for each in pane.paper.findChildren(QLabel)]
    assert "Reserve four tasks for each process" in said
    assert pane.head.title() == story_repository.git("rev-parse", "HEAD~3")[:9]
    changed = pane.paper.findChildren(RelatedPanel)[0]
    assert [row.title for row in changed.rows()] == ["worker/settings.py"]
    found: list[object] = []
    pane.opened.connect(found.append)
    parent = next(
        each for each in pane.paper.findChildren(QAbstractButton) if each.text().startswith("Parent")
    )
    QTest.mouseClick(parent, Qt.MouseButton.LeftButton)
    assert isinstance(found[0], CommitPlace)


def test_no_page_opens_a_window_of_its_own(pane: EvidencePane, story_repository: SmallRepository) -> None:
    pane.show_place(CommitPlace(story_repository.head))
    until(lambda: pane.paper.findChildren(RelatedPanel))
    rest()
    at(pane, QUEUE)
    shown_windows = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    assert shown_windows == [pane]
    assert QApplication.activeWindow() is pane


def test_a_file_as_of_a_commit_says_so(pane: EvidencePane, story_repository: SmallRepository) -> None:
    first = story_repository.git("rev-list", "--max-parents=0", "HEAD")
    pane.show_place(SourcePlace("worker/queue.py", 1, 1, commit_id=first))
    until(lambda: "1 * PREFETCH" in pane.code.toPlainText())
    assert any("as of" in each.text() for each in pane.head.findChildren(QLabel))


def test_a_file_that_is_not_there_says_so_and_leaves_the_rest_usable(pane: EvidencePane) -> None:
    pane.show_place(SourcePlace("no/such.py", 3, 3))
    until(lambda: any("no/such.py" in each.text() for each in pane.paper.findChildren(QLabel)))
    at(pane, QUEUE)


def test_finding_in_the_source_and_going_to_a_line(pane: EvidencePane) -> None:
    at(pane, QUEUE)
    pane.begin_find()
    QTest.keyClicks(pane._find.field, "tasks")
    assert pane._find._said.text().endswith("of 4")
    QTest.keyClick(pane._find.field, Qt.Key.Key_Return)
    pane.begin_find(to_line=True)
    QTest.keyClicks(pane._find.field, "18")
    assert pane.code.textCursor().blockNumber() == 17
    QTest.keyClick(pane._find.field, Qt.Key.Key_Escape)
    assert not pane._find.isVisible()


def test_the_person_s_editor_is_asked_for_at_the_line(pane: EvidencePane) -> None:
    at(pane, QUEUE)
    asked: list[tuple[str, int]] = []
    pane.editorWanted.connect(lambda path, line: asked.append((path, line)))
    QTest.mouseClick(pane.head.editor, Qt.MouseButton.LeftButton)
    assert asked == [("worker/queue.py", 12)]


def test_a_pinned_source_stays_in_the_list_through_other_answers(story_link: Link, theme: Theme) -> None:
    view = answered(open_view(story_link, theme), WHY)
    view.show_place(QUEUE)
    until(lambda: view.evidence.head.title() == "queue.py")
    QTest.mouseClick(view.evidence.head.pin, Qt.MouseButton.LeftButton)
    answered(view, GAP)
    pinned = view.evidence._list.rows()[-1]
    assert (pinned.section, pinned.number, pinned.source.first.path) == ("Pinned", 0, "worker/queue.py")


def test_a_source_of_another_place_leaves_the_answer_where_it_is(story_link: Link, theme: Theme) -> None:
    view = answered(open_view(story_link, theme), WHY)
    view.show_place(QUEUE)
    until(lambda: view.evidence.head.title() == "queue.py")
    assert view.evidence.selected() == 0
    assert view.shown.answer.question == WHY
    view.show_place(AskPlace(WHY))
    assert view.evidence.selected() == 1


def test_quick_steps_show_the_last_one_only(pane: EvidencePane) -> None:
    for path in ("worker/queue.py", "worker/settings.py", "docs/optimizing.md") * 5:
        pane.show_place(SourcePlace(path, 1, 1))
    until(lambda: "Optimizing" in pane.code.toPlainText())
    rest(0.5)
    assert pane.code._page is not None
    assert pane.code._page.path == "docs/optimizing.md"


def test_lines_whose_file_is_gone_are_shown_as_they_were_cited(
    desk: Desk, own_story: SmallRepository, theme: Theme
) -> None:
    link = desk.indexed(own_story)
    view = answered(open_view(link, theme), WHY)
    source = next(each for each in view.shown.page.sources if each.first.path == "worker/settings.py")
    own_story.git("rm", "--quiet", "-r", "worker")
    own_story.commit("Throw the worker away")
    ask(link, INDEX, IndexRequest())
    view.evidence.forget()
    view.show_citation(source.number)
    until(lambda: source.first.quote in view.evidence.code.toPlainText())


def test_P9_T1_odd_characters_and_secrets_are_told_above_the_lines(
    desk: Desk, own_story: SmallRepository, theme: Theme
) -> None:
    key = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    text = f"def allowed(user):\n    return user == 'admin\u202e \u2066# '\nKEY = '{key}'\n"
    own_story.commit("Add access", {"worker/access.py": text, "worker/wide.txt": "x" * 3_000 + "\nshort\n"})
    pane = EvidencePane(theme)
    pane.set_link(desk.indexed(own_story))
    shown(pane, 660, 824)
    at(pane, SourcePlace("worker/access.py", 2, 2))
    assert "U+202E" in pane.code.toPlainText()
    assert "Odd characters are shown by their codes in 1 line." in pane._notice.text()
    assert key not in pane.code.toPlainText()
    assert "Secrets are hidden in 1 line." in pane._notice.text()
    at(pane, SourcePlace("worker/wide.txt", 2, 2))
    assert "…" in pane.code.toPlainText() or pane._notice.isVisible()


def test_nothing_to_show_says_what_the_pane_is_for(theme: Theme) -> None:
    pane = EvidencePane(theme)
    shown(pane, 600, 600)
    assert any(
        "sources of an answer" in each.text() for each in pane.findChildren(QLabel) if each.isVisible()
    )
    pane.step(1)
    pane.open_in_editor()
    pane.begin_find()
