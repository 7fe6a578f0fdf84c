"""The endpoints of SCIM as dotted names: its models take half a second to import, and most commands need none.

Another app adds its own when it starts: `ENDPOINTS["Devices"] = "devices.endpoint.Devices"`.
"""

# The type of resource, and its subclass of profiles.scim.endpoints.Endpoint.
ENDPOINTS = {"Users": "profiles.scim.endpoints.Users"}
# Functions that say which groups each of some members is in.
MEMBERSHIPS: list[str] = []
