"""The application for ASGI servers."""

import os

from django.core.asgi import get_asgi_application

from shared.bodies import bounded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = bounded(get_asgi_application())
