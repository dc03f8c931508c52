"""Settings, environment variables, dependencies and schemas that a range touches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.citations import cite_fact
from indexer.guide.changes.citing import Place, RangeSources
from indexer.guide.changes.parsed import Parser, Wanted
from indexer.guide.changes.public import ASIDE, CODE
from indexer.guide.changes.subjects import MANIFEST, MIGRATION, path_kind
from indexer.repo.differences import FileChange
from indexer.repo.languages import classify
from indexer.shapes.changes import SettingKind, SettingRow, StoryKind
from indexer.types import Control, FileMark, ParsedFile, Section, Statement, SymbolKind, shown_path

MOST_FILES: Final = 300
READ_BYTES: Final = 500_000
LONGEST_VALUE: Final = 120

_SETTINGS: Final = frozenset(["toml", "yaml", "json", "ini", "properties", "xml", "terraform"])
_SCHEMAS: Final = frozenset(["sql", "plsql", "proto", "graphql", "prisma", "ims", "avro"])
_SCHEMA_FILE: Final = re.compile(
    r"(?:\.(?:proto|graphql|gql|graphqls|avsc|xsd|prisma)|(?:^|/)(?:openapi|swagger)\.\w+)$"
)
_DEPENDENCY_KEY: Final = re.compile(
    r"(?:^|\.)(?:dev-?|peer|optional-?|build-)?dependencies\.[^.]+|^require(?:-dev)?\.", re.I
)
_REQUIREMENT: Final = re.compile(
    r"^\s*([A-Za-z0-9][\w.-]*(?:\[[\w, -]+\])?)\s*((?:[=<>!~]=?|===)[^;#\s]*(?:\s*,\s*[=<>!~]+[^;#,\s]+)*)?"
)
_XML_SETTINGS: Final = re.compile(
    r"(?:^|/)(?:conf|config|settings|resources|META-INF|WEB-INF)/|(?:config|settings|context|web|persistence|log4j2?"
    r"|logback[\w-]*)\.xml$",
    re.I,
)
"""XML holds documents and templates more often than settings."""

_TOOLS: Final = re.compile(
    r"(?:^|/)(?:\.|tox\.ini|setup\.cfg|codecov|renovate|tsconfig|jest\.config|mkdocs|\.pre-commit|docker-compose)",
    re.I,
)
_TOOL_KEY: Final = re.compile(
    r"^(?:tool\.(?!poetry\.dependencies)|scripts\b|devDependencies$|jest\b|eslint|prettier|bumpversion)"
)
_VARIABLE: Final = re.compile(
    r"""(?:environ(?:\.get|\.setdefault|\.pop)?\s*[\[(]\s*|getenv\s*\(\s*|process\.env\.|process\.env\[\s*|Getenv\(\s*|LookupEnv\(\s*
        |ENV(?:\.fetch\(|\[)\s*|env::var(?:_os)?\(\s*|GetEnvironmentVariable\(\s*|\$_ENV\[\s*|(?<![\w.])env(?:\.\w+)?\(\s*|System\.getenv\(\s*)
        ["']?([A-Z][A-Z0-9_]{2,60})\b""",
    re.X,
)
_DEVELOPS: Final = re.compile(
    r"dev-?dependencies|require-dev|(?:^|[-_.])(?:dev|tests?|ci|docs?|lint)(?:[-_.]|$)", re.I
)
_QUOTED: Final = re.compile(r"""["']([A-Za-z0-9][\w.-]*(?:\[[\w, -]+\])?)\s*((?:[=<>!~]=?|===)[^"']*)["']""")
HIDDEN: Final = "[not shown: its name says that it may be a secret]"
SECRETIVE: Final = re.compile(r"pass(?:word|wd|phrase)?|secret|token|api_?key|credential|private", re.I)


@dataclass(frozen=True, slots=True)
class _Value:
    """What one name is set to, and where."""

    value: str
    line: int


def setting_rows(
    changes: Sequence[FileChange],
    ends: tuple[str, str],
    parser: Parser,
    sources: RangeSources,
    control: Control,
) -> tuple[list[SettingRow], int]:
    """Return what is set otherwise now, and how many changed files were left out; ``ends`` are commits."""
    wanted = [each for each in changes if _kinds(each)]
    left_out = max(len(wanted) - MOST_FILES, 0)
    wanted = wanted[:MOST_FILES]
    parsed = _parsed(wanted, parser, control)
    rows: list[SettingRow] = []
    for at, change in enumerate(wanted):
        control.checkpoint()
        before, after = (
            Place(change.old_path, change.old_oid, ends[0]),
            Place(change.path, change.new_oid, ends[1]),
        )
        for kind in _kinds(change):
            if kind is SettingKind.SCHEMA and (
                MIGRATION.search(change.path) or _SCHEMA_FILE.search(change.path)
            ):
                row = _schema_file(change, before, after, sources)
                rows += [row] if row is not None else []
                continue
            old = _values(kind, before, parsed.get(2 * at), sources)
            new = _values(kind, after, parsed.get(2 * at + 1), sources)
            rows += _compared(kind, old, new, before, after, sources)
    return rows, left_out


def _kinds(change: FileChange) -> tuple[SettingKind, ...]:
    """Return what a changed file may say of settings."""
    path = change.path
    found = classify(path, {})
    if change.submodule or change.mode_only or found.skip or change.status == "U":
        return ()
    if MANIFEST.search(path):
        return (
            (SettingKind.DEPENDENCY, SettingKind.KEY) if path.endswith(".toml") else (SettingKind.DEPENDENCY,)
        )
    if found.marks & (ASIDE & ~FileMark.GENERATED):
        return ()
    if MIGRATION.search(path) or _SCHEMA_FILE.search(path) or found.language in _SCHEMAS:
        return (SettingKind.SCHEMA,)
    if found.language in CODE:
        return (SettingKind.VARIABLE,)
    if found.language == "xml" and not _XML_SETTINGS.search(path):
        return ()
    if found.language in _SETTINGS and path_kind(path) is not StoryKind.BUILD and not _TOOLS.search(path):
        return (SettingKind.KEY,)
    return ()


def _parsed(changes: Sequence[FileChange], parser: Parser, control: Control) -> dict[int, ParsedFile]:
    """Return the files whose keys or tables are looked up, parsed at both ends."""
    wanted = [
        Wanted(2 * at + side, path, oid)
        for at, change in enumerate(changes)
        if SettingKind.VARIABLE not in _kinds(change)
        for side, path, oid in ((0, change.old_path, change.old_oid), (1, change.path, change.new_oid))
        if oid.strip("0")
    ]
    return parser.parse(wanted, READ_BYTES, control)


def _values(
    kind: SettingKind, place: Place, parsed: ParsedFile | None, sources: RangeSources
) -> dict[str, _Value]:
    if not place.oid.strip("0"):
        return {}
    text = sources.text(place)
    if text is None:
        return {}
    if kind is SettingKind.VARIABLE:
        found: dict[str, _Value] = {}
        for number, line in enumerate(text.lines, start=1):
            if len(line) < 2_000:
                for match in _VARIABLE.finditer(line):
                    found.setdefault(match[1], _Value("read", number))
        return found
    if kind is SettingKind.DEPENDENCY and not place.path.lower().endswith((".json", ".toml", ".xml", ".mod")):
        return dict(_requirements(text.lines, quoted=place.path.endswith(".py")))
    if parsed is None:
        return {}
    return dict(_keys(kind, parsed, text.lines))


def _keys(kind: SettingKind, parsed: ParsedFile, lines: Sequence[str]) -> Iterator[tuple[str, _Value]]:
    """Yield the leaves among the keys (or the tables) of a file, with what they are set to."""
    wanted = SymbolKind.TABLE if kind is SettingKind.SCHEMA else SymbolKind.KEY
    parents = {each.parent for each in parsed.symbols}
    for symbol in parsed.symbols:
        if symbol.kind is not wanted:
            continue
        name = symbol.qualified
        if kind is not SettingKind.SCHEMA:
            depends = bool(_DEPENDENCY_KEY.search(name)) or parsed.language == "gomod"
            if depends is not (kind is SettingKind.DEPENDENCY):
                continue
            if name in parents or (kind is SettingKind.KEY and _TOOL_KEY.match(name)):
                continue
        said = lines[symbol.name_line - 1 : symbol.end_line]
        yield name, _Value(" ".join(" ".join(said).split()).rstrip(","), symbol.name_line)


def _requirements(lines: Sequence[str], *, quoted: bool) -> Iterator[tuple[str, _Value]]:
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith(("#", "-")):
            continue
        match = (_QUOTED.search if quoted else _REQUIREMENT.match)(line)
        if match is not None:
            said = f"{match[1]}{match[2]}" if quoted else line.split("#")[0]
            yield match[1].lower().partition("[")[0], _Value(" ".join(said.split()), number)


def _compared(
    kind: SettingKind,
    old: dict[str, _Value],
    new: dict[str, _Value],
    before: Place,
    after: Place,
    sources: RangeSources,
) -> list[SettingRow]:
    rows: list[SettingRow] = []
    for name in [*old, *(each for each in new if each not in old)]:
        was, now = old.get(name), new.get(name)
        if was is not None and now is not None and was.value == now.value:
            continue
        place, value = (after, now) if now is not None else (before, was)
        if value is None:
            continue
        hidden = bool(SECRETIVE.search(name)) and kind is SettingKind.KEY
        where = f"{shown_path(place.path)}:{value.line}"
        # A line that may hold a secret is pointed at, and not quoted.
        citation = (
            cite_fact(f"the key {name} at both ends", [where])
            if hidden
            else sources.lines_at(place, value.line, value.line)
        )
        if citation is None:
            continue
        citations = [citation]
        if now is not None and was is not None and not hidden:
            earlier = sources.lines_at(before, was.line, was.line)
            citations += [] if earlier is None else [earlier]
        says = Statement(Section.WHAT, _words(kind, name, was, now, shown_path(place.path)), tuple(citations))
        shown = (shown_path(name), shown_path(place.path), _shown(name, was), _shown(name, now))
        rows += [SettingRow(kind, *shown, held) for held in sources.kept([says])]
    return rows


def _words(kind: SettingKind, name: str, was: _Value | None, now: _Value | None, path: str) -> str:
    develops = kind is SettingKind.DEPENDENCY and is_for_development(name, path)
    noun = "development dependency" if develops else {
        SettingKind.KEY: "setting", SettingKind.VARIABLE: "environment variable",
        SettingKind.DEPENDENCY: "dependency", SettingKind.SCHEMA: "table",
    }[kind]  # fmt: skip
    if kind is SettingKind.VARIABLE:
        return f"The {noun} `{name}` is {'read' if now is not None else 'no longer read'} in {path}."
    if was is None:
        return f"New {noun} `{name}` in {path}: `{_shown(name, now)}`."
    if now is None:
        return f"The {noun} `{name}` is gone from {path}."
    return f"The {noun} `{name}` in {path} was `{_shown(name, was)}` and is `{_shown(name, now)}`."


def is_for_development(name: str, path: str) -> bool:
    """Return whether a dependency is needed by those who work on the product alone, by where it stands."""
    return bool(_DEVELOPS.search(name) or _DEVELOPS.search(path.rpartition("/")[2]))


def _shown(name: str, value: _Value | None) -> str:
    if value is None:
        return ""
    if SECRETIVE.search(name) and not value.value.startswith("read"):
        return HIDDEN
    text = value.value
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _schema_file(change: FileChange, before: Place, after: Place, sources: RangeSources) -> SettingRow | None:
    gone = change.status == "D"
    place = before if gone else after
    path = shown_path(place.path)
    noun = "migration" if MIGRATION.search(change.path) else "interface description"
    done = {"A": f"New {noun}", "D": f"Removed {noun}"}.get(change.status, f"Changed {noun}")
    text = sources.text(place)
    first = 1 if text is None else next((at for at, line in enumerate(text.lines, 1) if line.strip()), 1)
    citation = sources.lines_at(place, first, first)
    if citation is None:
        return None
    says = Statement(Section.WHAT, f"{done}: {path}.", (citation,))
    for held in sources.kept([says]):
        return SettingRow(
            SettingKind.SCHEMA, path, path, "" if change.status == "A" else path, "" if gone else path, held
        )
    return None


def merged(rows: list[SettingRow]) -> list[SettingRow]:
    """Return the rows with a variable that several files read told once, the weightier kinds first."""
    order = [SettingKind.SCHEMA, SettingKind.KEY, SettingKind.VARIABLE, SettingKind.DEPENDENCY]

    def weight(row: SettingRow) -> tuple[int, bool]:
        return order.index(row.kind), is_for_development(row.name, row.path)

    read: dict[str, set[bool]] = {}
    for row in rows:
        if row.kind is SettingKind.VARIABLE:
            read.setdefault(row.name, set()).add(bool(row.after))
    # Read in another file than before, it is set as it was.
    rows = [row for row in rows if row.kind is not SettingKind.VARIABLE or len(read[row.name]) == 1]
    seen: set[tuple[SettingKind, str, str, str]] = set()
    out: list[SettingRow] = []
    for row in sorted(rows, key=weight):
        key = (row.kind, row.name, row.before, row.after)
        if row.kind in (SettingKind.VARIABLE, SettingKind.DEPENDENCY) and key in seen:
            continue
        seen.add(key)
        out.append(row)
    return out
