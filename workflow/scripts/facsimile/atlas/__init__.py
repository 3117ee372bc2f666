"""The canonical face: carrying maps to it, averaging them there, and drawing references on it."""
