"""What a command does: by its tool, or by the recipe that it names; nothing where that is not known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.guide.tours.deeds import Deed, deed_of
from indexer.guide.tours.ground import Ground
from indexer.knowledge import KnowledgeBase
from indexer.shapes.onboarding import StepKind
from tests.guide.tours.conftest import derived, grounded, opened_with
from tests.guide.tours.test_route import said

RAKEFILE = """require 'rake/testtask'

task :default => :test

Rake::TestTask.new do |test|
  test.libs << "test"
end

task style: [:rubocop]
RuboCop::RakeTask.new

task :about do
  puts "about"
end
"""
MAKEFILE = """PYTHON ?= python3

.PHONY: all

all: dist

dist: clean
\t$(PYTHON) setup.py sdist

clean:
\trm -rf dist

check: lint
\t$(PYTEST)

lint:
\t@rubocop

serve:
\tflask run

release: dist
\ttwine upload dist/*

sandbox: install
\t./fill.py

install:
\tpip install -e .

hull:
\tcargo build
"""
PACKAGE = """{"scripts": {"dev": "vite", "build": "npm run lint && webpack",
"lint": "eslint .", "ci": "jest"}}
"""
README = """# Barge

Barge carries things over a river for whoever stands there.

## Build and run

A simple `bundle exec rake` will run it all.

    bundle exec rake
    make serve
    make sandbox
    make dist
"""
CI = """name: CI
on: [push]
jobs:
  bundle:
    steps:
      - run: bundle exec rubocop
"""


@pytest.fixture(scope="module")
def barge(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Iterator[KnowledgeBase]:
    files = {
        "README.md": README,
        "Gemfile": "source 'https://rubygems.org'\n",
        "Rakefile": RAKEFILE,
        "Makefile": MAKEFILE,
        "package.json": PACKAGE,
        ".github/workflows/ci.yml": CI,
        "lib/barge.rb": "class Barge\n  def carry(thing)\n    thing\n  end\nend\n",
        "till/__init__.py": '"""A till."""\n\n\ndef serve():\n    return 1\n',
    }
    with opened_with(tmp_path_factory, git_environment, "barge", files) as opened:
        yield opened


@pytest.fixture(scope="module")
def ground(barge: KnowledgeBase) -> Iterator[Ground]:
    with grounded(barge) as ground:
        yield ground


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("bundle exec rake", Deed.TEST),
        ("rake test", Deed.TEST),
        ("rake style", Deed.LINT),
        ("rake about", None),
        ("rake nowhere", None),
        ("bundle exec rubocop", Deed.LINT),
        ("make", Deed.BUILD),
        ("make dist", Deed.BUILD),
        ("make check", Deed.TEST),
        ("make lint", Deed.LINT),
        ("make release", Deed.RELEASE),
        ("python setup.py sdist upload --sign", Deed.RELEASE),
        ("make serve", Deed.START),
        ("make sandbox", Deed.INSTALL),
        ("make -C docs html", None),
        ("npm run build", Deed.BUILD),
        ("npm run dev", Deed.START),
        ("npm run ci", Deed.TEST),
        ("npm run nothing", None),
        ("npm ci", Deed.INSTALL),
        ("cd web && FLASK_ENV=dev python -m flask run", Deed.START),
        ("python -m till serve", Deed.START),
        ("python -m elsewhere serve", None),
        ("python3 -m pytest tests", Deed.TEST),
        ("python tools/generate.py", None),
        ("./mvnw clean install", Deed.BUILD),
        ("mvn test", Deed.TEST),
        ("celery -A till worker -l INFO", Deed.START),
        ("docker compose up -d", Deed.START),
        ("go build ./...", Deed.BUILD),
    ],
)
def test_a_command_is_told_by_what_it_does(ground: Ground, text: str, deed: Deed | None) -> None:
    assert deed_of(ground, text) is deed


def test_what_runs_tests_or_a_linter_starts_and_builds_nothing(barge: KnowledgeBase) -> None:
    step = next(step for step in derived(barge).steps if step.kind is StepKind.RUN)
    text = said(step)
    assert "To start it: `make serve`" in text
    # What packs it belongs to a release.
    assert "To build it: `make hull`" in text
    assert "rake" not in text
    assert "rubocop" not in text
    assert "sandbox" not in text
