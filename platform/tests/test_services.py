"""Each service does its work, and its check notices when it does not."""

import asyncio

import pytest

from services import (
    dimension_access,
    health_monitoring,
    insurance_data,
    service_discovery,
    vehicle_data,
)

ALL = [service_discovery, health_monitoring, dimension_access, vehicle_data, insurance_data]


@pytest.mark.parametrize("service", ALL)
def test_it_is_healthy(service):
    assert asyncio.run(service.check()).healthy


@pytest.mark.parametrize(
    ("service", "part", "broken"),
    [
        (service_discovery, "_endpoints", {"nowhere": "/api/services/nowhere"}),
        (health_monitoring, "DESCRIPTOR_SHARE", 0.0),
        (health_monitoring, "LATEST_TURN", -1.0),
        (dimension_access, "_grants", {"vehicle": {"speed", "money"}, "insurance": {"money"}}),
        (dimension_access, "_utilities", {"speed": str, "money": str, "pseudonym": str}),
        (vehicle_data, "HARSH_BRAKING", 9.0),
        (insurance_data, "_from_carrier", None),
    ],
)
def test_its_check_notices_when_it_is_broken(monkeypatch, service, part, broken):
    if part == "_from_carrier":
        wrong = {**insurance_data._readers, "carrier": lambda policy: {}}
        monkeypatch.setattr(service, "_readers", wrong)
    else:
        monkeypatch.setattr(service, part, broken)
    assert not asyncio.run(service.check()).healthy


def test_discovery_resolves():
    assert (
        service_discovery.handle({"resolve": "vehicle_data"})["endpoint"]
        == "/api/services/vehicle_data"
    )


def test_monitoring_reports_the_process():
    report = health_monitoring.handle({})
    assert 0 < report["descriptors"]["used"] < report["descriptors"]["limit"]
    assert report["peak_memory_kib"] > 0


@pytest.mark.parametrize(
    ("dimension", "utility", "value", "answer"),
    [
        ("vehicle", "speed", "36", "10.000"),
        ("insurance", "money", "10.015", "1002"),
        ("insurance", "money", "10.025", "1002"),
        ("vehicle", "pseudonym", "AV0042", "0b1c1cabee5475c4"),
    ],
)
def test_dimensions_use_what_they_are_granted(dimension, utility, value, answer):
    request = {"dimension": dimension, "utility": utility, "value": value}
    assert dimension_access.handle(request) == {"value": answer}


def test_a_pseudonym_is_the_same_in_every_dimension():
    requests = [
        {"dimension": name, "utility": "pseudonym", "value": "x"}
        for name in ("vehicle", "insurance")
    ]
    first, second = (dimension_access.handle(request) for request in requests)
    assert first == second


def test_a_drive_is_summarised():
    frames = [
        {"t": 0, "speed": 10, "gap": 20},
        {"t": 1, "speed": 4, "gap": 5},
        {"t": 2, "speed": 0, "gap": 2},
    ]
    summary = vehicle_data.handle({"frames": frames})
    assert summary == {"distance_m": 9.0, "harsh_brakings": 1, "shortest_headway_s": 1.25}


def test_a_parked_vehicle_has_no_headway():
    frames = [{"t": 0, "speed": 0, "gap": 2}, {"t": 1, "speed": 0, "gap": 2}]
    assert vehicle_data.handle({"frames": frames})["shortest_headway_s"] is None


def test_policies_of_both_sources_become_one_form():
    carrier = {
        "POLICY_ID": "x-1",
        "EFFECTIVE": "2030-01-31",
        "PREMIUM_CENTS": 1999,
        "CURRENCY": "usd",
    }
    assert insurance_data.handle({"source": "carrier", "policy": carrier}) == {
        "number": "X1",
        "effective": "2030-01-31",
        "premium_minor": 1999,
        "currency": "USD",
    }


@pytest.mark.parametrize(
    ("service", "request_", "named"),
    [
        (service_discovery, {"resolve": "nowhere"}, "nowhere"),
        (service_discovery, {"resolve": ["x"]}, "resolve"),
        (dimension_access, {"dimension": "sea"}, "sea"),
        (dimension_access, {"dimension": "vehicle", "utility": "money"}, "money"),
        (dimension_access, {"dimension": "vehicle", "utility": "speed", "value": "fast"}, "fast"),
        (
            dimension_access,
            {"dimension": "insurance", "utility": "money", "value": "Infinity"},
            "Infinity",
        ),
        (
            dimension_access,
            {"dimension": "insurance", "utility": "money", "value": "1e999999"},
            "1e999999",
        ),
        (vehicle_data, {}, "frames"),
        (vehicle_data, {"frames": [{"t": 0, "speed": 1, "gap": 1}]}, "at least two"),
        (vehicle_data, {"frames": [{"t": 0}, {"t": 1}]}, "speed"),
        (vehicle_data, {"frames": [{"t": 0, "speed": "nan", "gap": 1}] * 2}, "from -1e"),
        (vehicle_data, {"frames": [{"t": 0, "speed": 1e300, "gap": 1}] * 2}, "from -1e"),
        (vehicle_data, {"frames": [{"t": 1, "speed": 1, "gap": 1}] * 2}, "order of time"),
        (insurance_data, {"source": "stranger"}, "stranger"),
        (insurance_data, {"source": "broker", "policy": 1}, "policy"),
        (insurance_data, {"source": "broker", "policy": {"premium": "1"}}, "start"),
        (
            insurance_data,
            {
                "source": "broker",
                "policy": {"premium": "much", "start": "01.01.2030", "policyNo": 1, "ccy": "EUR"},
            },
            "much",
        ),
        (
            insurance_data,
            {
                "source": "broker",
                "policy": {
                    "premium": "1e999999",
                    "start": "01.01.2030",
                    "policyNo": 1,
                    "ccy": "EUR",
                },
            },
            "1e999999",
        ),
    ],
)
def test_a_bad_request_is_named(service, request_, named):
    with pytest.raises(ValueError, match=named):
        service.handle(request_)
