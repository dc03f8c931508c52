"""The stops around the code: how it is released, and what runs in production."""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.citations import cite_fact
from indexer.answer.contacts import day
from indexer.answer.inquiry import listed, shown_place
from indexer.guide.tours.ground import AreaFile, Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.reasons_near import first_words
from indexer.shapes.onboarding import StepKind
from indexer.types import Citation, FileMark, Section

SHOWN: Final = 5
_PIPELINE: Final = re.compile(
    r"^\.github/workflows/[^/]+\.ya?ml$|^\.gitlab-ci\.yml$|^\.circleci/config\.yml$|^\.travis\.yml$"
    r"|^Jenkinsfile$"
    r"|^azure-pipelines\.yml$|^appveyor\.yml$|^\.drone\.yml$",
    re.I,
)
_SHIP: Final = re.compile(
    r"(?:^|/)(?:Dockerfile[^/]*|(?:docker-)?compose[^/]*\.ya?ml|Procfile|Chart\.yaml|goreleaser\.ya?ml"
    r"|\.goreleaser\.ya?ml|k8s/[^/]+\.ya?ml|deploy[^/]*\.(?:sh|ya?ml)|fly\.toml|app\.json|Vagrantfile)$",
    re.I,
)
_LOG: Final = re.compile(
    r"(?:^|/)(?:change|changelog|changes|history|news|releases?|whatsnew)[^/]*(?:\.\w+)?$", re.I
)
_RELEASE_DOC: Final = re.compile(
    r"^(?!.*(?:tutorials?|topics|how-?to|guide)/)(?:.*/)?"
    r"(?:releas|deploy|publish)[^/]*\.(?:md|rst|txt|adoc)$",
    re.I,
)
"""How it is released; what is told to its users of deploying what they made is another thing."""

_VERSION: Final = re.compile(
    r"^(?:v|release[-_/])?\d+(?:\.\d+)+(?:[-.]?(?:a|b|rc|alpha|beta|final|GA|RELEASE|M)\.?\d*)?$", re.I
)


def release(ground: Ground) -> Laid | None:
    """Tell how a change gets out: pipelines, versions, change log, images."""
    laid = Laid(ground, StepKind.RELEASE, "release", "How a change gets out")
    pipelines = [each for each in ground.everything if _PIPELINE.match(each.path)]
    # What starts by itself comes before what another one starts.
    pipelines.sort(key=lambda each: (not _ALONE & set(_events(ground, each)), _rank_of(each.path), each.path))
    for file in pipelines[:4]:
        says = _named_in(ground, file)
        laid.fact(
            f"`{file.path}` is a pipeline{_started_by(ground, file)}" + (f"; {says[0]}" if says else "."),
            "files of pipelines",
            [shown_place(file.path, 1)],
            [says[1]] if says else [],
        )
    _say_versions(laid)
    logs = [
        each
        for each in ground.everything
        if _LOG.search(each.path) and each.path.count("/") <= 2 and not each.defines
    ]
    logs.sort(key=lambda each: (each.path.count("/"), -each.changes))
    if logs:
        laid.fact(
            f"What changed for users is told in {logs[0].path}.",
            "change logs",
            [shown_place(logs[0].path, 1)],
        )
    for file in [
        each
        for each in ground.everything
        if _RELEASE_DOC.search(each.path) and not each.marks & FileMark.VENDORED
    ][:2]:
        says = first_words(ground, file.path)
        if says and says[0].rstrip()[-1:] in ".!:":
            laid.page.tell(Section.WHAT, f"{file.path} says: “{says[0]}”", [says[1]])
            laid.read_head(file.path, file.path)
    ships = _shipped(ground)
    if ships:
        laid.fact(
            f"It is packed for running by {listed([f'`{each.path}`' for each in ships[:4]])}.",
            "files for containers and deployment",
            [shown_place(each.path, 1) for each in ships[:8]],
        )
    if not laid.page.statements:
        return None
    for file in [*pipelines[:1], *ships[:1]]:
        laid.read_head(file.path, file.path)
    pushed = [each for each in pipelines if "push" in _events(ground, each)]
    if pushed:
        laid.ask(
            "Which pipelines start on their own when a change is pushed, and where does that stand?",
            f"{listed([f'`{each.path}`' for each in pushed])}, by what each names under `on`.",
            [ground.sources.span(each.path, 1, 1) for each in pushed],
        )
    return laid


def operations(ground: Ground) -> Laid | None:
    """Tell what whoever runs it needs beside the release: images, ports, health."""
    laid = Laid(ground, StepKind.RELEASE, "operations", "What runs in production")
    ships = _shipped(ground)
    for file in ships[:3]:
        source = ground.sources.file(file.path)
        for number, line in enumerate(source.lines if source else (), 1):
            if re.match(
                r"\s*(?:FROM|CMD|ENTRYPOINT|EXPOSE|HEALTHCHECK|VOLUME)\s|\s*(?:image|ports|command"
                r"|healthcheck):",
                line,
            ):
                laid.page.tell(
                    Section.WHAT,
                    f"`{line.strip()[:90]}` ({shown_place(file.path, number)}).",
                    [ground.sources.span(file.path, number, number)],
                )
        laid.read_head(file.path, file.path)
    if not laid.page.statements:
        return None
    laid.page.tell(
        Section.MISSING,
        "How many run, behind what, and who is called at night: this repository does not say.",
        [cite_fact("files for containers and deployment", [shown_place(each.path, 1) for each in ships[:8]])],
    )
    return laid


# ------------------------------------------------------------------------------------ private


def _shipped(ground: Ground) -> list[AreaFile]:
    """Return the files that it is packed and run by, those nearest to the root first."""
    found = [
        each
        for each in ground.everything
        if _SHIP.search(each.path)
        and not each.marks & (FileMark.TEST | FileMark.VENDORED)
        and not re.match(r"\.(?:github|devcontainer)/|docs?/|t/|tests?/", each.path)
        and "/docs/" not in each.path
    ]
    return sorted(found, key=lambda each: (each.path.count("/"), each.path))


def _say_versions(laid: Laid) -> None:
    ground = laid.ground
    tags = ground.desk.repository.tags()
    rows = ground.reader.execute("SELECT oid, committed FROM commits WHERE reachable = 1").fetchall()
    times = dict(rows)
    made = sorted(
        (
            (times[oid], name, oid)
            for name, oid in tags.items()
            if oid in times and _VERSION.match(name.rpartition("/")[2])
        ),
        reverse=True,
    )
    if not made:
        return
    when, name, _ = made[0]
    year = [each for each in made if each[0] > when - 31_557_600]
    laid.fact(
        f"The newest version that this branch has is {name}, tagged on a commit of {day(when)};"
        f" {len(made)} versions are"
        f" tagged in all, {len(year)} of them within a year of it.",
        "git tag",
        [each[2] for each in made[:10]],
    )


def _events(ground: Ground, file: AreaFile) -> list[str]:
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


def _started_by(ground: Ground, file: AreaFile) -> str:
    """Return what starts a pipeline, in words; or nothing."""
    named = [_STARTS[word] for word in _events(ground, file) if word in _STARTS]
    return f", started by {listed(list(dict.fromkeys(named)))}" if named else ""


def _rank_of(path: str) -> int:
    name = path.rpartition("/")[2].lower()
    for rank, words in enumerate(
        (("test", "ci", "build", "python", "maven", "gradle", "go"), ("publish", "release", "deploy"))
    ):
        if any(word in name for word in words):
            return rank
    return 2


def _named_in(ground: Ground, file: AreaFile) -> tuple[str, Citation] | None:
    """Return the name that a pipeline gives itself and what starts it."""
    source = ground.sources.file(file.path)
    if source is None:
        return None
    for number, line in enumerate(source.lines[:20], 1):
        match = re.match(r"name:\s*[\"']?([^\"'#]{3,60})", line)
        if match is not None:
            citation = ground.sources.span(file.path, number, number)
            if citation is not None:
                return f"it calls itself “{match[1].strip()}”.", citation
    return None
