"""`govtext model show` and `verify`, `--model-sha256`: what a model file says of itself, and whether it is the one meant."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import govtext
from govtext.cli import main
from govtext.errors import BadModel
from govtext.modelarrays import SCHEMA
from govtext.scoring.modelfile import encode, load

MODEL = Path(__file__).resolve().parents[1] / "models" / "govtext.safetensors"
OTHER = "a" * 64


def run(*arguments: str) -> Result:
    """What the command line says."""
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture(scope="module")
def sha256() -> str:
    """That of the bundled model's file."""
    return hashlib.sha256(MODEL.read_bytes()).hexdigest()


def test_show_tells_themes_thresholds_figures_data_versions_and_hash(sha256: str) -> None:
    result = run("model", "show", str(MODEL))
    assert result.exit_code == 0
    header = govtext.load().header
    assert f"SHA-256     {sha256}\n" in result.output
    assert "format      govtext-model 2\n" in result.output
    for theme in header["themes"]:
        support, *_, f1 = header["figures"]["themes"][theme["code"]]
        row = rf"^{theme['code']} +{theme['name']} +{theme['threshold']:.3f} +{support} .* {f1:.3f}$"
        assert re.search(row, result.output, re.MULTILINE)
    assert re.search(r"^trained on +documents \d+, groups \d+", result.output, re.MULTILINE)
    assert re.search(r"^with +govtext .*numpy .*scikit-learn ", result.output, re.MULTILINE)
    assert re.search(r"^figure +theme_micro_f1 0\.\d{3} +0\.\d{3} to 0\.\d{3}, 95 %", result.output, re.MULTILINE)


def test_show_without_a_file_shows_the_bundled_model(sha256: str) -> None:
    by_name, bundled = (json.loads(run("model", "show", *rest, "--json").output) for rest in ([str(MODEL)], []))
    assert (bundled.pop("file"), by_name.pop("file")) == ("bundled", str(MODEL))
    assert by_name == bundled
    assert (bundled["sha256"], bundled["format_version"]) == (sha256, SCHEMA.versions[-1])
    assert govtext.load().header.items() <= bundled.items()


def test_text_in_a_header_cannot_drive_the_terminal(tmp_path: Path) -> None:
    arrays, header, _ = load(MODEL, schema=SCHEMA)
    header = copy.deepcopy(header)
    header["training"]["sources"] = ["\x1b]0;owned\x07", "a\nSHA-256     " + OTHER, "x" * 9000]
    header["versions"] = {"\u202egovtext": "\x9b31m", "numpy": [["<script>"]]}
    header["figures"] = {"themes": {"talent": ["\x1b[1m" * 9, None, [], {}]}, "intervals": [1], "f\x1b": 1.0, "g": "\r"}
    path = tmp_path / "m.safetensors"
    path.write_bytes(encode(arrays, header, schema=SCHEMA))
    result = run("model", "show", str(path))
    assert result.exit_code == 0
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", result.output)
    assert len(re.findall("^SHA-256", result.output, re.MULTILINE)) == 1
    assert max(map(len, result.output.splitlines())) < 500
    assert len(run("model", "show", str(path), "--json").output.splitlines()) == 1


def test_verify_ends_with_0_for_the_file_that_was_meant(sha256: str) -> None:
    for said in (sha256, sha256.upper(), f" {sha256}\n"):
        result = run("model", "verify", str(MODEL), "--sha256", said)
        assert (result.exit_code, result.output) == (
            0,
            f"{MODEL}: whole, 12 themes; its SHA-256 is the one asked for\n",
        )
    assert f"its SHA-256 is {sha256}; compare it with" in run("model", "verify", str(MODEL)).output


@pytest.mark.parametrize(
    ("hash_", "says"),
    [
        (OTHER, rf"^govtext: .*: its SHA-256 is [0-9a-f]{{64}}; wanted {OTHER}: get the right file, do not use this$"),
        ("abc", "^govtext: SHA-256 'abc'; wanted the 64 hexadecimal digits that govtext train prints$"),
        ("\N{FULLWIDTH DIGIT ONE}" * 64, "wanted the 64 hexadecimal digits"),
    ],
)
def test_another_hash_ends_with_2_and_one_sentence(hash_: str, says: str) -> None:
    result = run("model", "verify", str(MODEL), "--sha256", hash_)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert re.search(says, result.stderr)


def test_verify_refuses_what_is_damaged_or_no_model(tmp_path: Path) -> None:
    damaged = bytearray(MODEL.read_bytes())
    damaged[-1] ^= 1
    (tmp_path / "m").write_bytes(damaged)
    (tmp_path / "p").write_bytes(b"\x80\x04K\x01.")
    for name, says in (("m", "damaged"), ("p", "a pickle"), ("no", "no such file")):
        result = run("model", "verify", str(tmp_path / name))
        assert (result.exit_code, result.stdout) == (2, "")
        assert says in result.stderr


REPORT = "关于科技工作的总结\n一、服务企业\n走访企业120家，帮助36家解决融资难题。\n"


@pytest.mark.parametrize(
    "verb",
    [
        ("classify",),
        ("classify", "-o", "o.jsonl", "--jobs", "1"),
        ("outline",),
        ("explain",),
        ("clean",),
        ("export", "--predict"),
        ("suggest", "bundled"),
    ],
    ids=" ".join,
)
def test_a_verb_labels_with_the_model_of_that_hash_alone(
    verb: tuple[str, ...], sha256: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(REPORT, encoding="utf-8")
    refused = run(*verb, "a.txt", "--model-sha256", OTHER)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert f"the bundled model: its SHA-256 is {sha256}; wanted {OTHER}" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert run(*verb, "a.txt", "--model-sha256", sha256).exit_code == 0


def test_a_corpus_is_exported_without_a_model(tmp_path: Path) -> None:
    result = run("export", str(tmp_path), "--model-sha256", OTHER)
    assert (result.exit_code, "a labelled corpus needs no model" in result.stderr) == (2, True)


def test_load_looks_at_nothing_of_a_file_with_another_hash(tmp_path: Path) -> None:
    path = tmp_path / "m"
    path.write_bytes(b"\x80\x04K\x01.")
    with pytest.raises(BadModel, match="its SHA-256 is"):
        govtext.load(path, sha256=OTHER)
    with pytest.raises(BadModel, match="a pickle"):
        govtext.load(path, sha256=hashlib.sha256(path.read_bytes()).hexdigest())


def test_a_name_in_a_message_cannot_drive_the_terminal(tmp_path: Path) -> None:
    result = run("model", "verify", str(tmp_path / "a\x1b[31m\u202eb"))
    assert result.exit_code == 2
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", result.stderr)
