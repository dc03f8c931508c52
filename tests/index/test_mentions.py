"""An exact search for a name in code: comments, docstrings, documents and translations are no code."""

from __future__ import annotations

import pytest

from indexer.index.mentions import Mention, code_lines, mentions, names_a_thing
from indexer.types import FileMark
from tests.conftest import Bench
from tests.index.conftest import OpenIndex


def test_a_name_is_found_as_it_is_written_and_as_a_word_of_its_own(
    bench: Bench, open_index: OpenIndex
) -> None:
    source = bench.make()
    source.commit(
        "Begin",
        {
            "a.py": "def late():\n    pass\n\n\nlate()\nlate_again()\nLate()\nx.late\nkind('late')  # late\n",
            "b.py": '"""late"""\n\nlate = load("late")\nSQL = """\nselect late\n"""\n',
            "c.js": "/* late\n late */\nconst u = 'http://late'; // late\n",
            "docs/d.md": "late\n",
            "docs/e.rst": "Late\n====\n\n.. code-block:: python\n\n    late()\n",
            "locale/de.po": 'msgid "late"\n',
            "test_a.py": "late()\n",
        },
    )
    index = open_index(source)
    index.words()
    found = mentions(index.catalog.reader(), "late")
    assert found.complete
    assert {(each.path, each.line) for each in found.found if not each.is_test} == {
        ("a.py", 5),
        ("a.py", 8),
        ("a.py", 9),
        ("b.py", 3),
        ("b.py", 5),
        ("c.js", 3),
    }
    assert [(each.path, each.line) for each in found.found if each.is_test] == [("test_a.py", 1)]
    assert mentions(index.catalog.reader(), "absent_name").found == ()


def test_lines_keep_their_numbers_when_comments_go() -> None:
    text = 'a\n/* b\nc */ d\ne // f\n"// g"\n'
    assert code_lines("x.go", text) == ["a", "", " d", "e ", '"// g"', ""]
    assert code_lines("x.unknown", "# a") == ["# a"]


@pytest.mark.parametrize(
    ("path", "text", "names"),
    [
        ("a.py", 'Basket = get_model("basket", "Basket")', True),
        ("a.py", 'get_model("basket", "Basket")', True),
        ("a.py", 'owner = ForeignKey("basket.Basket")', True),
        ("a.py", "return Basket()", True),
        ("a.py", 'verbose_name=_("Basket")', False),
        ("a.py", 'label = "Your Basket is empty"', False),
        ("a.html", "<h1>Basket</h1>", False),
        ("a.html", "<h1>{{ Basket.total }}</h1>", True),
    ],
)
def test_a_word_for_people_is_no_use_of_a_definition(path: str, text: str, names: bool) -> None:
    assert names_a_thing(Mention(1, path, 1, 1, text, 0.0, FileMark.NONE), "Basket") is names


def test_translations_do_not_use_up_what_is_looked_through(
    bench: Bench, open_index: OpenIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = bench.make()
    files = {f"locale/l{number}.po": f'msgid "late {number}"\nmsgstr ""\n' for number in range(6)}
    source.commit("Begin", {**files, "z.py": "late()\n"})
    index = open_index(source)
    index.words()
    monkeypatch.setattr("indexer.index.mentions.MOST_CHUNKS", 3)
    found = mentions(index.catalog.reader(), "late")
    assert found.complete
    assert [each.path for each in found.found] == ["z.py"]
