"""Writers of JPEG, PNG, BMP, WebP and EXIF that make every variant, right or wrong, and nothing beautiful."""
import struct
import zlib

# EXIF


def tiff(entries, big=True, first=8, link=0, mark=None):
    """One directory of (tag, type, count, four bytes or a number)."""
    order = ">" if big else "<"
    rows = b""
    for tag, kind, count, value in entries:
        if isinstance(value, int):
            value = struct.pack(order + ("HH" if kind == 3 else "I"), *((value, 0) if kind == 3 else (value,)))
        rows += struct.pack(order + "HHI", tag, kind, count) + value
    mark = (b"MM\0*" if big else b"II*\0") if mark is None else mark
    return (mark + struct.pack(order + "I", first) + bytes(max(0, first - 8)) + struct.pack(order + "H", len(entries)) +
            rows + struct.pack(order + "I", link))


def exif(orientation, big=True, **more):
    return tiff([(0x0100, 4, 1, 7), (0x0112, 3, 1, orientation), (0x0128, 3, 1, 2)], big, **more)


# JPEG


def segment(marker, data=b""):
    return struct.pack(">BBH", 0xff, marker, len(data) + 2) + data


def app1(block):
    return segment(0xe1, b"Exif\0\0" + block)


# Huffman tables with one code each: DC difference 0 and end of block, "0" both.
DHT = segment(0xc4, b"\0" + b"\1" + bytes(15) + b"\0" + b"\x10" + b"\1" + bytes(15) + b"\0")
JFIF = segment(0xe0, b"JFIF\0\1\1\0\0\1\0\1\0\0")


def dqt(bits16=False):
    return segment(0xdb, (b"\x10" + b"\0\x10" * 64) if bits16 else b"\0" + b"\x10" * 64)


def jpeg(width, height, components=((1, 2, 2), (2, 1, 1), (3, 1, 1)), *, sof=0xc0, precision=8, head=JFIF, restart=0,
         tail=b"", frames=1, height_in_frame=None, before_scan=b"", eoi=True, quant=None, dnl=False):
    """A flat grey picture of components (id, horizontal, vertical sampling), each block two bits long."""
    across, down = max(c[1] for c in components), max(c[2] for c in components)
    if len(components) == 1:
        across = down = 1
    mcus = -(-width // (8 * across)) * -(-height // (8 * down))
    blocks = 1 if len(components) == 1 else sum(h * v for _, h, v in components)
    stated = height if height_in_frame is None else height_in_frame
    frame = segment(sof, struct.pack(">BHHB", precision, stated, width, len(components)) +
                    b"".join(struct.pack("BBB", i, h << 4 | v, 0) for i, h, v in components))
    scan_head = segment(0xda, bytes([len(components)]) + b"".join(bytes([c[0], 0]) for c in components) + b"\0\x3f\0")

    def coded(count):
        bits = 2 * blocks * count
        whole, rest = divmod(bits, 8)
        return bytes(whole) + (bytes([0xff >> rest]) if rest else b"")

    if restart:
        scan, left, number = b"", mcus, 0
        while left > 0:
            scan += coded(min(restart, left))
            left -= restart
            if left > 0:
                scan += bytes([0xff, 0xd0 + number % 8])
                number += 1
        before_scan += segment(0xdd, struct.pack(">H", restart))
    else:
        scan = coded(mcus)
    if dnl:
        scan += segment(0xdc, struct.pack(">H", height))
    return (b"\xff\xd8" + head + (dqt() if quant is None else quant) + frame * frames + DHT + before_scan + scan_head +
            scan + (b"\xff\xd9" if eoi else b"") + tail)


def insert(data, *segments):
    """Puts segments behind a JPEG's SOI."""
    return data[:2] + b"".join(segments) + data[2:]


# PNG

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png_chunk(kind, data=b"", crc=None, length=None):
    kind = kind.encode("latin-1")
    crc = zlib.crc32(kind + data) if crc is None else crc
    return struct.pack(">I", len(data) if length is None else length) + kind + data + struct.pack(">I", crc)


CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def png_rows(width, height, depth, color, interlace=0, fill=0):
    bits = CHANNELS[color] * depth
    if not interlace:
        return (b"\0" + bytes([fill]) * -(-width * bits // 8)) * height
    rows = b""
    for x, y, dx, dy in PASSES:
        across, down = -(-(width - x) // dx) if width > x else 0, -(-(height - y) // dy) if height > y else 0
        if across and down:
            rows += (b"\0" + bytes([fill]) * -(-across * bits // 8)) * down
    return rows


def png(width=240, height=320, depth=8, color=2, *, interlace=0, before=b"", after=b"", tail=b"", fill=0, rows=None,
        data=None, palette=None, iend=True):
    rows = png_rows(width, height, depth, color, interlace, fill) if rows is None else rows
    if palette is None:
        palette = png_chunk("PLTE", bytes(3 * min(256, 1 << depth))) if color == 3 else b""
    data = png_chunk("IDAT", zlib.compress(rows, 9)) if data is None else data
    return (SIGNATURE + png_chunk("IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace)) +
            palette + before + data + after + (png_chunk("IEND") if iend else b"") + tail)


def zeroes(count):
    """So many zero bytes, compressed in pieces."""
    packer = zlib.compressobj(9)
    out, piece = [], bytes(1 << 20)
    while count > 0:
        out.append(packer.compress(piece[:count]))
        count -= len(piece)
    return b"".join(out) + packer.flush()


# BMP


def bmp(width=240, height=320, bits=24, *, header=40, compression=0, masks=(), pixels=None, palette=None, size=None,
        offset=None, tail=b"", colors=0, image_size=0, file_size=None, alpha=0):
    """header: 12, 16, 40, 52, 56, 64, 108 or 124 bytes."""
    stride = -(-width * bits // 32) * 4
    pixels = bytes(stride * abs(height)) if pixels is None else pixels
    if palette is None:
        palette = bytes((3 if header == 12 else 4) * (colors or 1 << bits)) if bits <= 8 else b""
    if header == 12:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        info = struct.pack("<IiiHHIIiiII", header, width, height, 1, bits, compression, image_size, 2835, 2835,
                           colors, 0)[:header]
        if header > 40 and header != 64:
            all_masks = tuple(masks) + (0,) * (3 - len(masks)) + (alpha,)
            info += struct.pack("<IIII", *all_masks)[:header - 40]
            if header >= 108:
                info += b"BGRs"
        elif masks and header == 40:
            palette = struct.pack(f"<{len(masks)}I", *masks) + palette
        info += bytes(header - len(info))
    start = 14 + len(info) + len(palette)
    total = start + len(pixels)
    return (b"BM" + struct.pack("<IHHI", total if file_size is None else file_size, 0, 0,
                                start if offset is None else offset) + info + palette + pixels + tail)


# WebP


def riff_chunk(kind, data, size=None):
    return kind.encode("latin-1") + struct.pack("<I", len(data) if size is None else size) + data + bytes(len(data) & 1)


def webp(*chunks, size=None, tail=b""):
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body) if size is None else size) + body + tail


def vp8x(width, height, flags=0):
    return riff_chunk("VP8X", struct.pack("<I", flags) + struct.pack("<I", width - 1)[:3] +
                      struct.pack("<I", height - 1)[:3])


def webp_chunks(data):
    """Kind and data of the chunks of a WebP file."""
    at, out = 12, []
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        out.append((kind.decode("latin-1"), data[at + 8:at + 8 + size]))
        at += 8 + size + (size & 1)
    return out


def anmf(width, height, frame, duration=100):
    """One frame of an animation; frame is the chunk of its picture."""
    three = [struct.pack("<I", v)[:3] for v in (0, 0, width - 1, height - 1, duration)]
    return riff_chunk("ANMF", b"".join(three) + b"\0" + frame)


ANIM = riff_chunk("ANIM", bytes(6))
