"""`gradus run` and its kin, and the guide to the API, against a real server and worker."""

import json
import math
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from gradus.probes import FieldProbe
from gradus_client.client import Client
from tests.system.processes import free_port, start, wait_for

ROOT = Path(__file__).parents[2]
GRADUS = Path(sys.executable).parent / "gradus"
ENDLESS = {
    "spec": "nn/1",
    "data": {"name": "moons"},
    "network": {"layers": [{"type": "linear", "units": 4, "activation": "tanh"}, "linear"]},
    "train": {"epochs": 10_000_000},
}
STEEP = {
    "spec": "nn/1",
    "data": {"name": "plane"},
    "network": {"layers": [{"type": "linear", "units": 4, "activation": "relu"}, "linear"]},
    "train": {"optimizer": {"type": "sgd", "learning_rate": 100.0}},
}

pytestmark = pytest.mark.service


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """The environment in which the command finds what `gradus up` started."""
    folder = tmp_path_factory.mktemp("site")
    environment = {"GRADUS_DATA": str(folder / "data")}
    settings = {"GRADUS_PORT": str(free_port()), "GRADUS_THREADS": "1", "GRADUS_CHILDREN": "1"}
    up = start(["up", "--no-browser"], environment | settings, folder / "up.log")
    try:
        ready = f"http://127.0.0.1:{settings['GRADUS_PORT']}/api/v1/ready"
        wait_for(lambda: answers(ready), 60, f"a warm worker, see {folder / 'up.log'}")
        yield environment
    finally:
        up.kill_tree()


def answers(url):
    with suppress(httpx.TransportError):
        return httpx.get(url).status_code == 200
    return False


@pytest.fixture
def client(service, monkeypatch):
    monkeypatch.setenv("GRADUS_DATA", service["GRADUS_DATA"])
    with Client.find() as found:
        yield found


def token(service):
    return {
        "Authorization": f"Bearer {(Path(service['GRADUS_DATA']) / 'token').read_text().strip()}"
    }


def gradus(service, *arguments, typed=None):
    return subprocess.run(
        [GRADUS, *arguments],
        env={**os.environ, **service},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_digits_are_learned_while_a_bar_shows_it(service):
    answer = gradus(service, "run", ROOT / "examples" / "digits-cnn.yaml", "--watch", "--json")
    assert answer.returncode == 0, answer.stderr
    assert "epoch 20/20" in answer.stderr
    ended = json.loads(answer.stdout)
    assert ended["status"] == "finished"
    assert ended["results"]["test/accuracy"] >= 0.98


def test_a_run_that_is_not_waited_for_can_be_found_and_stopped(service):
    started = gradus(service, "run", "-", "--name", "endless", typed=json.dumps(ENDLESS))
    run = started.stdout.strip()
    assert started.returncode == 0, started.stderr
    assert run in gradus(service, "runs", "--json").stdout
    assert "endless" in gradus(service, "runs").stdout
    assert gradus(service, "stop", run).returncode == 0
    shown = gradus(service, "show", run, "--watch", "--json")
    assert json.loads(shown.stdout)["status"] == "stopped"


def test_ctrl_c_leaves_the_run_going_and_says_how_to_come_back(service, client, tmp_path):
    spec = tmp_path / "endless.json"
    spec.write_text(json.dumps(ENDLESS | {"name": "left"}))
    watching = subprocess.Popen(
        [GRADUS, "run", spec, "--watch", "--name", "left"],
        env={**os.environ, **service},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    run = wait_for(lambda: client.runs(name="left").runs, 60, "the run")[0].id
    wait_for(lambda: client.run(run).step > 0, 60, "its first step")
    watching.send_signal(signal.SIGINT)
    _, said = watching.communicate(timeout=60)
    assert watching.returncode == 130
    assert f"gradus show {run} --watch" in said
    before = client.run(run).step
    wait_for(lambda: client.run(run).step > before, 60, "another step")
    gradus(service, "stop", run)


def test_a_run_is_created_once_however_often_it_is_asked_for(client):
    first = client.create(ENDLESS, start="paused", key="once")
    assert client.create(ENDLESS, start="paused", key="once").id == first.id


def test_python_sees_curves_events_and_pictures(client):
    document = {**ENDLESS, "train": {"epochs": 30}}
    run = client.create(document)
    events = list(client.events(run.id))
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    ended = client.run(run.id)
    assert ended.status == "finished"
    assert 0 < ended.results["test/accuracy"] <= 1
    curve = client.metrics(run.id, ["train/loss"], points=50).series["train/loss"]
    assert curve.last_step[-1] == ended.step
    frame = client.inspect(run.id, FieldProbe(resolution=8))
    assert [array.shape[-2:] for array in frame.arrays.values()] == [(8, 8)]


def test_a_watched_run_that_diverges_at_once_pauses(service, client):
    with httpx.Client(base_url=f"{client.url}/api/v1", headers=token(service), timeout=20) as api:
        body = {"document": STEEP, "watch": [{"kind": "norms"}]}
        run = api.post("/runs", json=body).json()["id"]
    wait_for(lambda: client.run(run).status == "paused", 60, "the pause")
    assert client.run(run).reason == "diverged"
    assert client.run(run).step < 100


def test_what_is_told_of_a_run_that_diverged_is_json_for_every_reader(service, client):
    steepest = {"type": "sgd", "learning_rate": 1e30}
    run = client.create(
        {**STEEP, "network": {"layers": ["linear"]}, "train": {"optimizer": steepest}}
    ).id
    wait_for(lambda: client.run(run).status == "failed", 60, "the end")
    assert client.run(run).reason == "diverged"
    with httpx.Client(base_url=f"{client.url}/api/v1", headers=token(service), timeout=20) as api:
        told = {
            path: api.get(f"/runs/{run}{path}").raise_for_status().text
            for path in ("", "/events", "/metrics?series=train/loss&points=50")
        }
    for text in told.values():
        json.loads(text, parse_constant=pytest.fail)  # NaN bare is no JSON
    assert any(f'"{word}"' in told["/events"] for word in ("NaN", "Infinity"))
    (loss,) = client.metrics(run, ["train/loss"], points=50).series.values()
    assert not math.isfinite(loss.mean[-1])


def test_the_guide_to_the_api_can_be_followed_to_its_end(service, tmp_path):
    guide = (ROOT / "docs" / "api.md").read_text()
    steps = "".join(re.findall(r"^```sh\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL))
    # A stream stays open until its reader leaves; here the reader leaves after two seconds.
    script = "set -e\n" + re.sub(
        r"^curl (-sSN .*)$", r"curl -m 2 \1 || test $? = 28", steps, flags=re.M
    )
    script = script.replace("curl ", "curl --fail-with-body ")
    answer = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={**os.environ, **service},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert '"type":"metrics"' in answer.stdout.replace(" ", "")


def test_a_spec_is_swept_and_the_best_member_is_told(service, client):
    document = {**ENDLESS, "train": {"epochs": 3}}
    vary = ["--vary", "/train/optimizer/learning_rate=1e-6,0.05", "--vary", "/train/batch_size=16"]
    answer = gradus(service, "sweep", "-", *vary, "--watch", typed=json.dumps(document))
    assert answer.returncode == 0, answer.stderr
    first, *_ = [line for line in answer.stdout.splitlines() if "run_" in line]
    assert first.split()[0] == "0.05"
    assert "2 of 2 have ended" in answer.stdout
    (made, *_) = client.sweeps().sweeps
    assert [made.status, made.ended] == ["finished", 2]
    assert client.members(made.id)[0].values["/train/optimizer/learning_rate"] == 0.05


def test_the_sweep_among_the_examples_is_trained(service):
    written = Path(__file__).parents[2] / "examples" / "sweeps" / "spiral.yaml"
    answer = gradus(service, "sweep", str(written), "--wait", "--json")
    assert answer.returncode == 0, answer.stderr
    told = json.loads(answer.stdout)
    assert told["counts"]["finished"] + told["counts"]["pruned"] == told["members"] == 12


def test_a_sweep_that_cannot_be_planned_says_where(service):
    answer = gradus(service, "sweep", "-", "--vary", "/train/epochs=3,0", typed=json.dumps(ENDLESS))
    assert answer.returncode == 2
    assert "/vary/0/values/1" in answer.stderr


def test_a_run_starts_from_a_file_that_another_was_exported_to(service, client, tmp_path):
    spec, kept = tmp_path / "moons.json", tmp_path / "kept.safetensors"
    short = {**ENDLESS, "train": {"epochs": 1}}
    spec.write_text(json.dumps(short))
    old = json.loads(gradus(service, "run", spec, "--wait", "--json").stdout)["id"]
    kept.write_bytes(client.export(old, "safetensors"))
    begun = gradus(service, "run", spec, "--weights", kept, "--wait", "--json")
    assert begun.returncode == 0, begun.stderr
    run = client.run(json.loads(begun.stdout)["id"])
    assert (
        run.document["network"]["init"]["from"]["weights"] == run.resolved["weights"][0]["artifact"]
    )
    wider = {**short, "network": {"layers": [{"type": "linear", "units": 9}, "linear"]}}
    spec.write_text(json.dumps(wider))
    refused = gradus(service, "run", spec, "--weights", kept)
    assert refused.returncode == 2
    assert (
        "linear_1.weight has the shape [9, 2], but linear_1.weight in the weights has [4, 2]"
        in " ".join(refused.stderr.split())
    )
    anew = ["--without", "linear_1", "--without", "linear_2"]
    assert "Nothing here could start from weights" in " ".join(
        gradus(service, "run", spec, "--weights", kept, *anew).stderr.split()
    )
