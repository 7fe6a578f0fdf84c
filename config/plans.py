"""The plans of this product: what an organisation may have. docs/plans.md tells how one gets another plan.

Tenantry itself never changes this file, so that merging from upstream has no conflict here.
"""

from shared.plans import Plan, Trial

GB = 1024**3

# By the name that is stored: a plan can get another title, but keeps its name. None, or nothing, stands for no limit.
# A title may be gettext_lazy(…).
PLANS = {
    "standard": Plan(title="Standard"),
    "free": Plan(title="Free", seats=5, domains=0, files_bytes=GB // 2, audit_days=30),
    "team": Plan(title="Team", seats=50, domains=1, files_bytes=20 * GB, audit_days=365),
    "business": Plan(title="Business", seats=None, domains=5, files_bytes=200 * GB, audit_days=3 * 365),
}

# The plan of organisations that have been given none.
DEFAULT = "standard"

# What new organisations begin with: Trial(plan="team", days=14), or None for the plan above.
TRIAL: Trial | None = None

# The name of the address at which owners change the plan, if your billing has a page for it.
CHANGED_AT = ""

# What follows when a trial, or a plan with an end, is over.
AFTER_TRIAL = "standard"
