/* A detector whose parts are missing, changed, or fail: always one sentence that says what, and never more.
 */
#include "unit/test.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "content/content.h"
#include "unit/bytes.h"

#define SIDE       64
#define FAKE(name) WP_FAKES name ".so"

static char folder[] = "/tmp/wanprep-detector-XXXXXX";
static struct bytes originals[WP_CONTENT_MODELS];
static const struct wp_content_model *models;

static const char *path_of(size_t model)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, models[model].file);
    return path;
}

static void put(size_t model, const void *bytes, size_t len)
{
    struct wp_error error;
    assert_int_equal(wp_file_write_atomic(path_of(model), bytes, len, &error), WP_OK);
}

static void put_original(size_t model)
{
    put(model, originals[model].data, originals[model].len);
}

static int set_up(void **state)
{
    (void)state;
    size_t count;
    models = wp_content_models(&count);
    assert_int_equal(count, WP_CONTENT_MODELS);
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < count; i++) {
        originals[i] = bytes_of_fixture(models[i].file);
        put_original(i);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < WP_CONTENT_MODELS; i++) {
        assert_int_equal(unlink(path_of(i)), 0);
        free(originals[i].data);
    }
    assert_int_equal(rmdir(folder), 0);
    return 0;
}

/* One sentence, which names something. */
static void assert_told(const struct wp_error *error, const char *what)
{
    if (!strstr(error->message, what))
        fail_msg("'%s' does not name '%s'", error->message, what);
    assert_null(strchr(error->message, '\n'));
}

static void assert_not_found(const char *module, const char *models_folder, const char *what)
{
    struct wp_content_parts parts;
    struct wp_error error;
    assert_int_equal(wp_content_find(&parts, module, models_folder, &error), WP_INPUT);
    assert_told(&error, what);
    wp_content_parts_free(&parts);
}

static enum wp_status open_with(struct wp_content **out, const char *module, struct wp_error *error)
{
    struct wp_content_parts parts;
    assert_int_equal(wp_content_find(&parts, module, folder, error), WP_OK);
    enum wp_status status = wp_content_open(out, &parts, error);
    wp_content_parts_free(&parts);
    return status;
}

static enum wp_status look_with(const char *module, struct wp_look *look, struct wp_error *error)
{
    static uint8_t rgb[SIDE * SIDE * 3];
    const struct wp_picture picture = {SIDE, SIDE, rgb};
    struct wp_content *content;
    assert_int_equal(open_with(&content, module, error), WP_OK);
    memset(look, 0x55, sizeof *look);
    enum wp_status status = wp_content_look(content, look, &picture, SIDE, SIDE, error);
    wp_content_close(content);
    return status;
}

static void test_what_is_missing_is_named(void **state)
{
    (void)state;
    assert_not_found(NULL, folder, "module");
    assert_not_found("/nowhere/wanprep-content.so", folder, "/nowhere/wanprep-content.so");
    assert_not_found(folder, folder, folder);
    assert_not_found(WP_MODULE, NULL, "models");
    assert_not_found(WP_MODULE, "/nowhere", "/nowhere");
    for (size_t i = 0; i < WP_CONTENT_MODELS; i++) {
        assert_int_equal(unlink(path_of(i)), 0);
        assert_not_found(WP_MODULE, folder, models[i].file);
        assert_int_equal(mkdir(path_of(i), 0700), 0);
        assert_not_found(WP_MODULE, folder, models[i].file);
        assert_int_equal(rmdir(path_of(i)), 0);
        put_original(i);
    }
}

/* Wherever a bit is changed, and however little is missing or added. */
static void test_a_changed_model_is_not_opened(void **state)
{
    (void)state;
    for (size_t i = 0; i < WP_CONTENT_MODELS; i++) {
        struct bytes *original = &originals[i];
        for (size_t part = 0; part <= 10; part++) {
            size_t at = (original->len - 1) * part / 10;
            original->data[at] ^= 1;
            put_original(i);
            original->data[at] ^= 1;
            assert_not_found(WP_MODULE, folder, models[i].file);
        }
        put(i, original->data, original->len - 1);
        assert_not_found(WP_MODULE, folder, models[i].file);
        put(i, "", 0);
        assert_not_found(WP_MODULE, folder, models[i].file);
        struct bytes longer = bytes_of_size((size_t)3 << 20);
        memcpy(longer.data, original->data, original->len);
        put(i, longer.data, original->len + 1);
        assert_not_found(WP_MODULE, folder, models[i].file);
        put(i, longer.data, longer.len);
        assert_not_found(WP_MODULE, folder, models[i].file);
        free(longer.data);
        put(i, originals[!i].data, originals[!i].len);
        assert_not_found(WP_MODULE, folder, models[i].file);
        put_original(i);
    }
}

static void test_what_is_no_module_is_not_loaded(void **state)
{
    (void)state;
    static const char *const modules[] = {WP_NO_LIBRARY, WP_OTHER_LIBRARY, FAKE("version")};
    for (size_t i = 0; i < COUNT(modules); i++) {
        struct wp_content *content;
        struct wp_error error;
        assert_int_equal(open_with(&content, modules[i], &error), WP_INPUT);
        assert_null(content);
        assert_told(&error, modules[i]);
    }
}

static void test_why_opencv_takes_no_model_is_told(void **state)
{
    (void)state;
    struct wp_content *content;
    struct wp_error error;
    assert_int_equal(open_with(&content, FAKE("open"), &error), WP_INPUT);
    assert_null(content);
    assert_told(&error, "what the fake says");
}

static void test_a_run_that_fails_leaves_no_look(void **state)
{
    (void)state;
    static const struct wp_look nothing;
    struct wp_look look;
    struct wp_error error;
    assert_int_equal(look_with(FAKE("run"), &look, &error), WP_INPUT);
    assert_told(&error, "what the fake says");
    assert_memory_equal(&look, &nothing, sizeof look);
    assert_int_equal(look_with(FAKE("outputs"), &look, &error), WP_INPUT);
    assert_memory_equal(&look, &nothing, sizeof look);
}

static void test_values_without_sense_are_no_faces(void **state)
{
    (void)state;
    struct wp_look look;
    struct wp_error error;
    assert_int_equal(look_with(FAKE("values"), &look, &error), WP_OK);
    assert_int_equal(look.face_count, 0);
    assert_int_equal(look.maybe_count, 0);
}

static void test_it_can_be_opened_again_and_again(void **state)
{
    (void)state;
    struct wp_look first, look;
    struct wp_error error;
    assert_int_equal(look_with(WP_MODULE, &first, &error), WP_OK);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(look_with(WP_MODULE, &look, &error), WP_OK);
        assert_memory_equal(&look, &first, sizeof look);
    }
    wp_content_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_missing_is_named),
        cmocka_unit_test(test_a_changed_model_is_not_opened),
        cmocka_unit_test(test_what_is_no_module_is_not_loaded),
        cmocka_unit_test(test_why_opencv_takes_no_model_is_told),
        cmocka_unit_test(test_a_run_that_fails_leaves_no_look),
        cmocka_unit_test(test_values_without_sense_are_no_faces),
        cmocka_unit_test(test_it_can_be_opened_again_and_again),
    };
    return cmocka_run_group_tests_name("content.detector", tests, set_up, tear_down);
}
