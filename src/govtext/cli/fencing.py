"""The options that say how files are read that can harm their reader, for every verb that reads reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from govtext.reading.fence import FENCE, Fence

_KEY = "govtext.fence"  # in the context's table: no verb has to hand the values on


def _keep(ctx: click.Context, parameter: click.Parameter, value: Any) -> None:
    ctx.meta.setdefault(_KEY, {})[parameter.name] = value


OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--read-seconds",
        type=click.FloatRange(min=0, min_open=True),
        default=FENCE.seconds,
        show_default=True,
        expose_value=False,
        callback=_keep,
        help="Longest that reading one web page, Word or PDF file may take. A batch has --timeout instead.",
    ),
    click.option(
        "--read-memory",
        type=click.IntRange(min=64),
        default=FENCE.megabytes,
        show_default=True,
        metavar="MB",
        expose_value=False,
        callback=_keep,
        help="Most memory that reading one may take (on Linux). A batch has --memory instead.",
    ),
    click.option(
        "--no-fence",
        is_flag=True,
        expose_value=False,
        callback=_keep,
        help="Read them in this process, without limits: faster, for files you trust.",
    ),
)


def reading_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options; what they say is asked of `fence`."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def fence() -> Fence | None:
    """The fence that this call asked for, None for none."""
    context = click.get_current_context(silent=True)
    said = {} if context is None else context.meta.get(_KEY, {})
    if said.get("no_fence"):
        return None
    return Fence(said.get("read_seconds", FENCE.seconds), said.get("read_memory", FENCE.megabytes))
