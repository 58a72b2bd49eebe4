/* The lines of a batch, and the reason of a rejection. */
#include "unit/test.h"

#include <string.h>

#include "base/text.h"
#include "unit/report/preflights.h"
#include "wanprep/report.h"

#include "base/banned.h"

static void expect(enum wp_status status, char *text, size_t length, const char *wanted)
{
    assert_int_equal(status, WP_OK);
    assert_string_equal(text, wanted);
    assert_int_equal(length, strlen(wanted));
    wp_free(text);
}

static void expect_row(const struct wp_batch_row_report *row, const char *wanted)
{
    char *text = NULL;
    size_t length = 0;
    struct wp_error error = {.status = WP_OK};
    enum wp_status status = wp_report_batch_row(&text, &length, row, &error);
    expect(status, text, length, wanted);
}

static void expect_summary(const struct wp_batch_report *batch, const char *wanted)
{
    char *text = NULL;
    size_t length = 0;
    struct wp_error error = {.status = WP_OK};
    enum wp_status status = wp_report_batch(&text, &length, batch, &error);
    expect(status, text, length, wanted);
}

static void a_row_that_was_rejected(void **state)
{
    (void)state;
    expect_row(
        &(struct wp_batch_row_report){
            .row = 2, .line = 5, .image = "a.jpg", .run = {.status = WP_REJECTED, .message = "no\n\"way\""}},
        "{\"schema\":\"wanprep.batch/"
        "1\",\"kind\":\"row\",\"row\":2,\"line\":5,\"inputs\":{\"image\":\"a.jpg\"},"
        "\"status\":\"REJECTED\",\"exit_code\":1,\"message\":\"no\\n\\\"way\\\"\",\"dry_run\":false}\n");
}

static void a_job_of_a_worker(void **state)
{
    (void)state;
    static struct wp_job_result result = {.state = WP_JOB_DONE, .joined = true};
    const struct wp_cost billed = {"CNY", WP_MODE_STD, 5, 2000};
    (void)wp_text_copy(result.task_id, sizeof result.task_id, "t-1");
    (void)wp_text_copy(result.video_path, sizeof result.video_path, "t-1.mp4");
    expect_row(&(struct wp_batch_row_report){.row = 1, .run = {.result = &result, .billed = &billed}},
               "{\"schema\":\"wanprep.batch/1\",\"kind\":\"row\",\"row\":1,\"status\":\"OK\",\"exit_code\":0,"
               "\"dry_run\":false,\"billed\":{\"currency\":\"CNY\",\"mode\":\"wan-std\",\"seconds\":5,"
               "\"amount\":2},\"state\":\"done\",\"joined\":true,\"task_id\":\"t-1\",\"video\":\"t-1.mp4\","
               "\"evidence\":{}}\n");
}

static void what_authorises_in_a_url_is_not_shown(void **state)
{
    (void)state;
    expect_row(&(struct wp_batch_row_report){.row = 1,
                                             .image = "https://joe:secret@h/a.jpg?Signature=abcdef",
                                             .video = "Signature=abcdef.mp4"},
               "{\"schema\":\"wanprep.batch/1\",\"kind\":\"row\",\"row\":1,\"inputs\":{\"image\":"
               "\"https://***@h/a.jpg?Signature=***\",\"video\":\"Signature=abcdef.mp4\"},"
               "\"status\":\"OK\",\"exit_code\":0,\"dry_run\":false}\n");
}

static void a_summary_tells_what_is_known(void **state)
{
    (void)state;
    static const struct wp_status_count counts[] = {{WP_OK, 2}, {WP_REJECTED, 0}, {WP_UNCERTAIN, 1}};
    struct wp_batch_report batch = {.status = WP_UNCERTAIN,
                                    .rows = 3,
                                    .counts = counts,
                                    .count_count = COUNT(counts),
                                    .currency = "USD",
                                    .has_estimate = true,
                                    .estimate = 1280,
                                    .estimate_is_ceiling = true,
                                    .has_spent = true,
                                    .spent = 640,
                                    .reserved = 1200,
                                    .has_max_cost = true,
                                    .max_cost = 5000,
                                    .results = "out/r.csv",
                                    .elapsed_ms = 7};
    expect_summary(
        &batch,
        "{\"schema\":\"wanprep.batch/1\",\"kind\":\"summary\",\"status\":\"UNCERTAIN\",\"exit_code\":7,"
        "\"dry_run\":false,\"rows\":3,\"counts\":{\"OK\":2,\"UNCERTAIN\":1},"
        "\"cost\":{\"currency\":\"USD\",\"amount\":1.28,\"at_most\":true},"
        "\"billed\":{\"currency\":\"USD\",\"amount\":0.64},"
        "\"reserved\":{\"currency\":\"USD\",\"amount\":1.2},"
        "\"max_cost\":{\"currency\":\"USD\",\"amount\":5},\"results\":\"out/r.csv\",\"elapsed_ms\":7}\n");
    batch.currency = batch.results = NULL;
    batch.status = WP_INTERRUPTED;
    batch.message = "stopped";
    expect_summary(&batch, "{\"schema\":\"wanprep.batch/1\",\"kind\":\"summary\",\"status\":\"INTERRUPTED\","
                           "\"exit_code\":130,\"message\":\"stopped\",\"dry_run\":false,\"rows\":3,"
                           "\"counts\":{\"OK\":2,\"UNCERTAIN\":1},\"elapsed_ms\":7}\n");
}

static void the_reason_is_the_first_error(void **state)
{
    (void)state;
    static struct wp_preflight preflight;
    struct pair pair;
    char text[256];
    pair_init(&pair);
    preflight_of(&preflight, &pair);
    assert_false(wp_report_reason(text, sizeof text, &preflight));
    assert_string_equal(text, "");
    pair.video.duration = (struct wp_rational){40, 1};
    preflight_of(&preflight, &pair);
    assert_true(wp_report_reason(text, sizeof text, &preflight));
    assert_non_null(strstr(text, "40"));
    char short_text[8];
    assert_true(wp_report_reason(short_text, sizeof short_text, &preflight));
    assert_int_equal(strlen(short_text), 7);
}

static void a_warning_is_no_reason(void **state)
{
    (void)state;
    static struct wp_preflight preflight;
    struct pair pair;
    char text[256];
    pair_init(&pair);
    pair.image.bytes = 5100000; /* depends on how MB is read: a warning */
    preflight_of(&preflight, &pair);
    assert_true(preflight.findings.count > 0);
    assert_false(wp_report_reason(text, sizeof text, &preflight));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_that_was_rejected),
        cmocka_unit_test(a_job_of_a_worker),
        cmocka_unit_test(what_authorises_in_a_url_is_not_shown),
        cmocka_unit_test(a_summary_tells_what_is_known),
        cmocka_unit_test(the_reason_is_the_first_error),
        cmocka_unit_test(a_warning_is_no_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
