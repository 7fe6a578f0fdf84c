"""Traces of requests, jobs and statements by OpenTelemetry, by its own environment variables."""
