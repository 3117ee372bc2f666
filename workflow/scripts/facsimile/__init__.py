"""facsimile: does a network trained on facial expressions look where people look?

One package a stage, in the order of the study, and imports run one way, down that order:
``faces``, ``networks``, ``explain``, ``atlas``, ``measure``, ``show``.
The library imports no Snakemake, reads no configuration and knows no path of the workflow.
"""

EXPRESSIONS = ("anger", "disgust", "fear", "happiness", "sadness", "surprise")
"""The six expressions of the study, in the order of every table, axis and softmax."""

FACE_SIZE = 224
"""Width and height, in pixels, of an aligned face."""
