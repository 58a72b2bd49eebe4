/* Images, from bytes to facts: what every fixture is, at every depth, whole, cut and damaged. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "probe/probe.h"

#include "base/banned.h"

/* A file in memory of exactly its size, so that ASan sees a read beyond it. */
struct file {
    uint8_t *data;
    size_t len;
    unsigned reads;
    uint64_t bytes_read;
};

static enum wp_status read_at(void *user, void *out, size_t len, uint64_t offset, size_t *got,
                              struct wp_error *error)
{
    struct file *file = user;
    (void)error;
    assert_true(offset <= file->len);
    *got = len < file->len - offset ? len : (size_t)(file->len - offset);
    memcpy(out, file->data + offset, *got);
    file->reads++;
    file->bytes_read += *got;
    return WP_OK;
}

static struct file load(const char *name)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/images/%s", WP_FIXTURES, name);
    FILE *stream = fopen(path, "rb");
    if (!stream)
        fail_msg("cannot open %s", path);
    assert_int_equal(fseek(stream, 0, SEEK_END), 0);
    long size = ftell(stream);
    assert_true(size >= 0);
    rewind(stream);
    struct file file = {malloc((size_t)size + (size == 0)), (size_t)size, 0, 0};
    assert_non_null(file.data);
    assert_int_equal(fread(file.data, 1, file.len, stream), file.len);
    (void)fclose(stream);
    return file;
}

static struct wp_image_facts probe(struct file *file, enum wp_depth depth)
{
    struct wp_reader reader = {file->len, read_at, file};
    struct wp_probe_options options = {.depth = depth};
    struct wp_image_facts facts;
    assert_int_equal(wp_probe_image(&facts, &reader, &options, NULL), WP_OK);
    return facts;
}

static struct wp_image_facts probe_fixture(const char *name, enum wp_depth depth)
{
    struct file file = load(name);
    struct wp_image_facts facts = probe(&file, depth);
    free(file.data);
    return facts;
}

/* A readable picture: what it is, and how decoding ends. */
struct picture {
    const char *name;
    enum wp_format format;
    uint32_t width, height; /* as displayed */
    unsigned channels, bits;
    enum wp_color_model model;
    enum wp_tristate complete;
    enum wp_decode_state decode;
    const char *variant;
};

#define GOOD(name, format, width, height, channels, bits, model)                                             \
    {                                                                                                        \
        name, WP_FORMAT_##format, width, height, channels, bits, WP_COLOR_##model, WP_YES, WP_DECODE_OK, ""  \
    }
#define SPECIAL(name, format, width, height, channels, bits, model, decode, variant)                         \
    {                                                                                                        \
        name, WP_FORMAT_##format, width, height, channels, bits, WP_COLOR_##model, WP_YES, decode, variant   \
    }
#define CUT(name, format, width, height, channels, bits, model)                                              \
    {                                                                                                        \
        name, WP_FORMAT_##format, width, height, channels, bits, WP_COLOR_##model, WP_NO, WP_DECODE_FAILED,  \
            ""                                                                                               \
    }
#define DAMAGED(name, format, width, height, channels, bits, model)                                          \
    SPECIAL(name, format, width, height, channels, bits, model, WP_DECODE_FAILED, "")

static const struct picture pictures[] = {
    GOOD("person.jpg", JPEG, 480, 640, 3, 8, YCBCR),
    GOOD("good.jpg", JPEG, 240, 320, 3, 8, YCBCR),
    GOOD("jpeg-progressive.jpg", JPEG, 48, 64, 3, 8, YCBCR),
    GOOD("jpeg-grey.jpg", JPEG, 48, 64, 1, 8, GREY),
    GOOD("jpeg-rgb.jpg", JPEG, 48, 64, 3, 8, RGB),
    GOOD("jpeg-cmyk.jpg", JPEG, 48, 64, 4, 8, CMYK),
    GOOD("jpeg-restart.jpg", JPEG, 48, 64, 3, 8, YCBCR),
    GOOD("jpeg-odd-size.jpg", JPEG, 37, 51, 3, 8, YCBCR),
    GOOD("jpeg-thumbnail.jpg", JPEG, 240, 320, 3, 8, YCBCR),
    GOOD("jpeg-trailing.jpg", JPEG, 240, 320, 3, 8, YCBCR),
    GOOD("jpeg-two-pictures.jpg", JPEG, 240, 320, 3, 8, YCBCR),
    GOOD("jpeg-broken-exif.jpg", JPEG, 240, 320, 3, 8, YCBCR),
    SPECIAL("jpeg-many-scans.jpg", JPEG, 8, 8, 1, 8, GREY, WP_DECODE_REFUSED, ""),
    SPECIAL("jpeg-arithmetic.jpg", JPEG, 48, 64, 3, 8, YCBCR, WP_DECODE_UNSUPPORTED, "arithmetic-coded JPEG"),
    SPECIAL("jpeg-12bit.jpg", JPEG, 240, 320, 3, 12, YCBCR, WP_DECODE_UNSUPPORTED, "12-bit JPEG"),
    SPECIAL("jpeg-lossless.jpg", JPEG, 48, 64, 3, 8, YCBCR, WP_DECODE_UNSUPPORTED, "lossless JPEG"),
    SPECIAL("jpeg-ls.jpg", JPEG, 48, 64, 3, 8, YCBCR, WP_DECODE_UNSUPPORTED, "JPEG-LS"),
    CUT("jpeg-truncated.jpg", JPEG, 240, 320, 3, 8, YCBCR),
    CUT("jpeg-thumbnail-truncated.jpg", JPEG, 240, 320, 3, 8, YCBCR),
    CUT("jpeg-no-eoi.jpg", JPEG, 240, 320, 3, 8, YCBCR),
    CUT("jpeg-zeroed.jpg", JPEG, 240, 320, 3, 8, YCBCR),
    DAMAGED("jpeg-cut-scan-with-eoi.jpg", JPEG, 240, 320, 3, 8, YCBCR),
    DAMAGED("jpeg-garbage.jpg", JPEG, 240, 320, 3, 8, YCBCR),
    DAMAGED("jpeg-second-frame.jpg", JPEG, 240, 320, 3, 8, YCBCR),

    GOOD("good.png", PNG, 240, 320, 3, 8, RGB),
    GOOD("png-interlaced.png", PNG, 48, 64, 3, 8, RGB),
    GOOD("png-16bit.png", PNG, 48, 64, 3, 16, RGB),
    GOOD("png-palette.png", PNG, 48, 64, 3, 8, PALETTE),
    GOOD("png-palette-transparent.png", PNG, 48, 64, 4, 8, PALETTE),
    GOOD("png-transparent.png", PNG, 48, 64, 4, 8, RGB),
    GOOD("png-transparent-16bit.png", PNG, 48, 64, 4, 16, RGB),
    GOOD("png-grey-1bit.png", PNG, 48, 64, 1, 1, GREY),
    GOOD("png-grey-alpha.png", PNG, 48, 64, 2, 8, GREY),
    GOOD("png-1bit-colour-key.png", PNG, 8, 8, 1, 1, GREY),
    GOOD("png-colour-key.png", PNG, 48, 64, 3, 8, RGB),
    GOOD("png-small-chunks.png", PNG, 48, 64, 3, 8, RGB),
    GOOD("png-text-bomb.png", PNG, 48, 64, 3, 8, RGB),
    GOOD("png-broken-text.png", PNG, 48, 64, 3, 8, RGB),
    GOOD("side-199.png", PNG, 199, 200, 1, 1, GREY),
    GOOD("side-200.png", PNG, 200, 200, 1, 1, GREY),
    GOOD("side-4096.png", PNG, 4096, 4096, 1, 1, GREY),
    GOOD("side-4097.png", PNG, 4097, 4096, 1, 1, GREY),
    GOOD("ratio-1-3.png", PNG, 200, 600, 1, 1, GREY),
    GOOD("ratio-3-1.png", PNG, 600, 200, 1, 1, GREY),
    GOOD("ratio-over-1-3.png", PNG, 200, 601, 1, 1, GREY),
    SPECIAL("png-animated.png", PNG, 64, 48, 3, 8, RGB, WP_DECODE_OK, "animated PNG"),
    SPECIAL("png-huge.png", PNG, 50000, 50000, 3, 8, RGB, WP_DECODE_REFUSED, ""),
    CUT("png-truncated.png", PNG, 48, 64, 3, 8, RGB),
    CUT("png-no-iend.png", PNG, 48, 64, 3, 8, RGB),
    DAMAGED("png-bad-crc.png", PNG, 48, 64, 3, 8, RGB),
    DAMAGED("png-half-the-rows.png", PNG, 48, 64, 3, 8, RGB),
    DAMAGED("png-cut-stream.png", PNG, 48, 64, 3, 8, RGB),
    DAMAGED("png-no-pixels.png", PNG, 48, 64, 3, 8, RGB),
    DAMAGED("png-no-palette.png", PNG, 8, 8, 3, 8, PALETTE),

    GOOD("good.bmp", BMP, 200, 200, 3, 8, RGB),
    GOOD("bmp-24bit.bmp", BMP, 24, 32, 3, 8, RGB),
    GOOD("bmp-top-down.bmp", BMP, 24, 32, 3, 8, RGB),
    GOOD("bmp-core-header.bmp", BMP, 24, 32, 3, 8, RGB),
    GOOD("bmp-os2-header.bmp", BMP, 24, 32, 3, 8, RGB),
    GOOD("bmp-8bit.bmp", BMP, 24, 32, 3, 8, PALETTE),
    GOOD("bmp-4bit.bmp", BMP, 24, 32, 3, 4, PALETTE),
    GOOD("bmp-1bit.bmp", BMP, 64, 8, 3, 1, PALETTE),
    GOOD("bmp-565.bmp", BMP, 24, 32, 3, 6, RGB),
    GOOD("bmp-555.bmp", BMP, 24, 32, 3, 5, RGB),
    GOOD("bmp-swapped-masks.bmp", BMP, 24, 32, 3, 8, RGB),
    GOOD("bmp-odd-masks.bmp", BMP, 24, 32, 3, 8, RGB),
    SPECIAL("bmp-2bit.bmp", BMP, 16, 8, 3, 2, PALETTE, WP_DECODE_UNSUPPORTED, "unusual BMP"),
    GOOD("bmp-32bit.bmp", BMP, 24, 32, 3, 8, RGB),
    GOOD("bmp-alpha.bmp", BMP, 24, 32, 4, 8, RGB),
    GOOD("bmp-alpha-opaque.bmp", BMP, 24, 32, 4, 8, RGB),
    SPECIAL("bmp-rle8.bmp", BMP, 24, 32, 3, 8, PALETTE, WP_DECODE_OK, "RLE8 BMP"),
    SPECIAL("bmp-rle4.bmp", BMP, 24, 32, 3, 4, PALETTE, WP_DECODE_OK, "RLE4 BMP"),
    SPECIAL("bmp-os2-short-header.bmp", BMP, 24, 32, 3, 8, RGB, WP_DECODE_UNSUPPORTED,
            "BMP with a short OS/2 header"),
    CUT("bmp-truncated.bmp", BMP, 24, 32, 3, 8, RGB),
    CUT("bmp-huge.bmp", BMP, 2147483647, 2147483647, 3, 8, RGB),

    GOOD("good.webp", WEBP, 240, 320, 3, 8, YCBCR),
    GOOD("webp-odd-size.webp", WEBP, 37, 51, 3, 8, YCBCR),
    GOOD("webp-lossless.webp", WEBP, 48, 64, 3, 8, RGB),
    GOOD("webp-alpha.webp", WEBP, 48, 64, 4, 8, YCBCR),
    GOOD("webp-lossless-alpha.webp", WEBP, 48, 64, 4, 8, RGB),
    GOOD("webp-trailing.webp", WEBP, 240, 320, 3, 8, YCBCR),
    SPECIAL("webp-animated.webp", WEBP, 64, 48, 3, 8, UNKNOWN, WP_DECODE_UNSUPPORTED, "animated WebP"),
    CUT("webp-truncated.webp", WEBP, 240, 320, 3, 8, YCBCR),
    DAMAGED("webp-canvas-mismatch.webp", WEBP, 1000, 1000, 3, 8, YCBCR),
    DAMAGED("webp-chunk-too-large.webp", WEBP, 240, 320, 3, 8, YCBCR),
};

static void every_picture_is_measured(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(pictures); i++) {
        const struct picture *expected = &pictures[i];
        struct wp_image_facts facts = probe_fixture(expected->name, WP_DEPTH_FRAME);
        bool right = facts.format == expected->format && facts.unreadable[0] == '\0' && facts.has_size &&
                     facts.width == expected->width && facts.height == expected->height &&
                     facts.has_channels && facts.channels == expected->channels && facts.has_bits &&
                     facts.bits == expected->bits && facts.color_model == expected->model &&
                     facts.complete == expected->complete && facts.decode == expected->decode &&
                     strcmp(facts.variant, expected->variant) == 0;
        if (!right)
            fail_msg("%s: %s %ux%u, %u channels, %u bits, model %d, complete %d, decode %d (%s), \"%s\" %s",
                     expected->name, wp_format_name(facts.format), facts.width, facts.height, facts.channels,
                     facts.bits, (int)facts.color_model, (int)facts.complete, (int)facts.decode,
                     facts.decode_reason, facts.variant, facts.unreadable);
        /* Whoever cannot have the pixels is told why; a decoded picture needs no excuse. */
        assert_int_equal(facts.decode_reason[0] != '\0', facts.decode != WP_DECODE_OK);
    }
}

static void the_header_depth_tells_the_same_without_decoding(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(pictures); i++) {
        const struct picture *expected = &pictures[i];
        struct wp_image_facts facts = probe_fixture(expected->name, WP_DEPTH_HEADER);
        bool rle =
            strncmp(expected->variant, "RLE", 3) == 0; /* where it ends, only a walk through it tells */
        if (!facts.has_size || facts.width != expected->width || facts.height != expected->height ||
            facts.channels != expected->channels || facts.bits != expected->bits ||
            facts.complete != (rle ? WP_UNKNOWN : expected->complete))
            fail_msg("%s: %ux%u, %u channels, %u bits, complete %d", expected->name, facts.width,
                     facts.height, facts.channels, facts.bits, (int)facts.complete);
        assert_int_not_equal(facts.decode, WP_DECODE_OK);
        assert_string_equal(facts.sha256, "");
    }
}

static void the_header_depth_reads_little(void **state)
{
    static const char *const names[] = {"person.jpg", "good.png", "good.bmp", "good.webp",
                                        "jpeg-thumbnail.jpg"};
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct file file = load(names[i]);
        (void)probe(&file, WP_DEPTH_HEADER);
        assert_in_range(file.reads, 1, 3);
        free(file.data);
    }
}

static void the_frame_depth_reads_the_file_once(void **state)
{
    (void)state;
    struct file file = load("good.png");
    (void)probe(&file, WP_DEPTH_FRAME);
    assert_int_equal(file.bytes_read, file.len);
    free(file.data);
}

static void content_that_is_no_picture_says_why(void **state)
{
    static const struct {
        const char *name;
        enum wp_format format;
    } files[] = {
        {"empty.jpg", WP_FORMAT_EMPTY},
        {"jpeg-cut-header.jpg", WP_FORMAT_JPEG},
        {"jpeg-width-0.jpg", WP_FORMAT_JPEG},
        {"png-bad-header.png", WP_FORMAT_PNG},
        {"png-text-mode.png", WP_FORMAT_PNG},
        {"bmp-cut-header.bmp", WP_FORMAT_BMP},
        {"bmp-width-0.bmp", WP_FORMAT_BMP},
        {"bmp-height-least.bmp", WP_FORMAT_BMP},
        {"bmp-pixels-in-header.bmp", WP_FORMAT_BMP},
        {"webp-cut-header.webp", WP_FORMAT_WEBP},
        {"webp-no-key-frame.webp", WP_FORMAT_WEBP},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct wp_image_facts facts = probe_fixture(files[i].name, WP_DEPTH_FRAME);
        if (facts.format != files[i].format || facts.unreadable[0] == '\0' || facts.has_size ||
            facts.decode != WP_DECODE_NOT_TRIED)
            fail_msg("%s: %s %ux%u \"%s\"", files[i].name, wp_format_name(facts.format), facts.width,
                     facts.height, facts.unreadable);
    }
}

static void other_formats_are_named_and_left_alone(void **state)
{
    static const struct {
        const char *name;
        enum wp_format format;
    } files[] = {
        {"heic-named.jpg", WP_FORMAT_HEIF}, {"avif-named.png", WP_FORMAT_AVIF},
        {"gif-named.jpg", WP_FORMAT_GIF},   {"mp4-named.jpg", WP_FORMAT_MP4},
        {"page.jpg", WP_FORMAT_HTML},       {"text.jpg", WP_FORMAT_UNKNOWN},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct wp_image_facts facts = probe_fixture(files[i].name, WP_DEPTH_FRAME);
        assert_int_equal(facts.format, files[i].format);
        assert_string_equal(facts.unreadable, "");
        assert_false(facts.has_size);
        assert_int_equal(facts.decode, WP_DECODE_NOT_TRIED);
        assert_int_equal(facts.complete, WP_UNKNOWN);
    }
}

static void an_orientation_turns_the_size(void **state)
{
    (void)state;
    for (uint8_t orientation = 1; orientation <= 8; orientation++) {
        char name[64];
        (void)snprintf(name, sizeof name, "jpeg-orientation-%u.jpg", orientation);
        struct wp_image_facts facts = probe_fixture(name, WP_DEPTH_HEADER);
        assert_true(facts.has_exif_orientation);
        assert_int_equal(facts.exif_orientation, orientation);
        assert_int_equal(facts.coded_width, 48);
        assert_int_equal(facts.coded_height, 64);
        assert_int_equal(facts.width, orientation >= 5 ? 64 : 48);
        assert_int_equal(facts.height, orientation >= 5 ? 48 : 64);
    }
}

static void every_format_can_have_an_orientation(void **state)
{
    static const struct {
        const char *name;
        uint8_t orientation;
    } files[] = {
        {"jpeg-orientation-6-little-endian.jpg", 6},
        {"png-exif.png", 8},
        {"png-exif-at-end.png", 5},
        {"webp-exif.webp", 6},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct wp_image_facts facts = probe_fixture(files[i].name, WP_DEPTH_FRAME);
        assert_true(facts.has_exif_orientation);
        assert_int_equal(facts.exif_orientation, files[i].orientation);
        assert_int_equal(facts.width, 64);
        assert_int_equal(facts.height, 48);
        assert_int_equal(facts.decode, WP_DECODE_OK);
    }
    assert_false(probe_fixture("good.jpg", WP_DEPTH_FRAME).has_exif_orientation);
}

static void transparency_is_looked_for_in_the_pixels(void **state)
{
    static const struct {
        const char *name;
        enum wp_tristate has_alpha, transparent;
    } files[] = {
        {"good.jpg", WP_NO, WP_NO},
        {"jpeg-cmyk.jpg", WP_NO, WP_NO},
        {"good.png", WP_NO, WP_NO},
        {"png-palette.png", WP_NO, WP_NO},
        {"png-palette-transparent.png", WP_YES, WP_YES},
        {"png-transparent.png", WP_YES, WP_YES},
        {"png-transparent-16bit.png", WP_YES, WP_YES},
        {"png-grey-alpha.png", WP_YES, WP_YES},
        {"png-colour-key.png", WP_YES, WP_YES},
        {"png-1bit-colour-key.png", WP_YES, WP_YES},
        {"png-opaque-alpha.png", WP_YES, WP_NO},
        {"bmp-32bit.bmp", WP_NO, WP_NO}, /* its fourth byte is 0 everywhere, and means nothing */
        {"bmp-alpha.bmp", WP_YES, WP_YES},
        {"bmp-alpha-opaque.bmp", WP_YES, WP_NO},
        {"webp-alpha.webp", WP_YES, WP_YES},
        {"webp-lossless-alpha.webp", WP_YES, WP_YES},
        {"webp-lossless.webp", WP_NO, WP_NO},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct wp_image_facts facts = probe_fixture(files[i].name, WP_DEPTH_FRAME);
        if (facts.has_alpha != files[i].has_alpha || facts.transparent != files[i].transparent)
            fail_msg("%s: alpha %d, transparent %d", files[i].name, (int)facts.has_alpha,
                     (int)facts.transparent);
        facts = probe_fixture(files[i].name, WP_DEPTH_HEADER);
        assert_int_equal(facts.transparent, files[i].has_alpha == WP_YES ? WP_UNKNOWN : WP_NO);
    }
}

static void animations_are_counted(void **state)
{
    (void)state;
    struct wp_image_facts facts = probe_fixture("png-animated.png", WP_DEPTH_FRAME);
    assert_int_equal(facts.animated, WP_YES);
    assert_int_equal(facts.frame_count, 3);
    facts = probe_fixture("webp-animated.webp", WP_DEPTH_FRAME);
    assert_int_equal(facts.animated, WP_YES);
    assert_int_equal(facts.frame_count, 3);
    facts = probe_fixture("good.webp", WP_DEPTH_FRAME);
    assert_int_equal(facts.animated, WP_NO);
    assert_int_equal(facts.frame_count, 1);
}

static void missing_bytes_are_counted_where_the_structure_tells(void **state)
{
    static const char *const names[] = {"good.bmp", "good.webp", "bmp-alpha.bmp"};
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct file file = load(names[i]);
        file.len -= 77;
        struct wp_image_facts facts = probe(&file, WP_DEPTH_HEADER);
        assert_int_equal(facts.complete, WP_NO);
        assert_true(facts.has_missing_bytes);
        assert_int_equal(facts.missing_bytes, 77);
        free(file.data);
    }
    assert_int_equal(probe_fixture("png-no-iend.png", WP_DEPTH_FRAME).missing_bytes, 12);
    assert_int_equal(probe_fixture("jpeg-no-eoi.jpg", WP_DEPTH_FRAME).missing_bytes, 2);
    assert_false(probe_fixture("good.jpg", WP_DEPTH_FRAME).has_missing_bytes);
}

static void a_height_that_comes_later_is_unknown(void **state)
{
    (void)state;
    struct wp_image_facts facts = probe_fixture("jpeg-height-0.jpg", WP_DEPTH_FRAME);
    assert_string_equal(facts.unreadable, "");
    assert_false(facts.has_size);
    assert_int_equal(facts.decode, WP_DECODE_UNSUPPORTED);
    assert_non_null(strstr(facts.decode_reason, facts.variant));
}

static void an_embedded_picture_has_the_size_of_its_bmp(void **state)
{
    (void)state;
    struct wp_image_facts facts = probe_fixture("bmp-jpeg.bmp", WP_DEPTH_FRAME);
    assert_int_equal(facts.width, 48);
    assert_int_equal(facts.height, 64);
    assert_false(facts.has_bits);
    assert_int_equal(facts.decode, WP_DECODE_UNSUPPORTED);
    assert_string_equal(facts.variant, "BMP with an embedded JPEG");
}

static void the_hash_is_that_of_the_untouched_file(void **state)
{
    (void)state;
    struct file file = load("png-text-bomb.png");
    struct wp_reader reader = {file.len, read_at, &file};
    struct wp_image_facts header, full;
    struct wp_probe_options options = {.depth = WP_DEPTH_HEADER, .hash = true};
    assert_int_equal(wp_probe_image(&header, &reader, &options, NULL), WP_OK);
    options = (struct wp_probe_options){.depth = WP_DEPTH_FULL};
    assert_int_equal(wp_probe_image(&full, &reader, &options, NULL), WP_OK);
    assert_int_equal(strlen(full.sha256), 64);
    assert_string_equal(header.sha256, full.sha256);
    free(file.data);
    /* FIPS 180-4: of no bytes at all */
    assert_string_equal(probe_fixture("empty.jpg", WP_DEPTH_FULL).sha256,
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static enum wp_status fail_to_read(void *user, void *out, size_t len, uint64_t offset, size_t *got,
                                   struct wp_error *error)
{
    const uint64_t *works_below = user;
    *got = 0;
    (void)error;
    if (offset >= *works_below)
        return WP_NETWORK;
    memset(out, 0, len);
    memcpy(out, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", len < 16 ? len : 16);
    *got = len;
    return WP_OK;
}

static void a_failure_to_read_is_no_fact(void **state)
{
    static const enum wp_depth depths[] = {WP_DEPTH_HEADER, WP_DEPTH_FRAME, WP_DEPTH_FULL};
    (void)state;
    for (size_t i = 0; i < COUNT(depths); i++) {
        struct wp_probe_options options = {.depth = depths[i]};
        struct wp_image_facts facts;
        uint64_t works_below = 0;
        struct wp_reader reader = {100000, fail_to_read, &works_below};
        assert_int_equal(wp_probe_image(&facts, &reader, &options, NULL), WP_NETWORK);
        works_below = 1;
        if (depths[i] != WP_DEPTH_HEADER)
            assert_int_equal(wp_probe_image(&facts, &reader, &options, NULL), WP_NETWORK);
    }
}

/* Lets a number of allocations through, then fails one and all that follow. */
static unsigned allocations_left;

static void *failing_malloc(size_t size)
{
    return allocations_left > 0 && allocations_left-- ? malloc(size) : NULL;
}

static void *failing_realloc(void *memory, size_t size)
{
    return allocations_left > 0 && allocations_left-- ? realloc(memory, size) : NULL;
}

static void running_out_of_memory_is_no_fact_about_the_picture(void **state)
{
    static const struct wp_alloc_hooks hooks = {failing_malloc, failing_realloc, free};
    static const char *const names[] = {"good.png", "jpeg-trailing.jpg"};
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct file file = load(names[i]);
        struct wp_reader reader = {file.len, read_at, &file};
        struct wp_probe_options options = {.depth = WP_DEPTH_FULL};
        struct wp_image_facts facts;
        enum wp_status status = WP_NOMEM;
        unsigned let_through = 0;
        for (; status == WP_NOMEM && let_through < 100; let_through++) {
            allocations_left = let_through;
            wp_alloc_set_hooks(&hooks);
            status = wp_probe_image(&facts, &reader, &options, NULL);
            wp_alloc_set_hooks(NULL);
        }
        assert_int_equal(status, WP_OK);
        assert_int_equal(facts.decode, WP_DECODE_OK);
        assert_true(let_through > 2);
        free(file.data);
    }
}

/* A reader that claims to be larger than anything that is loaded, with a picture at its begin. */
static enum wp_status read_vast(void *user, void *out, size_t len, uint64_t offset, size_t *got,
                                struct wp_error *error)
{
    struct file *file = user;
    (void)error;
    memset(out, 0, len);
    for (size_t i = 0; i < len && offset + i < file->len; i++)
        ((uint8_t *)out)[i] = file->data[offset + i];
    *got = len;
    file->reads++;
    file->bytes_read += len;
    return WP_OK;
}

static void a_vast_file_is_neither_loaded_nor_decoded(void **state)
{
    static const char *const names[] = {"good.jpg", "good.png", "good.bmp", "good.webp"};
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct file file = load(names[i]);
        struct wp_reader reader = {(uint64_t)5 << 30, read_vast, &file};
        struct wp_probe_options options = {.depth = WP_DEPTH_FRAME};
        struct wp_image_facts facts;
        assert_int_equal(wp_probe_image(&facts, &reader, &options, NULL), WP_OK);
        assert_true(facts.has_size);
        assert_int_equal(facts.complete, WP_YES);
        assert_int_equal(facts.decode, WP_DECODE_REFUSED);
        assert_true(file.bytes_read < 1 << 20);

        file.len -= 40; /* now its end is missing, and zeroes follow without end */
        file.bytes_read = 0;
        assert_int_equal(wp_probe_image(&facts, &reader, &options, NULL), WP_OK);
        assert_int_not_equal(facts.decode, WP_DECODE_OK);
        assert_true(file.bytes_read <= (uint64_t)65 << 20);
        free(file.data);
    }
}

/* What holds for any bytes at all. */
static void check_invariants(const struct wp_image_facts *facts, const char *name)
{
    bool decoded = facts->decode == WP_DECODE_OK;
    if ((facts->unreadable[0] && (decoded || facts->has_size)) || (decoded && !facts->has_size) ||
        (facts->complete == WP_NO && decoded) || (facts->has_missing_bytes && facts->complete != WP_NO) ||
        (facts->has_size && (facts->width == 0 || facts->height == 0)) ||
        (facts->has_exif_orientation && (facts->exif_orientation < 1 || facts->exif_orientation > 8)))
        fail_msg("%s: %ux%u complete %d decode %d \"%s\"", name, facts->width, facts->height,
                 (int)facts->complete, (int)facts->decode, facts->unreadable);
}

/* Where the picture ends: what is cut behind it is not missed. */
static size_t needed_bytes(const struct picture *picture, size_t len)
{
    if (strcmp(picture->name, "jpeg-trailing.jpg") == 0)
        return len - 180;
    if (strcmp(picture->name, "webp-trailing.webp") == 0)
        return len - 100;
    if (strcmp(picture->name, "jpeg-two-pictures.jpg") == 0) {
        struct file second = load("jpeg-grey.jpg");
        free(second.data);
        return len - second.len;
    }
    return len;
}

static void a_cut_picture_is_never_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(pictures); i++) {
        if (pictures[i].complete != WP_YES)
            continue;
        struct file file = load(pictures[i].name);
        size_t whole = needed_bytes(&pictures[i], file.len);
        for (size_t part = 0; part <= 24; part++) {
            file.len = part == 24 ? whole - 1 : whole * part / 24;
            struct file cut = {malloc(file.len + (file.len == 0)), file.len, 0, 0};
            assert_non_null(cut.data);
            memcpy(cut.data, file.data, cut.len);
            struct wp_image_facts facts = probe(&cut, WP_DEPTH_FRAME);
            check_invariants(&facts, pictures[i].name);
            if (facts.decode == WP_DECODE_OK || facts.complete == WP_YES)
                fail_msg("%s cut to %zu of %zu bytes: complete %d, decode %d", pictures[i].name, cut.len,
                         whole, (int)facts.complete, (int)facts.decode);
            facts = probe(&cut, WP_DEPTH_HEADER);
            check_invariants(&facts, pictures[i].name);
            if (facts.complete == WP_YES)
                fail_msg("%s cut to %zu bytes looks complete at depth header", pictures[i].name, cut.len);
            free(cut.data);
        }
        free(file.data);
    }
}

/* Damage may go unseen (a JPEG has no checksum), but it must do no harm. */
static void damaged_bytes_do_no_harm(void **state)
{
    uint32_t seed = 20240601;
    (void)state;
    for (size_t i = 0; i < COUNT(pictures); i++) {
        struct file file = load(pictures[i].name);
        for (unsigned round = 0; round < 40; round++) {
            struct file hurt = {malloc(file.len), file.len, 0, 0};
            assert_non_null(hurt.data);
            memcpy(hurt.data, file.data, file.len);
            /* Half of the rounds hit the headers. */
            size_t reach = round % 2 && file.len > 200 ? 200 : file.len;
            for (unsigned flips = 0; flips < 1 + round / 4; flips++) {
                seed = seed * 1664525 + 1013904223;
                hurt.data[(seed >> 8) % reach] ^= (uint8_t)(1U << (seed >> 5 & 7));
            }
            struct wp_image_facts facts = probe(&hurt, WP_DEPTH_FRAME);
            check_invariants(&facts, pictures[i].name);
            facts = probe(&hurt, WP_DEPTH_HEADER);
            check_invariants(&facts, pictures[i].name);
            free(hurt.data);
        }
        free(file.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_picture_is_measured),
        cmocka_unit_test(the_header_depth_tells_the_same_without_decoding),
        cmocka_unit_test(the_header_depth_reads_little),
        cmocka_unit_test(the_frame_depth_reads_the_file_once),
        cmocka_unit_test(content_that_is_no_picture_says_why),
        cmocka_unit_test(other_formats_are_named_and_left_alone),
        cmocka_unit_test(an_orientation_turns_the_size),
        cmocka_unit_test(every_format_can_have_an_orientation),
        cmocka_unit_test(transparency_is_looked_for_in_the_pixels),
        cmocka_unit_test(animations_are_counted),
        cmocka_unit_test(missing_bytes_are_counted_where_the_structure_tells),
        cmocka_unit_test(a_height_that_comes_later_is_unknown),
        cmocka_unit_test(an_embedded_picture_has_the_size_of_its_bmp),
        cmocka_unit_test(the_hash_is_that_of_the_untouched_file),
        cmocka_unit_test(a_failure_to_read_is_no_fact),
        cmocka_unit_test(running_out_of_memory_is_no_fact_about_the_picture),
        cmocka_unit_test(a_vast_file_is_neither_loaded_nor_decoded),
        cmocka_unit_test(a_cut_picture_is_never_whole),
        cmocka_unit_test(damaged_bytes_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
