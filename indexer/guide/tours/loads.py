"""Classes that code takes by their name in a text: `get_class("basket.forms", "AddToBasketForm")`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from indexer.answer.citations import Sources

FILES: Final = 1_500
"""Files that are looked through."""

_LOADER: Final = re.compile(
    r"\b(?:get_class(?:es)?|get_model|get_api_class(?:es)?|load_class|import_string|symbol_by_name"
    r"|ForeignKey|OneToOneField|ManyToManyField)\(([^()]*)"
)
_TEXT: Final = re.compile(r"[\"']([\w.]+)[\"']")


def loads(sources: Sources, paths: Iterable[str]) -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Return, for the name of each class that is taken by a text, which files take it and from where.

    From where is the part of the whole that they name, `basket` of `basket.Basket`: another part may
    have a class of that name too. Only what names one counts.
    """
    out: dict[str, dict[str, frozenset[str]]] = {}
    for path in paths:
        source = sources.file(path)
        if source is None:
            continue
        text = "\n".join(source.lines)
        for found in _LOADER.finditer(text):
            texts = _TEXT.findall(found[1])
            home = re.split(r"[.]", texts[0])[0] if texts else ""
            # `"basket.Basket"` is all in one; else the first text is the place and the others are names.
            names = texts if len(texts) == 1 and "." in texts[0] else texts[1:]
            for each in names:
                name = each.rpartition(".")[2]
                if name[:1].isupper():
                    users = out.setdefault(name, {})
                    users[path] = users.get(path, frozenset()) | {home}
    return out
