"""Lends shared utilities across dimensions, each only to those that may use it."""

import hashlib
from decimal import ROUND_HALF_EVEN, Decimal

from service_registry import Check


def _speed(value: str) -> str:
    """km/h → m/s."""
    return str((Decimal(value) / Decimal("3.6")).quantize(Decimal("0.001")))


def _money(value: str) -> str:
    """An amount, rounded as accountants do, in minor units."""
    return str(int((Decimal(value) * 100).quantize(Decimal(1), ROUND_HALF_EVEN)))


def _pseudonym(value: str) -> str:
    """A stable name that can be joined on across dimensions."""
    return hashlib.sha256(value.encode()).hexdigest()[:16]


_utilities = {"speed": _speed, "money": _money, "pseudonym": _pseudonym}
_grants = {"vehicle": {"speed", "pseudonym"}, "insurance": {"money", "pseudonym"}}


def handle(request: dict) -> dict:
    dimension, utility, value = (
        str(request.get(key, "")) for key in ("dimension", "utility", "value")
    )
    if dimension not in _grants:
        raise ValueError(
            f"dimension={dimension!r} is unknown: it must be one of {', '.join(_grants)}."
        )
    if utility not in _grants[dimension]:
        allowed = ", ".join(sorted(_grants[dimension]))
        raise ValueError(
            f"utility={utility!r} is not granted to {dimension}: it may use {allowed}."
        )
    try:
        return {"value": _utilities[utility](value)}
    except ArithmeticError as error:
        raise ValueError(f"value={value!r} must be a decimal number.") from error


async def check() -> Check:
    known = [("vehicle", "speed", "90", "25.000"), ("insurance", "money", "0.125", "12")]
    for dimension, utility, value, answer in known:
        given = handle({"dimension": dimension, "utility": utility, "value": value})["value"]
        if given != answer:
            return Check(False, f"{utility} of {value} is {given} instead of {answer}")
    try:
        handle({"dimension": "vehicle", "utility": "money", "value": "1"})
    except ValueError:
        return Check(True, f"{len(_utilities)} utilities, grants enforced")
    return Check(False, "a utility was lent to a dimension without the grant")
