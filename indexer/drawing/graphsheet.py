"""The layered graph of modules as a file: who imports whom, what closes a circle, what changes together."""

from __future__ import annotations

from typing import Final

from indexer.drawing.graph import Graph, Tie, arrow, lay_graph, line_width, short_names, tie_curve
from indexer.drawing.inks import Inks
from indexer.drawing.layered import Point, Route, Spacing
from indexer.drawing.lettering import escaped, fitting, harmless, width
from indexer.drawing.mapsheet import Titled
from indexer.drawing.sheet import Sheet
from indexer.shapes.modules import Dependencies

SIDE: Final = 24.0
HEAD: Final = 76.0
FOOT: Final = 60.0
LETTERS: Final = 12.0
LEAST_WIDTH: Final = 720.0
WIDEST_NODE: Final = 190.0
PAD: Final = 12.0


def graph_sheet(found: Dependencies, titled: Titled, inks: Inks) -> str:
    """Return the drawing of these dependencies as SVG."""
    names = short_names(found.nodes, titled.path)
    widths = [min(WIDEST_NODE, width(harmless(name), LETTERS) + 2 * PAD) for name in names]
    graph = lay_graph(found, titled.path, widths, Spacing(), LEAST_WIDTH)
    across = max(LEAST_WIDTH, graph.drawing.width + 2 * SIDE + 64)
    down = graph.drawing.height + HEAD + FOOT
    called = f"{titled.name}/{titled.path}" if titled.path else titled.name
    told = f"A layered graph of {len(names)} modules: users at the left, what they use at the right."
    sheet = Sheet(across, down, inks, f"Dependencies of {called}", told)
    sheet.text((SIDE, 32), harmless(called)[:70], inks.text, 18, bold=True)
    sheet.text((SIDE, 52), _about(graph, found, titled), inks.text_2, 13)
    shift = (SIDE + (across - graph.drawing.width - 2 * SIDE) / 2, HEAD)
    for tie in graph.ties:
        _draw_tie(sheet, graph, tie, shift)
    for route in sorted(graph.drawing.routes, key=lambda route: (route.against, route.arc.weight)):
        _draw_route(sheet, graph, route, shift)
    for number in range(len(names)):
        _draw_node(sheet, graph, number, shift)
    _draw_legend(sheet, down, across)
    return sheet.svg()


# ------------------------------------------------------------------------------------- private


def _about(graph: Graph, found: Dependencies, titled: Titled) -> str:
    parts = [f"{len(graph.nodes):,} modules", f"{len(graph.drawing.routes):,} dependencies"]
    against = sum(route.against for route in graph.drawing.routes)
    rings = len(set(graph.circle) - {0})
    if rings:
        parts.append(f"{rings:,} {'circle' if rings == 1 else 'circles'}, closed by {against:,} of them")
    if found.left_out:
        parts.append(f"{found.left_out:,} modules not drawn")
    if titled.commit_id:
        parts.append(f"at {titled.commit_id[:10]}")
    return ", ".join(parts)


def _draw_route(sheet: Sheet, graph: Graph, route: Route, shift: Point) -> None:
    inks = sheet.inks
    thick = line_width(route.arc.weight)
    colour, opacity = (inks.partial, 0.9) if route.against else (inks.text_3, 0.38)
    (x, y), (dx, dy) = route.points[0], shift
    way = f"M{x + dx:.1f} {y + dy:.1f}"
    for (ax, ay), (bx, by), (ex, ey) in route.curves():
        way += f"C{ax + dx:.1f} {ay + dy:.1f} {bx + dx:.1f} {by + dy:.1f} {ex + dx:.1f} {ey + dy:.1f}"
    one, other = graph.names[route.arc.origin], graph.names[route.arc.target]
    told = f"{one} imports {other}: {route.arc.weight:,}"
    if route.against:
        told += ", closes a circle"
    look = f'stroke="{colour}" stroke-opacity="{opacity}" stroke-width="{thick:.1f}"'
    sheet.add(f'<path d="{way}" fill="none" {look}><title>{escaped(told)}</title></path>')
    points = " ".join(f"{px + dx:.1f},{py + dy:.1f}" for px, py in arrow(route))
    sheet.add(f'<polygon points="{points}" fill="{colour}"/>')


def _draw_tie(sheet: Sheet, graph: Graph, tie: Tie, shift: Point) -> None:
    dx, dy = shift
    start, first, second, end = tie_curve(graph.drawing.nodes[tie.one], graph.drawing.nodes[tie.other])
    way = f"M{start[0] + dx:.1f} {start[1] + dy:.1f}C" + " ".join(
        f"{x + dx:.1f} {y + dy:.1f}" for x, y in (first, second, end)
    )
    told = f"{graph.names[tie.one]} and {graph.names[tie.other]} changed together in {tie.commits:,} commits"
    sheet.add(
        f'<path d="{way}" fill="none" stroke="{sheet.inks.accent}" stroke-opacity="0.8" stroke-width="1.4" '
        f'stroke-dasharray="5 4"><title>{escaped(told)}</title></path>'
    )


def _draw_node(sheet: Sheet, graph: Graph, number: int, shift: Point) -> None:
    inks, place, row = sheet.inks, graph.drawing.nodes[number], graph.nodes[number]
    left, top = place.left + shift[0], place.middle + shift[1] - 12
    ring = graph.circle[number]
    stroke = inks.partial if ring else inks.outline
    told = f"{row.path or row.name}: {row.files:,} files, {row.lines:,} lines"
    if ring:
        told += ", part of a circle"
    sheet.add(
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{place.width:.1f}" height="24" rx="4" fill="{inks.page}" '
        f'stroke="{stroke}" stroke-width="{1.5 if ring else 1}"><title>{escaped(told)}</title></rect>'
    )
    name = fitting(harmless(graph.names[number]), LETTERS, place.width - 2 * PAD + 4)
    sheet.text((left + PAD, top + 16), name, inks.text, LETTERS)


def _draw_legend(sheet: Sheet, down: float, across: float) -> None:
    inks, y = sheet.inks, down - 22
    x = SIDE
    for said, colour, thick, dashes in (
        ("imports; thicker: more of them", inks.text_3, 2.5, ""),
        ("closes a circle", inks.partial, 2.0, ""),
        ("changes together, no import", inks.accent, 1.4, "5 4"),
    ):
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        sheet.add(
            f'<path d="M{x:.1f} {y - 4:.1f}h26" stroke="{colour}" stroke-width="{thick}"{dash} fill="none"/>'
        )
        x = sheet.label(x + 34, y, said) + 28
    if across - SIDE > x + 270:
        sheet.text_to((across - SIDE, y), "Users at the left, what they use at the right", inks.text_3)
