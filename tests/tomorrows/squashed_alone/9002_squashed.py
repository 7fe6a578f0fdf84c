"""Both of them in one; a still later version has not got the two any more."""

from importlib import import_module

Migration = import_module("tests.tomorrows.squashed.9002_squashed").Migration
