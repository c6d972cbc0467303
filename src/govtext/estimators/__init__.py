"""`ThemeClassifier` and `BoilerplateDetector`: the trainers and models of this package in scikit-learn's clothes."""

from govtext.estimators.boilerplate import BoilerplateDetector as BoilerplateDetector
from govtext.estimators.themes import ThemeClassifier as ThemeClassifier
