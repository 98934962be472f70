"""`gradus train`: a spec trained on the spot."""

import json
import subprocess
import sys

from typer.testing import CliRunner

from gradus_client.command import build
from tests.gradus_engine.documents import document, toy


def gradus_train(folder, written, *options):
    spec = folder / "spec.json"
    spec.write_text(json.dumps(written))
    return CliRunner().invoke(build(), ["train", str(spec), *options])


def test_the_results_are_printed_one_a_line(tmp_path):
    answer = gradus_train(tmp_path, toy())
    assert answer.exit_code == 0, answer.output
    assert answer.stdout.startswith("52 steps in ")
    assert "test/accuracy  " in answer.stdout


def test_as_json_there_is_nothing_but_the_answer(tmp_path):
    answer = json.loads(gradus_train(tmp_path, toy(), "--json").stdout)
    assert answer["steps"] == 52
    assert set(answer["results"]) == {"test/loss", "test/accuracy"}


def test_a_loss_that_leaves_the_numbers_ends_with_1_and_says_the_step(tmp_path):
    sgd = {"type": "sgd", "learning_rate": 1e30}
    layers = [{"type": "linear", "units": 8, "activation": "relu"}, "linear"]
    answer = gradus_train(tmp_path, document(layers, "plane", optimizer=sgd))
    assert answer.exit_code == 1
    assert "left the finite numbers at step" in answer.stderr
    allowed = document(layers, "plane", optimizer=sgd, on_nan="continue")
    assert gradus_train(tmp_path, allowed).exit_code == 0


def test_what_is_wrong_with_the_spec_ends_with_2(tmp_path):
    answer = gradus_train(tmp_path, document(["rleu", "linear"]))
    assert answer.exit_code == 2
    assert "rleu" in answer.stderr


def test_a_spec_without_data_and_a_device_that_is_not_there_end_with_2(tmp_path):
    bare = {"spec": "nn/1", "network": {"input": [2], "layers": ["tanh"]}}
    answer = gradus_train(tmp_path, bare)
    assert (answer.exit_code, "names no data" in answer.stderr) == (2, True)
    answer = gradus_train(tmp_path, toy(), "--device", "cuda:99")
    assert (answer.exit_code, "no device 'cuda:99'" in answer.stderr) == (2, True)


def test_the_command_line_starts_without_torch():
    script = "import sys, gradus_client.command as c; c.build(); print('torch' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
