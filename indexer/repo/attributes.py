"""Looks up git attributes as a commit has them, through an index of ours that holds only them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from indexer.repo.objects import ObjectReader
from indexer.repo.overlay import Overlay
from indexer.types import TreeEntry

NAMES = (
    "linguist-generated",
    "linguist-vendored",
    "linguist-documentation",
    "linguist-detectable",
    "linguist-language",
    "filter",
    "text",
    "eol",
    "ident",
    "working-tree-encoding",
    "binary",
    "diff",
)
"""The attributes that change how a file is read or ranked."""

BATCH = 50_000
"""Paths asked for in one call; the answer of one has about 60 bytes a path and attribute."""

MAX_RULES_BYTES = 10_000_000

_FILE = ".gitattributes"


def read_attributes(
    overlay: Overlay, objects: ObjectReader, entries: Iterable[TreeEntry], paths: Sequence[str]
) -> dict[str, dict[str, str]]:
    """Return the attributes that are set for ``paths``: "set", "unset" or the value given.

    Only paths with at least one are in it. ``entries`` is the tree whose ``.gitattributes``
    count; without one, and without an ``info/attributes``, git is not asked at all.
    """
    rules = [e for e in entries if e.mode & 0o170000 == 0o100000 and e.path.rpartition("/")[2] == _FILE]
    if not paths:
        return {}
    text = b"\n".join(found.data or b"" for found in objects.stream([e.oid for e in rules], MAX_RULES_BYTES))
    names = _named_in(text + b"\n" + (overlay.folder / "info" / "attributes").read_bytes())
    if not names:
        return {}
    handle, name = tempfile.mkstemp(dir=overlay.folder, prefix="index-")
    os.close(handle)
    index = Path(name)
    index.unlink()  # git takes an empty file for a damaged index
    try:
        lines = "".join(f"{e.mode:o} {e.oid} 0\t{e.path}\0" for e in rules)
        overlay.run("update-index", "-z", "--index-info", given=_raw(lines), index=index)
        found: dict[str, dict[str, str]] = {}
        for start in range(0, len(paths), BATCH):
            given = _raw("".join(f"{path}\0" for path in paths[start : start + BATCH]))
            output = overlay.run("check-attr", "-z", "--cached", "--stdin", *names, given=given, index=index)
            _add(output, found)
        return found
    finally:
        index.unlink(missing_ok=True)


def _named_in(rules: bytes) -> list[str]:
    """Return the attributes that these rules speak of: each one more is asked for every path."""
    if b"[attr]" in rules:  # a macro may set any of them under a name of its own
        return list(NAMES)
    set_by_binary = ("text", "diff") if b"binary" in rules else ()
    return [name for name in NAMES if name.encode() in rules or name in set_by_binary]


def _add(output: bytes, found: dict[str, dict[str, str]]) -> None:
    fields = output.decode("utf-8", "surrogateescape").split("\0")
    for path, name, value in zip(fields[0::3], fields[1::3], fields[2::3], strict=False):
        if value != "unspecified":
            found.setdefault(path, {})[name] = value


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
