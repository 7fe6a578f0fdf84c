"""How gunicorn serves in production: `gunicorn --config python:config.gunicorn config.wsgi`."""

import os
from pathlib import Path

bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
# Each process keeps a connection per thread: PostgreSQL has to allow workers times threads of them.
workers = int(os.environ.get("WEB_CONCURRENCY", os.cpu_count() or 1))
threads = int(os.environ.get("WEB_THREADS", "4"))
# In memory: a heartbeat file on a busy disk makes workers look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  gunicorn's own advice for containers
# A worker starts anew now and then, not all of them at once: memory that leaks is given back.
max_requests = 10_000
max_requests_jitter = 1_000
accesslog = "-"
# Its place would be a home folder, which the container's user has not.
control_socket_disable = True
