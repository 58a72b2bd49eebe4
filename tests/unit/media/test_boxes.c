#include "unit/test.h"

#include "base/clock.h"
#include "media/boxes.h"
#include "unit/box_writer.h"

#define FREE WP_FOURCC('f', 'r', 'e', 'e')
#define MOOV WP_FOURCC('m', 'o', 'o', 'v')

struct fixture {
    struct writer writer;
    struct bytes bytes;
    struct wp_reader reader;
    struct wp_input in;
};

static void open_fixture(struct fixture *f)
{
    f->bytes = writer_bytes(&f->writer);
    f->reader = bytes_reader(&f->bytes);
    wp_input_init(&f->in, &f->reader, wp_clock_now_us() + 60000000, NULL);
}

static void boxes_follow_each_other(void **state)
{
    (void)state;
    static struct fixture f;
    size_t box = box_begin(&f.writer, "free");
    put64(&f.writer, 0);
    box_end(&f.writer, box);
    box = box_begin(&f.writer, "moov");
    box_end(&f.writer, box);
    open_fixture(&f);
    struct wp_box_walk walk = wp_boxes_of_file(&f.in);
    struct wp_box got;
    assert_true(wp_box_next(&walk, &got));
    assert_int_equal(got.type, FREE);
    assert_int_equal(got.body, 8);
    assert_int_equal(got.end, 16);
    assert_int_equal(got.claimed, 16);
    assert_true(wp_box_next(&walk, &got));
    assert_int_equal(got.type, MOOV);
    assert_int_equal(got.body, 24);
    assert_int_equal(got.end, 24);
    assert_false(wp_box_next(&walk, &got));
}

static void sizes_of_64_bits_and_to_the_end(void **state)
{
    (void)state;
    static struct fixture f;
    put32(&f.writer, 1);
    put_type(&f.writer, "free");
    put64(&f.writer, 24);
    put64(&f.writer, 0);
    put32(&f.writer, 0);
    put_type(&f.writer, "moov");
    put64(&f.writer, 7);
    open_fixture(&f);
    struct wp_box_walk walk = wp_boxes_of_file(&f.in);
    struct wp_box got;
    assert_true(wp_box_next(&walk, &got));
    assert_int_equal(got.body, 16);
    assert_int_equal(got.end, 24);
    assert_true(wp_box_next(&walk, &got));
    assert_int_equal(got.type, MOOV);
    assert_int_equal(got.end, f.bytes.len);
    assert_int_equal(got.claimed, f.bytes.len);
    assert_false(wp_box_next(&walk, &got));
}

static void a_cut_box_ends_with_the_file_but_claims_more(void **state)
{
    (void)state;
    static struct fixture f;
    put32(&f.writer, 1000);
    put_type(&f.writer, "moov");
    put32(&f.writer, 0);
    open_fixture(&f);
    struct wp_box_walk walk = wp_boxes_of_file(&f.in);
    struct wp_box got;
    assert_true(wp_box_next(&walk, &got));
    assert_int_equal(got.end, 12);
    assert_int_equal(got.claimed, 1000);
    assert_false(wp_box_next(&walk, &got));
}

static void sizes_that_cannot_be_end_the_walk(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {2, 7};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        static struct fixture f;
        f.writer.len = 0;
        put32(&f.writer, (uint32_t)sizes[i]);
        put_type(&f.writer, "moov");
        put64(&f.writer, 0);
        open_fixture(&f);
        struct wp_box_walk walk = wp_boxes_of_file(&f.in);
        struct wp_box got;
        assert_false(wp_box_next(&walk, &got));
    }
    static struct fixture wide;
    put32(&wide.writer, 1);
    put_type(&wide.writer, "moov");
    put64(&wide.writer, 15); /* less than its own header */
    open_fixture(&wide);
    struct wp_box_walk walk = wp_boxes_of_file(&wide.in);
    struct wp_box got;
    assert_false(wp_box_next(&walk, &got));
}

static void the_largest_size_does_not_overflow(void **state)
{
    (void)state;
    static struct fixture f;
    size_t box = box_begin(&f.writer, "free");
    box_end(&f.writer, box);
    put32(&f.writer, 1);
    put_type(&f.writer, "moov");
    put64(&f.writer, UINT64_MAX);
    open_fixture(&f);
    struct wp_box_walk walk = wp_boxes_of_file(&f.in);
    struct wp_box got;
    assert_true(wp_box_next(&walk, &got));
    assert_true(wp_box_next(&walk, &got));
    assert_int_equal(got.end, f.bytes.len);
    assert_true(got.claimed == UINT64_MAX);
}

static void children_stay_in_their_parent(void **state)
{
    (void)state;
    static struct fixture f;
    size_t moov = box_begin(&f.writer, "moov");
    put32(&f.writer, 500); /* claims more than the parent has */
    put_type(&f.writer, "free");
    box_end(&f.writer, moov);
    size_t tail = box_begin(&f.writer, "tail");
    put64(&f.writer, 0);
    box_end(&f.writer, tail);
    open_fixture(&f);
    struct wp_box_walk walk = wp_boxes_of_file(&f.in);
    struct wp_box parent;
    struct wp_box child;
    assert_true(wp_box_next(&walk, &parent));
    assert_true(wp_box_find(&f.in, &parent, 0, FREE, &child));
    assert_int_equal(child.end, parent.end);
    assert_false(wp_box_find(&f.in, &parent, 0, MOOV, &child));
    assert_null(wp_box_peek(&f.in, &parent, 8, 1));
    assert_null(wp_box_peek(&f.in, &parent, UINT64_MAX, 8));
    assert_non_null(wp_box_peek(&f.in, &parent, 0, 8));
}

static void tables_have_no_more_rows_than_room(void **state)
{
    (void)state;
    static struct fixture f;
    size_t box = box_begin(&f.writer, "stts");
    put32(&f.writer, 0);
    put32(&f.writer, 0xffffffff);
    put64(&f.writer, 0);
    put64(&f.writer, 0);
    put32(&f.writer, 0); /* half a row */
    box_end(&f.writer, box);
    open_fixture(&f);
    struct wp_box_walk walk = wp_boxes_of_file(&f.in);
    struct wp_box got;
    assert_true(wp_box_next(&walk, &got));
    assert_int_equal(wp_box_table_count(&f.in, &got, 0, 8), 2);
    assert_int_equal(wp_box_table_count(&f.in, &got, 0, 20), 1);
    assert_int_equal(wp_box_table_count(&f.in, &got, 100, 8), 0);
}

static void the_budget_and_failures_stick(void **state)
{
    (void)state;
    static struct fixture f;
    size_t box = box_begin(&f.writer, "free");
    f.writer.len += 40000;
    box_end(&f.writer, box);
    open_fixture(&f);
    uint8_t byte = 0;
    f.in.budget = 3;
    assert_int_equal(wp_input_read(&f.in, &byte, 1, 0), 1);
    assert_null(wp_input_peek(&f.in, 0, 8));
    assert_true(f.in.spent);
    assert_int_equal(wp_input_read(&f.in, &byte, 1, 0), 0);

    open_fixture(&f);
    f.bytes.fail_after = 1;
    assert_null(wp_input_peek(&f.in, 0, 8));
    assert_int_equal(f.in.status, WP_INPUT);
    f.bytes.fail_after = 0;
    assert_null(wp_input_peek(&f.in, 0, 8));
    assert_true(wp_input_stopped(&f.in));

    wp_input_init(&f.in, &f.reader, wp_clock_now_us() - 1, NULL);
    assert_null(wp_input_peek(&f.in, 0, 8));
    assert_true(f.in.timed_out);
}

static void the_window_serves_neighbours_without_reading(void **state)
{
    (void)state;
    static struct fixture f;
    f.writer.len = 60000;
    f.writer.data[59999] = 42;
    open_fixture(&f);
    assert_non_null(wp_input_peek(&f.in, 100, 8));
    assert_non_null(wp_input_peek(&f.in, 8000, 100));
    assert_int_equal(f.bytes.reads, 1);
    const uint8_t *p = wp_input_peek(&f.in, 59999, 1);
    assert_true(p && *p == 42);
    assert_null(wp_input_peek(&f.in, 59999, 2));
    p = wp_input_peek(&f.in, 60000, 0);
    assert_non_null(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boxes_follow_each_other),
        cmocka_unit_test(sizes_of_64_bits_and_to_the_end),
        cmocka_unit_test(a_cut_box_ends_with_the_file_but_claims_more),
        cmocka_unit_test(sizes_that_cannot_be_end_the_walk),
        cmocka_unit_test(the_largest_size_does_not_overflow),
        cmocka_unit_test(children_stay_in_their_parent),
        cmocka_unit_test(tables_have_no_more_rows_than_room),
        cmocka_unit_test(the_budget_and_failures_stick),
        cmocka_unit_test(the_window_serves_neighbours_without_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
