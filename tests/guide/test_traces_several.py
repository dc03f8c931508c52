"""Of several definitions of one name the one is meant that the line stood in, in the versions that fit."""

from __future__ import annotations

from tests.conftest import Bench
from tests.guide.conftest import OpenKnowledge
from tests.guide.test_traces_laying import laid

JAVA = """package org.shop;

public class Till {{
    {public} String take(String coin, Class kind) {{
        return {first}take(coin, (Type) kind);
    }}

    {public} String take(String coin, Type kind) {{
        return {second}take(new Reader(coin), kind);
    }}

    {public} String take(Reader coin, Type kind) {{
        throw new {error}();
    }}
}}
"""


def test_overloads_that_call_each_other_are_told_apart_by_what_the_old_ones_were_given(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    old = JAVA.format(public="public", first="", second="", error="Old")
    made.commit("Begin", {"src/org/shop/Till.java": old})
    top = "package org.shop;\n\nimport java.io.Reader;\nimport java.lang.reflect.Type;\n"
    new = JAVA.format(public="public final", first="(String) ", second="(String) ", error="Error")
    made.commit("Cast it", {"src/org/shop/Till.java": new.replace("package org.shop;\n", top)})
    found = laid(
        open_knowledge(made),
        "java.lang.Error: no\n\tat org.shop.Till.take(Till.java:13)\n\tat org.shop.Till.take(Till.java:9)\n"
        "\tat org.shop.Till.take(Till.java:5)\n\tat org.you.Main.main(Main.java:3)\n",
    )
    heads = [
        "Reader coin, Type kind" in found[0].citation.quote if found[0].citation else "",
        "String coin, Type kind" in found[1].citation.quote if found[1].citation else "",
        "String coin, Class kind" in found[2].citation.quote if found[2].citation else "",
    ]
    assert heads == [True, True, True]


PYTHON = """class Purse:
    def take(self, coin):
        return 1 / coin


class {base}:
    def open(self):
        return {opened}


class Till{bases}:
{body}
"""
TAKE = "    def take(self, coin):\n        reading = weigh(coin)\n        return {} / reading\n"


def test_of_several_methods_the_one_of_a_base_of_the_type_is_meant(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit(
        "Begin",
        {
            "till/__init__.py": "",
            "till/coins.py": PYTHON.format(base="Door", opened="True", bases="", body=TAKE.format("2")),
        },
    )
    moved = PYTHON.format(
        base="Abstract",
        opened="True\n\n" + TAKE.format("3").rstrip(),
        bases="(Abstract)",
        body="    closed = False\n",
    )
    made.commit("Put it into a base", {"till/coins.py": moved})
    (found,) = laid(
        open_knowledge(made),
        'Traceback (most recent call last):\n  File "/usr/lib/python3/site-packages/till/coins.py", '
        "line 14, in take\nZeroDivisionError: division by zero\n",
    )
    assert found.symbol == "Abstract.take"


SHARP = """namespace Shop
{
    public class Till
    {
        public void Take(object coin)
        {
            Weigh(coin);
        }

        public void Take<T>(T coin)
        {
            Weigh(coin);
        }
    }
}
"""


def test_a_method_of_dotnet_is_told_apart_by_whether_it_has_types_of_its_own(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"Till.cs": SHARP})
    knowledge = open_knowledge(made)
    for written, line in (("Take[T](T coin)", 10), ("Take(Object coin)", 5)):
        found = laid(knowledge, f"System.Exception: no\n   at Shop.Till.{written}\n")[0]
        assert found.citation is not None
        assert found.citation.start_line == line


def test_what_was_built_of_a_published_package_is_of_its_one_source_though_it_names_nothing(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit(
        "Begin",
        {
            "package.json": '{"name": "shop"}\n',
            "packages/till/package.json": '{"name": "till"}\n',
            "packages/till/src/index.ts": "export const take = (coin: number) => 1 / coin\n",
            "packages/till/esm/index.js": "export { take } from '../dist/index.js'\n",
        },
    )
    (found, _) = laid(
        open_knowledge(made),
        "Error: no\n    at Socket.<anonymous> (/srv/node_modules/till/dist/index.js:11:42)\n"
        "    at Socket.<anonymous> (/srv/node_modules/purse/dist/index.js:11:42)\n",
    )
    assert (found.path, found.compiled) == ("packages/till/src/index.ts", True)
