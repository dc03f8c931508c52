"""Pipelines: what starts each, what it publishes, and which of them is left over from another system."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.contacts import day
from indexer.answer.inquiry import listed
from indexer.guide.tours.deeds import Deed, deed_of
from indexer.guide.tours.ground import AreaFile, Ground
from indexer.index.history import commits_touching

_PIPELINE: Final = re.compile(
    r"^\.github/workflows/[^/]+\.ya?ml$|^\.gitlab-ci\.yml$|^\.circleci/config\.yml$|^\.travis\.yml$"
    r"|^Jenkinsfile$"
    r"|^azure-pipelines\.yml$|^appveyor\.yml$|^\.drone\.yml$",
    re.I,
)
LEFT_OVER: Final = 2 * 31_557_600
"""Seconds without a change after which a pipeline of another system than the newest is left over."""
PUBLISHED: Final = 3
"""Lines that publish which are shown of a pipeline."""
_LONGEST: Final = 80

_PUBLISHES: Final = re.compile(
    r"twine upload\b|(?:npm|yarn|pnpm|cargo|poetry|uv|hatch|flit|lerna|changeset|vsce|dart pub) publish\b"
    r"|gem push\b"
    r"|(?:mvnw?|gradlew?)\b.* (?:deploy|publish\w*|release:(?:prepare|perform))\b|goreleaser release\b"
    r"|gh release (?:create|upload|edit)\b|git push\b.*(?:--tags|--follow-tags|\btag\b)"
    r"|(?:docker|podman|helm) push\b|docker buildx? .*--push\b|semantic-release\b|setup\.py .*\bupload\b"
    r"|dotnet nuget push\b|mix hex\.publish\b"
)
_ACTION: Final = re.compile(
    r"uses:\s*['\"]?([\w.-]+/(?:gh-action-pypi-publish|goreleaser-action|action-gh-release|create-release"
    r"|release-action|npm-publish|build-push-action|changesets|semantic-release-action|action-semantic-release"
    r"|release-please-action|publish-crates|rubygems-release|release-gem)[\w./-]*)"
)
"""Steps of others that publish."""
_ELSEWHERE: Final = re.compile(r"uses:\s*['\"]?([\w.-]+/[\w.-]+/\.github/workflows/[\w.-]+)@")
"""A whole pipeline that is taken from another repository."""
_NAMED: Final = re.compile(r"\b(?:make|npm run|yarn|pnpm run|rake|just|invoke) [\w:.-]+")
_NOT: Final = re.compile(r"^\s*(?:#|//|\*|-?\s*name:)|\b(?:echo|printf)\b|--dry-run|--snapshot")
_SAID: Final = re.compile(r"^(?:-\s*)?(?:run:\s*)?(?:\w*sh[ (]+)?['\"]?(.*?)['\"]?\)?$")
_PUSHES: Final = re.compile(r"^\s*push:\s*(?!['\"]?false)\S")
_ARGUMENTS: Final = re.compile(r"^\s*args:\s*['\"]?([^'\"#]+)")
_WITH: Final = 16
"""Lines below a step of others' in which it is told what to do."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A pipeline: what starts it, the lines by which it publishes, and since when it is left over."""

    file: AreaFile
    events: tuple[str, ...]
    publishes: tuple[tuple[str, int], ...]
    elsewhere: tuple[str, int] | None
    whole: bool
    """Whether all that it does stands elsewhere."""
    left: str = ""

    @property
    def started_by(self) -> str:
        """Return what starts it, as the end of a sentence; or nothing."""
        named = [_STARTS[word] for word in self.events if word in _STARTS]
        return f", started by {listed(list(dict.fromkeys(named)))}" if named else ""

    @property
    def only_tags(self) -> bool:
        """Whether all that it lets out is a tag: a version gets a name by that, and to nobody."""
        return bool(self.publishes) and all(text.startswith("git push") for text, _ in self.publishes)

    @property
    def does(self) -> str:
        """Return what it publishes with, as the end of a sentence; or nothing."""
        if self.publishes:
            shown = [f"`{text}` (line {line})" for text, line in self.publishes[:PUBLISHED]]
            return f"it {'pushes tags' if self.only_tags else 'publishes'} with {listed(shown)}"
        part = "" if self.whole else "part of "
        return f"{part}what it does stands elsewhere, in `{self.elsewhere[0]}`" if self.elsewhere else ""


def pipelines_of(ground: Ground) -> list[Pipeline]:
    """Return the pipelines: first what publishes, then what starts by itself, last what is left over."""
    files = [each for each in ground.everything if _PIPELINE.match(each.path)]
    changed: dict[str, int] = {}
    for file in files:
        last = commits_touching(ground.reader, [file.path_id], 1)
        changed[file.path] = last[0].authored if last else 0
    newest = max(files, key=lambda each: changed[each.path], default=None)
    found = []
    for file in files:
        source = ground.sources.file(file.path)
        lines = source.lines if source is not None else ()
        old = newest is not None and changed[newest.path] - changed[file.path] > LEFT_OVER
        left = day(changed[file.path]) if old and newest and _system(file) != _system(newest) else ""
        handed = next(
            ((match[1], at) for at, line in enumerate(lines, 1) if (match := _ELSEWHERE.search(line))), None
        )
        published = tuple(dict.fromkeys(_published(ground, lines)))
        whole = not any(line.strip() == "steps:" for line in lines)
        found.append(Pipeline(file, tuple(events(ground, file)), published, handed, whole, left))
    # What starts by itself comes before what another one starts.
    found.sort(
        key=lambda each: (
            bool(each.left),
            not each.publishes or each.only_tags,
            not _ALONE & set(each.events),
            _rank_of(each.file.path),
            each.file.path,
        )
    )
    return found


def events(ground: Ground, file: AreaFile) -> list[str]:
    """Return what starts a pipeline, as its own `on:` has it; empty where it has none.

    A push of tags alone is a ``tag``.
    """
    source = ground.sources.file(file.path)
    lines = source.lines if source is not None else ()
    at = next((number for number, line in enumerate(lines) if _ON.match(line)), -1)
    if at < 0:
        return []
    inline = lines[at].partition(":")[2].partition("#")[0]
    if inline.strip():
        return re.findall(r"[a-z_]+", inline)
    out: list[str] = []
    pushes: list[str] = []
    depth = 0
    for line in lines[at + 1 :]:
        text = line.strip()
        indent = len(line) - len(line.lstrip())
        if not text or text.startswith("#"):
            continue
        if indent == 0 and not text.startswith("- "):
            break
        depth = depth or indent
        if indent <= depth:
            out += re.findall(r"^(?:- )?['\"]?([a-z_]+)", text)
        elif out and out[-1] == "push":
            pushes.append(text.partition(":")[0])
    if "tags" in pushes and "branches" not in pushes:
        out = ["tag" if each == "push" else each for each in out]
    return out


# ------------------------------------------------------------------------------------ private


_ON: Final = re.compile(r"['\"]?on['\"]?:")
_ALONE: Final = frozenset(("push", "pull_request", "pull_request_target", "tag", "release", "schedule"))
"""What starts a pipeline without a hand or another one."""
_STARTS: Final = {
    "pull_request": "a pull request",
    "pull_request_target": "a pull request",
    "push": "a push",
    "release": "a release",
    "schedule": "the clock",
    "workflow_dispatch": "hand",
    "workflow_call": "another pipeline",
    "workflow_run": "the end of another pipeline",
    "tag": "a tag",
}


def _system(file: AreaFile) -> str:
    return file.path.partition("/")[0]


def _published(ground: Ground, lines: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield what publishes a version, with its line: a command, a recipe that has one, a step of others'."""
    for number, line in enumerate(lines, 1):
        if _NOT.search(line):
            continue
        if action := _ACTION.search(line):
            below = _below(lines, number)
            if "build-push" in action[1] and not any(_PUSHES.match(each) for each in below):
                continue
            given = next((found[1].strip() for each in below if (found := _ARGUMENTS.match(each))), "")
            if "goreleaser" in action[1] and (not given.startswith("release") or _NOT.search(given)):
                continue
            yield f"{action[1]}{f' {given}' if given else ''}"[:_LONGEST], number
            continue
        named = _NAMED.search(line)
        if _PUBLISHES.search(line) or (named and deed_of(ground, named[0]) is Deed.RELEASE):
            said = _SAID.match(line.strip())
            text = (said[1] if said else line).strip().replace("`", "'")
            yield (text if len(text) <= _LONGEST else f"{text[:_LONGEST].rpartition(' ')[0]} …"), number


def _below(lines: Sequence[str], number: int) -> list[str]:
    """Return the lines of the step that begins with a line."""
    out = []
    for each in lines[number : number + _WITH]:
        if each.lstrip().startswith("- "):
            break
        out.append(each)
    return out


def _rank_of(path: str) -> int:
    name = path.rpartition("/")[2].lower()
    for rank, words in enumerate(
        (("test", "ci", "build", "python", "maven", "gradle", "go"), ("publish", "release", "deploy"))
    ):
        if any(word in name for word in words):
            return rank
    return 2
