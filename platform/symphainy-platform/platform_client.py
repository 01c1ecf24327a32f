"""HTTP to other platforms. Apart, because those that call nobody can do without httpx at their start."""

from __future__ import annotations

import json

import httpx

from platforms import Answer, NoAnswer
from service_identity import GoogleIdentity, NoIdentity
from settings import Settings

CONNECT_TIMEOUT_SECONDS = 2.0
LARGEST_ANSWER_BYTES = 1 << 20
# An idle connection is kept for less time than anybody on the way keeps it: who closes first must be
# the one who sends, or a call goes into a connection that is just being closed.
LONGEST_IDLE_SECONDS = 5.0


class PlatformClient:
    """
    Never sends anything twice: whether doing again what a call asks for is harmless, nobody here
    knows. Only a connection that could not be made is tried again.
    """

    def __init__(self, settings: Settings) -> None:
        idle = min(LONGEST_IDLE_SECONDS, settings.keep_alive_seconds / 15)
        self._client = httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(
                retries=1, limits=httpx.Limits(keepalive_expiry=idle)
            ),
            timeout=httpx.Timeout(None, connect=CONNECT_TIMEOUT_SECONDS),
            # What the surroundings say of proxies is not about the platforms of one stack.
            trust_env=False,
        )
        self._identity = (
            GoogleIdentity(self._client, settings.metadata_host)
            if settings.service_identity == "GOOGLE"
            else None
        )

    async def exchange(
        self, name: str, endpoint: str, path: str, body: bytes | None = None
    ) -> Answer:
        """GET, or POST of a JSON body. Raises NoAnswer; gives up only when it is cancelled."""
        where = f"platform {name} at {endpoint}"
        headers = {"content-type": "application/json"} if body is not None else {}
        request = self._client.build_request(
            "GET" if body is None else "POST",
            endpoint + path,
            headers={**headers, **await self._identity_headers(where, endpoint)},
            content=body,
        )
        try:
            response = await self._client.send(request, stream=True)
            try:
                release = response.headers.get("x-release-id")
                if release is None:
                    raise NoAnswer(
                        502,
                        f"There is no {where}: what answers there ({response.status_code}) "
                        "names no release.",
                    )
                content = await _read(response, where)
            finally:
                await response.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NoAnswer(502, f"Nobody answers for {where}: {_reason(error)}.") from error
        except httpx.HTTPError as error:
            raise NoAnswer(
                502,
                f"The connection to {where} broke before its answer was complete: "
                f"{_reason(error)}. It may have done what it was asked for.",
            ) from error
        return Answer(response.status_code, release, _object(content, where))

    async def _identity_headers(self, where: str, endpoint: str) -> dict[str, str]:
        if self._identity is None:
            return {}
        try:
            # The audience is the service's URL, without what is asked for there.
            token = await self._identity.token(str(httpx.URL(endpoint).copy_with(path="")))
        except NoIdentity as error:
            raise NoAnswer(502, f"Nothing was sent to {where}: {error}.") from error
        return {"authorization": f"Bearer {token}"}


async def _read(response: httpx.Response, where: str) -> bytes:
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > LARGEST_ANSWER_BYTES:
            raise NoAnswer(
                502, f"The answer of {where} is longer than {LARGEST_ANSWER_BYTES} bytes."
            )
    return bytes(content)


def _object(content: bytes, where: str) -> dict:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise NoAnswer(502, f"The answer of {where} is not a JSON object.")
    return answer


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
