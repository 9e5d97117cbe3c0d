"""The token endpoint: a signed assertion, a refresh token or a code for a token that expires."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.google_service.clock import Clock
from tests.google_service.shapes import Object

LIFETIME = 3600
#: How far a client's clock may be off, in seconds.
TOLERANCE = 300
GOOGLE_TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
GOOGLE_TOKEN_URIS = (GOOGLE_TOKEN_URI, "https://www.googleapis.com/oauth2/v4/token")
_ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class InvalidGrant(Exception):
    """The endpoint refuses; `error` is its code, the text its description."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What a token is for."""

    user: str
    scopes: frozenset[str]
    expires: float


@cache
def private_key() -> rsa.RSAPrivateKey:
    """Return the key of all throw-away accounts of this process; making one takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(slots=True, kw_only=True)
class Tokens:
    """All accounts and the tokens that they were given."""

    clock: Clock
    url: str
    project: str
    #: Service accounts by e-mail, with the id of their key; a key that is revoked is gone.
    robots: dict[str, str] = field(default_factory=dict)
    #: Refresh tokens, and whose they are.
    logins: dict[str, str] = field(default_factory=dict)
    codes: dict[str, Object] = field(default_factory=dict)
    granted: dict[str, Granted] = field(default_factory=dict)
    client_id: str = "1234567890-sheetfunnel.apps.googleusercontent.com"
    client_secret: str = "not-a-secret-of-anybody"  # noqa: S105 - of the stand-in only

    def issue(self, user: str, scopes: frozenset[str]) -> str:
        """Return a new token."""
        token = "ya29." + secrets.token_urlsafe(24)
        self.granted[token] = Granted(user=user, scopes=scopes, expires=self.clock.now() + LIFETIME)
        return token

    def holder(self, token: str) -> Granted | None:
        """Return what a token is for, unless it has expired."""
        found = self.granted.get(token)
        return found if found is not None and found.expires > self.clock.now() else None

    def expire_all(self) -> None:
        self.granted.clear()

    def exchange(self, form: dict[str, str]) -> Object:
        """Answer a request to the endpoint; raise InvalidGrant where it refuses."""
        grant = form.get("grant_type")
        if grant == _ASSERTION:
            return self._by_assertion(form.get("assertion", ""))
        if grant == "refresh_token":
            return self._by_refresh_token(form)
        if grant == "authorization_code":
            return self._by_code(form)
        raise InvalidGrant("unsupported_grant_type", f"Invalid grant_type: {grant}")

    def _answer(self, user: str, scopes: frozenset[str], **more: str) -> Object:
        token = self.issue(user, scopes)
        scope = " ".join(sorted(scopes))
        return {
            "access_token": token,
            "expires_in": LIFETIME - 1,
            "token_type": "Bearer",
            "scope": scope,
            **more,
        }

    def _by_assertion(self, assertion: str) -> Object:
        header, claims, signature, signed = _opened(assertion)
        email = claims.get("iss", "")
        if email not in self.robots:
            raise InvalidGrant("invalid_grant", "Invalid grant: account not found")
        if (
            header.get("alg") != "RS256"
            or header.get("kid") != self.robots[email]
            or not _is_ours(signed, signature)
        ):
            raise InvalidGrant("invalid_grant", "Invalid JWT Signature.")
        self._refuse_times(claims)
        if claims.get("aud") not in (f"{self.url}/token", *GOOGLE_TOKEN_URIS):
            raise InvalidGrant("invalid_grant", "Invalid JWT: Failed audience check.")
        if claims.get("sub", email) != email:
            raise InvalidGrant("unauthorized_client", "Client is unauthorized to retrieve access tokens.")
        scopes = frozenset(str(claims.get("scope", "")).split())
        if not scopes:
            raise InvalidGrant("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        return self._answer(email, scopes)

    def _refuse_times(self, claims: Object) -> None:
        now, issued, expires = self.clock.now(), claims.get("iat", 0), claims.get("exp", 0)
        if issued > now + TOLERANCE or expires < now - TOLERANCE or not 0 < expires - issued <= LIFETIME:
            raise InvalidGrant(
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
                "Check your iat and exp values in the JWT claim.",
            )

    def _refuse_client(self, form: dict[str, str]) -> None:
        if form.get("client_id") != self.client_id:
            raise InvalidGrant("invalid_client", "The OAuth client was not found.")
        if form.get("client_secret") != self.client_secret:
            raise InvalidGrant("invalid_client", "Unauthorized")

    def _by_refresh_token(self, form: dict[str, str]) -> Object:
        self._refuse_client(form)
        user = self.logins.get(form.get("refresh_token", ""))
        if user is None:
            raise InvalidGrant("invalid_grant", "Token has been expired or revoked.")
        return self._answer(user, frozenset(form.get("scope", "").split()) or ALL_SCOPES)

    def _by_code(self, form: dict[str, str]) -> Object:
        self._refuse_client(form)
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or asked["redirect_uri"] != form.get("redirect_uri"):
            raise InvalidGrant("invalid_grant", "Malformed auth code.")
        if asked["challenge"] and asked["challenge"] != _challenge(form.get("code_verifier", "")):
            raise InvalidGrant("invalid_grant", "Invalid code verifier.")
        login = self.log_in(asked["user"])
        return self._answer(asked["user"], frozenset(asked["scopes"]), refresh_token=login)

    def ask(self, user: str, query: dict[str, str]) -> str:
        """A person agrees on the consent screen: return the code that the browser carries back."""
        code = "4/" + secrets.token_urlsafe(16)
        self.codes[code] = {
            "user": user,
            "redirect_uri": query.get("redirect_uri", ""),
            "challenge": query.get("code_challenge", ""),
            "scopes": query.get("scope", "").split(),
        }
        return code

    def log_in(self, user: str) -> str:
        """Return a refresh token of a person."""
        token = "1//" + secrets.token_urlsafe(24)
        self.logins[token] = user
        return token

    def revoke(self) -> None:
        """Take back all keys and refresh tokens."""
        self.robots = dict.fromkeys(self.robots, "revoked")
        self.logins.clear()
        self.granted.clear()

    def revoke_login(self, token: str) -> None:
        """Take back one refresh token, or one access token."""
        self.logins.pop(token, None)
        self.granted.pop(token, None)

    def add_robot(self, email: str) -> None:
        self.robots[email] = hashlib.sha256(email.encode()).hexdigest()[:40]

    def key_file(self, email: str, path: Path) -> Path:
        """Write the key of a service account, which only its owner can read."""
        key = private_key().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        content = {
            "type": "service_account",
            "project_id": f"project-{self.project}",
            "private_key_id": self.robots[email],
            "private_key": key.decode(),
            "client_email": email,
            "client_id": "100000000000000000001",
            "auth_uri": f"{self.url}/o/oauth2/auth",
            "token_uri": f"{self.url}/token",
            "auth_provider_x509_cert_url": f"{self.url}/oauth2/v1/certs",
            "universe_domain": "googleapis.com",
        }
        return _written(path, content)

    def login_file(self, user: str, path: Path) -> Path:
        """Write the refresh token of a person as google-auth reads it."""
        content = {
            "type": "authorized_user",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "refresh_token": self.log_in(user),
            "token_uri": f"{self.url}/token",
        }
        return _written(path, content)

    def client_file(self, path: Path) -> Path:
        """Write the OAuth client with which a person logs in; its addresses are Google's own, as always."""
        installed = {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "project_id": f"project-{self.project}",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": GOOGLE_TOKEN_URI,
            "redirect_uris": ["http://localhost"],
        }
        return _written(path, {"installed": installed})

    def described(self, token: str) -> Object | None:
        """Say whose a token is, as the endpoint `tokeninfo` does."""
        held = self.holder(token)
        if held is None:
            return None
        left = str(int(held.expires - self.clock.now()))
        return {
            "email": held.user,
            "scope": " ".join(sorted(held.scopes)),
            "expires_in": left,
            "aud": self.client_id,
        }


ALL_SCOPES = frozenset(
    {
        "https://www.googleapis.com/auth/spreadsheets",
        "https://www.googleapis.com/auth/drive",
        "https://www.googleapis.com/auth/drive.file",
    }
)


def _written(path: Path, content: Object) -> Path:
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return path


def _opened(assertion: str) -> tuple[Object, Object, bytes, bytes]:
    """Return an assertion's header, claims, signature, and what was signed."""
    try:
        head, body, tail = assertion.split(".")
        return json.loads(_bytes(head)), json.loads(_bytes(body)), _bytes(tail), f"{head}.{body}".encode()
    except (ValueError, binascii.Error) as error:
        raise InvalidGrant("invalid_grant", "Invalid JWT: it cannot be read.") from error


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _is_ours(signed: bytes, signature: bytes) -> bool:
    try:
        private_key().public_key().verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
