"""What build files say of how names become paths: go.mod, package.json, tsconfig, Cargo, composer."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath

from indexer.index.files import Files, text_of_blob
from indexer.repo.formats.nested import JSON_TOKEN

NAMES = frozenset(
    ("go.mod", "package.json", "jsconfig.json", "Cargo.toml", "composer.json", "pyproject.toml", "setup.cfg")
)
_TRAILING_COMMA = re.compile(r",(\s*+[}\]])")
_GO_MODULE = re.compile(r"(?m)^module[ \t]++\"?([^\s\"]++)")
_CARGO_NAME = re.compile(r"(?m)^\[package\][^\[]*?^name[ \t]*+=[ \t]*+\"([^\"\n]++)\"")


@dataclass(slots=True)
class Aliases:
    """The path aliases of one tsconfig: its folder, base folder and patterns."""

    folder: str
    base: str | None
    patterns: list[tuple[str, list[str]]] = field(default_factory=list)
    extends: str = ""


@dataclass(slots=True)
class Manifests:
    """Everything that was found, keyed by name or by folder."""

    go_modules: dict[str, str] = field(default_factory=dict)
    """Module path to folder."""
    packages: dict[str, str] = field(default_factory=dict)
    """Name in package.json to folder."""
    entries: dict[str, list[str]] = field(default_factory=dict)
    """Folder of a package.json to the files it names as its entry."""
    aliases: dict[str, Aliases] = field(default_factory=dict)
    """Folder of a tsconfig.json to its aliases."""
    crates: dict[str, str] = field(default_factory=dict)
    """Crate name (with underscores) to folder."""
    namespaces: list[tuple[str, str]] = field(default_factory=list)
    """PSR-4 prefix to folder, longest prefix first."""


def is_manifest(path: str) -> bool:
    """Say whether a change of this file can change what imports mean elsewhere."""
    name = path.rpartition("/")[2]
    return name in NAMES or (name.startswith("tsconfig") and name.endswith(".json"))


def read_manifests(connection: sqlite3.Connection, files: Files) -> Manifests:
    """Read all manifests among the current files. A broken one is as if it were not there."""
    found = Manifests()
    for source in files.sources:
        if not is_manifest(source.path):
            continue
        folder, name = dirname(source.path), source.path.rpartition("/")[2]
        text = text_of_blob(connection, source.blob_id)
        if name == "go.mod":
            module = _GO_MODULE.search(text)
            if module:
                found.go_modules[module[1]] = folder
        elif name == "Cargo.toml":
            crate = _CARGO_NAME.search(text)
            if crate:
                found.crates[crate[1].replace("-", "_")] = folder
        elif name.endswith(".json"):
            _read_json(found, folder, name, loads(text))
    found.namespaces.sort(key=lambda each: -len(each[0]))
    return found


def loads(text: str) -> object:
    """Return what a JSON text with comments and trailing commas says; None when it is broken."""
    plain = JSON_TOKEN.sub(lambda token: "" if token[0].startswith("/") else token[0], text)
    try:
        return json.loads(plain)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(_TRAILING_COMMA.sub(r"\1", plain))
    except (ValueError, RecursionError):
        return None


def _read_json(found: Manifests, folder: str, name: str, said: object) -> None:
    if not isinstance(said, dict):
        return
    if name == "package.json":
        package = said.get("name")
        if isinstance(package, str) and package:
            # Examples repeat names; the copy nearest to the root is the package itself.
            known = found.packages.get(package)
            if known is None or folder.count("/") < known.count("/"):
                found.packages[package] = folder
        named = [said.get(key) for key in ("source", "module", "main", "types")]
        found.entries[folder] = [entry for entry in named if isinstance(entry, str)]
    elif name == "composer.json":
        for section in ("autoload", "autoload-dev"):
            loading = said.get(section)
            prefixes = loading.get("psr-4") if isinstance(loading, dict) else None
            for prefix, folders in prefixes.items() if isinstance(prefixes, dict) else ():
                for each in [folders] if isinstance(folders, str) else folders:
                    found.namespaces.append((prefix, normpath(join(folder, str(each))).strip("/")))
    elif name in ("tsconfig.json", "jsconfig.json", "tsconfig.base.json"):
        _read_tsconfig(found, folder, said)


def _read_tsconfig(found: Manifests, folder: str, said: dict[str, object]) -> None:
    options = said.get("compilerOptions")
    options = options if isinstance(options, dict) else {}
    base = options.get("baseUrl")
    aliases = Aliases(folder, normpath(join(folder, base)) if isinstance(base, str) else None)
    paths = options.get("paths")
    for pattern, targets in paths.items() if isinstance(paths, dict) else ():
        if isinstance(targets, list):
            plain = [normpath(join(aliases.base or folder, str(target))) for target in targets]
            aliases.patterns.append((pattern, plain))
    extends = said.get("extends")
    if isinstance(extends, str) and extends.startswith("."):
        aliases.extends = dirname(normpath(join(folder, extends)))
    known = found.aliases.get(folder)
    if known is None or len(aliases.patterns) >= len(known.patterns):
        found.aliases[folder] = aliases
