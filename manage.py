#!/usr/bin/env python
"""Django's command line for this project."""

import atexit
import gc
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # A command imports 2,000 modules, and these stay. Python would look through them for garbage hundreds of times
    # meanwhile, and take half a second at the end to free them one by one. So objects in cycles are not finalised at
    # the end: close files where they are used. Servers and workers, too, look for garbage more seldom.
    gc.set_threshold(10_000)
    atexit.register(gc.freeze)
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from environs import EnvError

    try:
        execute_from_command_line(sys.argv)
    except (EnvError, ImproperlyConfigured) as error:
        # A wrong environment is the operator's to mend: one sentence helps, a traceback hides it.
        sys.exit(str(error))


if __name__ == "__main__":
    main()
