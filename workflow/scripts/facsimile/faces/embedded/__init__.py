"""Faces drawn by the project itself: expressions made of action units, landmarks exact."""

from facsimile.faces.embedded.drawing import DrawnFace, draw

__all__ = ["DrawnFace", "draw"]
