from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time

import pytest

from indexer.errors import NotARepositoryError
from indexer.repo import beneath as beneath_module
from indexer.repo import walk as walk_module
from indexer.repo import working_copy as working_copy_module
from indexer.repo.beneath import Vanished, read_file
from indexer.repo.ignore import IgnoreRules

LINK = 0o120000


class Checkout:
    """A built repository with its reader, and the tree of its HEAD."""

    def __init__(self, bench, made):
        self.made, self.path = made, made.path
        self.repository = bench.open(made)
        self.reread()

    def reread(self):
        head = self.repository.refresh()
        self.entries = {each.path: each for each in self.repository.tree(head)} if head else {}

    def compare(self, **options):
        return self.repository.working_copy(self.entries, **options)

    def changed(self) -> dict[str, bytes | None]:
        return {each.path: each.data for each in self.compare().changed}

    def problems(self) -> dict[str, str]:
        return {each.path: each.problem for each in self.compare().changed}

    def skipped(self) -> dict[str, str]:
        return {each.path: each.reason for each in self.compare().skipped}


@pytest.fixture
def checkout(bench, small_repository) -> Checkout:
    return Checkout(bench, small_repository)


def test_edits_new_files_and_deletions_are_told(checkout):
    (checkout.path / "README.md").unlink()
    checkout.made.write({"src/greet.py": "edited\n", "src/new.py": "new\n"})
    found = checkout.compare()
    assert {each.path: each.data for each in found.changed} == {
        "src/greet.py": b"edited\n",
        "src/new.py": b"new\n",
    }
    assert found.deleted == ("README.md",)
    assert [each.oid for each in found.changed] == [
        checkout.made.git("hash-object", "--", name) for name in ("src/greet.py", "src/new.py")
    ]
    assert not checkout.made.git("diff", "--cached", "--name-only")


def test_a_file_that_was_only_touched_is_unchanged(checkout):
    os.utime(checkout.path / "README.md", (1, 1))
    (checkout.path / "README.md").chmod(0o755)
    assert checkout.changed() == {}


def test_an_edit_that_keeps_size_and_time_is_seen(checkout):
    file = checkout.path / "README.md"
    checkout.compare()
    before = file.stat()
    file.write_bytes(file.read_bytes().replace(b"people", b"nobody"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert list(checkout.changed()) == ["README.md"]


def test_unchanged_files_are_not_read_again(checkout, monkeypatch):
    monkeypatch.setattr(working_copy_module, "RACY_SECONDS", -1.0)
    checkout.compare()
    monkeypatch.setattr(working_copy_module, "read_file", _fail)
    assert checkout.changed() == {}


def test_what_is_known_of_files_outlives_the_process_and_a_damaged_cache_costs_time_only(
    bench, small_repository, monkeypatch
):
    monkeypatch.setattr(working_copy_module, "RACY_SECONDS", -1.0)
    Checkout(bench, small_repository).compare()
    again = Checkout(bench, small_repository)
    with monkeypatch.context() as patched:
        patched.setattr(working_copy_module, "read_file", _fail)
        assert again.changed() == {}
    cache = bench.locate(small_repository).index_dir / "overlay" / "stat-cache"
    cache.write_bytes(b"\x00garbage")
    assert Checkout(bench, small_repository).changed() == {}


def _fail(root, path, limit):
    assert path.endswith(".gitignore"), f"{path} was read again"
    return read_file(root, path, limit)


def test_a_changed_file_whose_content_is_known_comes_without_it(checkout, monkeypatch):
    monkeypatch.setattr(working_copy_module, "RACY_SECONDS", -1.0)
    checkout.made.write({"README.md": "edited\n"})
    oid = checkout.compare().changed[0].oid
    (file,) = checkout.compare(known={oid}).changed
    assert (file.path, file.oid, file.data, file.problem) == ("README.md", oid, None, "")


def test_ignored_files_are_left_out_as_git_leaves_them_out(checkout):
    checkout.made.write(
        {
            ".gitignore": "*.log\n!keep.log\nbuild/\n/top\n# no\n\\#yes\n**/deep/*.x\nspace\\ \n",
            "src/.gitignore": "!special.log\n*.tmp\r\n",
            "a.log": "", "keep.log": "", "src/b.log": "", "src/special.log": "", "src/c.tmp": "",
            "c.tmp": "", "build/out.txt": "", "src/build/out.txt": "", "top": "", "src/top": "", "#yes": "",
            "a/b/deep/f.x": "", "a/b/deep/f.y": "", "space ": "", "info": "",
        }
    )  # fmt: skip
    exclude = checkout.made.git_dir / "info" / "exclude"
    exclude.parent.mkdir(exist_ok=True)
    exclude.write_text("info\n")
    listed = checkout.made.git("ls-files", "-z", "--others", "--exclude-standard").split("\0")
    assert sorted(checkout.changed()) == sorted(each for each in listed if each)


def test_a_tracked_file_in_an_ignored_folder_is_still_looked_at(bench, small_repository):
    small_repository.commit("Track it", {"build/kept.txt": "one\n"})
    small_repository.commit("Ignore it", {".gitignore": "build/\n"})
    checkout = Checkout(bench, small_repository)
    small_repository.write({"build/kept.txt": "two\n", "build/new.txt": "no\n"})
    assert checkout.changed() == {"build/kept.txt": b"two\n"}


def test_a_costly_ignore_pattern_is_not_followed_and_said_so(checkout):
    evil = "*a*a*a*a*a*a*a*a*b\n" + "**/a/" * 10 + "b\n"
    checkout.made.write({".gitignore": evil + "*.log\n", "a" * 200: "", "x.log": ""})
    started = time.monotonic()
    assert sorted(checkout.changed()) == [".gitignore", "a" * 200]
    assert time.monotonic() - started < 5
    assert checkout.skipped() == {".gitignore": "2 ignore patterns not followed: too costly, or unknown"}


@pytest.mark.parametrize(
    "pattern", ["***a***a***", "[a", "a\\", "!", "/", "**", "[[:alpha:]]*", "a**b**c**", "\xff"]
)
def test_an_odd_ignore_pattern_never_fails(pattern):
    rules = IgnoreRules(b"", lambda _: pattern.encode("latin-1") + b"\n")
    rules.ignores("a/b/" + "c" * 255)
    rules.ignores("a/b/")


def test_a_gitignore_that_is_a_link_is_not_followed(checkout):
    (checkout.path / "rules").write_text("*.log\n")
    (checkout.path / ".gitignore").symlink_to("rules")
    checkout.made.write({"a.log": ""})
    assert "a.log" in checkout.changed()


def test_a_bare_repository_compares_as_nothing(bench):
    bare = bench.make("bare.git", "--bare")
    assert bench.open(bare).working_copy({}).changed == ()


# ------------------------------------------------------------------------------ files


def test_F14_a_file_that_vanishes_while_it_is_read_is_deleted(checkout, monkeypatch):
    checkout.made.write({"README.md": "edited\n", "new.txt": "new\n"})

    def vanish(root, path, limit):
        (root / path).unlink(missing_ok=True)
        return read_file(root, path, limit)

    monkeypatch.setattr(working_copy_module, "read_file", vanish)
    found = checkout.compare()
    assert found.changed == ()
    assert found.deleted == ("README.md", "src/greet.py")


def test_F14_a_file_that_grows_while_it_is_read_is_cut_off_at_the_limit(checkout, monkeypatch):
    monkeypatch.setattr(working_copy_module, "MAX_FILE_BYTES", 1000)
    checkout.made.write({"README.md": "short\n"})

    def grow(root, path, limit):
        with (root / path).open("ab") as file:
            file.write(b"x" * 5000)
        return read_file(root, path, limit)

    monkeypatch.setattr(working_copy_module, "read_file", grow)
    assert checkout.problems()["README.md"] == "too large"


def test_F14_files_that_change_all_the_time_do_no_harm(checkout):
    stop = threading.Event()

    def rewrite():
        while not stop.is_set():
            for number in range(5):
                file = checkout.path / f"f{number}"
                file.write_bytes(b"x" * (number * 10_000))
                file.write_bytes(b"")
                file.unlink()

    thread = threading.Thread(target=rewrite)
    thread.start()
    try:
        for _ in range(30):
            for each in checkout.compare().changed:
                # Read while it is written, a file may be any part of what it becomes.
                assert each.data is None or not each.data.strip(b"x")
    finally:
        stop.set()
        thread.join()


def test_F15_a_fifo_a_socket_and_a_device_are_named_and_never_opened(checkout, monkeypatch):
    monkeypatch.chdir(checkout.path)  # a socket's path is short
    os.mkfifo("pipe")
    (checkout.path / "README.md").unlink()
    os.mkfifo("README.md")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("sock")
        assert checkout.problems() == {"README.md": "FIFO, never opened"}
        expected = {"pipe": "FIFO, never opened", "sock": "socket, never opened"}
        if os.geteuid() == 0:
            os.mknod("zero", 0o020666, os.makedev(1, 5))
            expected["zero"] = "device, never opened"
        assert checkout.skipped() == expected
    assert checkout.repository.working_bytes("pipe") is None
    assert checkout.repository.working_bytes("README.md") is None


UNREADABLE = """
import sys
sys.path.insert(0, ".")
from pathlib import Path
from indexer.location import locate
from indexer.repo.repository import Repository
from indexer.settings import Settings
path, data = map(Path, sys.argv[1:])
repository = Repository.open(locate(path, Settings(data)), data / "overlay")
entries = {each.path: each for each in repository.tree(repository.refresh())}
found = repository.working_copy(entries)
print(sorted((each.path, each.problem) for each in found.changed))
print(sorted(found.deleted))
print(sorted((each.path, each.reason) for each in found.skipped))
repository.close()
"""


def test_F16_a_file_and_a_folder_without_permission_are_named_and_not_called_deleted(
    bench, small_repository, tmp_path
):
    small_repository.write({"README.md": "edited\n"})
    (small_repository.path / "README.md").chmod(0)
    (small_repository.path / "src").chmod(0)
    command = [sys.executable, "-c", UNREADABLE, str(small_repository.path), str(tmp_path / "data")]
    if os.geteuid() == 0:  # root may read everything, unless that power is given up
        if not shutil.which("setpriv"):
            pytest.skip("root reads everything here")
        command = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", *command]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    finally:
        (small_repository.path / "src").chmod(0o755)
    assert done.stdout.splitlines() == [
        "[('README.md', 'cannot be read: Permission denied')]",
        "[]",
        "[('src/', 'folder cannot be read: Permission denied')]",
    ], done.stderr


def test_a_file_above_the_limit_is_named_and_not_read(checkout, monkeypatch):
    monkeypatch.setattr(working_copy_module, "MAX_FILE_BYTES", 1000)
    checkout.made.write({"big.txt": "x" * 1001, "README.md": "x" * 1001})
    assert checkout.problems() == {"big.txt": "too large", "README.md": "too large"}


def test_a_large_tracked_file_that_did_not_change_is_unchanged(bench, small_repository, monkeypatch):
    monkeypatch.setattr(working_copy_module, "MAX_FILE_BYTES", 1000)
    small_repository.commit("Add much", {"big.txt": "x\n" * 5000})
    checkout = Checkout(bench, small_repository)
    assert checkout.changed() == {}
    small_repository.write({"big.txt": "x\r\n" * 5000})
    assert checkout.changed() == {}
    small_repository.write({"big.txt": "y\n" * 5000})
    assert checkout.problems() == {"big.txt": "too large"}


def test_changes_beyond_the_total_limit_are_named(checkout, monkeypatch):
    monkeypatch.setattr(working_copy_module, "MAX_TOTAL_BYTES", 1500)
    checkout.made.write({"a.txt": "a" * 1000, "b.txt": "b" * 1000})
    assert list(checkout.changed().values()) == [b"a" * 1000, None]
    assert checkout.problems()["b.txt"].startswith("beyond")


def test_F18_a_folder_of_very_many_files_is_counted_and_does_not_take_long(checkout, monkeypatch):
    monkeypatch.setattr(walk_module, "MAX_UNTRACKED", 500)
    many = checkout.path / "many"
    many.mkdir()
    for number in range(5_000):
        (many / str(number)).touch()
    checkout.made.write({"README.md": "edited\n"})
    started = time.monotonic()
    found = checkout.compare()
    assert time.monotonic() - started < 10
    assert len(found.changed) == 501
    assert "README.md" in {each.path for each in found.changed}
    assert [(each.path, each.reason) for each in found.skipped] == [
        (".", "4500 more untracked files, beyond 500")
    ]


# ------------------------------------------------------------------------------ links


def test_L1_a_link_to_itself_is_a_link(checkout):
    (checkout.path / "loop").symlink_to("loop")
    assert checkout.changed() == {"loop": b"loop"}


def test_L2_two_links_to_each_other_are_links(checkout):
    (checkout.path / "a").symlink_to("b")
    (checkout.path / "b").symlink_to("a")
    assert checkout.changed() == {"a": b"b", "b": b"a"}


def test_L3_a_link_to_a_file_outside_gives_its_text_and_not_the_file(checkout):
    (checkout.path / "passwd").symlink_to("/etc/passwd")
    (file,) = checkout.compare().changed
    assert (file.mode, file.data) == (LINK, b"/etc/passwd")
    assert checkout.repository.working_bytes("passwd") == b"/etc/passwd"


def test_L3_a_tracked_file_replaced_by_a_link_gives_the_links_text(checkout):
    (checkout.path / "README.md").unlink()
    (checkout.path / "README.md").symlink_to("/etc/passwd")
    assert checkout.changed() == {"README.md": b"/etc/passwd"}


def test_L4_a_link_to_a_folder_outside_is_not_entered(checkout):
    (checkout.path / "etc").symlink_to("/etc")
    assert checkout.changed() == {"etc": b"/etc"}
    assert checkout.repository.working_bytes("etc/passwd") is None


def test_L4_a_tracked_folder_replaced_by_a_link_is_deleted_and_not_read_through(checkout, tmp_path):
    away = tmp_path / "away"
    (checkout.path / "src").rename(away)
    (away / "greet.py").write_text("secret\n")
    (checkout.path / "src").symlink_to(away)
    found = checkout.compare()
    assert found.deleted == ("src/greet.py",)
    assert {each.path: each.data for each in found.changed} == {"src": str(away).encode()}
    assert checkout.repository.working_bytes("src/greet.py") is None


@pytest.mark.parametrize("part", ["README.md", "src"])
def test_L5_a_link_swapped_in_after_the_look_is_not_followed(checkout, tmp_path, monkeypatch, part):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "greet.py").write_text("SECRET\n")
    target = secret if part == "src" else secret / "greet.py"
    checkout.made.write({"README.md": "edited\n", "src/greet.py": "edited\n"})

    def swap(root, path, limit):
        place = root / part
        if not place.is_symlink():
            place.rename(tmp_path / "moved")
            place.symlink_to(target)
        return read_file(root, path, limit)

    monkeypatch.setattr(working_copy_module, "read_file", swap)
    assert all(b"SECRET" not in (each.data or b"") for each in checkout.compare().changed)


def test_L5_a_link_swapped_in_between_stat_and_open_is_refused(checkout, tmp_path, monkeypatch):
    secret = tmp_path / "secret"
    secret.write_text("SECRET\n")
    real = os.stat

    def stat_then_swap(where, **options):
        state = real(where, **options)
        if where == b"README.md":
            (checkout.path / "README.md").unlink()
            (checkout.path / "README.md").symlink_to(secret)
        return state

    monkeypatch.setattr(beneath_module.os, "stat", stat_then_swap)
    with pytest.raises(Vanished):
        read_file(checkout.path, "README.md", 100)


def test_a_tracked_link_that_a_checkout_wrote_as_a_file_is_unchanged(bench, small_repository):
    (small_repository.path / "link").symlink_to("README.md")
    small_repository.commit("Add link")
    checkout = Checkout(bench, small_repository)
    assert checkout.changed() == {}
    (checkout.path / "link").unlink()
    (checkout.path / "link").write_text("README.md")
    assert checkout.changed() == {}


# ---------------------------------------------------------------------------- checkouts


def test_R22_a_repository_inside_is_not_entered(checkout):
    inner = checkout.path / "vendor" / "inner"
    inner.mkdir(parents=True)
    checkout.made.git("init", "--quiet", str(inner))
    (inner / "secret.py").write_text("not ours\n")
    assert checkout.changed() == {}
    assert checkout.skipped() == {"vendor/inner": "another repository inside this one"}


def test_R23_a_work_tree_deleted_while_open_is_a_named_error(checkout):
    checkout.path.rename(checkout.path.with_name("moved"))
    with pytest.raises(NotARepositoryError, match="is gone"):
        checkout.compare()


def test_R28_files_left_out_by_a_sparse_checkout_are_not_deleted(bench, small_repository):
    small_repository.git("sparse-checkout", "set", "--no-cone", "/README.md")
    assert not (small_repository.path / "src").exists()
    checkout = Checkout(bench, small_repository)
    assert checkout.compare().deleted == ()
    small_repository.write({"README.md": "edited\n"})
    assert checkout.changed() == {"README.md": b"edited\n"}


def test_R28_a_clone_that_was_never_checked_out_has_nothing_deleted(bench, small_repository):
    clone = bench.clone(small_repository, "clone", "--no-checkout")
    (clone.git_dir / "index").unlink(missing_ok=True)
    assert Checkout(bench, clone).compare().deleted == ()


def test_R29_a_checkout_with_other_line_ends_is_unchanged_and_an_edit_is_seen(bench, small_repository):
    clone = bench.clone(small_repository, "clone", "--config", "core.autocrlf=true")
    file = clone.path / "src" / "greet.py"
    assert b"\r\n" in file.read_bytes()
    checkout = Checkout(bench, clone)
    assert checkout.changed() == {}
    edited = file.read_bytes().replace(b"HELLO", b"HI")
    file.write_bytes(edited)
    assert checkout.changed() == {"src/greet.py": edited}


def test_R29_what_attributes_change_at_checkout_is_unchanged(bench, small_repository):
    attributes = "*.utf16 working-tree-encoding=UTF-16LE\n*.id ident\n*.crlf eol=crlf\n"
    small_repository.commit("Mark", {".gitattributes": attributes})
    small_repository.commit(
        "Add", {"a.utf16": "Größe\n".encode("utf-16-le"), "b.id": "$Id$\n", "c.crlf": "one\r\ntwo\r\n"}
    )
    for name in ("a.utf16", "b.id", "c.crlf"):
        (small_repository.path / name).unlink()
    small_repository.git("checkout", "--", ".")
    assert (small_repository.path / "b.id").read_bytes().startswith(b"$Id: ")
    checkout = Checkout(bench, small_repository)
    assert checkout.changed() == {}
    for name, data in (
        ("a.utf16", "Anders\n".encode("utf-16-le")),
        ("b.id", b"other\n"),
        ("c.crlf", b"x\r\n"),
    ):
        (small_repository.path / name).write_bytes(data)
    assert sorted(checkout.changed()) == ["a.utf16", "b.id", "c.crlf"]


def test_a_path_with_a_filter_is_never_called_changed_and_the_filter_never_runs(
    bench, small_repository, canary
):
    small_repository.commit("Mark", {".gitattributes": "*.big filter=evil\n", "data.big": "pointer\n"})
    for kind in ("clean", "smudge", "process"):
        small_repository.git("config", f"filter.evil.{kind}", canary(kind))
    small_repository.write({"data.big": "the real, smudged content\n", "README.md": "edited\n"})
    assert list(Checkout(bench, small_repository).changed()) == ["README.md"]


def test_celery_sized_trees_are_compared_within_the_budget(bench, monkeypatch):
    made = bench.make()
    made.commit("Begin", {f"d{number % 80}/f{number}.py": f"x = {number}\n" * 200 for number in range(900)})
    checkout = Checkout(bench, made)
    monkeypatch.setattr(working_copy_module, "RACY_SECONDS", -1.0)
    checkout.compare()
    started = time.process_time()
    assert checkout.changed() == {}
    assert time.process_time() - started < 0.15
