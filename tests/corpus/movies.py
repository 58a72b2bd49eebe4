"""MP4 and MOV: times, fragments, layout and tracks."""
import dataclasses
import struct

import mp4
from mp4 import box, full
from table import NO_VIDEO, VIDEO, video

# Nothing of the picture is known but what the header says.
UNDECODED = {**VIDEO, "pixel_format": None, "bits": None, "interlaced": None, "hdr": None, "decode": "not-tried"}

TICK = 512  # of a frame, in a scale of 12800 a second


def plain(bases, **more):
    return dataclasses.replace(mp4.demux(bases("plain.mp4")), **more)


def reordered(bases, **more):
    """With B-frames: the first frame is shown two frames after its decode time."""
    track = mp4.demux(bases("bframes.mp4"))
    return dataclasses.replace(track, **{"edits": [(2400, 2 * TICK)], **more})


def retimed(track, durations, offsets=None):
    """The same samples at other times."""
    samples = [s._replace(duration=d) for s, d in zip(track.samples, durations)]
    if offsets:
        samples = [s._replace(offset=o) for s, o in zip(samples, offsets)]
    return dataclasses.replace(track, samples=samples)


def repeated(track, count):
    """So many samples, the same over and over again; key frames stay where they were."""
    return dataclasses.replace(track, samples=[track.samples[i % len(track.samples)] for i in range(count)])


def edits(bases):
    def edited(name, rows, *args, make=plain, track=None, **more):
        extra = track or {}
        return video(f"edits/{name}.mp4", lambda: mp4.movie(make(bases, edits=rows, **extra)), *args, **more)

    whole = (2400, 0)
    gap = {"warnings": "duration-mismatch"}
    yield edited("none", None)
    yield edited("whole", [whole])
    yield edited("skip", [(2200, 2560)], duration=2.2, container_duration=2.2)
    yield edited("skip-version-1", [(2200, 2560)], track={"elst_version": 1}, duration=2.2, container_duration=2.2)
    yield edited("empty", [(500, -1), whole], **gap, start_time=0.5, container_duration=2.9)
    yield edited("empty-version-1", [(500, -1), whole], track={"elst_version": 1}, **gap, start_time=0.5,
                 container_duration=2.9)
    yield edited("empty-twice", [(300, -1), (200, -1), whole], **gap, start_time=0.5, container_duration=2.9)
    yield edited("empty-at-end", [whole, (500, -1)], **gap, container_duration=2.9)
    yield edited("cut-end", [(2100, 0)], duration=2.1, container_duration=2.1)
    yield edited("cut-both", [(2050, 1280)], duration=2.05, container_duration=2.05)
    yield edited("too-short", [(1900, 1280)], "duration", duration=1.9, container_duration=1.9)
    yield edited("exactly-2", [(2000, 0)], warnings="duration-edge", duration=2, container_duration=2)
    yield edited("just-under-2", [(1999, 0)], "duration", duration=1.999, container_duration=1.999)
    yield edited("several", [(1200, 0), (1200, 15360)])
    yield edited("several-gap", [(1200, 0), (500, -1), (1200, 15360)], duration=2.9, container_duration=2.9)
    yield edited("backwards", [(1200, 15360), (1200, 0)])
    yield edited("repeat", [whole, whole], duration=4.8, container_duration=4.8)
    yield edited("beyond-end", [(5000, 0)], warnings="duration-mismatch", container_duration=5)
    yield edited("behind-media", [(2400, 128000)], "unreadable", base=UNDECODED, duration=None, start_time=None,
                 frame_rate=None, variable_frame_rate=None)
    yield edited("length-0", [(0, 0)], container_duration=None)
    yield edited("length-0-offset", [(0, 2560)], duration=2.2, container_duration=None)
    yield edited("no-entries", [], container_duration=None)
    yield edited("one-tick-in", [(2400, 1)], duration=30719 / 12800)
    yield edited("rate-2", [(1200, 0, 2 << 16)], "duration", duration=1.2, container_duration=1.2)
    yield edited("rate-half", [(4800, 0, 1 << 15)], warnings="duration-mismatch", container_duration=4.8)
    yield edited("rate-0-dwell", [whole, (1000, 0, 0)], duration=3.4, container_duration=3.4)
    yield edited("rate-negative", [(2400, 0, -1 << 16)])
    yield edited("media-time-minus-512", [(2400, -512)], "unreadable", base=UNDECODED, duration=None, start_time=None,
                 frame_rate=None, variable_frame_rate=None)
    yield edited("b-frames", [(2400, 2 * TICK)], make=reordered)
    yield edited("b-frames-cut", [(2200, 2 * TICK + 2560)], make=reordered, duration=2.2, container_duration=2.2)
    yield edited("b-frames-no-edit", None, make=reordered, start_time=0.08)
    yield edited("b-frames-short-offset", [(2400, TICK)], make=reordered, start_time=0.04, duration=2.36)
    claims = struct.pack(">I", 1000)

    def lying():
        data = mp4.movie(plain(bases, edits=[whole]))
        return mp4.patched(data, data.index(b"elst") + 8, claims)

    yield video("edits/count-lies.mp4", lying)
    for scale, length in ((600, 1440), (90000, 216000), (12800, 30720), (24, 58), (1, 3)):
        yield video(f"edits/movie-scale-{scale}.mp4",
                    lambda scale=scale, length=length: mp4.movie(plain(bases, edits=[(length, 0)]), scale=scale),
                    container_duration=length / scale, warnings="duration-mismatch" if scale == 1 else "")
    yield video("edits/movie-scale-1-cut.mp4", lambda: mp4.movie(plain(bases, edits=[(2, 0)]), scale=1),
                warnings="duration-edge", duration=2, container_duration=2)
    yield video("edits/movie-scale-0.mp4", lambda: mp4.movie(plain(bases, edits=[whole]), scale=0, length=2400),
                container_duration=None)


def times(bases):
    def timed(name, durations, *args, offsets=None, ending="mp4", track=None, **more):
        return video(f"times/{name}.{ending}", lambda: mp4.movie(retimed(plain(bases, **(track or {})), durations, offsets)),
                     *args, **more)

    vfr = {"warnings": "variable-frame-rate", "variable_frame_rate": True}
    yield timed("alternating", [256, 768] * 30, **vfr, frame_rate=25)
    yield timed("one-held", [512] * 30 + [5120] + [512] * 29, **vfr, duration=2.76, container_duration=2.76,
                frame_rate=60 / 2.76)
    yield timed("jitter-of-a-tick", [511, 513] * 30)
    yield timed("milliseconds", [40, 41, 39] * 20, track={"timescale": 1000})
    yield timed("last-frame-long", [512] * 59 + [12800], duration=(59 * 512 + 12800) / 12800,
                container_duration=3.36)
    yield timed("last-frame-0", [512] * 59 + [0], duration=2.36, container_duration=2.36)
    yield timed("ntsc", [1001] * 60, track={"timescale": 30000}, duration=2.002, container_duration=2.002,
                frame_rate=30000 / 1001)
    yield timed("film", [1001] * 60, track={"timescale": 24000}, duration=2.5025, container_duration=2.502,
                frame_rate=24000 / 1001)
    yield timed("slow-14", [1] * 60, track={"timescale": 14}, warnings="frame-rate", frame_rate=14,
                duration=60 / 14, container_duration=4.285)
    yield timed("slow-15", [1] * 60, track={"timescale": 15}, frame_rate=15, duration=4, container_duration=4)
    yield timed("fast-30", [2] * 60, track={"timescale": 60}, warnings="duration-edge", frame_rate=30, duration=2,
                container_duration=2)
    yield video("times/fast-60.mp4", lambda: mp4.movie(retimed(repeated(plain(bases, timescale=60), 180), [1] * 180)),
                frame_rate=60, duration=3, container_duration=3, frame_count=180)
    yield video("times/fast-61.mp4", lambda: mp4.movie(retimed(repeated(plain(bases, timescale=61), 183), [1] * 183)),
                warnings="frame-rate", frame_rate=61, duration=3, container_duration=3, frame_count=183)
    yield video("times/fast-240.mp4", lambda: mp4.movie(retimed(repeated(plain(bases, timescale=240), 600), [1] * 600)),
                warnings="frame-rate", frame_rate=240, duration=2.5, container_duration=2.5, frame_count=600)
    yield timed("start-later", [512] * 60, offsets=[12800] * 60, start_time=1)
    yield timed("offset-all", [512] * 60, offsets=[1024] * 60, start_time=0.08)
    yield timed("negative-start", [512] * 60, offsets=[-1024] * 60, track={"ctts_version": 1}, start_time=-0.08)
    yield timed("negative-start-of-a-second", [512] * 60, offsets=[-12800] * 60, track={"ctts_version": 1}, start_time=-1)
    yield video("times/negative-offsets-version-0.mp4",
                lambda: mp4.movie(retimed(plain(bases), [512] * 60, [-1024] * 60)), start_time=-0.08)
    yield video("times/negative-composition.mp4", lambda: mp4.movie(dataclasses.replace(
        reordered(bases, edits=None, ctts_version=1),
        samples=[s._replace(offset=s.offset - 2 * TICK) for s in reordered(bases).samples])))
    yield video("times/one-frame.mp4", lambda: mp4.movie(retimed(repeated(plain(bases), 1), [30720])),
                frame_count=1, frame_rate=1 / 2.4, warnings="frame-rate", variable_frame_rate=None)
    yield video("times/two-frames.mp4", lambda: mp4.movie(retimed(repeated(plain(bases), 2), [15360, 15360])),
                frame_count=2, frame_rate=12800 / 15360, warnings="frame-rate")
    yield video("times/no-frames.mp4", lambda: mp4.movie(dataclasses.replace(plain(bases), samples=[])),
                "unreadable", base=UNDECODED, duration=None, start_time=None, frame_rate=None, frame_count=0,
                variable_frame_rate=None, container_duration=None)
    yield video("times/all-at-once.mp4", lambda: mp4.movie(retimed(plain(bases), [0] * 60)), "undetermined",
                duration=None, start_time=None, frame_rate=None, variable_frame_rate=None, container_duration=None)
    yield video("times/scale-0.mp4", lambda: mp4.movie(plain(bases, timescale=12800)).replace(
        struct.pack(">IIH", 12800, 30720, 0x55c4), struct.pack(">IIH", 0, 30720, 0x55c4)), "undetermined",
                duration=None, start_time=None, frame_rate=None, frame_count=None, variable_frame_rate=None)
    yield video("times/stts-short.mp4", lambda: mp4.movie(plain(
        bases, tables={"stts": full("stts", 0, 0, struct.pack(">III", 1, 50, 512))})))
    yield video("times/stts-long.mp4", lambda: mp4.movie(plain(
        bases, tables={"stts": full("stts", 0, 0, struct.pack(">III", 1, 5000, 512))})))
    yield video("times/media-length-lies.mp4", lambda: mp4.movie(plain(bases, length=128000)),
                warnings="duration-mismatch", container_duration=10)
    yield video("times/media-length-0.mp4", lambda: mp4.movie(plain(bases, length=0)), container_duration=None)
    yield video("times/movie-length-unknown.mp4", lambda: mp4.movie(plain(bases), length=0xffffffff),
                container_duration=None)


def fragments(bases):
    def cut(name, *args, make=plain, brand="iso5", track=None, **more):
        how = more.pop("how", {})
        facts = {"fragmented": True, "container_duration": None, **more}
        return video(f"fragments/{name}.mp4", lambda: mp4.fragmented(make(bases, **(track or {})), brand=brand, **how), *args,
                     **facts)

    yield cut("plain")
    yield cut("one-frame-each", how={"per": 1})
    yield cut("one-fragment", how={"per": 60})
    yield cut("uneven", how={"per": 17})
    yield cut("defaults-in-tfhd", how={"defaults": "tfhd"})
    yield cut("defaults-in-trex", how={"defaults": "trex"})
    yield cut("tfdt-version-0", how={"tfdt": 0})
    yield cut("no-tfdt", how={"tfdt": None})
    yield cut("mehd", how={"mehd": 2400}, container_duration=2.4)
    yield cut("mehd-lies", how={"mehd": 9000}, container_duration=9, warnings="duration-mismatch")
    yield cut("sidx", how={"sidx": True})
    yield cut("mfra", how={"mfra": True})
    yield cut("starts-at-100-s", how={"first": 1280000}, start_time=100)
    yield cut("b-frames", make=reordered, track={"edits": None}, start_time=0.08)
    yield cut("b-frames-edit", make=reordered, track={"edits": [(0, 2 * TICK)]})
    yield cut("fragment-lost", how={"drop": (1,)}, frame_count=45, variable_frame_rate=True, warnings="variable-frame-rate",
              frame_rate=45 / 2.4)
    yield cut("first-fragment-lost", "duration", how={"drop": (0,)}, duration=1.8, start_time=0.6, frame_count=45)
    yield cut("dash", brand="dash")
    yield cut("cmfc", brand="cmfc")
    yield video("fragments/styp.mp4", lambda: styp_between(mp4.fragmented(plain(bases))), fragmented=True,
                container_duration=None)
    yield video("fragments/init-segment-only.mp4", lambda: mp4.fragmented(plain(bases), drop=range(9)), "unreadable",
                base=UNDECODED, fragmented=True, container_duration=None, duration=None, start_time=None, frame_rate=None,
                frame_count=0, variable_frame_rate=None)
    yield video("fragments/media-segment-only.mp4", lambda: only_media(mp4.fragmented(plain(bases))), "unreadable",
                base=NO_VIDEO, container="MP4", complete=False, has_moov=False)
    yield video("fragments/hybrid.mp4", lambda: hybrid(bases), fragmented=True, frame_count=75, duration=3,
                warnings="duration-mismatch")


def styp_between(data):
    """A segment type box in front of each fragment."""
    out = b""
    for kind, at, _, end in mp4.walk(data):
        out += (box("styp", b"msdh", bytes(4), b"msdhmsix") if kind == "moof" else b"") + data[at:end]
    return out


def only_media(data):
    start = next(at for kind, at, _, _ in mp4.walk(data) if kind == "moof")
    return box("styp", b"msdh", bytes(4), b"msdhmsix") + data[start:]


def hybrid(bases):
    """A movie with samples of its own that goes on in a fragment."""
    track = plain(bases)
    more = box("mvex", full("trex", 0, 0, struct.pack(">IIIII", 1, 1, 0, 0, 0)))
    return mp4.movie(track, more=more) + mp4.fragment(track, track.samples[:15], 1, 30720)


def layout(bases):
    def laid(name, *args, ending="mp4", track=None, how=None, **more):
        return video(f"layout/{name}.{ending}", lambda: mp4.movie(plain(bases, **(track or {})), **(how or {})), *args, **more)

    quicktime = {"container": "MOV", "ending": "mov"}
    yield laid("moov-last", how={"moov_last": True})
    yield laid("large-mdat", how={"mdat": mp4.large})
    yield laid("large-mdat-moov-last", how={"mdat": mp4.large, "moov_last": True})
    yield laid("large-moov", how={"moov": mp4.large})
    yield laid("co64", how={"wide": True})
    yield laid("co64-large-mdat", how={"wide": True, "mdat": mp4.large, "moov_last": True})
    yield laid("endless-mdat", how={"mdat": mp4.endless})
    yield laid("endless-moov", how={"moov": mp4.endless, "moov_last": True})
    yield laid("free-before", how={"before": box("free", bytes(1000))})
    yield laid("free-between", how={"between": box("skip", bytes(1000)) + box("free")})
    yield laid("wide", **quicktime, how={"head": mp4.ftyp("qt  "), "between": box("wide")})
    yield laid("no-ftyp", **quicktime, how={"head": b""})
    yield laid("no-ftyp-mdat-first", **quicktime, how={"head": b"", "moov_last": True})
    yield laid("wide-mdat-first", **quicktime, how={"head": b"", "before": box("wide"), "moov_last": True})
    yield laid("preview-first", **quicktime, how={"head": box("pnot", bytes(12)), "moov_last": True})
    yield laid("uuid-behind-ftyp", how={"before": box("uuid", bytes(range(16)), bytes(100))})
    yield laid("free-behind", how={"after": box("free", bytes(64))})
    yield laid("unknown-boxes", how={"before": box("abcd", b"?"), "between": box("\xa9xyz", b"?"), "after": box("efgh")})
    yield laid("trailing-zeroes", how={"after": bytes(4096)})
    yield laid("trailing-text", how={"after": b"This was added by a transfer program.\n" * 9})
    yield laid("two-mdat", how={"between": box("mdat", bytes(100))})
    yield laid("empty-mdat-behind", how={"after": box("mdat")})
    yield laid("second-moov", how={"after": box("moov", mp4.mvhd([], 1000, 9000))})
    yield laid("metadata", how={"more": box("udta", full("meta", 0, 0, full("hdlr", 0, 0, bytes(4), b"mdirappl", bytes(9)),
                                                         box("ilst", box("\xa9nam", box("data", struct.pack(">II", 1, 0),
                                                                                     b"A title")))))})
    yield laid("samples-behind-the-end", "truncated", base=UNDECODED, complete=False, decode="failed", track={"tables": {"stco": full(
        "stco", 0, 0, struct.pack(">I60I", 60, *(10_000_000 + i for i in range(60))))}})
    yield laid("samples-past-4-gb", "truncated", base=UNDECODED, complete=False, decode="failed", track={"tables": {"stco": full(
        "co64", 0, 0, struct.pack(">I60Q", 60, *((1 << 33) + i for i in range(60))))}})
    yield video("layout/mdat-cut.mp4", lambda: mp4.movie(plain(bases))[:-500], "truncated", complete=False)
    yield video("layout/large-mdat-cut.mp4", lambda: mp4.movie(plain(bases), mdat=mp4.large)[:-500], "truncated",
                complete=False)
    yield video("layout/moov-cut.mp4", lambda: mp4.movie(plain(bases), moov_last=True)[:-50], "unreadable",
                base=NO_VIDEO, container="MP4", complete=False, has_moov=False)
    yield video("layout/no-moov.mp4", lambda: mp4.ftyp() + box("mdat", bytes(5000)), "unreadable",
                base=NO_VIDEO, container="MP4", complete=False, has_moov=False)
    yield video("layout/ftyp-only.mp4", lambda: mp4.ftyp(), "unreadable",
                base=NO_VIDEO, container="MP4", complete=False, has_moov=False)


def brands(bases):
    def branded(brand, ending, *args, stored=None, **more):
        name = "".join(c if c.isalnum() else "_" for c in brand)
        return video(f"brands/{name}.{ending}", lambda: mp4.movie(plain(bases), brand=stored or brand), *args, **more)

    for brand in ("isom", "iso2", "iso4", "iso6", "iso8", "mp41", "mp42", "avc1", "MSNV", "f4v ", "XAVC", "NDSC", "abcd",
                  "dash", "mmp4", "iphE"):
        yield branded(brand, "mp4")
    yield branded("null", "mp4", stored="\0\0\0\0")
    yield branded("qt  ", "mov", container="MOV")
    for brand in ("M4V ", "M4VH", "M4VP"):
        yield branded(brand, "mp4", notes="brand", container="M4V")
    yield video("brands/itunes.m4v", lambda: mp4.movie(plain(bases), brand="M4V "), "", "extension", "brand", container="M4V")
    for brand in ("3gp4", "3gp5", "3gp6", "3g2a", "3gr6"):
        yield branded(brand, "3gp", "format", container="3GP")
    yield video("brands/mp4-named.mov", lambda: mp4.movie(plain(bases)), warnings="extension")
    yield video("brands/mov-named.mp4", lambda: mp4.movie(plain(bases), brand="qt  "), warnings="extension", container="MOV")
    yield video("brands/mp4-named.avi", lambda: mp4.movie(plain(bases)), warnings="extension")
    yield video("brands/no-extension", lambda: mp4.movie(plain(bases)), warnings="extension")
    yield video("brands/capitals.MP4", lambda: mp4.movie(plain(bases)))
    yield video("brands/two-dots.tar.mp4", lambda: mp4.movie(plain(bases)))
    for brand, container in (("heic", "HEIF"), ("mif1", "HEIF"), ("avif", "AVIF"), ("jp2 ", "JPEG 2000"),
                             ("crx ", "unknown")):
        yield video(f"brands/{brand.strip()}.mp4", lambda brand=brand: mp4.movie(plain(bases), brand=brand), "format",
                    base=NO_VIDEO, container=container)


FAMILIES = [edits, times, fragments, layout, brands]
assert set(NO_VIDEO) == set(VIDEO)
