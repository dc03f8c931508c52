"""Drawings as files: they are well-formed, harmless whatever a path is called, and say what they show."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from desktop import tokens
from desktop.vector import HELD_BACK
from indexer.drawing import inks
from indexer.drawing.graph import SINGLE, TOGETHER, lay_graph, short_names
from indexer.drawing.graphsheet import graph_sheet
from indexer.drawing.heat import hatched, outlined, step
from indexer.drawing.layered import Spacing
from indexer.drawing.lettering import fitting, harmless, width
from indexer.drawing.mapsheet import Titled, hatch_lines, map_sheet
from indexer.drawing.sheet import MADE_BY
from indexer.shapes.modules import (
    Dependencies,
    FileMap,
    FileRow,
    ModuleEdge,
    ModuleKind,
    ModuleRow,
    ModuleUse,
    WhyCount,
)

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    "<script>alert(1)</script>.py",
    '"><image href="file:///etc/passwd"/>.py',
    "&lt;b&gt;.py",
    "a\u202etxt.exe.py",
    "a\x1b[31m\x00b.py",
    "\\xff\\xfe.py",
    "]]>.py",
    "'onload='x.py",
    "javascript:alert(1).py",
    "{{7*7}}.py",
    "\ud800.py",
)


def file(
    path: str, lines: int = 100, changes: int = 0, authors: int = 2, why: tuple[int, int] = (0, 0)
) -> FileRow:
    count = WhyCount(*why, why[1] / why[0] if why[0] else 0.0)
    return FileRow(path, path.rpartition("/")[0], "python", lines, changes, 0, authors, count)


def module(path: str, changes: int = 10) -> ModuleRow:
    name = path.rpartition("/")[2] or "repo"
    return ModuleRow(
        path, name, "", 1, ModuleKind.PACKAGE, ModuleUse.CODE, "", "python", 2, 80, 3, 90, changes, 2, False,
        WhyCount(4, 1, 0.25), "",
    )  # fmt: skip


def shapes(svg: str, kind: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(f"{SVG}{kind}"))


def test_a_map_names_its_files_and_says_their_numbers() -> None:
    files = FileMap((file("app/pay.py", 400, 12, 1, (10, 1)), file("app/a.py", 50, 0)), "c" * 40)
    svg = map_sheet(files, Titled("shop", "", "c" * 40), inks.LIGHT)
    tips = [each.text for each in ElementTree.fromstring(svg).iter(f"{SVG}title")]
    assert "app/pay.py: 400 lines, 12 changes, 1 authors, 1 of 10 definitions with a reason" in tips
    fills = [each.get("fill") for each in shapes(svg, "rect")]
    assert inks.LIGHT.heat[5] in fills
    assert inks.LIGHT.heat[0] in fills
    assert MADE_BY in svg[:400]


def test_the_steps_of_heat_are_those_of_the_legend() -> None:
    assert [step(each) for each in (0, 1, 2, 3, 4, 6, 7, 9, 10, 500)] == [0, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_a_hatch_means_that_nothing_has_a_reason() -> None:
    assert hatched(file("a.py", why=(8, 0)))
    assert not hatched(file("a.py", why=(8, 1)))
    assert not hatched(file("README.md", why=(0, 0))), "what defines nothing needs no reason"
    assert outlined(file("a.py", authors=1))
    assert not outlined(file("a.py", authors=0)), "nobody is not one person"


@pytest.mark.parametrize("name", HOSTILE)
def test_t2_t4_no_name_of_a_file_becomes_markup(name: str) -> None:
    files = FileMap((file(f"src/{name}", 500, 3, 1, (9, 0)), file("src/b.py", 400)), None)
    graph = Dependencies(
        (module(f"src/{name}"), module("src/b")), (ModuleEdge(f"src/{name}", "src/b", 3, 0),), (), None
    )
    titled = Titled(name, "", "")
    for svg in (map_sheet(files, titled, inks.LIGHT), graph_sheet(graph, titled, inks.DARK)):
        encoded = svg.encode("utf-8")
        root = ElementTree.fromstring(encoded)
        kinds = {each.tag.removeprefix(SVG) for each in root.iter()}
        assert not kinds & HELD_BACK
        assert kinds <= {"svg", "title", "desc", "rect", "text", "path", "polygon"}
        names = {key for each in root.iter() for key in each.attrib}
        assert not any(each.startswith("on") or "href" in each for each in names)
        assert not re.search("[\x00-\x08\x1b\u202e]", svg)


def test_t1_marks_that_reorder_text_are_written_out() -> None:
    assert harmless("a\u202eb\u200bc\x1b") == "aU+202EbU+200BcU+001B"


def test_a_name_is_cut_to_its_room_and_left_out_where_there_is_none() -> None:
    assert fitting("canvas.py", 11, 200) == "canvas.py"
    cut = fitting("a_rather_long_name_of_a_file.py", 11, 80)
    assert cut.endswith("…")
    assert width(cut, 11) <= 80
    assert fitting("canvas.py", 11, 9) == ""


def test_a_hatch_stays_within_its_tile() -> None:
    box = (10.0, 20.0, 33.0, 17.0)
    lines = list(hatch_lines(box))
    assert lines
    for x1, y1, x2, y2 in lines:
        assert 10 <= x1 < x2 <= 43
        assert 20 <= y2 < y1 <= 37
        assert abs((x2 - x1) - (y1 - y2)) < 1e-9, "45 degrees"


def test_a_graph_marks_what_closes_a_circle_and_dashes_what_changes_together() -> None:
    edges = (
        ModuleEdge("a", "b", 9, 0),
        ModuleEdge("b", "a", 1, 0),
        ModuleEdge("a", "c", 2, 0),
        ModuleEdge("b", "docs", 0, TOGETHER + 3),
    )
    found = Dependencies((module("a"), module("b"), module("c"), module("docs")), edges, (("a", "b"),), None)
    svg = graph_sheet(found, Titled("shop", "", ""), inks.LIGHT)
    tips = [each.text or "" for each in ElementTree.fromstring(svg).iter(f"{SVG}title")]
    assert "b imports a: 1, closes a circle" in tips
    assert "a imports b: 9" in tips
    assert any(
        each.get("stroke-dasharray") for each in shapes(svg, "path") if each.find(f"{SVG}title") is not None
    )
    assert f"b and docs changed together in {TOGETHER + 3} commits" in tips
    assert any(tip.startswith("a: 3 files") and tip.endswith("part of a circle") for tip in tips)


def test_modules_that_nothing_joins_stand_in_rows_below_the_others() -> None:
    single = tuple(module(f"single{number}") for number in range(9))
    nodes = (module("a"), *single, module("b"))
    found = Dependencies(nodes, (ModuleEdge("b", "a", 3, 0),), (), None)
    made = lay_graph(found, "", [120.0] * len(nodes), Spacing(), 400.0)
    places = made.drawing.nodes
    assert [place.layer for place in places[1:-1]] == [SINGLE] * 9
    assert min(place.middle for place in places[1:-1]) > places[0].middle
    assert max(place.left + place.width for place in places) <= 400.0
    assert len({(place.left, place.middle) for place in places}) == len(nodes)
    (route,) = made.drawing.routes
    assert (route.arc.origin, route.arc.target) == (10, 0)


def test_deep_paths_are_named_by_their_ends_and_by_what_tells_them_apart() -> None:
    rows = [module("pay/src/main/java/org/shop/pay/dao"), module("pay/src/test/java/org/shop/pay/dao")]
    assert short_names(rows[:1], "") == ("pay/…/pay/dao",)
    assert short_names(rows, "") == ("pay/…/pay/dao (main)", "pay/…/pay/dao (test)")
    assert short_names([module("a/b/c/d")], "") == ("a/b/c/d",)


def test_imports_that_run_both_ways_lie_side_by_side() -> None:
    edges = (ModuleEdge("a", "b", 9, 0), ModuleEdge("b", "a", 1, 0))
    found = Dependencies((module("a"), module("b")), edges, (), None)
    there, back = lay_graph(found, "", [80.0] * 2, Spacing()).drawing.routes
    assert back.against
    assert abs(there.points[0][1] - back.points[-1][1]) > 5


def test_modules_that_import_each_other_are_not_dashed_too() -> None:
    edges = (ModuleEdge("a", "b", 1, 50), ModuleEdge("b", "a", 0, 50), ModuleEdge("a", "c", 0, 2))
    found = Dependencies((module("a"), module("b"), module("c")), edges, (), None)
    assert lay_graph(found, "", [80.0] * 3, Spacing()).ties == ()


def test_the_colours_are_those_of_the_window() -> None:
    for own, roles in ((inks.LIGHT, tokens.LIGHT), (inks.DARK, tokens.DARK)):
        assert own.heat == (roles.sunken, *roles.heat)
        assert own.on_heat == (roles.text_3, *roles.on_heat)
        for name in ("page", "surface", "text", "text_2", "text_3", "outline", "accent", "partial"):
            assert getattr(own, name) == getattr(roles, name)
