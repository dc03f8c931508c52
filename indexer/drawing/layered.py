"""Layered drawings of directed graphs, after Sugiyama: users at the left, what they use at the right.

Circles are broken where the least weight runs against the rest; places within a layer follow the mean
of their neighbours; long edges pass through the layers between on roads that they share with the others
that end where they do. For some dozens of nodes: nothing here is quicker than the square of their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from indexer.drawing.circles import Arc, neighbours, order_of

SWEEPS: Final = 12
"""Rounds of ordering; crossings seldom fall after the eighth."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spacing:
    """Sizes of a drawing, in its own units. ``node`` is the height of one; widths come with the nodes."""

    node: float = 24.0
    between_nodes: float = 12.0
    between_layers: float = 72.0
    pass_through: float = 6.0
    """Height that a long edge takes in each layer that it crosses."""
    most_layers: int = 7
    """More of them are laid together where that hides the fewest imports: deep drawings cannot be read."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a node stands: its left edge, its middle, its width, and its layer (0: used by nobody)."""

    left: float
    middle: float
    width: float
    layer: int


@dataclass(frozen=True, slots=True)
class Route:
    """The way of an arc from the edge of its origin to the edge of its target: two nodes of one layer are
    joined at their right. ``against``: it runs from right to left, and closes a circle.
    """

    arc: Arc
    points: tuple[Point, ...]
    against: bool

    def curves(self) -> list[tuple[Point, Point, Point]]:
        """Return the way as cubic curves from its first point: two controls and an end each."""
        found: list[tuple[Point, Point, Point]] = []
        for (x, y), (end_x, end_y) in pairwise(self.points):
            if y == end_y:
                found.append(((x, y), (end_x, end_y), (end_x, end_y)))
            elif x == end_x:
                out = x + min(56.0, 14.0 + abs(end_y - y) / 4)
                found.append(((out, y), (out, end_y), (end_x, end_y)))
            else:
                middle = (x + end_x) / 2
                found.append(((middle, y), (middle, end_y), (end_x, end_y)))
        return found


@dataclass(frozen=True, slots=True)
class Drawing:
    """Nodes in their given order, routes in that of the arcs."""

    nodes: tuple[Placed, ...]
    routes: tuple[Route, ...]
    width: float
    height: float


def layered(widths: Sequence[float], arcs: Sequence[Arc], spacing: Spacing) -> Drawing:
    """Return a drawing of the nodes that have these widths; arcs to oneself are left out of it."""
    count = len(widths)
    kept = [arc for arc in arcs if arc.origin != arc.target]
    rank = order_of(count, kept)
    down = [
        (arc.origin, arc.target) if rank[arc.origin] < rank[arc.target] else (arc.target, arc.origin)
        for arc in kept
    ]
    weights = [arc.weight for arc in kept]
    layers = _laid_together(_layers(count, down, rank), down, weights, spacing.most_layers)
    against = [rank[arc.origin] > rank[arc.target] for arc in kept]
    chains, total, layer_of = _chains(count, down, layers, against)
    columns = _ordered(chains, total, layer_of, weights)
    heights = [spacing.node] * count + [spacing.pass_through] * (total - count)
    middles = _middles(columns, chains, heights, spacing)
    lefts, across = _lefts(columns, widths, count, spacing)
    placed = tuple(Placed(lefts[layers[i]], middles[i], widths[i], layers[i]) for i in range(count))
    widest = [max((widths[n] for n in column if n < count), default=0.0) for column in columns]
    gates = [
        (
            (lefts[layer_of[node]], middles[node]),
            (lefts[layer_of[node]] + widest[layer_of[node]], middles[node]),
        )
        for node in range(count, total)
    ]
    routes = tuple(
        _route(arc, chain, placed, gates, against=turned)
        for arc, chain, turned in zip(kept, chains, against, strict=True)
    )
    height = max((m + h / 2 for m, h in zip(middles, heights, strict=True)), default=0.0)
    return Drawing(placed, routes, max(across, _rightmost(routes)), height)


# ------------------------------------------------------------------------------------- private


def _layers(count: int, down: Sequence[tuple[int, int]], rank: Sequence[int]) -> list[int]:
    """Return the layer of each node: one beyond its farthest user, then as near to what it uses as can be."""
    out = neighbours(count, down)
    into = neighbours(count, ((target, origin) for origin, target in down))
    order = sorted(range(count), key=lambda node: rank[node])
    layers = [0] * count
    for node in order:
        layers[node] = max((layers[other] + 1 for other in into[node]), default=0)
    for node in reversed(order):
        if out[node] and not into[node]:
            layers[node] = min(layers[other] for other in out[node]) - 1
    return layers


def _laid_together(
    layers: Sequence[int], down: Sequence[tuple[int, int]], weights: Sequence[int], most: int
) -> list[int]:
    """Return at most ``most`` layers, neighbours laid together where the fewest arcs run between them
    and no layer becomes much higher than the others.
    """
    least = min(layers, default=0)
    layers = [layer - least for layer in layers]
    deep = max(layers, default=-1) + 1
    if deep <= most:
        return layers
    sizes = [layers.count(layer) for layer in range(deep)]
    inside = [[0.0] * deep for _ in range(deep)]
    for (origin, target), weight in zip(down, weights, strict=True):
        inside[layers[origin]][layers[target]] += weight
    # An import within a layer costs its weight, and a high layer the square of its nodes.
    heavy = max(1.0, sum(weights) / max(1, sum(sizes)) ** 2)
    cost = [[0.0] * deep for _ in range(deep)]
    for first in range(deep):
        for last in range(first, deep):
            within = sum(sum(inside[one][first : last + 1]) for one in range(first, last + 1))
            cost[first][last] = within + heavy * sum(sizes[first : last + 1]) ** 2
    best = [cost[0][last] for last in range(deep)]
    cuts = [[0] * deep]
    for _ in range(1, most):
        now, cut = list(best), [0] * deep
        for last in range(1, deep):
            options = [(best[first - 1] + cost[first][last], first) for first in range(1, last + 1)]
            now[last], cut[last] = min((*options, (best[last], 0)))
        best = now
        cuts.append(cut)
    group = [0] * deep
    last = deep - 1
    starts: list[int] = []
    for cut in reversed(cuts):
        if last < 0:
            break
        first = cut[last]
        if first:
            starts.append(first)
            last = first - 1
    for layer in range(deep):
        group[layer] = sum(start <= layer for start in starts)
    return [group[layer] for layer in layers]


def _chains(
    count: int, down: Sequence[tuple[int, int]], layers: Sequence[int], against: Sequence[bool]
) -> tuple[list[list[int]], int, list[int]]:
    """Return each edge as the nodes that it passes, and all nodes' layers. The places made for it in the
    layers between are shared with the other edges that end at the same node, as lanes of one road.
    """
    layer_of = list(layers)
    chains: list[list[int]] = []
    shared: dict[tuple[int, int, bool], int] = {}
    for (origin, target), turned in zip(down, against, strict=True):
        chain = [origin]
        for layer in range(layers[origin] + 1, layers[target]):
            place = shared.setdefault((target, layer, turned), len(layer_of))
            if place == len(layer_of):
                layer_of.append(layer)
            chain.append(place)
        chain.append(target)
        chains.append(chain)
    return chains, len(layer_of), layer_of


def _ordered(
    chains: Sequence[Sequence[int]], total: int, layer_of: Sequence[int], weights: Sequence[int]
) -> list[list[int]]:
    """Return the nodes of each layer, ordered so that few edges cross."""
    before: list[list[tuple[int, int]]] = [[] for _ in range(total)]
    after: list[list[tuple[int, int]]] = [[] for _ in range(total)]
    for chain, weight in zip(chains, weights, strict=True):
        for one, other in pairwise(chain):
            after[one].append((other, weight))
            before[other].append((one, weight))
    columns: list[list[int]] = [[] for _ in range(max(layer_of, default=-1) + 1)]
    for node in range(total):
        columns[layer_of[node]].append(node)
    place = [0.0] * total
    best = [list(column) for column in columns]
    fewest = _crossings(best, after)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for column in columns if forward else reversed(columns):
            beside = before if forward else after
            for at, node in enumerate(column):
                place[node] = float(at)
            means = {node: _mean([place[other] for other, _ in beside[node]], place[node]) for node in column}
            column.sort(key=lambda node: means[node])
            for at, node in enumerate(column):
                place[node] = float(at)
        crossed = _crossings(columns, after)
        if crossed < fewest:
            fewest, best = crossed, [list(column) for column in columns]
    return best


def _crossings(columns: Sequence[Sequence[int]], after: Sequence[Sequence[tuple[int, int]]]) -> int:
    place = {node: at for column in columns for at, node in enumerate(column)}
    total = 0
    for column in columns:
        ends: list[int] = []
        for node in column:
            here = sorted(place[other] for other, _ in after[node])
            for end in here:
                total += sum(1 for each in ends if each > end)
            ends += here
    return total


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _middles(
    columns: Sequence[Sequence[int]],
    chains: Sequence[Sequence[int]],
    heights: Sequence[float],
    spacing: Spacing,
) -> list[float]:
    """Return the middle of each node: near to its neighbours', in order, and nothing over another."""
    total = len(heights)
    beside: list[list[int]] = [[] for _ in range(total)]
    for chain in chains:
        for one, other in pairwise(chain):
            beside[one].append(other)
            beside[other].append(one)
    gap = spacing.between_nodes
    middles = [0.0] * total
    tallest = max(
        (sum(heights[n] for n in column) + gap * (len(column) - 1) for column in columns), default=0
    )
    for column in columns:
        length = sum(heights[n] for n in column) + gap * (len(column) - 1)
        at = (tallest - length) / 2
        for node in column:
            middles[node] = at + heights[node] / 2
            at += heights[node] + gap
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            wished = [_mean([middles[other] for other in beside[n]], middles[n]) for n in column]
            for node, middle in zip(column, _apart(column, wished, heights, gap), strict=True):
                middles[node] = middle
    top = min((middles[n] - heights[n] / 2 for n in range(total)), default=0.0)
    return [middle - top for middle in middles]


def _apart(
    column: Sequence[int], wished: Sequence[float], heights: Sequence[float], gap: float
) -> list[float]:
    """Return middles in order without overlap, as near to the wished ones as can be (by least squares:
    neighbours that would overlap move as one block).
    """
    blocks: list[tuple[float, float, int]] = []
    offset = 0.0
    offsets: list[float] = []
    for at, node in enumerate(column):
        if at:
            offset += (heights[column[at - 1]] + heights[node]) / 2 + gap
        offsets.append(offset)
        mean, weight, size = wished[at] - offset, 1.0, 1
        while blocks and blocks[-1][0] > mean:
            other, load, length = blocks.pop()
            mean = (mean * weight + other * load) / (weight + load)
            weight += load
            size += length
        blocks.append((mean, weight, size))
    placed: list[float] = []
    for mean, _, size in blocks:
        for _ in range(size):
            placed.append(mean + offsets[len(placed)])
    return placed


def _rightmost(routes: Sequence[Route]) -> float:
    """Return how far to the right lines reach: those within the last layer bend beyond its nodes."""
    return max(
        (
            # Between two ends at one height a curve comes three quarters of the way to its controls.
            (end[0] + 3 * max(first[0], second[0])) / 4
            for route in routes
            for first, second, end in route.curves()
        ),
        default=0.0,
    )


def _lefts(
    columns: Sequence[Sequence[int]], widths: Sequence[float], count: int, spacing: Spacing
) -> tuple[list[float], float]:
    """Return where each layer begins, and the width of all."""
    lefts: list[float] = []
    at = 0.0
    for column in columns:
        lefts.append(at)
        at += max((widths[n] for n in column if n < count), default=0.0) + spacing.between_layers
    return lefts, max(0.0, at - spacing.between_layers)


def _route(
    arc: Arc,
    chain: Sequence[int],
    placed: Sequence[Placed],
    gates: Sequence[tuple[Point, Point]],
    *,
    against: bool,
) -> Route:
    """Return the way along a chain, which runs from left to right whatever the arc does."""
    first, last = placed[chain[0]], placed[chain[-1]]
    points: list[Point] = [(first.left + first.width, first.middle)]
    for node in chain[1:-1]:
        points += gates[node - len(placed)]
    same = first.layer == last.layer
    points.append((last.left + (last.width if same else 0.0), last.middle))
    if same and points[0][0] != points[1][0]:
        edge = max(points[0][0], points[1][0])
        points = [points[0], (edge, points[0][1]), (edge, points[1][1]), points[1]]
    return Route(arc, tuple(reversed(points) if against else points), against)
