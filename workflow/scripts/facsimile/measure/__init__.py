"""Measures: agreement of heatmaps with references, and likeness of networks."""
