"""A gallery of page components, for development. It has no tables, so it can be taken out at any time."""

from shared.capabilities.base import Capability


class GalleryConfig(Capability):
    name = "shared.gallery"
    lives_in = "public"
    development_urls = "shared.gallery.urls"
    announce = "shared.gallery.views.announce"
