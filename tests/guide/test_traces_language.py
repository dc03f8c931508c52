"""What the language says of nothing is told as that, and not looked for among the texts of the repository."""

from __future__ import annotations

import pytest

from indexer.guide.traces.language import said_by_the_language
from indexer.shapes.traces import Pasted, Told
from tests.conftest import Bench
from tests.guide.conftest import OpenKnowledge, Quiet


@pytest.mark.parametrize(
    ("message", "code", "told"),
    [
        (
            "'NoneType' object has no attribute 'is_due'",
            "return self.schedule.is_due(self.last_run_at)",
            "`self.schedule` was `None` in a.py, line 3",
        ),
        ("'str' object has no attribute 'get'", "x = row.get('a')", "`row` was a `str` in a.py, line 3"),
        (
            "Cannot read properties of undefined (reading 'name')",
            "say(user?.name, order.items[0].name)",
            "What `name` was asked of was `undefined`",
        ),
        ("Cannot read property 'name' of null", "say(order.items[0].name)", "`order.items[0]` was `null`"),
        ("undefined method `total' for nil:NilClass", "  cart&.total", "`cart` was `nil`"),
        (
            "Call to a member function close() on null",
            "$this->handle->close();",
            "`$this->handle` was `null`",
        ),
    ],
)
def test_what_was_nothing_is_named_by_the_line(message, code, told):
    said = said_by_the_language(message)
    assert said is not None
    assert said.told(code, "a.py, line 3").startswith(told)


@pytest.mark.parametrize(
    "message",
    ["'Till' object has no attribute 'coins'", "order was None", "undefined method `a' for #<Till>", ""],
)
def test_what_a_program_may_have_written_is_not_taken_for_the_languages(message):
    assert said_by_the_language(message) is None


TILL = """\
class Till:
    def __getattr__(self, name):
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")


def take(till):
    return till.coins()
"""
TRACE = """\
Traceback (most recent call last):
  File "/app/shop/till.py", line 7, in take
    return till.coins()
AttributeError: '{}' object has no attribute 'coins'
"""


def test_words_that_only_look_alike_are_not_given_as_the_messages(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"shop/__init__.py": "", "shop/till.py": TILL})
    mentor = open_knowledge(made).mentor

    def meaning(kind: str) -> list[str]:
        found = mentor.traces.explain(Pasted(TRACE.format(kind)), Quiet())
        return [
            statement.text
            for page in found.groups
            if page.told is Told.MESSAGE
            for statement in page.statements
        ]

    assert meaning("NoneType")[0].startswith("`till` was `None` in shop/till.py, line 7;")
    assert "written in shop/till.py, line 3" in meaning("Till")[0]
