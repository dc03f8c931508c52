"""What breaks: uses by name are found where no import leads, and "unused" is said only of what is."""

from __future__ import annotations

import pytest

from tests.asking import Asking, opened
from tests.conftest import SmallRepository

FILES = {
    "shop/__init__.py": "",
    "shop/loading.py": "def get_class(module, name):\n    return getattr(__import__(module), name)\n",
    "shop/creator.py": (
        '"""Orders."""\n\n\nclass OrderCreator:\n    """Makes orders."""\n\n'
        "    acks_late = None\n\n"
        "    def place_order(self, basket):\n"
        '        """Place an order for a basket."""\n        return self.lines_of(basket)\n\n'
        "    def lines_of(self, basket):\n        return list(basket)\n\n"
        "    def never_called(self):\n        return 1\n\n"
        "    def reprint(self):\n        return 2\n\n"
        "    def setdefault(self, key, value):\n        return value\n"
    ),
    "shop/checkout.py": (
        "from shop.loading import get_class\n\n"
        'OrderCreator = get_class("shop.creator", "OrderCreator")\n\n\n'
        "class Checkout:\n    def submit(self, basket):\n"
        "        # place_order is called once\n"
        "        return OrderCreator().place_order(basket)\n"
    ),
    "shop/worker.py": (
        "class Request:\n    def on_success(self):\n"
        '        """Neither acks_late nor never_called is used here."""\n'
        "        if not self.task.acks_late:\n            self.ack()\n\n"
        "    def ack(self):\n        if self.task.acks_late:\n            return {}.setdefault('a', 1)\n"
    ),
    "shop/notes.py": (
        "from shop.creator import OrderCreator\n\n\nclass Reprint(Exception):\n    pass\n\n\n"
        "def note(order):\n"
        '    print("no reprint today")\n'
        "    raise Reprint(order)\n"
    ),
    "shop/views.py": "class View:\n    def post(self, creator):\n        return creator.place_order([])\n",
    "shop/templates/pay.html": "{# never_called #}\n{% if task.acks_late %}<p>late</p>{% endif %}\n",
    "shop/locale/de/django.po": 'msgid "place_order never_called acks_late"\nmsgstr "Bestellen"\n',
    "docs/orders.md": "# Orders\n\n`place_order` and `never_called` are described here.\n",
    "CHANGELOG.md": "# Changes\n\n- `never_called` was added.\n",
    "tests/test_creator.py": (
        "from shop.creator import OrderCreator\n\n\ndef test_place():\n"
        "    assert OrderCreator().place_order([]) == []\n\n\n"
        "def test_other():\n    assert OrderCreator().never_called() == 1\n"
    ),
}


@pytest.fixture(scope="module")
def orders(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("orders")
    (folder / "repo").mkdir()
    repository = SmallRepository(folder / "repo", dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    repository.commit("Begin", dict(FILES))
    with opened(repository, folder / "data") as asking:
        yield asking


def test_a_class_that_comes_by_its_name_leads_to_its_method(orders: Asking) -> None:
    said = orders.said("What breaks if I change OrderCreator.place_order?")
    reached = "`Checkout.submit` (shop/checkout.py:9) and, for certain, nothing else outside tests."
    assert said.startswith(f"A change of `OrderCreator.place_order` reaches {reached}")
    assert (
        "1 more line writes the name `place_order`, by the name alone: shop/views.py:3 (in `post`)." in said
    )
    assert "1 line of tests writes the name, in tests/test_creator.py: `test_place`." in said
    assert "Nothing outside tests" not in said


def test_attributes_that_are_read_and_templates_are_uses_by_name(orders: Asking) -> None:
    answer = orders.ask("What breaks if I change acks_late?")
    said = "\n".join(each.text for each in answer.statements)
    assert "3 lines outside tests write the name `acks_late`, by the name alone" in said
    assert "shop/worker.py (lines 4 and 8, in `on_success` and `ack`)" in said
    assert "shop/templates/pay.html:2" in said
    cited = {(each.path, each.start_line) for one in answer.statements for each in one.citations}
    assert ("shop/worker.py", 4) in cited


def test_unused_is_said_only_where_an_exact_search_finds_nothing(orders: Asking) -> None:
    said = orders.said("What breaks if I change never_called?")
    assert "Nothing outside tests writes the name `never_called`, by an exact search" in said
    assert "1 line of tests writes the name, in tests/test_creator.py: `test_other`." in said
    assert "django.po" not in said


def test_a_word_of_a_text_or_a_name_in_another_case_is_no_certain_use(orders: Asking) -> None:
    said = orders.said("What breaks if I change OrderCreator.reprint?")
    assert "for certain" not in said
    assert "`note` (shop/notes.py:10)" not in said, "Reprint is another name"


def test_a_method_of_a_dictionary_is_no_certain_use_of_a_namesake(orders: Asking) -> None:
    said = orders.said("What breaks if I change OrderCreator.setdefault?")
    assert "for certain" not in said.replace("No use outside tests is certain", "")
    assert "1 line outside tests writes the name `setdefault`, by the name alone: shop/worker.py:9" in said


STREAMS = """export function open(path) {
  return path;
}

export function borrow(size) {
  return [size];
}

export function giveBack(buffer) {
  return buffer;
}

export function twice(depth) {
  return depth ? twice(depth - 1) : 0;
}

exports.setKind = function setKind(type) {
  return type;
};
"""
READERS = (
    """import { borrow, giveBack, twice } from './streams.js';
"""
    + "".join(
        f"""
export function read{name}() {{
  const buffer = borrow(1);
  return giveBack(buffer);
}}
"""
        for name in ("One", "Two", "Three", "Four", "Five")
    )
    + """
function depth() {
  // The drawing is turned twice
  // so that its front is in front again.
  return twice(2);
}

export function draw() {
  return depth();
}
"""
)
SPEC = """import { twice } from '../lib/streams.js';

describe('streams', () => {
  it('turns all the way', () => {
    twice(3);
  });
});
"""


@pytest.fixture(scope="module")
def streams(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("streams")
    (folder / "repo").mkdir()
    repository = SmallRepository(folder / "repo", dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    files = {"lib/streams.js": STREAMS, "lib/readers.js": READERS, "test/streams.spec.js": SPEC}
    many = {f"lib/other{number}.js": f"export const a = {number};\n" for number in range(12)}
    repository.commit("Begin", {**files, **many, "History.md": "0\n"})
    for number in range(4):
        # A sweep over all ties nothing together, and a change log goes with everything.
        swept = {path: f"{text}// {number}\n" for path, text in {**files, **many}.items()}
        repository.commit(f"Sweep {number}", swept)
        mended = {"lib/streams.js": f"{STREAMS}// mended {number}\n", "lib/readers.js": f"{READERS}//\n"}
        repository.commit(f"Mend {number}", {**mended, "History.md": f"{number + 1}\n"})
    with opened(repository, folder / "data") as asking:
        yield asking


def test_who_calls_comes_first_then_what_it_is_for_who_calls_that_and_the_tests_by_name(
    streams: Asking,
) -> None:
    said = streams.said("What breaks if I change twice?").split("\n")
    only = "and, for certain, nothing else outside tests."
    assert said[0] == f"A change of `twice` reaches `depth` (lib/readers.js:31) {only}", "no recursion"
    assert "return twice(2);" in said[1]
    assert "The drawing is turned twice so that its front is in front again." in said[2]
    assert said[3].startswith("One step up, `depth` is used by `draw` (lib/readers.js:35).")
    assert any(each.endswith("test/streams.spec.js: “turns all the way”.") for each in said)


def test_what_goes_together_is_told_and_users_are_told_by_file(streams: Asking) -> None:
    said = streams.said("What breaks if I change borrow?").split("\n")
    assert said[0].startswith("A change of `borrow` reaches 5 places: lib/readers.js (`readOne`, `readTwo`")
    together = "`giveBack` (lib/streams.js:9) too: the two go together."
    assert said[1] == f"All 5 definitions that use it use {together}"


def test_its_own_definition_is_no_further_line_that_writes_the_name(streams: Asking) -> None:
    said = streams.said("What breaks if I change setKind?")
    assert "Nothing outside tests writes the name `setKind`" in said
    assert "more line" not in said


def test_what_moves_together_is_told_of_small_commits_alone(streams: Asking) -> None:
    said = streams.said("What depends on lib/streams.js?")
    assert "lib/streams.js is taken in by lib/readers.js and test/streams.spec.js." in said
    assert "in the same commits as lib/streams.js: lib/readers.js (4 commits)." in said


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        # A file of settings that lists it defines nothing.
        ({"conf/all.yaml": 'wrappers: ["http_redirect", "tls"]\n'}, True),
        # Of two that bear it nothing says which is meant.
        ({"serve/other.py": 'class Other:\n    """Another."""\n\n    name = "http_redirect"\n'}, False),
    ],
)
def test_what_is_registered_under_a_name_tells_of_it_where_nothing_is_defined_under_it(
    tmp_path, git_environment, listed, told
):
    redirect = (
        'class Redirect:\n    """Sends plain requests on. It must stand before `tls` to work."""\n\n'
        '    def names(self):\n        return "listeners.http_redirect"\n'
    )
    (tmp_path / "repo").mkdir()
    repository = SmallRepository(tmp_path / "repo", dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    repository.commit("Begin", {"serve/redirect.py": redirect, **listed})
    with opened(repository, tmp_path / "data") as asking:
        answer = asking.ask("What breaks if I put http_redirect after tls?")
    said = "\n".join(each.text for each in answer.statements)

    assert ("It must stand before `tls` to work." in said) is told
    assert ("`http_redirect` is written in `Redirect.names`, serve/redirect.py:5." in said) is told
    assert ("is defined under `http_redirect`" in said) is not told
