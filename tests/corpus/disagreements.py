"""Where wanprep and ffprobe disagree on a fact of a file of the corpus: what ffprobe says, who is right, and why.

A disagreement that is not here fails the test, and so does a row for one that is gone.
"""
OURS, THEIRS, NEITHER = "wanprep", "ffprobe", "neither"

WHOLE_FRAMES = "ffprobe adds up whole frames of the media; the edit list cuts in time"
LAST_EDIT = "ffprobe does not count what is shown twice, or held, or the gap in between: players do"
NO_EDIT = "nothing is shown by the edit list, so there is nothing to measure; ffprobe passes the list over"
REST = "an edit of length 0 means the rest of the media (ISO/IEC 14496-12, 8.6.6, fragments); ffprobe takes it for 0"
MEDIA_FIRST = "the edit begins before the first frame is shown, so a part of it shows nothing; ffprobe passes that over"
LAST_FRAME = "the last frame's own duration is no part of the rhythm; ffprobe divides by the whole length"
TABLE_END = "all samples of stsz are played; ffprobe's number is the sum of stts"
HEADER_0 = "the header says 0, the samples do not"
NO_TIME = "all frames have the same time, or none: nothing can be told, and ffprobe guesses"
LATE = "ffprobe counts the time before the first fragment as duration"
LOST = "the fragment that is missing takes its frames with it; ffprobe's rate is that of the frames around"
HYBRID = "the frames in fragments count, too"
FOREIGN = "by its brand the file is a picture; a reader that goes by content does not open it as a video"
MIRRORED = "ffprobe takes a mirroring for a rotation: the sign of the determinant is not looked at"
ROUNDED = "ffprobe cuts 29.99 degrees down"
SINGULAR = "a matrix without an inverse turns nothing"
EMPTY_TRACK = "the first track has no frames, players show the second"
OUTSIDE = "the frames are in another file; ffprobe opens it, or takes whatever is at these places in this one"
PACKED = "ffprobe unpacks the header into memory of any size that the file asks for; wanprep does not, and says so"
STRH = "the frames that are there count, not the header's word"
STRH_START = "the stream begins later by the header's word (dwStart); ffprobe leaves it out"
EMPTY_CHUNK = "an empty chunk shows the frame before it on, and is no frame"
CUT = "the frames that are wholly there count"
NO_DECODER = "there is no decoder for it here, and only a decoder knows"
SIZE_UNKNOWN = "the recorder died; what is there can be counted"

_nothing = {"codec": ("h264", OURS, FOREIGN), "pixel_format": ("yuv420p", OURS, FOREIGN), "coded_width": (240, OURS, FOREIGN),
            "coded_height": (320, OURS, FOREIGN), "duration": (2.4, OURS, FOREIGN), "frame_rate": (25, OURS, FOREIGN),
            "frame_count": (60, OURS, FOREIGN), "sample_aspect_ratio": ("1:1", OURS, FOREIGN)}

TABLE = {
    "edits/just-under-2.mp4": {"duration": (1.998984, OURS, WHOLE_FRAMES)},
    "edits/several-gap.mp4": {"duration": (2.4, OURS, LAST_EDIT)},
    "edits/repeat.mp4": {"duration": (2.4, OURS, LAST_EDIT)},
    "edits/rate-0-dwell.mp4": {"duration": (2.4, OURS, LAST_EDIT)},
    "edits/behind-media.mp4": {"duration": (2.4, OURS, NO_EDIT), "frame_rate": (25, OURS, NO_EDIT),
                               "pixel_format": ("yuv420p", OURS, NO_EDIT)},
    "edits/media-time-minus-512.mp4": {"duration": (2.4, NEITHER, NO_EDIT), "frame_rate": (25, NEITHER, NO_EDIT),
                                       "pixel_format": ("yuv420p", NEITHER, NO_EDIT)},
    "edits/length-0.mp4": {"duration": (0, OURS, REST)},
    "edits/length-0-offset.mp4": {"duration": (0, OURS, REST)},
    "edits/one-tick-in.mp4": {"duration": (2.4, OURS, WHOLE_FRAMES)},
    "edits/b-frames-short-offset.mp4": {"duration": (2.4, OURS, MEDIA_FIRST), "start_time": (0, OURS, MEDIA_FIRST)},
    "times/last-frame-long.mp4": {"frame_rate": (60 / 3.36, OURS, LAST_FRAME)},
    "times/last-frame-0.mp4": {"frame_rate": (60 / 2.36, OURS, LAST_FRAME)},
    "times/all-at-once.mp4": {"frame_rate": (25, OURS, NO_TIME)},
    "times/scale-0.mp4": {"duration": (30720, OURS, NO_TIME), "frame_rate": (1 / 512, OURS, NO_TIME),
                          "frame_count": (60, THEIRS, NO_TIME)},
    "times/stts-short.mp4": {"duration": (2, OURS, TABLE_END), "frame_count": (50, OURS, TABLE_END)},
    "times/stts-long.mp4": {"frame_count": (5000, OURS, TABLE_END)},
    "times/media-length-0.mp4": {"duration": (0, OURS, HEADER_0)},
    **{f"durations/{name}.mp4": {"frame_rate": (rate, OURS, LAST_FRAME)} for name, rate in (
        ("2-less-a-tick", 50 / (25599 / 12800)), ("2-and-a-tick", 50 / (25601 / 12800)),
        ("30-less-a-tick", 750 / (383999 / 12800)), ("30-and-a-tick", 750 / (384001 / 12800)))},
    "durations/edit-2-less-a-tick.mp4": {"duration": (2, OURS, WHOLE_FRAMES)},
    "fragments/starts-at-100-s.mp4": {"duration": (102.4, OURS, LATE)},
    "fragments/first-fragment-lost.mp4": {"duration": (2.4, OURS, LATE)},
    "fragments/fragment-lost.mp4": {"frame_rate": (25, OURS, LOST)},
    "fragments/hybrid.mp4": {"frame_count": (60, OURS, HYBRID)},
    **{f"brands/{brand}.mp4": _nothing for brand in ("heic", "mif1", "jp2", "crx")},
    "matrices/flipped-0.mp4": {"rotation": (180, OURS, MIRRORED)},
    "matrices/flipped-90.mp4": {"rotation": (270, OURS, MIRRORED)},
    "matrices/flipped-180.mp4": {"rotation": (0, OURS, MIRRORED)},
    "matrices/flipped-270.mp4": {"rotation": (90, OURS, MIRRORED)},
    "matrices/odd-30.mp4": {"rotation": (29, OURS, ROUNDED)},
    "matrices/zero.mp4": {"rotation": (8, OURS, SINGULAR)},
    "surgery/flat-matrix.mp4": {"rotation": (8, OURS, SINGULAR)},
    "streams/empty-video-first.mp4": {"coded_width": (320, OURS, EMPTY_TRACK), "coded_height": (240, OURS, EMPTY_TRACK)},
    **{f"elsewhere/{name}.mov": {"pixel_format": ("yuv420p", OURS, OUTSIDE)}
       for name in ("url-file", "url-http", "urn", "alias", "alias-beside", "resource")},
    "elsewhere/compressed-header.mov": {fact: (value, THEIRS, PACKED) for fact, (value, _, _) in _nothing.items()},
    "avi/strh-length-0.avi": {"duration": (0, OURS, STRH)},
    "avi/strh-length-too-large.avi": {"duration": (240, OURS, STRH), "frame_count": (6000, OURS, STRH)},
    "avi/strh-length-too-small.avi": {"duration": (0.4, OURS, STRH), "frame_count": (10, OURS, STRH)},
    "avi/starts-later.avi": {"start_time": (0, OURS, STRH_START)},
    "avi/riff-size-all-ones.avi": {"duration": (0, OURS, SIZE_UNKNOWN)},
    "avi/no-frames.avi": {"frame_rate": (25, OURS, STRH)},
    "avi/dropped-frames.avi": {"frame_rate": (25, OURS, EMPTY_CHUNK), "frame_count": (120, OURS, EMPTY_CHUNK)},
    "avi/one-dropped-frame.avi": {"frame_count": (61, OURS, EMPTY_CHUNK)},
    "avi/cut.avi": {"duration": (1.88, OURS, CUT), "frame_count": (60, OURS, CUT)},
    "avi/header-only.avi": {"frame_rate": (25, OURS, CUT), "frame_count": (60, OURS, CUT)},
    "avi-codecs/wmv2.avi": {"pixel_format": ("yuv420p", THEIRS, NO_DECODER)},
    "avi-codecs/utvideo.avi": {"pixel_format": ("yuv420p", THEIRS, NO_DECODER)},
}
