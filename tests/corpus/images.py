"""JPEG, PNG, BMP and WebP in all their variants, and what stands in their metadata."""
import struct
import zlib

import stills
from stills import app1, bmp, exif, insert, jpeg, png, png_chunk, riff_chunk, segment, tiff, webp
from table import IMAGE, NO_IMAGE, image

PNG = {**IMAGE, "format": "PNG", "color_model": "rgb"}
BMP = {**IMAGE, "format": "BMP", "color_model": "rgb"}
WEBP = {**IMAGE, "format": "WEBP"}
TURNED = {"width": 320, "height": 240}


def kept(base, format_name):
    """What is known of a file of that format that cannot be read."""
    return {**NO_IMAGE, "format": format_name}


def jpegs(bases):
    def of(name, make, *args, ending="jpg", **more):
        return image(f"jpeg/{name}.{ending}", make, *args, **more)

    def base(name, *args, **more):
        return of(name, lambda: bases(f"{name}.jpg"), *args, **more)

    rare = {"warnings": "unsupported-variant", "decode": "unsupported"}
    yield base("baseline")
    yield base("progressive")
    yield base("arithmetic", **rare, variant="arithmetic-coded JPEG")
    yield base("arithmetic-progressive", **rare, variant="arithmetic-coded JPEG")
    yield base("grey", channels=1, color_model="grey")
    yield base("rgb", color_model="rgb")
    for name in ("411", "440", "444", "restart", "progressive-restart"):
        yield base(name)
    yield base("cmyk", warnings="color-model", channels=4, color_model="cmyk")
    yield base("lossless", **rare, variant="lossless JPEG")
    yield base("ls", **rare, variant="JPEG-LS")
    yield base("baseline-exiftool", warnings="orientation", exif_orientation=6, **TURNED)
    yield base("progressive-exiftool", warnings="orientation", exif_orientation=6, **TURNED)

    def flat(name, *args, how=None, **more):
        return of(name, lambda: jpeg(240, 320, **(how or {})), *args, **more)

    three = ((1, 1, 1), (2, 1, 1), (3, 1, 1))
    four = ((1, 1, 1), (2, 1, 1), (3, 1, 1), (4, 1, 1))
    adobe = {kind: segment(0xee, b"Adobe\0\x64\0\0\0\0" + bytes([kind])) for kind in (0, 1, 2)}
    cmyk = {"warnings": "color-model", "channels": 4, "color_model": "cmyk"}
    yield flat("flat")
    yield flat("flat-grey", how={"components": ((1, 1, 1),)}, channels=1, color_model="grey")
    yield flat("flat-grey-sampled-2x2", how={"components": ((1, 2, 2),)}, channels=1, color_model="grey")
    yield flat("flat-422", how={"components": ((1, 2, 1), (2, 1, 1), (3, 1, 1))})
    yield flat("flat-411", how={"components": ((1, 4, 1), (2, 1, 1), (3, 1, 1))})
    yield flat("flat-440", how={"components": ((1, 1, 2), (2, 1, 1), (3, 1, 1))})
    yield flat("flat-chroma-finer", how={"components": ((1, 1, 1), (2, 2, 2), (3, 1, 1))})
    yield flat("flat-extended", how={"sof": 0xc1})
    yield flat("flat-12-bit", "", "bit-depth unsupported-variant", how={"sof": 0xc1, "precision": 12}, bits=12,
               decode="unsupported", variant="12-bit JPEG")
    yield flat("flat-restart", how={"restart": 3})
    yield flat("flat-16-bit-quantisation", how={"quant": stills.dqt(True)})
    yield flat("flat-two-components", how={"components": ((1, 1, 1), (2, 1, 1))}, channels=2, color_model=None)
    yield flat("flat-rgb-by-name", how={"components": ((82, 1, 1), (71, 1, 1), (66, 1, 1)), "head": b""}, color_model="rgb")
    yield flat("flat-rgb-by-adobe", how={"components": three, "head": adobe[0]}, color_model="rgb")
    yield flat("flat-ycc-by-adobe", how={"components": three, "head": adobe[1]})
    yield flat("flat-cmyk", how={"components": four, "head": adobe[0]}, **cmyk)
    yield flat("flat-ycck", how={"components": four, "head": adobe[2]}, **cmyk)
    yield flat("flat-cmyk-no-adobe", how={"components": four, "head": b""}, **cmyk)
    yield flat("trailing-bytes", how={"tail": b"Samsung trailer" * 9})
    yield flat("trailing-zeroes", how={"tail": bytes(3000)})
    yield flat("fill-bytes", how={"head": b"\xff\xff\xff" + stills.JFIF})
    yield flat("comment", how={"head": stills.JFIF + segment(0xfe, b"A comment that says \xff\xd9 and \xff\xd8")})
    yield flat("no-jfif", how={"head": b""})
    yield flat("no-eoi", "truncated", how={"eoi": False}, complete=False, decode="failed")
    yield flat("two-frame-headers", "unreadable", how={"frames": 2}, decode="failed")
    yield flat("height-0-dnl", "undetermined", "unsupported-variant", how={"height_in_frame": 0, "dnl": True}, width=None,
               height=None, coded_width=None, coded_height=None, decode="unsupported",
               variant="JPEG with its height behind the pixels (DNL)")
    yield of("width-0", lambda: jpeg(0, 320), "unreadable", base=kept(IMAGE, "JPEG"))
    yield of("thumbnail", lambda: insert(bases("baseline.jpg"), app1(thumbnailed(bases("thumb.jpg")))))
    yield of("thumbnail-larger-than-the-picture", lambda: insert(jpeg(240, 320), app1(thumbnailed(jpeg(640, 480)))))
    yield of("jfif-thumbnail", lambda: jpeg(240, 320, head=segment(0xe0, b"JFIF\0\1\1\0\0\1\0\1\x10\x10" + bytes(768))))
    yield of("two-pictures", lambda: jpeg(240, 320) + jpeg(640, 480))
    yield of("mpf", lambda: mpf(jpeg(240, 320), jpeg(1000, 900)))
    yield of("gain-map", lambda: mpf(insert(jpeg(240, 320), segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x/>")),
                                     jpeg(120, 160, components=((1, 1, 1),))))
    yield of("motion-photo", lambda: jpeg(240, 320) + b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + bytes(500))
    yield of("two-soi", lambda: b"\xff\xd8" + jpeg(240, 320), "unreadable", decode="failed")
    yield of("icc-profile", lambda: insert(jpeg(240, 320), segment(0xe2, b"ICC_PROFILE\0\1\1" + bytes(400))))
    yield of("xmp", lambda: insert(jpeg(240, 320), segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0" + b"<x/>" * 200)))
    yield of("photoshop", lambda: insert(jpeg(240, 320), segment(0xed, b"Photoshop 3.0\0" + b"8BIM" * 30)))
    yield of("segment-of-length-1", lambda: insert(jpeg(240, 320), b"\xff\xe5\0\1"), "unreadable", base=kept(IMAGE, "JPEG"))
    yield of("segment-past-the-end", lambda: jpeg(240, 320)[:2] + b"\xff\xe5\xff\xff", "unreadable",
             base={**kept(IMAGE, "JPEG"), "complete": False})
    yield of("soi-only", lambda: b"\xff\xd8", "unreadable", base={**kept(IMAGE, "JPEG"), "complete": False})
    yield of("header-only", lambda: jpeg(240, 320)[:180], "truncated", complete=False, decode="failed")
    yield of("tables-only", lambda: b"\xff\xd8" + stills.dqt() + stills.DHT + b"\xff\xd9", "unreadable",
             base=kept(IMAGE, "JPEG"))
    yield of("scan-cut", lambda: bases("baseline.jpg")[:-400], "truncated", complete=False, decode="failed")
    yield of("scan-cut-with-eoi", lambda: bases("444.jpg")[:-800] + b"\xff\xd9", "unreadable", decode="failed")
    yield of("progressive-cut", lambda: bases("progressive.jpg")[:-300], "truncated", complete=False, decode="failed")
    yield of("1x1", lambda: jpeg(1, 1), "resolution", width=1, height=1, coded_width=1, coded_height=1)


def thumbnailed(picture, orientation=None):
    """EXIF with a thumbnail in its second directory."""
    first = tiff([(0x0128, 3, 1, 2)], link=8 + 2 + 12 + 4)
    at = len(first) + 2 + 24 + 4
    second = struct.pack(">H", 2) + struct.pack(">HHII", 0x0201, 4, 1, at) + struct.pack(">HHII", 0x0202, 4, 1, len(picture))
    return first + second + bytes(4) + picture


def mpf(first, second):
    """Two pictures in one file (CIPA DC-007)."""
    index = b"MPF\0" + b"MM\0*\0\0\0\x08" + struct.pack(">H", 1) + struct.pack(">HHI4s", 0xb000, 7, 4, b"0100") + bytes(4)
    return insert(first, segment(0xe2, index)) + second


def orientations(bases):
    """EXIF in both byte orders and all containers, right and wrong."""
    plain_webp = lambda: stills.webp_chunks(bases("lossy.webp"))

    def in_jpeg(block):
        return insert(jpeg(240, 320), app1(block))

    def in_png(block):
        return png(before=png_chunk("eXIf", block))

    def in_webp(block):
        chunks = [riff_chunk(kind, data) for kind, data in plain_webp()]
        return webp(stills.vp8x(240, 320, 0x08), *chunks, riff_chunk("EXIF", block))

    places = (("jpg", in_jpeg, IMAGE), ("png", in_png, PNG), ("webp", in_webp, WEBP))
    for ending, put, base in places:
        for value in range(1, 9):
            size = TURNED if value >= 5 else {}
            yield image(f"exif/{value}.{ending}", lambda put=put, value=value: put(exif(value, big=value % 2 == 1)),
                        "", "orientation" if value > 1 else "", base=base, exif_orientation=value, **size)
    for big in (True, False):
        name = "big-endian" if big else "little-endian"
        yield image(f"exif/{name}.jpg", lambda big=big: in_jpeg(exif(6, big)), "", "orientation", exif_orientation=6, **TURNED)

    def odd(name, block, *args, **more):
        return image(f"exif/{name}.jpg", lambda: in_jpeg(block), *args, **more)

    six = {"warnings": "orientation", "exif_orientation": 6, **TURNED}
    yield odd("value-0", exif(0))
    yield odd("value-9", exif(9))
    yield odd("value-65535", exif(65535))
    yield odd("as-long", tiff([(0x0112, 4, 1, 6)]), **six)
    yield odd("as-long-little-endian", tiff([(0x0112, 4, 1, 6)], False), **six)
    yield odd("as-byte", tiff([(0x0112, 1, 1, b"\6\0\0\0")]))
    yield odd("as-text", tiff([(0x0112, 2, 2, b"6\0\0\0")]))
    yield odd("as-rational", tiff([(0x0112, 5, 1, 6)]))
    yield odd("count-0", tiff([(0x0112, 3, 0, 6)]))
    yield odd("count-2", tiff([(0x0112, 3, 2, 6)]), **six)
    yield odd("count-3", tiff([(0x0112, 3, 3, 6)]))
    yield odd("as-two-longs", tiff([(0x0112, 4, 2, 6)]))
    yield odd("first-of-two", tiff([(0x0112, 3, 1, 6), (0x0112, 3, 1, 1)]), **six)
    yield odd("unsorted", tiff([(0x9999, 3, 1, 1), (0x0112, 3, 1, 6), (0x0100, 3, 1, 1)]), **six)
    yield odd("directory-far-on", tiff([(0x0112, 3, 1, 6)], first=500), **six)
    yield odd("directory-out-of-bounds", tiff([(0x0112, 3, 1, 6)])[:4] + struct.pack(">I", 1 << 30) + bytes(40))
    yield odd("directory-at-0", tiff([(0x0112, 3, 1, 6)])[:4] + bytes(30))
    yield odd("directory-in-itself", exif(6, link=8), **six)
    yield odd("directories-in-a-circle", tiff([(0x8769, 4, 1, 8), (0x0112, 3, 1, 6)], link=8), **six)
    yield odd("65535-entries", tiff([(0x0112, 3, 1, 6)])[:8] + b"\xff\xff" + bytes(120))
    yield odd("only-in-the-second-directory", two_directories())
    yield odd("cut-in-the-entry", exif(6)[:28])
    yield odd("wrong-mark", exif(6, mark=b"MM\0+"))
    yield odd("no-tiff", b"this is no TIFF header")
    yield odd("empty", b"")
    yield image("exif/two-blocks.jpg", lambda: insert(jpeg(240, 320), app1(exif(6)), app1(exif(3))), **six)
    yield image("exif/behind-the-frame.jpg", lambda: jpeg(240, 320, before_scan=app1(exif(6))), **six)
    yield image("exif/behind-the-picture.jpg", lambda: jpeg(240, 320) + app1(exif(6)))
    yield image("exif/behind-the-pixels.png", lambda: png(after=png_chunk("eXIf", exif(6))), **six, base=PNG)
    yield image("exif/wrong-checksum.png", lambda: png(before=png_chunk("eXIf", exif(6), crc=7)), **six, base=PNG)
    yield image("exif/with-its-name.webp", lambda: in_webp(b"Exif\0\0" + exif(6)), **six, base=WEBP)
    yield image("exif/without-the-flag.webp", lambda: webp(stills.vp8x(240, 320), *(riff_chunk(k, d) for k, d in plain_webp()),
                                                         riff_chunk("EXIF", exif(6))), **six, base=WEBP)
    yield image("exif/in-a-simple-file.webp", lambda: webp(*(riff_chunk(k, d) for k, d in plain_webp()),
                                                         riff_chunk("EXIF", exif(6))), base=WEBP)


def two_directories():
    first = tiff([(0x0128, 3, 1, 2)], link=26)
    return first + struct.pack(">H", 1) + struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0) + bytes(4)


def pngs(bases):
    def of(name, make, *args, **more):
        return image(f"png/{name}.png", make, *args, **{"base": PNG, **more})

    models = {0: (1, "grey"), 2: (3, "rgb"), 3: (3, "palette"), 4: (2, "grey"), 6: (4, "rgb")}
    depths = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
    for color, (channels, model) in models.items():
        for depth in depths[color]:
            for interlace in (0, 1):
                alpha = color in (4, 6)
                warned = ("bit-depth " if depth == 16 else "") + ("transparency" if alpha else "")
                yield of(f"type-{color}-{depth}-bit{'-interlaced' if interlace else ''}",
                         lambda c=color, d=depth, i=interlace: png(240, 320, d, c, interlace=i), "", warned,
                         channels=channels, bits=depth, color_model=model, has_alpha=alpha, transparent=alpha)
    yield of("opaque-alpha", lambda: png(color=6, fill=0xff), channels=4, has_alpha=True)
    yield of("opaque-grey-alpha-16", lambda: png(depth=16, color=4, fill=0xff), warnings="bit-depth", channels=2, bits=16,
             color_model="grey", has_alpha=True)
    seen = {"warnings": "transparency", "has_alpha": True, "transparent": True}
    yield of("colour-key-seen", lambda: png(before=png_chunk("tRNS", bytes(6))), **seen)
    yield of("colour-key-not-seen", lambda: png(before=png_chunk("tRNS", b"\0\1\0\1\0\1")), has_alpha=True)
    yield of("grey-key-seen", lambda: png(color=0, before=png_chunk("tRNS", bytes(2))), **seen, channels=1, color_model="grey")
    yield of("palette-transparent", lambda: png(color=3, before=png_chunk("tRNS", b"\0")), **seen, channels=4,
             color_model="palette")
    yield of("palette-entry-not-seen", lambda: png(color=3, before=png_chunk("tRNS", b"\xff\0")), channels=4,
             color_model="palette", has_alpha=True)
    yield of("palette-short", lambda: png(color=3, palette=png_chunk("PLTE", bytes(3))), color_model="palette")
    yield of("palette-index-past-the-end", lambda: png(color=3, fill=9, palette=png_chunk("PLTE", bytes(3))),
             color_model="palette")
    yield of("no-palette", lambda: png(color=3, palette=b""), "unreadable", color_model="palette", decode="failed")
    yield of("palette-in-rgb", lambda: png(palette=png_chunk("PLTE", bytes(30))))
    actl = png_chunk("acTL", struct.pack(">II", 3, 0))
    yield of("animated", lambda: png(before=actl + fctl(0), after=apng_frames(2)), "", "animated", animated=True,
             frame_count=3, variant="animated PNG")
    yield of("animated-one-frame", lambda: png(before=png_chunk("acTL", struct.pack(">II", 1, 0)) + fctl(0)))
    yield of("animated-0-frames", lambda: png(before=png_chunk("acTL", struct.pack(">II", 0, 0))))
    yield of("animated-too-many-frames", lambda: png(before=png_chunk("acTL", struct.pack(">II", 1 << 30, 0))))
    yield of("animated-said-too-late", lambda: png(after=actl))
    yield of("text", lambda: png(before=png_chunk("tEXt", b"Title\0A title"), after=png_chunk("iTXt", b"a\0\0\0\0\0b")))
    yield of("icc-broken", lambda: png(before=png_chunk("iCCP", b"name\0\0not deflated")))
    yield of("unknown-chunk", lambda: png(before=png_chunk("abCd", b"?"), after=png_chunk("xyZz", b"?")))
    yield of("idat-in-pieces", lambda: png(data=pieces(zlib.compress(stills.png_rows(240, 320, 8, 2)), 7)))
    yield of("idat-empty-between", lambda: png(data=png_chunk("IDAT") + png_chunk("IDAT", zlib.compress(
        stills.png_rows(240, 320, 8, 2)))))
    yield of("trailing-bytes", lambda: png(tail=b"more" * 50))
    yield of("filters", lambda: png(rows=b"".join(bytes([y % 5]) + bytes(720) for y in range(320))))
    yield of("filter-9", lambda: png(rows=b"".join(bytes([9 if y == 7 else 0]) + bytes(720) for y in range(320))),
             "unreadable", decode="failed")
    yield of("rows-missing", lambda: png(rows=stills.png_rows(240, 300, 8, 2)), "unreadable", decode="failed")
    yield of("rows-too-many", lambda: png(rows=stills.png_rows(240, 400, 8, 2)))
    yield of("adler-wrong", lambda: png(data=png_chunk("IDAT", zlib.compress(stills.png_rows(240, 320, 8, 2))[:-4] + b"abcd")),
             "unreadable", decode="failed")
    yield of("idat-checksum-wrong", lambda: png(data=png_chunk("IDAT", zlib.compress(stills.png_rows(240, 320, 8, 2)), crc=1)),
             "unreadable", decode="failed")
    yield of("no-iend", lambda: png(iend=False), "truncated", complete=False, decode="failed")
    yield of("no-idat", lambda: png(data=b""), "unreadable", decode="failed")
    yield of("cut", lambda: png()[:-40], "truncated", complete=False, decode="failed")
    nothing = {"base": kept(PNG, "PNG")}
    yield of("width-0", lambda: png(0, 320), "unreadable", **nothing)
    yield of("depth-3", lambda: png(data=b"", depth=3, rows=b""), "unreadable", **nothing)
    yield of("type-5", lambda: stills.SIGNATURE + png_chunk("IHDR", struct.pack(">IIBBBBB", 240, 320, 8, 5, 0, 0, 0)),
             "unreadable", **nothing)
    yield of("header-checksum-wrong", lambda: stills.SIGNATURE + png_chunk("IHDR", struct.pack(
        ">IIBBBBB", 240, 320, 8, 2, 0, 0, 0), crc=1), "unreadable", **nothing)
    yield of("header-not-first", lambda: stills.SIGNATURE + png_chunk("tEXt", b"a\0b") + png()[8:], "unreadable", **nothing)
    yield of("text-mode", lambda: png().replace(b"\r\n", b"\n", 1), "unreadable", **nothing)
    yield of("apple-cgbi", lambda: png()[:8] + png_chunk("CgBI", bytes(4)) + png()[8:], "unreadable", **nothing)


def pieces(data, size):
    return b"".join(png_chunk("IDAT", data[i:i + size]) for i in range(0, len(data), size))


def fctl(number):
    return png_chunk("fcTL", struct.pack(">IIIIIHHBB", number, 240, 320, 0, 0, 1, 10, 0, 0))


def apng_frames(count):
    data = zlib.compress(stills.png_rows(240, 320, 8, 2))
    out = b""
    for i in range(count):
        out += fctl(1 + 2 * i) + png_chunk("fdAT", struct.pack(">I", 2 + 2 * i) + data)
    return out


def bmps(bases):
    def of(name, make, *args, **more):
        return image(f"bmp/{name}.bmp", make, *args, **{"base": BMP, **more})

    palette = {"color_model": "palette"}
    for header in (12, 40, 52, 56, 64, 108, 124):
        yield of(f"header-{header}-24-bit", lambda header=header: bmp(header=header))
        yield of(f"header-{header}-8-bit", lambda header=header: bmp(header=header, bits=8), **palette)
    yield of("header-16-24-bit", lambda: bmp(header=16), "", "unsupported-variant", decode="unsupported",
             variant="BMP with a short OS/2 header")
    for bits in (1, 4):
        yield of(f"{bits}-bit", lambda bits=bits: bmp(bits=bits), **palette, bits=bits)
    yield of("2-bit", lambda: bmp(bits=2), "", "unsupported-variant", **palette, bits=2, decode="unsupported",
             variant="unusual BMP")
    yield of("16-bit-555", lambda: bmp(bits=16), bits=5)
    yield of("16-bit-565", lambda: bmp(bits=16, compression=3, masks=(0xf800, 0x7e0, 0x1f)), bits=6)
    yield of("32-bit", lambda: bmp(bits=32))
    yield of("32-bit-masks", lambda: bmp(bits=32, compression=3, masks=(0xff0000, 0xff00, 0xff)))
    yield of("32-bit-masks-alpha", lambda: bmp(bits=32, header=108, compression=3, masks=(0xff0000, 0xff00, 0xff),
                                              alpha=0xff000000), channels=4, has_alpha=True)
    yield of("top-down", lambda: bmp(height=-320))
    yield of("top-down-8-bit", lambda: bmp(height=-320, bits=8), **palette)
    rle8 = b"".join(bytes([240, 1]) + b"\0\0" for _ in range(320)) + b"\0\1"
    yield of("rle8", lambda: bmp(bits=8, compression=1, pixels=rle8, image_size=len(rle8)), **palette, variant="RLE8 BMP")
    yield of("rle4", lambda: bmp(bits=4, compression=2, pixels=rle8, image_size=len(rle8)), **palette, bits=4,
             variant="RLE4 BMP")
    literal = b"".join(b"\0\xf0" + bytes(240) + b"\0\0" for _ in range(320)) + b"\0\1"
    yield of("rle8-literal", lambda: bmp(bits=8, compression=1, pixels=literal, image_size=len(literal)), **palette,
             variant="RLE8 BMP")
    yield of("rle8-jumps", lambda: bmp(bits=8, compression=1, pixels=b"\0\2\5\5" + b"\xf0\1\0\0" * 9 + b"\0\1", image_size=42),
             **palette, variant="RLE8 BMP")
    yield of("rle8-no-end", lambda: bmp(bits=8, compression=1, pixels=rle8[:-2], image_size=len(rle8)), "truncated",
             **palette, variant="RLE8 BMP", complete=False, decode="failed")
    yield of("few-colours", lambda: bmp(bits=8, colors=16), **palette)
    yield of("file-size-lies", lambda: bmp(file_size=99))
    yield of("file-size-0", lambda: bmp(file_size=0))
    yield of("trailing-bytes", lambda: bmp(tail=bytes(99)))
    yield of("gap-before-pixels", lambda: gapped())
    yield of("embedded-png", lambda: bmp(bits=0, compression=5, pixels=png(), palette=b"", image_size=len(png())),
           "", "unsupported-variant", channels=None, bits=None, color_model=None, decode="unsupported",
           complete=None, variant="BMP with an embedded PNG")
    yield of("cut", lambda: bmp()[:-1000], "truncated", complete=False, decode="failed")
    nothing = {"base": kept(BMP, "BMP")}
    yield of("width-0", lambda: bmp(width=0), "unreadable", **nothing)
    yield of("width-negative", lambda: bmp(width=-240, pixels=b""), "unreadable", **nothing)
    yield of("height-0", lambda: bmp(height=0), "unreadable", **nothing)
    yield of("bits-7", lambda: bmp(bits=7), "unreadable", **nothing)
    yield of("pixels-in-header", lambda: bmp(offset=20), "unreadable", **nothing)
    yield of("header-cut", lambda: bmp()[:30], "unreadable", base={**kept(BMP, "BMP"), "complete": False})


def gapped():
    data = bmp()
    return data[:10] + struct.pack("<I", 154) + data[14:54] + bytes(100) + data[54:]


def webps(bases):
    def of(name, make, *args, **more):
        return image(f"webp/{name}.webp", make, *args, **{"base": WEBP, **more})

    def parts(name):
        return [(kind, riff_chunk(kind, data)) for kind, data in stills.webp_chunks(bases(name))]

    def pixels(name="lossy.webp"):
        return b"".join(chunk for kind, chunk in parts(name) if kind in ("VP8 ", "VP8L"))

    lossless = {"color_model": "rgb"}
    clear = {"warnings": "transparency", "has_alpha": True, "transparent": True, "channels": 4}
    yield of("lossy", lambda: bases("lossy.webp"))
    yield of("lossless", lambda: bases("lossless.webp"), **lossless)
    yield of("alpha", lambda: bases("alpha.webp"), **clear)
    yield of("alpha-raw", lambda: bases("alpha-raw.webp"), **clear)
    yield of("lossless-alpha", lambda: bases("lossless-alpha.webp"), **lossless, **clear)
    yield of("extended", lambda: webp(stills.vp8x(240, 320), pixels()))
    yield of("extended-lossless", lambda: webp(stills.vp8x(240, 320), pixels("lossless.webp")), **lossless)
    yield of("extended-alpha-flag-only", lambda: webp(stills.vp8x(240, 320, 0x10), pixels()), channels=4, has_alpha=True)
    yield of("icc-and-xmp", lambda: webp(stills.vp8x(240, 320, 0x24), riff_chunk("ICCP", bytes(99)), pixels(),
                                        riff_chunk("XMP ", b"<x/>")))
    yield of("unknown-chunk", lambda: webp(stills.vp8x(240, 320), riff_chunk("abcd", b"123"), pixels()))
    animated = {"animated": True, "warnings": "animated unsupported-variant", "decode": "unsupported",
                "variant": "animated WebP", "color_model": None}
    frames = lambda count: b"".join(stills.anmf(240, 320, pixels()) for _ in range(count))
    yield of("animated", lambda: webp(stills.vp8x(240, 320, 2), stills.ANIM, frames(4)), **animated, frame_count=4)
    yield of("animated-alpha", lambda: webp(stills.vp8x(240, 320, 0x12), stills.ANIM, frames(2)), **{
        **animated, "warnings": "animated unsupported-variant transparency"}, frame_count=2, channels=4, has_alpha=True,
             transparent=None)
    yield of("animated-one-frame", lambda: webp(stills.vp8x(240, 320, 2), stills.ANIM, frames(1)), **{
        **animated, "animated": False, "warnings": "unsupported-variant"})
    yield of("animated-no-frames", lambda: webp(stills.vp8x(240, 320, 2), stills.ANIM), "unreadable", **{
        **animated, "decode": "failed", "warnings": "animated"}, frame_count=None)
    yield of("trailing-bytes", lambda: bases("lossy.webp") + b"more" * 9)
    yield of("size-odd", lambda: webp(pixels(), size=4 + len(pixels()) + 1, tail=b"\0"))
    yield of("size-too-small", lambda: webp(pixels(), size=4 + len(pixels()) // 2), "unreadable", decode="failed")
    yield of("size-too-large", lambda: webp(pixels(), size=90000), "truncated", complete=False, decode="failed")
    yield of("cut", lambda: bases("lossy.webp")[:-300], "truncated", complete=False, decode="failed")
    yield of("canvas-of-another-size", lambda: webp(stills.vp8x(300, 320), pixels()), "unreadable", width=300,
             coded_width=300, decode="failed")
    yield of("no-pixels", lambda: webp(stills.vp8x(240, 320)), "unreadable", channels=None, bits=None, color_model=None,
             decode="failed")
    nothing = {"base": {**kept(WEBP, "WEBP"), "complete": False}}
    yield of("unknown-first-chunk", lambda: webp(riff_chunk("abcd", bytes(8)), pixels()), "unreadable",
             base={**kept(WEBP, "WEBP"), "complete": True})
    yield of("no-key-frame", lambda: webp(riff_chunk("VP8 ", b"\1" + bytes(20))), "unreadable",
             base={**kept(WEBP, "WEBP"), "complete": True})
    yield of("lossless-version-7", lambda: webp(riff_chunk("VP8L", b"\x2f" + b"\xef\x40\x50\xe0" + bytes(9))), "unreadable",
             base={**kept(WEBP, "WEBP"), "complete": True})
    yield of("header-cut", lambda: bases("lossy.webp")[:15], "unreadable", **nothing)


def names(bases):
    """Names and contents that do not go together."""
    gif = lambda: bases("base.gif")
    yield image("names/jpeg.png", lambda: jpeg(240, 320), "", "extension")
    yield image("names/jpeg.jpeg", lambda: jpeg(240, 320))
    yield image("names/jpeg.jpe", lambda: jpeg(240, 320))
    yield image("names/jpeg.JPG", lambda: jpeg(240, 320))
    yield image("names/jpeg", lambda: jpeg(240, 320), "", "extension")
    yield image("names/png.jpg", lambda: png(), "", "extension", base=PNG)
    yield image("names/bmp.png", lambda: bmp(), "", "extension", base=BMP)
    yield image("names/webp.jpg", lambda: bases("lossy.webp"), "", "extension", base=WEBP)
    foreign = {"gif.jpg": (gif, "GIF"), "gif.gif": (gif, "GIF"), "tiff.jpg": (lambda: exif(1) + bytes(99), "TIFF"),
               "pdf.jpg": (lambda: b"%PDF-1.7\n", "PDF"), "zip.png": (lambda: b"PK\3\4" + bytes(30), "ZIP"),
               "psd.jpg": (lambda: b"8BPS\0\1" + bytes(30), "PSD"), "jxl.jpg": (lambda: b"\xff\x0a" + bytes(30), "JPEG XL"),
               "heic.jpg": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(30), "HEIF"),
               "avif.jpg": (lambda: b"\0\0\0\x18ftypavif\0\0\0\0mif1miaf" + bytes(30), "AVIF"),
               "svg.png": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
               "html.jpg": (lambda: b"<!DOCTYPE html><html></html>", "HTML"), "json.jpg": (lambda: b'{"error": 1}', "JSON"),
               "mp4.jpg": (lambda: b"\0\0\0\x14ftypisom\0\0\0\0isom" + bytes(30), "MP4"),
               "zeroes.jpg": (lambda: bytes(3000), "unknown"), "text.jpg": (lambda: b"BM is no bitmap here", "unknown"),
               "riff.webp": (lambda: b"RIFF\x24\0\0\0WAVEfmt " + bytes(24), "WAV")}
    for name, (make, what) in foreign.items():
        yield image(f"names/{name}", make, "format", base={**NO_IMAGE, "format": what})
    yield image("names/empty.jpg", lambda: b"", "unreadable", base={**NO_IMAGE, "format": "empty"})


FAMILIES = [jpegs, orientations, pngs, bmps, webps, names]
