"""Whether what a reason was given for is still there."""

from __future__ import annotations

import re
from typing import Final

from indexer.guide.tours.ground import AreaFile, Ground
from indexer.guide.tours.reasons_near import NearReason
from indexer.index.history import commit, paths_touched
from indexer.types import CitationKind

LOOKED_AT: Final = 5
"""Files of a commit, the shortest first, that are blamed: up to a second each. Most must have lines of it."""

_NAME: Final = re.compile(r"\b[A-Za-z_]*(?:[a-z0-9]_[a-z]|[a-z][A-Z])\w*")
"""A name of code within a sentence: in parts, or of several words."""
_FILE: Final = re.compile(
    r"(?<![\w./])[\w-]+\.(?:py|go|js|ts|java|kt|rb|rs|c|h|cpp|cs|php|sql|xml|ya?ml|toml)\b"
)
"""A file that is named without its folder."""


def is_there(ground: Ground, reason: NearReason) -> bool:
    """Whether all names of code in a reason stand in the current files, and lines of its commit are left."""
    names = set(_NAME.findall(reason.text))
    files = set(_FILE.findall(reason.text))
    here = {each.path.rpartition("/")[2] for each in ground.everything} if files else set()
    if not files <= here or not all(_is_known(ground, name) for name in names):
        return False
    return reason.citation.kind is not CitationKind.COMMIT or _has_lines(ground, reason)


# ------------------------------------------------------------------------------------ private


def _is_known(ground: Ground, name: str) -> bool:
    row = ground.reader.execute(
        "SELECT EXISTS (SELECT 1 FROM symbol s JOIN entry e ON e.blob_id = s.blob_id WHERE s.name = ?1)"
        " OR EXISTS (SELECT 1 FROM reference r JOIN entry e ON e.blob_id = r.blob_id WHERE r.name = ?1)",
        (name,),
    ).fetchone()
    return bool(row[0]) or name in ground.modules


def _has_lines(ground: Ground, reason: NearReason) -> bool:
    """Whether some lines that the commit of a reason wrote are still there."""
    found = commit(ground.reader, reason.citation.commit_id or "")
    if found is None:
        return False
    files: dict[str, AreaFile] = {}
    for touched in paths_touched(ground.reader, found.id, 100):
        for file in ground.code:
            # It may lie in another folder by now.
            if file.path.rpartition("/")[2] == touched.path.rpartition("/")[2]:
                files.setdefault(file.path, file)
    held = looked = 0
    for path in sorted(files, key=lambda each: files[each].lines)[:LOOKED_AT]:
        ground.control.checkpoint()
        looked += 1
        source = ground.sources.file(path)
        lines = source.lines if source is not None else ()
        held += any(
            # An empty line is left of anything.
            any(line.strip() for line in lines[run.first_line - 1 : run.last_line])
            for run in ground.blame(path)
            if run.commit_id == found.oid
        )
    return 2 * held > looked
