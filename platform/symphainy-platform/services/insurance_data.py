"""Brings policies of brokers and carriers into one form."""

from datetime import date, datetime
from decimal import Decimal

from service_registry import Check


def handle(request: dict) -> dict:
    """`source`: broker or carrier; `policy`: its own record."""
    source, policy = request.get("source"), request.get("policy")
    if source not in _readers:
        raise ValueError(f"source={source!r} is unknown: it must be one of {', '.join(_readers)}.")
    if not isinstance(policy, dict):
        raise ValueError("policy must be an object.")
    try:
        return _readers[source](policy)
    except KeyError as error:
        raise ValueError(f"policy lacks {error.args[0]!r}, which a {source} gives.") from error


async def check() -> Check:
    broker = {"policyNo": "AV-0042", "start": "01.07.2031", "premium": "1.234,50", "ccy": "EUR"}
    carrier = {
        "POLICY_ID": "AV0042",
        "EFFECTIVE": "2031-07-01",
        "PREMIUM_CENTS": 123450,
        "CURRENCY": "eur",
    }
    given = [
        handle({"source": "broker", "policy": broker}),
        handle({"source": "carrier", "policy": carrier}),
    ]
    if given[0] != given[1]:
        return Check(False, f"one policy read from two sources differs: {given[0]} and {given[1]}")
    return Check(True, f"{len(_readers)} sources agree on the reference policy")


def _from_broker(policy: dict) -> dict:
    premium = _minor(str(policy["premium"]).replace(".", "").replace(",", "."), Decimal(100))
    start = datetime.strptime(str(policy["start"]), "%d.%m.%Y").date()
    return _policy(policy["policyNo"], start, premium, policy["ccy"])


def _from_carrier(policy: dict) -> dict:
    start = date.fromisoformat(str(policy["EFFECTIVE"]))
    return _policy(
        policy["POLICY_ID"], start, _minor(policy["PREMIUM_CENTS"], Decimal(1)), policy["CURRENCY"]
    )


def _minor(amount: object, factor: Decimal) -> int:
    try:
        # quantize refuses more digits than an amount can have; int() would go on computing.
        return int((Decimal(str(amount)) * factor).quantize(Decimal(1)))
    except ArithmeticError as error:
        raise ValueError(f"premium {amount!r} must be an amount.") from error


def _policy(number: object, start: date, premium_minor: int, currency: object) -> dict:
    return {
        "number": str(number).replace("-", "").upper(),
        "effective": start.isoformat(),
        "premium_minor": premium_minor,
        "currency": str(currency).upper(),
    }


_readers = {"broker": _from_broker, "carrier": _from_carrier}
