/* Results files: what a manifest had stays, what came of a row is added, and it is a manifest again. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "manifest/rows.h"
#include "wanprep/results.h"

#include "base/banned.h"

static const struct wp_row_result done = {
    .status = WP_OK,
    .has_state = true,
    .state = WP_JOB_DONE,
    .task_id = "t-1",
    .result = "out/t-1.mp4",
    .has_billed_seconds = true,
    .billed_seconds = 3.2,
    .has_amount = true,
    .amount = 1280,
};

static const struct wp_row_result rejected = {
    .status = WP_REJECTED, .code = "video.duration", .message = "it says \"40 s\", and 30 s are allowed"};

static struct wp_error error;

/* The results file of a manifest, every row with the same result. */
static char *results(const char *text, const struct wp_row_result *result)
{
    struct wp_manifest *manifest = NULL;
    struct wp_buf all = wp_buf_new(1 << 20);
    char *part = NULL;
    size_t len = 0;
    if (wp_manifest_parse(&manifest, text, strlen(text), "", &error) != WP_OK)
        fail_msg("%s: %s", text, error.message);
    assert_int_equal(wp_results_header(&part, &len, manifest, &error), WP_OK);
    assert_int_equal(strlen(part), len);
    assert_true(wp_buf_add(&all, part, len));
    wp_free(part);
    for (size_t i = 0; i < wp_manifest_count(manifest); i++) {
        assert_int_equal(wp_results_row(&part, &len, manifest, i, result, &error), WP_OK);
        assert_int_equal(strlen(part), len);
        assert_true(wp_buf_add(&all, part, len));
        wp_free(part);
    }
    wp_manifest_free(manifest);
    return wp_buf_take(&all);
}

static void expect(const char *manifest, const struct wp_row_result *result, const char *wanted)
{
    char *got = results(manifest, result);
    assert_string_equal(got, wanted);
    wp_free(got);
}

#define OURS "status,state,task_id,result,billed_seconds,amount,code,message"
#define DONE "OK,done,t-1,out/t-1.mp4,3.20,1.28,,"
#define DONE_JSON                                                                                            \
    "\"status\":\"OK\",\"state\":\"done\",\"task_id\":\"t-1\",\"result\":\"out/t-1.mp4\","                   \
    "\"billed_seconds\":3.2,\"amount\":1.28"

static void columns_are_added_behind_those_of_the_manifest(void **state)
{
    (void)state;
    expect("note,video,image\nx,b.mp4,a.jpg\n", &done, "note,video,image," OURS "\nx,b.mp4,a.jpg," DONE "\n");
    expect("image,video\r\na,b\r\n", &rejected,
           "image,video," OURS "\r\na,b,REJECTED,,,,,,video.duration,\"it says \"\"40 s\"\", and 30 s are "
           "allowed\"\r\n");
}

static void fields_are_quoted_where_they_must_be(void **state)
{
    (void)state;
    expect("image,video,\"a \"\"note\"\"\"\n\"a,b.jpg\",,\"two\r\nlines\"\n", &done,
           "image,video,\"a \"\"note\"\"\"," OURS "\n\"a,b.jpg\",,\"two\r\nlines\"," DONE "\n");
    expect("image,video\n\" a \",\"b\"", &done, "image,video," OURS "\n a ,b," DONE "\n");
}

static void a_byte_order_mark_stays(void **state)
{
    (void)state;
    expect("\xef\xbb\xbfimage\na\n", &done, "\xef\xbb\xbfimage," OURS "\na," DONE "\n");
}

static void columns_of_an_earlier_results_file_are_replaced(void **state)
{
    (void)state;
    expect("Status,image, MESSAGE ,video\nFAILED,a,\"x,y\",b\n", &done,
           "image,video," OURS "\na,b," DONE "\n");
    expect("{\"status\":\"FAILED\",\"image\":\"a\",\"code\" : {\"x\":[1,\"}\"]} "
           ",\"video\":\"b\",\"amount\":3}\n",
           &done, "{\"image\":\"a\",\"video\":\"b\"," DONE_JSON "}\n");
}

static void a_row_of_no_use_has_the_fields_that_are_known(void **state)
{
    (void)state;
    const struct wp_row_result bad = {.status = WP_INPUT, .message = "line 2: bad"};
    expect("image,video\na\n", &bad, "image,video," OURS "\na,,INPUT,,,,,,,line 2: bad\n");
    expect("image,video\na,b,c\n", &bad, "image,video," OURS "\na,b,INPUT,,,,,,,line 2: bad\n");
    expect("image,video\na\"b,c\n", &bad, "image,video," OURS "\n,,INPUT,,,,,,,line 2: bad\n");
    expect("image,video\n\"open,c\nx,y\n", &bad, "image,video," OURS "\n,,INPUT,,,,,,,line 2: bad\n");
    expect("{\"image\":\"a\"\n", &bad, "{\"status\":\"INPUT\",\"message\":\"line 2: bad\"}\n");
    expect("{\"note\":1}\n", &bad, "{\"note\":1,\"status\":\"INPUT\",\"message\":\"line 2: bad\"}\n");
}

static void members_are_copied_as_they_stand(void **state)
{
    (void)state;
    expect(
        " { \"id\" : 12345678901234567890 , \"image\":\"a\\\"}\\\\\",\"more\":{\"status\":[{},\"]\"]}}\r\n{ "
        "\"video\":\"b\"}",
        &done,
        "{\"id\" : 12345678901234567890,\"image\":\"a\\\"}\\\\\",\"more\":{\"status\":[{},\"]\"]}," DONE_JSON
        "}\n{\"video\":\"b\"," DONE_JSON "}\n");
    expect("{}\n{ }\n", &done, "{" DONE_JSON "}\n{" DONE_JSON "}\n");
}

static void what_a_spreadsheet_would_compute_is_shielded(void **state)
{
    (void)state;
    static const char *const firsts[] = {"=", "+", "-", "@"};
    for (size_t i = 0; i < COUNT(firsts); i++) {
        char text[32], wanted[256];
        (void)snprintf(text, sizeof text, "%s1+1", firsts[i]);
        const struct wp_row_result hostile = {
            .status = WP_TASK_FAILED, .task_id = text, .result = text, .code = text, .message = text};
        (void)snprintf(wanted, sizeof wanted, "image," OURS "\n%s,TASK_FAILED,,'%s,./%s,,,'%s,'%s\n", text,
                       text, text, text, text);
        char manifest[64];
        (void)snprintf(manifest, sizeof manifest, "image\n%s\n", text);
        expect(manifest, &hostile, wanted); /* the user's own column is the user's */
    }
    const struct wp_row_result tab = {.status = WP_TASK_FAILED, .message = "\t=1"};
    expect("image\na\n", &tab, "image," OURS "\na,TASK_FAILED,,,,,,,'\t=1\n");
    const struct wp_row_result inner = {.status = WP_TASK_FAILED, .message = "a=1"};
    expect("image\na\n", &inner, "image," OURS "\na,TASK_FAILED,,,,,,,a=1\n");
}

static void numbers_are_as_short_as_they_can_be(void **state)
{
    (void)state;
    static const struct {
        double seconds;
        uint64_t amount;
        const char *wanted;
    } rows[] = {{0, 0, "0,0"}, {5, 4000, "5,4"}, {5.125, 2050, "5.125,2.05"}, {0.0004, 1, "0,0.001"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char wanted[256];
        const struct wp_row_result result = {.has_billed_seconds = true,
                                             .billed_seconds = rows[i].seconds,
                                             .has_amount = true,
                                             .amount = rows[i].amount};
        (void)snprintf(wanted, sizeof wanted, "image," OURS "\na,OK,,,,%s,,\n", rows[i].wanted);
        expect("image\na\n", &result, wanted);
    }
    const struct wp_row_result nonsense = {.has_billed_seconds = true, .billed_seconds = -1};
    expect("image\na\n", &nonsense, "image," OURS "\na,OK,,,,,,,\n");
}

static void a_results_file_is_a_manifest(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "image,video,mode\n\"a,\n\",b,wan-pro\nc,d,\n",
        "{\"image\":\"a,\\n\",\"video\":\"b\",\"mode\":\"wan-pro\"}\n{\"image\":\"c\",\"video\":\"d\"}\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        char *once = results(texts[i], &rejected), *twice = results(once, &rejected);
        assert_string_equal(once, twice);
        struct wp_manifest *manifest = NULL;
        assert_int_equal(wp_manifest_parse(&manifest, twice, strlen(twice), "", &error), WP_OK);
        assert_int_equal(wp_manifest_count(manifest), 2);
        assert_string_equal(wp_manifest_row(manifest, 0)->image, "a,\n");
        assert_true(wp_manifest_row(manifest, 0)->has_mode);
        assert_string_equal(wp_manifest_row(manifest, 1)->video, "d");
        wp_manifest_free(manifest);
        wp_free(once);
        wp_free(twice);
    }
}

static size_t allocations_left;

static void *failing_malloc(size_t size)
{
    return allocations_left-- > 0 ? malloc(size) : NULL;
}

static void *failing_realloc(void *memory, size_t size)
{
    return allocations_left-- > 0 ? realloc(memory, size) : NULL;
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    static const char *const texts[] = {"image,video,\"a note\"\na,,\"b\"\n",
                                        "{\"image\":\"a\",\"video\":null,\"x\":[1,2]}\n"};
    static const struct wp_alloc_hooks hooks = {failing_malloc, failing_realloc, free};
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct wp_manifest *manifest = NULL;
        assert_int_equal(wp_manifest_parse(&manifest, texts[i], strlen(texts[i]), "", &error), WP_OK);
        enum wp_status header = WP_NOMEM, row = WP_NOMEM;
        for (size_t n = 0; n < 200 && (header != WP_OK || row != WP_OK); n++) {
            char *text = NULL;
            size_t len = 0;
            wp_alloc_set_hooks(&hooks);
            allocations_left = n;
            header = wp_results_header(&text, &len, manifest, &error);
            if (header == WP_OK)
                wp_free(text);
            allocations_left = n;
            row = wp_results_row(&text, &len, manifest, 0, &done, &error);
            if (row == WP_OK)
                wp_free(text);
            wp_alloc_set_hooks(NULL);
            assert_true(header == WP_OK || header == WP_NOMEM);
            assert_true(row == WP_OK || row == WP_NOMEM);
        }
        assert_int_equal(row, WP_OK);
        wp_manifest_free(manifest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_added_behind_those_of_the_manifest),
        cmocka_unit_test(fields_are_quoted_where_they_must_be),
        cmocka_unit_test(a_byte_order_mark_stays),
        cmocka_unit_test(columns_of_an_earlier_results_file_are_replaced),
        cmocka_unit_test(a_row_of_no_use_has_the_fields_that_are_known),
        cmocka_unit_test(members_are_copied_as_they_stand),
        cmocka_unit_test(what_a_spreadsheet_would_compute_is_shielded),
        cmocka_unit_test(numbers_are_as_short_as_they_can_be),
        cmocka_unit_test(a_results_file_is_a_manifest),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
