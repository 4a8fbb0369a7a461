"""A browser without a network: it calls a WSGI application as a server would, keeps cookies and follows redirects."""

import io
import re
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Browser:
    """One person at one address, who speaks English."""

    def __init__(self, application: Any, address: str) -> None:
        self.application, self.address, self.cookies = application, address, SimpleCookie()
        self.hidden: dict[str, str] = {}

    def get(self, path: str) -> str:
        """Give the page, and remember its hidden fields for `post`."""
        return self._call("GET", path, "")

    def post(self, path: str, answers: dict[str, str]) -> str:
        """Send the page that was shown last, with answers; give the page that comes of it."""
        return self._call("POST", path, urlencode(self.hidden | answers))

    def _call(self, method: str, path: str, body: str) -> str:
        path, _, query = path.partition("?")
        found: dict[str, str] = {}

        def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            found.update(headers, status=status)
            for name, value in headers:
                if name == "Set-Cookie":
                    self.cookies.load(value)

        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_PROTOCOL": "HTTP/1.1",
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "HTTP_HOST": "127.0.0.1:8000",
            "REMOTE_ADDR": self.address, "HTTP_ACCEPT_LANGUAGE": "en",
            "HTTP_COOKIE": "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items()),
            "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body.encode()), "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http",
            "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False, "wsgi.version": (1, 0),
        }  # fmt: skip
        answer = self.application(environ, start)
        page = b"".join(answer).decode()
        answer.close()
        if "Location" in found:
            return self.get(found["Location"].partition("#")[0])
        if not found["status"].startswith("200"):
            raise SystemExit(f"{method} {path} answered {found['status']}")
        self.hidden = dict(HIDDEN.findall(page))
        return page
