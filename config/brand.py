"""The product's name, addresses and legal pages.

`make rename` writes this file. Tenantry itself never changes it, so that merging from upstream has no conflict here.
The colours are in shared/static/shared/css/tokens.css, the mark is shared/static/shared/img/mark.svg.
"""

NAME = "Tenantry"
# The name of the database, its roles and the containers: lower case letters and digits.
SLUG = "tenantry"
DOMAIN = "tenantry.example"
TAGLINE = "Every organisation in a place of its own"

# The address for people's questions. If empty, it is not shown.
SUPPORT_EMAIL = ""
SECURITY_EMAIL = f"security@{DOMAIN}"

# Addresses of legally required pages. If empty, they are not linked.
TERMS_URL = ""
PRIVACY_URL = ""
IMPRINT_URL = ""
