"""Main text of whole web pages: the lines as numbers, both passes, the fit, on invented pages of invented sites."""

import random
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govtext.boilerplate.maintext import MAIN_FROM, MainTextModel, around_features, n_around_features
from govtext.boilerplate.weblines import (
    FAR,
    LineHint,
    best_block,
    block_columns,
    n_page_features,
    shifted,
    sums_by,
    to_neighbours,
    to_page,
)
from govtext.scoring.modelfile import Schema, load, save
from govtext.scoring.network import network_schema
from govtext.training.maintext import LabelledPage, fit_main_text, site_folds

TOPICS = ("城南渡口修缮完工", "縣立圖書館延長開放", "西岭茶农喜迎丰收", "港區新增兩條航線", "东湖湿地迎来候鸟")
MENU = ("首页", "新闻", "要聞", "体育", "財經", "视频", "登录", "注册", "更多>>", "论坛", "天氣", "English")
OTHERS = ("·去年冬天的五件小事", "·老街改造征求意见", "社區食堂本週開張", "·三條公交線路調整", "少年棋手夺冠(图)")
PROSE = (
    "据悉，{0}的消息昨天传开之后，附近的居民都来看，有人说这是他们等了三年的事情。",
    "負責人表示，為了{0}，他們從去年就開始準備，一共用了四個月的時間，花費並不多。",
    "工作人员介绍，接下来还会在周边增加长椅和路灯，方便老人和孩子在晚上出行。",
    "當地居民說，這樣的變化讓人高興，不過也希望以後能夠多聽一聽大家的意見。",
)


def page(site: int, turn: int) -> LabelledPage:
    """An invented page: title, menu, headline, byline, prose, links, foot."""
    rng = random.Random(f"{site} {turn}")
    topic = rng.choice(TOPICS)
    rows: list[tuple[str, bool, LineHint]] = [(f"{topic}_新闻_第{site}新闻网", False, LineHint("title", 0, 2, 1, 0))]
    rows += [(rng.choice(MENU), False, LineHint("li", 1, 5, 10 + i, 2)) for i in range(rng.randint(4, 12))]
    rows += [(topic, True, LineHint("h1", 0, 4, 30, 3))]
    rows += [(f"2031-05-{10 + site} 来源：第{site}新闻网 字号：大 中 小", False, LineHint("div", 0.2, 4, 31, 3))]
    prose = rng.sample(PROSE, rng.randint(3, 4))
    rows += [(text.format(topic), True, LineHint("p", 0, 5, 40 + i, 4)) for i, text in enumerate(prose)]
    rows += [("相关阅读", False, LineHint("h3", 0, 5, 50, 5))]
    rows += [(rng.choice(OTHERS), False, LineHint("li", 1, 6, 60 + i, 6)) for i in range(rng.randint(3, 8))]
    rows += [(f"Copyright 第{site}新闻网 版权所有", False, LineHint("div", 0, 3, 80, 7))]
    return LabelledPage(f"site {site}", [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])


PAGES = [page(site, turn) for site in range(6) for turn in range(3)]


@cache
def model(hinted: bool) -> MainTextModel:
    return fit_main_text(PAGES, hinted=hinted)


@pytest.mark.parametrize("hinted", [False, True])
def test_main_text_of_a_site_never_seen_is_found(hinted: bool) -> None:
    unseen = page(9, 0)
    found = model(hinted).probabilities(unseen.lines, unseen.hints) >= MAIN_FROM
    assert found.tolist() == list(unseen.is_main)


@pytest.mark.parametrize("hinted", [False, True])
def test_order_of_pages_changes_no_answer(hinted: bool) -> None:
    first, second = PAGES[0], PAGES[-1]
    one_way = [model(hinted).probabilities(p.lines, p.hints).tolist() for p in (first, second)]
    other_way = [model(hinted).probabilities(p.lines, p.hints).tolist() for p in (second, first)]
    assert one_way == other_way[::-1]


@pytest.mark.parametrize("hinted", [False, True])
def test_saved_and_loaded_model_gives_the_same(hinted: bool, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("model") / "page.safetensors"
    sizes = {"first": n_page_features(hinted=hinted), "second": n_around_features(hinted=hinted)}
    arrays = {key: a for name, n in sizes.items() for key, a in network_schema(f"page.{name}", n, 1).items()}
    schema = Schema("page", (1,), arrays, {})
    save(path, model(hinted).arrays("page"), {}, schema=schema)
    loaded = MainTextModel.from_arrays("page", load(path, schema=schema)[0])
    assert loaded.hinted is hinted
    for p in PAGES[:3]:
        np.testing.assert_array_equal(
            model(hinted).probabilities(p.lines, p.hints), loaded.probabilities(p.lines, p.hints)
        )


def test_the_same_seed_fits_the_same_model() -> None:
    again = fit_main_text(PAGES, hinted=False)
    for name, array in model(False).arrays("page").items():
        np.testing.assert_array_equal(array, again.arrays("page")[name])


def test_hints_are_wanted_by_a_model_fitted_with_them() -> None:
    with pytest.raises(ValueError, match="fitted with hints"):
        model(True).probabilities(PAGES[0].lines)


def test_hints_change_nothing_for_a_model_fitted_without() -> None:
    p = PAGES[0]
    np.testing.assert_array_equal(model(False).probabilities(p.lines), model(False).probabilities(p.lines, p.hints))


def test_one_hint_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="1 hints for 2 lines"):
        to_page(["一", "二"], [LineHint("p", 0, 1, 0, 0)])


def test_pages_without_hints_cannot_fit_a_model_with_them() -> None:
    bare = LabelledPage("bare site", ["标题", "正文"], [False, True])
    with pytest.raises(ValueError, match="bare site has no hints"):
        fit_main_text([*PAGES, bare], hinted=True)


def test_one_site_is_too_few() -> None:
    with pytest.raises(ValueError, match="at least two sites"):
        fit_main_text(PAGES[:3], hinted=False)


def test_one_label_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="1 labels for 2 lines of x"):
        fit_main_text([*PAGES, LabelledPage("x", ["一", "二"], [True])], hinted=False)


@pytest.mark.parametrize("hinted", [False, True])
def test_no_lines_no_probabilities(hinted: bool) -> None:
    assert model(hinted).probabilities([], []).shape == (0,)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=12), st.data())
def test_any_lines_give_finite_numbers_of_one_width(lines: list[str], data: st.DataObject) -> None:
    numbers = st.integers(0, 4)
    hint = st.builds(LineHint, st.sampled_from(["p", "h2", "li", ""]), st.floats(0, 1), numbers, numbers, numbers)
    hints = data.draw(st.none() | st.lists(hint, min_size=len(lines), max_size=len(lines)))
    made = to_page(lines, hints)
    assert made.features.shape == (len(lines), n_page_features(hinted=hints is not None))
    assert np.isfinite(made.features).all()
    probabilities = np.array(data.draw(st.lists(st.floats(0, 1), min_size=len(lines), max_size=len(lines))))
    assert np.isfinite(around_features(made, probabilities)).all()


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=12))
def test_best_block_has_the_largest_sum(scores: list[int]) -> None:
    first, last = best_block(np.array(scores, np.float64))
    n = len(scores)
    assert max(sum(scores[i:j]) for i in range(n) for j in range(i + 1, n + 1)) == sum(scores[first : last + 1])


def test_places_around_the_best_block() -> None:
    columns = block_columns(np.array([-1.0, 2.0, 3.0, -4.0]))
    assert columns[:, 0].tolist() == [0, 1, 1, 0]
    np.testing.assert_allclose(np.log1p([1, 0, 0, 0]), columns[:, 1])
    np.testing.assert_allclose(np.log1p([0, 0, 0, 1]), columns[:, 2])


def test_lines_to_the_nearest_hit_leave_the_line_itself_out() -> None:
    before, behind = to_neighbours(np.array([False, True, False, True, False]))
    assert before.tolist() == [FAR, FAR, 1, 2, 1]
    assert behind.tolist() == [1, 2, 1, FAR, FAR]


@pytest.mark.parametrize(
    ("offset", "shown"), [(0, [1, 2, 3]), (1, [2, 3, 0]), (-2, [0, 0, 1]), (3, [0, 0, 0]), (-4, [0, 0, 0])]
)
def test_shifted_values_are_those_of_a_line_further_on(offset: int, shown: list[int]) -> None:
    assert shifted(np.array([1.0, 2.0, 3.0]), offset).tolist() == shown


def test_sums_go_by_key() -> None:
    assert sums_by(np.array([7, 2, 7]), np.array([1.0, 5.0, 2.0])).tolist() == [3, 5, 3]


def test_a_site_is_never_on_both_sides_of_a_fold() -> None:
    sites = ["a", "b", "a", "c", "d", "b", "e", "f", "a"]
    fold = site_folds(sites, folds=3)
    assert all(len({int(f) for f, s in zip(fold, sites) if s == site}) == 1 for site in set(sites))
    assert fold[::-1].tolist() == site_folds(sites[::-1], folds=3).tolist()


def test_a_headline_repeated_in_a_list_of_links_is_told_by_its_place() -> None:
    p = PAGES[1]
    made = to_page(p.lines)
    assert len({tuple(row) for row in made.features}) == len(p.lines)
