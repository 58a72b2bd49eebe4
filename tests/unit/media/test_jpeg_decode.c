/* The second opinion on a JPEG: what it reads, and what it calls damaged. */
#include "unit/test.h"

#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "media/jpeg_decode.h"

#include "base/banned.h"

static struct wp_buf load(const char *name)
{
    char path[512];
    assert_true(wp_text_format(path, sizeof path, "%s/images/%s", WP_FIXTURES, name));
    struct wp_buf file = wp_buf_new(1 << 20);
    assert_int_equal(wp_file_read(&file, path, NULL), WP_OK);
    return file;
}

/* Decodes a fixture without its last bytes. */
static bool decodes(const char *name, size_t leave_out, uint32_t width, uint32_t height)
{
    struct wp_buf file = load(name);
    bool decoded = wp_jpeg_decodes((const uint8_t *)file.data, file.len - leave_out, width, height);
    wp_buf_free(&file);
    return decoded;
}

static void good_pictures_are_decoded(void **state)
{
    (void)state;
    static const char *const names[] = {"good.jpg",         "jpeg-orientation-6.jpg", "jpeg-progressive.jpg",
                                        "jpeg-grey.jpg",    "jpeg-cmyk.jpg",          "jpeg-rgb.jpg",
                                        "jpeg-restart.jpg", "jpeg-odd-size.jpg",      "jpeg-arithmetic.jpg"};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct wp_buf file = load(names[i]);
        /* Its own size, from the frame header: this test is not about sizes. */
        uint32_t width = 0, height = 0;
        for (size_t at = 2; at + 9 < file.len && !width;) {
            const uint8_t *p = (const uint8_t *)file.data + at;
            if (p[1] >= 0xc0 && p[1] <= 0xca && p[1] != 0xc4) {
                height = (uint32_t)(p[5] << 8 | p[6]);
                width = (uint32_t)(p[7] << 8 | p[8]);
            }
            at += 2 + (size_t)(p[2] << 8 | p[3]);
        }
        if (!wp_jpeg_decodes((const uint8_t *)file.data, file.len, width, height))
            fail_msg("%s, %ux%u", names[i], width, height);
        wp_buf_free(&file);
    }
}

static void a_picture_of_another_size_is_not_meant(void **state)
{
    (void)state;
    assert_true(decodes("good.jpg", 0, 240, 320));
    assert_false(decodes("good.jpg", 0, 240, 319));
    assert_false(decodes("good.jpg", 0, 241, 320));
}

static void what_is_damaged_or_foreign_is_refused(void **state)
{
    (void)state;
    assert_false(decodes("good.jpg", 500, 240, 320));
    assert_false(decodes("good.png", 0, 240, 320));
    assert_false(wp_jpeg_decodes((const uint8_t *)"", 0, 1, 1));
    struct wp_buf file = load("good.jpg");
    for (size_t at = file.len / 2; at < file.len / 2 + 40; at++)
        file.data[at] = 0;
    assert_false(wp_jpeg_decodes((const uint8_t *)file.data, file.len, 240, 320));
    wp_buf_free(&file);
}

/* Sides of 4096 are decoded, sides over it are not: the size in the header is enough to say so. */
static void vast_pictures_are_refused(void **state)
{
    (void)state;
    assert_false(wp_jpeg_decodes((const uint8_t *)"\xff\xd8", 2, 4097, 1));
    assert_false(wp_jpeg_decodes((const uint8_t *)"\xff\xd8", 2, 1, 4097));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_pictures_are_decoded),
        cmocka_unit_test(a_picture_of_another_size_is_not_meant),
        cmocka_unit_test(what_is_damaged_or_foreign_is_refused),
        cmocka_unit_test(vast_pictures_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
