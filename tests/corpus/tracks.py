"""MP4 and MOV: what else is in the file, and what is somewhere else."""
import dataclasses
import struct
import zlib

import mp4
from mp4 import Sample, Track, box, full
from movies import UNDECODED, plain, repeated, retimed
from table import NO_VIDEO, VIDEO, video

QUICKTIME = {"container": "MOV"}


def other(handler, kind, number=9, count=2, payload=b"\0\0\0\0", **more):
    """A track of something that is no picture."""
    entry = box(kind, bytes(6), struct.pack(">H", 1), bytes(26))
    return Track([Sample(payload, 15360, 0, True) for _ in range(count)], entry, handler, id=number, width=0, height=0, **more)


def sound(bases, number=2, count=None):
    track = mp4.demux(bases("av.mp4"), 1)
    samples = track.samples if count is None else [track.samples[i % len(track.samples)] for i in range(count)]
    return dataclasses.replace(track, id=number, samples=samples, width=0, height=0)


def small(bases, **more):
    """A second picture of another shape."""
    return dataclasses.replace(mp4.demux(bases("small.mp4")), **{"id": 2, "width": 320, "height": 240, **more})


def streams(bases):
    def with_tracks(name, *args, make, ending="mp4", **more):
        return video(f"streams/{name}.{ending}", make, *args, **more)

    second = {"video_streams": 2, "notes": "several-streams"}
    in_320 = {"width": 320, "height": 240, "coded_width": 320, "coded_height": 240}
    yield with_tracks("sound", make=lambda: mp4.movie(plain(bases), sound(bases, count=18)), audio_streams=1)
    yield with_tracks("sound-first", make=lambda: mp4.movie(sound(bases, 1, 18), plain(bases, id=2)), audio_streams=1)
    yield with_tracks("sound-longer", make=lambda: mp4.movie(plain(bases), sound(bases, count=40)), audio_streams=1,
                      container_duration=5.056, warnings="duration-mismatch")
    yield with_tracks("sound-shorter", make=lambda: mp4.movie(plain(bases), sound(bases, count=8)), audio_streams=1)
    yield with_tracks("two-sounds", make=lambda: mp4.movie(plain(bases), sound(bases, 2, 18), sound(bases, 3, 18)),
                      audio_streams=2)
    yield with_tracks("sound-only", "no-video-stream", make=lambda: mp4.movie(sound(bases, 1)),
                      base={**NO_VIDEO, **{k: VIDEO[k] for k in ("container", "fragmented", "encrypted", "has_moov",
                                                                 "complete")}},
                      video_streams=0, audio_streams=1, other_streams=0, container_duration=2.528)
    yield with_tracks("two-videos", make=lambda: mp4.movie(plain(bases), small(bases)), **second)
    yield with_tracks("two-videos-first-disabled", make=lambda: mp4.movie(plain(bases, flags=0), small(bases)), **second,
                      **in_320)
    yield with_tracks("two-videos-both-disabled", make=lambda: mp4.movie(plain(bases, flags=0), small(bases, flags=0)),
                      **second)
    yield with_tracks("two-videos-second-longer", make=lambda: mp4.movie(plain(bases), repeated(small(bases), 125)),
                      **{**second, "container_duration": 5, "warnings": "duration-mismatch"})
    yield with_tracks("three-videos", make=lambda: mp4.movie(plain(bases), small(bases), plain(bases, id=3)),
                      **{**second, "video_streams": 3})
    yield with_tracks("disabled", make=lambda: mp4.movie(plain(bases, flags=0)))
    yield with_tracks("empty-video-first", make=lambda: mp4.movie(
        dataclasses.replace(small(bases), id=1, samples=[]), plain(bases, id=2)), **second)
    yield with_tracks("subtitles", make=lambda: mp4.movie(plain(bases), subtitles(bases)), other_streams=1)
    yield with_tracks("timecode", make=lambda: bases("timecode.mov"), ending="mov", **QUICKTIME, other_streams=1)
    yield with_tracks("metadata-track", make=lambda: mp4.movie(plain(bases), other("meta", "mebx")), other_streams=1)
    yield with_tracks("hint-track", make=lambda: mp4.movie(plain(bases), other("hint", "rtp ")), other_streams=1)
    yield with_tracks("unknown-track", make=lambda: mp4.movie(plain(bases), other("abcd", "wxyz")), other_streams=1)
    yield with_tracks("metadata-track-first", make=lambda: mp4.movie(other("meta", "mebx", 1), plain(bases, id=2)),
                      other_streams=1)
    yield with_tracks("many-tracks", make=lambda: mp4.movie(plain(bases), *(other("meta", "mebx", 2 + n) for n in range(40))),
                      other_streams=40)
    yield with_tracks("same-ids", make=lambda: mp4.movie(plain(bases), sound(bases, 1, 18)), audio_streams=1)
    yield with_tracks("chapters", make=lambda: mp4.movie(
        plain(bases, extra=box("tref", box("chap", struct.pack(">I", 2)))), other("text", "text", 2, payload=b"\0\3One")),
                      other_streams=1)
    yield with_tracks("chapter-pictures", make=lambda: mp4.movie(
        plain(bases, extra=box("tref", box("chap", struct.pack(">I", 2)))),
        dataclasses.replace(mp4.demux(bases("mjpeg.mp4")), id=2)), other_streams=1)
    yield with_tracks("cover", make=lambda: mp4.movie(plain(bases), more=cover(bases)), other_streams=1)
    yield with_tracks("cover-and-sound-only", "no-video-stream", make=lambda: mp4.movie(sound(bases, 1), more=cover(bases)),
                      base={**NO_VIDEO, **{k: VIDEO[k] for k in ("container", "fragmented", "encrypted", "has_moov",
                                                                 "complete")}},
                      video_streams=0, audio_streams=1, other_streams=1, container_duration=2.528)
    yield with_tracks("fragmented-as-ffmpeg-reads-it", make=lambda: mp4.fragmented(plain(bases)), fragmented=True,
                      container_duration=None)


def subtitles(bases):
    track = mp4.demux(bases("subtitles.mp4"), 1)
    return dataclasses.replace(track, id=2)


def cover(bases):
    item = box("covr", box("data", struct.pack(">II", 13, 0), bases("thumb.jpg")))
    return box("udta", full("meta", 0, 0, full("hdlr", 0, 0, bytes(4), b"mdirappl", bytes(9)), box("ilst", item)))


def alias(path):
    """An alias record of Mac OS: the name of the file, and its whole path (type 2)."""
    head = bytes(4) + struct.pack(">HHHH", 150, 2, 0, 0)
    return head + bytes(150 - len(head)) + struct.pack(">HH", 18, len(path)) + path + bytes(len(path) & 1) + \
        struct.pack(">Hh", 0xffff, 0)


def elsewhere(bases):
    """Files that name other files. The names are of files that are there, or would be seen to be asked for."""
    def named(name, *args, dref, ending="mov", **more):
        dinf = box("dinf", full("dref", 0, 0, struct.pack(">I", 1), dref))
        return video(f"elsewhere/{name}.{ending}", lambda: mp4.movie(plain(bases, dinf=dinf), brand="qt  "), *args,
                     **{**QUICKTIME, **more})

    gone = {"base": {**UNDECODED, "complete": None}}
    yield named("url-file", "unreadable", dref=full("url ", 0, 0, b"file:///etc/passwd\0"), **gone)
    yield named("url-http", "unreadable", dref=full("url ", 0, 0, b"http://127.0.0.1:9/movie.mov\0"), **gone)
    yield named("urn", "unreadable", dref=full("urn ", 0, 0, b"urn:x\0file:///etc/passwd\0"), **gone)
    yield named("alias", "unreadable", dref=full("alis", 0, 0, alias(b"/etc/passwd")), **gone)
    yield named("alias-beside", "unreadable", dref=full("alis", 0, 0, alias(b"plain.mp4")), **gone)
    yield named("resource", "unreadable", dref=full("rsrc", 0, 0, alias(b"/etc/passwd")), **gone)
    yield named("alias-to-itself", dref=full("alis", 0, 1))
    yield named("url-empty", dref=full("url ", 0, 0))
    yield named("flag-and-name", dref=full("url ", 0, 1, b"file:///etc/passwd\0"))
    yield video("elsewhere/no-dref.mov", lambda: mp4.movie(plain(bases, dinf=b""), brand="qt  "), **QUICKTIME)

    def references(*records):
        return box("rmra", *(box("rmda", full("rdrf", 0, 0, kind, struct.pack(">I", len(where)), where))
                             for kind, where in records))

    nothing = {"base": {**NO_VIDEO, "container": "MOV", "has_moov": True, "fragmented": False, "encrypted": False}}
    for name, record in (("file", (b"url ", b"file:///etc/passwd\0")), ("http", (b"url ", b"http://127.0.0.1:9/x.mov\0")),
                         ("relative", (b"url ", b"../edits/none.mp4\0")), ("alias", (b"alis", alias(b"/etc/passwd")))):
        yield video(f"elsewhere/reference-movie-{name}.mov",
                    lambda record=record: mp4.ftyp("qt  ") + box("moov", references(record)), "unreadable", **nothing)
    yield video("elsewhere/reference-beside-tracks.mov",
                lambda: mp4.movie(plain(bases), brand="qt  ", more=references((b"url ", b"file:///etc/passwd\0"))),
                **QUICKTIME)

    def packed(data, claimed=None):
        at, end = mp4.find(data, "moov")
        small_header = zlib.compress(data[at - 8:end])
        moov = box("moov", box("cmov", box("dcom", b"zlib"),
                               box("cmvd", struct.pack(">I", claimed or end - at + 8), small_header)))
        return data[:at - 8] + moov + box("free", bytes(end - at - len(moov))) + data[end:]

    unknown = {"base": {**NO_VIDEO, "container": "MOV", "has_moov": True, "fragmented": False, "encrypted": False},
               "decode": "unsupported"}
    yield video("elsewhere/compressed-header.mov", lambda: packed(mp4.movie(plain(bases), brand="qt  ")), "undetermined",
                "unsupported-variant", **unknown)


FAMILIES = [streams, elsewhere]
