"""Labels out of keywords: votes of a paragraph and its headings, and a model that may overrule them.

The hits of a text and of the innermost heading with any vote, one each; a theme is voted for with at least a third of the
hits of the best one. Then a linear model of what stands *around* the keywords (they are blanked out) is trained on the votes
and asked, on documents held out, how likely each theme is. How it judges the paragraphs of one keyword is how far that
keyword can be trusted; both together, by Bayes' rule, decide. The model is trained once more on these labels, and that is it.

Authored corpus, four folds of five, keywords of the bundled themes, micro-F1 of the labels against people's: votes 0.658;
judged once 0.734, twice 0.747. With one bar for all keywords in place of their trust, once: 0.718, and 0.700 if the model
sees the keywords, since then it learns little else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from govtext.document import LabelledReport
from govtext.errors import BadCorpus, BadTaxonomy
from govtext.features.ngrams import Ints, count_terms
from govtext.features.passages import Passage
from govtext.features.vocabulary import Vocabulary
from govtext.training.corpus import LabelledDocument, Unit
from govtext.training.fit import MIN_DOCUMENTS, Trained, TrainingConfig, train
from govtext.training.keywords import Hits, Keywords
from govtext.training.matrices import occurrences, smooth_idf, weighted
from govtext.training.passages import LabelledPassages, labelled_passages

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
SHARE = 3  # a theme with less than one in so many hits of the best theme is not voted for: precision 0.71 → 0.74
ROUNDS = 2
FOLDS = 5
FEWEST_VOTES = 10  # paragraphs; a theme with fewer keeps its votes, its keywords cannot be judged
C = 10.0
PATH_SCALE = 0.4  # as in themes.py
HEADING_WEIGHT = 0.3
SILENT_WEIGHT = 0.25  # of a paragraph without any hit: no keyword is weak evidence of no theme
PRIOR_HITS, PRIOR_TRUST = 5.0, 0.3  # a rare keyword is held to be right in three of ten
BLANK = "\x01"  # stands for keywords; control characters are in no term
SURE = 0.005  # probabilities are kept so far from 0 and 1


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """What the keywords say of each passage.

    hits      how often each rule speaks, text and innermost heading with a vote, (n, n_rules)
    score     the same by theme without what is excluded, (n, n_themes)
    own       which themes the text itself speaks for, (n, n_themes)
    excluded  which themes an excluded word keeps off, (n, n_themes)
    clash     where words of include and exclude both hit, (n, n_themes)
    said      which themes are voted for, (n, n_themes)
    """

    hits: sparse.csr_matrix
    score: Ints
    own: Bools
    excluded: Bools
    clash: Bools
    said: Bools


@dataclass(frozen=True, slots=True, eq=False)
class WeakLabels:
    """Labels made from votes, (n, n_themes), and how far each rule can be trusted, (n_rules,), NaN where that is unknown."""

    themes: Bools
    trust: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Unlabelled reports as documents without themes, their passages, and the votes on these."""

    keywords: Keywords
    documents: tuple[LabelledDocument, ...]
    rows: LabelledPassages
    votes: Votes

    @classmethod
    def of(cls, documents: Sequence[LabelledDocument], keywords: Keywords) -> Pool:
        """The pool of the documents, equal ones once, in the order of their content; themes they have are not looked at.

        Raises:
            BadTaxonomy: a theme has no keywords.
            BadCorpus: the documents hold no paragraph.
        """
        for theme in keywords.taxonomy.themes:
            if not theme.include and not theme.near:
                raise BadTaxonomy(f"theme {theme.code!r} has no include or near; write some words that speak for it")
        bare = {d.digest: d for d in map(_without_themes, documents)}
        ordered = tuple(bare[digest] for digest in sorted(bare))
        rows = labelled_passages(ordered, keywords.taxonomy)
        if not rows.passages:
            raise BadCorpus("no paragraph in the texts; name reports with headings or body text")
        return cls(keywords, ordered, rows, vote(rows.passages, keywords))

    def labels(self) -> WeakLabels:
        """The votes, where they can be judged as the model judges them."""
        return _judged(self)

    def labelled(self, labels: WeakLabels) -> list[LabelledDocument]:
        """The documents with these labels, at most as many a paragraph as the taxonomy allows."""
        codes = self.keywords.taxonomy.codes
        units = [list(document.units) for document in self.documents]
        for passage, owner, said in zip(self.rows.passages, self.rows.document.tolist(), labels.themes):
            themes = tuple(codes[k] for k in np.flatnonzero(said))
            for index in passage.paragraphs:
                units[owner][index] = replace(units[owner][index], themes=themes)
        return [replace(document, units=tuple(own)) for document, own in zip(self.documents, units)]


def train_from_keywords(
    pool: Pool,
    *,
    labels: WeakLabels | None = None,
    config: TrainingConfig | None = None,
    sources: Sequence[str] = (),
    jobs: int = 1,
) -> Trained:
    """The model of the labels made from keywords, by default those of `pool.labels()`.

    Its figures are against these labels, not against people's.

    Raises:
        BadCorpus: no keyword of some theme occurs, or there are too few documents to hold any out.
    """
    check_pool(pool)
    documents = pool.labelled(labels or pool.labels())
    said = ["labels made from keywords", *sources]
    trained = train(documents, pool.keywords.taxonomy, config=config, sources=said, jobs=jobs)
    return replace(trained, record=replace(trained.record, from_keywords=True))


def check_pool(pool: Pool) -> None:
    """Nothing.

    Raises:
        BadCorpus: no keyword of some theme occurs, or there are too few documents to hold any out.
    """
    if len(pool.documents) < MIN_DOCUMENTS:
        raise BadCorpus(
            f"{len(pool.documents)} different texts; wanted at least {MIN_DOCUMENTS}, to hold some out of each fold"
        )
    for theme, voted in zip(pool.keywords.taxonomy.themes, pool.votes.said.sum(axis=0)):
        if not voted:
            raise BadCorpus(
                f"theme {theme.code!r}: none of its {len(theme.include) + len(theme.near)} keywords speaks in the texts; "
                "add words that they use, or take the theme out of the themes file"
            )


def unlabelled(report: LabelledReport, name: str) -> LabelledDocument:
    """A report as a document to be labelled: its form and roles as found, no themes."""
    units = []
    for p in report.paragraphs:
        kind = p.kind
        if kind == "boilerplate":
            kind = f"x:{p.verdict.kind}" if p.text else "blank"
        elif kind == "heading":
            kind = f"h{min(p.level or 1, 5)}"
        elif kind == "body":
            kind = "p" if p.heading_end is None else f"h{min(p.level or 1, 5)}+p"
        is_content = kind[0] == "h" or kind == "p"
        units.append(Unit(p.start, p.end, kind, p.role if is_content else None, (), p.formulaic, p.heading_end))
    return LabelledDocument(name, report.text, tuple(units))


def _without_themes(document: LabelledDocument) -> LabelledDocument:
    return replace(document, units=tuple(replace(unit, themes=()) for unit in document.units))


def vote(passages: Sequence[Passage], keywords: Keywords) -> Votes:
    """The votes on the passages of reports."""
    rules, taxonomy = keywords.rules, keywords.taxonomy
    n, n_rules = len(passages), len(rules)
    of_theme = np.zeros((n_rules, len(taxonomy.themes)), np.int64)
    of_theme[np.arange(n_rules), [rule.theme for rule in rules]] = 1
    speaks = np.array([rule.kind != "exclude" for rule in rules], bool)[:, None] * of_theme
    covers = [keywords.covers_own(rule) for rule in rules]
    bars = np.array([rule.kind == "exclude" and not c for rule, c in zip(rules, covers)], bool)[:, None] * of_theme
    text = _counts(keywords.hits([p.text for p in passages]), n, n_rules)
    headings = sorted({heading for p in passages for heading in p.headings})
    number = {heading: index for index, heading in enumerate(headings)}
    above = _counts(keywords.hits(headings), len(headings), n_rules)
    voting = np.asarray((above @ speaks).sum(axis=1)).ravel() > 0
    chosen = np.full(n, len(headings), np.int64)  # the heading that votes; the last row stands for none
    for row, passage in enumerate(passages):
        chosen[row] = next((number[h] for h in reversed(passage.headings) if voting[number[h]]), len(headings))
    heading = sparse.vstack([above, sparse.csr_matrix((1, n_rules), dtype=np.int64)]).tocsr()[chosen]
    hits = (text + heading).tocsr()
    own, excluded = (text @ speaks) > 0, (hits @ bars) > 0
    every = hits @ speaks
    score = np.where(excluded, 0, every)
    said = _at_most(np.where(score * SHARE >= score.max(axis=1, keepdims=True), score, 0), taxonomy.most)
    clash = (every > 0) & ((hits @ (of_theme - speaks)) > 0)
    return Votes(hits, score, own, excluded, clash, said)


def _counts(hits: Hits, n_texts: int, n_rules: int) -> sparse.csr_matrix:
    """How often each rule hits each text, (n_texts, n_rules)."""
    ones = np.ones(len(hits), np.int64)
    return sparse.csr_matrix((ones, (hits.text, hits.rule)), shape=(n_texts, n_rules))


def _at_most(score: NDArray[np.int64] | Floats, most: int) -> Bools:
    """Which scores are positive and among the `most` best of their row; equal ones in the order of themes."""
    rank = np.argsort(np.argsort(-score, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray((score > 0) & (rank < most))


def _judged(pool: Pool) -> WeakLabels:
    votes, taxonomy = pool.votes, pool.keywords.taxonomy
    matrix = _around(pool)
    fold = pool.rows.document % FOLDS
    silent = ~(votes.score > 0).any(axis=1)
    weight = np.where(pool.rows.is_body, 1.0, HEADING_WEIGHT) * np.where(silent, SILENT_WEIGHT, 1.0)
    themes, trust = votes.said, np.full(len(pool.keywords.rules), np.nan)
    hit = (votes.hits > 0).tocsc()
    judged = np.flatnonzero(votes.said.sum(axis=0) >= FEWEST_VOTES)
    for _ in range(ROUNDS):
        likely = themes.astype(np.float64)
        for t in judged:
            for k in range(FOLDS):
                held_out = fold == k
                likely[held_out, t] = _fitted(matrix, themes[:, t], weight * ~held_out, matrix[held_out])
            usual = float(likely[:, t].mean())
            prior = max(usual, PRIOR_TRUST)
            evidence = np.full(len(likely), -np.inf)
            for r, rule in enumerate(pool.keywords.rules):
                if rule.theme != t or rule.kind == "exclude":
                    continue
                at = hit.indices[hit.indptr[r] : hit.indptr[r + 1]]
                trust[r] = (likely[at, t].sum() + PRIOR_HITS * prior) / (len(at) + PRIOR_HITS)
                # The best keyword decides and not their sum: those of one theme come together, and say the same twice.
                evidence[at] = np.maximum(evidence[at], _logit(trust[r]) - _logit(usual))
            both = 1 / (1 + np.exp(-(_logit(likely[:, t]) + np.where(np.isfinite(evidence), evidence, 0.0))))
            likely[:, t] = np.where(votes.excluded[:, t] | (both < 0.5), 0.0, both)
        themes = _at_most(likely, taxonomy.most)
    # A theme that lost every paragraph would leave nothing to train on.
    lost = ~themes.any(axis=0)
    themes[:, lost] = votes.said[:, lost]
    return WeakLabels(themes, trust)


def _around(pool: Pool) -> sparse.csr_matrix:
    """N-grams of texts and headings without the keywords, (n, n_terms)."""
    passages, documents = pool.rows.passages, pool.rows.document
    fewest = min(4, 1 + len(pool.documents) // 100)
    parts = []
    for texts, scale in (([p.text for p in passages], 1.0), ([p.path for p in passages], PATH_SCALE)):
        blanked = _blanked(texts, pool.keywords)
        terms, _ = count_terms(blanked, documents, lengths=(1, 3), min_documents=fewest)
        counts = occurrences(Vocabulary.build(terms), blanked)
        parts.append(weighted(counts, smooth_idf(counts)) * scale)
    return sparse.csr_matrix(sparse.hstack(parts))


def _blanked(texts: Sequence[str], keywords: Keywords) -> list[str]:
    """The texts with a blank for each character of a keyword; pairs stay, their words are everywhere."""
    hits = keywords.hits(texts)
    letters: dict[int, list[str]] = {}
    for text, rule, start, end in zip(hits.text.tolist(), hits.rule.tolist(), hits.start.tolist(), hits.end.tolist()):
        if keywords.rules[rule].kind != "near":
            letters.setdefault(text, list(texts[text]))[start:end] = BLANK * (end - start)
    return ["".join(letters[i]) if i in letters else text for i, text in enumerate(texts)]


def _fitted(matrix: sparse.csr_matrix, target: Bools, weight: Floats, asked: sparse.csr_matrix) -> Floats:
    """How likely the target is for each row asked, by the rows with a weight."""
    used = weight > 0
    y, w = target[used], weight[used]
    if not asked.shape[0] or y.all() or not y.any():
        return np.full(asked.shape[0], float(y.mean()) if len(y) else 0.0)
    positive = float((w * y).sum())
    # As for the first stage of the theme model: full balance overstates rare themes.
    w = w * np.sqrt(w.sum() / (2 * np.where(y, positive, w.sum() - positive)))
    model = LogisticRegression(C=C, solver="liblinear", tol=1e-2).fit(matrix[used], y, sample_weight=w)
    return np.asarray(model.predict_proba(asked)[:, 1], np.float64)


def _logit(probability: Floats | float) -> Floats:
    kept = np.clip(probability, SURE, 1 - SURE)
    return np.asarray(np.log(kept / (1 - kept)))
