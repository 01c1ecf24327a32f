"""Calls of other platforms, between real processes, and what becomes of them when nobody answers."""

import asyncio
import base64
import json
import re
import socket
import threading
import time
from contextlib import contextmanager
from urllib.parse import quote

import httpx
import pytest

import platform_client
import platforms
from settings import Settings
from tests.conftest import free_port, wait_until

CALL = "/api/platforms/insurance/services/dimension_access"
QUESTION = {"dimension": "vehicle", "utility": "speed", "value": "36"}


def caller(start_platform, endpoint, **environment):
    endpoints = json.dumps({"insurance": endpoint})
    return start_platform(SERVICE_ENDPOINTS=endpoints, RELEASE_ID="r-caller", **environment)


@contextmanager
def listening(answer):
    """Somebody who listens, and for each connection in turn does what `answer(socket, index)` does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        connections = []

        def serve():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                connections.append(connection)
                answer(connection, len(connections) - 1)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}", connections
        finally:
            server.shutdown(socket.SHUT_RDWR)
            server.close()
            thread.join()
            for connection in connections:
                connection.close()


def received(connection):
    """One whole request; empty when there is none any more."""
    request = b""
    while b"\r\n\r\n" not in request:
        part = connection.recv(65_536)
        if not part:
            return ""
        request += part
    head, _, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head.lower())
    while length and len(body) < int(length[1]):
        body += connection.recv(65_536)
    return (head + b"\r\n\r\n" + body).decode()


def answering(content, headers="x-release-id: r-other\r\n", status="200 OK"):
    def answer(connection, _index):
        received(connection)
        head = f"HTTP/1.1 {status}\r\n{headers}content-length: {len(content)}\r\n\r\n"
        connection.sendall(head.encode() + content)

    return answer


@pytest.fixture(scope="module")
def insurance(start_platform):
    return start_platform(RELEASE_ID="r-insurance", PATH_PREFIX="/insurance", DRAIN_SECONDS="600")


@pytest.fixture(scope="module")
def platform(start_platform, insurance):
    return caller(start_platform, f"{insurance.url}/insurance")


def test_a_call_is_passed_on_and_names_who_answered(platform):
    response = httpx.post(platform.url + CALL, json=QUESTION)
    assert response.status_code == 200
    assert response.json() == {
        "release": "r-caller",
        "platform": "insurance",
        "answered_by": "r-insurance",
        "result": {"value": "10.000"},
    }
    assert response.headers.get_list("x-release-id") == ["r-caller"]


@pytest.mark.parametrize(
    ("path", "content", "status", "detail"),
    [
        ("/api/platforms/nowhere/services/vehicle_data", b"{}", 404, "known are: insurance"),
        ("/api/platforms/insurance/services/nowhere", b"{}", 404, "no service 'nowhere'"),
        ("/api/platforms/insurance/services/a%3Fb", b"{}", 404, "no service 'a?b'"),
        (CALL, b"{", 400, "Expecting"),
        (CALL, b'{"dimension": "sea"}', 400, "must be one of vehicle, insurance"),
        (CALL, b" " * ((1 << 20) + 1), 413, "must not be longer"),
    ],
)
def test_bad_calls_are_answered_as_there(platform, path, content, status, detail):
    response = httpx.post(platform.url + path, content=content)
    assert response.status_code == status
    assert detail in response.json()["detail"]


def test_nobody_is_known_without_the_variable(start_platform):
    alone = start_platform()
    response = httpx.post(alone.url + CALL, json=QUESTION)
    assert response.status_code == 404
    assert "known are: none" in response.json()["detail"]
    assert httpx.get(f"{alone.url}/api/services").json()["platforms"] == []


def test_without_discovery_nobody_is_called(start_platform, insurance):
    quiet = caller(start_platform, insurance.url, SERVICE_DISCOVERY="false")
    assert httpx.post(quiet.url + CALL, json=QUESTION).status_code == 404


def test_the_catalogue_tells_who_can_be_reached(platform, insurance):
    endpoint = f"{insurance.url}/insurance"
    assert httpx.get(f"{platform.url}/api/services").json()["platforms"] == [
        {"name": "insurance", "endpoint": endpoint, "reachable": True, "release": "r-insurance"}
    ]


def test_nobody_answers(start_platform):
    endpoint = f"http://127.0.0.1:{free_port()}"
    lonely = caller(start_platform, endpoint)
    response = httpx.post(lonely.url + CALL, json=QUESTION)
    assert response.status_code == 502
    assert f"Nobody answers for platform insurance at {endpoint}" in response.json()["detail"]
    assert response.headers["x-release-id"] == "r-caller"
    (row,) = httpx.get(f"{lonely.url}/api/services").json()["platforms"]
    assert (row["reachable"], row["release"]) == (False, None)
    # It is well all the same: else one sick platform would take all down that call it.
    assert httpx.get(f"{lonely.url}/health").json()["health_percentage"] == 100


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (answering(b"no healthy upstream", "", "503 Service Unavailable"), "(503) names no release"),
        (answering(b"[]"), "is not a JSON object"),
        (answering(b"{" * 10), "is not a JSON object"),
        (answering(b" " * ((1 << 20) + 1)), "is longer than"),
        (lambda connection, _: connection.close(), "broke before its answer was complete"),
    ],
)
def test_what_answers_is_no_platform(start_platform, answer, detail):
    with listening(answer) as (endpoint, _):
        platform = caller(start_platform, endpoint)
        response = httpx.post(platform.url + CALL, json=QUESTION)
    assert response.status_code == 502
    assert detail in response.json()["detail"]


def test_a_call_that_may_have_arrived_is_not_sent_again(start_platform):
    def hang_up(connection, _index):
        received(connection)
        connection.close()

    with listening(hang_up) as (endpoint, connections):
        platform = caller(start_platform, endpoint)
        assert httpx.post(platform.url + CALL, json=QUESTION).status_code == 502
        assert len(connections) == 1


def test_connections_are_kept(start_platform):
    content = b'{"result": {}}'

    def keep(connection, _index):
        for _ in range(5):
            answering(content)(connection, 0)

    with listening(keep) as (endpoint, connections):
        platform = caller(start_platform, endpoint)
        for _ in range(5):
            assert httpx.post(platform.url + CALL, json=QUESTION).status_code == 200
        assert len(connections) == 1


def test_a_connection_that_is_closed_meanwhile_is_not_used(start_platform):
    content = b'{"result": {}}'

    def answer_once(connection, _index):
        answering(content)(connection, 0)
        connection.close()

    with listening(answer_once) as (endpoint, connections):
        platform = caller(start_platform, endpoint)
        for _ in range(5):
            assert httpx.post(platform.url + CALL, json=QUESTION).status_code == 200
        assert len(connections) == 5


def test_a_platform_that_drains_answers_every_call(start_platform):
    draining = start_platform(RELEASE_ID="r-old", DRAIN_SECONDS="600")
    platform = caller(start_platform, draining.url)
    assert httpx.post(platform.url + CALL, json=QUESTION).status_code == 200
    draining.process.terminate()
    wait_until(lambda: httpx.get(f"{draining.url}/ready").status_code == 503, "readiness fails")
    for _ in range(20):
        response = httpx.post(platform.url + CALL, json=QUESTION)
        assert (response.status_code, response.json()["answered_by"]) == (200, "r-old")


def test_what_a_client_sends_beside_the_body_goes_no_further(start_platform):
    seen = []

    def remember(connection, index):
        seen.append(received(connection))
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nx-release-id: r\r\ncontent-length: 2\r\n\r\n{}"
        )

    with listening(remember) as (endpoint, _):
        platform = caller(start_platform, endpoint)
        headers = {"x-amzn-ecs-blue-green-test": "1", "cookie": "a=b", "x-symphainy-test": "1"}
        httpx.post(f"{platform.url}{CALL}?q=1", json=QUESTION, headers=headers)
    (request,) = seen
    head = request.lower()
    assert "test" not in head.split("\r\n\r\n")[0] and "cookie" not in head and "q=1" not in head


def test_it_gives_up_in_time(monkeypatch):
    monkeypatch.setattr(platforms, "CALL_TIMEOUT_SECONDS", 0.05)

    async def call(endpoint):
        known = platforms.Platforms({"insurance": endpoint}, platform_client.PlatformClient(Settings()))
        with pytest.raises(platforms.NoAnswer) as raised:
            await known.call("insurance", "vehicle_data", b"{}")
        await known._client._client.aclose()
        return raised.value

    with listening(lambda connection, _: None) as (endpoint, _):
        error = asyncio.run(call(endpoint))
    assert error.status == 504
    assert "no answer within 0.05 s" in str(error)


@pytest.mark.parametrize("path", ["/health", "/insurance/health", "/insurance/api/echo?a=1"])
def test_paths_are_found_with_and_without_the_prefix(insurance, path):
    assert httpx.get(insurance.url + path).status_code == 200


def test_no_other_prefix_is_found(insurance):
    assert httpx.get(f"{insurance.url}/reports/health").status_code == 404


def test_nothing_of_a_call_is_logged(start_platform, insurance):
    platform = caller(start_platform, insurance.url, LOG_LEVEL="DEBUG", DRAIN_SECONDS="0")
    httpx.post(platform.url + CALL, json={**QUESTION, "value": "4711"})
    platform.process.terminate()
    logs = json.dumps(platform.logs())
    assert "4711" not in logs and "dimension_access" not in logs


def identity_token(name, expires_in=3600):
    """As a metadata server gives it out: three parts, of which the second one is the claims."""
    claims = json.dumps({"exp": time.time() + expires_in, "sub": name}).encode()
    return f"head.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.{name}"


@contextmanager
def metadata(*tokens, status="200 OK"):
    """A metadata server with these tokens, one after the other; what it was asked for."""
    asked = []

    def answer(connection, index):
        asked.append(received(connection))
        token = tokens[min(index, len(tokens) - 1)].encode()
        head = f"HTTP/1.1 {status}\r\ncontent-length: {len(token)}\r\nconnection: close\r\n\r\n"
        connection.sendall(head.encode() + token)
        connection.close()

    with listening(answer) as (url, _):
        yield url.removeprefix("http://"), asked


@contextmanager
def private_callee():
    """A platform's answer to everybody; what each request had to say for itself."""
    proofs = []

    def answer(connection, _index):
        request = received(connection)
        proofs.append(re.search(r"authorization: (.*)\r\n", request, re.IGNORECASE)[1])
        content = b"{}"
        head = f"HTTP/1.1 200 OK\r\nx-release-id: r\r\ncontent-length: {len(content)}\r\nconnection: close\r\n\r\n"
        connection.sendall(head.encode() + content)
        connection.close()

    with listening(answer) as (url, _):
        yield url, proofs


def named(start_platform, endpoint, host):
    return caller(start_platform, endpoint, SERVICE_IDENTITY="google", GCE_METADATA_HOST=host)


def test_a_call_says_who_calls_and_asks_for_a_token_once(start_platform):
    token = identity_token("me")
    with metadata(token) as (host, asked), private_callee() as (url, proofs):
        platform = named(start_platform, f"{url}/insurance", host)
        for _ in range(2):
            assert httpx.post(platform.url + CALL, json=QUESTION).status_code == 200
    assert proofs == [f"Bearer {token}"] * 2
    (request,) = asked
    # The audience is the service, without the path below which it is.
    audience = quote(url, safe="")
    assert f"/service-accounts/default/identity?audience={audience} HTTP/1.1" in request
    assert "metadata-flavor: google" in request.lower()


def test_a_token_that_ends_soon_is_renewed_and_used_while_there_is_no_other(start_platform):
    tokens = [identity_token("old", expires_in=120), "nonsense", identity_token("new")]
    with metadata(*tokens) as (host, asked), private_callee() as (url, proofs):
        platform = named(start_platform, url, host)
        for _ in range(4):
            assert httpx.post(platform.url + CALL, json=QUESTION).status_code == 200
    old, _, new = tokens
    assert proofs == [f"Bearer {token}" for token in (old, old, new, new)]
    assert len(asked) == 3


def test_without_a_token_nothing_is_sent(start_platform):
    with private_callee() as (url, proofs):
        nobody = f"127.0.0.1:{free_port()}"
        answer = httpx.post(named(start_platform, url, nobody).url + CALL, json=QUESTION)
        assert answer.status_code == 502
        assert "no identity token" in answer.text
        with metadata("not found", status="404 Not Found") as (host, _):
            answer = httpx.post(named(start_platform, url, host).url + CALL, json=QUESTION)
            assert answer.status_code == 502
            assert "answers 404" in answer.text
    assert proofs == []
