import json
import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

THRESHOLD_PERCENT = float(os.environ.get("HEALTH_THRESHOLD_PERCENT") or 80)
RELEASE = os.environ.get("RELEASE_ID") or "unreleased"

# What has to work for the service to be healthy; each answers True or False.
CHECKS = {"greeting": lambda: True}


class Handler(BaseHTTPRequestHandler):
    # HTTP/1.0, as it is by default: every answer ends its connection, so that none is closed too early.

    def do_GET(self):
        path = self.path.split("?")[0]
        if path == "/health":
            healthy = {name: check() for name, check in CHECKS.items()}
            percentage = 100 * sum(healthy.values()) / len(healthy)
            status = 200 if percentage >= THRESHOLD_PERCENT else 503
            self.answer(status, {"health_percentage": percentage, "services": healthy})
        elif path == "/":
            self.answer(200, {"greeting": "hello"})
        else:
            self.send_error(404)

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def end_headers(self):
        # Errors go through here too.
        self.send_header("x-release-id", RELEASE)
        super().end_headers()

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    # What is in flight is finished before the process ends.
    daemon_threads = False
    # Connections that wait to be accepted; 5 by default.
    request_queue_size = 128


server = Server(("0.0.0.0", int(os.environ.get("PORT") or 8000)), Handler)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
server.server_close()
