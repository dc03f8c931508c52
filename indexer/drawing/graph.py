"""Modules and what joins them, laid out: imports in layers, what changes together as dashed lines."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.drawing.circles import Arc, circles
from indexer.drawing.layered import Drawing, Placed, Point, Route, Spacing, layered
from indexer.shapes.modules import Dependencies, ModuleEdge, ModuleRow

TOGETHER: Final = 5
"""Commits that must have touched both before modules are said to change together."""

SHARE: Final = 5
"""And at least one in so many of the commits of the one that changes less."""

MOST_TOGETHER: Final = 16

DEEP: Final = 4
"""Steps of a path that a name shows in full."""

SINGLE: Final = -1
"""The layer of nodes that nothing joins."""


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
    """Return what modules are called in a drawing of ``within``: their paths below it, the middle of deep
    ones left out. Where two would be alike, the first step that tells them apart stands behind.
    """
    start = f"{within}/" if within else ""
    whole = [
        (row.path.removeprefix(start) if row.path != within else row.name) or row.name or "top level"
        for row in rows
    ]
    alike: dict[str, list[int]] = defaultdict(list)
    for number, name in enumerate(whole):
        alike[shortened(name)].append(number)
    names = list(whole)
    for brief, numbers in alike.items():
        steps = [whole[number].split("/") for number in numbers]
        apart = next((at for at, each in enumerate(zip(*steps, strict=False)) if len(set(each)) > 1), -1)
        told = [brief if len(numbers) == 1 else f"{brief} ({each[apart]})" for each in steps]
        if len(set(told)) == len(told):
            for number, name in zip(numbers, told, strict=True):
                names[number] = name
    return tuple(names)


def shortened(path: str) -> str:
    """Return a path of more than four steps as its first and its last two."""
    steps = path.split("/")
    return path if len(steps) <= DEEP else f"{steps[0]}/…/{steps[-2]}/{steps[-1]}"


def lay_graph(
    found: Dependencies, within: str, widths: Sequence[float], spacing: Spacing, least_width: float = 0.0
) -> Graph:
    """Return the graph of these dependencies, each node as wide as given. Nodes that nothing joins stand
    in rows below the others, which are at least ``least_width`` wide.
    """
    number = {row.path: at for at, row in enumerate(found.nodes)}
    arcs = [
        Arc(number[edge.source], number[edge.target], edge.imports)
        for edge in found.edges
        if edge.imports and edge.source != edge.target and edge.source in number and edge.target in number
    ]
    ties = tuple(_ties(found.edges, found.nodes, number, {(arc.origin, arc.target) for arc in arcs}))
    joined = sorted({end for arc in arcs for end in (arc.origin, arc.target)} | _ends(ties))
    drawing = _renumbered(layered([widths[n] for n in joined], _within(arcs, joined), spacing), joined)
    drawing = _both_ways(drawing, spacing.node / 5)
    return Graph(
        found.nodes,
        short_names(found.nodes, within),
        _with_single(drawing, joined, widths, spacing, least_width),
        ties,
        tuple(circles(len(found.nodes), arcs)),
    )


def taller(drawing: Drawing, by: float) -> Drawing:
    """Return the drawing with everything ``by`` times as far below its top; nodes keep their height."""

    def beside(number: int, y: float) -> float:
        middle = drawing.nodes[number].middle
        return middle * by + y - middle

    def moved(route: Route) -> Route:
        (x, y), *between, (end_x, end_y) = route.points
        first = (x, beside(route.arc.origin, y))
        last = (end_x, beside(route.arc.target, end_y))
        return replace(route, points=(first, *((a, b * by) for a, b in between), last))

    return replace(
        drawing,
        nodes=tuple(replace(node, middle=node.middle * by) for node in drawing.nodes),
        routes=tuple(moved(route) for route in drawing.routes),
        height=drawing.height * by,
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


def arrow(route: Route) -> tuple[Point, Point, Point]:
    """Return the head of an arc's arrow: its tip at the target."""
    x, y = route.points[-1]
    before = route.curves()[-1][1][0] if len(route.points) > 1 else x
    back = 7.0 if before > x or (before == x and route.against) else -7.0
    half = 2.6 + line_width(route.arc.weight) / 2
    return (x, y), (x + back, y - half), (x + back, y + half)


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


def _ends(ties: Iterable[Tie]) -> set[int]:
    return {end for tie in ties for end in (tie.one, tie.other)}


def _within(arcs: Sequence[Arc], joined: Sequence[int]) -> list[Arc]:
    place = {number: at for at, number in enumerate(joined)}
    return [Arc(place[arc.origin], place[arc.target], arc.weight) for arc in arcs]


def _renumbered(drawing: Drawing, joined: Sequence[int]) -> Drawing:
    """Return the drawing with its arcs told by the numbers of all nodes."""
    routes = tuple(
        replace(route, arc=Arc(joined[route.arc.origin], joined[route.arc.target], route.arc.weight))
        for route in drawing.routes
    )
    return replace(drawing, routes=routes)


def _both_ways(drawing: Drawing, by: float) -> Drawing:
    """Return the drawing with imports that run both ways side by side, not one over the other."""
    pairs = {(route.arc.origin, route.arc.target) for route in drawing.routes}
    routes = []
    for route in drawing.routes:
        if (route.arc.target, route.arc.origin) in pairs:
            shift = by if route.against else -by
            (x, y), *between, (end_x, end_y) = route.points
            route = replace(route, points=((x, y + shift), *between, (end_x, end_y + shift)))  # noqa: PLW2901
        routes.append(route)
    return replace(drawing, routes=tuple(routes))


def _with_single(
    drawing: Drawing, joined: Sequence[int], widths: Sequence[float], spacing: Spacing, least_width: float
) -> Drawing:
    """Return the drawing with the nodes that nothing joins in rows below it."""
    placed = dict(zip(joined, drawing.nodes, strict=True))
    across = max(drawing.width, least_width if len(placed) < len(widths) else 0.0)
    gap = spacing.between_nodes
    left, top = 0.0, drawing.height + (2.5 * gap if joined else 0.0)
    right = 0.0
    bottom = drawing.height
    for number, width in enumerate(widths):
        if number in placed:
            continue
        if left and left + width > across:
            left, top = 0.0, top + spacing.node + gap
        placed[number] = Placed(left, top + spacing.node / 2, width, SINGLE)
        bottom = top + spacing.node
        right = max(right, left + width)
        left += width + gap
    nodes = tuple(placed[number] for number in range(len(widths)))
    return replace(drawing, nodes=nodes, width=max(drawing.width, right), height=bottom)
