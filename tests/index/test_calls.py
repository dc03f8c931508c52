"""What a call means: only what the file knows of the name, or what the thing before the dot has."""

from __future__ import annotations

import pytest

from indexer.index.calls import Form, form_of, is_foreign
from indexer.index.symbols import callees, callers, find_symbols
from tests.conftest import Bench
from tests.index.conftest import Index, OpenIndex

PYTHON = {
    "shop/__init__.py": "",
    "shop/functional.py": "def listed(x):\n    return [x]\n",
    "shop/graph.py": "def graph():\n    def maybe_list(x):\n        return [x]\n\n    return maybe_list(1)\n",
    "shop/context.py": (
        "class Globals:\n    def setdefault(self, key, value):\n        return value\n\n"
        "    def publish(self):\n        return open('x')\n\n\n"
        "class Files:\n    def open(self, name):\n        return name\n"
    ),
    "shop/flow.py": (
        "from django.contrib import messages\nfrom outside.functional import maybe_list\n\n"
        "from shop import functional\nfrom shop.functional import listed\n"
        "from shop.context import Globals\n\n\n"
        "class Flow:\n    def run(self, options, producer):\n"
        "        options.setdefault('a', 1)\n"
        "        maybe_list(options)\n"
        "        producer.publish()\n"
        "        messages.success('done')\n"
        "        open('x')\n"
        "        listed(1)\n"
        "        self.step()\n\n"
        "    def step(self):\n"
        "        functional.listed(1)\n"
        "        Globals().publish()\n"
    ),
    "shop/messages.py": "class FlashMessages:\n    def success(self):\n        return 1\n",
}
GO = {
    "go.mod": "module example.com/chi\n",
    "mux.go": (
        'package chi\n\nimport (\n\t"context"\n\t"errors"\n\n\t"example.com/chi/middleware"\n)\n\n'
        'func Serve() {\n\tcontext.WithValue(nil, 1, 2)\n\terrors.New("x")\n\tmiddleware.Compress(1)\n'
        "\trouted()\n}\n"
    ),
    "tree.go": "package chi\n\nfunc routed() {\n}\n",
    "middleware/value.go": (
        "package middleware\n\nfunc WithValue() {\n}\n\nfunc New() {\n}\n\nfunc Compress(level int) {\n}\n"
    ),
}


def meanings(index: Index, name: str) -> dict[str, str | None]:
    reader = index.catalog.reader()
    caller = find_symbols(reader, name)[0]
    found = callees(reader, caller.blob_id, caller.start_line, caller.end_line)
    return {each.name: each.symbol.path if each.symbol else None for each in found}


@pytest.fixture
def python(bench: Bench, open_index: OpenIndex) -> Index:
    source = bench.make()
    source.commit("Begin", dict(PYTHON))
    made = open_index(source)
    made.words()
    return made


def test_namesakes_of_builtins_variables_and_other_packages_are_not_meant(python: Index) -> None:
    assert meanings(python, "Flow.run") == {
        "setdefault": None,
        "maybe_list": None,
        "publish": None,
        "success": None,
        "open": None,
        "listed": "shop/functional.py",
        "step": "shop/flow.py",
    }


def test_what_is_imported_and_what_is_called_on_a_known_class_is_meant(python: Index) -> None:
    assert meanings(python, "Flow.step") == {
        "listed": "shop/functional.py",
        "Globals": "shop/context.py",
        "publish": "shop/context.py",
    }


def test_a_builtin_in_the_file_of_a_method_of_its_name_is_not_that_method(python: Index) -> None:
    assert meanings(python, "Globals.publish") == {"open": None}


def test_a_name_that_every_library_has_brings_no_callers_from_elsewhere(python: Index) -> None:
    reader = python.catalog.reader()
    found = callers(reader, find_symbols(reader, "Files.open")[0])
    assert {each.path for each in found} <= {"shop/context.py", "shop/flow.py"}


def test_what_is_taken_in_from_outside_is_foreign(python: Index) -> None:
    reader = python.catalog.reader()
    flow = find_symbols(reader, "Flow")[0].blob_id
    assert is_foreign(reader, flow, "messages")
    assert not is_foreign(reader, flow, "functional")
    assert not is_foreign(reader, flow, "options")


def test_go_calls_into_its_standard_library_are_not_the_repositorys(
    bench: Bench, open_index: OpenIndex
) -> None:
    source = bench.make()
    source.commit("Begin", dict(GO))
    index = open_index(source)
    index.words()
    assert meanings(index, "Serve") == {
        "WithValue": None,
        "New": None,
        "Compress": "middleware/value.go",
        "routed": "tree.go",
    }


@pytest.mark.parametrize(
    ("line", "name", "form"),
    [
        ("return rate() * 2", "rate", Form(bare=True)),
        ("x = self.rate()", "rate", Form(bare=False, on="self")),
        ("Tax(a, (b)).rate()", "rate", Form(bare=False, on="Tax", made=True)),
        ("a.b?.rate()", "rate", Form(bare=False, on="b")),
        ("  .rate()", "rate", Form(bare=False)),
        ("rates()[0].rate(rate)", "rate", Form(bare=False)),
        ("$this->rate()", "rate", Form(bare=False, on="$this")),
        ("Tax::rate()", "rate", Form(bare=False, on="Tax")),
        ("nothing", "rate", Form(bare=False)),
        (")))).rate()", "rate", Form(bare=False, made=True)),
    ],
)
def test_how_a_name_is_written(line: str, name: str, form: Form) -> None:
    assert form_of(line, name) == form
