"""What the crates of a repository are called in traces, and which file each begins in: as Cargo has it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from typing import Final

_PROGRAM: Final = re.compile(r"(?:^|/)(?:src/bin|examples|tests|benches)/(?P<name>[^/]+?)(?:/main)?\.rs$")
"""A source that Cargo makes a program of without being told to."""


def program_of(path: str) -> str:
    """Return the name of the crate that Cargo makes of a file without being told to; empty for none."""
    match = _PROGRAM.search(path)
    return match["name"].replace("-", "_") if match else ""


def crates_of(manifest: str, folder: str) -> list[tuple[str, str]]:
    """Return (name, first file) of what a manifest in a folder makes; none where it cannot be read.

    A name has no dashes: the compiler makes them underscores.
    """
    try:
        told = tomllib.loads(manifest)
    except tomllib.TOMLDecodeError:
        return []
    package = told.get("package", told.get("project"))
    own = package.get("name") if isinstance(package, dict) else None
    targets = [told.get("lib"), {"path": "src/lib.rs"}, {"path": "src/main.rs"}]
    for key in ("bin", "example", "test", "bench"):
        several = told.get(key)
        targets += several if isinstance(several, list) else []
    found: dict[tuple[str, str], None] = {}
    for target in targets:
        name = target.get("name", own) if isinstance(target, dict) else None
        path = target.get("path", "src/main.rs") if isinstance(target, dict) else None
        if isinstance(name, str) and isinstance(path, str):
            inner = path.removeprefix("./")
            found[name.replace("-", "_"), f"{folder}/{inner}" if folder else inner] = None
    return list(found)


def module_of(path: str, first: str) -> list[str]:
    """Return the module that a file is, of the crate that begins in another: none for the crate itself."""
    folder = first.rpartition("/")[0]
    inner = path.removeprefix(f"{folder}/" if folder else "").removesuffix(".rs").split("/")
    if path == first or inner in (["lib"], ["main"]):
        return []
    return inner[:-1] if inner[-1] == "mod" else inner


def rest_of(modules: Sequence[str], module: Sequence[str]) -> list[str] | None:
    """Return what a path of modules has beyond one of them; None where that is no beginning of it."""
    inside = len(module)
    return list(modules[inside:]) if list(modules[:inside]) == list(module) else None
