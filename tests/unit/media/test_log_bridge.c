#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libavutil/log.h>

#include "base/text.h"
#include "media/log_bridge.h"

struct lines {
    int count;
    enum wp_log_level level;
    char last[256];
};

static void take(void *user, enum wp_log_level level, const char *room, const char *line)
{
    struct lines *lines = user;
    assert_string_equal(room, "media");
    lines->count++;
    lines->level = level;
    wp_text_copy(lines->last, sizeof lines->last, line);
}

static void lines_reach_the_target(void **state)
{
    (void)state;
    struct lines lines = {0};
    struct wp_log log = {.fn = take, .user = &lines, .level = WP_LOG_INFO};
    wp_media_log_begin(&log);
    av_log(NULL, AV_LOG_ERROR, "bad %d\n", 42);
    assert_int_equal(lines.count, 1);
    assert_int_equal(lines.level, WP_LOG_WARN);
    assert_string_equal(lines.last, "ffmpeg: bad 42");
    av_log(NULL, AV_LOG_DEBUG, "too fine for the level\n");
    assert_int_equal(lines.count, 1);
    wp_media_log_end();
}

static void nothing_comes_outside(void **state)
{
    (void)state;
    struct lines lines = {0};
    struct wp_log log = {.fn = take, .user = &lines, .level = WP_LOG_DEBUG};
    wp_media_log_begin(&log);
    wp_media_log_end();
    av_log(NULL, AV_LOG_ERROR, "late\n");
    wp_media_log_begin(NULL);
    av_log(NULL, AV_LOG_ERROR, "to nobody\n");
    wp_media_log_end();
    assert_int_equal(lines.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_reach_the_target),
        cmocka_unit_test(nothing_comes_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
