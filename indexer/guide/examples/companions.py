"""Which files were touched when one of a kind was added: route, handler, test, document and the like."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from indexer.answer.citations import cite_fact
from indexer.guide.examples.nouns import plural
from indexer.repo.words import stem, stems
from indexer.shapes.examples import Companion
from indexer.types import FileMark, Section, Statement

MOST_COMMITS: Final = 60
LARGEST: Final = 25
"""A commit that touches more files added more than one thing."""
LEAST: Final = 0.25
"""The share of commits from which a sort of file belongs to adding one."""
_ADDED: Final = 3
"""Commits that added a file of one from which the others need not be looked at."""
_ADDS: Final = re.compile(
    r"(?i)^(?:\[[^\]]+\]\s*|\w+(?:\([^)]*\))?!?:\s*|#?\d+\s*[:-]\s*)?"
    r"(?:add(?:s|ed|ing)?"
    r"|new|introduce\w*|implement\w*|create\w*|support\w*|allow\w*|feat\w*|provide\w*)\b|^feat(?:\(|:)"
)
_ROLES: Final = (
    ("test", re.compile(r"(?i)(?:^|/)(?:tests?|specs?)/|(?:^|/)test_|_test\.|\.spec\.|Tests?\.\w+$")),
    ("migration", re.compile(r"(?:^|/)migrations?/|/migrate/|/V\d[\d_.]*__")),
    ("changelog", re.compile(r"(?i)(?:^|/)(?:changes?|changelog|history|news|releases?)(?:[.\w-]*$|/)")),
    ("documentation", re.compile(r"(?i)(?:^|/)docs?/|\.(?:rst|md|adoc)$")),
    ("template", re.compile(r"(?i)\.(?:html|jinja2?|erb|haml|twig|jsp|ftl|hbs|ejs|vue|tmpl)$|/templates?/")),
    ("translation", re.compile(r"\.(?:po|pot|mo)$|/locales?/|/i18n/|messages_\w+\.properties$")),
    ("route", re.compile(r"(?:^|/)(?:urls|routes?|router|routing)[\w.-]*$|(?:^|/)(?:routes?|routers)/")),
    ("settings", re.compile(r"(?i)(?:^|/)(?:settings|config|defaults|application)[\w.-]*\.\w+$")),
    ("model", re.compile(r"(?i)(?:^|/)(?:models?|entit(?:y|ies)|abstract_models|schema)[\w.-]*(?:$|/)")),
    ("form or serializer", re.compile(r"(?i)(?:^|/)(?:forms|serializers?|dtos?|schemas)[\w.-]*(?:$|/)")),
    ("style or script", re.compile(r"\.(?:css|scss|less|js|ts|tsx|jsx)$")),
    ("dependencies", re.compile(r"(?:^|/)(?:requirements[\w.-]*|setup\.\w+|pyproject\.toml|package\.json)$")),
)  # fmt: skip


def companions_of(
    reader: sqlite3.Connection, paths: Sequence[str], kind: str, names: Sequence[str]
) -> list[Companion]:
    """Return the sorts of files that commits touched which added something to these files.

    ``names`` are those of what stands in them: a commit that names neither one nor the kind, and adds no
    file, added something else.
    """
    words = {stem(kind), *(each for name in names for each in stems(name))}
    commits = _adding(reader, paths, words)
    if len(commits) < 2:
        return []
    own = set(paths)
    touched: dict[str, dict[int, list[str]]] = defaultdict(dict)
    oids = dict(commits)
    kinds = {path.rpartition(".")[2] for path in paths} | {path.rpartition("/")[0] for path in paths}
    for commit_id in oids:
        for path, marks in _paths(reader, commit_id):
            role = "" if path in own else _role(path, marks, kinds)
            if role and role != kind:
                touched[role].setdefault(commit_id, []).append(path)
    found = []
    for role, by_commit in touched.items():
        if len(by_commit) < max(2, LEAST * len(commits)):
            continue
        newest = [each for each in oids if each in by_commit]
        named = _named([path for each in newest for path in by_commit[each]], paths)
        a = "" if role.endswith("s") or role == "documentation" else "a "
        share = f"{len(by_commit)} of {len(commits)} commits that added one"
        text = f"{share} also touched {a}{role}: {', '.join(named)}."
        fact = f"commits of at most {LARGEST} files that added one of the {plural(kind)}"
        proof = cite_fact(fact, [oids[each] for each in newest])
        statement = Statement(Section.WHAT, text, (proof,))
        found.append(Companion(role, len(by_commit), len(commits), named, statement))
    return sorted(found, key=lambda each: (-each.commits, each.role))


def tests_of(reader: sqlite3.Connection, paths: Sequence[str]) -> list[Statement]:
    """Return how many files have a test that is named after them, with those of the first; or nothing."""
    rows = reader.execute(
        "SELECT p.shown FROM entry e JOIN path p ON p.id = e.path_id WHERE e.marks & ? != 0 ORDER BY p.shown",
        (int(FileMark.TEST),),
    )
    tests: dict[str, list[str]] = defaultdict(list)
    for (path,) in rows:
        if _bare(path) != path.rpartition("/")[2]:
            tests[_bare(path)].append(path)
    files = list(dict.fromkeys(paths))
    # ``views.py`` stands in many folders: a test of that name is of none of them in particular.
    alike = Counter(_bare(path) for path in files)
    found = {
        path: _nearest(path, tests[_bare(path)])
        for path in files
        if alike[_bare(path)] == 1 and _bare(path) in tests and path not in tests[_bare(path)]
    }
    if len(found) < max(2, LEAST * len(files)):
        return []
    named = ", ".join(list(found.values())[:3])
    share = f"All {len(files):,}" if len(found) == len(files) else f"{len(found):,} of {len(files):,}"
    text = f"{share} files have a test that is named after them: {named}."
    proof = cite_fact("tests whose names are those of the files", list(found.values()))
    return [Statement(Section.WHAT, text, (proof,))]


def _nearest(path: str, tests: Sequence[str]) -> str:
    """Return the test that shares the most folders with a file."""
    folders = set(path.split("/")[:-1])
    return max(tests, key=lambda test: len(folders & set(test.split("/")[:-1])))


def _bare(path: str) -> str:
    """Return the name of a file without what makes it a test's: ``sunset.go`` for ``sunset_test.go``."""
    file, _, ending = path.rpartition("/")[2].partition(".")
    bare = re.sub(r"(?i)^tests?_|[_-](?:tests?|specs?)$", "", file)
    bare = re.sub(r"(?<=[a-z0-9])(?:Tests?|Spec)$|^Test(?=[A-Z])", "", bare)
    return f"{bare}.{re.sub(r'^(?:test|spec)[.]', '', ending)}"


def _named(touched: Sequence[str], paths: Sequence[str]) -> tuple[str, ...]:
    """Return a few of the touched files: first those named after one of the kind, then the newest."""
    own = [_words(path) for path in paths]
    order = {path: place for place, path in enumerate(dict.fromkeys(touched))}

    def is_alike(path: str) -> bool:
        words = _words(path)
        return any(2 * len(words & each) > len(each) for each in own)

    return tuple(sorted(order, key=lambda path: (not is_alike(path), order[path]))[:3])


def _words(path: str) -> set[str]:
    return set(stems(path.rpartition("/")[2].partition(".")[0]))


def _adding(reader: sqlite3.Connection, paths: Sequence[str], words: set[str]) -> list[tuple[int, str]]:
    """Return the newest commits that added one of the files; without enough of those, also the newest that
    say that they add something which these words name.
    """
    found: dict[int, tuple[int, str]] = {}
    made = set[int]()
    for path in paths:
        rows = reader.execute(
            "SELECT c.id, c.oid, c.subject, c.sequence, h.status,"
            " (SELECT count(*) FROM change x WHERE x.commit_id = c.id)"
            " FROM path p JOIN change h ON h.path_id = p.id JOIN commits c ON c.id = h.commit_id"
            " WHERE p.shown = ? AND c.reachable = 1 ORDER BY c.sequence DESC LIMIT 300",
            (path,),
        )
        for commit_id, oid, subject, sequence, status, files in rows:
            says = _ADDS.search(subject) and words & set(stems(subject))
            if 1 < files <= LARGEST and (status == "A" or says):
                found[commit_id] = (sequence, oid)
            if status == "A":
                made.add(commit_id)
    if len(made & found.keys()) >= _ADDED:
        found = {each: found[each] for each in made & found.keys()}
    newest = sorted(found.items(), key=lambda each: -each[1][0])[:MOST_COMMITS]
    return [(commit_id, oid) for commit_id, (_, oid) in newest]


def _paths(reader: sqlite3.Connection, commit_id: int) -> list[tuple[str, int]]:
    """Return the files that a commit touched and that are still there, with their marks."""
    rows = reader.execute(
        "SELECT p.shown, e.marks FROM change h JOIN path p ON p.id = h.path_id"
        " JOIN entry e ON e.path_id = p.id WHERE h.commit_id = ?",
        (commit_id,),
    ).fetchall()
    return [(path, marks) for path, marks in rows]


def _role(path: str, marks: int, kinds: set[str]) -> str:
    """Return what a file is beside those of the kind, whose folders and endings are ``kinds``."""
    if marks & FileMark.TEST:
        return "test"
    if path.rpartition("/")[0] in kinds and path.rpartition(".")[2] in kinds:
        return ""
    role = next((role for role, pattern in _ROLES if pattern.search(path)), "")
    return "" if role == "style or script" and path.rpartition(".")[2] in kinds else role
