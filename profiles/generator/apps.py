"""Commands that write code, for development."""

from shared.capabilities.base import Capability


class GeneratorConfig(Capability):
    name = "profiles.generator"
    label = "generator"
