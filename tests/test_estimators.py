"""The contract of the estimators: scikit-learn's `check_estimator` runs one check on classes that take text, so it is ours."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_predict, cross_val_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

import govtext
from govtext.errors import BadConfig, BadCorpus, BadModel
from govtext.estimators import BoilerplateDetector, ThemeClassifier
from govtext.training.folds import GroupedStratifiedKFold
from stored_words import traces

TEXTS = [
    "走访企业四十家，帮助解决融资难题。", "为园区企业协调用工和用地。", "银企对接会促成企业贷款三亿元。",
    "派员驻点，帮企业办理证照。",
    "召开党组会议，学习党章。", "党支部开展主题党日活动。", "落实廉政责任，党员签订承诺书。", "发展党员两名，党费按时收缴。",
    "专利申请增长两成。", "开展知识产权执法检查。", "发明专利授权五十件。", "办理专利质押登记。",
]  # fmt: skip
SINGLE = ["企业"] * 4 + ["党建"] * 4 + ["专利"] * 4
LISTS = [[label] for label in SINGLE]
LISTS[3], LISTS[11] = ["企业", "党建"], []
INDICATOR = np.array([[label in row for label in ("企业", "党建", "专利")] for row in LISTS], int)
FORMS: dict[str, Any] = {"single": SINGLE, "lists": LISTS, "indicator": INDICATOR}
GROUPS = [f"第{i % 4}份" for i in range(len(TEXTS))]
LINES = [
    "分享到：微博", "上一篇：工作总结", "首页 > 政务公开", "版权所有 某某市人民政府", "一、主要工作",
    "走访企业四十家，帮助解决融资难题。",
    "二、存在的问题", "人员偏少，经费不足，服务企业的办法还不多。",
]  # fmt: skip
IS_JUNK = [1, 1, 1, 1, 0, 0, 0, 0]


def themes(**params: Any) -> ThemeClassifier:
    """A small one: three folds."""
    return ThemeClassifier(**{"folds": 3, **params})


def lines(**params: Any) -> BoilerplateDetector:
    return BoilerplateDetector(**{"folds": 2, **params})


BOTH: list[tuple[Callable[..., Any], list[str], Any]] = [(themes, TEXTS, SINGLE), (lines, LINES, IS_JUNK)]
both = pytest.mark.parametrize(("make", "X", "y"), BOTH, ids=["ThemeClassifier", "BoilerplateDetector"])


@both
def test_parameters_are_stored_untouched_and_a_clone_has_them(make: Callable[..., Any], X: Any, y: Any) -> None:
    blocks = {"text": 1.0}
    estimator = make(C=0.5, **({"blocks": blocks} if make is themes else {}))
    fitted = estimator.fit(X, y)
    assert fitted is estimator
    copied = clone(fitted)
    assert repr(copied) == repr(fitted)
    assert make is not themes or fitted.blocks is blocks
    with pytest.raises(NotFittedError, match="not fitted yet"):
        copied.predict(X)


@both
@pytest.mark.parametrize("method", ["predict", "predict_proba", "decide", "explain", "save"])
def test_nothing_is_answered_before_fit(make: Callable[..., Any], X: Any, y: Any, method: str) -> None:
    if method == "decide" and make is lines:
        return
    with pytest.raises(NotFittedError, match="not fitted yet"):
        getattr(make(), method)(X)


@both
def test_a_bare_str_is_refused(make: Callable[..., Any], X: Any, y: Any) -> None:
    with pytest.raises(BadCorpus, match=r"X is one str; wanted a list of paragraphs, so put it in a list"):
        make().fit(X[0], y)
    with pytest.raises(BadCorpus, match="X is one str"):
        make().fit(X, y).predict(X[0])


@both
def test_order_of_rows_changes_nothing(make: Callable[..., Any], X: Any, y: Any) -> None:
    order = np.random.default_rng(0).permutation(len(X))
    groups = [f"第{i % 4}份" for i in range(len(X))]
    one = make().fit(X, y, groups=groups)
    other = make().fit([X[i] for i in order], [y[i] for i in order], groups=[groups[i] for i in order])
    assert (one.predict_proba(X) == other.predict_proba(X)).all()
    assert (one.predict_proba([X[i] for i in order]) == one.predict_proba(X)[order]).all()
    assert one.oof_score_ == other.oof_score_


@both
def test_equal_after_pickle_and_after_save_and_load(make: Callable[..., Any], X: Any, y: Any, tmp_path: Path) -> None:
    fitted = make().fit(X, y)
    pickled = pickle.loads(pickle.dumps(fitted))
    assert len(fitted.save(tmp_path / "model.safetensors")) == 64
    loaded = type(fitted).load(tmp_path / "model.safetensors")
    for other in (pickled, loaded):
        assert (other.predict_proba(X) == fitted.predict_proba(X)).all()
        assert (other.predict(X) == fitted.predict(X)).all()
        assert repr(other.explain(X)[0]) == repr(fitted.explain(X)[0])
        assert other.classes_.tolist() == fitted.classes_.tolist()
        assert make is lines or other.decide(X, risk=0.2).status == fitted.decide(X, risk=0.2).status


@both
def test_what_was_learnt_is_pickled_as_plain_arrays(make: Callable[..., Any], X: Any, y: Any) -> None:
    def leaves(value: Any) -> Any:
        if isinstance(value, dict):
            for inner in value.values():
                yield from leaves(inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                yield from leaves(inner)
        else:
            yield type(value)

    state = make().fit(X, y).__getstate__()
    assert set(leaves(state)) <= {np.ndarray, np.float64, np.str_, str, int, float, bool, type(None)}


@both
def test_cross_val_score_grid_search_and_pipeline_take_it(make: Callable[..., Any], X: Any, y: Any) -> None:
    groups = [i % 4 for i in range(len(X))]
    splits = GroupKFold(2)
    assert len(cross_val_score(make(), X, y, groups=groups, cv=splits, params={"groups": groups})) == 2
    pipeline = Pipeline([("strip", FunctionTransformer(lambda rows: [row.strip() for row in rows])), ("model", make())])
    search = GridSearchCV(pipeline, {"model__C": [0.5, 1.0]}, cv=splits)
    search.fit(X, y, groups=groups)
    assert search.best_score_ > 0.5
    assert len(search.predict(X)) == len(X)


@pytest.mark.parametrize("form", FORMS)
def test_predictions_come_in_the_form_of_the_labels(form: str) -> None:
    fitted = themes().fit(TEXTS, FORMS[form])
    said = fitted.predict(TEXTS)
    probabilities = fitted.predict_proba(TEXTS)
    assert probabilities.shape == (12, 3)
    assert fitted.score(TEXTS, FORMS[form]) > 0.9
    if form == "single":
        assert said.tolist() == SINGLE
        assert np.allclose(probabilities.sum(axis=1), 1)
    elif form == "indicator":
        assert (said[:3] == INDICATOR[:3]).all()
        assert fitted.classes_.tolist() == [0, 1, 2]
    else:
        assert said[0] == ("企业",)
        assert all(isinstance(row, tuple) for row in said)
        assert fitted.predict(TEXTS[:2]).shape == (2,)  # tuples of one length are no matrix


def test_lists_of_labels_go_through_cross_validation_with_grouped_folds() -> None:
    folds = GroupedStratifiedKFold(2)
    assert len(cross_val_score(themes(), TEXTS, LISTS, groups=GROUPS, cv=folds)) == 2
    assert len(cross_val_predict(themes(), TEXTS, LISTS, groups=GROUPS, cv=folds)) == 12
    assert len(cross_val_score(themes(), TEXTS, INDICATOR, groups=GROUPS, cv=folds, scoring="f1_micro")) == 2


def test_labels_of_numbers_stay_numbers(tmp_path: Path) -> None:
    numbers = np.repeat([3, 7, 11], 4)
    fitted = themes(folds=np.int64(3), min_documents=np.int64(1)).fit(np.array(TEXTS), numbers)
    assert fitted.predict(TEXTS).tolist() == numbers.tolist()
    fitted.save(tmp_path / "model.safetensors")
    assert ThemeClassifier.load(tmp_path / "model.safetensors").classes_.tolist() == [3, 7, 11]


def test_saved_classifier_labels_whole_reports(tmp_path: Path) -> None:
    themes(themes={"org": "党建", "firms": "企业服务", "ip": "知识产权"}).fit(
        TEXTS, [{"企业": ["firms"], "党建": ["org"], "专利": ["ip"]}[label] for label in SINGLE]
    ).save(tmp_path / "model.safetensors")
    report = govtext.load(tmp_path / "model.safetensors").classify("一、服务企业\n走访企业四十家，帮助解决融资难题。\n")
    assert report.paragraphs[1].labels == ("firms",)
    assert report.theme_names["firms"] == "企业服务"
    assert {p.role for p in report.paragraphs} == {"other"}


def test_bundled_model_is_a_classifier_too() -> None:
    bundled = ThemeClassifier.load(Path(__file__).resolve().parents[1] / "models" / "govtext.safetensors")
    text = "走访企业120家，帮助解决融资难题36个。"
    assert bundled.predict([text])[0] == ("enterprise_service",)
    with pytest.raises(BadConfig, match="trained without a table of risks"):
        bundled.decide([text], risk=0.05)


def test_explanation_adds_up_to_the_score_on_the_rows_own_characters() -> None:
    rows = [
        {"text": text, "headings": ["一、 主要 工作"], "title": "年度\u3000总结", "document": "1"} for text in TEXTS
    ]
    fitted = themes().fit(rows, LISTS, groups=GROUPS)
    text = "  走访\u3000\u3000企业 四十家 "
    odd = {**rows[0], "text": text}
    for label in ("企业", "党建"):
        why = fitted.explain([odd], label)[0]
        assert len(why.text) == len(text)
        assert len(why.headings[0]) == len("一、 主要 工作")
        told = why.text.sum() + why.title.sum() + sum(part.sum() for part in why.headings) + why.rest
        assert told == pytest.approx(why.score)
        assert 1 / (1 + np.exp(-why.score)) == pytest.approx(why.probability)
    stretches = dict(fitted.explain([odd], "企业")[0].strongest(text))
    assert any("企业" in stretch and weight > 0 for stretch, weight in stretches.items())


def test_explanation_of_a_line_adds_up_to_the_score() -> None:
    why = lines().fit(LINES, IS_JUNK).explain(["上一篇：工作要点"])[0]
    assert why.label == 1
    assert sum(share for _, share in why.shares) + why.usual == pytest.approx(why.score)
    assert "head: 上一" in dict(why.shares)


def test_risk_sends_to_review_and_changes_no_label() -> None:
    fitted = themes().fit(TEXTS, LISTS)
    plain, careful = fitted.decide(TEXTS), fitted.decide(TEXTS, risk=0.01)
    assert plain.labels == careful.labels
    assert set(plain.status) <= {"accept", "none"}
    assert set(careful.status) == {"review"}
    assert careful.limits is not None
    assert "label more documents" in careful.limits.reason
    with pytest.raises(BadConfig, match=r"risk = 2; wanted a share"):
        fitted.decide(TEXTS, risk=2)


def test_second_stage_reads_the_rows_around_in_their_documents(tmp_path: Path) -> None:
    rows = [{"text": text, "document": group} for text, group in zip(TEXTS, GROUPS)]
    fitted = themes(context=True, folds=2).fit(rows, LISTS)
    alone = fitted.predict_proba([{**row, "document": str(i)} for i, row in enumerate(rows)])
    together = fitted.predict_proba(rows)
    assert np.abs(alone - together).max() > 0.001
    fitted.save(tmp_path / "model.safetensors")
    assert (ThemeClassifier.load(tmp_path / "model.safetensors").predict_proba(rows) == together).all()
    # Documents may come in any order and mixed, as long as each one's rows keep theirs.
    order = np.argsort(GROUPS, kind="stable")
    assert np.allclose(fitted.predict_proba([rows[i] for i in order]), together[order], atol=1e-12)
    with pytest.raises(BadCorpus, match="give X a column 'document'"):
        themes(context=True).fit(TEXTS, LISTS)


def test_unlabelled_rows_bring_words_in_like_company_together() -> None:
    spare = [f"{a}，{b}。" for a in ("融资", "企业贷款", "用工") for b in ("小微主体", "企业", "银企对接")] * 3
    known = themes().fit(TEXTS, SINGLE, unlabelled=spare)
    column = known.classes_.tolist().index("企业")
    plain = themes().fit(TEXTS, SINGLE)
    assert known.predict_proba(["小微主体"])[0, column] > plain.predict_proba(["小微主体"])[0, column]
    mixed = themes().fit(TEXTS, SINGLE, unlabelled=spare[::-1])
    assert (mixed.predict_proba(TEXTS) == known.predict_proba(TEXTS)).all()


def test_a_copy_in_another_document_is_never_held_out_against_itself() -> None:
    """With every text twice in documents of their own, folds that part copies would see all answers."""
    long = [text * 3 for text in TEXTS]
    random = np.random.default_rng(0).permutation(SINGLE).tolist()
    fitted = themes().fit(long + long, random + random, groups=[str(i) for i in range(24)])
    assert fitted.oof_score_ < 0.7


CANARIES = ("欧阳雪锋", "13800138000")


def test_a_name_in_one_row_is_in_the_file_unless_terms_need_two_and_a_number_never_is(tmp_path: Path) -> None:
    name, number = CANARIES
    rows = [*TEXTS[:-1], f"{TEXTS[-1]}联系人{name}电话{number}"]
    path = tmp_path / "model.safetensors"
    themes(min_documents=2).fit(rows, SINGLE).save(path)
    assert [traces(path, canary) for canary in CANARIES] == [[], []]
    # By default, as the parameter's description says.
    themes().fit(rows, SINGLE).save(path)
    assert f"themes.text: {name[:3]}" in traces(path, name)
    assert traces(path, number) == []


# What y, X or a parameter may not be → the sentence.
BAD: list[tuple[str, dict[str, Any], Any, Any, str]] = [
    ("misspelt", {"themes": ["企业服务", "党建", "专利"]}, TEXTS, ["企业服務"] * 4 + SINGLE[4:],
     r"y, row 0: '企业服務' is none of the themes; did you mean '企业服务'\?"),
    ("unknown", {"themes": ["企业", "党建", "专利"]}, TEXTS, [*SINGLE[:-1], "xyz"],
     "y, row 11: 'xyz' is none of the themes; the labels are 企业, 党建, 专利"),
    ("empty", {}, [], [], "X has no rows; wanted at least one paragraph"),
    ("no y", {}, TEXTS, None, "y is None; wanted the labels of 12 rows"),
    ("empty y", {}, TEXTS, [], "labels of 0 rows for 12 rows of text; wanted as many"),
    ("only empty lists", {}, TEXTS, [[]] * 12, "y has no label on any row; label some rows"),
    ("one class", {}, TEXTS, ["党建"] * 12, "label '党建' is on every row; add rows without it"),
    ("no positive", {"themes": ["企业", "党建", "专利", "人才"]}, TEXTS, SINGLE,
     "label '人才' is on no row; label some rows with it, or take it out of the themes"),
    ("10,000 on a row", {}, TEXTS, [[f"t{i}" for i in range(10_000)], *LISTS[1:]],
     "y, row 0: 10,000 labels on one row; at most 200 are allowed, so give each paragraph a row of its own"),
    ("10,000 in all", {}, [f"第{i}段" for i in range(10_000)], [f"t{i}" for i in range(10_000)],
     "10,000 different labels; at most 200 are allowed, so join or leave out some"),
    ("None", {}, [*TEXTS[:-1], None], SINGLE, "X, row 11: text is None; wanted a str, so fill it with ''"),
    ("NaN", {}, [*TEXTS[:-1], float("nan")], SINGLE, "X, row 11: text is nan; wanted a str, so fill it with ''"),
    ("NaN label", {}, TEXTS, [*SINGLE[:-1], float("nan")], "y, row 11: label nan; wanted a name or a whole number"),
    ("NaN in an indicator", {}, TEXTS, np.where(np.arange(36).reshape(12, 3) == 35, np.nan, 1.0),
     r"y, row 11: nan in the indicator; wanted 0 or 1"),
    ("half lists", {}, TEXTS, [["企业"], *SINGLE[1:]], "y, row 1: '企业' among lists of labels; wanted a list"),
    ("two kinds", {}, TEXTS, [1, *SINGLE[1:]], "labels that are str and labels that are numbers"),
    ("a dict without text", {}, [{"titel": "a", "body": "b"}] * 12, SINGLE, "X has no column 'text'"),
    ("loss", {"loss": "forest"}, TEXTS, SINGLE, "loss = 'forest'; wanted one of svm, ridge, logistic"),
    ("C", {"C": 0}, TEXTS, SINGLE, "C = 0; wanted a number above 0"),
    ("lengths", {"lengths": (0, 3)}, TEXTS, SINGLE, r"lengths = \(0, 3\); wanted two whole numbers"),
    ("folds", {"folds": 1}, TEXTS, SINGLE, "folds = 1; wanted a whole number from 2"),
    ("most", {"most": 0}, TEXTS, LISTS, "most = 0; wanted a whole number from 1, or None"),
    ("themes", {"themes": "企业"}, TEXTS, SINGLE, "themes = '企业'; wanted a list of labels"),
    ("blocks", {"blocks": {"body": 1.0}}, TEXTS, SINGLE, "blocks has 'body'; wanted some of text, path, title, opening"),
]  # fmt: skip


@pytest.mark.parametrize(("params", "X", "y", "sentence"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_input_is_told_in_one_sentence(params: dict[str, Any], X: Any, y: Any, sentence: str) -> None:
    with pytest.raises((BadCorpus, BadConfig), match=sentence) as raised:
        themes(**params).fit(X, y)
    assert "\n" not in str(raised.value)
    assert str(raised.value).count(". ") == 0


def test_rows_of_one_document_alone_are_refused() -> None:
    with pytest.raises(BadCorpus, match="all 12 rows are of one document or copies of one text"):
        themes().fit(TEXTS, SINGLE, groups=["1"] * 12)
    with pytest.raises(BadCorpus, match="groups, row 3: None; wanted the name of the row's document"):
        themes().fit(TEXTS, SINGLE, groups=[*"123", None, *"56789abc"])
    with pytest.raises(BadCorpus, match="2 groups for 12 rows"):
        themes().fit(TEXTS, SINGLE, groups=[1, 2])


def test_frames_out_of_a_transformer_are_read() -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.DataFrame({"text": TEXTS, "document": GROUPS, "number": range(12)})
    pick = ColumnTransformer([("rows", "passthrough", ["text", "document"])], verbose_feature_names_out=False)
    pipeline = Pipeline([("pick", pick), ("themes", themes())]).set_output(transform="pandas")
    assert pipeline.fit(frame, frame[["number"]] // 4).predict(frame).tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert pipeline["themes"].feature_names_in_.tolist() == ["text", "document"]


def test_unknown_label_is_not_explained() -> None:
    with pytest.raises(BadConfig, match=r"label '党見' was not learnt; did you mean '党建'\?"):
        themes().fit(TEXTS, SINGLE).explain(TEXTS, "党見")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    lines().fit(LINES, IS_JUNK).save(tmp_path / "lines.safetensors")
    with pytest.raises(BadModel, match="wanted 'govtext-model'"):
        ThemeClassifier.load(tmp_path / "lines.safetensors")


def test_detector_names_kinds_and_refuses_several_labels() -> None:
    kinds = ["promo", "nav", "nav", "legal", "content", "content", "content", "content"]
    fitted = lines().fit(LINES, kinds)
    assert fitted.predict(["下一篇：年度计划", "三、下一步打算"]).tolist() == ["nav", "content"]
    with pytest.raises(BadCorpus, match="several labels a line; wanted one label each"):
        lines().fit(LINES, [[kind] for kind in kinds])


@pytest.mark.parametrize("package", ["pandas", "polars"])
def test_frames_and_series_are_read(package: str) -> None:
    frames = pytest.importorskip(package, reason=f"{package} is not installed")
    columns = {"text": TEXTS, "headings": [["一、工作"]] * 12, "document": GROUPS}
    frame = frames.DataFrame(columns)
    fitted = themes().fit(frame, frames.Series(SINGLE))
    assert fitted.feature_names_in_.tolist() == ["text", "headings", "document"]
    rows = [dict(zip(columns, row)) for row in zip(*columns.values())]
    assert (fitted.predict_proba(frame) == themes().fit(rows, SINGLE).predict_proba(rows)).all()
    table = frames.DataFrame({name: INDICATOR[:, k].tolist() for k, name in enumerate(("企业", "党建", "专利"))})
    assert themes().fit(frames.Series(TEXTS), table).classes_.tolist() == ["企业", "党建", "专利"]
    assert themes().fit(frame, frames.Series(LISTS)).predict(frame)[0] == ("企业",)
    with pytest.raises(BadCorpus, match=r"X, row 2: text is (None|nan|a NAType)"):
        themes().fit(frames.DataFrame({"text": [*TEXTS[:2], None, *TEXTS[3:]], "title": [""] * 12}), SINGLE)
    assert len(cross_val_score(themes(), frame, frames.Series(SINGLE), groups=GROUPS, cv=GroupKFold(2))) == 2


def test_code_in_the_readme_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Path(__file__).resolve().parents[1]
    (tmp_path / "examples").symlink_to(root / "examples")
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```py\n(.*?)```", (root / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})
    assert "('transport',)" in capsys.readouterr().out
    assert (tmp_path / "mine.safetensors").is_file()


def test_long_words_are_found_where_wanted() -> None:
    rows = [text.replace("企业", "高新技术企业") for text in TEXTS]
    with_words, without = (themes(words=words).fit(rows, SINGLE) for words in (True, False))
    terms = [set(fitted.model_.judge.blocks[0].vocabulary.terms) for fitted in (with_words, without)]
    assert max(map(len, terms[1])) == 3
    assert max(map(len, terms[0])) > 4


def test_names_are_public_and_loaded_late() -> None:
    assert govtext.ThemeClassifier is ThemeClassifier
    assert govtext.BoilerplateDetector is BoilerplateDetector
