"""A walk goes on where a call is made on a name whose type is written: in the lines, a field, or a head."""

from __future__ import annotations

import pytest

from indexer.answer.byways import in_handler
from indexer.answer.declared import types_written
from indexer.answer.remarks import remark_blocks
from indexer.types import Section
from tests.asking import Asking, opened
from tests.conftest import SmallRepository

ROUTER = """package depot

type shelf struct {
	tree *branch
}

type Desk struct {
	shelves []shelf
	ready   bool
}

// handleParcel takes in a parcel.
func (desk *Desk) handleParcel(paper *Paper) {
	if desk.ready {
		desk.trimLabel(paper)
	}
	tree := desk.shelves[0].tree
	found := tree.lookUp(paper.label)
	if found != nil {
		paper.Next()
	}
}

func (desk *Desk) trimLabel(paper *Paper) {
	paper.label = paper.label[1:]
	paper.label = paper.label[2:]
}
"""
TREE = """package depot

type branch struct {
	name string
}

/************************************/
/************ LOOKING UP ************/
/************************************/

// lookUp finds the place that a label belongs to.
func (b *branch) lookUp(label string) *branch {
	for range label {
		continue
	}
	return b
}
"""
PAPER = """package depot

type Paper struct {
	label string
	steps []func(*Paper)
}

// Next runs what waits for a paper.
func (p *Paper) Next() {
	for at := range p.steps {
		p.steps[at](p)
	}
}
"""
WORKER = '''"""Works."""

from yard.plan import Plan


class Worker:
    """A worker of the yard."""

    def __init__(self):
        self.plan = Plan()

    def begin_shift(self):
        """Begin the shift of a worker."""
        try:
            self.plan.carry_out()
        except ValueError:
            self.end_in_haste()

    def end_in_haste(self):
        """End the shift of a worker at once."""
        self.plan = None
        return None
'''
PLAN = '''"""Plans."""


class Steps:
    """Steps of a plan."""

    def carry_out(self):
        """Carry out each step in its turn."""
        for step in self.steps:
            step()


class Plan(Steps):
    """A plan of the day."""

    steps = ()
'''
SCALE = """package yard;

class Scale {
    int weigh(String name) {
        return weigh(new BoxReader(name), 2);
    }
    int weigh(Label label, int times) {
        int all = times;
        return all;
    }

    int weigh(Reader reader, int times) {
        settle();
        return reader.read() * times;
    }

    /** Let a scale that is to weigh something settle. */
    void settle() {
        stopSwinging();
        level = 0;
    }
}
"""


@pytest.fixture(scope="module")
def yard(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("declared") / "yard"
    folder.mkdir()
    repository = SmallRepository(folder, dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    repository.commit(
        "Begin",
        {
            "depot/desk.go": ROUTER,
            "depot/tree.go": TREE,
            "depot/paper.go": PAPER,
            "yard/worker.py": WORKER,
            "yard/plan.py": PLAN,
            "yard/Scale.java": SCALE,
        },
    )
    with opened(repository, tmp_path_factory.mktemp("data")) as asking:
        yield asking


def _said(asking: Asking, question: str) -> list[str]:
    return [each.text for each in asking.ask(question).statements if each.section is Section.WHAT]


def test_a_call_is_followed_by_the_type_of_a_field_and_of_a_parameter(yard: Asking) -> None:
    said = _said(yard, "How does Desk.handleParcel work?")
    assert any("calls `branch.lookUp`, depot/tree.go" in each for each in said)
    assert any("calls `Paper.Next`, depot/paper.go" in each for each in said)


def test_a_call_is_followed_to_what_a_type_is_built_on_and_not_to_what_an_error_leads_to(
    yard: Asking,
) -> None:
    said = _said(yard, "How does Worker.begin_shift work?")
    assert any("calls `Steps.carry_out`, yard/plan.py" in each for each in said)
    assert not any("`Worker.end_in_haste`" in each for each in said)


def test_what_an_error_leads_to_is_told_when_it_is_asked_for(yard: Asking) -> None:
    said = _said(yard, "How does Worker.begin_shift work when an error comes up?")
    assert any("calls `Worker.end_in_haste`" in each for each in said)


def test_a_banner_is_no_documentation_of_what_stands_under_it(yard: Asking) -> None:
    said = " ".join(_said(yard, "How does Desk.handleParcel work?"))
    assert "finds the place that a label belongs to" in said
    assert "LOOKING UP" not in said


def test_a_comment_of_nothing_but_stars_ends_on_its_line() -> None:
    lines = ["/**/", "/***/", "/****/", "int code = 1;", "/* told */"]
    said = [text for block in remark_blocks(lines, 1, "c") for text in block.lines if text.strip()]
    assert [each.strip() for each in said] == ["told"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("func take(paper *sheet) error {", "sheet"),
        ("func take(paper http.Handler) {", "Handler"),
        ("	paper := &Sheet{", "Sheet"),
        ("	paper := newSheet(1)", "Sheet"),
        ("def take(self, paper: 'forms.Sheet') -> None:", "Sheet"),
        ("        self.paper = forms.Sheet(1)", "Sheet"),
        ("    private final Sheet<String> paper;", "Sheet"),
        ("void take(const Sheet& paper) {", "Sheet"),
        ("function take(Sheet $paper) {", "Sheet"),
        ("fn take(paper: &mut Sheet) {", "Sheet"),
        ("    let paper = Sheet::open(1);", "Sheet"),
    ],
)
def test_a_type_is_read_as_each_language_writes_it(line: str, kind: str) -> None:
    assert list(types_written([line], "paper")) == [kind]


@pytest.mark.parametrize("line", ["    return paper", "paper.send(Sheet)", "newspaper = Sheet(1)"])
def test_no_type_is_read_where_none_is_written(line: str) -> None:
    assert list(types_written([line], "paper")) == []


def test_what_runs_when_something_went_wrong_is_told_by_its_head() -> None:
    lines = [
        "func take() {",
        "	if err != nil {",
        "		stop()",
        "	}",
        "	if ready {",
        "		go()",
        "	}",
        "}",
    ]
    assert in_handler(lines, 1, 3)
    assert not in_handler(lines, 1, 6)


def test_of_methods_of_one_name_the_one_is_followed_whose_arguments_are_given(yard: Asking) -> None:
    said = _said(yard, "How does Scale.weigh work?")
    assert any("calls `Scale.weigh`, yard/Scale.java:12" in each for each in said)
    assert any("calls `Scale.settle`, yard/Scale.java:18" in each for each in said)
    assert not any("yard/Scale.java:7" in each for each in said)
