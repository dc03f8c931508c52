"""Walks and core definitions of languages that name what is theirs in other ways than Python does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.guide.tours.ground import AreaFile
from indexer.guide.tours.layout_stops import _begun_with
from indexer.knowledge import KnowledgeBase
from indexer.shapes.onboarding import StepKind
from indexer.types import FileMark
from tests.guide.tours.conftest import derived, opened_with
from tests.guide.tours.test_route import said, step_of

README = """# hauler

Jobs are put on queues, and done later.

```ruby
Hauler.enqueue(Letter, "Ada")
```
"""
MODULE = """require 'hauler/job'
require 'hauler/store'

# Puts jobs on queues.
module Hauler
  extend self

  # Puts a job where a worker finds it later.
  def enqueue(kind, *args)
    queue = kind.to_s.downcase
    Job.create(queue, kind, *args)
  end

  # Writes an item to the end of a queue, for whoever comes next.
  def push(queue, item)
    text = item.inspect
    data_store.write_to_queue(queue, text)
  end

  def data_store
    @data_store ||= Store.new
  end
end
"""
JOB = """module Hauler
  # One piece of work, with what it needs to be done again after a fall.
  class Job
    def initialize(queue, payload)
      @queue = queue
      @payload = payload
    end

    # Makes a job of what is to be done, and leaves it on a queue.
    def self.create(queue, kind, *args)
      raise ArgumentError if queue.empty?
      Hauler.push(queue, kind: kind, args: args)
    end

    def perform
      @payload[:kind].new.run(*@payload[:args])
      true
    end
  end
end
"""
STORE = """module Hauler
  # Keeps queues in files.
  class Store
    # Adds a line to the file of a queue, so that nothing is lost.
    def write_to_queue(queue, text)
      File.open(queue, 'a') do |file|
        file.puts(text)
      end
    end
  end
end
"""
WORKER = """module Hauler
  class Worker{number}
    def work
      job = Job.new('letters', {{}})
      job.perform
    end
  end
end
"""
GO_MOD = "module example.com/mux\n\ngo 1.22\n"
MUX = """package mux

import "net/http"

// Mux routes requests.
type Mux struct {
	tree    *node
	handler http.Handler
}

// NewMux returns an empty router.
func NewMux() *Mux {
	return &Mux{tree: newTree()}
}

// ServeHTTP answers a request.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if m.handler == nil {
		m.handler = http.HandlerFunc(m.routeHTTP)
	}
	m.handler.ServeHTTP(w, r)
}

// routeHTTP looks for what answers a path, and lets it do so.
func (m *Mux) routeHTTP(w http.ResponseWriter, r *http.Request) {
	found := m.tree.FindRoute(r.URL.Path)
	if found != nil {
		found.ServeHTTP(w, r)
		return
	}
	http.NotFound(w, r)
}
"""
TREE = """package mux

import "net/http"

type node struct {
	leaf     http.Handler
	children map[string]*node
}

func newTree() *node {
	return &node{children: map[string]*node{}}
}

// FindRoute walks down the tree along the parts of a path.
func (n *node) FindRoute(path string) http.Handler {
	at := n
	for _, part := range splitPath(path) {
		next := at.children[part]
		if next == nil {
			return nil
		}
		at = next
	}
	return at.leaf
}

// splitPath cuts a path at its slashes, and leaves empty parts out.
func splitPath(path string) []string {
	var parts []string
	start := 0
	for i := range path {
		if path[i] == '/' {
			if i > start {
				parts = append(parts, path[start:i])
			}
			start = i + 1
		}
	}
	return append(parts, path[start:])
}
"""


def _file(path: str) -> AreaFile:
    return AreaFile(1, path, 1, "python", 9, FileMark.NONE, 0.1, 0, 0, True)


@pytest.fixture(scope="module")
def hauler(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Iterator[KnowledgeBase]:
    files = {
        "README.md": README,
        "lib/hauler.rb": MODULE,
        "lib/hauler/job.rb": JOB,
        "lib/hauler/store.rb": STORE,
        **{f"lib/hauler/worker{each}.rb": WORKER.format(number=each) for each in range(3)},
    }
    with opened_with(tmp_path_factory, git_environment, "hauler", files) as opened:
        yield opened


@pytest.fixture(scope="module")
def mux(tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]) -> Iterator[KnowledgeBase]:
    files = {"go.mod": GO_MOD, "mux.go": MUX, "tree.go": TREE, "README.md": "# mux\n\nRoutes requests.\n"}
    with opened_with(tmp_path_factory, git_environment, "mux", files) as opened:
        yield opened


def test_a_walk_follows_a_class_whose_file_has_its_name_in_small_letters(hauler: KnowledgeBase) -> None:
    told = said(step_of(derived(hauler), StepKind.FLOW))
    assert "It begins in `Hauler.enqueue`, lib/hauler.rb:9, which users call, as README.md:6 shows" in told
    assert "`enqueue` calls `Hauler.Job.create`, lib/hauler/job.rb:10" in told
    assert "`create` calls `Hauler.push`, lib/hauler.rb:15" in told
    # What `@data_store ||= Store.new` keeps is a Store: nothing has to be guessed.
    assert "`push` calls `Hauler.Store.write_to_queue`, lib/hauler/store.rb:5" in told


def test_a_class_in_a_namespace_may_be_what_much_depends_on(hauler: KnowledgeBase) -> None:
    assert any(step.key == "core:Hauler.Job" for step in derived(hauler).steps)


def test_a_walk_begins_in_what_is_handed_to_a_server_and_not_where_it_is_only_made(
    mux: KnowledgeBase,
) -> None:
    told = said(step_of(derived(mux), StepKind.FLOW))
    assert told.startswith("It begins in `Mux.routeHTTP`, mux.go:25, which `Mux.ServeHTTP` uses at mux.go:19")
    assert "`routeHTTP` calls `node.FindRoute`" in told


def test_the_part_that_documents_show_comes_first_and_what_all_share_last() -> None:
    parts = [(name, [_file(f"{name}/a.py")]) for name in ("utils", "large", "shown")]
    ordered = _begun_with(parts, {"shown/a.py": 4.0})
    assert [name for name, _ in ordered] == ["shown", "large", "utils"]


def test_what_sets_it_up_is_named_by_convention_only_where_its_file_is_here(mux: KnowledgeBase) -> None:
    told = said(step_of(derived(mux), StepKind.RUN))
    assert "`go build ./...`, by the convention of Go" in told
    assert "bundle install" not in told
