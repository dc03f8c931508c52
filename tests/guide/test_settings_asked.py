"""Settings and variables as people ask for them: all of them, or those that one thing is meant by."""

from collections.abc import Iterator

import pytest

from indexer.knowledge import KnowledgeBase
from indexer.types import Answer, Section, VerdictStatus
from tests.conftest import Bench
from tests.guide.conftest import Quiet, settings_of

FILES = {
    "depot.gemspec": "Gem::Specification.new do |gem|\n  gem.name = 'depot'\nend\n",
    "README.md": "# Depot\n\n## Polling\n\n`DEPOT_WAIT` is how long a worker waits for lorries.\n",
    "lib/depot/cli.rb": """module Depot
  # Runs the process that works on the jobs, as its environment says.
  class CLI
    def mode
      @mode = ENV["DEPOT_MODE"] || ENV["RACK_MODE"] || "development"
    end

    def wait
      ENV["DEPOT_WAIT"] || 5
    end

    def threads
      ENV["DEPOT_THREADS"]
    end
  end
end
""",
    "lib/depot/page.js": """var page = module.exports = {};

page.defaultConfiguration = function defaultConfiguration() {
  this.enable('footer');
  this.set('language', 'en');
  this.set('rows', 20);
};
""",
    "bin/bench": '#!/usr/bin/env ruby\nputs ENV["PROCESSES"] || 8\n',
    "myapp/config.ru": "run Depot\n",
    "myapp/config/environments/production.rb": 'level = ENV.fetch("RAILS_LEVEL", "info")\n',
}
SHIPPED = (
    "4 environment variables are read in what this repository ships (lib/): "
    "`DEPOT_MODE`, `DEPOT_THREADS`, `DEPOT_WAIT` and `RACK_MODE`."
)


@pytest.fixture(scope="module")
def depot(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Iterator[KnowledgeBase]:
    """A package with a benchmark and a demonstration beside it."""
    folder = tmp_path_factory.mktemp("settings")
    bench = Bench(folder, settings_of(folder), git_environment)
    made = bench.make("depot")
    made.commit("Begin", FILES)
    opened = KnowledgeBase.open(bench.locate(made), bench.settings)
    opened.words(Quiet())
    yield opened
    opened.close()


def ask(depot: KnowledgeBase, question: str) -> Answer:
    return depot.ask(question, record=False)


def what(answer: Answer) -> list[str]:
    return [each.text for each in answer.statements if each.section is Section.WHAT]


@pytest.mark.parametrize(
    "question",
    [
        "Which environment variables change how the process runs?",
        "What env vars influence the behaviour of depot?",
        "Which environment variables does the program look at when it starts?",
        "Which environment variables are there?",
    ],
)
def test_words_that_fit_every_variable_choose_none_of_them(depot: KnowledgeBase, question: str) -> None:
    answer = ask(depot, question)
    said = what(answer)
    assert answer.verdict.status is VerdictStatus.GROUNDED
    assert said[0] == SHIPPED
    assert said[1] == (
        '`DEPOT_MODE` is read in lib/depot/cli.rb:5, with the default `"development"` where `RACK_MODE`'
        " is not set either."
    )
    assert said[-1] == "2 more are read beside it (bin/ and myapp/): `PROCESSES` and `RAILS_LEVEL`."


def test_a_real_subject_chooses_the_variables_that_bear_it_or_are_said_to(depot: KnowledgeBase) -> None:
    said = what(ask(depot, "Which environment variables set the number of threads?"))
    assert said == ["`DEPOT_THREADS` is read in lib/depot/cli.rb:13."]
    said = what(ask(depot, "Which environment variables say how long a worker waits for lorries?"))
    assert "`DEPOT_WAIT` is read in lib/depot/cli.rb:9, with the default `5`." in said
    assert not any("DEPOT_MODE" in each for each in said)


def test_where_nothing_tells_which_are_meant_all_are_listed_and_that_is_said(depot: KnowledgeBase) -> None:
    answer = ask(depot, "Which environment variables control the language of a page?")
    assert what(answer)[0] == f"{SHIPPED} Nothing here says which of them are meant."
    assert answer.verdict.status is VerdictStatus.PARTIAL


@pytest.mark.parametrize(
    "question",
    [
        "Which settings does a new application have from the start and what are their values?",
        "What are the default settings of an app?",
        "Which settings are set out of the box?",
        "Which settings does depot start with?",
    ],
)
def test_settings_that_a_thing_has_from_the_start_are_told_with_their_values(
    depot: KnowledgeBase, question: str
) -> None:
    answer = ask(depot, question)
    assert answer.verdict.status is VerdictStatus.GROUNDED
    assert what(answer) == [
        "3 settings are set in this repository: `footer`, `language` and `rows`.",
        "`footer` is set in lib/depot/page.js:4; its default is `true`.",
        '`language` is set in lib/depot/page.js:5; its default is `"en"`.',
        "`rows` is set in lib/depot/page.js:6; its default is `20`.",
    ]
