"""Exports: whole or not at all, readable from the disk, and harmless whatever the repository holds."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from indexer.errors import CancelledError, StorageError, UsageError
from indexer.guide.exporting import placing
from indexer.guide.exporting.safe_text import markdown, markdown_block
from indexer.knowledge import KnowledgeBase
from indexer.shapes.exports import ExportForm, ExportWanted
from indexer.types import NoteDraft, Progress
from tests.conftest import Bench, SmallRepository
from tests.guide.conftest import OpenKnowledge, Quiet, build_shop

EVIL = "<img src=file:///etc/hostname onerror=alert(1)>"
BIDI = "\u202egpj.exe"


class Tags(HTMLParser):
    """Collects what a page holds, and sees that what is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "input", "wbr", "br", "hr", "link", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(path: Path) -> Tags:
    """Return the tags of a file."""
    tags = Tags()
    tags.feed(path.read_text("utf-8"))
    assert not tags.open
    return tags


@pytest.fixture
def hostile(bench: Bench, open_knowledge: OpenKnowledge) -> KnowledgeBase:
    """A shop with file names, notes and routes that try to break what they are written into."""
    made = build_shop(bench.make("shop"))
    name = f"shop/{EVIL.replace('/', '_')} | [x](javascript:alert) {BIDI}.py"
    route = (
        "from flask import Flask\n"
        "app = Flask(__name__)\n"
        '@app.get("/<script>alert(1)</script>|`x`")\n'
        "def x(): ...\n"
    )
    made.commit(EVIL, {name: route})
    opened = open_knowledge(made)
    text = (
        f"Because.\n\n{EVIL}\n\n![x](file:///etc/hostname) [y](javascript:alert(1)) [z](https://example.com)"
    )
    opened.add_note(NoteDraft(f"Why {EVIL}", text, author=f"Eve {EVIL}"))
    return opened


def export(knowledge: KnowledgeBase, form: ExportForm, folder: Path) -> Path:
    """Write an export, and return its folder."""
    knowledge.mentor.exporter.export(ExportWanted(form, str(folder)), Quiet())
    return folder


def test_t2_to_t5_a_site_runs_and_loads_nothing_of_the_repository(
    hostile: KnowledgeBase, tmp_path: Path
) -> None:
    site = export(hostile, ExportForm.HTML, tmp_path / "site")
    pages = sorted(site.glob("*.html"))
    assert {"index.html", "modules.html", "map.html", "notes.html", "gaps.html", "search.html"} <= {
        each.name for each in pages
    }
    for page in pages:
        tags = read(page)
        assert not {"img", "iframe", "object", "link", "base", "embed"} & {tag for tag, _ in tags.found}, (
            page.name
        )
        scripts = [attributes for tag, attributes in tags.found if tag == "script"]
        assert len(scripts) == (2 if page.name == "search.html" else 0)
        for tag, attributes in tags.found:
            assert not [name for name in attributes if name.startswith("on")], (page.name, tag)
            target = attributes.get("href") or ""
            if tag == "a":
                assert re.fullmatch(r"[a-z0-9-]+\.html|https://example\.com", target), target
                assert target.startswith("https:") or (site / target).is_file(), target
        assert "\u202e" not in page.read_text("utf-8")
    notes = read(site / "notes.html").text
    assert EVIL in notes
    assert "![x](file:///etc/hostname)" in notes or "file:///etc/hostname" in notes


def test_the_site_finds_what_it_holds_without_a_server(hostile: KnowledgeBase, tmp_path: Path) -> None:
    site = export(hostile, ExportForm.HTML, tmp_path / "site")
    source = (site / "search.html").read_text("utf-8")
    found = re.search(r'<script type="application/json" id="entries">(.*?)</script>', source, re.DOTALL)
    assert found is not None
    entries = json.loads(found[1])
    assert {entry[0] for entry in entries} <= {each.stem for each in site.glob("*.html")}
    assert any("Why <img" in entry[1] or "Because." in entry[2] for entry in entries)
    assert "http" not in source.replace("http-equiv", "").split("<script>")[1]


def test_t2_to_t5_markdown_renders_as_the_text_that_it_is(hostile: KnowledgeBase, tmp_path: Path) -> None:
    wiki = export(hostile, ExportForm.MARKDOWN, tmp_path / "wiki")
    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    for page in wiki.glob("*.md"):
        tags = Tags()
        tags.feed(reader.render(page.read_text("utf-8")))
        for tag, attributes in tags.found:
            assert tag not in ("script", "iframe", "object"), page.name
            if tag == "img":
                assert re.fullmatch(r"map-\d\.svg", attributes["src"] or ""), attributes
            if tag == "a":
                target = attributes["href"] or ""
                assert target == "https://example.com" or (wiki / target).is_file(), target
    endpoints = (wiki / "inventory-endpoints.md").read_text("utf-8")
    rows = [line for line in endpoints.splitlines() if line.startswith("| GET")]
    assert len(rows) == 1
    assert len(re.findall(r"(?<!\\)\|", rows[0])) == 7


@pytest.mark.parametrize(
    "text", ["=1+1", "-x", "+x", "12. y", "@all", "www.x.org", "https://x", "_a_ *b*", "a|b", "&lt;"]
)
def test_t7_no_text_becomes_markup(text: str) -> None:
    rendered = MarkdownIt("gfm-like", {"linkify": False}).render(markdown(text))
    assert rendered == f"<p>{text.replace('&', '&amp;')}</p>\n"


def test_a_persons_markdown_keeps_its_form_and_loses_its_html() -> None:
    text = (
        "# One\n\n- **two**\n\n```html\n<b>\n```\n\n<b>three</b> [x](data:text/html,x)\n\n[y]: javascript:x\n"
    )
    rendered = MarkdownIt("commonmark", {"html": True}).render(markdown_block(text))
    assert "<h1>One</h1>" in rendered
    assert "<strong>two</strong>" in rendered
    assert "&lt;b&gt;\n</code>" in rendered
    assert "<b>" not in rendered
    assert "<a" not in rendered


def test_an_export_takes_the_place_of_an_earlier_one_alone(hostile: KnowledgeBase, tmp_path: Path) -> None:
    folder = export(hostile, ExportForm.MARKDOWN, tmp_path / "out")
    export(hostile, ExportForm.HTML, folder)
    assert (folder / "index.html").is_file()
    assert not (folder / "README.md").exists()
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".out")] == []


def test_a_folder_with_other_files_is_left_as_it_is(knowledge: KnowledgeBase, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds other files"):
        export(knowledge, ExportForm.HTML, tmp_path)
    with pytest.raises(UsageError, match="is a file"):
        export(knowledge, ExportForm.HTML, tmp_path / "mine.txt")
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_s1_a_full_disk_leaves_the_earlier_export_and_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    placing.put_folder(folder, [("a.html", "old")], {}, Quiet())
    real = placing._put
    for broken in range(3):
        written = 0

        def fail(target: Path, data: bytes, broken: int = broken) -> None:
            nonlocal written
            written += 1
            if written > broken:
                raise OSError(28, "No space left on device")
            real(target, data)

        monkeypatch.setattr(placing, "_put", fail)
        with pytest.raises(StorageError, match="No space left"):
            placing.put_folder(folder, [("a.html", "new"), ("b.html", "new")], {}, Quiet())
        assert (folder / "a.html").read_text() == "old"
        assert [each.name for each in tmp_path.iterdir()] == ["out"]


def test_what_is_stopped_leaves_nothing_behind(tmp_path: Path) -> None:
    class Stopped:
        def checkpoint(self) -> None:
            raise CancelledError("Stopped.")

        def report(self, progress: Progress) -> None:
            del progress

    def files() -> Iterator[tuple[str, str]]:
        yield "a.html", "x"

    with pytest.raises(CancelledError):
        placing.put_folder(tmp_path / "out", files(), {}, Stopped())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_s2_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StorageError, match="cannot be written"):
            placing.put_folder(tmp_path / "out", [("a", "x")], {}, Quiet())
    finally:
        tmp_path.chmod(0o700)


def test_the_book_holds_every_page_in_one_text(
    small_repository: SmallRepository, open_knowledge: OpenKnowledge, tmp_path: Path
) -> None:
    knowledge = open_knowledge(small_repository)
    book = export(knowledge, ExportForm.BOOK, tmp_path / "book")
    text = (book / "knowledge-base.md").read_text("utf-8")
    for title in ("# Modules", "# Notes", "# HTTP endpoints", "# What nobody wrote down"):
        assert f"\n{title}\n" in text
    assert "](" not in text
