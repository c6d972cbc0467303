"""The terms of a block of text: character n-grams, and the longer words that jieba finds in the training text.

Every word of up to four characters is an n-gram already, so one vocabulary covers both, and labelling cuts no words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from govtext.features.ngrams import Ints, count_terms, normalise
from govtext.features.vocabulary import Vocabulary
from govtext.features.words import Words

NGRAM_LENGTHS = (1, 4)
WORD_LENGTHS = range(NGRAM_LENGTHS[1] + 1, 9)  # characters


def long_words(texts: Sequence[str]) -> list[frozenset[str]]:
    """The words longer than any n-gram in each text, normalised."""
    cut = Words().cut
    found = []
    for text in texts:
        words = (text[start:end] for start, end in cut(text) if end - start in WORD_LENGTHS)
        found.append(frozenset(normalise(word) for word in words if word.isalnum()))
    return found


def build_vocabulary(
    texts: Sequence[str],
    words: Sequence[frozenset[str]],
    documents: Ints,
    *,
    min_documents: int,
    lengths: tuple[int, int] = NGRAM_LENGTHS,
) -> Vocabulary:
    """The vocabulary of all n-grams and long words that stand in at least `min_documents` documents."""
    terms, _ = count_terms(texts, documents, lengths=lengths, min_documents=min_documents)
    pairs = {(word, int(document)) for said, document in zip(words, documents) for word in said}
    counts = Counter(word for word, _ in pairs)
    return Vocabulary.build(sorted({*terms, *(word for word, n in counts.items() if n >= min_documents)}))
