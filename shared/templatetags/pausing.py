"""`{% for %}` as Django has it, which also pauses: between two rows, others' requests may go first (shared/pauses.py).

One of the engine's `builtins` (settings, TEMPLATES), so it holds for each loop of each template, whatever view made its
rows, and for those of apps that a product adds.
"""

from django import template
from django.template.base import Node, Parser, Token
from django.template.context import Context
from django.template.defaulttags import ForNode, do_for
from django.utils.safestring import SafeString

from shared.pauses import pause

register = template.Library()


class Pause(Node):
    def render(self, context: Context) -> SafeString:
        pause()
        return SafeString("")


@register.tag("for")
def pausing_for(parser: Parser, token: Token) -> ForNode:
    loop: ForNode = do_for(parser, token)
    loop.nodelist_loop.insert(0, Pause())  # type: ignore[arg-type]  # its stubs say that it holds strings
    return loop
