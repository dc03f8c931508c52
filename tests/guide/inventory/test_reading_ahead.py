"""What is declared is read before anybody asks, beside jobs and questions that go on meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from indexer.errors import CancelledError
from indexer.guide.inventory.listing import Inventories
from indexer.knowledge import KnowledgeBase
from indexer.shapes.inventory import InventoryKind, InventoryWanted
from tests.conftest import Bench, SmallRepository
from tests.guide.conftest import OpenKnowledge, Quiet

SETTINGS = InventoryWanted((InventoryKind.SETTINGS, InventoryKind.ENV))
PATHS = 'package a;\n\npublic final class Paths {\n  public static final String CLAIMS = "/{}";\n}\n'
RESOURCE = """package a;

import javax.ws.rs.GET;
import javax.ws.rs.Path;

@Path(Paths.CLAIMS)
public class ClaimResource {
  @GET
  public String all() { return ""; }
}
"""


class Interrupted(Quiet):
    """A control that does something at each checkpoint."""

    def __init__(self, action: Callable[[], None]) -> None:
        self._action = action

    def checkpoint(self) -> None:
        self._action()


@pytest.fixture
def app(bench: Bench) -> SmallRepository:
    """A repository whose files read variables of the environment."""
    made = bench.make("app")
    files = {f"app/part{n}.py": f"import os\n\nLIMIT = os.environ['LIMIT_{n}']\n" for n in range(12)}
    made.commit("Begin", {**files, "app/settings.py": "RETRIES = 5\n"})
    return made


def variables(knowledge: KnowledgeBase) -> set[str]:
    return {each.name for each in knowledge.mentor.inventory.list(SETTINGS, Quiet()).variables}


def test_what_is_read_ahead_is_what_a_list_shows(app: SmallRepository, open_knowledge: OpenKnowledge) -> None:
    knowledge = open_knowledge(app)
    knowledge.mentor.inventory.read_ahead(Quiet())
    assert variables(knowledge) == {f"LIMIT_{n}" for n in range(12)}


def test_files_that_change_while_they_are_read_ahead_are_listed_as_they_are(
    app: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    knowledge = open_knowledge(app)
    wanted = {f"LIMIT_{n}" for n in range(12) if n != 4} | {"FRESH"}
    seen: list[set[str]] = []

    def change() -> None:
        app.commit("Change one", {"app/part4.py": "import os\n\nLIMIT = os.environ['FRESH']\n"})
        knowledge.words(Quiet())
        seen.append(variables(knowledge))

    def at_a_checkpoint() -> None:
        if not seen:
            job = threading.Thread(target=change)
            job.start()
            job.join()

    knowledge.mentor.inventory.read_ahead(Interrupted(at_a_checkpoint))
    assert seen == [wanted]
    assert variables(knowledge) == wanted


def test_reading_ahead_stops_after_the_file_at_hand_and_leaves_nothing_half_read(
    app: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    knowledge = open_knowledge(app)
    times = 0

    def stop() -> None:
        nonlocal times
        times += 1
        if times == 8:
            raise CancelledError("Stopped.")

    with pytest.raises(CancelledError):
        knowledge.mentor.inventory.read_ahead(Interrupted(stop))
    assert times == 8
    assert variables(knowledge) == {f"LIMIT_{n}" for n in range(12)}


def test_reading_ahead_asks_after_each_file_that_holds_nothing_too(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make("plain")
    made.commit("Begin", {f"app/part{n}.py": f"LIMIT = {n}\n" for n in range(12)})
    knowledge = open_knowledge(made)
    times = 0

    def count() -> None:
        nonlocal times
        times += 1

    knowledge.mentor.inventory.read_ahead(Interrupted(count))
    assert times >= 12


def test_a_list_is_given_while_reading_ahead_waits(
    app: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    knowledge = open_knowledge(app)
    waits, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        waits.set()
        assert go_on.wait(30)

    inventories: Inventories = knowledge.mentor.inventory
    ahead = threading.Thread(target=inventories.read_ahead, args=(Interrupted(wait),))
    ahead.start()
    assert waits.wait(30)
    assert variables(knowledge) == {f"LIMIT_{n}" for n in range(12)}
    go_on.set()
    ahead.join()


def test_an_address_follows_the_constant_of_another_file(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    made = bench.make("claims")
    made.commit("Begin", {"a/Paths.java": PATHS.replace("{}", "claims"), "a/ClaimResource.java": RESOURCE})
    knowledge = open_knowledge(made)

    def urls() -> list[str]:
        wanted = InventoryWanted((InventoryKind.ENDPOINTS,))
        return [each.url for each in knowledge.mentor.inventory.list(wanted, Quiet()).endpoints]

    assert urls() == ["/claims"]
    made.commit("Rename", {"a/Paths.java": PATHS.replace("{}", "cases")})
    knowledge.words(Quiet())
    assert urls() == ["/cases"]
