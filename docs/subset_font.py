"""Makes src/govtext/data/fonts/govtext-sans-sc.otf, the font of the pictures: `python docs/subset_font.py`.

A subset of Noto Sans CJK SC Regular (SIL Open Font License 1.1), from Debian's package fonts-noto-cjk:

    apt-get install fonts-noto-cjk
    pip install fonttools

What is kept: ASCII and Latin-1, the symbols and full-width forms of GB 2312 (rows 1 to 3), the Roman and circled numerals
and the arrows that headings begin with, the 3,755 commoner characters of GB 2312 (level 1, rows 16 to 55), and what themes.toml
and places.toml hold beside those. Hinting and layout features go: pictures draw outlines, line by line. The family is named anew,
so that a subset never passes for the whole font.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

DATA = Path(__file__).resolve().parents[1] / "src" / "govtext" / "data"
FONT = DATA / "fonts" / "govtext-sans-sc.otf"
ORIGIN = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
FACE, FAMILY = "Noto Sans CJK SC", "Govtext Sans SC"
LEVEL_1, SYMBOLS = range(16, 56), range(1, 4)  # rows of GB 2312
COLUMNS = range(1, 95)
FURTHER = (
    "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100))))
    + "–—―‘’“”…‰′″※€№→←↑↓↔⇒−≈≠≤≥①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ〇〔〕〓■□●○▲△★☆◆◇"
)
NAME_IDS = (1, 3, 4, 6, 16)  # of the name table: family, unique name, full name, PostScript name, typographic family


def gb2312(rows: range) -> str:
    """The characters in rows of GB 2312."""
    cells = (bytes((0xA0 + row, 0xA0 + column)) for row in rows for column in COLUMNS)
    return "".join(cell.decode("gb2312", "ignore") for cell in cells)


def wanted() -> set[str]:
    """The characters that the subset is to have."""
    ours = "".join((DATA / name).read_text(encoding="utf-8") for name in ("themes.toml", "places.toml"))
    return {c for c in gb2312(LEVEL_1) + gb2312(SYMBOLS) + FURTHER + ours if c.isprintable()}


def face(collection: Path) -> TTFont:
    """The face named `FACE` in a font collection."""
    for font in TTCollection(str(collection), lazy=True).fonts:
        if font["name"].getDebugName(1) == FACE:
            return font
    raise SystemExit(f"{collection}: no face named {FACE}")


def made(font: TTFont, characters: set[str]) -> TTFont:
    """The font with these characters alone, under its new name; no time in it, so the same bytes each time."""
    options = subset.Options(
        hinting=False, desubroutinize=True, notdef_outline=True, layout_features=[], name_IDs=["*"]
    )
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=map(ord, characters))
    cutter.subset(font)
    for record in list(font["name"].names):
        if record.nameID in NAME_IDS:
            font["name"].removeNames(nameID=record.nameID)
    plain = FAMILY.replace(" ", "")
    for number, name in {1: FAMILY, 3: f"{plain};subset of {FACE}", 4: FAMILY, 6: f"{plain}-Regular"}.items():
        font["name"].setName(name, number, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames = [f"{plain}-Regular"]
    cff.topDictIndex[0].FullName = cff.topDictIndex[0].FamilyName = FAMILY
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    return font


def main() -> None:
    """Writes the subset; says how large it is and what the origin lacks."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--origin", type=Path, default=ORIGIN, metavar="TTC")
    parser.add_argument("--out", type=Path, default=FONT)
    asked = parser.parse_args()
    characters = wanted()
    font = face(asked.origin)
    lacking = sorted(characters - set(map(chr, font.getBestCmap())))
    made(font, characters).save(asked.out)
    size, lacks = asked.out.stat().st_size, "".join(lacking) or "nothing"
    print(f"{asked.out.name}: {size:,} bytes, {len(characters):,} characters; the origin lacks {lacks}")


if __name__ == "__main__":
    main()
