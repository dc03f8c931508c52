"""Layered graphs: users left of what they use, circles broken where it costs least, nothing over another."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from indexer.drawing.circles import Arc, circles
from indexer.drawing.layered import Drawing, Spacing, layered


def drawn(count: int, *pairs: tuple[int, int], weight: int = 1) -> Drawing:
    return layered([80.0] * count, [Arc(a, b, weight) for a, b in pairs], Spacing())


def test_who_imports_stands_left_of_what_is_imported() -> None:
    made = drawn(4, (0, 1), (1, 2), (0, 3), (3, 2))
    lefts = [node.left for node in made.nodes]
    assert lefts[0] < lefts[1] < lefts[2]
    assert lefts[0] < lefts[3] < lefts[2]
    assert not any(route.against for route in made.routes)


def test_a_circle_is_broken_at_its_weakest_import() -> None:
    arcs = [Arc(0, 1, 20), Arc(1, 2, 20), Arc(2, 0, 1)]
    made = layered([80.0] * 3, arcs, Spacing())
    assert [route.against for route in made.routes] == [False, False, True]
    back = made.routes[2]
    assert back.points[0][0] > back.points[-1][0], "it runs from right to left"


def test_circles_are_the_sets_that_reach_each_other() -> None:
    found = circles(7, [Arc(0, 1), Arc(1, 0), Arc(1, 2), Arc(2, 3), Arc(3, 4), Arc(4, 2), Arc(5, 6)])
    assert found[0] == found[1] != 0
    assert found[2] == found[3] == found[4] not in (0, found[0])
    assert found[5:] == [0, 0]


def test_a_node_that_imports_itself_is_no_circle() -> None:
    assert circles(1, [Arc(0, 0)]) == [0]
    assert drawn(1, (0, 0)).routes == ()


def test_a_deep_chain_is_laid_together_but_keeps_its_order() -> None:
    made = drawn(20, *((each, each + 1) for each in range(19)))
    layers = [node.layer for node in made.nodes]
    assert layers == sorted(layers)
    assert max(layers) < Spacing().most_layers
    same = [r for r in made.routes if made.nodes[r.arc.origin].layer == made.nodes[r.arc.target].layer]
    assert same
    for route in same:
        node = made.nodes[route.arc.origin]
        assert route.points[0] == (node.left + node.width, node.middle)


def test_a_line_that_bends_beyond_the_last_layer_is_within_the_drawing() -> None:
    made = drawn(20, *((each, each + 1) for each in range(19)))
    last = max(node.layer for node in made.nodes)
    edge = max(node.left + node.width for node in made.nodes if node.layer == last)
    assert any(made.nodes[r.arc.origin].layer == last == made.nodes[r.arc.target].layer for r in made.routes)
    assert made.width > edge + 5


def test_long_imports_of_one_module_share_a_road() -> None:
    made = drawn(5, (0, 1), (1, 2), (2, 3), (0, 3), (4, 1), (4, 3))
    ways = {(r.arc.origin, r.arc.target): r.points for r in made.routes}
    assert ways[0, 3][1:] == ways[4, 3][1:]


def test_two_hundred_nodes_in_one_circle_need_no_recursion() -> None:
    count = 3_000
    found = circles(count, [Arc(each, (each + 1) % count) for each in range(count)])
    assert set(found) == {1}


@given(
    st.integers(1, 14).flatmap(
        lambda count: st.tuples(
            st.just(count),
            st.lists(
                st.tuples(st.integers(0, count - 1), st.integers(0, count - 1), st.integers(1, 9)),
                max_size=40,
                unique_by=lambda each: each[:2],
            ),
        )
    )
)
def test_no_graph_lets_nodes_overlap_or_routes_end_elsewhere(
    given_graph: tuple[int, list[tuple[int, int, int]]],
) -> None:
    count, edges = given_graph
    made = layered([60.0 + node for node in range(count)], [Arc(*edge) for edge in edges], Spacing())
    assert len(made.routes) == sum(a != b for a, b, _ in edges)
    for layer in {node.layer for node in made.nodes}:
        middles = sorted(node.middle for node in made.nodes if node.layer == layer)
        assert all(b - a >= Spacing().node - 1e-6 for a, b in pairwise(middles))
    for node in made.nodes:
        assert node.left >= 0
        assert node.left + node.width <= made.width + 1e-6
        assert node.middle + Spacing().node / 2 <= made.height + 1e-6
    for route in made.routes:
        for end, number in ((route.points[0], route.arc.origin), (route.points[-1], route.arc.target)):
            node = made.nodes[number]
            assert end[1] == node.middle
            assert end[0] in (node.left, node.left + node.width)
        assert len(route.curves()) == len(route.points) - 1
