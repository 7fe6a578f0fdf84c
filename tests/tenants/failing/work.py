"""Does the waiting jobs, as a worker does, and ends: `python -m tests.tenants.failing.work`."""

import django

if __name__ == "__main__":
    django.setup()
    from procrastinate.contrib.django import app

    from tests.tenants.failing import jobs  # noqa: F401  registers it

    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        app.run_worker(wait=False, listen_notify=False, install_signal_handlers=False, concurrency=1)
