"""Follows the folders from which a repository borrows objects, as far as git itself would."""

from __future__ import annotations

import os
import re
from pathlib import Path

from indexer.gitconfig import read_small_file

MAX_ALTERNATES = 100
MAX_ALTERNATE_DEPTH = 5
"""Git's own limit for alternates of alternates."""

MAX_FILE_BYTES = 1_000_000


def object_folders(objects: Path) -> list[Path]:
    """Return ``objects`` and, flattened, the folders that it borrows objects from."""
    found: list[Path] = []
    pending = [(objects, 0)]
    while pending and len(found) < MAX_ALTERNATES:
        folder, depth = pending.pop(0)
        folder = folder.resolve()
        if folder in found or not folder.is_dir():
            continue
        found.append(folder)
        if depth >= MAX_ALTERNATE_DEPTH:
            continue
        lines = read_small_file(folder / "info" / "alternates", MAX_FILE_BYTES).split(b"\n")
        pending += [
            (folder / os.fsdecode(line), depth + 1)
            for line in lines[:MAX_ALTERNATES]
            if line and not line.startswith((b"#", b'"')) and b"\0" not in line
        ]
    return found


def alternate_line(folder: Path) -> bytes:
    """Return ``folder`` as a line of an alternates file, quoted where git would misread it."""
    raw = os.fsencode(folder)
    if not re.search(rb'[\n"\\]|^#', raw):
        return raw + b"\n"
    quoted = b"".join(b"\\%03o" % byte if byte in b'\n"\\' else bytes([byte]) for byte in raw)
    return b'"' + quoted + b'"\n'
