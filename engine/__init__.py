"""The mathematics of curvtui: surfaces, curvature, optimizers and descent, without any user interface."""
