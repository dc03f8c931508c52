"""Which uses of a name can mean a definition of this repository, and which are certainly another's.

`@click.group()` is no use of a class `group` of one's own, and `request.execute()` none of a pool's method.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.answer.declared import types_written
from indexer.guide.tours.ground import Ground
from indexer.index.calls import ITSELF, form_of, knows_imports
from indexer.index.symbols import FoundReference, FoundSymbol, references_to, symbol_at
from indexer.types import FileMark, ReferenceKind

SEEN: Final = 2_000
"""Uses of one name that are looked at; a name with more is of no one thing."""

GIVEN_TO: Final = 2
"""Files that give a name to what a class makes, from which a call on that name is one of the class."""

NAMED: Final = (
    ReferenceKind.CALL,
    ReferenceKind.INHERIT,
    ReferenceKind.TYPE,
    ReferenceKind.USE,
    ReferenceKind.EXECUTE,
    ReferenceKind.COPY,
)
_CALLED: Final = (ReferenceKind.CALL, ReferenceKind.EXECUTE, ReferenceKind.USE)
_PACKAGED: Final = frozenset(("go", "java", "kotlin", "scala", "groovy"))
"""Languages in which the files of one folder see each other's names."""
TWO_WORDS: Final = re.compile(r"[A-Za-z0-9]_[A-Za-z]|[a-z0-9][A-Z]")
"""A name of more words than one is seldom one that libraries bear too."""


class Uses:
    """Looks at the lines that write a name; what it learnt of a file it keeps."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._imports: dict[int, dict[str, list[str]]] = {}
        self._inside: dict[str, bool] = {}
        self._made: dict[str, frozenset[str]] = {}
        self._stems: str | None = None

    def of(self, symbol: FoundSymbol, name: str) -> list[FoundReference]:
        """Return the uses of a definition at the top of its file under ``name``, those in code first."""
        return [
            each
            for each in references_to(self._ground.reader, name, SEEN, NAMED)
            if each.name == name and self._may_mean(each, symbol)
        ]

    def calls(self, method: FoundSymbol) -> list[FoundReference]:
        """Return the calls that can mean a method or function, by what they are written on; none from within
        itself.
        """
        return [
            each
            for each in references_to(self._ground.reader, method.name, SEEN, _CALLED)
            if each.name == method.name
            and not (each.blob_id == method.blob_id and each.inside == method.qualified)
            and self._calls(each, method)
        ]

    def reaching(self, method: FoundSymbol) -> FoundReference | None:
        """Return a call that reaches a method or function: one in code of the system, else one that a
        document or an example shows; None where nothing but tests calls it.
        """
        found = [each for each in self.calls(method) if not each.marks & FileMark.TEST]
        found = found or self._handed(method)
        own = [each for each in found if not each.marks & self._ground.minor]
        shown = [each for each in found if each.marks & (FileMark.DOCUMENTATION | FileMark.EXAMPLE)]
        return next(iter((*own, *shown)), None)

    def _handed(self, method: FoundSymbol) -> list[FoundReference]:
        """Return where its own file hands a method on to be called later: `HandlerFunc(mux.routeHTTP)`."""
        source = self._ground.sources.file(method.path)
        given = re.compile(rf"[(,]\s*(?:\w+\.)+{re.escape(method.name)}\s*[,)]")
        if source is None or not method.parent or not TWO_WORDS.search(method.name):
            return []
        for number, line in enumerate(source.lines, 1):
            if given.search(line) and not method.start_line <= number <= method.end_line:
                inside = symbol_at(self._ground.reader, method.path_id, number)
                return [
                    FoundReference(
                        method.path_id, method.path, method.blob_id, method.name, ReferenceKind.USE, number,
                        inside.qualified if inside is not None else "", method.rank, method.marks,
                    )
                ]  # fmt: skip
        return []

    def answers_outside(self, method: FoundSymbol) -> bool:
        """Return whether code of others may call a method: its class builds on what is not defined here, or
        a language calls it by its name (`__call__`).
        """
        if method.name.startswith("__") and method.name.endswith("__"):
            return True
        if method.name == "ServeHTTP" and method.path.endswith(".go"):
            return True  # whoever has it is a handler of the standard library's server, and says so nowhere
        row = self._ground.reader.execute(
            "SELECT start_line, name_line FROM symbol WHERE blob_id = ? AND name = ?"
            " AND kind IN ('class', 'struct', 'interface', 'trait') AND start_line <= ? AND end_line >= ?",
            (method.blob_id, method.parent.rpartition(".")[2], method.start_line, method.end_line),
        ).fetchone()
        if row is None:
            return False
        bases = self._ground.reader.execute(
            "SELECT name FROM reference WHERE blob_id = ? AND kind = 'inherit' AND line BETWEEN ? AND ?",
            (method.blob_id, row[0], row[1] + 3),
        ).fetchall()
        return any(not self._defines(name.rpartition(".")[2]) for (name,) in bases if name != "object")

    # ---------------------------------------------------------------------------- private

    def _around(self, each: FoundReference) -> Sequence[str]:
        """Return the lines of the definition that a use stands in, up to it."""
        source = self._ground.sources.file(each.path)
        inside = symbol_at(self._ground.reader, each.path_id, each.line)
        return source.lines[inside.name_line - 1 : each.line] if source and inside else ()

    def _line(self, each: FoundReference) -> str:
        source = self._ground.sources.file(each.path)
        return (
            source.lines[each.line - 1] if source is not None and 0 < each.line <= len(source.lines) else ""
        )

    def _may_mean(self, each: FoundReference, symbol: FoundSymbol) -> bool:
        if each.blob_id == symbol.blob_id:
            return True
        form = form_of(self._line(each), each.name)
        if not form.bare:
            return bool(form.on) and (
                form.on in symbol.path.rpartition(".")[0].split("/") or self._is_module(each, form.on)
            )
        taken = self._taken(each.blob_id).get(each.name)
        if taken is None:
            # Where names are taken in by their names, a bare one that was not is a variable; the files of a
            # package have theirs in common.
            language = self._language(each)
            beside = language in _PACKAGED and _folder(each.path) == _folder(symbol.path)
            return beside or not knows_imports(language) or self._takes_all(each.blob_id)
        return any(self._is_own(module) for module in taken)

    def _calls(self, each: FoundReference, method: FoundSymbol) -> bool:
        if not method.parent:
            return self._may_mean(each, method)
        form = form_of(self._line(each), each.name)
        parent = method.parent.rpartition(".")[2]
        if form.bare:
            return each.blob_id == method.blob_id and not knows_imports(self._language(each))
        if form.on in ITSELF:
            around = each.inside.rpartition(".")[0]
            if each.blob_id == method.blob_id:
                return around == method.parent or not around
            return parent in self._bases(each)
        if form.on and (fits(form.on, parent) or form.on in self.called_by(parent)):
            return True
        if form.on and form.on in self._taken(each.blob_id):
            return False
        if self._language(each) == "go" and method.name[:1].isupper():
            # Whoever has an interface's methods is one, and says so nowhere; `h http.Handler` may be any.
            kinds = {form.on} if form.made or not form.on else set(types_written(self._around(each), form.on))
            return not kinds or parent in kinds
        # What an object is at run time does not stand in the code: a name that only this has is its own.
        return bool(TWO_WORDS.search(method.name)) and self._alone(method)

    def called_by(self, parent: str) -> frozenset[str]:
        """Return the names that files give to what a class makes: ``app`` where it is ``app = Celery()``."""
        known = self._made.get(parent)
        if known is None:
            given = re.compile(rf"(?:^|[\s.(])([A-Za-z_]\w{{2,}})\s*:?=\s*(?:[\w.]+\.)?{re.escape(parent)}\(")
            files: dict[str, set[int]] = {}
            for each in references_to(self._ground.reader, parent, SEEN, (ReferenceKind.CALL,)):
                found = given.search(self._line(each)) if each.name == parent else None
                if found is not None:
                    files.setdefault(found[1], set()).add(each.blob_id)
            known = self._made[parent] = frozenset(
                name for name, where in files.items() if len(where) >= GIVEN_TO
            )
        return known

    def _defines(self, name: str) -> bool:
        row = self._ground.reader.execute(
            "SELECT 1 FROM symbol s JOIN entry e ON e.blob_id = s.blob_id WHERE s.name = ? LIMIT 1", (name,)
        ).fetchone()
        return row is not None

    def _alone(self, method: FoundSymbol) -> bool:
        row = self._ground.reader.execute(
            "SELECT count(*) FROM symbol s JOIN entry e ON e.blob_id = s.blob_id"
            " WHERE s.name = ? AND s.kind NOT IN ('field', 'variable', 'key', 'heading') AND e.marks & ? = 0",
            (method.name, int(self._ground.minor)),
        ).fetchone()
        return int(row[0]) == 1

    def _bases(self, each: FoundReference) -> frozenset[str]:
        rows = self._ground.reader.execute(
            "SELECT name FROM reference WHERE blob_id = ? AND kind = 'inherit'", (each.blob_id,)
        )
        return frozenset(name.rpartition(".")[2] for (name,) in rows)

    def _language(self, each: FoundReference) -> str:
        source = self._ground.sources.file(each.path)
        return source.language if source is not None else ""

    def _taken(self, blob_id: int) -> dict[str, list[str]]:
        """Return the names that a content takes in, each with the modules that it may come from."""
        known = self._imports.get(blob_id)
        if known is None:
            known = {}
            rows = self._ground.reader.execute(
                "SELECT DISTINCT name FROM reference WHERE blob_id = ? AND kind = 'import'", (blob_id,)
            )
            for (name,) in rows:
                module, _, last = str(name).rpartition(".")
                known.setdefault(last or name, []).append(module or str(name))
            self._imports[blob_id] = known
        return known

    def _takes_all(self, blob_id: int) -> bool:
        return any(self._is_own(module) for module in self._taken(blob_id).get("*", ()))

    def _is_module(self, each: FoundReference, on: str) -> bool:
        """Whether a name before a dot is a module of this repository that the file takes in."""
        if self._language(each) == "python" and f"/{on}/" not in self._places:
            return False  # a constant that was taken in: `DEFAULT_PORTS.get`
        return any(
            self._is_own(f"{module}.{on}" if module != on else on)
            for module in self._taken(each.blob_id).get(on, ())
        )

    def _is_own(self, module: str) -> bool:
        """Whether a module is a file or a folder of this repository."""
        if module.startswith(".") or not module:
            return True
        known = self._inside.get(module)
        if known is None:
            path = "/" + module.strip("./").replace("::", "/").replace(".", "/") + "/"
            known = self._inside[module] = path in self._places
        return known

    @property
    def _places(self) -> str:
        """All files of code, without their endings, between slashes: what a module may be a part of."""
        if self._stems is None:
            own = [each for each in self._ground.everything if self._ground.is_major(each)]
            found = {each.path.rpartition(".")[0].removesuffix("/__init__") for each in own}
            self._stems = "\n".join(f"/{each}/" for each in sorted(found))
        return self._stems


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def fits(on: str, parent: str) -> bool:
    """Return whether a name before the dot speaks of a class: ``producer`` of a TaskProducer."""
    said = re.sub(r"[^a-z]", "", on.lower())
    where = re.sub(r"[^a-z]", "", parent.lower())
    return len(said) > 1 and (said in where or (len(said) > 4 and said.rstrip("s") in where) or where in said)
