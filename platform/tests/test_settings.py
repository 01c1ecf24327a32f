"""Environment variables: defaults, and errors that name key, value and what is allowed."""

import json
import subprocess
import sys

import pytest

from settings import SettingError, Settings
from tests.conftest import PLATFORM


def test_defaults():
    settings = Settings.read({"PORT": "", "LOG_LEVEL": " "})
    assert settings == Settings()
    assert (settings.port, settings.health_threshold_percent, settings.release) == (
        8000,
        80,
        "unreleased",
    )
    assert (settings.service_discovery, settings.test_environment) == (True, False)
    # The load balancer has to be the one that closes an idle connection; its time-out is 60 s.
    assert settings.keep_alive_seconds > 60


def test_every_variable_is_read():
    settings = Settings.read(
        {
            "PORT": "9000",
            "HEALTH_THRESHOLD_PERCENT": "62.5",
            "KEEP_ALIVE_SECONDS": "2.5",
            "DRAIN_SECONDS": "0.667",
            "LOG_LEVEL": "warning",
            "RELEASE_ID": "sha256:0a1b",
            "SERVICE_DISCOVERY": "False",
            "TEST_ENVIRONMENT": "true",
            "PATH_PREFIX": "/reports",
            "SERVICE_ENDPOINTS": '{"insurance": "http://insurance:8000/insurance/"}',
        }
    )
    assert settings == Settings(
        9000,
        62.5,
        2.5,
        0.667,
        "WARNING",
        "sha256:0a1b",
        False,
        True,
        "/reports",
        {"insurance": "http://insurance:8000/insurance"},
    )


@pytest.mark.parametrize("text", ["/", "/reports/", "/a/b-c.d~e_f"])
def test_a_prefix_has_no_slash_at_its_end(text):
    assert Settings.read({"PATH_PREFIX": text}).path_prefix == text.rstrip("/")


def test_platforms_may_be_reached_over_https():
    urls = {"a": "https://a-1.example.run.app", "b": "http://127.0.0.1:8080/b"}
    assert Settings.read({"SERVICE_ENDPOINTS": json.dumps(urls)}).platforms == urls


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("PORT", "0", "a whole number from 1 to 65535"),
        ("PORT", "65536", "a whole number from 1 to 65535"),
        ("PORT", "80.5", "a whole number from 1 to 65535"),
        ("PORT", "http", "a whole number from 1 to 65535"),
        ("HEALTH_THRESHOLD_PERCENT", "0", "a number from 1 to 100"),
        ("HEALTH_THRESHOLD_PERCENT", "101", "a number from 1 to 100"),
        ("HEALTH_THRESHOLD_PERCENT", "nan", "a number from 1 to 100"),
        ("KEEP_ALIVE_SECONDS", "0", "a number from 0.1 to 4000"),
        ("DRAIN_SECONDS", "-1", "a number from 0 to 3600"),
        ("LOG_LEVEL", "LOUD", "one of DEBUG, INFO, WARNING, ERROR, CRITICAL"),
        ("RELEASE_ID", "a\r\nset-cookie: b", "1 to 200 letters, digits"),
        ("SERVICE_DISCOVERY", "yes", "true or false"),
        ("TEST_ENVIRONMENT", "1", "true or false"),
        ("PATH_PREFIX", "reports", "a path such as /reports"),
        ("PATH_PREFIX", "/a b", "a path such as /reports"),
        ("SERVICE_ENDPOINTS", "{", "a JSON object of names and base URLs"),
        ("SERVICE_ENDPOINTS", '["http://a"]', "a JSON object of names and base URLs"),
        ("SERVICE_ENDPOINTS", '{"A": "http://a"}', "a JSON object of names and base URLs"),
        ("SERVICE_ENDPOINTS", '{"a": "a:8000"}', "a JSON object of names and base URLs"),
        ("SERVICE_ENDPOINTS", '{"a": "http://a:99999"}', "a JSON object of names and base URLs"),
        ("SERVICE_ENDPOINTS", '{"a": "http://a/?b=1"}', "a JSON object of names and base URLs"),
        ("SERVICE_ENDPOINTS", '{"a": 1}', "a JSON object of names and base URLs"),
    ],
)
def test_a_wrong_value_is_named(key, value, allowed):
    with pytest.raises(SettingError) as raised:
        Settings.read({key: value})
    message = str(raised.value)
    assert key in message and repr(value) in message and allowed in message


def test_a_wrong_value_ends_the_platform_with_one_line():
    run = subprocess.run(
        [sys.executable, "-m", "symphainy-platform.main"],
        cwd=PLATFORM,
        env={"PYTHONPATH": str(PLATFORM / "symphainy-platform"), "PORT": "none"},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert run.returncode == 2
    assert (
        run.stderr == "symphainy-platform: PORT='none' is not allowed: "
        "it must be a whole number from 1 to 65535.\n"
    )
