"""Tickets: as many as there is work for the children that are there, and no more."""

import redis

from gradus_runs import workers
from gradus_runs.database import writing
from tests.gradus_server.service import Service
from tests.gradus_server.test_stream import until


def announce(service: Service, children: int) -> None:
    with writing(service.engine) as conn:
        workers.announce(
            conn,
            "worker_1",
            host="host",
            pid=1,
            queues=["train"],
            children=children,
            warm=children,
            identity={},
            lease_ms=60_000,
        )


def test_lost_tickets_are_written_again_up_to_two_a_child(service: Service, valkey: str) -> None:
    with redis.Redis.from_url(valkey, protocol=3) as client:
        for _ in range(5):
            service.make_run()
        until(lambda: client.llen("train") == 5, 10)
        client.delete("train")
        announce(service, 2)
        until(lambda: client.llen("train") == 4, 10)
        client.lpop("train")
        until(lambda: client.llen("train") == 4, 10)


def test_a_warm_worker_makes_the_service_ready(service: Service) -> None:
    announce(service, 3)
    with service.http() as client:
        answer = client.get("/ready")
    assert answer.json() == {"status": "ready", "database": True, "redis": True, "workers": 3}
