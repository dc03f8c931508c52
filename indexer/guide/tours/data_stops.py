"""The stops on what is kept and set: where data lives, what can be set."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from indexer.answer.flow import own_words
from indexer.answer.inquiry import CALLABLE, listed, shown_place
from indexer.guide.remarks import remark_on
from indexer.guide.tours import counting
from indexer.guide.tours.depended import stood_for
from indexer.guide.tours.ground import MIGRATION, AreaFile, Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.reasons_near import first_words
from indexer.index.symbols import FoundSymbol, definitions_in, symbol_at
from indexer.shapes.onboarding import StepKind
from indexer.types import Citation, FileMark, Section, SymbolKind

SHOWN: Final = 5
ENOUGH: Final = 3
"""Variables with a remark on them, beside which the bare names of others tell nothing."""
TELLING: Final = 5
"""Words from which what a model says of itself is worth asking for."""
_KINDS_OF_DATA: Final = ("kind of stored data is", "kinds of stored data are")
_MODEL_BASES: Final = (
    "Model", "models.Model", "db.Model", "DeclarativeBase", "ActiveRecord", "ApplicationRecord", "Document",
    "TimeStampedModel", "MP_Node", "EmbeddedDocument", "SQLModel", "JpaRepository", "CrudRepository",
    "PagingAndSortingRepository", "DbContext", "Entity",
)  # fmt: skip
_TRIAL: Final = re.compile(r"(?:sandbox|playground)/")
"""A site to try the system with, beside it."""

_ENTITY: Final = re.compile(
    r"@(?:Entity|Table|Document|MappedSuperclass)\b|`[^`]*\b(?:xorm|gorm|db|bson):\"|__tablename__\s*="
    r"|\bCREATE TABLE\b|\bcreate_table\b",
    re.I,
)
_SCHEMA: Final = re.compile(r"(?:^|/)(?:schema|structure|ddl)[^/]*\.(?:sql|rb|prisma|graphql)$|\.sql$", re.I)
_SETTINGS: Final = re.compile(
    r"(?:^|/)(?:settings|defaults?|config(?:uration)?|conf|options|environment|env)"
    r"(?:[.-]\w+)*\.(?:py|ini|cfg|ya?ml|properties|toml|json|go|rb|ts|js|conf)$"
    r"|(?:^|/)(?:application|app)(?:[.-]\w+)*\.(?:ini|cfg|ya?ml|properties|toml|conf)$|(?:^"
    r"|/)\.env\.(?:example|sample)$",
    re.I,
)


def data(ground: Ground) -> Laid | None:
    """Tell where the data lives: models, tables, schemas, migrations."""
    laid = Laid(ground, StepKind.DATA, "data", "Where the data lives")
    tables = {each.model: each.name for each in ground.inventory.tables if each.model}
    described = _of_tables(ground)
    declared = [] if described else _declared(ground)
    models = described or ([] if declared else _models(ground))
    migrations = [
        each
        for each in ground.files
        if MIGRATION.search(each.path)
        # Most of them are generated, and all of them are steps.
        and not each.marks & ~FileMark.GENERATED & ground.minor
        and (each.defines or each.path.endswith(".sql"))
        and not each.path.endswith("__init__.py")
    ]
    schemas = [
        each
        for each in ground.files
        if _SCHEMA.search(each.path) and not MIGRATION.search(each.path) and not each.marks & ground.minor
    ]
    schemas.sort(key=lambda each: ("schema" not in each.path.lower(), each.path))
    if not models and not declared and not migrations and not schemas:
        return None
    if declared:
        _say_declared(laid, declared)
    if models:
        homes = Counter(each.path for each in models)
        many = len(ground.inventory.tables) if described else len(models)
        one, more = ("table is", "tables are") if described else _KINDS_OF_DATA
        laid.fact(
            f"{many} {one if many == 1 else more} described in code, most of them in"
            f" {listed([path for path, _ in homes.most_common(3)])}.",
            "types that are models, entities or tables",
            [shown_place(each.path, each.name_line) for each in models],
        )
    for symbol in models[:SHOWN]:
        meant = stood_for(ground, symbol)
        says, proof = own_words(laid.inquiry, meant)
        table = tables.get(symbol.name, "")
        kept = f", the table `{table}`" if table and table != symbol.name else ""
        made = f", made of `{meant.qualified}` in {meant.path}" if meant.path != symbol.path else ""
        laid.page.tell(
            Section.WHAT,
            f"`{symbol.qualified}`{kept}, {shown_place(symbol.path, symbol.name_line)}{made}"
            + (f": “{says}”" if says else "."),
            [laid.inquiry.signature(symbol), proof],
        )
        laid.introduces.append(f"{meant.path}#{meant.qualified}")
    if migrations:
        folders = Counter(each.path.rpartition("/")[0] for each in migrations)
        laid.fact(
            f"{counting.files(len(migrations))} change{'s' if len(migrations) == 1 else ''} the schema step"
            f" by step, in {listed([f'`{each}/`' for each, _ in folders.most_common(3)])}"
            + (" and elsewhere." if len(folders) > 3 else "."),
            "files of migrations",
            [shown_place(each.path, 1) for each in migrations[:10]],
        )
    if schemas:
        laid.fact(
            f"Tables are written as SQL in {listed([each.path for each in schemas[:3]])}"
            + (f" and {len(schemas) - 3} more files." if len(schemas) > 3 else "."),
            "files of SQL",
            [shown_place(each.path, 1) for each in schemas[:10]],
        )
    for symbol in models[:2]:
        laid.read_symbol(stood_for(ground, symbol))
    for each in schemas[: 1 if models or declared else 2]:
        laid.read_head(each.path, each.path)
    for symbol in models[:SHOWN]:
        says, proof = own_words(laid.inquiry, stood_for(ground, symbol))
        if len(says.split()) >= TELLING and proof is not None:
            laid.ask(
                f"In a sentence of your own: what does `{symbol.name}` hold?", f"It says: “{says}”", [proof]
            )
            break
    if not laid.asked:
        _ask_place(laid, models, tables, declared)
    return laid


def settings(ground: Ground) -> Laid | None:
    """Tell what can be set, and where it is read."""
    laid = Laid(ground, StepKind.SETTINGS, "settings", "What can be set, and where")
    files = [
        each
        for each in ground.files
        if _SETTINGS.search(each.path)
        and not each.marks & (ground.minor & ~FileMark.CONFIGURATION)
        and not each.path.startswith((".github/", "docs/", "."))
        and each.lines > 5
    ]
    files.sort(key=lambda each: (-each.used_by, each.path.count("/"), -each.lines))
    for file in files[:3]:
        says = first_words(ground, file.path)
        keys = _keys(ground, file)
        used = f", taken in by {counting.files(file.used_by)}" if file.used_by else ""
        named = f"; it sets {listed([f'`{key}`' for key in keys[:4]])}" if keys else ""
        laid.fact(
            f"`{file.path}` ({file.lines} lines{used}){named}." + (f" It says: “{says[0]}”" if says else ""),
            f"names that {file.path} defines",
            [shown_place(file.path, 1)],
            [says[1]] if says else [],
        )
        laid.introduces.append(file.path)
    variables = _variables(ground)
    told: list[tuple[str, str, int, tuple[str, Citation]]] = []
    if variables:
        told = _say_variables(laid, variables)
    if not laid.page.statements:
        return None
    for file in files[:2]:
        laid.read_head(file.path, file.path)
    if told:
        name, path, line, said = told[0]
        laid.ask(
            f"What does the environment variable `{name}` set, and where is it read?",
            f"“{said[0]}”; in {shown_place(path, line)}.",
            [ground.sources.span(path, line, line), said[1]],
        )
    elif files and (keys := _keys(ground, files[0])):
        laid.ask(
            f"In which file is `{keys[0]}` set, and what else is set there?",
            f"In {files[0].path}: {listed([f'`{key}`' for key in keys[:4]])}"
            f"{' and more' if len(keys) > len(keys[:4]) else ''}.",
            [ground.sources.span(files[0].path, 1, 1)],
        )
    elif variables:
        name, path, line = variables[0]
        laid.ask(
            f"In which file is the environment variable `{name}` read, and what is done with it there?",
            f"In {shown_place(path, line)}: `{_line(ground, path, line)}`.",
            [ground.sources.span(path, line, line)],
        )
        laid.read_around(f"{path}, where `{name}` is read", path, line)
    return laid


# ------------------------------------------------------------------------------------ private


def _ask_place(
    laid: Laid,
    models: list[FoundSymbol],
    tables: dict[str, str],
    declared: list[tuple[str, int, str, int]],
) -> None:
    """Ask where something of the data is described, where nothing says of itself what it holds."""
    for symbol in models[:1]:
        table = tables.get(symbol.name, symbol.name)
        laid.ask(
            f"Where is described what a row of `{table}` holds, and what does it hold?",
            f"In `{symbol.qualified}`, {shown_place(symbol.path, symbol.name_line)}.",
            [laid.inquiry.signature(symbol)],
        )
    for name, columns, path, line in declared[:1]:
        laid.ask(
            f"Where is the table `{name}` declared, and what do its columns hold?",
            f"In {shown_place(path, line)}, with {columns} columns.",
            [laid.ground.sources.span(path, line, line)],
        )


def _reader_of(ground: Ground, path: str, line: int) -> str:
    """Return in which function or method a line stands, if in one."""
    file = ground.file(path)
    symbol = symbol_at(ground.reader, file.path_id, line) if file is not None else None
    return f", in `{symbol.qualified}`" if symbol is not None and symbol.kind in CALLABLE else ""


def _line(ground: Ground, path: str, line: int) -> str:
    source = ground.sources.file(path)
    return source.lines[line - 1].strip()[:140] if source is not None and line <= len(source.lines) else ""


def _say_variables(
    laid: Laid, variables: list[tuple[str, str, int]]
) -> list[tuple[str, str, int, tuple[str, Citation]]]:
    """Tell which variables are read, and what is remarked on some where they are read; return these."""
    ground = laid.ground
    said = [(each, remark_on(ground.sources, each[1], each[2])) for each in variables]
    said.sort(key=lambda each: each[1] is None)
    told = [(*each, remark) for each, remark in said[:SHOWN] if remark is not None]
    bare = [each for each, remark in said[:SHOWN] if remark is None] if len(told) < ENOUGH else []
    cited = [ground.sources.span(path, line, line) for _, path, line in bare]
    names = listed(
        [f"`{name}` ({shown_place(path, line)}{_reader_of(ground, path, line)})" for name, path, line in bare]
    )
    more = " and others" if len(variables) > SHOWN else ""
    counted = counting.counted(len(variables), "environment variable is", "environment variables are")
    also = f", such as {names}{more}" if names else ""
    laid.fact(
        f"{counted} read{also}.",
        "reads of environment variables",
        [shown_place(path, line) for _, path, line in variables],
        [each for each in cited if each is not None],
    )
    for name, path, line, (text, proof) in told:
        laid.page.tell(
            Section.WHAT,
            f"`{name}` ({shown_place(path, line)}): “{text}”",
            [ground.sources.span(path, line, line), proof],
        )
    return told


def _declared(ground: Ground) -> list[tuple[str, int, str, int]]:
    """Return the tables that no class of code stands for: name, columns, and where each is declared."""
    found = []
    for table in ground.inventory.tables:
        place = next(
            (each for each in table.citations if each.path and not MIGRATION.search(each.path)), None
        )
        if place is not None and place.path and not table.model:
            found.append((table.name, len(table.columns), place.path, place.start_line))
    return sorted(found, key=lambda each: (-ground.naming(each[0], tests=False), each[2], each[3]))


def _say_declared(laid: Laid, declared: list[tuple[str, int, str, int]]) -> None:
    homes = Counter(path for _, _, path, _ in declared)
    many = len(declared)
    laid.fact(
        f"{many} table{' is' if many == 1 else 's are'} declared in SQL, most of them in"
        f" {listed([path for path, _ in homes.most_common(3)])}.",
        "tables that SQL creates",
        [shown_place(path, line) for _, _, path, line in declared[:20]],
    )
    for name, columns, path, line in declared[:SHOWN]:
        laid.page.tell(
            Section.WHAT,
            f"Table `{name}`, {columns} columns, {shown_place(path, line)}.",
            [laid.ground.sources.span(path, line, line)],
        )
    _, _, path, line = declared[0]
    laid.read_around(path, path, line)


def _models(ground: Ground) -> list[FoundSymbol]:
    holes = ", ".join("?" * len(_MODEL_BASES))
    rows = ground.reader.execute(
        "SELECT DISTINCT e.path_id, r.line FROM reference r"  # noqa: S608
        " JOIN entry e ON e.blob_id = r.blob_id"
        f" WHERE r.kind = 'inherit' AND r.name IN ({holes}) AND e.marks & ? = 0 LIMIT 2000",
        (*_MODEL_BASES, int(ground.minor)),
    ).fetchall()
    wanted: dict[int, set[int]] = {}
    for path_id, line in rows:
        wanted.setdefault(path_id, set()).add(line)
    out: dict[tuple[int, int], FoundSymbol] = {}
    for file in ground.code:
        if MIGRATION.search(file.path):
            continue
        lines = set(wanted.get(file.path_id, ()))
        source = (
            ground.sources.file(file.path)
            if file.language in ("java", "kotlin", "go", "python", "csharp")
            else None
        )
        if source is not None:
            lines |= {
                number
                for number, line in enumerate(source.lines, 1)
                if len(line) < 300 and _ENTITY.search(line)
            }
        if not lines:
            continue
        for symbol in definitions_in(ground.reader, file.path_id):
            if symbol.kind not in (
                SymbolKind.CLASS,
                SymbolKind.STRUCT,
                SymbolKind.INTERFACE,
                SymbolKind.TABLE,
            ):
                continue
            first = (
                symbol.start_line - 4 if file.language in ("java", "kotlin", "csharp") else symbol.start_line
            )
            if symbol.end_line - symbol.start_line >= 3 and any(
                first <= line <= symbol.end_line for line in lines
            ):
                out[symbol.blob_id, symbol.start_line] = symbol
    outer = [each for each in out.values() if "." not in each.qualified or each.kind is not SymbolKind.CLASS]
    ranked = sorted(outer, key=lambda each: (-_meant(ground, each), each.path, each.start_line))
    firsts = {each.name: each for each in reversed(ranked)}
    return [
        *(each for each in ranked if firsts[each.name] is each),
        *(each for each in ranked if firsts[each.name] is not each),
    ]


def _of_tables(ground: Ground) -> list[FoundSymbol]:
    """Return the definitions that the inventory's tables are described by, the most named first."""
    out: list[FoundSymbol] = []
    for table in ground.inventory.tables:
        place = table.citations[0] if table.citations else None
        file = ground.file(place.path) if place is not None and place.path else None
        if place is None or file is None or not table.model or MIGRATION.search(file.path):
            continue
        if _TRIAL.match(file.path) and ground.whole:
            continue
        own = [
            each
            for each in definitions_in(ground.reader, file.path_id)
            if each.name == table.model and each.kind in (SymbolKind.CLASS, SymbolKind.STRUCT)
        ]
        out += own[:1]
    return sorted(out, key=lambda each: (-_meant(ground, each), each.path, each.start_line))


def _meant(ground: Ground, symbol: FoundSymbol) -> int:
    """Return how many files of code name a type, or the one that it is the abstract form of."""
    bare = re.sub(r"^(?:Abstract|Base)(?=[A-Z])", "", symbol.name)
    return max(ground.naming(each, tests=False) for each in {symbol.name, bare})


def _keys(ground: Ground, file: AreaFile) -> list[str]:
    rows = ground.reader.execute(
        "SELECT name FROM symbol WHERE blob_id = ? AND kind IN ('constant', 'variable', 'key', 'property',"
        " 'field')"
        " AND parent = '' ORDER BY start_line LIMIT 12",
        (file.blob_id,),
    ).fetchall()
    return [name for (name,) in rows if len(name) > 2 and not name.startswith("_")]


def _variables(ground: Ground) -> list[tuple[str, str, int]]:
    """Return the environment variables that code reads, with where: what documents name is not read."""
    found = []
    for variable in ground.inventory.variables:
        place = variable.read_in[0] if variable.read_in else ""
        path, _, line = place.rpartition(":")
        file = ground.file(path)
        if line.isdigit() and file is not None and file.blob_id in ground.code_ids:
            found.append((variable.name, path, int(line)))
    return sorted(found, key=lambda each: (not each[1].startswith(_homes(ground)), each[1], each[2]))


def _homes(ground: Ground) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.path.partition("/")[0] for each in ground.code[:10]))
