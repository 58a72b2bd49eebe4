"""Makes the files that are measured, once, in a folder that is kept."""
import os
import subprocess

SOURCE = "testsrc2=size={size}:rate=30:duration={seconds}"


def make(path, *command):
    """Runs a command that writes the file named by {}, unless it is there."""
    if not path.exists():
        part = path.with_name("part-" + path.name)
        subprocess.run([os.fspath(part) if word == "{}" else os.fspath(word) for word in command], check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        part.rename(path)
    return path


def ffmpeg(path, *options, size="720x1280", seconds=5):
    return make(path, "ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i",
                SOURCE.format(size=size, seconds=seconds), *options, "{}")


H264 = ("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p")


VIDEOS = {
    "MP4 H.264, index last": ("last.mp4", *H264),
    "MP4 H.264, index first": ("first.mp4", *H264, "-movflags", "+faststart"),
    "MOV ProRes": ("prores.mov", "-c:v", "prores_ks", "-profile:v", "1"),
    "MOV HEVC": ("hevc.mov", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", "-tag:v", "hvc1",
                 "-pix_fmt", "yuv420p"),
    "AVI MPEG-4": ("mpeg4.avi", "-c:v", "mpeg4", "-q:v", "4"),
    "AVI MJPEG": ("mjpeg.avi", "-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p"),
}


def videos(folder, one):
    """All kinds, or one."""
    return {name: ffmpeg(folder / file, *options) for name, (file, *options) in list(VIDEOS.items())[:1 if one else None]}


SIZES = {"1 megapixel": (864, 1152), "12 megapixels": (3000, 4000)}


def images(folder, small):
    """Each format in two sizes, or in the small one."""
    found = {}
    for size, (width, height) in list(SIZES.items())[:1 if small else None]:
        name = size.split()[0]
        png = make(folder / f"{name}.png", "convert", "-size", f"{width}x{height}", "plasma:tan-navy", "-depth", "8", "{}")
        found[f"JPEG, {size}"] = make(folder / f"{name}.jpg", "convert", png, "-quality", "90", "{}")
        found[f"PNG, {size}"] = png
        found[f"WebP, {size}"] = make(folder / f"{name}.webp", "cwebp", "-quiet", "-q", "90", png, "-o", "{}")
    return found


def people(folder, person):
    """A still of somebody, and videos of 10 s in which they sway before grain, with many key frames and with few."""
    def video(path, interval):
        return make(path, "ffmpeg", "-nostdin", "-v", "error", "-y", "-loop", "1", "-i", person, "-t", "10", "-r", "25", "-vf",
                    "scale=540:720,pad=1280:720:-1:-1:gray,rotate=0.05*sin(t*3):c=gray,noise=alls=6:allf=t", *H264, "-crf", "23",
                    "-g", interval, "{}")

    return {
        "still, 1200x1600": make(folder / "person.jpg", "convert", person, "-resize", "1200x1600!", "-quality", "92", "{}"),
        "still, 3000x4000": make(folder / "person12.jpg", "convert", person, "-resize", "3000x4000!", "-quality", "92", "{}"),
        "video, 1280x720, 10 s, a key frame a second": video(folder / "person-25.mp4", "25"),
        "video, 1280x720, 10 s, one key frame": video(folder / "person-250.mp4", "250"),
    }


def picture_mb(name):
    """What an image takes when it is decoded, in three bytes a pixel."""
    width, height = SIZES[name.split(", ")[1]]
    return width * height * 3 / (1 << 20)


def lengths(folder, seconds):
    """Videos of one kind that are that long, and as large."""
    return {each: ffmpeg(folder / f"long{each}.mp4", *H264, "-g", "30", seconds=each) for each in seconds}


def sizes(folder, megabytes):
    """Videos of one kind that have about so many bytes, by their bit rate, none of it in the first frame alone."""
    one = ffmpeg(folder / "one.mp4", "-vf", "noise=alls=60:allf=t", *H264, "-b:v", "40M", seconds=1)
    size = one.stat().st_size / 1e6
    return {each: make(folder / f"size{each}.mp4", "ffmpeg", "-nostdin", "-v", "error", "-y", "-stream_loop",
                       str(max(0, round(each / size) - 1)), "-i", one, "-c", "copy", "{}") for each in megabytes}


def pairs(folder, image, video, count):
    """A manifest of that many pairs: copies that have names of their own."""
    place = folder / f"pairs{count}"
    table = place / "pairs.csv"
    if not table.exists():
        place.mkdir(exist_ok=True)
        for number in range(count):
            for source in (image, video):
                (place / f"{number}{source.suffix}").write_bytes(source.read_bytes())
        table.write_text("image,video\n" + "".join(f"{n}{image.suffix},{n}{video.suffix}\n" for n in range(count)))
    return table
