"""Every night, exports with expired links are deleted."""

from profiles.exports.keeping import sweep
from tenants.cleaning import nightly

nightly(sweep)
