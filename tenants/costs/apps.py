"""What each organisation costs: `manage.py costs`."""

from typing import Any

from shared.capabilities.base import Capability


class CostsConfig(Capability):
    name = "tenants.costs"
    label = "costs"
    lives_in = "public"
    middleware = ("tenants.costs.middleware.CostsMiddleware",)
    around_jobs = ("tenants.costs.counting.of_job",)

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        # After how many seconds a process writes down what it has counted. What it has not is lost if it is killed.
        return {"COSTS_WRITE_SECONDS": 60.0}
