"""The Python client: what the API can do, as methods with typed answers."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Self
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from gradus.controls import Control
from gradus.events import Event
from gradus.probes import Probe
from gradus.sweeps.request import Method
from gradus_client import address, follow, frame
from gradus_client.errors import Refused, Unreachable
from gradus_client.run import MetricsPublic, RunPage, RunPublic
from gradus_client.sweep import SweepMember, SweepPage, SweepPublic

ATTEMPTS = 3
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
Start = Literal["run", "ramp", "batch", "epoch", "paused"]


class Client:
    """A connection to one server; every method raises `Unreachable` or `Refused`.

    >>> with Client.find() as client:
    ...     run = client.create({"spec": "nn/1", ...})
    ...     for event in client.events(run.id):
    ...         print(event.number, event.type)
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        timeout: float = 20.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._http = httpx.Client(
            base_url=f"{self.url}/api/v1",
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=timeout,
            transport=transport,
            # A proxy of the environment cannot know what listens on this machine.
            trust_env=urlsplit(self.url).hostname not in LOOPBACK,
        )

    @classmethod
    def find(cls) -> Self:
        """The server that the environment or the data folder names."""
        found = address.find()
        return cls(found.url, found.token)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def plan(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Shapes, counts, costs and advice of a spec; its faults are the refusal's `problems`."""
        return self._ask("POST", "/plan", json=document).json()  # type: ignore[no-any-return]

    def create(
        self,
        document: Mapping[str, Any],
        *,
        name: str | None = None,
        source: str | None = None,
        start: Start = "run",
        tags: Sequence[str] = (),
        key: str | None = None,
    ) -> RunPublic:
        """Queues a run of a spec; asked again after a broken connection, it is still one run.

        Args:
            document: the spec as JSON.
            source: the text it was written as, with its comments.
            key: the Idempotency-Key; the same key and body give the same run for a day.
        """
        body: dict[str, Any] = {"document": document, "start": start, "tags": list(tags)}
        body |= {"name": name} if name is not None else {}
        body |= {"source": source} if source is not None else {}
        headers = {"Idempotency-Key": key or uuid4().hex}
        answer = self._ask("POST", "/runs", json=body, headers=headers)
        return RunPublic.model_validate(answer.json())

    def sweep(
        self,
        document: Mapping[str, Any],
        vary: Sequence[Mapping[str, Any]],
        *,
        method: Method = "grid",
        key: str | None = None,
        **asked: Any,
    ) -> SweepPublic:
        """Queues a run of a spec for every setting of the places under `vary`.

        Args:
            vary: `{"path": "/train/optimizer/learning_rate", "values": [0.01, 0.1]}`, or with `low`
                and `high` but in a grid.
            asked: `members`, `seeds`, `seed`, `goal`, `prune`, `at_once`, `name`, `tags`.
        """
        body = {"document": document, "vary": list(vary), "method": method, **asked}
        headers = {"Idempotency-Key": key or uuid4().hex}
        answer = self._ask("POST", "/sweeps", json=body, headers=headers, timeout=120)
        return SweepPublic.model_validate(answer.json())

    def sweeps(self, **filters: str | int) -> SweepPage:
        """A page of sweeps, newest first; filters: `status`, `cursor`, `limit`."""
        return SweepPage.model_validate(self._ask("GET", "/sweeps", params=filters).json())

    def sweep_of(self, sweep_id: str) -> SweepPublic:
        """A sweep by its id, with the best member so far."""
        return SweepPublic.model_validate(self._ask("GET", f"/sweeps/{sweep_id}").json())

    def members(self, sweep_id: str, order: Literal["goal", "index"] = "goal") -> list[SweepMember]:
        """The members of a sweep, the best first."""
        answer = self._ask("GET", f"/sweeps/{sweep_id}/members", params={"order": order})
        return [SweepMember.model_validate(each) for each in answer.json()["members"]]

    def control_sweep(self, sweep_id: str, action: Literal["pause", "play", "stop"]) -> SweepPublic:
        """Asks the same of every member that has not ended."""
        answer = self._ask("POST", f"/sweeps/{sweep_id}/control", json={"action": action})
        return SweepPublic.model_validate(answer.json())

    def upload(self, body: bytes, name: str) -> str:
        """Keeps a safetensors file for documents to start from; the hash that they call it by."""
        headers = {"Content-Type": "application/octet-stream"}
        answer = self._ask(
            "POST", "/artifacts", params={"name": name}, content=body, headers=headers, timeout=300
        )
        return str(answer.json()["hash"])

    def runs(self, **filters: str | int) -> RunPage:
        """A page of runs, newest first; filters: `status`, `tag`, `name`, `cursor`, `limit`."""
        return RunPage.model_validate(self._ask("GET", "/runs", params=filters).json())

    def run(self, run_id: str) -> RunPublic:
        return RunPublic.model_validate(self._ask("GET", f"/runs/{run_id}").json())

    def control(self, run_id: str, control: Control) -> str:
        """Asks something of a living run; the id of the control, which takes effect soon."""
        body = control.model_dump(mode="json", exclude_none=True)
        return str(self._ask("POST", f"/runs/{run_id}/control", json=body).json()["id"])

    def metrics(
        self, run_id: str, series: Sequence[str] = (), points: int | None = None
    ) -> MetricsPublic:
        """The curves, all or those named, thinned to about `points` by minimum and maximum."""
        wanted: dict[str, Any] = {"series": list(series)} if series else {}
        wanted |= {"points": points} if points else {}
        answer = self._ask("GET", f"/runs/{run_id}/metrics", params=wanted)
        return MetricsPublic.model_validate(answer.json())

    def events(self, run_id: str, after: int = 0) -> Iterator[Event]:
        """The run's log after event `after`: what is written, then what comes, to its end."""

        def connect(number: int) -> AbstractContextManager[httpx.Response]:
            headers = {"Accept": "text/event-stream", "Last-Event-ID": str(number)}
            timeout = httpx.Timeout(20.0, read=follow.SILENCE)
            path = f"/runs/{run_id}/events"
            return self._http.stream("GET", path, headers=headers, timeout=timeout)

        return follow.events(self.url, connect, after)

    def inspect(self, run_id: str, probe: Probe, step: int | None = None) -> frame.Frame:
        """A picture of a run's network, of now or of a step that was kept."""
        body = {"probe": probe.model_dump(mode="json")} | ({} if step is None else {"step": step})
        return frame.decode(self._ask("POST", f"/runs/{run_id}/inspect", json=body).content)

    def export(
        self,
        run_id: str,
        format: str,
        step: int | None = None,
        network: str | None = None,
        *,
        transforms: bool = False,
    ) -> bytes:
        """A run as one file: `safetensors`, `onnx`, `pytorch`, `csv`, `parquet` or `bundle`;
        weights of now, or kept at or before `step`; of several networks, ONNX of `network`
        or a zip of all; with `transforms`, ONNX that reads samples as the dataset has them."""
        wanted: dict[str, Any] = {"format": format}
        wanted |= {} if step is None else {"step": step}
        wanted |= {} if network is None else {"network": network}
        wanted |= {"transforms": True} if transforms else {}
        return self._ask("GET", f"/runs/{run_id}/export", params=wanted).content

    def _ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        answer = self._send(method, path, **request)
        if answer.is_error:
            raise Refused.of(answer)
        return answer

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Tries again where the request may be asked twice: reads, and posts with a key."""
        repeatable = method == "GET" or "headers" in request
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._http.request(method, path, **request)
            except httpx.TransportError as fault:
                nobody_there = isinstance(fault, httpx.ConnectError)
                if nobody_there or not repeatable or attempt == ATTEMPTS:
                    raise Unreachable(self.url, str(fault)) from fault
        raise AssertionError("the last attempt returns or raises")
