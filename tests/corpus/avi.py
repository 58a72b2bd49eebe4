"""A small writer of AVI files (RIFF, with OpenDML indexes), right or wrong."""
import dataclasses
import struct


def chunk(kind, *parts, size=None):
    body = b"".join(parts)
    return kind.encode("latin-1") + struct.pack("<I", len(body) if size is None else size) + body + bytes(len(body) & 1)


def group(kind, *parts, outer="LIST", size=None):
    return chunk(outer, kind.encode("latin-1"), *parts, size=size)


def walk(data, at, end):
    """Kind, begin of the body and end of each chunk; lists of movi are walked through."""
    while end - at >= 8:
        kind, size = struct.unpack_from("<4sI", data, at)
        yield kind.decode("latin-1"), at + 8, at + 8 + size
        if kind in (b"RIFF", b"LIST"):
            at += 12
        else:
            at += 8 + size + (size & 1)


@dataclasses.dataclass
class Stream:
    frames: list  # bytes; b"" is a frame that is shown on
    strf: bytes
    fourcc: bytes = b"FMP4"
    kind: bytes = b"vids"
    scale: int = 1
    rate: int = 25
    start: int = 0
    length: int = None  # what strh claims
    sample_size: int = 0
    extra: bytes = b""  # more in strl

    def header(self, index):
        length = len(self.frames) if self.length is None else self.length
        strh = struct.pack("<4s4sIHHIIIIIIIIhhhh", self.kind, self.fourcc, 0, 0, 0, 0, self.scale, self.rate,
                           self.start, length, 1 << 16, 0xffffffff, self.sample_size, 0, 0, 240, 320)
        return group("strl", chunk("strh", strh), chunk("strf", self.strf), index, self.extra)


def demux(data):
    """The first stream of a file that ffmpeg wrote."""
    frames, strh, strf = [], None, None
    for kind, begin, end in walk(data, 0, len(data)):
        if kind == "strh" and strh is None:
            strh = data[begin:end]
        elif kind == "strf" and strf is None:
            strf = data[begin:end]
        elif kind[:2] == "00" and kind[2] == "d":
            frames.append(data[begin:end])
    scale, rate = struct.unpack_from("<II", strh, 20)
    return Stream(frames, strf, strh[4:8], scale=scale, rate=rate)


def bitmap_header(width, height, fourcc, bits=24, size=None):
    return struct.pack("<IiiHH4sIiiII", 40, width, height, 1, bits, fourcc,
                       (width * abs(height) * bits // 8 if size is None else size) & 0xffffffff, 0, 0, 0, 0)


def avi(*streams, idx1=True, index_base="movi", frame_us=40000, total=None, odml=False, odml_total=None, riff_size=None,
        movi_size=None, split=None, before=b"", after=b"", suffix="dc", rec=False, width=240, height=320,
        index_rows=None):
    """A whole file. split: from this frame on the frames of the first stream are in a second RIFF list (AVIX)."""
    video = streams[0]
    count = len(video.frames)
    ids = [f"{n:02d}{'wb' if s.kind == b'auds' else suffix}" for n, s in enumerate(streams)]
    avih = struct.pack("<IIIIIIIIII", frame_us, 0, 0, 0x10 if idx1 else 0, count if total is None else total, 0,
                       len(streams), 0, width, height) + bytes(16)
    order = [(n, frame) for i in range(max(len(s.frames) for s in streams))
             for n, s in enumerate(streams) if i < len(s.frames) for frame in [s.frames[i]]]
    first = [row for row in order] if split is None else [row for row in order if row[0] == 0][:split]
    second = [] if split is None else [row for row in order if row[0] == 0][split:]

    def super_index(entries):
        """indx of the first stream: where its index chunks are (OpenDML 1.02)."""
        if not odml:
            return b""
        rows = b"".join(struct.pack("<QII", *entry) for entry in entries)
        return chunk("indx", struct.pack("<HBBI4s12x", 4, 0, 0, len(entries), ids[0].encode()) + rows)

    def movi(rows, base):
        """The list; with its own index chunk behind the frames. Also where that chunk is, and rows of idx1."""
        parts, index, at = [], [], 4
        for n, frame in rows:
            index.append((ids[n], at, len(frame)))
            parts.append(chunk(ids[n], frame))
            at += len(parts[-1])
        out = b"".join(parts)
        where = base + 8 + at
        if odml:
            mine = [row for row in index if row[0] == ids[0]]
            out += chunk("ix00", struct.pack("<HBBI4sQI", 2, 0, 1, len(mine), ids[0].encode(), base + 8, 0) +
                         b"".join(struct.pack("<II", offset + 8, size) for _, offset, size in mine))
        if rec:
            out = group("rec ", out)
        return group("movi", out, size=movi_size), index, (where, 32 + 8 * len([r for r in index if r[0] == ids[0]]))

    def hdrl(entries):
        lists = [s.header(super_index(entries) if n == 0 else b"") for n, s in enumerate(streams)]
        dmlh = group("odml", chunk("dmlh", struct.pack("<I", count if odml_total is None else odml_total)))
        return group("hdrl", chunk("avih", avih), *lists, dmlh if odml else b"")

    blank = [(0, 0, 0)] * (1 if split is None else 2)
    base = 12 + len(hdrl(blank)) + len(before)
    list1, index, place1 = movi(first, base)
    table = b""
    if idx1:
        shift = 0 if index_base == "movi" else base + 8
        rows = [(name, 0x10, at + shift + (12 if rec else 0), size) for name, at, size in index]
        rows = index_rows(rows) if index_rows else rows
        table = chunk("idx1", *(struct.pack("<4sIII", name.encode(), *rest) for name, *rest in rows))
    total1 = base + len(list1) + len(table)
    entries = [(*place1, len([r for r in first if r[0] == 0]))]
    tail = b""
    if split is not None:
        list2, _, place2 = movi(second, total1 + 12)
        entries.append((*place2, len(second)))
        tail = group("AVIX", list2, outer="RIFF")
    return group("AVI ", hdrl(entries), before, list1, table, outer="RIFF", size=riff_size) + tail + after
