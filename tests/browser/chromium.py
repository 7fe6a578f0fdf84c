"""Where Chromium is, and how it is started: needs no Django, for `make bench` as well."""

import os
import shutil

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
# As root, Chromium starts only without its sandbox.
OPTIONS = [*QUIET, *([] if os.geteuid() else ["--no-sandbox"])]
# Notes how much what is shown already moves, and when the largest part was painted, in milliseconds:
# https://web.dev/articles/cls, https://web.dev/articles/lcp
WATCH = """
window.moved = 0;
window.painted = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.moved += entry.value;
}).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.painted = entry.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
"""
