/* The table of a batch at several sizes of a terminal. */
#include "unit/test.h"

#include <stdio.h>
#include <string.h>

#include "cli/table.h"

#include "base/banned.h"

static struct wp_roll roll;
static struct wp_batch_state state_now;
static struct wp_buf out;

static int begin(void **state)
{
    (void)state;
    roll = wp_roll_new();
    state_now = (struct wp_batch_state){0};
    out = wp_buf_new(1 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    wp_roll_free(&roll);
    wp_buf_free(&out);
    return 0;
}

static void put(size_t index, const char *name, enum wp_stage stage, int64_t since)
{
    assert_true(wp_roll_reserve(&roll, index));
    roll.rows[index].name = name;
    roll.rows[index].stage = stage;
    roll.rows[index].since_ms = since;
}

static struct wp_table table_of(size_t total, size_t columns, size_t lines)
{
    return (struct wp_table){.roll = &roll,
                             .state = &state_now,
                             .total = total,
                             .currency = "CNY",
                             .now_ms = 100000,
                             .columns = columns,
                             .lines = lines};
}

static const char *draw(const struct wp_table *table)
{
    wp_buf_clear(&out);
    wp_table_draw(&out, table);
    assert_int_equal(out.failed, WP_OK);
    return wp_buf_text(&out);
}

static void put_some(void)
{
    put(0, "a.mp4", WP_STAGE_IDLE, 0);
    put(1, "dance.mp4", WP_STAGE_PENDING, 40000);
    put(2, "dance.mp4?Signature=x", WP_STAGE_RUNNING, 0);
    put(11, "walk.mp4", WP_STAGE_UPLOADING, 95000);
    roll.rows[11].percent = 45;
    wp_roll_rest(&roll, 0, WP_OK, NULL, NULL, NULL);
    wp_roll_rest(&roll, 3, WP_REJECTED, NULL, NULL, "no");
    state_now = (struct wp_batch_state){.uploading = 1, .waiting = 2, .spent = 1280, .reserved = 12500};
    state_now.forecast_ms = 61000;
}

static void a_table(void **state)
{
    (void)state;
    put_some();
    struct wp_table table = table_of(12, 60, 24);
    assert_string_equal(draw(&table), " 3 dance.mp4                      running              1:40\n"
                                      "12 walk.mp4                       uploading 45 %       0:05\n"
                                      " 2 dance.mp4                      pending              1:00\n"
                                      "1 of 12 done, 1 without a result, 1 uploading,\n"
                                      "2 at the service, 7 queued, spent 1.28 CNY,\n"
                                      "reserved 12.50 CNY, queue ends in about 2 min\n");
    wp_buf_clear(&out);
    wp_table_sum(&out, &table);
    assert_string_equal(wp_buf_text(&out),
                        "1 of 12 done, 1 without a result, 1 uploading, 2 at the service, "
                        "7 queued, spent 1.28 CNY, reserved 12.50 CNY, queue ends in about "
                        "2 min");
    table.has_max_cost = true;
    table.max_cost = 500000;
    assert_non_null(strstr(draw(&table), "at most 500.00 CNY"));
    table.currency = NULL;
    assert_null(strstr(draw(&table), "spent"));
}

/* Whatever the terminal's size, nothing is wider or higher than it. */
static void it_fits(void **state)
{
    (void)state;
    char names[40][64];
    for (size_t i = 0; i < 40; i++) {
        (void)snprintf(names[i], sizeof names[i], "a rather long name of a video %zu \xe8\x88\x9e.mp4", i);
        put(i, names[i], (enum wp_stage)(i % WP_STAGE_COUNT), 0);
    }
    state_now = (struct wp_batch_state){.queued = 9, .waiting = 20, .elsewhere = 3, .forecast_ms = 86400000};
    for (size_t columns = 12; columns <= 200; columns += 7) {
        for (size_t lines = 1; lines <= 50; lines++) {
            const struct wp_table table = table_of(lines % 2 ? 1000 : 0, columns, lines);
            const char *text = draw(&table);
            size_t count = 0;
            for (const char *p = text; *p; count++) {
                size_t len = strcspn(p, "\n");
                size_t least = columns < 38 ? 38 : columns; /* no name is shorter than is of use */
                assert_true(wp_table_width(p, len) < least);
                assert_int_equal(p[len], '\n');
                p += len + 1;
            }
            assert_true(count >= 1 && count <= (lines > 1 ? lines - 1 : 1));
        }
    }
}

static void what_does_not_fit_is_counted(void **state)
{
    (void)state;
    for (size_t i = 0; i < 20; i++)
        put(i, "x.mp4", i < 10 ? WP_STAGE_PENDING : WP_STAGE_RUNNING, 0);
    struct wp_table table = table_of(20, 200, 10);
    const char *text = draw(&table); /* seven rows, "…", and one line of numbers */
    assert_non_null(strstr(text, "11 x.mp4"));
    assert_non_null(strstr(text, "17 x.mp4"));
    assert_null(strstr(text, "18 x.mp4"));
    assert_non_null(strstr(text, "13 more\n"));
    table.lines = 22;
    assert_null(strstr(draw(&table), "more\n"));
    table.lines = 21;
    assert_non_null(strstr(draw(&table), "2 more\n"));
}

static void wide_and_hostile_names_keep_the_columns(void **state)
{
    (void)state;
    put(0, "\xe8\x88\x9e\xe8\xb9\x88.mp4", WP_STAGE_RUNNING, 0);
    put(1, "\033[2Jred\n.mp4", WP_STAGE_RUNNING, 0);
    put(2, "\xff\xfe", WP_STAGE_RUNNING, 0);
    put(3, "\xe8\x88\x9e\xe8\x88\x9e\xe8\x88\x9e\xe8\x88\x9e\xe8\x88\x9e\xe8\x88\x9e\xe8\x88\x9e",
        WP_STAGE_RUNNING, 0);
    const struct wp_table table = table_of(4, 40, 24);
    const char *text = draw(&table);
    for (size_t i = 0; i < 4; i++) {
        size_t len = strcspn(text, "\n");
        assert_int_equal(wp_table_width(text, len), 39);
        for (size_t j = 0; j < len; j++)
            assert_true((unsigned char)text[j] >= ' ' && text[j] != 127);
        text += len + 1;
    }
}

static void ages(void **state)
{
    (void)state;
    put(0, "x", WP_STAGE_RUNNING, 0);
    struct wp_table table = table_of(1, 80, 24);
    static const struct {
        int64_t now;
        const char *wanted;
    } rows[] = {{-5, " 0:00\n"}, {59999, " 0:59\n"}, {3599000, " 59:59\n"}, {3600000, " 1:00:00\n"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        table.now_ms = rows[i].now;
        assert_non_null(strstr(draw(&table), rows[i].wanted));
    }
}

static void jobs_of_nobody_knows_how_many(void **state)
{
    (void)state;
    assert_true(wp_roll_reserve(&roll, 0));
    wp_roll_event(&roll, 0,
                  &(struct wp_job_event){.kind = WP_EVENT_TASK, .state = WP_JOB_SUBMITTED, .task_id = "t-1"},
                  0);
    state_now.queued = 4;
    const struct wp_table table = table_of(0, 80, 24);
    const char *text = draw(&table);
    assert_non_null(strstr(text, "1 t-1 "));
    assert_non_null(strstr(text, "\n0 done, 4 queued"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_table, begin, end),
        cmocka_unit_test_setup_teardown(it_fits, begin, end),
        cmocka_unit_test_setup_teardown(what_does_not_fit_is_counted, begin, end),
        cmocka_unit_test_setup_teardown(wide_and_hostile_names_keep_the_columns, begin, end),
        cmocka_unit_test_setup_teardown(ages, begin, end),
        cmocka_unit_test_setup_teardown(jobs_of_nobody_knows_how_many, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
