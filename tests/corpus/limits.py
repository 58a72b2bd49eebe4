"""Both sides of every limit, in real files."""
import dataclasses
import struct

import avi
import mp4
import stills
from avis import AVI, stream
from images import BMP, PNG, TURNED, WEBP
from mp4 import Sample, Track, box
from movies import plain, repeated
from pictures import turned
from stills import app1, bmp, exif, insert, jpeg, png
from table import IMAGE, VIDEO, image, video

MB5, MIB5 = 5_000_000, 5_242_880
MB200, MIB200 = 200_000_000, 209_715_200
GREY = ((1, 1, 1),)
SIDES = [(199, 200), (200, 199), (200, 200), (201, 200), (4096, 4096), (4097, 4096), (4096, 4097), (200, 600), (200, 601),
         (600, 200), (601, 200), (1365, 4096), (1366, 4096), (4096, 1365), (4096, 1366), (199, 598), (4097, 1365)]


def judged(width, height, most):
    """The rules that a size breaks."""
    rules = []
    if not (200 <= width <= most and 200 <= height <= most):
        rules.append("resolution")
    if 3 * width < height or 3 * height < width:
        rules.append("aspect-ratio")
    return " ".join(rules)


def sized(width, height):
    return {"width": width, "height": height, "coded_width": width, "coded_height": height}


def image_sides(bases):
    def vp8l(width, height):
        """A lossless WebP of one colour: no transform, no cache, five codes of a single symbol each."""
        bits = "".join(f"{value:0{count}b}"[::-1] for value, count in (
            (0x2f, 8), (width - 1, 14), (height - 1, 14), (0, 1), (0, 3), (0, 1), (0, 1), (0, 1), *(((1, 1), (0, 1), (1, 1),
            (0, 8)) * 4), (1, 1), (0, 1), (0, 1), (0, 1)))
        bits += "0" * (-len(bits) % 8)
        return bytes(int(bits[i:i + 8][::-1], 2) for i in range(0, len(bits), 8))

    makers = (("jpg", lambda w, h: jpeg(w, h, GREY), {**IMAGE, "channels": 1, "color_model": "grey"}),
              ("png", lambda w, h: png(w, h, 1, 0), {**PNG, "channels": 1, "bits": 1, "color_model": "grey"}),
              ("bmp", lambda w, h: bmp(w, h, 1), {**BMP, "bits": 1, "color_model": "palette"}),
              ("webp", lambda w, h: stills.webp(stills.riff_chunk("VP8L", vp8l(w, h))), {**WEBP, "color_model": "rgb"}))
    for ending, make, base in makers:
        for w, h in SIDES:
            yield image(f"image-sides/{w}x{h}.{ending}", lambda make=make, w=w, h=h: make(w, h), judged(w, h, 4096), base=base,
                        **sized(w, h))
    grey = {**IMAGE, "channels": 1, "color_model": "grey"}
    for w, h in ((600, 200), (601, 200), (4096, 1365)):
        yield image(f"image-sides/{w}x{h}-turned.jpg", lambda w=w, h=h: insert(jpeg(w, h, GREY), app1(exif(8))),
                    judged(w, h, 4096), "orientation", base=grey, width=h, height=w, coded_width=w, coded_height=h,
                    exif_orientation=8)


def image_sizes(bases):
    makers = (("jpg", lambda: jpeg(240, 320), IMAGE), ("png", lambda: png(), PNG), ("bmp", lambda: bmp(), BMP),
              ("webp", lambda: bases("lossy.webp"), WEBP))
    for ending, make, base in makers:
        for size, errors, warnings in ((MB5 - 1, "", ""), (MB5, "", "size-unit"), (MIB5, "", "size-unit"),
                                       (MIB5 + 1, "size", "")):
            yield image(f"image-bytes/{size}.{ending}", lambda make=make, size=size: (make(), size), errors, warnings, base=base)


def video_sides(bases):
    """Motion JPEG, whose frames can have any size; in MP4 by the name that QuickTime gives it."""
    def entry(width, height):
        head = bytes(6) + struct.pack(">H", 1) + bytes(16) + struct.pack(">HHIII", width, height, 72 << 16, 72 << 16, 0)
        return box("jpeg", head + struct.pack(">H", 1) + bytes(32) + struct.pack(">Hh", 24, -1))

    def movie(width, height, matrix=mp4.UPRIGHT):
        sample = Sample(jpeg(width, height, GREY), 512, 0, True)
        track = Track([sample] * 60, entry(width, height), width=width, height=height, matrix=matrix)
        return mp4.movie(dataclasses.replace(track), brand="qt  ")

    def list_(width, height):
        frames = [jpeg(width, height, GREY)] * 60
        return avi.avi(avi.Stream(frames, avi.bitmap_header(width, height, b"MJPG"), b"MJPG"), width=width, height=height)

    grey = {"codec": "mjpeg", "pixel_format": "gray"}
    for w, h in [(199, 200), (200, 199), (200, 200), (2048, 2048), (2049, 2048), (2048, 2049), (200, 600), (200, 601), (600, 200),
                 (601, 200), (682, 2048), (683, 2048)]:
        yield video(f"video-sides/{w}x{h}.mov", lambda w=w, h=h: movie(w, h), judged(w, h, 2048),
                    **{**grey, "container": "MOV"}, **sized(w, h))
    for w, h in [(199, 200), (200, 200), (2048, 2048), (2048, 2049)]:
        yield video(f"video-sides/{w}x{h}.avi", lambda w=w, h=h: list_(w, h), judged(w, h, 2048), base={**AVI, **grey},
                    **sized(w, h))
    for w, h in ((601, 200), (600, 200)):
        yield video(f"video-sides/{w}x{h}-turned.mov", lambda w=w, h=h: movie(w, h, turned(90)), judged(w, h, 2048), "rotation",
                    **{**grey, "container": "MOV"}, width=h, height=w, coded_width=w, coded_height=h, rotation=90)


def video_sizes(bases):
    """The rest is a hole: a free box, and the space behind the last RIFF list."""
    def padded(size):
        data = mp4.movie(plain(bases))
        return data + struct.pack(">I4s", size - len(data), b"free"), size

    steps = ((MB200 - 1, "", ""), (MB200, "", "size-unit"), (MIB200, "", "size-unit"), (MIB200 + 1, "size", ""))
    for size, errors, warnings in steps:
        yield video(f"video-bytes/{size}.mp4", lambda size=size: padded(size), errors, warnings)
        yield video(f"video-bytes/{size}.avi", lambda size=size: (avi.avi(stream(bases)), size), errors, warnings, base=AVI)


def durations(bases):
    """A tick is 1/12800 s."""
    def lasting(ticks):
        frames, rest = divmod(ticks, 512)
        frames, rest = (frames, rest) if rest > 256 else (frames - 1, rest + 512)
        track = repeated(plain(bases), frames + 1)
        return dataclasses.replace(track, samples=[*track.samples[:-1], track.samples[-1]._replace(duration=rest)])

    def row(name, ticks, *args, **more):
        seconds = ticks / 12800
        frames = len(range(0, ticks, 512)) if ticks % 512 > 256 or ticks % 512 == 0 else ticks // 512
        return video(f"durations/{name}.mp4", lambda: mp4.movie(lasting(ticks), scale=12800), *args,
                     **{"duration": seconds, "container_duration": seconds, "frame_count": frames, **more})

    two, thirty = 2 * 12800, 30 * 12800
    yield row("2-less-a-tick", two - 1, "duration")
    yield row("2", two, "", "duration-edge")
    yield row("2-and-a-tick", two + 1)
    yield row("30-less-a-tick", thirty - 1)
    yield row("30", thirty, "", "duration-edge")
    yield row("30-and-a-tick", thirty + 1, "duration")
    yield row("60", 2 * thirty, "duration")

    def edited(name, length, *args, **more):
        track = lambda: repeated(plain(bases, edits=[(length, 0)]), 800)
        return video(f"durations/{name}.mp4", lambda: mp4.movie(track(), scale=90000), *args, duration=length / 90000,
                     container_duration=length / 90000, frame_count=800, **more)

    yield edited("edit-2-less-a-tick", 180000 - 1, "duration")
    yield edited("edit-2", 180000, "", "duration-edge")
    yield edited("edit-30", 2700000, "", "duration-edge")
    yield edited("edit-30-and-a-tick", 2700000 + 1, "duration")

    def fragmented(name, count, *args, **more):
        return video(f"durations/{name}.mp4", lambda: mp4.fragmented(repeated(plain(bases), count), per=50), *args,
                     fragmented=True, container_duration=None, duration=count / 25, frame_count=count, **more)

    yield fragmented("fragments-2", 50, "", "duration-edge")
    yield fragmented("fragments-just-under-2", 49, "duration")
    yield fragmented("fragments-30", 750, "", "duration-edge")
    yield fragmented("fragments-just-over-30", 751, "duration")
    for count, errors, warnings in ((49, "duration", ""), (50, "", "duration-edge"), (51, "", ""), (749, "", ""),
                                    (750, "", "duration-edge"), (751, "duration", "")):
        yield video(f"durations/{count}-frames.avi", lambda count=count: avi.avi(dataclasses.replace(stream(bases), frames=[
            stream(bases).frames[i % 60] for i in range(count)])), errors, warnings, base=AVI, duration=count / 25,
                    container_duration=count / 25, frame_count=count)


FAMILIES = [image_sides, image_sizes, video_sides, video_sizes, durations]
