"""The pages of an export, gathered from all parts of the guide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from indexer.drawing import inks
from indexer.drawing.graphsheet import graph_sheet
from indexer.drawing.mapsheet import Titled, map_sheet
from indexer.guide.exporting.blocks import Block, Figure, Heading, Listed, Page, Said, Table, Written, slug_of
from indexer.shapes.inventory import Inventory, InventoryWanted
from indexer.shapes.modules import DependenciesWanted, MapWanted, ModulePage, Named
from indexer.types import AnchorState, Citation, Control, Gap, Note, Statement, shown_path

if TYPE_CHECKING:
    from indexer.guide.desk import Desk
    from indexer.guide.inventory.listing import Inventories
    from indexer.guide.modules.summaries import Summaries

MOST_CELLS: Final = 600
"""Characters of one cell or sentence: a page is read, and a line of a megabyte is not."""
OVERVIEW: Final = "index"
_STATES: Final = {
    AnchorState.STALE: "Its code changed since it was written.",
    AnchorState.ORPHANED: "Its code is not there any more.",
}


@dataclass(frozen=True, slots=True)
class Book:
    """All pages in the order of reading, and what they hold."""

    name: str
    commit_id: str | None
    made: int
    pages: tuple[Page, ...]
    counts: dict[str, int] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


class Gathering:
    """Asks the parts of the guide, and lays what they say on pages."""

    def __init__(
        self, desk: Desk, modules: Summaries, inventory: Inventories, clock: Callable[[], float]
    ) -> None:
        self._desk = desk
        self._modules = modules
        self._inventory = inventory
        self._clock = clock

    def book(self, control: Control, *, everywhere: bool) -> Book:
        """Return every page."""
        name = shown_path(self._desk.work_tree.name) if self._desk.work_tree is not None else "repository"
        modules = self._modules.pages(control)
        control.checkpoint()
        inventory = self._inventory.list(InventoryWanted(everywhere=everywhere), control)
        notes = self._desk.notes.list()
        gaps = self._desk.notes.gaps(answered=True)
        decisions = {each.statement.text for page in modules for each in page.decisions}
        counts = {
            "modules": len(modules),
            "decisions": len(decisions),
            "notes": len(notes),
            "gaps": sum(1 for each in gaps if each.note_id is None),
            "inventory": _size(inventory),
        }
        pages = [
            _modules_page(modules),
            *(_module_page(each) for each in modules),
            _decisions_page(modules),
            _notes_page(notes),
            _gaps_page(gaps),
            self._map_page(name, control),
            *_inventory_pages(inventory),
        ]
        head = self._desk.catalog.get("head")
        front = _front(name, head, int(self._clock()), counts, pages)
        return Book(name, head, int(self._clock()), (front, *pages), counts, inventory.notices)

    def _map_page(self, name: str, control: Control) -> Page:
        """Return the map, as the command `lorebase map` draws it."""
        files = self._modules.file_map(MapWanted(), control)
        graph = self._modules.dependencies(DependenciesWanted(), control)
        titled = Titled(name, "", files.commit_id or "", 12)
        blocks: list[Block] = []
        if files.rows:
            says = (
                "Each rectangle is a file: as large as its lines, coloured by its changes, hatched where no"
                " reason is recorded."
            )
            blocks.append(
                Figure(map_sheet(files, titled, inks.LIGHT), map_sheet(files, titled, inks.DARK), says)
            )
        if graph.nodes:
            says = "Which module leans on which, by imports."
            blocks += [
                Heading(2, "Dependencies"),
                Figure(graph_sheet(graph, titled, inks.LIGHT), graph_sheet(graph, titled, inks.DARK), says),
            ]
        busy = sorted(files.rows, key=lambda each: (-each.changes, each.path))[:50]
        rows = tuple((each.path, f"{each.lines:,}", str(each.changes), str(each.authors)) for each in busy)
        if rows:
            blocks += [
                Heading(2, "The files that change most"),
                Table(("File", "Lines", "Changes in 12 months", "Authors"), rows),
            ]
        return Page("map", "Map", "map", tuple(blocks) or (Said("There are no files with lines to draw."),))


def day(when: int) -> str:
    """Return a time as a day, or the number where no calendar has it."""
    try:
        return datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%d")
    except (OverflowError, OSError, ValueError):
        return str(when)


def cut(text: str) -> str:
    """Return text of a cell or a sentence, cut where nobody reads on."""
    return text if len(text) <= MOST_CELLS else f"{text[: MOST_CELLS - 1]}…"


# ---------------------------------------------------------------------------------- pages


def _front(name: str, head: str | None, made: int, counts: dict[str, int], pages: Sequence[Page]) -> Page:
    at = f"commit {head[:12]}" if head else "the working copy, without a commit"
    blocks: list[Block] = [
        Said(f"What is known of {name}, read from {at} on {day(made)}."),
        Said(
            "Every sentence is a quotation or was counted, and names its source. What nobody wrote down is"
            " listed as missing, not guessed."
        ),
        Table(
            ("Part", "Holds"),
            tuple(
                (title, f"{counts[part]:,}")
                for part, title in (
                    ("modules", "Modules"),
                    ("decisions", "Decisions and reasons"),
                    ("notes", "Notes"),
                    ("gaps", "Open questions"),
                    ("inventory", "Things in the inventory"),
                )
            ),
            (
                "modules",
                "decisions",
                "notes",
                "gaps",
                next((p.slug for p in pages if p.group == "inventory"), ""),
            ),
        ),
    ]
    return Page(OVERVIEW, name, "overview", tuple(blocks))


def _modules_page(modules: Sequence[ModulePage]) -> Page:
    rows = tuple(
        (
            "· " * page.row.depth + (page.row.name or "(the whole)"),
            cut(page.row.says or (page.purpose[0].text if page.purpose else "")),
            f"{page.row.lines:,}",
            f"{page.row.changes:,}",
            f"{page.row.why.share:.0%}",
        )
        for page in modules
    )
    table = Table(
        ("Module", "Purpose", "Lines", "Changes in 12 months", "With a recorded reason"),
        rows,
        tuple(_module_slug(page.row.path) for page in modules),
    )
    return Page("modules", "Modules", "modules", (table,) if rows else (Said("There are no modules."),))


def _module_slug(path: str) -> str:
    return slug_of(path or "whole", "module")


def _module_page(page: ModulePage) -> Page:
    blocks: list[Block] = []
    if page.paragraph is not None:
        by = f"{page.paragraph.by}, {day(page.paragraph.when)}"
        blocks.append(Written(page.paragraph.text, by))
    if page.review is not None:
        review = page.review
        changed = f"; {review.changed_count} of its files changed since" if review.changed_count else ""
        blocks.append(Said(f"Reviewed by {review.by}, {day(review.when)}{changed}."))
    blocks += [_sentence(each) for each in page.purpose]
    blocks += _named("Public surface", page.surface)
    blocks += _named("Entry points", page.entries)
    blocks += _leaning(page)
    blocks += _named("Data it owns", page.data)
    for flow in page.flows:
        blocks += _section(f"From {flow.name}", flow.steps)
    blocks += _named("Tests", page.tests)
    blocks += _section("People", [each.statement for each in page.people])
    if page.heat is not None:
        blocks += _section("How often it changes", [page.heat.statement])
    blocks += _named("Decisions", page.decisions)
    if page.why is not None:
        worst = tuple(_sentence(each.statement, each.name) for each in page.why.worst)
        blocks += [Heading(2, "Recorded reasons"), _sentence(page.why.statement)]
        blocks += [Listed(worst)] if worst else []
    blocks += _section("Not written down", page.missing)
    if page.below:
        below = tuple(Said("", label=path, page=_module_slug(path)) for path in page.below)
        blocks += [Heading(2, "Modules in it"), Listed(below)]
    title = page.row.path or "The whole repository"
    return Page(_module_slug(page.row.path), title, "modules", tuple(blocks), cut(page.row.says))


def _sentence(statement: Statement, label: str = "", page: str = "") -> Said:
    return Said(cut(statement.text), statement.citations, label, statement.quoted, page)


def _section(title: str, statements: Sequence[Statement]) -> list[Block]:
    if not statements:
        return []
    return [Heading(2, title), Listed(tuple(_sentence(each) for each in statements))]


def _leaning(page: ModulePage) -> list[Block]:
    """Return the modules that it uses, is used by, and changes together with."""
    blocks: list[Block] = []
    for title, links in (
        ("Uses", page.uses),
        ("Used by", page.used_by),
        ("Changes together with", page.together),
    ):
        if links:
            lines = (_sentence(each.statement, each.path, _module_slug(each.path)) for each in links)
            blocks += [Heading(2, title), Listed(tuple(lines))]
    return blocks


def _named(title: str, named: Sequence[Named]) -> list[Block]:
    if not named:
        return []
    lines = tuple(
        # Most of the sentences begin with the name of what they are about.
        _sentence(
            each.statement, "" if each.name in each.statement.text[:80] else f"{each.name} ({each.kind})"
        )
        for each in named
    )
    return [Heading(2, title), Listed(lines)]


def _decisions_page(modules: Sequence[ModulePage]) -> Page:
    blocks: list[Block] = []
    told: set[str] = set()
    for page in modules:
        fresh = [each for each in page.decisions if each.statement.text not in told]
        told.update(each.statement.text for each in fresh)
        blocks += _named(page.row.path or "The whole repository", fresh)
    none = Said("No recorded decision was found.")
    return Page("decisions", "Decisions and reasons", "decisions", tuple(blocks) or (none,))


def _notes_page(notes: Iterable[Note]) -> Page:
    blocks: list[Block] = []
    for note in notes:
        blocks.append(Heading(2, note.title))
        if note.question:
            blocks.append(Said(note.question, label="Asked"))
        about = note.anchor
        if about is not None and about.path is not None:
            lines = f":{about.start_line}" if about.start_line else ""
            blocks.append(Said(f"{about.path}{lines}", label="About"))
        if note.state in _STATES:
            blocks.append(Said(_STATES[note.state], label="Beware"))
        blocks.append(Written(note.text, f"{note.author or 'somebody'}, {day(note.updated)}"))
    return Page("notes", "Notes", "notes", tuple(blocks) or (Said("Nobody wrote a note yet."),))


def _gaps_page(gaps: Iterable[Gap]) -> Page:
    rows = tuple(
        (
            cut(gap.question),
            gap.category.value if gap.category is not None else "",
            str(gap.asked),
            "answered by a note" if gap.note_id is not None else "open",
            cut("; ".join(f"{each.name}: {each.reason}" for each in gap.contacts[:3])),
        )
        for gap in gaps
    )
    table = Table(("Question", "Kind", "Asked", "State", "Who may know"), rows)
    return Page(
        "gaps", "What nobody wrote down", "gaps", (table,) if rows else (Said("No question is open."),)
    )


def _size(found: Inventory) -> int:
    parts = (found.endpoints, found.settings, found.variables, found.tables, found.jobs, found.commands)
    return sum(len(part) for part in parts)


def _inventory_pages(found: Inventory) -> list[Page]:
    rows: dict[str, tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]] = {
        "endpoints": (
            "HTTP endpoints",
            ("Methods", "Address", "Answered by", "Says", "Not known", "Where"),
            tuple(
                (
                    ", ".join(e.methods) or "any",
                    e.url,
                    e.handler,
                    e.says,
                    " ".join(e.unknown),
                    _where(e.citations),
                )
                for e in found.endpoints
            ),
        ),
        "settings": (
            "Settings",
            ("Name", "Default", "Read in", "Says", "Where"),
            tuple((e.name, e.default, str(e.reads), e.says, _where(e.citations)) for e in found.settings),
        ),
        "env": (
            "Environment variables",
            ("Name", "Default", "Read in", "Where"),
            tuple(
                (e.name, "required" if e.required else e.default, str(e.reads), _where(e.citations))
                for e in found.variables
            ),
        ),
        "tables": (
            "Database tables",
            ("Table", "Model", "Columns", "Not known", "Where"),
            tuple(
                (
                    e.name,
                    e.model,
                    ", ".join(c.name for c in e.columns),
                    " ".join(e.unknown),
                    _where(e.citations),
                )
                for e in found.tables
            ),
        ),
        "jobs": (
            "Scheduled and batch jobs",
            ("Job", "When", "In words", "Runs", "Where"),
            tuple((e.name, e.schedule, e.plainly, e.runs, _where(e.citations)) for e in found.jobs),
        ),
        "commands": (
            "Commands",
            ("Command", "Does", "Kind", "Where"),
            tuple((e.name, e.says or e.runs, e.framework, _where(e.citations)) for e in found.commands),
        ),
    }
    pages = []
    for kind, (title, columns, cells) in rows.items():
        blocks: list[Block] = []
        if cells:
            blocks.append(Table(columns, tuple(tuple(cut(each) for each in row) for row in cells)))
        else:
            blocks.append(Said("None were found."))
        left = [f"{each.count} in files marked {each.mark}" for each in found.left_out if each.kind == kind]
        if left:
            blocks.append(Said(f"Left out: {', '.join(left)}."))
        pages.append(Page(f"inventory-{kind}", title, "inventory", tuple(blocks)))
    return pages


def _where(citations: Sequence[Citation]) -> str:
    return f"{citations[0].path}:{citations[0].start_line}" if citations else ""
