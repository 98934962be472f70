"""What the page's own code makes of a document, edit by edit, is what the planner takes.

The page's test runner walks with the page's code through presets, and asks the planner here
after each edit.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from gradus.catalogue import catalogue, training
from gradus.plan import plan, plan_json
from gradus.presets import PRESETS
from gradus.problems import SpecError

FRONTEND = Path(__file__).parents[2] / "frontend"
RUNNER = FRONTEND / "node_modules" / ".bin" / "vitest"
WAIT_SECONDS = 280
NETS = (
    "spiral3",
    "circle",
    "digits_cnn",
    "digits_dense",
    "digits_lstm",
    "digits_transformer",
    "iris",
)


class Planner(BaseHTTPRequestHandler):
    """Answers a document with its plan or its problems, and no document with what to begin from."""

    def do_GET(self) -> None:
        documents = [preset.document for preset in PRESETS.values() if preset.name in NETS]
        self._say(
            {"catalogue": {"layers": catalogue(), "train": training()}, "documents": documents}
        )

    def do_POST(self) -> None:
        document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            self._say({"plan": plan_json(plan(document))})
        except SpecError as error:
            self._say({"problems": [each.to_json() for each in error.problems]})

    def _say(self, answer: Any) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def planner() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Planner) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.skipif(not RUNNER.exists(), reason="the page's own packages are not installed")
def test_whatever_a_hand_builds_on_the_canvas_the_planner_judges_alike() -> None:
    with planner() as address:
        done = subprocess.run(
            [RUNNER, "run", "tests/draft/walks.test.ts", "--reporter=verbose"],
            cwd=FRONTEND,
            env={**os.environ, "GRADUS_PLANNER": address, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=WAIT_SECONDS,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the planner judges as the page does" in done.stdout
