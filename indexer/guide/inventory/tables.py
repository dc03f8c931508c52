"""Database tables: SQL itself, models of SQLAlchemy, JPA, ActiveRecord, Laravel, and migrations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.guide.inventory.code import Argument, Code
from indexer.guide.inventory.facts import TableFact
from indexer.guide.inventory.routing import Place
from indexer.guide.inventory.sheets import Sheet
from indexer.guide.inventory.tokens import Kind, word
from indexer.shapes.inventory import Column

HINTS: Final[dict[str, re.Pattern[str]]] = {
    "python": re.compile(rf"__tablename__|{word('Table')}\s*\(|create_table\s*\("),
    **dict.fromkeys(("java", "kotlin"), re.compile(r"@Entity\b|@Table\s*\(|@Document\b")),
    "ruby": re.compile(r"\bcreate_table\b"),
    "php": re.compile(r"Schema::create|#\[ORM\\Table|@ORM\\Table"),
    **dict.fromkeys(
        ("javascript", "typescript"),
        re.compile(r"@Entity\(|createTable\s*\(|\.define\s*\(|pgTable\(|sqliteTable\("),
    ),
    "sql": re.compile(r"(?i)\b(?:create|alter)\s+(?:\w+\s+){0,3}table\b"),
    "csharp": re.compile(r"CreateTable\s*\(|\[Table\("),
    "go": re.compile(r"\bgorm\.Model\b|gorm:\""),
}
_CREATE: Final = re.compile(
    r"(?i)\b(create|alter)\s+(?:(?:global|local|temporary|temp|unlogged|external|foreign)\s+)*table\s+"
    r"(?:if\s+(?:not\s+)?exists\s+|only\s+)?([\w.$\"`\[\]]+)"
)
_RAILS_RULE: Final = "Its columns beside these follow Rails' rules (id; timestamps)."
_JPA_RULE: Final = "Its name follows from the class; the code does not write it."
_SQL_WORDS: Final = frozenset(
    [
        "primary",
        "foreign",
        "unique",
        "constraint",
        "check",
        "key",
        "index",
        "exclude",
        "like",
        "fulltext",
        "spatial",
        "period",
        "partition",
        "using",
    ]
)


def read(sheet: Sheet) -> Iterator[TableFact]:
    """Yield the tables of a file."""
    readers = {
        "python": _python, "java": _jpa, "kotlin": _jpa, "ruby": _rails, "php": _laravel,
        "javascript": _script, "typescript": _script, "sql": _sql, "csharp": _csharp, "go": _go,
    }  # fmt: skip
    yield from readers[sheet.language](sheet)


def _place(sheet: Sheet, first: int, last: int = 0) -> Place:
    return Place(sheet.path, first, max(first, last), sheet.mark)


def _is_migration(path: str) -> bool:
    return (
        re.search(r"(?:^|/)(?:migrations?|migrate|versions|changelog|db/changes)/|/V\d[\d_.]*__", path)
        is not None
    )


# ---------------------------------------------------------------------------------- SQL


def _sql(sheet: Sheet) -> Iterator[TableFact]:
    text = "\n".join(re.sub(r"--.*$", "", line) for line in sheet.lines)
    migration = _is_migration(sheet.path)
    for found in _CREATE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        name = re.sub(r"[\"`\[\]]", "", found[2])
        if found[1].lower() == "alter":
            yield TableFact(name, _place(sheet, line), "sql", migration=migration, changes=True)
            continue
        opens = text.find("(", found.end())
        columns: tuple[Column, ...] = ()
        if 0 <= opens - found.end() < 40 and not re.search(r"(?i)\bas\b", text[found.end() : opens]):
            columns = tuple(_sql_columns(text, opens))
        yield TableFact(name, _place(sheet, line), "sql", "", columns, migration=migration)


def _sql_columns(text: str, opens: int) -> Iterator[Column]:
    depth, begins, at, quote = 0, opens + 1, opens, ""
    limit = min(len(text), opens + 60_000)
    while at < limit:
        letter = text[at]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"`":
            quote = letter
        elif letter == "(":
            depth += 1
        elif letter == ")" or (letter == "," and depth == 1):
            if letter == ")":
                depth -= 1
            if depth == 0 or letter == ",":
                made = _sql_column(text[begins:at])
                if made is not None:
                    yield made
                begins = at + 1
            if depth == 0:
                return
        at += 1


def _sql_column(piece: str) -> Column | None:
    found = re.match(r"\s*[\"`\[]?([\w$]+)[\"`\]]?\s+([\w]+(?:\s*\([^)]*\))?)", piece)
    if found is None or found[1].lower() in _SQL_WORDS:
        return None
    refers = re.search(r"(?i)\breferences\s+[\"`\[]?([\w.]+)", piece)
    return Column(found[1], " ".join(found[2].split()), refers[1] if refers is not None else "")


# ---------------------------------------------------------------------------------- Python


def _python(sheet: Sheet) -> Iterator[TableFact]:
    code = sheet.code
    for each in code.assigned():
        if each.name != "__tablename__":
            continue
        name = code.value(each.first, each.first)
        owner = sheet.class_at(each.line)
        if name and owner is not None:
            columns = tuple(_alchemy_columns(sheet, owner.start_line, owner.end_line))
            yield TableFact(
                name, _place(sheet, owner.name_line, each.line), "sqlalchemy", owner.name, columns
            )
    for call in code.calls("Table", "create_table"):
        name = code.text(call.arguments[0]) if call.arguments else None
        if not name or "{?}" in name or (call.name == "Table" and len(call.arguments) < 2):
            continue
        found: list[Column] = []
        for argument in call.arguments[1:]:
            inner = code.called(argument)
            if inner is not None and inner.name == "Column" and inner.arguments:
                found.append(_alchemy_column(code, code.text(inner.arguments[0]) or "", inner.arguments[1:]))
        if call.name == "Table" and not found:
            continue
        migration = call.name == "create_table"
        framework = "alembic" if migration else "sqlalchemy"
        yield TableFact(name, _place(sheet, call.line), framework, "", tuple(found), migration=migration)


def _alchemy_columns(sheet: Sheet, first: int, last: int) -> Iterator[Column]:
    code = sheet.code
    for each in code.assigned():
        if not first < each.line <= last or code.tokens[each.first].kind is not Kind.NAME:
            continue
        call = code.call_at(code.name_end(each.first))
        if call is None or call.name not in ("Column", "mapped_column"):
            continue
        arguments = call.arguments
        named = (
            code.text(arguments[0])
            if arguments and code.tokens[arguments[0].first].kind is Kind.STRING
            else None
        )
        yield _alchemy_column(code, named or each.name, arguments[1:] if named else arguments)


def _alchemy_column(code: Code, name: str, arguments: tuple[Argument, ...]) -> Column:
    type_, refers = "", ""
    for each in arguments:
        call = code.called(each)
        if call is not None and call.name == "ForeignKey" and call.arguments:
            refers = code.text(call.arguments[0]) or code.shown(call.arguments[0])
        elif not each.key and not type_ and (call is None or call.name[:1].isupper()):
            type_ = code.shown(each)
    return Column(name, type_, refers)


# ---------------------------------------------------------------------------------- JVM


def _jpa(sheet: Sheet) -> Iterator[TableFact]:
    code = sheet.code
    for index, token in enumerate(code.tokens[:-2]):
        if token.text != "@" or code.tokens[index + 1].text not in ("Entity", "Document"):
            continue
        owner = next(
            (
                each
                for each in sheet.definitions
                if each.kind in ("class", "interface")
                and each.start_line <= token.line + 12
                and each.name_line >= token.line
            ),
            None,
        )
        if owner is None:
            continue
        name = ""
        for call in code.calls("Table", "Entity", "Document"):
            if token.line - 12 <= call.line <= owner.name_line and code.tokens[call.starts - 1].text == "@":
                given = next(
                    (each for each in call.arguments if each.key in ("name", "value", "collection", "")), None
                )
                written = code.text(given)
                if written and (call.name != "Entity" or not name):
                    name = written
        columns = tuple(_jpa_columns(sheet, owner.name_line, owner.end_line))
        shown = name or owner.name
        yield TableFact(
            shown, _place(sheet, token.line, owner.name_line), "jpa", owner.name, columns, bool(name),
            unknown=() if name else (_JPA_RULE,),
        )  # fmt: skip


_FIELD: Final = re.compile(
    r"^\s*(?:private|protected|public)\s+(?!static\b)(?:final\s+)?([\w.<>\[\], ?]+?)\s+(\w+)\s*(?:=.*)?;\s*$"
)


def _jpa_columns(sheet: Sheet, first: int, last: int) -> Iterator[Column]:
    for number in range(first, min(last, len(sheet.lines))):
        found = _FIELD.match(sheet.lines[number])
        if found is None:
            continue
        above: list[str] = []
        at = number - 1
        while at >= first and (
            sheet.lines[at].lstrip().startswith("@") or sheet.lines[at].rstrip().endswith((",", "("))
        ):
            above.append(sheet.lines[at])
            at -= 1
        notes = " ".join(above)
        if "@Transient" in notes or "mappedBy" in notes or "@OneToMany" in notes or "@ManyToMany" in notes:
            continue
        named = re.search(r"@(?:Join)?Column\s*\((?:[^)]*?\bname\s*=\s*)?\"(\w+)\"", notes)
        relation = "@ManyToOne" in notes or "@OneToOne" in notes
        yield Column(named[1] if named is not None else found[2], found[1], found[1] if relation else "")


# ---------------------------------------------------------------------------------- others


def _rails(sheet: Sheet) -> Iterator[TableFact]:
    migration = _is_migration(sheet.path)
    for number, line in enumerate(sheet.lines, 1):
        found = re.match(r"^(\s*)create_table[ (]+[:\"']([\w.]+)", line)
        if found is None:
            continue
        columns: list[Column] = []
        for inner in sheet.lines[number:]:
            if re.match(rf"^{found[1]}end\b", inner):
                break
            column = re.match(r"^\s*\w+\.(\w+)[ (]+[:\"'](\w+)", inner)
            if column is not None and column[1] not in ("index", "foreign_key", "check_constraint"):
                relation = column[1] in ("references", "belongs_to")
                name = f"{column[2]}_id" if relation else column[2]
                columns.append(Column(name, column[1], column[2] if relation else ""))
        yield TableFact(
            found[2],
            _place(sheet, number),
            "rails",
            "",
            tuple(columns),
            migration=migration,
            unknown=(_RAILS_RULE,),
        )


def _laravel(sheet: Sheet) -> Iterator[TableFact]:
    code = sheet.code
    for call in code.calls("create"):
        if call.receiver != "Schema" or not call.arguments:
            continue
        name = code.text(call.arguments[0])
        if not name:
            continue
        columns: list[Column] = []
        for inner in code.calls():
            if not call.opens < inner.at < call.closes or inner.receiver != "$table" or inner.on >= 0:
                continue
            column = code.text(inner.arguments[0]) if inner.arguments else None
            if inner.name in ("foreign", "index", "unique", "primary", "dropColumn", "engine"):
                continue
            columns.append(Column(column or inner.name, inner.name))
        yield TableFact(name, _place(sheet, call.line), "laravel", "", tuple(columns), migration=True)


def _script(sheet: Sheet) -> Iterator[TableFact]:
    code = sheet.code
    for call in code.calls("Entity", "createTable", "define", "pgTable", "sqliteTable", "mysqlTable"):
        name = code.text(call.arguments[0]) if call.arguments else None
        if call.name == "Entity" and code.tokens[call.starts - 1].text == "@":
            owner = next(
                (each for each in sheet.definitions if each.kind == "class" and each.name_line >= call.line),
                None,
            )
            if owner is not None:
                yield TableFact(
                    name or owner.name,
                    _place(sheet, call.line, owner.name_line),
                    "typeorm",
                    owner.name,
                    (),
                    bool(name),
                    unknown=() if name else (_JPA_RULE,),
                )
        elif name and (call.name != "define" or call.receiver.endswith("equelize")):
            columns: tuple[Column, ...] = ()
            if len(call.arguments) > 1 and code.tokens[call.arguments[1].first].text == "{":
                columns = tuple(
                    Column(each.key, code.shown(Argument("", each.first, each.last), 40))
                    for each in code.items(call.arguments[1])
                    if each.key
                )
            framework = {"createTable": "knex", "define": "sequelize"}.get(call.name, "drizzle")
            yield TableFact(
                name, _place(sheet, call.line), framework, "", columns, migration=call.name == "createTable"
            )


def _csharp(sheet: Sheet) -> Iterator[TableFact]:
    code = sheet.code
    for call in code.calls("CreateTable", "Table"):
        given = next((each for each in call.arguments if each.key in ("", "name")), None)
        name = code.text(given)
        if name and (call.name == "CreateTable" or code.tokens[call.starts - 1].text == "["):
            yield TableFact(
                name, _place(sheet, call.line), "entity framework", migration=call.name == "CreateTable"
            )


def _go(sheet: Sheet) -> Iterator[TableFact]:
    for symbol in sheet.definitions:
        if symbol.kind != "struct":
            continue
        body = sheet.lines[symbol.start_line - 1 : symbol.end_line]
        if not any("gorm:" in line or "gorm.Model" in line for line in body):
            continue
        columns = []
        for line in body[1:]:
            found = re.match(r"^\s*(\w+)\s+([\w.*\[\]]+)\s*(`.*`)?", line)
            if found is not None and found[1] != "gorm":
                named = re.search(r"column:(\w+)", line)
                columns.append(Column(named[1] if named is not None else found[1], found[2]))
        rule = "Its name follows gorm's rule (plural of the struct's name); the code may give another."
        yield TableFact(
            symbol.name,
            _place(sheet, symbol.name_line),
            "gorm",
            symbol.name,
            tuple(columns),
            False,
            unknown=(rule,),
        )
