"""How `make docs` builds the site. Its pages are the Markdown files that GitHub shows, README.md among them.

Sphinx with MyST and furo: all three have releases every year, the search runs in the browser, and `--fail-on-warning`
makes a broken link an error. https://www.sphinx-doc.org/en/master/usage/configuration.html
"""

import sys
import tomllib
from pathlib import Path

_root = Path(__file__).parents[1]
sys.path.insert(0, str(_root))

from config import brand  # noqa: E402  the folder is on the path only now

project = brand.NAME
version = release = tomllib.loads((_root / "pyproject.toml").read_text())["project"]["version"]
project_copyright = "MIT licence"
html_title = f"{project} {version}"

extensions = ["myst_parser"]
# The source folder is the repository, so that links between README.md and docs/ lead to the same places as on GitHub.
root_doc = "docs/index"
include_patterns = ["docs/*.md", "docs/index.rst", "README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md"]
exclude_patterns = [".venv", "var", "htmlcov", ".*"]
myst_heading_anchors = 3
myst_links_external_new_tab = False

html_theme = "furo"
# The pages are below docs/, and a web server looks for this one.
templates_path = ["templates"]
html_additional_pages = {"index": "to_contents.html"}
html_copy_source = False
html_show_sphinx = False
