"""A function is followed to the name that a commit gave it, and to the file that it was put into."""

from __future__ import annotations

from indexer.guide.traces.bodies import spans
from indexer.shapes.traces import Mapped
from tests.conftest import Bench
from tests.guide.conftest import OpenKnowledge
from tests.guide.test_traces_laying import laid

HEAD = '#include "till.h"\n\n'


def function(name: str, *, first: int = 0, lines: int = 6) -> str:
    body = "".join(f"    weigh_coin(coin, {each});\n" for each in range(first, first + lines))
    return f"int {name}(int coin)\n{{\n{body}    return coin;\n}}\n\n"


def crash(name: str, path: str = "shop/till.c") -> str:
    return (
        "Program received signal SIGSEGV, Segmentation fault.\n"
        f"#0  0x01 in {name} (coin=1) at {path}:6\n"
        "#1  0x02 in main () at shop/main.c:3\n"
    )


MAIN = "int main(void)\n{\n    return till_open();\n}\n"


def test_a_function_is_followed_through_the_names_that_commits_gave_it(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"shop/main.c": MAIN, "shop/till.c": HEAD + function("take_coin")})
    made.commit("Name it", {"shop/till.c": HEAD + function("till_take")})
    made.commit("Name it again", {"shop/till.c": HEAD + function("till_take_coin")})
    grown = function("till_take_coin", lines=2, first=4) + function("till_give", first=20)
    made.commit("Write it anew", {"shop/till.c": HEAD + grown})
    found = laid(open_knowledge(made), crash("take_coin"))[0]
    assert (found.mapped, found.symbol, found.line) == (Mapped.NAMED, "till_take_coin", 0)
    assert "`take_coin` is called `till_take_coin` since commit" in found.note


def test_a_function_that_was_taken_apart_has_no_other_name(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"shop/main.c": MAIN, "shop/till.c": HEAD + function("take_coin", lines=9)})
    parts = "".join(function(f"till_part{each}", first=3 + 2 * each, lines=2) for each in range(3))
    made.commit("Part it", {"shop/till.c": HEAD + parts})
    found = laid(open_knowledge(made), crash("take_coin"))[0]
    assert (found.mapped, found.path, found.symbol) == (Mapped.FILE, "shop/till.c", "")


def test_a_function_is_found_in_the_file_that_a_commit_put_it_into_under_another_name(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    purse = HEAD + function("purse_open", first=30)
    both = function("take_coin") + function("till_open", first=10)
    made.commit("Begin", {"shop/main.c": MAIN, "shop/till.c": HEAD + both, "shop/purse.c": purse})
    made.commit(
        "Put it there",
        {
            "shop/till.c": HEAD + function("till_open", first=10),
            "shop/purse.c": purse + function("purse_take"),
            "shop/till_test.c": function("test_purse_take", lines=2),
        },
    )
    grown = purse + function("purse_take", lines=2) + function("purse_give", first=50)
    made.commit("Write it anew", {"shop/purse.c": grown})
    found = laid(open_knowledge(made), crash("take_coin"))[0]
    assert (found.path, found.symbol) == ("shop/purse.c", "purse_take")
    assert "in shop/purse.c since commit" in found.note


RUBY = "module Shop\n  def watchdog(coin)\n    weigh(coin)\n  rescue => error\n    tell(error)\n  end\nend\n"


def test_a_short_function_of_a_file_that_is_gone_is_known_by_its_name_and_all_of_its_lines(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    manifest = {"till.gemspec": 'Gem::Specification.new do |s|\n  s.name = "till"\nend\n'}
    made.commit("Begin", {"lib/till/util.rb": RUBY, "lib/till/coin.rb": "module Coin\nend\n", **manifest})
    made.git("rm", "-q", "lib/till/util.rb")
    more = "  def rest\n    sleep(1)\n  end\n\n"
    parts = "module Part\n" + more + "\n".join(RUBY.split("\n")[1:])
    made.commit(
        "Put it there", {"lib/till/part.rb": parts + more * 9, "lib/till/door.rb": "module Door\nend\n"}
    )
    (found,) = laid(
        open_knowledge(made),
        "/gems/till-1.0/lib/till/util.rb:3:in `watchdog': no (RuntimeError)\n",
    )
    assert (found.path, found.symbol) == ("lib/till/part.rb", "Part.watchdog")


def test_a_function_ends_neither_at_a_line_of_the_preprocessor_nor_at_a_rescue_and_no_call_is_one() -> None:
    code = function("take_coin").replace(
        "    weigh_coin(coin, 3);\n", "#ifdef COINS\n    weigh(3);\n#endif\n"
    )
    assert spans((code + "    take_coin(1);\n\n    rest();\n").split("\n"), "take_coin") == [(1, 11)]
    assert spans(RUBY.split("\n"), "watchdog") == [(2, 5)]
    waiting = ["async Task Run() {", "    var coin = await Take(", "        1", "    );", "}"]
    assert spans(waiting, "Take") == []


def test_a_method_that_another_type_took_over_is_followed_though_its_file_went_later(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    package = "package till\n\n"
    old = "func (gui *Gui) refreshCoins() {\n\tgui.Take(1)\n\tgui.log()\n}\n\n"
    new = "func (self *CoinHelper) refreshCoins(coins []int, now bool) {\n\tself.each(coins, self.Take)\n}\n"
    idle = "func (gui *Gui) idle() {\n\tgui.rest()\n}\n"
    gui = "type Gui struct{}\n\nfunc (gui *Gui) log() {\n\tgui.write(nothing)\n}\n"
    module = {"go.mod": "module example.org/till\n", "gui.go": package + gui}
    made.commit("Begin", {**module, "refresh.go": package + old + idle})
    helper = "type CoinHelper struct{}\n\n"
    made.commit("Help", {"refresh.go": package + idle, "helpers/coins.go": package + helper + new})
    made.git("rm", "-q", "refresh.go")
    made.commit("Remove what is not used")
    (first, *_) = laid(
        open_knowledge(made),
        "panic: no\n\ngoroutine 1 [running]:\nexample.org/till.(*Gui).refreshCoins(0xc0)\n"
        "\t/srv/till/refresh.go:4 +0x1\nexample.org/till.(*Gui).log(0xc0)\n\t/srv/till/gui.go:6 +0x1\n",
    )
    assert (first.path, first.symbol) == ("helpers/coins.go", "CoinHelper.refreshCoins")
    assert "was taken out of refresh.go by commit" in first.note
