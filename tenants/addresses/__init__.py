"""Which subdomains an organisation may have: their form, look-alikes, and reserved words."""
