"""The order of shutting down, by a real process and real signals."""

import signal
import socket

import httpx
import pytest

from tests.conftest import wait_until


def status(platform, path):
    return httpx.get(f"{platform.url}{path}").status_code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_readiness_fails_first_while_connections_are_still_accepted(start_platform, number):
    platform = start_platform(DRAIN_SECONDS="600")
    platform.process.send_signal(number)
    wait_until(lambda: status(platform, "/ready") == 503, "readiness fails")
    for path in ("/ready", "/health"):
        assert httpx.get(f"{platform.url}{path}").json()["status"] == "shutting down"
    assert status(platform, "/health") == 503
    assert status(platform, "/live") == 200
    assert status(platform, "/api/echo?a=1") == 200
    assert platform.process.poll() is None


def test_what_is_in_flight_is_finished_after_accepting_has_ended(start_platform):
    platform = start_platform(DRAIN_SECONDS="0.3", RELEASE_ID="r-old")
    with socket.create_connection(("127.0.0.1", platform.port)) as upload:
        upload.sendall(b"POST /api/echo HTTP/1.1\r\nhost: test\r\ncontent-length: 6\r\n\r\nabc")
        # Answered after the upload began, so the upload is in flight by now.
        assert status(platform, "/live") == 200
        platform.process.terminate()
        wait_until(lambda: not platform.accepts(), "connections are refused")
        assert platform.process.poll() is None
        upload.sendall(b"def")
        answer = upload.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"x-release-id: r-old" in answer
    assert b'"length":6' in answer
    assert platform.wait() == 0
    assert not platform.stderr


def test_idle_connections_do_not_hold_the_end_up(start_platform):
    platform = start_platform(DRAIN_SECONDS="0")
    with httpx.Client(base_url=platform.url) as client:
        client.get("/live")
        platform.process.terminate()
        assert platform.wait() == 0


def test_while_draining_each_response_ends_its_connection(start_platform):
    platform = start_platform(DRAIN_SECONDS="600")
    with httpx.Client(base_url=platform.url) as client:
        assert "connection" not in client.get("/live").headers
        platform.process.terminate()
        wait_until(lambda: status(platform, "/ready") == 503, "readiness fails")
        assert client.get("/live").headers["connection"] == "close"
        assert client.get("/nowhere").headers["connection"] == "close"


def test_a_second_signal_ends_the_drain(start_platform):
    platform = start_platform(DRAIN_SECONDS="600")
    platform.process.terminate()
    wait_until(lambda: status(platform, "/ready") == 503, "readiness fails")
    platform.process.terminate()
    assert platform.wait() == 0


def test_a_third_interrupt_drops_what_is_in_flight(start_platform):
    platform = start_platform(DRAIN_SECONDS="600")
    with socket.create_connection(("127.0.0.1", platform.port)) as upload:
        upload.sendall(b"POST /api/echo HTTP/1.1\r\nhost: test\r\ncontent-length: 6\r\n\r\nabc")
        assert status(platform, "/live") == 200
        platform.process.send_signal(signal.SIGINT)
        wait_until(lambda: status(platform, "/ready") == 503, "readiness fails")
        platform.process.send_signal(signal.SIGINT)
        wait_until(lambda: not platform.accepts(), "connections are refused")
        platform.process.send_signal(signal.SIGINT)
        assert platform.wait() == 0


def test_idle_connections_are_kept_as_long_as_configured(start_platform):
    brief, long = start_platform(KEEP_ALIVE_SECONDS="0.1"), start_platform(KEEP_ALIVE_SECONDS="600")
    request = b"GET /live HTTP/1.1\r\nhost: test\r\n\r\n"
    with socket.create_connection(("127.0.0.1", long.port)) as kept:
        kept.sendall(request)
        with socket.create_connection(("127.0.0.1", brief.port)) as closed:
            closed.sendall(request)
            assert closed.makefile("rb").read().startswith(b"HTTP/1.1 200")
        kept.sendall(request)
        answers = b""
        while answers.count(b"HTTP/1.1 200") < 2:
            received = kept.recv(10_000)
            assert received
            answers += received
