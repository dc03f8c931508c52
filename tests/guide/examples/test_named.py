"""What is copied where the question names it: what is made from a thing, and the tests of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from indexer.answer.copying import base_named
from indexer.guide.examples import listed
from indexer.guide.examples.candidates import bases_of
from indexer.guide.inventory.sheets import Sheet
from indexer.index.symbols import FoundSymbol
from indexer.knowledge import KnowledgeBase
from indexer.types import FileMark, SymbolKind
from tests.conftest import Bench
from tests.guide.conftest import Quiet, settings_of

Opened = Callable[[Mapping[str, str]], KnowledgeBase]

MIXIN = """module Shop
  # Takes part in serving.
  module Serving
    attr_accessor :config

    def pool
      config.pool
    end
  end
end
"""
SERVER = """module Shop
  class {name}
    include Shop::Serving

    def call(job, queue)
      {word}(job)
      yield
    end
  end
end
"""
CHAIN = """module Shop
  # Calls one after another.
  #
  # This is an example of a minimal one:
  #
  #   class Own
  #     include Shop::Serving
  #
  #     def call(job, queue)
  #       yield
  #     end
  #   end
  #
  class Chain
    def call(job)
      @all.each { |each| each.call(job) }
    end
  end
end
"""
GUIDE = """# Middleware

Each must take in `Shop::Serving`, whatever it does.

## Before

```ruby
class Old
  def call(job); end
end
```

## As it is now

A middleware takes in one module.

```ruby
class Now
  include Shop::Serving
end
```
"""
GO = """package render

// Render writes itself.
type Render interface {
	Write(to int) error
	Kind() string
}

// Text is plain.
type Text struct {
	Data string
}

// Write writes it.
func (r Text) Write(to int) error {
	return nil
}

// Kind names it.
func (r Text) Kind() string {
	return "text"
}

// Half has no kind.
type Half struct {
	Data string
}

// Write writes it.
func (r Half) Write(to int) error {
	return nil
}
"""
VARY = """describe('res.vary()', function(){
  it('should not set ""', function (done) {
    res.vary();
    res.end();
    done();
  })
})
"""
SEND = """describe('res', function(){
  describe('.send()', function(){
    it('should set the body', function (done) {
      one();
      two();
      three();
      four();
      five();
      six();
      seven();
      eight();
      res.send(nine);
      done();
    })
  })
  it('should be there', function (done) {
    one();
    done();
  })
})
"""


@pytest.fixture
def opened(bench: Bench, request: pytest.FixtureRequest) -> Opened:
    """Open a repository of these files, searchable by words."""

    def open_(files: Mapping[str, str]) -> KnowledgeBase:
        made = bench.make("shop")
        made.commit("Begin", dict(files))
        found = KnowledgeBase.open(bench.locate(made), settings_of(bench.folder))
        request.addfinalizer(found.close)
        found.words(Quiet())
        return found

    return open_


def ask(opened: KnowledgeBase, question: str) -> str:
    return "\n".join(each.text for each in opened.ask(question, record=False).statements)


def test_what_takes_a_module_in_is_copied_and_not_the_module(opened: Opened) -> None:
    files = {"lib/shop/serving.rb": MIXIN, "lib/shop/chain.rb": CHAIN, "docs/middleware.md": GUIDE}
    for name in ("Cache", "Locale"):
        files[f"lib/shop/{name.lower()}.rb"] = SERVER.format(name=name, word=name.lower())
    said = ask(opened(files), "How do we usually write a middleware with Shop::Serving?")
    assert "`Shop.Cache` in lib/shop/cache.rb:2" in said
    assert "`Shop.Locale` in lib/shop/locale.rb:2" in said
    assert "`Shop.Serving`" not in said
    # The document's section that has the name, and the example in a comment of the code.
    assert "A middleware takes in one module." in said
    assert "class Now" in said
    assert "class Old" not in said
    assert "A comment in lib/shop/chain.rb:4 shows one:" in said
    assert "#   class Own" in said


def test_a_type_of_go_that_has_all_methods_of_an_interface_is_one(opened: Opened) -> None:
    said = ask(
        opened({"render/render.go": GO}), "How do we usually write a new type with the Render interface?"
    )
    assert "`Text` in render/render.go:9" in said or "`Text` in render/render.go:10" in said
    # With its methods, and without the interface and what has half of it.
    assert 'return "text"' in said
    assert "`Half`" not in said
    assert "`Render` in" not in said


def test_the_tests_in_a_file_that_bears_the_name_are_copied(opened: Opened) -> None:
    files = {"lib/response.js": "res.vary = function(field) {\n  return field;\n};\n"}
    files |= {"test/res.vary.js": VARY, "test/res.send.js": SEND, "test/other.js": SEND}
    files["test/all.js"] = VARY.replace("not set", "meet all of")
    said = ask(opened(files), "How do we usually write a test for a response method like res.vary?")
    # What the name of a test quotes is a part of it.
    assert '`it should not set ""` in test/res.vary.js:2' in said
    assert "test/other.js" not in said
    assert "test/all.js" not in said


def test_tests_under_a_title_that_bears_the_name_are_copied_whole(opened: Opened) -> None:
    files = {"lib/response.js": "res.send = function(body) {\n  return body;\n};\n", "test/all.js": SEND}
    said = ask(opened(files), "How do we usually write a test for res.send?")
    assert "`it should set the body`" in said
    # Twelve lines of it, to the last.
    assert "res.send(nine);" in said
    assert "should be there" not in said


def test_the_name_of_a_test_keeps_what_it_quotes() -> None:
    lines = ["it('says \"no\"', () => {", "})", 'it("it\'s", () => {', "})", "it('it\\'s', () => {", "})"]
    sheet = Sheet("a.test.js", 1, 1, "javascript", "test", lines, [])
    assert [each.name for each in listed.tests_in(sheet)] == ['it says "no"', "it it's", "it it's"]


@pytest.mark.parametrize(
    ("signature", "bases"),
    [
        ("public class Card implements PayApi", ["PayApi"]),
        ("class Card extends Base implements PayApi, shop.Kept", ["Base", "PayApi", "Kept"]),
        ("class Card(Base, kind=1):", ["Base"]),
    ],
)
def test_a_type_is_made_from_what_it_takes_up_too(signature: str, bases: list[str]) -> None:
    symbol = FoundSymbol(1, "a", 1, "Card", SymbolKind.CLASS, "", 1, 9, 1, signature, "", 0.0, FileMark.NONE)
    assert bases_of(symbol) == bases


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("How do we write a middleware with Shop::Serving?", "Shop::Serving"),
        ("How do we usually write a custom ParamType?", "ParamType"),
        ("How do we write a plugin that implements PayApi?", "PayApi"),
        ("How do we write a new kind with the Render interface?", "Render"),
        ("How do we write a view that returns an HttpResponse?", ""),
        ("How do we write a middleware?", ""),
    ],
)
def test_what_is_named_as_the_means(text: str, name: str) -> None:
    found = base_named(text)
    assert (found.name if found is not None else "") == name
