"""Groups by SCIM 2.0, and roles by group."""
