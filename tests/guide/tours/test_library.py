"""A library is shown from where its users begin: by the code of its documents, and inwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.guide.tours.core_stops import only_holds
from indexer.guide.tours.documented import documented
from indexer.index.symbols import find_symbols
from indexer.knowledge import KnowledgeBase
from indexer.shapes.onboarding import StepKind, Tour, TourStep
from tests.guide.tours.conftest import derived, grounded, opened_with
from tests.guide.tours.test_route import said, step_of

README = """# parcel

parcel is a library that sends parcels to people.

```python
import parcel

parcel.post("Ada", weight=2)
# parcel.Depot is made for you
with parcel.Depot("north") as depot:
    depot.deliver(box)
```
"""
GUIDE = """Guide
=====

Send one, as :func:`~parcel.weigh_parcel` is not enough::

    >>> from parcel import post, Depot
    >>> post("Bob")
"""
GATE = '''"""Sending parcels."""

from parcel.api import post
from parcel.depot import Depot
from parcel.errors import ParcelError
'''
API = '''"""What one calls to send something."""

from parcel.depot import Depot

TOWNS = {"north": 1}


def post(name, weight=1):
    """Bring something to a person, whatever it costs."""
    depot = Depot("north")
    return depot.deliver(name, weight)


def post_code(town):
    """Tell which number a town has on letters."""
    return TOWNS.get(town)
'''
DEPOT = '''"""Places that boxes leave from."""

from parcel._tools import rounded
from parcel.vehicles import BaseVehicle, Load


class Depot:
    """A depot.

    Holds what waits for a vehicle, and sends it off in the order of its arrival.
    """

    def __init__(self, town):
        self.town = town
        self.vehicle: BaseVehicle = BaseVehicle()
        self.waiting = []

    def copy(self):
        """Copy is required"""
        other = Depot(self.town)
        other.waiting = list(self.waiting)
        return other

    def deliver(self, name, weight):
        """Deliver it."""
        self.check_town()
        load = Load(name, rounded(weight))
        self.waiting.append(load)
        return self.vehicle.take_away(load, self.town)

    def check_town(self):
        """Check town."""
        if not self.town:
            raise ValueError("a depot stands in a town")
'''
VEHICLES = '''"""What carries boxes."""

from remote import wire


class Load:
    """What is carried."""

    def __init__(self, name, weight):
        self.name = name
        self.weight = weight


class BaseVehicle:
    """Anything that moves."""

    def take_away(self, load, town):
        """Bring a load to its town.

        :param load: what to bring.
        """
        raise NotImplementedError


class Truck(BaseVehicle):
    """Moves on roads."""

    def take_away(self, load, town):
        """Ask the road for a way and send the load along."""
        way = self.find_way(town)
        return wire.transmit(way, load)

    def find_way(self, town):
        """Look where the road to a town begins."""
        if not town:
            return None
        return [town, town.upper()]
'''
TOOLS = '''"""Small things that the others share."""

import os


def rounded(weight):
    """Give a weight without its fraction."""
    step = int(os.environ.get("PARCEL_STEP", "1"))
    return int(weight) // step * step
'''
ERRORS = '''"""What goes wrong."""


class Notice:
    """What hangs on the door."""

    def __init__(self, name):
        self.name = name

    def get_name(self):
        return self.name

    def copy(self):
        return Notice(self.name)


class ParcelError(Exception):
    """Something was lost on its way to a person, and nobody knows where."""

    def __init__(self, name):
        self.name = name
        super().__init__(name)
'''
NIGHT = '''"""Sending at night."""

from parcel.depot import Depot


def post_at_night(name):
    """Bring something to a person while everybody sleeps."""
    depot = Depot("south")
    return depot.deliver(name, 1)
'''
MAKEFILE = """init:
	pip install -r requirements.txt

publish:
	python -m build
	twine upload dist/*
"""
TEST = """from parcel import ParcelError, Depot, post


def test_nothing_is_lost():
    assert not isinstance(post("Ada"), ParcelError)


def test_a_depot_has_a_town():
    depot = Depot("north")
    assert depot.town == "north"
    other = Depot("south")
    assert other.town == "south"


def test_an_error_has_a_name():
    assert ParcelError("Ada").name == "Ada"
    assert ParcelError("Bob").name == "Bob"
"""


@pytest.fixture(scope="module")
def parcel(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Iterator[KnowledgeBase]:
    """A library without folders, whose documents show how it is used."""
    yield from opened_with_library(tmp_path_factory, git_environment)


def opened_with_library(
    factory: pytest.TempPathFactory, environment: dict[str, str]
) -> Iterator[KnowledgeBase]:
    files = {
        "README.md": README,
        "docs/guide.rst": GUIDE,
        "Makefile": MAKEFILE,
        "requirements.txt": "pytest\n",
        "parcel/__init__.py": GATE,
        "parcel/api.py": API,
        "parcel/depot.py": DEPOT,
        "parcel/vehicles.py": VEHICLES,
        "parcel/_tools.py": TOOLS,
        "parcel/errors.py": ERRORS,
        "parcel/night.py": NIGHT,
        "tests/test_parcel.py": TEST,
    }
    with opened_with(factory, environment, "parcel", files) as opened:
        yield opened


@pytest.fixture(scope="module")
def way(parcel: KnowledgeBase) -> Tour:
    """A tour of it."""
    return derived(parcel)


def lines_of(step: TourStep) -> list[str]:
    """Return what a step says, each by itself."""
    return [line.statement.text for line in step.lines]


def test_what_documents_show_is_found_in_their_code_alone(parcel: KnowledgeBase) -> None:
    with grounded(parcel) as ground:
        found = documented(ground)
    assert [each.written for each in found] == ["parcel.post", "parcel.Depot"]
    # A remark and a role in prose are no use of it; what is called tells more than what is imported.
    assert [(each.path, each.line) for each in found] == [("README.md", 8), ("README.md", 10)]


def test_one_comes_in_by_what_documents_use_and_errors_come_last(way: Tour) -> None:
    step = step_of(way, StepKind.ENTRY)
    told = lines_of(step)
    assert told[0] == (
        "`parcel.post` is a function in parcel/api.py:8: “Bring something to a person, whatever it costs.”"
        ' README.md:8 uses it so: `parcel.post("Ada", weight=2)`.'
    )
    assert told[1].startswith("`parcel.Depot` is a class in parcel/depot.py:7: “Holds what waits")
    assert "ParcelError" in told[2]
    assert step.check is not None


def test_files_are_told_from_what_users_call_inwards_and_helpers_together(way: Tour) -> None:
    told = said(step_of(way, StepKind.LAYOUT))
    order = ["`parcel/api.py`", "`parcel/depot.py`", "`parcel/vehicles.py`", "What the others share"]
    assert [told.index(each) for each in order] == sorted(told.index(each) for each in order)
    assert told.index("`parcel/_tools.py`") > told.index("What the others share")
    assert "“What one calls to send something.”" in told


def test_a_layout_is_asked_by_what_a_file_is_for(way: Tour) -> None:
    check = step_of(way, StepKind.LAYOUT).check
    assert check is not None
    assert check.question == "Which of these files says of itself: “What one calls to send something.”"
    assert check.choices[check.right] == "parcel/api.py"


def test_a_walk_begins_where_users_do_and_goes_on_to_what_does_the_work(way: Tour) -> None:
    step = step_of(way, StepKind.FLOW)
    told = lines_of(step)
    assert told[0].startswith(
        "It begins in `post`, parcel/api.py:8, which users call, as README.md:8 shows (`parcel.post`)"
    )
    assert (
        "`deliver` calls `BaseVehicle.take_away`, which only declares it; the only one here that does it is"
        " `Truck.take_away`, parcel/vehicles.py:28: “Ask the road for a way and send the load along.”"
    ) in told
    assert not any("`Load`" in each for each in told)  # an object that is only made
    assert "TOWNS" not in said(step)


def test_a_class_is_told_by_what_does_its_work(way: Tour) -> None:
    step = next(each for each in way.steps if each.key == "core:Depot")
    told = lines_of(step)
    assert "“Holds what waits for a vehicle, and sends it off in the order of its arrival.”" in told[0]
    methods = [each for each in told if each.startswith(("`deliver`", "`copy`"))]
    # What says nothing of itself is told by what it brings together.
    assert methods[0] == "`deliver` (parcel/depot.py:24), which calls `check_town` of its own class."
    assert "Copy is required" not in said(step)


def test_a_class_that_only_holds_values_is_known_as_one(parcel: KnowledgeBase) -> None:
    with grounded(parcel) as ground:
        found = {name: find_symbols(ground.reader, name, 1)[0] for name in ("Notice", "Depot")}
        assert only_holds(ground, found["Notice"])
        assert not only_holds(ground, found["Depot"])


def test_a_release_is_no_way_to_build_it_and_it_is_set_up_first(way: Tour) -> None:
    told = lines_of(step_of(way, StepKind.RUN))
    assert told[0] == (
        "To set it up for work on it: `make init`, which runs `pip install -r requirements.txt` (Makefile:1)."
    )
    assert not any("publish" in each for each in told)


def test_a_variable_is_told_with_what_reads_it(way: Tour) -> None:
    step = step_of(way, StepKind.SETTINGS)
    assert "`PARCEL_STEP` (parcel/_tools.py:8, in `rounded`)" in said(step)
    assert step.check is not None
    assert "os.environ.get" in step.check.answer.statement.text


def test_each_step_asks_something_but_the_one_on_what_is_not_known(way: Tour) -> None:
    assert [step.kind for step in way.steps if step.check is None] == [StepKind.UNWRITTEN]


def test_a_test_to_read_is_one_that_names_what_is_tested(way: Tour) -> None:
    step = step_of(way, StepKind.TESTS)
    assert "names `Depot` most, once; `test_a_depot_has_a_town` is a short one that calls `Depot`." in said(
        step
    )
    assert [each.anchor.symbol for each in step.reading] == ["test_a_depot_has_a_town"]


def test_what_is_to_be_read_is_whole(way: Tour) -> None:
    spans = {
        (each.anchor.path, each.anchor.start_line, each.anchor.end_line)
        for step in way.steps
        for each in step.reading
    }
    assert ("parcel/api.py", 8, 11) in spans
    assert ("Makefile", 1, 2) in spans
