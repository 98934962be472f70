import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis

from gradus_server import embedded
from gradus_server.embedded import LONGEST_SOCKET, Valkey, ValkeyMissing

OWNER = """
import sys, time
from pathlib import Path
from gradus_server.embedded import Valkey
valkey = Valkey(Path(sys.argv[1]))
print(valkey.pid, flush=True)
time.sleep(600)
"""


def ends(pid: int, seconds: float) -> bool:
    """Whether the process is gone (or a zombie that nobody reaps here) within the time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
    return False


def test_it_answers_on_a_socket_in_the_data_folder(tmp_path: Path) -> None:
    with Valkey(tmp_path) as valkey, redis.Redis.from_url(valkey.url) as client:
        assert client.ping()
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert (tmp_path / "valkey.sock").stat().st_mode & 0o777 == 0o700


def test_a_long_folder_gets_a_short_socket(tmp_path: Path) -> None:
    with Valkey(tmp_path / ("long" * 30)) as valkey, redis.Redis.from_url(valkey.url) as client:
        assert len(bytes(valkey.socket)) <= LONGEST_SOCKET
        assert client.ping()
    assert not valkey.socket.parent.exists()


def test_it_ends_with_its_block(tmp_path: Path) -> None:
    with Valkey(tmp_path) as valkey:
        pid = valkey.pid
    assert ends(pid, 1.0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of a killed parent")
def test_it_dies_with_a_killed_owner(tmp_path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    with owner.stdout:
        pid = int(owner.stdout.readline())
    assert not ends(pid, 0.1)
    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()
    assert ends(pid, 5.0)


def test_a_machine_without_any_server_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(embedded.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ValkeyMissing, match="GRADUS_REDIS_URL"):
        embedded.binary()
