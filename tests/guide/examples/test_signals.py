"""By which signs something is one of a kind, in the languages in which the signs differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from indexer.guide.examples.nouns import Noun, plural, singular
from indexer.knowledge import KnowledgeBase
from indexer.shapes.examples import Examples, ExamplesWanted
from tests.conftest import Bench
from tests.guide.conftest import Quiet, settings_of

Finder = Callable[[Mapping[str, str], str], Examples]

RUBY_BASE = """module Shop
  module Failure
    # All Failure classes are expected to subclass Base.
    class Base
      def save
      end
    end
  end
end
"""
RUBY_REGISTRY = """module Shop
  module Failure
    # Sets the current backend.
    def self.backend=(backend)
      @backend = backend
      @known << backend
    end

    # Returns the current backend.
    def self.backend
      return @backend if @backend
      @backend = Base
    end
  end
end
"""
RUBY_BACKEND = """module Shop
  module Failure
    {doc}
    class {name} < Base
      def save
        {lower}.write(payload)
      end

      def self.count
        {lower}.size
      end
    end
  end
end
"""
GO_MIDDLEWARE = """package middleware

import "net/http"

// {name} sets a header of the answer.
func {name}(value string) func({taken}http.Handler) http.Handler {{
	return func(next http.Handler) http.Handler {{
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {{
			w.Header().Set("{name}", {lower}(value))
			next.ServeHTTP(w, r)
		}})
	}}
}}

func {lower}(value string) string {{
	kept := value
	return kept
}}
"""
GO_MUX = """package shop

// Middlewares returns a slice of middleware handler functions.
func (mx *Mux) Middlewares() Middlewares {
	kept := mx.middlewares
	return kept
}
"""
GO_TEST = """package middleware

import "testing"

func Test{name}(t *testing.T) {{
	got := {name}("x")
	if got == nil {{
		t.Fatal("nothing")
	}}
}}
"""


@pytest.fixture
def finder(bench: Bench, request: pytest.FixtureRequest) -> Finder:
    """Find examples in a repository of these files."""

    def find(files: Mapping[str, str], wish: str) -> Examples:
        made = bench.make("shop")
        made.commit("Begin", dict(files))
        settings = settings_of(bench.folder)
        opened = KnowledgeBase.open(bench.locate(made), settings)
        request.addfinalizer(opened.close)
        opened.words(Quiet())
        return opened.mentor.examples.find(ExamplesWanted(wish), Quiet())

    return find


def names(found: Examples) -> list[str]:
    return sorted(each.name.rpartition(".")[2] for each in found.examples)


def test_classes_of_one_base_are_the_kind_that_some_of_them_say_they_are(finder: Finder) -> None:
    files = {"lib/shop/failure.rb": RUBY_REGISTRY, "lib/shop/failure/base.rb": RUBY_BASE}
    for name, doc in (("Disk", "# A Failure backend on disk."), ("Mail", "# A Failure backend by mail.")):
        files[f"lib/shop/failure/{name.lower()}.rb"] = RUBY_BACKEND.format(
            name=name, lower=name.lower(), doc=doc
        )
    files["lib/shop/failure/page.rb"] = RUBY_BACKEND.format(name="Page", lower="page", doc="")
    found = finder(files, "a new failure backend")
    assert names(found) == ["Disk", "Mail", "Page"]
    common = [each.text for each in found.common]
    assert "All 3 backends are made from `Base`." in common
    assert "All 3 backends define `count` and `save`." in common


def test_functions_of_one_shape_in_a_folder_of_the_name_are_the_kind(finder: Finder) -> None:
    files = {"mux.go": GO_MUX}
    for name, taken in (("SetAge", "next "), ("SetDate", ""), ("SetKind", "")):
        text = GO_MIDDLEWARE.format(name=name, lower=name[3:].lower(), taken=taken)
        files[f"middleware/{name.lower()}.go"] = text
        files[f"middleware/{name.lower()}_test.go"] = GO_TEST.format(name=name)
    found = finder(files, "a new middleware")
    assert names(found) == ["SetAge", "SetDate", "SetKind"]
    common = [each.text for each in found.common]
    assert "All 3 middlewares return `func(http.Handler) http.Handler`." in common
    tests = next(each for each in common if "named after them" in each)
    assert tests.startswith("All 3 files have a test")
    assert "middleware/setage_test.go" in tests


SIGNALS = """from dispatch import Signal

paid = Signal('paid')
sent = Signal(
    'sent',
)
lost = Signal('lost')
"""
DISPATCH = """class Signal:
    def __init__(self, name):
        self.name = name
        self.ears = []
"""


def test_what_is_made_by_a_call_of_the_name_is_the_kind(finder: Finder) -> None:
    found = finder({"shop/signals.py": SIGNALS, "dispatch.py": DISPATCH}, "a signal")
    assert names(found) == ["lost", "paid", "sent"]
    assert "All 3 signals stand in `shop/signals.py`." in [each.text for each in found.common]


PANEL = """def inspect_command(**given):
    def keep(function):
        return function
    return keep
"""
INSPECT = """

@inspect_command(alias='{name}')
def {name}(state):
    found = state.{name}
    return found
"""


def test_what_carries_a_decorator_of_the_name_is_the_kind(finder: Finder) -> None:
    commands = "".join(INSPECT.format(name=name) for name in ("clock", "report", "stats"))
    found = finder({"shop/panel.py": PANEL + commands}, "an inspect command")
    assert names(found) == ["clock", "report", "stats"]
    common = [each.text for each in found.common]
    assert "All 3 commands carry `@inspect_command`." in common
    assert not any("use `inspect_command`" in each for each in common)


DIGEST = """class Digest:
    def refused(self, answer):
        again = answer.again()
        return again

    def __call__(self, request):
        request.register_hook('answer', self.refused)
"""
HOOKS = """def default_hooks():
    found = {}
    return found


def dispatch_hook(key, hooks):
    for each in hooks[key]:
        each(key)


def register_hook(key, hook):
    known = []
    known.append(hook)
"""


def test_what_is_registered_as_one_is_the_kind_and_who_manages_them_is_not(finder: Finder) -> None:
    assert names(finder({"shop/auth.py": DIGEST, "shop/hooks.py": HOOKS}, "a hook")) == ["refused"]


SCHEDULERS = """class Scheduler:
    def tick(self):
        self.run()
        return 1


class DiskScheduler(Scheduler):
    def tick(self):
        self.load()
        return 2
"""


def test_what_others_extend_is_not_shown_while_there_are_those(finder: Finder) -> None:
    assert names(finder({"shop/beat.py": SCHEDULERS}, "a scheduler")) == ["DiskScheduler"]


SPEC = """describe('cart', () => {
  it('fills the cart', () => {
    expect(cart.fill()).toBe(1);
  });

  it("clears the cart", () => {
    expect(cart.clear()).toBe(0);
  });
});
"""


def test_a_block_with_a_name_is_a_test(finder: Finder) -> None:
    found = finder({"spec/cart.spec.js": SPEC}, "a test")
    assert names(found) == ["it clears the cart", "it fills the cart"]


RAKE = """namespace :shop do
  task :start => :setup do
    run
  end

  task :stop do
    halt
  end
end
"""


def test_a_block_that_is_called_by_the_name_is_one(finder: Finder) -> None:
    found = finder({"lib/tasks/shop.rake": RAKE}, "a rake task")
    assert sorted((each.name, each.line, each.end_line) for each in found.examples) == [
        ("task start", 2, 4),
        ("task stop", 6, 8),
    ]


APP = "exports.app = function app() {\n  const made = {};\n  return made;\n};\n"
STORE = "exports.kept = function kept() {\n  return 1;\n};\n"


def test_an_example_of_the_repository_is_the_file_where_it_begins(finder: Finder) -> None:
    files = {"lib/app.js": APP}
    for name in ("cookies", "search"):
        files[f"examples/{name}/index.js"] = f"const app = require('../../lib/app');\n\napp.get('/{name}');\n"
        files[f"examples/{name}/lib/store.js"] = STORE
    found = finder(files, "an example app")
    assert names(found) == ["cookies", "search"]
    assert {each.path.rpartition("/")[2] for each in found.examples} == {"index.js"}


AUTHS = """'''The handlers of authentication.'''


class AuthBase:
    def __call__(self, request):
        raise NotImplementedError


class BasicAuth(AuthBase):
    def __call__(self, request):
        request.sign()
        return request


class DigestAuth(AuthBase):
    def __call__(self, request):
        request.hash()
        return request
"""


def test_a_last_word_that_only_documents_know_is_left_out(finder: Finder) -> None:
    found = finder({"shop/auth.py": AUTHS}, "an auth handler")
    assert names(found) == ["BasicAuth", "DigestAuth"]
    assert "Both auths are made from `AuthBase`." in [each.text for each in found.common]


def test_a_last_word_that_nothing_speaks_of_is_not_left_out(finder: Finder) -> None:
    assert finder({"shop/auth.py": AUTHS}, "an auth websocket").examples == ()


EXTRACTORS = """package shop

import "net/http"

type IPExtractor func(*http.Request) string

func Direct() IPExtractor {
	return func(r *http.Request) string {
		return r.RemoteAddr
	}
}

func FromHeader(name string) IPExtractor {
	return func(r *http.Request) string {
		return r.Header.Get(name)
	}
}

func (s *Shop) Extracted(r *http.Request) IPExtractor {
	kept := s.extractor
	return kept
}
"""


def test_functions_that_return_one_are_the_kind_and_a_method_beside_its_type_is_not(finder: Finder) -> None:
    assert names(finder({"ip.go": EXTRACTORS}, "an IP extractor")) == ["Direct", "FromHeader"]


COP = """module Lint
  module Cop
    class {name} < Base
      def on_send(node)
        add_offense(node)
      end
    end
  end
end
"""


def test_a_module_that_only_holds_types_is_no_example(finder: Finder) -> None:
    files = {f"lib/lint/cop/{name.lower()}.rb": COP.format(name=name) for name in ("Squeeze", "Sorting")}
    assert names(finder(files, "a new cop")) == ["Sorting", "Squeeze"]


@pytest.mark.parametrize(
    ("name", "doc", "told"),
    [
        ("Disk", "A Failure backend that writes to disk.", True),
        ("WithValue", "WithValue is a backend that sets a value.", True),
        ("backend", "Returns the current backend.", False),
        ("before_hooks", "Given an object, returns a list of its backend names.", False),
    ],
)
def test_the_first_words_say_what_something_is(name: str, doc: str, told: bool) -> None:
    assert Noun("backend").told(name, doc) is told


def test_names_end_in_a_noun_by_whole_words() -> None:
    assert Noun("formset").ends("BasketLineFormSet")
    assert not Noun("backend").ends("Backends")
    assert Noun("backend").counts("known_backends")
    assert not Noun("form").ends("platform")
    assert Noun("tag", "template").has_folder("shop/templatetags/price.py")
    assert [singular(plural(each)) for each in ("factory", "switch", "tab", "address")] == [
        "factory", "switch", "tab", "address",
    ]  # fmt: skip
