"""Which documents copy from each other; and that copies never land on both sides of a fold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govtext.training.duplicates import SHORTEST, SIMILAR_FROM, near_duplicate_groups
from govtext.training.folds import grouped_stratified_folds

VISITS = (
    "全局干部分片包联企业，走访规模以上企业四十二家，收集用地用工融资难题五十七件，办结四十九件，企业满意率明显提高。"
)
PLATFORM = "新建工程技术研究中心三家，院士工作站一家，众创空间面积达到两万平方米，在孵团队八十余个，毕业企业逐年增多。"
HARVEST = "选派科技特派员下乡驻点，推广水稻病虫害绿色防控技术，建立示范田十二块，带动种植大户增收，群众反映良好。"
PARTY = "严格落实民主集中制，开展集中学习十八次，党员干部作风进一步转变，廉政谈话覆盖全体中层，没有发生违纪问题。"


def joined(*documents: list[str], **options: float) -> list[list[int]]:
    """The documents of each group of several, ascending."""
    groups = near_duplicate_groups(documents, **options)  # type: ignore[arg-type]
    members = [np.flatnonzero(groups == g).tolist() for g in np.unique(groups)]
    return sorted(m for m in members if len(m) > 1)


@pytest.mark.parametrize(
    ("copy", "found"),
    [
        (VISITS, True),
        (VISITS.replace("，", "，\n　　"), True),
        (VISITS.replace("，", ","), True),
        ("今年以来，" + VISITS, True),
        (VISITS.replace("四十二", "九十三").replace("五十七", "六十一"), True),
        (VISITS[: len(VISITS) // 4] + HARVEST[: len(HARVEST) * 3 // 4], False),
        (PLATFORM, False),
        ("", False),
    ],
    ids=["equal", "white space", "width", "a few words before", "other figures", "a quarter", "other text", "empty"],
)
def test_copy_with_small_changes_is_found_and_other_text_is_not(copy: str, found: bool) -> None:
    assert joined([VISITS, PARTY], [HARVEST, copy]) == ([[0, 1]] if found else [])


def test_numbers_are_equal_whatever_their_digits() -> None:
    paragraph = "全年申报专利{}件，授权{}件，其中发明专利{}件，技术合同成交额{}万元，同比增长{}%，完成年度任务。"
    assert joined([paragraph.format(120, 86, 9, 3500, 12.5)], [paragraph.format(8, 1, 0, 98, 3)]) == [[0, 1]]


@pytest.mark.parametrize(("length", "found"), [(SHORTEST - 1, False), (SHORTEST, True), (SHORTEST + 1, True)])
def test_passage_counts_from_the_shortest_length(length: int, found: bool) -> None:
    assert joined([VISITS[:length], PARTY], [VISITS[:length], HARVEST]) == ([[0, 1]] if found else [])


def test_similarity_is_jaccards_of_five_character_shingles() -> None:
    one, other = PLATFORM, PLATFORM[: len(PLATFORM) * 4 // 5] + HARVEST[-12:]
    shingles = [{text[k : k + 5] for k in range(len(text) - 4)} for text in (one, other)]
    exact = len(shingles[0] & shingles[1]) / len(shingles[0] | shingles[1])
    assert SIMILAR_FROM < exact < 0.8
    assert joined([one], [other], similar_from=exact) == [[0, 1]]
    assert joined([one], [other], similar_from=exact + 0.001) == []


def test_whole_documents_that_are_equal_are_one_group_however_short() -> None:
    assert joined(["党建工作"], ["党建 工作"], ["党建工作", "人才工作"]) == [[0, 1]]


def test_copy_of_a_copy_is_in_the_group() -> None:
    assert joined([VISITS, PARTY], [PLATFORM], [PARTY, HARVEST], [HARVEST, "尾"]) == [[0, 2, 3]]


def test_documents_of_one_source_are_one_group_and_unknown_sources_join_nothing() -> None:
    documents = [[VISITS], [PARTY], [HARVEST], [PLATFORM]]
    groups = near_duplicate_groups(documents, sources=["a.txt", None, "a.txt", None])
    assert groups[0] == groups[2]
    assert len(set(groups.tolist())) == 3
    assert len(set(near_duplicate_groups(documents, sources=[None] * 4).tolist())) == 4


def test_nothing_gives_nothing_and_empty_documents_are_one_group() -> None:
    assert near_duplicate_groups([]).tolist() == []
    assert near_duplicate_groups([[], [""], ["　\n"]]).tolist() == [0, 0, 0]


def test_lone_surrogates_and_huge_passages_do_no_harm() -> None:
    assert len(near_duplicate_groups([["\ud800" * 40], ["国" * 200_000], ["国" * 200_000 + "家"]])) == 3


def test_a_passage_repeated_everywhere_costs_no_more_than_others() -> None:
    documents = [[VISITS[: 20 + k % 30] + PARTY, VISITS] for k in range(800)]
    assert near_duplicate_groups(documents).max() == 0


TEXTS = st.lists(st.sampled_from([VISITS, PLATFORM, HARVEST, PARTY, VISITS + "完毕。", "短"]), max_size=3)


@given(documents=st.lists(TEXTS, min_size=1, max_size=8), data=st.data())
@settings(max_examples=50)
def test_the_number_of_a_document_is_the_same_whatever_the_order(
    documents: list[list[str]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(documents))))
    groups = near_duplicate_groups(documents)
    assert groups[list(order)].tolist() == near_duplicate_groups([documents[i] for i in order]).tolist()
    assert sorted(set(groups.tolist())) == list(range(groups.max() + 1))


@given(seed=st.integers(0, 1000))
@settings(max_examples=30)
def test_copies_never_land_on_both_sides_of_a_fold(seed: int) -> None:
    random = np.random.default_rng(seed)
    letters = np.array(list("科技企业服务创新平台人才项目农业专利党建廉政机关管理成果转化"))
    documents = [["".join(random.choice(letters, 60))] for _ in range(24)]
    copied = random.permutation(24)[:8]
    for here, there in zip(copied[::2], copied[1::2]):
        documents[there].append(documents[here][0][:50] + "。")
    groups = near_duplicate_groups(documents)
    fold = grouped_stratified_folds(random.random((24, 3)) < 0.3, groups, n_folds=4, seed=seed)
    assert all(fold[here] == fold[there] for here, there in zip(copied[::2], copied[1::2]))
