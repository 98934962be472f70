"""What must hold of the Compose file. Each rule answers its complaints, none where it holds."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.deploy.compose_file import long_running

Compose = Mapping[str, Any]
Rule = Callable[[Compose], Iterator[str]]

WEB_PORT = "${GRADUS_BIND:-127.0.0.1}:${GRADUS_PORT:-8765}:8765"
ONCE = {"passwords", "migrate"}
SECRET = re.compile(r"PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIAL|_KEY$", re.IGNORECASE)
PASSWORD_IN_URL = re.compile(r"://[^/@\s]*:[^/@\s$]+@")
EXACT = re.compile(r"[a-z0-9/._-]+:v?\d+\.\d+(\.\d+)?(-[a-z0-9.]+)*(@sha256:[0-9a-f]{64})?")
NAMED_VOLUME = re.compile(r"[a-z][a-z-]*:/[^:]+(:ro)?")
# The releases of 18 September 2026; before them Lua, ACL and cluster had known holes.
SAFE_REDIS = (8, 10, 2)


def only_the_web_port_is_published(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        if service.get("ports", []) != ([WEB_PORT] if name == "server" else []):
            yield f"{name} publishes {service.get('ports')}"
        if service.get("network_mode", "none") != "none":
            yield f"{name} uses the network {service['network_mode']}"


def stores_have_no_way_out(compose: Compose) -> Iterator[str]:
    if not (compose["networks"].get("inside") or {}).get("internal"):
        yield "the network `inside` reaches other machines"
    for name, service in compose["services"].items():
        networks = set(service.get("networks", []))
        if name != "server" and "network_mode" not in service and networks != {"inside"}:
            yield f"{name} is on {networks or 'the default network'}"


def no_secret_has_a_value(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        build = service.get("build", {}).get("args", {})
        for variable, value in {**service.get("environment", {}), **build}.items():
            if SECRET.search(variable) and not variable.endswith("_FILE"):
                yield f"{name} is given {variable}"
            if PASSWORD_IN_URL.search(str(value)):
                yield f"{name} has a password in {variable}"


def nobody_is_root(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        if not re.fullmatch(r"[1-9]\d*:[1-9]\d*", str(service.get("user", ""))):
            yield f"{name} runs as {service.get('user', 'whom its image names')}"


def the_root_is_read_only(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        if service.get("read_only") is not True:
            yield f"{name} may write to its image"


def no_capability_is_left(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        if (
            service.get("cap_drop") != ["ALL"]
            or service.get("cap_add")
            or service.get("privileged")
        ):
            yield f"{name} keeps capabilities"


def no_new_privileges(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        if service.get("security_opt") != ["no-new-privileges:true"]:
            yield f"{name} may gain privileges"


def only_named_volumes_are_mounted(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        for volume in service.get("volumes", []):
            if not (isinstance(volume, str) and NAMED_VOLUME.fullmatch(volume)):
                yield f"{name} mounts {volume}"
            elif volume.split(":")[0] not in compose["volumes"]:
                yield f"{name} mounts {volume}, which is not declared"


def passwords_are_written_in_one_place(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        for volume in service.get("volumes", []):
            secret = "-password:" in str(volume)
            if secret and name != "passwords" and not volume.endswith(":ro"):
                yield f"{name} may write to {volume}"


def whoever_stays_tells_its_health(compose: Compose) -> Iterator[str]:
    for name, service in long_running(compose).items():
        check = service.get("healthcheck", {})
        if check.get("disable") or not {"test", "interval", "timeout", "retries"} <= set(check):
            yield f"{name} has no complete health check"


def whoever_stays_is_started_again(compose: Compose) -> Iterator[str]:
    once = {name for name, one in compose["services"].items() if one.get("restart") == "no"}
    if once != ONCE:
        yield f"run once: {once}, expected {ONCE}"
    for name, service in long_running(compose).items():
        if service.get("restart") != "unless-stopped":
            yield f"{name} has the restart policy {service.get('restart')}"


def everybody_has_time_to_end(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        if service.get("stop_grace_period") != "20s":
            yield f"{name} is killed after {service.get('stop_grace_period', '10s')}"


def others_are_waited_for(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        for other, how in service.get("depends_on", {}).items():
            wanted = "completed_successfully" if other in ONCE else "healthy"
            if how != {"condition": f"service_{wanted}"}:
                yield f"{name} waits for {other} until {how}"
    for name in ("server", "worker", "worker-gpu"):
        if set(compose["services"][name].get("depends_on", {})) != {"migrate", "redis"}:
            yield f"{name} does not wait for both stores"


def images_are_pinned(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        if not EXACT.fullmatch(service.get("image", "")):
            yield f"{name} runs {service.get('image', 'an image without a name')}"


def redis_has_no_known_hole(compose: Compose) -> Iterator[str]:
    found = re.fullmatch(r"redis:(\d+)\.(\d+)\.(\d+)-\w+", compose["services"]["redis"]["image"])
    if not found or tuple(map(int, found.groups())) < SAFE_REDIS:
        yield f"{compose['services']['redis']['image']} is older than {SAFE_REDIS}"


def the_gpu_is_asked_for_by_its_profile_alone(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        reserved = service["deploy"]["resources"].get("reservations", {})
        on_gpu = any("gpu" in device["capabilities"] for device in reserved.get("devices", []))
        if on_gpu != (name == "worker-gpu") or (service.get("profiles") == ["gpu"]) != on_gpu:
            yield f"{name}: device {on_gpu}, profiles {service.get('profiles')}"


def everybody_has_bounds(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        resources = service.get("deploy", {}).get("resources", {})
        if "pids" not in resources.get("limits", {}):
            yield f"{name} may start any number of processes"
        if not any("memory" in part for part in resources.values()):
            yield f"{name} says nothing of memory"


def the_public_address_is_asked_for(compose: Compose) -> Iterator[str]:
    given = compose["services"]["server"]["environment"].get("GRADUS_PUBLIC_URL", "")
    if not re.fullmatch(r"\$\{GRADUS_PUBLIC_URL:\?.+\}", given):
        yield f"GRADUS_PUBLIC_URL is {given!r}"


def artifacts_are_shared(compose: Compose) -> Iterator[str]:
    for name in ("server", "worker", "worker-gpu"):
        if "artifacts:/data/artifacts" not in compose["services"][name].get("volumes", []):
            yield f"{name} does not see the artifacts"


RULES: tuple[Rule, ...] = (
    only_the_web_port_is_published,
    stores_have_no_way_out,
    no_secret_has_a_value,
    nobody_is_root,
    the_root_is_read_only,
    no_capability_is_left,
    no_new_privileges,
    only_named_volumes_are_mounted,
    passwords_are_written_in_one_place,
    whoever_stays_tells_its_health,
    whoever_stays_is_started_again,
    everybody_has_time_to_end,
    others_are_waited_for,
    images_are_pinned,
    redis_has_no_known_hole,
    the_gpu_is_asked_for_by_its_profile_alone,
    everybody_has_bounds,
    the_public_address_is_asked_for,
    artifacts_are_shared,
)
