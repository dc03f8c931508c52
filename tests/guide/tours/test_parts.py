"""What a tour tells of a part: who outside builds on it, what its folders are, what its variables set."""

from __future__ import annotations

import pytest

from indexer.knowledge import KnowledgeBase
from indexer.shapes.onboarding import StepKind, TourRole
from tests.conftest import Bench
from tests.guide.conftest import ADA, YEAR_2024, Opened, OpenKnowledge
from tests.guide.tours.conftest import derived
from tests.guide.tours.test_route import said, step_of

CARRIER = '''import os


#: seconds that a carrier waits for an answer.
WAIT = int(os.environ.get("CARRIER_WAIT", 5))

#: parcels that one carrier takes.
ROOM = int(os.environ.get("CARRIER_ROOM", 9))

#: carriers that drive at night.
NIGHT = int(os.environ.get("CARRIER_NIGHT", 1))


class Carrier(object):
    def carry_parcel(self, parcel):
        """Bring a parcel to its door."""
        # The doors are copied here, because a parcel that is handed over takes itself off them.
        for each in list(parcel.doors):
            each.ring_the_bell(parcel)
        return parcel

    def call_for_parcel(self, door):
        """Come for a parcel that somebody hands in."""
        door.open_for(self)
        return door.parcel
'''
KIND = '''from depot.carry.carrier import Carrier


class {}(Carrier):
    """Carries {}."""

    def start(self, parcel):
        """Set out with a parcel."""
        return self.carry_parcel(parcel)
'''
NIGHT = '''from depot.bikes import Bikes


class NightBikes(Bikes):
    """Carries by bike, and at night."""

    def light(self):
        return "on"
'''
GATE = '''"""Carrying: whoever brings a parcel to a door."""
'''
HOUSE = """def version():
    # Append a letter where the number is odd
    return "1"
"""
DOCUMENT = """Routes
======

The routes package provides the ways that carriers take through the town.
"""


@pytest.fixture
def depot(bench: Bench, open_knowledge: OpenKnowledge) -> KnowledgeBase:
    made = bench.make("depot")
    made.commit(
        "Begin",
        {
            "depot/__init__.py": HOUSE,
            "depot/carry/__init__.py": GATE,
            "depot/carry/carrier.py": CARRIER,
            "depot/bikes.py": KIND.format("Bikes", "by bike"),
            "depot/vans.py": KIND.format("Vans", "by van"),
            "depot/boats.py": KIND.format("Boats", "by boat"),
            "depot/night.py": NIGHT,
            "depot/routes/__init__.py": "",
            "depot/routes/maps.py": "def maps_of(land):\n    return sorted(land.maps)\n" * 20,
            "depot/routes/plan.py": "def plan_ways(town):\n    return sorted(town.ways)\n" * 20,
            "depot/routes/town.py": "def towns_of(land):\n    return sorted(land.towns)\n" * 20,
            "docs/routes.rst": DOCUMENT,
        },
        ADA,
        YEAR_2024,
    )
    return open_knowledge(made)


def test_who_builds_on_a_class_is_told_also_from_outside_the_part(depot: KnowledgeBase) -> None:
    tour = derived(depot, "depot/carry", TourRole.BACKEND)
    step = step_of(tour, StepKind.CORE)
    told = said(step)
    assert "4 classes build on it, directly or through another: `Bikes`," in told
    assert "builds on `object`" not in told
    # What its first method says is no word on it.
    assert "`Carrier` is a class in depot/carry/carrier.py:14.\n" in told
    assert "“The doors are copied here, because" in told
    assert "(in `Carrier.carry_parcel`)" in told


def test_a_reason_is_quoted_by_one_step(depot: KnowledgeBase) -> None:
    tour = derived(depot, "depot/carry", TourRole.BACKEND)
    assert sum(said(step).count("The doors are copied here") for step in tour.steps) == 1


def test_a_variable_comes_with_what_is_remarked_on_it(depot: KnowledgeBase) -> None:
    tour = derived(depot, "depot/carry", TourRole.BACKEND)
    step = step_of(tour, StepKind.SETTINGS)
    assert "`CARRIER_WAIT` (depot/carry/carrier.py:5): “seconds that a carrier waits for an answer.”" in said(
        step
    )
    assert step.check is not None
    assert "“seconds that a carrier waits for an answer.”" in step.check.answer.statement.text


def test_a_part_is_told_by_its_own_words_or_by_the_document_of_its_name(depot: KnowledgeBase) -> None:
    told = said(step_of(derived(depot), StepKind.LAYOUT))
    assert "“Carrying: whoever brings a parcel to a door.”" in told
    assert "“The routes package provides the ways that carriers take through the town.”" in told
    assert "Append a letter" not in told


def test_what_a_library_is_used_by_is_told_by_its_tests_and_by_the_name_that_they_give_it(
    opened: Opened,
) -> None:
    session = (
        'class Session:\n    """Keeps a connection, and sends over it."""\n\n'
        "    def close(self):\n        self.open = False\n        return self\n\n"
        "    def send(self, text):\n        self.sent.append(text)\n        return len(text)\n\n"
        "    def ask_twice(self, text):\n        self.send(text)\n        return self.send(text)\n"
    )
    entry = (
        "from wire.sessions import Session\n\n\ndef ask(text):\n    client = Session()\n"
        "    return client.ask_twice(text)\n"
    )
    test = "from wire.sessions import Session\n\n" + "".join(
        f"\ndef test_{at}():\n    client = Session()\n    assert client.ask_twice('{at}') == 1\n\n"
        for at in range(60)
    )
    knowledge = opened(
        {
            "wire/__init__.py": "",
            "wire/sessions.py": session,
            "wire/api.py": entry,
            "wire/other.py": "class Other:\n    def ask_twice(self, text):\n        return text\n",
            "tests/test_wire.py": test,
        }
    )
    step = step_of(derived(knowledge), StepKind.CORE)
    assert step.title == "`Session`, which tests, examples and documents use most"
    assert said(step).index("`ask_twice`") < said(step).index("`close`")
