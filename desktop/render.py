"""Paints paper and pictures in a process of its own: Markdown or our HTML to PDF, SVG to PNG.

`python -m desktop.render pdf [--from markdown|html] [--in FILE] [--out FILE]` and
`python -m desktop.render png [--width PX]` read standard input and write standard output unless
files are given. Nothing is loaded that the input names, no display is needed, and the process ends
by itself after `--seconds`: a layout that never ends, or a drawing that eats memory, harms nobody.
Exit codes: 0 done, 1 failed or out of time, 2 the input is not what it should be.
"""

from __future__ import annotations

import argparse
import faulthandler
import sys
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QGuiApplication,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)
from PySide6.QtSvg import QSvgRenderer

from desktop import markdown, tokens
from desktop.theme import Theme, load_fonts
from desktop.tokens import LIGHT
from desktop.vector import scrubbed
from indexer.errors import LorebaseError, UsageError

SECONDS = 20.0
MOST_BYTES = 16_000_000
MOST_MEMORY = 2_000_000_000
"""Address space in bytes; Qt's own libraries take .5 GB of it."""

MOST_PAGES = 2_000
MOST_SIDE = 8_192
"""Pixels of a picture's longer side: 256 MB at four bytes each."""

RESOLUTION = 1200
SCREEN = 96.0
"""Dots an inch at which sizes of type were chosen."""

MARGIN_MM = 18.0
PAGES = {"a4": QPageSize.PageSizeId.A4, "letter": QPageSize.PageSizeId.Letter}


class Sheet(QTextDocument):
    """A document that loads nothing."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Give an empty picture in place of any file: without one Qt would open it by itself."""
        del name
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return ""
        blank = QImage(1, 1, QImage.Format.Format_ARGB32)
        blank.fill(0)
        return blank


def pdf(text: str, form: str, page: str = "a4", title: str = "") -> bytes:
    """Return ``text`` ("markdown" or "html") on numbered pages. Raises UsageError when it is too long."""
    theme = Theme(LIGHT)
    document = Sheet()
    document.setDefaultFont(theme.font(tokens.BODY))
    document.setDocumentMargin(0)
    document.setUseDesignMetrics(True)
    if form == "html":
        document.setHtml(text)
    else:
        markdown.write(document, text, theme)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(RESOLUTION)
    writer.setTitle(title)
    writer.setCreator("Lorebase")
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(PAGES[page]), QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
        )
    )
    _paint_pages(document, writer, theme)
    return bytes(buffer.data().data())


def png(svg: bytes, width: int) -> bytes:
    """Return a drawing as a picture ``width`` px wide, with a transparent ground."""
    renderer = QSvgRenderer(QByteArray(scrubbed(svg)))
    size = renderer.defaultSize()
    if not renderer.isValid() or size.width() <= 0 or size.height() <= 0:
        raise UsageError("The drawing cannot be drawn.", "It needs a width and a height, or a viewBox.")
    height = round(width * size.height() / size.width())
    if not (1 <= width <= MOST_SIDE and 1 <= height <= MOST_SIDE):
        raise UsageError(
            f"A picture of {width} x {height} px is too large.", f"At most {MOST_SIDE} px a side."
        )
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, width, height))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def main(arguments: list[str] | None = None) -> int:
    """Do one piece of work; returns the exit code."""
    given = _parser().parse_args(arguments)
    faulthandler.dump_traceback_later(given.seconds, exit=True)
    _bound_memory()
    application = QGuiApplication(["render", "-platform", "offscreen"])
    load_fonts()
    try:
        source = _read(given.source)
        if given.kind == "pdf":
            made = pdf(source.decode("utf-8", "replace"), given.form, given.page, given.title)
        else:
            made = png(source, given.width)
        _write(given.out, made)
    except LorebaseError as error:
        sys.stderr.write(f"{error.message} {error.hint}\n")
        return 2
    except (OSError, MemoryError) as error:
        sys.stderr.write(f"{type(error).__name__} {error}\n")
        return 1
    finally:
        faulthandler.cancel_dump_traceback_later()
    application.quit()
    return 0


# ----------------------------------------------------------------------------------- private


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m desktop.render", description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    for kind in ("pdf", "png"):
        each = kinds.add_parser(kind)
        each.add_argument("--in", dest="source", default="")
        each.add_argument("--out", default="")
        each.add_argument("--seconds", type=float, default=SECONDS)
        if kind == "pdf":
            each.add_argument("--from", dest="form", choices=("markdown", "html"), default="markdown")
            each.add_argument("--page", choices=sorted(PAGES), default="a4")
            each.add_argument("--title", default="")
        else:
            each.add_argument("--width", type=int, default=1200)
    return parser


def _paint_pages(document: QTextDocument, writer: QPdfWriter, theme: Theme) -> None:
    box = writer.pageLayout().paintRectPixels(RESOLUTION)
    ratio = RESOLUTION / SCREEN
    foot = float(theme.px(28))
    width, height = box.width() / ratio, box.height() / ratio - foot
    document.setPageSize(QSizeF(width, height))
    pages = document.pageCount()
    if pages > MOST_PAGES:
        raise UsageError(f"The text takes {pages:,} pages.", f"At most {MOST_PAGES:,} are written.")
    painter = QPainter(writer)
    painter.scale(ratio, ratio)
    for page in range(pages):
        if page:
            writer.newPage()
        painter.save()
        painter.translate(0, -page * height)
        document.drawContents(painter, QRectF(0, page * height, width, height))
        painter.restore()
        painter.setFont(theme.font(tokens.META))
        painter.setPen(theme.colour("text_3"))
        place = QRectF(0, height, width, foot)
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        painter.drawText(place, int(side), f"{page + 1} / {pages}")
    painter.end()


def _bound_memory() -> None:
    try:
        import resource  # not on Windows
    except ImportError:
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _read(file: str) -> bytes:
    if file:
        with Path(file).open("rb") as stream:
            found = stream.read(MOST_BYTES + 1)
    else:
        found = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(found) > MOST_BYTES:
        raise UsageError(f"The input is larger than {MOST_BYTES:,} bytes.", "Export less at once.")
    return found


def _write(file: str, data: bytes) -> None:
    if not file:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    target = Path(file)
    fresh = target.with_name(f".{target.name}.new")
    try:
        fresh.write_bytes(data)
        fresh.replace(target)
    except OSError:
        # A disk that is full keeps half a file otherwise, under a name that nobody looks for.
        fresh.unlink(missing_ok=True)
        raise


if __name__ == "__main__":
    sys.exit(main())
