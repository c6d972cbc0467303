"""Counts → probabilities with NumPy alone, and the model file they come from."""
