"""AVI."""
import dataclasses
import struct

import avi
from table import NO_VIDEO, VIDEO, video

AVI = {**VIDEO, "container": "AVI", "has_moov": None, "fragmented": None, "codec": "mpeg4"}
UNDECODED = {**AVI, "pixel_format": None, "bits": None, "interlaced": None, "hdr": None, "decode": "not-tried"}
SQUARE = {"width": 200, "height": 200, "coded_width": 200, "coded_height": 200, "frame_count": 36, "frame_rate": 15}


def stream(bases, **more):
    return dataclasses.replace(avi.demux(bases("mpeg4.avi")), **{"scale": 1, "rate": 25, **more})


def pcm(seconds=2.4):
    strf = struct.pack("<HHIIHHH", 1, 1, 8000, 16000, 2, 16, 0)
    return avi.Stream([bytes(640)] * round(seconds * 25), strf, bytes(4), b"auds", 1, 8000,
                      length=round(seconds * 8000), sample_size=2)


def layouts(bases):
    def laid(name, *args, how=None, strh=None, ending="avi", **more):
        return video(f"avi/{name}.{ending}", lambda: avi.avi(stream(bases, **(strh or {})), **(how or {})), *args,
                     **{"base": AVI, **more})

    yield laid("plain")
    yield laid("absolute-index", how={"index_base": "file"})
    yield laid("no-index", how={"idx1": False})
    yield laid("junk-before-frames", how={"before": avi.chunk("JUNK", bytes(2000))})
    yield laid("junk-behind", how={"after": bytes(3000)})
    yield laid("records", how={"rec": True})
    yield laid("db-frames", how={"suffix": "db"})
    yield laid("opendml", how={"odml": True})
    yield laid("opendml-no-idx1", how={"odml": True, "idx1": False})
    yield laid("opendml-two-lists", how={"odml": True, "split": 40})
    yield laid("opendml-two-lists-total-lies", how={"odml": True, "split": 40, "total": 40, "odml_total": 7})
    yield laid("two-lists-no-index", how={"idx1": False, "split": 40})
    yield laid("total-0", how={"total": 0})
    yield laid("total-too-large", how={"total": 100000})
    yield laid("total-too-small", how={"total": 3})
    yield laid("avih-rate-wrong", how={"frame_us": 1000000})
    yield laid("avih-rate-0", how={"frame_us": 0})
    yield laid("strh-length-0", strh={"length": 0})
    yield laid("strh-length-too-large", strh={"length": 6000}, container_duration=240, warnings="duration-mismatch")
    yield laid("strh-length-too-small", strh={"length": 10}, container_duration=0.4, warnings="duration-mismatch")
    yield laid("ntsc", strh={"scale": 1001, "rate": 30000}, frame_rate=30000 / 1001, duration=2.002, container_duration=2.002)
    yield laid("microseconds", strh={"scale": 40000, "rate": 1000000})
    yield laid("rate-10", strh={"rate": 10}, frame_rate=10, duration=6, container_duration=6, warnings="frame-rate")
    yield laid("rate-100", "duration", "frame-rate", strh={"rate": 100}, frame_rate=100, duration=0.6,
               container_duration=0.6)
    yield laid("rate-0", strh={"rate": 0})
    yield laid("scale-0", strh={"scale": 0})
    yield laid("starts-later", strh={"start": 25}, start_time=1)
    yield laid("riff-size-0", "truncated", how={"riff_size": 0}, complete=False)
    yield laid("riff-size-all-ones", "truncated", how={"riff_size": 0xffffffff}, complete=False)
    yield laid("no-frames", "unreadable", strh={"frames": []}, base=UNDECODED, frame_count=0, duration=None, start_time=None,
               frame_rate=None, variable_frame_rate=None, container_duration=None)
    yield video("avi/dropped-frames.avi", lambda: avi.avi(dropped(stream(bases), 2)), warnings="variable-frame-rate frame-rate",
                base=AVI, duration=4.8, frame_count=60, frame_rate=12.5, variable_frame_rate=True, container_duration=4.8)
    yield video("avi/one-dropped-frame.avi", lambda: avi.avi(dropped(stream(bases), 60)), base=AVI, frame_count=60,
                duration=2.44, container_duration=2.44)
    yield video("avi/sound.avi", lambda: avi.avi(stream(bases), pcm()), base=AVI, audio_streams=1)
    yield video("avi/sound-longer.avi", lambda: avi.avi(stream(bases), pcm(5)), base=AVI, audio_streams=1,
                container_duration=5, warnings="duration-mismatch")
    yield video("avi/sound-as-ffmpeg-writes-it.avi", lambda: bases("av.avi"), base=AVI, audio_streams=1)
    yield video("avi/sound-only.avi", lambda: avi.avi(pcm()), "no-video-stream", base={**NO_VIDEO, "container": "AVI",
                "encrypted": False, "complete": True}, video_streams=0, audio_streams=1, other_streams=0,
                container_duration=2.4)
    yield video("avi/two-videos.avi", lambda: avi.avi(stream(bases), stream(bases)), notes="several-streams", base=AVI,
                video_streams=2)
    yield video("avi/cut.avi", lambda: avi.avi(stream(bases))[:-9000], "truncated", base=AVI, complete=False,
                frame_count=49, duration=1.96)
    yield video("avi/header-only.avi", lambda: avi.avi(stream(bases))[:250], "unreadable", base=UNDECODED,
                complete=False, frame_count=0, duration=None, start_time=None, frame_rate=None, variable_frame_rate=None)
    yield video("avi/avi-named.mp4", lambda: avi.avi(stream(bases)), warnings="extension", base=AVI)


def dropped(stream, every):
    """An empty chunk, which means that the frame before is shown on, after so many."""
    frames = []
    for i, frame in enumerate(stream.frames, 1):
        frames += [frame, b""] if i % every == 0 or every == 2 else [frame]
    return dataclasses.replace(stream, frames=frames)


def inside(bases):
    """Codecs in AVI."""
    def coded(name, **facts):
        return video(f"avi-codecs/{name}.avi", lambda: bases(f"{name}.avi"), base=AVI,
                     **{"codec": name.split("-")[0], **facts})

    yield coded("mpeg4-bframes")
    yield coded("mjpeg", pixel_format="yuvj420p")
    yield coded("h264")
    yield coded("h264-bframes")
    yield coded("vp8", warnings="codec")
    yield coded("msmpeg4v3")
    yield coded("msmpeg4v2")
    yield coded("ffv1", warnings="codec", **SQUARE)
    yield coded("huffyuv", warnings="codec", **SQUARE, pixel_format="yuv422p")
    yield coded("raw", **{**SQUARE, "codec": "rawvideo", "warnings": "codec"})
    yield coded("wmv2", warnings="codec unsupported-variant", decode="unsupported", pixel_format=None, bits=None,
                interlaced=None, hdr=None)
    yield coded("utvideo", warnings="codec unsupported-variant", decode="unsupported", **SQUARE, pixel_format=None, bits=None,
                interlaced=None, hdr=None)

    def raw(height, bits, frames=30, palette=b"", extra=b""):
        strf = avi.bitmap_header(200, height, bytes(4), bits) + palette
        size = (200 * bits + 31) // 32 * 4 * abs(height)
        return avi.avi(avi.Stream([bytes(size)] * frames, strf, b"DIB ", rate=15, extra=extra), suffix="db", width=200, height=200)

    raw_facts = {"codec": "rawvideo", "warnings": "codec duration-edge", "width": 200, "height": 200, "coded_width": 200,
                 "coded_height": 200, "frame_rate": 15, "frame_count": 30, "duration": 2, "container_duration": 2}
    yield video("avi-codecs/raw-24.avi", lambda: raw(200, 24), base=AVI, **raw_facts, pixel_format="bgr24")
    yield video("avi-codecs/raw-top-down.avi", lambda: raw(-200, 24), base=AVI, **raw_facts, pixel_format="bgr24")
    yield video("avi-codecs/raw-16.avi", lambda: raw(200, 16), base=AVI, **raw_facts, pixel_format="rgb555le", bits=5)
    yield video("avi-codecs/raw-palette.avi", lambda: raw(200, 8, palette=bytes(range(256)) * 4), base=AVI, **raw_facts,
                pixel_format="pal8")

    def vprp(x, y):
        """The video properties header (OpenDML 1.02) with a picture's aspect ratio."""
        return avi.chunk("vprp", struct.pack("<IIIIIHHIII", 0, 0, 25, 240, 320, y, x, 240, 320, 1) + bytes(32))

    yield video("avi-codecs/vprp-4-3.avi", lambda: avi.avi(stream(bases, extra=vprp(4, 3))), base=AVI,
                warnings="sample-aspect-ratio", sample_aspect_ratio="16:9", width=427)
    yield video("avi-codecs/vprp-square.avi", lambda: avi.avi(stream(bases, extra=vprp(3, 4))), base=AVI)
    yield video("avi-codecs/unknown.avi", lambda: avi.avi(stream(bases, fourcc=b"zzzz", strf=avi.bitmap_header(
        240, 320, b"zzzz"))), "undetermined", "unsupported-variant", base={**UNDECODED, "codec": None, "decode": "unsupported"})


FAMILIES = [layouts, inside]
