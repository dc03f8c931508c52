"""Score ranked lists of files against the files that answer a question."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence


def distinct(paths: Iterable[str | None], limit: int = 10) -> list[str]:
    """Return the first ``limit`` different paths in order; hits without a path take no place."""
    return list(dict.fromkeys(path for path in paths if path))[:limit]


def ndcg(ranked: Sequence[str], relevant: Sequence[str], depth: int = 10) -> float:
    """Return NDCG at ``depth`` with a gain of one for each relevant file."""
    wanted = set(relevant)
    gain = sum(1 / math.log2(place + 2) for place, path in enumerate(ranked[:depth]) if path in wanted)
    best = sum(1 / math.log2(place + 2) for place in range(min(len(wanted), depth)))
    return gain / best if best else 0.0


def hit(ranked: Sequence[str], relevant: Sequence[str], depth: int = 10) -> float:
    """Return 1 if any relevant file is among the first ``depth``, else 0."""
    return float(bool(set(ranked[:depth]) & set(relevant)))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` (0 to 1) of ``values`` lie; 0 when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
