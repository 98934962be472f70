"""Settings: read once from variables that start with GRADUS_, typed, refused by name.

A secret may stand in a file that GRADUS_<FIELD>_FILE names, which keeps it out of the
environment of every process of a container. The default of the data folder follows the XDG base directory specification.
"""

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from gradus_runs.errors import SettingsError

PREFIX = "GRADUS_"
SECRETS = ("database_url", "redis_url")
PASSWORD = re.compile(r"(://[^/@:]*:)[^@]*@")
Seconds = Annotated[float, Field(gt=0, le=1e7)]
Count = Annotated[int, Field(ge=1, le=4096)]


def _data_home() -> Path:
    home = os.environ.get("XDG_DATA_HOME", "")
    # The specification says that a relative path there is to be ignored.
    base = Path(home) if os.path.isabs(home) else Path.home() / ".local" / "share"
    return base / "gradus"


class Settings(BaseSettings):
    """Each field is the variable GRADUS_<FIELD>. Durations are in seconds, sizes in bytes."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    data: Path = Field(default_factory=_data_home, description="folder of everything kept")
    host: str = Field(default="127.0.0.1", description="address that the server listens on")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8765, description="0 takes a free one"
    )
    database_url: str = Field(
        default="", repr=False, description="empty: SQLite in the data folder"
    )
    redis_url: SecretStr = Field(default=SecretStr(""), description="empty: a private Valkey")
    public_url: str = Field(default="", description="address that people use, behind a proxy")
    mode: Literal["laptop", "team"] = Field(default="laptop", description="one person, or sign-in")

    queue: str = Field(
        default="train", description="queue that runs are put into: train, train.gpu"
    )
    device: str = Field(default="auto", description="auto, cpu, cuda or cuda:N")
    children: Count | None = Field(default=None, description="training processes of a worker")
    threads: Count | None = Field(default=None, description="threads of one training process")

    lease_seconds: Seconds = Field(
        default=30.0, description="how long a job is held without a renewal"
    )
    renew_seconds: Seconds = Field(default=5.0, description="how often a lease is renewed")
    stall_seconds: Seconds = Field(
        default=60.0, description="a step longer than this loses the lease"
    )
    checkpoint_seconds: Seconds = Field(
        default=10.0, description="least time between two checkpoints"
    )
    paused_seconds: Seconds = Field(
        default=300.0, description="how long a paused run is kept in a worker's memory"
    )
    unattended_seconds: Annotated[float, Field(ge=0)] = Field(
        default=120.0,
        description="an unnamed run of the page rests when nobody has looked for so long; 0: never",
    )
    retry_seconds: Seconds = Field(
        default=5.0, description="time between two attempts of a run that waits"
    )
    compile_seconds: Annotated[float, Field(ge=0)] = Field(
        default=60.0,
        description="how long plain steps would still have to take for a run's step to be compiled "
        "beside it; 0 compiles nothing",
    )
    scratch_hours: Seconds = Field(
        default=168.0, description="life of an unnamed, unpinned run after its last use"
    )
    collect_hours: Annotated[float, Field(ge=0)] = Field(
        default=24.0, description="how long an artifact stays that nothing refers to"
    )

    @property
    def scratch_ms(self) -> int:
        """How long a scratch run lives after its last use."""
        return int(self.scratch_hours * 3_600_000)

    @field_validator("data")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        return folder.expanduser().absolute()

    @property
    def database(self) -> str:
        """The database's URL with the default filled in."""
        return self.database_url or f"sqlite:///{self.data / 'gradus.db'}"

    @property
    def artifacts(self) -> Path:
        """The folder of artifacts too large for a row."""
        return self.data / "artifacts"

    def make_data_folder(self) -> Path:
        """Create the data folder, open to its owner alone; raises SettingsError where it cannot be."""
        try:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"{PREFIX}DATA",
                f"{self.data} cannot be made ({error.strerror}); name a folder "
                "that you may write to.",
            ) from error
        return self.data


def load(environment: Mapping[str, Any] | None = None) -> Settings:
    """Settings from the variables of the process, or from `environment` alone for tests.

    Raises SettingsError, which names the variable.
    """
    in_files = _in_files(os.environ if environment is None else environment)
    try:
        if environment is None:
            return Settings(**in_files)
        names = {f"{PREFIX}{field}".upper(): field for field in Settings.model_fields}
        given = {names[key]: value for key, value in environment.items() if key in names}
        return Settings.model_validate(in_files | given)
    except ValidationError as error:
        first = error.errors()[0]
        variable = f"{PREFIX}{first['loc'][0]}".upper()
        raise SettingsError(variable, f"{first['msg']}; got {first['input']!r}.") from error


def _in_files(environment: Mapping[str, Any]) -> dict[str, Any]:
    """The secrets that only a file holds; a variable of the same setting comes first."""
    found = {}
    for field in SECRETS:
        variable = f"{PREFIX}{field}".upper()
        path = environment.get(f"{variable}_FILE")
        if path and variable not in environment:
            found[field] = _secret(f"{variable}_FILE", Path(path))
    return found


def _secret(variable: str, path: Path) -> str:
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SettingsError(
            variable, f"{path} cannot be read ({reason}); name a file that holds the secret alone."
        ) from error
    if not secret:
        raise SettingsError(variable, f"{path} is empty; it must hold the secret.")
    return secret


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return load()


def listing(current: Settings) -> list[dict[str, str]]:
    """One row a setting for `gradus doctor`: variable, value, default or not, meaning. No secrets."""
    return [
        {
            "variable": f"{PREFIX}{name}".upper(),
            "value": _shown(name, getattr(current, name)),
            "set": "yes" if name in current.model_fields_set else "no",
            "meaning": field.description or "",
        }
        for name, field in Settings.model_fields.items()
    ]


def _shown(name: str, value: object) -> str:
    if name.endswith("_url"):
        return PASSWORD.sub(r"\1…@", str(value))
    return "" if value is None else str(value)
