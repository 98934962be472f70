"""The Compose file keeps every rule, and each rule speaks when it is broken."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.deploy import rules
from tests.deploy.compose_file import PATH, ROOT, VARIABLE, Unset, filled, written

Break = Callable[[dict[str, Any]], object]

# One line a way to break the file; `s` are its services.
BREAKS: list[tuple[rules.Rule, Break]] = [
    (rules.only_the_web_port_is_published, lambda s: s["redis"].update(ports=["6379:6379"])),
    (rules.only_the_web_port_is_published, lambda s: s["server"].update(ports=["8765:8765"])),
    (rules.only_the_web_port_is_published, lambda s: s["passwords"].update(network_mode="host")),
    (rules.stores_have_no_way_out, lambda s: s["database"].update(networks=["outside"])),
    (rules.stores_have_no_way_out, lambda s: s["worker"].pop("networks")),
    (
        rules.no_secret_has_a_value,
        lambda s: s["database"]["environment"].update(POSTGRES_PASSWORD="gradus"),
    ),
    (
        rules.no_secret_has_a_value,
        lambda s: s["server"]["environment"].update(ADMIN_TOKEN="${ADMIN_TOKEN:-admin}"),
    ),
    (
        rules.no_secret_has_a_value,
        lambda s: s["worker"]["environment"].update(GRADUS_REDIS_URL="redis://:redis@redis:6379"),
    ),
    (rules.nobody_is_root, lambda s: s["server"].pop("user")),
    (rules.nobody_is_root, lambda s: s["worker"].update(user="0:10001")),
    (rules.the_root_is_read_only, lambda s: s["redis"].update(read_only=False)),
    (rules.no_capability_is_left, lambda s: s["database"].pop("cap_drop")),
    (rules.no_capability_is_left, lambda s: s["server"].update(cap_add=["NET_ADMIN"])),
    (rules.no_capability_is_left, lambda s: s["worker-gpu"].update(privileged=True)),
    (rules.no_new_privileges, lambda s: s["migrate"].pop("security_opt")),
    (
        rules.only_named_volumes_are_mounted,
        lambda s: s["worker"]["volumes"].append("/var/run/docker.sock:/var/run/docker.sock"),
    ),
    (
        rules.only_named_volumes_are_mounted,
        lambda s: s["worker"]["volumes"].append({"type": "bind", "source": "/", "target": "/host"}),
    ),
    (rules.only_named_volumes_are_mounted, lambda s: s["server"]["volumes"].append("other:/other")),
    (
        rules.passwords_are_written_in_one_place,
        lambda s: s["redis"].update(volumes=["redis-password:/run/gradus/redis"]),
    ),
    (rules.whoever_stays_tells_its_health, lambda s: s["worker"].pop("healthcheck")),
    (
        rules.whoever_stays_tells_its_health,
        lambda s: s["redis"]["healthcheck"].update(disable=True),
    ),
    (rules.whoever_stays_is_started_again, lambda s: s["server"].pop("restart")),
    (rules.whoever_stays_is_started_again, lambda s: s["worker"].update(restart="no")),
    (rules.everybody_has_time_to_end, lambda s: s["worker-gpu"].pop("stop_grace_period")),
    (
        rules.others_are_waited_for,
        lambda s: s["server"]["depends_on"].update(migrate={"condition": "service_started"}),
    ),
    (rules.others_are_waited_for, lambda s: s["worker"].update(depends_on={})),
    (rules.images_are_pinned, lambda s: s["database"].update(image="postgres:latest")),
    (rules.images_are_pinned, lambda s: s["database"].update(image="postgres:18")),
    (rules.redis_has_no_known_hole, lambda s: s["redis"].update(image="redis:8.2.1-trixie")),
    (
        rules.the_gpu_is_asked_for_by_its_profile_alone,
        lambda s: s["worker-gpu"].pop("profiles"),
    ),
    (
        rules.the_gpu_is_asked_for_by_its_profile_alone,
        lambda s: s["worker-gpu"]["deploy"]["resources"]["reservations"].pop("devices"),
    ),
    (rules.everybody_has_bounds, lambda s: s["redis"]["deploy"]["resources"].pop("limits")),
    (
        rules.everybody_has_bounds,
        lambda s: s["worker"]["deploy"]["resources"]["reservations"].pop("memory"),
    ),
    (
        rules.the_public_address_is_asked_for,
        lambda s: s["server"]["environment"].update(GRADUS_PUBLIC_URL="http://localhost:8765"),
    ),
    (rules.artifacts_are_shared, lambda s: s["worker"].update(volumes=[])),
]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_file_keeps_the_rule(rule: rules.Rule) -> None:
    assert list(rule(written())) == []


@pytest.mark.parametrize(("rule", "spoil"), BREAKS, ids=lambda part: part.__name__)
def test_the_rule_sees_it_broken(rule: rules.Rule, spoil: Break) -> None:
    compose = written()
    spoil(compose["services"])
    assert list(rule(compose)) != []


def test_a_store_on_a_network_with_a_way_out_is_seen() -> None:
    compose = written()
    compose["networks"]["inside"] = None
    assert list(rules.stores_have_no_way_out(compose)) != []


def test_every_rule_was_seen_broken() -> None:
    assert {rule for rule, _ in BREAKS} == set(rules.RULES)


def test_without_a_public_address_nothing_starts_and_the_remedy_is_told() -> None:
    with pytest.raises(Unset, match="GRADUS_PUBLIC_URL: set it to the address that people"):
        filled({})


def test_nothing_else_has_to_be_set() -> None:
    services = filled()["services"]
    assert services["server"]["ports"] == ["127.0.0.1:8765:8765"]
    assert "$(cat " in services["redis"]["healthcheck"]["test"][1]
    assert services["worker-gpu"]["build"]["args"] == {"TORCH_INDEX_URL": ""}


def test_every_variable_of_the_file_is_documented() -> None:
    guide = (ROOT / "docs" / "docker.md").read_text()
    names = {found["name"] for found in VARIABLE.finditer(PATH.read_text()) if found["name"]}
    assert names
    assert [name for name in sorted(names) if f"`{name}`" not in guide] == []
