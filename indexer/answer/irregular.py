"""Forms of one irregular verb, which no stemmer brings together: hide, hid, hidden."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from indexer.repo.words import stem

_VERBS: Final = """
begin began begun; bind bound; break broke broken; bring brought; build built; buy bought; catch caught;
choose chose chosen; draw drew drawn; drive drove driven; feed fed; forbid forbade forbidden; forget forgot
forgotten; freeze froze frozen; grow grew grown; hide hid hidden; hold held; keep kept; lose lost; overwrite
overwrote overwritten; pay paid; rebuild rebuilt; rewrite rewrote rewritten; rise rose risen; sell sold; send
sent; shake shook shaken; shrink shrank shrunk; sleep slept; speak spoke spoken; spend spent; spin spun; steal
stole stolen; swear sworn; sweep swept; teach taught; tear torn; throw threw thrown; understand
understood; unwind unwound; wake woke woken; withdraw withdrew withdrawn; write wrote written
"""
"""Those that code does; what anything does (`get`, `take`) says nothing of what is asked about, and `found`,
`left` or `read` are as often other words.
"""


def _families() -> Mapping[str, frozenset[str]]:
    out: dict[str, frozenset[str]] = {}
    for family in _VERBS.split(";"):
        forms = frozenset(stem(word) for word in family.split())
        out |= {form: forms - {form} for form in forms}
    return MappingProxyType(out)


FORMS: Final = _families()
"""For the stem of each form those of the others."""
