"""Figures for Prometheus at /metrics."""

from typing import Any

from shared.capabilities.base import Capability


class MetricsConfig(Capability):
    name = "tenants.metrics"
    label = "metrics"
    lives_in = "public"
    outer_middleware = ("tenants.metrics.middleware.MetricsMiddleware",)
    serving = "tenants.metrics.serving"

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        return {
            # With this bearer token, /metrics answers from anywhere; without it, only on loopback.
            "METRICS_TOKEN": env.str("METRICS_TOKEN", ""),
            # The dotted name of a function that takes a tenant and returns the name of its plan, for the label `plan`.
            "METRICS_PLAN": "tenants.allowances.plan_of",
        }
