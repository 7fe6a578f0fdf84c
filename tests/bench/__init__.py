"""`make bench`: plain django-tenants, Django without tenancy, and Tenantry, side by side in one run.

The contestants: `plain` is django-tenants 4.0.1 as its documentation sets it up; `plain_fast` is the same
in its fastest options (TENANT_LIMIT_SET_CALLS, two migrating processes, new tenants cloned from
TENANT_BASE_SCHEMA); `single` is Django on one schema; `tenantry` is this project as it is served.

What is done so that the comparison is fair:

- All run the same apps, pages and templates, DEBUG off, from config.settings; tests/bench/settings/ swaps
  the engine, the router, the middleware and the way in which organisations are made, and nothing else.
  What Tenantry adds to models and signals is off in the others (tests/bench/apps.py), so that they do not
  pay for it. The pages ask which organisation is current: in the others a middleware of two lines answers,
  for about a microsecond.
- All use one PostgreSQL with its ordinary settings, each in a database of its own, by connections of the
  same kind (DATABASE_URL, kept for ten minutes, checked once in each request).
- All web servers are started alike, by config/gunicorn.py with one worker, and asked by the same load
  generator in a process of its own: a closed loop over few connections that stay open, with a fixed number
  of requests.
- What can be repeated is repeated after a warm-up, contestants by turns, each round in another order, so
  that noise hits all alike; figures are medians of the rounds. What takes plain django-tenants minutes is
  done once by it: it is a sum over all organisations already.
- Ratios are against the better of the two plain contestants where both have a figure; the ratio against
  the default stands beside it. Making an organisation is compared with the default alone, since a clone is not
  what migrations make: unique constraints get other names, by which no later migration finds them.
- Tenantry's spares are made on a connection of their own, as by its worker, and sign-ups use up a stock until
  it is half empty, which has its refilling queued: what a visitor meets, the dear ones included.
- Many plain organisations are made by replaying one that migrations made, which is not measured. One of
  them is compared with another that migrations made: the run ends if anything differs.
- Passwords are hashed by MD5 in all: the slow hash would be the same in each, and hide the rest.
"""
