"""A small muxer of ISO base media files: whatever a table of them can say, this can write, right or wrong."""
import collections
import dataclasses
import struct

Sample = collections.namedtuple("Sample", "data duration offset key")
UPRIGHT = (1, 0, 0, 1)


def box(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind.encode("latin-1") + body


def large(kind, *parts):
    """The same with a size of 64 bits."""
    body = b"".join(parts)
    return struct.pack(">I4sQ", 1, kind.encode("latin-1"), 16 + len(body)) + body


def endless(kind, *parts):
    """The last box of a file, whose size is "up to the end"."""
    return struct.pack(">I4s", 0, kind.encode("latin-1")) + b"".join(parts)


def full(kind, version, flags, *parts):
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def walk(data, at=0, end=None):
    """Kind, begin, begin of the body, and end of each box."""
    end = len(data) if end is None else end
    while end - at >= 8:
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            size, head = struct.unpack_from(">Q", data, at + 8)[0], 16
        elif size == 0:
            size = end - at
        assert size >= head, (kind, size)
        yield kind.decode("latin-1"), at, at + head, min(at + size, end)
        at += size


def find(data, path):
    """Begin and end of the body of the first box at a path as "moov/trak/mdia"."""
    begin, end = 0, len(data)
    for name in path.split("/"):
        begin, end = next((b, e) for kind, _, b, e in walk(data, begin, end) if kind == name)
    return begin, end


def body(data, path):
    begin, end = find(data, path)
    return data[begin:end]


def patched(data, at, new):
    return data[:at] + new + data[at + len(new):]


def runs(values):
    """Run lengths, as stts and ctts store them."""
    out = []
    for value in values:
        if out and out[-1][1] == value:
            out[-1][0] += 1
        else:
            out.append([1, value])
    return out


@dataclasses.dataclass
class Track:
    samples: list
    entry: bytes  # the one row of stsd
    handler: str = "vide"
    timescale: int = 12800
    id: int = 1
    width: float = 240
    height: float = 320
    matrix: tuple = UPRIGHT  # a b c d
    edits: list = None  # of (length in the movie's scale, media time[, rate])
    elst_version: int = 0
    ctts_version: int = 0
    flags: int = 7  # tkhd: enabled, in movie, in preview
    tables: dict = dataclasses.field(default_factory=dict)  # boxes of stbl that take the place of the right ones
    media: bytes = b""  # more in mdia
    extra: bytes = b""  # more in trak
    dinf: bytes = None
    length: int = None  # mdhd's word

    def media_length(self):
        return sum(s.duration for s in self.samples) if self.length is None else self.length


def demux(data, number=0):
    """A track of a file that ffmpeg wrote."""
    begin, end = find(data, "moov")
    trak = [(b, e) for kind, _, b, e in walk(data, begin, end) if kind == "trak"][number]
    trak = data[trak[0]:trak[1]]
    stbl = body(trak, "mdia/minf/stbl")
    mdhd = body(trak, "mdia/mdhd")
    stsd = body(stbl, "stsd")

    def table(kind, form, at=8):
        try:
            raw = body(stbl, kind)
        except StopIteration:
            return []
        count = struct.unpack_from(">I", raw, at - 4)[0]
        return [struct.unpack_from(form, raw, at + i * struct.calcsize(form)) for i in range(count)]

    constant = struct.unpack_from(">I", body(stbl, "stsz"), 4)[0]
    count = struct.unpack_from(">I", body(stbl, "stsz"), 8)[0]
    sizes = [constant] * count if constant else [row[0] for row in table("stsz", ">I", 12)]
    durations = [value for n, value in table("stts", ">II") for _ in range(n)]
    offsets = [value for n, value in table("ctts", ">Ii") for _ in range(n)] or [0] * count
    keys = {row[0] for row in table("stss", ">I")} or set(range(1, count + 1))
    chunks = [row[0] for row in table("stco", ">I")]
    per_chunk = table("stsc", ">III")
    samples = []
    for index, at in enumerate(chunks, 1):
        for _ in range([row[1] for row in per_chunk if row[0] <= index][-1]):
            i = len(samples)
            samples.append(Sample(data[at:at + sizes[i]], durations[i], offsets[i], i + 1 in keys))
            at += sizes[i]
    entry_size = struct.unpack_from(">I", stsd, 8)[0]
    tkhd = body(trak, "tkhd")
    width, height = struct.unpack_from(">II", tkhd, 76)
    return Track(samples, stsd[8:8 + entry_size], body(trak, "mdia/hdlr")[8:12].decode(),
                 struct.unpack_from(">I", mdhd, 12)[0], 1, width >> 16, height >> 16)


def entry_with(entry, *add, drop=(), kind=None, size=None):
    """A visual sample entry with boxes taken out and added, another name or another size."""
    head, rest = entry[:86], entry[86:]
    kept = b"".join(rest[at:end] for name, at, _, end in walk(rest) if name not in drop)
    if kind:
        head = patched(head, 4, kind.encode("latin-1"))
    if size:
        head = patched(head, 32, struct.pack(">HH", *size))
    whole = head + kept + b"".join(add)
    return patched(whole, 0, struct.pack(">I", len(whole)))


def matrix_bytes(matrix):
    a, b, c, d = (round(v * 65536) for v in matrix)
    return struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)


def stbl(track, offsets, wide):
    samples = track.samples
    time = runs(s.duration for s in samples)
    composed = runs(s.offset for s in samples)
    keys = [i for i, s in enumerate(samples, 1) if s.key]
    tables = {
        "stsd": full("stsd", 0, 0, struct.pack(">I", 1), track.entry),
        "stts": full("stts", 0, 0, struct.pack(">I", len(time)), *(struct.pack(">Ii", *row) for row in time)),
        "ctts": full("ctts", track.ctts_version, 0, struct.pack(">I", len(composed)),
                     *(struct.pack(">Ii", *row) for row in composed)) if any(s.offset for s in samples) else b"",
        "stss": full("stss", 0, 0, struct.pack(f">I{len(keys)}I", len(keys), *keys))
                if len(keys) < len(samples) else b"",
        "stsc": full("stsc", 0, 0, struct.pack(">IIII", 1, 1, 1, 1)) if samples else full("stsc", 0, 0, bytes(4)),
        "stsz": full("stsz", 0, 0, struct.pack(f">II{len(samples)}I", 0, len(samples),
                                               *(len(s.data) for s in samples))),
        "stco": full("co64" if wide else "stco", 0, 0,
                     struct.pack(f">I{len(offsets)}{'Q' if wide else 'I'}", len(offsets), *offsets)),
    }
    return box("stbl", *{**tables, **track.tables}.values())


def edts(track):
    if track.edits is None:
        return b""
    form = ">Qqi" if track.elst_version else ">Iii"
    rows = [struct.pack(form, edit[0], edit[1], edit[2] if len(edit) > 2 else 1 << 16) for edit in track.edits]
    return box("edts", full("elst", track.elst_version, 0, struct.pack(">I", len(rows)), *rows))


def trak(track, offsets, scale, wide=False):
    if track.edits is None:
        length = track.media_length() * scale // track.timescale
    else:
        length = sum(edit[0] for edit in track.edits)
    header = {"vide": full("vmhd", 0, 1, bytes(8)), "soun": full("smhd", 0, 0, bytes(4))}
    dinf = box("dinf", full("dref", 0, 0, struct.pack(">I", 1), full("url ", 0, 1)))
    return box(
        "trak",
        full("tkhd", 0, track.flags, struct.pack(">IIIII", 0, 0, track.id, 0, length & 0xffffffff), bytes(8),
             struct.pack(">hhhh", 0, 0, 256 if track.handler == "soun" else 0, 0), matrix_bytes(track.matrix),
             struct.pack(">II", round(track.width * 65536), round(track.height * 65536))),
        edts(track),
        box("mdia", full("mdhd", 0, 0, struct.pack(">IIIIHH", 0, 0, track.timescale, track.media_length() & 0xffffffff, 0x55c4, 0)),
            full("hdlr", 0, 0, bytes(4), track.handler.encode(), bytes(12), b"\0"), track.media,
            box("minf", header.get(track.handler, full("nmhd", 0, 0)), dinf if track.dinf is None else track.dinf,
                stbl(track, offsets, wide))),
        track.extra)


def mvhd(tracks, scale, length=None):
    lengths = [t.media_length() * scale // t.timescale if t.edits is None else sum(e[0] for e in t.edits)
               for t in tracks]
    return full("mvhd", 0, 0, struct.pack(">IIII", 0, 0, scale, (max(lengths, default=0) if length is None else length) & 0xffffffff),
                struct.pack(">IH", 1 << 16, 256), bytes(10), matrix_bytes(UPRIGHT), bytes(24),
                struct.pack(">I", len(tracks) + 1))


def ftyp(brand="isom", *compatible):
    return box("ftyp", brand.encode("latin-1"), struct.pack(">I", 512),
               *(name.encode("latin-1") for name in compatible or (brand, "mp41")))


def movie(*tracks, brand="isom", scale=1000, before=b"", between=b"", after=b"", more=b"", moov_last=False,
          wide=False, mdat=box, moov=box, length=None, head=None):
    """A whole file: ftyp, before, moov, between, mdat, after (moov and mdat the other way round if moov_last)."""
    head = ftyp(brand) if head is None else head
    payload = b"".join(s.data for t in tracks for s in t.samples)
    mdat_head = len(mdat("mdat"))

    def header(start):
        at, out = start, []
        for track in tracks:
            offsets = []
            for sample in track.samples:
                offsets.append(at)
                at += len(sample.data)
            out.append(trak(track, offsets, scale, wide))
        return moov("moov", mvhd(tracks, scale, length), *out, more)

    if moov_last:
        start = len(head) + len(before)
        return head + before + mdat("mdat", payload) + between + header(start + mdat_head) + after
    start = len(head) + len(before) + len(header(0)) + len(between)
    return head + before + header(start + mdat_head) + between + mdat("mdat", payload) + after


def fragment(track, samples, number, start, *, tfdt=1, defaults="trun", base=None):
    """moof and mdat. defaults: where the samples' durations stand, "trun", "tfhd" or "trex"."""
    trun_flags = 0x1 | 0x200 | 0x400 | 0x800 | (0x100 if defaults == "trun" else 0)
    tfhd_flags = 0x20000 | (0x8 if defaults == "tfhd" else 0)
    rows = b"".join(
        (struct.pack(">I", s.duration) if defaults == "trun" else b"") +
        struct.pack(">IIi", len(s.data), 0x2000000 if s.key else 0x1010000, s.offset) for s in samples)
    time = b""
    if tfdt is not None:
        time = full("tfdt", tfdt, 0, struct.pack(">Q" if tfdt else ">I", start))

    def moof(offset):
        return box("moof", full("mfhd", 0, 0, struct.pack(">I", number)),
                   box("traf", full("tfhd", 0, tfhd_flags, struct.pack(">I", track.id),
                                    struct.pack(">I", samples[0].duration) if defaults == "tfhd" else b""), time,
                       full("trun", 1, trun_flags, struct.pack(">Ii", len(samples), offset), rows)))

    return moof(len(moof(0)) + 8) + box("mdat", *(s.data for s in samples))


def fragmented(track, *, per=15, mehd=None, sidx=False, tfdt=1, defaults="trun", brand="iso5", first=0, scale=1000,
               drop=(), mfra=False):
    """An empty moov, and the samples in fragments of so many; first: the decode time of the first."""
    empty = dataclasses.replace(track, samples=[], length=0)
    extends = box("mvex", full("mehd", 0, 0, struct.pack(">I", mehd)) if mehd is not None else b"",
                  full("trex", 0, 0, struct.pack(">IIIII", track.id, 1,
                                                 track.samples[0].duration if defaults == "trex" else 0, 0, 0)))
    moov = box("moov", mvhd([empty], scale, 0), trak(empty, [], scale), extends)
    parts, at = [], first
    for number, i in enumerate(range(0, len(track.samples), per), 1):
        samples = track.samples[i:i + per]
        parts.append(fragment(track, samples, number, at, tfdt=tfdt, defaults=defaults))
        at += sum(s.duration for s in samples)
    index = b""
    if sidx:
        rows = [struct.pack(">III", len(part), sum(s.duration for s in track.samples[i * per:(i + 1) * per]), 1 << 31)
                for i, part in enumerate(parts)]
        index = full("sidx", 0, 0, struct.pack(">IIIIHH", track.id, track.timescale, first, 0, 0, len(rows)), *rows)
    tail = box("mfra", full("mfro", 0, 0, struct.pack(">I", 24))) if mfra else b""
    return ftyp(brand) + moov + index + b"".join(p for i, p in enumerate(parts) if i not in drop) + tail
