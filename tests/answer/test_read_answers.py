"""With the packaged reader: what a question asks for, and which passage gives it."""

import shutil
import threading
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.answer.answering import WHOLE, Read, Reading, read_all
from indexer.answer.needs import Need
from indexer.answer.questions import read_question
from indexer.answer.read_answers import is_of_this
from indexer.answer.understanding import understand
from indexer.answer.windows import Window
from indexer.errors import ModelError
from indexer.index import reader as reader_module
from indexer.index.packaged import packaged_folder
from indexer.index.reader import ASKED, PassageReader
from indexer.repo.words import stems
from indexer.types import ChunkKind, Hit, Section, VerdictStatus
from tests.asking import build_shop, opened


@pytest.fixture(scope="module")
def reader() -> PassageReader:
    return PassageReader(1)


@pytest.fixture(scope="module")
def shop(tmp_path_factory, git_environment, reader):
    folder = tmp_path_factory.mktemp("shop")
    with opened(build_shop(folder / "repo", git_environment), folder / "data", reader) as asking:
        yield asking


NEAR_MISSES = (
    (
        "Why do we ask the bank again up to three times?",
        "Retry a charge three times: The bank drops one request in a hundred, so we ask again.",
        "retry.py RETRIES: RETRIES = 3 def retry(call): return call()",
    ),
    (
        "Who has to approve a refund over 500 euros?",
        "refunds.md Limits: Refunds above 500 euros must be approved by the head of accounts.",
        "refunds.md Limits: Refunds above 500 euros are sent to the bank in a second batch.",
    ),
    (
        "How many orders an hour did the checkout manage in the load test?",
        "load.md Results: In the load test of March the checkout managed 1,200 orders an hour.",
        "load.md Tools: The load test of the checkout is started with locust and runs for an hour.",
    ),
)


@pytest.mark.parametrize(("question", "gives", "near"), NEAR_MISSES)
def test_a_passage_that_gives_what_is_asked_stands_above_one_that_is_only_near(reader, question, gives, near):
    odds = reader.read(question, [near, gives])

    assert odds[1] > odds[0] + 1


def test_what_is_read_does_not_hang_on_the_passages_beside_it(reader):
    question, gives, near = NEAR_MISSES[0]
    alone = reader.read(question, [gives])[0]

    among = reader.read(question, [near, gives, "x", "a " * 2_000, gives])

    # int8 rounds by the range of a whole batch.
    assert abs(alone - among[1]) < 1.0
    assert reader.read(question, []).shape == (0,)


@pytest.mark.parametrize(
    ("question", "need"),
    [
        ("What is the point of freezing the invoice?", Need.REASON),
        ("how come gift cards run out after 400 days", Need.REASON),
        ("Who calls send_charge?", Need.IMPACT),
        ("who signed off that refunds need no second pair of eyes", Need.PERSON),
        ("How many payments a minute did we settle last Christmas?", Need.FIGURE),
        ("Where is the ledger written?", Need.PLACE),
        ("How do I run the tests?", Need.COMMAND),
        ("May support staff refund a payment?", Need.POLICY),
        ("show me an existing gateway that I can copy", Need.EXAMPLE),
        ("difference between Payment and refund?", Need.COMPARE),
        ("What did we gain in round trip time by letting each process reserve four messages?", Need.FIGURE),
        ("What breaks when I change the gateway?", Need.IMPACT),
    ],
)
def test_the_need_is_heard_whatever_the_question_word(reader, question, need):
    understood = understand(read_question(question), reader)

    assert need in [part.need for part in understood.asked.parts]
    assert abs(sum(understood.categories.values()) - 1) < 1e-6


def test_a_recorded_reason_is_quoted_and_one_that_is_not_is_missing(shop):
    recorded = shop.ask("Why do we retry a charge three times?")
    bare = shop.ask("Why does a gift card expire after 400 days?")

    assert recorded.verdict.status is VerdictStatus.GROUNDED
    assert "The bank drops one request in a hundred" in recorded.statements[0].text
    assert recorded.statements[0].section is Section.WHY
    assert bare.verdict.status in (VerdictStatus.PARTIAL, VerdictStatus.MISSING)
    assert not [each for each in bare.statements if each.section is Section.WHY and each.quoted]


@pytest.mark.parametrize(
    "question",
    ["Who signs the contract with the bank?", "How many payments a minute did we settle last Christmas?"],
)
def test_what_nobody_wrote_down_is_missing(shop, question):
    assert shop.ask(question).verdict.status in (VerdictStatus.PARTIAL, VerdictStatus.MISSING)


def test_where_ours_is_no_repository_says(shop):
    here, ours = (
        shop.ask("Where is the ledger written?"),
        shop.ask("Where does the batch job run, and where is ours?"),
    )

    assert here.verdict.status is VerdictStatus.GROUNDED
    assert ours.verdict.status in (VerdictStatus.PARTIAL, VerdictStatus.MISSING)


def test_a_reader_that_is_damaged_costs_no_answer(shop, monkeypatch, tmp_path):
    folder = tmp_path / "reader"
    shutil.copytree(packaged_folder("reader"), folder)
    (folder / "model.onnx").write_bytes(b"not a model")
    monkeypatch.setattr(
        reader_module, "packaged_folder", lambda name: folder if name == "reader" else packaged_folder(name)
    )
    damaged = PassageReader(1)
    with pytest.raises(ModelError, match="damaged"):
        damaged.asked(["Why?"])
    monkeypatch.setattr(shop.answerer, "_passage_reader", damaged)

    answer = shop.ask("Why do we retry a charge three times?")

    assert answer.verdict.status is VerdictStatus.GROUNDED
    assert any("damaged" in each for each in answer.freshness.notices)


def test_what_else_is_weighed_does_not_wait_for_what_is_read():
    go = threading.Event()

    def read():
        assert go.wait(10)
        return ()

    reading = Reading(read)  # would never come back, did it wait
    go.set()
    assert (reading.reads, reading.notices) == ((), ())


def test_a_reading_that_fails_costs_no_answer_and_a_bug_in_it_is_not_hidden():
    def damaged():
        raise ModelError("The model is damaged.", "Install lorebase again.")

    def wrong():
        raise ZeroDivisionError

    failed = Reading(damaged)
    assert (failed.reads, failed.notices) == ((), ("The model is damaged. Install lorebase again.",))
    with pytest.raises(ZeroDivisionError):
        _ = Reading(wrong).reads


def test_the_packaged_reader_reads_for_all_that_the_code_asks_of_it(reader):
    assert reader.asked(["Why?", "Where is the retry limit set, and who chose it?"]).shape == (2, len(ASKED))


class Credulous(PassageReader):
    """Takes every passage for an answer."""

    def read(self, question, passages):
        return np.full(len(passages), 6.0, np.float32)


def test_of_two_passages_that_read_alike_the_one_that_holds_more_of_the_question_stands_first():
    asked = set(stems("retry limit of the bank"))
    texts = ("Because the colours were wrong.", "The retry limit is three because the bank drops requests.")
    hits = [Hit("a.md", at, at, ChunkKind.DOC, "A", None, 0.0, (), text) for at, text in enumerate(texts, 1)]

    read = read_all(
        "Why the retry limit of the bank?",
        hits,
        lambda text: len(asked & set(stems(text))) / len(asked),
        Credulous(1),
    )

    assert [each.window.text for each in read] == list(reversed(texts))
    assert (read[0].held, read[1].held) == (1.0, 0.0)


def test_of_each_kind_the_first_passages_are_read_from_end_to_end():
    told: list[str] = []

    class Listening:
        def read(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
            told.extend(passages)
            return np.full(len(passages), -5, np.float32)

    filler = "\n\n".join(f"Nothing of it stands in sentence {number} of these." for number in range(20))
    hits = [
        Hit(
            f"{kind.value}{at}.md",
            1,
            200,
            kind,
            "A",
            None,
            0.0,
            (),
            f"The retry limit.\n\n{filler}\n\nEnd {at}.",
        )
        for kind in (ChunkKind.DOC, ChunkKind.CODE)
        for at in range(WHOLE + 1)
    ]

    read_all("retry limit", hits, lambda text: float("retry" in text), Listening())

    for kind in (ChunkKind.DOC, ChunkKind.CODE):
        own = [text for text in told if text.startswith(kind.value)]
        assert [any(f"End {at}." in text for text in own) for at in range(WHOLE + 1)] == [True] * WHOLE + [
            False
        ]


def test_nothing_answers_a_question_of_which_half_stands_nowhere_however_much_it_reads_like_one(
    tmp_path, git_environment
):
    with opened(build_shop(tmp_path / "repo", git_environment), tmp_path / "data", Credulous(1)) as asking:
        foreign = asking.ask("Why are prescriptions locked once the pharmacist has checked them?")
        here = asking.ask("Why do we retry a charge three times?")

    assert foreign.verdict.status is VerdictStatus.MISSING
    assert not any(each.citations for each in foreign.statements if each.section is not Section.MISSING)
    assert here.verdict.status is VerdictStatus.GROUNDED


@pytest.mark.parametrize(
    ("name", "known"), [("customer.ledger", False), ("charge.RETRY_LIMIT", True), ("Payment.settle", True)]
)
def test_a_name_in_parts_is_known_by_the_whole_of_it(shop, name, known):
    answer = shop.ask(f"How is {name} limited when the bank is slow?")

    assert (answer.verdict.status is not VerdictStatus.UNKNOWN) is known


def test_a_figure_of_ours_is_given_by_no_source_however_much_it_reads_like_one(tmp_path, git_environment):
    with opened(build_shop(tmp_path / "repo", git_environment), tmp_path / "data", Credulous(1)) as asking:
        ours = asking.ask("How many charges do our shops send to the bank each day?")

    assert ours.verdict.status is VerdictStatus.MISSING
    assert not any(each.citations for each in ours.statements if each.section is not Section.MISSING)


def test_a_reason_is_for_what_is_asked_where_that_is_found_by_its_words():
    found = Read(Window(HIT, "Redirects", "Because requests are masked.", 1, 1, 0.2), 6.0, 0.2)
    near = replace(found, held=0.6)

    class Told:
        class evidence:  # noqa: N801 - stands for an attribute
            holds = (0.95, 0.2)

    assert not is_of_this(Told, found)
    assert is_of_this(Told, near)
    Told.evidence.holds = (0.5, 0.2)
    assert is_of_this(Told, found)


HIT = Hit("a.md", 1, 1, ChunkKind.DOC, "A", None, 0.0, (), "Because requests are masked.")


@pytest.mark.parametrize(
    ("question", "ours"),
    [
        ("My edits do not show up until I restart it, what can I do?", False),
        ("What happens if the data has extra keys I never declared?", False),
        ("How much memory does our service use at its peak?", True),
    ],
)
def test_what_somebody_does_with_it_is_no_affair_of_a_company(reader, question, ours):
    assert understand(read_question(question), reader).asked.about_us is ours


@pytest.mark.parametrize(
    ("question", "ruled"),
    [
        ("Is data checked when it goes out, or only when it comes in?", False),
        ("Which strings does the Boolean field treat as true?", False),
        ("Must refunds over 500 euros be approved by two people?", True),
    ],
)
def test_no_rule_is_asked_for_without_any_word_for_one(reader, question, ruled):
    needs = {part.need for part in understand(read_question(question), reader).asked.parts}
    assert (Need.POLICY in needs) is ruled
