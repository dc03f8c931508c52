import pytest

from indexer.answer.needs import Need
from indexer.answer.questions import read_question
from indexer.answer.reasons import explains_another
from indexer.errors import UsageError
from indexer.types import Category, CitationKind, NoteDraft, Section, VerdictStatus
from tests.asking import GONE, HERE, TOKEN, Asking, build_shop, copy_of, opened

QUESTIONS = (
    "Where is the ledger written?",
    "What does Payment.settle do?",
    "How does a payment get settled?",
    "Why is the invoice frozen?",
    "Who wrote the gateway?",
    "When were gift cards added?",
    "What breaks if I change send_charge?",
    "How do I run the tests?",
    "Which environment variables are read?",
    "Which job posts the daily sales, and what does it read and write?",
    "What are the main parts?",
    "Why does a gift card expire after 400 days?",
    "How do we reach the bank?",
    "Is the ledger kept in memory?",
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("shop")
    with opened(build_shop(folder / "repo", git_environment), folder / "data") as asking:
        yield asking


@pytest.fixture
def own(shop, tmp_path):
    with opened(copy_of(shop.repository, tmp_path / "repo"), tmp_path / "data") as asking:
        yield asking


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_statement_cites_and_every_quote_is_gits_own_bytes(shop: Asking, question):
    answer = shop.ask(question)
    assert answer.statements
    for statement in answer.statements:
        assert statement.citations or statement.section is Section.MISSING
        for citation in statement.citations:
            if citation.kind is CitationKind.SPAN:
                blob = shop.repository.git("cat-file", "blob", citation.blob_id)
                assert citation.quote == "\n".join(
                    blob.split("\n")[citation.start_line - 1 : citation.end_line]
                )
            if citation.kind is CitationKind.COMMIT:
                body = shop.repository.git("show", "-s", "--format=%B", citation.commit_id)
                assert citation.quote == "\n".join(
                    body.split("\n")[citation.start_line - 1 : citation.end_line]
                )


@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_is_said_twice(shop: Asking, question):
    texts = [statement.text for statement in shop.ask(question).statements]
    assert len(texts) == len(set(texts))


def test_where_leads_to_the_definition(shop: Asking):
    assert "shop/ledger.py" in shop.said("Where is post_entry defined?").split("\n")[0]


def test_what_begins_with_what_the_code_says_of_itself(shop: Asking):
    assert shop.said("What does Payment.settle do?").startswith(
        "Charge the card and post the entry to the ledger."
    )


def test_how_walks_the_calls_in_order_across_files(shop: Asking):
    said = shop.said("How does Payment.settle work?")
    charge, entry = said.index("`send_charge`, shop/gateway.py"), said.index("`post_entry`, shop/ledger.py")
    assert charge < entry


def test_a_reason_in_a_comment_grounds_a_why(shop: Asking):
    answer = shop.ask("Why is the invoice frozen?")
    assert answer.verdict.status is VerdictStatus.GROUNDED
    reasons = [statement for statement in answer.statements if statement.section is Section.WHY]
    assert reasons[0].text.startswith("We freeze the invoice so that nobody can change it")
    assert reasons[0].citations[0].path == "shop/payment.py"


def test_a_reason_in_a_commits_body_grounds_a_why_and_names_who_and_when(shop: Asking):
    answer = shop.ask("Why do we retry a charge three times?")
    assert answer.verdict.status is VerdictStatus.GROUNDED
    citation = next(each for each in answer.statements if each.section is Section.WHY).citations[0]
    assert (citation.kind, citation.author) == (CitationKind.COMMIT, GONE[0])


def test_a_value_without_a_recorded_reason_is_said_to_be_missing(shop: Asking):
    answer = shop.ask("Why does a gift card expire after 400 days?")
    assert answer.verdict.status in (VerdictStatus.PARTIAL, VerdictStatus.MISSING)
    assert answer.verdict.category in (Category.BUSINESS, Category.ARCHITECTURE)
    assert HERE[0] in [contact.name for contact in answer.verdict.contacts]
    assert answer.verdict.contacts[0].name.split()[0] in answer.draft


@pytest.mark.parametrize(
    "question",
    [
        "Who signs the contract with the bank?",
        "May support staff refund a payment?",
        "How many payments a minute did we settle last Christmas?",
    ],
)
def test_what_only_people_know_is_never_grounded_by_code(shop: Asking, question):
    assert shop.ask(question).verdict.status in (VerdictStatus.PARTIAL, VerdictStatus.MISSING)


def test_what_is_searched_is_told_with_counts(shop: Asking):
    searched = shop.ask("Who signs the contract with the bank?").verdict.searched
    assert "passages of code" in searched[0]
    assert "6 of commit messages" in searched[0]
    assert any(line.startswith("found nowhere: ") and "contract" in line for line in searched)


@pytest.mark.parametrize(
    "question",
    [
        "What does Paymnt.setle do?",
        "How does the KubernetesOperator reconcile?",
        "where is frobnicate_widget defined?",
    ],
)
def test_what_is_not_here_is_unknown_and_shows_no_chunk(shop: Asking, question):
    answer = shop.ask(question)
    assert answer.verdict.status is VerdictStatus.UNKNOWN
    assert {statement.section for statement in answer.statements} == {Section.MISSING}
    assert answer.gap_id is None


def test_a_misspelt_name_is_met_with_the_nearest_ones(shop: Asking):
    assert "`Payment`" in shop.said("Where is the class Paymnt?") or "`Payment`" in shop.said(
        "What is Paymnt_?"
    )


def test_a_job_is_walked_along_step_program_files_and_copybook(shop: Asking):
    said = shop.said("Which job posts the daily sales, and what does it read and write?")
    assert "Job `DAYPOST`" in said
    assert "runs `SALPOST` (cbl/SALPOST.cbl)" in said
    assert "reads SHOP.DAILY.SALES" in said
    assert "writes SHOP.MASTER.FILE" in said
    assert "cpy/SALREC.cpy" in said


def test_who_is_answered_by_counted_commits(shop: Asking):
    answer = shop.ask("Who wrote shop/gateway.py?")
    fact = answer.statements[0]
    assert fact.text.startswith(f"{GONE[0]} wrote the one commit that touched shop/gateway.py")
    assert fact.citations[0].rests_on == (shop.repository.git("log", "--format=%H", "--", "shop/gateway.py"),)


def test_an_owner_named_in_the_repository_comes_first(shop: Asking):
    assert shop.said("Who owns cbl/SALPOST.cbl?").startswith("@batch-team is named as owner in CODEOWNERS.")


def test_who_left_is_said_to_have_left(shop: Asking):
    assert "no commit here at all since 2015" in shop.said("Who knows shop/payment.py?")


def test_when_is_a_timeline_with_dates(shop: Asking):
    assert "2024-03-09, Ben Ito: “Add gift cards”" in shop.said("When were gift cards added?")


def test_impact_counts_callers_and_tests(shop: Asking):
    said = shop.said("What breaks if I change send_charge?")
    # Who is reached comes first, and not where it is defined.
    assert said.startswith(
        "A change of `send_charge` reaches `Payment.settle` (shop/payment.py:16) and `refund`"
    )


def test_a_command_is_shown_as_it_is_typed(shop: Asking):
    assert "`pytest tests` (README.md:7, under “Running the tests”)" in shop.said("How do I run the tests?")


def test_environment_variables_come_with_their_defaults(shop: Asking):
    assert "`SHOP_BANK_TIMEOUT` is read in shop/gateway.py:5, with the default `20`." in shop.said(
        "Which environment variables are read?"
    )


def test_K1_no_citation_reaches_into_a_line_that_held_a_secret(shop: Asking):
    assert shop.sources.span("shop/bank.py", 3, 3) is not None
    assert shop.sources.span("shop/bank.py", 4, 4) is None
    assert shop.sources.span("shop/bank.py", 1, 5) is None
    answer = shop.ask("What is BANK_TOKEN?")
    assert TOKEN not in repr(answer)


def test_a_question_without_a_word_is_refused(shop: Asking):
    with pytest.raises(UsageError):
        shop.ask(" ?!🙂 ")


@pytest.mark.parametrize(
    "question", ['"', "AND OR NOT", "a* NEAR(b, c)", "settle AND (", "payment:", "-- ' ; DROP"]
)
def test_T8_words_of_a_query_language_are_only_words(shop: Asking, question):
    if any(letter.isalnum() for letter in question):
        assert shop.ask(question).verdict.status in VerdictStatus


def test_T9_a_very_long_question_is_answered(shop: Asking):
    assert shop.ask("why is the ledger kept " * 900).statements


def test_a_gap_is_kept_counted_and_closed_by_a_note_that_then_answers(own: Asking):
    question = "Why does a gift card expire after 400 days?"
    own.ask(question)
    gap_id = own.ask(question.lower()).gap_id
    assert own.people.gap(gap_id).asked == 2
    text = "Legal asked for it: unclaimed money must be reported after 400 days."
    own.notes.add(NoteDraft("", text, "shop/gift.py:1", "Ruth Amari", "ruth@example.com", gap_id=gap_id))

    answer = own.ask(question)

    assert own.people.gaps() == ()
    assert answer.verdict.status is VerdictStatus.GROUNDED
    first = answer.statements[0]
    assert first.text.startswith("Legal asked for it")
    assert (first.citations[0].kind, first.citations[0].author) == (CitationKind.NOTE, "Ruth Amari")


def test_a_working_copy_is_cited_without_a_commit(own: Asking):
    own.repository.write(
        {"shop/ledger.py": '"""Books."""\n\n\ndef post_entry(receipt):\n    """Write nothing at all."""\n'}
    )
    own.index()
    statement = own.ask("What does post_entry do?").statements[0]
    assert statement.text == "Write nothing at all."
    assert statement.citations[0].commit_id is None


def test_a_quote_that_the_file_no_longer_bears_out_is_dropped_and_counted(own: Asking):
    own.repository.write(
        {"shop/ledger.py": '"""Books."""\n\n\ndef post_entry(receipt):\n    """Write nothing at all."""\n'}
    )
    own.index()
    own.repository.write({"shop/ledger.py": '"""Books."""\n'})
    answer = own.ask("What does post_entry do?")
    assert answer.dropped > 0
    assert "Write nothing at all." not in [statement.text for statement in answer.statements]


def test_a_dotted_name_of_a_package_is_the_function_that_it_offers(shop: Asking):
    said = shop.said("How does a call to shop.post_entry work, step by step?")
    assert "`post_entry`" in said
    assert "shop/ledger.py" in said


def test_a_command_is_given_with_what_it_runs(shop: Asking):
    assert shop.said("How do I run the tests?").startswith("Type `make test`, which runs `")


@pytest.mark.parametrize(
    ("text", "explains"),
    [
        ("Fixed a crash due to the change of the ledger format", True),
        ("The ledger format was changed due to slow reads", False),
    ],
)
def test_what_the_subject_caused_is_no_reason_for_the_subject(shop: Asking, text, explains):
    shares = {"ledger": 0.5, "format": 0.5}
    assert (
        explains_another(text, lambda part: sum(shares[word] for word in shares if word in part)) is explains
    )


def test_two_question_words_share_what_follows():
    asked = read_question("When and why was the parser replaced?")
    assert [part.need for part in asked.parts] == [Need.CHANGE, Need.REASON]


def test_a_number_that_the_code_sets_is_told_under_its_name(own: Asking):
    own.repository.commit("Limit", {"shop/limits.py": "QUEUE_LIMIT = 25\n"})
    own.index()
    answer = own.ask("What limit does the queue have?")
    assert "`QUEUE_LIMIT = 25` stands in shop/limits.py:1." in [each.text for each in answer.statements]


def test_a_rule_about_money_that_the_sources_answer_is_to_be_confirmed(own: Asking):
    text = "# Rules\n\nA refund must never exceed the amount that was charged, because the auditors insist.\n"
    own.repository.commit("Write rules", {"docs/rules.md": text})
    own.index()
    answer = own.ask("May a refund exceed the amount that was charged?")
    assert answer.verdict.status is VerdictStatus.GROUNDED
    assert "confirm the rule with " in answer.statements[-1].text


def test_a_lone_why_at_the_end_asks_for_the_reason_too():
    asked = read_question("When was the parser dropped, and why?")
    assert [part.need for part in asked.parts] == [Need.CHANGE, Need.REASON]


def test_impact_of_a_name_that_history_alone_knows_is_not_told_of_something_near(own: Asking):
    own.repository.commit("Drop settle_everything", {"docs/old.txt": "settle_everything is gone.\n"})
    own.index()
    answer = own.ask("What breaks if I change settle_everything?")
    assert answer.verdict.status is not VerdictStatus.GROUNDED
    assert "shop/" not in answer.statements[0].text


def test_a_path_that_is_also_a_key_of_some_configuration_means_the_file(own: Asking):
    audit = '{"shop/ledger.py": {"level": "low"}}\n'
    own.repository.commit("Note what the audit found", {"audit.json": audit}, date=1_720_000_000)
    own.index()

    answer = own.ask("Who knows shop/ledger.py?")

    assert "that touched shop/ledger.py" in answer.statements[0].text
    assert "audit.json" not in "".join(each.text for each in answer.statements)


def test_what_to_ask_next_is_never_what_was_asked(shop: Asking):
    for question in ("Who knows shop/ledger.py?", "What depends on shop/ledger.py?"):
        assert question not in shop.ask(question).follow_ups
