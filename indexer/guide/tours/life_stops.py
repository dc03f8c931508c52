"""The stops around the code: how it is released, and what runs in production."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.answer.citations import cite_fact
from indexer.answer.inquiry import listed, shown_place
from indexer.guide.tours.ground import AreaFile, Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.pipelines import PUBLISHED, Pipeline, pipelines_of
from indexer.guide.tours.releasing import say_releasing
from indexer.guide.tours.versions import say_versions
from indexer.shapes.onboarding import StepKind
from indexer.types import Citation, FileMark, Section

SHOWN: Final = 4
_SHIP: Final = re.compile(
    r"(?:^|/)(?:Dockerfile[^/]*|(?:docker-)?compose[^/]*\.ya?ml|Procfile|Chart\.yaml|goreleaser\.ya?ml"
    r"|\.goreleaser\.ya?ml|k8s/[^/]+\.ya?ml|deploy[^/]*\.(?:sh|ya?ml)|fly\.toml|app\.json|Vagrantfile)$",
    re.I,
)
_SKIPS: Final = re.compile(r"\s+skip:\s*true\b")
_FOR_MAKERS: Final = re.compile(
    r"requirements\S*(?:test|dev)|\bdevelop(?:er|ment)s?\b|\btox\b|\bpyenv\b|\[(?:test|dev)\]|image:\s*\S+:dev\b"
    r"|^\s*-\s*['\"]?\.{1,2}(?:/\.{0,2})*:",
    re.I,
)
"""What is installed for who works on it, or the clone itself taken in from outside."""
_IN_PRODUCTION: Final = re.compile(r"\bproduction\b", re.I)


def release(ground: Ground) -> Laid | None:
    """Tell how a change gets out: pipelines, versions, change log, images."""
    laid = Laid(ground, StepKind.RELEASE, "release", "How a change gets out")
    pipelines = pipelines_of(ground)
    shown = pipelines[:SHOWN]
    for each in shown:
        says = _named_in(ground, each.file)
        told = [says[0] if says else "", each.does]
        told.append(f"nobody changed it since {each.left}, and others are newer" if each.left else "")
        lines = [line for _, line in each.publishes[:PUBLISHED]] or (
            [each.elsewhere[1]] if each.elsewhere else []
        )
        cited = [ground.sources.span(each.file.path, line, line) for line in lines]
        laid.fact(
            "; ".join([f"`{each.file.path}` is a pipeline{each.started_by}", *filter(None, told)]) + ".",
            "files of pipelines",
            [shown_place(each.file.path, 1)],
            [*([says[1]] if says else []), *(one for one in cited if one is not None)],
        )
    publishing = [each for each in shown if each.publishes and not each.only_tags]
    by_hand = say_releasing(laid)
    say_versions(laid)
    if pipelines and not publishing and not any(each.elsewhere for each in pipelines):
        laid.page.tell(
            Section.MISSING,
            f"No line that publishes a version was found in {_all_of(pipelines)}"
            + ("." if by_hand else ": ask who makes a release, and how."),
            [cite_fact("files of pipelines", [shown_place(each.file.path, 1) for each in pipelines[:10]])],
        )
    ships = _shipped(ground)
    running = _say_shipped(laid, ships)
    if not laid.page.statements:
        return None
    for each in publishing[:1]:
        path, line = each.file.path, each.publishes[0][1]
        laid.read_around(f"{path}, around what publishes", path, line)
    for file in [*[each.file for each in shown[:1] if not publishing], *running[:1]]:
        laid.read_head(file.path, file.path)
    _ask(laid, shown, publishing)
    return laid


def operations(ground: Ground) -> Laid | None:
    """Tell what whoever runs it needs beside the release: images, ports, health."""
    laid = Laid(ground, StepKind.RELEASE, "operations", "What runs in production")
    ships = [each for each in _shipped(ground) if not _for_makers(ground, each)]
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


def _all_of(pipelines: Sequence[Pipeline]) -> str:
    return f"the {len(pipelines)} pipelines" if len(pipelines) > 1 else "the pipeline"


def _ask(laid: Laid, shown: Sequence[Pipeline], publishing: Sequence[Pipeline]) -> None:
    """Ask for what publishes, else for what a push starts; of the pipelines that were shown."""
    sources = laid.ground.sources
    if publishing:
        first = publishing[0]
        laid.ask(
            "Which pipeline publishes a version, what starts it, and with what does it publish?",
            f"`{first.file.path}`{first.started_by}; {first.does}.",
            [sources.span(first.file.path, line, line) for _, line in first.publishes[:PUBLISHED]],
        )
        return
    pushed = [each for each in shown if "push" in each.events]
    if pushed:
        laid.ask(
            "Which of these pipelines start on their own when a change is pushed, and where does that stand?",
            f"{listed([f'`{each.file.path}`' for each in pushed])}, by what each names under `on`.",
            [sources.span(each.file.path, 1, 1) for each in pushed],
        )


def _say_shipped(laid: Laid, ships: Sequence[AreaFile]) -> list[AreaFile]:
    """Tell what it is packed for running by, apart from what is made for who works on it; return the
    former.
    """
    ground = laid.ground
    made = {each.path: _for_makers(ground, each) for each in ships}
    skipped = {each.path: _skips(ground, each) for each in ships}
    running = [each for each in ships if not made[each.path] and not skipped[each.path]]
    if running:
        laid.fact(
            f"It is packed for running by {listed([f'`{each.path}`' for each in running[:4]])}.",
            "files for containers and deployment",
            [shown_place(each.path, 1) for each in running[:8]],
        )
    for path, line in skipped.items():
        if line:
            laid.page.tell(
                Section.WHAT,
                f"`{path}` builds no program: it skips that ({shown_place(path, line)}).",
                [ground.sources.span(path, line, line)],
            )
    makers = [(path, line) for path, line in made.items() if line][:2]
    if makers:
        laid.page.tell(
            Section.WHAT,
            f"For work on it, by what {'it takes' if len(makers) == 1 else 'they take'} in, there"
            f" {'is' if len(makers) == 1 else 'are'}"
            f" {listed([f'`{path}` ({shown_place(path, line)})' for path, line in makers])}.",
            [ground.sources.span(path, line, line) for path, line in makers],
        )
    return running


def _for_makers(ground: Ground, file: AreaFile) -> int:
    """Return the line that shows a container to be made for who works on it, or 0."""
    source = ground.sources.file(file.path)
    lines = source.lines if source is not None else ()
    name = file.path.rpartition("/")[2].lower()
    if not re.search(r"dockerfile|compose|vagrantfile", name):
        return 0
    if any(_IN_PRODUCTION.search(line) for line in lines):
        return 0
    named = bool(re.search(r"dev|test", name)) or name == "vagrantfile"
    found = [number for number, line in enumerate(lines, 1) if _FOR_MAKERS.search(line)]
    return found[0] if found else 1 if named and lines else 0


def _skips(ground: Ground, file: AreaFile) -> int:
    """Return the line by which a releaser builds nothing, or 0."""
    source = ground.sources.file(file.path) if "goreleaser" in file.path else None
    building = False
    for number, line in enumerate(source.lines if source is not None else (), 1):
        if re.match(r"\w", line):
            building = line.startswith("builds:")
        elif building and _SKIPS.match(line):
            return number
    return 0


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
                return f"it calls itself “{match[1].strip()}”", citation
    return None
