"""What a wish such as "a new dashboard view" is for: a kind or a noun, and what narrows it down."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from indexer.repo.words import stem

_SMALL: Final = frozenset(
    [
        "a",
        "an",
        "the",
        "new",
        "another",
        "one",
        "some",
        "how",
        "do",
        "does",
        "we",
        "i",
        "you",
        "write",
        "add",
        "make",
        "create",
        "usually",
        "typically",
        "normally",
        "here",
        "in",
        "to",
        "this",
        "that",
        "repository",
        "repo",
        "project",
        "code",
        "codebase",
        "our",
        "your",
        "of",
        "for",
        "with",
        "and",
        "or",
        "example",
        "examples",
        "template",
        "sample",
        "best",
        "existing",
        "good",
        "similar",
        "like",
        "copy",
        "from",
        "should",
        "need",
        "define",
        "implement",
        "build",
        "set",
        "up",
    ]
)
EXAMPLE: Final = "example"
_KINDS: Final = {
    "endpoint": ("endpoint", "route", "url", "api", "handler", "resource"),
    "migration": ("migration",),
    "test": ("test", "spec"),
    "command": ("command",),
    "setting": ("setting", "option", "config", "configuration", "flag", "variable"),
    "model": ("model", "entity", "table"),
    "job": ("job", "cron", "schedule"),
}


@dataclass(frozen=True, slots=True)
class Sought:
    """What was understood: a kind, or a noun, and the words that narrow it down."""

    kind: str
    noun: str
    narrower: tuple[str, ...]
    said: tuple[str, ...] = ()
    """The narrower words as they were typed."""
    of_examples: bool = False
    """Whether an example of it was asked for in so many words: "an example app"."""


def sought(text: str) -> Sought:
    """Return what a wish such as "a new dashboard view" is for. The kind is empty when it names nothing."""
    said = _split(text.lower())
    words = [word for word in said if word not in _SMALL]
    if not words:
        # Nothing but "an example": one of the repository itself, then.
        asked = said and said[-1].rstrip("s") == EXAMPLE
        return Sought(EXAMPLE, EXAMPLE, ()) if asked else Sought("", "", ())
    return replace(_of(words), of_examples=said[-2:-1] == [EXAMPLE])


def shortened(wish: Sought) -> Sought | None:
    """Return a wish without its last word, for where that names nothing: an "auth handler" may be an auth."""
    return _of(list(wish.said)) if wish.said else None


def _of(words: list[str]) -> Sought:
    noun = words[-1]
    kinds = (kind for kind, names in _KINDS.items() if noun in names or noun.rstrip("s") in names)
    kind = next(kinds, "")
    if kind:
        noun = noun.rstrip("s")
    return Sought(kind or noun, noun, tuple(stem(word) for word in words[:-1]), tuple(words[:-1]))


def _split(text: str) -> list[str]:
    """Return the words of a wish, its noun last: what "a report for the dashboard" is for stands before."""
    words = re.findall(r"[A-Za-z][\w-]*", text)
    for at, word in enumerate(words):
        if word in _BINDS and any(each not in _SMALL for each in words[:at]):
            return [*words[at + 1 :], *words[:at]]
    return words


_BINDS: Final = frozenset(("to", "in", "into", "on", "onto", "for", "from", "within", "inside", "under"))


USUAL_WORDS: Final = frozenset(
    [
        "http",
        "rest",
        "api",
        "web",
        "unit",
        "integration",
        "database",
        "db",
        "schema",
        "management",
        "cli",
        "shell",
        "command",
        "line",
        "django",
        "flask",
        "spring",
        "express",
        "rails",
        "laravel",
        "gin",
        "data",
        "configuration",
        "environment",
        "scheduled",
        "cron",
        "class",
        "function",
    ]
)
