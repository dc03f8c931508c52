"""What made an answer believed when it should not be: proof of search, walks, reasons, translations."""

from __future__ import annotations

import pytest

from indexer.answer.blocks import Role, document_blocks
from indexer.answer.reaching import is_noun
from indexer.answer.retrieval import Retriever
from indexer.answer.standing import stands_in
from indexer.answer.wording import asks_translations
from indexer.index.reader import PassageReader
from indexer.repo.translations import is_translation
from indexer.types import ChunkKind, Hit, Query, Section, VerdictStatus
from tests.asking import Asking, opened
from tests.conftest import SmallRepository

VOUCHERS = '''"""Vouchers of the shop."""


class AbstractVoucher:
    """A code that a customer types. It is linked to the offers that it opens."""

    def is_available(self, customer):
        """Say whether the customer may use the voucher: once only, when the usage is single."""
        return self.usage != "single" or not self.used_by(customer)
'''
OFFERS = '''"""Offers of the shop."""


class ConditionalOffer:
    """A condition with a benefit. It applies by itself when the basket fulfils it."""

    def apply(self, basket):
        """Give the benefit to the basket."""
        return self.benefit.apply(basket)
'''
CHECKOUT = '''"""From the basket to the order."""


class OrderCreator:
    """Creates orders."""

    def place_order(self, basket, graphs):
        """Place an order out of a basket: make its lines, then submit the basket."""
        for line in basket.lines:
            self.create_line(line, graphs)
        return submit_basket(basket)

    def create_line(self, line, graphs):
        """Make one line of the order."""
        return (line, graphs)


class Placement:
    """Puts things back."""

    def restore_frozen_basket(self):
        """Restore a frozen basket as the open basket."""
        return self.merge_basket()

    def merge_basket(self):
        """Merge the frozen basket with another basket."""
        return customize_basket(self)


def submit_basket(basket):
    """Mark the basket as submitted."""
    basket.status = "submitted"


def customize_basket(owner):
    """Let a project add what is custom to it."""
    return owner
'''
LOADING = '''"""Dynamic loading."""


def get_class(label, name):
    """Return a class by its label."""
    return __import__(label)[name]
'''
EXPLAINED = """Dynamic class loading explained
===============================

Dynamic loading is what makes the shop customisable. It is done by ``get_class``.

Why?
----

A project may put a class of its own in the place of any class of the shop. It needs no fork for that.

In practice
-----------

Write a class of the same name.
"""
MESSAGES = """#: shop/voucher.py:9
msgid "Can a voucher be used more than once by the same customer?"
msgstr "Ein Gutschein kann vom selben Kunden mehr als einmal benutzt werden, because of the usage."
"""


@pytest.fixture(scope="module")
def repository(tmp_path_factory, git_environment) -> SmallRepository:
    folder = tmp_path_factory.mktemp("believed") / "repo"
    folder.mkdir()
    shop = SmallRepository(folder, dict(git_environment))
    shop.git("init", "--quiet", "--initial-branch=main", ".")
    shop.commit(
        "Add the shop",
        {
            "shop/__init__.py": "",
            "shop/voucher.py": VOUCHERS,
            "shop/offer.py": OFFERS,
            "shop/checkout.py": CHECKOUT,
            "shop/loading.py": LOADING,
            "docs/class_loading.rst": EXPLAINED,
            **{f"shop/locale/{name}/LC_MESSAGES/django.po": MESSAGES for name in ("de", "fr", "it", "nl")},
        },
    )
    shop.commit(
        "Mask no ImportError in get_class\n\nBefore this get_class hid an ImportError because a wrapping call"
        " caught it instead of normal imports failing at once.",
        {"shop/loading.py": LOADING.replace("Return a class", "Return the class")},
    )
    return shop


@pytest.fixture(scope="module")
def shop(repository, tmp_path_factory):
    with opened(repository, tmp_path_factory.mktemp("data"), PassageReader(1)) as asking:
        yield asking


@pytest.fixture(scope="module")
def wordly(repository, tmp_path_factory):
    """The same without a reader of passages."""
    with opened(repository, tmp_path_factory.mktemp("wordly")) as asking:
        yield asking


def test_t1_a_walk_begins_where_the_whole_question_is_said(shop: Asking):
    said = shop.said("How does a basket become an order, step by step?")
    assert said.startswith("It begins in `OrderCreator.place_order`")
    assert "become" not in said


def test_t1_a_how_about_what_stands_nowhere_is_unknown_and_names_the_word(shop: Asking, wordly: Asking):
    for asking in (shop, wordly):
        answer = asking.ask("How does the shop support HTTP/3?")
        assert answer.verdict.status is VerdictStatus.UNKNOWN
        assert "HTTP/3" in answer.verdict.reason
        assert not [each for each in answer.statements if each.section is not Section.MISSING]


def test_t1_a_how_that_nothing_tells_shows_nothing_near_by(shop: Asking):
    answer = shop.ask("How does the shop charge monthly subscriptions?")
    assert answer.verdict.status in (VerdictStatus.UNKNOWN, VerdictStatus.MISSING)
    assert "subscriptions" in answer.verdict.reason
    assert not [each for each in answer.statements if each.section is not Section.MISSING]
    assert not answer.verdict.contacts


def test_a_how_that_a_walk_tells_stays_grounded(shop: Asking):
    assert shop.ask("How does place_order work?").verdict.status is VerdictStatus.GROUNDED


def test_a_comparison_defines_both_of_its_sides(shop: Asking):
    answer = shop.ask("What is the difference between a voucher and an offer?")
    said = [each.text for each in answer.statements]
    assert answer.verdict.status is VerdictStatus.GROUNDED
    assert said[0].startswith("`AbstractVoucher` is a class")
    assert any(text.startswith("`ConditionalOffer` is a class") for text in said)


def test_a_documents_own_reason_comes_before_the_reason_of_a_commit(shop: Asking):
    answer = shop.ask("Why does the shop use get_class instead of normal imports?")
    reasons = [each for each in answer.statements if each.section is Section.WHY]
    assert answer.verdict.status is VerdictStatus.GROUNDED
    assert reasons[0].text.startswith("A project may put a class of its own")
    assert all(each.citations[0].path == "docs/class_loading.rst" for each in reasons)


def test_a_title_of_four_letters_hides_no_text_below_it():
    blocks = list(document_blocks(EXPLAINED.split("\n"), 1, Role.PROSE))
    assert any(block.lines[0].startswith("A project may put") for block in blocks)


def test_code_between_four_hyphens_is_still_no_prose():
    blocks = list(document_blocks(["Do this.", "", "----", "rm -rf build", "----", "Done."], 1, Role.PROSE))
    assert [block.lines[0] for block in blocks] == ["Do this.", "Done."]


def test_t1_proof_of_search_counts_the_word_itself(shop: Asking):
    searched = " ; ".join(shop.ask("Where is the GraphQL API implemented?").verdict.searched)
    assert "found nowhere: GraphQL" in searched
    counted = shop.ask("How many customers buy each day?").verdict.searched
    told = next(each for each in counted if each.startswith("customers"))
    # `customize_basket`, "custom" and "customisable" share its stem, and are not it.
    assert told == "customers (with customer): 1 in code, 0 in documents, 0 in commits"


@pytest.mark.parametrize(
    ("word", "text", "stands"),
    [
        ("customers", "a custom class", False),
        ("customers", "the customer's name", True),
        ("order", "class OrderCreator:", True),
        ("order", "place_order(basket)", True),
        ("order", "in good orderly manner", False),
        ("GraphQL", "the graph of tasks", False),
        ("GraphQL", "class GraphQLView:", True),
        ("HTTP/3", "speaks http3 only", True),
        ("HTTP/3", "HTTP and 3 more", False),
        ("retries", "call retry(task)", True),
        ("stopping", "when it stops", True),
        ("cache", "responses are cached", True),
    ],
)
def test_a_word_is_itself_or_has_a_plain_ending(word, text, stands):
    assert stands_in(word, text) is stands


@pytest.mark.parametrize(
    ("question", "word", "noun"),
    [
        ("How does Oscar charge monthly subscriptions", "subscriptions", True),
        ("How does the worker notice that its broker vanished", "vanished", False),
        ("How does it talk to the flux capacitor in here", "flux", True),
        ("How do I get it to reconcile", "reconcile", False),
        ("How does it support this", "support", False),
    ],
)
def test_things_are_told_from_what_is_done_with_them(question, word, noun):
    assert is_noun(word, question.split()) is noun


def test_translations_give_no_yes_and_no_how(shop: Asking):
    for question in (
        "Can a voucher be used more than once by the same customer?",
        "How is a voucher used by a customer?",
    ):
        cited = [each.path for said in shop.ask(question).statements for each in said.citations]
        assert not [path for path in cited if path and path.endswith(".po")]
        assert "shop/voucher.py" in cited


def test_translations_come_last_unless_they_are_asked_for(shop: Asking):
    first, last = ([hit.path or "" for hit in _found(shop, text)] for text in ASKED_TWICE)
    assert first[0] == "shop/voucher.py"
    assert {path.endswith(".po") for path in first[-4:]} == {True}
    assert any(path.endswith(".po") for path in last[:3])


ASKED_TWICE = ("voucher used by the same customer", "translation of msgid voucher used by the same customer")


def _found(asking: Asking, text: str) -> list[Hit]:
    hits, _ = Retriever(asking.catalog).search(Query(text, kinds=(ChunkKind.CODE,)))
    return hits


@pytest.mark.parametrize(
    ("path", "translation"),
    [
        ("src/oscar/locale/de/LC_MESSAGES/django.po", True),
        ("app/i18n/en.json", True),
        ("res/messages_de.properties", True),
        ("src/i18n/loader.py", False),
        ("src/lang/parser.ts", False),
        ("config/settings.json", False),
    ],
)
def test_translations_are_told_by_their_path(path, translation):
    assert is_translation(path) is translation


def test_words_of_translation_ask_for_translations():
    assert asks_translations("How are messages translated?")
    assert not asks_translations("How is a voucher used?")
