"""What reading a stranger's picture may end in."""

import struct
import zlib

from PIL import Image, UnidentifiedImageError

# Pillow's readers fail in their own ways on what was damaged on purpose; each of these was met.
FAULTS = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    IndexError,
    EOFError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
