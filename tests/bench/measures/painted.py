"""When Chromium has painted the largest part of a page that it loads for the first time, on an empty cache.

Compared with a line of text from the same server, painted by the same browser in the same round: what is more than that
is the page's own.
"""

from playwright.sync_api import Browser, sync_playwright

from tests.bench.arena import Arena, by_turns
from tests.bench.contestants.seats import Seat
from tests.bench.figures import TENANTRY, Row, median
from tests.bench.measures.pages import PAGES
from tests.browser.chromium import CHROMIUM, OPTIONS, WATCH

TEXT = "/robots.txt"
# The home page and the sign-in page have other parts than the pages of pages.py.
PAINTED = {**PAGES, "home": "/", "settings": "/settings/", "sign-in page": "/account/login/"}
FOR_VISITORS = (TEXT, PAINTED["sign-in page"])
MOST = 6.0
THREADS = 4
HALF_A_SECOND = 500


def measure(arena: Arena) -> list[Row]:
    if CHROMIUM is None:
        return []
    paths = [TEXT, *PAINTED.values()]
    found: dict[str, list[float]] = {path: [] for path in paths}
    seat = arena.seats(TENANTRY)[0]
    with (
        arena.web(TENANTRY, database_of=TENANTRY, threads=THREADS) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        for number in range(-1, arena.size.rounds):
            for path in by_turns(paths, number):
                painted = paint(browser, seat, server.port, path)
                if number >= 0:
                    found[path].append(painted)
        browser.close()
    return [row(title, found[path], found[TEXT]) for title, path in PAINTED.items()]


def paint(browser: Browser, seat: Seat, port: int, path: str) -> float:
    """Milliseconds from the click to the largest paint, in a browser that has nothing of the site."""
    site = f"http://{seat['host']}:{port}"
    context = browser.new_context()
    if path not in FOR_VISITORS:
        context.add_cookies([{"name": "session", "value": seat["cookie"], "url": site}])
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(site + path, wait_until="networkidle")
    painted = float(page.evaluate("window.painted"))
    context.close()
    return painted


def row(title: str, painted: list[float], text: list[float]) -> Row:
    middle = median(painted)
    within = "within" if middle < HALF_A_SECOND else "beyond"
    return Row(
        f"{title}: largest paint against a line of text",
        "fold",
        {TENANTRY: middle / median(text)},
        at_most=MOST,
        note=f"{middle:.0f} ms, {within} half a second. The line of text: {median(text):.0f} ms.",
        rounds={TENANTRY: painted},
    )
