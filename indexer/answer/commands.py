"""Commands and settings: what is typed to run, build or test, and what can be set, with its default."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from indexer.answer.extract import CHANGE_LOG, say_meaning, say_sentences
from indexer.answer.inquiry import Inquiry, listed, shown_place, shown_symbol
from indexer.answer.markup import plain
from indexer.answer.needs import Need
from indexer.answer.page import CODE_LINES
from indexer.answer.sentences import sentences_of
from indexer.answer.values_named import DEFAULT, say_values
from indexer.index.symbols import definitions_in
from indexer.repo.words import stem, stems
from indexer.types import ChunkKind, FileMark, Section, SymbolKind

FILES_READ: Final = 40
SHOWN: Final = 5
_SCANNED: Final = 3_000
"""Passages with a word of the environment that are looked through for names."""

_WANTED_FILE: Final = re.compile(
    r"(?:^|/)(?:readme|contributing|install\w*|hacking|develop\w*|building|testing|quickstart"
    r"|getting[-_]?started"
    r"|makefile|justfile|rakefile|tox\.ini|noxfile\.py|package\.json|pyproject\.toml|taskfile\.ya?ml"
    r"|dockerfile"
    r"|docker-compose\.ya?ml|compose\.ya?ml|procfile|pom\.xml|build\.gradle(?:\.kts)?|cargo\.toml)(?:\.\w+)?$"
    r"|^\.github/workflows/.*\.ya?ml$|^\.gitlab-ci\.yml$|^\.circleci/config\.yml$|(?:^|/)(?:docs?"
    r"|documentation)/"
    r".*(?:install|contribut|develop|test|deploy|setup|getting|start|build|run|tutorial|quick)[^/]*$",
    re.I,
)
_TOOLS: Final = (
    "make pip pip3 pipx uv python python3 pytest tox nox npm npx yarn pnpm node go cargo mvn ./mvnw"
    " gradle ./gradlew"
    " docker docker-compose podman kubectl helm bundle rake ruby dotnet cmake ctest ninja meson"
    " composer php git conda"
    " poetry hatch pre-commit celery flask django-admin bash sh sudo apt apt-get brew java javac sbt"
    " bazel ./configure"
    " virtualenv source curl wget ant mix stack cabal swift flutter deno bun just task invoke fab"
    " ansible-playbook"
    " terraform vagrant jupyter sphinx-build mkdocs"
)
_TOOL: Final = re.compile(
    r"^(?:\$ |> |# )?(?:[A-Z_][A-Z0-9_]*=\S+ )*(?:"
    + "|".join(re.escape(each) for each in _TOOLS.split())
    + r")(?:\s|$)"
)
_PROMPT: Final = re.compile(r"^\s*(?:\$|%|>)\s+(\S.*)$")
_INLINE: Final = re.compile(r"``?([^`]{4,80})``?")
_TARGET: Final = re.compile(r"^([A-Za-z0-9][\w.-]*)\s*:(?!=)(.*)$")
_RUN: Final = re.compile(r"^\s*-?\s*(?:run|script|command|commands)\s*[:=]\s*(?:[|>]-?)?\s*(\S.*)?$")
_UNDERLINED: Final = re.compile(r"^([=~^\-])\1{2,}\s*$")
_ASSIGNED: Final = re.compile(r"^[\w.-]+\s*[=:]\s")
_SCRIPT: Final = re.compile(r"^\s*\"([\w:.-]+)\"\s*:\s*\"([^\"]+)\"")

_SERVES: Final = 0.5
_SHORTENED: Final = 3
"""Letters from which the beginning of a word is taken for it."""
_TYPED: Final = 100
"""Characters that a person would type; a longer line is a script of CI's own."""

_INSTALLS: Final = re.compile(
    r"^(?:sudo )?(?:python[\d.]* -m )?(?:pip3?|npm|yarn|apt|apt-get|brew|bundle|conda|uv pip)"
    r" (?:-\S+ )*(?:install|add)\b"
)
_KEEPS_HOUSE: Final = re.compile(r"^@?(?:sudo )?(?:rm|rmdir|cd|ls|cat|cp|mv|mkdir|touch|echo|printf|pwd)\b")
"""What such a line does is never what was to be done."""

_RUNNING: Final = frozenset(
    ("run", "start", "execut", "launch", "local", "whole", "full", "suit", "project", "applic")
)
"""Words of running anything, which say nothing of what is to be run."""

MEANT: Final = {
    "test": frozenset(
        ("test", "pytest", "tox", "nox", "jest", "ctest", "unittest", "rspec", "phpunit", "check")
    ),
    "build": frozenset(("build", "compil", "make", "dist", "packag", "bundl", "assembl")),
    "instal": frozenset(("instal", "setup", "pip", "npm", "yarn", "bundl", "requir", "sync")),
    "lint": frozenset(
        ("lint", "ruff", "flake8", "flake", "eslint", "pylint", "rubocop", "precommit", "black", "checkstyl")
    ),
    "deploy": frozenset(("deploy", "releas", "publish", "kubectl", "helm", "heroku", "upload")),
    "doc": frozenset(("doc", "sphinx", "mkdoc", "sphinxbuild", "html", "docum")),
    "debug": frozenset(("debug", "pdb", "gdb", "inspect", "breakpoint", "verbos")),
    "format": frozenset(("format", "fmt", "black", "ruff", "prettier", "gofmt")),
}
"""Stems of a goal, and those of the usual tools for it."""


@dataclass(frozen=True, slots=True)
class Command:
    """A line that is typed (or run by CI), where it stands, and what is said around it."""

    path: str
    line: int
    text: str
    around: str
    weight: float
    runs: str = ""
    """The first line of the recipe of a target."""


def say_commands(inquiry: Inquiry) -> None:
    """Answer how something is run, built, tested or installed, with the commands that are given."""
    found = commands_of(inquiry)
    chosen = _best(inquiry, found)
    page = inquiry.page
    for command in chosen:
        place = f"{shown_place(command.path, command.line)}{under(command)}"
        runs = "" if _KEEPS_HOUSE.match(command.runs) else command.runs
        does = f", which runs `{runs}`" if runs else ""
        verb = "Type" if command is chosen[0] else "Or"
        end = command.line + (1 if runs else 0)
        page.tell(
            Section.WHAT,
            f"{verb} `{command.text}`{does} ({place}).",
            [page.sources.span(command.path, command.line, end)],
        )
    page.carried[Need.COMMAND] = bool(chosen)
    # Where a command stands, a sentence near it in words is of no more use.
    if not chosen and not say_sentences(inquiry, 3, commits=False):
        say_meaning(inquiry)


def say_command_named(inquiry: Inquiry) -> bool:
    """Tell what a command runs that the question writes out (`make docs`), if it stands here."""
    named = [name for name in inquiry.asked.names if " " in name and _TOOL.match(name)]
    if not named:
        return False
    said = False
    for command in commands_of(inquiry):
        if command.text in named:
            does = f" runs `{command.runs}`" if command.runs else " stands here"
            end = command.line + (1 if command.runs else 0)
            said |= inquiry.page.tell(
                Section.WHAT,
                f"`{command.text}`{does} ({shown_place(command.path, command.line)}).",
                [inquiry.page.sources.span(command.path, command.line, end)],
            )
    return said


def under(command: Command) -> str:
    """Return under which heading a command stands, as the end of a sentence; or nothing."""
    title = command.around.partition("\n")[0].strip()
    named = "\n" in command.around and 0 < len(title) < 70 and not _TOOL.match(title)
    return f", under “{title}”" if named else ""


def _best(inquiry: Inquiry, found: list[Command]) -> list[Command]:
    """Return the commands that serve what the question wants done, at most two of a file."""
    goals = _goals(inquiry)
    # "On a fresh laptop": of what no command here speaks none can serve it better than another.
    spoken = set[str]().union(*(_stems_of(f"{each.text} {each.around}") for each in found))
    known = [goal for goal in goals if _meets(goal, spoken)]
    chosen = serving(known or goals, found, installing="instal" in inquiry.evidence.weights)
    # What is to be done comes before with what: of "run the tests with a tag" first how tests are run.
    task = next((each for each in MEANT if MEANT[each] in known), None)
    if task is not None and not any(_meets(MEANT[task], _stems_of(each.text)) for each in chosen):
        named = serving([frozenset((task,))], found, installing=False)
        chosen = [*(named or serving([MEANT[task]], found, installing=False))[:1], *chosen]
    return chosen


@lru_cache(maxsize=4096)
def _stems_of(text: str) -> frozenset[str]:
    return frozenset(stems(text))


def _meets(goal: frozenset[str], words: Collection[str]) -> bool:
    """Return whether words speak of a goal: by one of its stems, or cut short (``cov`` for coverage)."""
    if not goal.isdisjoint(words):
        return True
    return any(
        _SHORTENED <= len(word) < len(stem_) and stem_.startswith(word) for word in words for stem_ in goal
    )


def serving(goals: list[frozenset[str]], found: list[Command], *, installing: bool) -> list[Command]:
    """Return the commands that serve the goals, each given as stems that speak of it, the best first."""
    scored = []
    for command in found:
        own, around = _stems_of(command.text), _stems_of(command.around)
        held = [1.0 if _meets(goal, own) else 0.6 if _meets(goal, around) else 0.0 for goal in goals]
        value = sum(held) / len(held)
        if _INSTALLS.match(command.text) and not installing:
            value *= 0.4
        # A target may tidy up first, and do what its name says after that.
        tidies = _KEEPS_HOUSE.match(command.runs) and 1.0 not in held
        if _KEEPS_HOUSE.match(command.text) or tidies:
            continue
        if (
            value >= _SERVES
            and len(command.text) <= _TYPED
            and not any(mark in command.text for mark in ("<", "…", "{posargs", "${{", "{{"))
        ):
            scored.append((value * command.weight, command))
    scored.sort(key=lambda each: (-each[0], each[1].path.count("/"), each[1].path, each[1].line))
    out: list[Command] = []
    texts: set[str] = set()
    files: dict[str, int] = {}
    for value, command in scored:
        if len(out) >= SHOWN or value < scored[0][0] * 0.7:
            break
        if command.text in texts or files.get(command.path, 0) >= 2:
            continue
        texts.add(command.text)
        files[command.path] = files.get(command.path, 0) + 1
        out.append(command)
    return out


def _goals(inquiry: Inquiry) -> list[frozenset[str]]:
    """Return what is to be done, each goal as the words (or tools) that speak of it."""
    asked = [term for part in inquiry.asked.parts if part.need is Need.COMMAND for term in part.terms]
    weighed = [term for term in inquiry.evidence.weights if term in asked] or list(inquiry.evidence.weights)
    terms = [term for term in weighed if term not in _RUNNING]
    goals = [MEANT.get(term, frozenset((term,))) for term in terms or weighed]
    return goals[:4] or [frozenset(("run",))]


def commands_of(inquiry: Inquiry) -> list[Command]:
    """Return what is typed here, as documents, makefiles, packages and CI have it."""
    rows = inquiry.reader.execute(
        "SELECT p.shown, e.marks FROM path p JOIN entry e ON e.path_id = p.id WHERE e.blob_id IS NOT NULL"
    ).fetchall()
    left_out = FileMark.VENDORED | FileMark.EXAMPLE
    wanted = [path for path, marks in rows if _WANTED_FILE.search(path) and not marks & left_out]
    wanted.sort(key=lambda path: (path.count("/"), len(path)))
    paths = wanted[:FILES_READ]
    hits = [
        hit.path
        for hit in inquiry.evidence.of_kind(ChunkKind.DOC)
        if hit.path and not CHANGE_LOG.search(hit.path)
    ]
    out: list[Command] = []
    for path in dict.fromkeys([*paths, *hits[:6]]):
        source = inquiry.page.sources.file(path)
        if source is not None:
            out += commands_in(path, source.lines)
    return out


def commands_in(path: str, lines: tuple[str, ...]) -> Iterator[Command]:
    """Yield what is typed by the lines of a document, a makefile, a package or a pipeline."""
    name = path.rpartition("/")[2].lower()
    if name.startswith(("makefile", "justfile", "gnumakefile")):
        yield from _targets(path, lines, "make" if "make" in name else "just")
    elif name == "package.json":
        for number, line in enumerate(lines, 1):
            if (script := _SCRIPT.match(line)) and any(tool in script[2] for tool in (" ", "test", "build")):
                yield Command(path, number, f"npm run {script[1]}", script[2], 0.95)
    elif name.endswith((".yml", ".yaml", ".ini", ".toml", ".cfg")):
        for number, line in enumerate(lines, 1):
            text = line.strip().removeprefix("- ").removeprefix("run: ")
            if _TOOL.match(text) and not _ASSIGNED.match(text):
                yield Command(path, number, text, _section(lines, number), 0.7)
    elif name.endswith((".md", ".rst", ".txt", ".adoc")) or "." not in name:
        yield from _typed(path, lines)


def _targets(path: str, lines: tuple[str, ...], tool: str) -> Iterator[Command]:
    for number, line in enumerate(lines, 1):
        target = _TARGET.match(line)
        if target is not None and not line.startswith("."):
            recipe = []
            for following in lines[number : number + 4]:
                if not following.startswith(("\t", "    ")):
                    break
                recipe.append(following.strip())
            first = recipe[0].lstrip("@-") if recipe and len(recipe[0]) <= _TYPED else ""
            yield Command(path, number, f"{tool} {target[1]}", f"{' '.join(recipe)} {target[2]}", 1.0, first)


def _typed(path: str, lines: tuple[str, ...]) -> Iterator[Command]:
    heading, said, fenced = "", "", False
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text.startswith("```"):
            fenced = not fenced
            continue
        if not fenced and text.startswith("#") and " " in text and not line.startswith(("    ", "\t")):
            heading = text.lstrip("# ")
        elif number < len(lines) and text and _UNDERLINED.match(lines[number]):
            heading = text
        prompt = _PROMPT.match(line)
        inside = fenced or line.startswith(("    ", "\t", "$"))
        if prompt is not None and inside:
            yield Command(path, number, prompt[1], f"{heading}\n{said}", 1.0)
        elif inside and _TOOL.match(text):
            yield Command(path, number, text, f"{heading}\n{said}", 1.0)
        elif text:
            said = text
            # "A simple `bundle exec rake` will run all the tests."
            for quoted in _INLINE.findall(text):
                if _TOOL.match(quoted) and " " in quoted:
                    yield Command(path, number, quoted, f"{heading}\n{text}", 0.95)


def _section(lines: tuple[str, ...], number: int) -> str:
    for line in reversed(lines[max(0, number - 12) : number - 1]):
        if line.lstrip().startswith(("- name:", "[", "name:")):
            return line.strip("- []").removeprefix("name:").strip()
    return ""


# ------------------------------------------------------------------------------- settings

_SAID: Final = 0.3
_BESIDE: Final = 0.75
"""Share of the question that a sentence on a variable must hold to leave others out, and theirs of it."""

_NAME: Final = r"[\"']([A-Za-z_][A-Za-z0-9_]{2,})[\"']"
_ENVIRONMENT: Final = re.compile(
    r"(?:\benviron(?:\.get|\.pop|\.setdefault)?\s*[\[(]\s*|\bgetenv\s*\(\s*|\bENV(?:\.fetch)?\s*[\[(]\s*"
    r"|\benv::var(?:_os)?\(\s*|\bos\.(?:LookupEnv|Getenv)\(\s*|\bprocess\.env\[\s*"
    r"|\bGetEnvironmentVariable\(\s*"
    rf"|(?<![\w.])env\(\s*){_NAME}(?:\s*,\s*([^(),\n]{{1,30}}))?"
    r"|(?:\bprocess\.env\.|\$env:)([A-Za-z_][A-Za-z0-9_]{2,})"
)


def say_settings(inquiry: Inquiry) -> None:
    """Answer which settings or environment variables there are, with their defaults where shown."""
    if _say_parameters(inquiry):
        inquiry.page.carried[Need.SETTING] = True
        return
    environment = bool({"environ", "env"} & {stem(word) for word in stems(inquiry.asked.text)})
    shown = _say_environment(inquiry) if environment else say_values(inquiry)
    said = say_sentences(inquiry, 1 if shown else 3, least=0.6 if shown else 0.4)
    if not shown:
        shown = _say_keys(inquiry)
    # A document may set one under its name and say the rest in words.
    named = any(
        _SETS.match(each.text) or _WRITTEN.search(each.text) for each in inquiry.page.of(Section.WHAT)
    )
    inquiry.page.carried[Need.SETTING] = bool(shown) or named
    if named:
        _say_defaults(inquiry)
    if not shown and not said:
        say_meaning(inquiry)


def _say_parameters(inquiry: Inquiry) -> bool:
    """Show what a definition that is named takes, with its defaults: its signature, of a class its
    constructor's, of a type without one the names of its fields.
    """
    named = next(
        (each.symbol for each in inquiry.subjects if each.named and each.symbol.kind in _TAKES), None
    )
    if named is None:
        return False
    page = inquiry.page
    held = [
        each
        for each in definitions_in(inquiry.reader, named.path_id)
        if each.parent == named.qualified or each is named
    ]
    made = next((each for each in held if each.name in _CONSTRUCTORS), None)
    shown = made or (named if named.kind not in _TYPES else None)
    source = page.sources.file(named.path)
    if shown is not None and source is not None:
        end = shown.name_line
        while end < min(shown.end_line, shown.name_line + CODE_LINES - 1) and not _SIGNED.search(
            source.lines[end - 1]
        ):
            end += 1
        said = page.tell(
            Section.WHAT,
            f"{shown_symbol(named)} in {shown_place(named.path, shown.name_line)} takes:",
            [inquiry.signature(shown)],
        )
        return page.code(Section.WHAT, named.path, shown.name_line, end) or said
    fields = [f"`{each.name}`" for each in held if each.kind in _FIELDS]
    if not fields:
        return False
    more = f" and {len(fields) - _NAMED} more" if len(fields) > _NAMED else ""
    names = ", ".join(fields[:_NAMED]) if more else listed(fields)
    return page.tell(
        Section.WHAT,
        f"{shown_symbol(named)} in {shown_place(named.path, named.name_line)} has the fields {names}{more}.",
        [inquiry.signature(named)],
    )


def _say_defaults(inquiry: Inquiry) -> None:
    """Tell the default that a document gives under the name of each setting that was quoted."""
    page = inquiry.page
    for statement in list(page.of(Section.WHAT)):
        title = statement.citations[-1] if _SETS.match(statement.text) and statement.citations else None
        source = page.sources.file(title.path or "") if title is not None else None
        if title is None or source is None:
            continue
        for at in range(title.end_line, min(title.end_line + _DEFAULTS, len(source.lines))):
            said = plain(source.lines[at])
            if DEFAULT.match(said):
                name = statement.text.partition(":")[0]
                cited = [page.sources.span(source.path, at + 1, at + 1), title]
                page.tell(Section.WHAT, f"{name}: “{said}”", cited)
                break


_DEFAULTS: Final = 8
"""Lines below the name of a setting in which its default is looked for."""

_WRITTEN: Final = re.compile(r"`[A-Za-z]\w*_\w+")
_SETS: Final = re.compile(r"`[\w.-]+`: “")
_CONSTRUCTORS: Final = ("__init__", "constructor", "initialize", "__construct")
_SIGNED: Final = re.compile(r"\)\s*(?:->[^:]+)?[:{]?\s*$")
_FIELDS: Final = frozenset((SymbolKind.FIELD, SymbolKind.PROPERTY))
_TYPES: Final = frozenset((SymbolKind.CLASS, SymbolKind.STRUCT, SymbolKind.INTERFACE))
_TAKES: Final = _TYPES | {SymbolKind.FUNCTION, SymbolKind.METHOD}
_NAMED: Final = 14
"""Fields that are named."""


def _say_environment(inquiry: Inquiry) -> int:
    rows = inquiry.reader.execute(
        "SELECT p.shown, c.text, c.start_line, e.marks FROM words_code f JOIN passage g ON g.id = f.rowid"
        " JOIN chunk c ON c.id = g.chunk_id JOIN path p ON p.id = g.path_id JOIN entry e ON"
        " e.path_id = g.path_id"
        " WHERE words_code MATCH 'environ OR getenv OR env OR lookupenv' AND g.current = 1 LIMIT ?",
        (_SCANNED,),
    ).fetchall()
    found: dict[str, tuple[str, int, str, int]] = {}
    for path, text, start, marks in rows:
        for number, line in enumerate(text.split("\n"), start):
            for match in _ENVIRONMENT.finditer(line):
                name = match[1] or match[3]
                known = found.get(name)
                minor = int(bool(marks & (FileMark.TEST | FileMark.EXAMPLE | FileMark.VENDORED)))
                if known is None or minor < known[3]:
                    found[name] = (path, number, (match[2] or "").strip(" \"'"), minor)
    own = [each for each in found.items() if not each[1][3]] or list(found.items())
    near = {name: _speaking_of(inquiry, name, path) for name, (path, _, _, _) in own}
    # `MAX_INTERVAL` is of the family of `INTERVAL`.
    near = {name: max(near[each] for each in near if each in name) for name in near}
    own.sort(key=lambda each: (-near[each[0]], each[1][0], each[1][1]))
    # Where a document says of some what is asked, the others are not meant.
    least = near[own[0][0]] * _BESIDE if own and near[own[0][0]] >= _SAID else 0.0
    if least:
        inquiry.page.settled[Need.SETTING] = True
    said = 0
    for name, (path, line, default, _) in [each for each in own if near[each[0]] >= least][:10]:
        told = f"`{name}` is read in {shown_place(path, line)}" + (
            f", with the default `{default}`." if default else "."
        )
        said += inquiry.page.tell(Section.WHAT, told, [inquiry.page.sources.span(path, line, line)])
    return said


def _speaking_of(inquiry: Inquiry, name: str, path: str) -> float:
    """Return the share of the question that a variable's name and place hold, or a sentence that names it."""
    most = inquiry.evidence.sharing(f"{name} {path}")
    whole = re.compile(rf"\b{re.escape(name)}\b")
    for hit in inquiry.evidence.of_kind(ChunkKind.DOC):
        if not whole.search(hit.text) or CHANGE_LOG.search(hit.path or ""):
            continue
        for sentence in sentences_of(hit.kind, hit.language, hit.text, hit.start_line):
            if whole.search(sentence.text):
                most = max(most, inquiry.evidence.sharing(f"{name} {sentence.text} {sentence.heading}"))
    return most


def _say_keys(inquiry: Inquiry) -> int:
    """Name keys and constants among the hits, with the line that gives each its value."""
    said = 0
    for subject in inquiry.subjects:
        symbol = subject.symbol
        if symbol.kind.value in ("key", "constant", "property", "variable", "field") and subject.score >= 0.4:
            said += inquiry.page.code(Section.WHAT, symbol.path, symbol.name_line, symbol.name_line + 1)
    return said
