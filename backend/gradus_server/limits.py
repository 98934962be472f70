"""How much one may ask for; told by `GET /limits`."""

from collections.abc import Mapping

from gradus import limits as language
from gradus.sweeps.members import LAYERS as SWEEP_LAYERS
from gradus.sweeps.request import MEMBERS
from gradus_server.body import MAX_BYTES, MAX_DEPTH

HEADER_BYTES = 16 * 1024
RUN_PARAMETERS = 200_000_000
QUEUED_RUNS = 1_000  # without members of sweeps
SWEEPS_UNDER_WAY = 20
EXPORT_BYTES = 1024 * 1024 * 1024  # of one file: it is put together in memory
UPLOAD_BYTES = 256 * 1024 * 1024  # of one file: it is checked in memory
SOCKETS = 500
SOCKETS_OF_ONE = 50

LIMITS: Mapping[str, int] = {
    "header_bytes": HEADER_BYTES,
    "body_bytes": MAX_BYTES,
    "body_depth": MAX_DEPTH,
    "plan_layers": language.LAYERS,
    "plan_parameters": language.PARAMETERS,
    "run_parameters": RUN_PARAMETERS,
    "queued_runs": QUEUED_RUNS,
    "sweep_members": MEMBERS,
    "sweep_layers": SWEEP_LAYERS,
    "sweeps_under_way": SWEEPS_UNDER_WAY,
    "export_bytes": EXPORT_BYTES,
    "upload_bytes": UPLOAD_BYTES,
    "sockets": SOCKETS,
    "sockets_of_one": SOCKETS_OF_ONE,
    "pictures_of_a_run": 64,
}
