"""Counts that are said are counted, and a self-check has an answer that is certain, or there is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.answer.on_the_way import within
from indexer.guide.tours.flow_stops import _writes
from indexer.guide.tours.ground import Ground
from indexer.guide.tours.pipelines import events as events_of
from indexer.guide.tours.testing_stops import _cases
from indexer.index.symbols import find_symbols
from indexer.knowledge import KnowledgeBase
from indexer.shapes.onboarding import StepKind, Tour
from tests.guide.tours.conftest import derived, grounded, opened_with
from tests.guide.tours.test_route import said, step_of

STORE = """require 'forwardable'

# Keeps parcels until somebody comes for them.
class ParcelStore
  extend Forwardable
  include Comparable

  def respond_to?(name, all = false)
    return true if name == :anything
    super
  end

  def keep_parcel(parcel)
    @parcels ||= []
    @parcels << parcel
    parcel
  end

  def hand_out(parcel)
    @parcels.delete(parcel)
    parcel
  end
end
"""
USER = """class Door{number}
  def initialize
    @parcel_store = ParcelStore.new
  end

  def open(parcel)
    return nil unless parcel.respond_to?(:weight)
    @parcel_store.keep_parcel(parcel)
  end
end
"""
SPEC = """require 'store'

describe ParcelStore do
  it "keeps a parcel" do
    ParcelStore.new.keep_parcel(1)
  end

  test 'hands it out' do
    ParcelStore.new.hand_out(1)
  end

  def helper
    it = 3
  end
end
"""
SCRIPT = """describe("doors", () => {
  it("open", () => {});
  test.each([1, 2])("close %s", (each) => {});
  it.skip("never", () => {});
});
"""
BUILDER = '''"""Builds."""


def build(
    task,
) -> int:
    """Return what runs a task."""

    def run(
        args,
    ):
        send_row(args)

    note_row(task)
    return run


def send_row(row):
    """Send."""


def note_row(row):
    """Note."""
'''
PIPELINES = {
    "checks": "on:\n  push:\n    branches: [main]\n  pull_request:\n",
    "lint": "on: [pull_request, workflow_dispatch]\n\npermissions:\n  contents: read\n# then push it\n",
    "nightly": "on:\n  schedule:\n    - cron: '1 2 * * 3'\njobs:\n  push:\n    steps: []\n",
    "tags": "on:\n  push:\n    tags:\n      - 'v*'\n",
    "called": "on:\n  workflow_call:\n    inputs:\n      push:\n        type: string\n",
}


@pytest.fixture(scope="module")
def depot(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Iterator[KnowledgeBase]:
    files = {
        "README.md": "# Depot\n\nDepot keeps parcels for the people of a street.\n",
        "lib/store.rb": STORE,
        "test/store_test.rb": SPEC,
        "test/doors.test.js": SCRIPT,
        "test/helper_test.rb": "class Fixture\n  def rows\n    []\n  end\nend\n",
        "lib/builder.py": BUILDER,
    }
    files |= {f"lib/door_{number}.rb": USER.format(number=number) for number in range(4)}
    files |= {f".github/workflows/{name}.yml": f"name: {name}\n{text}" for name, text in PIPELINES.items()}
    with opened_with(tmp_path_factory, git_environment, "depot", files) as opened:
        yield opened


@pytest.fixture(scope="module")
def ground(depot: KnowledgeBase) -> Iterator[Ground]:
    with grounded(depot) as ground:
        yield ground


@pytest.fixture(scope="module")
def way(depot: KnowledgeBase) -> Tour:
    return derived(depot)


def test_blocks_are_tests_and_what_holds_none_is_not_counted(ground: Ground, way: Tour) -> None:
    counts = _cases(ground, ground.tests)
    by_path = {each.path: counts[each.blob_id] for each in ground.tests}
    assert by_path == {"test/store_test.rb": 2, "test/doors.test.js": 2, "test/helper_test.rb": 0}
    assert "2 files hold 4 tests" in said(step_of(way, StepKind.TESTS))


@pytest.mark.parametrize(
    ("name", "events"),
    [
        ("checks", ["push", "pull_request"]),
        ("lint", ["pull_request", "workflow_dispatch"]),
        ("nightly", ["schedule"]),
        ("tags", ["tag"]),
        ("called", ["workflow_call"]),
    ],
)
def test_a_pipeline_is_started_by_what_it_names(ground: Ground, name: str, events: list[str]) -> None:
    file = ground.file(f".github/workflows/{name}.yml")
    assert file is not None
    assert events_of(ground, file) == events


def test_only_what_a_push_starts_is_asked_for(way: Tour) -> None:
    check = step_of(way, StepKind.RELEASE).check
    assert check is not None
    assert "checks.yml" in check.answer.statement.text
    assert not any(name in check.answer.statement.text for name in ("lint", "nightly", "tags", "called"))


def test_a_class_is_told_without_what_any_object_has_and_asked_what_it_is_for(way: Tour) -> None:
    step = next(step for step in way.steps if step.key == "core:ParcelStore")
    text = said(step)
    assert "respond_to" not in text
    assert "call one of that name" not in text
    assert "`keep_parcel`" in text
    assert "builds on" not in text
    assert "It mixes in `Forwardable` (`extend Forwardable`)." in text
    assert step.check is not None
    assert step.check.question == "In a sentence of your own: what is `ParcelStore` for?"
    assert "Keeps parcels until somebody comes" in step.check.answer.statement.text


def test_no_check_asks_for_a_file_or_for_a_count_by_name(way: Tour) -> None:
    asked = [step.check.question for step in way.steps if step.check is not None]
    assert asked
    assert not any("In which file" in each or "most files call" in each for each in asked)


def test_what_a_function_within_calls_its_maker_does_not(ground: Ground) -> None:
    build, note = (find_symbols(ground.reader, name, 1)[0] for name in ("build", "note_row"))
    lines = BUILDER.split("\n")
    assert within(lines, build, lines.index("        send_row(args)") + 1) == "run"
    assert within(lines, build, lines.index("    note_row(task)") + 1) is None
    assert _writes(ground, build, "send_row")
    assert not _writes(ground, note, "send_row")
