"""Where the product's own settings have their defaults, and which documents describe them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from indexer.guide.tours.ground import PROSE, AreaFile, Ground
from indexer.index.symbols import definitions_in
from indexer.types import FileMark, SymbolKind

LEAST: Final = 4
"""Settings that a place must have to be where things are set."""
DOCUMENTS: Final = 600
"""Documents that are looked through for the names of settings."""
_SHOWN_VALUE: Final = 60

HELPER: Final = re.compile(
    r"(?:^|/)(?:\.[\w-]+|bin|scripts?|tools?|utils?/scripts|hack|ci|contrib|extra|examples?|samples?|demos?"
    r"|benchmarks?|docs?|sandbox|playground|docker|_?tests?(?:_\w+)?|\w*_tests?)/",
    re.I,
)
"""Folders of what helps to make, try or run the product, and is none of it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its default as it is written, where that stands, and what is remarked on it."""

    name: str
    line: int
    default: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A file that gives settings their defaults, in the order of its lines; ``way`` tells how."""

    path: str
    way: str
    settings: tuple[Setting, ...]
    first: int
    """The line that the settings begin at."""
    holder: str = ""
    """The constructor that gives them their values."""

    @property
    def last(self) -> int:
        """The line of the last of them."""
        return max(each.line for each in self.settings)


def places(ground: Ground) -> list[Place]:
    """Return the files that give the product's settings their defaults, those that give the most first."""
    found = [*_listed(ground)]
    known = {each.path for each in found}
    for file in ground.files:
        if _is_aside(ground, file):
            continue
        if _SHIPPED.search(file.path):
            found += _held(file.path, "shipped", _of_lines(ground, file, _KEY), ground)
        elif file.path not in known and file.blob_id in ground.code_ids:
            if file.language in ("java", "kotlin"):
                found += _held(file.path, "annotated", _annotated(ground, file), ground)
            elif file.language == "go":
                for holder, made in _made(ground, file):
                    found += _held(file.path, "made", made, ground, holder)
            else:
                found += _held(file.path, "literal", _literal(ground, file), ground)
    return sorted(found, key=lambda each: (-len(each.settings), each.path))


def named_in_documents(ground: Ground, names: Iterable[str]) -> Counter[str]:
    """Return how many lines of documents speak of each name that is no everyday word."""
    wanted = frozenset(each for each in names if _NO_WORD.search(each))
    found: Counter[str] = Counter()
    for _, lines in _documents(ground):
        for line in lines:
            found.update({word for word in _WORD.findall(line) if word in wanted})
    return found


def reference(ground: Ground, names: Iterable[str]) -> tuple[str, int] | None:
    """Return the document that describes the most of some settings, with how many: one that is called after
    settings, else one that names at least a third of them.
    """
    wanted = frozenset(names)
    best: tuple[float, str, int] | None = None
    for file, lines in _documents(ground):
        words = {word for line in lines for word in _WORD.findall(line)}
        named = len(words & wanted)
        called = bool(_REFERENCE.search(file.path))
        if not called and (named < 2 * LEAST or named * 3 < len(wanted)):
            continue
        # A word such as `port` stands in any document: what it is called after counts more.
        weight = (named + 1) * (3.0 if called else 1.0)
        if best is None or weight > best[0]:
            best = (weight, file.path, named)
    return None if best is None else best[1:]


# ------------------------------------------------------------------------------------ private

_READ: Final = "read"
"""Where the inventory has a setting from that is read and declared nowhere."""
_WORD: Final = re.compile(r"[A-Za-z_][\w.-]*\w")
_NO_WORD: Final = re.compile(r"[_.-]|[a-z][A-Z]|^[A-Z]{3,}")
"""What a name has that is none of the words which any document is written in: `port`, `include`."""
_REFERENCE: Final = re.compile(r"(?:^|/)(?:settings|config(?:uration|uring)?|options)\.\w+$", re.I)
_NO_REFERENCE: Final = re.compile(
    r"(?:^|/)(?:\.|change|history|news|releas|whatsnew|migrat|upgrad|contribut|node_modules/|vendor/|deps/)"
    r"|(?:changes|changelog)\.\w+$",
    re.I,
)
_SHIPPED: Final = re.compile(
    r"(?:^|/)[\w.-]+\.(?:properties|conf|ini|cfg|toml|ya?ml)$|(?:^|/)\.?env\.(?:example|sample)$", re.I
)
_CALLED_SETTINGS: Final = re.compile(
    r"^(?:settings|defaults?|config(?:uration)?|conf|options|application|app|server|\.?env)(?![a-z])", re.I
)
_PACKAGING: Final = re.compile(
    r"docker|compose|mkdocs|pyproject|setup\.cfg|log4j|logback|logging|i18n|messages"
)
_KEY: Final = re.compile(r"^([A-Za-z][\w.-]{2,80})(?:\s*[=:]\s*|\s+)(\S.*)$")
_CONFIG: Final = re.compile(r"^\s*@Config\(\s*\{?\s*\"([\w.\-${}]+)\"")
_DEFAULT: Final = re.compile(r"^\s*@Default(?:Null)?\(?\s*\"?([^\"]*)\"?\)?")
_DESCRIPTION: Final = re.compile(r"^\s*@Description\(\s*\"([^\"]+)\"")
_VALUE: Final = re.compile(r"@Value\(\s*\"\$\{([\w.-]+)(?::([^}]*))?\}")
_PREFIXED: Final = re.compile(r"@ConfigurationProperties\(\s*(?:(?:prefix|value)\s*=\s*)?\"([\w.-]+)\"")
_JAVA_FIELD: Final = re.compile(r"^\s+private (?!static)(?:final )?[\w<>\[\], ?.]+ (\w+)(?:\s*=\s*(.+?))?;")
_DICT: Final = re.compile(
    r"^(\s*)(?:(?:export|const|let|var|public|private|protected|static|final|module\.exports\.)\s*)*"
    r"(?:self\.|this\.|@)?_?(?:default_?(?:config|settings|options|\w+_?options)\w*|defaults|\w+_defaults)"
    r"\b\s*(?::[^=]+)?=\s*(?:[\w.]+\()?\s*[{(]?\s*$",
    re.I,
)
_PAIR: Final = re.compile(r"^\s+[\"']?([A-Za-z][\w.-]+)[\"']?\s*(?:=>|[:=])\s*(\S.*?),?\s*(?:(?:#|//).*)?$")
_WORKING: Final = (SymbolKind.FUNCTION, SymbolKind.METHOD)
_MAKES: Final = re.compile(r"^(?:New|Default)\w*$")
_FIELD: Final = re.compile(r"^\s+(?:([A-Z]\w*):\s+|\w+\.([A-Z]\w*)\s+=\s+)(\S.*?),?$")
_NO_VALUE: Final = re.compile(r"^(?:nil|make\(|new\(|&|func\b|\w+\{$)|\w\($|^\w+\(\)$|\{\}$")
"""What holds something at work, and is no value that anybody would choose."""


def _documents(ground: Ground) -> Iterator[tuple[AreaFile, tuple[str, ...]]]:
    files = [
        each
        for each in ground.everything
        if each.language in PROSE and not each.marks & FileMark.TEST and not _NO_REFERENCE.search(each.path)
    ]
    for file in files[:DOCUMENTS]:
        ground.control.checkpoint()
        source = ground.sources.file(file.path)
        if source is not None:
            yield file, source.lines


def _is_aside(ground: Ground, file: AreaFile) -> bool:
    """Whether a file is none of the product: a test, a copy, or what helps to build it."""
    marks = ground.minor & ~(FileMark.CONFIGURATION | FileMark.DOCUMENTATION)
    return bool(file.marks & marks) or HELPER.search(file.path) is not None


def _held(path: str, way: str, settings: Iterable[Setting], ground: Ground, holder: str = "") -> list[Place]:
    """Return the place that some settings are, if they are enough."""
    first: dict[str, Setting] = {}
    for each in settings:
        first.setdefault(each.name, each)
    if len(first) < (1 if way == "annotated" else LEAST):
        return []
    held = sorted(first.values(), key=lambda each: each.line)
    line = held[0].line
    return [Place(path, way, tuple(held), _begins(ground, path, line) if way == "literal" else line, holder)]


def _begins(ground: Ground, path: str, line: int) -> int:
    """Return the line of the name that is given a literal whose first pair stands on a line."""
    source = ground.sources.file(path)
    at = line
    while source is not None and at > max(line - 6, 1) and not _DICT.match(source.lines[at - 1]):
        at -= 1
    return at if source is not None and _DICT.match(source.lines[at - 1]) else line


def _listed(ground: Ground) -> Iterator[Place]:
    """Yield the places of the settings that the inventory lists with where they are declared."""
    by_path: dict[str, list[Setting]] = {}
    for each in ground.inventory.settings:
        place = next(iter(each.citations), None)
        file = ground.file(place.path) if place is not None and place.path else None
        if place is None or file is None or each.source == _READ or _is_aside(ground, file):
            continue
        default = each.default if not each.default.endswith("...") else ""
        by_path.setdefault(file.path, []).append(Setting(each.name, place.start_line, default, each.says))
    for path, settings in by_path.items():
        yield from _held(path, "listed", _without_means(settings), ground)


def _without_means(settings: list[Setting]) -> list[Setting]:
    """Return settings without the constants that are but the defaults of others beside them."""
    lower = [each for each in settings if each.name.islower()]
    return lower if len(lower) > len(settings) / 2 else settings


def _of_lines(ground: Ground, file: AreaFile, pattern: re.Pattern[str]) -> list[Setting]:
    """Return the settings of a file that is shipped with the product: one called after settings or it."""
    stem = PurePosixPath(file.path).name
    words = [each for each in re.split(r"[^a-z0-9]+", ground.name.lower()) if len(each) > 2]
    own = any(each in stem.lower() for each in words)
    source = ground.sources.file(file.path)
    if source is None or _PACKAGING.search(file.path) or not (own or _CALLED_SETTINGS.search(stem)):
        return []
    if stem.endswith((".toml", ".yml", ".yaml")) and own and not _CALLED_SETTINGS.search(stem):
        return []  # what another program reads of it, such as one that packs it
    found = []
    for number, line in enumerate(source.lines, 1):
        match = pattern.match(line)
        if match is not None:
            found.append(Setting(match[1], number, _short(match[2])))
    return found


def _annotated(ground: Ground, file: AreaFile) -> Iterator[Setting]:
    """Yield the settings that annotations declare: ``@Config`` on what returns them, ``@Value``, and the
    fields of a class that is filled with all settings of a prefix.
    """
    source = ground.sources.file(file.path)
    lines = source.lines if source is not None else ()
    prefix = ""
    for number, line in enumerate(lines, 1):
        prefixed = _PREFIXED.search(line)
        prefix = prefixed[1] if prefixed is not None else prefix
        field = _JAVA_FIELD.match(line) if prefix else None
        if field is not None and _VALUE.search(lines[number - 2]) is None:
            yield Setting(f"{prefix}.{field[1]}", number, _short(field[2] or ""))
        value = _VALUE.search(line)
        if value is not None:
            yield Setting(value[1], number, value[2] or "")
        match = _CONFIG.match(line)
        if match is None:
            continue
        default = says = ""
        for beside in lines[number : number + 4]:
            if not beside.lstrip().startswith("@"):
                break
            given, told = _DEFAULT.match(beside), _DESCRIPTION.match(beside)
            default = given[1] if given is not None else default
            says = told[1] if told is not None else says
        yield Setting(match[1], number, _short(default), says)


def _literal(ground: Ground, file: AreaFile) -> Iterator[Setting]:
    """Yield the pairs of literals that are called defaults, and stand in no function."""
    source = ground.sources.file(file.path)
    lines = source.lines if source is not None else ()
    opened = [(at, found) for at, line in enumerate(lines, 1) if (found := _DICT.match(line)) is not None]
    if not opened:
        return
    working = [each for each in definitions_in(ground.reader, file.path_id) if each.kind in _WORKING]
    for number, found in opened:
        if any(each.start_line < number <= each.end_line for each in working):
            continue
        deep = 0
        for at, each in enumerate(lines[number:], number + 1):
            indent = len(each) - len(each.lstrip())
            if each.strip() and indent <= len(found[1]) and each.strip() != "{":
                break
            pair = _PAIR.match(each)
            if pair is not None and indent <= (deep or indent):
                deep = indent
                yield Setting(pair[1], at, _short(pair[2]))


def _made(ground: Ground, file: AreaFile) -> Iterator[tuple[str, list[Setting]]]:
    """Yield each constructor with the public fields that it gives a value that one could choose."""
    source = ground.sources.file(file.path)
    if source is None:
        return
    for symbol in definitions_in(ground.reader, file.path_id):
        if symbol.kind is not SymbolKind.FUNCTION or not _MAKES.match(symbol.name):
            continue
        found = []
        for number in range(symbol.name_line + 1, symbol.end_line):
            match = _FIELD.match(source.lines[number - 1])
            if match is not None and not _NO_VALUE.search(match[3]):
                found.append(Setting(match[1] or match[2], number, _short(match[3])))
        yield symbol.qualified, found


def _short(value: str) -> str:
    """Return a value as it is written, unless it goes on or is long."""
    plain = value.strip().rstrip(",")
    return "" if len(plain) > _SHOWN_VALUE or plain.endswith(("{", "[", "(", "\\")) else plain
