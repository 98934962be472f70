"""One sweep that cannot go on keeps no other from its end."""

import httpx
from sqlalchemy import select, update

from gradus_runs.database import reading, write
from gradus_runs.tables import sweeps
from tests.gradus_server.service import Service
from tests.gradus_server.test_stream import until
from tests.gradus_server.test_sweeps import RATE, listed, make, train


def test_a_sweep_whose_request_is_damaged_is_ended_and_the_next_one_goes_on(
    service: Service, client: httpx.Client
) -> None:
    asked = {"path": RATE, "low": 0.001, "high": 0.1, "log": True}
    broken = make(client, method="tpe", members=4, at_once=1, vary=[asked])["id"]
    until(lambda: listed(client, broken))
    sound = make(client)["id"]
    damaged = update(sweeps).where(sweeps.c.id == broken).values(vary=[])
    write(service.engine, lambda conn: conn.execute(damaged).rowcount)
    for sweep in (broken, sound):
        for member in listed(client, sweep):
            train(service, member["run"], 0.5)
    until(lambda: client.get(f"/sweeps/{sound}").json()["status"] == "finished")
    found = select(sweeps.c.status, sweeps.c.refused).where(sweeps.c.id == broken)
    with reading(service.engine) as conn:
        status, refused = conn.execute(found).one()
    assert status == "stopped"
    assert refused[0]["problems"][0]["code"] == "sweep.given_up"
