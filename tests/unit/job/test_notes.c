/* What of a result is not as expected: both sides of every limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "wanprep/job.h"

#include "base/banned.h"

/* As predicted, in every respect. */
static const struct wp_job_result good = {
    .has_inputs = true,
    .mode = WP_MODE_STD,
    .has_billed_seconds = true,
    .billed_seconds = 10,
    .has_predicted_seconds = true,
    .predicted_seconds = 10,
    .facts = {.width = 720, .height = 1280, .frame_rate = 15, .duration = 10},
};

/* What the notes are about, in order, one letter each. */
static void assert_notes(const struct wp_job_result *result, const char *expected)
{
    struct wp_job_note notes[WP_MAX_JOB_NOTES];
    size_t count = wp_job_notes(notes, result);
    assert_int_equal(count, strlen(expected));
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(notes[i].about[0], expected[i]);
        assert_true(notes[i].message[0] && notes[i].expected != notes[i].actual);
    }
}

static void nothing_to_say(void **state)
{
    (void)state;
    assert_notes(&good, "");
    assert_notes(&(struct wp_job_result){.has_inputs = true}, "");
}

static void what_was_billed(void **state)
{
    (void)state;
    static const struct {
        double predicted, billed;
        const char *notes;
    } rows[] = {
        {10, 10.5, ""}, {10, 10.51, "b"}, {10, 9.5, ""},  {10, 9.49, "b"},  /* half a second */
        {30, 31.5, ""}, {30, 31.51, "b"}, {30, 28.5, ""}, {30, 28.49, "b"}, /* a twentieth */
        {2, 2.5, ""},   {2, 2.51, "b"},   {10, 0, "b"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_job_result result = good;
        result.facts.duration = 0;
        result.predicted_seconds = rows[i].predicted;
        result.billed_seconds = rows[i].billed;
        assert_notes(&result, rows[i].notes);
        result.has_predicted_seconds = false;
        assert_notes(&result, "");
    }
}

static void what_was_billed_and_what_came(void **state)
{
    (void)state;
    struct wp_job_result result = good;
    result.has_predicted_seconds = false;
    result.facts.duration = 9.5;
    assert_notes(&result, "");
    result.facts.duration = 9.3;
    assert_notes(&result, "b");
    result.has_billed_seconds = false;
    assert_notes(&result, "");
}

static void how_long_it_is(void **state)
{
    (void)state;
    struct wp_job_result result = good;
    result.has_billed_seconds = false;
    result.facts.duration = 10.5;
    assert_notes(&result, "");
    result.facts.duration = 10.6;
    assert_notes(&result, "d");
    result.facts.duration = 5;
    assert_notes(&result, "d");
    result.has_billed_seconds = true; /* and then the bill is not for what came either */
    assert_notes(&result, "bd");
}

static void how_many_frames(void **state)
{
    (void)state;
    struct wp_job_result result = good;
    result.facts.frame_rate = 15.5;
    assert_notes(&result, "");
    result.facts.frame_rate = 15.6;
    assert_notes(&result, "f");
    result.facts.frame_rate = 25;
    assert_notes(&result, "f");
    result.mode = WP_MODE_PRO;
    assert_notes(&result, "");
    result.facts.frame_rate = 24.4;
    assert_notes(&result, "f");
    result.has_inputs = false; /* made elsewhere: the mode is not known */
    assert_notes(&result, "");
}

static void how_large_it_is(void **state)
{
    (void)state;
    static const struct {
        uint32_t width, height;
        const char *notes;
    } rows[] = {
        {704, 1258, ""}, {1258, 704, ""},  {648, 1152, ""},   {647, 1152, "s"},
        {792, 1408, ""}, {793, 1408, "s"}, {1080, 1920, "s"}, {960, 960, "s"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_job_result result = good;
        result.facts.width = rows[i].width;
        result.facts.height = rows[i].height;
        assert_notes(&result, rows[i].notes);
    }
}

static void everything_at_once_fits(void **state)
{
    (void)state;
    struct wp_job_result result = good;
    result.billed_seconds = 20;
    result.facts = (struct wp_result_facts){100, 100, 60, 1};
    assert_notes(&result, "bbdfs");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_to_say),
        cmocka_unit_test(what_was_billed),
        cmocka_unit_test(what_was_billed_and_what_came),
        cmocka_unit_test(how_long_it_is),
        cmocka_unit_test(how_many_frames),
        cmocka_unit_test(how_large_it_is),
        cmocka_unit_test(everything_at_once_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
