"""Classes that no import takes in, and a text names."""

from __future__ import annotations

import pytest

from indexer.guide.by_name import _given
from indexer.knowledge import KnowledgeBase
from indexer.shapes.modules import ModulePage, ModuleWanted
from tests.guide.conftest import Opened, Quiet

LINES = "\n".join(f"    step_{at} = {at}" for at in range(12))
LONG = "\n".join(f"def step_{at}(x):\n    return x + {at}\n" for at in range(30))
FILES = {
    "core/__init__.py": '"""What the rest is loaded with."""\n',
    "core/load.py": "def get_class(place, name):\n    return place, name\n",
    "core/more.py": LONG,
    "basket/__init__.py": "",
    "basket/forms.py": f"class AddForm:\n{LINES}\n\n\ndef forms():\n    return 1\n",
    "basket/middleware.py": f"class BasketMiddleware:\n{LINES}\n",
    "basket/extra.py": LONG,
    "till/__init__.py": "",
    "till/views.py": (
        "from core.load import get_class\n\n"
        'AddForm = get_class(\n    "basket.forms",\n    "AddForm",\n)\n'
        '# get_class("basket.forms", "AddForm")\n'
        'LABEL = "Add a form to the basket"\n'
    ),
    "till/plain.py": 'NAME = "AddForm"\nMODULE = "basket.forms"\n',
    "till/more.py": LONG,
    "site/__init__.py": "",
    "site/settings.py": (
        'MIDDLEWARE = [\n    "django.middleware.Common",\n    "basket.middleware.BasketMiddleware",\n]\n'
    ),
    "site/one.py": LONG,
    "site/two.py": LONG,
}


@pytest.fixture
def shop(opened: Opened) -> KnowledgeBase:
    return opened(FILES)


def page(shop: KnowledgeBase, path: str) -> ModulePage:
    return shop.mentor.modules.page(ModuleWanted(path), Quiet())


def test_who_loads_a_class_by_its_name_uses_its_module_and_it_says_so(shop: KnowledgeBase) -> None:
    used_by = {each.path: each.statement for each in page(shop, "basket").used_by}
    assert set(used_by) == {"till", "site"}
    assert all("by name" in each.text for each in used_by.values())
    assert used_by["site"].citations[0].rests_on == ("site/settings.py:3",)
    assert used_by["till"].citations[0].rests_on == ("till/views.py:5",)
    assert {each.path: "by name" in each.statement.text for each in page(shop, "till").uses} == {
        "core": False,
        "basket": True,
    }


def test_what_is_loaded_by_its_name_is_used_from_outside(shop: KnowledgeBase) -> None:
    said = {each.name: each.statement.text for each in page(shop, "basket").surface}
    assert "used from 1 file outside" in said["AddForm"]
    assert "used from 1 file outside" in said["BasketMiddleware"]
    with shop.mentor._desk.catalog.snapshot() as reader:
        named = shop.mentor.modules.survey(reader).named
    assert {each.name for each in named} == {"AddForm", "BasketMiddleware"}  # `basket.forms` is a module


def test_a_text_alone_names_nothing() -> None:
    assert [(each.home, each.name) for each in _given(['x = "Basket"', 'y = "a basket.Basket of"'])] == []
    assert [(each.line, each.home, each.name) for each in _given(["load('a.b',", "  'C')"])] == [
        (1, "a", "b"),
        (2, "a.b", "C"),
    ]
