"""The knowledge view: gaps and notes, the page of one, writing, and what is put away and brought back."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from desktop.drafts import NEW, Drafts
from desktop.engine import Link
from desktop.places import AskPlace, CommitPlace, KnowledgePlace, SourcePlace
from desktop.theme import Theme
from desktop.tokens import DARK, LIGHT
from desktop.views.knowledge import KnowledgeView
from desktop.widgets.gappage import GapPage
from desktop.widgets.notedesk import NoteDesk
from desktop.widgets.notepage import NotePage
from desktop.widgets.pinned import differing, excerpt, quoted, stands_now
from desktop.widgets.states import StatePage
from indexer.errors import UsageError
from indexer.pages import SourcePage, Token, TokenRole
from indexer.protocol import (
    ASK,
    GAP_DISMISS,
    GAP_RESTORE,
    GAPS,
    INDEX,
    NOTE_ADD,
    NOTE_DELETE,
    NOTE_LIST,
    GapFilter,
    GapName,
    IndexRequest,
    NoteName,
    Nothing,
    Question,
)
from indexer.types import AnchorState, Category, Gap, Note, NoteDraft
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk, _init, ask, build_story, rest, shown, until, wear

WHY = "Why does the worker delete results after one day?"
TEXT = "Results are **big**. See `worker/settings.py:7` and [the list](https://example.com/list)."


@pytest.fixture(scope="module")
def lent(
    shared_desk: Desk, tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> tuple[Link, Gap]:
    """An engine of this module's own, and a gap that a question left in it."""
    made = build_story(_init(tmp_path_factory.mktemp("knowledge") / "worker-lib", git_environment))
    link = shared_desk.indexed(made)
    for question in (WHY, "Why is the setting RESULT_EXPIRES 86400?", "Why are there no retries?"):
        ask(link, ASK, Question(question))
        found = ask(link, GAPS, GapFilter()).gaps
        if found:
            return link, found[0]
    raise AssertionError("no question left a gap")


@pytest.fixture
def link(lent: tuple[Link, Gap]) -> Link:
    """The engine with nothing written down, and no draft."""
    found = lent[0]
    for note in ask(found, NOTE_LIST, Nothing()).notes:
        ask(found, NOTE_DELETE, NoteName(note.id))
    for gap in ask(found, GAPS, GapFilter()).gaps:
        ask(found, GAP_DISMISS, GapName(gap.id))
    (found.location.index_dir.parent.parent / "drafts.ini").unlink(missing_ok=True)
    return found


@pytest.fixture
def gap(lent: tuple[Link, Gap], link: Link) -> Gap:
    """The gap, open."""
    return ask(link, GAP_RESTORE, GapName(lent[1].id))


@pytest.fixture
def note(link: Link) -> Note:
    return written(link)


def written(link: Link) -> Note:
    about = "worker/settings.py:6-7"
    draft = NoteDraft("How long results are kept", TEXT, about, "Ada", category=Category.BUSINESS)
    return ask(link, NOTE_ADD, draft)


@pytest.fixture
def view(theme: Theme, link: Link) -> Iterator[KnowledgeView]:
    made = opened(theme, link)
    yield made
    made.set_link(None)


def opened(theme: Theme, link: Link, width: int = 1300) -> KnowledgeView:
    made = KnowledgeView(theme)
    shown(made, width, 780)
    made.set_link(link)
    until(lambda: made._notes is not None and made._gaps is not None)
    rest()
    return made


def note_page(view: KnowledgeView) -> NotePage:
    assert isinstance(view.page, NotePage)
    return view.page


def writing(view: KnowledgeView) -> NoteDesk:
    assert isinstance(view.page, NoteDesk)
    return view.page


def labels(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]


# --------------------------------------------------------------------------------- the lists


def test_nothing_written_yet_is_said_with_a_first_step(view: KnowledgeView) -> None:
    assert isinstance(view.page, StatePage)
    assert view.page.title() == "Nothing is written down yet"
    QTest.mouseClick(view.page.step, Qt.MouseButton.LeftButton)
    until(lambda: isinstance(view.page, NoteDesk))


def test_gaps_and_notes_are_listed(gap: Gap, note: Note, view: KnowledgeView) -> None:
    assert view.list.gaps.count() >= 1
    row = view.list.notes._rows.rows[0]
    assert (row.title, row.right) == ("How long results are kept", "Current")
    assert row.detail.startswith("worker/settings.py 6, Ada")


def test_the_filter_looks_into_titles_and_texts(gap: Gap, note: Note, view: KnowledgeView) -> None:
    view.field.setText("BIG results")
    assert view.list.notes.count() == 1
    view.field.setText("zebra")
    assert view.list.notes.count() == view.list.gaps.count() == 0
    assert "No note fits" in labels(view.list)


def test_mine_are_the_notes_under_the_names_i_write_with(link: Link, note: Note, view: KnowledgeView) -> None:
    view.pane.mine.setChecked(True)
    assert view.list.notes.count() == 0
    view.new_note()
    writing(view).editor.author.setText("Ada")
    writing(view).editor.text.setPlainText("Another one.")
    QTest.mouseClick(writing(view).editor.keep, Qt.MouseButton.LeftButton)
    until(lambda: view.list.notes.count() == 2)


def test_the_keyboard_goes_from_gaps_to_notes_and_back(gap: Gap, note: Note, view: KnowledgeView) -> None:
    view.list.focus_first()
    for _ in range(view.list.gaps.count()):
        QTest.keyClick(view.focusWidget(), Qt.Key.Key_Down)
    assert note_page(view).note.id == note.id
    QTest.keyClick(view.list.notes, Qt.Key.Key_Up)
    assert isinstance(view.page, GapPage)


# --------------------------------------------------------------------------------- one note


def test_a_note_shows_its_text_its_code_and_when_it_goes_stale(note: Note, view: KnowledgeView) -> None:
    view.show_place(KnowledgePlace(note_id=note.id))
    until(lambda: note_page(view)._pinned)
    page = note_page(view)
    assert "Results are big." in page.prose.toPlainText()
    assert "the list (https://example.com/list)" in page.prose.toPlainText()
    assert "RESULT_EXPIRES = 86400" in page._pinned[0].code.toPlainText()
    assert page._pinned[0].code.cited == (6, 7)
    assert "lines 6 to 7 change" in labels(page)
    assert "Business rule" in labels(page)


def test_the_pinned_code_leads_to_the_file(note: Note, view: KnowledgeView) -> None:
    met: list[object] = []
    view.opened.connect(met.append)
    view.show_place(KnowledgePlace(note_id=note.id))
    until(lambda: note_page(view)._pinned)
    note_page(view)._pinned[0]._on_open()
    assert met == [SourcePlace("worker/settings.py", 6, 7)]


def test_a_stale_note_shows_both_versions_and_can_be_pinned_anew(
    desk: Desk, own_story: SmallRepository, theme: Theme
) -> None:
    link = desk.indexed(own_story)
    note = written(link)
    view = opened(theme, link)
    text = (own_story.path / "worker/settings.py").read_text()
    own_story.commit(
        "Keep results for a week", {"worker/settings.py": "# 1\n# 2\n" + text.replace("86400", "604800")}
    )
    ask(link, INDEX, IndexRequest())
    view.refresh()
    until(lambda: view._notes is not None and view._notes[0].state is AnchorState.STALE)
    view.show_place(KnowledgePlace(note_id=note.id))
    until(lambda: len(note_page(view)._pinned) == 2)
    before, after = note_page(view)._pinned
    assert "86400" in before.code.toPlainText()
    assert "604800" in after.code.toPlainText()
    assert after.code.cited == (9, 9)
    QTest.mouseClick(note_page(view).still, Qt.MouseButton.LeftButton)
    until(lambda: isinstance(view.page, NotePage) and view.page.note.state is AnchorState.CURRENT)
    anchor = note_page(view).note.anchor
    assert anchor is not None
    assert (anchor.start_line, anchor.end_line) == (8, 9)


def test_an_orphaned_note_shows_the_code_as_it_was(
    desk: Desk, own_story: SmallRepository, theme: Theme
) -> None:
    link = desk.indexed(own_story)
    note = written(link)
    view = opened(theme, link)
    own_story.git("rm", "-q", "worker/settings.py")
    own_story.commit("Have no settings", {})
    ask(link, INDEX, IndexRequest())
    view.refresh()
    until(lambda: view._notes is not None and view._notes[0].state is AnchorState.ORPHANED)
    view.show_place(KnowledgePlace(note_id=note.id))
    assert "RESULT_EXPIRES = 86400" in note_page(view)._pinned[0].code.toPlainText()


def test_T2_T4_a_note_of_somebody_else_opens_nothing(link: Link, view: KnowledgeView) -> None:
    text = "<img src=file:///etc/hostname> [x](javascript:alert(1)) \u202eevil"
    made = ask(link, NOTE_ADD, NoteDraft("<b>t</b>", text, author="<img src=x>"))
    view.refresh()
    until(lambda: view._notes)
    view.show_place(KnowledgePlace(note_id=made.id))
    page = note_page(view)
    assert page.prose.toPlainText() == "<img src=file:///etc/hostname> [x](javascript:alert(1)) U+202Eevil"
    assert {each.textFormat() for each in page.findChildren(QLabel)} == {Qt.TextFormat.PlainText}


# ---------------------------------------------------------------------------------- writing


def test_a_note_is_written_seen_as_it_will_be_read_and_kept(link: Link, view: KnowledgeView) -> None:
    met: list[object] = []
    view.placeChanged.connect(met.append)
    view.new_note()
    desk = writing(view)
    desk.editor.title.setText("Why four")
    desk.editor.text.setPlainText("Because of the *round trip*.")
    desk.editor.about.setText("worker/settings.py:4")
    desk.editor.author.setText("Ben")
    until(lambda: desk.preview.toPlainText() == "Because of the round trip.")
    QTest.mouseClick(desk.editor.keep, Qt.MouseButton.LeftButton)
    until(lambda: isinstance(view.page, NotePage))
    saved = ask(link, NOTE_LIST, Nothing()).notes[0]
    assert (saved.title, saved.author) == ("Why four", "Ben")
    assert met[-1] == KnowledgePlace(note_id=saved.id)
    assert not Drafts(link.location).has(NEW)
    view.new_note()
    assert writing(view).editor.author.text() == "Ben"


def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(view: KnowledgeView) -> None:
    view.new_note()
    desk = writing(view)
    desk.editor.text.setPlainText("About nothing.")
    desk.editor.about.setText("no/such/file.py")
    QTest.mouseClick(desk.editor.keep, Qt.MouseButton.LeftButton)
    until(lambda: any("Nothing here is named" in text for text in labels(desk)))
    assert view.page is desk
    assert desk.editor.text.toPlainText() == "About nothing."


def test_a_draft_outlives_the_window(theme: Theme, link: Link, view: KnowledgeView) -> None:
    view.new_note()
    writing(view).editor.text.setPlainText("Half a thought")
    view.hide()
    other = opened(theme, link)
    assert other.list.new.text() == "Go on with your draft"
    other.new_note()
    assert writing(other).editor.text.toPlainText() == "Half a thought"
    other.set_link(None)


def test_a_draft_is_kept_when_the_person_looks_at_something_else(
    note: Note, view: KnowledgeView, link: Link
) -> None:
    view.new_note()
    writing(view).editor.text.setPlainText("Half a thought")
    view.show_place(KnowledgePlace(note_id=note.id))
    found = Drafts(link.location).find(NEW)
    assert found is not None
    assert found.text == "Half a thought"


def test_a_discarded_draft_can_be_brought_back(view: KnowledgeView, link: Link) -> None:
    view.new_note()
    writing(view).editor.text.setPlainText("Half a thought")
    writing(view).discarded.emit()
    assert not Drafts(link.location).has(NEW)
    view.undo.undo()
    assert writing(view).editor.text.toPlainText() == "Half a thought"


def test_a_gap_is_written_down_and_the_note_says_what_it_answers(
    gap: Gap, link: Link, view: KnowledgeView
) -> None:
    view.show_place(KnowledgePlace(gap_id=gap.id))
    assert isinstance(view.page, GapPage)
    QTest.mouseClick(view.page.card.write, Qt.MouseButton.LeftButton)
    desk = writing(view)
    assert desk.editor.title.text() == gap.question
    desk.editor.text.setPlainText("The disk was full in 2019.")
    QTest.mouseClick(desk.editor.keep, Qt.MouseButton.LeftButton)
    until(lambda: isinstance(view.page, NotePage))
    until(lambda: gap.id not in [row.id for row in view.list.gaps._rows.rows])
    view.show_place(KnowledgePlace(gap_id=gap.id))
    until(lambda: isinstance(view.page, NotePage) and gap.question in labels(view.page))


def test_a_draft_from_an_answer_opens_the_editor(gap: Gap, view: KnowledgeView) -> None:
    draft = NoteDraft("Title", "Text so far", "", "Ada", gap_id=gap.id)
    view.show_place(KnowledgePlace(draft=draft))
    assert writing(view).draft().text == "Text so far"
    assert writing(view).draft().gap_id == gap.id


def test_editing_changes_the_note_and_leaves_its_pin(note: Note, link: Link, view: KnowledgeView) -> None:
    view.show_place(KnowledgePlace(note_id=note.id))
    view.edit()
    desk = writing(view)
    assert desk.editor.about.text() == "worker/settings.py:6-7"
    desk.editor.text.setPlainText("Shorter.")
    QTest.mouseClick(desk.editor.keep, Qt.MouseButton.LeftButton)
    until(lambda: isinstance(view.page, NotePage))
    saved = ask(link, NOTE_LIST, Nothing()).notes[0]
    assert saved.text == "Shorter."
    assert saved.anchor == note.anchor


# ------------------------------------------------------------------------ away, and back again


def test_a_deleted_note_is_brought_back_by_undo(note: Note, link: Link, view: KnowledgeView) -> None:
    view.show_place(KnowledgePlace(note_id=note.id))
    view.delete()
    until(lambda: view.list.notes.count() == 0)
    assert "How long results are kept" in view.undo.text()
    assert ask(link, NOTE_LIST, Nothing()).notes == ()
    QTest.mouseClick(view.undo.button, Qt.MouseButton.LeftButton)
    until(lambda: view.list.notes.count() == 1)
    assert ask(link, NOTE_LIST, Nothing()).notes[0].id == note.id


def test_a_dismissed_gap_is_brought_back_by_undo(gap: Gap, link: Link, view: KnowledgeView) -> None:
    count = view.list.gaps.count()
    view.show_place(KnowledgePlace(gap_id=gap.id))
    view.dismiss()
    until(lambda: view.list.gaps.count() == count - 1)
    view.undo.undo()
    until(lambda: view.list.gaps.count() == count)
    until(lambda: isinstance(view.page, GapPage))


def test_what_was_put_away_can_still_be_brought_back_once_the_look_has_changed(
    gap: Gap, link: Link, view: KnowledgeView, theme: Theme
) -> None:
    view.show_place(KnowledgePlace(gap_id=gap.id))
    view.dismiss()
    until(view.undo.possible)
    kept = view.keep()
    view.set_link(None)
    other = opened(theme, link)
    other.recall(kept)
    QTest.mouseClick(other.undo.button, Qt.MouseButton.LeftButton)
    until(lambda: any(each.id == gap.id for each in ask(link, GAPS, GapFilter()).gaps))
    other.set_link(None)


def test_delete_is_a_key_of_the_list(note: Note, view: KnowledgeView) -> None:
    view.list.notes.begin(0)
    QTest.keyClick(view.list.notes, Qt.Key.Key_Delete)
    until(view.undo.possible)


def test_a_question_can_be_asked_again(gap: Gap, view: KnowledgeView) -> None:
    met: list[object] = []
    view.opened.connect(met.append)
    view.show_place(KnowledgePlace(gap_id=gap.id))
    assert isinstance(view.page, GapPage)
    view.page.card.searchedWanted.emit()
    assert met == [AskPlace(question=gap.question)]


# --------------------------------------------------------------------------- room and names


def test_an_engine_that_cannot_read_is_said_with_a_next_step(theme: Theme, link: Link) -> None:
    view = KnowledgeView(theme)
    shown(view)
    view.set_link(link)
    view._on_failed(UsageError("It is broken.", "Mend it."))
    assert isinstance(view.page, StatePage)
    assert view.page.step.text() == "Try again"
    view.set_link(None)


@pytest.mark.parametrize(("scale", "roles"), [(1.0, LIGHT), (1.6, DARK)])
def test_it_fits_the_smallest_window(link: Link, note: Note, gap: Gap, scale: float, roles: object) -> None:
    theme = Theme(DARK if roles is DARK else LIGHT, scale)
    wear(theme)
    view = opened(theme, link, 952)
    for place in (KnowledgePlace(note_id=note.id), KnowledgePlace(gap_id=gap.id)):
        view.show_place(place)
        rest(0.2)
        assert view.minimumSizeHint().width() <= 952
        assert view.width() == 952
        assert view.page.isVisible()
    view.new_note()
    rest()
    assert view.page.width() <= 952
    view.set_link(None)


def test_every_control_has_a_name(note: Note, gap: Gap, view: KnowledgeView) -> None:
    for place in (
        KnowledgePlace(note_id=note.id),
        KnowledgePlace(gap_id=gap.id),
        KnowledgePlace(draft=NoteDraft("", "")),
    ):
        view.show_place(place)
        rest(0.2)
        nameless = [
            type(each).__name__
            for each in view.findChildren(QWidget)
            if each.focusPolicy() != Qt.FocusPolicy.NoFocus
            and each.isVisible()
            and not each.accessibleName()
            and not (hasattr(each, "text") and callable(each.text) and each.text())
            and not isinstance(each, QScrollArea)
        ]
        assert nameless == []


def test_a_new_theme_keeps_what_is_being_written(link: Link, view: KnowledgeView) -> None:
    view.new_note()
    writing(view).editor.text.setPlainText("Half a thought")
    kept = view.keep()
    other = KnowledgeView(Theme(DARK, 1.1))
    shown(other)
    other.set_link(link)
    other.recall(kept)
    assert writing(other).editor.text.toPlainText() == "Half a thought"
    other.set_link(None)


# ------------------------------------------------------------------------------ pinned lines


def page_of(*lines: str, first: int = 1, colours: tuple[Token, ...] = ()) -> SourcePage:
    return SourcePage("a.py", "b", None, "python", first, first + len(lines) - 1, lines, colours)


def test_an_excerpt_loses_the_indent_that_all_lines_share() -> None:
    colours = (Token(2, 4, 2, TokenRole.KEYWORD), Token(3, 8, 6, TokenRole.KEYWORD))
    page = excerpt(page_of("def f():", "    if x:", "        return", colours=colours), 2, 3, 0)
    assert page.lines == ("if x:", "    return")
    assert page.tokens == (Token(2, 0, 2, TokenRole.KEYWORD), Token(3, 4, 6, TokenRole.KEYWORD))


def test_a_quote_is_a_page_of_its_own() -> None:
    assert quoted("a.py", "  a\n  b", 7).lines == ("a", "b")
    assert quoted("a.py", "  a\n  b", 7).first_line == 7


def test_what_differs_is_the_span_from_the_first_to_the_last_difference() -> None:
    assert differing(["a", "b", "c"], ["a", "x", "y", "c"]) == ((1, 1), (1, 2))
    assert differing(["a"], ["a"]) == ((1, 0), (1, 0))


def test_changed_code_is_found_where_it_moved_to() -> None:
    now = page_of("new", "new", "new", "def f():", "    return 2", "", "def g():")
    assert stands_now(["def f():", "    return 1"], now, 1) == (4, 5)
    assert stands_now(["gone", "too"], now, 2) == (2, 3)
    assert stands_now(["gone"] * 9, now, 90) == (7, 7)


def test_a_commit_in_a_note_leads_to_its_page(link: Link, view: KnowledgeView) -> None:
    made = ask(link, NOTE_ADD, NoteDraft("t", "See 5dc781f0ab."))
    view.refresh()
    until(lambda: view._notes)
    view.show_place(KnowledgePlace(note_id=made.id))
    met: list[object] = []
    view.opened.connect(met.append)
    note_page(view).prose.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(note_page(view).prose, Qt.Key.Key_Tab)
    QTest.keyClick(note_page(view).prose, Qt.Key.Key_Return)
    assert met == [CommitPlace("5dc781f0ab")]
