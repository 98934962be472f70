"""Problems: what is wrong with a document, where, and what would mend it."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from gradus import limits, words
from gradus.patch import Patch


class Problem(BaseModel):
    """One fault or one piece of advice (code "advice.…"), in the words of RFC 9457.

    `path` is a JSON pointer into what the person wrote, `fix` a JSON patch (RFC 6902) against
    the same document that mends it. `message` and `hint` are English; other languages are
    rendered from `code` and `params` by `gradus.words`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    params: dict[str, Any] = {}
    path: str = ""
    layer: str | None = None
    message: str = ""
    expected: str | None = None
    got: str | None = None
    hint: str | None = None
    fix: Patch | None = None

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


def problem(
    code: str,
    path: str = "",
    *,
    layer: str | None = None,
    expected: str | None = None,
    got: str | None = None,
    fix: Patch | None = None,
    **params: Any,
) -> Problem:
    """A problem with its English text filled in from the catalogue."""
    said = {name: _bounded(value) for name, value in params.items() if value is not None}
    return Problem(
        code=code,
        params=said,
        path=path,
        layer=layer,
        message=words.say(code, said),
        expected=expected,
        got=got,
        hint=words.hint(code, said),
        fix=fix,
    )


def _bounded(value: Any) -> Any:
    """A whole number that a JavaScript reader would round travels as text."""
    return str(value) if isinstance(value, int) and abs(value) > limits.INTEGER else value


class SpecError(ValueError):
    """The document cannot be planned; `problems` holds every reason at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(f"{each.path or '/'}: {each.message}" for each in self.problems))

    def to_json(self) -> list[dict[str, Any]]:
        return [each.to_json() for each in self.problems]


class Report:
    """Gathers problems on the way through a document; the same fault at the same place counts once.

    One place can be met many times, because a repeated body is expanded many times.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], Problem] = {}
        self.met = 0  # faults, those that were known already among them

    def add(self, code: str, path: str, **details: Any) -> None:
        self.put(problem(code, path, **details))

    def put(self, found: Problem) -> None:
        """Raises SpecError once there are more than anybody reads."""
        self.met += 1
        subject = str(found.params.get("field", ""))
        self._found.setdefault((found.code, found.path, subject), found)
        if len(self._found) >= limits.PROBLEMS:
            self.raise_if_any()

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self._found.values())

    def raise_if_any(self) -> None:
        """Raises SpecError with everything gathered so far, if there is anything."""
        if self._found:
            raise SpecError(self._found.values())


def show(value: Any) -> str:
    """A value as a reader of JSON knows it, short enough for a sentence."""
    text = _spell(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _spell(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return f'"{value[:80]}"'
    if isinstance(value, Mapping):
        return "{…}"
    if isinstance(value, list | tuple):
        simple = len(value) <= 8 and all(isinstance(each, int | float) for each in value)
        return str(list(value)) if simple else "[…]"
    return str(value)
