"""The job of runs with more rows than one batch, where the worker looks for it."""

from profiles.bulk_actions.changes import work as work
