"""A reason counts only if its wording is one and it is about that definition."""

from __future__ import annotations

import pytest

from indexer.answer.blocks import Role
from indexer.guide.modules.evolution import follow
from indexer.guide.modules.wording import is_reason
from indexer.knowledge import KnowledgeBase
from indexer.shapes.modules import ModulePage, ModuleWanted
from indexer.types import NoteDraft
from tests.conftest import Bench, SmallRepository
from tests.guide.conftest import ADA, BOB, OpenKnowledge, Quiet

START = 1_720_000_000
FILLER = "".join(f"def filler_{at}(x):\n    return x + {at}\n\n\n" for at in range(20))


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Prices are added before they are rounded, because rounding each loses a cent.", Role.DOCSTRING),
        ("This is deliberately not a set: the order of the hooks matters.", Role.COMMENT),
        ("Django closes the inherited connection, which would break the parent.", Role.COMMENT),
        ("The broker drops idle connections, so we send a heartbeat every ten seconds.", Role.BODY),
        ("Work around a bug in Python 3.8 that loses the traceback.", Role.COMMENT),
        ("Avoid a second query, since the row is needed again at once", Role.BODY),
        ("Close the socket early to avoid a leak", Role.SUBJECT),
    ],
)
def test_a_plainly_worded_reason_is_one(text: str, role: Role) -> None:
    assert is_reason(text, role)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Return the user, otherwise None.", Role.DOCSTRING),
        ("Use `send` instead of `post` in new code.", Role.DOCSTRING),
        ("Raised when a redirect would cause the browser to drop the body.", Role.DOCSTRING),
        ("The callback must not block.", Role.COMMENT),
        ("Why is this here because of the old API?", Role.COMMENT),
        ("If you change this, do so because you measured it.", Role.COMMENT),
        ("Fix the failing test because the mock was wrong.", Role.BODY),
        ("Add the basket", Role.SUBJECT),
        ("so that works", Role.COMMENT),
        ("Unless required by applicable law or agreed to in writing, it is distributed so.", Role.COMMENT),
    ],
)
def test_what_only_tells_what_is_done_is_no_reason(text: str, role: Role) -> None:
    assert not is_reason(text, role)


def test_lines_are_followed_back_through_what_moved_them() -> None:
    changes = [
        (5, [(1, 0, 1, 3)]),  # three lines above it are added
        (4, [(11, 1, 11, 1)]),  # one of its lines is changed
        (3, [(40, 2, 40, 5)]),  # something far below
        (2, [(9, 0, 10, 6)]),  # it is written: lines 10 to 15
        (1, None),
    ]
    assert follow(changes, [(13, 18), (40, 41)]) == [[4, 2], [1]]


def test_what_is_deleted_just_above_a_definition_does_not_touch_it() -> None:
    assert follow([(2, [(4, 3, 3, 0)]), (1, None)], [(4, 6)]) == [[1]]
    assert follow([(2, [(5, 3, 4, 0)]), (1, None)], [(4, 6)]) == [[2, 1]]


def whys_of(knowledge: KnowledgeBase, path: str) -> dict[str, list[str]]:
    """Return the reasons of each definition of a file, by its name."""
    modules = knowledge.mentor.modules
    modules.page(ModuleWanted(path), Quiet())
    assert modules._whys is not None
    return {
        asked.definition.qualified: [f"{each.source}: {each.text}" for each in asked.reasons]
        for each in modules._whys[1].asked.values()
        for asked in each
        if asked.path == path
    }


def test_a_comment_is_about_what_it_stands_in_or_above(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    made = bench.make()
    code = (
        '"""Tills, kept apart because each shop has its own."""\n\n\n'
        "# Rounded down, because the tax office does so.\n"
        "def tax(price):\n    return price // 5\n\n\n"
        "class Till:\n"
        '    """A till, deliberately without a printer."""\n\n'
        "    def open(self):\n"
        "        # Twice, since the old hardware loses the first signal.\n"
        "        self.beep()\n        self.beep()\n\n"
        "    def beep(self):\n        return 1\n"
    )
    made.commit("Begin", {"till.py": code}, ADA, START)
    found = whys_of(open_knowledge(made), "till.py")
    assert found["tax"] == ["comment: Rounded down, because the tax office does so."]
    assert found["Till"] == ["docstring: A till, deliberately without a printer."]
    assert found["Till.open"] == ["comment: Twice, since the old hardware loses the first signal."]
    assert found["Till.beep"] == []


def test_a_message_is_about_the_few_definitions_that_its_commit_rewrote(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    first = "def pay(x):\n    return x\n\n\ndef refund(x):\n    return -x\n\n\n"
    made.commit("Begin", {"shop.py": first + FILLER}, ADA, START)
    second = first.replace("return x\n", "return x or 0\n")
    made.commit(
        "Let nothing be paid\n\nThe bank refuses an empty sum, so we send a zero for it.",
        {"shop.py": second + FILLER},
        BOB,
        START + 60,
    )
    made.commit(
        "Add one everywhere\n\nEverything is counted from one, because the ledger does so.",
        {"shop.py": second + FILLER.replace("return x +", "return 1 + x +")},
        BOB,
        START + 120,
    )
    found = whys_of(open_knowledge(made), "shop.py")
    assert found["pay"] == ["commit: The bank refuses an empty sum, so we send a zero for it."]
    assert found["refund"] == []
    assert found["filler_3"] == []


def test_a_document_is_about_what_it_names(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    made = bench.make()
    text = (
        "# Design\n\n`close_day` runs at four, because the banks settle at three.\n\n"
        "It fails due to `open_day` now and then.\n"
    )
    code = "def close_day():\n    return 1\n\n\ndef open_day():\n    return 2\n"
    made.commit("Begin", {"day.py": code, "docs/design.md": text}, ADA, START)
    found = whys_of(open_knowledge(made), "day.py")
    assert found["close_day"] == ["document: `close_day` runs at four, because the banks settle at three."]
    assert found["open_day"] == []


def test_a_note_counts_for_what_it_is_anchored_to(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    made = bench.make()
    made.commit(
        "Begin", {"day.py": "def close():\n    return 1\n\n\ndef begin():\n    return 2\n"}, ADA, START
    )
    knowledge = open_knowledge(made)
    assert whys_of(knowledge, "day.py")["close"] == []
    knowledge.add_note(NoteDraft("Four", "At four, because the banks settle at three.", "day.py:1"))
    found = whys_of(knowledge, "day.py")
    assert found["close"] == ["note: At four, because the banks settle at three."]
    assert found["begin"] == []


def page_of(made: SmallRepository, open_knowledge: OpenKnowledge, path: str) -> ModulePage:
    return open_knowledge(made).mentor.modules.page(ModuleWanted(path), Quiet())


def test_the_worst_without_a_reason_are_named_with_what_git_counts(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    for turn in range(4):
        made.commit(
            f"Turn {turn}", {"shop.py": f"def pay(x):\n    return {turn}\n\n\n{FILLER}"}, ADA, START + turn
        )
    page = page_of(made, open_knowledge, "")
    assert page.why is not None
    worst = page.why.worst[0]
    assert (worst.name, worst.changes) == ("pay", 4)
    assert made.git("log", "--format=%H", "-s", "-L1,2:shop.py").split() == [
        each for each in worst.statement.citations[0].rests_on if len(each) == 40
    ]
    assert page.why.count.reasons == 0
