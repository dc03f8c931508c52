"""Pages as Markdown: a file each for a wiki, or one text for a book."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.guide.exporting.blocks import (
    Block,
    Figure,
    Heading,
    Listed,
    Page,
    Said,
    Table,
    Written,
    place_of,
)
from indexer.guide.exporting.gathering import Book
from indexer.guide.exporting.safe_text import markdown, markdown_block, markdown_code, pieces

BOOK_FILE = "knowledge-base.md"


def files_of(book: Book) -> Iterator[tuple[str, str]]:
    """Yield the files of a wiki: names and texts; the drawings stand beside them."""
    for page in book.pages:
        if page.slug == "index":
            yield "README.md", page_text(page, 1) + _contents(book)
        else:
            yield f"{page.slug}.md", page_text(page, 1)
        for index, block in enumerate(page.blocks):
            if isinstance(block, Figure):
                yield f"{page.slug}-{index}.svg", block.svg


def book_of(book: Book) -> str:
    """Return all pages as one text, without drawings: those are printed from their own files."""
    return "\n\n".join(page_text(page, 1, alone=False) for page in book.pages) + "\n"


def page_text(page: Page, level: int, *, alone: bool = True) -> str:
    """Return one page. ``alone``: its links lead to files beside it."""
    lines = [f"{'#' * level} {markdown(page.title)}", ""]
    for index, block in enumerate(page.blocks):
        lines += [*_block(page, index, block, level, alone=alone), ""]
    return "\n".join(lines).rstrip() + "\n"


def _contents(book: Book) -> str:
    lines = ["", "## Pages", ""]
    for page in book.pages[1:]:
        inside = page.group == "modules" and page.slug != "modules"
        lines.append(f"{'  ' if inside else ''}- [{markdown(page.title)}]({page.slug}.md)")
    return "\n".join(lines) + "\n"


def _block(page: Page, index: int, block: Block, level: int, *, alone: bool) -> list[str]:
    match block:
        case Heading():
            return [f"{'#' * (level + block.level - 1)} {markdown(block.text)}"]
        case Said():
            return [_said(block, alone=alone)]
        case Listed():
            return [f"- {_said(each, alone=alone)}" for each in block.lines]
        case Table():
            return _table(block, alone=alone)
        case Written():
            quoted = [f"> {line}".rstrip() for line in markdown_block(block.markdown).split("\n")]
            return [*quoted, ">", f"> — {markdown(block.by)}"]
        case Figure():
            return (
                [f"![{markdown(block.says)}]({page.slug}-{index}.svg)"] if alone else [markdown(block.says)]
            )


def _said(said: Said, *, alone: bool) -> str:
    label = markdown(said.label)
    if said.page and alone:
        label = f"[{label}]({said.page}.md)"
    if said.quoted:
        body = f"“{markdown(said.text)}”"
    else:
        parts = (markdown_code(part) if code else _spaced(part) for code, part in pieces(said.text))
        body = "".join(parts).strip()
    places = " ".join(dict.fromkeys(markdown_code(place_of(each)) for each in said.citations[:3]))
    joined = ": ".join(part for part in (f"**{label}**" if label else "", body) if part)
    return " ".join(part for part in (joined, places) if part)


def _spaced(part: str) -> str:
    """Return a piece of a sentence, with the spaces that it begins and ends with."""
    lead = " " if part[:1].isspace() else ""
    tail = " " if part[-1:].isspace() else ""
    return f"{lead}{markdown(part)}{tail}" if part.strip() else " "


def _table(table: Table, *, alone: bool) -> list[str]:
    lines = [
        "| " + " | ".join(markdown(each) for each in table.columns) + " |",
        "|" + " --- |" * len(table.columns),
    ]
    for index, row in enumerate(table.rows):
        cells = [markdown(each) for each in row]
        target = table.pages[index] if index < len(table.pages) else ""
        if target and alone:
            cells[0] = f"[{cells[0]}]({target}.md)"
        lines.append("| " + " | ".join(cells) + " |")
    return lines
