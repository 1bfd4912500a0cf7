"""How requests are signed: the vendors' ways of taking a key, by dlt's classes."""

from collections.abc import Mapping

import requests
from dlt.sources.helpers.rest_client.auth import (
    APIKeyAuth,
    BearerTokenAuth,
    HttpBasicAuth,
    OAuth2ClientCredentials,
)
from requests.auth import AuthBase

from tools.pulling.api import Auth, Basic, Bearer, HeaderKey, Token
from tools.pulling.keys import Keys


def signer(
    auth: Auth, keys: Keys, settings: Mapping[str, str], base: str, session: requests.Session
) -> AuthBase:
    """Return what signs a request with a source's keys.

    Args:
        auth: How the vendor wants it.
        keys: The source's.
        settings: The source's; a `token_url` there goes before the vendor's.
        base: The API's address.
        session: What a token is fetched with.
    """
    match auth:
        case Bearer(key):
            return BearerTokenAuth(token=keys[key])
        case HeaderKey(header, key, prefix):
            return APIKeyAuth(name=header, api_key=prefix + keys[key], location="header")
        case Basic(user, password, user_is_key):
            return HttpBasicAuth(
                username=keys[user] if user_is_key else user.format_map(settings),
                password=keys[password] if password else "",
            )
        case Token(url, client_id, client_secret, refresh):
            told = str(settings.get("token_url") or url.format_map(settings))
            data = (
                {"grant_type": "refresh_token", "refresh_token": keys[refresh]} if refresh else {}
            )
            return OAuth2ClientCredentials(
                access_token_url=told if "://" in told else f"{base}{told}",
                client_id=keys[client_id],
                client_secret=keys[client_secret],
                access_token_request_data=data,
                session=session,
            )
