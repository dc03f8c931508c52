"""A place without a name is told by its column and by the message: they say which older text ran."""

from __future__ import annotations

import pytest

from indexer.guide.traces.fitting import begins, type_around
from indexer.guide.traces.model import RawFrame
from indexer.guide.traces.parsing import read_traces
from indexer.guide.traces.raising import Raised
from indexer.shapes.traces import Mapped, TraceForm
from tests.conftest import Bench
from tests.guide.conftest import OpenKnowledge
from tests.guide.test_traces_laying import laid

MANIFEST = '[package]\nname = "till"\n'
TAKE = """\
pub fn take(coins: &[u32]) -> u32 {{
    {}
}}
"""
COUNT = """\
pub fn count(coins: &[u32]) -> u32 {
    let found = weigh(coins);
    coins.len()
        + 1
}
"""


def test_the_words_of_a_panic_tell_the_version_and_so_the_definition(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit(
        "Begin",
        {
            "Cargo.toml": MANIFEST,
            "src/till.rs": COUNT + TAKE.format('coins.first().expect("there was no coin").x()'),
        },
    )
    made.commit("Count below", {"src/till.rs": TAKE.format("coins[0].x()") + "// Coins.\n\n\n" + COUNT})
    made.commit("Say more", {"src/till.rs": TAKE.format("coins[1].y()") + "// Coins.\n\n\n" + COUNT})
    knowledge = open_knowledge(made)
    (found,) = laid(knowledge, "thread 'main' panicked at src/till.rs:7:19:\nthere was no coin: Nothing\n")
    assert (found.mapped, found.symbol, found.line) == (Mapped.NAMED, "take", 0)
    assert "every version that the trace fits best" in found.note
    (found,) = laid(knowledge, "thread 'main' panicked at src/till.rs:7:1:\nanother thing\n")
    assert found.symbol == ""


def test_an_index_out_of_bounds_is_where_something_is_indexed(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"Cargo.toml": MANIFEST, "src/till.rs": TAKE.format("coins[0].x()") + COUNT})
    moved = COUNT + TAKE.format("coins.x()")
    made.commit("Count first", {"src/till.rs": moved.replace("weigh(coins)", "weigh(&coins)")})
    made.commit("Weigh other", {"src/till.rs": TAKE.format("weigh(coins)") + COUNT})
    (found,) = laid(
        open_knowledge(made),
        "thread 'main' panicked at src/till.rs:2:5:\nindex out of bounds: the len is 0 but the index is 0\n",
    )
    assert found.symbol == "take"


def test_an_object_of_an_exception_is_made_where_php_says_that_it_was_thrown(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    head = "<?php\n\nfunction {}($coin)\n{{\n    {}\n}}\n"
    throws = head.format("refuse_coin", "throw new CoinException($coin);")
    weighs = head.format("weigh_coin", "return $coin->weigh();")
    made.commit("Begin", {"src/till.php": throws, "composer.json": '{"name": "shop/till"}\n'})
    made.commit("Say more", {"src/till.php": throws + "// Coins.\n"})
    made.commit("Weigh first", {"src/till.php": weighs + throws.removeprefix("<?php\n")})
    made.commit("Be short", {"src/till.php": weighs + throws.removeprefix("<?php\n") + "\n// Coins.\n"})
    (found,) = laid(
        open_knowledge(made),
        "PHP Fatal error:  Uncaught Shop\\CoinException: no in /srv/vendor/shop/till/src/till.php:5\n"
        "Stack trace:\n",
    )
    assert found.symbol == "refuse_coin"


@pytest.mark.parametrize(
    ("line", "column", "callee", "share"),
    [
        ("    coins.weigh();", 11, "weigh", 2),
        ("    coins.weigh();", 5, "weigh", 1),
        ("    coins.weigh();", 6, "weigh", 0),
        ("    coins.weigh();", 40, "weigh", 0),
        ("    throw new Till();", 11, "Till", 2),
        ('\t\t.expect("no");', 10, "expect", 2),
        ("    coins.weigh();", 0, "weigh", 0),
    ],
)
def test_a_column_is_where_something_begins(line: str, column: int, callee: str, share: int) -> None:
    assert begins(line, RawFrame(TraceForm.RUST, "till.rs", 1, column=column, callee=callee)) == share


def test_what_panicked_is_told_by_its_message() -> None:
    text = "thread 'main' panicked at src/till.rs:7:19:\ncalled `Option::unwrap()` on a `None` value\n"
    (frame,) = read_traces(text).traces[0].errors[0].frames
    assert (frame.column, frame.callee) == (19, "unwrap")


@pytest.mark.parametrize(
    ("message", "line", "stands"),
    [
        ("index out of bounds: the len is 1", "a[1]", True),
        ("index out of bounds: the len is 1", "weigh(1)", False),
        ("Cannot read properties of undefined (reading 'coin')", "till.coin.x", True),
        ("Cannot read properties of undefined (reading 'coin')", "till.door", False),
        ("attempt to subtract with overflow", "a - b", True),
        ("Undefined property: Till::$coin", "$till->coin", True),
    ],
)
def test_a_message_tells_what_must_stand_on_its_line(message: str, line: str, stands: bool) -> None:
    sign = Raised("", message).sign
    assert sign is not None
    assert bool(sign.search(line)) is stands


def test_what_implements_something_for_a_type_is_of_the_type() -> None:
    lines = ["impl<T> Handler for Term<T> {", "    fn take(&self) {", "        self.x();", "    }", "}"]
    assert type_around(lines, 3) == "Term"
