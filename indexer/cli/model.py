"""The language model on the command line: show it, find one, choose it, test it, give its key."""

from __future__ import annotations

from typing import Annotated

import typer

from indexer.cli.options import AsJson, Repo

app = typer.Typer(
    help="A language model that may put answers into prose; off unless you turn it on.",
    invoke_without_command=True,
)

Switch = Annotated[str, typer.Argument(metavar="on|off")]


@app.callback()
def show(context: typer.Context, repo: Repo = None, as_json: AsJson = False) -> None:
    """Show which language model this repository would use, and whether it can."""
    if context.invoked_subcommand is None:
        from indexer.cli import model_calls

        model_calls.show(repo, as_json)


@app.command("find")
def find(
    repo: Repo = None,
    as_json: AsJson = False,
    port: Annotated[
        list[int] | None, typer.Option("--port", metavar="N", help="A further port to look at.")
    ] = None,
) -> None:
    """Look for servers of language models on this machine; nowhere else, and only now."""
    from indexer.cli import model_calls

    model_calls.find(repo, tuple(port or ()), as_json)


@app.command("set")
def choose(
    provider: Annotated[str, typer.Argument(metavar="PROVIDER", help="ollama, openai, anthropic or off.")],
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="What its server calls the model.")] = "",
    url: Annotated[
        str, typer.Option("--url", metavar="URL", help="Default: the provider's usual place.")
    ] = "",
    context: Annotated[int, typer.Option("--context", metavar="TOKENS", help="What it may read.")] = 0,
) -> None:
    """Choose the language model, or turn it off.

    `openai` is any server that speaks OpenAI's chat protocol. Deadlines: `lorebase config`.

    Examples: lorebase model set ollama qwen3:8b ; lorebase model set off
    """
    from indexer.cli import model_calls

    model_calls.choose(provider, name, url, context)


@app.command("test")
def try_out(repo: Repo = None, as_json: AsJson = False) -> None:
    """Have the model say a word. Nothing of the repository is sent."""
    from indexer.cli import model_calls

    model_calls.test(repo, as_json)


@app.command("key")
def key(
    repo: Repo = None,
    forget: Annotated[bool, typer.Option("--forget", help="Forget it, wherever it is kept.")] = False,
    in_memory: Annotated[
        bool, typer.Option("--in-memory", help="Not in the keyring: until the engine ends.")
    ] = False,
) -> None:
    """Give the key of the model's server: typed unseen, or on standard input; never as an argument.

    It is kept in this system's keyring, else in the engine's memory. LOREBASE_MODEL_KEY goes first.
    """
    from indexer.cli import model_calls

    model_calls.give_key(repo, forget=forget, in_memory=in_memory)


@app.command("local-only")
def local_only(switch: Switch, repo: Repo = None, as_json: AsJson = False) -> None:
    """Mark this repository: with `on`, none of it is ever sent to another machine.

    Example: lorebase model local-only on
    """
    from indexer.cli import model_calls

    model_calls.mark(repo, switch, as_json)
