"""Measures: agreement of heatmaps with references, likeness of networks, and how sure both are."""
