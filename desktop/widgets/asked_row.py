"""A question asked before, with the sign of its answer."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from desktop import tokens
from desktop.dates import lately
from desktop.theme import Theme
from desktop.widgets.badge import Badge
from desktop.widgets.painting import paint_verdict_sign
from desktop.widgets.rows import LinkRow, RowParts
from indexer.pages import AskedBefore


class AskedRow(LinkRow):
    """Leads to the answer as it was given, or asks again where it was not kept."""

    def __init__(self, theme: Theme, asked: AskedBefore, leads_to: object) -> None:
        self._status = asked.status
        when = lately(asked.asked)
        word = Badge(theme, asked.status).word()
        parts = RowParts(
            asked.question,
            when,
            icon="ask",
            as_link=False,
            ruled=False,
            spoken=f"{asked.question}, {word}, {when}",
        )
        super().__init__(theme, parts, leads_to, tokens.ROW_SEARCH)

    def paint_icon(self, painter: QPainter, box: QRectF) -> None:
        """Paint the verdict's sign."""
        paint_verdict_sign(painter, self._theme, self._status, box)
