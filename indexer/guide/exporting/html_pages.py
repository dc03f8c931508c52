"""Pages as a site that works from the disk: no server, no script but the search's own, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from importlib import resources

from markdown_it import MarkdownIt

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
from indexer.guide.exporting.gathering import Book, day
from indexer.guide.exporting.safe_text import html, html_code, pieces, visible
from indexer.types import Citation

MOST_SEARCHED = 400
"""Characters of one entry that the search looks through: the rest is on its page."""

NAVIGATION = (
    ("index", "Overview"),
    ("modules", "Modules"),
    ("map", "Map"),
    ("decisions", "Decisions"),
    ("notes", "Notes"),
    ("gaps", "Not written down"),
    ("inventory-endpoints", "Endpoints"),
    ("inventory-settings", "Settings"),
    ("inventory-env", "Environment"),
    ("inventory-tables", "Tables"),
    ("inventory-jobs", "Jobs"),
    ("inventory-commands", "Commands"),
)


def files_of(book: Book) -> Iterator[tuple[str, str]]:
    """Yield the files of the site: names and texts."""
    shell = _Shell(book)
    for page in book.pages:
        yield f"{page.slug}.html", shell.page(page, "".join(_block(each) for each in page.blocks))
    yield "search.html", shell.search()


class _Shell:
    """What is around every page."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._style = _asset("site.css")
        self._script = _asset("search.js")
        self._there = {page.slug for page in book.pages}

    def page(self, page: Page, body: str) -> str:
        """Return a whole page."""
        lead = f'<p class="lead">{html(page.says)}</p>' if page.says else ""
        return self._around(page.title, page.slug, f"<h1>{html(page.title)}</h1>{lead}{body}", "")

    def search(self) -> str:
        """Return the page that searches all the others."""
        data = json.dumps(list(_entries(self._book)), ensure_ascii=True).replace("<", "\\u003c")
        body = (
            '<h1>Search</h1><form class="big" action="search.html"><input id="wanted" name="q" type="search"'
            ' aria-label="Search" autofocus></form><p id="told" role="status"></p><ol id="found"></ol>'
            "<noscript><p>The search needs JavaScript; every page can be read without.</p></noscript>"
            f'<script type="application/json" id="entries">{data}</script><script>{self._script}</script>'
        )
        return self._around("Search", "search", body, _digest(self._script))

    def _around(self, title: str, slug: str, body: str, script: str) -> str:
        scripts = f"script-src 'sha256-{script}'" if script else "script-src 'none'"
        policy = (
            f"default-src 'none'; style-src 'sha256-{_digest(self._style)}'; {scripts}; img-src data:;"
            " base-uri 'none'; form-action 'self' file:"
        )
        book = self._book
        links = "".join(
            f'<a href="{target}.html"{" aria-current=page" if target == slug else ""}>{html(label)}</a>'
            for target, label in NAVIGATION
            if target in self._there
        )
        at = f"commit {book.commit_id[:12]}" if book.commit_id else "the working copy"
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{html(policy)}">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">'
            f"<title>{html(title)} · {html(book.name)}</title><style>{self._style}</style></head><body>"
            f'<header><a class="name" href="index.html">{html(book.name)}</a>'
            '<form action="search.html"><input name="q" type="search" placeholder="Search"'
            ' aria-label="Search"></form>'
            f"</header><nav>{links}</nav><main>{body}</main>"
            f"<footer>Read from {html(at)} on {day(book.made)}. Made by lorebase.</footer></body></html>\n"
        )


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"<h{block.level}>{html(block.text)}</h{block.level}>"
        case Said():
            return f"<p>{_said(block)}</p>"
        case Listed():
            return "<ul>" + "".join(f"<li>{_said(each)}</li>" for each in block.lines) + "</ul>"
        case Table():
            return _table(block)
        case Written():
            return f"<blockquote>{_rendered(block.markdown)}<footer>{html(block.by)}</footer></blockquote>"
        case Figure():
            return (
                f'<figure><div class="scroll light">{block.svg}</div>'
                f'<div class="scroll dark">{block.dark}</div>'
                f"<figcaption>{html(block.says)}</figcaption></figure>"
            )


def _said(said: Said) -> str:
    label = html(said.label)
    if said.page and label:
        label = f'<a href="{said.page}.html">{label}</a>'
    if said.quoted:
        body = f"<q>{html(said.text)}</q>"
    else:
        parts = pieces(said.text)
        body = "".join(f"<code>{html(part)}</code>" if code else html(part) for code, part in parts)
    lead = f"<b>{label}</b>{' ' if said.text else ''}" if label else ""
    return lead + body + "".join(_cited(each) for each in said.citations[:3])


def _cited(citation: Citation) -> str:
    """Return a citation as its place, with the quoted lines to be unfolded."""
    place = html_code(place_of(citation))
    quote = citation.quote or citation.fact
    if not quote:
        return f' <span class="cite">{place}</span>'
    return f'<details class="cite"><summary>{place}</summary><pre>{html(quote)}</pre></details>'


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{html(each)}</th>' for each in table.columns)
    rows = []
    for index, row in enumerate(table.rows):
        cells = []
        for column, each in enumerate(row):
            target = table.pages[index] if column == 0 and index < len(table.pages) else ""
            name = table.columns[column]
            shown = html_code(each) if each and name in _CODE else html(each)
            cells.append(f'<td><a href="{target}.html">{shown}</a></td>' if target else f"<td>{shown}</td>")
        rows.append("<tr>" + "".join(cells) + "</tr>")
    body = f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
    return f'<div class="scroll"><table>{body}</table></div>'


_CODE = frozenset(
    ("Address", "Answered by", "Name", "Table", "Model", "Where", "Command", "File", "Default", "Runs")
)


def _rendered(text: str) -> str:
    """Return a person's Markdown as HTML: no HTML of theirs, no pictures, links to the web alone."""
    reader = (
        MarkdownIt("commonmark", {"html": False})
        .enable("table")
        .disable(["image", "html_block", "html_inline"])
    )
    reader.validateLink = lambda url: url.lower().startswith(("https:", "http:", "mailto:", "#"))  # type: ignore[method-assign]
    return str(reader.render(visible(text)))


def _entries(book: Book) -> Iterator[tuple[str, str, str, str]]:
    """Yield what the search finds: page, title, text, and the title of its page."""
    for page in book.pages:
        yield page.slug, page.title, page.says, page.group
        for block in page.blocks:
            if isinstance(block, Said):
                yield (
                    page.slug,
                    visible(block.label),
                    visible(block.text)[:MOST_SEARCHED],
                    visible(page.title),
                )
            elif isinstance(block, Listed):
                for each in block.lines:
                    yield (
                        page.slug,
                        visible(each.label),
                        visible(each.text)[:MOST_SEARCHED],
                        visible(page.title),
                    )
            elif isinstance(block, Table):
                for row in block.rows:
                    text = visible(" ".join(row[1:]))[:MOST_SEARCHED]
                    yield page.slug, visible(row[0]), text, visible(page.title)
            elif isinstance(block, Written):
                yield page.slug, "", visible(block.markdown)[:MOST_SEARCHED], visible(page.title)


def _asset(name: str) -> str:
    return resources.files("indexer.guide.exporting").joinpath(name).read_text("utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
