"""Names of commits are resolved by git, never taken for options, and never searched for."""

from __future__ import annotations

import pytest

from indexer.errors import NotFoundError, UsageError
from tests.conftest import Bench, SmallRepository


def test_branches_tags_ids_and_ancestors_are_found(bench: Bench, small_repository: SmallRepository) -> None:
    repository = bench.open(small_repository)
    head = small_repository.head
    first = small_repository.git("rev-parse", "v1")
    assert {
        repository.resolve(name) for name in ("HEAD", "@", "main", "v2", head[:7], "refs/heads/main")
    } == {head}
    assert {repository.resolve(name) for name in ("v1", "HEAD~1", "main^", "other", "v2~1")} == {first}


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a b",
        "HEAD:README.md",
        "HEAD^{/Explain}",
        ":/Explain",
        "@{yesterday}",
        "a\nb",
        "v1..v2",
        "x" * 400,
    ],
)
def test_what_would_search_or_is_no_name_is_refused(
    name: str, bench: Bench, small_repository: SmallRepository
) -> None:
    with pytest.raises(UsageError):
        bench.open(small_repository).resolve(name)


@pytest.mark.parametrize("name", ["--upload-pack=touch x", "-x", "--help", "nowhere", "f" * 40, "v1^2"])
def test_what_is_no_commit_is_not_found(name: str, bench: Bench, small_repository: SmallRepository) -> None:
    with pytest.raises((NotFoundError, UsageError)):
        bench.open(small_repository).resolve(name)


def test_the_commit_where_two_parted_is_found_and_unrelated_ones_have_none(
    bench: Bench, small_repository: SmallRepository
) -> None:
    small_repository.git("checkout", "--quiet", "--orphan", "new")
    small_repository.commit("Begin anew")
    repository = bench.open(small_repository)
    main, other, new = (repository.resolve(name) for name in ("main", "other", "new"))
    assert repository.merge_base(main, other) == other
    assert repository.merge_base(main, new) is None


def test_r26_a_sha256_repository_is_compared_too(bench: Bench) -> None:
    made = bench.make("wide", "--object-format=sha256")
    made.commit("Begin", {"a.py": "A = 1\n"})
    made.commit("Change", {"a.py": "A = 2\n", "b.py": "B = 1\n"})
    repository = bench.open(made)
    found = repository.difference(repository.resolve("HEAD~1"), repository.resolve("HEAD"))
    assert [(each.status, each.path) for each in found.changes] == [("M", "a.py"), ("A", "b.py")]
    assert [each.path for each in repository.difference(None, repository.resolve("HEAD")).changes] == [
        "a.py",
        "b.py",
    ]


def test_r10_in_a_partial_clone_files_are_compared_by_their_ids_and_nothing_is_fetched(
    bench: Bench, small_repository: SmallRepository
) -> None:
    partial = bench.clone(small_repository, "partial", "--filter=blob:none", "--no-checkout")
    partial.git("config", "remote.origin.uploadpack", "touch fetched")
    repository = bench.open(partial)
    found = repository.difference(repository.resolve("v1~1"), repository.resolve("HEAD"))
    assert [(each.status, each.path) for each in found.changes] == [("A", "README.md"), ("M", "src/greet.py")]
    assert not found.counted
    assert "unable to read" in found.problem
    assert not (partial.path / "fetched").exists()
