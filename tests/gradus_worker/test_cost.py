"""What a turn is charged with."""

import threading

from gradus_worker.cost import clock


def test_on_a_cpu_waiting_costs_nothing_and_computing_does() -> None:
    spent = clock("cpu")
    before = spent()
    threading.Event().wait(0.2)
    waited = spent() - before
    sum(range(3_000_000))
    assert waited < 0.1
    assert spent() - before > waited


def test_a_device_of_its_own_is_charged_by_the_time_that_passed() -> None:
    spent = clock("cuda")
    before = spent()
    threading.Event().wait(0.05)
    assert spent() - before >= 0.04
