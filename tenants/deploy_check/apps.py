"""`manage.py deploy_check https://example.com`."""

from shared.capabilities.base import Capability


class DeployCheckConfig(Capability):
    name = "tenants.deploy_check"
    label = "deploy_check"
    lives_in = "public"
