"""Files that only history knows are known by what they held, though a trace names them without folders."""

from __future__ import annotations

from indexer.shapes.traces import Mapped
from tests.conftest import Bench
from tests.guide.conftest import OpenKnowledge, Quiet
from tests.guide.test_traces_laying import DRAW_C, laid

SEND_C = """\
#include "till.h"

int
till_send_coin(int coin)
{
	return coin / 0;
}

static int
count(int coin)
{
	return till_send_coin(coin);
}
"""
GDB = """\
Program received signal SIGFPE, Arithmetic exception.
#0  0x0000555555555131 in till_send_coin (coin=1) at send.c:6
#1  0x0000555555555151 in draw_all_coins (coins=2) at draw.c:4
"""


def test_a_file_named_without_folders_that_only_history_knows_is_followed_by_its_function(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"send.c": SEND_C, "draw.c": DRAW_C})
    made.commit("Send from the window too", {"window.c": DRAW_C.replace("draw_all", "show_all")})
    made.git("rm", "-q", "send.c")
    made.commit("Send apart", {"wire.c": SEND_C + "\nint till_wire(void)\n{\n\treturn 1;\n}\n"})
    found = laid(open_knowledge(made), GDB)
    assert [(each.path, each.symbol) for each in found] == [
        ("wire.c", "till_send_coin"),
        ("draw.c", "draw_all_coins"),
    ]
    assert "send.c" in found[0].note


def test_a_function_of_a_file_that_is_gone_is_found_by_its_name_and_said_to_be(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"send.c": SEND_C, "draw.c": DRAW_C})
    made.git("rm", "-q", "send.c")
    made.commit("Drop sending", {"window.c": DRAW_C.replace("draw_all", "show_all")})
    made.commit("Send again", {"wire.c": "int\ntill_send_coin(int coin, int more)\n{\n\treturn more;\n}\n"})
    found = laid(open_knowledge(made), GDB)[0]
    assert (found.mapped, found.path, found.line, found.symbol) == (
        Mapped.NAMED,
        "wire.c",
        0,
        "till_send_coin",
    )
    assert "send.c is gone" in found.note


def test_a_file_that_is_gone_with_its_function_is_ours_and_said_to_be_gone(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"src/send.c": SEND_C, "draw.c": DRAW_C})
    made.git("rm", "-q", "src/send.c")
    made.commit("Drop sending")
    found = laid(open_knowledge(made), GDB)[0]
    assert (found.mapped, found.path) == (Mapped.FILE, "")
    assert "src/send.c was taken away in commit" in found.note


def test_a_file_of_the_past_without_the_function_is_not_the_one_that_is_meant(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"send.c": SEND_C, "draw.c": DRAW_C})
    made.git("rm", "-q", "send.c")
    made.commit("Drop sending")
    text = GDB.replace("till_send_coin", "bank_send_money")
    assert laid(open_knowledge(made), text)[0].mapped is Mapped.FOREIGN


def test_a_plain_word_in_a_file_of_the_past_is_ours_only_beside_other_frames_of_ours(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"send.c": SEND_C, "draw.c": DRAW_C})
    made.git("rm", "-q", "send.c")
    made.commit("Drop sending")
    knowledge = open_knowledge(made)
    frame = "#0  0x01 in count (coin=1) at send.c:12\n#1  0x02 in {}\n"
    beside = laid(knowledge, frame.format("draw_all_coins (coins=2) at draw.c:4"))
    alone = laid(knowledge, frame.format("vault_open () at vault.c:4"))
    assert [each.mapped for each in beside] == [Mapped.FILE, Mapped.LINE]
    assert [each.mapped for each in alone] == [Mapped.FOREIGN, Mapped.FOREIGN]


PHP = """<?php

function {name}($coin)
{{
    $found = weigh_all($coin);
    return 1 / $found;
}}
"""


def test_a_script_of_the_past_below_a_folder_that_was_renamed_is_known_by_what_it_held(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit(
        "Begin", {"upload/system/till/money.php": PHP.format(name="till_take"), "index.php": "<?php\n"}
    )
    made.git("rm", "-q", "upload/system/till/money.php")
    made.commit("Drop it")
    made.commit("Take again", {"src/coins.php": PHP.format(name="till_take").replace("1 /", "2 /")})
    found = laid(
        open_knowledge(made),
        "PHP Fatal error:  Uncaught DivisionByZeroError: no in /var/www/system/till/money.php:6\n"
        "Stack trace:\n#0 /var/www/other.php(3): till_take(0)\n#1 {main}\n",
    )
    assert (found[0].path, found[0].symbol) == ("src/coins.php", "till_take")


def test_a_function_without_a_file_beside_frames_of_ours_is_matched_by_its_name(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"send.c": SEND_C, "draw.c": DRAW_C})
    knowledge = open_knowledge(made)
    frame = "#0  0x0000555555555131 in till_send_coin (coin=<optimized out>){}\n{}"
    ours = "#1  0x0000555555555151 in draw_all_coins (coins=2) at draw.c:4\n"
    theirs = "#1  0x0000555555555151 in vault_open (coins=2) at vault.c:4\n"
    for place in ("", " at made.c:12"):
        (found, _) = laid(knowledge, frame.format(place, ours))
        assert (found.mapped, found.path, found.symbol) == (Mapped.NAMED, "send.c", "till_send_coin")
        assert "matched by name" in found.note
        assert laid(knowledge, frame.format(place, theirs))[0].mapped is Mapped.FOREIGN
    for place in (" from /usr/lib/libbank.so.1", " at /usr/src/bank/made.c:12"):
        assert laid(knowledge, frame.format(place, ours))[0].mapped is Mapped.FOREIGN


def test_a_function_of_a_library_is_ours_where_the_library_is_called_after_its_folder(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"src/libtill/send.c": SEND_C})
    knowledge = open_knowledge(made)
    frame = (
        "==1==ERROR: AddressSanitizer: FPE on unknown address 0x1\n    #0 0x1 in {} (/usr/lib/lib{}+0x12)\n"
    )
    (found,) = laid(knowledge, frame.format("till_send_coin(int)", "till.so.4"))
    assert (found.mapped, found.symbol) == (Mapped.NAMED, "till_send_coin")
    made.commit(
        "Begin a shop",
        {"src/door.hpp": "namespace till {\nclass Door {\n  int open() {\n    return 1;\n  }\n};\n}\n"},
    )
    made.commit(
        "Begin a window", {"src/window.cpp": "namespace till {\nint Window::open() {\n  return 2;\n}\n}\n"}
    )
    knowledge.words(Quiet())
    (found,) = laid(knowledge, frame.format("till::Window::open()", "till.so.4"))
    assert (found.path, found.symbol.rpartition(".")[2]) == ("src/window.cpp", "open")
    for name, library in (("till_send_coin", "bank.so.4"), ("count", "till.so.4"), ("raise", "c.so.6")):
        assert laid(knowledge, frame.format(name, library))[0].mapped is Mapped.FOREIGN


def test_a_call_of_php_without_a_file_is_found_by_its_namespace(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    take = "    public function take()\n    {{\n        return 1;\n    }}\n"
    head = "<?php\n\nnamespace Shop\\{};\n\nclass Till\n{{\n" + take + "}}\n"
    made.commit("Begin", {"src/A/Till.php": head.format("A"), "src/B/Till.php": head.format("B")})
    found = laid(
        open_knowledge(made),
        "PHP Fatal error:  no in /srv/other.php on line 3\nPHP Stack trace:\n"
        "PHP   1. {main}() /srv/index.php:0\n"
        "PHP   2. Shop\\B\\Till->take($coin = 1) /srv/index.php:10\n"
        "PHP   3. Shop\\B\\Till->take($coins = [0 => 1, 1 => 2, 2\n",
    )
    assert [(each.path, each.symbol) for each in found if each.path] == [("src/B/Till.php", "Till.take")]


def test_a_folder_that_is_called_after_the_repository_is_ours_with_one_file(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make("till")
    made.commit("Begin", {"send.c": SEND_C, "draw.c": DRAW_C})
    knowledge = open_knowledge(made)
    frame = (
        "==1==ERROR: AddressSanitizer: FPE on unknown address 0x1\n    #0 0x1 in {} /home/me/{}/send.c:6\n"
    )
    for folder in ("till", "till-1.2.3", "till-master"):
        (found,) = laid(knowledge, frame.format("till_send_coin", folder))
        assert (found.path, found.symbol) == ("send.c", "till_send_coin")
    for name, folder in (("bank_send", "till-1.2"), ("till_send_coin", "bank"), ("till_send_coin", "tiller")):
        assert laid(knowledge, frame.format(name, folder))[0].mapped is Mapped.FOREIGN


def test_below_a_folder_without_a_root_a_function_of_c_says_whose_its_file_is(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"send.c": SEND_C, "draw.c": DRAW_C})
    knowledge = open_knowledge(made)
    frame = "==1==ERROR: AddressSanitizer: FPE on unknown address 0x1\n    #0 0x1 in {} {}:6\n"
    (found,) = laid(knowledge, frame.format("till_send_coin", "me/asan/send.c"))
    assert (found.path, found.symbol) == ("send.c", "till_send_coin")
    for name, path in (("count", "me/asan/send.c"), ("till_send_coin", "/me/asan/send.c")):
        assert laid(knowledge, frame.format(name, path))[0].mapped is Mapped.FOREIGN


def test_a_file_of_the_past_proves_a_folder_with_one_of_now(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"send.c": SEND_C, "draw.c": DRAW_C})
    made.git("rm", "-q", "send.c")
    made.commit("Drop sending")
    text = (
        "==1==ERROR: AddressSanitizer: FPE on unknown address 0x1\n"
        "    #0 0x1 in till_send_coin /home/me/money/send.c:6\n"
        "    #1 0x1 in draw_all_coins /home/me/money/draw.c:4\n"
    )
    found = laid(open_knowledge(made), text)
    assert [(each.mapped, each.path) for each in found] == [(Mapped.FILE, ""), (Mapped.LINE, "draw.c")]


def test_of_a_file_too_large_to_be_parsed_no_function_is_said_to_be_gone(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    coins = "".join(
        f"  // {number} coins were counted on this day, and no others.\n" for number in range(20_000)
    )
    counted = "  int counted(int coin) {\n    return coin / 0;\n  }\n"
    made.commit("Begin", {"money/Coins.java": f"package money;\n\nclass Coins {{\n{counted}{coins}}}\n"})
    trace = (
        'Exception in thread "main" java.lang.ArithmeticException: / by zero\n'
        "\tat money.Coins.counted(Coins.java:30000)\n"
    )
    found = laid(open_knowledge(made), trace)[0]
    assert (found.path, found.symbol) == ("money/Coins.java", "")
    assert "read line by line" in found.note
    assert "any more" not in found.note


def test_of_a_line_that_moved_in_a_file_too_large_to_be_parsed_its_number_is_told_and_nothing_gone(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    coins = "".join(f"COIN_{number} = 'counted on this day, and on no other'\n" for number in range(25_000))
    made.commit("Begin", {"money/coins.py": f"def counted(coin):\n    return coin / NOTHING\n{coins}"})
    trace = (
        "Traceback (most recent call last):\n"
        '  File "/srv/app/money/coins.py", line 40, in tallied\n'
        "    return coin / NOTHING\n"
        "ZeroDivisionError: division by zero\n"
    )
    found = laid(open_knowledge(made), trace)[0]
    assert (found.mapped, found.path, found.line) == (Mapped.MOVED, "money/coins.py", 2)
    assert found.note == "Line 40 of the trace is line 2 now."
