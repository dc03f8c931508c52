"""The settings on the command line: show all, get one, set one."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from indexer.cli.options import AsJson
from indexer.errors import UsageError
from indexer.settings import SECTIONS, Settings, load_settings, save_settings, with_value

app = typer.Typer(help="Show the settings, or change one.", invoke_without_command=True)


@app.callback()
def show(context: typer.Context, as_json: AsJson = False) -> None:
    """Show the settings, or change one with `set`."""
    if context.invoked_subcommand is not None:
        return
    settings = load_settings(os.environ)
    if as_json:
        from indexer.cli import forms

        forms.write_json(
            {"file": str(settings.file), "data_dir": str(settings.data_dir), **_sections(settings)}
        )
        return
    typer.echo(f"# {_visible(str(settings.file))}")
    for key, value in _flat(settings).items():
        typer.echo(f"{key} = {_visible(_shown(value))}")


@app.command("get")
def get(key: Annotated[str, typer.Argument(metavar="KEY")], as_json: AsJson = False) -> None:
    """Print one setting.

    Example: lorebase config get indexing.model
    """
    values = _flat(load_settings(os.environ))
    if key not in values:
        raise UsageError(f"There is no setting named {key!r}.", "Run `lorebase config` to see every key.")
    if as_json:
        from indexer.cli import forms

        forms.write_json(values[key])
    else:
        typer.echo(_visible(_shown(values[key])))


@app.command("set")
def put(
    key: Annotated[str, typer.Argument(metavar="KEY")],
    value: Annotated[str, typer.Argument(metavar="VALUE")],
) -> None:
    """Change one setting.

    Example: lorebase config set indexing.working_copy off
    """
    settings = with_value(load_settings(os.environ), key, value)
    save_settings(settings)
    typer.echo(f"{key} = {_visible(_shown(_flat(settings)[key]))}")
    if not key.startswith("window."):
        end_engines(settings)


def end_engines(settings: Settings) -> None:
    """End every engine: they work with an old value; the next command starts them with the new one."""
    from indexer.client import finish_engine

    for each in _index_folders(settings):
        finish_engine(each)


def _index_folders(settings: Settings) -> list[Path]:
    with suppress(OSError):
        return [each for each in (settings.data_dir / "indexes").iterdir() if each.is_dir()]
    return []


def _sections(settings: Settings) -> dict[str, dict[str, object]]:
    return {section: asdict(getattr(settings, section)) for section in SECTIONS}


def _flat(settings: Settings) -> dict[str, object]:
    return {
        f"{section}.{name}": value
        for section, values in _sections(settings).items()
        for name, value in values.items()
    }


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _visible(text: str) -> str:
    from indexer.cli.terminal import visible  # with the types that progress needs

    return visible(text)
