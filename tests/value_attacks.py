"""Model files of the right form that say what no model may say: each a change of a good model, and what is said against it.

Their hashes are right, as a stranger's would be. Used by tests/test_modelarrays.py on a small model, and by
benchmarks/hostile_models.py on the bundled one, with the time and the memory that each refusal takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from govtext.features.vocabulary import NO_TERM, Vocabulary
from govtext.scoring.modelfile import vocabulary_arrays, vocabulary_from

Arrays = dict[str, Any]
Header = dict[str, Any]
Change = Callable[[Arrays, Header], object]


def put(name: str, value: float, place: Any = -1) -> Change:
    """A change of one number of an array."""

    def change(arrays: Arrays, header: Header) -> None:
        arrays[name] = arrays[name].copy()
        arrays[name].reshape(-1)[place] = value

    return change


def shape(name: str, make: Callable[[Any], Any]) -> Change:
    """A change of a whole array."""

    def change(arrays: Arrays, header: Header) -> None:
        arrays[name] = make(arrays[name])

    return change


def theme(**values: object) -> Change:
    """A change of what the header says of the first theme."""
    return lambda arrays, header: header["themes"][0].update(values)


def field(**values: object) -> Change:
    """A change of a field of the header."""
    return lambda arrays, header: header.update(values)


def fewer_terms(arrays: Arrays, header: Header) -> None:
    """A vocabulary of one term less than there are weights."""
    terms = vocabulary_from("lines", arrays).terms
    arrays |= vocabulary_arrays("lines", Vocabulary.build(terms[1:]))


def cycle(arrays: Arrays, header: Header) -> None:
    """The nodes of a vocabulary in a circle: what is below a node comes before it."""
    for part in ("depths", "letters"):
        arrays[f"lines.{part}"] = arrays[f"lines.{part}"][::-1].copy()


def doubled(arrays: Arrays, header: Header) -> None:
    """The first character of a vocabulary a second time."""
    name = "themes.title"
    for part in ("depths", "letters"):
        array = arrays[f"{name}.{part}"]
        arrays[f"{name}.{part}"] = np.concatenate([array[:1], array])
    arrays[f"{name}.depths"][0] &= ~np.uint8(NO_TERM)


def many_units(arrays: Arrays, header: Header) -> None:
    """A network whose hidden layer would take gigabytes when a report comes."""
    prefix, n = "themes.network", 5000
    for part, make in (("hidden", lambda a: (len(a), n)), ("hidden_offset", lambda a: n), ("output", lambda a: (n, 1))):
        arrays[f"{prefix}.{part}"] = np.zeros(make(arrays[f"{prefix}.{part}"]), np.float32)


def twin(arrays: Arrays, header: Header) -> None:
    """Two themes of one code."""
    header["themes"][0]["code"] = header["themes"][1]["code"]


TRAIN = "train the model again"
RANGE = "has the value .*; wanted .* to "
NOT_FINITE = "has a value that is no finite number"
BAD_TEXT = "name and about must be text on one line"
BAD_CODE = "wanted lower-case letters, digits and _"
ATTACKS: list[tuple[str, Change, str]] = [
    # Numbers that are none, overflow, or turn an answer round.
    ("weights of NaN", put("themes.intercept", np.nan), f"array 'themes.intercept' {NOT_FINITE}"),
    ("infinite offset", put("lines.context_intercept", np.inf), f"array 'lines.context_intercept' {NOT_FINITE}"),
    ("NaN in a network", put("roles.network.hidden", np.nan), f"array 'roles.network.hidden' {NOT_FINITE}"),
    ("NaN as a threshold", put("recuts.threshold", np.nan), f"array 'recuts.threshold' {NOT_FINITE}"),
    ("NaN as a promise", put("risk.accepted.thresholds", np.nan), NOT_FINITE),
    ("a weight of 1e300", put("lines.dense", 1e300), f"array 'lines.dense' {RANGE}"),
    ("an output of 1e38", put("boundaries.judge.output", -1e38), f"array 'boundaries.judge.output' {RANGE}"),
    ("deviation of zero", put("themes.network.deviation", 0), f"array 'themes.network.deviation' {RANGE}"),
    ("negative deviation", put("recuts.deviation", -1), f"array 'recuts.deviation' {RANGE}"),
    ("step of zero under a root", put("themes.text.square_step", 0), f"array 'themes.text.square_step' {RANGE}"),
    ("a square of zero", put("themes.path.squares", 0), f"array 'themes.path.squares' {RANGE}"),
    ("negative scale", put("lines.head.scale", -2), f"array 'lines.head.scale' {RANGE}"),
    ("negative step", put("themes.title.steps", -1), f"array 'themes.title.steps' {RANGE}"),
    ("a weight that has no opposite", put("themes.opening.weights", -128), f"array 'themes.opening.weights' {RANGE}"),
    ("order turned round", put("themes.calibration.slope", -1), f"array 'themes.calibration.slope' {RANGE}"),
    ("risk above one", put("risk.passages.risks", 1.5), f"array 'risk.passages.risks' {RANGE}"),
    ("risks out of order", put("risk.passages.risks", 0.0), f"are no table of risks; {TRAIN}"),
    ("threshold of three", put("risk.passages.thresholds", 3), f"array 'risk.passages.thresholds' {RANGE}"),
    ("review below none", put("risk.accepted.review", -0.1), f"array 'risk.accepted.review' {RANGE}"),
    ("a flag of zero", lambda a, h: a.update({"lines.head.saturated": np.zeros(1, np.uint8)}), f"saturated' {RANGE}"),
    # Thresholds and what the header says of themes.
    ("threshold above one", theme(threshold=1.5), "threshold 1.5; wanted a number between 0 and 1"),
    ("threshold as text", theme(threshold="0.5"), "threshold '0.5'"),
    ("formulaic threshold zero", field(formulaic_threshold=0.0), "threshold 0.0"),
    ("thresholds in two places", put("themes.thresholds", 5.0), "has the value 5.0; wanted 0 to 2"),
    ("thresholds that differ", put("themes.thresholds", 0.01, 0), "other thresholds in the header than in array"),
    ("theme twice", twin, "stands twice"),
    ("theme code no code", theme(code="A b"), BAD_CODE),
    ("theme code a path", theme(code="../../etc/passwd"), BAD_CODE),
    ("theme code markup", theme(code="<script>"), BAD_CODE),
    ("theme code a number", theme(code=7), BAD_CODE),
    ("theme without a name", theme(name=" "), "an empty name"),
    ("theme without a key", lambda a, h: h["themes"][0].pop("name"), "themes without code, name, about or threshold"),
    ("theme with a key more", theme(pattern="(a+)+$"), "themes without code, name, about or threshold"),
    ("name on two lines", theme(name="a\nb"), BAD_TEXT),
    ("name that drives a terminal", theme(name="\x1b]0;owned\x07"), BAD_TEXT),
    ("name that turns text round", theme(name="\N{RIGHT-TO-LEFT OVERRIDE}abc"), BAD_TEXT),
    ("name that nobody sees", theme(name="\N{ZERO WIDTH SPACE}"), BAD_TEXT),
    ("name of a megabyte's tenth", theme(name="x" * 100_000), BAD_TEXT),
    ("name a list", theme(name=["x"]), BAD_TEXT),
    ("about with a separator", theme(about="a\N{LINE SEPARATOR}b"), BAD_TEXT),
    ("no theme", field(themes=[]), "0 themes; wanted 1 to 200"),
    ("a thousand themes", lambda a, h: h.update(themes=[h["themes"][0]] * 1001), "1001 themes; wanted 1 to 200"),
    ("one theme less", lambda a, h: h["themes"].pop(), "has shape|at most [0-9]+ themes a paragraph; wanted 1 to"),
    ("no theme a paragraph", field(most=0), "at most 0 themes a paragraph"),
    ("more themes a paragraph than there are", field(most=201), "at most 201 themes a paragraph"),
    ("other roles", lambda a, h: h["roles"].reverse(), "other roles or line classes"),
    ("other line classes", lambda a, h: h["line_classes"].pop(), "other roles or line classes"),
    ("other normalisation", field(normalisation=99), "text normalisation 99; this govtext has"),
    ("fewer than no documents", lambda a, h: h["training"].update(groups=-1), "training says nothing of groups"),
    ("documents in words", lambda a, h: h["training"].update(groups="all"), "training says nothing of groups"),
    ("a field that names code", field(run="os.system"), "unknown header field 'run'"),
    ("a pattern that never ends", field(token_pattern="(?:一+)+$"), "unknown header field 'token_pattern'"),
    ("a file to read", field(input="filename"), "unknown header field 'input'"),
    ("field missing", lambda a, h: h.pop("seed"), "header field 'seed' is missing"),
    ("seed true", field(seed=True), "header field 'seed' is a bool; wanted int"),
    # Vocabularies: circles, overlaps, what lies outside, tables that are too large.
    ("a circle", cycle, f"lines has .*; {TRAIN}"),
    ("a node twice", doubled, f"themes.title has .*; {TRAIN}|array 'themes.title.weights'"),
    ("a term less than weights", fewer_terms, "terms of lines for [0-9]+ rows"),
    (
        "a node that no term goes through",
        put("lines.depths", NO_TERM + 1),
        "lines has a node that no term goes through",
    ),
    ("node in the air", put("themes.path.depths", 9, 1), "themes.path has a node without the one above it"),
    ("node too deep", put("themes.path.depths", 13, 0), "themes.path has nodes of depth .* wanted 1 to 12"),
    ("node of no depth", put("themes.path.depths", 0, 0), "themes.path has nodes of depth .* wanted 1 to 12"),
    ("letter in upper case", put("boundaries.letters", ord("A"), 5), "boundaries has nodes with a character"),
    ("letter that is none", put("themes.text.letters", 0x110000), "themes.text has nodes with a character"),
    ("half a letter", put("themes.text.letters", 0xD800), "themes.text has nodes with a character"),
    ("nodes not sorted", shape("themes.text.letters", lambda a: np.full_like(a, 97)), "not sorted and distinct"),
    ("nodes without letters", shape("lines.letters", lambda a: a[1:]), "array 'lines.letters' has [0-9]+ in dimension"),
    ("two million nodes", lambda a, h: a.update(node_bomb("themes.text")), "2,000,001 nodes of terms; at most"),
    ("three numbers of a hash", shape("lines.hash", lambda a: np.zeros(3, np.uint32)), "array 'lines.hash' has 3 in"),
    ("table too large", put("themes.title.hash", 27), r"themes.title has a table of 2\*\*27 places for [0-9]+ edges"),
    ("table of no number", put("themes.title.hash", 2**32 - 1), "themes.title has a table of [0-9]+ moves, attempt"),
    ("move beyond the table", put("lines.moves", 2**31), "lines has a table .* with a move beyond it"),
    ("moves that meet", shape("themes.text.moves", np.zeros_like), "themes.text has two edges in one place"),
    ("moves that are no power", shape("lines.moves", lambda a: a[:-1]), "lines has a table of [0-9]+ moves, attempt"),
    # Sizes that ask for memory when a report comes.
    ("five thousand hidden units", many_units, "5,000 in dimension 'themes.network.units'; at most 4,096"),
    (
        "inputs that no text gives",
        shape("recuts.mean", lambda a: a[:-1]),
        "array 'recuts.mean' has [0-9]+ in dimension",
    ),
    ("cues that no line has", shape("lines.dense", lambda a: a[:-1]), "array 'lines.dense' has shape"),
    ("an array more", lambda a, h: a.update({"payload": np.zeros(8, np.uint8)}), "unknown array 'payload'"),
    ("an array less", lambda a, h: a.pop("recuts.threshold"), "array 'recuts.threshold' is missing"),
    ("numbers of another type", shape("themes.intercept", lambda a: a.astype("f4")), "is float32; wanted float64"),
    ("an axis more", shape("themes.intercept", lambda a: a[None]), "has 2 dimensions; wanted 1"),
]


def node_bomb(name: str) -> Arrays:
    """A vocabulary of more nodes than any may have."""
    return {f"{name}.depths": np.ones(2_000_001, np.uint8), f"{name}.letters": np.zeros(2_000_001, np.uint32)}
