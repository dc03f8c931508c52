"""What is pasted into an editor's settings so that it starts the server for one repository."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

from indexer.location import Location
from indexer.settings import ENV_DATA

SCRIPTS = ("lorebase", "lorebase.exe")


def configuration(location: Location, data_dir: str | None) -> str:
    """Return JSON with whole paths, since editors start in no shell of the user.

    ``data_dir`` is the data folder that the user has moved, if any.
    """
    folder = os.fsdecode(location.work_tree or location.common_dir)
    command, *arguments = _command()
    entry: dict[str, object] = {"command": command, "args": [*arguments, "mcp", "--repo", folder]}
    if data_dir:
        entry["env"] = {ENV_DATA: str(Path(data_dir).absolute())}
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", Path(folder).name).strip("-") or "repository"
    return json.dumps({"mcpServers": {f"lorebase-{name}": entry}}, indent=2)


def _command() -> list[str]:
    """Return how this very program is started."""
    script = Path(sys.argv[0])
    if script.name in SCRIPTS and script.is_file():
        return [str(script.absolute())]
    return [sys.executable, "-c", "from indexer.cli import main; main()"]
