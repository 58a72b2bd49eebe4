/* A file that is written piece by piece is whole or as it was before. */
#include "unit/test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_writer.h"
#include "base/text.h"

#include "base/banned.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    (void)wp_text_copy(folder, sizeof folder, "/tmp/wanprep-writer-XXXXXX");
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

static void expect_content(const char *path, const char *content)
{
    struct wp_buf bytes = wp_buf_new(1024);
    struct wp_error error;
    assert_int_equal(wp_file_read(&bytes, path, &error), WP_OK);
    assert_string_equal(wp_buf_text(&bytes), content);
    wp_buf_free(&bytes);
}

static struct wp_file_writer writer;
static struct wp_error error;

static void pieces_become_a_file_when_it_is_committed(void **state)
{
    (void)state;
    const char *path = in_folder("a");
    assert_int_equal(wp_file_write_atomic(path, "old", 3, &error), WP_OK);
    assert_int_equal(wp_file_writer_open(&writer, path, WP_FILE_SHARED, &error), WP_OK);
    assert_int_equal(wp_file_writer_add(&writer, "one ", 4, &error), WP_OK);
    assert_int_equal(wp_file_writer_add(&writer, "", 0, &error), WP_OK);
    assert_int_equal(wp_file_writer_add(&writer, "two", 3, &error), WP_OK);
    expect_content(path, "old");
    assert_int_equal(wp_file_writer_commit(&writer, &error), WP_OK);
    expect_content(path, "one two");
    wp_file_writer_close(&writer); /* nothing more to do */
    expect_content(path, "one two");
    assert_int_equal(entries(), 1);
}

static void what_is_not_committed_never_was(void **state)
{
    (void)state;
    const char *path = in_folder("a");
    assert_int_equal(wp_file_writer_open(&writer, path, WP_FILE_SHARED, &error), WP_OK);
    assert_int_equal(wp_file_writer_add(&writer, "new", 3, &error), WP_OK);
    wp_file_writer_close(&writer);
    expect_content(path, "one two");
    assert_int_equal(wp_file_writer_open(&writer, in_folder("b"), WP_FILE_PRIVATE, &error), WP_OK);
    wp_file_writer_close(&writer);
    assert_int_equal(entries(), 1);
}

static unsigned mode_of(const char *path)
{
    struct stat info;
    assert_int_equal(lstat(path, &info), 0);
    return info.st_mode & 0777;
}

static void a_private_file_is_private_and_replaces_a_link(void **state)
{
    (void)state;
    mode_t old = umask(022);
    char link[256];
    (void)wp_text_copy(link, sizeof link, in_folder("link"));
    assert_int_equal(symlink("a", link), 0);
    assert_int_equal(wp_file_writer_open(&writer, link, WP_FILE_PRIVATE, &error), WP_OK);
    assert_int_equal(wp_file_writer_add(&writer, "mine", 4, &error), WP_OK);
    assert_int_equal(wp_file_writer_commit(&writer, &error), WP_OK);
    assert_int_equal(mode_of(link), 0600);
    expect_content(link, "mine");
    expect_content(in_folder("a"), "one two");
    assert_int_equal(unlink(link), 0);
    (void)umask(old);
}

static void a_shared_file_is_as_the_umask_says_and_goes_through_a_link(void **state)
{
    (void)state;
    mode_t old = umask(027);
    char link[256];
    (void)wp_text_copy(link, sizeof link, in_folder("link"));
    assert_int_equal(symlink("c", link), 0);
    assert_int_equal(wp_file_write_atomic(in_folder("c"), "long before", 11, &error), WP_OK);
    assert_int_equal(wp_file_writer_open(&writer, link, WP_FILE_SHARED, &error), WP_OK);
    assert_int_equal(wp_file_writer_add(&writer, "ours", 4, &error), WP_OK);
    assert_int_equal(wp_file_writer_commit(&writer, &error), WP_OK);
    expect_content(in_folder("c"), "ours");
    assert_int_equal(wp_file_writer_open(&writer, in_folder("d"), WP_FILE_SHARED, &error), WP_OK);
    assert_int_equal(wp_file_writer_commit(&writer, &error), WP_OK);
    assert_int_equal(mode_of(in_folder("d")), 0640);
    (void)umask(old);
}

static void failures_name_the_file_and_leave_nothing(void **state)
{
    (void)state;
    static const char *const paths[] = {"/nonexistent/x", "/dev", "/dev/full"};
    size_t before = entries();
    for (size_t i = 0; i < COUNT(paths); i++) {
        memset(&error, 0, sizeof error);
        enum wp_status status = wp_file_writer_open(&writer, paths[i], WP_FILE_SHARED, &error);
        if (status == WP_OK)
            status = wp_file_writer_add(&writer, "x", 1, &error);
        assert_int_equal(status, WP_OUTPUT);
        assert_non_null(strstr(error.message, paths[i]));
        wp_file_writer_close(&writer);
    }
    /* A folder in the way is noticed when the file would get its name. */
    const char *path = in_folder("e");
    assert_int_equal(wp_file_writer_open(&writer, path, WP_FILE_PRIVATE, &error), WP_OK);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(wp_file_writer_commit(&writer, &error), WP_OUTPUT);
    wp_file_writer_close(&writer);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(entries(), before);
    char *longest = malloc(70000);
    assert_non_null(longest);
    memset(longest, 'x', 69999);
    longest[69999] = '\0';
    assert_int_equal(wp_file_writer_open(&writer, longest, WP_FILE_SHARED, &error), WP_OUTPUT);
    free(longest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_become_a_file_when_it_is_committed),
        cmocka_unit_test(what_is_not_committed_never_was),
        cmocka_unit_test(a_private_file_is_private_and_replaces_a_link),
        cmocka_unit_test(a_shared_file_is_as_the_umask_says_and_goes_through_a_link),
        cmocka_unit_test(failures_name_the_file_and_leave_nothing),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
