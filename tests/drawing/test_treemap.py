"""Rectangles of a map: their areas are sizes, none lies over another, and none is lost."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.drawing.folders import DEEPEST, gather, within
from indexer.drawing.treemap import Box, Measures, plan, squarify

FLUSH = Measures(header=0.0, between_groups=0.0)


def area(box: Box) -> float:
    return box[2] * box[3]


def over(one: Box, other: Box) -> float:
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(0.0, across) * max(0.0, down)


@given(
    st.lists(st.integers(1, 100_000), min_size=1, max_size=40),
    st.floats(20, 2_000),
    st.floats(20, 2_000),
)
def test_areas_are_sizes_and_fill_the_box_without_overlap(
    sizes: list[int], width: float, height: float
) -> None:
    ordered = sorted(sizes, reverse=True)
    boxes = squarify([float(each) for each in ordered], (5.0, 7.0, width, height))
    whole = width * height
    for size, box in zip(ordered, boxes, strict=True):
        assert abs(area(box) - whole * size / sum(sizes)) < 1e-6 * whole
        assert box[0] >= 5.0 - 1e-6
        assert box[1] >= 7.0 - 1e-6
        assert box[0] + box[2] <= 5.0 + width + 1e-6 * width
        assert box[1] + box[3] <= 7.0 + height + 1e-6 * height
    for at, one in enumerate(boxes):
        assert all(over(one, other) < 1e-6 * whole for other in boxes[at + 1 :])


def test_the_worked_example_of_the_paper_comes_out() -> None:
    boxes = squarify([6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0], (0.0, 0.0, 6.0, 4.0))
    assert boxes[:2] == [(0.0, 0.0, 3.0, 2.0), (0.0, 2.0, 3.0, 2.0)]
    assert max(max(b[2] / b[3], b[3] / b[2]) for b in boxes) < 3.0


def test_nothing_or_no_room_gives_no_area() -> None:
    assert squarify([], (0.0, 0.0, 10.0, 10.0)) == []
    assert all(area(box) == 0 for box in squarify([3.0, 2.0], (0.0, 0.0, 0.0, 10.0)))


def test_every_file_has_a_tile_in_the_group_of_its_folder() -> None:
    paths = ["a/x/1.py", "a/x/2.py", "a/y/3.py", "b/4.py", "README.md", "setup.py"]
    root = gather(paths, [100, 50, 80, 400, 20, 10])
    laid = plan(root, (0.0, 0.0, 400.0, 300.0), FLUSH)
    assert sorted(laid.files) == list(range(len(paths)))
    named = {group.folder.path if not group.own else ".": group for group in laid.groups}
    assert set(named) == {"a", "b", "."}
    inside = {paths[number] for number in laid.files[named["a"].first : named["a"].end]}
    assert inside == {"a/x/1.py", "a/x/2.py", "a/y/3.py"}
    for group in laid.groups:
        for tile in laid.tiles[group.first : group.end]:
            assert over(tile, group.box) > area(tile) * 0.999


def test_a_group_without_room_for_a_name_shows_none() -> None:
    root = gather(["large/a.py", "small/b.py"], [10_000, 1])
    laid = plan(root, (0.0, 0.0, 300.0, 200.0), Measures())
    headers = {group.folder.path: group.header for group in laid.groups}
    assert headers["large"] > 0
    assert headers["small"] == 0


def test_a_file_without_lines_still_has_a_tile() -> None:
    laid = plan(gather(["a.py", "empty.py"], [10, 0]), (0.0, 0.0, 100.0, 100.0), FLUSH)
    assert min(area(tile) for tile in laid.tiles) > 0


def test_folders_that_hold_one_folder_only_are_shown_as_one() -> None:
    root = gather(["src/main/java/com/shop/A.java", "src/main/java/com/shop/x/B.java", "pom.xml"], [5, 5, 1])
    (only,) = root.folders
    assert only.name == "src/main/java/com/shop"
    assert only.path == "src/main/java/com/shop"
    assert only.count == 2


def test_a_folder_is_found_by_its_path_and_by_one_on_the_way_to_it() -> None:
    root = gather(["src/main/A.java", "src/main/x/B.java", "pom.xml"], [5, 5, 1])
    for wanted in ("src/main", "src"):
        found = within(root, wanted)
        assert found is not None
        assert found.path == "src/main"
    assert within(root, "") is root
    assert within(root, "nowhere") is None


def test_p4_a_path_of_two_thousand_folders_ends_nothing() -> None:
    """A hostile tree is as deep as a path is long; it is laid out without a limit of Python's."""
    deep = "/".join("d" * 1 for _ in range(2_000))
    root = gather([f"{deep}/a.py", f"{deep}/b.py", "c.py"], [1, 2, 3])
    assert root.count == 3
    laid = plan(root, (0.0, 0.0, 100.0, 100.0), Measures())
    assert sorted(laid.files) == [0, 1, 2]
    assert max(folder.path.count("/") for folder in root.folders) <= DEEPEST
