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
    assert "It is used in 1 place for certain: `Checkout.submit`." in said
    assert "1 more line writes the name `place_order`, by the name alone: shop/views.py:3." in said
    assert "1 line of tests writes the name, in tests/test_creator.py." in said
    assert "Nothing outside tests" not in said


def test_attributes_that_are_read_and_templates_are_uses_by_name(orders: Asking) -> None:
    answer = orders.ask("What breaks if I change acks_late?")
    said = "\n".join(each.text for each in answer.statements)
    assert "3 lines outside tests write the name `acks_late`, by the name alone" in said
    assert "shop/worker.py (lines 4 and 8)" in said
    assert "shop/templates/pay.html:2" in said
    cited = {(each.path, each.start_line) for one in answer.statements for each in one.citations}
    assert ("shop/worker.py", 4) in cited


def test_unused_is_said_only_where_an_exact_search_finds_nothing(orders: Asking) -> None:
    said = orders.said("What breaks if I change never_called?")
    assert "Nothing outside tests writes the name `never_called`, by an exact search" in said
    assert "1 line of tests writes the name, in tests/test_creator.py." in said
    assert "django.po" not in said


def test_a_method_of_a_dictionary_is_no_certain_use_of_a_namesake(orders: Asking) -> None:
    said = orders.said("What breaks if I change OrderCreator.setdefault?")
    assert "for certain" not in said.replace("No use outside tests is certain", "")
    assert "1 line outside tests writes the name `setdefault`, by the name alone: shop/worker.py:9" in said
