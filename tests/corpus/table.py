"""The table of the corpus: what each file is made of, and what must be said of it."""
import dataclasses

# Facts that are compared, with the values of the plain video. None: the fact is not in the document.
VIDEO = {
    "container": "MP4", "fragmented": False, "encrypted": False, "has_moov": True, "complete": True,
    "video_streams": 1, "audio_streams": 0, "other_streams": 0,
    "codec": "h264", "pixel_format": "yuv420p", "bits": 8, "interlaced": False, "hdr": False,
    "width": 240, "height": 320, "coded_width": 240, "coded_height": 320, "rotation": 0, "flipped": False,
    "sample_aspect_ratio": "1:1",
    "duration": 2.4, "container_duration": 2.4, "start_time": 0, "frame_rate": 25, "frame_count": 60,
    "variable_frame_rate": False, "decode": "ok",
}
IMAGE = {
    "format": "JPEG", "width": 240, "height": 320, "coded_width": 240, "coded_height": 320,
    "exif_orientation": None, "channels": 3, "bits": 8, "color_model": "ycbcr", "has_alpha": False,
    "transparent": False, "animated": False, "frame_count": 1, "complete": True, "variant": None, "decode": "ok",
}
# What is left of them where nothing could be told.
NO_VIDEO = {**{fact: None for fact in VIDEO}, "decode": "not-tried"}
NO_IMAGE = {**{fact: None for fact in IMAGE}, "decode": "not-tried"}


@dataclasses.dataclass
class Row:
    name: str  # the file, in the folder of its family
    make: object  # gives the bytes; or (bytes, length): bytes, and a hole up to that length
    medium: str
    facts: dict
    errors: set
    warnings: set
    notes: set
    hostile: bool = False  # bounded in time and memory, and never accepted


def row(medium, name, make, base, errors="", warnings="", notes="", hostile=False, **facts):
    unknown = set(facts) - set(base)
    assert not unknown, (name, unknown)

    def rules(text):
        return {f"{medium}.{rule}" for rule in text.split()}

    return Row(name, make, medium, {**base, **facts}, rules(errors), rules(warnings), rules(notes), hostile)


def video(name, make, errors="", warnings="", notes="", base=None, **more):
    return row("video", name, make, VIDEO if base is None else base, errors, warnings, notes, **more)


def image(name, make, errors="", warnings="", notes="", base=None, **more):
    return row("image", name, make, IMAGE if base is None else base, errors, warnings, notes, **more)
