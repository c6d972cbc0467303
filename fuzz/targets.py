"""What is fuzzed: four functions that take any bytes and must not raise.

Each says by an AssertionError what a promise was that did not hold; whatever else leaves it is a bug, too. `run.py` hands them
to atheris, tests/test_fuzz.py what stands in corpus/ and changes of it. A bug that was found stays there as a file.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from govtext.batch.files import Files
from govtext.batch.journal import Journal
from govtext.errors import BadModel, GovtextError, MissingExtra, UnreadableReport
from govtext.labelling import Model, load
from govtext.modelarrays import decode_model
from govtext.reading import READERS
from govtext.reading.formats import FORMATS, format_of
from govtext.reading.sources import read

SUFFIXES = sorted(READERS)
# Loaded here and not at the first input: what is imported later, atheris does not see. The parser of PDF files is none of ours:
# behind the fence a crash of it is one failure.
READ_HERE = {key: kind.extract for key, kind in FORMATS.items() if key != "pdf"}
LONGEST = {"model": 1 << 18}  # bytes of an input
USUAL_LONGEST = 1 << 14  # longer ones find nothing else and take their time
MORE = {"model": Path(__file__).resolve().parents[1] / "tests" / "golden" / "models"}  # folders with more to begin with
ITEMS = 12  # of the run that is resumed
BETWEEN = 3  # items between two marks
_HEADER = {"run": "fuzz"}
_CHANGE = struct.Struct("<BBH")  # file and kind of change, argument, place


def read_any(data: bytes) -> None:
    """Bytes of any format: a text with a hint a line or a refusal; the first byte chooses the suffix."""
    if not data:
        return
    suffix, content = SUFFIXES[data[0] % len(SUFFIXES)], data[1:]
    with suppress(UnreadableReport, MissingExtra):
        key = format_of(content, suffix)
        if key not in READ_HERE:
            return
        extracted = READ_HERE[key](content, encoding=None)
        assert len(extracted.hints) in (0, extracted.text.count("\n") + 1), "a hint for each line, or none"
    with suppress(UnreadableReport, MissingExtra):
        source = read(content, fence=None)
        assert source.text.strip(), "a text without characters is refused"
        assert "\r" not in source.text, "line ends are \\n"


def segment(data: bytes) -> None:
    """Any text, labelled: the paragraphs tile it, nothing depends on the text around it being sane."""
    text = data.decode("utf-8", "surrogateescape")
    if not text or text.isspace():
        return
    report = _model().classify(text + "\n")
    assert "".join(report.text[p.start : p.end] for p in report.paragraphs) == report.text, "no character is lost"
    for stretch in report.stretches:
        assert 0 <= stretch.start < stretch.end <= len(report.text), "a stretch lies within the text"
    for p in report.paragraphs:
        assert all(0 <= value <= 1 for value in p.themes.values()), "probabilities lie within 0 and 1"
    report.outline()
    report.body()


def load_model(data: bytes) -> None:
    """Any bytes as a model: refused, or what was loaded labels."""
    with suppress(BadModel):
        structure, judge, taxonomy, header, sha256 = decode_model(data, "fuzzed")
        Model(structure, judge, taxonomy, header, sha256).classify("一、服务企业\n走访企业120家。\n")


def resume(data: bytes) -> None:
    """A run that was stopped and whose files were changed: resumed, it writes what an undisturbed run does, or refuses.

    The first byte says after how many items it stops; each four that follow are one change of a file.
    """
    if not data:
        return
    with tempfile.TemporaryDirectory() as folder:
        files = Files.of(Path(folder) / "out.jsonl")
        _go_on(files, stop=data[0] % (ITEMS + 1))
        for offset in range(1, len(data) - _CHANGE.size + 1, _CHANGE.size):
            _change(files, *_CHANGE.unpack_from(data, offset))
        with suppress(GovtextError):
            _go_on(files, stop=None)
            assert files.out.read_bytes() == b"".join(map(_item, range(ITEMS))), "resumed, the bytes are the same"
            assert not files.journal.exists(), "nothing is left beside it"


def _item(number: int) -> bytes:
    return b'{"item": %d}\n' % number


def _go_on(files: Files, *, stop: int | None) -> None:
    """Write items from where the journal is; up to `stop`, or to the end."""
    with Journal(files) as journal:
        if not journal.has_progress:
            journal.begin(_HEADER)
        elif journal.resume(_HEADER):
            return
        for number in range(journal.mark.done, ITEMS if stop is None else stop):
            journal.add(_item(number))
            if (number + 1) % BETWEEN == 0 or number + 1 == ITEMS:
                journal.commit(done=number + 1, labelled=number + 1, failed=0)
        if stop is None:
            journal.finish(None)


def _change(files: Files, kind: int, argument: int, place: int) -> None:
    """One change: cut, cut and grown again, one bit, or the file gone."""
    paths = (files.journal, files.partial, files.failed_partial, files.out)
    path = paths[kind % len(paths)]
    if path == files.out or not path.exists():
        return  # what is finished is the user's
    content = path.read_bytes()
    at = place % (len(content) + 1)
    match kind // len(paths) % 4:
        case 0:
            content = content[:at]
        case 1:
            content = content[:at] + bytes([argument]) * (1 + argument % 7)
        case 2 if at < len(content):
            content = content[:at] + bytes([content[at] ^ (1 << argument % 8)]) + content[at + 1 :]
        case 3:
            path.unlink()
            return
    path.write_bytes(content)


@cache
def _model() -> Model:
    return load()


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "read": read_any,
    "segment": segment,
    "model": load_model,
    "resume": resume,
}
