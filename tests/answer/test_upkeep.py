"""What is done to a repository: its tests run, its code linted, a release made; and what it is made of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.answer.citations import cite_fact
from indexer.answer.command_lines import Command, commands_in
from indexer.answer.commands import plainly, serving
from indexer.answer.demos import demo_folders
from indexer.answer.goals import MEANT, goals_in
from indexer.answer.needs import Need, need_of
from indexer.answer.release_asked import asks_release
from indexer.cli.answers import show_answer
from indexer.types import Section, Statement, VerdictStatus
from tests.asking import Asking, opened
from tests.conftest import SmallRepository

README = """# Kiln

Kiln fires jobs in the background for Ruby programs.

## Running Tests

    $ npm test
"""
PACKAGE = """{
  "name": "kiln",
  "version": "2.4.1",
  "scripts": {
    "lint": "eslint",
    "prepare": "husky",
    "pretest": "tsc -p .",
    "test": "mocha test/",
    "test-ci": "nyc --reporter=text npm test"
  },
  "devDependencies": {"lint": "eslint later", "mocha": "^1.0.0"}
}
"""
RAKEFILE = """require "bundler/gem_tasks"
require "standard/rake"

namespace :glaze do
  desc "Check the glaze"
  task :thin do
    sh "glaze"
  end
end

Rake::TestTask.new(:test)
"""
INTERNALS = """# Internals

`Kiln::CLI` reads the options and boots the program.

A color theme is there, and all that is hot comes from a `Kiln::Oven` in the end.

`Kiln::Oven` holds the heat for one queue.
Each `Kiln::Shelf` instance is a thread of its own.
"""
SDLC = """# How we work

### Phase 1: Ideas

Anybody may publish an idea.

### Phase 2: Release and deployment

Nobody may hurry.
Small steps come at any time.
Entries are added to the change log for each fix.
Tags are pushed when the gem goes to the gem server.
Guides help users with large steps.
"""
CLI = """module Kiln
  # Reads the options.
  class CLI
    def run
      Oven.new.heat
    end
  end
end
"""
OVEN = """require "kiln/cli"

module Kiln
  # Holds the heat.
  class Oven
    def heat
      1
    end
  end

  class Shelf
    def run
      2
    end
  end
end
"""
VERSION = 'module Kiln\n  VERSION = "2.4.1"\nend\n'
CI = """on:
  push:
    tags: ['*']
jobs:
  publish:
    steps:
      - uses: rubygems/release-gem@v1
"""
DEMO = 'source "https://gems"\n\ngem "kiln", path: ".."\n'
DEMO_DATA = "# Versions 3.8.0 and up are supported.\n#   gem install sqlite3\nadapter: sqlite3\n"


@pytest.fixture(scope="module")
def kiln(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("kiln") / "kiln"
    folder.mkdir()
    repository = SmallRepository(folder, dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    files = {
        "README.md": README,
        "package.json": PACKAGE,
        "Rakefile": RAKEFILE,
        "kiln.gemspec": "Gem::Specification.new\n",
        "docs/internals.md": INTERNALS,
        "docs/sdlc.md": SDLC,
        "lib/kiln/cli.rb": CLI,
        "lib/kiln/oven.rb": OVEN,
        "lib/kiln/version.rb": VERSION,
        ".github/workflows/publish.yml": CI,
        "tryout/Gemfile": DEMO,
        "tryout/config/database.yml": DEMO_DATA,
    }
    files |= {f"tryout/app/page{number}.rb": f"class Page{number}\nend\n" for number in range(6)}
    repository.commit("Build the kiln", files)
    repository.commit("2.4.1", {"lib/kiln/version.rb": VERSION + "\n"})
    repository.commit("Bump glaze from 1.2.0 to 1.3.0", {"docs/glaze.md": "# Glaze\n\nGlaze is thin.\n"})
    with opened(repository, folder.parent / "data") as asking:
        yield asking


def test_each_of_several_things_that_are_to_be_run_is_told(kiln: Asking) -> None:
    answer = kiln.ask("How do I run the tests and the linter?")
    said = "\n".join(each.text for each in answer.statements)
    assert "For “the tests” type `npm test` (README.md:7" in said
    assert "For “the linter” type `npm run lint` (package.json:5)." in said
    assert "Or `rake standard` (Rakefile:2)." in said
    assert answer.verdict.status is VerdictStatus.GROUNDED


def test_what_no_command_speaks_of_is_told_to_be_missing(kiln: Asking) -> None:
    answer = kiln.ask("How do I run the tests and the type checker?")
    missing = [each.text for each in answer.statements if each.section is Section.MISSING]
    assert "Nothing here gives a command for “the type checker”." in missing
    assert answer.verdict.status is VerdictStatus.PARTIAL


def test_one_script_is_told_once_however_it_is_spelt(kiln: Asking) -> None:
    said = kiln.said("How do I run the tests?")
    assert "`npm test`" in said
    assert "npm run test`" not in said
    assert "test-ci" not in said


def test_a_linter_is_found_by_what_lints_though_nothing_here_is_called_so(kiln: Asking) -> None:
    answer = kiln.ask("How do I run the linter?")
    assert answer.statements[0].text == "Type `npm run lint` (package.json:5)."
    assert answer.verdict.status is VerdictStatus.GROUNDED


def test_a_release_is_told_from_the_files_that_show_it(kiln: Asking) -> None:
    answer = kiln.ask("How do I release a new version of the gem?")
    said = [each.text for each in answer.statements]
    assert "Tags are pushed when the gem goes to the gem server." in said
    # The sentences beside those that tell what is done belong to them.
    assert "Guides help users with large steps." in said
    assert "Nobody may hurry." not in said
    assert any(
        each.startswith("Type `rake release` (brought by what stands in Rakefile:1): it builds")
        for each in said
    )
    assert any("publish.yml runs when a tag is pushed" in each for each in said)
    assert any("lib/kiln/version.rb:2" in each or "package.json:3" in each for each in said)
    assert any("“2.4.1”" in each and "lib/kiln/version.rb" in each for each in said)
    assert not any("sqlite3" in each or "Anybody may publish" in each for each in said)
    assert answer.verdict.status is VerdictStatus.GROUNDED


def test_where_nothing_shows_how_a_release_is_made_that_is_said(tmp_path, git_environment) -> None:
    folder = tmp_path / "jar"
    folder.mkdir()
    repository = SmallRepository(folder, dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    repository.commit("1.0.0", {"package.json": '{\n  "name": "jar",\n  "version": "1.0.0"\n}\n'})
    with opened(repository, tmp_path / "data") as asking:
        answer = asking.ask("How do I release a new version?")
        assert "The version stands in package.json:3" in answer.statements[0].text
        assert answer.verdict.status is VerdictStatus.PARTIAL


def test_the_document_on_the_internals_leads_with_what_it_says_of_the_parts(kiln: Asking) -> None:
    said = kiln.said("What are the main pieces of this project and how do they fit together?").split("\n")
    told = [each for each in said if "Kiln::" in each]
    assert told == [
        "“`Kiln::CLI` reads the options and boots the program.”",
        "“`Kiln::Oven` holds the heat for one queue.”",
        "“Each `Kiln::Shelf` instance is a thread of its own.”",
    ]
    assert not any("color theme" in each for each in said)
    assert not any("tryout/" in each for each in said)


def test_an_outer_module_hides_no_class(tmp_path, git_environment) -> None:
    folder = tmp_path / "kiln"
    folder.mkdir()
    repository = SmallRepository(folder, dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    given = (
        "const app = exports = {};\n\n/** Draw it. */\napp.draw = function draw(pen) {\n  return pen;\n};\n"
    )
    user = "const app = require('./app');\n\nmodule.exports = function start() {\n  return app.draw();\n};\n"
    repository.commit("Begin", {"web/app.js": given, "web/start.js": user, "web/stop.js": user})
    with opened(repository, tmp_path / "data") as asking:
        said = asking.said("What are the main parts?")
        assert "web/app.js defines `app.draw`: “Draw it.”" in said


def test_a_demo_takes_the_repository_in_and_is_not_published(kiln: Asking) -> None:
    paths = ["tryout/Gemfile", "tryout/app/page1.rb", "lib/kiln/cli.rb", "kiln.gemspec"]
    assert demo_folders(kiln.sources, paths) == ["tryout/"]
    assert demo_folders(kiln.sources, [*paths, "tryout/tryout.gemspec"]) == []


def test_the_header_counts_the_sources_that_are_listed(
    kiln: Asking, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = kiln.ask("What are the main pieces of this project?")
    # Two things that were counted, and two pieces that begin at one line, are two sources each.
    cited = [cite_fact("files", []), cite_fact("imports", [])]
    cited += [kiln.sources.span("docs/sdlc.md", 1, 1), kiln.sources.span("docs/sdlc.md", 1, 3)]
    told = tuple(Statement(Section.WHAT, f"So it is: {at}.", (each,)) for at, each in enumerate(cited))
    show_answer(replace(answer, statements=told))
    shown = capsys.readouterr().out
    assert shown.count("\n  [") == len(cited)
    assert f" {len(cited)} sources" in shown.split("\n")[0]


def test_scripts_of_a_package_are_typed_but_for_those_that_npm_starts() -> None:
    typed = [each.text for each in commands_in("package.json", tuple(PACKAGE.split("\n")))]
    assert typed == ["npm run lint", "npm run test", "npm run test-ci"]


def test_tasks_of_a_rakefile_are_typed_with_their_namespaces() -> None:
    typed = {each.text: each for each in commands_in("Rakefile", tuple(RAKEFILE.split("\n")))}
    assert typed["rake glaze:thin"].around == "Check the glaze"
    assert typed["rake standard"].does == "lint"
    assert {"rake release", "rake test"} <= set(typed)


@pytest.mark.parametrize(
    ("path", "text", "typed"),
    [
        ("tox.ini", "[testenv:style]\ndeps = x\ncommands = ruff check .\n", "tox -e style"),
        ("pyproject.toml", '[tool.tox.env.typing]\ncommands = [["mypy"]]\n', "tox -e typing"),
        ("noxfile.py", "@nox.session\ndef lint(session):\n    session.run('ruff')\n", "nox -s lint"),
        (".pre-commit-config.yaml", "repos:\n  - hooks:\n      - id: ruff\n", "pre-commit run --all-files"),
        (
            ".github/workflows/a.yml",
            "jobs:\n  - uses: golangci/golangci-lint-action@v1\n",
            "golangci-lint run",
        ),
    ],
)
def test_what_task_runners_offer_is_typed(path: str, text: str, typed: str) -> None:
    assert typed in [each.text for each in commands_in(path, tuple(text.split("\n")))]


def test_a_lone_word_of_a_configuration_is_not_typed() -> None:
    assert not list(commands_in("tox.ini", ("[tox]", "envlist =", "    flake8")))


@pytest.mark.parametrize(
    ("terms", "goal"),
    [
        (["linter"], "lint"),
        (["formatt"], "format"),
        (["bundler"], "build"),
        (["type", "checker"], "type"),
        (["style", "checker"], "lint"),
        (["static", "analysi"], "lint"),
    ],
)
def test_what_does_a_thing_is_there_for_that(terms: list[str], goal: str) -> None:
    assert goals_in(terms) == [(goal, MEANT[goal])]


def test_names_of_tools_are_not_cut_short() -> None:
    assert not serving([MEANT["lint"]], [Command("a.md", 1, "./kiln-cli shell", "", 1.0)], installing=False)


def test_spellings_of_one_command() -> None:
    assert {plainly(each) for each in ("npm test", "npm run test", "npm run-script test")} == {"npm test"}
    assert plainly("bundle exec rake test") == "rake test"


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("How do I release a new version of the gem?", True),
        ("How do I publish the package to npm?", True),
        ("How do I make a release?", True),
        ("How do I release a lock?", False),
        ("How do I publish an event?", False),
        ("How does a new version get onto PyPI?", True),
        ("How is a new version of the gem published?", True),
        ("How are releases made?", True),
        ("How is a message published to the queue?", False),
        ("How are packages shipped to customers?", False),
    ],
)
def test_a_release_is_of_what_the_repository_holds(text: str, asks: bool) -> None:
    assert asks_release(text) is asks


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("Give me an overview of the architecture", Need.PARTS),
        ("How is this project structured?", Need.PARTS),
        ("How do we write a test for a page?", Need.EXAMPLE),
        ("How do we run a test?", Need.COMMAND),
    ],
)
def test_what_is_asked_for(text: str, need: Need) -> None:
    assert need_of(text) is need
