"""Text → counts: n-grams found in one vectorised pass, and jieba's words."""
