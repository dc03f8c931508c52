"""Frames of Rust without a file are laid on the crates that a repository makes, whatever these are called."""

from __future__ import annotations

import pytest

from indexer.guide.traces import rust_form
from indexer.guide.traces.parsing import read_traces
from tests.conftest import Bench
from tests.guide.conftest import OpenKnowledge
from tests.guide.test_traces_laying import laid

PURSE = """\
pub struct Purse {
    coins: Vec<u32>,
}

impl Purse {
    pub fn take_coin(&self) -> u32 {
        self.coins[0]
    }
}

pub fn weigh_coins() -> u32 {
    1
}
"""
TOOL = """\
[package]
name = "till-tools"
version = "1.0.0"

[[bin]]
name = "tl"
path = "core/main.rs"
"""


def panicked(*names: str) -> str:
    rows = "".join(f"{at:4}: {name}\n" for at, name in enumerate(names))
    place = "/rustc/1a2b/library/core/src/panicking.rs:1:1"
    return f"thread 'main' panicked at {place}:\nno\nstack backtrace:\n{rows}"


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("till_app::purse::impl$0::take", ("till_app::purse", "", "take")),
        ("till_app::purse::take::closure$0", ("till_app::purse", "", "take")),
        ("till_app::purse::impl$3::open::async_fn$0::closure_env$1", ("till_app::purse", "", "open")),
        ("enum2$<till_app::purse::Coin>::weigh<i32>", ("till_app::purse", "Coin", "weigh")),
        ("till::open::{closure#0}", ("till", "", "open")),
        ("till::purse::<impl till::Take for alloc::vec::Vec<T>>::take", ("till::purse", "", "take")),
        ("<impl core::fmt::Debug for till::Purse>::fmt", ("till", "Purse", "fmt")),
        ("<&mut F as till::Take>::take", ("till", "Take", "take")),
        ("<dyn till::Coin as core::fmt::Debug>::fmt", ("till", "Coin", "fmt")),
        ("<alloc::boxed::Box<dyn till::Coin> as till::Take>::take", ("till", "Take", "take")),
        ("_ZN4till5purse4take17h0123456789abcdefE", ("till::purse", "", "take")),
        (
            "_ZN57_$LT$till..purse..Purse$u20$as$u20$core..fmt..Display$GT$3fmt17h0123456789abcdefE",
            ("till::purse", "Purse", "fmt"),
        ),
    ],
)
def test_names_of_rust_are_those_of_the_source(written: str, parts: tuple[str, str, str]) -> None:
    assert rust_form.parts_of(written) == parts


def test_a_program_is_known_by_the_name_and_the_folder_that_its_manifest_gives_it(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit(
        "Begin",
        {
            "Cargo.toml": TOOL,
            "core/main.rs": "mod purse;\nfn main() {\n    purse::weigh_coins();\n}\n",
            "core/purse.rs": PURSE,
        },
    )
    found = laid(
        open_knowledge(made),
        panicked("core::panicking::panic_fmt", "tl::purse::Purse::take_coin", "tl::main", "bank::main"),
    )
    assert [(each.path, each.symbol) for each in found[-3:]] == [
        ("core/purse.rs", "Purse.take_coin"),
        ("core/main.rs", "main"),
        ("", ""),
    ]


def test_programs_that_lie_where_cargo_looks_for_them_are_known_without_a_manifest(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    program = "fn main() {\n    weigh_all();\n}\nfn weigh_all() {\n    panic!();\n}\n"
    made.commit(
        "Begin",
        {
            "till/Cargo.toml": '[package]\nname = "till"\n',
            "till/src/lib.rs": "pub mod purse;\n",
            "till/src/purse.rs": PURSE,
            "till/src/bin/count-coins.rs": program,
            "till/examples/small.rs": program,
        },
    )
    found = laid(
        open_knowledge(made),
        panicked("count_coins::weigh_all", "small::main", "till::purse::weigh_coins", "other::main"),
    )
    assert [(each.path, each.symbol) for each in found[-4:]] == [
        ("till/src/bin/count-coins.rs", "weigh_all"),
        ("till/examples/small.rs", "main"),
        ("till/src/purse.rs", "weigh_coins"),
        ("", ""),
    ]


def test_of_modules_of_one_name_the_one_is_meant_that_the_whole_path_tells(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    tests = "\nmod tests {\n    #[test]\n    fn takes() {\n        super::weigh_coins();\n    }\n}\n"
    made.commit(
        "Begin",
        {
            "Cargo.toml": '[package]\nname = "till"\n',
            "src/lib.rs": "pub mod purse;\npub mod door;\n",
            "src/purse.rs": PURSE + tests,
            "src/door/mod.rs": "pub mod purse;\n",
            "src/door/purse.rs": PURSE + tests,
        },
    )
    found = laid(
        open_knowledge(made),
        panicked("till::purse::weigh_coins", "till::door::purse::weigh_coins", "till::purse::tests::takes"),
    )
    assert [each.path for each in found[-3:]] == ["src/purse.rs", "src/door/purse.rs", "src/purse.rs"]


def test_a_place_alone_is_of_the_file_at_that_very_path(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    made = bench.make()
    uses = "".join(f"use crate::purse::part{at};\n" for at in range(9))
    made.commit(
        "Begin",
        {
            "Cargo.toml": '[package]\nname = "till"\n[workspace]\nmembers = ["crates/door"]\n',
            "src/purse.rs": PURSE,
            "crates/door/Cargo.toml": '[package]\nname = "door"\n',
            "crates/door/src/purse.rs": PURSE,
            "crates/door/src/lib.rs": "mod purse;\n" + uses,
        },
    )
    for path in ("src/purse.rs", "crates/door/src/purse.rs"):
        made.commit("Say more", {path: PURSE + "// Coins.\n"})
    knowledge = open_knowledge(made)
    for path in ("src/purse.rs", "src\\purse.rs", "crates/door/src/purse.rs"):
        (found,) = laid(knowledge, f"thread 'main' panicked at {path}:7:9\n")
        assert (found.path, found.symbol) == (path.replace("\\", "/"), "Purse.take_coin")


def test_an_error_that_says_where_it_was_made_is_read_with_that_place(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"Cargo.toml": '[package]\nname = "till"\n', "src/purse.rs": PURSE})
    made.commit("Say more", {"src/purse.rs": PURSE + "// Coins.\n"})
    knowledge = open_knowledge(made)
    crashed = "The application panicked (crashed).\nMessage:  no coin\nLocation: src/purse.rs:7\n"
    returned = "Error: \n   0: no coin\n\nLocation:\n   src/purse.rs:7\n"
    for text in (crashed, returned):
        assert read_traces(text).traces[0].errors[0].message == "no coin"
        (found,) = laid(knowledge, text)
        assert (found.path, found.symbol) == ("src/purse.rs", "Purse.take_coin")


def test_a_place_alone_in_a_file_that_every_project_has_is_not_ours_below_a_folder_of_others(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"door/Cargo.toml": '[package]\nname = "door"\n', "door/src/lib.rs": PURSE})
    text = "thread 'main' panicked at 'no', {}:7:9\n"
    knowledge = open_knowledge(made)
    assert laid(knowledge, text.format("/tmp/bank-1.0/vault/src/lib.rs"))[0].path == ""
    assert laid(knowledge, text.format("/tmp/shop-1.0/door/src/lib.rs"))[0].path == "door/src/lib.rs"
