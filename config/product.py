"""What this product adds to Tenantry, and what it takes out.

Tenantry itself never changes this file, so that merging from upstream has no conflict here.
"""

# Apps of this product, each with a Capability in its apps.py. `manage.py start_feature` adds them.
ADDED: list[str] = []

# Capabilities of Tenantry that this product takes out, by their names in CAPABILITIES of config/settings.py.
TAKEN_OUT: list[str] = []
