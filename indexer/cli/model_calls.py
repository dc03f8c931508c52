"""What the commands about the language model do."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

import typer

from indexer import protocol
from indexer.cli import forms
from indexer.cli.calls import ask_engine, given
from indexer.cli.config import end_engines
from indexer.cli.terminal import duration, visible
from indexer.errors import UsageError
from indexer.protocol import FindModels, GivenKey, KeyPlace, KeyWanted, LocalOnly, ModelState
from indexer.settings import key_in, load_settings, save_settings, with_value

PLACES = {
    KeyPlace.ENVIRONMENT: "from the environment",
    KeyPlace.KEYRING: "in the keyring of this system",
    KeyPlace.MEMORY: "in the memory of the running engine",
    KeyPlace.NOWHERE: "none",
}


def show(repo: Path | None, as_json: bool) -> None:
    """Show the model as this repository would use it."""
    _show(ask_engine(repo, protocol.MODEL, _given_key()), as_json)


def find(repo: Path | None, ports: tuple[int, ...], as_json: bool) -> None:
    """Look on this machine's own ports."""
    found = ask_engine(repo, protocol.MODEL_FIND, FindModels(ports))
    if as_json:
        forms.write_json(found)
        return
    for server in found.servers:
        typer.echo(f"{server.provider} at {visible(server.url)}")
        for name in server.models:
            url = (
                ""
                if server.provider == "ollama" and server.url.endswith(":11434")
                else f" --url {server.url}"
            )
            typer.echo(f"  lorebase model set {server.provider} {visible(name)}{url}")
    if not found.servers:
        ports_told = ", ".join(str(port) for port in found.ports)
        typer.echo(f"No server of language models answers on this machine (ports {ports_told}).")


def choose(provider: str, name: str, url: str, context: int) -> None:
    """Keep the choice; engines start anew with it."""
    if provider not in ("off", "ollama", "openai", "anthropic"):
        raise UsageError(f"There is no provider {provider!r}.", "Choose ollama, openai, anthropic or off.")
    if provider != "off" and not name:
        raise UsageError("The model's name is missing.", "Example: lorebase model set ollama qwen3:8b")
    settings = with_value(load_settings(os.environ), "model.provider", provider)
    if provider != "off":
        settings = with_value(settings, "model.name", given(name))
        settings = with_value(settings, "model.url", given(url))
    if context:
        settings = with_value(settings, "model.context_tokens", context)
    save_settings(settings)
    end_engines(settings)
    if provider == "off":
        typer.echo("The language model is off.")
    else:
        typer.echo(
            f"{provider} writes with {visible(name)}. See `lorebase model`, and `lorebase model test`."
        )


def test(repo: Path | None, as_json: bool) -> None:
    """Have the model say a word."""
    found = ask_engine(repo, protocol.MODEL_TEST, _given_key(), interrupted="Stopped the test.")
    if as_json:
        forms.write_json(found)
    else:
        typer.echo(
            f"The model answers: first word after {duration(found.first_seconds)}, "
            f"all after {duration(found.seconds)}."
        )


def give_key(repo: Path | None, *, forget: bool, in_memory: bool) -> None:
    """Hand a key to the engine, or have it forgotten."""
    key = "" if forget else _typed()
    kept = ask_engine(repo, protocol.MODEL_KEY, KeyWanted(key, forget, in_memory))
    typer.echo("The key is forgotten." if forget else f"The key is {PLACES[kept.place]}.")
    if kept.notice:
        sys.stderr.write(kept.notice + "\n")


def mark(repo: Path | None, switch: str, as_json: bool) -> None:
    """Mark the repository as local-only, or take the mark away."""
    if switch not in ("on", "off"):
        raise UsageError(f"Write on or off, not {switch!r}.", "Example: lorebase model local-only on")
    _show(ask_engine(repo, protocol.LOCAL_ONLY, LocalOnly(switch == "on")), as_json)


def _show(state: ModelState, as_json: bool) -> None:
    if as_json:
        forms.write_json(state)
        return
    mark = "yes: nothing of it is sent to another machine" if state.local_only else "no"
    if state.provider == "off":
        rows = [("Model", "off; answers are quoted, not written"), ("Local-only", mark)]
    else:
        where = "on this machine" if state.on_this_machine else "NOT on this machine"
        rows = [
            ("Model", f"{state.name} ({state.provider})"),
            ("Place", f"{state.url}, {where}"),
            ("Context", f"{state.context_tokens:,} tokens, {state.output_tokens:,} of them to write"),
            ("Key", PLACES[state.key]),
            ("Local-only", mark),
        ]
    for label, value in rows:
        typer.echo(f"{label:<12}{visible(value)}")
    for notice in (*(() if state.provider == "off" else (state.problem,)), *state.notices):
        if notice:
            sys.stderr.write(visible(notice) + "\n")


def _typed() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Key (not shown): ")
    return sys.stdin.readline().strip()


def _given_key() -> GivenKey:
    return GivenKey(key_in(os.environ, load_settings(os.environ).model))
