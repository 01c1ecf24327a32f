"""Summarises drives of autonomous vehicles under test."""

from service_registry import Check

# Deceleration that counts as harsh braking, in m/s².
HARSH_BRAKING = 4.0
# Slower than this, in m/s, a vehicle stands: it keeps no headway.
STANDING = 0.1
# No time, speed or gap of a drive is beyond this; it also keeps out what is not finite.
LARGEST = 1e9


def handle(request: dict) -> dict:
    """`frames`: at least two of {"t": s, "speed": m/s, "gap": m to the vehicle ahead}, in order."""
    frames = [_frame(frame) for frame in _list(request.get("frames"))]
    if len(frames) < 2:
        raise ValueError("frames must hold at least two frames.")
    distance, harsh = 0.0, 0
    for (t0, v0, _), (t1, v1, _) in zip(frames, frames[1:]):
        if t1 <= t0:
            raise ValueError(f"frames must be in order of time: t={t1:g} follows t={t0:g}.")
        distance += (v0 + v1) / 2 * (t1 - t0)
        harsh += (v0 - v1) / (t1 - t0) > HARSH_BRAKING
    headways = [gap / speed for _, speed, gap in frames if speed > STANDING]
    return {
        "distance_m": round(distance, 3),
        "harsh_brakings": harsh,
        "shortest_headway_s": round(min(headways), 3) if headways else None,
    }


async def check() -> Check:
    drive = [
        {"t": 0, "speed": 20, "gap": 40},
        {"t": 2, "speed": 20, "gap": 30},
        {"t": 3, "speed": 14, "gap": 21},
    ]
    summary = handle({"frames": drive})
    expected = {"distance_m": 57.0, "harsh_brakings": 1, "shortest_headway_s": 1.5}
    if summary != expected:
        return Check(False, f"the reference drive gives {summary} instead of {expected}")
    return Check(True, "the reference drive is summarised rightly")


def _list(value: object) -> list:
    if not isinstance(value, list):
        raise ValueError("frames must be a list.")
    return value


def _frame(frame: object) -> tuple[float, float, float]:
    try:
        t, speed, gap = (float(frame[key]) for key in ("t", "speed", "gap"))  # type: ignore[index]
    except (TypeError, KeyError, ValueError) as error:
        raise ValueError(
            f"a frame must hold the numbers t, speed and gap, not {frame!r}."
        ) from error
    if not all(-LARGEST <= number <= LARGEST for number in (t, speed, gap)):
        raise ValueError(
            f"a frame's numbers must be from {-LARGEST:g} to {LARGEST:g}, not {frame!r}."
        )
    return t, speed, gap
