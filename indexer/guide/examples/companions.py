"""Which files were touched when one of a kind was added: route, handler, test, document and the like."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from indexer.answer.citations import cite_fact
from indexer.shapes.examples import Companion
from indexer.types import FileMark, Section, Statement

MOST_COMMITS: Final = 60
LARGEST: Final = 40
"""A commit that touches more files added more than one thing."""
LEAST: Final = 0.15
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


def companions_of(reader: sqlite3.Connection, paths: Sequence[str], kind: str) -> list[Companion]:
    """Return the sorts of files that commits touched which added something to these files."""
    commits = _adding(reader, paths)
    if len(commits) < 2:
        return []
    own = set(paths)
    touched: dict[str, dict[int, list[str]]] = defaultdict(dict)
    oids = dict(commits)
    for commit_id in oids:
        for path, marks in _paths(reader, commit_id):
            role = "the thing itself" if path in own else _role(path, marks)
            if role:
                touched[role].setdefault(commit_id, []).append(path)
    found = []
    for role, by_commit in touched.items():
        if role in ("the thing itself", kind) or len(by_commit) < max(2, LEAST * len(commits)):
            continue
        newest = list(by_commit)
        order = {commit_id: place for place, commit_id in enumerate(oids)}
        newest.sort(key=lambda each: order[each])
        named = list(dict.fromkeys(path for each in newest for path in by_commit[each]))[:3]
        a = "" if role.endswith("s") or role == "documentation" else "a "
        share = f"{len(by_commit)} of {len(commits)} commits that added one"
        text = f"{share} also touched {a}{role}: {', '.join(named)}."
        fact = f"commits that say they add something, and touched files of {kind}s, at most {LARGEST} in all"
        proof = cite_fact(fact, [oids[each] for each in newest])
        statement = Statement(Section.WHAT, text, (proof,))
        found.append(Companion(role, len(by_commit), len(commits), tuple(named), statement))
    return sorted(found, key=lambda each: (-each.commits, each.role))


def _adding(reader: sqlite3.Connection, paths: Sequence[str]) -> list[tuple[int, str]]:
    """Return the newest commits that added something to one of the files, or the file itself."""
    found: dict[int, tuple[int, str]] = {}
    for path in paths:
        rows = reader.execute(
            "SELECT c.id, c.oid, c.subject, c.sequence, h.status,"
            " (SELECT count(*) FROM change x WHERE x.commit_id = c.id)"
            " FROM path p JOIN change h ON h.path_id = p.id JOIN commits c ON c.id = h.commit_id"
            " WHERE p.shown = ? AND c.reachable = 1 ORDER BY c.sequence DESC LIMIT 300",
            (path,),
        )
        for commit_id, oid, subject, sequence, status, files in rows:
            if 1 < files <= LARGEST and (status == "A" or _ADDS.search(subject)):
                found[commit_id] = (sequence, oid)
    newest = sorted(found.items(), key=lambda each: -each[1][0])[:MOST_COMMITS]
    return [(commit_id, oid) for commit_id, (_, oid) in newest]


def _paths(reader: sqlite3.Connection, commit_id: int) -> list[tuple[str, int]]:
    rows = reader.execute(
        "SELECT p.shown, coalesce(e.marks, 0) FROM change h JOIN path p ON p.id = h.path_id"
        " LEFT JOIN entry e ON e.path_id = p.id WHERE h.commit_id = ?",
        (commit_id,),
    ).fetchall()
    return [(path, marks) for path, marks in rows]


def _role(path: str, marks: int) -> str:
    if marks & FileMark.TEST:
        return "test"
    return next((role for role, pattern in _ROLES if pattern.search(path)), "")
