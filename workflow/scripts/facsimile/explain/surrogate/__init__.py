"""A linear model of a network near one face: what is shown to it, and how the model is fitted."""
