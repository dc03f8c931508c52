from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from indexer.errors import CancelledError, NotARepositoryError, ObjectProblemError, RepositoryFormatError
from indexer.repo import process as process_module
from indexer.repo.overlay import Overlay, git_version

EVIL = """
[core]
\tfsmonitor = {canary}
\thooksPath = {hooks}
\tpager = {canary}
\teditor = {canary}
\tsshCommand = {canary}
\taskPass = {canary}
\tgitProxy = {canary}
\talternateRefsCommand = {canary}
[diff]
\texternal = {canary}
[diff "evil"]
\ttextconv = {canary}
\tcommand = {canary}
[filter "evil"]
\tclean = {canary}
\tsmudge = {canary}
\tprocess = {canary}
\trequired = true
[merge "evil"]
\tdriver = {canary}
[gpg]
\tprogram = {canary}
[log]
\tshowSignature = true
[pager]
\tlog = {canary}
\tblame = {canary}
[alias]
\tlog = !{canary}
\tcat-file = !{canary}
\tls-tree = !{canary}
[credential]
\thelper = !{canary}
[uploadpack]
\tpackObjectsHook = {canary}
[interactive]
\tdiffFilter = {canary}
[remote "origin"]
\turl = ext::{canary}
\tuploadpack = {canary}
\tpromisor = true
\tpartialclonefilter = blob:none
[extensions]
\tpartialClone = origin
"""
HOOKS = ("post-index-change", "post-checkout", "pre-auto-gc", "reference-transaction", "fsmonitor-watchman")


def make_evil(repository, canary) -> None:
    """Give the repository a config, hooks and attributes that run a command wherever git would."""
    hooks = repository.path / "hooks"
    hooks.mkdir()
    for name in HOOKS:
        for folder in (hooks, repository.git_dir / "hooks"):
            folder.mkdir(exist_ok=True)
            shutil.copy(canary(f"hook-{name}"), folder / name)
    text = EVIL.format(canary=canary("config"), hooks=hooks)
    config = repository.git_dir / "config"
    config.write_text(
        config.read_text().replace("repositoryformatversion = 0", "repositoryformatversion = 1") + text
    )


def use_everything(repository) -> list[str]:
    """Call every method of the reader that reads something, and return the paths of the tree."""
    head = repository.refresh()
    entries = {each.path: each for each in repository.tree(head)}
    list(repository.blobs([each.oid for each in entries.values()], 1_000_000))
    list(repository.commits(head))
    list(repository.ancestry(head))
    repository.facts()
    repository.attributes(head, list(entries))
    repository.working_copy(entries)
    for path in entries:
        repository.blame(head, path)
        repository.line_history(head, path, 1, 1)
        repository.working_bytes(path)
    return sorted(entries)


def files_under(folder: Path) -> dict[str, tuple[int, int]]:
    """The state of every file of a folder, to see that nobody wrote there."""
    found = {}
    for each in folder.rglob("*"):
        state = each.lstat()
        found[str(each)] = (state.st_size, state.st_mtime_ns)
    return found


def test_R20_a_hostile_config_runs_nothing_and_nothing_is_written(bench, small_repository, canary):
    attributes = "* filter=evil diff=evil merge=evil\n"
    small_repository.commit("Add attributes", {".gitattributes": attributes})
    small_repository.write({"src/greet.py": "changed\n"})
    make_evil(small_repository, canary)
    before = files_under(small_repository.path)
    with_hooks = use_everything(bench.open(small_repository))
    assert "src/greet.py" in with_hooks
    assert files_under(small_repository.path) == before


def test_R20_the_same_config_makes_plain_git_run_it(bench, small_repository):
    script = bench.folder / "control.sh"
    script.write_text(f"#!/bin/sh\ntouch '{bench.folder}/sang'\ncat\n")
    script.chmod(0o755)
    small_repository.commit("Add attributes", {".gitattributes": "* filter=evil diff=evil merge=evil\n"})
    make_evil(small_repository, lambda _: str(script))
    small_repository.git("log", "-p", "--max-count=1", ok=False)
    assert (bench.folder / "sang").exists()


def test_R20_variables_of_the_users_shell_do_not_reach_git(bench, small_repository, canary, monkeypatch):
    command = canary("variable")
    for name in ("GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_EDITOR"):
        monkeypatch.setenv(name, command)
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", "/nowhere")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", command)
    monkeypatch.setenv("GIT_TRACE", str(bench.folder / "trace"))
    use_everything(bench.open(small_repository))
    assert not (bench.folder / "trace").exists()


def test_R18_replace_refs_and_grafts_do_not_change_history(bench, small_repository):
    head = small_repository.head
    other = small_repository.git("commit-tree", f"{head}^{{tree}}", "-m", "Another history")
    small_repository.git("replace", head, other)
    grafts = small_repository.git_dir / "info" / "grafts"
    grafts.parent.mkdir(exist_ok=True)
    grafts.write_text(f"{head}\n")
    messages = [each.message for each in bench.open(small_repository).commits(head)]
    assert messages == ["Shout", "Explain it\n\nBecause nobody knew.", "Add a greeting"]


@pytest.mark.skipif(not hasattr(os, "chown") or os.geteuid() != 0, reason="only root can give files away")
def test_R21_a_repository_of_another_user_is_read_and_its_owner_named(bench, small_repository):
    head = small_repository.head
    for each in [small_repository.path, *small_repository.path.rglob("*")]:
        os.chown(each, 1, 1, follow_symlinks=False)
    repository = bench.open(small_repository)
    assert repository.facts().owner == "daemon"
    assert len(list(repository.commits(head))) == 3


def test_R25_objects_that_are_borrowed_from_elsewhere_are_found(bench, small_repository):
    shared = bench.folder / "shared"
    small_repository.git("clone", "--quiet", "--shared", str(small_repository.path), str(shared))
    again = bench.folder / "again"
    small_repository.git("clone", "--quiet", "--shared", str(shared), str(again))
    repository = bench.open(again)
    assert len(list(repository.commits(small_repository.head))) == 3


def test_R25_relative_odd_and_circular_alternates_do_no_harm(bench, small_repository):
    shared = bench.folder / "shared"
    small_repository.git("clone", "--quiet", "--shared", str(small_repository.path), str(shared))
    os.mkfifo(bench.folder / "fifo")
    (shared / ".git/objects/info/alternates").write_text(
        f"../../../small/.git/objects\n# no\n{bench.folder}/fifo\n/nowhere\n{shared}/.git/objects\n/etc\n"
    )
    theirs = small_repository.git_dir / "objects/info/alternates"
    theirs.write_text(f"{shared}/.git/objects\n")
    assert len(list(bench.open(shared).commits(small_repository.head))) == 3


def test_a_repository_in_a_folder_with_an_odd_name_is_read(bench):
    made = bench.make('odd "na\\me"\n#x')
    made.commit("Begin", {"a": "b"})
    assert [each.message for each in bench.open(made).commits(made.head)] == ["Begin"]


def test_R26_a_repository_with_sha256_objects_is_read_whole(bench):
    made = bench.make("sha256", "--object-format=sha256")
    made.commit("Begin", {"a.py": "one\n"})
    made.commit("Go on", {"a.py": "two\n", ".gitattributes": "*.py linguist-generated\n"})
    repository = bench.open(made)
    head = repository.refresh()
    assert len(head) == 64
    assert repository.facts().object_format == "sha256"
    entries = {each.path: each for each in repository.tree(head)}
    assert repository.blob(entries["a.py"].oid).data == b"two\n"
    assert [[c.path for c in each.changes] for each in repository.commits(head)] == [
        [".gitattributes", "a.py"],
        ["a.py"],
    ]
    assert repository.attributes(head, ["a.py"]) == {"a.py": {"linguist-generated": "set"}}
    assert repository.working_copy(entries).changed == ()
    assert repository.blame(head, "a.py")[0].commit_id == head


@pytest.mark.skipif(git_version() >= (2, 45), reason="this git reads reftables")
def test_R27_a_reftable_below_git_2_45_is_a_named_error_and_never_no_commits(bench, small_repository):
    config = small_repository.git_dir / "config"
    config.write_text(config.read_text() + "[extensions]\n\trefStorage = reftable\n")
    (small_repository.git_dir / "reftable").mkdir()
    (small_repository.git_dir / "reftable" / "tables.list").write_text(
        "0x000000000001-0x000000000001-a.ref\n"
    )
    (small_repository.git_dir / "HEAD").write_text("ref: refs/heads/.invalid\n")
    with pytest.raises(RepositoryFormatError, match=r"git 2\.45 or newer") as caught:
        bench.open(small_repository)
    assert "Update git" in caught.value.hint


@pytest.mark.skipif(git_version() < (2, 45), reason="this git knows no reftables")
def test_R27_a_reftable_is_read_with_its_branches_tags_and_worktrees(bench):
    made = bench.make("tables", "--ref-format=reftable")
    first = made.commit("Begin", {"a": "b"})
    made.git("tag", "--annotate", "-m", "one", "v1")
    made.git("worktree", "add", "--quiet", "-b", "side", str(bench.folder / "side"))
    second = made.commit("Go on", {"a": "c"})
    repository = bench.open(made)
    assert (repository.refresh(), repository.facts().branch) == (second, "main")
    assert repository.tags() == {"v1": first}
    beside = bench.open(bench.folder / "side")
    assert (beside.refresh(), beside.facts().branch) == (first, "side")
    made.git("checkout", "--quiet", "--detach", first)
    assert (repository.refresh(), repository.facts().branch) == (first, None)
    unborn = bench.make("unborn", "--ref-format=reftable")
    assert bench.open(unborn).facts().unborn


def test_an_unknown_kind_of_object_id_is_a_named_error(bench, small_repository):
    small_repository.git("config", "extensions.objectFormat", "sha512")
    with pytest.raises(RepositoryFormatError, match="sha512"):
        bench.open(small_repository)


def test_R24_a_repack_that_throws_old_packs_away_does_not_disturb_reading(bench, small_repository):
    small_repository.git("gc", "--quiet")
    repository = bench.open(small_repository)
    head = repository.refresh()
    entries = repository.tree(head)
    commits = repository.commits(head)
    assert next(commits).message == "Shout"
    repository.blob(entries[0].oid)  # the process that stays has the pack open now
    small_repository.commit("More", {"new.txt": "new\n"})
    small_repository.git("repack", "-a", "-d", "-f", "--quiet")
    small_repository.git("prune-packed", "--quiet")
    assert [each.problem for each in repository.blobs([each.oid for each in entries], 1000)] == ["", ""]
    assert len(list(commits)) == 2
    new = repository.tree(repository.refresh())
    assert repository.blob(next(e.oid for e in new if e.path == "new.txt")).data == b"new\n"


def test_R24_an_object_that_was_pruned_while_open_is_named(bench, small_repository):
    repository = bench.open(small_repository)
    lost = small_repository.blob(b"lost\n")
    assert repository.blob(lost).data == b"lost\n"
    small_repository.git("prune", "--expire=now")
    assert repository.blob(lost).problem == f"object {lost} is missing"


def test_R23_a_repository_deleted_while_open_is_a_named_error(bench, small_repository):
    repository = bench.open(small_repository)
    head, entries = repository.refresh(), {}
    shutil.rmtree(small_repository.path)
    for call in (
        repository.refresh,
        lambda: list(repository.commits(head)),
        lambda: repository.working_copy(entries),
    ):
        with pytest.raises(NotARepositoryError, match="is gone"):
            call()


def test_a_fifo_where_an_object_should_be_does_not_hang_for_ever(bench, small_repository, monkeypatch):
    monkeypatch.setattr(process_module, "STALL_SECONDS", 0.3)
    oid = small_repository.blob(b"lost\n")
    small_repository.object_file(oid).unlink()
    os.mkfifo(small_repository.object_file(oid))
    repository = bench.open(small_repository)
    with pytest.raises(ObjectProblemError, match="stopped making progress"):
        repository.blob(oid)
    assert repository.blob(small_repository.git("rev-parse", "HEAD:README.md")).problem == ""


def test_closing_ends_what_is_still_being_read(bench, small_repository):
    repository = bench.open(small_repository)
    commits = repository.commits(small_repository.head)
    next(commits)
    repository.close()
    with pytest.raises(CancelledError):
        repository.blame(small_repository.head, "README.md")
    commits.close()


KILLED = """
import sys, time
sys.path.insert(0, ".")
import psutil
from pathlib import Path
from indexer.location import locate
from indexer.repo.repository import Repository
from indexer.settings import Settings
path, data = map(Path, sys.argv[1:])
repository = Repository.open(locate(path, Settings(data)), data / "overlay")
head = repository.refresh()
repository.blob(repository.tree(head)[0].oid)
commits = repository.commits(head)
next(commits)
print(*(each.pid for each in psutil.Process().children()), flush=True)
time.sleep(60)
"""


def test_a_reader_that_is_killed_leaves_no_git_behind(bench, tmp_path):
    made = bench.make()
    lines = [
        f"commit refs/heads/main\ncommitter A <a@example.com> {number} +0000\ndata 1000\n{'x' * 1000}\n"
        f"M 100644 inline f\ndata 4\n{number:04}\n"
        for number in range(3000)
    ]
    made.git("fast-import", "--quiet", given="".join(lines).encode())
    arguments = [sys.executable, "-c", KILLED, str(made.path), str(tmp_path / "data")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as reader:
        pids = [int(pid) for pid in reader.stdout.readline().split()]
        reader.kill()
    assert len(pids) == 2
    deadline = time.monotonic() + 10
    while (running := [pid for pid in pids if _runs(pid)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert running == []


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_an_argument_that_is_no_object_id_never_reaches_git(bench, small_repository):
    repository = bench.open(small_repository)
    for wrong in ("--output=/tmp/x", "HEAD", "v1", "", "a" * 39):
        with pytest.raises(ObjectProblemError, match="not an object id"):
            repository.tree(wrong)
    assert repository.count_between("--all", small_repository.head) == -1


def test_the_overlay_holds_no_objects_and_only_refs_whose_object_exists(bench, small_repository):
    missing = "1" * 40
    packed = small_repository.git_dir / "packed-refs"
    packed.write_text(f"# pack-refs with: peeled fully-peeled sorted \n{missing} refs/heads/lost\n")
    (small_repository.git_dir / "refs/heads/odd").write_text("no id at all\n")
    repository = bench.open(small_repository)
    folder = bench.locate(small_repository).index_dir / "overlay"
    assert [each for each in (folder / "objects").rglob("*") if each.is_file()] == [
        folder / "objects/info/alternates"
    ]
    refs = (folder / "packed-refs").read_text()
    assert "refs/heads/other" in refs
    assert "lost" not in refs
    assert repository.refresh() == small_repository.head


def test_L6_a_ref_that_is_a_link_is_taken_by_its_text_and_never_opened(bench, small_repository):
    heads = small_repository.git_dir / "refs" / "heads"
    (heads / "alias").symlink_to("refs/heads/main")
    (heads / "passwd").symlink_to("/etc/passwd")
    (heads / "folder").symlink_to("/etc")
    (heads / "loop").symlink_to("loop")
    head = small_repository.head
    (small_repository.git_dir / "HEAD").unlink()
    (small_repository.git_dir / "HEAD").symlink_to("refs/heads/main")
    repository = bench.open(small_repository)
    assert repository.refresh() == head
    assert repository.facts().branch == "main"
    refs = (bench.locate(small_repository).index_dir / "overlay" / "packed-refs").read_text()
    assert f"{head} refs/heads/alias" in refs
    assert "passwd" not in refs
    assert "folder" not in refs


@pytest.mark.parametrize(
    "target", ["refs/heads/../../../../etc/passwd", "/etc/passwd", "refs/heads/a\\b", "refs/"]
)
def test_a_head_that_points_out_of_the_refs_is_not_followed(bench, small_repository, target):
    (small_repository.git_dir / "HEAD").write_text(f"ref: {target}\n")
    assert bench.open(small_repository).refresh() is None


def test_the_hint_changes_with_commits_branches_and_tags_alone(bench, small_repository):
    repository = bench.open(small_repository)
    seen = [repository.head_hint()]
    assert repository.head_hint() == seen[0]
    small_repository.commit("More")
    seen.append(repository.head_hint())
    small_repository.git("checkout", "--quiet", "other")
    seen.append(repository.head_hint())
    small_repository.git("tag", "v3")
    seen.append(repository.head_hint())
    small_repository.git("tag", "release/v4")
    seen.append(repository.head_hint())
    small_repository.git("tag", "release/v5")
    seen.append(repository.head_hint())
    small_repository.git("pack-refs", "--all")
    seen.append(repository.head_hint())
    assert len(set(seen)) == 7


def test_what_a_killed_run_left_half_written_is_swept_away(bench, small_repository):
    location = bench.locate(small_repository)
    folder = location.index_dir / "overlay"
    folder.mkdir(parents=True)
    for name in ("index-old", ".new-old", "index-fresh"):
        (folder / name).write_text("half")
    for name in ("index-old", ".new-old"):
        os.utime(folder / name, (0, 0))
    Overlay.open(location, folder).close()
    assert not (folder / "index-old").exists()
    assert not (folder / ".new-old").exists()
    assert (folder / "index-fresh").exists()
