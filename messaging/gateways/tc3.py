"""Tencent Cloud's signature TC3-HMAC-SHA256 of a POST with a JSON body."""

import hashlib
import hmac
from datetime import UTC, datetime

ALGORITHM = "TC3-HMAC-SHA256"
CONTENT_TYPE = "application/json"


def authorization(*, host: str, service: str, body: bytes, key_id: str, secret: str, at: int) -> str:
    """The header `Authorization` of a POST to `/`; `at` is in seconds since 1970, as in `X-TC-Timestamp`."""
    names = "content-type;host"
    lines = f"content-type:{CONTENT_TYPE}\nhost:{host}\n"
    canonical = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    day = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
    scope = f"{day}/{service}/tc3_request"
    to_sign = f"{ALGORITHM}\n{at}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
