"""Commands: what a person types, in click, typer, argparse, Django, cobra, picocli, npm, make and others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from indexer.guide.inventory.code import Call, Code
from indexer.guide.inventory.facts import CommandFact
from indexer.guide.inventory.routing import Place
from indexer.guide.inventory.sheets import Sheet
from indexer.guide.inventory.tokens import Kind

_PYTHON: Final = re.compile(
    r"\.command\s*\(|\.group\s*\(|@command\b|@group\b|add_parser\s*\(|ArgumentParser\s*\(|BaseCommand|AppCommand|console_scripts"
)
HINTS: Final[dict[str, re.Pattern[str]]] = {
    "python": _PYTHON,
    "go": re.compile(r"cobra\.Command\s*\{|cli\.Command\s*\{|flag\.NewFlagSet"),
    **dict.fromkeys(("java", "kotlin"), re.compile(r"@(?:CommandLine\.)?Command\s*\(|@ShellMethod")),
    **dict.fromkeys(("javascript", "typescript"), re.compile(r"\.command\s*\(")),
    "php": re.compile(r"\$signature\s*=|Artisan::command|AsCommand|\$defaultName\s*="),
    "ruby": re.compile(r"^\s*task[ (]|< Thor\b", re.MULTILINE),
    "csharp": re.compile(r"new (?:Root)?Command\s*\("),
}
FILES: Final = re.compile(
    r"(?:^|/)(?:package\.json|composer\.json|pyproject\.toml|setup\.cfg|[Mm]akefile|GNUmakefile|[\w.-]+\.mk"
    r"|Rakefile|[\w-]+\.rake|[Jj]ustfile|Taskfile\.ya?ml|management/commands/[a-z]\w*\.py)$"
)
_TARGET: Final = re.compile(r"^([A-Za-z][\w./-]*(?:[ \t]+[A-Za-z][\w./-]*)*)[ \t]*:(?![:=])([^=]*)$")
_HELP: Final = re.compile(r"##\s*(.+)$")
_SIGNATURE: Final = re.compile(r"\{\s*(--)?(\w[\w-]*)")


def read(sheet: Sheet) -> Iterator[CommandFact]:
    """Yield the commands of a file, by its name and language."""
    name = sheet.path.rpartition("/")[2]
    if name in ("package.json", "composer.json"):
        yield from _json_scripts(sheet, "npm" if name == "package.json" else "composer")
    elif name in ("pyproject.toml", "setup.cfg"):
        yield from _console_scripts(sheet)
    elif sheet.language == "make" or name.lower() in ("makefile", "gnumakefile") or name.endswith(".mk"):
        yield from _targets(sheet)
    elif name.lower() == "justfile":
        yield from _recipes(sheet)
    elif sheet.language == "python":
        yield from _python(sheet)
    elif sheet.language == "go":
        yield from _go(sheet)
    elif sheet.language in ("java", "kotlin"):
        yield from _java(sheet)
    elif sheet.language == "php":
        yield from _php(sheet)
    elif sheet.language == "ruby":
        yield from _ruby(sheet)
    elif sheet.language in ("javascript", "typescript"):
        yield from _script(sheet)
    elif sheet.language == "csharp":
        yield from _csharp(sheet)


# ---------------------------------------------------------------------------------- Python


def _python(sheet: Sheet) -> Iterator[CommandFact]:
    managed = re.search(r"(?:^|/)management/commands/([a-z]\w*)\.py$", sheet.path)
    if managed is not None:
        yield from _managed(sheet, managed[1])
    code = sheet.code
    library = "typer" if re.search(r"\btyper\b", sheet.text) else "click"
    if re.search(r"\b(?:click|typer|cli)\b", sheet.text):
        for call in code.calls("command", "group"):
            made = _decorated(sheet, code, call, library)
            if made is not None:
                yield made
        for index, token in enumerate(code.tokens):
            # ``@click.command`` without brackets
            if (
                token.text in ("command", "group")
                and index + 1 < len(code.tokens)
                and code.tokens[index + 1].text != "("
            ):
                starts = code.chain_start(index)[0]
                if starts > 0 and code.tokens[starts - 1].text == "@":
                    yield _on_function(sheet, index, starts, library)
    if "argparse" in sheet.text or "add_parser" in sheet.text:
        yield from _argparse(sheet, code)
    if "console_scripts" in sheet.text:
        for index, token in enumerate(code.tokens):
            if token.kind is Kind.STRING and (
                found := re.match(r"^\s*([\w.-]+)\s*=\s*([\w.]+:[\w.]+)\s*$", token.text)
            ):
                place = Place(sheet.path, token.line, token.line, sheet.mark)
                yield CommandFact(found[1], place, "console script", "", found[2])
                del index


def _decorated(sheet: Sheet, code: Code, call: Call, library: str) -> CommandFact | None:
    if call.starts < 1 or code.tokens[call.starts - 1].text != "@":
        return None
    by_key = {each.key: each for each in call.arguments}
    first = by_key.get("") or by_key.get("name")
    name = code.text(first) if first is not None and code.tokens[first.first].kind is Kind.STRING else None
    says = code.text(by_key.get("help")) or code.text(by_key.get("short_help")) or ""
    return _on_function(sheet, call.closes, call.starts, library, (name or "", says))


def _on_function(
    sheet: Sheet, index: int, starts: int, library: str, given: tuple[str, str] = ("", "")
) -> CommandFact:
    """Return the command of a decorated function; ``given`` are the name and the help that are written."""
    code, (name, says) = sheet.code, given
    tokens = code.tokens
    options: list[str] = []
    function, line = "", tokens[starts].line
    for at in range(index, min(index + 800, len(tokens) - 1)):
        if tokens[at].text in ("option", "argument") and tokens[at + 1].text == "(":
            call = code.call_at(at)
            words = [code.text(each) for each in call.arguments if not each.key] if call is not None else []
            options += [
                word
                for word in words
                if word is not None and (word.startswith("--") or tokens[at].text == "argument")
            ][:1]
        if tokens[at].text in ("def", "class") and tokens[at].kind is Kind.NAME:
            function, line = tokens[at + 1].text, tokens[at + 1].line
            break
    symbol = next(
        (each for each in sheet.definitions if each.name == function and each.name_line == line), None
    )
    shown = name or function.replace("_", "-").removesuffix("-command").removesuffix("-cmd")
    doc = says or (symbol.doc if symbol is not None else "")
    place = Place(sheet.path, tokens[starts].line, max(tokens[starts].line, line), sheet.mark)
    return CommandFact(shown, place, library, doc, function, tuple(options))


def _argparse(sheet: Sheet, code: Code) -> Iterator[CommandFact]:
    for call in code.calls("ArgumentParser", "add_parser"):
        by_key = {each.key: each for each in call.arguments}
        says = code.text(by_key.get("help")) or code.text(by_key.get("description")) or ""
        place = Place(sheet.path, call.line, code.tokens[call.closes].line, sheet.mark)
        if call.name == "add_parser":
            name = code.text(by_key.get("")) if "" in by_key else None
            if name:
                yield CommandFact(name, place, "argparse", says)
            continue
        name = code.text(by_key.get("prog")) if "prog" in by_key else None
        stem = sheet.path.rpartition("/")[2].removesuffix(".py")
        if stem in ("__main__", "__init__"):
            stem = sheet.path.rpartition("/")[0].rpartition("/")[2]
        options = [
            word
            for each in code.calls("add_argument")
            if (word := code.text(next((one for one in each.arguments if not one.key), None))) is not None
        ]
        yield CommandFact(name or stem, place, "argparse", says, "", tuple(options[:20]))


def _managed(sheet: Sheet, name: str) -> Iterator[CommandFact]:
    symbol = next(
        (each for each in sheet.definitions if each.name == "Command" and each.kind == "class"), None
    )
    if symbol is None:
        return
    code = sheet.code
    says = next(
        (
            code.value(each.first, code.value_end(each.first))
            for each in code.assigned()
            if each.name == "help"
        ),
        None,
    )
    options = [
        word
        for each in code.calls("add_argument")
        if (word := code.text(next((one for one in each.arguments if not one.key), None))) is not None
    ]
    place = Place(sheet.path, symbol.name_line, symbol.name_line, sheet.mark)
    yield CommandFact(f"manage.py {name}", place, "django", says or symbol.doc, "", tuple(options))


# ---------------------------------------------------------------------------------- others


def _go(sheet: Sheet) -> Iterator[CommandFact]:
    code = sheet.code
    for index, token in enumerate(code.tokens[:-1]):
        if token.text != "Command" or code.tokens[index + 1].text != "{" or index < 2:
            continue
        owner = code.tokens[index - 2].text
        if owner not in ("cobra", "cli"):
            continue
        given = {each.key: each for each in code.items_between(index + 1)}
        use = code.text(given.get("Use") or given.get("Name"))
        if not use:
            continue
        says = code.text(given.get("Short") or given.get("Usage")) or ""
        runs = code.name_of(given.get("RunE") or given.get("Run") or given.get("Action"))
        place = Place(sheet.path, token.line, token.line + 3, sheet.mark)
        yield CommandFact(use.split()[0], place, "cobra" if owner == "cobra" else "urfave/cli", says, runs)


def _java(sheet: Sheet) -> Iterator[CommandFact]:
    code = sheet.code
    for call in code.calls("Command", "ShellMethod"):
        if call.starts < 1 or code.tokens[call.starts - 1].text != "@":
            continue
        by_key = {each.key: each for each in call.arguments}
        name = code.text(by_key.get("name") or by_key.get("key"))
        texts = code.texts(by_key.get("description") or by_key.get("value") or by_key.get(""))
        if not name:
            continue
        place = Place(sheet.path, call.line, code.tokens[call.closes].line, sheet.mark)
        framework = "picocli" if call.name == "Command" else "spring shell"
        yield CommandFact(name, place, framework, " ".join(texts))


def _php(sheet: Sheet) -> Iterator[CommandFact]:
    code = sheet.code
    says = next(
        (code.value(each.first, each.first) for each in code.assigned() if each.name == "$description"), None
    )
    for each in code.assigned():
        if each.name in ("$signature", "$defaultName"):
            signature = code.value(each.first, each.first)
            if signature:
                options = tuple(f"{dash}{word}" for dash, word in _SIGNATURE.findall(signature))
                place = Place(sheet.path, each.line, each.line, sheet.mark)
                framework = "laravel" if each.name == "$signature" else "symfony"
                yield CommandFact(signature.split()[0], place, framework, says or "", "", options)
    for call in code.calls("command", "AsCommand"):
        name = code.text(call.arguments[0]) if call.arguments else None
        if name and (call.receiver == "Artisan" or call.name == "AsCommand"):
            place = Place(sheet.path, call.line, call.line, sheet.mark)
            framework = "laravel" if call.receiver else "symfony"
            yield CommandFact(name.split()[0], place, framework)


def _ruby(sheet: Sheet) -> Iterator[CommandFact]:
    spaces: list[tuple[int, str]] = []
    says = ""
    for number, line in enumerate(sheet.lines, 1):
        indent = len(line) - len(line.lstrip())
        while spaces and line.strip() and indent <= spaces[-1][0] and line.strip() != "end":
            spaces.pop()
        space = re.match(r"^\s*namespace[ (]+:?['\"]?([\w-]+)", line)
        desc = re.match(r"^\s*desc[ (]+['\"](.+?)['\"]", line)
        task = re.match(r"^\s*task[ (]+:?['\"]?([\w-]+)", line)
        if space is not None:
            spaces.append((indent, space[1]))
        elif desc is not None:
            says = desc[1]
        elif task is not None:
            name = ":".join((*(each for _, each in spaces), task[1]))
            yield CommandFact(f"rake {name}", Place(sheet.path, number, number, sheet.mark), "rake", says)
            says = ""


def _script(sheet: Sheet) -> Iterator[CommandFact]:
    code = sheet.code
    if not re.search(r"\b(?:commander|yargs|cac|oclif|sade)\b", sheet.text):
        return
    for call in code.calls("command"):
        name = code.text(call.arguments[0]) if call.arguments else None
        if name:
            says = code.text(call.arguments[1]) if len(call.arguments) > 1 else None
            place = Place(sheet.path, call.line, call.line, sheet.mark)
            yield CommandFact(name.split()[0], place, "commander", says or "")


def _csharp(sheet: Sheet) -> Iterator[CommandFact]:
    code = sheet.code
    for call in code.calls("Command"):
        name = code.text(call.arguments[0]) if call.arguments else None
        if name and code.tokens[call.starts - 1].text == "new":
            says = code.text(call.arguments[1]) if len(call.arguments) > 1 else None
            place = Place(sheet.path, call.line, call.line, sheet.mark)
            yield CommandFact(name, place, "System.CommandLine", says or "")


def _json_scripts(sheet: Sheet, tool: str) -> Iterator[CommandFact]:
    try:
        scripts = json.loads(sheet.text).get("scripts", {})
    except (ValueError, AttributeError, RecursionError):
        return
    if not isinstance(scripts, dict):
        return
    begins = next((n for n, line in enumerate(sheet.lines) if re.match(r'^\s*"scripts"\s*:', line)), 0)
    for name, runs in scripts.items():
        if not isinstance(runs, (str, list)):
            continue
        wanted = json.dumps(name, ensure_ascii=False)
        at = next(
            (n for n in range(begins, len(sheet.lines)) if sheet.lines[n].lstrip().startswith(wanted)), begins
        )
        place = Place(sheet.path, at + 1, at + 1, sheet.mark)
        text = runs if isinstance(runs, str) else "; ".join(str(each) for each in runs)
        prefix = "npm run" if tool == "npm" else "composer"
        yield CommandFact(f"{prefix} {name}", place, tool, "", text)


def _console_scripts(sheet: Sheet) -> Iterator[CommandFact]:
    inside = False
    for number, line in enumerate(sheet.lines, 1):
        head = re.match(r"^\s*\[(.+?)\]\s*$", line)
        if head is not None:
            inside = head[1] in ("project.scripts", "tool.poetry.scripts", "project.gui-scripts")
            continue
        if re.match(r"^\s*(?:console_scripts|gui_scripts)\s*=", line):
            inside = True
        found = re.match(r"^\s*[\"']?([\w.-]+)[\"']?\s*=\s*[\"']?([\w.]+:[\w.]+)", line)
        if inside and found is not None:
            place = Place(sheet.path, number, number, sheet.mark)
            yield CommandFact(found[1], place, "console script", "", found[2])


def _targets(sheet: Sheet) -> Iterator[CommandFact]:
    seen: set[str] = set()
    for number, line in enumerate(sheet.lines, 1):
        found = _TARGET.match(line.partition("##")[0].rstrip() if "##" in line else line)
        if found is None:
            continue
        says = _HELP.search(line)
        before = sheet.lines[number - 2].strip() if number > 1 else ""
        comment = (
            says[1] if says is not None else before.lstrip("#").strip() if before.startswith("#") else ""
        )
        recipe = (
            sheet.lines[number].strip()
            if number < len(sheet.lines) and sheet.lines[number].startswith("\t")
            else ""
        )
        for name in found[1].split():
            if "/" in name or "." in name or name in seen:
                continue
            seen.add(name)
            place = Place(sheet.path, number, number, sheet.mark)
            yield CommandFact(f"make {name}", place, "make", comment, recipe.lstrip("@-"))


def _recipes(sheet: Sheet) -> Iterator[CommandFact]:
    for number, line in enumerate(sheet.lines, 1):
        found = re.match(r"^([a-zA-Z][\w-]*)[^:=]*:(?!=)", line)
        if found is not None:
            before = sheet.lines[number - 2].strip() if number > 1 else ""
            says = before.lstrip("#").strip() if before.startswith("#") else ""
            yield CommandFact(f"just {found[1]}", Place(sheet.path, number, number, sheet.mark), "just", says)
