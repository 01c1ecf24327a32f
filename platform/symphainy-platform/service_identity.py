"""Who this platform is to those that it calls, where they let nobody in without a name."""

from __future__ import annotations

import base64
import json
import time

import httpx

# It is on the same machine. What takes longer is not there.
METADATA_TIMEOUT_SECONDS = 2.0
# A token has to be good for as long as the call that it goes with may take, whoever's clock is behind.
LEAST_LIFE_SECONDS = 60.0


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

    async def token(self, audience: str) -> str:
        """Raises NoIdentity."""
        token, expires = self._tokens.get(audience, ("", 0.0))
        if expires - time.time() < LEAST_LIFE_SECONDS:
            token = await self._fetch(audience)
            self._tokens[audience] = (token, _expiry(token))
        return token

    async def _fetch(self, audience: str) -> str:
        try:
            response = await self._client.get(
                self._url,
                params={"audience": audience},
                headers={"metadata-flavor": "Google"},
                timeout=METADATA_TIMEOUT_SECONDS,
            )
        except httpx.HTTPError as error:
            raise NoIdentity(
                f"no identity token for {audience}: nobody answers at {self._url} ({error!r})"
            ) from error
        if response.status_code != 200:
            raise NoIdentity(
                f"no identity token for {audience}: {self._url} answers {response.status_code}"
            )
        return response.text.strip()


def _expiry(token: str) -> float:
    """Seconds since the epoch; 0, so that it is never used again, for what says nothing of its end."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return float(claims["exp"])
    except (IndexError, KeyError, TypeError, ValueError):
        return 0.0
