"""Names that compilers and runtimes made are read as those that the source has."""

from __future__ import annotations

import pytest

from indexer.guide.traces import dotnet_form, go_form, native_form
from indexer.guide.traces.model import RawFrame
from indexer.guide.traces.parsing import read_traces
from indexer.guide.traces.paths import read_path


def frames_of(text: str) -> tuple[RawFrame, ...]:
    return read_traces(text).traces[0].errors[0].frames


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Shop::Till::take(int)::{lambda(int)#1}::operator()(int) const", ("Shop", "Till", "take")),
        ("operator()", ("", "", "")),
        ("ns::Till<int>::operator<<(int)", ("ns", "Till", "operator<<")),
        ("my_operator_of_coins(int)", ("", "", "my_operator_of_coins")),
        ("decltype(auto) till::take<int>(int&&)", ("", "till", "take")),
        ("till::{anonymous}::take", ("", "till", "take")),
    ],
)
def test_names_of_c_plus_plus_are_those_of_the_source(written: str, parts: tuple[str, str, str]) -> None:
    assert native_form.parts_of(written) == parts


def test_a_folder_with_blanks_is_part_of_the_path() -> None:
    text = (
        "==1==ERROR: AddressSanitizer: SEGV on unknown address 0x1\n"
        "    #0 0x1 in till_take C:\\my shop\\till.c:12\n"
        "    #1 0x2 in till_open(int) /home/me/my shop/till.c:9:3\n"
    )
    frames = frames_of(text)
    assert [(each.path, each.name) for each in frames] == [
        ("C:\\my shop\\till.c", "till_take"),
        ("/home/me/my shop/till.c", "till_open"),
    ]


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Shop.Till.<Take>d__12.MoveNext", ("Shop", "Till", "Take")),
        ("Shop.Till.<>c__DisplayClass4_0.<<Take>b__0>d.MoveNext", ("Shop", "Till", "Take")),
        ("Shop.Till.<Take>g__Bar|1_0", ("Shop", "Till", "Bar")),
        ("Shop.Till.<>c__DisplayClass4_0.<<Take>g__Bar|1>d.MoveNext", ("Shop", "Till", "Bar")),
        ("Program.<Main>$", ("", "Program", "")),
        ("Program.<<Main>$>g__Run|0_0", ("", "Program", "Run")),
        ("Shop.Till.get_Item", ("Shop", "Till", "")),
        ("Shop.TillModule.take@12.Invoke", ("Shop", "TillModule", "take")),
        ("Shop.Till`1.Inner.Take[T]", ("Shop.Till", "Inner", "Take")),
    ],
)
def test_names_of_dotnet_are_those_of_the_source(written: str, parts: tuple[str, str, str]) -> None:
    assert dotnet_form.parts_of(written) == parts


@pytest.mark.parametrize(
    ("written", "owner", "name"),
    [
        ("Purse.lambda$bar$0", "Purse", "bar"),
        ("Purse.lambda$null$3", "Purse", ""),
        ("Purse.lambda$static$0", "Purse", ""),
        ("Purse.lambda$new$0", "Purse", "Purse"),
        ("Purse$Companion.open", "Purse", "open"),
        ("package$.take", "package", "take"),
        ("Purse$_take_closure1.doCall", "Purse", "take"),
        ("PurseTest.should take a coin", "PurseTest", "should take a coin"),
    ],
)
def test_names_of_the_jvm_are_those_of_the_source(written: str, owner: str, name: str) -> None:
    (frame,) = frames_of(f"java.lang.Error: no\n\tat org.shop.{written}(Purse.kt:5)\n")
    assert (frame.owner, frame.name) == (owner, name)


def test_what_ruby_tells_of_its_own_classes_has_the_place_of_who_called_it() -> None:
    frames = frames_of(
        "lib/shop/till.rb:3:in 'Integer#/': divided by 0 (ZeroDivisionError)\n"
        "\tfrom lib/shop/till.rb:3:in 'block in Shop::Till.weigh'\n"
        "\tfrom lib/shop/till.rb:2:in 'Array#each'\n"
        "\tfrom lib/shop/till.rb:2:in 'Shop::Till.weigh'\n"
        "\tfrom lib/shop/till.rb:9:in 'Shop::Till#select'\n"
        "\tfrom lib/shop/till.rb:14:in 'Hash#without_coins'\n"
        "\tfrom lib/shop/till.rb:19:in 'Object#run_all'\n"
        "\tfrom lib/shop/till.rb:25:in 'singleton class'\n"
    )
    assert [(each.line, each.name, each.owner) for each in frames] == [
        (3, "weigh", "Shop.Till"),
        (2, "weigh", "Shop.Till"),
        (9, "select", "Shop.Till"),
        (14, "without_coins", "Hash"),
        (19, "run_all", ""),
        (25, "", ""),
    ]


def test_a_notebook_and_twisted_are_read_with_the_lines_and_the_names_that_they_show() -> None:
    notebook = (
        "ValueError                                Traceback (most recent call last)\n"
        "Cell In[3], line 2\n      1 x = 1\n----> 2 till.take(x)\n\n"
        "File ~/lib/python3.11/site-packages/shop/till.py:12, in Till.take(self, amount)\n"
        "     10 def take(self, amount):\n     11     if amount:\n---> 12         raise ValueError('no')\n\n"
        "ValueError: no\n"
    )
    older = (
        "ValueError                                Traceback (most recent call last)\n"
        "~/lib/python3.7/site-packages/shop/till.pyc in take(self, amount)\n"
        "     10 def take(self, amount):\n---> 12         raise ValueError('no')\n\nValueError: no\n"
    )
    for text, owner in ((notebook, "Till"), (older, "")):
        (frame,) = frames_of(text)
        assert (frame.path.rpartition("/")[2], frame.line, frame.name, frame.owner, frame.code) == (
            "till.py",
            12,
            "take",
            owner,
            "raise ValueError('no')",
        )
    brief = (
        "[Failure instance: Traceback: <class 'ValueError'>: no coin\n"
        "/usr/lib/python3/site-packages/twisted/internet/defer.py:102:maybeDeferred\n"
        "/usr/lib/python3/site-packages/shop/till.py:13:take_coin\n]\n"
    )
    error = read_traces(brief).traces[0].errors[0]
    assert (error.type, error.message) == ("ValueError", "no coin")
    assert [(each.line, each.name) for each in error.frames] == [(13, "take_coin"), (102, "maybeDeferred")]


def test_packages_within_an_archive_are_no_part_of_the_language() -> None:
    written = read_path("/srv/dist/lib/python3.8/site-packages.zip/shop/till.py")
    assert (written.library, written.foreign) == ("shop", False)


@pytest.mark.parametrize(
    ("written", "owner", "name"),
    [
        ("    at Till.get total [as total] (/srv/till.js:3:5)", "Till", "total"),
        ("    at static Till.make (/srv/till.js:3:5)", "Till", "make"),
        ("    at Till.prototype.take (/srv/till.js:3:5)", "Till", "take"),
        ("    at Object../src/till.js (http://localhost/main.js:3:5)", "", ""),
        ("Till/this.take@http://localhost/till.js:3:5", "", "take"),
        ("take/<@http://localhost/till.js:3:5", "", "take"),
        ("promise callback*take@http://localhost/till.js:3:5", "", "take"),
        ("setTimeout handler*Till.take/</<@http://localhost/till.js:3:5", "Till", "take"),
        ("async*@http://localhost/till.js:3:5", "", ""),
    ],
)
def test_names_of_scripts_are_those_of_the_source(written: str, owner: str, name: str) -> None:
    (frame,) = frames_of(f"TypeError: no\n{written}\n")
    assert (frame.owner, frame.name, frame.line) == (owner, name, 3)


@pytest.mark.parametrize(
    "text",
    [
        (
            "00 0009`1cbff5b0 0007`b0a0c1b5 till!till_take+0x57 [C:\\src\\send.c @ 6]\n"
            "01 (Inline Function) --------`-------- till!till_open+0x5 [C:\\src\\draw.c @ 4]\n"
        ),
        (
            'Stack trace (most recent call last):\n#2    Object "/usr/bin/till", at 0x55, in till_open\n'
            '      Source "/src/draw.c", line 4, in till_open\n'
            '#1    Source "/src/send.c", line 6, in till_take [0x55]\n'
        ),
        (
            "#0  0x1 in till::purse::till_take::h0123456789abcdef (self=0x1) at src/send.rs:6\n"
            "#1  0x1 in <till::Purse as till::Take>::till_open (self=0x1) at src/draw.rs:4\n"
        ),
    ],
)
def test_what_debuggers_and_tools_of_c_print_is_read_the_deepest_first(text: str) -> None:
    told = [(each.path.rpartition(".")[0][-4:], each.line, each.name) for each in frames_of(text)]
    assert told == [("send", 6, "till_take"), ("draw", 4, "till_open")]


@pytest.mark.parametrize(
    "text",
    [
        "    #00 pc 0001  /data/app/lib/arm/libtill.so (till_take(int)+12)\n",
        "till.exe!till_take(int coin) Line 123\tC++\n",
    ],
)
def test_frames_of_a_program_without_a_path_keep_their_program(text: str) -> None:
    (frame,) = frames_of(text)
    assert (frame.name, frame.path) == ("till_take", "")
    assert "till" in frame.binary


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("example.org/till.(*Till).Take-range1", ("example.org/till", "Till", "Take")),
        ("example.org/till.init.func1", ("example.org/till", "", "")),
        ("example.org/till.init.0.func1", ("example.org/till", "", "init")),
        (
            "example.org/till.(*Map[go.shape.int,go.shape.string]).Keys.func1",
            ("example.org/till", "Map", "Keys"),
        ),
    ],
)
def test_names_of_go_are_those_of_the_source(written: str, parts: tuple[str, str, str]) -> None:
    assert go_form.parts_of(written) == parts
