"""Exports of the knowledge base."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from indexer import __version__
from indexer.guide.exporting import html_pages, markdown_pages
from indexer.guide.exporting.gathering import Book, Gathering
from indexer.guide.exporting.placing import check_folder, put_folder
from indexer.shapes.exports import ExportForm, ExportReport, ExportWanted
from indexer.types import Control, shown_path

if TYPE_CHECKING:
    from indexer.guide.desk import Desk
    from indexer.guide.inventory.listing import Inventories
    from indexer.guide.modules.summaries import Summaries

FIRST = {
    ExportForm.HTML: "index.html",
    ExportForm.MARKDOWN: "README.md",
    ExportForm.BOOK: markdown_pages.BOOK_FILE,
}


class Exporter:
    """Writes the knowledge base into a folder."""

    def __init__(self, desk: Desk, modules: Summaries, inventory: Inventories) -> None:
        self._gathering = Gathering(desk, modules, inventory, time.time)

    def export(self, wanted: ExportWanted, control: Control) -> ExportReport:
        """Write an export, whole or not at all. Raises UsageError and StorageError, see `placing`."""
        folder = Path(wanted.folder)
        check_folder(folder)
        book = self._gathering.book(control, everywhere=wanted.everywhere)
        made_of = {"form": wanted.form.value, "version": __version__, "commit": book.commit_id or ""}
        put = put_folder(folder, _files(book, wanted.form), made_of, control)
        shown = shown_path(str(folder))
        first = shown_path(str(folder / FIRST[wanted.form]))
        return ExportReport(shown, first, put.files, put.bytes, book.commit_id, book.counts, book.notices)


def _files(book: Book, form: ExportForm) -> Iterable[tuple[str, str]]:
    if form is ExportForm.HTML:
        return html_pages.files_of(book)
    if form is ExportForm.MARKDOWN:
        return markdown_pages.files_of(book)
    return [(markdown_pages.BOOK_FILE, markdown_pages.book_of(book))]
