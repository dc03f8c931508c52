"""The counts of the tree and the map are those of git."""

from __future__ import annotations

from indexer.knowledge import KnowledgeBase
from indexer.shapes.modules import DependenciesWanted, MapWanted, ModulesWanted
from tests.conftest import Bench
from tests.guide.conftest import ADA, BOB, OpenKnowledge, Quiet

START = 1_720_000_000
DAY = 86_400
BODY = "VALUE = 1\n" * 30


def test_a_row_counts_files_lines_changes_and_people(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    made = bench.make()
    made.commit("Begin", {f"shop/{name}.py": BODY for name in "abc"}, ADA, START - 800 * DAY)
    made.commit("Add", {f"till/{name}.py": BODY for name in "abc"}, ADA, START - 90 * DAY)
    made.commit("Change", {"shop/a.py": BODY + "A = 2\n", "till/b.py": BODY + "B = 2\n"}, BOB, START)
    tree = open_knowledge(made).mentor.modules.tree(ModulesWanted(), Quiet())
    rows = {row.path: row for row in tree.rows}
    assert tree.commit_id == made.head
    assert (rows["shop"].files, rows["shop"].lines, rows["shop"].changes) == (3, 91, 1)
    assert (rows["till"].changes, rows[""].changes) == (2, 2)
    assert rows["shop"].authors == 2
    assert rows["shop"].one_author is False


def test_the_map_counts_the_months_that_are_asked_for(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    made = bench.make()
    made.commit("Begin", {"a.py": BODY, "b.py": BODY}, ADA, START - 800 * DAY)
    made.commit("Change", {"a.py": BODY + "A = 2\n"}, BOB, START - 200 * DAY)
    made.commit("Change", {"a.py": BODY + "A = 3\n", "c.bin": b"\0\1"}, BOB, START)
    modules = open_knowledge(made).mentor.modules

    def changes(months: int) -> dict[str, int]:
        return {row.path: row.changes for row in modules.file_map(MapWanted(months=months), Quiet()).rows}

    assert changes(12) == {"a.py": 2, "b.py": 0}
    assert changes(1) == {"a.py": 1, "b.py": 0}
    assert changes(0) == {"a.py": 3, "b.py": 1}
    found = modules.file_map(MapWanted(), Quiet())
    assert found.left_out == 1
    assert [row.one_author for row in found.rows] == [False, True]


def test_edges_count_imports_and_commits_and_circles_are_named(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    files = {f"shop/{app}/{name}.py": BODY for app in ("till", "stock", "mail") for name in "abc"}
    files |= {f"shop/{app}/__init__.py": "" for app in ("till", "stock", "mail")} | {"shop/__init__.py": ""}
    files["shop/till/a.py"] = "from shop.stock import a\nfrom shop.stock import b\n" + BODY
    files["shop/stock/c.py"] = "import shop.till.b\n" + BODY
    made.commit("Begin", files, ADA, START)
    for turn in range(3):
        made.commit(
            "Both", {"shop/mail/a.py": f"A = {turn}\n", "shop/till/c.py": f"C = {turn}\n"}, ADA, START
        )
    found = open_knowledge(made).mentor.modules.dependencies(DependenciesWanted(), Quiet())
    edges = {(edge.source, edge.target): edge for edge in found.edges}
    assert edges["shop/till", "shop/stock"].imports == 2
    assert edges["shop/till", "shop/stock"].places == ("shop/till/a.py:1", "shop/till/a.py:2")
    assert found.circles == (("shop/stock", "shop/till"),)
    assert edges["shop/mail", "shop/till"].imports == 0
    assert edges["shop/mail", "shop/till"].together == 4  # the first commit is small enough to tell too


def test_the_graph_is_opened_as_far_as_it_may_have_nodes(knowledge: KnowledgeBase) -> None:
    modules = knowledge.mentor.modules
    assert len(modules.dependencies(DependenciesWanted(limit=1), Quiet()).nodes) == 1
