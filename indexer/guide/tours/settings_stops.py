"""The stop on what can be set, and where."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.inquiry import CALLABLE, listed, shown_place
from indexer.answer.readable import is_readable
from indexer.answer.sentences import sentences_of
from indexer.guide.remarks import remark_on
from indexer.guide.tours import counting, units
from indexer.guide.tours.configured import HELPER, Place, Setting, named_in_documents, places, reference
from indexer.guide.tours.ground import Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.reasons_near import first_words
from indexer.index.symbols import symbol_at
from indexer.shapes.inventory import Variable
from indexer.shapes.onboarding import StepKind
from indexer.types import ChunkKind, Citation, Section

SHOWN: Final = 5
PLACES: Final = 3
"""Files, or ways to give settings, that are told."""
MEANS: Final = 3
"""Words that a sentence on a setting has at least."""
_BELOW: Final = 30
"""Lines below the name of a setting in a document that may speak of it."""
_SECRET: Final = re.compile(r"passw|secret|token|credential|private|(?:^|[._-])key$", re.I)
"""Settings whose values are nobody's business, even those that everybody is given."""
_OF_SYSTEM: Final = re.compile(
    r"^(?:HOME(?:DRIVE|PATH)?|TERM|I?TERM_\w+|PATH(?:EXT)?|USER(?:NAME|PROFILE)?|LOGNAME|SHELL|PWD|TE?MP(?:DIR)?"
    r"|(?:LOCAL)?APPDATA|LANG(?:UAGE)?|LC_\w+|TZ|DISPLAY|EDITOR|VISUAL|PAGER|COLUMNS|LINES|NO_COLOR|COLORTERM"
    r"|XDG_\w+|PYTHON\w+|VIRTUAL_ENV|NODE_\w+|GO(?:PATH|ROOT|FLAGS)|JAVA_\w+|CI|GITHUB_\w+|UPSTART_\w+"
    r"|\w*TTY\w*|NOTIFY_SOCKET|SYSTEMROOT|WINDIR|COMSPEC|PROGRAMFILES\w*|HOSTNAME)$"
)
"""Variables of the terminal, the system or the language: what they say is about the machine."""
_BEGINS_WITH: Final = re.compile(r"auto_envvar_prefix[\"']?\s*[=,:]\s*[\"'](\w+)[\"']")
"""How a program made with click says what the variables of its options begin with."""
_REMARKS: Final = ("#", "//", ";")
_DEFAULTS: Final = re.compile(
    r"^(?:\W*defaults?\b\W*:|new in|changed in|added in|deprecated|see\b|type\b)", re.I
)


@dataclass(frozen=True, slots=True)
class _Meant:
    """What is said of a setting, with what proves it."""

    text: str
    proof: Citation


def settings(ground: Ground) -> Laid | None:
    """Tell what can be set: where the defaults stand, which of them documents speak of, and the variables."""
    laid = Laid(ground, StepKind.SETTINGS, "settings", "What can be set, and where")
    found = places(ground)
    names = [each.name for place in found for each in place.settings]
    spoken = named_in_documents(ground, names) if names else Counter[str]()
    document = reference(ground, names) if ground.whole else None
    if document is not None:
        _say_document(laid, document, len(frozenset(names)))
    _say_places(laid, found, spoken)
    said = _chosen(ground, found, spoken, document)
    for place, each, meant in said:
        _say_setting(laid, place, each, meant)
    _say_variables(laid, asked=not said)
    if not laid.page.statements:
        return None
    if document is not None:
        laid.read_head(document[0], document[0])
    for place in found[: 2 if document is None else 1]:
        _read(laid, place)
    if said:
        _ask(laid, *next((each for each in said if _told_default(each[1]) and each[2]), said[0]))
    return laid


# ------------------------------------------------------------------------------------ private


def _say_document(laid: Laid, document: tuple[str, int], many: int) -> None:
    """Say which document describes the settings, in its own first words."""
    path, named = document
    says = first_words(laid.ground, path)
    counted = f" It names {named} of the {many} settings that code gives a default." if named else ""
    laid.fact(
        f"{path} describes what can be set" + (f": “{says[0]}”" if says else ".") + counted,
        f"names of settings in {path}",
        [shown_place(path, 1)],
        [says[1]] if says else [],
    )
    laid.introduces.append(path)


def _say_places(laid: Laid, found: list[Place], spoken: Counter[str]) -> None:
    """Say where defaults are given; what annotations declare is told together."""
    annotated = [each for each in found if each.way == "annotated"]
    many = len({each.name for place in annotated for each in place.settings})
    if annotated:
        largest = listed([f"`{each.path}` ({len(each.settings)})" for each in annotated[:PLACES]])
        laid.fact(
            f"{counting.counted(many, 'setting is', 'settings are')} declared with annotations in"
            f" {counting.files(len(annotated))}, the most in {largest}.",
            "settings that annotations declare",
            [shown_place(each.path, each.first) for each in annotated[:10]],
        )
    for place in [each for each in found if each.way != "annotated"][:PLACES]:
        number = len(place.settings)
        known = sorted(place.settings, key=lambda each: -spoken[each.name])[:4]
        by = f"`{place.holder}` in {place.path}" if place.holder else f"`{place.path}`"
        what = "public field" if place.holder else "setting"
        value = "a value" if place.way == "shipped" else "a default"
        laid.fact(
            f"{by} gives {counting.counted(number, what)} {value} from line {place.first} on, such as"
            f" {listed([f'`{each.name}`' for each in known])}.",
            f"settings that {place.path} gives a value",
            [shown_place(place.path, each.line) for each in place.settings[:20]],
        )
        laid.introduces.append(place.path)


def _chosen(
    ground: Ground, found: list[Place], spoken: Counter[str], document: tuple[str, int] | None
) -> list[tuple[Place, Setting, _Meant | None]]:
    """Return the settings that documents speak of most, of which somebody says what they set; where there
    are few, the first ones of each place that are described there.
    """
    every = [(place, each) for place in found for each in place.settings]
    known = sorted((each for each in every if spoken[each[1].name]), key=lambda each: -spoken[each[1].name])
    described = [(place, each) for place in found for each in place.settings[:2] if each.says]
    bare = [each for each in every if each[0].holder or each[0].way == "shipped"]
    picked: dict[str, tuple[Place, Setting, _Meant | None]] = {}
    for place, each in [*known[: 2 * SHOWN], *described, *bare]:
        if len(picked) < SHOWN and each.name not in picked:
            meant = _meant(ground, place, each, document)
            if meant is not None:
                picked[each.name] = (place, each, meant)
    return list(picked.values()) or [(place, each, None) for place, each in every[:1]]


def _meant(ground: Ground, place: Place, setting: Setting, document: tuple[str, int] | None) -> _Meant | None:
    """Return what the document says below a setting's name, else what is said where it is declared."""
    described = _described(ground, document[0], setting.name) if document is not None else None
    if described is not None:
        return described
    if setting.says and place.way == "annotated":
        proof = ground.sources.span(place.path, setting.line, setting.line + 4)
        return None if proof is None else _Meant(setting.says, proof)
    if place.holder:
        return _of_field(ground, place.path, setting.name)
    if place.way == "shipped":
        return _above(ground, place.path, setting.line)
    remark = remark_on(ground.sources, place.path, setting.line)
    return None if remark is None or len(remark[0].split()) < MEANS else _Meant(*remark)


def _described(ground: Ground, path: str, name: str) -> _Meant | None:
    """Return the first sentence below a heading or directive that is a setting's name."""
    source = ground.sources.file(path)
    if source is None:
        return None
    title = re.compile(rf"^(?:#+\s+|\.\. [\w:-]+::\s+)?[`*]*{re.escape(name)}[`*]*\s*$")
    for number, line in enumerate(source.lines, 1):
        if title.match(line) is None:
            continue
        below = list(source.lines[number : number + _BELOW])
        if below and below[0].strip() and not below[0].strip().strip("=-~^\"'#*+."):
            below[0] = ""
        # The text of a directive stands deeper than it does, and would be a block of code there.
        end = next((at for at, each in enumerate(below) if each.startswith((".. ", "#"))), len(below))
        text = "\n".join(each.strip() for each in below[:end])
        for each in sentences_of(ChunkKind.DOC, source.language, text, number + 1):
            if each.heading:
                break
            if each.role is not Role.PROSE or _DEFAULTS.match(each.text) or not is_readable(each.text):
                continue
            if len(each.text.split()) >= MEANS and not each.text.endswith(":"):
                proof = ground.sources.span(path, each.start_line, each.end_line)
                return None if proof is None else _Meant(each.text, proof)
    return None


def _of_field(ground: Ground, path: str, name: str) -> _Meant | None:
    """Return the first sentence of the comment above the field that a constructor gives a value."""
    source = ground.sources.file(path)
    declared = re.compile(rf"^\s+{re.escape(name)}\s+[\w\[\]*.]+\s*(?:`.*)?$")
    lines = source.lines if source is not None else ()
    number = next((at for at, line in enumerate(lines, 1) if declared.match(line)), 0)
    return _above(ground, path, number) if number else None


def _above(ground: Ground, path: str, line: int) -> _Meant | None:
    """Return the first sentence of the comment that stands right above a line."""
    source = ground.sources.file(path)
    first = line
    while source is not None and first > 1 and source.lines[first - 2].lstrip().startswith(_REMARKS):
        first -= 1
    if source is None or first == line:
        return None
    text = "\n".join(source.lines[first - 1 : line - 1])
    # Comments of a file of settings, of whatever format, are like those of a script.
    language = "go" if source.language == "go" else "bash"
    for each in sentences_of(ChunkKind.CODE, language, text, first):
        if len(each.text.split()) >= MEANS and is_readable(each.text) and each.text[:1].isupper():
            proof = ground.sources.span(path, each.start_line, each.end_line)
            return None if proof is None else _Meant(each.text, proof)
    return None


def _say_setting(laid: Laid, place: Place, setting: Setting, meant: _Meant | None) -> None:
    given = (
        f", `{setting.default}` there"
        if place.way == "shipped"
        else f", `{setting.default}` unless it is set"
    )
    default = given if _told_default(setting) else ""
    laid.page.tell(
        Section.WHAT,
        f"`{setting.name}` ({shown_place(place.path, setting.line)}){default}"
        + (f": “{meant.text}”" if meant is not None else "."),
        [
            laid.ground.sources.span(place.path, setting.line, _end(place, setting)),
            None if meant is None else meant.proof,
        ],
    )


def _told_default(setting: Setting) -> bool:
    """Whether a default is to be shown: none, or one that is worked out later, tells nothing."""
    return (
        setting.default not in ("", "None", "null", "nil", "undefined")
        and "`" not in setting.default
        and _SECRET.search(setting.name) is None
    )


def _end(place: Place, setting: Setting) -> int:
    """Return the last line that a setting's default may stand on: annotations have one each."""
    return setting.line + (2 if place.way == "annotated" else 0)


def _read(laid: Laid, place: Place) -> None:
    """Have read what gives the settings their values, from the first of them on."""
    laid.read(place.path, place.path, place.first, min(place.last, place.first + units.WHOLE - 1))


def _ask(laid: Laid, place: Place, setting: Setting, meant: _Meant | None) -> None:
    ground = laid.ground
    where = shown_place(place.path, setting.line)
    shipped = place.way == "shipped"
    by = "" if shipped else "By default "
    default = f"{by}`{setting.default}`, in {where}." if _told_default(setting) else f"See {where}."
    value = f"which value does {place.path} give it" if shipped else "what is it where nobody sets it"
    laid.ask(
        f"What does `{setting.name}` set, and {value}?",
        f"“{meant.text}” {default}" if meant is not None else default,
        [
            ground.sources.span(place.path, setting.line, _end(place, setting)),
            None if meant is None else meant.proof,
        ],
    )


def _say_variables(laid: Laid, *, asked: bool) -> None:
    """Tell which variables the product's own code reads, those that bear its name or that documents name
    first; ask of the first of them where nothing else is asked.
    """
    ground = laid.ground
    _say_prefix(laid)
    variables, left_out = _variables(ground)
    if not variables:
        return
    shown = variables[:SHOWN]
    said = {name: remark_on(ground.sources, path, line) for name, path, line in shown}
    bare = [each for each in shown if said[each[0]] is None]
    names = listed(
        [f"`{name}` ({shown_place(path, line)}{_reader_of(ground, path, line)})" for name, path, line in bare]
    )
    more = " and others" if len(variables) > SHOWN and names else ""
    beside = ", beside those of the system and of helpers" if left_out else ""
    such = "such as " if len(bare) < len(variables) else ""
    counted = counting.counted(len(variables), "environment variable is", "environment variables are")
    cited = [ground.sources.span(path, line, line) for _, path, line in bare]
    laid.fact(
        f"{counted} read{beside}{f', {such}{names}{more}' if names else ''}.",
        "reads of environment variables",
        [shown_place(path, line) for _, path, line in variables],
        [each for each in cited if each is not None],
    )
    for name, path, line in shown:
        remark = said[name]
        if remark is not None:
            proof = [ground.sources.span(path, line, line), remark[1]]
            laid.page.tell(Section.WHAT, f"`{name}` ({shown_place(path, line)}): “{remark[0]}”", proof)
    if not asked:
        return
    name, path, line = next((each for each in shown if said[each[0]] is not None), shown[0])
    remark = said[name]
    if remark is not None:
        laid.ask(
            f"What does the environment variable `{name}` set, and where is it read?",
            f"“{remark[0]}”; in {shown_place(path, line)}.",
            [ground.sources.span(path, line, line), remark[1]],
        )
    else:
        laid.ask(
            f"In which file is the environment variable `{name}` read, and what is done with it there?",
            f"In {shown_place(path, line)}: `{_line(ground, path, line)}`.",
            [ground.sources.span(path, line, line)],
        )
    laid.read_around(f"{path}, where `{name}` is read", path, line)


def _say_prefix(laid: Laid) -> None:
    """Say which variables stand for the options of the command line, where one prefix does."""
    ground = laid.ground
    for file in ground.code:
        source = ground.sources.file(file.path) if file.language == "python" else None
        for number, line in enumerate(source.lines if source is not None else (), 1):
            match = _BEGINS_WITH.search(line)
            if match is not None and HELPER.search(file.path) is None:
                laid.page.tell(
                    Section.WHAT,
                    f"Each option of a command is also read from a variable that begins with `{match[1]}_`"
                    f" ({shown_place(file.path, number)}).",
                    [ground.sources.span(file.path, number, number)],
                )
                return


def _variables(ground: Ground) -> tuple[list[tuple[str, str, int]], bool]:
    """Return the environment variables that the product's code reads, with where: what bears its name or
    stands in documents comes first. What is the machine's, or read by helpers, is left out; and whether.
    """
    left_out = False
    found: list[tuple[Variable, str, int]] = []
    for variable in ground.inventory.variables:
        path, _, line = (variable.read_in[0] if variable.read_in else "").rpartition(":")
        file = ground.file(path)
        if not line.isdigit() or file is None or file.blob_id not in ground.code_ids:
            continue
        # Of a part of the repository what helps is asked for by its name.
        if _OF_SYSTEM.match(variable.name) or (ground.whole and HELPER.search(path)):
            left_out = True
            continue
        found.append((variable, path, int(line)))
    spoken = named_in_documents(ground, [each.name for each, _, _ in found]) if found else Counter[str]()
    words = [each for each in re.split(r"[^A-Z0-9]+", ground.name.upper()) if len(each) > 2]

    def order(each: tuple[Variable, str, int]) -> tuple[bool, int, str, int]:
        own = each[0].name.startswith(tuple(f"{word}_" for word in words))
        return (not own, -spoken[each[0].name], each[1], each[2])

    return [(each.name, path, line) for each, path, line in sorted(found, key=order)], left_out


def _reader_of(ground: Ground, path: str, line: int) -> str:
    """Return in which function or method a line stands, if in one."""
    file = ground.file(path)
    symbol = symbol_at(ground.reader, file.path_id, line) if file is not None else None
    return f", in `{symbol.qualified}`" if symbol is not None and symbol.kind in CALLABLE else ""


def _line(ground: Ground, path: str, line: int) -> str:
    source = ground.sources.file(path)
    return source.lines[line - 1].strip()[:140] if source is not None and line <= len(source.lines) else ""
