#include "unit/test.h"

#include <string.h>

#include "base/log.h"
#include "base/text.h"

static void redaction_hides_every_kind_of_secret(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "Authorization: Bearer SECRET-value_1",
        "authorization: bearer SECRET",
        "the key sk-SECRET0123456789abcdef was used",
        "https://r.example/v.mp4?Expires=1&OSSAccessKeyId=SECRET&Signature=SECRET%2Fx%3D",
        "https://s3.example/v.mp4?X-Amz-Signature=SECRET&X-Amz-Credential=SECRET%2F1",
        "https://g.example/v.mp4?X-Goog-Signature=SECRET",
        "{\"policy\":\"SECRET\",\"signature\": \"SECRET\",\"oss_access_key_id\" : \"SECRET\"}",
        "https://a.example/?sig=SECRET&token=SECRET;api_key=SECRET",
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        char text[256];
        assert_true(wp_text_copy(text, sizeof text, lines[i]));
        wp_redact(text);
        assert_null(strstr(text, "SECRET"));
        assert_non_null(strstr(text, "*"));
        assert_true(strlen(text) <= strlen(lines[i]));
    }
}

static void redaction_leaves_the_rest_alone(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "task-id 0d1f, risk-free",
        "https://r.example/policy/v.mp4?Expires=1758&name=x",
        "{\"task_status\":\"RUNNING\"}",
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        char text[256];
        assert_true(wp_text_copy(text, sizeof text, lines[i]));
        wp_redact(text);
        assert_string_equal(text, lines[i]);
    }
}

static void keep_line(void *user, enum wp_log_level level, const char *room, const char *line)
{
    (void)level;
    assert_string_equal(room, "net");
    wp_text_copy(user, 256, line);
}

static void lines_are_clean_and_levels_are_kept(void **state)
{
    (void)state;
    char line[256] = "";
    const struct wp_log log = {keep_line, line, WP_LOG_INFO};
    wp_log_line(&log, WP_LOG_DEBUG, "net", "dropped");
    assert_string_equal(line, "");
    wp_log_line(&log, WP_LOG_INFO, "net", "a\x1b[2J Bearer %s", "SECRET");
    assert_string_equal(line, "a?[2J Bearer ***");
    wp_log_line(NULL, WP_LOG_ERROR, "net", "nowhere");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(redaction_hides_every_kind_of_secret),
        cmocka_unit_test(redaction_leaves_the_rest_alone),
        cmocka_unit_test(lines_are_clean_and_levels_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
