"""Mail is read while other threads put more of it in."""

import sys
import threading
from collections.abc import Iterator

import pytest

from gradus_worker.inbox import Claimable, Inbox, Watching


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_the_same_twice_in_a_row_is_once() -> None:
    inbox = Inbox()
    for mail in (Claimable(), Claimable(), Watching({}), Claimable()):
        inbox.put(mail)
    assert inbox
    assert list(inbox.take()) == [Claimable(), Watching({}), Claimable()]
    assert not inbox


@pytest.mark.usefixtures("hasty")
def test_who_puts_while_the_loop_takes_is_not_hurt() -> None:
    inbox, put = Inbox(), 0

    def write() -> None:
        nonlocal put
        for _ in range(20_000):
            inbox.put(Claimable())
            put += 1

    writer = threading.Thread(target=write)
    writer.start()
    taken = 0
    while writer.is_alive():
        taken += len(inbox.take())
    writer.join()
    assert put == 20_000
    assert 0 < taken + len(inbox.take()) <= put
