"""How the health percentage comes about, and what it leads to."""

import asyncio

import httpx
import pytest

import service_registry
from service_registry import Check, RegistryError, Service, Services, read_registry

RAISING_CHECK = "async def check():\n    raise RuntimeError('broken on purpose')\n"
UNHEALTHY = (
    "from service_registry import Check\nasync def check():\n    return Check(False, 'tired')\n"
)


def health(platform):
    response = httpx.get(f"{platform.url}/health")
    return response.status_code, response.json()


@pytest.mark.parametrize(
    "code", ["raise RuntimeError('broken on purpose')\n", RAISING_CHECK, UNHEALTHY, "syntax error"]
)
def test_two_broken_services_of_five_fail_the_default_threshold(
    start_platform, break_services, code
):
    platform = start_platform(
        break_services("vehicle_data", "insurance_data", code=code), RELEASE_ID="r-broken"
    )
    status, report = health(platform)
    assert status == 503
    assert report["health_percentage"] == 60
    assert report["status"] == "unhealthy"
    unhealthy = {name for name, service in report["services"].items() if not service["healthy"]}
    assert unhealthy == {"vehicle_data", "insurance_data"}
    assert httpx.get(f"{platform.url}/ready").status_code == 503
    assert httpx.get(f"{platform.url}/live").status_code == 200


def test_one_broken_service_of_five_passes_the_default_threshold(start_platform, break_services):
    platform = start_platform(break_services("vehicle_data"))
    assert health(platform)[0] == 200
    assert health(platform)[1]["health_percentage"] == 80
    assert httpx.post(f"{platform.url}/api/services/vehicle_data", json={}).status_code == 503


def test_the_threshold_is_configured(start_platform, break_services):
    folder = break_services("vehicle_data")
    assert health(start_platform(folder, HEALTH_THRESHOLD_PERCENT="81"))[0] == 503


def test_an_unhealthy_service_is_logged_once(start_platform, break_services):
    platform = start_platform(break_services("vehicle_data"), DRAIN_SECONDS="0")
    for _ in range(3):
        health(platform)
    platform.process.terminate()
    entries = [entry for entry in platform.logs() if entry["level"] == "ERROR"]
    assert [entry["message"][:33] for entry in entries] == ["service vehicle_data is unhealthy"]


def services_with(check):
    module = type("Module", (), {"check": staticmethod(check)})
    return Services([Service("asked", "", module)])


def check_of(check):
    return asyncio.run(services_with(check).health()).checks["asked"]


def test_a_check_that_hangs_is_unhealthy(monkeypatch):
    monkeypatch.setattr(service_registry, "CHECK_TIMEOUT_SECONDS", 0.01)

    async def hangs():
        await asyncio.Event().wait()

    assert check_of(hangs) == Check(False, "check() gave no answer within 0.01 s")


def test_a_check_that_returns_something_else_is_unhealthy():
    async def returns_true():
        return True

    assert check_of(returns_true) == Check(False, "check() returned bool instead of Check")


def test_a_check_that_is_no_coroutine_is_unhealthy():
    assert not check_of(lambda: Check(True, "")).healthy


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '{"services": []}',
        '{"services": [{"name": "a"}]}',
        '{"services": [{"name": "../a", "purpose": ""}]}',
        '{"services": [{"name": "a", "purpose": ""}, {"name": "a", "purpose": ""}]}',
    ],
)
def test_a_wrong_registry_is_refused_by_name(tmp_path, content):
    path = tmp_path / "registry.json"
    path.write_text(content)
    with pytest.raises(RegistryError, match=r"registry\.json"):
        read_registry(path)
