"""Members are made, changed and removed by the directory of their organisation, by SCIM 2.0."""
