"""The stop on what is kept: where the data lives."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

from indexer.answer.inquiry import listed, shown_place
from indexer.answer.way import own_words
from indexer.guide.tours import counting
from indexer.guide.tours.depended import stood_for
from indexer.guide.tours.ground import MIGRATION, Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.pointing import Pointed, alternative, pointed_to
from indexer.guide.tours.reasons_near import first_words
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.shapes.onboarding import StepKind
from indexer.types import FileMark, Section, SymbolKind

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


def data(ground: Ground) -> Laid | None:
    """Tell where the data lives: models, tables, schemas, migrations."""
    laid = Laid(ground, StepKind.DATA, "data", "Where the data lives")
    pointed = pointed_to(ground.inventory.tables)
    tables = _tables_of(ground, pointed)
    described = _of_tables(ground, pointed)
    declared = [] if described else _declared(ground, pointed)
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
        _say_declared(laid, declared, pointed)
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
        _say_alternative(laid, models)
    for symbol in models[:SHOWN]:
        meant = stood_for(ground, symbol)
        says, proof = own_words(laid.inquiry, meant)
        table = tables.get((symbol.path, symbol.name), "")
        kept = f", the table `{table}`" if table and table != symbol.name else ""
        made = f", made of `{meant.qualified}` in {meant.path}" if meant.path != symbol.path else ""
        laid.page.tell(
            Section.WHAT,
            f"`{symbol.qualified}`{kept}, {shown_place(symbol.path, symbol.name_line)}{made}"
            + pointed.get(table, Pointed()).told()
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
    # Where a table is declared is read already.
    known = {path for _, _, path, _ in declared[:1]}
    for each in [each for each in schemas if each.path not in known][: 1 if models else 2 - len(known)]:
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


# ------------------------------------------------------------------------------------ private


def _ask_place(
    laid: Laid,
    models: list[FoundSymbol],
    tables: dict[tuple[str, str], str],
    declared: list[tuple[str, int, str, int]],
) -> None:
    """Ask where something of the data is described, where nothing says of itself what it holds."""
    for symbol in models[:1]:
        table = tables.get((symbol.path, symbol.name), symbol.name)
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


def _tables_of(ground: Ground, pointed: Mapping[str, Pointed]) -> dict[tuple[str, str], str]:
    """Return the names of the tables that classes stand for, by the file and the name of the class."""
    found = {}
    for table in sorted(ground.inventory.tables, key=lambda each: pointed[each.name].weight):
        if table.model and table.citations and table.citations[0].path:
            found[table.citations[0].path, table.model] = table.name
    return found


def _say_alternative(laid: Laid, models: list[FoundSymbol]) -> None:
    """Say that all of it belongs to one of several ways to store, where it does, in the words of that one."""
    found = alternative(laid.ground, [each.path for each in models])
    if found is None:
        return
    says = next(
        (
            each
            for name in ("__init__.py", "index.js", "index.ts", "doc.go", "README.md")
            if (each := first_words(laid.ground, f"{found.package}/{name}")) is not None
        ),
        None,
    )
    laid.fact(
        f"All of it belongs to `{found.package}/`, one of {len(found.places)} alternatives in"
        f" `{found.beside}/`: each has a class `…{found.word}` that builds on another."
        + (f" It says of itself: “{says[0]}”" if says else ""),
        f"classes in {found.beside}/ that build on a {found.word}",
        list(found.places),
        [says[1]] if says else [],
    )


def _declared(ground: Ground, pointed: Mapping[str, Pointed]) -> list[tuple[str, int, str, int]]:
    """Return the tables that no class of code stands for: name, columns, and where each is declared."""
    found = []
    for table in ground.inventory.tables:
        place = next(
            (each for each in table.citations if each.path and not MIGRATION.search(each.path)), None
        )
        if place is not None and place.path and not table.model:
            found.append((table.name, len(table.columns), place.path, place.start_line))
    return sorted(
        found,
        key=lambda each: (-pointed[each[0]].weight, -ground.naming(each[0], tests=False), each[2], each[3]),
    )


def _say_declared(
    laid: Laid, declared: list[tuple[str, int, str, int]], pointed: Mapping[str, Pointed]
) -> None:
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
            f"Table `{name}`, {columns} columns, {shown_place(path, line)}{pointed[name].told()}.",
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


def _of_tables(ground: Ground, pointed: Mapping[str, Pointed]) -> list[FoundSymbol]:
    """Return the definitions that the inventory's tables are described by, first those that the most other
    tables point to, then the most named.
    """
    out: list[tuple[int, FoundSymbol]] = []
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
        out += [(pointed[table.name].weight, each) for each in own[:1]]
    out.sort(key=lambda each: (-each[0], -_meant(ground, each[1]), each[1].path, each[1].start_line))
    return [each for _, each in out]


def _meant(ground: Ground, symbol: FoundSymbol) -> int:
    """Return how many files of code name a type, or the one that it is the abstract form of."""
    bare = re.sub(r"^(?:Abstract|Base)(?=[A-Z])", "", symbol.name)
    return max(ground.naming(each, tests=False) for each in {symbol.name, bare})
