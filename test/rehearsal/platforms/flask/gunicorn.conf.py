import math
import os

bind = f"0.0.0.0:{os.environ.get('PORT') or 8000}"
worker_class = "gthread"
threads = 8
# gunicorn's own 2 s are shorter than the load balancer's idle time-out: it would answer 502.
# gunicorn takes whole seconds only; a rehearsal's are fractions.
keepalive = math.ceil(float(os.environ.get("KEEP_ALIVE_SECONDS") or 75))
# For what is in flight after SIGTERM. Less than the stop time-out, 45 s.
graceful_timeout = 30
# The folder of the image may be slow or full.
worker_tmp_dir = "/dev/shm"
# It would lie in the home directory, and user 10001 has none.
control_socket_disable = True
