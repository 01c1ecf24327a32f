"""The UAT package's scripts, from a folder that is not theirs. They run a test, not this suite."""

import os
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

import pytest

from tests.conftest import PLATFORM

SCRIPTS = PLATFORM / "UAT_PACKAGE/scripts"
TOOLS = "/usr/bin:/bin"


def run(script, reports, path, *arguments):
    return subprocess.run(
        [SCRIPTS / script, *arguments],
        cwd=reports,
        env={
            "PATH": f"{path}:{TOOLS}",
            "REPORTS_DIR": str(reports),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def python_on_path(tmp_path):
    """A folder with a `python`; with arguments, one that is started with them."""

    def make(*arguments):
        folder = tmp_path / "bin"
        folder.mkdir()
        python = folder / "python"
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" {" ".join(arguments)} "$@"\n')
        python.chmod(0o755)
        return folder

    return make


def test_they_record_a_run_and_make_a_page_of_it(tmp_path, python_on_path):
    path = python_on_path()
    recorded = run("run_all_tests.sh", tmp_path, path, "tests/test_settings.py", "-k", "defaults")
    assert recorded.returncode == 0, recorded.stdout + recorded.stderr
    assert xml.parse(tmp_path / "junit.xml").find("testsuite").attrib["tests"] == "1"
    reported = run("generate_test_report.sh", tmp_path, path)
    assert reported.returncode == 0, reported.stdout + reported.stderr
    assert "test_defaults" in (tmp_path / "report.html").read_text()


def test_failed_tests_fail_the_run(tmp_path, python_on_path):
    failing = tmp_path / "test_failing.py"
    failing.write_text("def test_failing():\n    assert False\n")
    assert run("run_all_tests.sh", tmp_path, python_on_path(), str(failing)).returncode == 1
    assert xml.parse(tmp_path / "junit.xml").find("testsuite").attrib["failures"] == "1"


@pytest.mark.parametrize(
    ("script", "module"),
    [("run_all_tests.sh", "pytest"), ("generate_test_report.sh", "junit2htmlreport")],
)
def test_missing_requirements_are_named(tmp_path, python_on_path, script, module):
    # -S: nothing that pip installed can be imported.
    outcome = run(script, tmp_path, python_on_path("-S"))
    assert outcome.returncode == 2
    assert f"cannot import {module}" in outcome.stderr
    assert "requirements-test.txt" in outcome.stderr


def test_a_page_without_a_run_is_refused(tmp_path, python_on_path):
    outcome = run("generate_test_report.sh", tmp_path, python_on_path())
    assert outcome.returncode == 2
    assert "run_all_tests.sh first" in outcome.stderr


def test_they_are_executable():
    scripts = [path for path in Path(SCRIPTS).iterdir() if path.name != "common.sh"]
    assert len(scripts) == 2
    assert all(os.access(path, os.X_OK) for path in scripts)
