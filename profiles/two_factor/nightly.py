"""Every night, secrets that an older key encrypted, or none, are encrypted with the present one."""

from profiles.two_factor.reencryption import reencrypt_all
from tenants.cleaning import nightly

nightly(reencrypt_all)
