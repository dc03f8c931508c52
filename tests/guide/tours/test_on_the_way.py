"""What a walk tells of a call: the condition it is made under, and where registered code runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.answer.on_the_way import condition, registered
from indexer.guide.tours.ground import Ground
from indexer.index.symbols import FoundSymbol, find_symbols
from tests.guide.tours.conftest import grounded, opened_with

CODE = '''"""Runs what was handed in."""


def run_all(jobs, given):
    """Run all."""
    begin()
    if given.is_ready:
        for job in jobs:
            prepare(job)
    if (
        given.is_late
        or given.is_lost
    ):
        hurry()
    work = given.work if given.work else jobs[0]
    settle({"kept"}["kept"])
    return work(*jobs, **given.options)


def look_up(table, name):
    """Look up."""
    return table.entries[name](name)


def begin():
    """Begin."""
    return {"a": len}["a"]("b")
'''


@pytest.fixture(scope="module")
def ground(tmp_path_factory, git_environment) -> Iterator[Ground]:
    with (
        opened_with(tmp_path_factory, git_environment, "shop", {"shop/run.py": CODE}) as knowledge,
        grounded(knowledge) as ground,
    ):
        yield ground


def named(ground: Ground, name: str) -> FoundSymbol:
    return find_symbols(ground.reader, name, 1)[0]


def test_the_condition_of_a_call_is_told_and_none_where_it_always_runs(ground: Ground) -> None:
    lines = CODE.split("\n")
    caller = named(ground, "run_all")
    at = lines.index("            prepare(job)") + 1
    assert condition(lines, caller, at) == (at - 2, "given.is_ready")
    assert condition(lines, caller, lines.index("    begin()") + 1) is None


def test_a_condition_of_several_lines_is_left_to_be_read(ground: Ground) -> None:
    lines = CODE.split("\n")
    assert condition(lines, named(ground, "run_all"), lines.index("        hurry()") + 1) is None


def test_registered_code_runs_where_a_value_or_a_place_of_a_table_is_called(ground: Ground) -> None:
    found = registered(ground.sources, [named(ground, "run_all")])
    assert found is not None
    assert found.text == "return work(*jobs, **given.options)"
    found = registered(ground.sources, [named(ground, "look_up")])
    assert found is not None
    assert found.text == "return table.entries[name](name)"
    assert registered(ground.sources, [named(ground, "begin")]) is None
