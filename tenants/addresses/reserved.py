"""Subdomains that no organisation may have: those that the platform uses or may use, and those people would trust."""

# To add a name, put it into its group, in the singular and without digits; slugs.py adds plurals, numbers,
# simple compounds ("mail-2", "admin-panel") and look-alikes. An organisation that already has the name keeps it.

# RFC 2142's mailboxes, and those that certificate authorities use to verify who controls a domain.
MAILBOXES = """
    abuse admin administrator hostmaster info marketing noc postmaster sales security support
    webmaster
"""

# Hosts that software looks up by itself, in its own domain or beside it (RFC 8461, among others), and names
# that DNS has with an underscore (RFC 6376, 7489, 8555): software trusts the organisation that has one.
LOOKED_FOR = """
    acme-challenge autoconfig autodiscover broadcasthost dkim dmarc domainkey isatap localdomain localhost
    mta-sts openpgpkey spf wpad
"""

# Names of DNS, mail, network and server infrastructure.
INFRASTRUCTURE = """
    backup cache cdn cluster cpanel database db dns edge exchange ftp gateway git grafana host imap
    ingress internal intranet kubernetes lb ldap log mail mailer metric monitor monitoring mx mysql
    nameserver node ns ntp pop postgres postgresql private prometheus proxy public queue redis registry
    relay remote router server sftp sip smtp ssh ssl stun svn sync syslog tls turn upload vpn web webdav
    webmail wildcard worker ws wss www xmpp
"""

# The platform's own pages and hosts, present and likely.
PLATFORM = """
    about accessibility account announcement api app asset blog board career changelog chat check-out
    checkout client cloud cms community connect console contact control cookie customer dashboard demo dev
    developer development directory doc documentation domain download email embed event example explore
    faq feed feedback file font form forum graphql guest guide healthcheck healthz help helpdesk home hook
    hosting http https image img import impressum imprint invitation invite invoice issue job js kb
    knowledgebase landing learn legal library link live load manage manager market marketplace media
    member message mobile news newsletter notification oembed offer order organisation organization origin
    page partner people photo plan platform plugin policy portal preview price pricing privacy prod
    product production profile project qa registration release report resource roadmap rss sandbox schema
    script sdk search secure service setting share shop site sitemap spare stage staging stat static
    statistic status storage store style subdomain survey system team template tenant tenantry term test
    testing theme ticket tool tour track tracking training translate translation tutorial uat update url
    user video webhook webinar website welcome widget wiki workspace
"""

# Names under which people sign in, pay, or trust the sender.
TRUST = """
    2fa access audit auth authentication authorization bank billing bot captcha card ceo certificate
    compliance credential finance founder fraud gdpr hr id identity key legal login logout mfa mod
    moderator oauth official oidc operator otp owner passkey password pay payment payroll phishing recover
    recovery refund register reset root safe safety saml scim secret session sign-in sign-out sign-up signin
    signout signup sso staff subscribe subscription sudo superuser sysadmin sysop token trust unsubscribe
    verification verify wallet
"""

# Words that, beside a reserved name, still look like the platform: "support-team", "myadmin".
BESIDE = """
    alpha app beta center centre desk hq hub login main my new official old online our page panel portal
    primary secondary server service site support team the web your
"""

NAMES = frozenset((MAILBOXES + LOOKED_FOR + INFRASTRUCTURE + PLATFORM + TRUST).split())
COMPANIONS = frozenset(BESIDE.split())
