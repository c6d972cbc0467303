"""Labelled documents: what is read from .tsv and JSON lines, and every breach of the codebook with its file and line."""

import itertools
import json
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.document import BOILERPLATE_KINDS, ROLES
from govtext.errors import BadCorpus
from govtext.taxonomy import Taxonomy, bundled_taxonomy, parse_taxonomy
from govtext.training.corpus import LabelledDocument, Unit, corpus_digest, read_corpus

CASES = tomllib.loads((Path(__file__).parent / "cases" / "corpus.toml").read_text(encoding="utf-8"))
THEMES = bundled_taxonomy()
TITLE = "title\t-\t-\t县科技局工作总结\n"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(text: str | bytes, name: str = "mine.tsv") -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return to_file


def unit(row: list[Any]) -> Unit:
    kind, start, end, role, themes, formulaic, heading_end = row
    return Unit(start, end, kind, role or None, tuple(themes), formulaic, None if heading_end < 0 else heading_end)


def as_json(case: dict[str, Any]) -> str:
    """The document of a good case as the codebook's build.py writes it."""
    keys = ("kind", "start", "end", "role", "themes", "formulaic", "heading_end")
    units = [dict(zip(keys, row)) for row in case["units"]]
    for row in units:
        row["role"] = row["role"] or None
        row["heading_end"] = None if row["heading_end"] < 0 else row["heading_end"]
    stretches = [dict(zip(("start", "end", "kind"), row)) for row in case["stretches"]]
    return json.dumps(
        {"id": "mine", **case["header"], "text": case["text"], "units": units, "stretches": stretches},
        ensure_ascii=False,
    )


@pytest.mark.parametrize("case", CASES["good"], ids=lambda case: case["name"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_tsv_gives_the_document_that_build_makes_of_it(case: dict[str, Any], ends: str, write: Write) -> None:
    (found,) = read_corpus([write(ends.join([*case["tsv"], ""]))], THEMES)
    assert case["text"] == found.text
    assert [unit(row) for row in case["units"]] == list(found.units)
    assert [tuple(row) for row in case["stretches"]] == list(found.stretches)
    assert (case["header"], "mine", True) == (found.header, found.id, found.whole)


@pytest.mark.parametrize("case", CASES["good"], ids=lambda case: case["name"])
def test_a_tsv_and_its_json_line_are_one_document(case: dict[str, Any], write: Write) -> None:
    (tsv,) = read_corpus([write("\n".join(case["tsv"]))], THEMES)
    (line,) = read_corpus([write(as_json(case), "mine.jsonl")], THEMES)
    assert tsv == line
    assert tsv.digest == line.digest


@pytest.mark.parametrize("case", CASES["bad"], ids=lambda case: case["name"])
def test_a_line_that_breaks_the_codebook_is_named(case: dict[str, Any], write: Write) -> None:
    with pytest.raises(BadCorpus, match=rf"^mine\.tsv:{case['says']}"):
        read_corpus([write(TITLE + case["line"])], THEMES)


@pytest.mark.parametrize("case", CASES["bad_json"], ids=lambda case: case["name"])
def test_a_json_line_that_breaks_the_codebook_is_named(case: dict[str, Any], write: Write) -> None:
    with pytest.raises(BadCorpus, match=rf"^mine\.jsonl:{case['says']}"):
        read_corpus([write(case["line"], "mine.jsonl")], THEMES)


def test_a_json_line_is_counted_from_1_and_empty_ones_are_passed(write: Write) -> None:
    with pytest.raises(BadCorpus, match=r"^mine\.jsonl:4: no text"):
        read_corpus([write('{"text": "甲", "themes": []}\n\n{"text": "乙", "themes": []}\n{}', "mine.jsonl")], THEMES)


def test_json_nested_without_end_is_refused(write: Write) -> None:
    with pytest.raises(BadCorpus, match=r"^mine\.jsonl:1: not a JSON object"):
        read_corpus([write("[" * 100_000, "mine.jsonl")], THEMES)


@pytest.mark.parametrize("text", ["", "\n\n", "#genre\t总结\n"], ids=["empty", "blank", "header alone"])
def test_a_tsv_without_units_is_refused(text: str, write: Write) -> None:
    with pytest.raises(BadCorpus, match=r"^mine\.tsv: no units"):
        read_corpus([write(text)], THEMES)


@pytest.mark.parametrize("name", ["mine.tsv", "mine.jsonl"])
def test_a_file_in_another_encoding_is_refused(name: str, write: Write) -> None:
    with pytest.raises(BadCorpus, match=r"cannot be read as UTF-8 text .* save labelled documents as UTF-8"):
        read_corpus([write(TITLE.encode("gb18030"), name)], THEMES)


def test_a_byte_order_mark_is_no_part_of_a_document(write: Write) -> None:
    with_mark = read_corpus([write(b"\xef\xbb\xbf" + TITLE.encode())], THEMES)
    assert with_mark == read_corpus([write(TITLE)], THEMES)


@pytest.mark.parametrize(("n_themes", "fits"), [(1, True), (2, True), (3, False)])
def test_the_taxonomy_says_how_many_themes_a_unit_takes(n_themes: int, fits: bool, write: Write) -> None:
    themes = parse_taxonomy(
        'most_per_paragraph = 2\n[[theme]]\ncode="a"\n[[theme]]\ncode="b"\n[[theme]]\ncode="c"', "t"
    )
    path = write(f"p\tdone\t{','.join('abc'[:n_themes])},F\t甲")
    if fits:
        assert read_corpus([path], themes)[0].units[0].themes == tuple("abc"[:n_themes])
        return
    with pytest.raises(BadCorpus, match="wanted at most 2, none twice"):
        read_corpus([path], themes)


@pytest.mark.parametrize("kind", ["h1", "h5", "h3+p", "p"])
@pytest.mark.parametrize("role", ROLES)
def test_headings_and_paragraphs_take_every_role(kind: str, role: str, write: Write) -> None:
    (found,) = read_corpus([write(f"{kind}\t{role}\t-\t甲{'‖' if kind.endswith('+p') else ''}乙")], THEMES)
    assert found.units[0].role == role


@pytest.mark.parametrize(
    ("kind", "questions"),
    [
        ("title", (False, False, False)),
        ("meta", (False, False, False)),
        ("h2", (True, False, False)),
        ("h2+p", (True, True, False)),
        ("p", (False, True, False)),
        *((f"x:{kind}", (False, False, True)) for kind in BOILERPLATE_KINDS),
        ("blank", (False, False, False)),
    ],
)
def test_a_unit_knows_what_it_is(kind: str, questions: tuple[bool, bool, bool]) -> None:
    found = Unit(0, 1, kind, None, (), formulaic=False, heading_end=None)
    assert questions == (found.is_heading, found.has_body, found.is_boilerplate)


def test_a_json_line_may_be_one_labelled_paragraph(write: Write) -> None:
    row = {
        "id": "k",
        "text": "引进博士。",
        "themes": ["talent", "F"],
        "heading": "（一）引才",
        "role": "done",
        "city": "某市",
    }
    bare = {"text": "下乡。", "themes": []}
    lines = "\n".join(json.dumps(r, ensure_ascii=False) for r in (row, bare))
    found = {d.text: d for d in read_corpus([write(lines, "mine.jsonl")], THEMES)}
    full = LabelledDocument(
        "k",
        "引进博士。",
        (Unit(0, 5, "p", "done", ("talent",), True, None),),
        (),
        {"city": "某市"},
        "（一）引才",
        whole=False,
    )
    assert full == found["引进博士。"]
    short = LabelledDocument("mine.jsonl:2", "下乡。", (Unit(0, 3, "p", None, (), False, None),), whole=False)
    assert short == found["下乡。"]


def test_formulaic_may_stand_in_a_field_or_among_the_themes(write: Write) -> None:
    rows = [
        {"text": "甲", "themes": ["F"]},
        {"text": "乙", "themes": [], "formulaic": True},
        {"text": "丙", "themes": []},
    ]
    path = write("\n".join(json.dumps(row) for row in rows), "mine.jsonl")
    found = {d.text: d.units[0].formulaic for d in read_corpus([path], THEMES)}
    assert found == {"甲": True, "乙": True, "丙": False}


def test_the_order_and_division_of_files_do_not_matter(write: Write, tmp_path: Path) -> None:
    texts = [f"{TITLE}p\tdone\t-\t走访企业{i}家。\n" for i in range(4)]
    paths = [write(text, f"{i}.tsv") for i, text in enumerate(texts)]
    documents = read_corpus(paths, THEMES)
    for order in itertools.permutations(paths):
        assert documents == read_corpus(order, THEMES)
    assert documents == read_corpus([tmp_path], THEMES)
    assert documents == sorted(documents, key=lambda d: d.digest)
    assert len({d.digest for d in documents}) == 4
    assert corpus_digest(documents) == corpus_digest(reversed(documents))
    assert corpus_digest(documents) != corpus_digest(documents[1:])


def test_a_document_that_comes_twice_counts_once(write: Write, tmp_path: Path) -> None:
    first, again = write(TITLE, "a.tsv"), write(TITLE, "b.tsv")
    assert len(read_corpus([first, again, first, tmp_path], THEMES)) == 1


@pytest.mark.parametrize(
    "other",
    [
        "h1\tdone\t-\t一、引才",
        "h2\tplan\t-\t一、引才",
        "h2\tdone\ttalent\t一、引才",
        "h2\tdone\tF\t一、引才",
        "h2\tdone\t-\t二、引才",
    ],
    ids=["kind", "role", "theme", "formulaic", "text"],
)
def test_text_and_labels_tell_documents_apart(other: str, write: Write) -> None:
    assert len(read_corpus([write("h2\tdone\t-\t引才", "a.tsv"), write(other, "b.tsv")], THEMES)) == 2


def test_folders_are_searched_to_the_bottom_and_other_files_passed(write: Write, tmp_path: Path) -> None:
    write(TITLE, "deep/a.tsv")
    write('{"text": "甲", "themes": []}', "b.jsonl")
    write("no corpus", "README.md")
    assert len(read_corpus([tmp_path], THEMES)) == 2


def test_a_folder_without_labelled_documents_is_refused(write: Write, tmp_path: Path) -> None:
    write("no corpus", "README.md")
    with pytest.raises(BadCorpus, match=r"a folder without \.tsv or \.jsonl files"):
        read_corpus([tmp_path], THEMES)


def test_a_file_of_another_suffix_is_refused(write: Write) -> None:
    with pytest.raises(BadCorpus, match=r"mine\.txt: unknown suffix '\.txt'; labelled documents are \.tsv or \.jsonl"):
        read_corpus([write(TITLE, "mine.txt")], THEMES)


@pytest.mark.parametrize("name", ["gone.tsv", "gone"])
def test_a_path_that_is_not_there_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadCorpus, match=rf"{name}: no such file or folder"):
        read_corpus([tmp_path / name], THEMES)


@pytest.mark.parametrize(
    ("content", "says"), [(None, "no path: no labelled documents"), ("\n", "no labelled documents")]
)
def test_a_corpus_without_documents_is_refused(content: str | None, says: str, write: Write) -> None:
    paths = [write(content, "mine.jsonl")] if content else []
    with pytest.raises(BadCorpus, match=says):
        read_corpus(paths, THEMES)


WORDS = st.text(st.characters(exclude_characters="\t\n\r⟦⟧‖", exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@given(st.lists(st.tuples(st.sampled_from(["p", "~p", "h1", "~h2"]), WORDS), min_size=1, max_size=6))
def test_units_of_a_tsv_hold_their_text(rows: list[tuple[str, str]]) -> None:
    text = "".join(f"{kind}\tdone\t-\t{words}\n" for kind, words in rows)
    found = read_text(text, THEMES)
    assert [words for _, words in rows] == [found.text[u.start : u.end] for u in found.units]
    between = [found.text[a.end : b.start] for a, b in itertools.pairwise(found.units)]
    assert ["" if kind.startswith("~") else "\n" for kind, _ in rows[1:]] == between


def read_text(text: str, themes: Taxonomy) -> LabelledDocument:
    # tmp_path is one folder for all examples of a property.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mine.tsv"
        path.write_bytes(text.encode())
        return read_corpus([path], themes)[0]
