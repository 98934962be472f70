"""What `gradus up` keeps in its data folder, and what it refuses to start."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, update

from gradus_runs import artifacts, tokens
from gradus_runs.actor import Actor
from gradus_runs.database import open_database, reading, writing
from gradus_runs.errors import Unauthorized
from gradus_runs.settings import Settings, load
from gradus_runs.store import Store
from gradus_runs.tables import tokens as token_rows
from gradus_server.doctor import examine
from gradus_server.folder import (
    FolderInUse,
    end_token,
    keep_token,
    locked,
    withdraw,
    write_private,
)
from gradus_server.listening import CannotListen, listen
from gradus_server.up import CannotPrepare, run_serve
from gradus_server.verify import NoServer, damaged, replay


def test_a_second_start_on_the_folder_is_told_where_the_first_is(tmp_path: Path) -> None:
    write_private(tmp_path / "address", "http://127.0.0.1:8765")
    again = f"from gradus_server.folder import locked; locked(__import__('pathlib').Path({str(tmp_path)!r})).__enter__()"
    with locked(tmp_path):
        second = subprocess.run([sys.executable, "-c", again], capture_output=True, text=True)
        with (
            pytest.raises(FolderInUse, match=r"http://127\.0\.0\.1:8765.*GRADUS_DATA"),
            locked(tmp_path),
        ):
            pass
    assert "FolderInUse" in second.stderr
    with locked(tmp_path):
        pass


def test_the_token_is_kept_while_it_opens_and_is_nobody_elses(tmp_path: Path, sqlite: str) -> None:
    engine = open_database(sqlite)
    first = keep_token(engine, tmp_path)
    assert keep_token(engine, tmp_path) == first
    assert (tmp_path / "token").stat().st_mode & 0o777 == 0o600
    with writing(engine) as conn:
        conn.execute(update(token_rows).values(revoked_at=1))
    second = keep_token(engine, tmp_path)
    with reading(engine) as conn:
        assert tokens.find(conn, second).role == "admin"
    assert second != first
    engine.dispose()


def test_the_token_of_a_stopped_service_opens_nothing(tmp_path: Path, sqlite: str) -> None:
    engine = open_database(sqlite)
    text = keep_token(engine, tmp_path)
    end_token(engine, tmp_path)
    assert not (tmp_path / "token").exists()
    with pytest.raises(Unauthorized), reading(engine) as conn:
        tokens.find(conn, text)
    end_token(engine, tmp_path)
    engine.dispose()


def test_an_address_is_withdrawn_by_the_process_that_wrote_it(tmp_path: Path) -> None:
    place = tmp_path / "address"
    write_private(place, "http://127.0.0.1:2")
    withdraw(place, "http://127.0.0.1:1")
    assert place.exists()
    withdraw(place, "http://127.0.0.1:2")
    assert not place.exists()


def test_a_port_that_is_taken_is_named_with_another(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=f"Port {port} .*GRADUS_PORT={port + 1}"):
            listen(Settings(data=tmp_path, port=port))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_without_sign_in_no_other_machine_is_answered(tmp_path: Path, host: str) -> None:
    with pytest.raises(CannotListen, match="GRADUS_MODE=team"):
        listen(Settings(data=tmp_path, host=host, port=0))


def test_a_database_that_cannot_be_used_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "gradus.db").write_text("no database " * 100)
    settings = Settings(
        data=tmp_path,
        port=0,
        database_url=f"sqlite:///{tmp_path}/gradus.db",
        redis_url=SecretStr("redis://127.0.0.1:1"),
    )
    with pytest.raises(CannotPrepare, match=r"gradus\.db .*file is not a database.*disk has room"):
        run_serve(settings, print)


def test_the_doctor_names_what_is_missing(tmp_path: Path) -> None:
    current = load({"GRADUS_DATA": str(tmp_path), "GRADUS_REDIS_URL": "redis://127.0.0.1:1"})
    findings = {finding.what: finding for finding in examine(current)}
    assert not findings["redis"].well
    assert findings["database"].well
    assert not (tmp_path / "gradus.db").exists()


def test_a_damaged_file_is_found(tmp_path: Path, database: Engine, actor: Actor) -> None:
    store = Store(tmp_path)
    bodies = [bytes([n]) * 100_000 for n in range(3)]
    with writing(database) as conn:
        digests = [artifacts.put(conn, store, body) for body in bodies]
    assert list(damaged(database, store)) == []
    store.path(digests[1]).write_bytes(b"other")
    assert list(damaged(database, store)) == [digests[1]]


def test_without_a_server_a_replay_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(NoServer, match="gradus up"):
        replay(tmp_path, "run_x")
