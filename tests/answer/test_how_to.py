"""What a user of a library asks: how one does something, what an option does, what takes in a package."""

from __future__ import annotations

import pytest

from indexer.answer.code_blocks import code_in
from indexer.answer.how_to import asks_how_to, deed_asked
from indexer.answer.needs import Need, need_of
from indexer.answer.packages import takes_in
from indexer.answer.questions import Part, read_question
from indexer.answer.told_of import _under, _whole, asks_what_it_does
from indexer.answer.understanding import _is_plain
from indexer.types import Section, VerdictStatus
from tests.asking import Asking, opened
from tests.conftest import SmallRepository

CLIENT = '''"""The client."""

import wirelib

DEFAULT_TIMEOUT_CONFIG = 5
GATEWAY_TIMEOUT = 504


class Client:
    """Sends parcels.

    **Parameters:**

    * **trust_env** - *(optional)* Enables or disables what the environment says
    of proxies.
    * **depot** - *(optional)* Where parcels are kept until they are sent.
    """

    def __init__(self, trust_env=True, depot=None):
        self.wire = wirelib.open(trust_env, depot)

    @property
    def trust_env(self):
        return self.wire.trust_env

    def strip_label(self, parcel):
        """Strip the address label when a parcel is forwarded to another depot."""
        return parcel.without("label")


class Stamps:
    """What parcels are paid with."""

    def delete(self, name):
        """Delete a stamp by its name."""
        return self.pop(name)
'''
PROXIES = """<h1>Detours</h1>

A proxy takes a parcel on another way.

To send all parcels by a proxy, name it when the client is made:

```python
with parcels.Client(proxy="http://localhost:8030") as client:
    client.send(parcel)
```

Do not give a proxy to send one parcel:

```python
parcel.proxy = "http://localhost:8030"
```

For one depot alone it is given as a mount:

```python
client = parcels.Client(mounts={"depot": "http://localhost:8030"})
```
"""
HOOKS = """Event hooks
===========

.. note::

    Hooks of another kind are told of elsewhere.

An event hook is called each time that a parcel is handed over.

There are two of them, one before and one after.
"""
FORWARDING = """# Comparison with the old client

## Forwarding

We do not forward parcels unasked, because forwarded parcels are paid twice.

## Developing

The tests run with `pytest tests/test_client.py`.

    $ git pull --rebase upstream main
    $ vim parcels.client.rst
"""
VARIABLES = """# Environment variables

## `PARCEL_PROXY`, `PARCEL_NO_PROXY`

Where parcels go by.

## Other things

## `PARCEL_DEPOT`
"""
INSURED = """var parcels = require('parcels');
var path = require('path');

// where insured parcels wait
var FOLDER = path.join('insured');

// An insured parcel is weighed by the
// client, which keeps the receipt.

client.weigh(parcels.insured(FOLDER));
"""
CARRIER = """package carrier

// CarrierConfig is what a carrier takes.
type CarrierConfig struct {
	// BadgeText is what a carrier wears. Its default value is "post".
	BadgeText string
	// WeightLimit in kilograms.
	WeightLimit int
}

// DefaultCarrierConfig is the default config of a carrier.
var DefaultCarrierConfig = CarrierConfig{
	BadgeText:   "_post",
	WeightLimit: 30,
}

var DefaultCourierConfig = CarrierConfig{
	BadgeText: "_courier",
}
"""
LIDS = '''"""Lids."""


def is_sealed(lid):
    """Determine whether somebody did seal a lid with wax."""
    return lid.wax is not None
'''
READING = 'import os\n\nDEPOT = os.environ.get("PARCEL_DEPOT")\n'


@pytest.fixture(scope="module")
def library(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("used") / "parcels"
    folder.mkdir()
    repository = SmallRepository(folder, dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    repository.commit(
        "Send parcels",
        {
            "parcels/__init__.py": "from parcels.client import Client, Stamps\n",
            "parcels/client.py": CLIENT,
            "parcels/depots.py": READING,
            "labels/__init__.py": "",
            "parcels/printing.py": "from labels import stick\n\n\ndef printed(label):\n    stick(label)\n",
            "web/package.json": '{"dependencies": {"qs": "^6.1"}}\n',
            "web/app.js": "var qs = require('qs');\n\nexports.parse = (text) => qs.parse(text);\n",
            "docs/proxies.md": PROXIES,
            "examples/insured/index.js": INSURED,
            "parcels/lids.py": LIDS,
            "carrier/carrier.go": CARRIER,
            "docs/event-hooks.rst": HOOKS,
            "docs/forwarding.md": FORWARDING,
            "docs/environment_variables.md": VARIABLES,
            "tests/test_client.py": "import mocklib\n\n\ndef test_event_hooks():\n    assert mocklib\n",
            "pyproject.toml": '[project]\nname = "parcels"\ndependencies = ["wirelib>=2"]\n',
        },
    )
    with opened(repository, tmp_path_factory.mktemp("data")) as asking:
        yield asking


def test_how_one_does_something_is_shown_by_the_code_of_a_document(library: Asking):
    answer = library.ask("How do I send a parcel through a proxy?")
    texts = [each.text for each in answer.statements]
    assert texts[0] == "To send all parcels by a proxy, name it when the client is made:"
    assert texts[1].startswith('with parcels.Client(proxy="http://localhost:8030")')
    assert answer.verdict.status is VerdictStatus.GROUNDED
    assert not any(each.startswith("Type") for each in texts)


def test_how_one_does_something_is_shown_by_an_example_of_the_repository(library: Asking):
    answer = library.ask("How do I weigh an insured parcel?")
    texts = [each.text for each in answer.statements]
    assert texts[0] == "An insured parcel is weighed by the client, which keeps the receipt."
    assert texts[1] == "client.weigh(parcels.insured(FOLDER));"
    assert answer.statements[1].citations[0].path == "examples/insured/index.js"


def test_what_finds_out_whether_it_was_done_does_not_do_it(library: Asking):
    answer = library.ask("How do I seal a lid with wax?")
    # It may be quoted, as anything that is near.
    assert not answer.statements[0].text.startswith("`is_sealed` is")


@pytest.mark.parametrize(
    ("question", "line"),
    [
        (
            "What is the default BadgeText of a carrier?",
            '`BadgeText:   "_post",` stands in `DefaultCarrier',
        ),
        (
            "What is the default BadgeText of the courier?",
            '`BadgeText: "_courier",` stands in `DefaultCour',
        ),
        ("What is the default WeightLimit?", "`WeightLimit: 30,` stands in `DefaultCarrierConfig`"),
    ],
)
def test_a_field_s_default_is_told_from_where_the_defaults_stand(library: Asking, question, line):
    answer = library.ask(question)
    assert answer.statements[0].text.startswith(line)
    assert answer.verdict.status is VerdictStatus.GROUNDED


def test_what_a_sentence_announces_is_shown_with_it(library: Asking):
    texts = [each.text for each in library.ask("What is a mount for one depot?").statements]
    at = texts.index("For one depot alone it is given as a mount:")
    assert texts[at + 1] == 'client = parcels.Client(mounts={"depot": "http://localhost:8030"})'


def test_t1_a_place_of_what_bears_a_name_that_is_nowhere_is_unknown(library: Asking):
    answer = library.ask("Where is the Celery client opened?")
    assert answer.verdict.status is VerdictStatus.UNKNOWN
    assert not any(each.section.value == "what" for each in answer.statements)
    assert library.ask("Where is the client opened?").verdict.status is not VerdictStatus.UNKNOWN


def test_what_does_it_is_named_where_no_document_shows_how(library: Asking):
    answer = library.ask("How do I delete a stamp?")
    assert answer.statements[0].text.startswith("`Stamps.delete` is a method in parcels/client.py")
    assert answer.verdict.status is VerdictStatus.GROUNDED


def test_no_command_stands_for_a_deed_that_none_does(library: Asking):
    answer = library.ask("How do I pause the client for maintenance?")
    assert not any("Type `" in each.text or each.quoted for each in answer.statements)
    said = " ".join(each.text for each in answer.statements if each.section is not Section.MISSING)
    assert "pytest" not in said
    assert "git pull" not in said
    assert "vim" not in said
    assert answer.verdict.status is not VerdictStatus.GROUNDED


@pytest.mark.parametrize("question", ["What does the trust_env option do?", "What is trust_env for?"])
def test_an_option_is_told_by_what_stands_under_its_name(library: Asking, question):
    answer = library.ask(question)
    told = "`trust_env`: “(optional) Enables or disables what the environment says of proxies.”"
    assert answer.statements[0].text == told
    assert answer.statements[0].citations[0].path == "parcels/client.py"
    assert answer.verdict.status is VerdictStatus.GROUNDED


def test_an_option_of_a_kind_is_told_by_the_first_of_its_words(library: Asking):
    told = library.said("What does the trust_env Client option do?")
    assert told.startswith("`trust_env`: “(optional) Enables or disables")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            " * @param {number} [options.depots] How many depots there are at most",
            "How many depots there are at most",
        ),
        (" * @param {number} [options.depots=3] How many there are", "How many there are"),
        (" * @param {number} [options.other] How many there are", ""),
    ],
)
def test_an_option_of_an_object_is_told_by_its_own_name(line, told):
    found = _under("depots").match(line)
    assert (found[1] if found else "") == told


def test_what_is_cut_off_is_not_told():
    assert _whole("Where it is kept. Only set this when memory") == "Where it is kept."
    assert _whole("Where it is kept") == "Where it is kept"


def test_an_option_with_a_common_name_is_told_by_its_kind(library: Asking):
    said = library.said("What does the depot parameter do?")
    assert said.startswith("`depot`: “(optional) Where parcels are kept until they are sent.”")


def test_what_is_asked_about_begins_with_the_document_that_is_called_so(library: Asking):
    said = library.said("What is an event hook?")
    assert said.startswith("An event hook is called each time that a parcel is handed over.")
    # A note that is set in, and how a test does it, tell nothing of what it is.
    assert "elsewhere" not in said.split("\n")[0]
    assert "test_event_hooks" not in said


def test_a_package_of_others_is_told_by_what_takes_it_in(library: Asking):
    answer = library.ask("What depends on wirelib here?")
    first = answer.statements[0]
    assert "`wirelib` is a package of others: 1 file of code takes it in, parcels/client.py:3" in first.text
    assert any(each.path == "pyproject.toml" for said in answer.statements for each in said.citations)
    assert "1 file of tests and examples alone takes it in" in library.said("What uses mocklib?")
    assert "`qs` is a package of others: 1 file of code takes it in" in library.said("What depends on qs?")


def test_a_package_of_its_own_is_none_of_others(library: Asking):
    assert "of others" not in library.said("What depends on the labels package?")


def test_a_default_is_told_by_the_name_that_has_no_other_words(library: Asking):
    answer = library.ask("What is the default timeout?")
    texts = [each.text for each in answer.statements]
    assert texts[0] == "`DEFAULT_TIMEOUT_CONFIG = 5` stands in parcels/client.py:5."
    assert not any(each.startswith("`GATEWAY_TIMEOUT = 504` stands") for each in texts)
    assert answer.verdict.status is VerdictStatus.GROUNDED


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("How do I send a request?", True),
        ("How can we upload a file?", True),
        ("how to log in", True),
        ("How do we send requests?", False),
        ("How does it send a request?", False),
    ],
)
def test_who_does_it_is_the_one_who_asks(text, asks):
    assert asks_how_to(text) is asks


def test_the_deed_is_the_first_word_after_the_asker():
    assert deed_asked("How do I cancel an order?") == "cancel"
    assert not deed_asked("How does an order end?")


def test_code_is_found_in_both_kinds_of_documents():
    fenced = ["Text", "```python", "a = 1", "", "b = 2", "```", "More"]
    assert list(code_in(fenced)) == [(2, 4)]
    literal = ["Like this::", "", "    a = 1", "    b = 2", "", "Text", ".. note::", "", "    No code."]
    assert list(code_in(literal, fenced=False)) == [(2, 3)]
    directive = [".. code-block:: python", "    :linenos:", "", "    a = 1", "Text"]
    assert list(code_in(directive, fenced=False)) == [(3, 3)]
    underlined = ["URL Building", "````````````", "", "Text", "", "Next", "````"]
    assert not list(code_in(underlined, fenced=False))


@pytest.mark.parametrize(
    ("line", "name", "takes"),
    [
        ("import wirelib", "wirelib", True),
        ("from wirelib.core import open", "wirelib", True),
        ("import { a } from 'wirelib'", "wirelib", True),
        ("const w = require('wirelib')", "wirelib", True),
        ('"github.com/some/wirelib/v2"', "wirelib", True),
        ("use wirelib::open;", "wirelib", True),
        ("import org.some.wirelib.Open;", "wirelib", True),
        ("wirelib.open(path)", "wirelib", False),
        ("from wirelib2 import open", "wirelib", False),
        ('name = "wirelib"', "wirelib", False),
        ("const wirelib int8 = math.MaxInt8 >> 1", "wirelib", False),
        ("var wirelib = make()", "wirelib", False),
        ("#include <some/wirelib.h>", "wirelib", True),
        ("require 'wirelib'", "wirelib", True),
        ('gem "wirelib", "~> 2"', "wirelib", True),
    ],
)
def test_what_a_line_takes_in(line, name, takes):
    assert takes_in(line, name) is takes


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("What does trust_env do?", True),
        ("What is the depot parameter for?", True),
        ("What does the worker do when the broker is gone?", False),
        ("Why is trust_env off?", False),
    ],
)
def test_one_thing_alone_is_asked_about(text, asks):
    assert asks_what_it_does(text) is asks


@pytest.mark.parametrize(
    ("clause", "need"),
    [
        ("What happens if I forget to close the client?", Need.MECHANISM),
        ("What happens if I rename the client?", Need.IMPACT),
        ("What uses wirelib?", Need.IMPACT),
        ("Who added the mounts?", Need.CHANGE),
        ("Who wrote the client?", Need.AUTHOR),
    ],
)
def test_what_comes_of_it_is_told_from_what_leans_on_it(clause, need):
    assert need_of(clause) is need


def test_what_happens_is_read_by_its_plain_form():
    assert _is_plain(Part("What happens when the connection pool is full?", Need.MECHANISM, ()))
    assert not _is_plain(Part("How does the connection pool fill?", Need.MECHANISM, ()))


def test_variables_that_a_document_alone_names_are_told(library: Asking):
    from indexer.answer.listings import _say_documented

    with library.answerer._catalog.snapshot():
        inquiry = library.answerer._inquire("Which environment variables does it read?")
        _say_documented(inquiry, {"PARCEL_DEPOT"})
    told = [each.text for each in inquiry.page.statements]
    names = "`PARCEL_PROXY` and `PARCEL_NO_PROXY`"
    assert told == [f"docs/environment_variables.md tells of {names}, which nothing here reads by name."]


def test_t1_when_something_changed_that_stands_nowhere_is_not_told_by_what_is_near(library: Asking):
    # "Send parcels" holds the rest of the question.
    answer = library.ask("When did you send parcels with the fancypages?")
    assert answer.verdict.status in (VerdictStatus.MISSING, VerdictStatus.UNKNOWN)
    assert "“fancypages” stands nowhere" in answer.verdict.reason


def test_i_who_asks_how_is_not_asked_about(library: Asking):
    verdict = library.ask("How do I insure a parcel that a proxy takes?").verdict
    assert verdict.status is VerdictStatus.PARTIAL
    assert verdict.category is None


def test_who_added_it_and_when_is_one_question():
    parts = read_question("Who added the way to pause all workers, and when?").parts
    assert [part.need for part in parts] == [Need.CHANGE]
