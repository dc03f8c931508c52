"""The treemap as a file: lines as size, changes as colour, hatched where no reason is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.drawing import heat
from indexer.drawing.folders import Folder, gather, within
from indexer.drawing.inks import Inks
from indexer.drawing.lettering import escaped, fitting, harmless
from indexer.drawing.sheet import Sheet
from indexer.drawing.treemap import Box, Group, Measures, Plan, plan
from indexer.shapes.modules import FileMap, FileRow

WIDTH: Final = 1280
HEIGHT: Final = 860
SIDE: Final = 24
HEAD: Final = 68
FOOT: Final = 56
LABEL: Final = 11.0
HATCH_EVERY: Final = 6.0
HATCH_FROM: Final = 18.0
"""The hatch begins below the name of a tile."""

LEAST_HATCHED: Final = 7.0
GAP: Final = 1.0
MOST_TILES: Final = 20_000
"""Tiles that are drawn one by one: more would make a file that no viewer opens at ease."""


@dataclass(frozen=True, slots=True)
class Titled:
    """What stands above a drawing."""

    name: str
    path: str
    commit_id: str
    months: int = 12


def map_sheet(files: FileMap, titled: Titled, inks: Inks) -> str:
    """Return the drawing of these files as SVG."""
    rows = files.rows
    whole = gather([row.path for row in rows], [row.lines for row in rows])
    root = within(whole, titled.path) or whole
    box = (float(SIDE), float(HEAD), float(WIDTH - 2 * SIDE), float(HEIGHT - HEAD - FOOT))
    laid = plan(root, box, Measures())
    lines = sum(row.lines for row in rows)
    sheet = Sheet(WIDTH, HEIGHT, inks, f"Map of {_called(titled)}", _told(len(rows), lines, titled))
    sheet.text((SIDE, 32), harmless(_called(titled))[:90], inks.text, 18, bold=True)
    about = f"{len(rows):,} files, {lines:,} lines"
    if titled.commit_id:
        about += f", at {titled.commit_id[:10]}"
    sheet.text((SIDE, 52), about, inks.text_2, 13)
    for group in laid.groups:
        _draw_group(sheet, group, group_name(group, root, titled.name), laid, rows)
    for number in sorted(range(len(laid.tiles)), key=lambda at: heat.outlined(rows[laid.files[at]])):
        _draw_outline(sheet, laid.tiles[number], rows[laid.files[number]])
    _draw_legend(sheet, titled)
    return sheet.svg()


def group_name(group: Group, root: Folder, whole: str) -> str:
    """Return what stands above a group; ``whole`` names the repository."""
    if not group.own:
        return group.folder.name
    return f"{root.path.rpartition('/')[2] or whole}, top level"


def hatch_lines(box: Box, every: float = HATCH_EVERY) -> Iterator[tuple[float, float, float, float]]:
    """Yield the lines (x1, y1, x2, y2) of a hatch at 45 degrees within a box. They stand on one grid for
    the whole drawing, so neighbours go on in each other.
    """
    left, top, width, height = box
    right, bottom = left + width, top + height
    first = int((left + top) // every) + 1
    last = int((right + bottom) // every)
    for at in range(first, last + 1):
        total = at * every
        start, end = max(left, total - bottom), min(right, total - top)
        if start < end:
            yield start, total - start, end, total - end


# ------------------------------------------------------------------------------------- private


def _called(titled: Titled) -> str:
    return f"{titled.name}/{titled.path}" if titled.path else titled.name


def _told(files: int, lines: int, titled: Titled) -> str:
    return (
        f"A treemap of {files} files with {lines} lines. The size of a tile is its lines, its colour the"
        f" changes of {titled.months} months, a hatch means that none of its definitions has a recorded"
        " reason, an outline that one person wrote it."
    )


def _draw_group(sheet: Sheet, group: Group, called: str, laid: Plan, rows: Sequence[FileRow]) -> None:
    inks = sheet.inks
    left, top, width, _ = group.box
    if group.header:
        name = fitting(harmless(called), LABEL, width - 6)
        if name:
            sheet.text((left + 1, top + 13), name, inks.text_2, LABEL, bold=True)
    if group.end - group.first > MOST_TILES:
        _draw_whole(sheet, group, rows, laid)
        return
    for at in range(group.first, group.end):
        _draw_tile(sheet, laid.tiles[at], rows[laid.files[at]])


def _draw_whole(sheet: Sheet, group: Group, rows: Sequence[FileRow], laid: Plan) -> None:
    """Draw a group as one tile, its heat that of the file in its middle: it has too many of them."""
    changes = sorted(rows[laid.files[at]].changes for at in range(group.first, group.end))
    left, top, width, height = group.box
    sheet.add(
        f'<rect x="{left:.1f}" y="{top + group.header:.1f}" width="{width:.1f}" '
        f'height="{max(0.0, height - group.header):.1f}" '
        f'fill="{sheet.inks.heat[heat.step(changes[len(changes) // 2])]}">'
        f"<title>{escaped(group.folder.path)}: {len(changes):,} files</title></rect>"
    )


def _draw_tile(sheet: Sheet, box: Box, row: FileRow) -> None:
    left, top, width, height = box
    width, height = max(width - GAP, width / 2), max(height - GAP, height / 2)
    warm = heat.step(row.changes)
    sheet.add(
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{sheet.inks.heat[warm]}"><title>{escaped(tile_words(row))}</title></rect>'
    )
    colour = sheet.inks.on_heat[warm]
    name = ""
    if height >= LABEL + 6:
        name = fitting(harmless(row.path.rpartition("/")[2]), LABEL, width - 8)
        if name:
            sheet.text((left + 5, top + 13), name, colour, LABEL)
    if heat.hatched(row) and width >= LEAST_HATCHED and height >= LEAST_HATCHED:
        below = HATCH_FROM if name else 0.0
        if height - below >= LEAST_HATCHED:
            ways = "".join(
                f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"
                for x1, y1, x2, y2 in hatch_lines((left, top + below, width, height - below))
            )
            sheet.add(f'<path d="{ways}" stroke="{colour}" stroke-opacity="0.42" fill="none"/>')


def _draw_outline(sheet: Sheet, box: Box, row: FileRow) -> None:
    if heat.outlined(row) and min(box[2], box[3]) >= heat.LEAST_OUTLINED:
        left, top, width, height = box
        sheet.add(
            f'<rect x="{left + 1:.1f}" y="{top + 1:.1f}" width="{width - 3:.1f}" height="{height - 3:.1f}" '
            f'fill="none" stroke="{sheet.inks.text}" stroke-width="1.5" pointer-events="none"/>'
        )


def tile_words(row: FileRow) -> str:
    """Return what a tile stands for, in one line."""
    parts = [f"{row.lines:,} lines", f"{row.changes:,} changes", f"{row.authors:,} authors"]
    if row.why.definitions:
        parts.append(f"{row.why.reasons:,} of {row.why.definitions:,} definitions with a reason")
    return f"{row.path}: {', '.join(parts)}"


def _draw_legend(sheet: Sheet, titled: Titled) -> None:
    inks, y, x = sheet.inks, HEIGHT - 22.0, float(SIDE)
    span = f"in {titled.months} months" if titled.months else "ever"
    x = sheet.label(x, y, "Size: lines") + 24
    x = sheet.label(x, y, f"Changes {span}: 0") + 8
    for colour in inks.heat:
        sheet.box((x, y - 11, 26, 13), colour, inks.outline, 0.5)
        x += 26
    x = sheet.label(x + 6, y, f"{heat.STEPS[-1]} or more") + 28
    ways = "".join(f"M{a:.1f} {b:.1f}L{c:.1f} {d:.1f}" for a, b, c, d in hatch_lines((x, y - 11, 24, 13)))
    sheet.add(f'<path d="{ways}" stroke="{inks.text_2}" fill="none"/>')
    sheet.box((x, y - 11, 24, 13), "none", inks.text_3, 1)
    x = sheet.label(x + 32, y, "no recorded reason") + 28
    sheet.box((x, y - 11, 24, 13), "none", inks.text, 1.5)
    sheet.label(x + 32, y, "one author")
    sheet.text_to((WIDTH - SIDE, y), "A pointer to where to look, never a diagnosis", inks.text_3)
