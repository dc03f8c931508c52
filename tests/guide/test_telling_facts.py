"""A question in words is told what the inventory, who and examples tell: one index, one answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.answer.areas import areas_named
from indexer.answer.citations import SourceFile, Sources
from indexer.answer.wishes import asks_whom, list_asked
from indexer.knowledge import KnowledgeBase
from indexer.pages import WhoWanted
from indexer.shapes.inventory import InventoryKind, InventoryWanted
from indexer.types import Answer, CitationKind, Section, VerdictStatus
from tests.conftest import Bench
from tests.guide.conftest import ADA, BOB, YEAR_2023, YEAR_2024, Quiet, settings_of

DEFAULTS = "BASKET_LIFETIME = 7 * 24 * 60\n\nBASKET_SECURE = False\n\nMAIL_HOST = None\n"
BASKET = '''"""Baskets that wait to be paid."""

import os

from django.conf import settings

LIMIT = int(os.environ.get("BASKET_LIMIT") or os.environ.get("SHOP_LIMIT", 10))


class Basket:
    """What a visitor wants to buy."""

    def cookie(self, response):
        """Keep it on the visitor's side."""
        response.set_cookie(settings.BASKET_LIFETIME, secure=settings.BASKET_SECURE)
'''
OFFER = '''"""Offers that make a basket cheaper."""

import os

os.environ.setdefault("OFFER_PROXY", "none")
DEBUG = os.environ.get("OFFER_DEBUG") or os.path.join("a", "b")


class Offer:
    """A condition and what it gives."""

    def applies(self, basket):
        """Say whether it does."""
        return bool(basket)
'''
BENEFITS = '''"""What an offer gives."""


class Benefit:
    """Takes something off."""

    def apply(self, price):
        """Return less."""
        return price - 1
'''
MINGLE = '''"""Sync at the start."""


class Mingle:
    """Bootstep that asks the neighbours of a worker what they know.

    It takes over what they revoked.
    """

    def start(self):
        """Ask the neighbours of a worker for it."""
        return None


class Task:
    """What is run."""

    #: Acknowledge a message after its task was run, and not before.
    acks_late = None

    #: Put a message back into its queue when the process that runs it dies, although `acks_late` is on.
    reject_on_lost = None
'''
BACKEND = '''"""{name} result store."""

from shop.stores.base import Backend


class {name}Backend(Backend):
    """Keeps things in {name}."""

    def get(self, key):
        """Return one."""
        value = self.client.get(key)
        return value
'''


@pytest.fixture(scope="module")
def shop(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Iterator[KnowledgeBase]:
    """A shop with two apps of two people, settings, variables, and stores of one kind."""
    folder = tmp_path_factory.mktemp("facts")
    bench = Bench(folder, settings_of(folder), git_environment)
    made = bench.make("shop")
    basket = {"shop/defaults.py": DEFAULTS, "shop/basket/models.py": BASKET}
    made.commit("Begin the basket", basket, ADA, YEAR_2023)
    offer = {"shop/offer/models.py": OFFER, "shop/offer/benefits.py": BENEFITS}
    made.commit("Add offers", offer, BOB, YEAR_2024)
    files = {
        f"shop/stores/{each.lower()}.py": BACKEND.format(name=each) for each in ("Redis", "Mongo", "Disk")
    }
    files["shop/stores/base.py"] = "class Backend:\n    pass\n"
    made.commit("Keep results", files, ADA, YEAR_2024)
    made.commit("[mingle] Fix an UnboundLocalError of acks_late and reject_on_lost", {"shop/sync.py": MINGLE})
    opened = KnowledgeBase.open(bench.locate(made), bench.settings)
    opened.words(Quiet())
    yield opened
    opened.close()


def ask(shop: KnowledgeBase, question: str) -> Answer:
    return shop.ask(question, record=False)


def what(answer: Answer) -> list[str]:
    return [each.text for each in answer.statements if each.section is Section.WHAT]


def test_the_settings_of_an_app_are_those_of_the_inventory_with_where_they_are_set(
    shop: KnowledgeBase,
) -> None:
    answer = ask(shop, "Which settings does the basket app read?")
    assert answer.verdict.status is VerdictStatus.GROUNDED
    said = what(answer)
    assert said[0] == "2 settings are read in shop/basket/: `BASKET_LIFETIME` and `BASKET_SECURE`."
    listed = shop.mentor.inventory.list(InventoryWanted((InventoryKind.SETTINGS,), "shop/basket"), Quiet())
    assert [each.name for each in listed.settings] == ["BASKET_LIFETIME", "BASKET_SECURE"]
    assert said[1].endswith("its default is `7 * 24 * 60`, set in shop/defaults.py:1.")
    assert {each.path for each in answer.statements[1].citations} == {
        "shop/basket/models.py",
        "shop/defaults.py",
    }


def test_a_variable_that_is_only_set_is_not_read_and_a_second_one_is_no_default(shop: KnowledgeBase) -> None:
    said = what(ask(shop, "Which environment variables does the basket app read?"))
    assert said[0] == "2 environment variables are read in shop/basket/: `BASKET_LIMIT` and `SHOP_LIMIT`."
    assert (
        said[1] == "`BASKET_LIMIT` is read in shop/basket/models.py:7, with the default `10`"
        " where `SHOP_LIMIT` is not set either."
    )
    assert said[-1].startswith("Read elsewhere is `OFFER_DEBUG`")
    everywhere = "\n".join(what(ask(shop, "Which environment variables are there?")))
    assert "OFFER_PROXY" not in everywhere
    assert 'with the default `os.path.join("a","b")`' in everywhere


def test_a_kind_that_is_nowhere_is_not_called_answered(shop: KnowledgeBase) -> None:
    answer = ask(shop, "Which scheduled jobs are there?")
    assert answer.verdict.status is VerdictStatus.PARTIAL
    assert what(answer) == [
        "No scheduled job was found in this repository; one declared in a way that cannot be read is missed."
    ]


def test_a_list_that_is_asked_for_costs_no_look_into_tests(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bench.make("shop")
    tests = {f"tests/test_basket{n}.py": f"import os\nLIMIT = os.environ['LIMIT_{n}']\n" for n in range(3)}
    made.commit("Begin", {"shop/basket/models.py": BASKET, "shop/defaults.py": DEFAULTS, **tests})
    opened = KnowledgeBase.open(bench.locate(made), bench.settings)
    opened.words(Quiet())
    looked: list[str] = []
    read = Sources.file

    def noted(sources: Sources, path: str) -> SourceFile | None:
        looked.append(path)
        return read(sources, path)

    monkeypatch.setattr(Sources, "file", noted)
    said = what(ask(opened, "Which environment variables are read?"))
    assert said[0].startswith("2 environment variables are read in this repository")
    assert "shop/basket/models.py" in looked
    assert not [each for each in looked if each.startswith("tests/")]
    # Who asks for the list itself is told what it leaves out.
    listed = opened.mentor.inventory.list(InventoryWanted((InventoryKind.ENV,)), Quiet())
    assert [(each.mark, each.count) for each in listed.left_out] == [("test", 3)]
    opened.close()


def test_what_tests_alone_hold_is_counted_where_nothing_else_is_found(bench: Bench) -> None:
    made = bench.make("shop")
    reads = "import os\nLIMIT = os.environ['LIMIT']\nOTHER = os.environ['OTHER']\n"
    made.commit("Begin", {"shop/offer.py": "RATE = 1\n", "tests/test_offer.py": reads})
    opened = KnowledgeBase.open(bench.locate(made), bench.settings)
    opened.words(Quiet())
    said = what(ask(opened, "Which environment variables are there?"))
    assert len(said) == 1
    assert said[0].startswith(
        "No environment variable was found in this repository outside tests and examples, which hold 2;"
    )
    listed = opened.mentor.inventory.list(
        InventoryWanted((InventoryKind.ENV,), "tests"), Quiet(), counted=False
    )
    assert [each.name for each in listed.variables] == ["LIMIT", "OTHER"]
    opened.close()


def test_a_file_that_changes_is_read_anew(bench: Bench) -> None:
    made = bench.make("shop")
    made.commit("Begin", {"shop/basket/models.py": BASKET})
    with_it = KnowledgeBase.open(bench.locate(made), bench.settings)
    with_it.words(Quiet())
    question = "Which environment variables does the basket app read?"
    assert "2 environment variables" in what(ask(with_it, question))[0]
    made.commit("Read one more", {"shop/basket/cookie.py": 'import os\nTTL = os.environ["BASKET_TTL"]\n'})
    with_it.words(Quiet())
    assert "`BASKET_TTL`" in what(ask(with_it, question))[0]
    with_it.close()


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("Who should I ask about offers and benefits?", "shop/offer/"),
        ("who knows the offer app", "shop/offer/"),
        ("Who should I talk to about baskets?", "shop/basket/"),
        ("Who knows the benefits of an offer best?", "shop/offer/benefits.py"),
    ],
)
def test_whom_to_ask_is_whom_who_names(shop: KnowledgeBase, question: str, place: str) -> None:
    answer = ask(shop, question)
    assert answer.verdict.status is VerdictStatus.GROUNDED
    named = shop.who(WhoWanted(place)).people[0].contact
    first = answer.statements[0]
    assert first.text.startswith(f"About {place} ask {named.name} (1 of 1 commits, the last on ")
    assert first.citations[0].kind is CitationKind.FACT
    assert len(first.citations[0].rests_on) == 1


def test_without_a_name_who_to_ask_is_not_answered(shop: KnowledgeBase) -> None:
    answer = ask(shop, "Who should I talk to about prices of the neighbours?")
    assert answer.verdict.status is not VerdictStatus.GROUNDED


def test_a_kind_is_found_by_what_its_own_kind_says_of_itself(shop: KnowledgeBase) -> None:
    answer = ask(shop, "How do we usually write a new result backend?")
    assert answer.verdict.status is VerdictStatus.GROUNDED
    assert "Backend` in shop/stores/" in what(answer)[0]
    assert not [each for each in answer.statements if each.section is Section.MISSING]


def test_a_word_that_names_a_class_is_explained_by_it_before_any_commit(shop: KnowledgeBase) -> None:
    said = what(ask(shop, "What does mingle mean here?"))
    assert said[0] == (
        "Bootstep that asks the neighbours of a worker what they know. It takes over what they revoked."
    )
    assert not [each for each in said if each.startswith("[mingle]")]


def test_two_settings_stand_side_by_side_with_what_each_says_of_itself(shop: KnowledgeBase) -> None:
    said = what(ask(shop, "What is the difference between acks_late and reject_on_lost?"))
    joined = "\n".join(said)
    assert {said[0].split("`")[1], said[1].split("`")[1]} == {"Task.acks_late", "Task.reject_on_lost"}
    assert "after its task was run" in joined
    assert "although `acks_late` is on" in joined
    assert "used in 0 other files" not in joined
    assert "UnboundLocalError" not in joined


def test_areas_are_named_by_all_of_their_words_and_tests_are_none(bench: Bench) -> None:
    made = bench.make("areas")
    code = "def one():\n    return 1\n"
    paths = (
        "apps/offer/models.py",
        "apps/offer_tags.py",
        "tests/offer/test_models.py",
        "apps/dashboard/offer.py",
    )
    made.commit("Begin", dict.fromkeys(paths, code))
    opened = KnowledgeBase.open(bench.locate(made), bench.settings)
    opened.words(Quiet())
    with opened._catalog.snapshot() as reader:
        found = [each.path for each in areas_named(reader, {"offer"})]
    opened.close()
    assert found == ["apps/offer", "apps/dashboard/offer.py"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Which endpoints does the shop have?", InventoryKind.ENDPOINTS),
        ("List all management commands", InventoryKind.COMMANDS),
        ("What are the env vars?", InventoryKind.ENV),
        ("which system properties does it read?", InventoryKind.SETTINGS),
        ("Which REST calls exist for offers?", InventoryKind.ENDPOINTS),
        ("Which calls are slow?", None),
        ("Which settings must we change before a release?", None),
        ("Why are these settings read?", None),
        ("Which tables should be dropped?", None),
    ],
)
def test_only_a_wish_for_a_list_is_one(text: str, kind: InventoryKind | None) -> None:
    found = list_asked(text)
    assert (None if found is None else found[0]) == kind


def test_who_maintains_it_is_told_of_the_whole_repository(shop: KnowledgeBase) -> None:
    answer = shop.ask("Who maintains this project?")
    assert answer.verdict.status is VerdictStatus.GROUNDED
    assert answer.statements[0].text.startswith("About the whole repository ask ")
    assert BOB[0] in answer.statements[0].text


def test_only_a_wish_for_a_person_is_one() -> None:
    assert asks_whom("Who should I ask about offers and benefits?") == "offers and benefits"
    assert asks_whom("who knows the offer app") == "the offer app"
    assert asks_whom("Who maintains it?") == "it"
    assert asks_whom("Who is looking after the offer app?") == "the offer app"
    assert asks_whom("Who decided on the refund limit?") == ""
    assert asks_whom("Who do I ask for access?") == ""


POOL = '''class Pool:
    """Lends what is costly to make."""

    def set_min_idle(self, count):
        """Set how many are kept ready. It only has an effect where `evict_every` is greater than zero.

        It is never more than `max_idle`.
        """
        self.min_idle = count
'''


def test_what_else_a_named_setter_needs_is_told_by_its_own_words_where_no_setting_is_listed(
    bench: Bench,
) -> None:
    made = bench.make("pool")
    made.commit("Begin", {"pool/pool.py": POOL})
    opened = KnowledgeBase.open(bench.locate(made), bench.settings)
    opened.words(Quiet())
    answer = ask(opened, "I called set_min_idle(5) but it stays empty. Which other settings does it need?")
    assert answer.verdict.status is VerdictStatus.GROUNDED
    assert "`evict_every` is greater than zero" in "\n".join(what(answer))
    assert not [each for each in what(answer) if each.startswith("No setting was found")]
    # What it takes is no variable of the environment: that there is none is said.
    none = ask(opened, "Which environment variables does `set_min_idle` read?")
    assert none.verdict.status is not VerdictStatus.GROUNDED
    assert "takes:" not in "\n".join(what(none))
    opened.close()
