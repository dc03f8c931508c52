"""When what search puts first is what is meant, in whichever words it is written."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from indexer.answer.everyday import otherwise_called
from indexer.answer.perhaps import is_found_alike
from indexer.types import ChunkKind, Hit


def found(known: float, *scores: tuple[str, float]) -> SimpleNamespace:
    """Return as much of an inquiry as is looked at."""
    hits = [Hit(path, 1, 9, ChunkKind.CODE, "", None, score, (), "") for path, score in scores]
    evidence = SimpleNamespace(known=known, of_kind=lambda *_: hits)
    return SimpleNamespace(evidence=evidence, is_minor_hit=lambda hit: hit.path.startswith("tests/"))


@pytest.mark.parametrize(
    ("known", "scores", "alike"),
    [
        (1.0, [("lib/view.js", 3.0), ("lib/response.js", 2.2)], True),
        (1.0, [("lib/view.js", 3.0), ("lib/view.js", 2.9), ("lib/response.js", 2.2)], True),
        (1.0, [("tests/view.js", 3.4), ("lib/view.js", 3.0), ("lib/response.js", 2.2)], True),
        (1.0, [("lib/view.js", 3.0)], True),
        # A word that stands nowhere, no agreement of words and meaning, or two files that are as near.
        (0.7, [("lib/view.js", 3.0), ("lib/response.js", 2.2)], False),
        (1.0, [("lib/view.js", 2.4), ("lib/response.js", 0.9)], False),
        (1.0, [("lib/view.js", 3.0), ("lib/response.js", 2.7)], False),
        (1.0, [], False),
    ],
)
def test_one_file_before_all_others_is_meant(known, scores, alike):
    assert is_found_alike(found(known, *scores)) is alike


def test_what_arrives_is_no_data_that_are_read():
    assert not otherwise_called("what happens when a request comes in")
    assert otherwise_called("which fields are set when the data comes in")[0][1][0] == "deserialize"
