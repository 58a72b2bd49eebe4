/* A hash that is made of what others read. */
#include "unit/test.h"

#include "base/sha256.h"
#include "unit/bytes.h"

#define SIZE 700000

static struct bytes some_bytes(void)
{
    struct bytes bytes = bytes_of_size(SIZE);
    for (size_t i = 0; i < SIZE; i++)
        bytes.data[i] = (uint8_t)(i * 31 + i / 256);
    return bytes;
}

struct piece {
    uint64_t offset;
    size_t len;
    bool reaches; /* what is missing before is read first */
};

/* Sees the pieces; the hash must be right, and have read so many bytes itself. */
static void assert_reads(const struct piece *pieces, size_t count, uint64_t reads)
{
    struct bytes bytes = some_bytes();
    const struct wp_reader reader = bytes_reader(&bytes);
    struct wp_hashing hashing;
    wp_sha256_hex whole, pieced;
    assert_int_equal(wp_sha256_reader(whole, &reader, NULL), WP_OK);
    assert_int_equal(bytes.total, SIZE);
    bytes.total = 0;
    assert_int_equal(wp_hashing_begin(&hashing, &reader, NULL), WP_OK);
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].reaches)
            assert_int_equal(wp_hashing_reach(&hashing, pieces[i].offset, NULL), WP_OK);
        wp_hashing_see(&hashing, bytes.data + pieces[i].offset, pieces[i].len, pieces[i].offset);
    }
    assert_int_equal(wp_hashing_end(&hashing, pieced, NULL), WP_OK);
    assert_string_equal(pieced, whole);
    assert_int_equal(bytes.total, reads);
    free(bytes.data);
}

#define ASSERT_READS(reads, ...)                                                                             \
    assert_reads((const struct piece[]){__VA_ARGS__}, COUNT(((const struct piece[]){__VA_ARGS__})), reads)

static void takes_what_follows(void **state)
{
    (void)state;
    ASSERT_READS(SIZE, {0, 0, false});
    ASSERT_READS(0, {0, SIZE, false});
    ASSERT_READS(0, {0, 10, false}, {10, SIZE - 10, false});
    /* Twice, from the middle of what is known, within it, and up to its end. */
    ASSERT_READS(0, {0, 100, false}, {0, 100, false}, {50, 20, false}, {90, 10, false},
                 {99, SIZE - 99, false});
}

static void reads_what_is_left_out(void **state)
{
    (void)state;
    ASSERT_READS(SIZE - 100, {0, 100, false});
    ASSERT_READS(SIZE - 100, {0, 100, false}, {101, SIZE - 101, false});
    ASSERT_READS(SIZE - 100, {SIZE - 50, 50, false}, {0, 100, false});
    ASSERT_READS(1, {0, 100, false}, {101, SIZE - 101, true});
    ASSERT_READS(600000, {600000, SIZE - 600000, true});
    ASSERT_READS(SIZE - 100, {0, 100, false}, {50, 10, true});
}

static void fails_as_its_reader(void **state)
{
    (void)state;
    struct bytes bytes = some_bytes();
    const struct wp_reader reader = bytes_reader(&bytes);
    struct wp_hashing hashing;
    wp_sha256_hex hex;
    struct wp_error error = {.status = WP_OK};
    assert_int_equal(wp_hashing_begin(&hashing, &reader, NULL), WP_OK);
    bytes.len = SIZE - 1; /* the file has become shorter */
    assert_int_equal(wp_hashing_end(&hashing, hex, &error), WP_INPUT);
    assert_string_not_equal(error.message, "");
    assert_int_equal(wp_hashing_begin(&hashing, &reader, NULL), WP_OK);
    bytes.reads = 0;
    bytes.fail_after = 2;
    assert_int_equal(wp_hashing_reach(&hashing, SIZE / 4, NULL), WP_OK);
    assert_int_equal(wp_hashing_end(&hashing, hex, NULL), WP_INPUT);
    free(bytes.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_follows),
        cmocka_unit_test(reads_what_is_left_out),
        cmocka_unit_test(fails_as_its_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
