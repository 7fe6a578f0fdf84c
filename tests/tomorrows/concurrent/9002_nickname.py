"""Tomorrow's."""

from importlib import import_module

Migration = import_module("tests.tomorrow.9002_nickname").Migration
