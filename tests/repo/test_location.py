from __future__ import annotations

import os
from pathlib import Path

import pytest

from indexer.errors import EngineUnavailableError, NotARepositoryError
from indexer.gitconfig import parse_config, read_config
from indexer.location import MAX_SOCKET_BYTES, locate, socket_path


def test_a_folder_deep_inside_belongs_to_the_repository_around_it(bench, small_repository):
    location = bench.locate(small_repository.path / "src")
    assert location.work_tree == small_repository.path
    assert location.common_dir == location.git_dir == small_repository.path / ".git"


def test_the_git_folder_itself_stands_for_its_work_tree(bench, small_repository):
    inside = bench.locate(small_repository.path / ".git" / "refs")
    assert inside == bench.locate(small_repository)


def test_R4_a_bare_repository_has_no_work_tree(bench):
    bare = bench.make("bare.git", "--bare")
    assert bench.locate(bare).work_tree is None
    assert bench.locate(bare).common_dir == bare.path


def test_R4_a_bare_repository_that_is_named_dot_git_has_no_work_tree(bench):
    holder = bench.make("project/.git", "--bare")
    assert bench.locate(holder.path.parent).work_tree is None


def test_R5_a_linked_worktree_shares_objects_and_has_an_index_of_its_own(bench, small_repository):
    small_repository.git("worktree", "add", "--quiet", str(bench.folder / "linked"), "other")
    linked, main = bench.locate(bench.folder / "linked"), bench.locate(small_repository)
    assert linked.common_dir == main.common_dir
    assert linked.git_dir != main.git_dir
    assert linked.index_dir != main.index_dir
    assert linked.work_tree == bench.folder / "linked"


def test_L6_a_linked_git_folder_is_followed(bench, small_repository):
    away = bench.folder / "away.git"
    (small_repository.path / ".git").rename(away)
    (small_repository.path / ".git").symlink_to(away)
    location = bench.locate(small_repository)
    assert location.common_dir == away
    assert location.work_tree == small_repository.path


def test_a_submodule_is_a_repository_of_its_own(bench, small_repository):
    outer = bench.make("outer")
    outer.git(
        "-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(small_repository.path), "part"
    )
    location = bench.locate(outer.path / "part")
    assert location.work_tree == outer.path / "part"
    assert location.common_dir == outer.path / ".git" / "modules" / "part"


def test_a_work_tree_that_the_config_puts_elsewhere_is_not_followed(bench, small_repository):
    small_repository.git("config", "core.worktree", "/etc")
    assert bench.locate(small_repository).work_tree is None


def test_R19_a_bare_repository_buried_in_a_checkout_does_not_take_its_place(bench, small_repository):
    buried = bench.make("small/vendor/evil", "--bare")
    assert bench.locate(buried.path / "refs").common_dir == small_repository.path / ".git"
    assert bench.locate(buried.path.parent).common_dir == small_repository.path / ".git"


def test_R23_a_folder_without_a_repository_is_refused_with_a_hint(bench, tmp_path):
    with pytest.raises(NotARepositoryError, match="not inside a git repository") as caught:
        bench.locate(tmp_path)
    assert "--repo" in caught.value.hint


@pytest.mark.parametrize("content", [b"gitdir: nowhere\n", b"gitdir: \0\n", b"gitdir:"])
def test_R23_a_git_file_that_leads_nowhere_is_refused(bench, tmp_path, content):
    (tmp_path / ".git").write_bytes(content)
    with pytest.raises(NotARepositoryError):
        bench.locate(tmp_path)


def test_R23_a_missing_folder_is_refused(bench, tmp_path):
    with pytest.raises(NotARepositoryError, match="does not exist"):
        bench.locate(tmp_path / "gone")


def test_F15_a_fifo_named_like_the_git_file_is_not_opened(bench, tmp_path):
    os.mkfifo(tmp_path / ".git")
    with pytest.raises(NotARepositoryError):
        bench.locate(tmp_path)


def test_a_fifo_in_place_of_the_config_sets_nothing(tmp_path):
    os.mkfifo(tmp_path / "config")
    assert read_config(tmp_path / "config").keys() == []


def test_two_repositories_of_one_name_have_two_sockets(bench):
    first, second = bench.make("one/app"), bench.make("two/app")
    assert socket_path(bench.locate(first)) != socket_path(bench.locate(second))


def test_the_socket_lies_in_the_users_runtime_folder_when_it_fits(bench, small_repository, tmp_path_factory):
    location = bench.locate(small_repository)
    runtime = Path("/tmp") / f"lb-{os.getpid()}"
    runtime.mkdir()
    try:
        path = Path(socket_path(location, str(runtime)))
        assert path.parent == runtime / "lorebase"
        assert path.parent.stat().st_mode & 0o777 == 0o700
        path.parent.rmdir()
    finally:
        runtime.rmdir()


def test_the_sockets_path_stays_short_where_the_runtime_folder_is_deep(bench, small_repository, tmp_path):
    deep = tmp_path / ("deep" * 30)
    deep.mkdir()
    assert len(socket_path(bench.locate(small_repository), str(deep)).encode()) <= MAX_SOCKET_BYTES


def test_a_socket_folder_that_others_may_enter_is_refused(bench, small_repository, tmp_path):
    runtime = Path("/tmp") / f"lb-open-{os.getpid()}"
    (runtime / "lorebase").mkdir(parents=True)
    (runtime / "lorebase").chmod(0o777)
    try:
        with pytest.raises(EngineUnavailableError, match="not private"):
            socket_path(bench.locate(small_repository), str(runtime))
    finally:
        (runtime / "lorebase").rmdir()
        runtime.rmdir()


def test_a_config_is_read_as_git_reads_it():
    config = parse_config(
        '[core]\n\tbare = yes ; really\n[Remote "a]b\\"c"] url = "x # y" # no\n\tPromisor\n'
        "[extensions]\r\n\tobjectFormat = sha\\\n256\r\n[x]\n\tempty =\n"
    )
    assert config.flag("core.bare")
    assert config.text('remote.a]b"c.url') == "x # y"
    assert config.flag('remote.a]b"c.promisor')
    assert config.text("extensions.objectformat") == "sha256"
    assert not config.flag("x.empty", default=True)
    assert config.flag("core.other", default=True)


@pytest.mark.parametrize("text", ["[", '["', "[a", '[a "', "=", "[a]\n=", "[a]\nb = \\", "\0[\0]\n\0"])
def test_a_config_that_is_none_is_passed_over(text):
    assert parse_config(text).text("core.bare") == ""


def test_locate_starts_no_process(bench, small_repository, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert locate(small_repository.path, bench.settings).work_tree == small_repository.path
