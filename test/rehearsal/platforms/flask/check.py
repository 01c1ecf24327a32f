"""The container's health check: fails when nobody answers, or when the answer is 503."""

import os
import urllib.request

urllib.request.urlopen(f"http://127.0.0.1:{os.environ.get('PORT') or 8000}/health", timeout=5)
