"""What the corpus is cut from: a few tiny encodes."""
import concurrent.futures
import os
import pathlib
import subprocess

SIZE = "240x320"
FFMPEG = ["ffmpeg", "-nostdin", "-hide_banner", "-v", "error", "-y"]
SOURCE = ["-f", "lavfi", "-i", "testsrc2=size={size}:rate={rate}:duration={seconds}"]
SHARP = ["-fflags", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1", "-threads", "1"]
X264 = ["-c:v", "libx264", "-preset", "veryfast", "-g", "25", "-crf", "40"]

# name with extension: codec options. 60 frames in 2.4 s unless a size, a rate or a length says otherwise.
VIDEOS = {
    "plain.mp4": [*X264, "-bf", "0", "-pix_fmt", "yuv420p"],
    "bframes.mp4": [*X264, "-bf", "2", "-pix_fmt", "yuv420p"],
    "hevc.mp4": ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:pools=1:keyint=25:bframes=2",
                 "-crf", "40", "-pix_fmt", "yuv420p", "-tag:v", "hvc1"],
    "hevc10.mp4": ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:pools=1:keyint=25:bframes=0",
                   "-crf", "40", "-pix_fmt", "yuv420p10le", "-tag:v", "hvc1"],
    "pq.mp4": ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
               "log-level=none:pools=1:keyint=25:bframes=0:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc",
               "-crf", "40", "-pix_fmt", "yuv420p10le", "-tag:v", "hvc1", "-color_primaries", "bt2020", "-color_trc",
               "smpte2084", "-colorspace", "bt2020nc"],
    "hlg.mp4": ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
                "log-level=none:pools=1:keyint=25:bframes=0:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc",
                "-crf", "40", "-pix_fmt", "yuv420p10le", "-tag:v", "hvc1"],
    "av1.mp4": ["-c:v", "libaom-av1", "-cpu-used", "8", "-usage", "realtime", "-crf", "60", "-b:v", "0", "-g", "25",
                "-pix_fmt", "yuv420p"],
    "vp9.mp4": ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-crf", "60", "-b:v", "0", "-g", "25",
                "-pix_fmt", "yuv420p"],
    "vp8.avi": ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-g", "25", "-pix_fmt", "yuv420p"],
    "mpeg4.mp4": ["-c:v", "mpeg4", "-q:v", "31", "-g", "25"],
    "mpeg4.avi": ["-c:v", "mpeg4", "-q:v", "31", "-g", "25"],
    "mpeg4-bframes.avi": ["-c:v", "mpeg4", "-q:v", "31", "-g", "25", "-bf", "2"],
    "mpeg4-packed-sar.mp4": ["-c:v", "mpeg4", "-q:v", "31", "-g", "25", "-vf", "setsar=4/3"],
    "mjpeg.mp4": ["-c:v", "mjpeg", "-q:v", "31", "-pix_fmt", "yuvj420p"],
    "mjpeg.avi": ["-c:v", "mjpeg", "-q:v", "31", "-pix_fmt", "yuvj420p"],
    "prores.mov": ["-c:v", "prores_ks", "-profile:v", "0", "-qscale:v", "31"],
    "prores4444.mov": ["-c:v", "prores_ks", "-profile:v", "4", "-qscale:v", "31", "-pix_fmt", "yuva444p10le"],
    "dnxhr.mov": ["-c:v", "dnxhd", "-profile:v", "dnxhr_lb", "-pix_fmt", "yuv422p", "-vf", "scale=320:240,setsar=1"],
    "png.mov": ["-c:v", "png"],
    "qtrle.mov": ["-c:v", "qtrle"],
    "mpeg2.mp4": ["-c:v", "mpeg2video", "-q:v", "31", "-g", "25"],
    "mpeg1.mp4": ["-c:v", "mpeg1video", "-q:v", "31", "-g", "25"],
    "h263.mov": ["-c:v", "h263", "-q:v", "31", "-vf", "scale=352:288,setsar=1"],
    "svq1.mov": ["-c:v", "svq1", "-q:v", "31"],
    "msmpeg4v3.avi": ["-c:v", "msmpeg4", "-q:v", "31"],
    "msmpeg4v2.avi": ["-c:v", "msmpeg4v2", "-q:v", "31"],
    "wmv2.avi": ["-c:v", "wmv2", "-q:v", "31"],
    "ffv1.avi": ["-c:v", "ffv1", "-vf", "scale=200:200,setsar=1"],
    "huffyuv.avi": ["-c:v", "huffyuv", "-vf", "scale=200:200,setsar=1"],
    "utvideo.avi": ["-c:v", "utvideo", "-vf", "scale=200:200,setsar=1"],
    "raw.avi": ["-c:v", "rawvideo", "-pix_fmt", "yuv420p", "-vf", "scale=200:200,setsar=1"],
    "h264.avi": [*X264, "-bf", "0", "-pix_fmt", "yuv420p"],
    "h264-bframes.avi": [*X264, "-bf", "2", "-pix_fmt", "yuv420p"],
    "tff.mp4": [*X264, "-bf", "0", "-pix_fmt", "yuv420p", "-flags:v", "+bitexact+ildct+ilme", "-x264-params", "tff=1"],
    "bff.mp4": [*X264, "-bf", "0", "-pix_fmt", "yuv420p", "-flags:v", "+bitexact+ildct+ilme", "-x264-params", "bff=1"],
    "fake-interlaced.mp4": [*X264, "-bf", "0", "-pix_fmt", "yuv420p", "-x264-params", "fake-interlaced=1"],
    "tff.mov": ["-c:v", "prores_ks", "-profile:v", "0", "-qscale:v", "31", "-flags:v", "+bitexact+ildct", "-vf", "setfield=tff"],
    "mpeg2-tff.mp4": ["-c:v", "mpeg2video", "-q:v", "31", "-flags:v", "+bitexact+ildct+ilme", "-vf", "setfield=tff"],
    "sar.mp4": [*X264, "-bf", "0", "-pix_fmt", "yuv420p", "-vf", "setsar=4/3"],
    "yuv444.mp4": [*X264, "-bf", "0", "-pix_fmt", "yuv444p"],
    "yuv422-10.mp4": [*X264, "-bf", "0", "-pix_fmt", "yuv422p10le"],
    "grey.mp4": [*X264, "-bf", "0", "-pix_fmt", "gray"],
    "full-range.mp4": [*X264, "-bf", "0", "-pix_fmt", "yuvj420p"],
    "lossless.mp4": ["-c:v", "libx264", "-preset", "veryfast", "-qp", "0", "-bf", "0", "-pix_fmt", "yuv420p"],
    "cropped.mp4": [*X264, "-bf", "0", "-pix_fmt", "yuv420p", "-vf", "scale=246:322,setsar=1"],
    "small.mp4": [*X264, "-bf", "0", "-pix_fmt", "yuv420p", "-vf", "scale=320:240,setsar=1"],
    "av.mp4": [*X264, "-bf", "0", "-pix_fmt", "yuv420p", "-c:a", "aac", "-ac", "1", "-b:a", "24k"],
    "av.avi": ["-c:v", "mpeg4", "-q:v", "31", "-g", "25", "-c:a", "pcm_s16le", "-ac", "1", "-ar", "8000"],
    "subtitles.mp4": [*X264, "-bf", "0", "-pix_fmt", "yuv420p", "-c:s", "mov_text"],
    "timecode.mov": [*X264, "-bf", "0", "-pix_fmt", "yuv420p", "-timecode", "01:00:00:00"],
}
# Those of big codecs have 36 frames.
SLOW = {"prores4444.mov", "png.mov", "qtrle.mov", "ffv1.avi", "huffyuv.avi", "utvideo.avi", "raw.avi"}
SUBTITLES = "1\n00:00:00,100 --> 00:00:01,000\nOne\n\n2\n00:00:01,000 --> 00:00:02,000\nTwo\n"


class Bases:
    """The encodes, by name. Made all at once, read when asked for."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def __call__(self, name):
        return (self.folder / name).read_bytes()

    def _video(self, name, options):
        rate = 15 if name in SLOW else 25
        inputs = [part.format(size=SIZE, rate=rate, seconds=2.4) for part in SOURCE]
        if "-c:a" in options:
            inputs += ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=8000:duration=2.4"]
        if "-c:s" in options:
            (self.folder / "text.srt").write_text(SUBTITLES)
            inputs += ["-i", str(self.folder / "text.srt")]
        subprocess.run([*FFMPEG, *inputs, "-flags:v", "+bitexact", *options, *SHARP, str(self.folder / name)], check=True)

    def _stills(self):
        """Pictures that need a real encoder."""
        convert = "/usr/bin/convert"

        def run(*command, out=None):
            done = subprocess.run(list(map(str, command)), check=True, cwd=self.folder,
                                  stdout=subprocess.PIPE if out else None)
            if out:
                (self.folder / out).write_bytes(done.stdout)

        run(convert, "-size", SIZE, "gradient:red-blue", "-depth", "8", "base.ppm")
        run(convert, "base.ppm", "(", "-size", SIZE, "xc:white", "-fill", "black", "-draw", "rectangle 0,0 99,99", ")",
            "-alpha", "off", "-compose", "CopyOpacity", "-composite", "alpha.png")
        for name, options in {"baseline": [], "progressive": ["-progressive"], "arithmetic": ["-arithmetic"],
                              "arithmetic-progressive": ["-arithmetic", "-progressive"], "grey": ["-grayscale"],
                              "rgb": ["-rgb"], "411": ["-sample", "4x1"], "440": ["-sample", "1x2"],
                              "444": ["-sample", "1x1"], "restart": ["-restart", "1"],
                              "progressive-restart": ["-progressive", "-restart", "2B"]}.items():
            run("cjpeg", "-quality", "50", *options, "base.ppm", out=f"{name}.jpg")
        run(convert, "base.ppm", "-colorspace", "CMYK", "-quality", "50", "-strip", "cmyk.jpg")
        run(*FFMPEG, "-i", "base.ppm", "-c:v", "ljpeg", "-pix_fmt", "yuvj444p", "-f", "image2", "lossless.jpg")
        run(*FFMPEG, "-i", "base.ppm", "-c:v", "jpegls", "-f", "image2", "ls.jpg")
        run(convert, "base.ppm", "-resize", "160x120!", "-quality", "50", "-strip", "thumb.jpg")
        run("cwebp", "-quiet", "-q", "40", "base.ppm", "-o", "lossy.webp")
        run("cwebp", "-quiet", "-lossless", "-z", "0", "base.ppm", "-o", "lossless.webp")
        run("cwebp", "-quiet", "-q", "40", "alpha.png", "-o", "alpha.webp")
        run("cwebp", "-quiet", "-lossless", "-z", "0", "alpha.png", "-o", "lossless-alpha.webp")
        run("cwebp", "-quiet", "-q", "40", "-alpha_method", "0", "alpha.png", "-o", "alpha-raw.webp")
        run(convert, "base.ppm", "-quality", "50", "base.gif")
        for name in ("baseline", "progressive"):
            run("exiftool", "-q", "-n", "-Orientation=6", "-Make=Somebody", "-o", f"{name}-exiftool.jpg", f"{name}.jpg")

    def make(self, jobs):
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            waiting = [pool.submit(self._stills)]
            waiting += [pool.submit(self._video, name, options) for name, options in VIDEOS.items()]
            for job in waiting:
                job.result()


