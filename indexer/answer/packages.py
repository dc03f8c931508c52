"""What takes in a package that is not of this repository: "what uses httpcore here?"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.answer import lexicon
from indexer.answer.inquiry import CALLABLE, MINOR, Inquiry, listed, shown_place
from indexer.index.mentions import Mention, mentions
from indexer.index.symbols import find_symbols
from indexer.repo.words import stems, tokens
from indexer.types import FileMark, Section

_SHOWN: Final = 6
_CITED: Final = 5
_DECLARING: Final = re.compile(
    r"(?:^|/)(?:pyproject\.toml|setup\.(?:py|cfg)|requirements[^/]*|package\.json|go\.mod|gemfile|cargo\.toml"
    r"|pom\.xml|[^/]*\.gradle(?:\.kts)?|composer\.json|[^/]*\.(?:gemspec|csproj))$|(?:^|/)requirements/",
    re.I,
)


def say_package(inquiry: Inquiry) -> bool:
    """Tell which files take in a package that is asked about and comes from elsewhere.

    Return whether it is one: its name stands in imports, and nothing here defines it.
    """
    for name in _names(inquiry):
        if _is_ours(inquiry, name):
            continue
        found = (*mentions(inquiry.reader, name).found, *_called_so(inquiry, name))
        taken = [each for each in found if takes_in(each.text, name)]
        own = [each for each in taken if not each.marks & MINOR]
        if taken:
            _say(inquiry, name, own, [each for each in taken if each.marks & MINOR])
            return True
    return False


def _called_so(inquiry: Inquiry, name: str) -> Iterator[Mention]:
    """Yield the lines that define a name: `var qs = require('qs')` calls a package as it is called."""
    for each in find_symbols(inquiry.reader, name, 20):
        source = inquiry.page.sources.file(each.path) if each.name == name else None
        if source is not None and each.name_line <= len(source.lines):
            text = source.lines[each.name_line - 1].strip()
            yield Mention(
                each.path_id, each.path, each.blob_id, each.name_line, text, each.rank, FileMark(each.marks)
            )


def _is_ours(inquiry: Inquiry, name: str) -> bool:
    """Return whether a folder, a file or a definition here bears the name: it may be what is taken in.

    What a file calls its import (`var qs = require('qs')`) defines nothing.
    """
    found = [each for each in find_symbols(inquiry.reader, name, 20) if each.name == name]
    if any(each.kind in CALLABLE and not each.marks & MINOR for each in found):
        return True
    row = inquiry.reader.execute(
        "SELECT 1 FROM path p JOIN entry e ON e.path_id = p.id WHERE p.shown LIKE ?1 || '/%'"
        " OR p.shown LIKE '%/' || ?1 || '/%' OR p.shown LIKE ?1 || '.%' OR p.shown LIKE '%/' || ?1 || '.%'"
        " LIMIT 1",
        (name,),
    ).fetchone()
    return row is not None


def takes_in(line: str, name: str) -> bool:
    """Return whether a line of code imports a package, or something in it, by its name."""
    whole = re.escape(name)
    quoted = rf"[\"'](?:[\w.@-]+/)*{whole}(?:/[\w./-]+)?[\"']"
    forms = (
        rf"\s*(?:from\s+{whole}(?:[.\s]|$)|import\s+(?:static\s+)?(?:[\w.]+\.)?{whole}\b(?!\s*=))",
        rf"\s*(?:import|export)\s.*\bfrom\s+{quoted}",
        rf"\s*(?:(?:const|let|var)\s.*=\s*)?(?:await\s+)?(?:require|import)\w*[\s(]+{quoted}",
        rf"\s*(?:use|using|extern crate)\s+(?:[\w.:\\]+[.:\\])?{whole}(?:[.:;\\\s]|$)",
        rf"\s*#\s*include\s*[<\"](?:[\w.-]+/)*{whole}(?:[./][\w./]+)?[>\"]",
        rf"\s*gem\s+{quoted}",
        # A line of Go's block of imports, with a name of its own or without.
        rf"\s*(?:[\w.]+\s+)?\"(?:[\w.-]+/)+{whole}(?:/[\w./-]+)?\"\s*$",
    )
    return any(re.match(form, line) for form in forms)


def _names(inquiry: Inquiry) -> list[str]:
    """Return the words of the question that may be a package: rare ones, as they were typed."""
    said = dict.fromkeys(tokens(inquiry.asked.text))
    weights = inquiry.evidence.weights
    found = [each for each in said if any(weights.get(term) for term in stems(each))]
    asking = lexicon.IMPACT | lexicon.FRAME
    names = [each for each in found if len(each) > 1 and asking.isdisjoint(stems(each))][:_SHOWN]
    # `django-haystack` is taken in as `haystack`, `python-dateutil` as `dateutil`.
    inside = [form for each in names if "-" in each for form in (each.replace("-", "_"), each.split("-")[-1])]
    return [*names, *inside]


def _say(inquiry: Inquiry, name: str, own: list[Mention], minor: list[Mention]) -> None:
    page = inquiry.page
    first = {each.path: each for each in reversed(own or minor)}
    places = sorted(first.values(), key=lambda each: (-each.rank, each.path))
    named = [shown_place(each.path, each.line) for each in places[:_SHOWN]]
    more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
    shown = ", ".join(named) if more else listed(named)
    kind = "code" if own else "tests and examples alone"
    tests = len({each.path for each in minor}) if own else 0
    beside = f"; so {'does' if tests == 1 else 'do'} {_files(tests)} of tests and examples" if tests else ""
    verb = "takes" if len(places) == 1 else "take"
    spans = [page.sources.span(each.path, each.line, each.line) for each in places[:_CITED]]
    page.fact(
        Section.WHAT,
        f"`{name}` is a package of others: {_files(len(places))} of {kind} {verb} it in,"
        f" {shown}{more}{beside}.",
        f"imports of {name}",
        [shown_place(each.path, each.line) for each in places],
        [each for each in spans if each is not None],
    )
    _say_declared(inquiry, name)
    page.answers = True


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"


def _say_declared(inquiry: Inquiry, name: str) -> None:
    """Show the line that asks for the package, in the first file that declares what is needed."""
    whole = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", re.I)
    rows = inquiry.reader.execute(
        "SELECT p.shown, e.marks FROM entry e JOIN path p ON p.id = e.path_id WHERE e.skipped = ''"
    ).fetchall()
    declaring = [path for path, marks in rows if _DECLARING.search(path) and not marks & MINOR]
    for path in sorted(declaring, key=lambda path: (path.count("/"), path)):
        source = inquiry.page.sources.file(path)
        for number, line in enumerate(source.lines if source is not None else (), 1):
            if whole.search(line) and not line.lstrip().startswith(("#", "//", "import", "from")):
                inquiry.page.code(Section.WHAT, path, number, number)
                return
