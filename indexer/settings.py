"""Settings: frozen dataclasses over one TOML file; who starts the program reads it once.

Nothing below the fronts reads an environment variable: ``cli`` passes the environment in.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from hashlib import blake2b
from pathlib import Path
from typing import get_type_hints
from urllib.parse import urlsplit

from indexer.errors import UsageError

ENV_DATA = "LOREBASE_DATA"
"""Moves the data folder (indexes, notes, settings) elsewhere; tests and portable installs use it."""


@dataclass(frozen=True, slots=True)
class IndexingSettings:
    """What is read and how."""

    working_copy: bool = True
    """Lay uncommitted changes over HEAD."""
    model: str = "packaged"
    """"packaged", "none" (words only), or a name or folder for sentence-transformers."""
    device: str = "cpu"
    """Where a sentence-transformers model runs: "cpu", "cuda", "mps"."""
    parse_workers: int = 2
    parse_seconds: float = 2.0
    """Longest time that one file may take to parse before it is cut by lines."""
    parse_bytes: int = 1_000_000
    lines_bytes: int = 10_000_000
    """Up to ``parse_bytes`` a file is parsed, up to ``lines_bytes`` it is cut by lines, above
    that only its name is searchable."""
    lore_folder: str = "docs/lore"
    """Folder of the repository whose Markdown files are read as notes, and where notes are published."""
    watch_seconds: float = 3.0
    """How often HEAD and the working copy are looked at while an engine runs; 0: never."""


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How the engine process behaves."""

    idle_seconds: float = 600.0
    """The engine ends when no client was connected, and no job ran, for so long."""
    embed_threads: int = 0
    """Threads of the embedding model; 0: as many as there are cores, four at most."""


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """How the desktop looks; the engine is not given these."""

    scheme: str = "system"
    """"system", "light" or "dark"."""
    scale: float = 1.0
    """Size of text and controls, 0.8 to 1.6."""
    editor: str = ""
    """Command that opens a file, with {path} and {line}; empty: the first known editor found."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """The language model that may write answers out; off unless a person turns it on.

    Its key is no setting: see `key_in`.
    """

    provider: str = "off"
    """"off", "ollama", "openai" (any server that speaks OpenAI's chat protocol), "anthropic"."""
    name: str = ""
    """What its server calls the model."""
    url: str = ""
    """Where the server is; empty: where the provider usually is."""
    context_tokens: int = 8192
    """What the model is given to read and to write in, at most."""
    output_tokens: int = 700
    first_seconds: float = 120.0
    """How long the first word may take: a local server may have to load the model first."""
    idle_seconds: float = 30.0
    """How long the next word may take."""
    total_seconds: float = 300.0


SECTIONS = ("indexing", "engine", "window", "model")

ENV_KEY = "LOREBASE_MODEL_KEY"
"""The key of the language model's server, whichever it is."""

PROVIDERS_KEYS = {
    "anthropic": ("ANTHROPIC_API_KEY", "api.anthropic.com"),
    "openai": ("OPENAI_API_KEY", "api.openai.com"),
}
"""The variable that a provider's own tools read, and the only host that its key is given to."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. ``data_dir`` holds everything that we write."""

    data_dir: Path
    indexing: IndexingSettings = IndexingSettings()
    engine: EngineSettings = EngineSettings()
    window: WindowSettings = WindowSettings()
    model: ModelSettings = ModelSettings()

    @property
    def file(self) -> Path:
        """Where these settings are kept."""
        return self.data_dir / "settings.toml"


def load_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings of this user. A missing file means the defaults.

    Raises UsageError when the file is not TOML, or holds a key or a value that we do not know.
    """
    data_dir = _data_dir(environment)
    settings = Settings(data_dir=data_dir)
    try:
        text = settings.file.read_text("utf-8")
    except FileNotFoundError:
        return settings
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"The settings file is not valid TOML: {error}",
            f"Mend or remove {settings.file}; without it the defaults apply.",
        ) from error
    for section, values in table.items():
        if not isinstance(values, dict):
            raise _unknown(section, settings.file)
        for key, value in values.items():
            settings = with_value(settings, f"{section}.{key}", value)
    return settings


def save_settings(settings: Settings) -> None:
    """Write ``settings`` so that a crash leaves the old file or the new one, never half of one."""
    lines: list[str] = []
    for section in SECTIONS:
        lines.append(f"[{section}]")
        lines += [f"{key} = {_toml(value)}" for key, value in asdict(getattr(settings, section)).items()]
        lines.append("")
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = settings.file.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as out:
        out.write("\n".join(lines))
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(settings.file)


def with_value(settings: Settings, key: str, value: object) -> Settings:
    """Return ``settings`` with ``section.name`` set; text is read as the type that the key has.

    Raises UsageError for an unknown key or a value of the wrong type.
    """
    section_name, _, name = key.partition(".")
    if section_name not in SECTIONS:
        raise _unknown(key, settings.file)
    section = getattr(settings, section_name)
    if name not in {each.name for each in fields(section)}:
        raise _unknown(key, settings.file)
    kind = get_type_hints(type(section))[name]
    return replace(settings, **{section_name: replace(section, **{name: _read(key, value, kind)})})


def index_dir(settings: Settings, git_dir: Path) -> Path:
    """Return the folder of the index for the checkout with this git folder.

    The name is a digest of the real path, so that two repositories of one name stay apart.
    """
    digest = blake2b(os.fsencode(git_dir.resolve()), digest_size=8).hexdigest()
    return settings.data_dir / "indexes" / digest


def people_dir(settings: Settings, common_dir: Path) -> Path:
    """Return the folder of what people made of the repository with this common git folder.

    All linked worktrees of a repository share it; each has an index of its own.
    """
    digest = blake2b(os.fsencode(common_dir.resolve()), digest_size=8).hexdigest()
    return settings.data_dir / "people" / digest


def key_in(environment: Mapping[str, str], model: ModelSettings) -> str:
    """Return the key that the environment holds for this model's server; empty if none.

    A provider's own variable counts for that provider's own host alone, so that it reaches no
    other server that a person happens to try.
    """
    if environment.get(ENV_KEY):
        return environment[ENV_KEY]
    variable, host = PROVIDERS_KEYS.get(model.provider, ("", ""))
    if variable and (not model.url or urlsplit(model.url).hostname == host):
        return environment.get(variable, "")
    return ""


def _data_dir(environment: Mapping[str, str]) -> Path:
    if environment.get(ENV_DATA):
        return Path(environment[ENV_DATA]).expanduser()
    # platformdirs is small, and late only because `--help` needs no folder.
    from platformdirs import user_data_path

    return user_data_path("lorebase", appauthor=False)


def _read(key: str, value: object, kind: type) -> object:
    try:
        if kind is bool:
            if isinstance(value, bool):
                return value
            return {"true": True, "on": True, "false": False, "off": False}[str(value).lower()]
        return kind(value)
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(
            f"{key} needs a value of type {kind.__name__}, not {value!r}.",
            "Run `lorebase config` to see every key with its value.",
        ) from error


def _unknown(key: str, file: Path) -> UsageError:
    return UsageError(
        f"There is no setting named {key!r}.",
        f"Run `lorebase config` to see every key; the file is {file}.",
    )


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
