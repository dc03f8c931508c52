"""What is staged is read from a copy of git's index, in every form that git writes it, and runs nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from indexer.errors import ObjectProblemError, UsageError
from indexer.repo.repository import Repository
from tests.conftest import Bench, SmallRepository


def staged(repository: Repository) -> dict[str, str]:
    return {each.path: each.status for each in repository.staged().changes}


@pytest.fixture
def shop(bench: Bench) -> SmallRepository:
    """Three files, of which one is changed, one removed, one moved, and one added, all staged."""
    made = bench.make()
    made.commit("Begin", {"a.py": "A = 1\n", "b.py": "B = 1\n", "c.py": "C = 1\n" * 30})
    made.write({"a.py": "A = 2\n", "d.py": "D = 1\n"})
    made.git("add", "a.py", "d.py")
    made.git("rm", "--quiet", "b.py")
    made.git("mv", "c.py", "e.py")
    return made


EXPECTED = {"a.py": "M", "b.py": "D", "d.py": "A", "e.py": "R"}


def test_what_is_staged_is_told_and_what_is_not_staged_is_not(bench: Bench, shop: SmallRepository) -> None:
    shop.write({"a.py": "A = 3\n", "untracked.py": "U = 1\n"})
    found = bench.open(shop).staged()
    assert {each.path: each.status for each in found.changes} == EXPECTED
    moved = next(each for each in found.changes if each.status == "R")
    assert (moved.old_path, moved.added, moved.deleted) == ("c.py", 0, 0)
    assert next(each for each in found.changes if each.path == "a.py").added == 1


@pytest.mark.parametrize(
    "form",
    [
        ("update-index", "--index-version", "4"),
        ("update-index", "--split-index"),
        ("update-index", "--untracked-cache"),
    ],
)
def test_every_form_of_the_index_is_read(bench: Bench, shop: SmallRepository, form: tuple[str, ...]) -> None:
    shop.git(*form)
    repository = bench.open(shop)
    assert staged(repository) == EXPECTED
    overlay = repository._overlay.folder
    assert not [each.name for each in overlay.iterdir() if "index" in each.name]


def test_a_linked_worktree_has_an_index_of_its_own(bench: Bench, shop: SmallRepository) -> None:
    other = bench.folder / "other"
    shop.git("worktree", "add", "--quiet", "--detach", str(other))
    (other / "a.py").write_text("A = 9\n")
    SmallRepository(other, shop.environment).git("add", "a.py")
    assert staged(bench.open(other)) == {"a.py": "M"}


def test_files_in_conflict_are_told_as_such(bench: Bench, shop: SmallRepository) -> None:
    shop.commit("Change")
    shop.git("checkout", "--quiet", "-b", "side", "HEAD~1")
    shop.commit("Change otherwise", {"a.py": "A = 5\n"})
    shop.git("merge", "main", ok=False)
    assert staged(bench.open(shop))["a.py"] == "U"


def test_a_path_that_is_only_announced_is_not_staged(bench: Bench, shop: SmallRepository) -> None:
    shop.write({"later.py": "L = 1\n"})
    shop.git("add", "--intent-to-add", "later.py")
    assert staged(bench.open(shop)) == EXPECTED


def test_an_index_that_is_damaged_is_an_error_with_a_next_step(bench: Bench, shop: SmallRepository) -> None:
    repository = bench.open(shop)
    (shop.git_dir / "index").write_bytes(b"DIRC" + b"\xff" * 200)
    with pytest.raises(ObjectProblemError, match="could not be read") as caught:
        repository.staged()
    assert "git status" in caught.value.hint


def test_l1_a_link_or_a_fifo_in_the_place_of_the_index_is_not_followed(
    bench: Bench, shop: SmallRepository
) -> None:
    import os

    repository = bench.open(shop)
    index = shop.git_dir / "index"
    index.unlink()
    index.symlink_to("/etc/passwd")
    with pytest.raises(ObjectProblemError):
        repository.staged()
    index.unlink()
    os.mkfifo(index)
    with pytest.raises(ObjectProblemError):
        repository.staged()


def test_without_an_index_nothing_is_staged(bench: Bench, shop: SmallRepository) -> None:
    repository = bench.open(shop)
    (shop.git_dir / "index").unlink()
    assert staged(repository) == {}


def test_a_bare_repository_is_refused(bench: Bench, shop: SmallRepository) -> None:
    with pytest.raises(UsageError):
        bench.open(bench.clone(shop, "bare", "--bare")).staged()


def test_r20_nothing_of_a_hostile_configuration_runs(
    bench: Bench, shop: SmallRepository, canary: Callable[[str], str]
) -> None:
    shop.write({".gitattributes": "*.py diff=evil filter=evil\n"})
    shop.git("add", ".gitattributes")
    shop.git("update-index", "--fsmonitor", ok=False)
    for key in ("core.fsmonitor", "diff.evil.textconv", "diff.evil.command", "filter.evil.clean"):
        shop.git("config", key, canary(key.replace(".", "-")))
    shop.git("config", "core.hooksPath", str(bench.folder))
    assert staged(bench.open(shop)) == {**EXPECTED, ".gitattributes": "A"}


def test_p2_paths_that_are_no_text_come_whole(bench: Bench, shop: SmallRepository) -> None:
    oid = shop.blob(b"X = 1\n")
    shop.git("update-index", "--add", "-z", "--index-info", given=b'100644 %s\tb\xff\n"x.py\0' % oid.encode())
    assert staged(bench.open(shop))['b\udcff\n"x.py'] == "A"
