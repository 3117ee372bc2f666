"""Faces drawn by the project itself: expressions made of action units, landmarks exact."""

from facsimile.faces.synthetic.drawing import DrawnFace, Sitting, draw, sit

__all__ = ["DrawnFace", "Sitting", "draw", "sit"]
