"""Faces: reading corpora, drawing synthetic faces, landmarks, alignment and folds."""
