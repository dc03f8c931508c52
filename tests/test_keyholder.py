"""K4: a key comes from the environment, the keyring or memory, and is never written anywhere by us."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringLocked

from indexer import keyholder
from indexer.errors import WritingError
from indexer.keyholder import Keyholder
from indexer.protocol import KeyPlace
from indexer.settings import ModelSettings, key_in
from tests.writers import KEY

ACCOUNT = "openai at https://models.example.com"


class Ring(KeyringBackend):
    """A keyring of this system, as far as the library can tell."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


class LockedRing(Ring):
    """One whose owner does not unlock it; it says more than a person should see."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked(f"locked: {KEY}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked(f"locked: {password}")


class PlainFileRing(Ring):
    """One that keeps its passwords where everybody can read them."""


for known in (Ring, LockedRing):
    known.__module__ = "keyring.backends.tested"
PlainFileRing.__module__ = "keyrings.alt.file"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def test_K4_a_keyring_keeps_a_key_for_its_own_server_alone() -> None:
    ring = Ring()
    keyring.set_keyring(ring)
    keys = Keyholder()
    kept = keys.keep(ACCOUNT, f" {KEY}\n")
    assert (kept.place, kept.notice) == (KeyPlace.KEYRING, "")
    assert ring.held == {("lorebase", ACCOUNT): KEY}
    found = Keyholder().find(ACCOUNT, "")
    assert (found.place, found.key) == (KeyPlace.KEYRING, KEY)
    assert Keyholder().find("openai at https://elsewhere.example.com", "").place is KeyPlace.NOWHERE
    assert Keyholder().forget(ACCOUNT).place is KeyPlace.NOWHERE
    assert ring.held == {}


def test_K4_the_environment_goes_before_the_keyring() -> None:
    keyring.set_keyring(Ring())
    keys = Keyholder()
    keys.keep(ACCOUNT, "of-the-keyring")
    found = keys.find(ACCOUNT, KEY)
    assert (found.place, found.key) == (KeyPlace.ENVIRONMENT, KEY)


@pytest.mark.parametrize(
    ("ring", "told"),
    [
        (fail.Keyring, "This system has no keyring."),
        (null.Keyring, "The keyring of this system keeps nothing."),
        (LockedRing, "The keyring is locked."),
        (PlainFileRing, "may keep keys in plain files, so it is not used."),
    ],
)
def test_K4_without_a_usable_keyring_the_key_is_held_in_memory_with_a_plain_notice(
    ring: type[KeyringBackend], told: str
) -> None:
    chosen = ring()
    keyring.set_keyring(chosen)
    keys = Keyholder()
    kept = keys.keep(ACCOUNT, KEY)
    assert kept.place is KeyPlace.MEMORY
    assert told in kept.notice
    assert "held until the engine ends" in kept.notice
    assert KEY not in repr(kept)
    found = keys.find(ACCOUNT, "")
    assert (found.place, found.key) == (KeyPlace.MEMORY, KEY)
    assert Keyholder().find(ACCOUNT, "").place is KeyPlace.NOWHERE
    assert getattr(chosen, "held", {}) == {}
    keys.forget(ACCOUNT)
    assert keys.find(ACCOUNT, "").place is KeyPlace.NOWHERE


def test_K4_a_keyring_that_does_not_answer_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyholder, "KEYRING_SECONDS", 0.05)
    ring = Ring()
    release = keyholder.threading.Event()
    monkeypatch.setattr(ring, "get_password", lambda *_: release.wait(20) and None)
    keyring.set_keyring(ring)
    try:
        found = Keyholder().find(ACCOUNT, "")
    finally:
        release.set()
    assert (found.place, found.notice) == (
        KeyPlace.NOWHERE,
        "The keyring does not answer; it may wait to be unlocked.",
    )


def test_K4_a_key_may_be_held_in_memory_by_choice() -> None:
    ring = Ring()
    keyring.set_keyring(ring)
    keys = Keyholder()
    assert keys.keep(ACCOUNT, KEY, in_memory=True).place is KeyPlace.MEMORY
    assert ring.held == {}


@pytest.mark.parametrize("odd", ["", "  ", "two words", "line\nbreak", "schlüssel"])
def test_K4_what_can_be_no_key_is_refused_without_being_repeated(odd: str) -> None:
    keyring.set_keyring(Ring())
    with pytest.raises(WritingError, match="That is no key") as caught:
        Keyholder().keep(ACCOUNT, odd)
    assert not odd.strip() or odd not in str(caught.value.args)


@pytest.mark.parametrize(
    ("model", "environment", "key"),
    [
        (ModelSettings("anthropic"), {"ANTHROPIC_API_KEY": "a"}, "a"),
        (ModelSettings("anthropic"), {"ANTHROPIC_API_KEY": "a", "LOREBASE_MODEL_KEY": "l"}, "l"),
        (ModelSettings("anthropic", url="http://127.0.0.1:1"), {"ANTHROPIC_API_KEY": "a"}, ""),
        (ModelSettings("openai", url="https://api.openai.com/v1"), {"OPENAI_API_KEY": "o"}, "o"),
        (ModelSettings("openai", url="https://models.example.com/v1"), {"OPENAI_API_KEY": "o"}, ""),
        (ModelSettings("openai", url="https://m.example.com"), {"LOREBASE_MODEL_KEY": "l"}, "l"),
        (ModelSettings("ollama"), {"OPENAI_API_KEY": "o", "ANTHROPIC_API_KEY": "a"}, ""),
        (ModelSettings(), {"ANTHROPIC_API_KEY": "a"}, ""),
    ],
)
def test_K4_a_providers_own_variable_counts_for_its_own_host_alone(
    model: ModelSettings, environment: dict[str, str], key: str
) -> None:
    assert key_in(environment, model) == key


def test_K4_no_setting_holds_a_key(tmp_path: Path) -> None:
    assert not [name for name in ModelSettings.__dataclass_fields__ if "key" in name]
    assert not list(tmp_path.iterdir())
