"""A small shop as a real repository, indexed once by the real parsers, with and without vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from indexer.answer.retrieval import Retriever
from indexer.index.catalog import Catalog
from indexer.index.embedding import Embedder, load_embedder
from indexer.index.sync import Sync
from indexer.index.vectors import VectorIndex
from indexer.repo.parsing import ParsePool
from indexer.repo.repository import Repository
from indexer.settings import IndexingSettings, Settings
from indexer.types import Hit, Progress, Query
from tests.conftest import Bench, SmallRepository

ADA = ("Ada Lovelace", "ada@example.com")
BOB = ("Bob Meyer", "bob@example.com")
IN_2023 = 1_680_000_000
IN_2024 = 1_710_000_000

SESSIONS = '''"""Sessions of the shop."""


class SessionStore:
    """Keeps what a visitor did between two requests."""

    def open_session(self, request):
        """Read the signed cookie and load what it stands for."""
        return self.backend.load(request.cookies["sid"])

    def save_session(self, response, session):
        """Write the session back and sign its cookie again."""
        self.backend.save(session)
        response.set_cookie("sid", session.key)


def purge_expired(backend, now):
    """Drop every session that nobody used for a month."""
    for key in backend.keys():
        if backend.age(key, now) > 30:
            backend.drop(key)
'''
AUTH = '''"""Who may come in."""


class DigestAuth:
    """Answers the challenge of a server with a hash."""

    def answer(self, challenge):
        return self.md5(challenge.nonce)


def check_password(user, given):
    """Compare in constant time."""
    return user.hash == given
'''
RETRY = '''"""Try again."""

LIMIT = 5


def retry(call):
    for attempt in range(LIMIT):
        if call():
            return attempt
    raise TimeoutError
'''
COOKIE = """package tools

// CookieJar keeps cookies of a visitor.
type CookieJar struct{ items []string }

// Add puts one cookie into the jar.
func (jar *CookieJar) Add(cookie string) { jar.items = append(jar.items, cookie) }
"""
TEST = """from shop.sessions import SessionStore


def test_open_session_reads_the_cookie():
    assert SessionStore().open_session(request).key == "sid"


def test_save_session_signs_the_cookie():
    SessionStore().save_session(response, session)
"""
EXAMPLE = """from shop.sessions import SessionStore

# An example of how to open a session.
store = SessionStore()
store.open_session(request)
"""
DEPLOY = """# Deploying

## Behind a proxy

Put nginx before the shop and forward the protocol header.

## Certificates

Renew the certificates each quarter.
"""
README = "# Shop\n\nSells things. Sessions are kept in a store, see `SessionStore`.\n"


class Quiet:
    """A control that never stops anything."""

    def checkpoint(self) -> None:
        return

    def report(self, progress: Progress) -> None:
        del progress


@dataclass
class Shop:
    """The indexed shop: ``search`` by words, ``search_fully`` by vectors too."""

    source: SmallRepository
    catalog: Catalog
    by_words: Retriever
    fully: Retriever

    def search(self, text: str, limit: int = 10) -> list[Hit]:
        """Return hits found by words."""
        return self.by_words.search(Query(text, limit))[0]

    def paths(self, text: str, limit: int = 10) -> list[str]:
        """Return the different paths of hits found by words, in order."""
        return list(dict.fromkeys(hit.path for hit in self.search(text, limit) if hit.path))

    def notices(self, text: str) -> list[str]:
        """Return what is said beside the hits."""
        return self.by_words.search(Query(text))[1]


def build_shop(made: SmallRepository) -> SmallRepository:
    """Write the shop's history: retry.py is moved after the commit that explains it."""
    made.commit("Begin the shop", {"README.md": README, "shop/auth.py": AUTH}, ADA, IN_2023)
    made.commit(
        "Stop after five\n\nThe bank blocks our account when its gateway is called more often.",
        {"shop/retry.py": RETRY},
        ADA,
    )
    made.git("mv", "shop", "src")
    made.commit("Move the package", None, BOB, IN_2024)
    made.commit(
        "Keep sessions in a store",
        {
            "src/sessions.py": SESSIONS,
            "tests/test_sessions.py": TEST,
            "examples/open_session.py": EXAMPLE,
            "tools/cookie.go": COOKIE,
        },
        BOB,
    )
    made.commit("Write down how it is deployed", {"docs/deploy.md": DEPLOY}, BOB)
    return made


@pytest.fixture(scope="session")
def model() -> Embedder:
    """The packaged model."""
    loaded = load_embedder(IndexingSettings(), 1)
    assert loaded is not None
    return loaded


@pytest.fixture(scope="session")
def parse_pool() -> Iterator[ParsePool]:
    """The real parser processes, started once."""
    made = ParsePool(2, 2.0)
    yield made
    made.close()


IndexShop = Callable[[SmallRepository, Bench], Shop]


@pytest.fixture(scope="session")
def index_shop(parse_pool: ParsePool, model: Embedder) -> Iterator[IndexShop]:
    """Index a repository as it stands now; indexed again, it is brought up to date."""
    opened: list[Catalog | Repository] = []

    def index(source: SmallRepository, bench: Bench) -> Shop:
        location = bench.locate(source)
        repository = Repository.open(location, location.index_dir / "overlay")
        catalog = Catalog.open(location.index_dir)
        opened.extend((repository, catalog))
        vectors = VectorIndex(location.index_dir, catalog.path, model.dimensions)
        Sync(repository, catalog, parse_pool, bench.settings, model, vectors).run(Quiet())
        vectors.load()
        return Shop(source, catalog, Retriever(catalog), Retriever(catalog, vectors, model))

    yield index
    for each in opened:
        each.close()


@pytest.fixture(scope="session")
def shop(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str], index_shop: IndexShop
) -> Shop:
    """The shop, indexed; no test may change it."""
    folder = tmp_path_factory.mktemp("shop")
    bench = Bench(folder, Settings(data_dir=folder / "data"), git_environment)
    return index_shop(build_shop(bench.make("shop")), bench)
