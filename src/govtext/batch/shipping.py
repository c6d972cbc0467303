"""A model on its way to another process: shipped once as the bytes of its file, decoded once in each process that gets it."""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from govtext.boilerplate.repetition import RepetitionModel
from govtext.errors import BadModel
from govtext.labelling import Model, load
from govtext.modelarrays import decode_model

AnyModel = Model | str | os.PathLike[str] | bytes | None
AnyRepetition = RepetitionModel | str | os.PathLike[str] | None
MOST_LOADED = 4  # models that a process keeps; the bundled one takes some 30 MB

_loaded: dict[str, Model] = {}
_lock = threading.Lock()


def to_model(model: AnyModel) -> Model:
    """The model: itself, that of a file (its path, or its bytes), or the bundled one for None.

    The same bytes are decoded once in a process, and the same file read once until it changes, whichever thread asks first.

    Raises:
        BadModel: as `govtext.load`.
    """
    if isinstance(model, Model):
        return model
    with _lock:  # or each thread of a new worker would decode its own
        if model is None:
            return load()
        if isinstance(model, bytes):
            return _kept(hashlib.sha256(model).hexdigest(), model)
        path = Path(model)
        try:
            status = path.stat()
        except OSError:
            return load(path)  # which says what is wrong with it
        return _kept(f"{path.absolute()} {status.st_ino} {status.st_size} {status.st_mtime_ns}", path)


def to_repetition(repetition: AnyRepetition) -> RepetitionModel | None:
    """The repetition model: itself, that of a file, or None.

    Raises:
        BadModel: as `RepetitionModel.load`.
    """
    if repetition is None or isinstance(repetition, RepetitionModel):
        return repetition
    return RepetitionModel.load(repetition)


@dataclass(frozen=True, slots=True)
class Shipment:
    """What an engine sends to its workers, once: a model's file, or None and the SHA-256 of the bundled one."""

    content: bytes | None
    sha256: str
    codes: tuple[str, ...]
    repetition: RepetitionModel | None

    def model(self) -> Model:
        """The model, decoded at the first call in a process.

        Raises:
            BadModel: the bundled model here is not the sender's.
        """
        model = to_model(self.content)
        if model.sha256 != self.sha256:
            raise BadModel(
                f"the bundled model of this worker is {model.sha256[:12]}, that of the sender {self.sha256[:12]}; "
                f"install the same govtext on all machines, or pass model= a path"
            )
        return model


def to_shipment(model: str | os.PathLike[str] | bytes | None, repetition: AnyRepetition) -> Shipment:
    """What workers need to label with this model.

    Raises:
        BadModel: as `govtext.load`; or a `Model`, which has left its file behind.
    """
    if isinstance(model, Model):
        raise BadModel("model is a loaded Model; workers load it from its file, so pass the path or the bytes of that")
    loaded = to_model(model)
    content = model if model is None or isinstance(model, bytes) else Path(model).read_bytes()
    if content is not None and hashlib.sha256(content).hexdigest() != loaded.sha256:
        raise BadModel(f"{os.fspath(str(model))}: changed while it was read; try again when it is written")
    return Shipment(content, loaded.sha256, loaded.taxonomy.codes, to_repetition(repetition))


def _kept(key: str, source: Path | bytes) -> Model:
    """The model under this key, decoded now if it is not kept yet; the oldest goes when there are too many."""
    if key not in _loaded:
        model = load(source) if isinstance(source, Path) else Model(*decode_model(source, "the model's bytes"))
        while len(_loaded) >= MOST_LOADED:
            del _loaded[next(iter(_loaded))]
        _loaded[key] = model
    return _loaded[key]
