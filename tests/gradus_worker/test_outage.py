"""Redis hangs in the middle: training goes on, and is committed, without it."""

import os
import signal

import pytest
import redis

from gradus.controls import Changes, Set, Stop
from gradus_runs import controls
from gradus_runs.database import writing
from tests.gradus_worker.documents import toy
from tests.gradus_worker.workshop import Workshop, until

pytestmark = pytest.mark.service


def test_runs_are_trained_steered_and_committed_while_redis_hangs(shop: Workshop) -> None:
    run = shop.create(toy())
    shop.until_step(run, 100)
    server = pid_of(shop.environment["GRADUS_REDIS_URL"])
    os.kill(server, signal.SIGSTOP)
    try:
        shop.until_step(run, shop.run(run).step + 1000)
        with writing(shop.engine) as conn:
            change = Set(changes=Changes(learning_rate=0.5))
            asked = controls.request(conn, shop.actor, run, change).id
        until(lambda: shop.applied_step(run, asked), 60, "a change nobody could announce")
    finally:
        os.kill(server, signal.SIGCONT)
    number = shop.log(run)[-1].number
    until(lambda: shop.live.events_after({run: number}, 1000), 60, "its events broadcast again")
    shop.control(run, Stop())
    shop.until_status(run, "stopped")


def pid_of(url: str) -> int:
    with redis.Redis.from_url(url, protocol=3) as client:
        return int(client.info("server")["process_id"])
