"""`gradus export`: scripts without a server, files of runs from one."""

from typer.testing import CliRunner

from gradus.export.pytorch import pytorch
from gradus.plan import plan
from gradus_client.client import Client
from gradus_client.command import build
from tests.gradus_client.flaky import Answer, serving

SPEC = "spec: nn/1\nname: moons\ndata: {name: moons}\nnetwork: {layers: [linear]}\n"
DOCUMENT = {
    "spec": "nn/1",
    "name": "moons",
    "data": {"name": "moons"},
    "network": {"layers": ["linear"]},
}
RUN = "run_" + "0" * 32


def gradus(*arguments, typed=None, environment=None):
    return CliRunner().invoke(build(), list(arguments), input=typed, env=environment)


def test_a_spec_becomes_a_script_without_a_server():
    answer = gradus("export", "-", typed=SPEC)
    assert answer.exit_code == 0
    assert answer.stdout == pytorch(plan(DOCUMENT), title="moons")


def test_a_spec_with_a_fault_is_refused_at_its_place():
    answer = gradus("export", "-", typed=SPEC + "train: {weight_decay: -1}\n")
    assert answer.exit_code == 2
    assert "weight_decay" in answer.stderr


def test_a_spec_has_no_weights():
    answer = gradus("export", "-", "--format", "safetensors", "-o", "x", typed=SPEC)
    assert answer.exit_code == 1
    assert "gradus run" in answer.stderr


def test_weights_are_not_poured_into_a_terminal():
    answer = gradus("export", RUN, "--format", "bundle")
    assert answer.exit_code == 1
    assert "-o FILE" in answer.stderr


def test_a_run_becomes_a_file(tmp_path):
    target = tmp_path / "weights.safetensors"
    with serving(Answer(b"\0\1\2")) as (url, script):
        environment = {"GRADUS_URL": url, "GRADUS_TOKEN": "grd_t"}
        wanted = ("export", RUN, "--format", "safetensors", "--step", "40", "-o", str(target))
        answer = gradus(*wanted, environment=environment)
    assert answer.exit_code == 0
    assert target.read_bytes() == b"\0\1\2"
    assert script.requests[0].path == f"/api/v1/runs/{RUN}/export?format=safetensors&step=40"


def test_one_of_several_networks_is_asked_for_by_name(tmp_path):
    with serving(Answer(b"onnx")) as (url, script):
        environment = {"GRADUS_URL": url, "GRADUS_TOKEN": "grd_t"}
        wanted = ("export", RUN, "--format", "onnx", "--network", "g", "-o", str(tmp_path / "g"))
        assert gradus(*wanted, environment=environment).exit_code == 0
    assert script.requests[0].path == f"/api/v1/runs/{RUN}/export?format=onnx&network=g"


def test_a_folder_that_is_not_there_is_named(tmp_path):
    answer = gradus("export", "-", "-o", str(tmp_path / "none" / "model.py"), typed=SPEC)
    assert answer.exit_code == 1
    assert "model.py cannot be written" in answer.stderr.replace("\n", "")


def test_the_client_gives_the_bytes():
    with serving(Answer(b"zip")) as (url, script), Client(url) as client:
        assert client.export(RUN, "bundle") == b"zip"
    assert script.requests[0].path == f"/api/v1/runs/{RUN}/export?format=bundle"
