"""Explaining single predictions: superpixels, which faces, and LIME."""
