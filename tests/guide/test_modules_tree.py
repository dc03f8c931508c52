"""Every file belongs to exactly one module, and a module is something that can be told of."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.guide.modules.tree import FLAT, Tree, TreeFile, language_of, use_of
from indexer.shapes.modules import ModuleKind, ModuleUse
from indexer.types import FileMark


def files(*paths: str, lines: int = 100, language: str = "python") -> list[TreeFile]:
    return [
        TreeFile(at, path, f"{at:040x}", FileMark.NONE, 0.0, at + 1, language, lines)
        for at, path in enumerate(paths)
    ]


def test_a_folder_with_files_of_its_own_is_a_module() -> None:
    tree = Tree(files("a.py", "shop/b.py", "shop/c.py", "shop/d.py"))
    assert list(tree.modules) == ["", "shop"]
    assert tree.module_of("shop/c.py") == "shop"
    assert tree.module_of("a.py") == ""


def test_a_small_folder_belongs_to_the_module_around_it() -> None:
    tree = Tree(files("shop/b.py", "shop/c.py", "shop/d.py", "shop/tiny/e.py"))
    assert tree.module_of("shop/tiny/e.py") == "shop"
    assert tree.module_of("shop/tiny") == "shop"


def test_a_small_folder_that_is_built_by_itself_stands_alone() -> None:
    tree = Tree(files("shop/b.py", "shop/c.py", "shop/d.py", "shop/tiny/go.mod"))
    module = tree.module("shop/tiny/go.mod")
    assert (module.path, module.kind, module.build) == ("shop/tiny", ModuleKind.BUILD, "Go")


def test_folders_that_hold_nothing_but_one_other_are_that_one() -> None:
    deep = "src/main/java/org/shop"
    tree = Tree(files("pom.xml", *(f"{deep}/{name}.java" for name in "ABC"), language="java"))
    assert list(tree.modules) == ["", deep]
    assert tree.modules[deep].name == deep
    assert tree.modules[deep].kind is ModuleKind.PACKAGE
    assert tree.module_of("src/main") == deep


def test_a_folder_of_several_modules_is_one() -> None:
    tree = Tree(files(*(f"apps/{app}/{name}.py" for app in ("one", "two") for name in "abc")))
    assert [module.path for module in tree.below("")] == ["", "apps", "apps/one", "apps/two"]
    assert tree.modules["apps/two"].depth == 2


def test_a_large_flat_folder_is_split_and_what_is_in_no_part_stays() -> None:
    made = files(*(f"lib/x{at:03}.py" for at in range(FLAT)), "lib/alone.py")
    tree = Tree(made, lambda folder, own: {file.path: "x" for file in own if "x" in file.path})
    assert tree.module_of("lib/x007.py") == "lib#x"
    assert tree.module_of("lib/alone.py") == "lib"
    assert tree.modules["lib#x"].folder == "lib"
    assert tree.modules["lib#x"].name == "x"


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=6).map("/".join), unique=True))
def test_every_file_is_in_exactly_one_module_and_every_parent_is_one(paths: list[str]) -> None:
    made = files(*(f"{path}.py" for path in paths))
    tree = Tree(made)
    own = [file.path for module in tree.modules.values() for file in module.own]
    assert sorted(own) == sorted(file.path for file in made)
    for module in tree.modules.values():
        assert module.parent is None or module.path in tree.modules[module.parent].children
        for file in module.own:
            assert tree.module_of(file.path) == module.path
    assert [each.path for each in tree.below("")] == list(tree.modules)


def test_a_module_is_for_what_most_of_its_lines_are_for() -> None:
    made = files("a.py", "b.py")
    tests = [
        TreeFile(9, "test_a.py", "0", FileMark.TEST, 0.0, 9, "python", 900),
        TreeFile(10, "t.json", "0", FileMark.TEST, 0.0, 10, "json", 9000),
    ]
    assert use_of(made) is ModuleUse.CODE
    assert use_of(made + tests) is ModuleUse.TESTS
    assert language_of(made + tests) == "python"
