"""Fits what is known of a change into the repository's own form for a pull request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from indexer.repo.repository import Repository

PLACES: Final = ("", ".github", "docs", ".gitlab/merge_request_templates")
NAMES: Final = ("pull_request_template.md", "default.md")
LARGEST: Final = 20_000
"""Characters of a form; a longer one is none."""

_HEADING: Final = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")
_FITS: Final = {
    "what": re.compile(r"\b(?:description|summary|what|overview|changes?|proposed)\b", re.I),
    "why": re.compile(r"\b(?:why|motivation|context|reasons?|rationale|background|purpose)\b", re.I),
    "api": re.compile(r"\b(?:api|breaking|compatib\w*|interface)\b", re.I),
    "settings": re.compile(r"\b(?:settings?|config\w*|migrations?|dependenc\w+|deploy\w*|schema)\b", re.I),
    "tests": re.compile(r"\b(?:tests?|testing|tested|verif\w+|qa)\b", re.I),
    "risks": re.compile(r"\b(?:risks?|impact|concerns?|side effects?)\b", re.I),
    "review": re.compile(r"\b(?:reviewers?|review)\b", re.I),
}
_TITLES: Final = {
    "what": "What changes",
    "why": "Why",
    "api": "Definitions that others can use",
    "settings": "Settings, schemas and dependencies",
    "tests": "Tests",
    "risks": "To look at closely",
    "review": "Who could review it",
}


def read_template(repository: Repository, commit: str) -> str:
    """Return the repository's form for a pull request as of a commit, or nothing."""
    if not commit:
        return ""
    for entry in repository.tree(commit):
        folder, _, name = entry.path.rpartition("/")
        if folder.lower() in PLACES and name.lower() in NAMES and (name.lower() != "default.md" or folder):
            data = repository.blob(entry.oid, LARGEST).data
            if data is not None:
                return data.decode("utf-8", "replace").replace("\r\n", "\n")
    return ""


def fitted(template: str, parts: Mapping[str, str]) -> tuple[str, str]:
    """Return the parts under the headings of ``template`` that fit them, else under our own; and a
    sentence on whose headings those are.
    """
    left = {name: text for name, text in parts.items() if text.strip()}
    out: list[str] = []
    fits = 0
    fenced = False
    for line in template.split("\n") if template.strip() else []:
        out.append(line)
        fenced = fenced != line.lstrip().startswith("```")
        heading = None if fenced else _HEADING.match(line)
        if heading is None:
            continue
        name = next((each for each in left if _FITS[each].search(heading[2])), None)
        if name is not None:
            out += ["", left.pop(name), ""]
            fits += 1
    if not fits:
        # A form without headings that fit is a list of rules for the author: it stands at the end.
        own = [f"## {_TITLES[name]}\n\n{text}\n" for name, text in left.items()]
        rules = ["---", template.strip()] if template.strip() else []
        return "\n".join(
            [*own, *rules]
        ), "" if not rules else "\n> The repository's own form follows at the end.\n"
    out += [f"\n## {_TITLES[name]}\n\n{text}\n" for name, text in left.items()]
    return "\n".join(out), "\n> The headings are those of the repository's own form where they fit.\n"
