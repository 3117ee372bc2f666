"""Faces: reading corpora, drawing embedded faces, landmarks, alignment and folds."""
