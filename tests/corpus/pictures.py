"""Video: what is in the picture, and how it is to be shown."""
import dataclasses
import math
import struct

import avi
import mp4
import stills
from mp4 import box, entry_with, full
from movies import plain, reordered
from table import VIDEO, video

IN_320 = {"width": 320, "height": 240, "coded_width": 320, "coded_height": 240}


def pasp(across, down):
    return box("pasp", struct.pack(">II", across, down))


def nclx(primaries, transfer, matrix, kind=b"nclx"):
    return box("colr", kind, struct.pack(">HHH", primaries, transfer, matrix), b"\0" if kind == b"nclx" else b"")


def turned(degrees):
    """The matrix of a picture that is turned clockwise."""
    a = math.radians(degrees)
    c, s = math.cos(a), math.sin(a)
    return tuple(round(v, 9) for v in (c, s, -s, c))


def times_flip(matrix):
    """The picture is mirrored left to right first, and turned then."""
    a, b, c, d = matrix
    return (-a, -b, c, d)


def matrices(bases):
    def shown(name, matrix, *args, how=None, track=None, **more):
        return video(f"matrices/{name}.mp4", lambda: mp4.movie(plain(bases, matrix=matrix, **(track or {})), **(how or {})),
                     *args, **more)

    warned = {"warnings": "rotation"}
    lying = {"width": 320, "height": 240}
    yield shown("0", turned(0))
    for degrees in (90, 180, 270):
        size = lying if degrees != 180 else {}
        yield shown(str(degrees), turned(degrees), **warned, rotation=degrees, **size)
    for degrees in (0, 90, 180, 270):
        size = lying if degrees in (90, 270) else {}
        yield shown(f"flipped-{degrees}", times_flip(turned(degrees)), **warned, rotation=degrees, flipped=True, **size)
    for degrees in (30, 45, 91, 135, 359):
        yield shown(f"odd-{degrees}", turned(degrees), **warned, rotation=degrees)
    yield shown("twice-as-large", (2, 0, 0, 2))
    yield shown("half-as-large-90", tuple(v / 2 for v in turned(90)), **warned, rotation=90, **lying)
    yield shown("twice-as-wide", (2, 0, 0, 1))
    yield video("matrices/twice-as-wide-no-pasp.mp4", lambda: mp4.movie(no_pasp(plain(bases, matrix=(2, 0, 0, 1)))),
                warnings="sample-aspect-ratio", sample_aspect_ratio="2:1", width=480)
    yield shown("zero", (0, 0, 0, 0))
    for degrees in (90, 180, 270):
        data = lambda degrees=degrees: with_movie_matrix(mp4.movie(plain(bases)), turned(degrees))
        size = lying if degrees != 180 else {}
        yield video(f"matrices/movie-{degrees}.mp4", data, **warned, rotation=degrees, **size)
    yield video("matrices/movie-and-track-90.mp4", lambda: with_movie_matrix(
        mp4.movie(plain(bases, matrix=turned(90))), turned(90)), **warned, rotation=180)
    yield video("matrices/movie-undoes-track.mp4", lambda: with_movie_matrix(
        mp4.movie(plain(bases, matrix=turned(90))), turned(270)))
    yield video("matrices/90-and-sar.mp4", lambda: mp4.movie(plain(
        bases, matrix=turned(90), entry=entry_with(plain(bases).entry, pasp(4, 3), drop=("pasp",)))),
                warnings="rotation sample-aspect-ratio", rotation=90, sample_aspect_ratio="4:3", width=320, height=320)
    yield video("matrices/90.mov", lambda: mp4.movie(plain(bases, matrix=turned(90)), brand="qt  "), **warned,
                rotation=90, container="MOV", **lying)
    yield video("matrices/90-fragmented.mp4", lambda: mp4.fragmented(plain(bases, matrix=turned(90))), **warned,
                rotation=90, fragmented=True, container_duration=None, **lying)


def with_movie_matrix(data, matrix):
    at, _ = mp4.find(data, "moov/mvhd")
    return mp4.patched(data, at + 36, mp4.matrix_bytes(matrix))


def shapes(bases):
    def shaped(name, ratio, *args, base="plain.mp4", how=None, **more):
        def make():
            track = mp4.demux(bases(base))
            entry = entry_with(track.entry, *([] if ratio is None else [pasp(*ratio)]), drop=("pasp",))
            return mp4.movie(dataclasses.replace(track, entry=entry, **{"width": 240, **(how or {})}))
        return video(f"shapes/{name}.mp4", make, *args, **more)

    odd = {"warnings": "sample-aspect-ratio"}
    yield shaped("none", None)
    yield shaped("square", (1, 1))
    yield shaped("square-large-numbers", (72, 72))
    yield shaped("4-3", (4, 3), **odd, sample_aspect_ratio="4:3", width=320)
    yield shaped("3-4", (3, 4), "resolution", "sample-aspect-ratio", sample_aspect_ratio="3:4", width=180)
    yield shaped("pal-16-11", (16, 11), **odd, sample_aspect_ratio="16:11", width=349)
    yield shaped("32-27", (32, 27), **odd, sample_aspect_ratio="32:27", width=284)
    yield shaped("not-reduced", (8, 6), **odd, sample_aspect_ratio="4:3", width=320)
    yield shaped("zero-zero", (0, 0))
    yield shaped("zero-one", (0, 1))
    yield shaped("one-zero", (1, 0))
    yield shaped("absurd", (65535, 1), "resolution aspect-ratio", "sample-aspect-ratio", sample_aspect_ratio="32767:1",
                 width=32767 * 240)
    yield shaped("exactly-3-to-1", (4, 1), warnings="sample-aspect-ratio", sample_aspect_ratio="4:1", width=960)
    yield shaped("just-over-3-to-1", (961, 240), "aspect-ratio", "sample-aspect-ratio", sample_aspect_ratio="961:240",
                 width=961)
    yield shaped("in-codec-only", None, base="sar.mp4", **odd, sample_aspect_ratio="4:3", width=320)
    yield shaped("codec-4-3-container-square", (1, 1), base="sar.mp4")
    yield shaped("codec-square-container-4-3", (4, 3), **odd, sample_aspect_ratio="4:3", width=320)
    yield shaped("codec-4-3-container-3-2", (3, 2), base="sar.mp4", **odd, sample_aspect_ratio="3:2", width=360)
    yield shaped("codec-4-3-container-zero", (0, 0), base="sar.mp4", **odd, sample_aspect_ratio="4:3", width=320)
    yield shaped("track-wider", None, how={"width": 320}, **odd, sample_aspect_ratio="4:3", width=320)
    yield shaped("track-of-no-size", None, how={"width": 0, "height": 0})
    yield video("shapes/mpeg4-in-codec-only.mp4", lambda: mp4.movie(no_pasp(mp4.demux(bases("mpeg4-packed-sar.mp4")))),
                warnings="sample-aspect-ratio", codec="mpeg4", sample_aspect_ratio="4:3", width=320)
    yield video("shapes/cropped-in-codec.mp4", lambda: mp4.movie(dataclasses.replace(
        mp4.demux(bases("cropped.mp4")), width=246, height=322)), width=246, height=322, coded_width=246, coded_height=322)
    yield video("shapes/entry-of-another-size.mp4", lambda: mp4.movie(dataclasses.replace(
        plain(bases), entry=entry_with(plain(bases).entry, size=(1920, 1080)))))
    yield video("shapes/entry-of-no-size.mp4", lambda: mp4.movie(dataclasses.replace(
        plain(bases), entry=entry_with(plain(bases).entry, size=(0, 0)))))
    clap = box("clap", struct.pack(">8i", 200, 1, 300, 1, 0, 1, 0, 1))
    yield video("shapes/clean-aperture.mp4", lambda: mp4.movie(dataclasses.replace(
        plain(bases), entry=entry_with(plain(bases).entry, clap))))


def no_pasp(track):
    return dataclasses.replace(track, entry=entry_with(track.entry, drop=("pasp",)), width=240)


UNDECODED = {**VIDEO, "codec": None, "pixel_format": None, "bits": None, "interlaced": None, "hdr": None,
             "decode": "not-tried"}
SLOW = {"frame_count": 36, "frame_rate": 15}
# Facts, and in which of the containers the codec is unusual.
CODECS = {
    "hevc.mp4": ({"codec": "hevc"}, ""), "hevc10.mp4": ({"codec": "hevc", "pixel_format": "yuv420p10le", "bits": 10}, ""),
    "av1.mp4": ({"codec": "av1"}, "mp4 mov"), "vp9.mp4": ({"codec": "vp9"}, "mp4 mov"), "mpeg4.mp4": ({"codec": "mpeg4"}, ""),
    "mjpeg.mp4": ({"codec": "mjpeg", "pixel_format": "yuvj420p"}, "mp4"),
    "prores.mov": ({"codec": "prores", "pixel_format": "yuv422p10le", "bits": 10}, "mp4"),
    "prores4444.mov": ({"codec": "prores", "pixel_format": "yuva444p12le", "bits": 12, **SLOW}, "mp4"),
    "dnxhr.mov": ({"codec": "dnxhd", "pixel_format": "yuv422p", **IN_320}, "mp4 mov"),
    "png.mov": ({"codec": "png", "pixel_format": "rgb24", **SLOW}, "mp4 mov"),
    "qtrle.mov": ({"codec": "qtrle", "pixel_format": "rgb24", **SLOW}, "mp4 mov"),
    "mpeg2.mp4": ({"codec": "mpeg2video"}, "mp4 mov"), "mpeg1.mp4": ({"codec": "mpeg1video"}, "mp4 mov"),
    "h263.mov": ({"codec": "h263", "width": 352, "height": 288, "coded_width": 352, "coded_height": 288}, "mp4 mov"),
    "svq1.mov": ({"codec": "svq1", "pixel_format": "yuv410p"}, "mp4 mov"),
    "yuv444.mp4": ({"pixel_format": "yuv444p"}, ""), "yuv422-10.mp4": ({"pixel_format": "yuv422p10le", "bits": 10}, ""),
    "grey.mp4": ({"pixel_format": "yuvj420p"}, ""), "full-range.mp4": ({"pixel_format": "yuvj420p"}, ""),
    "lossless.mp4": ({}, ""),
}


def from_zero(track):
    """Shown from its first frame on, as files with B-frames are."""
    first, decoded = None, 0
    for sample in track.samples:
        shown = decoded + sample.offset
        first = shown if first is None else min(first, shown)
        decoded += sample.duration
    return dataclasses.replace(track, edits=[(2400, first)]) if first else track


def codecs(bases):
    for name, (facts, unusual) in CODECS.items():
        stem = name.split(".")[0]
        size = {"width": facts.get("width", 240), "height": facts.get("height", 320)}
        for ending, brand, container in (("mp4", "isom", "MP4"), ("mov", "qt  ", "MOV")):
            def make(name=name, size=size, brand=brand):
                return mp4.movie(from_zero(dataclasses.replace(mp4.demux(bases(name)), **size)), brand=brand)
            yield video(f"codecs/{stem}.{ending}", make, warnings="codec" if ending in unusual else "",
                        **{**facts, "container": container})
    yield video("codecs/hev1.mp4", lambda: mp4.movie(renamed(bases, "hevc.mp4", "hev1")), codec="hevc")
    yield video("codecs/avc3.mp4", lambda: mp4.movie(renamed(bases, "plain.mp4", "avc3")))
    yield video("codecs/dvh1.mp4", lambda: mp4.movie(renamed(bases, "hevc10.mp4", "dvh1")), codec="hevc",
                pixel_format="yuv420p10le", bits=10)
    yield video("codecs/unknown.mp4", lambda: mp4.movie(renamed(bases, "plain.mp4", "zzzz")), "undetermined", "unsupported-variant",
                base={**UNDECODED, "decode": "unsupported"})
    for kind in ("encv", "drmi"):
        yield video(f"codecs/{kind}.mp4", lambda kind=kind: mp4.movie(renamed(bases, "plain.mp4", kind)), "encrypted",
                    base=UNDECODED, encrypted=True)


def renamed(bases, name, kind):
    track = from_zero(mp4.demux(bases(name)))
    return dataclasses.replace(track, entry=entry_with(track.entry, kind=kind))


def colour(bases):
    def coloured(name, base, *add, drop=("colr",), ending="mp4", **more):
        def make():
            track = mp4.demux(bases(base))
            return mp4.movie(dataclasses.replace(track, entry=entry_with(track.entry, *add, drop=drop)))
        facts = {} if base == "plain.mp4" else {"codec": "hevc", "pixel_format": "yuv420p10le", "bits": 10}
        return video(f"colour/{name}.{ending}", make, **{**facts, **more})

    hdr = {"warnings": "hdr", "hdr": True}
    yield coloured("pq-in-codec", "pq.mp4", **hdr)
    yield coloured("hlg-in-codec", "hlg.mp4", **hdr)
    yield coloured("pq-in-both", "pq.mp4", nclx(9, 16, 9), **hdr)
    yield coloured("pq-in-container", "hevc10.mp4", nclx(9, 16, 9), **hdr)
    yield coloured("hlg-in-container", "hevc10.mp4", nclx(9, 18, 9), **hdr)
    yield coloured("pq-in-container-of-8-bit-h264", "plain.mp4", nclx(9, 16, 9), **hdr)
    yield coloured("pq-quicktime-colr", "hevc10.mp4", nclx(9, 16, 9, b"nclc"), **hdr)
    yield coloured("wide-gamut-sdr", "hevc10.mp4", nclx(9, 14, 9))
    yield coloured("bt709", "plain.mp4", nclx(1, 1, 1))
    yield coloured("pq-in-codec-bt709-in-container", "pq.mp4", nclx(1, 1, 1), hdr=False)
    yield coloured("unspecified", "plain.mp4", nclx(2, 2, 2))
    yield coloured("icc-profile", "plain.mp4", box("colr", b"prof", bytes(200)))
    yield coloured("mastering-data-only", "hevc10.mp4", box("mdcv", bytes(24)), box("clli", bytes(4)))
    yield coloured("colr-cut", "plain.mp4", box("colr", b"nclx", bytes(2)))


def fields(bases):
    laced = {"warnings": "interlaced", "interlaced": True}

    def fielded(name, base, *add, ending="mp4", **more):
        def make():
            track = mp4.demux(bases(base))
            return mp4.movie(dataclasses.replace(track, entry=entry_with(track.entry, *add, drop=("fiel",))),
                             brand="isom" if ending == "mp4" else "qt  ")
        return video(f"fields/{name}.{ending}", make, **{**({} if ending == "mp4" else {"container": "MOV"}), **more})

    prores = {"codec": "prores", "pixel_format": "yuv422p10le", "bits": 10, "ending": "mov"}
    yield fielded("tff-in-codec", "tff.mp4", **laced)
    yield fielded("bff-in-codec", "bff.mp4", **laced)
    yield fielded("mbaff-flag-only", "fake-interlaced.mp4")
    yield fielded("mpeg2-tff", "mpeg2-tff.mp4", codec="mpeg2video", interlaced=True, start_time=0.04,
                  warnings="interlaced codec")
    yield fielded("prores-tff", "tff.mov", **prores, **laced)
    yield fielded("prores-progressive", "prores.mov", **prores)
    for name, value in (("progressive", b"\1\0"),):
        yield fielded(f"fiel-{name}", "plain.mp4", box("fiel", value))
    for name, value in (("tt", b"\2\1"), ("bb", b"\2\6"), ("tb", b"\2\x09"), ("bt", b"\2\x0e")):
        yield fielded(f"fiel-{name}-over-progressive", "plain.mp4", box("fiel", value), **laced)
    yield fielded("fiel-progressive-over-tff", "tff.mp4", box("fiel", b"\1\0"), **laced)


FAMILIES = [matrices, shapes, codecs, colour, fields]
