/* Names and URLs: nothing secret is shown, and what is pasted into a shell is the name and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "report/location.h"
#include "unit/rules/good.h"

#include "base/banned.h"

/* What sh makes of one word. */
static void run_shell(char *out, size_t size, const char *word)
{
    char command[8192];
    assert_true(wp_text_format(command, sizeof command, "printf '%%s' %s", word));
    FILE *shell = popen(command, "r"); /* the very thing that is tested: pasting into a shell */
    assert_non_null(shell);
    size_t got = fread(out, 1, size - 1, shell);
    out[got] = '\0';
    assert_int_equal(pclose(shell), 0);
}

static void words_are_pasted_safely(void **state)
{
    (void)state;
    static const struct {
        const char *name, *pasted;
    } rows[] = {
        {"person.jpg", "person.jpg"},
        {"with space.jpg", "with space.jpg"},
        {"it's \"quoted\".jpg", "it's \"quoted\".jpg"},
        {"'", "'"},
        {"$(touch pwned)`id`.jpg", "$(touch pwned)`id`.jpg"},
        {"a;b&c|d>e<f(g)h*i?j[k]l{m}n~o#p!q\\r.jpg", "a;b&c|d>e<f(g)h*i?j[k]l{m}n~o#p!q\\r.jpg"},
        {"new\nline.jpg", "new\nline.jpg"},
        {"esc\033[2J'%s%%\\n.jpg", "esc\033[2J'%s%%\\n.jpg"},
        {"bad\xff\xfeutf8 $HOME.jpg", "bad\xff\xfeutf8 $HOME.jpg"},
        {"-rf.jpg", "./-rf.jpg"},
        {"-\n.jpg", "./-\n.jpg"},
        {"@list.jpg", "./@list.jpg"},
        {"concat:a.mp4", "./concat:a.mp4"},
        {"/dir/a:b.mp4", "/dir/a:b.mp4"},
        {"../-x.mp4", "../-x.mp4"},
        {"p\xc3\xa9rs\xc3\xb6n \xe4\xba\xba.jpg", "p\xc3\xa9rs\xc3\xb6n \xe4\xba\xba.jpg"},
        {"c1\xc2\x9b.jpg", "c1\xc2\x9b.jpg"},
        {"gpj.\xe2\x80\xae'4pm.exe", "gpj.\xe2\x80\xae'4pm.exe"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_buf word = wp_buf_new(8192);
        char pasted[512];
        wp_shell_word(&word, rows[i].name);
        for (const char *p = wp_buf_text(&word); *p; p++)
            assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
        assert_null(strstr(wp_buf_text(&word), "\xe2\x80\xae"));
        run_shell(pasted, sizeof pasted, wp_buf_text(&word));
        assert_string_equal(pasted, rows[i].pasted);
        wp_buf_free(&word);
    }
}

static void outputs_stand_beside_their_inputs(void **state)
{
    (void)state;
    static const struct {
        enum wp_source_kind kind;
        const char *location, *input, *output;
    } rows[] = {
        {WP_SOURCE_FILE, "person.png", "'person.png'", "'person.fixed.jpg'"},
        {WP_SOURCE_FILE, "/a.b/person", "'/a.b/person'", "'/a.b/person.fixed.jpg'"},
        {WP_SOURCE_FILE, "dir/.hidden", "'dir/.hidden'", "'dir/.hidden.fixed.jpg'"},
        {WP_SOURCE_FILE, "v1.2", "'v1.2'", "'v1.2.fixed.jpg'"},
        {WP_SOURCE_FILE, "a.tar.gz", "'a.tar.gz'", "'a.tar.fixed.jpg'"},
        {WP_SOURCE_HTTP, "https://h/x/person.png?Signature=abc#f", "'person.png'", "'person.fixed.jpg'"},
        {WP_SOURCE_HTTP, "https://h/", "'copy'", "'copy.fixed.jpg'"},
        {WP_SOURCE_HTTP, "https://h", "'copy'", "'copy.fixed.jpg'"},
        {WP_SOURCE_OSS, "oss://bucket/-x.jpg", "'./-x.jpg'", "'./-x.fixed.jpg'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_source_facts source;
        struct wp_buf out = wp_buf_new(8192);
        source_set(&source, rows[i].kind, rows[i].location);
        wp_location_input(&out, &source);
        assert_string_equal(wp_buf_text(&out), rows[i].input);
        wp_buf_clear(&out);
        wp_location_output(&out, &source, ".fixed", "jpg");
        assert_string_equal(wp_buf_text(&out), rows[i].output);
        wp_buf_free(&out);
    }
}

static void secrets_of_urls_are_hidden_and_names_of_files_are_not(void **state)
{
    (void)state;
    static const struct {
        enum wp_source_kind kind;
        const char *location, *redacted;
    } rows[] = {
        {WP_SOURCE_HTTP, "https://h/a.jpg", "https://h/a.jpg"},
        {WP_SOURCE_HTTP, "https://h/a.jpg?Signature=abcd&x=1", "https://h/a.jpg?Signature=***&x=1"},
        {WP_SOURCE_HTTP, "https://h/a.jpg?sig=abcdef", "https://h/a.jpg?sig=***"},
        {WP_SOURCE_HTTP, "https://user:pass@h/a.jpg", "https://***@h/a.jpg"},
        {WP_SOURCE_HTTP, "https://u:p@x@h/a@b.jpg", "https://***@h/a@b.jpg"},
        {WP_SOURCE_HTTP, "https://u@h/a.jpg", "https://*@h/a.jpg"},
        {WP_SOURCE_OTHER, "ftp://user:pass@h/a.jpg", "ftp://***@h/a.jpg"},
        {WP_SOURCE_FILE, "token=abc@me.jpg", "token=abc@me.jpg"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_source_facts source;
        char redacted[sizeof source.location];
        source_set(&source, rows[i].kind, rows[i].location);
        wp_location_redacted(redacted, sizeof redacted, &source);
        assert_string_equal(redacted, rows[i].redacted);
    }
}

static void displays_are_fit_for_a_terminal(void **state)
{
    (void)state;
    struct wp_source_facts source;
    struct wp_buf out = wp_buf_new(8192);
    source_set(&source, WP_SOURCE_FILE, "a\033]0;x\a\n\xff?.jpg");
    wp_location_display(&out, &source);
    assert_string_equal(wp_buf_text(&out), "a?]0;x????.jpg");
    wp_buf_clear(&out);
    source_set(&source, WP_SOURCE_HTTP, "https://h/a.jpg?x=1");
    wp_location_display(&out, &source);
    assert_string_equal(wp_buf_text(&out), "https://h/a.jpg?...");
    wp_buf_clear(&out);
    source_set(&source, WP_SOURCE_HTTP, "https://h/\xc3\xa4 b%20.jpg?x=1");
    wp_location_encoded(&out, &source);
    assert_string_equal(wp_buf_text(&out), "https://h/%C3%A4%20b%20.jpg?x=1");
    wp_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_pasted_safely),
        cmocka_unit_test(outputs_stand_beside_their_inputs),
        cmocka_unit_test(secrets_of_urls_are_hidden_and_names_of_files_are_not),
        cmocka_unit_test(displays_are_fit_for_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
