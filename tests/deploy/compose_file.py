"""The Compose file as an engine would read it: anchors merged, variables filled in."""

import copy
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
PATH = ROOT / "docker-compose.yml"
NEEDED = {"GRADUS_PUBLIC_URL": "https://gradus.example.org"}
VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<name>\w+)(?:(?P<how>:?[-?])(?P<rest>[^}]*))?\})")


class Unset(ValueError):
    """A variable that the file asks for is not set."""


def written() -> dict[str, Any]:
    """The file with its variables as they stand there."""
    return copy.deepcopy(YAML(typ="safe").load(PATH))


def filled(environment: Mapping[str, str] = NEEDED) -> dict[str, Any]:
    """The file with its variables filled in; raises Unset with the file's own words."""
    return _fill(written(), environment)


def _fill(value: Any, environment: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _fill(part, environment) for key, part in value.items()}
    if isinstance(value, list):
        return [_fill(part, environment) for part in value]
    if isinstance(value, str):
        return VARIABLE.sub(lambda found: _value(found, environment), value)
    return value


def _value(found: re.Match[str], environment: Mapping[str, str]) -> str:
    """`$$`, `${A}`, `${A-default}`, `${A:-default}`, `${A?words}` and `${A:?words}`."""
    if found["dollar"]:
        return "$"
    how, given = found["how"] or "-", environment.get(found["name"])
    if given or (given is not None and ":" not in how):
        return given
    if how.endswith("?"):
        raise Unset(f"{found['name']}: {found['rest']}")
    return found["rest"] or ""


def long_running(compose: Mapping[str, Any]) -> dict[str, Any]:
    """The services that are not done after their first moments."""
    services = compose["services"]
    return {name: one for name, one in services.items() if one.get("restart") != "no"}
