"""Traces that a tracker's page, a terminal or a program that printed them had changed."""

from __future__ import annotations

import pytest

from indexer.guide.traces.parsing import read_traces
from indexer.shapes.traces import Mapped
from tests.conftest import Bench
from tests.guide.conftest import OpenKnowledge
from tests.guide.test_traces_laying import laid


def read(text: str) -> list[tuple[str, int, str]]:
    """Return file, line and name of each frame, the deepest first."""
    return [
        (frame.path.replace("\\", "/").rpartition("/")[2], frame.line, frame.name)
        for trace in read_traces(text).traces
        for error in trace.errors
        for frame in error.frames
    ]


@pytest.mark.parametrize(
    "broken",
    [
        '  File\n"/srv/shop/till.py", line\n12, in take\n',
        '  File "/srv/shop/till.py", line\n12, in take\n',
        '  File "/srv/shop/till.py", line \n12, in take\n',
        '  File "/srv/shop/till.py", line 12,\nin take\n',
        '  File "/srv/shop/till.py", line 12, in\ntake\n',
        '  File "/srv/shop/till.py",\nline 12, in take\n',
    ],
)
def test_a_frame_of_python_is_read_wherever_a_terminal_broke_its_line(broken: str) -> None:
    text = f"Traceback (most recent call last):\n{broken}    return coin / NOTHING\nZeroDivisionError: no\n"
    assert read(text) == [("till.py", 12, "take")]


def test_what_only_begins_like_a_frame_of_python_takes_no_line_with_it() -> None:
    text = (
        'Traceback (most recent call last):\n  File "/srv/shop/till.py", line 12, in take\n'
        "    open(\nValueError: File\nno coin\n"
    )
    assert read(text) == [("till.py", 12, "take")]
    assert read_traces(text).traces[0].errors[0].message == "File"


def test_links_that_a_page_made_of_frames_are_taken_off() -> None:
    text = (
        "panic: no\n\ngoroutine 1 [running]:\n"
        "[example.org/shop/till.(*Purse).take(0xc0, 0xc1)](https://example.org/shop/blob/1/purse.go#L1-L9)\n"
        "[example.org/shop/till/purse.go:4 +0x1](https://example.org/shop/blob/1/purse.go#L4)\n"
        "example.org/shop/till.open()\n"
        "[example.org/shop/till/open.go:7 +0x1](https://example.org/shop/blob/1/op"
    )
    assert read(text) == [("purse.go", 4, "take"), ("open.go", 7, "open")]
    gdb = (
        "Program received signal SIGFPE, Arithmetic exception.\n"
        "#0  take ([coin=coin@entry](mailto:coin=coin@entry)=0x1) at ./till.c:6\n"
        "[0000001](https://example.org/view.php?id=1)  0x0000555555555151 in open_till () at ./till.c:9\n"
    )
    assert read(gdb) == [("till.c", 6, "take"), ("till.c", 9, "open_till")]


def test_the_pieces_of_a_string_that_node_shows_as_a_sum_are_lines() -> None:
    text = (
        "The till failed: {\n  message: 'no coin',\n"
        "  stack: \"TypeError: no coin (reading 'weight')\\n\" +\n"
        "    '  at take (C:\\\\Users\\\\me\\\\till\\\\node_modules\\\\purse\\\\lib\\\\take.js:108:67)\\n' +\n"
        "    '    at async open (file:///C:/Users/me/till/src/open.js:57:15)'\n}\n"
    )
    assert read(text) == [("take.js", 108, "take"), ("open.js", 57, "open")]
    assert read_traces(text).traces[0].errors[0].message == "no coin (reading 'weight')"


def test_what_ruby_prints_with_a_blank_before_in_is_a_frame() -> None:
    text = (
        " 0.01s     warn: Async::Task [oid=0xfc8] [pid=53492]\n"
        "               | Task may have ended with unhandled exception.\n"
        "               |   NoMethodError: undefined method `empty?' for true:TrueClass\n"
        "               |   → /gems/till-5.0.2/lib/till/purse.rb:12 in `empty_purse?'\n"
        "               |     /gems/till-5.0.2/lib/till/take.rb:57 in `block in run'\n"
    )
    assert read(text) == [("purse.rb", 12, "empty_purse?"), ("take.rb", 57, "run")]


def test_a_method_of_ruby_with_a_block_is_none_of_the_language_and_a_lock_tells_no_name() -> None:
    frames = (
        "/srv/till.rb:9:in `take': no coin (EmptyPurse)\n/srv/till.rb:21:in `new'\n"
        "/srv/till.rb:21:in `block (2 levels) in load'\n/srv/till.rb:16:in `each'\n"
        "/srv/till.rb:16:in `block in load'\n/srv/till.rb:130:in `synchronize'\n"
    )
    assert [name for _, _, name in read(frames)] == ["take", "load", "load", ""]
    whole = f"{frames}/srv/till.rb:130:in `with_lock'\n"
    assert read(whole)[-1] == ("till.rb", 130, "with_lock")


def test_a_constructor_of_java_whose_name_a_page_took_for_a_tag_is_one() -> None:
    text = "java.lang.Error: no\nat org.shop.Till. (Till.java:27)\nat org.shop.Main.main (Main.java:3)\n"
    assert read(text) == [("Till.java", 27, "Till"), ("Main.java", 3, "main")]


def test_calls_of_php_with_their_place_below_them_are_frames() -> None:
    text = (
        "Files that were not fixed due to errors:\n   1) /srv/till.php\n\n        [TypeError]\n"
        "        Argument 2 passed to Shop\\Purse::weigh() must be of the type int, null given\n\n\n"
        "      Shop\\Purse->weigh()\n        in /srv/src/Purse.php at line 301\n"
        "      Shop\\Purse->take()\n        in /srv/src/Purse.php at line 255\n"
        "      Shop\\Till->open()\n        in /srv/src/Till.php at line 9\n"
    )
    assert read(text)[:2] == [("Purse.php", 301, "take"), ("Purse.php", 255, "open")]


def test_a_stack_of_php_that_begins_behind_its_title_is_read_from_its_first_frame() -> None:
    text = (
        "Stack trace: #0 /srv/Date.php(544): implode()\n#1 /srv/Date.php(577): Shop_Date->__construct()\n"
        "#2 /srv/Item.php(805): Shop_Date->get()\n#3 {main}\n"
    )
    assert read(text)[:3] == [
        ("Date.php", 544, "__construct"),
        ("Date.php", 577, "get"),
        ("Item.php", 805, ""),
    ]


def test_what_php_itself_threw_has_the_place_of_who_called_it() -> None:
    text = (
        "Fatal error: Uncaught TypeError: explode(): Argument #2 must be of type string, null given in "
        "/srv/src/Purse.php:933\nStack trace:\n#0 /srv/src/Purse.php(933): explode('/', NULL, 2)\n"
        "#1 /srv/index.php(207): Shop\\Purse->embed(Array)\n#2 {main}\n"
    )
    assert read(text)[:3] == [("", 0, "explode"), ("Purse.php", 933, "embed"), ("index.php", 207, "")]


def test_an_error_of_php_alone_gives_what_was_called_and_where() -> None:
    text = (
        "PHP Fatal error:  Uncaught TypeError: Shop\\Purse::take(): Argument #1 ($coin) must be of type "
        "Coin, null given, called in /srv/src/Till.php on line 204 and defined in /srv/src/Purse.php:153\n"
    )
    assert read(text) == [("Purse.php", 153, "take"), ("Till.php", 204, "")]


def test_frames_of_net_that_an_iterator_stopped_in_are_read() -> None:
    text = (
        "Shop.CoinException: Unknown coin: 238\n   at Shop.Till.Purse.TryTake(Stream stream)\n"
        "   at Shop.Till.Purse.ReadCoins(Stream stream)+MoveNext()\n"
        "   at Shop.Till.Shelf.Coins()+MoveNext()\n"
        "   at Shop.Till.Reader`2.MoveToNextEntry()\n"
    )
    assert [name for _, _, name in read(text)] == ["TryTake", "ReadCoins", "Coins", "MoveToNextEntry"]


def test_a_panic_that_a_hook_prints_behind_its_own_words_is_read() -> None:
    text = (
        "[PANIC] at src/till.rs:200 - panicked at src/till.rs:200:36:\nattempt to subtract with overflow\n"
        "[BACKTRACE] 0: till::hook::set_up::{{closure}}\n[BACKTRACE] at /home/me/till/src/hook.rs:547:25\n"
    )
    assert ("till.rs", 200, "") in read(text)
    assert read_traces(text).traces[0].errors[0].message == "attempt to subtract with overflow"


def test_places_alone_prove_a_folder_where_several_are_ours_to_their_ends(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    code = "package {}\n\nfunc {}() error {{\n\treturn wrap(nothing)\n}}\n"
    made.commit(
        "Begin",
        {
            "go.mod": "module example.org/shop/till\n",
            "pkg/money/errors.go": code.format("money", "Wrap"),
            "pkg/purse/purse.go": code.format("purse", "Take"),
            "pkg/app/app.go": code.format("app", "Run"),
            "main.go": code.format("main", "open"),
        },
    )
    knowledge = open_knowledge(made)
    text = (
        "2025/09/08 17:38:55 An error occurred!\n\n*fs.PathError chdir: no such file\n"
        "/home/me/work/pkg/money/errors.go:4 (0x13868be)\n/home/me/work/pkg/purse/purse.go:4 (0x13868bf)\n"
        "/home/me/work/pkg/app/app.go:4 (0x15aa46a)\n/home/me/work/main.go:4 (0x15adb18)\n"
    )
    assert [each.path for each in laid(knowledge, text)] == [
        "pkg/money/errors.go",
        "pkg/purse/purse.go",
        "pkg/app/app.go",
        "main.go",
    ]
    alone = text.replace("purse/purse.go", "coins/coins.go")
    assert laid(knowledge, alone)[-1].mapped is Mapped.FOREIGN
