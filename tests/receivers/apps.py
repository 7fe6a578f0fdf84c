"""The app. A product's would import its receivers in ready(); here a test connects them, and only while it
runs.
"""

from django.apps import AppConfig


class ReceiversConfig(AppConfig):
    name = "tests.receivers"
    label = "receivers"
