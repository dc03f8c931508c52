"""Traces are laid on the code of the indexed commit, even when lines and files have moved."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from indexer.errors import UsageError
from indexer.knowledge import KnowledgeBase
from indexer.shapes.traces import Mapped, Pasted, Relation, Told, TraceExplained, TraceFrame
from indexer.types import VerdictStatus
from tests.conftest import Bench, SmallRepository
from tests.guide.conftest import OpenKnowledge, Quiet, settings_of

TILL = '''"""The till."""


class Till:
    """Takes money."""

    def take(self, amount):
        """Put money in."""
        if amount < 0:
            raise ValueError(f"an amount of {amount} cents cannot be taken")
        return self.add(amount)

    def add(self, amount):
        return self.total + amount
'''
MOVED = TILL.replace("class Till:", "LIMIT = 5\n\n\ndef helper():\n    return LIMIT\n\n\nclass Till:")
TEST = "from shop.till import Till\n\n\ndef test_take():\n    assert Till().take(3) == 3\n"
JAVA = """package org.shop.money;

public class Purse {
    public int count(int coins) {
        return count(coins, true);
    }

    public int count(int coins, boolean strict) {
        if (strict && coins < 0) {
            throw new IllegalStateException("purse holds " + coins + " coins, which is fewer than none");
        }
        return coins;
    }
}
"""
TRACE = """Traceback (most recent call last):
  File "/srv/app/run.py", line 3, in <module>
    main()
  File "/usr/lib/python3/site-packages/shop/till.py", line 10, in take
    raise ValueError(f"an amount of {amount} cents cannot be taken")
ValueError: an amount of -5 cents cannot be taken
"""


def build(made: SmallRepository, till: str = MOVED) -> SmallRepository:
    made.commit("Begin the till", {"shop/till.py": TILL, "shop/__init__.py": "", "README.md": "# Shop\n"})
    made.commit(
        "Fix ValueError of take\n\nNegative amounts came from refunds.",
        {"shop/till.py": till, "tests/test_till.py": TEST},
    )
    made.commit("Count coins", {"src/main/java/org/shop/money/Purse.java": JAVA})
    return made


@pytest.fixture(scope="module")
def till(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Iterator[KnowledgeBase]:
    """The till, indexed; no test may change its files."""
    folder = tmp_path_factory.mktemp("till")
    bench = Bench(folder, settings_of(folder), git_environment)
    opened = KnowledgeBase.open(bench.locate(build(bench.make())), bench.settings)
    opened.words(Quiet())
    yield opened
    opened.close()


def explained(knowledge: KnowledgeBase, text: str) -> TraceExplained:
    return knowledge.mentor.traces.explain(Pasted(text), Quiet())


def frames(found: TraceExplained) -> list[TraceFrame]:
    return [frame for error in found.traces[0].errors for frame in error.frames]


def told(found: TraceExplained, what: Told) -> list[str]:
    return [each.text for group in found.groups if group.told is what for each in group.statements]


def test_a_line_that_moved_is_found_by_the_code_that_the_trace_shows(till: KnowledgeBase) -> None:
    found = explained(till, TRACE)
    first, outer = frames(found)
    assert (first.mapped, first.path, first.line, first.symbol) == (
        Mapped.MOVED,
        "shop/till.py",
        17,
        "Till.take",
    )
    assert outer.mapped is Mapped.FOREIGN
    assert (found.own_frames, found.foreign_frames) == (1, 1)


def test_the_message_is_found_where_it_is_written_with_what_decides_there(till: KnowledgeBase) -> None:
    found = explained(till, TRACE)
    said = told(found, Told.MESSAGE)
    assert said[0] == "The words of the message are written in shop/till.py, line 17 in `Till.take`."
    assert said[1].strip().startswith("if amount < 0:")
    assert found.answer.verdict.status is VerdictStatus.GROUNDED
    assert "a cause may lie deeper" in found.answer.verdict.reason


def test_a_past_mend_the_tests_and_the_people_are_named(till: KnowledgeBase) -> None:
    found = explained(till, TRACE)
    assert "“Fix ValueError of take”" in told(found, Told.FIXED)[0]
    assert told(found, Told.TESTS)[0].startswith("tests/test_till.py uses `take` once")
    assert told(found, Told.PEOPLE)
    assert found.answer.dropped == 0


def test_a_trace_of_another_project_says_so(till: KnowledgeBase) -> None:
    text = TRACE.replace("site-packages/shop/till.py", "site-packages/bank/vault.py")
    found = explained(till, text)
    assert found.answer.verdict.status is VerdictStatus.UNKNOWN
    assert "of another project (frames of bank)" in found.answer.verdict.reason
    assert found.own_frames == 0


def test_a_file_of_the_same_name_in_another_package_is_not_taken_for_ours(till: KnowledgeBase) -> None:
    text = TRACE.replace("site-packages/shop/till.py", "site-packages/bank/till.py")
    assert explained(till, text).own_frames == 0
    elsewhere = TRACE.replace("/usr/lib/python3/site-packages/shop/till.py", "/home/bob/other/till.py")
    assert explained(till, elsewhere.replace("raise ValueError(f", "raise Problem(f")).own_frames == 0


def test_an_overload_of_java_is_chosen_by_what_its_line_calls(till: KnowledgeBase) -> None:
    found = explained(
        till,
        "java.lang.IllegalStateException: purse holds -3 coins, which is fewer than none\n"
        "\tat org.shop.money.Purse.count(Purse.java:55)\n"
        "\tat org.shop.money.Purse.count(Purse.java:44)\n"
        "\tat org.bank.Vault.open(Vault.java:7)\n",
    )
    inner, outer, foreign = frames(found)
    assert outer.line == 5
    assert (inner.symbol, foreign.mapped) == ("Purse.count", Mapped.FOREIGN)
    assert "line 10" in told(found, Told.MESSAGE)[0]


def test_a_file_that_moved_is_followed(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    made = build(bench.make())
    made.git("mv", "shop", "store")
    made.commit("Call it a store", {"store/new.py": "x = 1\n"})
    found = explained(open_knowledge(made), TRACE)
    (first, _) = frames(found)
    assert (first.path, first.symbol) == ("store/till.py", "Till.take")
    assert "shop/till.py has moved to store/till.py" in first.note


def test_windows_paths_are_paths(till: KnowledgeBase) -> None:
    text = TRACE.replace(
        "/usr/lib/python3/site-packages/shop/till.py", "C:\\Python\\Lib\\site-packages\\shop\\till.py"
    )
    assert frames(explained(till, text))[0].path == "shop/till.py"


def test_of_several_panics_the_first_leads_and_the_others_are_told_after_it(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    manifest = '[package]\nname = "till"\n'
    take = "pub fn take() {\n    weigh();\n}\n\npub fn weigh() {\n    panic!();\n}\n"
    made.commit("Begin", {"Cargo.toml": manifest, "src/coins.rs": take, "src/day.rs": take})
    found = explained(
        open_knowledge(made),
        "thread 'reader' panicked at 'no coin', src/coins.rs:6:5\n"
        "thread 'main' panicked at 'the reader is gone', src/day.rs:6:5\nstack backtrace:\n"
        "   0: till::day::take\n             at ./src/day.rs:2:5\n",
    )
    assert found.answer.question == "panic: no coin"
    assert [error.message for error in found.traces[0].errors] == ["no coin"]
    assert told(found, Told.FAILED)[1:] == ["After it there came in thread main panic: the reader is gone."]


def test_where_memory_was_taken_is_not_told_as_what_failed(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"till.c": "void *till_open(void) {\n    return 0;\n}\n"})
    text = (
        "allocated by thread T0 here:\n    #0 0x1 in malloc /a/b.c:1\n    #1 0x2 in till_open /src/till.c:2\n"
    )
    found = explained(open_knowledge(made), text)
    assert told(found, Told.FAILED)[0].startswith(
        "The error itself is not in the text, only what its report adds (allocated by thread T0 here)"
    )


def test_frames_of_what_ran_after_an_error_are_not_denied(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"log.c": "void write_log(void) {\n    flush();\n}\n"})
    text = (
        "#0  0x01 in write_log () at log.c:2\n#1  <signal handler called>\n"
        "#2  0x02 in vault_open () at /home/bob/vault.c:1\n"
    )
    found = explained(open_knowledge(made), text)
    assert found.own_frames == 1
    assert found.answer.verdict.status is VerdictStatus.UNKNOWN
    assert "another project" not in found.answer.verdict.reason
    assert "only frames of what ran once the error had come up" in found.answer.verdict.reason


def test_a_recursion_is_told_once_and_in_bounded_time(till: KnowledgeBase) -> None:
    place = '  File "/usr/lib/python3/site-packages/shop/till.py", line 11, in take\n'
    frame = place + "    return self.add(amount)\n"
    began = time.perf_counter()
    text = (
        "Traceback (most recent call last):\n" + frame * 500_000 + "RecursionError: maximum recursion depth\n"
    )
    found = explained(till, text)
    assert time.perf_counter() - began < 20
    assert len(frames(found)) == 1
    assert frames(found)[0].repeated > 9_000
    assert found.traces[0].errors[0].type == "RecursionError"
    assert any("times in a row" in each for each in told(found, Told.ORIGIN))
    assert found.notices
    repeated = explained(
        till,
        "Traceback (most recent call last):\n" + frame + "  [Previous line repeated 999999999 more times]\n"
        "RecursionError: maximum recursion depth exceeded\n",
    )
    assert frames(repeated)[0].repeated == 999_999_999


@pytest.mark.parametrize(
    "text",
    [
        "\x00\x01\x02" * 100_000,
        "x" * 10_000_000,
        "at " * 1_000_000,
        "#0 0x" * 500_000,
        "((((" * 500_000,
        '\\"' * 500_000,
        '"#0 ' * 500_000,
        "x at y.js:1:2" + " at z" * 500_000,
        "0  0x000000000 " * 300_000,
        "box-1 till: at \n" * 200_000,
        "".join(f"{'at ' * 1_000}{number}\n" for number in range(200)),
        'File "' * 500_000,
        "",
    ],
)
def test_what_is_no_trace_is_refused_in_bounded_time(till: KnowledgeBase, text: str) -> None:
    began = time.perf_counter()
    with pytest.raises(UsageError):
        explained(till, text)
    assert time.perf_counter() - began < 10


def test_a_long_line_with_a_trace_in_it_is_still_read(till: KnowledgeBase) -> None:
    text = TRACE + "values: " + "y" * 10_000_000
    assert frames(explained(till, text))[0].path == "shop/till.py"


def test_hostile_names_are_only_text(till: KnowledgeBase) -> None:
    place = '  File "<img src=file:///x>\x1b[31m/../../../etc/passwd", line 1, in f\n'
    evil = f"Traceback (most recent call last):\n{place}"
    found = explained(till, evil + TRACE.split("\n", 1)[1])
    assert "\x1b" not in frames(found)[-1].written
    assert frames(found)[0].path == "shop/till.py"


def test_causes_are_told_and_the_deepest_own_one_is_the_matter(till: KnowledgeBase) -> None:
    found = explained(
        till,
        "org.bank.Trouble: outer\n\tat org.bank.Vault.open(Vault.java:7)\n"
        "Caused by: java.lang.IllegalStateException: purse holds -3 coins, which is fewer than none\n"
        "\tat org.shop.money.Purse.count(Purse.java:10)\n\t... 3 more\n",
    )
    assert found.answer.question.startswith("java.lang.IllegalStateException")
    assert [error.relation for error in found.traces[0].errors] == [Relation.REPORTED, Relation.CAUSE]
    assert any(each.startswith("It was reported as org.bank.Trouble") for each in told(found, Told.FAILED))


def test_a_trace_is_an_answer_when_it_is_asked(till: KnowledgeBase) -> None:
    answer = till.ask(TRACE, record=False)
    assert answer.question == "ValueError: an amount of -5 cents cannot be taken"
    assert answer.verdict.status is VerdictStatus.GROUNDED
    assert any(each.text.startswith("`Till.take`, shop/till.py, line 17") for each in answer.statements)
    assert all(each.citations for each in answer.statements)


def test_what_changed_after_the_version_that_ran_is_told(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    made = bench.make()
    made.commit(
        "Begin the till", {"shop/till.py": TILL, "shop/__init__.py": "", "pyproject.toml": "[project]\n"}
    )
    made.git("tag", "v1.4.2")
    guarded = TILL.replace("if amount < 0:", "if amount <= 0:")
    made.commit("Refuse nothing too", {"shop/till.py": "import os\n\n" + guarded})
    found = explained(open_knowledge(made), "shop 1.4.2 says\n" + TRACE)
    assert any("1 commit has changed these lines after v1.4.2" in each for each in told(found, Told.CHANGED))
