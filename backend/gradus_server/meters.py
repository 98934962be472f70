"""What Prometheus reads: requests by route and status, sockets, frames, the connection to Redis."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import Scope

BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Meters:
    """One registry a server, so that two in one process count by themselves."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "gradus_requests", "Answers", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "gradus_request_seconds",
            "Time to the first byte",
            ["route"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.sockets = Gauge("gradus_sockets", "Open sockets", registry=self.registry)

    def request(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one answer under its route's pattern: paths would make a series for each run."""
        route = getattr(scope.get("route"), "path", "unknown")
        self._requests.labels(scope["method"], route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self.registry)
