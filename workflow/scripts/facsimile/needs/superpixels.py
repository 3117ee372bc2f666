"""What jobs need of superpixels."""

from facsimile.needs import Rows


class Superpixels(Rows):
    """The superpixels of a job."""

    section = "superpixels"
    wildcard = "superpixels"
    package = "facsimile.explain.superpixels"
