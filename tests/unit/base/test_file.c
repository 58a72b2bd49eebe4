#include "unit/test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    (void)wp_text_copy(folder, sizeof folder, "/tmp/wanprep-test-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[128];
    (void)wp_text_format(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static const char *in_folder(const char *name)
{
    static char path[256];
    (void)wp_text_format(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static size_t entries(void)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    while (readdir(dir))
        count++;
    (void)closedir(dir);
    return count - 2;
}

static void atomic_write_replaces_and_leaves_nothing_beside(void **state)
{
    (void)state;
    struct wp_error error;
    const char *path = in_folder("a.json");
    assert_int_equal(wp_file_write_atomic(path, "one", 3, &error), WP_OK);
    assert_int_equal(wp_file_write_atomic(path, "two!", 4, &error), WP_OK);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(entries(), 1);
    struct wp_buf content = wp_buf_new(4);
    assert_int_equal(wp_file_read(&content, path, &error), WP_OK);
    assert_string_equal(wp_buf_text(&content), "two!");
    wp_buf_free(&content);
}

static void a_failed_write_keeps_the_old_and_removes_its_temporary_file(void **state)
{
    (void)state;
    struct wp_error error = {.status = WP_OK};
    assert_int_equal(mkdir(in_folder("target"), 0700), 0); /* rename() of a file onto a folder fails */
    assert_int_equal(wp_file_write_atomic(in_folder("target"), "x", 1, &error), WP_OUTPUT);
    assert_int_equal(error.status, WP_OUTPUT);
    assert_non_null(strstr(error.message, "target"));
    assert_int_equal(entries(), 1);
    assert_int_equal(wp_file_write_atomic(in_folder("none/file"), "x", 1, &error), WP_OUTPUT);
}

static void folders_are_made_private_and_a_file_in_the_way_is_told(void **state)
{
    (void)state;
    struct wp_error error;
    assert_int_equal(wp_file_make_dirs(in_folder("x/y/z"), &error), WP_OK);
    assert_int_equal(wp_file_make_dirs(in_folder("x/y/z"), &error), WP_OK);
    struct stat info;
    assert_int_equal(stat(in_folder("x/y"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    assert_int_equal(wp_file_append(in_folder("x/file"), "1", 1, true, &error), WP_OK);
    assert_int_equal(wp_file_make_dirs(in_folder("x/file"), &error), WP_OUTPUT);
    assert_int_equal(wp_file_make_dirs("", &error), WP_OUTPUT);
}

static void reading_refuses_what_is_too_large_or_no_file(void **state)
{
    (void)state;
    struct wp_error error;
    assert_int_equal(wp_file_append(in_folder("f"), "12345", 5, false, &error), WP_OK);
    struct wp_buf content = wp_buf_new(4);
    assert_int_equal(wp_file_read(&content, in_folder("f"), &error), WP_INPUT);
    wp_buf_free(&content);
    content = wp_buf_new(5);
    assert_int_equal(wp_file_read(&content, in_folder("f"), &error), WP_OK);
    assert_int_equal(content.len, 5);
    wp_buf_free(&content);
    assert_int_equal(wp_file_read(&content, folder, &error), WP_INPUT);
    assert_int_equal(wp_file_read(&content, in_folder("none"), &error), WP_INPUT);
    assert_int_equal(mkfifo(in_folder("fifo"), 0600), 0);
    assert_int_equal(wp_file_read(&content, in_folder("fifo"), &error), WP_INPUT);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(atomic_write_replaces_and_leaves_nothing_beside),
        IN_FOLDER(a_failed_write_keeps_the_old_and_removes_its_temporary_file),
        IN_FOLDER(folders_are_made_private_and_a_file_in_the_way_is_told),
        IN_FOLDER(reading_refuses_what_is_too_large_or_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
