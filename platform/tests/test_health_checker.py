"""The health check beside the platform: the Dockerfile's own one-liner, in a process of its own."""

import json
import re
import socket
import subprocess
import sys
import threading

import pytest

from tests.conftest import PLATFORM, free_port
from tests.environments.production_test_config import ServiceHealthChecker

ONE_LINER = re.search(r'CMD python -c "(.*)"$', (PLATFORM / "Dockerfile").read_text(), re.M).group(
    1
)


def exit_code(port, folder=PLATFORM):
    return subprocess.run(
        [sys.executable, "-c", ONE_LINER], cwd=folder, env={"PORT": str(port)}, timeout=30
    ).returncode


def test_the_one_liner_passes_a_healthy_platform(platform):
    assert exit_code(platform.port) == 0


def test_the_one_liner_fails_an_unhealthy_platform(start_platform, break_services):
    platform = start_platform(break_services("vehicle_data", "insurance_data"))
    assert exit_code(platform.port) == 1
    report = ServiceHealthChecker(platform.port).get_overall_health()
    assert report["health_percentage"] == 60
    assert report["services"]["vehicle_data"]["healthy"] is False


def test_the_one_liner_fails_without_a_platform():
    port = free_port()
    assert exit_code(port) == 1
    report = ServiceHealthChecker(port).get_overall_health()
    assert report["health_percentage"] == 0
    assert str(port) in report["status"]


def test_it_needs_nothing_but_the_standard_library(app_folder):
    program = (
        "import sys, tests.environments.production_test_config as t;"
        "print([m for m in ('http.client', 'asyncio', 'logging') if m in sys.modules])"
    )
    # -S: nothing that pip installed can be imported.
    run = subprocess.run(
        [sys.executable, "-S", "-c", program],
        cwd=app_folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b'nonsense\r\n\r\n{"health_percentage": 100}',
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{",
        b'HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{"health_percentage": 100}',
        b'HTTP/1.1 200 OK\r\n\r\n{"health_percentage": 100}',
    ],
)
def test_an_answer_that_is_no_report_is_zero_percent(answer):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(answer)

        server = threading.Thread(target=serve)
        server.start()
        report = ServiceHealthChecker(listener.getsockname()[1]).get_overall_health()
        server.join()
    assert report["health_percentage"] == 0


def test_an_answer_is_whole_when_its_connection_stays_open():
    report = b'{"health_percentage": 90}'
    with socket.create_server(("127.0.0.1", 0)) as listener:
        checker = ServiceHealthChecker(listener.getsockname()[1])
        reports = []
        client = threading.Thread(target=lambda: reports.append(checker.get_overall_health()))
        client.start()
        connection, _ = listener.accept()
        with connection:
            connection.recv(1000)
            length = len(report)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % length + report)
            client.join(5)
            assert [it["health_percentage"] for it in reports] == [90]


def test_a_platform_that_hangs_is_zero_percent():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        checker = ServiceHealthChecker(listener.getsockname()[1], timeout_seconds=0.05)
        assert checker.get_overall_health()["health_percentage"] == 0


def test_compose_and_dockerfile_check_the_same():
    compose = (PLATFORM / "docker-compose.yml").read_text()
    test = json.loads(re.search(r"test: (\[.*\])", compose).group(1))
    assert test == ["CMD", "python", "-c", ONE_LINER]
    flags = re.search(r"HEALTHCHECK (.*) \\", (PLATFORM / "Dockerfile").read_text()).group(1)
    assert flags == "--interval=30s --timeout=10s --start-period=5s --retries=3"
    assert [
        re.search(rf"{key}: (\S+)", compose).group(1) for key in ("interval", "timeout", "retries")
    ] == ["30s", "10s", "3"]
