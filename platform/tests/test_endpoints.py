"""What every client of a running platform may rely on."""

import hashlib
import json
import socket
import subprocess
import sys

import httpx
import pytest

from tests.conftest import PLATFORM

SERVICES = [
    "service_discovery",
    "health_monitoring",
    "dimension_access",
    "vehicle_data",
    "insurance_data",
]


@pytest.fixture(scope="module")
def client(platform):
    with httpx.Client(base_url=platform.url) as client:
        yield client


def test_live(client):
    response = client.get("/live")
    assert (response.status_code, response.json()["status"]) == (200, "live")


def test_ready(client):
    response = client.get("/ready")
    assert (response.status_code, response.json()["status"]) == (200, "healthy")


def test_health_names_each_service(client):
    response = client.get("/health")
    report = response.json()
    assert response.status_code == 200
    assert report["health_percentage"] == 100
    assert report["threshold_percent"] == 80
    assert report["release"] == "r-test"
    assert list(report["services"]) == SERVICES
    assert all(service["healthy"] for service in report["services"].values())


@pytest.mark.parametrize("path", ["/", "/version"])
def test_version(client, path):
    report = client.get(path).json()
    assert report["name"] == "symphainy-platform"
    assert report["release"] == "r-test"
    assert report["test_environment"] is True


def test_echo_returns_the_query(client):
    response = client.get("/api/echo", params={"a": "1", "delay_ms": "1"})
    assert response.json()["query"] == {"a": "1", "delay_ms": "1"}


@pytest.mark.parametrize("delay", ["10001", "-1", "soon"])
def test_echo_refuses_a_delay_out_of_bounds(client, delay):
    assert client.get("/api/echo", params={"delay_ms": delay}).status_code == 422


def test_echo_delays_only_in_a_test_environment(start_platform):
    production = start_platform(TEST_ENVIRONMENT="false")
    assert httpx.get(f"{production.url}/api/echo?delay_ms=1").status_code == 403
    assert httpx.get(f"{production.url}/api/echo?a=1").status_code == 200


def test_echo_digests_a_streamed_upload(client):
    chunks = [bytes([number]) * 70_001 for number in range(40)]
    response = client.post("/api/echo", content=iter(chunks))
    whole = b"".join(chunks)
    assert response.json()["length"] == len(whole)
    assert response.json()["sha256"] == hashlib.sha256(whole).hexdigest()


def test_echo_of_an_empty_upload(client):
    assert client.post("/api/echo").json()["sha256"] == hashlib.sha256().hexdigest()


def test_services_are_listed_and_can_be_called(client):
    rows = client.get("/api/services").json()["services"]
    assert [row["name"] for row in rows] == SERVICES
    assert all(row["healthy"] and row["purpose"] for row in rows)
    found = client.post(rows[0]["endpoint"], json={"resolve": "vehicle_data"}).json()["result"]
    assert found == {"name": "vehicle_data", "endpoint": "/api/services/vehicle_data"}


def test_services_are_not_listed_with_discovery_off(start_platform):
    quiet = start_platform(SERVICE_DISCOVERY="false")
    assert httpx.get(f"{quiet.url}/api/services").status_code == 404


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("/api/services/nowhere", b"{}", 404),
        ("/api/services/vehicle_data", b"{", 400),
        ("/api/services/vehicle_data", b"[]", 400),
        ("/api/services/vehicle_data", b"[" * 200_000, 400),
        ("/api/services/vehicle_data", b'{"frames": "none"}', 400),
        ("/api/services/vehicle_data", b" " * ((1 << 20) + 1), 413),
    ],
)
def test_bad_calls_of_a_service(client, path, content, status):
    response = client.post(path, content=content)
    assert response.status_code == status
    assert response.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/live", 200),
        ("GET", "/health", 200),
        ("POST", "/api/echo", 200),
        ("GET", "/nowhere", 404),
        ("DELETE", "/live", 405),
        ("GET", "/api/echo?delay_ms=x", 422),
    ],
)
def test_every_response_names_the_release_once(client, method, path, status):
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers.get_list("x-release-id") == ["r-test"]


def test_the_answer_to_what_is_no_http_names_the_release(platform):
    with socket.create_connection(("127.0.0.1", platform.port)) as connection:
        connection.sendall(b"no http at all\r\n\r\n")
        answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"x-release-id: r-test" in answer


def test_the_answer_to_an_error_of_ours_names_the_release():
    program = """
import asyncio, json, socket
import httpx
from fastapi import FastAPI
from lifecycle import Lifecycle
from server import DrainingServer
from settings import Settings

async def fails(scope, receive, send):
    raise RuntimeError("on purpose")

framework = FastAPI()

@framework.get("/")
async def fails_inside():
    raise RuntimeError("on purpose")

async def ask(application):
    server = DrainingServer(application, Settings(release="r-500"), Lifecycle())
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    serving = asyncio.ensure_future(server.serve([listener]))
    async with httpx.AsyncClient() as client:
        response = await client.get(f"http://127.0.0.1:{port}/")
    server.should_exit = True
    await serving
    return [response.status_code, response.headers.get("x-release-id")]

async def main():
    print(json.dumps([await ask(fails), await ask(framework)]))

asyncio.run(main())
"""
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PLATFORM / "symphainy-platform",
        capture_output=True,
        check=True,
        timeout=30,
    )
    assert json.loads(run.stdout) == [[500, "r-500"], [500, "r-500"]]
