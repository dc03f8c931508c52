"""Of several definitions of one name a frame means the one whose class, and whose parameters, it tells."""

from __future__ import annotations

import pytest

from indexer.guide.traces.overloads import parameters
from tests.conftest import Bench
from tests.guide.conftest import OpenKnowledge
from tests.guide.test_traces_laying import laid

JAVA = """package org.shop;

public class Purse implements Runnable {
    public void run() {
        open().run();
    }

    public Runnable open() {
        return new Runnable() {
            public void run() {
                throw new IllegalStateException();
            }
        };
    }
}
"""
KOTLIN = """package org.shop

class Purse {
    fun take(coin: Int): Int {
        return coin / 0
    }
}

fun take(coin: Int): Int {
    return coin % 0
}
"""
SHARP = """namespace Shop
{
    public class Till
    {
        public void Take(int coin)
        {
            Weigh(coin);
        }

        public void Take(int coin, string name)
        {
            Weigh(coin);
        }

        public void Take(Purse purse)
        {
            Weigh(purse);
        }

        ~Till()
        {
            Close();
        }

        public Till(string name)
        {
            Weigh(name);
        }
    }
}
"""
PLUS = """\
struct Till {
  int take(int coin) const;
  int take(const char *name) const;
};

int Till::take(int coin) const {
  return 1 / coin;
}

int Till::take(const char *name) const {
  return name[0];
}
"""
SCRIPT = """\
class Till {
  constructor(coins) {
    this.coins = coins.length;
  }
}
module.exports = Till;
"""


def test_a_class_without_a_name_is_told_from_the_one_around_it(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"src/org/shop/Purse.java": JAVA})
    found = laid(
        open_knowledge(made),
        "java.lang.IllegalStateException\n\tat org.shop.Purse$1.run(Purse.java:99)\n"
        "\tat org.shop.Purse.run(Purse.java:77)\n",
    )
    assert [each.symbol for each in found] == ["Purse.open.run", "Purse.run"]


def test_what_kotlin_makes_a_class_of_the_file_for_is_in_no_class(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"src/org/shop/Purse.kt": KOTLIN})
    found = laid(
        open_knowledge(made),
        "java.lang.ArithmeticException: no\n\tat org.shop.PurseKt.take(Purse.kt:99)\n"
        "\tat org.shop.Purse.take(Purse.kt:98)\n",
    )
    assert [each.symbol for each in found] == ["take", "Purse.take"]


def test_an_overload_of_dotnet_is_the_one_with_the_parameters_of_the_frame(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"src/Till.cs": SHARP})
    knowledge = open_knowledge(made)
    heads = {
        "Take(Int32 coin)": 5,
        "Take(Int32 coin, String name)": 10,
        "Take(Purse purse)": 15,
        ".ctor(String name)": 25,
    }
    for head, line in heads.items():
        (found,) = laid(
            knowledge, f"System.Exception: no\n   at Shop.Till.{head} in C:\\a\\src\\Till.cs:line 99\n"
        )
        assert found.citation is not None
        assert found.citation.start_line <= line <= found.citation.end_line
        assert "definitions here are called" not in found.note


def test_an_overload_of_c_plus_plus_is_the_one_with_the_parameters_of_the_frame(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"src/till.cpp": PLUS})
    knowledge = open_knowledge(made)
    for text, line in (
        (
            (
                "==1==ERROR: AddressSanitizer: FPE\n"
                "    #0 0x1 in Till::take(char const*) const src/till.cpp:99\n"
            ),
            10,
        ),
        ("#0  0x01 in Till::take (this=0x7, coin=0) at src/till.cpp:99\n", 6),
    ):
        (found,) = laid(knowledge, text)
        assert found.citation is not None
        assert found.citation.start_line == line
        assert "definitions here are called" not in found.note


def test_what_makes_an_object_of_a_script_is_its_constructor(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"lib/till.js": SCRIPT, "package.json": '{"name": "till"}\n'})
    (found,) = laid(
        open_knowledge(made),
        "TypeError: no\n    at new Till (/srv/node_modules/till/lib/till.js:99:3)\n",
    )
    assert found.symbol == "Till.constructor"


@pytest.mark.parametrize(
    ("signature", "told"),
    [
        ("void Take(int x, string y)", ["int x", "string y"]),
        ("f(a: Map<K, V>, b = (1, 2)) -> x", ["a: Map<K, V>", "b"]),
        ("void f(int (*done)(int, int), int y)", ["int (*done)(int, int)", "int y"]),
        ("void f(void)", []),
        ("struct Till", None),
        ("void f(int x,", None),
    ],
)
def test_parameters_are_parted_where_no_bracket_is_open(signature: str, told: list[str] | None) -> None:
    assert parameters(signature) == told


def test_a_method_that_is_implemented_for_an_interface_is_that_of_its_type(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    head = "namespace Shop.Money\n{{\n    public {}\n    {{\n        {}\n    }}\n}}\n"
    made.commit(
        "Begin",
        {
            "src/ITill.cs": head.format("interface ITill", "void Close();"),
            "src/Till.cs": head.format("class Till : ITill", "void ITill.Close()\n        {\n        }"),
            "src/Door.cs": head.format("class Door", "public void Close()\n        {\n        }"),
        },
    )
    found = laid(
        open_knowledge(made),
        "System.Exception: no\n   at Shop.Money.Till.Shop.Money.ITill.Close()\n"
        "   at Shop.Money.Door.Close()\n"
        "   at System.IDoor.Close()\n",
    )
    assert [each.path for each in found] == ["src/Till.cs", "src/Door.cs", ""]


def test_a_lambda_of_kotlin_is_of_the_method_around_it_and_not_of_a_class_within(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    inner = (
        "    class Inner {\n        fun take(coin: Int): Int {\n            return coin\n        }\n    }\n"
    )
    made.commit(
        "Begin", {"src/org/shop/Purse.kt": KOTLIN.replace("class Purse {\n", "class Purse {\n" + inner)}
    )
    (found,) = laid(
        open_knowledge(made),
        "java.lang.ArithmeticException: no\n\tat org.shop.Purse$take$1.invoke(Purse.kt:99)\n",
    )
    assert found.symbol == "Purse.take"
