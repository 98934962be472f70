"""What a watched run looks like on a terminal."""

import io

from rich.console import Console

from gradus.events import Event
from gradus.plan import plan
from gradus_client.watching import Standing, watch

DOCUMENT = {
    "spec": "nn/1",
    "data": {"name": "moons", "options": {"points": 100}},
    "network": {"layers": ["linear"]},
    "train": {"epochs": 4},
}


def heard(number, type, **body):
    return Event(run="run_1", number=number, type=type, epoch=1, at="", body=body)


def metrics(number, samples, loss):
    series = {"train/loss": {"last": [9.0, loss]}}
    return heard(number, "metrics", step=1, samples=samples, elapsed=0.1, series=series)


def shown(*events):
    """What is left on the terminal, and where the run stands."""
    console = Console(file=io.StringIO(), width=100)
    standing = Standing.of(plan(DOCUMENT))
    watch(events, standing, console)
    return console.file.getvalue(), standing


def test_the_bar_tells_epoch_status_and_the_last_loss():
    text, standing = shown(heard(1, "status", status="running"), metrics(2, 140, 0.125))
    assert standing.epoch == 2
    assert "running" in text
    assert "epoch 2/4" in text
    assert "loss 0.125" in text


def test_a_run_that_was_taken_up_at_a_checkpoint_goes_back():
    rewind = heard(3, "rewind", to_step=5, reason="child_lost")
    _, standing = shown(metrics(2, 210, 0.1), rewind, metrics(4, 70, 0.3))
    assert standing.epoch == 1


def test_a_pause_says_how_to_go_on():
    text, _ = shown(heard(1, "status", status="paused"))
    assert "gradus play run_1" in text


def test_a_verdict_of_a_newer_server_is_told_by_its_code():
    text, _ = shown(heard(1, "verdict", code="verdict.of_tomorrow", params={}))
    assert "verdict.of_tomorrow" in text


def test_an_event_of_an_unknown_type_is_passed_over():
    _, standing = shown(heard(1, "weather", sunny=True), metrics(2, 70, 0.5))
    assert standing.epoch == 1
