"""The twelve networks of the study: building, starting weights, training and evaluation."""
