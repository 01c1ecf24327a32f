"""What the platform writes: JSON lines, at the level asked for, without what clients sent."""

import socket

import httpx


def entries(start_platform, level):
    platform = start_platform(LOG_LEVEL=level, RELEASE_ID="r-logs", DRAIN_SECONDS="0")
    httpx.get(f"{platform.url}/api/echo?token=sesame", headers={"authorization": "Bearer sesame"})
    httpx.post(f"{platform.url}/api/echo", content=b"sesame")
    httpx.post(f"{platform.url}/api/services/insurance_data", json={"source": "sesame"})
    platform.process.terminate()
    return platform.logs()


def test_every_line_is_json_and_names_the_release(start_platform):
    written = entries(start_platform, "INFO")
    assert written
    assert all(entry["release"] == "r-logs" for entry in written)
    assert {"time", "level", "logger", "message"} <= set(written[0])
    assert any("SIGTERM: readiness fails" in entry["message"] for entry in written)
    assert "left in flight" in written[-1]["message"]


def test_nothing_that_clients_sent_is_logged(start_platform):
    assert "sesame" not in str(entries(start_platform, "DEBUG"))


def test_the_level_is_obeyed(start_platform):
    assert entries(start_platform, "ERROR") == []


def test_an_upload_that_breaks_off_is_no_error_of_ours(start_platform):
    platform = start_platform(DRAIN_SECONDS="0")
    with socket.create_connection(("127.0.0.1", platform.port)) as upload:
        upload.sendall(b"POST /api/echo HTTP/1.1\r\nhost: test\r\ncontent-length: 6\r\n\r\nabc")
        # Answered after the upload began, so the upload is being read by now.
        httpx.get(f"{platform.url}/live")
    httpx.get(f"{platform.url}/live")
    platform.process.terminate()
    assert [entry for entry in platform.logs() if entry["level"] not in ("INFO", "DEBUG")] == []
