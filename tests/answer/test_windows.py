"""A window is the few lines of a passage that are nearest to a question, with where they stand."""

from itertools import pairwise

import pytest

from indexer.answer.windows import CHARACTERS, windows
from indexer.repo.words import stems
from indexer.types import ChunkKind, Hit


def hit(kind: ChunkKind, text: str, symbol: str = "", path: str | None = None, language: str = "") -> Hit:
    # A message begins with its subject; anything else may stand anywhere in its file.
    start = 1 if kind is ChunkKind.COMMIT else 10
    return Hit(path, start, start + text.count("\n"), kind, symbol, None, 0.0, (), text, language=language)


def sharing(question: str):
    asked = set(stems(question))
    return lambda text: len(asked & set(stems(text))) / len(asked)


def test_a_windows_middle_is_what_shares_most_with_the_question():
    told = [f"Sentence number {number} says nothing of it." for number in range(30)]
    told[17] = "The retry limit is five because the bank drops requests."
    cut = windows(
        hit(ChunkKind.DOC, "\n\n".join(told), "Payments > Retries", "docs/pay.md"), sharing("retry limit")
    )

    assert "because the bank drops requests" in cut[0].text
    assert len(cut[0].text) <= CHARACTERS
    assert cut[0].title == "pay.md Payments, Retries"
    assert cut[0].start_line <= 10 + 34 <= cut[0].end_line


def test_a_long_passage_has_a_second_window_at_another_place():
    text = "\n\n".join(f"Sentence number {number} says nothing of it at all." for number in range(60))
    first, second = windows(hit(ChunkKind.DOC, text, "A", "a.md"), sharing("sentence"))

    assert first.end_line < second.start_line or second.end_line < first.start_line


def test_the_whole_of_a_passage_is_cut_without_any_of_it_twice():
    told = [f"Sentence number {number} says nothing of it at all, in {number} words." for number in range(60)]
    told[31] = "The retry limit is five because the bank drops requests."
    passage = hit(ChunkKind.DOC, "\n\n".join(told), "A", "a.md")
    cut = windows(passage, sharing("retry limit"), whole=True)

    assert cut[0] == windows(passage, sharing("retry limit"))[0]
    lines = sorted((each.start_line, each.end_line) for each in cut)
    assert lines[0][0] == passage.start_line
    assert lines[-1][1] == passage.end_line
    assert all(before[1] < behind[0] for before, behind in pairwise(lines))
    assert sorted(" ".join(each.text for each in cut).split()) == sorted(" ".join(told).split())
    assert max(len(each.text) for each in cut) <= CHARACTERS


def test_code_is_read_with_its_comments_line_by_line():
    text = "# Cards are blocked after three tries,\n# since the bank asks for it.\nTRIES = 3\nOTHER = 4"
    (cut,) = windows(hit(ChunkKind.CODE, text, "pay.TRIES", "shop/pay.py", "python"), sharing("three tries"))

    assert cut.text == "Cards are blocked after three tries, since the bank asks for it. TRIES = 3 OTHER = 4"
    assert (cut.start_line, cut.end_line) == (10, 13)


def test_the_subject_of_a_message_is_its_title():
    text = "Retry three times\n\nThe bank drops one request in a hundred."
    (cut,) = windows(hit(ChunkKind.COMMIT, text, "Retry three times"), sharing("bank"))

    assert (cut.title, cut.text) == ("Retry three times", "The bank drops one request in a hundred.")


@pytest.mark.parametrize("text", ["", "\n\n\n", "---\n***"])
def test_nothing_to_read_is_no_window(text):
    assert windows(hit(ChunkKind.CODE, text, "", "a.py", "python"), sharing("anything")) == []
