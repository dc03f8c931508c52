"""Names that compilers and runtimes made are read as those that the source has."""

from __future__ import annotations

import pytest

from indexer.guide.traces import native_form
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
