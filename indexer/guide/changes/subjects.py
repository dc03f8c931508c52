"""What the words and paths of a commit say that it was for: a fix, a feature, an update of a dependency."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from indexer.repo.languages import classify
from indexer.shapes.changes import StoryKind
from indexer.types import ChunkKind, CommitRecord, FileMark

CONVENTIONAL: Final = re.compile(
    r"^(?P<type>[a-z]+)(?:\((?P<scope>[^()\s][^()]*)\))?(?P<breaking>!)?: (?=\S)"
)
"""``type(scope)!: subject``, as conventionalcommits.org has it."""

AREA: Final = re.compile(r"^(?P<area>[\w./*{},+-]{1,40}(?:, ?[\w./*-]{1,30}){0,2}): (?=\S)")
"""``area: subject``, as many repositories have it."""

NUMBER: Final = re.compile(r"\s*\((?:[\w.-]+/[\w.-]+)?(?:#|!|gh-|GH-)(\d+)\)\s*$")
"""Of the pull request, which GitHub puts behind the subject of a squashed one."""

REVERTED: Final = re.compile(r"This (?:reverts|undoes) commit ([0-9a-f]{7,64})\b")
REVERT_SUBJECT: Final = re.compile(r"^(?:Revert|Reapply|revert:|Back(?:ed)? ?out)\b[: ]*", re.I)

TYPES: Final = {
    "feat": StoryKind.FEATURE, "feature": StoryKind.FEATURE, "fix": StoryKind.FIX, "bugfix": StoryKind.FIX,
    "hotfix": StoryKind.FIX, "perf": StoryKind.CHANGE, "refactor": StoryKind.CHANGE,
    "style": StoryKind.CHANGE,
    "docs": StoryKind.DOCUMENTATION, "doc": StoryKind.DOCUMENTATION, "test": StoryKind.TEST,
    "tests": StoryKind.TEST, "build": StoryKind.BUILD, "ci": StoryKind.BUILD, "chore": StoryKind.CHANGE,
    "deps": StoryKind.DEPENDENCY, "release": StoryKind.RELEASE,
}  # fmt: skip
_RELEASE: Final = re.compile(
    r"^(?:bump(?:ed)? versions?\b|(?:prepare|tag|cut)? ?release[sd]?\b|v?\d+\.\d+[\w.]*$|version \d"
    r"|\[maven-release|prepare (?:for )?v?\d|added? changelog for|updated? changelog)|^bump version:?\s",
    re.I,
)
_DEPENDENCY: Final = re.compile(
    r"^(?:\[pre-commit\.ci\]|(?:build|chore|fix)\(deps[\w-]*\)|deps:"
    r"|(?:scheduled )?(?:bump|update|upgrade|pin|sync)"
    r"(?:d|s|ed)?\b.*\b(?:from \S*\d\S* to |requirements?\b|dependenc|to v?\d+[.\w]*(?: |$)|pre-commit))"
    r"|pre-commit autoupdate|update dependency",
    re.I,
)
_FIX: Final = re.compile(
    r"^(?:\[?\w*\]?\s*)?(?:hot ?|bug ?|doc ?)?(?:fix(?:e[sd])?|correct(?:s|ed)?|repair|resolve[sd]?|mend"
    r"|prevent(?:s|ed)?|avoid(?:s|ed)?|handle[sd]?|close[sd]? #)\b"
    r"|\bfix(?:es|ed)?\b (?:a |the |an )?|\bbug\b|regression|crash",
    re.I,
)
_FEATURE: Final = re.compile(
    r"^(?:add(?:s|ed|ing)?|introduc(?:e[sd]?|ing)|implement(?:s|ed|ing)?|support(?:s|ed|ing)?|allow(?:s|ed)?"
    r"|enable[sd]?|new|make .* (?:available|configurable)|provide[sd]?|create[sd]?)\b",
    re.I,
)
_REMOVAL: Final = re.compile(
    r"^(?:remov(?:e[sd]?|ing)|drop(?:s|ped)?|delete[sd]?|deprecat\w+|get rid of)\b", re.I
)
_DOCS: Final = re.compile(
    r"^(?:docs?\b|docfix|documentation|typos?\b|fix(?:ed)? (?:a )?typos?\b|readme)", re.I
)

_BUILD_FOLDERS: Final = (
    ".github/",
    ".gitlab/",
    ".circleci/",
    ".azure",
    "ci/",
    ".travis",
    "docker/",
    ".buildkite/",
)
_BUILD_NAMES: Final = frozenset(
    [
        "dockerfile",
        "makefile",
        "tox.ini",
        "setup.cfg",
        "setup.py",
        ".pre-commit-config.yaml",
        ".travis.yml",
        ".gitlab-ci.yml",
        "jenkinsfile",
        ".bumpversion.cfg",
        ".gitignore",
        ".gitattributes",
        ".editorconfig",
        "codecov.yml",
        ".coveragerc",
        ".flake8",
        "docker-compose.yml",
        "build.gradle",
        "settings.gradle",
        "pom.xml",
        "noxfile.py",
        ".dockerignore",
        "appveyor.yml",
    ]
)


def kind_of(record: CommitRecord) -> StoryKind:
    """Return what a commit was for; what it touched counts when its words leave it open."""
    subject = record.message.split("\n", 1)[0].strip()
    found = CONVENTIONAL.match(subject)
    bare = AREA.sub("", subject)
    if _DEPENDENCY.search(subject):
        return StoryKind.DEPENDENCY
    if found is not None and found["type"] in TYPES:
        return TYPES[found["type"]]
    if _RELEASE.search(bare):
        return StoryKind.RELEASE
    if _DOCS.match(bare):
        return StoryKind.DOCUMENTATION
    touched = kind_of_paths([each.path for each in record.changes])
    if touched is not None:
        return touched
    for pattern, kind in (
        (_REMOVAL, StoryKind.REMOVAL),
        (_FIX, StoryKind.FIX),
        (_FEATURE, StoryKind.FEATURE),
    ):
        if pattern.search(bare):
            return kind
    return StoryKind.CHANGE


def kind_of_paths(paths: Sequence[str]) -> StoryKind | None:
    """Return what paths alone say: only documents, only tests, only the build; None for anything else."""
    if not paths:
        return None
    kinds = {path_kind(path) for path in paths}
    if len(kinds) == 1:
        kind = kinds.pop()
        return None if kind is StoryKind.CHANGE else kind
    return None


@lru_cache(maxsize=20_000)  # a range names the same files over and over
def path_kind(path: str) -> StoryKind:
    """Return what one path is part of; CHANGE for the product itself."""
    lowered = path.lower()
    if MANIFEST.search(path):
        return StoryKind.DEPENDENCY
    if lowered.startswith(_BUILD_FOLDERS) or lowered.rpartition("/")[2] in _BUILD_NAMES:
        return StoryKind.BUILD
    found = classify(path, {})
    if found.marks & FileMark.TEST:
        return StoryKind.TEST
    if found.marks & FileMark.DOCUMENTATION or found.kind is ChunkKind.DOC:
        return StoryKind.DOCUMENTATION
    return StoryKind.CHANGE


MANIFEST: Final = re.compile(
    r"(?:^|/)(?:requirements[\w./-]*\.(?:txt|in)|constraints[\w-]*\.txt|package\.json|cargo\.toml|pyproject\.toml"
    r"|go\.mod|pom\.xml|composer\.json|gemfile|build\.gradle(?:\.kts)?|libs\.versions\.toml|setup\.py)$"
    r"|(?:^|/)requirements/",
    re.IGNORECASE,
)
"""Files that name what the product depends on."""


MIGRATION: Final = re.compile(
    r"(?:^|/)(?:migrations?|db/migrate|alembic/versions|changelogs?|flyway)/(?!__init__)[^/]*\d[^/]*\.\w+$|(?:^|/)V\d+(?:_\d+)*__\w+\.sql$"
)
"""Files that change how data is laid out, one after the other."""


def typed(subject: str) -> re.Match[str] | None:
    """Return how a subject begins when that is one of the types that many repositories share."""
    found = CONVENTIONAL.match(subject)
    return found if found is not None and found["type"] in TYPES else None


def is_breaking(record: CommitRecord) -> bool:
    """Return whether the message itself says that something breaks."""
    found = CONVENTIONAL.match(record.message)
    return (found is not None and bool(found["breaking"])) or bool(_BREAKING.search(record.message))


_BREAKING: Final = re.compile(r"^BREAKING[ -]CHANGE: |\bbackwards?[- ]incompatib|\bbreaking change\b", re.M)
