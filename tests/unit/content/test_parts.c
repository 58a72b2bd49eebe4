/* What of a detector is there: a missing or changed part is told, and nothing of it is loaded. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "content/content.h"
#include "content/module.h"

#include "base/banned.h"

static char folder[] = "/tmp/wanprep-content-XXXXXX";
static char module[64];

static int make_folder(void **state)
{
    (void)state;
    struct wp_error error;
    if (!mkdtemp(folder))
        return -1;
    snprintf(module, sizeof module, "%s/module.so", folder);
    return wp_file_write_atomic(module, "no ELF", 6, &error) == WP_OK ? 0 : -1;
}

static void path_of(char *out, size_t size, size_t model)
{
    size_t count;
    snprintf(out, size, "%s/%s", folder, wp_content_models(&count)[model].file);
}

static int remove_folder(void **state)
{
    (void)state;
    char path[256];
    for (size_t i = 0; i < WP_CONTENT_MODELS; i++) {
        path_of(path, sizeof path, i);
        unlink(path);
    }
    unlink(module);
    return rmdir(folder);
}

static void models_are_known_by_their_hashes(void **state)
{
    (void)state;
    size_t count;
    const struct wp_content_model *models = wp_content_models(&count);
    assert_int_equal(count, WP_CONTENT_MODELS);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(strspn(models[i].sha256, "0123456789abcdef"), 64);
        assert_int_equal(strlen(models[i].sha256), 64);
        assert_null(strchr(models[i].file, '/'));
        assert_true(strlen(models[i].name) > 0);
    }
}

/* Fails, and says what it is about. */
static void assert_not_found(const char *module_path, const char *models, const char *about)
{
    struct wp_content_parts parts;
    struct wp_error error = {0};
    assert_int_equal(wp_content_find(&parts, module_path, models, &error), WP_INPUT);
    assert_int_equal(error.status, WP_INPUT);
    if (!strstr(error.message, about))
        fail_msg("'%s' says nothing of '%s'", error.message, about);
    wp_content_parts_free(&parts);
}

static void a_missing_part_is_named(void **state)
{
    (void)state;
    char path[256], long_path[5000];
    memset(long_path, 'a', sizeof long_path);
    long_path[sizeof long_path - 1] = '\0';
    path_of(path, sizeof path, 0);
    assert_not_found(NULL, folder, "module");
    assert_not_found("/nowhere/module.so", folder, "/nowhere/module.so");
    assert_not_found(folder, folder, folder); /* a folder is no module */
    assert_not_found(long_path, folder, "module");
    assert_not_found(module, NULL, "models");
    assert_not_found(module, "/nowhere", "/nowhere/");
    assert_not_found(module, folder, path);
    assert_not_found(module, module, module); /* a file is no folder */
    assert_not_found(module, long_path, "models");
}

static void a_changed_model_is_not_read(void **state)
{
    (void)state;
    size_t count;
    const struct wp_content_model *models = wp_content_models(&count);
    struct wp_error error;
    char path[256];
    path_of(path, sizeof path, 0);
    assert_int_equal(wp_file_write_atomic(path, "", 0, &error), WP_OK);
    assert_not_found(module, folder, "e3b0c44298fc1c149afbf4c8996fb924"); /* of nothing */
    assert_int_equal(wp_file_write_atomic(path, "changed", 7, &error), WP_OK);
    assert_not_found(module, folder, models[0].sha256);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(ftruncate(fileno(file), INT64_C(1) << 40), 0); /* a hole, and never read whole */
    assert_int_equal(fclose(file), 0);
    assert_not_found(module, folder, path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0); /* does not wait for a writer */
    assert_not_found(module, folder, path);
}

static void what_is_no_module_is_not_loaded(void **state)
{
    (void)state;
    char long_path[5000];
    memset(long_path, 'a', sizeof long_path);
    long_path[sizeof long_path - 1] = '\0';
    const char *const paths[] = {module, folder, "/nowhere/module.so", "libc.so.6", "", long_path};
    for (size_t i = 0; i < COUNT(paths); i++) {
        struct wp_module loaded;
        struct wp_error error = {0};
        assert_int_equal(wp_module_load(&loaded, paths[i], &error), WP_INPUT);
        assert_int_equal(error.status, WP_INPUT);
        assert_null(loaded.handle);
        wp_module_unload(&loaded);
        const struct wp_content_parts parts = {.module = paths[i]};
        struct wp_content *content = (struct wp_content *)1;
        assert_int_equal(wp_content_open(&content, &parts, &error), WP_INPUT);
        assert_null(content);
    }
}

static void nothing_is_freed_and_closed(void **state)
{
    (void)state;
    wp_content_parts_free(NULL);
    wp_content_close(NULL);
    struct wp_module none = {0};
    wp_module_unload(&none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(models_are_known_by_their_hashes), cmocka_unit_test(a_missing_part_is_named),
        cmocka_unit_test(a_changed_model_is_not_read),      cmocka_unit_test(what_is_no_module_is_not_loaded),
        cmocka_unit_test(nothing_is_freed_and_closed),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
