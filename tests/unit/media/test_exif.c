/* The orientation in EXIF blocks: where it may stand, and how a block may lie. */
#include "unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "media/exif.h"

#include "base/banned.h"

static enum wp_status read_at(void *user, void *out, size_t len, uint64_t offset, size_t *got,
                              struct wp_error *error)
{
    (void)error;
    memcpy(out, (const uint8_t *)user + offset, len);
    *got = len;
    return WP_OK;
}

/* The orientation in a block that lies at the end of a file, behind some other bytes. */
static uint8_t orientation_of(const char *block, size_t len)
{
    enum { BEFORE = 7 };
    uint8_t *file = malloc(BEFORE + len);
    assert_non_null(file);
    memset(file, 0xaa, BEFORE);
    memcpy(file + BEFORE, block, len);
    struct wp_reader reader = {BEFORE + len, read_at, file};
    struct wp_image_bytes *bytes = malloc(sizeof *bytes);
    assert_non_null(bytes);
    wp_image_bytes_open(bytes, &reader, NULL);
    uint8_t orientation = wp_exif_orientation(bytes, BEFORE, len);
    wp_image_bytes_close(bytes);
    free(bytes);
    free(file);
    return orientation;
}

#define ORIENTATION_OF(text) orientation_of(text, sizeof(text) - 1)
#define LITTLE               "II*\0\x08\0\0\0"
#define BIG                  "MM\0*\0\0\0\x08"

static void both_byte_orders_are_read(void **state)
{
    (void)state;
    assert_int_equal(ORIENTATION_OF(LITTLE "\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"), 6);
    assert_int_equal(ORIENTATION_OF(BIG "\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0"), 8);
    assert_int_equal(ORIENTATION_OF("Exif\0\0" BIG "\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0"), 3);
}

static void the_tag_may_stand_behind_others(void **state)
{
    (void)state;
    assert_int_equal(ORIENTATION_OF(LITTLE "\x02\0"
                                           "\x0f\x01\x02\0\x04\0\0\0abc\0"
                                           "\x12\x01\x04\0\x01\0\0\0\x05\0\0\0"),
                     5);
    /* The directory does not follow the header at once. */
    assert_int_equal(ORIENTATION_OF("II*\0\x0c\0\0\0....\x01\0\x12\x01\x03\0\x01\0\0\0\x02\0\0\0"), 2);
}

static void what_is_no_orientation_is_none(void **state)
{
    (void)state;
    assert_int_equal(ORIENTATION_OF(LITTLE "\x01\0\x12\x01\x03\0\x01\0\0\0\0\0\0\0"), 0);
    assert_int_equal(ORIENTATION_OF(LITTLE "\x01\0\x12\x01\x03\0\x01\0\0\0\x09\0\0\0"), 0);
    assert_int_equal(ORIENTATION_OF(LITTLE "\x01\0\x12\x01\x02\0\x01\0\0\0\x06\0\0\0"), 0); /* a text */
    assert_int_equal(ORIENTATION_OF(LITTLE "\x01\0\x13\x01\x03\0\x01\0\0\0\x06\0\0\0"), 0);
    assert_int_equal(ORIENTATION_OF(LITTLE "\0\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"), 0);
    assert_int_equal(ORIENTATION_OF(LITTLE "\x01\0\x12\x01\x03\0\0\0\0\0\x06\0\0\0"), 0);   /* no value */
    assert_int_equal(ORIENTATION_OF(LITTLE "\x01\0\x12\x01\x03\0\x03\0\0\0\x06\0\0\0"), 0); /* elsewhere */
    assert_int_equal(ORIENTATION_OF(LITTLE "\x01\0\x12\x01\x04\0\x02\0\0\0\x06\0\0\0"), 0);
    assert_int_equal(ORIENTATION_OF("IM*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"), 0);
}

static void a_cut_block_has_none(void **state)
{
    static const char block[] = "Exif\0\0" LITTLE "\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
    (void)state;
    assert_int_equal(orientation_of(block, sizeof block - 1), 6);
    for (size_t len = 1; len < sizeof block - 1; len++)
        assert_int_equal(orientation_of(block, len), 0);
}

static void a_directory_far_away_is_not_looked_for(void **state)
{
    (void)state;
    assert_int_equal(ORIENTATION_OF("II*\0\xff\xff\xff\xff\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"), 0);
    assert_int_equal(ORIENTATION_OF("II*\0\xfe\xff\xff\xff\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_byte_orders_are_read),
        cmocka_unit_test(the_tag_may_stand_behind_others),
        cmocka_unit_test(what_is_no_orientation_is_none),
        cmocka_unit_test(a_cut_block_has_none),
        cmocka_unit_test(a_directory_far_away_is_not_looked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
