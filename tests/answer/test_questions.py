import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.answer.needs import Need
from indexer.answer.questions import read_question
from indexer.answer.values import values_in


@pytest.mark.parametrize(
    ("question", "needs"),
    [
        ("Where is the parser registered?", [Need.PLACE]),
        ("Which file holds the tax table?", [Need.PLACE]),
        ("What does Loader.fetch do?", [Need.MEANING]),
        ("How does an upload reach the bucket?", [Need.MECHANISM]),
        ("What happens when the queue is full?", [Need.MECHANISM]),
        ("Why is the cache written twice?", [Need.REASON]),
        ("What is the purpose of the second index?", [Need.REASON]),
        ("On what grounds did we drop SOAP?", [Need.REASON]),
        ("When was the plugin system introduced?", [Need.CHANGE]),
        ("How did the scheduler change over time?", [Need.CHANGE]),
        ("Who wrote the importer?", [Need.AUTHOR]),
        ("Who knows the tokenizer?", [Need.AUTHOR]),
        ("Who approves a new supplier?", [Need.PERSON]),
        ("Which department signs the contract?", [Need.PERSON]),
        ("What breaks if I rename Order.total?", [Need.IMPACT]),
        ("How do I build the docs?", [Need.COMMAND]),
        ("How can I configure the proxy?", [Need.SETTING]),
        ("Which environment variables does the worker read?", [Need.SETTING]),
        ("How do we usually write a migration?", [Need.EXAMPLE]),
        ("What are the main components?", [Need.PARTS]),
        ("Is the pool thread-safe?", [Need.CONFIRM]),
        ("How many requests a second did the search serve last winter?", [Need.FIGURE]),
        ("May interns read the claims table?", [Need.POLICY]),
        ("Is a limit of 50 still adequate?", [Need.JUDGEMENT]),
        ("Why was Redis chosen, and who decided it?", [Need.REASON, Need.PERSON]),
        ("Explain how a claim is paid", [Need.MECHANISM]),
    ],
)
def test_a_question_is_read_by_its_structure(question, needs):
    assert [part.need for part in read_question(question).parts] == needs


def test_what_is_only_told_is_context_for_what_is_asked():
    asked = read_question("The nightly export takes an hour. Why is it not split?")
    assert [part.need for part in asked.parts] == [Need.REASON]
    assert "export" in asked.parts[0].terms


def test_a_second_clause_without_a_subject_keeps_the_first_ones():
    asked = read_question("Who looks after the mail server, and where is it?")
    assert "server" in asked.parts[1].terms


def test_names_are_taken_from_how_they_are_written():
    asked = read_question(
        "How do `load all`, Session.get(), retry_count, XMLReader, CBTRN02C and src/a.py differ?"
    )
    assert asked.names == ("load all", "Session.get", "retry_count", "XMLReader", "CBTRN02C", "src/a.py")


def test_numbers_meet_in_words_and_digits():
    assert values_in("more than ten thousand items, twelve a day") == {"10000", "12"}
    assert values_in("MAX = 10_000  # since 2019, 1.5 times") == {"10000", "1.5"}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Why did we pick 2019, of all numbers, for it?", {"2019"}),
        ("It listens on port 2019.", {"2019"}),
        ("at most 2000 connections", {"2000"}),
        ("Removed in 2019, after 2018.", set()),
        ("sped up from 10s to 3s, 64kb at a time", {"10", "3", "64"}),
        ("v2s of x86m is no count", set()),
    ],
)
def test_a_year_dates_a_thing_unless_it_is_told_to_be_its_value_and_units_may_be_written_to_a_number(
    text, values
):
    assert values_in(text) == values


@given(st.text(max_size=300))
def test_T9_any_text_is_read_without_a_fault(text):
    asked = read_question(text)
    assert asked.parts


def test_T9_a_question_of_20000_characters_is_read_at_once():
    assert len(read_question("why is it so slow " * 1200).text) <= 2000


@pytest.mark.parametrize(
    ("question", "need"),
    [
        ("Where is `send_charge` used?", Need.IMPACT),
        ("Where are we called?", Need.IMPACT),
        ("Where is the code that is used for charging?", Need.PLACE),
        ("Whereabouts is it decided who pays?", Need.PLACE),
        ("Who can I bother about the ledger?", Need.AUTHOR),
        ("Who can cancel a payment?", Need.MEANING),
    ],
)
def test_where_and_who_are_read_by_what_follows(question, need):
    assert read_question(question).parts[0].need is need


def test_questions_and_answers_are_what_is_asked_about_where_hardly_anything_else_is():
    assert read_question("How is a question answered?").terms == ("question", "answer")
    assert "question" not in read_question("Who answers questions about invoices?").terms
    assert "answer" not in read_question("Which answer does the ledger send to the bank?").terms


def test_a_call_on_itself_names_the_method_alone():
    assert read_question("What happens when a task calls self.retry()?").names == ("retry",)
