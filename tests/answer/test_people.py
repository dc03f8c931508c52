"""Who wrote it, when it came and whom to ask: counts that their command gives, and the commit that did it."""

from __future__ import annotations

import re
import shlex

import pytest

from indexer.answer.authorship import authorship
from indexer.answer.initials import spells
from indexer.answer.lineage import with_former_paths
from indexer.types import Answer, CitationKind, VerdictStatus
from tests.asking import GONE, HERE, IN_2015, IN_2024, Asking, opened
from tests.conftest import SmallRepository

ZOE = ("Zoe Adler", "zoe@example.com")
ROBOT = ("dependabot[bot]", "support@github.com")

PARSER = '''"""Reads feeds."""


class FeedParser:
    """Parses a feed bit by bit."""

    def next_entry(self):
        """Return the next entry."""
        return None
'''
PAGES = '''"""Pages."""

from mill.feed import FeedParser


class Page:
    """One page."""

    def feedparser(self):
        """Return a parser for this page."""
        return FeedParser()
'''
CHECKS = """# Mill

## Checks

The checks of the mill run in GitHub Actions for each push.
"""
RULES = '''"""What may be typed into a form."""


class Postcode:
    """A postcode has five digits."""

    def __call__(self, value):
        """Check it."""
        return len(value) == 5


class Birthday:
    """A birthday lies in the past."""

    def __call__(self, value):
        """Check it."""
        return value
'''


def build(made: SmallRepository) -> None:
    """Write a history: a file that moved, fifty people, robots, a revert, a move to other machines."""
    made.commit("Begin", {"rates.py": "RATE = 1\n", "History.md": "# 0.1\n"}, GONE, IN_2015)
    made.commit("Page by page", {"mill/pages.py": PAGES}, GONE)
    for number in range(3):
        made.commit(f"Mend the pages {number}", {"mill/pages.py": PAGES + f"# {number}\n"}, GONE)
    for number in range(44):
        who = (f"Visitor {chr(65 + number % 26)}{number}", f"v{number}@example.com")
        made.commit(f"Round the rate {number}", {"rates.py": f"RATE = {number}\n"}, who)
    made.git("mv", "rates.py", "mill/rates.py")
    made.commit("Move the rates", None, HERE, IN_2024)
    made.commit("Bump the rate", {"mill/rates.py": "RATE = 99\n"}, ROBOT)
    made.commit("Raise the rate", {"mill/rates.py": "RATE = 100\n"}, HERE)
    made.commit("Say what was done", {"History.md": "# 0.2\n\n- rates\n"}, GONE)
    made.commit("Read feeds as they come (#12)", {"mill/feed.py": PARSER}, ZOE)
    made.git("tag", "v1.0.0rc1")
    made.commit("Rules for forms", {"mill/rules.py": RULES}, HERE)
    made.git("tag", "v1.0.0")
    made.git("tag", "deployed-by-zoe")
    for number in range(4):
        made.commit(
            f"Tidy up {number}", {"mill/rules.py": RULES.replace("five digits", f"{number} digits")}, HERE
        )
    made.commit("Let a postcode have blanks", {"mill/rules.py": RULES.replace("== 5", "> 4")}, ZOE)
    made.commit("Add the shadow cache", {"mill/shadow.py": "SHADOW = {}\n"}, ZOE)
    made.git("revert", "--no-edit", "HEAD")
    made.commit("Run checks on Jenkins", {"Jenkinsfile": "x\n"}, HERE)
    for number in range(3):
        made.commit(f"[ci] bump the checkout action {number}", {"ci.yml": f"{number}\n"}, ROBOT)
    made.commit("Move from Jenkins to GHA", {"ci.yml": "on: push\n", "README.md": CHECKS}, ZOE)
    made.commit("Use zonelib instead of oldzones", {"mill/zones.py": "import zonelib\n"}, ZOE)
    for number in range(6):
        made.commit(f"Word it better {number}", {"mill/zones.py": f"import zonelib\n# {number}\n"}, HERE)


@pytest.fixture(scope="module")
def mill(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("mill") / "repo"
    folder.mkdir()
    repository = SmallRepository(folder, dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    build(repository)
    with opened(repository, tmp_path_factory.mktemp("data")) as asking:
        yield asking


def texts(answer: Answer) -> list[str]:
    return [each.text for each in answer.statements]


def test_t1_a_count_is_what_its_command_gives_whatever_moved_and_however_many_wrote(mill: Asking):
    answer = mill.ask("Who wrote mill/rates.py?")
    (first,) = [each for each in answer.statements if "that touched" in each.text]
    (counted,) = [each for each in first.citations if each.kind is CitationKind.FACT]
    names = mill.repository.git(*shlex.split(counted.fact)[1:]).split("\n")
    said = re.search(r"(.+) wrote (\d+) of the (\d+) commits", first.text)
    assert said is not None
    assert (int(said[2]), int(said[3])) == (names.count(said[1]), len(names))
    assert len(names) == 48
    assert "rates.py" in counted.fact.split(), "where it stood before is named too"
    assert not any("dependabot" in each for each in texts(answer))


def test_every_file_is_counted_as_git_counts_it(mill: Asking):
    with mill.catalog.snapshot() as reader:
        paths = reader.execute(
            "SELECT e.path_id, p.shown FROM entry e JOIN path p ON p.id = e.path_id"
        ).fetchall()
        for path_id, path in paths:
            counted = authorship(reader, with_former_paths(reader, [path_id]))
            given = mill.repository.git(*shlex.split(counted.command)[1:]).split("\n")
            assert counted.total == len(given), path


def test_who_wrote_a_class_is_led_by_the_commit_that_added_it_and_a_namesake_is_left_out(mill: Asking):
    answer = mill.ask("Who wrote FeedParser and when?")
    said = texts(answer)
    assert "Zoe Adler: “Read feeds as they come (#12)”" in said[0]
    assert said[0].endswith("is the first that wrote `class FeedParser` into mill/feed.py.")
    # A tag without a number is no release, and one before the release is told as that.
    assert "is v1.0.0rc1 (" in said[1]
    assert "of those that are no trial v1.0.0 (" in said[1]
    assert not any("pages.py" in each or GONE[0] in each for each in said)
    assert answer.verdict.status is VerdictStatus.GROUNDED


def test_of_a_subject_in_plain_words_those_who_changed_its_very_lines_come_first(mill: Asking):
    said = texts(mill.ask("Who should I ask about the rules for a postcode?"))
    assert said[0].startswith("No file is named; taken to be about mill/rules.py, where `Postcode`")
    assert said[1].startswith("1 commit to mill/rules.py speaks of “Postcode”")
    assert "by Zoe Adler (1" in said[1]
    assert any("Ben Ito wrote 5 of the 6 commits" in each for each in said[2:])


def test_t1_what_a_later_commit_took_back_is_told_with_it(mill: Asking):
    first = texts(mill.ask("When was the shadow cache added?"))[0]
    assert "“Add the shadow cache”" in first
    assert "; it was reverted by " in first


@pytest.mark.parametrize(
    "question",
    [
        "When did the checks move to github actions, and who did it?",
        "Who moved the checks to GitHub Actions?",
    ],
)
def test_a_robot_turns_nothing_and_initials_are_understood(mill: Asking, question):
    said = texts(mill.ask(question))
    assert "Zoe Adler: “Move from Jenkins to GHA”" in said[0]
    assert "gha is taken to be “github actions”" in said[0].lower()
    assert not any("[bot]" in each for each in said)


@pytest.mark.parametrize(
    ("short", "words", "fits"),
    [
        ("gha", ("github", "actions"), True),
        ("ci", ("continuous", "integration"), True),
        ("gha", ("gitlab", "actions"), False),
        ("api", ("pipeline", "actions"), False),
        ("gh", ("github", "actions"), False),
    ],
)
def test_initials_take_each_word_in_order(short, words, fits):
    assert spells(short, words) is fits


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        # By a commit that speaks of it though nothing is cited.
        ("Why was oldzones replaced by zonelib?", "“Use zonelib instead of oldzones”"),
        ("Who decided on zonelib?", "“Use zonelib instead of oldzones”"),
    ],
)
def test_a_gap_is_sent_first_to_who_made_the_commit_that_speaks_of_it(mill: Asking, question, reason):
    answer = mill.ask(question)
    assert answer.verdict.status in (VerdictStatus.PARTIAL, VerdictStatus.MISSING)
    first = answer.verdict.contacts[0]
    assert first.name == ZOE[0], "and not who has most commits of the file"
    assert reason in first.reason
    assert answer.draft.startswith("Hello Zoe,")


def test_nobody_is_named_for_the_commits_to_a_change_log(mill: Asking):
    answer = mill.ask("Who approved what was done for 0.2, and why?")
    assert not any("History.md" in each.reason for each in answer.verdict.contacts)
    assert not any("History.md" in each for each in answer.follow_ups)


@pytest.mark.parametrize(("recent", "leads"), [(2, False), (6, True)])
def test_who_is_still_here_leads_only_with_a_share_of_the_work(
    tmp_path, git_environment, recent: int, leads: bool
) -> None:
    folder = tmp_path / "mill"
    folder.mkdir()
    made = SmallRepository(folder, dict(git_environment))
    made.git("init", "--quiet", "--initial-branch=main", ".")
    made.commit("Begin", {"mill/core.py": "STONES = 0\n"}, GONE, IN_2015)
    for number in range(1, 50):
        made.commit(f"Mend the stones {number}", {"mill/core.py": f"STONES = {number}\n"}, GONE)
    made.commit("Grind on", {"mill/core.py": "STONES = 51\n"}, HERE, IN_2024)
    for number in range(1, recent):
        made.commit(f"Grind on {number}", {"mill/core.py": f"STONES = {60 + number}\n"}, HERE)
    with opened(made, tmp_path / "data") as asking:
        said = [each.text for each in asking.ask("Who knows mill/core.py?").statements]
    told = [each for each in said if each.startswith("Of those who are still active")]
    assert told == [next(each for each in said if f"{recent} of its {50 + recent} commits" in each)]
    assert (said.index(told[0]) == 0) is leads


def test_who_wrote_a_module_is_known_when_it_has_become_a_package(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("packaged")
    (folder / "repo").mkdir()
    made = SmallRepository(folder / "repo", dict(git_environment))
    made.git("init", "--quiet", "--initial-branch=main", ".")
    made.commit("Read queries", {"mill/query.py": "def read():\n    return 1\n"}, author=ZOE, date=IN_2015)
    made.commit(
        "Read them better", {"mill/query.py": "def read():\n    return 2\n"}, author=ZOE, date=IN_2015
    )
    made.git("rm", "--quiet", "mill/query.py")
    parts = {"mill/query/__init__.py": "", "mill/query/parse.py": "def read():\n    return 2\n"}
    made.commit("Part it", parts, author=HERE, date=IN_2024)
    with opened(made, folder / "data") as asking:
        reader = asking.catalog.reader()
        ids = dict(reader.execute("SELECT shown, id FROM path").fetchall())
        for name in parts:
            assert ids["mill/query.py"] in with_former_paths(reader, [ids[name]])
        shares = authorship(reader, with_former_paths(reader, [ids["mill/query/parse.py"]])).shares
        assert [(each.name, each.commits) for each in shares] == [(ZOE[0], 2), (HERE[0], 1)]
