"""Frames are followed to where their file or function went, as history shows, and no further."""

from __future__ import annotations

from indexer.shapes.traces import Mapped
from tests.conftest import Bench
from tests.guide.conftest import OpenKnowledge
from tests.guide.test_traces_laying import DRAW_C, laid


def reader(name: str) -> str:
    methods = "".join(
        f"    public function read{each}($coin)\n    {{\n        return $coin->weigh({each});\n    }}\n\n"
        for each in range(6)
    )
    return f"<?php\n\nnamespace Shop\\Reader;\n\nclass {name} extends Reader\n{{\n{methods}}}\n"


def test_a_file_under_another_name_is_found_by_its_likeness_and_on_through_a_chain(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    manifest = {"composer.json": '{"name": "shop/till"}\n'}
    made.commit("Begin", {"src/Reader/Old2007.php": reader("Old2007"), **manifest})
    made.git("rm", "-q", "src/Reader/Old2007.php")
    made.commit("Name it anew", {"src/Reader/Coins.php": reader("Coins")})
    made.git("rm", "-q", "src/Reader/Coins.php")
    made.commit("Be short", {"src/Reader/Till.php": reader("Till")})
    found = laid(
        open_knowledge(made),
        "PHP Fatal error:  Uncaught Error: no in /srv/vendor/shop/till/src/Reader/Old2007.php:9\n"
        "Stack trace:\n#0 /srv/index.php(3): Shop\\Reader\\Old2007->read0(1)\n#1 {main}\n",
    )
    assert found[0].path == "src/Reader/Till.php"
    assert "has moved" in found[0].note


def test_a_class_of_the_same_name_with_a_past_of_its_own_is_no_move(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    code = "package org.shop.{};\n\nclass Links {{\n    void {}() {{\n        {}();\n    }}\n}}\n"
    made.commit(
        "Begin",
        {
            "src/org/shop/door/Links.java": code.format("door", "open", "turn"),
            "src/org/shop/till/Links.java": code.format("till", "count", "weigh"),
        },
    )
    made.git("rm", "-q", "src/org/shop/till/Links.java")
    made.commit("Drop it", {"src/org/shop/door/Links.java": code.format("door", "open", "push")})
    (found,) = laid(
        open_knowledge(made), "java.lang.Error: no\n\tat org.shop.till.Links.count(Links.java:5)\n"
    )
    assert (found.mapped, found.path) == (Mapped.FILE, "")
    assert "taken away" in found.note


def test_a_method_of_go_is_found_in_another_file_of_its_package(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    code = "package till\n\nfunc (t *Till) Take(coin int) int {\n\treturn 1 / coin\n}\n"
    made.commit("Begin", {"go.mod": "module example.org/till\n", "main.go": code})
    made.git("rm", "-q", "main.go")
    made.commit("Drop it", {"door.go": "package till\n\ntype Door struct {\n\topen bool\n}\n"})
    api = (
        'package till\n\nimport "fmt"\n\n// Take is asked of everybody who pays.\n'
        "func (t *Till) Take(coins ...Coin) (found *Change, err error) {\n\tfmt.Println(coins)\n"
        "\treturn t.change(coins)\n}\n\nfunc (d *Door) Take(hand Hand) {}\n"
    )
    made.commit("Begin anew", {"finish.go": api})
    (found,) = laid(
        open_knowledge(made),
        "panic: no\n\ngoroutine 1 [running]:\nexample.org/till.(*Till).Take(0x0)\n"
        "\t/go/src/example.org/till/main.go:4 +0x1\n",
    )
    assert (found.path, found.symbol) == ("finish.go", "Till.Take")


def test_a_method_that_went_to_a_base_of_its_type_is_ours(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    head = "namespace Shop\n{{\n    public class {}\n    {{\n"
    code = head + "        void {}()\n        {{\n        }}\n    }}\n}}\n"
    base, own = code.format("TillBase", "Count"), code.format("Till : TillBase", "Open")
    made.commit("Begin", {"src/TillBase.cs": base, "src/Till.cs": own})
    found = laid(
        open_knowledge(made),
        "System.InvalidOperationException: no\n   at Shop.Till.Count(Int32 coin)\n   at Shop.Till.Open()\n",
    )
    assert [(each.path, each.symbol.rpartition("Shop.")[2]) for each in found] == [
        ("src/TillBase.cs", "TillBase.Count"),
        ("src/Till.cs", "Till.Open"),
    ]
    assert "built on" in found[0].note


def test_a_file_that_history_renamed_proves_a_folder_ours(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    actions = "void\nact_on_coin(int coin)\n{\n\tdraw_all_coins(coin);\n}\n"
    made.commit("Begin", {"src/actions.c": actions, "src/draw.c": DRAW_C})
    made.git("mv", "src/actions.c", "actions_of_app.c")
    made.git("commit", "-q", "-m", "Keep programs apart")
    found = laid(
        open_knowledge(made),
        "==1==ERROR: AddressSanitizer: FPE on unknown address 0x1\n"
        "    #0 0x1 in draw_all_coins /home/me/money-1/src/draw.c:4\n"
        "    #1 0x2 in act_on_coin /home/me/money-1/src/actions.c:4\n",
    )
    assert [each.path for each in found] == ["src/draw.c", "actions_of_app.c"]


def test_a_function_is_followed_by_the_commit_that_took_it_over(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    keep = "class Site:\n    def render(self):\n        pass\n"
    moved = "    def read_all_coins(self):\n        return self.coins()\n"
    other = "class Purse:\n    def read_all_coins(self):\n        return 1\n"
    made.commit(
        "Begin", {"shop/site.py": keep + "\n" + moved, "shop/__init__.py": "", "shop/purse.py": other}
    )
    made.commit(
        "Read apart",
        {
            "shop/site.py": keep,
            "shop/reader.py": "class Reader:\n" + moved,
            "shop/purse.py": other.replace("1", "2"),
        },
    )
    (found,) = laid(
        open_knowledge(made),
        "Traceback (most recent call last):\n"
        '  File "/usr/lib/python3/site-packages/shop/site.py", line 6, in read_all_coins\n'
        "    return self.coin_count()\nValueError: no\n",
    )
    assert (found.path, found.symbol) == ("shop/reader.py", "Reader.read_all_coins")


TAKE = """\
        found = self.coins_of(purse)
        for coin in found:
            self.weigh_one(coin)
        total = sum(coin.value for coin in found)
        self.remember(total, purse)
        return total
"""
HEAD = "class {}:\n    def open_door(self):\n        return self.door\n\n    def {}(self, purse):\n{}"
READ = (
    "Traceback (most recent call last):\n"
    '  File "/usr/lib/python3/site-packages/shop/till.py", line 99, in take\n'
    "    gone = self.since(purse)\nValueError: no\n"
)


def test_a_function_of_another_name_is_known_by_its_lines(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"shop/till.py": HEAD.format("Till", "take", TAKE), "shop/__init__.py": ""})
    renamed = HEAD.format("Till", "take_from", TAKE.replace("return total", "return total or None"))
    made.commit(
        "Say from what", {"shop/till.py": renamed + "\n    def put(self):\n        return self.purse\n"}
    )
    (found,) = laid(open_knowledge(made), READ)
    assert (found.mapped, found.symbol, found.line) == (Mapped.NAMED, "Till.take_from", 0)
    assert "`take` is not in shop/till.py any more" in found.note
    assert "of its lines" in found.note


def test_a_plain_word_in_another_file_is_the_function_only_where_it_has_its_lines(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    keep = "class Till:\n    def open_door(self):\n        return self.door\n"
    made.commit("Begin", {"shop/till.py": HEAD.format("Till", "take", TAKE), "shop/__init__.py": ""})
    made.commit("Drop it", {"shop/till.py": keep})
    other = HEAD.format(
        "Bank", "take", "        a = self.vault\n        b = self.money\n        return a + b\n"
    )
    made.commit("Begin a bank", {"shop/bank.py": other})
    knowledge = open_knowledge(made)
    (found,) = laid(knowledge, READ)
    assert (found.mapped, found.path, found.symbol) == (Mapped.FILE, "shop/till.py", "")


def test_a_plain_word_is_followed_into_another_file_by_its_lines(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    keep = "class Till:\n    def open_door(self):\n        return self.door\n"
    made.commit("Begin", {"shop/till.py": HEAD.format("Till", "take", TAKE), "shop/__init__.py": ""})
    made.commit("Drop it", {"shop/till.py": keep})
    other = HEAD.format(
        "Bank", "take", "        a = self.vault\n        b = self.money\n        return a + b\n"
    )
    made.commit(
        "Take elsewhere", {"shop/bank.py": other, "shop/purse.py": HEAD.format("Purse", "take", TAKE)}
    )
    (found,) = laid(open_knowledge(made), READ)
    assert (found.mapped, found.path, found.symbol) == (Mapped.NAMED, "shop/purse.py", "Purse.take")


def test_a_frame_of_a_file_that_is_gone_is_with_what_else_the_trace_names_of_it(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    parse = "".join(f"        weigh(coin, {each});\n" for each in range(6))
    code = (
        "package org.shop;\n\nclass {} {{\n    int read(String coin) {{\n        {}\n    }}\n\n"
        "    int readCoin(String coin) {{\n{}        return 0;\n    }}\n}}\n"
    )
    made.commit(
        "Begin",
        {
            "src/org/shop/CoinReader.java": code.format("CoinReader", "return readCoin(coin);", parse),
            "src/org/shop/AnyReader.java": code.format("AnyReader", "return 1;", "").replace("Coin", "Any"),
        },
    )
    made.git("rm", "-q", "src/org/shop/CoinReader.java")
    made.commit(
        "Make one of them", {"src/org/shop/AnyReader.java": code.format("AnyReader", "return 2;", parse)}
    )
    found = laid(
        open_knowledge(made),
        "java.lang.Error: no\n\tat org.shop.CoinReader.readCoin(CoinReader.java:10)\n"
        "\tat org.shop.CoinReader.read(CoinReader.java:5)\n",
    )
    assert [each.symbol for each in found] == ["AnyReader.readCoin", "AnyReader.read"]
    assert "what else the trace names of it" in found[1].note
