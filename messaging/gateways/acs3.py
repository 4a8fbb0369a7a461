"""Alibaba Cloud's signature ACS3-HMAC-SHA256 of a request whose parameters stand in its query ("RPC", V3)."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

ALGORITHM = "ACS3-HMAC-SHA256"
NO_BODY = hashlib.sha256(b"").hexdigest()


def query_of(parameters: Mapping[str, str]) -> str:
    """The parameters as they are sent and signed: sorted, and quoted by RFC 3986."""
    return "&".join(f"{quote(name, safe='~')}={quote(parameters[name], safe='~')}" for name in sorted(parameters))


def signed_headers(
    *, host: str, action: str, version: str, query: str, key_id: str, secret: str, at: datetime, nonce: str
) -> dict[str, str]:
    """The headers of a POST to `/?query` without a body, `Authorization` among them; `at` is in UTC."""
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": NO_BODY,
        "x-acs-date": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = f"POST\n/\n{query}\n{lines}\n{names}\n{NO_BODY}"
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return headers | {"Authorization": f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}"}
