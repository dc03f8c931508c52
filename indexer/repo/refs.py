"""Reads HEAD, branches and tags from the files of a repository; git is not run."""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from indexer.gitconfig import read_small_file

KINDS = ("refs/heads", "refs/tags", "refs/remotes")
"""What is read. Left out: ``refs/replace``, which would change history, and the tens of
thousands of ``refs/pull`` that some mirrors hold and nobody searches."""

MAX_REFS = 200_000
MAX_REF_BYTES = 1024
MAX_PACKED_BYTES = 100_000_000
MAX_SYMREF_DEPTH = 5
MAX_DEPTH = 32
MAX_WATCHED = 300

_OID = re.compile(rb"[0-9a-f]{64}|[0-9a-f]{40}")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(/|$)|[./]$")


@dataclass(frozen=True, slots=True)
class Refs:
    """What the files say, unchecked: the objects named may be missing.

    ``head`` is None when HEAD's branch has no commit yet; ``branch`` is None when detached.
    """

    head: str | None
    branch: str | None
    names: dict[str, str]


def read_refs(git_dir: Path, common_dir: Path) -> Refs:
    """Return the refs of a repository that keeps them as files."""
    names = _packed(common_dir)
    for kind in KINDS:
        _loose(common_dir / kind, kind, names, common_dir, 0)
    target = _read_ref(git_dir / "HEAD")
    if not target.startswith("refs/"):
        return Refs(target or None, None, names)
    branch = target.removeprefix("refs/heads/")
    return Refs(_resolve(target, common_dir, names), branch, names)


def head_token(git_dir: Path, common_dir: Path) -> str:
    """Return a short text that changes when HEAD, a branch or a tag does; ten small reads."""
    seen: list[str] = []
    target = _read_ref(git_dir / "HEAD")
    seen.append(target)
    if is_ref_name(target):
        seen.append(_read_ref(common_dir / target))
    watched = ["packed-refs", "shallow", "reftable/tables.list", *KINDS]
    seen += [_state(common_dir / name) for name in watched]
    seen += [_state(folder) for folder in _folders_in(common_dir / "refs" / "tags")]
    if git_dir != common_dir:
        seen.append(_state(git_dir / "reftable/tables.list"))
    return blake2b("\n".join(seen).encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()


def is_ref_name(name: str) -> bool:
    """Say whether git would accept ``name``; it then also is a path that stays under ``refs/``."""
    return name.startswith("refs/") and _FORBIDDEN.search(name) is None


def _folders_in(folder: Path) -> list[Path]:
    """Return the folders under ``folder``, a few hundred at most; a tag may be ``release/v1``."""
    found, at = [folder], 0
    while at < len(found) < MAX_WATCHED:
        with suppress(OSError):
            found += [Path(each.path) for each in os.scandir(found[at]) if each.is_dir(follow_symlinks=False)]
        at += 1
    return found[1:MAX_WATCHED]


def _state(file: Path) -> str:
    try:
        state = file.stat()
    except OSError:
        return "-"
    return f"{state.st_mtime_ns} {state.st_size} {state.st_ino}"


def _packed(common_dir: Path) -> dict[str, str]:
    names: dict[str, str] = {}
    for line in read_small_file(common_dir / "packed-refs", MAX_PACKED_BYTES).split(b"\n"):
        oid, space, raw = line.partition(b" ")
        if not space or not _OID.fullmatch(oid):
            continue
        name = raw.decode("utf-8", "surrogateescape")
        if name.startswith(tuple(f"{kind}/" for kind in KINDS)) and is_ref_name(name):
            names[name] = oid.decode()
            if len(names) >= MAX_REFS:
                break
    return names


def _loose(folder: Path, prefix: str, names: dict[str, str], common_dir: Path, depth: int) -> None:
    """Add the refs that are files under ``folder``; links to folders are not followed."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        name = f"{prefix}/{entry.name}"
        if not is_ref_name(name) or len(names) >= MAX_REFS:
            continue
        if entry.is_dir(follow_symlinks=False):
            if depth < MAX_DEPTH:
                _loose(Path(entry.path), name, names, common_dir, depth + 1)
            continue
        target = _read_ref(Path(entry.path))
        oid = _resolve(target, common_dir, names) if target.startswith("refs/") else target
        if oid:
            names[name] = oid


def _resolve(target: str, common_dir: Path, names: dict[str, str]) -> str | None:
    """Return the object id at the end of a chain of symbolic refs, or None."""
    for _ in range(MAX_SYMREF_DEPTH):
        if not is_ref_name(target):
            return None
        found = _read_ref(common_dir / target) or names.get(target, "")
        if not found.startswith("refs/"):
            return found or None
        target = found
    return None


def _read_ref(file: Path) -> str:
    """Return an object id, or the name of another ref, or nothing for whatever else is there.

    A link counts by its text, as in git's oldest form of a symbolic ref, and is not followed:
    it may lead to any file of the machine.
    """
    try:
        if stat.S_ISLNK(file.lstat().st_mode):
            text = str(file.readlink())
            return text if text.startswith("refs/") else ""
    except OSError:
        return ""
    raw = read_small_file(file, MAX_REF_BYTES).strip()
    if raw.startswith(b"ref:"):
        text = raw[4:].strip().decode("utf-8", "surrogateescape")
        return text if text.startswith("refs/") else ""
    return raw.decode() if _OID.fullmatch(raw) else ""
