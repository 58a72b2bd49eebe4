/* The decoders of still images: what they read, what they call damaged, and the pixels that they deliver. */
#include "unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "media/decoders.h"

#include "base/banned.h"

typedef enum wp_decoded decode_fn(const struct wp_lines *lines, const uint8_t *bytes, size_t len);

static struct wp_buf load(const char *name)
{
    char path[512];
    assert_true(wp_text_format(path, sizeof path, "%s/images/%s", WP_FIXTURES, name));
    struct wp_buf file = wp_buf_new(1 << 20);
    assert_int_equal(wp_file_read(&file, path, NULL), WP_OK);
    return file;
}

/* A picture as it was delivered, in 8 bits; lines that did not come stay 0. */
struct picture {
    uint32_t width, height;
    unsigned channels;
    unsigned lines;
    uint8_t samples[1 << 18];
};

static void keep(void *user, const struct wp_line *line)
{
    struct picture *picture = user;
    size_t count = (size_t)line->width * line->channels;
    assert_true(line->y < line->height && count * line->height <= sizeof picture->samples);
    picture->width = line->width;
    picture->height = line->height;
    picture->channels = line->channels;
    picture->lines++;
    for (size_t i = 0; i < count; i++)
        picture->samples[count * line->y + i] = line->samples[i * line->bytes];
}

/* Decodes with nobody looking and with somebody, which must come to the same. */
static enum wp_decoded decode(struct picture *out, decode_fn *fn, const void *bytes, size_t len,
                              uint32_t width, uint32_t height)
{
    struct wp_lines lines = {.width = width, .height = height};
    enum wp_decoded blind = fn(&lines, bytes, len);
    memset(out, 0, sizeof *out);
    lines.take = keep;
    lines.user = out;
    assert_int_equal(fn(&lines, bytes, len), blind);
    if (blind == WP_DECODED)
        assert_int_equal(out->lines, height);
    return blind;
}

static enum wp_decoded decode_part(decode_fn *fn, const char *name, size_t leave_out, uint32_t width,
                                   uint32_t height)
{
    static struct picture picture;
    struct wp_buf file = load(name);
    enum wp_decoded decoded = decode(&picture, fn, file.data, file.len - leave_out, width, height);
    wp_buf_free(&file);
    return decoded;
}

static void jpegs_of_all_kinds_are_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t width, height;
    } rows[] = {
        {"good.jpg", 240, 320},       {"jpeg-orientation-6.jpg", 48, 64}, {"jpeg-progressive.jpg", 48, 64},
        {"jpeg-grey.jpg", 48, 64},    {"jpeg-cmyk.jpg", 48, 64},          {"jpeg-rgb.jpg", 48, 64},
        {"jpeg-restart.jpg", 48, 64}, {"jpeg-odd-size.jpg", 37, 51},      {"jpeg-arithmetic.jpg", 48, 64},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (decode_part(wp_jpeg_decode, rows[i].name, 0, rows[i].width, rows[i].height) != WP_DECODED)
            fail_msg("%s", rows[i].name);
    }
}

static void a_picture_of_another_size_is_not_meant(void **state)
{
    (void)state;
    static const struct {
        decode_fn *fn;
        const char *name;
        uint32_t width, height;
    } rows[] = {
        {wp_jpeg_decode, "good.jpg", 240, 320},
        {wp_png_decode, "good.png", 240, 320},
        {wp_webp_decode, "good.webp", 240, 320},
        {wp_bmp_decode, "good.bmp", 200, 200},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(decode_part(rows[i].fn, rows[i].name, 0, rows[i].width, rows[i].height), WP_DECODED);
        assert_int_equal(decode_part(rows[i].fn, rows[i].name, 0, rows[i].width, rows[i].height - 1),
                         WP_DECODED_DAMAGED);
        assert_int_equal(decode_part(rows[i].fn, rows[i].name, 0, rows[i].width + 1, rows[i].height),
                         WP_DECODED_DAMAGED);
        /* Cut off, or of a format of somebody else's. */
        assert_int_equal(decode_part(rows[i].fn, rows[i].name, 500, rows[i].width, rows[i].height),
                         WP_DECODED_DAMAGED);
        const char *other = rows[(i + 1) % COUNT(rows)].name;
        assert_int_not_equal(decode_part(rows[i].fn, other, 0, rows[i].width, rows[i].height), WP_DECODED);
    }
}

static void damage_in_the_middle_of_a_jpeg_is_seen(void **state)
{
    (void)state;
    static struct picture picture;
    struct wp_buf file = load("good.jpg");
    memset(file.data + file.len / 2, 0, 40);
    assert_int_equal(decode(&picture, wp_jpeg_decode, file.data, file.len, 240, 320), WP_DECODED_DAMAGED);
    assert_int_equal(decode(&picture, wp_jpeg_decode, "", 0, 1, 1), WP_DECODED_DAMAGED);
    wp_buf_free(&file);
}

/* Of a picture of several kinds of transparency: what channels come, and whether any pixel is clear. */
static void transparency_is_delivered(void **state)
{
    (void)state;
    static const struct {
        decode_fn *fn;
        const char *name;
        unsigned channels;
    } rows[] = {
        {wp_png_decode, "png-palette-transparent.png", 4},
        {wp_png_decode, "png-transparent.png", 4},
        {wp_png_decode, "png-transparent-16bit.png", 4},
        {wp_png_decode, "png-colour-key.png", 4},
    };
    static struct picture picture;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct wp_buf file = load(rows[i].name);
        assert_int_equal(decode(&picture, rows[i].fn, file.data, file.len, 48, 64), WP_DECODED);
        bool clear = false;
        for (size_t p = 0; p < (size_t)48 * 64; p++)
            clear |= picture.samples[(p + 1) * picture.channels - 1] != 255;
        if (picture.channels != rows[i].channels || !clear)
            fail_msg("%s: %u channels, clear %d", rows[i].name, picture.channels, clear);
        wp_buf_free(&file);
    }
}

static void sides_are_made_smaller_where_asked(void **state)
{
    (void)state;
    static struct picture picture;
    struct wp_buf jpeg = load("good.jpg"), webp = load("good.webp");
    struct wp_lines lines = {.width = 240, .height = 320, .shrink = 2, .take = keep, .user = &picture};
    assert_int_equal(wp_jpeg_decode(&lines, (const uint8_t *)jpeg.data, jpeg.len), WP_DECODED);
    assert_int_equal(picture.width, 60);
    assert_int_equal(picture.height, 80);
    assert_int_equal(wp_webp_decode(&lines, (const uint8_t *)webp.data, webp.len), WP_DECODED);
    assert_int_equal(picture.width, 60);
    assert_int_equal(picture.height, 80);
    wp_buf_free(&jpeg);
    wp_buf_free(&webp);
}

/* A BMP is put together by hand: header, masks or palette, pixels. */
struct bmp {
    uint8_t bytes[512];
    size_t len;
};

static void put(struct bmp *bmp, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        bmp->bytes[bmp->len++] = (uint8_t)(i < sizeof value ? value >> 8 * i : 0);
}

static struct bmp begin(int width, int height, unsigned bits, unsigned compression, const uint32_t *extra,
                        size_t count)
{
    unsigned header = compression == 3 && count == 4 ? 56 : 40;
    struct bmp bmp = {.len = 0};
    put(&bmp, 'B' | 'M' << 8, 2);
    put(&bmp, 0, 8);
    put(&bmp, 14 + 40 + 4 * count, 4);
    put(&bmp, header, 4);
    put(&bmp, (uint32_t)width, 4);
    put(&bmp, (uint32_t)height, 4);
    put(&bmp, 1, 2);
    put(&bmp, bits, 2);
    put(&bmp, compression, 4);
    put(&bmp, 0, 20);
    for (size_t i = 0; i < count; i++)
        put(&bmp, extra[i], 4);
    return bmp;
}

static const uint32_t PALETTE[4] = {0x101010, 0xff0000, 0x00ff00, 0x0000ff}; /* d, r, g, b below */

static uint32_t color_of(char letter)
{
    switch (letter) {
    case 'd':
        return 0x101010;
    case 'r':
        return 0xff0000;
    case 'g':
        return 0x00ff00;
    case 'b':
        return 0x0000ff;
    case 'w':
        return 0xffffff;
    default:
        return 0;
    }
}

/* Compares with lines of letters from the top, of the palette's entries or of primary colours. */
static void assert_picture(struct bmp *bmp, uint32_t width, const char *letters, enum wp_decoded expected)
{
    static struct picture picture;
    uint32_t height = (uint32_t)(strlen(letters) + 1) / (width + 1);
    enum wp_decoded decoded = decode(&picture, wp_bmp_decode, bmp->bytes, bmp->len, width, height);
    assert_int_equal(decoded, expected);
    if (expected != WP_DECODED)
        return;
    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width; x++) {
            const uint8_t *p = picture.samples + ((size_t)y * width + x) * picture.channels;
            char letter = letters[y * (width + 1) + x];
            uint32_t color = color_of(letter);
            if ((uint32_t)(p[0] << 16 | p[1] << 8 | p[2]) != color)
                fail_msg("%u,%u of %s: %02x%02x%02x", x, y, letters, p[0], p[1], p[2]);
        }
    }
}

static void bmps_of_every_depth_have_their_colours(void **state)
{
    (void)state;
    struct bmp bmp = begin(3, 2, 1, 0, PALETTE, 2); /* lines from the bottom, each padded to four bytes */
    put(&bmp, 0x40, 4);
    put(&bmp, 0xa0, 4);
    assert_picture(&bmp, 3, "rdr\ndrd", WP_DECODED);
    bmp = begin(3, -2, 4, 0, PALETTE, 4); /* and from the top */
    put(&bmp, 0x3021, 4);
    put(&bmp, 0x0000, 4);
    assert_picture(&bmp, 3, "grb\nddd", WP_DECODED);
    bmp = begin(2, 1, 8, 0, PALETTE, 4);
    put(&bmp, 0xff03, 4);
    assert_picture(&bmp, 2, "b.", WP_DECODED); /* an entry that the palette does not have is black */
    bmp = begin(2, 1, 16, 0, NULL, 0);
    put(&bmp, 0x001f7c00, 4);
    assert_picture(&bmp, 2, "rb", WP_DECODED);
    bmp = begin(2, 1, 24, 0, NULL, 0);
    put(&bmp, 0xffffff, 3);
    put(&bmp, 0x0000ff, 3);
    put(&bmp, 0, 2);
    assert_picture(&bmp, 2, "wb", WP_DECODED);
    bmp.len--; /* even padding has to be there */
    assert_picture(&bmp, 2, "wb", WP_DECODED_DAMAGED);
    bmp = begin(1, 1, 2, 0, PALETTE, 4);
    put(&bmp, 0, 4);
    assert_picture(&bmp, 1, "d", WP_DECODED_UNSUPPORTED);
}

static void masks_say_where_colours_are(void **state)
{
    (void)state;
    static struct picture picture;
    static const uint32_t of_565[3] = {0xf800, 0x7e0, 0x1f}, of_2101010[3] = {0x3ff00000, 0xffc00, 0x3ff},
                          torn[3] = {0xa000, 0x7e0, 0x1f}, equal[3] = {0xff, 0xff, 0xff},
                          with_alpha[4] = {0xff, 0xff00, 0xff0000, 0xff000000};
    struct bmp bmp = begin(2, 1, 16, 3, of_565, 3);
    put(&bmp, 0x07e0f800, 4);
    assert_picture(&bmp, 2, "rg", WP_DECODED);
    const uint32_t *const odd[] = {of_2101010, torn, equal};
    for (size_t i = 0; i < COUNT(odd); i++) {
        bmp = begin(1, 1, 32, 3, odd[i], 3);
        put(&bmp, 0, 4);
        assert_picture(&bmp, 1, "d", WP_DECODED_UNSUPPORTED);
    }
    bmp = begin(2, 1, 32, 3, with_alpha, 4);
    put(&bmp, 0xff0000ff, 4);
    put(&bmp, 0x80ff0000, 4);
    assert_picture(&bmp, 2, "rb", WP_DECODED);
    assert_int_equal(decode(&picture, wp_bmp_decode, bmp.bytes, bmp.len, 2, 1), WP_DECODED);
    assert_int_equal(picture.channels, 4);
    assert_int_equal(picture.samples[3], 0xff);
    assert_int_equal(picture.samples[7], 0x80);
    bmp = begin(2, 1, 32, 3, with_alpha, 4); /* alpha of 0 everywhere is none */
    put(&bmp, 0x000000ff, 4);
    put(&bmp, 0x00ff0000, 4);
    assert_int_equal(decode(&picture, wp_bmp_decode, bmp.bytes, bmp.len, 2, 1), WP_DECODED);
    assert_int_equal(picture.channels, 3);
}

static void runs_are_followed(void **state)
{
    (void)state;
    static const struct {
        unsigned bits;
        const char *code; /* of pairs of digits */
        const char *letters;
        enum wp_decoded expected;
    } rows[] = {
        {8,
         "0301"
         "0000"
         "0302"
         "0001",
         "ggg\nrrr", WP_DECODED},
        {8,
         "0003010203000000"
         "0001",
         "ddd\nrgb", WP_DECODED}, /* as they are, padded */
        {8,
         "0101"
         "00020101"
         "0102"
         "0001",
         "ddg\nrdd", WP_DECODED}, /* a jump */
        {8,
         "0501"
         "0000"
         "0302"
         "0001",
         "ggg\nrrr", WP_DECODED}, /* what is too long is cut off */
        {8,
         "0101"
         "0001",
         "ddd\nrdd", WP_DECODED},
        {8,
         "0301"
         "0000"
         "0302"
         "0000"
         "0001",
         "ggg\nrrr", WP_DECODED},
        {8,
         "0301"
         "0000"
         "0302"
         "0000"
         "0000"
         "0001",
         "ggg\nrrr", WP_DECODED_DAMAGED}, /* a third line */
        {8,
         "0301"
         "0000"
         "0302",
         "ggg\nrrr", WP_DECODED_DAMAGED}, /* no end */
        {8,
         "00020500"
         "0001",
         "ddd\nddd", WP_DECODED_DAMAGED}, /* out to the right */
        {8,
         "00020002"
         "0001",
         "ddd\nddd", WP_DECODED_DAMAGED}, /* and below */
        {8, "00020100", "ddd\nddd", WP_DECODED_DAMAGED},
        {8, "000501020301", "ddd\nddd", WP_DECODED_DAMAGED}, /* fewer than it says */
        {8, "0002", "ddd\nddd", WP_DECODED_DAMAGED},
        {4,
         "0312"
         "0000"
         "0321"
         "0001",
         "grg\nrgr", WP_DECODED},
        {4,
         "000312300000"
         "0303"
         "0001",
         "dbd\nrgb", WP_DECODED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct bmp bmp = begin(3, 2, rows[i].bits, rows[i].bits == 8 ? 1 : 2, PALETTE, 4);
        for (const char *digit = rows[i].code; *digit; digit += 2) {
            char pair[3] = {digit[0], digit[1], 0};
            put(&bmp, strtoul(pair, NULL, 16), 1);
        }
        print_message("%s\n", rows[i].code);
        assert_picture(&bmp, 3, rows[i].letters, rows[i].expected);
    }
}

static size_t allowed;

static void *limited_realloc(void *memory, size_t size)
{
    return allowed > 0 && allowed-- ? realloc(memory, size) : NULL;
}

static void *limited_malloc(size_t size)
{
    return limited_realloc(NULL, size);
}

static void memory_may_run_out(void **state)
{
    (void)state;
    static const struct wp_alloc_hooks hooks = {limited_malloc, limited_realloc, free};
    static struct picture picture;
    struct wp_buf file = load("good.png");
    const struct wp_lines lines = {.width = 240, .height = 320, .take = keep, .user = &picture};
    enum wp_decoded decoded = WP_DECODED_NOMEM;
    wp_alloc_set_hooks(&hooks);
    for (size_t limit = 0; decoded != WP_DECODED; limit++) {
        allowed = limit;
        decoded = wp_png_decode(&lines, (const uint8_t *)file.data, file.len);
        assert_true(limit < 100 && (decoded == WP_DECODED ? limit > 3 : decoded == WP_DECODED_NOMEM));
    }
    wp_alloc_set_hooks(NULL);
    wp_buf_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jpegs_of_all_kinds_are_decoded),
        cmocka_unit_test(a_picture_of_another_size_is_not_meant),
        cmocka_unit_test(damage_in_the_middle_of_a_jpeg_is_seen),
        cmocka_unit_test(transparency_is_delivered),
        cmocka_unit_test(sides_are_made_smaller_where_asked),
        cmocka_unit_test(bmps_of_every_depth_have_their_colours),
        cmocka_unit_test(masks_say_where_colours_are),
        cmocka_unit_test(runs_are_followed),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
