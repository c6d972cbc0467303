"""Labelled documents to labelling tools and back, no label lost: labels (what all share) · labelstudio · doccano · rows."""
