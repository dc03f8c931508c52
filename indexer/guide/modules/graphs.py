"""What graphs tell: circles among modules, and what belongs together in a large flat folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def circles(edges: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of nodes that reach each other, the largest first."""
    # It takes a quarter of a second to load, and nothing that an engine starts with needs it.
    import networkx as nx

    found = [
        tuple(sorted(each)) for each in nx.strongly_connected_components(nx.DiGraph(edges)) if len(each) > 1
    ]
    return tuple(sorted(found, key=lambda each: (-len(each), each)))


def communities(ties: Mapping[tuple[str, str], float]) -> list[frozenset[str]]:
    """Return groups of nodes that are tied more to each other than to the rest (Louvain, always alike)."""
    import networkx as nx  # late for the same reason

    graph = nx.Graph()
    graph.add_weighted_edges_from((one, other, weight) for (one, other), weight in sorted(ties.items()))
    if not graph:
        return []
    return [frozenset(each) for each in nx.community.louvain_communities(graph, weight="weight", seed=0)]
