"""Every night, exports whose links are dead are deleted."""

from profiles.exports.keeping import sweep
from tenants.cleaning import nightly

nightly(sweep)
