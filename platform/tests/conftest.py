"""Real processes of the platform, started as the image starts them."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

PLATFORM = Path(__file__).parent.parent

# How long a condition may take before the test fails. Nothing waits longer than it must.
PATIENCE_SECONDS = 20


def wait_until(condition, what):
    """Returns the condition's first true value."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError(f"did not happen within {PATIENCE_SECONDS} s: {what}")


class EndedEarly(AssertionError):
    """The platform ended instead of answering. Its message is what it wrote."""


class RunningPlatform:
    """`python -m symphainy-platform.main` in a folder that stands for the image's /app."""

    def __init__(self, folder, port, environment):
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        inherited = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "symphainy-platform.main"],
            cwd=folder,
            env={
                **inherited,
                "PYTHONPATH": str(folder / "symphainy-platform"),
                "PYTHONDONTWRITEBYTECODE": "1",
                "PORT": str(port),
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.stdout, self.stderr = [], []
        self._readers = [
            threading.Thread(target=lines.extend, args=(stream,))
            for lines, stream in (
                (self.stdout, self.process.stdout),
                (self.stderr, self.process.stderr),
            )
        ]
        for reader in self._readers:
            reader.start()

    def answers(self):
        if self.process.poll() is not None:
            self.wait()
            raise EndedEarly("".join(self.stdout + self.stderr))
        return self.accepts() and httpx.get(f"{self.url}/live").status_code == 200

    def accepts(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        except ConnectionRefusedError:
            return False

    def logs(self):
        """All log entries of the platform. Only once it has ended."""
        self.wait()
        return [json.loads(line) for line in self.stdout]

    def wait(self):
        """The exit code, once it has ended by itself."""
        code = self.process.wait(timeout=PATIENCE_SECONDS)
        for reader in self._readers:
            reader.join()
        return code

    def kill(self):
        self.process.kill()
        self.wait()
        self.process.stdout.close()
        self.process.stderr.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def start_platform():
    """Starts a platform and waits until it answers; all are ended with the session."""
    running = []

    def start(folder=PLATFORM, **environment):
        while True:
            platform = RunningPlatform(folder, free_port(), environment)
            running.append(platform)
            try:
                wait_until(platform.answers, "the platform answers")
                return platform
            except EndedEarly as ended:
                # Another process may take the port before the platform listens on it.
                if "address already in use" not in str(ended):
                    raise

    yield start
    for platform in running:
        platform.kill()


@pytest.fixture(scope="session")
def platform(start_platform):
    """One healthy platform for every test that only asks."""
    return start_platform(RELEASE_ID="r-test", TEST_ENVIRONMENT="true", DRAIN_SECONDS="0")


@pytest.fixture
def app_folder(tmp_path):
    """A copy of what the image holds, to break."""
    for part in ("symphainy-platform", "tests/environments"):
        shutil.copytree(
            PLATFORM / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(PLATFORM / "tests/__init__.py", tmp_path / "tests")
    return tmp_path


@pytest.fixture
def break_services(app_folder):
    def break_them(*names, code="raise RuntimeError('broken on purpose')\n"):
        for name in names:
            module = app_folder / "symphainy-platform/services" / f"{name}.py"
            assert module.exists()
            module.write_text(code)
        return app_folder

    return break_them
