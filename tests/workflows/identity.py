"""Where a job of a workflow gets a token that says who it is, as on GitHub: an address with a token to ask with."""

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def _part(content: Mapping[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@contextmanager
def server(subjects: Mapping[str, str]) -> Iterator[str]:
    """The address that answers who asks with a known token: `subjects` says who that is."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            subject = subjects.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
            claims = {"iss": "https://token.actions.githubusercontent.com", "sub": subject or ""}
            content = json.dumps({"value": f"{_part({'alg': 'none'})}.{_part(claims)}.unsigned"}).encode()
            self.send_response(200 if subject else 401)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}/token?of=job"
        finally:
            http.shutdown()
            thread.join()
