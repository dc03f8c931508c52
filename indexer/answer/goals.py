"""What is to be done to a repository, and by which words and tools that is spoken of: lint, test, build."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Final

from indexer.repo.words import stems

_SHORTENED: Final = 3
"""Letters from which the beginning of a word is taken for it."""
_SHORTEN_NONE: Final = frozenset(("main", "master", "origin", "set"))
"""Words that shorten no other: `main` is no maintenance, `set` no setup."""
_LEFT_OUT: Final = re.compile(
    r"(?<=\s)(?:-D(?:skip[A-Z]\w*|maven\.test\.skip)(?:=\S+)?|--(?:skip|no|without|exclude)-\w+|-x \w+)"
)
"""What such an option names is not done."""
MEANT: Final = {
    "test": frozenset(
        ("test", "pytest", "tox", "nox", "jest", "ctest", "unittest", "rspec", "phpunit", "check")
    ),
    "build": frozenset(("build", "compil", "make", "dist", "packag", "bundl", "assembl")),
    "instal": frozenset(("instal", "setup", "pip", "npm", "yarn", "bundl", "requir", "sync")),
    "lint": frozenset(
        (
            "lint",
            "ruff",
            "flake8",
            "flake",
            "eslint",
            "pylint",
            "rubocop",
            "precommit",
            "black",
            "checkstyl",
            "golangci",
            "golint",
            "staticcheck",
            "vet",
            "clippi",
            "stylelint",
            "phpcs",
            "ktlint",
            "detekt",
            "misspel",
            "codespel",
            "biom",
            "clangtidi",
            "shellcheck",
            "swiftlint",
            "spotless",
            "prospector",
            "codenarc",
        )
    ),
    "type": frozenset(("type", "typecheck", "mypi", "mypy", "pyright", "tsc", "pyre", "pytyp", "sorbet")),
    "deploy": frozenset(("deploy", "releas", "publish", "kubectl", "helm", "heroku", "upload")),
    "releas": frozenset(
        ("releas", "publish", "goreleas", "twine", "upload", "bumpvers", "semanticrelease", "changeset", "np")
    ),
    "doc": frozenset(("doc", "sphinx", "mkdoc", "sphinxbuild", "html", "docum")),
    "debug": frozenset(("debug", "pdb", "gdb", "inspect", "breakpoint", "verbos")),
    "format": frozenset(("format", "fmt", "black", "ruff", "prettier", "gofmt", "clangformat", "rustfmt")),
}
"""Stems of a goal, and those of the usual tools for it."""
_OF_AGENT: Final = {
    "linter": "lint",
    "formatt": "format",
    "bundler": "build",
    "compil": "build",
    "builder": "build",
    "tester": "test",
    "typecheck": "type",
    "typechecker": "type",
    "document": "doc",
}
"""Stems of other words for a goal, most of them of what does it: a linter is there to lint."""
_CHECKERS: Final = frozenset(("checker", "check", "analysi", "analys", "analyz"))
"""What looks at something: which goal that is, is said by what it looks at."""
_LOOKED_AT: Final = (
    ("type", "type"), ("style", "lint"), ("code", "lint"), ("static", "lint"), ("syntax", "lint"),
)  # fmt: skip


@lru_cache(maxsize=4096)
def spoken(text: str) -> frozenset[str]:
    """Return the stems of a command, or of what stands around it, without what an option leaves out."""
    return frozenset(stems(_LEFT_OUT.sub(" ", text)))


def meets(goal: frozenset[str], words: Collection[str]) -> bool:
    """Return whether words speak of a goal: by one of its stems, or cut short (``cov`` for coverage)."""
    if not goal.isdisjoint(words):
        return True
    if len(goal) > 1:
        # Names of tools are not cut short: "cli" is no clippy, "shell" no shellcheck.
        return False
    return any(
        _SHORTENED <= len(word) < len(stem_) and stem_.startswith(word) and word not in _SHORTEN_NONE
        for word in words
        for stem_ in goal
    )


def goals_in(terms: Sequence[str]) -> list[tuple[str, frozenset[str]]]:
    """Return what terms of a question want done, each with the goal of ``MEANT`` that it is, or empty."""
    looked_at = next((each for each in _LOOKED_AT if each[0] in terms), None)
    if looked_at is not None and not _CHECKERS.isdisjoint(terms):
        # "The type checker" is one thing; what else stands beside it is another.
        rest = [each for each in terms if each not in _CHECKERS and each != looked_at[0]]
        return [(looked_at[1], MEANT[looked_at[1]]), *goals_in([each for each in rest if each not in MEANT])]
    out = []
    for term in terms:
        named = _OF_AGENT.get(term, term)
        out.append((named, MEANT[named]) if named in MEANT else ("", frozenset((term,))))
    return list(dict.fromkeys(out))
