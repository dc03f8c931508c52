"""Whose words are quoted, and what is spoken of: settings under their names, docstrings with their owners."""

from __future__ import annotations

import pytest

from indexer.answer.areas import areas_named
from indexer.answer.copying import base_named
from indexer.answer.needs import Need
from indexer.answer.questions import read_question
from indexer.answer.wishes import asks_whom
from indexer.repo.words import stems
from indexer.types import Category, Section, VerdictStatus
from tests.asking import GONE, HERE, IN_2015, IN_2024, Asking, opened
from tests.conftest import SmallRepository

SETTINGS = """# Settings of the kiosk

## `KIOSK_ALLOW_LAN` {: #KIOSK_ALLOW_LAN }

Default: `False`

A boolean that controls whether the kiosk is allowed to call machines of the private network, whose addresses
begin with 192.168.
"""
OUTLETS = '''"""Where the kiosk sends what it has to say."""


class Outlet:
    """Says one thing at one place."""

    def say(self, text):
        """Say a text."""
        raise NotImplementedError


class Gazette(Outlet):
    def say(self, text):
        return print_page(text)


class Bell(Outlet):
    def say(self, text):
        ring()
        ring()
        return len(text)


class Lamp(Outlet):
    def say(self, text):
        for letter in text:
            blink(letter)
        return True
'''
GAZETTE = '''"""The gazette."""

from kiosk.outlets import Outlet


class Gazette(Outlet):
    def say(self, text):
        return print_page(text)
'''
SEALS = '''"""Seals."""

SEAL_KEY = "---"
FLASH_LIMIT = 200


def seal(text):
    """Seal a text."""
    return sign(text, SEAL_KEY)


def unseal(text):
    return check(text, SEAL_KEY)


class SealRunner:
    def prepare(self):
        # The pages of a test are not printed.
        self.printing = False
        self.hasher = "md5"


def needs_copy(table):
    """Return whether all rows are written anew.

    Normally, only says so of what has a picture.
    """
    return bool(table.pictures)
'''
USERS = '''"""Users of seals."""

from kiosk import seals


def open_letter(text):
    return seals.unseal(text + seals.SEAL_KEY)


def number_of_keys():
    return len(seals.SEAL_KEY)
'''


TABLES = '"""Tables."""\n\n\n' + "\n\n".join(
    f'def change_{name}(table):\n    return run("ALTER TABLE", table, "{name}")\n'
    for name in ("width", "height", "depth", "colour", "owner", "place")
)


OPTIONS = '''"""What can be typed."""


def declare(parser):
    """Declare all options."""
    parser.add_argument(
        "--check-ink",
        action="store_true",
        help="""
        Without this the kiosk prints whatever is left.

        When the ink of a page is dry, the kiosk stops printing and rings twice.
        """,
    )
    parser.add_argument("--quiet", help="Say nothing.")
'''
MANUAL = """.TH KIOSK 1
.SH OPTIONS
.IP "\\fB\\,--paint-doors\\/\\fR"

When the doors of the kiosk are green, they are painted blue at night.
"""
PAINTERS = '''"""Painters."""

from kiosk.outlets import Outlet


class BuiltinOutlet(Outlet):
    package = "kiosk"


class Painter(BuiltinOutlet):
    """Paints what it has to say."""

    def say(self, text):
        for letter in text:
            paint(letter)
        return len(text)
'''


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("kiosk")
    (folder / "repo").mkdir()
    repository = SmallRepository(folder / "repo", dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    first = {"kiosk/__init__.py": "", "kiosk/outlets.py": OUTLETS, "docs/settings.md": SETTINGS}
    first["kiosk/tables.py"] = TABLES
    first |= {"kiosk/options.py": OPTIONS, "man/kiosk.1": MANUAL, "kiosk/wall_painters.py": PAINTERS}
    first["setup.cfg"] = "[options]\npython_requires = >=3.7\n"
    repository.commit("Say it at several places", first, author=GONE, date=IN_2015)
    repository.git("tag", "v1.0")
    moved = OUTLETS.replace(OUTLETS[OUTLETS.index("class Gazette") : OUTLETS.index("class Bell")], "")
    repository.commit(
        "Give the gazette a file of its own",
        {"kiosk/outlets.py": moved, "kiosk/gazette.py": GAZETTE},
        author=HERE,
        date=IN_2024,
    )
    repository.commit(
        "Seal letters", {"kiosk/seals.py": SEALS, "kiosk/letters.py": USERS}, author=HERE, date=IN_2024
    )
    with opened(repository, folder / "data") as asking:
        yield asking


def test_a_setting_is_told_with_its_name_though_its_heading_has_an_anchor(kiosk: Asking):
    said = kiosk.said("Which setting allows the kiosk to call machines of the private network?")
    assert "`KIOSK_ALLOW_LAN`: “A boolean that controls" in said
    assert "`KIOSK_ALLOW_LAN`: “Default: `False`”" in said


def test_a_docstring_without_a_subject_is_quoted_with_its_owner(kiosk: Asking):
    said = kiosk.said("What has a picture normally?")
    assert "In the docstring of `needs_copy`: “Normally, only says so of what has a picture.”" in said


def test_who_wrote_code_that_went_to_a_file_of_its_own_is_who_wrote_it_first(kiosk: Asking):
    answer = kiosk.ask("Who originally wrote the Gazette?")
    first = answer.statements[0].text
    assert "Olga Petrova" in first
    assert "kiosk/outlets.py" in first
    assert "wrote it into kiosk/gazette.py" in first
    assert any("v1.0" in each.text for each in answer.statements)


def test_what_a_bare_value_is_used_for_is_told_by_the_definitions_that_use_it(kiosk: Asking):
    said = kiosk.said("What breaks if I change SEAL_KEY?")
    assert "`seal`" in said
    assert "`unseal`" in said
    assert "`open_letter`" in said
    assert "No use outside tests is certain to mean this one" not in said


def test_a_word_in_capitals_that_code_writes_all_over_is_shown_at_no_place(kiosk: Asking):
    said = kiosk.said("Which gates of the harbour are moved, and which with a plain ALTER?")
    assert "ALTER TABLE" not in said


def test_the_help_of_an_option_is_shown_with_it_since_without_it_nothing_of_that_happens(kiosk: Asking):
    assert "`--paint-doors`: “" in kiosk.said("When are the doors of the kiosk painted blue?")
    shown = kiosk.said("When the ink of a page is dry, does the kiosk stop printing?")
    assert '"--check-ink",' in shown
    assert "the kiosk stops printing and rings twice" in shown


def test_no_day_is_told_by_the_version_that_is_asked_for_today(kiosk: Asking):
    answer = kiosk.ask("By which date do we plan to stop supporting Python 3.7?")
    assert answer.verdict.status in (VerdictStatus.MISSING, VerdictStatus.UNKNOWN)
    assert not any("python_requires" in each.text for each in answer.statements)
    assert "python_requires" in kiosk.said("Which Python versions are supported?")


def test_a_stub_that_others_are_made_from_is_no_model(kiosk: Asking):
    said = kiosk.said("How do I write a new painter, starting from BuiltinOutlet?")
    assert "`Painter`" in said
    assert "starting" not in said.replace("starting from", "")


def test_a_file_of_two_words_is_meant_where_a_question_says_both(kiosk: Asking):
    reader = kiosk.catalog.reader()
    assert [each.path for each in areas_named(reader, stems("wall painters"))] == ["kiosk/wall_painters.py"]
    assert areas_named(reader, stems("painters")) == []
    assert asks_whom("Who is the person to ask about the wall painters?") == "the wall painters"


def test_that_order_matters_is_not_told_by_who_uses_a_thing(kiosk: Asking):
    answer = kiosk.ask("What breaks if I change the order of the classes in kiosk/outlets.py?")
    assert answer.verdict.status is not VerdictStatus.GROUNDED


def test_a_short_class_that_says_nothing_of_itself_is_shown_whole(kiosk: Asking):
    said = kiosk.said("How do I start it, and what does SealRunner change?")
    assert 'self.hasher = "md5"' in said


def test_a_figure_that_nobody_recorded_is_missing_and_not_half_told(kiosk: Asking):
    answer = kiosk.ask("What value of FLASH_LIMIT do we run with in production?")
    assert answer.verdict.status is VerdictStatus.MISSING
    assert answer.verdict.category is Category.PERFORMANCE
    assert any(each.section is Section.WHAT for each in answer.statements)


@pytest.mark.parametrize(
    ("question", "need"),
    [
        ("If I rename a column in my model, will it notice that it was a rename?", Need.CONFIRM),
        ("If I change the seal key, will the letters still work?", Need.IMPACT),
        ("If I rename Order.total, does anything else break?", Need.IMPACT),
        ("How is the rest of the file name put together?", Need.MECHANISM),
        ("How is the whole thing put together?", Need.PARTS),
        ("How is this project put together?", Need.PARTS),
    ],
)
def test_what_comes_of_a_change_is_told_from_what_the_code_then_does(question, need):
    assert [part.need for part in read_question(question).parts] == [need]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a new integration (a Transport subclass)", "Transport"),
        ("How do we write one more `Outlet` implementation?", "Outlet"),
        ("How do we write a new integration?", None),
    ],
)
def test_what_a_thing_is_made_from_may_be_named_as_its_kind(text, name):
    found = base_named(text)
    assert (found.name if found is not None else None) == name
