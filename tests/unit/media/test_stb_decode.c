/* The second opinion: what it reads, and what it refuses. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "media/stb_decode.h"

#include "base/banned.h"

static bool decodes(const char *name, size_t leave_out, uint32_t width, uint32_t height)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/images/%s", WP_FIXTURES, name);
    struct wp_buf file = wp_buf_new(1 << 20);
    assert_int_equal(wp_file_read(&file, path, NULL), WP_OK);
    bool decoded = wp_stb_decodes((const uint8_t *)file.data, file.len - leave_out, width, height);
    wp_buf_free(&file);
    return decoded;
}

static void good_pictures_are_decoded(void **state)
{
    (void)state;
    assert_true(decodes("good.png", 0, 240, 320));
    assert_false(decodes("good.bmp", 0, 200, 200));
    assert_true(decodes("side-4096.png", 0, 4096, 4096));
}

static void a_picture_of_another_size_is_not_meant(void **state)
{
    (void)state;
    assert_false(decodes("good.png", 0, 240, 319));
    assert_false(decodes("good.png", 0, 241, 320));
}

static void what_is_damaged_vast_or_foreign_is_refused(void **state)
{
    (void)state;
    assert_false(decodes("good.png", 500, 240, 320));
    assert_false(decodes("png-half-the-rows.png", 0, 48, 64));
    assert_false(decodes("side-4097.png", 0, 4097, 4096));
    assert_false(decodes("good.webp", 0, 240, 320));
    assert_false(decodes("good.jpg", 0, 240, 320));
    assert_false(decodes("gif-named.jpg", 0, 48, 64));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_pictures_are_decoded),
        cmocka_unit_test(a_picture_of_another_size_is_not_meant),
        cmocka_unit_test(what_is_damaged_vast_or_foreign_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
