"""Keywords in raw characters, the votes they cast, and the labels that come out."""

import itertools
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.errors import BadCorpus, BadTaxonomy
from govtext.taxonomy import Near, Taxonomy, Theme, bundled_taxonomy, parse_taxonomy
from govtext.training.corpus import LabelledDocument, Unit
from govtext.training.coverage import coverage
from govtext.training.keywords import Keywords
from govtext.training.weak import FEWEST_VOTES, Pool, check_pool

CASES = tomllib.loads((Path(__file__).parent / "cases" / "keywords.toml").read_text(encoding="utf-8"))
TWO = Taxonomy(
    (
        Theme("talent", "人才", include=("人才", "博士"), exclude=("院士工作站", "人才公寓", "干部")),
        Theme("patents", "专利", include=("专利", "商标"), near=(Near("成果", "保护"),)),
    ),
    most=1,
)


def themes_file(keywords: str) -> str:
    return f'[[theme]]\ncode = "water"\n{keywords}'


def found(keywords: Keywords, text: str) -> list[str]:
    hits = keywords.hits([text])
    return [
        f"{keywords.rules[rule].kind} {keywords.rules[rule].word}@{start}"
        for rule, start in zip(hits.rule.tolist(), hits.start.tolist())
    ]


def document(name: str, *lines: tuple[str, str]) -> LabelledDocument:
    """A report of lines, each with its kind."""
    units, text = [], ""
    for kind, line in lines:
        role = "done" if kind[0] in "hp" else None
        units.append(Unit(len(text), len(text) + len(line), kind, role, (), False, None))
        text += line + "\n"
    return LabelledDocument(name, text, tuple(units))


def pool(*documents: LabelledDocument) -> Pool:
    return Pool.of(documents, Keywords.of(TWO))


def said(found: Pool) -> list[list[bool]]:
    return [row for row, body in zip(found.votes.said.tolist(), found.rows.is_body.tolist()) if body]


@pytest.mark.parametrize("case", CASES["hit"], ids=lambda case: case["name"])
def test_keywords_hit_raw_characters_and_the_longest_wins(case: dict[str, Any]) -> None:
    keywords = Keywords.of(parse_taxonomy("most_per_paragraph = 1\n" + themes_file(case["theme"]), "mine.toml"))
    assert case["found"] == found(keywords, case["text"])
    assert case["source"]


@pytest.mark.parametrize("case", CASES["bad"], ids=lambda case: case["name"])
def test_bad_keywords_are_refused_with_the_reason(case: dict[str, Any]) -> None:
    with pytest.raises(BadTaxonomy, match=case["says"]):
        parse_taxonomy("most_per_paragraph = 1\n" + themes_file(case["theme"]), "mine.toml")
    assert case["source"]


def test_hits_stand_in_their_own_text() -> None:
    hits = Keywords.of(TWO).hits(["", "专", "利 专利", "博士专利"])
    assert hits.text.tolist() == [2, 3, 3]
    assert hits.start.tolist() == [2, 0, 2]
    assert hits.end.tolist() == [4, 2, 4]


@given(
    st.text("ab甲乙1１。", max_size=40), st.lists(st.text("ab甲乙1", min_size=2, max_size=4), min_size=1, unique=True)
)
def test_hits_are_those_of_a_search_by_hand(text: str, words: list[str]) -> None:
    folded = text.replace("１", "1")
    spans = {(i, i + len(w)) for w in words for i in range(len(text)) if folded[i : i + len(w)] == w}
    wanted = sorted(s for s in spans if not any(o != s and o[0] <= s[0] and s[1] <= o[1] for o in spans))
    hits = Keywords.of(Taxonomy((Theme("one", "one", include=tuple(words)),), 1)).hits([text])
    assert wanted == list(zip(hits.start.tolist(), hits.end.tolist()))


def test_what_is_found_grows_with_the_text_and_not_with_its_square() -> None:
    words = tuple("甲" * n for n in range(2, 41))
    near = (Near("甲甲", "甲甲甲"),)
    keywords = Keywords.of(Taxonomy((Theme("one", "one", include=words, near=near),), 1))
    first, second, third = (len(keywords.hits(["甲" * size]).start) for size in (1_000, 2_000, 3_000))
    assert third - second == second - first > 0


def test_bundled_themes_have_keywords_that_no_other_theme_has() -> None:
    taxonomy = bundled_taxonomy()
    assert all(len(theme.include) + len(theme.near) >= 6 for theme in taxonomy.themes)
    for one, other in itertools.combinations(taxonomy.themes, 2):
        assert not set(one.include) & set(other.include), (one.code, other.code)


@pytest.mark.parametrize(
    ("text", "votes"),
    [
        ("引进人才九名。", [True, False]),
        ("建成院士工作站九个。", [False, False]),
        ("人才公寓九套，引进人才九名。", [True, False]),
        ("干部人才九名。", [False, False]),
        ("人才培训，专利九件，商标九件。", [False, True]),
        ("专利一件，人才九名，博士九名，人才十名。", [True, False]),
    ],
    ids=["hit", "no hit", "covered and free", "kept off by a word that covers none", "more hits win", "most"],
)
def test_votes_of_a_paragraph(text: str, votes: list[bool]) -> None:
    assert [votes] == said(pool(document("a", ("p", text))))


@pytest.mark.parametrize(
    ("headings", "votes"),
    [
        (("一、人才工作",), [True, False]),
        (("一、人才工作", "（一）专利工作"), [False, True]),
        (("一、人才工作", "（一）其他工作"), [True, False]),
        (("一、其他工作",), [False, False]),
    ],
    ids=["heading", "the innermost", "the innermost that says something", "none"],
)
def test_headings_vote_for_what_stands_under_them(headings: tuple[str, ...], votes: list[bool]) -> None:
    above = [(f"h{level}", heading) for level, heading in enumerate(headings, 1)]
    found = pool(document("a", *above, ("p", "办了许多事。")))
    assert [votes] == said(found)
    assert not found.votes.own[-1].any()


def reports(n: int) -> list[LabelledDocument]:
    """Reports with a paragraph on patents, one on talent and one on roads; every fifth has the first two without a keyword."""
    return [
        document(
            f"d{k}",
            ("p", f"第{k}批{'专利' if k % 5 else '发明'}授权申请快速审查，侵权纠纷得到调解。"),
            ("p", f"引进{'人才' if k % 5 else '教授'}{k}名，安家补贴、子女入学都已落实到位。"),
            ("p", f"修路{k}公里，绿化、保洁、照明全面改善，群众满意。"),
        )
        for k in range(n)
    ]


def test_model_labels_paragraphs_that_no_keyword_hits() -> None:
    found = pool(*reports(20))
    labels = found.labels()
    assert found.votes.said.sum(axis=0).tolist() == [16, 16]
    assert labels.themes.sum(axis=0).tolist() == [20, 20]
    assert not labels.themes[2::3].any()


def test_keyword_among_strange_words_is_trusted_less() -> None:
    strange = [document(f"s{k}", ("p", f"修路{k}公里，商标一块，绿化、保洁、照明全面改善。")) for k in range(3)]
    found = pool(*reports(15), *strange)
    trust = dict(zip((str(rule.word) for rule in found.keywords.rules), found.labels().trust.tolist()))
    assert trust["商标"] < trust["专利"]


def test_theme_with_few_votes_keeps_them() -> None:
    found = pool(*(document(f"d{k}", ("p", f"引进人才{k}名。"), ("p", "修路。")) for k in range(FEWEST_VOTES - 1)))
    labels = found.labels()
    assert labels.themes.tolist() == found.votes.said.tolist()
    assert np.isnan(labels.trust).all()


def test_labels_do_not_hang_on_the_order_of_documents() -> None:
    texts = reports(12)
    one, other = pool(*texts), pool(*reversed(texts), texts[3])
    assert [d.digest for d in one.labelled(one.labels())] == [d.digest for d in other.labelled(other.labels())]


def test_themes_that_documents_have_are_not_looked_at() -> None:
    texts = reports(12)
    known = [replace(d, units=tuple(replace(u, themes=("talent",)) for u in d.units)) for d in texts]
    assert [d.digest for d in pool(*texts).documents] == [d.digest for d in pool(*known).documents]


def test_theme_that_no_keyword_reaches_is_named() -> None:
    with pytest.raises(BadCorpus, match="theme 'patents': none of its 3 keywords speaks in the texts; add words"):
        check_pool(pool(*(document(f"d{k}", ("p", f"引进人才{k}名。")) for k in range(5))))


def test_too_few_texts_are_refused() -> None:
    with pytest.raises(BadCorpus, match="4 different texts; wanted at least 5"):
        check_pool(pool(*reports(4), *reports(4)))


def test_theme_without_keywords_is_named() -> None:
    bare = Taxonomy((Theme("water", "水利", exclude=("水平",)),), 1)
    with pytest.raises(BadTaxonomy, match="theme 'water' has no include or near; write some words"):
        Pool.of(reports(5), Keywords.of(bare))


def test_texts_without_a_paragraph_are_refused() -> None:
    with pytest.raises(BadCorpus, match="no paragraph in the texts"):
        pool(document("a", ("title", "年终总结")))


def test_coverage_counts_body_paragraphs() -> None:
    texts = document(
        "a",
        ("h1", "一、人才工作"),
        ("p", "引进博士九名。"),
        ("p", "办了许多事。"),
        ("h1", "二、其他工作"),
        ("p", "干部人才九名，专利一件。"),
        ("p", "修路九公里。"),
    )
    table = coverage(pool(texts))
    talent, patents = table.themes
    assert (table.documents, table.paragraphs, table.silent, table.crowded) == (1, 4, 1, 0)
    assert (*(talent.voted, talent.share, talent.alone, talent.above, talent.conflict, talent.unused),) == (
        2,
        0.5,
        2,
        1,
        1,
        ("院士工作站", "人才公寓"),
    )
    assert (patents.voted, patents.share, patents.unused) == (1, 0.25, ("商标", "成果 … 保护"))
    assert [(row.document, row.text) for row in table.silent_sample] == [("a", "修路九公里。")]


def test_coverage_counts_pairs_of_themes() -> None:
    texts = [document("a", ("p", "引进人才，专利一件。"), ("p", "引进人才。"))]
    table = coverage(Pool.of(texts, Keywords.of(replace(TWO, most=2))))
    (pair,) = table.overlaps
    assert (pair.first, pair.second, pair.together, pair.share) == ("talent", "patents", 1, 1.0)
    assert coverage(pool(*texts)).overlaps == ()
    assert coverage(pool(*texts)).crowded == 1
