"""What lines of a site look like: the rules of data/line_rules.toml, run over one line at a time."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from govtext.document import BOILERPLATE_KINDS

LONGEST_LINE = 400  # characters looked at; site lines are short, and paragraphs need no pattern at their end


@dataclass(frozen=True, slots=True)
class LineRule:
    """One rule: searched in the normalised line, it speaks for `kind` and gives `reason`."""

    name: str
    kind: str
    pattern: re.Pattern[str]
    reason: str


@cache
def line_rules() -> tuple[LineRule, ...]:
    """The bundled rules, in the order of the file."""
    table = tomllib.loads((files("govtext") / "data" / "line_rules.toml").read_text(encoding="utf-8"))
    rules = tuple(LineRule(r["name"], r["kind"], re.compile(r["pattern"]), r["reason"]) for r in table["rule"])
    if bad := [rule.name for rule in rules if rule.kind not in BOILERPLATE_KINDS]:
        raise ValueError(f"line_rules.toml: {bad[0]} has an unknown kind")
    return rules


def rule_hits(line: str) -> tuple[bool, ...]:
    """For each rule, whether it fires on a line (normalised, stripped)."""
    looked_at = line[:LONGEST_LINE]
    return tuple(rule.pattern.search(looked_at) is not None for rule in line_rules())
