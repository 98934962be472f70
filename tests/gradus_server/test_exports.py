"""What can be taken away of a run, over HTTP: names, contents, and what is refused."""

import csv
import io
import json
import struct
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import numpy as np
import onnxruntime
import pytest
from pyarrow.parquet import read_table

from gradus.events import Status
from gradus.plan import plan
from gradus.planned import Plan
from gradus.presets import PRESETS
from gradus_runs import artifacts, checkpoints, jobs, runs
from gradus_runs.database import writing
from gradus_runs.store import Store
from gradus_server import keeping, limits
from tests.gradus_server.service import SPIRAL, Service
from tests.gradus_server.test_runs import ramp, train

# Weights of the spiral's network.
NET = {
    "linear_1.weight": np.eye(8, 2, dtype=np.float32),
    "linear_1.bias": np.linspace(-1, 1, 8, dtype=np.float32),
    "linear_2.weight": np.ones((1, 8), np.float32),
    "linear_2.bias": np.zeros(1, np.float32),
}
WIDE = {"linear_1.weight": np.eye(2, dtype=np.float32), "linear_1.bias": np.ones(3, np.float32)}


def packed(tensors: dict[str, Any]) -> bytes:
    """A safetensors file, as its format describes it."""
    header: dict[str, Any] = {}
    body = b""
    for name, values in tensors.items():
        place = [len(body), len(body) + values.nbytes]
        header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": place}
        body += values.tobytes()
    head = json.dumps(header).encode()
    return struct.pack("<Q", len(head)) + head + body


def unpacked(file: bytes) -> tuple[dict[str, Any], dict[str, str]]:
    (size,) = struct.unpack("<Q", file[:8])
    header = json.loads(file[8 : 8 + size])
    metadata = header.pop("__metadata__")
    found = {}
    for name, row in header.items():
        start, end = (8 + size + each for each in row["data_offsets"])
        found[name] = np.frombuffer(file[start:end], np.float32).reshape(row["shape"])
    return found, metadata


def keep(service: Service, run: str, job: jobs.Job, step: int) -> None:
    """Stand in for a worker that keeps a run on its way: an optimizer lies beside the network."""
    store = Store(service.settings.artifacts)
    tensors = {f"network/{name}": value + step for name, value in NET.items()}
    body = packed(tensors | {"optimizer/first/linear_1.bias": np.ones(8, np.float32)})
    store.keep(body)
    with writing(service.engine) as conn:
        checkpoints.write(
            conn, job.claim, run, store, tensors=body, state={}, step=step, samples=step * 10
        )


def end(service: Service, run: str, tensors: dict[str, Any]) -> None:
    """Stand in for a worker that keeps the weights of a run's end."""
    store = Store(service.settings.artifacts)
    body = packed(tensors)
    store.keep(body)
    with writing(service.engine) as conn:
        digest = artifacts.put(conn, store, body)
        artifacts.refer(conn, service.actor, run, digest, "weights", "final")


def test_weights_come_with_where_they_are_from(service: Service, client: httpx.Client) -> None:
    run = service.make_run(name="two spirals/α")
    train(service, run, ramp(20))
    end(service, run, WIDE)
    answer = client.get(f"/runs/{run}/export", params={"format": "safetensors"})
    assert answer.status_code == 200
    assert (
        "filename*=UTF-8''two-spirals-%CE%B1-20.safetensors"
        in answer.headers["content-disposition"]
    )
    assert answer.headers["content-security-policy"].startswith("sandbox")
    found, metadata = unpacked(answer.content)
    assert list(found) == sorted(WIDE)
    assert all(np.array_equal(found[name], WIDE[name]) for name in WIDE)
    made = client.get(f"/runs/{run}").json()
    assert metadata == {
        "format": "pt",
        "spec": "nn/1",
        "spec_hash": made["spec_hash"],
        "run": run,
        "step": "20",
        "status": made["status"],
    }


def test_a_run_without_kept_weights_has_none_to_give(
    service: Service, client: httpx.Client
) -> None:
    run = service.make_run()
    answer = client.get(f"/runs/{run}/export", params={"format": "safetensors"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_script_is_given_of_a_run_and_of_a_draft(service: Service, client: httpx.Client) -> None:
    run = service.make_run(name="../../etc/passwd")
    answer = client.get(f"/runs/{run}/export", params={"format": "pytorch"})
    assert answer.headers["content-type"].startswith("text/x-python")
    assert 'filename="etc-passwd.py"' in answer.headers["content-disposition"]
    draft = client.post("/export", json={"document": SPIRAL, "format": "pytorch"})
    assert "class Network(nn.Sequential):" in draft.text
    assert draft.text.splitlines()[1:] == answer.text.splitlines()[1:]


def test_a_script_of_a_faulty_document_is_refused_at_its_place(client: httpx.Client) -> None:
    faulty = {**SPIRAL, "train": {"weight_decay": -1}}
    answer = client.post("/export", json={"document": faulty}, headers={"Accept-Language": "zh"})
    assert answer.status_code == 422
    (found,) = answer.json()["problems"]
    assert found["path"] == "/train/weight_decay"


@pytest.mark.parametrize(
    "body",
    [
        {"document": {"spec": "nn/1"}},
        {"document": SPIRAL, "format": "pickle"},
        {"document": 7},
        {"document": {**SPIRAL, "name": ["x"]}},
        {},
    ],
)
def test_a_draft_that_cannot_be_exported_is_refused(client: httpx.Client, body: Any) -> None:
    answer = client.post("/export", json=body)
    assert answer.status_code == 422
    assert answer.json()["problems"]


def test_an_unknown_format_is_refused(service: Service, client: httpx.Client) -> None:
    run = service.make_run()
    for wanted in ({"format": "pickle"}, {}, {"format": "csv", "step": "-1"}):
        assert client.get(f"/runs/{run}/export", params=wanted).status_code == 422


def test_a_bundle_holds_all_of_a_run(service: Service, client: httpx.Client) -> None:
    run = service.make_run(name="Mine", source="# my spiral\n")
    train(service, run, ramp(20))
    end(service, run, NET)
    answer = client.get(f"/runs/{run}/export", params={"format": "bundle"})
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    assert set(files) == {
        "README.txt",
        "document.json",
        "document.txt",
        "metrics.csv",
        "metrics.parquet",
        "model.onnx",
        "model.py",
        "plan.json",
        "resolved.json",
        "weights.safetensors",
    }
    assert json.loads(files["document.json"]) == SPIRAL
    assert json.loads(files["plan.json"])["totals"]["parameters"] == 33
    assert list(unpacked(files["weights.safetensors"])[0]) == sorted(NET)
    rows = list(csv.reader(io.StringIO(files["metrics.csv"].decode())))
    assert len(rows) == 21
    assert all(name in files["README.txt"].decode() for name in set(files) - {"README.txt"})
    again = client.get(f"/runs/{run}/export", params={"format": "bundle"})
    assert again.content == answer.content


def test_the_network_answers_in_onnx_as_its_formula_does(
    service: Service, client: httpx.Client
) -> None:
    run = service.make_run(name="two spirals")
    train(service, run, ramp(20))
    end(service, run, NET)
    answer = client.get(f"/runs/{run}/export", params={"format": "onnx"})
    assert answer.status_code == 200
    assert "two-spirals-20.onnx" in answer.headers["content-disposition"]
    running = onnxruntime.InferenceSession(answer.content)
    points = np.random.default_rng(1).normal(size=(5, 2)).astype(np.float32)
    (found,) = running.run(None, {"input": points})
    hidden = np.tanh(points @ NET["linear_1.weight"].T + NET["linear_1.bias"])
    expected = hidden @ NET["linear_2.weight"].T + NET["linear_2.bias"]
    assert np.allclose(found, expected, atol=1e-5)
    said = running.get_modelmeta().custom_metadata_map
    made = client.get(f"/runs/{run}").json()
    assert (said["run"], said["step"], said["spec_hash"]) == (run, "20", made["spec_hash"])
    assert said["status"] == made["status"]


IRISES = {"spec": "nn/1", "data": {"name": "iris"}, "network": {"layers": ["linear"]}}
ROW = {
    "linear_1.weight": np.eye(3, 4, dtype=np.float32),
    "linear_1.bias": np.zeros(3, np.float32),
}
FITTED = {
    "data/transforms[-1].mean": np.full(4, 2, np.float32),
    "data/transforms[-1].deviation": np.full(4, 4, np.float32),
    "data/transforms[0].mean": np.full(4, 0.5, np.float32),
}


def test_a_file_reads_samples_as_they_were_before_their_transforms(
    service: Service, client: httpx.Client
) -> None:
    document = {**IRISES, "data": {"name": "iris", "transforms": ["mean_image"]}}
    run = service.make_run(document=document)
    end(service, run, ROW | FITTED)
    weights = client.get(f"/runs/{run}/export", params={"format": "safetensors"}).content
    found, metadata = unpacked(weights)
    assert list(found) == sorted(ROW)
    standardize, mean_image = json.loads(metadata["transforms"])
    assert standardize == {"type": "standardize", "mean": [2.0] * 4, "deviation": [4.0] * 4}
    assert mean_image == {"type": "mean_image", "mean": [0.5] * 4}
    given = np.array([[2, 6, 10, 0]], np.float32)
    for transforms, wanted in ((True, [-0.5, 0.5, 1.5]), (False, [2, 6, 10])):
        query = {"format": "onnx", "transforms": transforms}
        running = onnxruntime.InferenceSession(
            client.get(f"/runs/{run}/export", params=query).content
        )
        assert running.run(None, {"input": given})[0].tolist() == [wanted]
        said = running.get_modelmeta().custom_metadata_map
        assert json.loads(said["transforms"]) == [standardize, mean_image]
        assert said["input"] == ("raw" if transforms else "transformed")


def test_transforms_whose_numbers_nobody_kept_are_named(
    service: Service, client: httpx.Client
) -> None:
    run = service.make_run(
        document={**IRISES, "data": {"name": "iris", "transforms": ["mean_image"]}}
    )
    end(service, run, ROW)
    query = {"format": "onnx", "transforms": True}
    answer = client.get(f"/runs/{run}/export", params=query, headers={"Accept-Language": "zh"})
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert (problem["code"], problem["path"]) == ("export.onnx.fitted", "/data/transforms/0")
    assert problem["text"] == "这些权重旁没有保存 mean_image 的拟合数值。"


def test_each_of_several_networks_is_a_file(service: Service, client: httpx.Client) -> None:
    document = PRESETS["gan_ring"].document
    run = service.make_run(document=document)
    end(service, run, weights_of(plan(document)))
    zipped = client.get(f"/runs/{run}/export", params={"format": "onnx"})
    assert ".zip" in zipped.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(zipped.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert set(files) == {f"{name}.onnx" for name in document["networks"]}
    (name, *_) = document["networks"]
    one = client.get(f"/runs/{run}/export", params={"format": "onnx", "network": name}).content
    assert one == files[f"{name}.onnx"]
    said = onnxruntime.InferenceSession(one).get_modelmeta().custom_metadata_map
    assert said["network"] == name
    bundle = client.get(f"/runs/{run}/export", params={"format": "bundle"}).content
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        assert files.keys() <= set(archive.namelist())


def weights_of(planned: Plan) -> dict[str, Any]:
    return {
        f"{layer.name}.{each.name}": np.zeros(each.shape, np.float32)
        for layer in planned.layers
        for each in layer.parameters
    }


def test_a_network_that_is_not_there_is_a_problem(service: Service, client: httpx.Client) -> None:
    run = service.make_run()
    end(service, run, NET)
    wanted = {"format": "onnx", "network": "g"}
    answer = client.get(f"/runs/{run}/export", params=wanted, headers={"Accept-Language": "zh"})
    assert answer.status_code == 422
    (found,) = answer.json()["problems"]
    assert found["code"] == "export.onnx.network"
    assert found["text"] == "没有名为 g 的网络：这份文档里有 network。"


def test_weights_that_are_not_the_networks_make_no_file(
    service: Service, client: httpx.Client
) -> None:
    run = service.make_run()
    end(service, run, {"linear_1.weight": NET["linear_1.weight"]})
    answer = client.get(f"/runs/{run}/export", params={"format": "onnx"})
    assert (answer.status_code, answer.json()["code"]) == (500, "damaged")


def test_a_run_that_still_trains_gives_its_newest_kept_step(
    service: Service, client: httpx.Client
) -> None:
    run = service.make_run()
    job = service.claim(run)
    train(service, run, ramp(30))
    keep(service, run, job, 10)
    keep(service, run, job, 20)
    answer = client.get(f"/runs/{run}/export", params={"format": "safetensors"})
    found, metadata = unpacked(answer.content)
    assert (metadata["step"], metadata["status"]) == ("20", "running")
    assert np.array_equal(found["linear_1.weight"], NET["linear_1.weight"] + 20)
    file = client.get(f"/runs/{run}/export", params={"format": "onnx"}).content
    said = onnxruntime.InferenceSession(file).get_modelmeta().custom_metadata_map
    assert (said["step"], said["status"]) == ("20", "running")
    older = client.get(f"/runs/{run}/export", params={"format": "onnx", "step": 15}).content
    said = onnxruntime.InferenceSession(older).get_modelmeta().custom_metadata_map
    assert said["step"] == "10"
    zipped = client.get(f"/runs/{run}/export", params={"format": "bundle"}).content
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        assert archive.read("model.onnx") == file
        assert "step 20" in archive.read("README.txt").decode()


def test_a_paused_run_is_kept_where_it_stands(service: Service, client: httpx.Client) -> None:
    run = service.make_run()
    job = service.claim(run)
    keep(service, run, job, 10)
    train(service, run, ramp(25))
    with writing(service.engine) as conn:
        runs.move(conn, run, Status.PAUSED, claim=job.claim)
    ear = service.live.listen("host:1:abc", [])
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(client.get, f"/runs/{run}/export", params={"format": "safetensors"})
        while ear.next(1) != {"keep": run}:
            assert not asked.done(), "nobody was asked to keep it"
        keep(service, run, job, 25)
        answer = asked.result()
    ear.close()
    assert unpacked(answer.content)[1]["step"] == "25"


def test_a_holder_that_does_not_answer_holds_nobody_up(
    service: Service, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "WAIT_SECONDS", 0.1)
    run = service.make_run()
    job = service.claim(run)
    keep(service, run, job, 10)
    train(service, run, ramp(25))
    with writing(service.engine) as conn:
        runs.move(conn, run, Status.PAUSED, claim=job.claim)
    answer = client.get(f"/runs/{run}/export", params={"format": "onnx"})
    said = onnxruntime.InferenceSession(answer.content).get_modelmeta().custom_metadata_map
    assert (said["step"], said["status"]) == ("10", "paused")


def test_the_table_says_what_the_csv_says(service: Service, client: httpx.Client) -> None:
    run = service.make_run(name="two spirals")
    train(service, run, ramp(20))
    answer = client.get(f"/runs/{run}/export", params={"format": "parquet"})
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    assert "two-spirals.parquet" in answer.headers["content-disposition"]
    table = read_table(io.BytesIO(answer.content))
    text = client.get(f"/runs/{run}/export", params={"format": "csv"}).text
    head, *rows = csv.reader(io.StringIO(text))
    assert table.column_names == head
    found = [[str(cell) for cell in row.values()] for row in table.to_pylist()]
    assert found == rows
    assert table.schema.metadata[b"step"] == b"20"


def test_a_bundle_of_a_run_that_never_trained_says_so(
    service: Service, client: httpx.Client
) -> None:
    run = service.make_run()
    answer = client.get(f"/runs/{run}/export", params={"format": "bundle"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert "weights.safetensors" not in archive.namelist()
        assert "weights.safetensors  weights" not in archive.read("README.txt").decode()


def test_an_export_beyond_the_limit_is_refused(
    service: Service, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = service.make_run()
    end(service, run, WIDE)
    monkeypatch.setattr(limits, "EXPORT_BYTES", 100)
    answer = client.get(f"/runs/{run}/export", params={"format": "safetensors"})
    assert (answer.status_code, answer.json()["code"]) == (422, "http.export_size")
    assert "100" in answer.json()["detail"]
