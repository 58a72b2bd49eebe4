"""Single wrong fields, set where a reader may trust one."""
import struct
import zlib

import avi
import mp4
import stills
from avis import AVI, stream
from images import BMP, PNG, WEBP, kept
from mp4 import full
from movies import plain
from stills import bmp, exif, insert, jpeg, png, png_chunk, riff_chunk, webp
from table import IMAGE, image, row, video


def u32(*values):
    return struct.pack(f">{len(values)}I", *values)


def refused(medium, name, make, errors, *args):
    return row(medium, f"surgery/{name}", make, {}, errors, *args, hostile=True)


def movies(bases):
    def of(name, make, *args, **more):
        return video(f"surgery/{name}.mp4", make, *args, **more)

    def tables(**boxes):
        return lambda: mp4.movie(plain(bases, tables=boxes))

    def bad(name, make, errors, *args):
        return refused("video", f"{name}.mp4", make, errors, *args)

    sizes = (struct.pack(">H", len(sample.data)) for sample in plain(bases).samples)
    yield of("stz2", tables(stsz=full("stz2", 0, 0, u32(16, 60), *sizes)))
    yield of("key-frame-past-the-end", tables(stss=full("stss", 0, 0, u32(1, 5000))))
    yield of("ctts-of-minus-2-31", tables(ctts=full("ctts", 1, 0, u32(1, 60, 0x80000000))), start_time=-167772.16)
    yield of("ctts-short", tables(ctts=full("ctts", 0, 0, u32(1, 2, 512))), start_time=0.04)
    yield of("track-id-0", lambda: mp4.movie(plain(bases, id=0)))
    yield of("shear", lambda: mp4.movie(plain(bases, matrix=(1, 0.5, 0, 1))), warnings="rotation", rotation=24)
    yield of("flat-matrix", lambda: mp4.movie(plain(bases, matrix=(1, 0, 0, 0))))
    yield of("second-ftyp", lambda: mp4.movie(plain(bases), before=mp4.ftyp("qt  ")))
    yield bad("stsd-of-0-entries", tables(stsd=full("stsd", 0, 0, u32(0))), "unreadable")
    yield bad("no-stco", tables(stco=b""), "decode-errors undetermined")
    yield bad("no-stsz", tables(stsz=b""), "unreadable")
    yield bad("no-mdhd", lambda: mp4.movie(plain(bases)).replace(b"mdhd", b"free"), "undetermined")
    yield bad("co64-at-minus-1", tables(stco=full("co64", 0, 0, u32(60), b"\xff" * 480)), "decode-errors")
    yield bad("stts-of-2-31-each", tables(stts=full("stts", 0, 0, u32(1, 60, 0x7fffffff))), "duration",
              "duration-mismatch frame-rate")
    yield bad("time-scale-2-32-less-1", lambda: mp4.movie(plain(bases, timescale=0xffffffff)), "undetermined")
    yield bad("empty-edit-only", lambda: mp4.movie(plain(bases, edits=[(2400, -1)])), "unreadable")
    yield bad("ten-thousand-edits", lambda: mp4.movie(plain(bases, edits=[(1, 0)] * 10_000)), "undetermined")
    yield bad("no-trex", lambda: mp4.fragmented(plain(bases)).replace(b"trex", b"free"), "unreadable")
    yield bad("fragments-at-2-62", lambda: mp4.fragmented(plain(bases), first=1 << 62), "undetermined")
    yield bad("fragments-at-minus-5-s", lambda: mp4.fragmented(plain(bases), first=(1 << 64) - 62000), "undetermined")


def lists(bases):
    def of(name, make, *args, **more):
        return video(f"surgery/{name}.avi", make, *args, base=AVI, **more)

    def bad(name, make, errors, *args):
        return refused("video", f"{name}.avi", make, errors, *args)

    def index(change):
        return lambda: avi.avi(stream(bases), index_rows=lambda rows: [change(*one) for one in rows])

    yield of("index-sizes-of-4-gb", index(lambda kind, flags, at, size: (kind, flags, at, 0xffffffff)))
    yield of("index-without-keys", index(lambda kind, flags, at, size: (kind, 0, at, size)))
    yield of("twice", lambda: avi.avi(stream(bases)) * 2)
    yield bad("index-past-the-end", index(lambda kind, flags, at, size: (kind, flags, 0xf0000000, size)), "duration",
              "duration-mismatch")
    yield bad("movi-of-4-gb", lambda: avi.avi(stream(bases), movi_size=0xffffffff), "truncated")
    yield bad("no-strh", lambda: avi.avi(stream(bases)).replace(b"strh", b"JUNK", 1), "no-video-stream")
    yield bad("negative-width", lambda: avi.avi(stream(bases, strf=avi.bitmap_header(-240, 320, b"FMP4"))),
              "decode-errors undetermined")


def pictures(bases):
    def of(name, make, *args, **more):
        return image(f"surgery/{name}", make, *args, **more)

    yield of("no-quantisation.jpg", lambda: jpeg(240, 320, quant=b""), "unreadable", decode="failed")
    yield of("no-huffman.jpg", lambda: jpeg(240, 320).replace(stills.DHT, b""), "unreadable", decode="failed")
    yield of("other-height-behind.jpg", lambda: jpeg(240, 320).replace(b"\xff\xd9", b"\xff\xdc\0\4\x03\xe8\xff\xd9"))
    yield of("end-first.jpg", lambda: insert(jpeg(240, 320), b"\xff\xd9"), "unreadable", base=kept(IMAGE, "JPEG"))
    pixels = png_chunk("IDAT", zlib.compress(stills.png_rows(240, 320, 8, 2), 9))
    yield of("pixels-behind-iend.png", lambda: png(data=b"", tail=pixels), "unreadable", base=PNG, decode="failed")
    yield of("more-pixels-behind-iend.png", lambda: png(tail=pixels), base=PNG)
    yield of("text-checksum-wrong.png", lambda: png(before=png_chunk("tEXt", b"a\0b", crc=1)), base=PNG)
    yield of("palette-checksum-wrong.png", lambda: png(color=3, palette=png_chunk("PLTE", bytes(768), crc=5)), "unreadable",
             base=PNG, color_model="palette", decode="failed")
    yield of("end-checksum-wrong.png", lambda: png(iend=False, tail=png_chunk("IEND", crc=1)), "unreadable", base=PNG,
             decode="failed")
    yield of("exif-behind-iend.png", lambda: png(tail=png_chunk("eXIf", exif(6))), base=PNG)
    yield of("masks-of-nothing.bmp", lambda: bmp(bits=16, compression=3, masks=(0, 0, 0)), "", "unsupported-variant",
             base=BMP, bits=5, decode="unsupported", variant="unusual BMP")
    yield of("masks-of-10-bits.bmp", lambda: bmp(bits=32, compression=3, masks=(0x3ff00000, 0xffc00, 0x3ff)), "",
             "unsupported-variant bit-depth", base=BMP, bits=10, decode="unsupported", variant="unusual BMP")
    yield of("top-down-16-bit.bmp", lambda: bmp(bits=16, height=-320), base=BMP, bits=5)
    yield of("header-of-4-gb.bmp", lambda: mp4.patched(bmp(), 14, b"\xff" * 4), "format", base=kept(BMP, "unknown"))
    yield of("pixels-at-4-gb.bmp", lambda: bmp(offset=0xffffffff), "truncated", base=BMP, complete=False, decode="failed")
    lossy = b"".join(riff_chunk(*one) for one in stills.webp_chunks(bases("lossy.webp")))
    yield of("canvas-smaller.webp", lambda: webp(stills.vp8x(200, 300), lossy), "unreadable", base=WEBP, width=200, height=300,
             coded_width=200, coded_height=300, decode="failed")
    yield of("second-exif.webp", lambda: webp(stills.vp8x(240, 320, 8), lossy, riff_chunk("EXIF", exif(6)), riff_chunk(
        "EXIF", exif(3))), "", "orientation", base=WEBP, exif_orientation=6, width=320, height=240)
    yield of("riff-size-0.webp", lambda: webp(lossy, size=0), "unreadable", base=kept(WEBP, "WEBP"))
    yield of("riff-size-of-4-gb.webp", lambda: webp(lossy, size=0xffffffff), "truncated", base=WEBP, complete=False,
             decode="failed")


FAMILIES = [movies, lists, pictures]
