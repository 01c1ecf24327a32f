"""Who this platform is to those that it calls, where they let nobody in without a name."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import time

import httpx

# It is on the same machine. What takes longer is not there.
METADATA_TIMEOUT_SECONDS = 2.0
RETRY_SECONDS = 0.1
# Google's own libraries renew a token so long before its end.
RENEWED_SECONDS = 300.0
# It has to be good for as long as the call that it goes with may take.
LEAST_LIFE_SECONDS = 15.0


class NoIdentity(Exception):
    """There is no token to be had. The message is for the client."""


class GoogleIdentity:
    """
    Identity tokens of Google's metadata server, one for each audience, kept for as long as they are
    good (Cloud Run, "Authenticating service-to-service", "Use the metadata server").
    """

    def __init__(self, client: httpx.AsyncClient, host: str) -> None:
        self._client = client
        self._url = (
            f"http://{host}/computeMetadata/v1/instance/service-accounts/default/identity"
        )
        self._tokens: dict[str, tuple[str, float]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def token(self, audience: str) -> str:
        """Raises NoIdentity. Many calls at once ask the metadata server once."""
        async with self._locks.setdefault(audience, asyncio.Lock()):
            token, expires = self._tokens.get(audience, ("", 0.0))
            if expires - time.time() < RENEWED_SECONDS:
                try:
                    token = await asyncio.wait_for(
                        self._fetch(audience), METADATA_TIMEOUT_SECONDS
                    )
                    self._tokens[audience] = (token, _expiry(token))
                except (NoIdentity, asyncio.TimeoutError) as error:
                    # The one at hand is good for this call still.
                    if expires - time.time() < LEAST_LIFE_SECONDS:
                        raise NoIdentity(
                            f"no identity token for {audience}: {str(error) or 'no answer in time'}"
                        ) from error
        return token

    async def _fetch(self, audience: str) -> str:
        """Asks until somebody answers: the metadata server may be busy for a moment (500, 503)."""
        while True:
            try:
                response = await self._client.get(
                    self._url,
                    params={"audience": audience},
                    headers={"metadata-flavor": "Google"},
                )
            except httpx.TransportError:
                response = None
            if response is None or response.status_code >= 500:
                await asyncio.sleep(RETRY_SECONDS)
                continue
            token = response.text.strip()
            if response.status_code != 200 or not re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", token):
                raise NoIdentity(f"{self._url} answers {response.status_code} without one")
            return token


def _expiry(token: str) -> float:
    """Seconds since the epoch; 0, as of one that is never used again, where it says none."""
    try:
        _, payload, _ = token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return float(claims["exp"])
    except (KeyError, TypeError, ValueError):
        return 0.0
