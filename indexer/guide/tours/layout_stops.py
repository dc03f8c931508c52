"""The stop on how code is laid out: into which parts it falls, and which one the others lean on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from indexer.answer.citations import cite_fact
from indexer.answer.inquiry import listed, shown_place
from indexer.answer.overview import says_of_itself
from indexer.guide.modules.purpose import is_of_itself
from indexer.guide.tours.counting import counted
from indexer.guide.tours.documented import Documented
from indexer.guide.tours.ground import AreaFile, Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.reasons_near import first_words
from indexer.guide.tours.roles import GATE, SHARED, holds, roles, weights
from indexer.guide.tours.units import WHOLE
from indexer.index.symbols import FoundSymbol
from indexer.shapes.onboarding import StepKind
from indexer.types import Citation, Section

FILES: Final = 14
"""Files of an area without folders that are told one by one."""
NAMED: Final = 12
LEADS: Final = 0.8
"""Share of what documents show most of one part, from which another part comes first too."""
CENTRAL: Final = 5
"""Files of a part that are named with what they hold."""
LARGEST: Final = 2
"""Of the largest files so many are named, whatever names them."""
WORDS: Final = 4
_DULL: Final = re.compile(
    r"^(?:module (?:dependencies|exports|variables)|dependencies|imports?|constants?)\b", re.I
)
ROOT: Final = "the root of the repository"
GATES: Final = ("__init__.py", "package-info.java", "doc.go", "index.ts", "index.js", "mod.rs")
SHORT: Final = 5
"""Lines up to which the gate of a package says nothing."""

LEANING: Final = 3
"""Parts that import from one before it is said that the others lean on it."""

LARGE: Final = 30
"""Share of the lines, in a hundred, from which it is worth saying that one part has them."""
PARTS: Final = 9
TOP: Final = 10
"""Share of the lines, as one in so many, from which the files at the top are a part of their own."""
DOMINANT: Final = 0.55
"""Share of the files from which a part is opened, and its own parts are told."""
HEAD: Final = 12
"""Lines at whose end what a folder says of itself has begun."""


def layout(ground: Ground, shown_in: Sequence[Documented] = ()) -> Laid | None:
    """Tell into which parts the code falls, and which part the others lean on; those first that hold what
    documents show in use.
    """
    laid = Laid(ground, StepKind.LAYOUT, "layout", "How it is laid out")
    folders = parts(ground)
    if len(folders) < 2:
        return _layout_of_files(ground, laid, shown_in)
    weight = weights(ground, shown_in)
    chosen = _with_the_leaned_on(ground, folders)
    shown = _begun_with(chosen, weight)
    takers = _taken_in(ground, [name for name, _ in shown])
    total = sum(each.lines for each in ground.code)
    for name, files in shown:
        lines = sum(each.lines for each in files)
        says = _said(laid, name) if name else None
        direct = f"Directly in {_folder(name)} stand" if _is_parent(name, shown) else f"{_folder(name)} holds"
        verb = (
            direct
            if not direct.startswith("Directly") or len(files) != 1
            else direct.replace("stand", "stands")
        )
        told = f"{verb} {counted(len(files), 'file')} of code ({lines:,} lines)"
        central = _central(ground, files, shown_in)
        told += f": “{says[0]}”" if says else "."
        told += f" In it: {listed([name for name, _ in central])}." if central else ""
        proof = [says[1]] if says else []
        proof += [
            each for _, symbol in central for each in [laid.inquiry.signature(symbol)] if each is not None
        ]
        laid.fact(
            told, f"files under {name or '.'}/", [shown_place(each.path, 1) for each in files[:3]], proof
        )
        laid.introduces.append(name)
    if len(folders) > len(shown):
        rest = [each for each in folders if each not in chosen]
        names = [f"`{name}/`" for name, _ in rest[:NAMED]]
        laid.fact(
            f"{counted(len(rest), 'smaller part')} hold{'s' if len(rest) == 1 else ''} the other"
            f" {counted(sum(len(files) for _, files in rest), 'file')}:"
            f" {', '.join(names) + ' and others' if len(rest) > NAMED else listed(names)}.",
            "folders of code",
            [name for name, _ in rest],
        )
    _say_leaning(laid, shown, takers)
    if not laid.asked:
        _ask_part(laid, shown, shown_in)
    largest = max(shown, key=lambda each: sum(one.lines for one in each[1]))
    share = 100 * sum(each.lines for each in largest[1]) // max(total, 1)
    if len(shown) > 2 and share >= LARGE:
        laid.matters(
            f"{_folder(largest[0])} alone has {share}% of the lines.",
            f"lines under {largest[0] or '.'}/",
            [shown_place(each.path, 1) for each in largest[1][:5]],
        )
    for _, files in shown:
        gate = next(
            (
                each
                for each in files
                if each.path.endswith(GATES) and each.lines > SHORT and each.path.rpartition("/")[0] == name
            ),
            None,
        )
        if gate is not None and len(laid.reading) < 2:
            laid.read_head(gate.path, gate.path)
    return laid


def parts(ground: Ground) -> list[tuple[str, list[AreaFile]]]:
    """Return the folders that divide the area's code, each with its files, the largest first.

    A part that holds most of all is opened; files that lie beside its own parts are one of them.
    """
    kinds = Counter(each.language for each in ground.code)
    spoken = [each for each in ground.code if kinds[each.language] * 5 >= kinds.most_common(1)[0][1]]
    files = [each for each in spoken if "/" in each.path]
    # At the top lie what builds it, and sometimes the very thing: chi's router, with all its lines.
    top = [each for each in spoken if "/" not in each.path]
    if sum(each.lines for each in top) * TOP > sum(each.lines for each in spoken) or not files:
        files = spoken or list(ground.code)
    found = _divided(files, ground.area)
    while found:
        name, inside = max(found.items(), key=lambda each: len(each[1]))
        inner = _divided(inside, name)
        opens = name and len(inside) > DOMINANT * len(files) and set(inner) != {name}
        if not opens and (len(found) > 1 or set(inner) <= {name}):
            break
        del found[name]
        found |= inner
    whole = [(name, inside) for name, inside in found.items() if name or len(files) > len(inside)]
    return sorted(whole, key=lambda each: (-sum(one.lines for one in each[1]), each[0]))


# ------------------------------------------------------------------------------------ private


def _with_the_leaned_on(
    ground: Ground, folders: Sequence[tuple[str, list[AreaFile]]]
) -> list[tuple[str, list[AreaFile]]]:
    """Return the largest parts, and in place of the least of them the one that most others import from."""
    if len(folders) <= PARTS:
        return list(folders)
    takers = _taken_in(ground, [name for name, _ in folders])
    leaned = max(folders, key=lambda each: len(takers.get(each[0], ())))
    chosen = list(folders[:PARTS])
    if leaned not in chosen and len(takers.get(leaned[0], ())) >= LEANING:
        chosen[-1] = leaned
    return chosen


def _said(laid: Laid, name: str) -> tuple[str, Citation] | None:
    """Return what a part says of itself, with what proves it."""
    own = laid.ground.says(name)
    if own is not None and own.citations:
        return own.text, own.citations[0]
    says = says_of_itself(laid.inquiry, name)
    if says is not None and (says[1].start_line > HEAD or not is_of_itself(says[0])):
        return None  # that speaks of a definition in it, or of something else
    return says


def _divided(files: Sequence[AreaFile], folder: str) -> dict[str, list[AreaFile]]:
    """Return files by the folder below ``folder`` that they lie in; those directly in it by itself."""
    out: dict[str, list[AreaFile]] = {}
    prefix = f"{folder}/" if folder else ""
    for each in files:
        head, slash, _ = each.path[len(prefix) :].partition("/")
        out.setdefault(f"{prefix}{head}" if slash else folder, []).append(each)
    return out


def _begun_with(
    folders: Sequence[tuple[str, list[AreaFile]]], weight: Mapping[str, float]
) -> list[tuple[str, list[AreaFile]]]:
    """Return parts as they were, but those first that hold what documents show most, and those last that
    the others share.
    """
    most = max((_weight(files, weight) for _, files in folders), default=0.0)

    def place(part: tuple[str, list[AreaFile]]) -> tuple[bool, bool]:
        shown = most > 0 and _weight(part[1], weight) >= LEADS * most
        return bool(SHARED.search(part[0])) and not shown, not shown

    return sorted(folders, key=place)


def _weight(files: Sequence[AreaFile], weight: Mapping[str, float]) -> float:
    return max((weight.get(each.path, 0.0) for each in files), default=0.0)


def _central(
    ground: Ground, files: Sequence[AreaFile], shown: Sequence[Documented]
) -> list[tuple[str, FoundSymbol]]:
    """Return the files that a part is there for, each with the definition that it holds."""
    weight = weights(ground, shown)
    kept = [
        each
        for each in files
        if not GATE.search(each.path) and (weight.get(each.path, 0.0) or not SHARED.search(each.path))
    ]
    kept.sort(key=lambda each: (-weight.get(each.path, 0.0), -each.rank * each.lines**0.5, each.path))
    out: list[tuple[str, FoundSymbol]] = []
    told = kept[:CENTRAL]
    # What little else names may still be where the work is done: a router's tree.
    told += [each for each in sorted(kept, key=lambda each: -each.lines)[:LARGEST] if each not in told]
    for file in told:
        name = file.path.rpartition("/")[2]
        for each in holds(ground, file, shown, 1):
            alike = each.name == name.partition(".")[0]
            out.append((f"`{each.qualified}`" if alike else f"{name} with `{each.qualified}`", each))
    return out


def _ask_part(
    laid: Laid, shown: Sequence[tuple[str, list[AreaFile]]], shown_in: Sequence[Documented]
) -> None:
    """Ask in which part something stands that the step has told of, by a name that does not give it away."""
    for name, files in shown:
        for _, symbol in _central(laid.ground, files, shown_in):
            if _plain(symbol.name) in _plain(name) or _plain(name.rpartition("/")[2]) in _plain(symbol.name):
                continue
            laid.ask(
                f"In which of these parts does `{symbol.qualified}` stand?",
                f"In {_folder(name)}: {shown_place(symbol.path, symbol.name_line)}.",
                [laid.inquiry.signature(symbol)],
                name or ROOT,
                [other or ROOT for other, _ in shown if other != name],
            )
            return


def _folder(name: str) -> str:
    return f"`{name}/`" if name else ROOT


def _is_parent(name: str, among: Sequence[tuple[str, object]]) -> bool:
    return not name or any(other.startswith(f"{name}/") for other, _ in among)


def _say_leaning(laid: Laid, folders: Sequence[tuple[str, object]], takers: dict[str, set[str]]) -> None:
    busiest = sorted(takers.items(), key=lambda each: (-len(each[1]), each[0]))
    if (
        not busiest
        or len(busiest[0][1]) < LEANING
        or len(busiest[0][1]) == len(busiest[1][1] if busiest[1:] else ())
    ):
        return
    top, by = busiest[0]
    laid.fact(
        f"The others lean on `{top}/` most: {len(by)} of them import from it.",
        "imports between the folders",
        sorted(by)[:20],
    )
    wrong = [name for name, own in busiest[1:] if len(own) < len(by)]
    laid.ask(
        "From which of these parts do most of the others import?",
        f"From `{top}/`:"
        f" {listed(sorted(f'`{each}/`' for each in by)[:5])}{' and others' if len(by) > 5 else ''} do.",
        [cite_fact("imports between the folders", sorted(by))],
        f"{top}/",
        [f"{name}/" for name in wrong],
    )


def _layout_of_files(ground: Ground, laid: Laid, shown: Sequence[Documented]) -> Laid | None:
    """Return the layout of an area that has no folders: its files by the part that each plays."""
    if len(ground.code) < 2:
        return None
    parted = roles(ground, ground.code, shown)
    told = parted.main[:FILES]
    if len(told) > 1:
        laid.fact(
            "Its files, from what others call inwards: each stands before those that it imports, circles"
            " aside.",
            "imports between files",
            [shown_place(each.path, 1) for each in told],
        )
    said: list[tuple[AreaFile, str, Citation]] = []
    held: list[FoundSymbol] = []
    for file in told:
        says = _words_of(ground, file.path)
        symbols = holds(ground, file, shown, 2 if says else 3)
        held += symbols
        text = f"`{file.path}` ({file.lines:,} lines)"
        text += f", with {listed([f'`{each.qualified}`' for each in symbols])}" if symbols else ""
        text += f": “{says[0]}”" if says else "."
        proof = [laid.inquiry.signature(each) for each in symbols]
        laid.page.tell(Section.WHAT, text, [*proof, says[1] if says else _head_of(ground, file)])
        laid.introduces.append(file.path)
        if says:
            said.append((file, *says))
    rest = parted.main[FILES:]
    if rest:
        _say_files(laid, f"{counted(len(rest), 'more file')} of code: ", rest)
    if parted.shared:
        _say_files(laid, "What the others share (helpers, types, errors, versions): ", parted.shared)
    if parted.gates:
        _say_files(laid, "What hands on what the others define: ", parted.gates)
    _ask_files(laid, said, [each.path for each in told], held)
    for file in told:
        if len(laid.reading) < 1 and file.lines <= WHOLE * 2:
            laid.read_head(file.path, file.path)
    return laid


def _head_of(ground: Ground, file: AreaFile) -> Citation | None:
    return ground.sources.span(file.path, 1, 1)


def _words_of(ground: Ground, path: str) -> tuple[str, Citation] | None:
    """Return what a file says of itself, where that tells anything: `Module dependencies.` does not."""
    says = first_words(ground, path)
    if says is None or len(says[0].split()) < WORDS or _DULL.match(says[0]):
        return None
    return says


def _say_files(laid: Laid, head: str, files: Sequence[AreaFile]) -> None:
    names = [f"`{each.path}`" for each in files[:NAMED]]
    more = f" and {len(files) - NAMED} more" if len(files) > NAMED else ""
    laid.fact(
        f"{head}{listed(names) if not more else ', '.join(names)}{more}.",
        "files of code",
        [shown_place(each.path, 1) for each in files[:20]],
    )


def _ask_files(
    laid: Laid,
    said: Sequence[tuple[AreaFile, str, Citation]],
    paths: Sequence[str],
    held: Sequence[FoundSymbol],
) -> None:
    """Ask which file says something of itself, where that does not hold the name of a file; else in which one
    something stands.
    """
    for file, says, proof in said:
        if not any(_plain(_stem(each)) in _plain(says) for each in paths):
            laid.ask(
                f"Which of these files says of itself: “{says}”", f"`{file.path}`.", [proof], file.path,
                [each for each in paths if each != file.path],
            )  # fmt: skip
            return
    for file, says, proof in said[:1]:
        laid.ask(f"What is `{file.path}` for?", f"It says: “{says}”", [proof])
        return
    for symbol in held:
        if not any(_plain(symbol.name) in _plain(_stem(each)) for each in paths):
            laid.ask(
                f"In which of these files does `{symbol.qualified}` stand?",
                f"In {shown_place(symbol.path, symbol.name_line)}.",
                [laid.inquiry.signature(symbol)],
                symbol.path,
                [each for each in paths if each != symbol.path],
            )
            return


def _stem(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]


def _plain(text: str) -> str:
    return "".join(each for each in text.lower() if each.isalnum())


def _taken_in(ground: Ground, folders: Sequence[str]) -> dict[str, set[str]]:
    """Return for each folder which of the others import from it."""

    def home(path: str) -> str:
        return max((each for each in folders if path.startswith(f"{each}/")), key=len, default="")

    ids = {each.path_id: home(each.path) for each in ground.code if "" not in folders or "/" in each.path}
    out: dict[str, set[str]] = {name: set() for name in folders}
    for source, target in ground.reader.execute("SELECT DISTINCT from_path, to_path FROM edge"):
        one, other = ids.get(source, ""), ids.get(target, "")
        if one and other and one != other:
            out[other].add(one)
    return out
