"""What a run reads, keeps and shows, on small real repositories."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pytest

from indexer.errors import CancelledError
from indexer.index import pruning
from indexer.index.contents import fallback_list, languages, skipped_list
from indexer.repo.parsing import ParseJob, ParsePool, ignore_checkpoint
from indexer.types import ParsedFile, Phase
from tests.conftest import Bench, SmallRepository
from tests.index.conftest import Index, OpenIndex, Watcher

CODE = "def area_of_circle(radius):\n    return 3.14159 * radius ** 2\n"


@pytest.fixture
def index(small_repository: SmallRepository, open_index: OpenIndex) -> Index:
    made = open_index(small_repository)
    made.words()
    return made


def blobs(index: Index) -> int:
    return int(index.column("SELECT count(*) FROM blob")[0])


def test_words_symbols_and_commits_can_be_found_after_the_first_step(index: Index) -> None:
    assert index.found("greet") == {"src/greet.py"}
    assert index.found("people greets", "words_doc") == {"README.md"}
    assert index.found("shout", "words_commit") == {"Shout"}
    assert index.column("SELECT name FROM symbol WHERE kind = 'function'") == ["greet"]


def test_the_report_counts_what_is_shown(index: Index) -> None:
    report = index.words()
    assert report.commit == index.source.head
    assert report.files == 2
    assert (report.chunks.code, report.chunks.doc, report.chunks.commit) == (1, 1, 3)
    assert report.words_complete


def test_a_run_that_finds_nothing_new_writes_nothing(index: Index) -> None:
    before = index.catalog.writer().total_changes
    report = index.words()
    assert index.catalog.writer().total_changes == before
    assert set(report.seconds) == {"scan", "total"}


def test_one_changed_file_costs_one_blob_and_one_commit(index: Index) -> None:
    known = blobs(index)
    index.source.commit("Measure circles", {"src/circle.py": CODE})
    index.words()
    assert blobs(index) == known + 1
    assert index.found("circle") == {"src/circle.py"}
    assert index.found("measure", "words_commit") == {"Measure circles"}


def test_the_same_content_at_two_paths_is_parsed_once(index: Index) -> None:
    index.source.commit("Copy", {"a/one.py": CODE, "b/two.py": CODE})
    index.words()
    assert index.found("circle") == {"a/one.py", "b/two.py"}
    assert index.column("SELECT count(*) FROM chunk WHERE text LIKE '%radius%'") == [1]


def test_a_branch_switch_and_back_parses_only_what_was_never_seen(index: Index) -> None:
    source = index.source
    source.git("switch", "--quiet", "other")
    source.commit("Go another way", {"src/other.py": CODE})
    index.words()
    assert index.shown() == {"README.md", "src/greet.py", "src/other.py"}
    assert "Shout" not in index.found("shout", "words_commit")
    state = index.rows("SELECT id, path_id, chunk_id, digest FROM passage ORDER BY id")
    known = blobs(index)

    source.git("switch", "--quiet", "main")
    index.words()
    assert index.shown() == {"README.md", "src/greet.py"}
    assert index.found("shout", "words_commit") == {"Shout"}
    assert index.found("circle") == set()
    source.git("switch", "--quiet", "other")
    index.words()
    assert index.found("circle") == {"src/other.py"}
    assert index.rows("SELECT id, path_id, chunk_id, digest FROM passage ORDER BY id") == state
    assert blobs(index) == known


def test_a_moved_folder_keeps_its_chunks(index: Index) -> None:
    chunks = index.column("SELECT count(*) FROM chunk WHERE blob_id NOTNULL")
    index.source.git("mv", "src", "lib")
    index.source.commit("Move")
    index.words()
    assert index.found("greet") == {"lib/greet.py"}
    assert index.column("SELECT count(*) FROM chunk WHERE blob_id NOTNULL") == chunks
    assert index.column(
        "SELECT dirs FROM words_code JOIN passage ON id = words_code.rowid WHERE current"
    ) == ["lib"]


def test_R12_a_commit_that_renames_many_files_parses_none(bench: Bench, open_index: OpenIndex) -> None:
    source = bench.make()
    source.commit(
        "Start", {f"old/m{number}.py": f"def f{number}():\n    return {number}\n" for number in range(600)}
    )
    index = open_index(source)
    index.words()
    source.git("mv", "old", "new")
    source.commit("Rename all")
    report = index.words()
    assert blobs(index) == 600
    assert report.chunks.code == 600
    assert {path.split("/")[0] for path in index.shown()} == {"new"}
    assert index.column("SELECT count(*) FROM change WHERE status = 'D'") == [600]


def test_the_working_copy_lies_over_HEAD_and_is_taken_away_again(index: Index) -> None:
    source = index.source
    source.write({"src/greet.py": CODE, "src/draft.py": "def draft():\n    pass\n"})
    (source.path / "README.md").unlink()
    index.words()
    assert index.shown() == {"src/greet.py", "src/draft.py"}
    assert index.found("circle") == {"src/greet.py"}
    assert index.column("SELECT shown FROM entry JOIN path ON id = path_id WHERE working = 1 ORDER BY 1") == [
        "src/draft.py",
        "src/greet.py",
    ]

    source.git("checkout", "--quiet", "--", ".")
    (source.path / "src/draft.py").unlink()
    index.words()
    assert index.shown() == {"README.md", "src/greet.py"}
    assert index.found("circle") == set()
    assert index.found("hello") == {"src/greet.py"}
    assert index.column("SELECT count(*) FROM entry WHERE working = 1") == [0]


def test_the_working_copy_can_be_left_out(small_repository: SmallRepository, open_index: OpenIndex) -> None:
    small_repository.write({"src/greet.py": CODE})
    index = open_index(small_repository, working_copy=False)
    index.words()
    assert index.found("circle") == set()


def test_a_saved_file_is_noticed_without_a_commit(index: Index) -> None:
    assert not index.sync.outdated()
    index.source.write({"src/greet.py": CODE})
    assert index.sync.outdated()
    index.words()
    assert not index.sync.outdated()
    index.source.commit("Keep it")
    assert index.sync.outdated()


def test_R11_commits_of_a_replaced_branch_are_kept_but_not_shown(index: Index) -> None:
    source, old = index.source, index.source.head
    source.git("reset", "--quiet", "--hard", "HEAD~1")
    source.commit("Whisper", {"src/greet.py": "def greet(name):\n    return f'hello {name}'\n"})
    index.words()
    assert index.rows("SELECT reachable FROM commits WHERE oid = ?", old) == [(0,)]
    assert index.found("shout", "words_commit") == set()
    assert index.found("whisper", "words_commit") == {"Whisper"}
    assert index.column("SELECT count(*) FROM commits") == [4]

    source.git("reset", "--quiet", "--hard", old)
    index.words()
    assert index.rows("SELECT reachable FROM commits WHERE oid = ?", old) == [(1,)]
    assert index.found("shout", "words_commit") == {"Shout"}
    assert index.found("whisper", "words_commit") == set()


def test_a_merge_shows_the_commits_of_both_lines(index: Index) -> None:
    source = index.source
    source.git("switch", "--quiet", "other")
    source.commit("Beside", {"side.py": CODE})
    index.words()
    source.git("switch", "--quiet", "main")
    index.words()
    source.tick()
    source.git("merge", "--quiet", "--no-edit", "other")
    index.words()
    expected = set(source.git("rev-list", "HEAD").split())
    assert set(index.column("SELECT oid FROM commits WHERE reachable = 1")) == expected
    assert index.column("SELECT count(*) FROM passage WHERE path_id = 0 AND current = 1") == [len(expected)]


def test_R17_the_sequence_follows_parents_not_dates(bench: Bench, open_index: OpenIndex) -> None:
    source = bench.make()
    for number, date in enumerate((4_000_000_000, 1_000_000_000, 2_000_000_000, 1)):
        source.commit(f"Number {number}", {"file.txt": str(number)}, date=date)
    index = open_index(source)
    index.words()
    source.commit("Number 4", {"file.txt": "4"}, date=5)
    index.words()
    order = index.column("SELECT subject FROM commits ORDER BY sequence")
    assert order == [f"Number {number}" for number in range(5)]


def test_everything_left_out_is_listed_with_its_reason(bench: Bench, open_index: OpenIndex) -> None:
    source = bench.make()
    source.commit(
        "Start",
        {
            "app.py": CODE,
            "logo.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d",
            "data.bin2": b"\x00\x01\x02" * 2000,
            "package-lock.json": "{}\n",
            "large.txt": "a line of text\n" * 2000,
        },
    )
    index = open_index(source, lines_bytes=20_000)
    report = index.words()
    reasons = {each.path: each.reason for each in report.skipped}
    assert set(reasons) == {"logo.png", "data.bin2", "package-lock.json", "large.txt"}
    assert all(reasons.values())
    assert reasons["large.txt"].startswith("larger than 0.02 MB")
    assert skipped_list(index.catalog.reader()) == list(report.skipped)
    assert report.files == 5


def test_R8_a_missing_object_is_named_and_all_else_is_indexed(bench: Bench, open_index: OpenIndex) -> None:
    source = bench.make()
    source.commit("Start", {"lost.py": "lost = 1\n", "kept.py": CODE})
    source.object_file(source.git("rev-parse", "HEAD:lost.py")).unlink()
    index = open_index(source, working_copy=False)
    report = index.words()
    assert [each.path for each in report.skipped] == ["lost.py"]
    assert "missing" in report.skipped[0].reason
    assert index.found("circle") == {"kept.py"}


def test_an_object_that_comes_back_is_read(bench: Bench, open_index: OpenIndex) -> None:
    source = bench.make()
    source.commit("Start", {"lost.py": CODE})
    blob = source.object_file(source.git("rev-parse", "HEAD:lost.py"))
    content = blob.read_bytes()
    blob.unlink()
    index = open_index(source, working_copy=False)
    index.words()
    blob.write_bytes(content)
    source.commit("Another", {"other.py": "other = 1\n"})
    assert index.words().skipped == ()
    assert index.found("circle") == {"lost.py"}


@pytest.mark.parametrize("lost", ["object", "HEAD"])
def test_R8_what_was_indexed_is_kept_while_the_commit_of_HEAD_cannot_be_read(index: Index, lost: str) -> None:
    source = index.source
    source.commit("Measure circles", {"src/circle.py": CODE})
    index.words()
    shown = index.found("circle")
    oid = source.commit("Measure squares", {"src/square.py": "def area_of_square(side):\n    return side\n"})
    git = source.path / ".git"
    gone = git / "objects" / oid[:2] / oid[2:] if lost == "object" else git / "HEAD"
    kept = gone.read_bytes()
    gone.chmod(0o644)
    gone.write_bytes(b"" if lost == "object" else b"\x00nonsense\n")
    report = index.words()
    assert index.found("circle") == shown == {"src/circle.py"}
    assert index.found("measure", "words_commit") == {"Measure circles"}
    assert report.chunks.commit > 0
    assert any("what was indexed before is kept" in each for each in report.notices)
    gone.write_bytes(kept)
    assert index.words().notices == ()
    assert index.found("square") == {"src/square.py"}
    assert index.found("measure", "words_commit") == {"Measure circles", "Measure squares"}


def test_an_unborn_branch_beside_others_is_no_fault_and_shows_what_it_has(index: Index) -> None:
    index.source.git("checkout", "--quiet", "--orphan", "anew")
    index.words()
    assert index.found("shout", "words_commit") == set()


def test_R6_a_repository_without_commits_shows_its_files(bench: Bench, open_index: OpenIndex) -> None:
    source = bench.make()
    source.write({"first.py": CODE})
    index = open_index(source)
    report = index.words()
    assert report.commit is None
    assert index.found("circle") == {"first.py"}
    source.commit("Start")
    assert index.words().commit == source.head
    assert index.found("start", "words_commit") == {"Start"}


def test_a_link_is_read_as_its_text_and_a_submodule_is_listed(bench: Bench, open_index: OpenIndex) -> None:
    source = bench.make()
    source.write({"app.py": CODE})
    (source.path / "away").symlink_to("/etc/passwd")
    source.commit("Start")
    source.git("update-index", "--add", "--cacheinfo", f"160000,{source.head},vendored")
    source.tick()
    source.git("commit", "--quiet", "-m", "Add a submodule")
    index = open_index(source, working_copy=False)
    report = index.words()
    assert [(each.path, each.reason) for each in report.skipped] == [
        ("vendored", "submodule: listed, not entered")
    ]
    assert index.column("SELECT text FROM chunk WHERE text LIKE '%passwd%'") == ["/etc/passwd"]


def test_K1_secrets_in_files_and_messages_reach_no_byte_of_the_catalog(
    bench: Bench, open_index: OpenIndex
) -> None:
    token = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
    source = bench.make()
    source.commit(f"Use {token}\n\nand\n\nToken-Was: {token}\n", {"config.py": f'TOKEN = "{token}"\n'})
    index = open_index(source)
    index.words()
    index.catalog.close()
    files = [each for each in index.catalog.path.parent.glob("catalog*") if each.is_file()]
    assert files
    assert not any(token.encode() in each.read_bytes() for each in files)
    assert int(index.column("SELECT count(*) FROM redaction")[0]) >= 2


def test_a_long_message_becomes_several_passages_and_trailers_are_no_words(
    bench: Bench, open_index: OpenIndex
) -> None:
    source = bench.make()
    body = "\n\n".join(f"Paragraph {number} explains retries. " + "word " * 60 for number in range(30))
    source.commit(f"Explain\n\n{body}\n\nSigned-off-by: Zebulon Q <z@example.com>", {"a.txt": "a"})
    source.commit("Short\n\nSigned-off-by: Zebulon Q <z@example.com>", {"a.txt": "b"})
    index = open_index(source)
    index.words()
    spans = index.rows(
        "SELECT start_line, end_line FROM chunk JOIN commits ON commits.id = commit_id "
        "WHERE subject = 'Explain' ORDER BY start_line"
    )
    assert len(spans) > 2
    assert [start for start, _ in spans[1:]] == [int(str(end)) + 1 for _, end in spans[:-1]]
    assert index.found("zebulon", "words_commit") == set()
    assert index.column("SELECT text FROM chunk WHERE symbol = 'Short'") == [
        "Short\n\nSigned-off-by: Zebulon Q <z@example.com>"
    ]


def test_languages_and_fallbacks_are_counted(bench: Bench, open_index: OpenIndex) -> None:
    source = bench.make()
    source.commit("Start", {"a.py": CODE, "b.py": "x = 1\n", "README.md": "# Hello\n\nText.\n"})
    index = open_index(source)
    index.words()
    assert languages(index.catalog.reader()) == {"python": 2, "markdown": 1}
    assert fallback_list(index.catalog.reader()) == []


def test_a_stopped_run_goes_on_where_it_stopped(bench: Bench, open_index: OpenIndex) -> None:
    source = bench.make()
    for number, name in enumerate(("alpha", "beta", "gamma", "delta", "epsilon")):
        source.commit(f"Step {number}", {f"m{number}.py": f"def {name}():\n    return 1\n"})
    index = open_index(source)
    stopped = 0
    for patience in range(1, 12):
        try:
            index.sync.words(Watcher(patience))
        except CancelledError:
            stopped += 1
    index.words()
    assert stopped >= 3
    assert index.column("SELECT count(*) FROM commits WHERE reachable = 1") == [5]
    assert index.found("alpha epsilon") == {"m0.py", "m4.py"}
    assert blobs(index) == 5


def test_content_that_nothing_shows_any_more_goes_when_there_is_much_of_it(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "HIDDEN_AT_LEAST", 4)
    for number in range(20):
        index.source.write({"src/greet.py": f"def greet():\n    return 'draft {number}'\n"})
        index.words()
        index.sync.embed(Watcher())
    assert blobs(index) < 10
    assert index.column("SELECT count(*) FROM passage WHERE current = 0") <= [5]
    assert index.found("draft") == {"src/greet.py"}
    assert index.column("SELECT count(*) FROM words_code") == index.column(
        "SELECT count(*) FROM passage WHERE kind = 'code'"
    )
    index.source.git("checkout", "--quiet", "--", ".")
    index.words()
    assert index.found("hello") == {"src/greet.py"}


def test_another_limit_reads_all_content_again(
    small_repository: SmallRepository, open_index: OpenIndex
) -> None:
    small_repository.commit("Grow", {"long.txt": "a line of text\n" * 2000})
    assert [each.path for each in open_index(small_repository, lines_bytes=20_000).words().skipped] == [
        "long.txt"
    ]
    index = open_index(small_repository)
    assert index.words().skipped == ()
    assert index.found("line", "words_doc") == {"long.txt"}


def test_progress_names_the_phases_in_their_order(
    small_repository: SmallRepository, open_index: OpenIndex
) -> None:
    watcher = Watcher()
    open_index(small_repository).sync.words(watcher)
    phases = list(dict.fromkeys(each.phase for each in watcher.told))
    assert phases == [Phase.SCAN, Phase.PARSE, Phase.LINK]
    assert watcher.told[-1].done == watcher.told[-1].total


class Hurried(ParsePool):
    """Real parsers whose clock runs out over one file as often as it is told, as on a busy machine."""

    def __init__(self, path: str, times: int) -> None:
        super().__init__(1, 2.0)
        self.read: list[str] = []
        self._path = path
        self._times = times

    def parse(
        self, jobs: Iterable[ParseJob], checkpoint: Callable[[], None] = ignore_checkpoint
    ) -> Iterator[tuple[int, ParsedFile]]:
        given = list(jobs)
        paths = {each.key: each.path for each in given}
        for key, parsed in super().parse(given, checkpoint):
            self.read.append(paths[key])
            if paths[key] == self._path and self._times:
                self._times -= 1
                yield key, replace(parsed, symbols=(), notice="it took too long: read by lines", late=True)
            else:
                yield key, parsed


@pytest.fixture
def hurried(index: Index) -> Iterator[Callable[[int], Hurried]]:
    """Let the clock run out over src/circle.py so many times."""
    made: list[Hurried] = []

    def hurry(times: int) -> Hurried:
        made.append(Hurried("src/circle.py", times))
        index.sync._pool = made[-1]
        index.source.commit("Measure circles", {"src/circle.py": CODE})
        return made[-1]

    yield hurry
    for each in made:
        each.close()


def notices(index: Index) -> list[str]:
    return [each.reason for each in fallback_list(index.catalog.reader())]


def test_a_file_that_the_clock_cut_short_is_read_again_at_the_next_run(
    index: Index, hurried: Callable[[int], Hurried]
) -> None:
    pool = hurried(1)
    index.words()
    assert notices(index) == ["it took too long: read by lines; tried again at the next indexing"]
    assert index.found("circle") == {"src/circle.py"}
    index.words()
    assert pool.read == ["src/circle.py"] * 2
    assert notices(index) == []
    assert index.column("SELECT name FROM symbol WHERE name LIKE 'area%'") == ["area_of_circle"]
    assert index.found("circle") == {"src/circle.py"}
    index.words()
    assert pool.read == ["src/circle.py"] * 2


def test_a_file_that_is_always_late_is_tried_a_few_times_only(
    index: Index, hurried: Callable[[int], Hurried]
) -> None:
    pool = hurried(100)
    for _ in range(6):
        index.words()
    assert pool.read == ["src/circle.py"] * 4
    assert notices(index) == ["it took too long: read by lines; tried 4 times"]
    assert index.found("circle") == {"src/circle.py"}
    assert index.column("SELECT count(*) FROM passage WHERE current = 1 AND path_id != 0") == [3]
