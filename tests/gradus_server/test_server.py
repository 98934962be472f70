"""What runs beside the requests does not end in silence."""

import asyncio

import pytest

from gradus_server.server import tell_failure


async def failing() -> None:
    raise ValueError("a message that nobody can read")


def test_a_part_that_fails_is_in_the_log_with_its_reason(caplog: pytest.LogCaptureFixture) -> None:
    async def serve() -> None:
        task = asyncio.create_task(failing())
        task.add_done_callback(tell_failure)
        await asyncio.wait([task])
        await asyncio.sleep(0)

    asyncio.run(serve())
    (record,) = caplog.records
    assert record.levelname == "CRITICAL"
    assert "nobody can read" in str(record.exc_info and record.exc_info[1])
