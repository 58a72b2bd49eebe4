"""Files that are made to cost time or memory, or to lead a reader astray: each is refused, and soon."""
import dataclasses
import struct
import zlib

import avi
import mp4
import stills
from avis import stream
from images import app1, insert
from mp4 import box, full
from movies import plain
from stills import jpeg, png, png_chunk, riff_chunk
from table import row


def image(name, make, errors, *args, **more):
    return row("image", f"hostile/{name}", make, {}, errors, *args, hostile=True, **more)


def video(name, make, errors, *args, **more):
    return row("video", f"hostile/{name}", make, {}, errors, *args, hostile=True, **more)


def header(width, height, depth=8, color=2):
    return stills.SIGNATURE + png_chunk("IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0))


def images(bases):
    tiny = png_chunk("IDAT", zlib.compress(bytes(1000)))
    end = png_chunk("IEND")
    yield image("100000x100000.png", lambda: header(100000, 100000) + tiny + end, "resolution")
    yield image("2147483647x2147483647.png", lambda: header(0x7fffffff, 0x7fffffff) + tiny + end, "resolution")
    yield image("4294967295x1.png", lambda: header(0xffffffff, 1) + tiny + end, "unreadable")
    yield image("8192x8192-16-bit.png", lambda: header(8192, 8192, 16, 6) + png_chunk("IDAT", stills.zeroes(
        8192 * (8 * 8192 + 1))) + end, "resolution", "bit-depth transparency")
    yield image("rows-without-end.png", lambda: header(4097, 4096) + png_chunk("IDAT", stills.zeroes(200_000_000)) + end,
                "resolution")
    yield image("ztxt-bomb-and-size.png", lambda: header(199, 200) + png_chunk("zTXt", b"a\0\0" + stills.zeroes(
        150_000_000)) + tiny + end, "resolution unreadable")
    yield image("iccp-bomb-and-size.png", lambda: header(199, 200) + png_chunk("iCCP", b"a\0\0" + stills.zeroes(
        150_000_000)) + tiny + end, "resolution unreadable")
    yield image("many-bombs-and-size.png", lambda: header(199, 200) + png_chunk("zTXt", b"a\0\0" + stills.zeroes(
        40_000_000)) * 40 + tiny + end, "resolution unreadable")
    yield image("million-chunks.png", lambda: header(240, 320) + png_chunk("teXt") * 400_000 + tiny + end, "unreadable")
    yield image("million-empty-idat.png", lambda: header(240, 320) + png_chunk("IDAT") * 400_000 + end, "unreadable")
    yield image("chunk-of-2-gb.png", lambda: header(240, 320) + struct.pack(">I", 0x7fffffff) + b"IDAT", "truncated")
    yield image("chunk-of-4-gb.png", lambda: header(240, 320) + struct.pack(">I", 0xffffffff) + b"IDAT" + bytes(99),
                "unreadable")
    yield image("apng-of-4-billion.png", lambda: header(240, 320) + png_chunk("acTL", struct.pack(">II", 0xffffffff, 0)) +
                tiny + end, "unreadable")
    yield image("65535x65535.jpg", lambda: jpeg(64, 64, height_in_frame=65535).replace(
        struct.pack(">HH", 65535, 64), struct.pack(">HH", 65535, 65535)), "resolution")
    yield image("65500x65500-4-components.jpg", lambda: jpeg(64, 64, tuple((i, 4, 4) for i in range(1, 5))).replace(
        struct.pack(">HH", 64, 64), struct.pack(">HH", 65500, 65500)), "resolution", "color-model")
    scans = bytes.fromhex("ffda0008010100003f00") + b"\0"
    yield image("thousand-scans.jpg", lambda: jpeg(4096, 4096, ((1, 1, 1),), sof=0xc2)[:-2] + scans * 1000 + b"\xff\xd9",
                "undetermined")
    yield image("million-segments.jpg", lambda: insert(jpeg(199, 200), b"\xff\xe5\0\2" * 900_000), "resolution")
    yield image("million-restarts.jpg", lambda: jpeg(64, 64)[:-2] + b"\xff\xd0" * 900_000 + b"\xff\xd9", "resolution")
    yield image("fill-bytes-only.jpg", lambda: b"\xff\xd8" + b"\xff" * 4_000_000, "unreadable")
    yield image("million-soi.jpg", lambda: b"\xff\xd8" * 2_000_000, "unreadable")
    ring = stills.tiff([(0x8769, 4, 1, 8), (0x8825, 4, 1, 8), (0xa005, 4, 1, 8)], link=8)
    yield image("exif-ring-and-size.jpg", lambda: insert(jpeg(199, 200), app1(ring) * 3000), "resolution")
    yield image("16384x16384.webp", lambda: stills.webp(riff_chunk("VP8L", b"\x2f\xff\xff\xff\x0f" + bytes(50))), "resolution")
    yield image("16383x16383-lossy.webp", lambda: stills.webp(riff_chunk("VP8 ", b"\x10\0\0\x9d\x01\x2a\xff\x3f\xff\x3f" +
                bytes(50))), "resolution")
    yield image("canvas-16777216.webp", lambda: stills.webp(stills.vp8x(1 << 24, 1 << 24), riff_chunk("VP8L",
                b"\x2f\xff\xff\xff\x0f" + bytes(50))), "resolution unreadable")
    yield image("million-chunks.webp", lambda: stills.webp(stills.vp8x(240, 320), riff_chunk("abcd", b"") * 500_000),
                "unreadable")
    yield image("million-frames.webp", lambda: stills.webp(stills.vp8x(199, 200, 2), stills.ANIM, stills.anmf(
        199, 200, b"") * 150_000), "resolution", "animated unsupported-variant")
    yield image("riff-of-4-gb.webp", lambda: stills.webp(stills.vp8x(240, 320), size=0xfffffffe), "truncated")
    yield image("2147483647x2147483647.bmp", lambda: stills.bmp(0x7fffffff, 0x7fffffff, 32, pixels=bytes(99)),
                "resolution truncated")
    yield image("height-minus-2147483648.bmp", lambda: stills.bmp(240, -0x80000000, pixels=b""), "unreadable")
    yield image("rle-without-end.bmp", lambda: stills.bmp(4096, 4096, 8, compression=1, pixels=b"\0\2\xff\xff" * 900_000),
                "truncated")
    yield image("40-mb.bmp", lambda: (stills.bmp(240, 320), 40_000_000), "size")
    yield image("zeroes-of-1-gb.jpg", lambda: (jpeg(240, 320, eoi=False), 1 << 30), "size")


def nested(depth, kind="moov", inner=b""):
    """Boxes within boxes, made from the inside out in one piece."""
    sizes = [8 + len(inner)]
    for _ in range(depth - 1):
        sizes.append(sizes[-1] + 8)
    return b"".join(struct.pack(">I4s", size, kind.encode()) for size in reversed(sizes)) + inner


def movies(bases):
    def tables(name, errors, *args, movie=None, **boxes):
        return video(name, lambda: mp4.movie(plain(bases, tables=boxes), **(movie or {})), errors, *args)

    def count(kind, number, *more):
        return full(kind, 0, 0, struct.pack(">I", number), *more)

    constant = full("stsz", 0, 0, struct.pack(">II", 1, 0xffffffff))
    yield tables("stsz-of-4-billion.mp4", "undetermined duration", "duration-mismatch", stsz=constant)
    yield tables("stts-of-4-billion.mp4", "duration undetermined", "duration-mismatch", stts=count("stts", 1, struct.pack(">II", 0xffffffff, 512)),
                 stsz=constant)
    yield tables("stsz-and-stsc-of-4-billion.mp4", "duration undetermined", "duration-mismatch", stsz=constant,
                 stsc=count("stsc", 1, struct.pack(">III", 1, 0xffffffff, 1)))
    yield tables("stco-claims-4-billion.mp4", "undetermined", stco=count("stco", 0xffffffff, bytes(16)))
    yield tables("stts-claims-4-billion-rows.mp4", "undetermined", stts=count("stts", 0xffffffff, struct.pack(">II", 1, 512)))
    yield video("four-million-samples.mp4", lambda: mp4.movie(plain(bases, tables={
        "stsz": full("stsz", 0, 0, struct.pack(">II", 0, 4_000_000), bytes(16_000_000))})), "undetermined duration", "duration-mismatch")
    yield video("four-million-stts-rows.mp4", lambda: mp4.movie(plain(bases, tables={
        "stts": count("stts", 1_000_000, struct.pack(">II", 1, 1) * 1_000_000)})), "duration", "duration-mismatch frame-rate")
    yield video("edits-of-everything.mp4", lambda: mp4.movie(plain(bases, edits=[(2400, 0)] * 100_000)),
                "duration undetermined")
    yield video("samples-of-no-size.mp4", lambda: mp4.movie(plain(bases, tables={
        "stsz": full("stsz", 0, 0, struct.pack(">II", 0, 60), bytes(240))})), "decode-errors")
    yield video("durations-of-2-to-the-31.mp4", lambda: mp4.movie(dataclasses.replace(plain(bases), length=1, samples=[
        s._replace(duration=0x7fffffff) for s in plain(bases).samples])), "duration", "frame-rate")
    yield video("times-before-all-time.mp4", lambda: mp4.movie(dataclasses.replace(plain(bases), ctts_version=1, samples=[
        s._replace(offset=-0x80000000, duration=-1) for s in plain(bases).samples])), "undetermined")
    for depth in (10_000, 300_000):
        for kind in ("moov", "udta", "trak", "meta"):
            yield video(f"{kind}-in-{kind}-{depth}.mp4", lambda depth=depth, kind=kind: mp4.ftyp() + (
                nested(depth, kind) if kind == "moov" else box("moov", mp4.mvhd([], 1000), nested(depth, kind))),
                        "unreadable" if kind in ("moov", "udta") else "no-video-stream")
    yield video("endless-metadata.mp4", lambda: mp4.movie(plain(bases), more=box("udta", full("meta", 0, 0, full(
        "hdlr", 0, 0, bytes(4), b"mdirappl", bytes(9)), box("ilst", box("\xa9nam", box("data", bytes(8), b"a")) * 300_000)))),
                "undetermined")
    yield video("million-empty-boxes.mp4", lambda: mp4.ftyp() + box("free") * 1_000_000, "unreadable")
    yield video("million-empty-boxes-in-moov.mp4", lambda: mp4.ftyp() + box("moov", box("free") * 1_000_000),
                "no-video-stream")
    yield video("million-mdat.mp4", lambda: mp4.ftyp() + box("mdat") * 1_000_000, "unreadable")
    for size in (0, 1, 4, 7, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff):
        yield video(f"box-of-size-{size}.mp4", lambda size=size: mp4.ftyp() + struct.pack(">I4s", size, b"moov") + bytes(64),
                    "unreadable" if size > 0 else "no-video-stream")
    for size in (0, 15, 1 << 31, 1 << 63, (1 << 64) - 1):
        yield video(f"large-box-of-size-{size}.mp4", lambda size=size: mp4.ftyp() + struct.pack(
            ">I4sQ", 1, b"moov", size) + bytes(64), "unreadable")
    yield video("ten-thousand-tracks.mp4", lambda: mp4.ftyp() + box("moov", mp4.mvhd([], 1000), mp4.trak(dataclasses.replace(
        plain(bases), samples=[]), [], 1000) * 10_000), "undetermined")
    yield video("ten-thousand-entries.mp4", lambda: mp4.movie(plain(bases, tables={"stsd": full("stsd", 0, 0, struct.pack(
        ">I", 10_000), plain(bases).entry * 10_000)}, entry=b"")), "unreadable")
    yield video("compressed-header-of-2-gb.mp4", lambda: mp4.ftyp("qt  ") + box("moov", box("cmov", box(
        "dcom", b"zlib"), box("cmvd", struct.pack(">I", 0x7fffffff), stills.zeroes(150_000_000)))), "undetermined",
                "extension unsupported-variant")
    run = full("trun", 0, 0, struct.pack(">I", 0xffffffff))
    yield video("runs-of-4-billion.mp4", lambda: mp4.fragmented(plain(bases), drop=range(9)) + box("moof", full(
        "mfhd", 0, 0, bytes(4)), box("traf", full("tfhd", 0, 0x20018, struct.pack(">III", 1, 1, 1)), run)),
                "duration undetermined", "frame-rate")
    yield video("two-hundred-thousand-fragments.mp4", lambda: mp4.fragmented(plain(bases), drop=range(9)) +
                box("moof", full("mfhd", 0, 0, bytes(4)), box("traf", full("tfhd", 0, 0x20000, struct.pack(
                    ">I", 1)))) * 200_000, "unreadable")
    yield video("sidx-of-65535.mp4", lambda: mp4.fragmented(plain(bases), drop=range(9)) + full(
        "sidx", 0, 0, struct.pack(">IIIIHH", 1, 12800, 0, 0, 0, 65535), bytes(12 * 65535)), "unreadable")
    yield video("fragments-that-point-back.mp4", lambda: mp4.fragmented(plain(bases), drop=range(9)) + full(
        "sidx", 0, 0, struct.pack(">IIIIHH", 1, 12800, 0, 0, 0, 9), struct.pack(">III", 1 << 31, 0, 0) * 9), "unreadable")
    yield video("65535x65535.mp4", lambda: mp4.movie(dataclasses.replace(plain(bases), entry=huge(plain(bases).entry),
                                                                         width=65535, height=65535)), "resolution", "codec")
    yield video("avcc-of-nothing.mp4", lambda: mp4.movie(plain(bases, entry=mp4.entry_with(
        plain(bases).entry, box("avcC"), drop=("avcC",)))), "decode-errors")
    yield video("samples-over-each-other.mp4", lambda: mp4.movie(plain(bases, tables={"stsz": full(
        "stsz", 0, 0, struct.pack(">II", 0x7fffffff, 60))})), "decode-errors undetermined")
    yield video("hole-of-1-tb.mp4", lambda: (mp4.movie(plain(bases), mdat=mp4.endless), 1 << 40), "size")


def huge(entry):
    """No parameter sets, and a size that no one needs."""
    return mp4.entry_with(entry, drop=("avcC", "pasp"), kind="mjpa", size=(65535, 65535))


def lists(bases):
    def indexed(kind, *parts):
        return dataclasses.replace(stream(bases), extra=avi.chunk(kind, *parts))

    yield video("indx-of-4-billion.avi", lambda: avi.avi(indexed("indx", struct.pack(
        "<HBBI4s12x", 4, 0, 0, 0xffffffff, b"00dc"), bytes(64)), idx1=False)[:-5000], "truncated")
    yield video("indx-to-itself.avi", lambda: avi.avi(indexed("indx", struct.pack(
        "<HBBI4s12x", 4, 0, 0, 9, b"00dc"), struct.pack("<QII", 300, 64, 1) * 9), idx1=False)[:-5000], "truncated")
    yield video("ix00-of-4-billion.avi", lambda: avi.avi(stream(bases), idx1=False, before=avi.chunk(
        "ix00", struct.pack("<HBBI4sQI", 2, 0, 1, 0xffffffff, b"00dc", 0, 0), bytes(64)))[:-5000], "truncated")
    yield video("idx1-of-4-million.avi", lambda: avi.avi(stream(bases), after=avi.chunk("idx1", bytes(0))).replace(
        b"idx1", b"JUNK", 1)[:-8] + avi.chunk("idx1", struct.pack("<4sIII", b"00dc", 16, 4, 9) * 2_000_000), "undetermined")
    yield video("ten-thousand-streams.avi", lambda: many_streams(bases, 10_000), "undetermined")
    yield video("lists-in-lists.avi", lambda: avi.group("AVI ", deep_lists(200_000), outer="RIFF"), "unreadable")
    yield video("million-junk.avi", lambda: avi.group("AVI ", avi.chunk("JUNK") * 1_000_000, outer="RIFF"), "unreadable")
    yield video("million-empty-frames.avi", lambda: avi.avi(dataclasses.replace(stream(bases), frames=[b""] * 200_000),
                                                          idx1=False), "unreadable")
    yield video("endless-info.avi", lambda: avi.avi(stream(bases), before=avi.group("INFO", avi.chunk("INAM", b"a") * 200_000)),
                "undetermined")
    yield video("rate-of-2-billion.avi", lambda: avi.avi(dataclasses.replace(stream(bases), rate=0x7fffffff)), "duration")
    yield video("65535x65535.avi", lambda: avi.avi(dataclasses.replace(stream(bases), strf=avi.bitmap_header(
        65535, 65535, b"MJPG"), fourcc=b"MJPG"), width=65535, height=65535), "resolution")
    yield video("raw-of-2-gb-a-frame.avi", lambda: avi.avi(avi.Stream([bytes(100)] * 60, avi.bitmap_header(
        30000, 30000, bytes(4)), b"DIB "), suffix="db"), "resolution", "codec")


def many_streams(bases, count):
    data = avi.avi(stream(bases))
    header = stream(bases).header(b"")
    return avi.group("AVI ", avi.group("hdrl", data[24:24 + 64], header * count), avi.group("movi"), outer="RIFF")


def deep_lists(depth):
    """As nested() of boxes; the sizes of the outermost ones are wrong, and that is no matter."""
    return b"".join(b"LIST" + struct.pack("<I", 12 * (depth - level) - 8) + b"hdrl" for level in range(depth))


FAMILIES = [images, movies, lists]
