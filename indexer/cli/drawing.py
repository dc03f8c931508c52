"""`lorebase map`: the treemap and the graph of modules as files, and what they show in a few lines."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from textwrap import wrap
from typing import Final

from rich.text import Text

from indexer.cli import calls, forms
from indexer.cli.answers import console
from indexer.cli.terminal import visible
from indexer.drawing import heat, inks
from indexer.drawing.circles import Arc, order_of
from indexer.drawing.graph import shortened
from indexer.drawing.graphsheet import graph_sheet
from indexer.drawing.lettering import escaped
from indexer.drawing.mapsheet import Titled, map_sheet
from indexer.drawing.sheet import FACE, MADE_BY
from indexer.errors import NotFoundError, StorageError, UsageError
from indexer.location import locate
from indexer.settings import load_settings
from indexer.shapes import modules as shapes
from indexer.shapes.modules import Dependencies, DependenciesWanted, FileMap, FileRow, MapWanted
from indexer.types import FileMark

PNG_WIDTH: Final = 2
"""Pixels for each px of a drawing: sharp on the screens that people have."""

MOST_PIXELS: Final = 8_192
PNG_SECONDS: Final = 60
SHOWN: Final = 5
MEMBERS: Final = 6
LEAST_LINES: Final = 20
"""A shorter file that one person wrote is nobody's worry."""

LONGEST_NAME: Final = 120
HEAD: Final = 16
"""Columns of the word before a list."""

MINOR: Final = (
    FileMark.TEST
    | FileMark.EXAMPLE
    | FileMark.GENERATED
    | FileMark.VENDORED
    | FileMark.DOCUMENTATION
    | FileMark.CONFIGURATION
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command was asked for. ``out`` None: the present folder, or nothing where JSON is printed."""

    path: str
    out: Path | None
    months: int = 12
    limit: int = 40
    minor: bool = False
    dark: bool = False
    png: bool = True
    force: bool = False


def draw(repo: Path | None, wish: Wish, as_json: bool, quiet: bool) -> None:
    """Draw both, and say what they show. Raises NotFoundError where nothing lies at the path."""
    path = calls.given(wish.path).strip("/")
    path = "" if path == "." else path
    files = calls.ask_engine(repo, shapes.FILE_MAP, MapWanted(path, wish.months), quiet=quiet)
    if not files.rows and path:
        raise NotFoundError(f"No file with lines lies at {path}.", "`lorebase modules` lists what there is.")
    graph = calls.ask_engine(
        repo, shapes.DEPENDENCIES, DependenciesWanted(path, wish.limit, wish.minor), quiet=quiet
    )
    titled = Titled(_name(repo), path, files.commit_id or "", wish.months)
    written: list[Path] = []
    if wish.out is not None or not as_json:
        written = _write(wish, titled, files, graph)
    if as_json:
        forms.write_json({"files": files, "dependencies": graph, "written": [str(each) for each in written]})
    else:
        _say(titled, files, graph, written, wanted_png=wish.png)


# ------------------------------------------------------------------------------------- private


def _name(repo: Path | None) -> str:
    location = locate(repo or Path(), load_settings(os.environ))
    folder = location.work_tree or location.common_dir
    name = folder.name.removesuffix(".git") or folder.parent.name
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _write(wish: Wish, titled: Titled, files: FileMap, graph: Dependencies) -> list[Path]:
    """Write the files that were asked for, and return where they are."""
    folder = wish.out or Path()
    ink = inks.DARK if wish.dark else inks.LIGHT
    stem = (
        re.sub(r"[^\w.]+", "-", f"{titled.name}-{titled.path}".strip("-"))[:120].strip("-.") or "repository"
    )
    drawings = {f"{stem}-map": map_sheet(files, titled, ink)}
    if graph.nodes:
        drawings[f"{stem}-dependencies"] = graph_sheet(graph, titled, ink)
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        targets = {folder / f"{name}.svg": svg for name, svg in drawings.items()}
        for target in targets:
            _check_free(target, wish.force)
        for target, svg in targets.items():
            _put(target, svg.encode("utf-8"))
            written.append(target)
            if wish.png and (picture := _picture(svg)) is not None:
                _put(target.with_suffix(".png"), picture)
                written.append(target.with_suffix(".png"))
    except OSError as error:
        raise StorageError(
            f"The drawing cannot be written to {folder}: {error.strerror or error}.", "Choose another --out."
        ) from error
    return written


def _check_free(target: Path, force: bool) -> None:
    """Raise UsageError for a file that is not one of our drawings."""
    if force or not target.exists():
        return
    with target.open("rb") as found:
        if MADE_BY.encode() not in found.read(1_000):
            raise UsageError(
                f"{target} is there already, and is no drawing of lorebase's.",
                "Give --force or another --out.",
            )


def _put(target: Path, content: bytes) -> None:
    fresh = target.with_name(f".{target.name}.new")
    fresh.write_bytes(content)
    fresh.replace(target)


def _picture(svg: str) -> bytes | None:
    """Return the drawing as PNG, painted by the desktop in a process of its own; None without it."""
    if find_spec("PySide6") is None or find_spec("desktop") is None:
        return None
    found = re.search(r'<svg [^>]*width="(\d+)"', svg)
    width = min(MOST_PIXELS, PNG_WIDTH * int(found[1])) if found else 1_600
    # Qt takes the list of faces for the name of one.
    drawn = svg.replace(f'font-family="{escaped(FACE)}"', 'font-family="Inter"', 1)
    command = [sys.executable, "-m", "desktop.render", "png", "--width", str(width)]
    # `-m` must find our packages, and nothing of the same name where the person happens to be.
    place = Path(__file__).resolve().parent.parent.parent
    try:
        done = subprocess.run(
            command,
            input=drawn.encode("utf-8"),
            capture_output=True,
            cwd=place,
            timeout=PNG_SECONDS,
            check=False,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode or not done.stdout:
        why = "it took too long" if done is None else done.stderr.decode("utf-8", "replace").strip()[-300:]
        sys.stderr.write(f"No PNG was made: {visible(why)}\n")
        return None
    return done.stdout


def _say(
    titled: Titled, files: FileMap, graph: Dependencies, written: list[Path], *, wanted_png: bool
) -> None:
    """Write what the pictures show, for those who do not open them at once."""
    out = console()
    rows = files.rows
    name = f"{titled.name}/{titled.path}" if titled.path else titled.name
    at = f" at {titled.commit_id[:10]}" if titled.commit_id else ""
    lines = sum(row.lines for row in rows)
    out.print(Text(f"{visible(name)}: {len(rows):,} files, {lines:,} lines{at}", style="bold"))
    for each in written:
        out.print(Text(f"{'':<2}{visible(str(each))}"), soft_wrap=True)
    if wanted_png and not any(each.suffix == ".png" for each in written):
        out.print(Text("  (PNG needs the desktop: PySide6)", style="dim"))
    out.print()
    span = f"in {titled.months} months" if titled.months else "ever"
    # Tests, documents and build files change with the code, and would crowd it out.
    code = [row for row in rows if not row.marks & MINOR] or list(rows)
    warm = sorted((row for row in code if row.changes), key=lambda row: (-row.changes, row.path))
    _list("Changed most", f"commits {span}", [_file_line(row) for row in warm[:SHOWN]])
    _list(
        "Unexplained",
        "changed, and none of the definitions has a recorded reason",
        [_file_line(row) for row in warm if heat.hatched(row)][:SHOWN],
    )
    _list("One author", "the largest that one person alone wrote", _alone(code))
    for members in graph.circles[:SHOWN]:
        told = f"{len(members)} modules reach each other by imports"
        _list("Circle", told, [*wrap(_joined(members), out.width - HEAD), *_closing(graph, members)])
    if files.left_out:
        out.print(
            Text(f"{files.left_out:,} files without lines (binary or empty) are not on the map.", "dim")
        )
    if graph.left_out:
        out.print(Text(f"{graph.left_out:,} modules are told of within another.", "dim"))
    for notice in files.notices:
        out.print(Text(visible(notice), style="yellow"))


def _list(head: str, told: str, lines: list[str]) -> None:
    if not lines:
        return
    out = console()
    out.print(Text.assemble((f"{head:<{HEAD}}", "bold"), (told, "dim")))
    for each in lines:
        out.print(Text(f"{'':<{HEAD}}{each}"), soft_wrap=True)


def _file_line(row: FileRow) -> str:
    reasons = f"  {row.why.reasons} of {row.why.definitions} with a reason" if row.why.definitions else ""
    return f"{row.changes:>4}  {visible(row.path)}{reasons}"


def _alone(rows: list[FileRow]) -> list[str]:
    alone = [row for row in rows if heat.outlined(row) and row.language and row.lines >= LEAST_LINES]
    alone.sort(key=lambda row: (-row.lines, row.path))
    return [f"{row.lines:>6,} lines  {visible(row.path)}" for row in alone[:SHOWN]]


def _joined(members: tuple[str, ...]) -> str:
    shown = [_brief(each) for each in members[:MEMBERS]]
    rest = len(members) - len(shown)
    return ", ".join([*shown, f"{rest} more"] if rest else shown)


def _brief(path: str) -> str:
    return visible(shortened(path)) or "the top level"


def _closing(graph: Dependencies, members: tuple[str, ...]) -> list[str]:
    """Return the imports that close a circle, the fewest first: those that would be cut to open it."""
    number = {path: at for at, path in enumerate(members)}
    inside = [
        edge for edge in graph.edges if edge.imports and edge.source in number and edge.target in number
    ]
    place = order_of(
        len(members), [Arc(number[edge.source], number[edge.target], edge.imports) for edge in inside]
    )
    back = [edge for edge in inside if place[number[edge.source]] > place[number[edge.target]]]
    back.sort(key=lambda edge: (edge.imports, edge.source, edge.target))
    lines = []
    for edge in back[:SHOWN]:
        count = f"{edge.imports} import{'s' if edge.imports != 1 else ''}"
        at = f": {visible(edge.places[0])}" if edge.places else ""
        lines += [f"- {_brief(edge.source)} uses {_brief(edge.target)}, {count}{at}"]
    if len(back) > SHOWN:
        lines.append(f"- {len(back) - SHOWN} more that close it")
    return lines
