"""A walk keeps to what does the work, comes back to what was handed over, and tells where it ends."""

from __future__ import annotations

import pytest

from indexer.answer.given import Standing, stands, told_apart
from indexer.answer.on_the_way import condition
from indexer.index.symbols import FoundSymbol
from indexer.types import FileMark, Section, SymbolKind
from tests.asking import Asking, opened
from tests.conftest import SmallRepository

WASH = """package laundry;

public class Wash {
    /** Get clean laundry from dirty laundry. */
    public static String wash(String dirty) {
        Basket basket = sort(dirty);
        Basket clean = new Washer(basket).scrub(basket);
        return clean.label();
    }

    /** Sort laundry into a basket. */
    static Basket sort(String dirty) {
        return new Basket(dirty);
    }
}
"""
WASHER = """package laundry;

public class Washer {
    private final Basket rules;

    public Washer(Basket rules) {
        this.rules = rules;
    }

    /** Give a new basket of clean pieces. */
    public Basket scrub(Basket dirty) {
        Basket clean = new Basket("");
        pickPieces(dirty, clean);
        return clean;
    }

    private final class Picker implements Visitor {
        private final Basket into;

        private Picker(Basket into) {
            this.into = into;
        }

        @Override public void see(Basket piece) {
            if (piece != null) { // nothing to be done without
                rinsePiece(piece);
            } else {
                noteNothing();
            }
        }
    }

    private void pickPieces(Basket from, Basket into) {
        Picker picker = new Picker(into);
        picker.visitAll(from);
    }

    private void rinsePiece(Basket piece) {
        piece.shake();
        piece.shake();
        piece.shake();
        piece.shake();
    }

    private void noteNothing() {
        count = count + 1;
        last = null;
        seen = true;
        other = count;
    }
}
"""
VISITOR = """package laundry;

public interface Visitor {
    void see(Basket piece);

    /** Go over all pieces of a basket. */
    default void visitAll(Basket from) {
        Walking.over(this, from);
    }
}
"""
WALKING = """package laundry;

public class Walking {
    /** Show each piece to a visitor. */
    static void over(Visitor visitor, Basket from) {
        for (Basket piece : from.pieces()) {
            visitor.see(piece);
        }
    }
}
"""
BASKET = """package laundry;

public class Basket {
    /** The label of this basket of laundry. */
    public String label() {
        Basket inner = firstInner();
        String told = "";
        if (inner != null) {
            told = inner.label();
        }
        return told;
    }

    /** Find the inner basket of laundry. */
    Basket firstInner() {
        Basket found = search("inner");
        return found;
    }
}
"""
LOADER = '''"""Loads sheets."""

BEFORE = "before"
AFTER = "after"


class LoadError(Exception):
    """A sheet could not be taken in."""


class Sheet:
    """A sheet of rows."""

    def load(self, rows):
        """Take in rows."""
        return self._do_load(rows)

    def loads(self, text):
        """Same as :meth:`load`, for a text with the rows of a sheet."""
        return self.load(text.split())

    def _do_load(self, rows):
        """Take in rows and check them."""
        errors = []
        # Run what comes first
        if self.hooks:
            rows = self._run_hooks(BEFORE, rows)
        result = self._read_rows(rows)
        self._check_rows(result, whole=True)
        self._check_rows(result, whole=False)
        if not errors:
            result = self._run_hooks(AFTER, result)
        if errors:
            problem = LoadError(errors)
            self.handle_problem(problem)
            raise problem
        return result

    def _run_hooks(self, stage, rows):
        for hook in self.hooks[stage]:
            rows = hook(rows)
        return rows

    def _read_rows(self, rows):
        found = []
        for row in rows:
            found.append(tuple(row))
        return found

    def _check_rows(self, rows, whole):
        for row in rows:
            if whole and not row:
                rows.remove(row)
        return rows

    def handle_problem(self, problem):
        """Do something about a problem of loading rows."""
        self.problems.append(problem)
        self.last = problem
'''
DESK = """'use strict';

var Router = require('@scope/router');
var desk = exports = module.exports = {};

/**
 * Make a desk ready.
 */

desk.init = function init() {
  var router = null;
  Object.defineProperty(this, 'router', {
    get: function getrouter() {
      if (router === null) {
        router = new Router({ strict: true });
      }
      return router;
    }
  });
};

/**
 * Take a letter in at the desk.
 */

desk.handle = function handle(letter, done) {
  // note who brought it
  letter.seen = true;

  // put a stamp on it
  letter.stamp = 'in';

  // weigh it
  letter.weight = 3;

  this.router.handle(letter, done);
};
"""


@pytest.fixture(scope="module")
def rooms(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("walks") / "rooms"
    folder.mkdir()
    repository = SmallRepository(folder, dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    repository.commit(
        "Begin",
        {
            "laundry/Wash.java": WASH,
            "laundry/Washer.java": WASHER,
            "laundry/Visitor.java": VISITOR,
            "laundry/Walking.java": WALKING,
            "laundry/Basket.java": BASKET,
            "sheets/loader.py": LOADER,
            "desk/desk.js": DESK,
        },
    )
    with opened(repository, tmp_path_factory.mktemp("data")) as asking:
        yield asking


def _said(asking: Asking, question: str) -> list[str]:
    return [each.text for each in asking.ask(question).statements if each.section is Section.WHAT]


def test_what_does_the_work_is_followed_and_not_what_reads_the_result(rooms: Asking) -> None:
    said = _said(rooms, "How does Wash.wash work?")
    assert any("`wash` calls `Washer.scrub`" in each for each in said)
    assert any("`scrub` calls `Washer.pickPieces`" in each for each in said)
    assert not any("`label` calls" in each or "`firstInner`" in each for each in said)


def test_a_way_goes_on_in_the_methods_of_an_object_that_is_handed_over(rooms: Asking) -> None:
    said = _said(rooms, "How does Wash.wash work?")
    assert any(
        "`pickPieces` hands a `Washer.Picker` to `Visitor.visitAll`, which calls back `Washer.Picker.see`"
        in each
        for each in said
    )
    assert any("If `piece != null`, `see` calls `Washer.rinsePiece`" in each for each in said)


def test_what_stands_behind_an_else_is_told_with_the_opposite(rooms: Asking) -> None:
    said = _said(rooms, "How does Washer.scrub work?")
    assert any("If `not (piece != null)`, `see` calls `Washer.noteNothing`" in each for each in said)


def test_a_line_of_work_is_told_in_its_order_with_what_tells_its_calls_apart(rooms: Asking) -> None:
    said = _said(rooms, "What happens step by step when I load some rows of a sheet?")
    assert said[0].startswith("It begins in `Sheet.load`")
    told = " ".join(said)
    order = [
        "with `BEFORE`",
        "`Sheet._read_rows`",
        "with `whole=True`, then with `whole=False`",
        "with `AFTER`",
    ]
    places = [told.index(each) for each in order]
    assert places == sorted(places)
    assert "under the comment “Run what comes first”" in told
    assert "If `errors`, `_do_load` ends by raising `LoadError`." in said


def test_a_way_ends_with_the_library_that_it_hands_on_to(rooms: Asking) -> None:
    said = _said(rooms, "How does desk.handle work?")
    assert any(
        "“note who brought it” (line 27); “put a stamp on it” (line 30); “weigh it” (line 33)" in each
        for each in said
    )
    assert said[-1] == (
        "There the way leaves this code for `@scope/router`: `desk.handle` ends by calling"
        " `this.router.handle` on what `Router` made at desk/desk.js:15."
    )


def test_no_way_from_elsewhere_is_told_for_a_name_that_is_not_here(rooms: Asking) -> None:
    said = _said(rooms, "How does Washer.washCurtains work?")
    assert not any(each.startswith("It begins in") for each in said)


@pytest.mark.parametrize(
    ("line", "standing"),
    [
        ("    store(found)", Standing.ALONE),
        ("    await self.store(found)", Standing.ALONE),
        ("    result = store(found)", Standing.OTHER),
        ("    return store(found)", Standing.OTHER),
        ("    keep(store(found))", Standing.WITHIN),
        ("    store().keep(found)", Standing.WITHIN),
        ("    while (more && (one = store(found))) {", Standing.OTHER),
    ],
)
def test_where_a_call_stands_in_its_statement_is_read(line: str, standing: Standing) -> None:
    assert stands("", line, "store") is standing


def test_calls_that_nothing_fixed_tells_apart_are_one() -> None:
    lines = ["def run(a, b):", "    store(a)", "    store(b)"]
    whole = FoundSymbol(
        1, "a.py", 1, "run", SymbolKind.FUNCTION, "", 1, 3, 1, "def run(a, b):", "", 0.0, FileMark.NONE
    )
    assert told_apart(lines, whole, 2, "store") == []
    lines[1:] = ["    store(FIRST)", "    store(LAST)"]
    assert [each.told for each in told_apart(lines, whole, 2, "store")] == [("FIRST",), ("LAST",)]


def test_behind_several_conditions_none_is_told_for_the_last_way() -> None:
    lines = [
        "def run(a):",
        "    if a:",
        "        one()",
        "    elif b:",
        "        two()",
        "    else:",
        "        last()",
    ]
    whole = FoundSymbol(
        1, "a.py", 1, "run", SymbolKind.FUNCTION, "", 1, 7, 1, "def run(a):", "", 0.0, FileMark.NONE
    )
    assert condition(lines, whole, 7) is None
    assert condition([*lines[:3], *lines[5:]], whole, 5) == (2, "not a")


@pytest.mark.parametrize("head", ["} else {", "} else /* nothing came */ {", "} else { // nothing came"])
def test_an_else_with_a_comment_on_it_is_one(head: str) -> None:
    lines = [
        "void run() {",
        "    if (came) {",
        "        one();",
        f"    {head}",
        "        last();",
        "    }",
        "}",
    ]
    whole = FoundSymbol(
        1, "A.java", 1, "run", SymbolKind.METHOD, "A", 1, 7, 1, "void run()", "", 0.0, FileMark.NONE
    )
    assert condition(lines, whole, 5) == (2, "not came")


def test_what_is_given_to_a_call_is_told_before_it(rooms: Asking) -> None:
    rooms.repository.commit(
        "Nest",
        {
            "sheets/nest.py": (
                "def put_in(book):\n"
                '    """Put in a whole book."""\n'
                "    store_pages(read_pages(book))\n\n\n"
                "def store_pages(pages):\n"
                '    """Store pages of a book."""\n    kept = list(pages)\n    print(kept)\n\n\n'
                "def read_pages(book):\n"
                '    """Read pages of a book."""\n    pages = book.split()\n    return pages\n'
            )
        },
    )
    rooms.index()
    said = " ".join(_said(rooms, "How does put_in read the pages and store them?"))
    assert said.index("calls `read_pages`") < said.index("calls `store_pages`")
