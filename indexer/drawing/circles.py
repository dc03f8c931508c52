"""Circles of a directed graph: which nodes reach each other, and an order that little runs against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

ROUNDS: Final = 12
"""Rounds of moving single nodes; nothing moves any more after three or four."""


@dataclass(frozen=True, slots=True)
class Arc:
    """A directed edge between numbered nodes."""

    origin: int
    target: int
    weight: int = 1


def circles(count: int, arcs: Iterable[Arc]) -> list[int]:
    """Return for each node the number of the circle that it is part of, from 1 on; 0 for those in none.

    A circle is a set of nodes each of which reaches every other (Kosaraju, without recursion).
    """
    pairs = [(arc.origin, arc.target) for arc in arcs]
    order = _left_in_turn(count, neighbours(count, pairs))
    back = neighbours(count, ((target, origin) for origin, target in pairs))
    found = [-1] * count
    circle = 0
    for root in reversed(order):
        if found[root] >= 0:
            continue
        members = [root]
        found[root] = 0
        for node in members:
            for other in back[node]:
                if found[other] < 0:
                    found[other] = 0
                    members.append(other)
        if len(members) > 1:
            circle += 1
            for node in members:
                found[node] = circle
    return found


def order_of(count: int, arcs: Sequence[Arc]) -> list[int]:
    """Return for each node its place in an order that little weight runs against.

    A first order after Eades, Lin and Smyth (1993), then single nodes moved as long as that helps.
    """
    out: list[dict[int, int]] = [defaultdict(int) for _ in range(count)]
    into: list[dict[int, int]] = [defaultdict(int) for _ in range(count)]
    for arc in arcs:
        out[arc.origin][arc.target] += arc.weight
        into[arc.target][arc.origin] += arc.weight
    left: list[int] = []
    right: list[int] = []
    waiting = set(range(count))

    def take(node: int, place: list[int]) -> None:
        waiting.discard(node)
        for other in out[node]:
            into[other].pop(node, None)
        for other in into[node]:
            out[other].pop(node, None)
        place.append(node)

    while waiting:
        ends = sorted(node for node in waiting if not out[node])
        if ends:
            for node in ends:
                take(node, right)
            continue
        starts = sorted(node for node in waiting if not into[node])
        if starts:
            for node in starts:
                take(node, left)
            continue
        best = max(sorted(waiting), key=lambda node: sum(out[node].values()) - sum(into[node].values()))
        take(best, left)
    order = _improved([*left, *reversed(right)], arcs)
    rank = [0] * count
    for place, node in enumerate(order):
        rank[node] = place
    return rank


def neighbours(count: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return for each node where its edges lead."""
    out: list[list[int]] = [[] for _ in range(count)]
    for origin, target in pairs:
        out[origin].append(target)
    return out


# ------------------------------------------------------------------------------------- private


def _left_in_turn(count: int, out: Sequence[Sequence[int]]) -> list[int]:
    """Return the nodes in the order in which a walk into the depth leaves them."""
    seen = [False] * count
    order: list[int] = []
    for root in range(count):
        if seen[root]:
            continue
        seen[root] = True
        work = [(root, iter(out[root]))]
        while work:
            node, others = work[-1]
            fresh = next((other for other in others if not seen[other]), None)
            if fresh is None:
                order.append(node)
                work.pop()
            else:
                seen[fresh] = True
                work.append((fresh, iter(out[fresh])))
    return order


def _improved(order: list[int], arcs: Sequence[Arc]) -> list[int]:
    """Return the order after each node was put where the least weight runs against it."""
    weight: dict[tuple[int, int], int] = defaultdict(int)
    for arc in arcs:
        weight[arc.origin, arc.target] += arc.weight
    for _ in range(ROUNDS):
        moved = False
        for node in list(order):
            here = order.index(node)
            rest = [other for other in order if other != node]
            # What runs against the order with the node in front of all others, then one place further on.
            cost = sum(weight.get((other, node), 0) for other in rest)
            costs = [cost]
            for other in rest:
                cost += weight.get((node, other), 0) - weight.get((other, node), 0)
                costs.append(cost)
            best = min(costs)
            if best < costs[here]:
                rest.insert(costs.index(best), node)
                order = rest
                moved = True
        if not moved:
            break
    return order
