"""Code that was written anew: what is left of its lines and names tells where it went."""

from __future__ import annotations

import pytest

from indexer.guide.traces.parsing import read_traces
from indexer.shapes.traces import Mapped, Pasted
from tests.conftest import Bench
from tests.guide.conftest import OpenKnowledge, Quiet
from tests.guide.test_traces_laying import laid
from tests.guide.test_traces_mangled import read

TILL = '''"""The till."""


def take_all(purse, ledger):
    """Take what is in a purse."""
    taken = []
    for coin in purse.coins_by_weight(descending=True):
        if ledger.knows_coin(coin.serial_number):
            continue
        weighed = ledger.scales.weigh(coin, tolerance=3)
        taken.append((coin.serial_number, weighed))
    ledger.enter_taken(taken, purse.owner_name)
    return taken


def shut():
    """Shut it."""
    return None
'''
COUNTER = '''"""The counter."""


class Counter:
    """Counts."""

    def greet(self):
        """Greet whoever comes."""
        return self.purse.owner_name

    def gather(self, purse):
        """Gather coins, the heavy ones first."""
        ledger, found = self.ledger, []
        for coin in purse.coins_by_weight(descending=True):
            found.append(coin)
            weighed = ledger.scales.weigh(coin, tolerance=3)
            self.note(coin.serial_number, weighed)
        ledger.enter_taken(found, purse.owner_name)
        return found
'''
TRACE = """\
Traceback (most recent call last):
  File "/srv/shop/till.py", line 10, in take_all
    weighed = ledger.scales.weigh(coin, tolerance=3)
AttributeError: 'NoneType' object has no attribute 'weigh'
"""
SHUT = '"""The till."""\n\n\ndef shut():\n    """Shut it."""\n    return None\n'


def test_a_function_that_was_written_anew_in_another_class_is_found_by_lines_and_names(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"shop/till.py": TILL})
    made.commit("Count with a class of its own", {"shop/till.py": SHUT})
    made.commit("Add the counter", {"shop/counter.py": COUNTER})
    found = laid(open_knowledge(made), TRACE)[0]
    assert (found.path, found.symbol) == ("shop/counter.py", "Counter.gather")
    assert "has the line of the trace and" in found.note
    assert "of the 9 lines that it stood among" in found.note


def test_t1_a_function_whose_code_is_gone_for_good_is_led_nowhere(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    other = COUNTER[: COUNTER.index("    def gather")]
    made.commit("Begin", {"shop/till.py": TILL, "shop/counter.py": other})
    made.commit("Take nothing any more", {"shop/till.py": SHUT})
    found = laid(open_knowledge(made), TRACE)[0]
    assert (found.path, found.symbol, found.mapped) == ("shop/till.py", "", Mapped.FILE)


def test_t1_of_two_that_are_alike_none_is_said_to_be_the_heir(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"shop/till.py": TILL})
    twin = COUNTER.replace("class Counter", "class Booth")
    made.commit("Count twice", {"shop/till.py": SHUT, "shop/counter.py": COUNTER, "shop/booth.py": twin})
    found = laid(open_knowledge(made), TRACE)[0]
    assert found.symbol == ""


def test_a_line_of_few_letters_is_not_carried_into_a_function_that_has_nothing_else_of_its_own(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    head, between = '#include "till.h"\n\n', "int LIMIT_{};\n" * 40
    old = (
        "int take_coin(int coin)\n{\n    weigh_it(coin, 1);\n    enter_it(coin, 2);\n    paint_it(coin, 3);\n"
        "    wash_it(coin, 4);\n    dry_it(coin, 5);\n    lay_it(coin, 6);\n    hide_it(coin, 7);\n"
        "    return the_same_coin;\n}\n\n"
    )
    rest = "int give_change(int coin)\n{\n    count_up(coin, 7);\n    bow_down(coin, 9);\n}\n\n"
    between = "".join(f"int LIMIT_{number};\n" for number in range(60))
    made.commit("Begin", {"shop/till.c": head + between + rest + old})
    grown = rest.replace("}\n", "    return the_same_coin;\n}\n", 1)
    made.commit("Give instead", {"shop/till.c": head + between + grown})
    text = (
        "Program received signal SIGSEGV, Segmentation fault.\n"
        "#0  0x01 in take_coin (coin=1) at shop/till.c:78\n"
    )
    found = laid(open_knowledge(made), text)[0]
    assert (found.mapped, found.symbol) != (Mapped.MOVED, "give_change")


@pytest.mark.parametrize(
    ("folder", "ours"), [("vendor/old-owner/{name}", True), ("vendor/owner/other", False)]
)
def test_a_package_of_ours_under_its_former_owner_is_ours_by_what_its_files_hold(
    bench: Bench, open_knowledge: OpenKnowledge, folder: str, ours: bool
) -> None:
    made = bench.make()
    made.commit(
        "Begin",
        {
            "src/Deep/Purse.php": (
                "<?php\nnamespace Shop;\n\nclass Purse\n{\n    public function weighAll()\n    {\n"
                "        return 1 / 0;\n    }\n}\n"
            )
        },
    )
    lies = folder.format(name=made.path.name)
    text = (
        f"PHP Fatal error:  Uncaught DivisionByZeroError: no in /srv/{lies}/src/Deep/Purse.php:8\n"
        f"Stack trace:\n#0 /srv/{lies}/src/Deep/Purse.php(8): intdiv()\n"
        "#1 /srv/index.php(3): Shop\\Purse->weighAll()\n#2 {main}\n"
    )
    found = {each.path for each in laid(open_knowledge(made), text)}
    assert ("src/Deep/Purse.php" in found) is ours


@pytest.mark.parametrize("twice", [False, True])
def test_a_class_that_jshell_tells_without_its_package_is_the_only_one_of_its_name(
    bench: Bench, open_knowledge: OpenKnowledge, twice: bool
) -> None:
    made = bench.make()
    code = "package org.shop;\n\nclass CoinReader {\n    int weigh() {\n        return 1 / 0;\n    }\n}\n"
    files = {"a/src/main/java/org/shop/CoinReader.java": code}
    if twice:
        files["b/src/main/java/org/mint/CoinReader.java"] = code.replace("org.shop", "org.mint")
    made.commit("Begin", files)
    text = (
        "Exception java.lang.ArithmeticException: / by zero\n"
        "      at CoinReader.weigh (CoinReader.java:5)\n      at (#2:1)\n"
    )
    found = laid(open_knowledge(made), text)[0]
    assert found.symbol.endswith("CoinReader.weigh") is not twice
    assert (found.mapped is Mapped.FOREIGN) is twice


def test_a_path_without_a_root_is_ours_where_another_panic_of_the_text_proves_it(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit(
        "Begin",
        {
            "Cargo.toml": '[package]\nname = "till"\n',
            "src/os/purse.rs": "pub fn weigh() -> u32 {\n    coins().unwrap()\n}\n",
            "src/main.rs": "mod os;\n\nfn main() {\n    os::purse::weigh().unwrap();\n}\n",
        },
    )
    text = (
        "thread 'scales' panicked at 'called `Result::unwrap()` on an `Err` value', src/os/purse.rs:2:13\n"
        "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n"
        "thread 'main' panicked at 'called `Result::unwrap()` on an `Err` value: Any', src/main.rs:4:25\n"
    )
    explained = open_knowledge(made).mentor.traces.explain(Pasted(text), Quiet())
    told = [frame for trace in explained.traces for error in trace.errors for frame in error.frames]
    assert [each.path for each in told] == ["src/os/purse.rs", "src/main.rs"]


# ------------------------------------------------------------------------------------ as they are written


def test_frames_of_php_that_are_numbered_from_the_outermost_name_what_their_lines_stand_in() -> None:
    text = (
        "Shop\\PurseException: null\n#4 /vendor/shop/src/Purse.php(35): Shop\\Purse::weigh\n"
        "#3 /vendor/shop/src/Till.php(20): Shop\\Till::takeAll\n#2 [internal](0): ReflectionMethod::invoke\n"
        "#1 /vendor/shop/src/Till.php(9): Shop\\Till::open\nThat is all.\n"
    )
    assert [each for each in read(text) if each[1]] == [
        ("Purse.php", 35, "weigh"),
        ("Till.php", 20, "takeAll"),
        ("Till.php", 9, "open"),
    ]
    assert read_traces(text).traces[0].errors[0].type == "Shop\\PurseException"


def test_the_message_of_a_panic_may_go_over_many_lines() -> None:
    shown = "".join(
        f"        Coin id:{number} {{\n            weight: 3,\n        }},\n" for number in range(40)
    )
    text = (
        f"thread 'main' panicked at 'Should have a weight: Purse {{\n{shown}\n}}', "
        "/home/me/.cargo/registry/src/index/till-0.23.0/src/purse.rs:774:32\nstack backtrace:\n"
        "   0: rust_begin_unwind\n"
    )
    assert read(text)[0] == ("purse.rs", 774, "")
    assert read_traces(text).traces[0].errors[0].message.startswith("Should have a weight: Purse {")


def test_a_folder_with_brackets_is_one() -> None:
    text = (
        "==4==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x60\n"
        "    #0 0x55e9 in weigh_all /home/me/till(copy)/purse.c:1742\n"
        "    #1 0x55ea in main /home/me/till(copy)/till.c:5\n"
    )
    assert read(text) == [("purse.c", 1742, "weigh_all"), ("till.c", 5, "main")]


def test_a_frame_of_net_that_was_broken_among_its_parameters_is_one() -> None:
    text = (
        "    Shop.Common.PurseException: Unexpectedly empty.\n       bei Shop.Purse.Read()\n"
        "       bei Shop.Till.TakeAll(String path, Stream output, Action`1 \n    callback)\n"
        "       bei Shop.Till.Open(String path, Stream output)\n"
    )
    assert [name for _, _, name in read(text)] == ["Read", "TakeAll", "Open"]


def test_calls_of_php_that_a_mail_put_on_lines_of_their_own_belong_to_their_places() -> None:
    text = (
        'Error message: Uncaught Error: Class "Coin" not found in\n/srv/shop/Util.php:312\nStack trace:\n'
        "#0 /srv/shop/Purse.php(276):\nShop_Util::weigh()\n"
        "#1 /srv/shop/Till.php(9):\nShop_Purse->take()\n#2 {main}\n"
    )
    assert read(text)[:3] == [("Util.php", 312, "weigh"), ("Purse.php", 276, "take"), ("Till.php", 9, "")]


def test_places_of_nextcloud_with_the_call_below_them_are_frames() -> None:
    text = (
        "TypeError: Shop\\Till::open(): Argument #2 must be of type Coin\n\n"
        "0. /srv/lib/Till.php line 307\n   Shop\\Till->open()\n"
        "1. /srv/apps/purse/lib/Purse.php line 77\n   Shop\\Till->isOpen()\n"
        "2. /srv/index.php line 3\n   Shop\\Purse->index()\n"
    )
    assert ("Purse.php", 77, "index") in read(text)


def test_where_gdb_shows_that_a_program_stopped_is_a_frame_without_its_number() -> None:
    alone = "weigh_all (coins=0x55e6e0, level=<optimized out>) at /tmp/till/purse.c:67\n67\t  return 1 / 0;\n"
    assert read(alone) == [("purse.c", 67, "weigh_all")]
    stopped = (
        'Thread 1 "till" received signal SIGSEGV, Segmentation fault.\n'
        "Purse::weigh (this=0x5, event=...) at /usr/src/till/purse.cpp:82\n82\t  scales->weigh(false);\n"
    )
    assert read(stopped) == [("purse.cpp", 82, "weigh")]


def test_rubys_own_functions_are_at_the_line_that_calls_them(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    code = "class Till\n  def initialize\n    @coins = 0\n  end\n\n  def wait\n    $stdin.getc\n  end\nend\n"
    gemspec = 'Gem::Specification.new do |spec|\n  spec.name = "shop"\nend\n'
    made.commit("Begin", {"lib/shop/till.rb": code, "shop.gemspec": gemspec})
    text = (
        "Press ENTER.^C/srv/gems/shop-1.0.0/lib/shop/till.rb:7:in `getc': Interrupt\n"
        "\tfrom /srv/gems/shop-1.0.0/lib/shop/till.rb:7:in `initialize'\n"
        "\tfrom /srv/gems/shop-1.0.0/lib/shop/till.rb:7:in `wait'\n"
    )
    found = laid(open_knowledge(made), text)
    assert {each.symbol for each in found if each.path} == {"Till.wait"}


def test_places_and_calls_in_two_columns_are_frames() -> None:
    text = (
        "glpiphplog.CRITICAL: *** Uncaught Exception TypeError: uasort(): must be of type array, null given\n"
        "  Backtrace :\n  ...etplace/purse/inc/purse.class.php:1264 uasort()\n"
        "  src/Html.php:1454                         PluginPurse::getContent()\n"
        "  front/central.php:82                      Html::header()\n"
    )
    assert ("purse.class.php", 1264, "getContent") in read(text)
    assert ("Html.php", 1454, "header") in read(text)


def test_a_frame_of_gdb_whose_arguments_begin_on_the_next_line_is_one() -> None:
    text = (
        "#0  0x0000000000000020 in ??? ()\n#1  0x000055555557f577 in weigh_all\n"
        '    (name=0x7fff "\\332N", coin=SILVER, scales=<optimized out>) at till/purse.c:415\n'
        "#2  take_coin\n    (till=<optimized out>)\n    at till/purse.c:506\n"
    )
    assert [each for each in read(text) if each[1]] == [
        ("purse.c", 415, "weigh_all"),
        ("purse.c", 506, "take_coin"),
    ]


def test_a_path_of_python_that_a_terminal_broke_is_whole() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "/volume1/x/.venv/lib/python3.12/site-packages/\n till/purse.py", line 105, in take     \n'
        "    weigh(coin)\nValueError: no\n"
    )
    assert read(text) == [("purse.py", 105, "take")]


def test_frames_of_a_script_on_one_line_are_told_apart_wherever_it_was_broken() -> None:
    one = (
        "_TypeError: Cannot convert undefined or null to object at Function.keys (<anonymous>) at "
        "Till.onShut (/srv/node_modules/till/lib/till.js:720:29) at Purse.onShut "
        "(/srv/node_modules/till/main.js:564:22) at Purse.emit (node:events:517:28) at "
        "Socket.emit (node:events:529:35)_"
    )
    placed = [("till.js", 720, "onShut"), ("main.js", 564, "onShut")]
    assert [each for each in read(one) if each[0].endswith(".js")] == placed
    broken = (
        "> | TypeError: Cannot read properties of undefined\n> (reading 'weight') at Request._callback\n"
        "> (/srv/node_modules/till/main.js:2261:129) at\n> Request.self.callback\n"
        "> (/srv/node_modules/request/request.js:185:22) at Request.emit\n> (node:events:527:28)\n"
    )
    assert ("main.js", 2261, "_callback") in read(broken)


def test_what_a_build_put_beside_the_root_of_a_package_is_its_one_source(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit(
        "Begin",
        {
            "package.json": '{"name": "till-server"}\n',
            "src/PurseWriter.ts": "export class PurseWriter {\n  flush() {\n    return 1;\n  }\n}\n",
        },
    )
    text = (
        "TypeError: Cannot read properties of undefined (reading 'length')\n"
        "    at PurseWriter.flush (/srv/node_modules/till-server/dist/PurseWriter.js:95:32)\n"
        "    at step (/srv/node_modules/till-server/dist/PurseWriter.js:33:23)\n"
    )
    found = laid(open_knowledge(made), text)
    assert [each.path for each in found] == ["src/PurseWriter.ts"] * 2
    assert found[0].symbol == "PurseWriter.flush"
