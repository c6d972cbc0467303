"""The process behind the fence: bytes on standard input, JSON on standard output; see `govtext.reading.fence`."""

from __future__ import annotations

import json
import sys

from govtext.confining import die_with_parent, forbid_files, limit_memory
from govtext.errors import MissingExtra, UnreadableReport
from govtext.reading.fence import MEMORY, REFUSED, packed
from govtext.reading.formats import FORMATS


def main(key: str, encoding: str, megabytes: str) -> int:
    """The exit code; the answer is on standard output."""
    try:
        # Before the limits: a library that does not fit would look like one that is not installed.
        extract = FORMATS[key].extract
        # Memory first: it makes itself the first to go by a file of the system.
        limit_memory(int(megabytes), for_good=True)
        forbid_files()
        die_with_parent()
        extracted = extract(sys.stdin.buffer.read(), encoding=encoding or None)
        # ASCII: a lone surrogate passes.
        answer, code = json.dumps(packed(extracted)), 0
    except (UnreadableReport, MissingExtra) as error:
        answer, code = json.dumps({"kind": type(error).__name__, "message": str(error)}), REFUSED
    except MemoryError:
        return MEMORY
    sys.stdout.buffer.write(answer.encode("ascii"))
    sys.stdout.buffer.flush()
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
