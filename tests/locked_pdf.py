"""A PDF locked with a password, as the first standard handler of the format does (ISO 32000-1, 7.6.3, revision 2)."""

from __future__ import annotations

import hashlib

from made_pdfs import assemble, stream

_PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
_ID, _RIGHTS = b"\x01" * 16, -4
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def rc4(key: bytes, data: bytes) -> bytes:
    """The data, locked or unlocked."""
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def locked_pdf(text: str, password: bytes) -> bytes:
    """A page with this text; an empty password opens it for everybody."""
    padded = (password + _PADDING)[:32]
    owner = rc4(hashlib.md5((b"owner" + _PADDING)[:32]).digest()[:5], padded)
    key = hashlib.md5(padded + owner + _RIGHTS.to_bytes(4, "little", signed=True) + _ID).digest()[:5]
    content = b"BT /F 12 Tf 100 700 Td (%b) Tj ET" % text.encode("ascii")
    number = 4  # of the content stream
    own_key = hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]
    return assemble(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F %b >> >> >>"
            % _FONT,
            stream(rc4(own_key, content)),
        ],
        trailer=b"/Encrypt << /Filter /Standard /V 1 /R 2 /P %d /O <%b> /U <%b> >> /ID [<%b> <%b>]"
        % (_RIGHTS, owner.hex().encode(), rc4(key, _PADDING).hex().encode(), _ID.hex().encode(), _ID.hex().encode()),
    )
