"""What the core has to show and to change by the API: a file for each resource."""
