"""The last stop: it says of a definition that no reason was found only where there truly is none."""

from __future__ import annotations

import pytest

from indexer.knowledge import KnowledgeBase
from indexer.shapes.onboarding import StepKind
from indexer.types import Section
from tests.conftest import Bench
from tests.guide.conftest import ADA, BOB, YEAR_2024, Quiet, settings_of
from tests.guide.tours.conftest import derived

NAMES = ("bare", "inside", "above", "behind", "meant", "documented", "committed", "mended")
FUNCTION = '''
{above}def weigh_{name}(parcel):
    """{doc}"""
    total = 0
    {inside}
    for part in parcel:
        total += part.weight
        total += part.paper{behind}
    return total
'''


def function(
    name: str, *, above: str = "", doc: str = "Add it up.", inside: str = "", behind: str = ""
) -> str:
    return FUNCTION.format(name=name, above=above, doc=doc, inside=inside, behind=behind)


CODE = {
    "bare": function("bare"),
    # A security matter that no causal word is said of.
    "inside": function(
        "inside", inside="# Without the condition below, an attacker could exploit a stored command."
    ),
    "above": function("above", above="# Counted part by part: the sum on the label is not to be trusted.\n"),
    "behind": function("behind", behind="  # not part of the label"),
    "meant": function("meant", doc="Add it up. Used to set the price of a round."),
    "documented": function("documented", doc="Add it up, because the label leaves the paper out."),
    "committed": function("committed"),
    "mended": function("mended"),
}


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]) -> str:
    """What the last step says of a scale whose functions are all used alike."""
    folder = tmp_path_factory.mktemp("scale")
    bench = Bench(folder, settings_of(folder), git_environment)
    made = bench.make("scale")
    users = {
        f"scale/user_{number}.py": "".join(f"from scale.{name} import weigh_{name}\n" for name in NAMES)
        + f"\n\ndef use_{number}(parcel):\n    return [\n"
        + "".join(f"        weigh_{name}(parcel),\n" for name in NAMES)
        + "    ]\n"
        for number in range(4)
    }
    late = ("committed", "mended")
    first = {f"scale/{name}.py": CODE[name] for name in NAMES if name not in late}
    made.commit(
        "Begin the scale", {"README.md": "# Scale\n\nScale weighs parcels.\n", **first}, ADA, YEAR_2024
    )
    made.commit("Use it", users, ADA, YEAR_2024 + 60)
    body = "The label gives a sum that leaves the paper out, so that each part is to be weighed."
    made.commit(
        f"Weigh what was committed\n\n{body}",
        {"scale/committed.py": CODE["committed"]},
        BOB,
        YEAR_2024 + 120,
    )
    made.commit("Fix CVE-2024-1000", {"scale/mended.py": CODE["mended"]}, BOB, YEAR_2024 + 180)
    opened: KnowledgeBase = KnowledgeBase.open(bench.locate(made), bench.settings)
    opened.words(Quiet())
    tour = derived(opened)
    opened.close()
    step = next(step for step in tour.steps if step.kind is StepKind.UNWRITTEN)
    assert step.check is None
    return "\n".join(each.statement.text for each in step.lines if each.statement.section is Section.MISSING)


def test_it_says_what_was_searched_and_who_wrote_it(text: str) -> None:
    assert "For `weigh_bare` (scale/bare.py:2)" in text
    searched = "its comments, its docstring or the messages of the commits that wrote its lines"
    assert f"no reason was found in {searched}" in text
    assert "Ada Lovelace, who wrote 8 of its 8 lines, may know." in text


@pytest.mark.parametrize("name", NAMES[1:])
def test_what_somebody_gave_a_reason_for_is_not_said_to_have_none(text: str, name: str) -> None:
    assert f"weigh_{name}" not in text
