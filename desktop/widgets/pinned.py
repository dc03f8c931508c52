"""The code that a note is pinned to: a card with the lines, who changed them, and a way to the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import Match, SequenceMatcher

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from desktop import tokens
from desktop.answer_page import split_path
from desktop.places import SourcePlace
from desktop.theme import Theme
from desktop.widgets.code import CodeView
from desktop.widgets.rail import line
from desktop.widgets.words import Elided, tool, words
from indexer.pages import BlameRun, SourcePage, Token

AROUND = 3
SOUGHT_AROUND = 60
"""Lines before and after its old place in which pinned code is looked for."""

MOST_LINES = 24
LEAST_LINES = 3


@dataclass(frozen=True, slots=True)
class Pin:
    """What a card says above the code."""

    path: str
    symbol: str
    where: str
    """Such as "at 5dc781f"."""
    place: SourcePlace | None


class PinnedCode(QFrame):
    """Some lines in a card. ``opened`` carries the place of the file."""

    opened = Signal(object)

    def __init__(self, theme: Theme, pin: Pin, title: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._pin = pin
        self.setProperty("kind", "card")
        self.setAccessibleName(title or self.tr("Pinned code"))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        head = QFrame()
        head.setMinimumHeight(theme.px(34))
        row = QHBoxLayout(head)
        row.setContentsMargins(theme.px(tokens.S3), 0, theme.px(tokens.S1), 0)
        row.setSpacing(theme.px(tokens.S2))
        if title:
            row.addWidget(words(theme, title, tokens.META_STRONG, "2"))
        name, folder = split_path(pin.path)
        shown = Elided(theme, tokens.STRONG)
        shown.set_text(name)
        row.addWidget(shown, 1 if title else 0)
        if not title:
            about = Elided(theme, tokens.INTERFACE, "text_2", left=True)
            about.set_text(", ".join(part for part in (folder, pin.symbol) if part))
            row.addWidget(about, 1)
        if pin.where:
            row.addWidget(words(theme, pin.where, tokens.META, "3"))
        if pin.place is not None:
            to = tool(theme, "open", self.tr("Open %s") % pin.path)
            to.clicked.connect(self._on_open)
            row.addWidget(to)
        column.addWidget(head)
        column.addWidget(line())
        self.code = CodeView(theme)
        self.code.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.code.setTabChangesFocus(True)
        column.addWidget(self.code)
        self._set_lines(LEAST_LINES)

    def show_lines(self, page: SourcePage, cited: tuple[int, int] | None) -> None:
        """Show some lines; the card is as high as they are many."""
        self.code.show_page(page, None)
        self._set_lines(len(page.lines))
        self.code.set_cited(cited)
        self.code.verticalScrollBar().setValue(0)

    def show_blame(self, runs: Sequence[BlameRun]) -> None:
        """Show who changed the lines; a run that begins before them is named at the first."""
        first = self.code.first_line
        last = first + self.code.blockCount() - 1
        inside = [
            replace(run, start_line=max(first, run.start_line), end_line=min(last, run.end_line))
            for run in runs
            if run.end_line >= first and run.start_line <= last
        ]
        self.code.set_blame(inside)

    def _set_lines(self, count: int) -> None:
        theme = self._theme
        shown = min(max(LEAST_LINES, count), MOST_LINES)
        self.code.setFixedHeight(shown * theme.px(tokens.CODE_LINE) + theme.px(2 * tokens.S2 + 10))

    def _on_open(self) -> None:
        self.opened.emit(self._pin.place)


def excerpt(page: SourcePage, start: int, end: int, around: int = AROUND) -> SourcePage:
    """Return the lines ``start`` to ``end`` and some around, without the indent that all share."""
    first = max(page.first_line, start - around)
    last = min(page.first_line + len(page.lines) - 1, end + around)
    lines = page.lines[first - page.first_line : last - page.first_line + 1]
    filled = [each for each in lines if each.strip()]
    indent = min((len(each) - len(each.lstrip(" \t")) for each in filled), default=0)
    tokens_ = tuple(
        Token(each.line, each.start - indent, each.length, each.role)
        for each in page.tokens
        if first <= each.line <= last and each.start >= indent
    )
    return replace(page, first_line=first, lines=tuple(each[indent:] for each in lines), tokens=tokens_)


def quoted(path: str, quote: str, first: int) -> SourcePage:
    """Return lines that are kept with a note as a page of their own, from line ``first``."""
    lines = tuple(quote.split("\n"))
    return excerpt(SourcePage(path, "", None, "", first, len(lines), lines), first, first + len(lines) - 1)


def stands_now(quote: Sequence[str], page: SourcePage, near: int) -> tuple[int, int]:
    """Return the lines (inclusive) that ``quote``, which stood at ``near``, has become.

    What did not change between the two says where it is; without any such line it is the same
    numbers, as far as the file goes.
    """
    last = page.first_line + len(page.lines) - 1
    first = max(page.first_line, near - SOUGHT_AROUND)
    window = page.lines[first - page.first_line : near + len(quote) + SOUGHT_AROUND - page.first_line]
    matcher = SequenceMatcher(None, list(quote), list(window), autojunk=False)
    blocks = [
        each for each in matcher.get_matching_blocks() if any(line.strip() for line in _piece(quote, each))
    ]
    if not blocks:
        return min(near, last), min(near + len(quote) - 1, last)
    head, tail = blocks[0], blocks[-1]
    start = first + max(0, head.b - head.a)
    end = first + tail.b + tail.size - 1 + (len(quote) - tail.a - tail.size)
    return min(start, last), max(min(start, last), min(end, last))


def _piece(quote: Sequence[str], block: Match) -> Sequence[str]:
    return quote[block.a : block.a + block.size]


def differing(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return which lines of each are not in the other: (first, last) from 0, inclusive; the span
    from the first difference to the last. An empty span has its last before its first.
    """
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return (head, len(old) - 1 - tail), (head, len(new) - 1 - tail)
