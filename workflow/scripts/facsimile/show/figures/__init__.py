"""The kinds of figures, one a file; see ``show.manifest``."""
