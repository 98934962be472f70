"""The routes, one noun a file. The page stands last: it answers whatever nobody else does."""

from gradus_server.routes import (
    artifacts,
    catalogue,
    checkpoints,
    controls,
    events,
    exports,
    forks,
    health,
    inspect,
    launch,
    metrics,
    page,
    plan,
    runs,
    shares,
    stream,
    sweeps,
    uploads,
)

NOUNS = (health, launch, catalogue, plan, inspect, runs, controls, forks, metrics, events)
ROUTERS = tuple(
    noun.router
    for noun in (*NOUNS, sweeps, checkpoints, exports, artifacts, uploads, shares, stream, page)
)
