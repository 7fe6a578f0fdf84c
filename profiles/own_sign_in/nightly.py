"""Every night, a secret that an older key encrypted is encrypted with the present one."""

from profiles.own_sign_in.reencryption import reencrypt_all
from tenants.cleaning import nightly

nightly(reencrypt_all)
