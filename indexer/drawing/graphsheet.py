"""The layered graph of modules as a file: who imports whom, what closes a circle, what changes together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.drawing.circles import Arc, circles
from indexer.drawing.inks import Inks
from indexer.drawing.layered import Drawing, Placed, Point, Route, Spacing, layered
from indexer.drawing.lettering import escaped, fitting, harmless, width
from indexer.drawing.mapsheet import Titled
from indexer.drawing.sheet import Sheet
from indexer.shapes.modules import Dependencies, ModuleEdge, ModuleRow

SIDE: Final = 24.0
HEAD: Final = 76.0
FOOT: Final = 60.0
LETTERS: Final = 12.0
LEAST_WIDTH: Final = 720.0
WIDEST_NODE: Final = 190.0
PAD: Final = 12.0
TOGETHER: Final = 5
"""Commits that must have touched both before modules are said to change together."""
SHARE: Final = 5
"""And at least one in so many of the commits of the one that changes less."""
MOST_TOGETHER: Final = 16


@dataclass(frozen=True, slots=True)
class Tie:
    """Two modules, by number, that change together although neither imports the other."""

    one: int
    other: int
    commits: int
    of: int
    """Changes of the one that changes less."""


@dataclass(frozen=True, slots=True)
class Graph:
    """A laid-out graph: nodes by number in the order of the dependencies, and what joins them."""

    nodes: tuple[ModuleRow, ...]
    names: tuple[str, ...]
    drawing: Drawing
    ties: tuple[Tie, ...]
    circle: tuple[int, ...]
    """For each node the number of the circle that it is part of, 0 for none."""

    def arcs_of(self, node: int) -> list[Route]:
        """Return what begins or ends at a node."""
        return [each for each in self.drawing.routes if node in (each.arc.origin, each.arc.target)]


def short_names(rows: Sequence[ModuleRow], within: str) -> tuple[str, ...]:
    """Return what modules are called in a drawing of ``within``: their paths below it."""
    start = f"{within}/" if within else ""
    return tuple(
        (row.path.removeprefix(start) if row.path != within else row.name) or row.name for row in rows
    )


def lay_graph(found: Dependencies, within: str, widths: Sequence[float], spacing: Spacing) -> Graph:
    """Return the graph of these dependencies, each node as wide as given."""
    number = {row.path: at for at, row in enumerate(found.nodes)}
    arcs = [
        Arc(number[edge.source], number[edge.target], edge.imports)
        for edge in found.edges
        if edge.imports and edge.source in number and edge.target in number
    ]
    drawing = layered(widths, arcs, spacing)
    return Graph(
        found.nodes,
        short_names(found.nodes, within),
        drawing,
        tuple(_ties(found.edges, found.nodes, number, {(arc.origin, arc.target) for arc in arcs})),
        tuple(circles(len(found.nodes), arcs)),
    )


def line_width(imports: int) -> float:
    """Return how thick an arc is drawn, 1 to 5, for 1 import to 80 or more."""
    return min(5.0, 1.0 + math.log2(max(1, imports)) * 0.63)


def tie_curve(one: Placed, other: Placed) -> tuple[Point, Point, Point, Point]:
    """Return the dashed line between two nodes: start, two controls, end."""
    if one.left > other.left:
        one, other = other, one
    if one.left + one.width < other.left:
        start, end = (one.left + one.width, one.middle), (other.left, other.middle)
        out = (end[0] - start[0]) / 2
        return start, (start[0] + out, start[1]), (end[0] - out, end[1]), end
    start, end = (one.left, one.middle), (other.left, other.middle)
    out = min(64.0, 18.0 + abs(end[1] - start[1]) / 4)
    left = min(start[0], end[0]) - out
    return start, (left, start[1]), (left, end[1]), end


def graph_sheet(found: Dependencies, titled: Titled, inks: Inks) -> str:
    """Return the drawing of these dependencies as SVG."""
    names = short_names(found.nodes, titled.path)
    widths = [min(WIDEST_NODE, width(harmless(name), LETTERS) + 2 * PAD) for name in names]
    graph = lay_graph(found, titled.path, widths, Spacing())
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


def _ties(
    edges: Sequence[ModuleEdge],
    nodes: Sequence[ModuleRow],
    number: dict[str, int],
    joined: set[tuple[int, int]],
) -> list[Tie]:
    found: dict[tuple[int, int], Tie] = {}
    for edge in edges:
        if edge.source not in number or edge.target not in number or edge.together < TOGETHER:
            continue
        one, other = sorted((number[edge.source], number[edge.target]))
        if one == other or (one, other) in joined or (other, one) in joined:
            continue
        of = min(nodes[one].changes, nodes[other].changes)
        if edge.together * SHARE >= of:
            found[one, other] = Tie(one, other, edge.together, of)
    return sorted(found.values(), key=lambda tie: (-tie.commits, tie.one, tie.other))[:MOST_TOGETHER]


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


def arrow(route: Route) -> tuple[Point, Point, Point]:
    """Return the head of an arc's arrow: its tip at the target."""
    x, y = route.points[-1]
    before = route.curves()[-1][1][0] if len(route.points) > 1 else x
    back = 7.0 if before > x or (before == x and route.against) else -7.0
    half = 2.6 + line_width(route.arc.weight) / 2
    return (x, y), (x + back, y - half), (x + back, y + half)


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
