"""What this product is called, and who stands behind it: names, addresses, legal pages.

`make rename` writes this file. Tenantry itself never changes it, so that merging from upstream has no conflict here.
The colours are in shared/static/shared/css/tokens.css, the mark is shared/static/shared/img/mark.svg.
"""

NAME = "Tenantry"
# Of the database, its roles, and the containers: lower case letters and digits.
SLUG = "tenantry"
DOMAIN = "tenantry.example"
TAGLINE = "Every organisation in a place of its own"

# Who people may write to. An empty one is not shown.
SUPPORT_EMAIL = ""
SECURITY_EMAIL = f"security@{DOMAIN}"

# Addresses of the pages that the law asks for. An empty one is not linked.
TERMS_URL = ""
PRIVACY_URL = ""
IMPRINT_URL = ""
