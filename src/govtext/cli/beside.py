"""Card and evaluation page of a trained model, written beside its file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from govtext.training.fit import Trained

SUFFIXES = (".md", ".html")


def check_beside(out: Path) -> None:
    """Nothing.

    Raises:
        BadModel: the model's own name is that of its card or page.
    """
    from govtext.errors import BadModel

    if out.suffix in SUFFIXES:
        raise BadModel(
            f"{out}: card and page of the model take {' and '.join(SUFFIXES)}; name it {out.stem}.safetensors, or pass --no-page"
        )


def write_beside(trained: Trained, out: Path, *, date: str = "") -> list[tuple[str, Path]]:
    """What was written and where: the card and the page, named as the model with another ending."""
    from govtext.scoring.modelfile import write

    card, page = (out.with_suffix(suffix) for suffix in SUFFIXES)
    write(card, trained.card(name=out.name, date=date).encode())
    write(page, trained.page(name=out.name, date=date).encode())
    return [("model card", card), ("evaluation page, open it in a browser", page)]
