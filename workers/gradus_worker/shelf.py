"""Recent nets kept in memory, the least recently used put away first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from gradus_engine.opening import AnySession

MOST_NETS = 32
MOST_PARAMETERS = 50_000_000  # of all nets together: weights, gradients and moments take 16 bytes


class Shelf:
    """Sessions by whatever names them."""

    def __init__(self, nets: int = MOST_NETS, parameters: int = MOST_PARAMETERS) -> None:
        self._nets = nets
        self._parameters = parameters
        self._sessions: OrderedDict[Hashable, AnySession] = OrderedDict()

    def get(self, key: Hashable, build: Callable[[], AnySession]) -> AnySession:
        """The session under `key`, built when it is not here."""
        session = self._sessions.pop(key, None) or build()
        self._sessions[key] = session
        while len(self._sessions) > 1 and self._overfull():
            self._sessions.popitem(last=False)
        return session

    def _overfull(self) -> bool:
        held = sum(session.plan.totals.parameters for session in self._sessions.values())
        return len(self._sessions) > self._nets or held > self._parameters
