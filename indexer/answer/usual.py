"""The usual command of the build tool whose manifest stands here, where nothing here says how it is done."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from indexer.answer.goals import MEANT
from indexer.answer.inquiry import Inquiry
from indexer.types import Section

_TOOLS: Final = (
    ("Cargo", r"Cargo\.toml$", {"test": "cargo test", "build": "cargo build", "doc": "cargo doc"}),
    ("Go", r"go\.mod$", {"test": "go test ./...", "build": "go build ./..."}),
    ("Maven", r"pom\.xml$", {"test": "mvn test", "build": "mvn package"}),
    ("Gradle", r"build\.gradle(?:\.kts)?$", {"test": "gradle test", "build": "gradle build"}),
    (".NET", r"[^/]+\.(?:sln|slnx|csproj|fsproj)$", {"test": "dotnet test", "build": "dotnet build"}),
    ("npm", r"package\.json$", {"instal": "npm install"}),
    ("Bundler", r"Gemfile$", {"instal": "bundle install"}),
    ("Composer", r"composer\.json$", {"instal": "composer install"}),
    ("Swift", r"Package\.swift$", {"test": "swift test", "build": "swift build"}),
    ("Mix", r"mix\.exs$", {"test": "mix test", "build": "mix compile", "instal": "mix deps.get"}),
)
"""What each tool is called, its manifest at the top of a repository, and what it is told for each goal."""
_WRAPPERS: Final = {"Maven": ("mvnw", "mvn "), "Gradle": ("gradlew", "gradle ")}


def say_usual(inquiry: Inquiry, goals: Sequence[Collection[str]]) -> bool:
    """Tell the command that everybody types who uses the tool. Return whether there is one for all goals."""
    wanted = [name for name, meant in MEANT.items() if meant in goals]
    if not wanted or len(wanted) < len(goals):
        return False
    rows = inquiry.reader.execute(
        "SELECT p.shown FROM path p JOIN entry e ON e.path_id = p.id WHERE instr(p.shown, '/') = 0"
    ).fetchall()
    top = sorted(path for (path,) in rows)
    said = False
    for tool, manifest, commands in _TOOLS:
        path = next((each for each in top if re.fullmatch(manifest, each)), None)
        typed = [commands[goal] for goal in wanted if goal in commands]
        if path is None or not typed:
            continue
        wrapper, plain = _WRAPPERS.get(tool, ("", ""))
        if wrapper in top:
            typed = [each.replace(plain, f"./{wrapper} ") for each in typed]
        shown = " and ".join(f"`{each}`" for each in typed)
        said |= inquiry.page.tell(
            Section.WHAT,
            f"Nothing here says how; with {tool} ({path}) the usual command is {shown}.",
            [inquiry.page.sources.span(path, 1, 1)],
        )
    return said
