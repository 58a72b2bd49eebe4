/* Where the key is found, in which order, and that no message gives it away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/text.h"
#include "wanprep/client.h"

#include "base/banned.h"

/* An environment: pairs of name and value. */
struct environment {
    const char *pairs[8][2];
    char home[64];
};

static const char *get(void *user, const char *name)
{
    const struct environment *environment = user;
    if (strcmp(name, "HOME") == 0)
        return environment->home[0] ? environment->home : NULL;
    for (size_t i = 0; i < 8 && environment->pairs[i][0]; i++) {
        if (strcmp(environment->pairs[i][0], name) == 0)
            return environment->pairs[i][1];
    }
    return NULL;
}

static char home[64];

static int set_up(void **state)
{
    (void)state;
    (void)wp_text_copy(home, sizeof home, "/tmp/wanprep-test-XXXXXX");
    return mkdtemp(home) ? 0 : -1;
}

static const char *in_home(const char *name)
{
    static char path[256];
    assert_true(wp_text_format(path, sizeof path, "%s/%s", home, name));
    return path;
}

static int tear_down(void **state)
{
    (void)state;
    static const char *const names[] = {
        ".alibabacloud/credentials", ".alibabacloud", ".dashscope/api_key", ".dashscope", "key", ""};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        (void)remove(in_home(names[i]));
    return 0;
}

static void put(const char *name, const char *text)
{
    char folder[256];
    assert_true(wp_text_copy(folder, sizeof folder, in_home(name)));
    *strrchr(folder, '/') = '\0';
    assert_int_equal(wp_file_make_dirs(folder, NULL), WP_OK);
    assert_int_equal(wp_file_write_atomic(in_home(name), text, strlen(text), NULL), WP_OK);
}

static struct environment with_home(void)
{
    struct environment environment = {0};
    (void)wp_text_copy(environment.home, sizeof environment.home, home);
    return environment;
}

static void expect(struct environment *environment, const char *key, const char *origin)
{
    struct wp_credentials found;
    struct wp_error error = {0};
    if (wp_credentials_find(&found, get, environment, &error) != WP_OK)
        fail_msg("%s", error.message);
    assert_string_equal(found.api_key, key);
    assert_non_null(strstr(found.origin, origin));
    assert_null(strstr(found.origin, key));
    wp_credentials_wipe(&found);
    assert_string_equal(found.api_key, "");
}

static void expect_failure(struct environment *environment, enum wp_status status, const char *secret)
{
    struct wp_credentials found;
    struct wp_error error = {0};
    assert_int_equal(wp_credentials_find(&found, get, environment, &error), status);
    assert_int_equal(error.status, status);
    assert_true(error.message[0] != '\0');
    assert_string_equal(found.api_key, "");
    if (secret)
        assert_null(strstr(error.message, secret));
}

static void looks_in_order(void **state)
{
    (void)state;
    struct environment environment = with_home();
    expect_failure(&environment, WP_NO_KEY, NULL);
    put(".dashscope/api_key", "sk-home\n");
    expect(&environment, "sk-home", ".dashscope/api_key");
    put(".alibabacloud/credentials", "[default]\ndashscope_api_key = sk-ini\n");
    expect(&environment, "sk-ini", ".alibabacloud/credentials");
    put("key", " \t sk-file \r\n\n");
    char path[256];
    assert_true(wp_text_copy(path, sizeof path, in_home("key")));
    environment.pairs[0][0] = "DASHSCOPE_API_KEY_FILE_PATH";
    environment.pairs[0][1] = path;
    expect(&environment, "sk-file", path);
    environment.pairs[1][0] = "DASHSCOPE_API_KEY";
    environment.pairs[1][1] = " sk-env\n";
    expect(&environment, "sk-env", "DASHSCOPE_API_KEY");
    environment.pairs[1][1] = " "; /* set, and empty: as if it were not set */
    expect(&environment, "sk-file", path);
    environment.pairs[1][1] = "";
    expect(&environment, "sk-file", path);
}

static void reads_sections(void **state)
{
    (void)state;
    put(".alibabacloud/credentials",
        "\xef\xbb\xbf# a comment\nnot an entry\n[default]\ntype = access_key\nDASHSCOPE_API_KEY = "
        "sk-default\n"
        "[team a]\ndashscope_api_key: sk-team ; inline\n[other]\naccess_key_id = x\n"
        "[again]\ndashscope_api_key = sk-1\n  sk-2\ndashscope_api_key = sk-3\n");
    static const struct {
        const char *name, *profile, *key;
    } rows[] = {
        {"X", "", "sk-default"},
        {"ALIBABA_CLOUD_PROFILE", "team a", "sk-team"},
        {"ALICLOUD_PROFILE", "team a", "sk-team"},
        {"ALIBABA_CLOUD_PROFILE", "", "sk-default"},
        {"ALIBABA_CLOUD_PROFILE", "again", "sk-1"},
        {"ALIBABA_CLOUD_PROFILE", "other", NULL},
        {"ALIBABA_CLOUD_PROFILE", "Default", NULL},
        {"ALIBABA_CLOUD_PROFILE", "missing", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct environment environment = with_home();
        environment.pairs[0][0] = rows[i].name;
        environment.pairs[0][1] = rows[i].profile;
        if (rows[i].key)
            expect(&environment, rows[i].key, ".alibabacloud/credentials");
        else
            expect_failure(&environment, WP_NO_KEY, NULL);
    }
    struct environment both = with_home();
    both.pairs[0][0] = "ALICLOUD_PROFILE";
    both.pairs[0][1] = "default";
    both.pairs[1][0] = "ALIBABA_CLOUD_PROFILE";
    both.pairs[1][1] = "team a";
    expect(&both, "sk-team", "[team a]");
}

/* A line that is too long for the INI reader is passed over, not read in pieces. */
static void passes_over_long_lines(void **state)
{
    (void)state;
    char text[4096] = "[default]\nx = ";
    size_t len = strlen(text);
    for (size_t width = 150; width < 450; width++) {
        memset(text + len, 'y', width);
        (void)wp_text_copy(text + len + width, 256,
                           "dashscope_api_key = sk-wrong\ndashscope_api_key = sk-right\n");
        put(".alibabacloud/credentials", text);
        struct environment environment = with_home();
        expect(&environment, "sk-right", "[default]");
    }
}

static void takes_keys_up_to_a_length(void **state)
{
    (void)state;
    char key[512];
    struct environment environment = with_home();
    environment.pairs[0][0] = "DASHSCOPE_API_KEY";
    environment.pairs[0][1] = key;
    memset(key, 'k', sizeof key);
    key[255] = '\0';
    expect(&environment, key, "DASHSCOPE_API_KEY");
    key[255] = 'k';
    key[256] = '\0';
    expect_failure(&environment, WP_INPUT, "kkk");
}

static void refuses_keys_that_are_none(void **state)
{
    (void)state;
    static const char *const bad[] = {"sk-secret sk-other", "sk-secret\nsk-other", "sk-secret\x01",
                                      "sk-secret\xc3\xa4",  "\x7fsk-secret",       "sk-secret\r\nX-Evil: 1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct environment environment = with_home();
        environment.pairs[0][0] = "DASHSCOPE_API_KEY";
        environment.pairs[0][1] = bad[i];
        expect_failure(&environment, WP_INPUT, "secret");
        put(".dashscope/api_key", bad[i]);
        environment.pairs[0][1] = NULL;
        expect_failure(&environment, WP_INPUT, "secret");
    }
}

static void a_named_file_must_be_good(void **state)
{
    (void)state;
    put(".dashscope/api_key", "sk-home");
    struct environment environment = with_home();
    environment.pairs[0][0] = "DASHSCOPE_API_KEY_FILE_PATH";
    environment.pairs[0][1] = "/nonexistent/key";
    expect_failure(&environment, WP_INPUT, NULL);
    environment.pairs[0][1] = home; /* a folder */
    expect_failure(&environment, WP_INPUT, NULL);
    put("key", " \n");
    char path[256];
    assert_true(wp_text_copy(path, sizeof path, in_home("key")));
    environment.pairs[0][1] = path;
    expect_failure(&environment, WP_INPUT, NULL);
    char *much = malloc((64 << 10) + 2);
    assert_non_null(much);
    memset(much, 'k', (64 << 10) + 1);
    much[(64 << 10) + 1] = '\0';
    put("key", much);
    free(much);
    expect_failure(&environment, WP_INPUT, "kkk");
}

static void places_at_home_may_be_missing_or_empty(void **state)
{
    (void)state;
    struct environment homeless = {0};
    expect_failure(&homeless, WP_NO_KEY, NULL);
    put(".dashscope/api_key", " \n");
    put(".alibabacloud/credentials", "[default]\ndashscope_api_key =\n");
    struct environment environment = with_home();
    expect_failure(&environment, WP_NO_KEY, NULL);
    put(".dashscope/api_key", "sk-home");
    expect(&environment, "sk-home", ".dashscope/api_key");
    wp_credentials_wipe(NULL);
}

/* One that is there and cannot be read is worth a word: it is likely the one that was meant. */
static void places_at_home_must_be_readable(void **state)
{
    (void)state;
    struct environment environment = with_home();
    assert_int_equal(wp_file_make_dirs(in_home(".dashscope/api_key"), NULL), WP_OK); /* a folder */
    expect_failure(&environment, WP_INPUT, NULL);
}

static void *no_memory(void *memory, size_t size)
{
    (void)memory;
    (void)size;
    return NULL;
}

static void tells_want_of_memory(void **state)
{
    (void)state;
    static const struct wp_alloc_hooks hooks = {malloc, no_memory, free};
    put(".dashscope/api_key", "sk-home");
    struct environment environment = with_home();
    wp_alloc_set_hooks(&hooks);
    expect_failure(&environment, WP_NOMEM, NULL);
    wp_alloc_set_hooks(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(looks_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_sections, set_up, tear_down),
        cmocka_unit_test_setup_teardown(passes_over_long_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(takes_keys_up_to_a_length, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_keys_that_are_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_named_file_must_be_good, set_up, tear_down),
        cmocka_unit_test_setup_teardown(places_at_home_may_be_missing_or_empty, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_want_of_memory, set_up, tear_down),
        cmocka_unit_test_setup_teardown(places_at_home_must_be_readable, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
