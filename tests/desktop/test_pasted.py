"""A stack trace is pasted into the field, and answered as frames on code."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from desktop.engine import Link
from desktop.pasted import MOST, ends, ends_of, heading, is_pasted
from desktop.places import AskPlace
from desktop.theme import Theme
from desktop.views.ask import AskView
from desktop.widgets.topbar import AskField
from indexer.types import VerdictStatus
from tests.desktop.conftest import shown, until

TRACE = (
    "Traceback (most recent call last):\n" + '  File "a.py", line 1, in f\n    g()\n' * 3 + "ValueError: no"
)


def field_of(theme: Theme) -> tuple[AskField, list[str]]:
    field = AskField(theme)
    said: list[str] = []
    field.pasted.connect(lambda text, _path: said.append(text))
    field.show()
    field.setFocus()
    return field, said


def test_a_question_is_typed_and_a_trace_is_handed_on(theme: Theme) -> None:
    field, said = field_of(theme)
    QGuiApplication.clipboard().setText("where is a retry decided?")
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert (field.text(), said) == ("where is a retry decided?", [])
    QGuiApplication.clipboard().setText(TRACE)
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert (field.text(), said) == ("where is a retry decided?", [TRACE])


def test_pasting_twenty_megabytes_does_not_hold_the_window_up(theme: Theme) -> None:
    field, said = field_of(theme)
    QGuiApplication.clipboard().setText(TRACE + "\n" + "x" * 20_000_000)
    began = time.perf_counter()
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert time.perf_counter() - began < 1.0
    assert len(said[0]) <= MOST
    assert field.text() == ""


def test_a_dropped_file_is_read_at_its_two_ends(tmp_path: Path) -> None:
    file = tmp_path / "crash.txt"
    file.write_text(TRACE + "\n" + "y" * (2 * MOST) + "\nValueError: at the end")
    given = QMimeData()
    given.setUrls([QUrl.fromLocalFile(str(file))])
    text = ends_of(file)
    assert text.startswith("Traceback")
    assert text.endswith("ValueError: at the end")
    assert len(text) <= MOST + 1


def test_a_page_is_headed_by_one_line() -> None:
    assert heading(TRACE) == "Traceback (most recent call last):"
    assert heading("why?") == "why?"
    assert not is_pasted("one\ntwo")
    assert ends(ends("z" * 5 * MOST)) == ends("z" * 5 * MOST)


QUEUE_TRACE = """Traceback (most recent call last):
  File "/srv/app/main.py", line 3, in <module>
    main()
  File "/srv/app/worker/queue.py", line 17, in start
    channel.basic_qos(self.prefetch_count())
  File "/srv/app/worker/queue.py", line 14, in prefetch_count
    return max(self.slots, 1) * PREFETCH_MULTIPLIER
TypeError: '>' not supported between instances of 'int' and 'NoneType'
"""


def test_a_pasted_trace_is_answered_with_its_frames_on_code(story_link: Link, theme: Theme) -> None:
    view = AskView(theme)
    view.set_link(story_link)
    shown(view, 1368, 824)
    view.show_place(AskPlace(QUEUE_TRACE))
    until(lambda: view.shown is not None)
    assert view.shown is not None
    answer = view.shown.answer
    assert answer.question.startswith("TypeError: '>' not supported")
    assert view.title() == "Traceback (most recent call last):"
    assert answer.verdict.status is VerdictStatus.PARTIAL
    said = [each.text for each in answer.statements]
    assert "`Consumer.prefetch_count`, worker/queue.py, line 14." in said
    source = view.shown.page.sources[0].first
    assert (source.path, "max(self.slots, 1)" in source.quote) == ("worker/queue.py", True)
