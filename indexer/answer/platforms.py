"""Which versions of a language it runs on: what its manifests ask for, and what CI tries it with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.command_lines import OF_CI
from indexer.answer.inquiry import MINOR, Inquiry, listed, shown_place
from indexer.answer.mentor_facts import Said
from indexer.answer.needs import Need
from indexer.answer.questions import Part
from indexer.types import Citation, Section

_PLATFORMS: Final = {
    "python": r"python|cpython|pypy",
    "java": r"java|jdk|jre|jvm",
    "node": r"node(?:\.?js)?|javascript|npm",
    "go": r"go|golang",
    "rust": r"rust|rustc|msrv|cargo",
    "ruby": r"ruby|rails",
    "php": r"php",
    "dotnet": r"\.net(?: core| framework)?|dotnet|c#",
}
"""How a question calls what runs it."""

_ANY: Final = "|".join(_PLATFORMS.values())
_NEEDS: Final = (
    r"(?:support\w*|requir\w*|need\w*|runs?|running|work\w*|compatib\w*|target\w*|minimum|minimal|oldest|lowest"
    r"|at least|use[sd]?)"
)
_ASKED: Final = (
    re.compile(
        rf"\b(?:which|what)\b[^?]*?(?<![\w.])(?P<one>{_ANY})\b(?: \w+)? ?versions?\b(?=[^?]*\b{_NEEDS}\b)",
        re.I,
    ),
    re.compile(rf"\b{_NEEDS}\b[^?]*?(?<![\w.])(?P<one>{_ANY}) versions?\b", re.I),
    re.compile(rf"\b(?:which|what|minimum|oldest) versions? of (?P<one>{_ANY})\b(?! does \w+ \w+ by)", re.I),
    re.compile(
        rf"\b(?:does|can|will|is|do)\b[^?]*?\b{_NEEDS}\b[^?]*?(?<![\w.])(?P<one>{_ANY})"
        r" v?(?P<version>\d+(?:\.\d+)*)\b",
        re.I,
    ),
    re.compile(rf"\bis (?P<one>{_ANY}) v?(?P<version>\d+(?:\.\d+)*) (?:still )?{_NEEDS}", re.I),
)
_NOT_ASKED: Final = frozenset((Need.CHANGE, Need.AUTHOR, Need.REASON, Need.PERSON, Need.EXAMPLE))

_DECLARED: Final = {
    "python": (
        (r"pyproject\.toml$", r"\s*(?:requires-python|python)\s*=\s*[\"'{].+"),
        (r"setup\.(?:py|cfg)$", r"\s*python_requires\s*=.+"),
        (r"\.python-version$", r"\s*\d[\d.]*\s*$"),
    ),
    "java": (
        (r"pom\.xml$", r"\s*<(?:maven\.compiler\.(?:release|source|target)|java\.version|release|source)>.+"),
        (
            r"\.gradle(?:\.kts)?$",
            r".*(?:sourceCompatibility|targetCompatibility|JavaLanguageVersion\.of|jvmTarget|options\.release)\b.+",
        ),
        (
            r"(?:gradle\.properties|libs\.versions\.toml)$",
            r"\s*(?:\w*[jJ]ava\w*|jdk\w*|jvm\w*)\s*=\s*[\"']?\d[\w.]*[\"']?\s*$",
        ),
    ),
    "node": ((r"package\.json$", r"\s*\"node\"\s*:.+"), (r"\.nvmrc$", r"\s*v?\d.*")),
    "go": ((r"go\.mod$", r"\s*(?:go|toolchain)\s+\S*\d.*"),),
    "rust": (
        (r"Cargo\.toml$", r"\s*rust-version\s*=.+"),
        (r"rust-toolchain(?:\.toml)?$", r"\s*(?:channel\s*=.+|\d[\d.]*\s*$|stable|nightly.*)"),
    ),
    "ruby": (
        (r"\.gemspec$", r".*required_ruby_version.+"),
        (r"(?:\.ruby-version|Gemfile)$", r"\s*(?:ruby\s+[\"'].+|\d[\d.]*\s*$)"),
    ),
    "php": ((r"composer\.json$", r"\s*\"php\"\s*:.+"),),
    "dotnet": (
        (r"\.(?:cs|fs|vb)proj$|Directory\.Build\.props$", r"\s*<TargetFrameworks?(?:Version)?>.+"),
        (r"global\.json$", r"\s*\"version\"\s*:.+"),
    ),
}
"""Files that say what it needs, and how the lines do."""

_TRIED: Final = {
    "python": r"python[-_]?versions?|python",
    "java": r"java[-_]?versions?|java|jdk",
    "node": r"node[-_]?versions?|node(?:_js)?",
    "go": r"go[-_]?versions?|go",
    "rust": r"rust|toolchain|msrv",
    "ruby": r"ruby[-_]?versions?|ruby",
    "php": r"php[-_]?versions?|php",
    "dotnet": r"dotnet[-_]?versions?|dotnet|framework",
}
"""How CI calls the versions that it is tried with."""
_AT_LEAST: Final = re.compile(r"(?:>=\s*|^go )v?(\d+(?:\.\d+)*)")
_CLASSIFIER: Final = re.compile(r"Programming Language :: Python :: (\d+\.\d+)\b")
_DEPTH: Final = 2
"""Folders below the top in which a manifest still speaks for the whole."""
_MOST: Final = 4
_BY_CI: Final = 3
_OF_A_LIST: Final = 14
"""Lines of manifests and of CI that are told, and lines of a list that are read."""
_LONGEST: Final = 160


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that says it: its text, and where it stands."""

    path: str
    start: int
    end: int
    text: str


_DATED: Final = re.compile(
    r"\b(?:by|on|until|till|from) (?:which|what) (?:date|day|month|year|quarter)\b|\bwhen\b"
    r"|\bplan(?:s|ned)?\b|\bhow long\b",
    re.I,
)
"""Whoever asks for a day knows the version."""


def platform_asked(inquiry: Inquiry, part: Part) -> Said | None:
    """Return what tells the versions of a language that are asked for, where the repository says any."""
    if part.need in _NOT_ASKED or _DATED.search(part.text):
        return None
    found = next((each for pattern in _ASKED if (each := pattern.search(part.text))), None)
    if found is None:
        return _library_asked(inquiry, part)
    named = found["one"].lower()
    platform = next(key for key, names in _PLATFORMS.items() if re.fullmatch(names, named, re.I))
    declared = list(_declared(inquiry, platform))[:_MOST]
    # A list is what it is tried with; one version alone is what something else is done with.
    tried = sorted(_tried(inquiry, platform), key=lambda each: "[" not in each.text and "," not in each.text)
    tried = tried[:_BY_CI]
    version = found.groupdict().get("version") or ""
    classified = _classified(inquiry) if platform == "python" else None
    if not declared and not tried and classified is None:
        return None

    def say(inquiry: Inquiry) -> None:
        page = inquiry.page
        for each in declared:
            no = "No: " if version and _is_below(version, each.text) else ""
            told = f"{no}{shown_place(each.path, each.start)} says `{each.text}`."
            page.tell(Section.WHAT, told, [page.sources.span(each.path, each.start, each.end)])
        if classified is not None:
            versions, proof = classified
            page.tell(Section.WHAT, f"Its classifiers name Python {listed(versions)}.", [proof])
        for each in tried:
            told = f"CI tries it with `{each.text}` ({shown_place(each.path, each.start)})."
            page.tell(Section.WHAT, told, [page.sources.span(each.path, each.start, each.end)])
        page.settled[part.need] = bool(page.of(Section.WHAT))

    return say


def _library_asked(inquiry: Inquiry, part: Part) -> Said | None:
    """Return what tells the versions of a library that its manifests ask for."""
    found = _OF_LIBRARY.search(part.text)
    name = (found["one"] or found["other"]) if found is not None else ""
    if not name or name.lower() in _NO_LIBRARY:
        return None
    says = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-]).*\d", re.I)
    lines: list[_Line] = []
    for path in _paths(inquiry):
        source = inquiry.page.sources.file(path) if _MANIFEST.search(path) and "/" not in path else None
        for at, text in enumerate(() if source is None else source.lines, 1):
            said = text.strip().rstrip(",")
            if says.search(text) and "::" not in said and len(said) <= _LONGEST:
                lines.append(_Line(path, at, at, said))
    if not lines:
        return None

    def say(inquiry: Inquiry) -> None:
        page = inquiry.page
        for each in lines[:_MOST]:
            told = f"{shown_place(each.path, each.start)} says `{each.text}`."
            page.tell(Section.WHAT, told, [page.sources.span(each.path, each.start, each.end)])
        page.settled[part.need] = bool(page.of(Section.WHAT))

    return say


_OF_LIBRARY: Final = re.compile(
    rf"\b(?:which|what) (?:versions? of (?P<one>[A-Za-z][\w.-]+)|(?P<other>[A-Za-z][\w.-]+) versions?)\b"
    rf"(?=[^?]*\b{_NEEDS}\b)",
    re.I,
)
_NO_LIBRARY: Final = frozenset(
    ("the", "this", "old", "new", "older", "newer", "other", "these", "which", "it")
)
_MANIFEST: Final = re.compile(
    r"^(?:pyproject\.toml|setup\.(?:py|cfg)|requirements[\w.-]*\.txt|tox\.ini|package\.json|Gemfile"
    r"|.*\.gemspec|go\.mod|Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|composer\.json|.*\.csproj|Directory\.Packages\.props)$"
)
"""Files at the top in which a repository says which libraries it needs."""


def _is_below(version: str, says: str) -> bool:
    """Return whether a version is older than the oldest one that a line asks for."""
    least = _AT_LEAST.search(says)
    if least is None:
        return False
    one, other = ([int(part) for part in each.split(".")] for each in (version, least[1]))
    return one < other[: len(one)]


def _paths(inquiry: Inquiry) -> list[str]:
    rows = inquiry.reader.execute(
        "SELECT p.shown FROM path p JOIN entry e ON e.path_id = p.id WHERE e.blob_id IS NOT NULL"
        " AND e.marks & ? = 0",
        (int(MINOR),),
    ).fetchall()
    return sorted((path for (path,) in rows), key=lambda path: (path.count("/"), path))


def _declared(inquiry: Inquiry, platform: str) -> Iterator[_Line]:
    seen = set[str]()
    paths = _paths(inquiry)
    for names, line in _DECLARED[platform]:
        says = re.compile(line)
        for path in paths:
            if path.count("/") > _DEPTH or re.search(rf"(?:^|/){names}|{names}", path) is None:
                continue
            source = inquiry.page.sources.file(path)
            for at, text in enumerate(() if source is None else source.lines, 1):
                said = text.strip().rstrip(",")
                if (
                    says.match(text)
                    and any(map(str.isdigit, said))
                    and len(said) <= _LONGEST
                    and said not in seen
                ):
                    # What a module repeats of the whole is not told again.
                    seen.add(said)
                    yield _Line(path, at, at, said)


def _classified(inquiry: Inquiry) -> tuple[list[str], Citation] | None:
    for path in ("pyproject.toml", "setup.cfg", "setup.py"):
        source = inquiry.page.sources.file(path)
        lines = () if source is None else source.lines
        found = [(at, match[1]) for at, text in enumerate(lines, 1) if (match := _CLASSIFIER.search(text))]
        if found:
            proof = inquiry.page.sources.span(path, found[0][0], found[-1][0])
            if proof is not None:
                return list(dict.fromkeys(version for _, version in found)), proof
    return None


def _tried(inquiry: Inquiry, platform: str) -> Iterator[_Line]:
    key = re.compile(rf"^\s*-?\s*[\"']?(?:{_TRIED[platform]})[\"']?\s*:\s*(?P<value>.*)$", re.I)
    seen = set[str]()
    for path in _paths(inquiry):
        source = inquiry.page.sources.file(path) if OF_CI.search(path) else None
        if source is None:
            continue
        for at, text in enumerate(source.lines, 1):
            found = key.match(text)
            if found is None or "${{" in found["value"]:
                continue
            line = _whole(source.lines, path, at, found["value"].strip())
            if line is not None and line.text not in seen and any(map(str.isdigit, line.text)):
                seen.add(line.text)
                yield line


def _whole(lines: Sequence[str], path: str, at: int, value: str) -> _Line | None:
    """Return a line with the list that it begins, in brackets or as items below it."""
    end, items = at, [value] if value else []
    name = lines[at - 1].partition(":")[0].strip(" -\"'")
    for below in range(at + 1, min(at + _OF_A_LIST, len(lines)) + 1):
        text = lines[below - 1].strip()
        opened = value.startswith("[") and "]" not in " ".join(items)
        if opened or (not value and text.startswith("- ")):
            items.append(text.removeprefix("- ") if not opened else text)
            end = below
        else:
            break
    said = (" " if value else ", ").join(items)
    text = f"{name}: {said}"
    return _Line(path, at, end, text) if said and len(text) <= _LONGEST else None
