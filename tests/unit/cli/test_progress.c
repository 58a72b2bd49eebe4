#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/progress.h"

#include "base/banned.h"

static int64_t now;

static int64_t now_ms(void *user)
{
    (void)user;
    return now;
}

static const struct wp_clock fake_clock = {.now_ms = now_ms};

/* What stands in for standard error while a test runs, and what was written there. */
static FILE *capture;
static int saved = -1;
static char said[8192];

static int begin_capture(void **state)
{
    (void)state;
    now = 1000;
    (void)fflush(stderr);
    capture = tmpfile();
    saved = dup(STDERR_FILENO);
    return capture && saved >= 0 && dup2(fileno(capture), STDERR_FILENO) >= 0 ? 0 : -1;
}

static int end_capture(void **state)
{
    (void)state;
    if (saved >= 0) {
        (void)dup2(saved, STDERR_FILENO);
        (void)close(saved);
        saved = -1;
        (void)fclose(capture);
    }
    return 0;
}

/* Ends the capture first, so that cmocka's own messages are seen. */
static void read_said(void)
{
    (void)fflush(stderr);
    rewind(capture);
    size_t len = fread(said, 1, sizeof said - 1, capture);
    said[len] = '\0';
    (void)end_capture(NULL);
}

static void send(struct wp_progress *progress, struct wp_job_event event)
{
    if (!event.task_id)
        event.task_id = "";
    wp_progress_event(progress, &event);
}

static void tell_a_whole_job(struct wp_progress *progress)
{
    for (uint64_t bytes = 0; bytes <= 2000000; bytes += 500000)
        send(progress,
             (struct wp_job_event){
                 .kind = WP_EVENT_UPLOAD, .path = "a/person.jpg", .bytes = bytes, .total = 2000000});
    send(progress, (struct wp_job_event){.kind = WP_EVENT_STATE, .state = WP_JOB_SUBMITTING});
    send(progress, (struct wp_job_event){.kind = WP_EVENT_TASK, .task_id = "t-1"});
    for (int i = 0; i < 3; i++)
        send(progress,
             (struct wp_job_event){.kind = WP_EVENT_STATUS, .task_id = "t-1", .task_status = "PENDING"});
    now += 61000;
    wp_progress_tick(progress);
    send(progress,
         (struct wp_job_event){.kind = WP_EVENT_STATUS, .task_id = "t-1", .task_status = "RUNNING"});
    send(progress, (struct wp_job_event){.kind = WP_EVENT_RETRY, .message = "again in\x1b[31m 2 s"});
    send(progress,
         (struct wp_job_event){.kind = WP_EVENT_DOWNLOAD, .path = "t-1.mp4", .bytes = 5, .total = 0});
}

static void plain_lines_tell_each_thing_once(void **state)
{
    (void)state;
    struct wp_console console = {0};
    struct wp_progress progress = wp_progress_new(&console, &fake_clock);
    tell_a_whole_job(&progress);
    read_said();
    assert_string_equal(said, "uploading person.jpg\nsubmitting\ntask t-1\ntask t-1 is PENDING\n"
                              "task t-1 is RUNNING\nagain in?[31m 2 s\ndownloading t-1.mp4\n");
}

static void quiet_says_nothing(void **state)
{
    (void)state;
    struct wp_console console = {.quiet = true};
    struct wp_progress progress = wp_progress_new(&console, &fake_clock);
    tell_a_whole_job(&progress);
    console.live = true;
    tell_a_whole_job(&progress);
    read_said();
    assert_string_equal(said, "");
}

static void a_terminal_shows_percents_and_time_in_one_line(void **state)
{
    (void)state;
    struct wp_console console = {.live = true};
    struct wp_progress progress = wp_progress_new(&console, &fake_clock);
    tell_a_whole_job(&progress);
    read_said();
    assert_non_null(strstr(said, "\r\033[Kuploading person.jpg: 25 % of 2.0 MB"));
    assert_non_null(strstr(said, "uploading person.jpg: 100 %"));
    assert_non_null(strstr(said, "task t-1 is PENDING, 0:00"));
    assert_non_null(strstr(said, "task t-1 is PENDING, 1:01"));
    assert_non_null(strstr(said, "task t-1 is RUNNING, 1:01"));
    /* Only what stays ends a line: the task's id and the retry. */
    assert_non_null(strstr(said, "\r\033[Ktask t-1\n"));
    size_t lines = 0;
    for (const char *p = said; *p; p++)
        lines += *p == '\n';
    assert_int_equal(lines, 2);
}

static void the_clock_is_not_drawn_more_often_than_an_eye_needs(void **state)
{
    (void)state;
    struct wp_console console = {.live = true};
    struct wp_progress progress = wp_progress_new(&console, &fake_clock);
    send(&progress, (struct wp_job_event){.kind = WP_EVENT_STATUS, .task_status = "PENDING"});
    for (int i = 0; i < 1000; i++) {
        now++;
        wp_progress_tick(&progress);
    }
    read_said();
    size_t draws = 0;
    for (const char *p = said; *p; p++)
        draws += *p == '\r';
    assert_int_equal(draws, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(plain_lines_tell_each_thing_once, begin_capture, end_capture),
        cmocka_unit_test_setup_teardown(quiet_says_nothing, begin_capture, end_capture),
        cmocka_unit_test_setup_teardown(a_terminal_shows_percents_and_time_in_one_line, begin_capture,
                                        end_capture),
        cmocka_unit_test_setup_teardown(the_clock_is_not_drawn_more_often_than_an_eye_needs, begin_capture,
                                        end_capture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
