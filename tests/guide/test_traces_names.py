"""Names that compilers and runtimes made are read as those that the source has."""

from __future__ import annotations

import pytest

from indexer.guide.traces import dotnet_form, native_form
from indexer.guide.traces.model import RawFrame
from indexer.guide.traces.parsing import read_traces


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
        "    #0 0x1 in till_take C:\\my shop\\till.c:12\n    #1 0x2 in till_open(int) /home/me/my shop/till.c:9:3\n"
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
