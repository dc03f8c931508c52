"""Who most likely knows something: ranked from history, each with what proves it, and nobody made up."""

from __future__ import annotations

import pytest

from indexer.errors import UsageError
from indexer.knowledge import KnowledgeBase
from indexer.pages import Meant, WhoKnows, WhoWanted
from indexer.types import CitationKind
from tests.conftest import Bench
from tests.guide.conftest import ADA, BOB, YEAR_2023, YEAR_2024, OpenKnowledge


def names(found: WhoKnows) -> list[str]:
    return [each.contact.name for each in found.people]


def test_a_file_is_known_by_those_who_changed_it_and_their_commits_prove_it(
    knowledge: KnowledgeBase,
) -> None:
    found = knowledge.who(WhoWanted("shop/money.py"))
    assert (found.meant, found.places) == (Meant.FILE, ("shop/money.py",))
    assert set(names(found)) == {"Ada Lovelace", "Bob Meyer"}
    for each in found.people:
        assert "of 2 commits that touched money.py" in each.contact.reason
        (proof,) = each.citations
        assert proof.kind is CitationKind.FACT
        assert len(proof.rests_on) == 1
        counted = f"git log --full-history --no-merges '--author={each.contact.name}' -- shop/money.py"
        assert proof.fact == counted
    assert found.freshness.commit_id == knowledge.status(None).freshness.commit_id


def test_of_a_definition_those_who_wrote_its_lines_come_first(knowledge: KnowledgeBase) -> None:
    found = knowledge.who(WhoWanted("round_price"))
    assert found.meant is Meant.SYMBOL
    assert found.places[0].startswith("shop/money.py:")
    reasons = {each.contact.name: each.contact.reason for each in found.people}
    assert reasons["Ada Lovelace"].startswith("wrote 2 of the 3 lines of `round_price`")
    assert reasons["Bob Meyer"].startswith("wrote 1 of the 3 lines")
    added = knowledge.who(WhoWanted("`add_prices()`"))
    assert names(added)[0] == "Ada Lovelace"


def test_lines_of_a_file_are_known_by_their_blame(knowledge: KnowledgeBase) -> None:
    found = knowledge.who(WhoWanted("./shop/money.py:6"))
    assert found.meant is Meant.LINES
    assert names(found)[0] == "Bob Meyer", "he alone changed that line"


def test_a_folder_and_a_bare_file_name_are_understood(knowledge: KnowledgeBase) -> None:
    folder = knowledge.who(WhoWanted("shop/"))
    assert folder.meant is Meant.FOLDER
    assert folder.places == ("shop/",)
    assert "that touched shop/" in folder.people[0].contact.reason
    assert knowledge.who(WhoWanted("basket.py")).places == ("shop/basket.py",)
    assert knowledge.who(WhoWanted(".")).meant is Meant.FOLDER


def test_a_question_in_words_is_led_to_the_files_it_is_about(knowledge: KnowledgeBase) -> None:
    found = knowledge.who(WhoWanted("who knows how prices are rounded?"))
    assert found.meant in (Meant.QUESTION, Meant.SYMBOL)
    assert found.places[0].startswith("shop/money.py")
    assert found.people


@pytest.mark.parametrize("about", ["kubernetes_operator", "who knows the FlurbCannon?", "../../etc/passwd"])
def test_nobody_is_named_for_what_is_not_here(knowledge: KnowledgeBase, about: str) -> None:
    found = knowledge.who(WhoWanted(about))
    assert (found.meant, found.people) == (Meant.NOTHING, ())
    assert "nobody is named" in found.notices[0]


def test_asking_for_nothing_is_refused_with_a_hint(knowledge: KnowledgeBase) -> None:
    for empty in ("", "  ", "``"):
        with pytest.raises(UsageError) as caught:
            knowledge.who(WhoWanted(empty))
        assert caught.value.hint


def test_who_only_moved_the_lines_does_not_come_before_who_looks_after_them(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make("moved")
    body = "def pay(order):\n    total = order.total\n    fee = order.fee\n    return total + fee\n"
    made.commit("Begin", {"pay.py": "import os\n"}, ADA, YEAR_2024)
    for number in range(4):
        text = f"import os\nLIMIT = {number}\n"
        made.commit(f"Set the limit {number}", {"pay.py": text}, ADA, YEAR_2024 + number)
    made.commit("Move pay here", {"pay.py": text + "\n\n" + body}, BOB, YEAR_2024 + 10)
    text += "\n\n" + body.replace("order.fee", "order.fee or 0")
    made.commit("Allow no fee", {"pay.py": text}, ADA, YEAR_2024 + 20)
    for number in range(12):
        once = (f"Passer-by {number}", f"by{number}@example.com")
        made.commit(
            f"Mend a comment {number}", {"pay.py": f"# {number}\n{text}"}, once, YEAR_2024 + 30 + number
        )
    people = open_knowledge(made).who(WhoWanted("pay"))
    assert names(people)[0] == "Ada Lovelace"
    assert "Bob Meyer" in names(people)
    assert len(names(people)) <= 3, "one commit of a passer-by is no knowledge"


def test_an_owner_is_cited_with_the_rule_and_who_left_comes_last(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make("owned")
    made.commit("Begin", {"pay/api.py": "def pay():\n    return 1\n"}, ADA, YEAR_2023 - 200_000_000)
    made.commit("Name the owners", {"CODEOWNERS": "# who\n/pay/ @payments\n"}, BOB, YEAR_2024)
    made.commit("Pay twice", {"pay/api.py": "def pay():\n    return 2\n"}, BOB, YEAR_2024 + 60)
    found = open_knowledge(made).who(WhoWanted("pay/api.py"))
    assert names(found) == ["@payments", "Bob Meyer", "Ada Lovelace"]
    (rule,) = found.people[0].citations
    assert (rule.path, rule.start_line, rule.quote) == ("CODEOWNERS", 2, "/pay/ @payments")
    assert [each.left for each in found.people] == [False, False, True]


def test_a_question_that_is_not_recorded_leaves_no_trace(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    made = bench.make("quiet")
    made.commit("Begin", {"pay.py": "RETRIES = 5\n\n\ndef pay():\n    return RETRIES\n"})
    knowledge = open_knowledge(made)
    answer = knowledge.ask("Why did the business decide on five retries in pay?", record=False)
    assert answer.gap_id is None
    assert not knowledge.gaps(answered=True)
    assert not knowledge.pages.home.overview().asked
    assert knowledge.ask("Why did the business decide on five retries in pay?").gap_id
    assert len(knowledge.gaps(answered=True)) == 1
