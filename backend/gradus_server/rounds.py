"""A thread in every server that looks after something again and again."""

import logging
import threading
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from sqlalchemy.exc import SQLAlchemyError

from gradus_runs.errors import LiveUnavailable

log = logging.getLogger(__name__)


class Rounds(ABC):
    """One round every so many `seconds` until it is left; one that fails is left out."""

    def __init__(self, name: str, seconds: float) -> None:
        self._seconds = seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join(timeout=5.0)

    def _run(self) -> None:
        while not self._ended.wait(self._seconds):
            try:
                self.round()
            except (SQLAlchemyError, LiveUnavailable, OSError) as error:
                log.warning("a round was left out: %s", error)
            except Exception:  # the thread looks after everybody's work: it must live on
                log.exception("a round failed")

    @abstractmethod
    def round(self) -> None:
        """Look once after everything."""
