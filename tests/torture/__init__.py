"""`make torture`: what takes too long for `make test`.

- kills: real processes are killed by SIGKILL at random points while they work: the web server's worker, the job
  worker, `migrate`, and PostgreSQL with all its processes. How long the work takes is measured first, and the points
  are spread over all of it, one at random in each of as many equal parts. After each kill everything is started
  again and looked at: there is all of it or nothing, or for what is many things each of them is; the same done once
  more succeeds; no file is left, no job is lost, each mail is there.
- races: two owners act on each other at the same moment, in real threads on connections of their own.
- outages: a mail server that accepts connections and says nothing while organisations sign up, a full disk, a killed
  worker, PostgreSQL gone: what people are told, and when operators are.
- rules: a state machine (hypothesis) plays members and invitations in two organisations through the verbs.
- bombs: the dearest pictures there are, sixteen at once from two organisations, while the public site is asked.

All of it runs on a database of its own, by the settings in tests/torture/settings.py. The seed is printed, and
`--seed` plays it again, as far as the machine does.
"""
