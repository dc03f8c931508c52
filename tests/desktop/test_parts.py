"""A page that is built in parts: what is seen of it is never squeezed."""

from functools import partial

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from desktop.widgets.partspage import PartsPage
from desktop.widgets.scrollpage import ScrollPage
from tests.desktop.conftest import shown, until

HEIGHT = 60


class Frames(QObject):
    """Keeps for each paint of a label how high the part around it was then."""

    def __init__(self) -> None:
        super().__init__()
        self.heights: list[int] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and isinstance(watched, QLabel):
            self.heights.append(watched.parentWidget().height())
        return False


def add(page: PartsPage, name: str) -> None:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    label = QLabel(name)
    label.setFixedHeight(HEIGHT)
    column.addWidget(label)
    layout = page.layout()
    assert layout is not None
    layout.addWidget(part)


def page_in_view() -> tuple[ScrollPage, PartsPage]:
    page = PartsPage()
    QVBoxLayout(page)
    area = ScrollPage()
    area.setWidget(page)
    shown(area, 300, 400)
    return area, page


def test_a_part_is_seen_when_the_page_has_grown_for_it_and_not_before(qapp: QApplication) -> None:
    (_area, page), frames, ended = page_in_view(), Frames(), []
    page.finished.connect(partial(ended.append, True))
    qapp.installEventFilter(frames)
    page.build([partial(add, page, str(number)) for number in range(12)])
    assert not page.whole
    until(lambda: page.whole)
    until(lambda: len(frames.heights) >= 4)
    qapp.removeEventFilter(frames)
    assert min(frames.heights) >= HEIGHT
    assert ended == [True]


def test_whoever_cannot_wait_has_all_of_it_at_once(qapp: QApplication) -> None:
    (_area, page), ended = page_in_view(), []
    page.finished.connect(partial(ended.append, True))
    page.build([partial(add, page, str(number)) for number in range(5)])
    page.finish()
    assert page.whole
    assert len(page.findChildren(QLabel)) == 5
    page.finish()
    assert ended == [True]
