/* Header parsers on bytes that are made here: what no encoder writes, and the edges of what they take. */
#include "unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "media/image.h"
#include "media/sniff.h"

#include "base/banned.h"

static enum wp_status read_at(void *user, void *out, size_t len, uint64_t offset, size_t *got,
                              struct wp_error *error)
{
    (void)error;
    memcpy(out, (const uint8_t *)user + offset, len);
    *got = len;
    return WP_OK;
}

static struct wp_image_facts facts_of(const void *data, size_t len, enum wp_format format, bool load)
{
    uint8_t *file = malloc(len);
    struct wp_image_bytes *bytes = malloc(sizeof *bytes);
    assert_non_null(file);
    assert_non_null(bytes);
    memcpy(file, data, len);
    struct wp_reader reader = {len, read_at, file};
    struct wp_image_facts facts = {.format = format};
    struct wp_image image = {bytes, &facts, 0};
    wp_image_bytes_open(bytes, &reader, NULL);
    if (load)
        assert_int_equal(wp_image_bytes_load(bytes), WP_OK);
    wp_image_read_header(&image);
    assert_int_equal(bytes->status, WP_OK);
    assert_true(image.end <= len);
    wp_image_bytes_close(bytes);
    free(bytes);
    free(file);
    return facts;
}

#define FACTS(text, format) facts_of(text, sizeof(text) - 1, WP_FORMAT_##format, true)

#define SOI "\xff\xd8"
#define EOI "\xff\xd9"
/* A segment without tables: what is in them no header needs. */
#define DQT                    "\xff\xdb\0\x02"
#define SOS                    "\xff\xda\0\x08\x01\x01\0\0\x3f\0"
#define FRAME(code, precision) "\xff" code "\0\x0b" precision "\0\x10\0\x20\x01\x01\x11\0"

static void frames_of_every_kind_are_told(void **state)
{
    static const struct {
        const char *bytes;
        const char *variant;
    } frames[] = {
        {SOI DQT FRAME("\xc0", "\x08") SOS "data" EOI, ""},
        {SOI DQT FRAME("\xc1", "\x08") SOS "data" EOI, ""},
        {SOI DQT FRAME("\xc2", "\x08") SOS "data" EOI, ""},
        {SOI DQT FRAME("\xc1", "\x0c") SOS "data" EOI, "12-bit JPEG"},
        {SOI DQT FRAME("\xc3", "\x10") SOS "data" EOI, "lossless JPEG"},
        {SOI DQT FRAME("\xc5", "\x08") SOS "data" EOI, "hierarchical JPEG"},
        {SOI DQT FRAME("\xde", "\x08") SOS "data" EOI, "hierarchical JPEG"},
        {SOI DQT FRAME("\xc9", "\x08") SOS "data" EOI, "arithmetic-coded JPEG"},
        {SOI DQT FRAME("\xca", "\x0c") SOS "data" EOI, "arithmetic-coded JPEG"},
        {SOI DQT FRAME("\xf7", "\x08") SOS "data" EOI, "JPEG-LS"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(frames); i++) {
        /* The sizes hold NUL bytes: the length is that of all the parts. */
        size_t len = 2 + 4 + 13 + 10 + 4 + 2;
        struct wp_image_facts facts = facts_of(frames[i].bytes, len, WP_FORMAT_JPEG, true);
        assert_string_equal(facts.unreadable, "");
        assert_string_equal(facts.variant, frames[i].variant);
        assert_int_equal(facts.width, 32);
        assert_int_equal(facts.height, 16);
        assert_int_equal(facts.complete, WP_YES);
        assert_int_equal(facts.decode, frames[i].variant[0] ? WP_DECODE_UNSUPPORTED : WP_DECODE_NOT_TRIED);
    }
}

static void impossible_frames_are_unreadable(void **state)
{
    (void)state;
    assert_string_not_equal(FACTS(SOI FRAME("\xc0", "\x0c") SOS "data" EOI, JPEG).unreadable, "");
    assert_string_not_equal(FACTS(SOI FRAME("\xc0", "\x07") SOS "data" EOI, JPEG).unreadable, "");
    assert_string_not_equal(FACTS(SOI FRAME("\xc3", "\x11") SOS "data" EOI, JPEG).unreadable, "");
    assert_string_not_equal(FACTS(SOI FRAME("\xc3", "\x01") SOS "data" EOI, JPEG).unreadable, "");
    assert_string_not_equal(FACTS(SOI SOS "data" EOI, JPEG).unreadable, "");
    assert_string_not_equal(FACTS(SOI EOI, JPEG).unreadable, "");
    assert_string_not_equal(FACTS(SOI FRAME("\xc0", "\x08") EOI, JPEG).unreadable, "");
    /* Five components, and a length that does not fit their number. */
    assert_string_not_equal(
        FACTS(SOI "\xff\xc0\0\x17\x08\0\x10\0\x20\x05\x01\x11\0\x02\x11\0\x03\x11\0\x04\x11\0\x05\x11\0",
              JPEG)
            .unreadable,
        "");
    assert_string_not_equal(FACTS(SOI "\xff\xc0\0\x0b\x08\0\x10\0\x20\x03\x01\x11\0" SOS, JPEG).unreadable,
                            "");
    assert_string_not_equal(FACTS(SOI "\xff\xc0\0\x02" SOS "data" EOI, JPEG).unreadable, "");
}

static void markers_are_told_from_data(void **state)
{
    (void)state;
    /* Fill bytes before a marker, rubbish between segments, a stuffed byte and a restart in the data. */
    struct wp_image_facts facts =
        FACTS(SOI "\xff\xff\xff\xe0\0\x04"
                  "ab??" FRAME("\xc0", "\x08") SOS "a\xff\0b\xff\xd0\xff\xff\xd9 more",
              JPEG);
    assert_int_equal(facts.width, 32);
    assert_int_equal(facts.complete, WP_YES);
    /* An EOI within a segment is none; stuffing is not an EOI. */
    facts = FACTS(SOI "\xff\xe1\0\x04" EOI FRAME("\xc0", "\x08") SOS "a\xff\0\xd9", JPEG);
    assert_int_equal(facts.complete, WP_NO);
    /* JPEG-LS stuffs a bit: 0xff before a byte under 0x80 is data. */
    facts = FACTS(SOI FRAME("\xf7", "\x08") SOS "a\xff\x7f\xff\x01" EOI, JPEG);
    assert_int_equal(facts.complete, WP_YES);
    /* The half of an EOI is one byte short of it. */
    facts = FACTS(SOI FRAME("\xc0", "\x08") SOS "data\xff", JPEG);
    assert_int_equal(facts.complete, WP_NO);
    assert_int_equal(facts.missing_bytes, 1);
    /* A segment that cannot be. */
    facts = FACTS(SOI FRAME("\xc0", "\x08") "\xff\xe0\0\x01" SOS "data" EOI, JPEG);
    assert_int_equal(facts.decode, WP_DECODE_FAILED);
}

static void an_adobe_marker_tells_the_colours(void **state)
{
#define THREE                                                                                                \
    "\xff\xc0\0\x11\x08\0\x10\0\x20\x03"                                                                     \
    "\x01\x11\0"                                                                                             \
    "\x02\x11\0"                                                                                             \
    "\x03\x11\0"
#define RGB                                                                                                  \
    "\xff\xc0\0\x11\x08\0\x10\0\x20\x03"                                                                     \
    "R\x11\0"                                                                                                \
    "G\x11\0"                                                                                                \
    "B\x11\0"
#define ADOBE                                                                                                \
    "\xff\xee\0\x0e"                                                                                         \
    "Adobe\0\x64\0\0\0\0"
    (void)state;
    assert_int_equal(FACTS(SOI THREE SOS EOI, JPEG).color_model, WP_COLOR_YCBCR);
    assert_int_equal(FACTS(SOI ADOBE "\x01" THREE SOS EOI, JPEG).color_model, WP_COLOR_YCBCR);
    assert_int_equal(FACTS(SOI ADOBE "\0" THREE SOS EOI, JPEG).color_model, WP_COLOR_RGB);
    assert_int_equal(FACTS(SOI RGB SOS EOI, JPEG).color_model, WP_COLOR_RGB);
    assert_int_equal(FACTS(SOI ADOBE "\x01" RGB SOS EOI, JPEG).color_model, WP_COLOR_YCBCR);
}

#define PNG_HEAD "\x89PNG\r\n\x1a\n"
/* 1x1, 8 bits, grey, with its checksum */
#define IHDR_1X1 "\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55"
#define IEND     "\0\0\0\0IEND\xae\x42\x60\x82"

static void png_chunks_end_within_the_file(void **state)
{
    (void)state;
    struct wp_image_facts facts = FACTS(PNG_HEAD IHDR_1X1 "\0\0\x01\0tEXtab", PNG);
    assert_int_equal(facts.complete, WP_NO);
    assert_int_equal(facts.missing_bytes, 256 - 2 + 4 + 12);
    facts = FACTS(PNG_HEAD IHDR_1X1 "\0\0\0\0IEND\xae\x42", PNG);
    assert_int_equal(facts.complete, WP_NO);
    assert_int_equal(facts.missing_bytes, 2);
    facts = FACTS(PNG_HEAD IHDR_1X1, PNG);
    assert_int_equal(facts.complete, WP_NO);
    assert_int_equal(facts.missing_bytes, 12);
    /* A length over 2^31-1, and no letters where a chunk's name should be. */
    facts = FACTS(PNG_HEAD IHDR_1X1 "\x80\0\0\0tEXtabcd", PNG);
    assert_int_equal(facts.decode, WP_DECODE_FAILED);
    facts = FACTS(PNG_HEAD IHDR_1X1 "\0\0\0\0t3Xtabcd" IEND, PNG);
    assert_int_equal(facts.decode, WP_DECODE_FAILED);
    assert_int_equal(facts.complete, WP_UNKNOWN);
}

static void a_png_is_stripped_to_its_picture(void **state)
{
    static const char before[] = PNG_HEAD IHDR_1X1 "\0\0\0\0IDAT....\0\0\0\x02tEXtab....\0\0\0\x01IDATx...."
                                                   "\0\0\0\0fdAT...." IEND;
    static const char after[] = PNG_HEAD IHDR_1X1 "\0\0\0\x01IDATx...." IEND;
    (void)state;
    uint8_t png[sizeof before - 1];
    memcpy(png, before, sizeof png);
    assert_int_equal(wp_image_png_strip(png, sizeof png), sizeof after - 1);
    assert_memory_equal(png, after, sizeof after - 1);
    /* Of a chunk that is cut nothing is kept. */
    memcpy(png, before, sizeof png);
    assert_int_equal(wp_image_png_strip(png, sizeof png - 1), sizeof after - 1 - 12);
}

/* A BMP of 40 header bytes with the given fields, and as many pixel bytes. */
static struct wp_image_facts bmp(uint32_t width, uint32_t height, uint16_t bits, uint32_t compression,
                                 size_t pixel_bytes)
{
    uint8_t file[1024] = "BM";
    const uint32_t fields[] = {54, 40, width, height, (uint32_t)bits << 16 | 1, compression};
    for (size_t i = 0; i < COUNT(fields); i++) {
        for (size_t byte = 0; byte < 4; byte++)
            file[10 + 4 * i + byte] = (uint8_t)(fields[i] >> 8 * byte);
    }
    assert_true(54 + pixel_bytes <= sizeof file);
    return facts_of(file, 54 + pixel_bytes, WP_FORMAT_BMP, true);
}

static void bmp_lines_are_padded_to_four_bytes(void **state)
{
    (void)state;
    assert_int_equal(bmp(5, 3, 24, 0, 3 * 16).complete, WP_YES);
    assert_int_equal(bmp(5, 3, 24, 0, 3 * 16 - 1).complete, WP_NO);
    assert_int_equal(bmp(33, 2, 1, 0, 2 * 8).complete, WP_YES);
    assert_int_equal(bmp(33, 2, 1, 0, 2 * 8 - 1).missing_bytes, 1);
    assert_int_equal(bmp(5, (uint32_t)-3, 24, 0, 3 * 16).height, 3);
    assert_int_equal(bmp(5, (uint32_t)-3, 24, 0, 3 * 16 - 1).complete, WP_NO);
}

static void impossible_bmps_are_unreadable(void **state)
{
    (void)state;
    assert_string_equal(bmp(4, 4, 24, 0, 64).unreadable, "");
    assert_string_not_equal(bmp(0, 4, 24, 0, 64).unreadable, "");
    assert_string_not_equal(bmp((uint32_t)-4, 4, 24, 0, 64).unreadable, "");
    assert_string_not_equal(bmp(4, 0, 24, 0, 64).unreadable, "");
    assert_string_not_equal(bmp(4, 4, 23, 0, 64).unreadable, "");
    assert_string_not_equal(bmp(4, 4, 0, 0, 64).unreadable, "");
    assert_string_equal(bmp(4, 4, 0, 5, 64).variant, "BMP with an embedded PNG");
    assert_string_equal(bmp(4, 4, 24, 11, 64).variant, "BMP with compression 11");
    assert_int_equal(bmp(4, 4, 24, 1, 64).decode, WP_DECODE_UNSUPPORTED); /* RLE8 of 24 bits */
}

#define VP8X(flags) "VP8X\x0a\0\0\0" flags "\0\0\0\x1f\0\0\x0f\0\0"

static void a_webp_says_its_size(void **state)
{
    (void)state;
    struct wp_image_facts facts = FACTS("RIFF\x1e\0\0\0WEBP" VP8X("\0") "ABCD\0\0\0\0", WEBP);
    assert_int_equal(facts.width, 32);
    assert_int_equal(facts.height, 16);
    assert_int_equal(facts.complete, WP_YES);
    assert_int_equal(facts.decode, WP_DECODE_FAILED); /* it has no pixels */
    facts = FACTS("RIFF\x20\0\0\0WEBP" VP8X("\x12") "ANMF\0\0\0\0", WEBP);
    assert_int_equal(facts.complete, WP_NO);
    assert_int_equal(facts.missing_bytes, 2);
    facts = FACTS("RIFF\x1e\0\0\0WEBP" VP8X("\x12") "ANMF\0\0\0\0", WEBP);
    assert_int_equal(facts.has_alpha, WP_YES);
    assert_int_equal(facts.frame_count, 1);
    assert_int_equal(facts.animated, WP_NO); /* an animation of one picture stands still */
    assert_int_equal(facts.decode, WP_DECODE_UNSUPPORTED);
    /* VP8L: version 1 is none that exists, and neither is another signature. */
    assert_string_equal(FACTS("RIFF\x12\0\0\0WEBPVP8L\x05\0\0\0\x2f\0\0\0\0\0", WEBP).unreadable, "");
    assert_string_not_equal(FACTS("RIFF\x12\0\0\0WEBPVP8L\x05\0\0\0\x2f\0\0\0\x20\0", WEBP).unreadable, "");
    assert_string_not_equal(FACTS("RIFF\x12\0\0\0WEBPVP8L\x05\0\0\0\x2e\0\0\0\0\0", WEBP).unreadable, "");
    assert_string_not_equal(FACTS("RIFF\x0c\0\0\0WEBPABCD\0\0\0\0", WEBP).unreadable, "");
    assert_string_not_equal(FACTS("RIFF\0\0\0\0WEBPVP8X\0\0\0\0", WEBP).unreadable, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_of_every_kind_are_told),
        cmocka_unit_test(impossible_frames_are_unreadable),
        cmocka_unit_test(markers_are_told_from_data),
        cmocka_unit_test(an_adobe_marker_tells_the_colours),
        cmocka_unit_test(png_chunks_end_within_the_file),
        cmocka_unit_test(a_png_is_stripped_to_its_picture),
        cmocka_unit_test(bmp_lines_are_padded_to_four_bytes),
        cmocka_unit_test(impossible_bmps_are_unreadable),
        cmocka_unit_test(a_webp_says_its_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
