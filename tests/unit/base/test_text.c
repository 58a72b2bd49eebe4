#include "unit/test.h"

#include <string.h>

#include "base/text.h"

static void copy_never_cuts_a_character(void **state)
{
    (void)state;
    char out[6];
    assert_true(wp_text_copy(out, sizeof out, "abcde"));
    assert_string_equal(out, "abcde");
    assert_false(wp_text_copy(out, sizeof out, "abcd\xc3\xa9"));
    assert_string_equal(out, "abcd");
    assert_true(wp_text_copy(out, sizeof out, NULL));
    assert_string_equal(out, "");
}

static void sanitize_replaces_what_a_terminal_would_obey(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"plain", "plain"},
        {"a\x1b[31mb", "a?[31mb"},
        {"line\nline\r", "line?line?"},
        {"\x7f", "?"},
        {"\xc2\x9b"
         "31m",
         "??31m"},                                        /* C1 CSI in UTF-8 */
        {"\xc3\xa9\xe4\xba\xba", "\xc3\xa9\xe4\xba\xba"}, /* é人 stay */
        {"\xff\xc3", "??"},                               /* no UTF-8 */
        {"\xc0\xaf", "??"},                               /* overlong */
        {"\xed\xa0\x80", "???"},                          /* surrogate */
        {"a\xe2\x80\xae"
         "b",
         "a???b"},                                                /* U+202E */
        {"\xe2\x80\xa7\xe2\x80\xaf", "\xe2\x80\xa7\xe2\x80\xaf"}, /* its neighbours U+2027, U+202F */
        {"\xe2\x81\xa6\xe2\x81\xa9", "??????"},                   /* U+2066, U+2069 */
        {"\xd8\x9c\xd8\x9b", "??\xd8\x9b"},                       /* U+061C, U+061B */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[32];
        assert_true(wp_text_copy(text, sizeof text, rows[i].in));
        wp_text_sanitize(text);
        assert_string_equal(text, rows[i].out);
    }
}

static void extension_of_paths_and_urls(void **state)
{
    (void)state;
    static const struct {
        const char *location;
        bool is_url;
        const char *extension;
    } rows[] = {
        {"a.JPG", false, "jpg"},
        {"dir.d/a", false, ""},
        {"dir/.hidden", false, ""},
        {".hidden", false, ""},
        {"a.tar.gz", false, "gz"},
        {"a.", false, ""},
        {"a.mp4?x=y.avi", false, "avi"},
        {"a.j\x1bg", false, ""},
        {"a.mp4 ", false, ""},
        {"https://h/a.mp4%20", true, ""},
        {"a.extension", false, ""}, /* longer than the array: not a media extension */
        {"https://h.example/a/b.MP4?sig=x.avi#y.mov", true, "mp4"},
        {"https://h.example.com", true, ""},
        {"https://h.example.com/", true, ""},
        {"https://h.example/v?file=a.mp4", true, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[8];
        wp_text_extension(out, sizeof out, rows[i].location, rows[i].is_url);
        assert_string_equal(out, rows[i].extension);
    }
}

static void comparisons(void **state)
{
    (void)state;
    assert_true(wp_text_starts("oss://x", "oss://"));
    assert_false(wp_text_starts("os", "oss://"));
    assert_true(wp_text_ends("a.unreadable", ".unreadable"));
    assert_false(wp_text_ends("able", ".unreadable"));
    assert_true(wp_text_equal_nocase("BeAreR", "bearer"));
    assert_false(wp_text_equal_nocase("bearer", "bear"));
    assert_false(wp_text_equal_nocase("bear", "bearer"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copy_never_cuts_a_character),
        cmocka_unit_test(sanitize_replaces_what_a_terminal_would_obey),
        cmocka_unit_test(extension_of_paths_and_urls),
        cmocka_unit_test(comparisons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
