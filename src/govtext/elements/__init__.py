"""The elements of official documents: which reports a page holds, who issued each, when, and of what time it speaks."""
