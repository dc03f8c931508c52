"""What happens if: the condition that is asked about, where a document, a message or an error states it."""

from __future__ import annotations

import pytest

from indexer.answer.needs import Need
from indexer.answer.outcomes import say_outcome
from indexer.answer.questions import read_question
from indexer.answer.sentences import sentences_of
from indexer.types import ChunkKind, VerdictStatus
from tests.asking import Asking, opened
from tests.conftest import SmallRepository

FORMS = '''"""Reads uploaded forms."""


class FormError(Exception):
    """A form that cannot be read."""


class FormReader:
    """Reads the parts of a form."""

    def __init__(self, most):
        self.most = most
        self.fields = []

    def add(self, field):
        """Take one part in."""
        if len(self.fields) >= self.most:
            raise FormError(f"Too many fields. At most {self.most} are read.")
        self.fields.append(field)

    def close(self):
        """Close the reader when all is read."""
        if self.left:
            raise RuntimeError("form reader is still busy")


def start(reader):
    """Begin to read a form."""
    return reader.add(None)
'''
LOAD = """package load

import "errors"

// TemplateMissingError denotes that a template cannot be found.
type TemplateMissingError struct{ name string }

func (e TemplateMissingError) Error() string { return "no template " + e.name }

// ErrBusy says that somebody else loads.
var ErrBusy = errors.New("busy")

// Load returns the template of a name.
func Load(name string) (*Template, error) {
	found, ok := templates[name]
	if !ok {
		return nil, TemplateMissingError{name}
	}
	return found, nil
}
"""
GUIDE = """# Sending

A message waits in the outbox until the relay takes it.

If the relay is unreachable, the message stays in the outbox and is sent again after a minute.

You need not worry if a message is accepted twice.
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("outcomes") / "repo"
    folder.mkdir()
    made = SmallRepository(folder, dict(git_environment))
    made.git("init", "--quiet", "--initial-branch=main", ".")
    made.commit(
        "Begin",
        {"shop/forms.py": FORMS, "load/load.go": LOAD, "docs/sending.md": GUIDE, "go.mod": "module load"},
    )
    with opened(made, tmp_path_factory.mktemp("data")) as asking:
        yield asking


def test_what_is_raised_under_the_condition_is_told_with_it(shop: Asking):
    answer = shop.ask("What happens when a form has too many fields?")

    assert answer.statements[0].text == (
        "If `len(self.fields) >= self.most`, `FormReader.add` raises `FormError`, shop/forms.py:18:"
        " “Too many fields. At most {self.most} are read.”"
    )
    assert answer.verdict.status is VerdictStatus.GROUNDED
    assert "RuntimeError" not in shop.said("What happens when a form has too many fields?")


def test_what_an_error_says_of_itself_counts_as_the_condition(shop: Asking):
    answer = shop.ask("What happens if a template cannot be found?")

    assert answer.statements[0].text == "If `!ok`, `Load` returns `TemplateMissingError`, load/load.go:17."


def test_a_document_that_states_the_condition_comes_first(shop: Asking):
    answer = shop.ask("What happens if the relay is unreachable?")

    assert answer.statements[0].text.startswith(
        "If the relay is unreachable, the message stays in the outbox"
    )
    assert answer.verdict.status is VerdictStatus.GROUNDED


def test_the_opposite_of_a_condition_does_not_state_it(shop: Asking):
    with shop.catalog.snapshot():
        assert not say_outcome(shop.answerer._inquire("What happens if a message is not accepted?"))
        assert say_outcome(shop.answerer._inquire("What happens if a message is accepted twice?"))


def test_the_way_when_all_goes_well_is_no_condition(shop: Asking):
    with shop.catalog.snapshot():
        assert not say_outcome(shop.answerer._inquire("What happens when a form is read?"))


@pytest.mark.parametrize(
    ("question", "need"),
    [
        ("What is the largest form part that is accepted?", Need.MEANING),
        ("Which component checks the signature?", Need.PLACE),
        ("Which part of the system sends mail?", Need.PLACE),
        ("What is the main component?", Need.PARTS),
        ("What are the parts of this system?", Need.PARTS),
    ],
)
def test_one_part_that_is_asked_for_is_not_all_of_them(question: str, need: Need):
    assert [part.need for part in read_question(question).parts] == [need]


VIPER = """# Cobra

Many tools are built with it.

## Why use Adder?

Adder is a complete answer for reading settings. It works within any program that reads some.

## Sponsors

Lynx is a company that pays for it.
"""


def test_an_overview_begins_with_what_says_what_the_repository_is(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("adder") / "repo"
    folder.mkdir()
    made = SmallRepository(folder, dict(git_environment))
    made.git("init", "--quiet", "--initial-branch=main", ".")
    inside = {
        "README.md": VIPER,
        "adder.go": "package adder\n\n// Adder reads settings.\ntype Adder struct{}\n",
        "lynx/wsgi.py": "def serve():\n    return 1\n",
        "adder/cli.py": "def main():\n    return 1\n",
        ".tools/x.py": "def y():\n    return 1\n",
    }
    made.commit("Begin", inside)
    with opened(made, tmp_path_factory.mktemp("data")) as asking:
        answer = asking.ask("What are the main parts and where do I start?")
        told = [each.text for each in answer.statements]

    assert told[:2] == [
        "“Adder is a complete answer for reading settings.”",
        "“It works within any program that reads some.”",
    ]
    assert "It starts in adder/cli.py." in told
    assert not any(".tools" in each for each in told)


def test_the_line_that_opens_a_box_is_no_sentence():
    text = (
        "Intro here.\n\n!!! info\n    These limits are for security reasons.\n\n> [!NOTE]\n> Mind the gap.\n"
    )
    told = [each.text for each in sentences_of(ChunkKind.DOC, "markdown", text, 1)]

    assert told == ["Intro here.", "These limits are for security reasons.", "Mind the gap."]
