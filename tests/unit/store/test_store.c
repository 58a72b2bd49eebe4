/* What a put promised is there after a close, a kill, and for a second process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "store/store.h"

#include "base/banned.h"

struct place {
    char folder[64];
    char path[128];
};

static int set_up(void **state)
{
    static struct place place;
    (void)wp_text_copy(place.folder, sizeof place.folder, "/tmp/wanprep-store-XXXXXX");
    if (!mkdtemp(place.folder))
        return -1;
    (void)wp_text_format(place.path, sizeof place.path, "%s/wanprep.db", place.folder);
    *state = &place;
    return 0;
}

static int tear_down(void **state)
{
    const struct place *place = *state;
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char path[160];
        (void)wp_text_format(path, sizeof path, "%s%s", place->path, suffixes[i]);
        (void)unlink(path);
    }
    return rmdir(place->folder);
}

static struct wp_store *open_store(const struct place *place)
{
    struct wp_store *store = NULL;
    struct wp_error error = {0};
    if (wp_store_open(&store, place->path, &error) != WP_OK)
        fail_msg("%s", error.message);
    return store;
}

/* Every field differs from its neighbours and from zero, so that a column read into the wrong field is seen.
 */
static struct wp_job_record full_record(void)
{
    struct wp_job_record record;
    memset(&record, 0, sizeof record);
    (void)wp_text_copy(record.job_id, sizeof record.job_id, "0123456789abcdef0123456789abcdef");
    (void)wp_text_copy(record.key, sizeof record.key, "feed");
    record.state = WP_JOB_SUBMITTED;
    (void)wp_text_copy(record.image, sizeof record.image, "/in/it's \"quoted\"; DROP TABLE jobs;--.jpg");
    (void)wp_text_copy(record.video, sizeof record.video, "/in/\xe8\xa7\x86\xe9\xa2\x91.mp4");
    (void)wp_text_copy(record.image_sha256, sizeof record.image_sha256, "aaaa");
    (void)wp_text_copy(record.video_sha256, sizeof record.video_sha256, "bbbb");
    (void)wp_text_copy(record.image_url, sizeof record.image_url, "oss://dir/a.jpg");
    (void)wp_text_copy(record.video_url, sizeof record.video_url, "oss://dir/b.mp4");
    record.uploaded_ms = 11;
    record.mode = WP_MODE_PRO;
    record.watermark = true;
    record.check_image = true;
    (void)wp_text_copy(record.base_url, sizeof record.base_url, "https://example.com/api/v1");
    record.submit_started_ms = INT64_MAX;
    record.submit_last_ms = 12;
    record.submit_service_clock = true;
    record.creates = 2;
    record.submitted_ms = INT64_MIN;
    (void)wp_text_copy(record.task_id, sizeof record.task_id, "task-1");
    (void)wp_text_copy(record.request_id, sizeof record.request_id, "request-1");
    (void)wp_text_copy(record.task_status, sizeof record.task_status, "RUNNING");
    (void)wp_text_copy(record.result_url, sizeof record.result_url, "https://r/x?Signature=%2B");
    (void)wp_text_copy(record.result_etag, sizeof record.result_etag, "\"etag\"");
    (void)wp_text_copy(record.video_path, sizeof record.video_path, "/out/v.mp4");
    (void)wp_text_copy(record.code, sizeof record.code, "Code");
    (void)wp_text_copy(record.message, sizeof record.message, "words");
    record.has_billed_seconds = true;
    record.billed_seconds = 5.2;
    record.created_ms = 21;
    record.updated_ms = 22;
    return record;
}

static void assert_same(const struct wp_job_record *a, const struct wp_job_record *b)
{
    /* Both were zeroed whole before they were filled, so padding and the bytes behind texts agree too. */
    assert_memory_equal(a, b, sizeof *a);
}

static void test_put_survives_reopening(void **state)
{
    struct wp_job_record record = full_record(), read;
    bool found = false;
    struct wp_store *store = open_store(*state);
    assert_int_equal(wp_store_put(store, &record, NULL), WP_OK);
    wp_store_close(store);

    store = open_store(*state);
    assert_int_equal(wp_store_find_job(store, record.job_id, &read, &found, NULL), WP_OK);
    assert_true(found);
    assert_same(&read, &record);
    assert_int_equal(wp_store_find_task(store, "task-1", &read, &found, NULL), WP_OK);
    assert_true(found);
    assert_same(&read, &record);
    assert_int_equal(wp_store_find_job(store, "nobody", &read, &found, NULL), WP_OK);
    assert_false(found);
    wp_store_close(store);
}

static void test_put_replaces(void **state)
{
    struct wp_store *store = open_store(*state);
    struct wp_job_record record = full_record(), read;
    bool found = false;
    assert_int_equal(wp_store_put(store, &record, NULL), WP_OK);
    record.state = WP_JOB_DONE;
    memset(record.task_id, 0, sizeof record.task_id);
    assert_int_equal(wp_store_put(store, &record, NULL), WP_OK);
    assert_int_equal(wp_store_find_job(store, record.job_id, &read, &found, NULL), WP_OK);
    assert_true(found);
    assert_same(&read, &record);
    assert_int_equal(wp_store_find_task(store, "", &read, &found, NULL), WP_OK);
    assert_false(found); /* "" is nobody's task id */
    wp_store_close(store);
}

static void put_with(struct wp_store *store, const char *job_id, const char *task_id,
                     enum wp_job_state job_state, int64_t created_ms, enum wp_status expected)
{
    struct wp_job_record record = full_record();
    (void)wp_text_copy(record.job_id, sizeof record.job_id, job_id);
    (void)wp_text_copy(record.task_id, sizeof record.task_id, task_id);
    record.state = job_state;
    record.created_ms = created_ms;
    assert_int_equal(wp_store_put(store, &record, NULL), expected);
}

static void test_key_finds_the_newest_live_record(void **state)
{
    struct wp_store *store = open_store(*state);
    struct wp_job_record read;
    bool found = true;
    put_with(store, "1", "", WP_JOB_REJECTED, 1, WP_OK);
    put_with(store, "2", "", WP_JOB_FAILED, 2, WP_OK);
    put_with(store, "3", "", WP_JOB_CANCELED, 3, WP_OK);
    put_with(store, "4", "", WP_JOB_EXPIRED, 4, WP_OK);
    assert_int_equal(wp_store_find_key(store, "feed", &read, &found, NULL), WP_OK);
    assert_false(found);
    put_with(store, "6", "", WP_JOB_DONE, 6, WP_OK);
    put_with(store, "5", "", WP_JOB_UNCERTAIN, 5, WP_OK);
    assert_int_equal(wp_store_find_key(store, "feed", &read, &found, NULL), WP_OK);
    assert_true(found);
    assert_string_equal(read.job_id, "6");
    assert_int_equal(wp_store_find_key(store, "other", &read, &found, NULL), WP_OK);
    assert_false(found);
    wp_store_close(store);
}

static void test_a_task_has_one_owner(void **state)
{
    struct wp_store *store = open_store(*state);
    put_with(store, "1", "task", WP_JOB_SUBMITTED, 1, WP_OK);
    put_with(store, "2", "", WP_JOB_SUBMITTING, 2, WP_OK);
    put_with(store, "3", "", WP_JOB_SUBMITTING, 3, WP_OK); /* no task id is no conflict */
    put_with(store, "2", "task", WP_JOB_SUBMITTED, 2, WP_OUTPUT);
    put_with(store, "2", "task2", WP_JOB_SUBMITTED, 2, WP_OK); /* the store goes on after a refusal */
    wp_store_close(store);
}

struct seen {
    char ids[16];
    size_t count, stop;
};

static bool see(void *user, const struct wp_job_record *record)
{
    struct seen *seen = user;
    seen->ids[seen->count++] = record->job_id[0];
    return seen->count != seen->stop;
}

static void test_each_goes_from_new_to_old(void **state)
{
    struct wp_store *store = open_store(*state);
    put_with(store, "1", "", WP_JOB_DONE, 5, WP_OK);
    put_with(store, "2", "", WP_JOB_DONE, 7, WP_OK);
    put_with(store, "3", "", WP_JOB_DONE, 6, WP_OK);
    struct seen seen = {.stop = 0};
    assert_int_equal(wp_store_each(store, see, &seen, NULL), WP_OK);
    assert_string_equal(seen.ids, "231");
    struct seen two = {.stop = 2};
    assert_int_equal(wp_store_each(store, see, &two, NULL), WP_OK);
    assert_string_equal(two.ids, "23");
    wp_store_close(store);
}

static void test_files_are_private(void **state)
{
    const struct place *place = *state;
    mode_t before = umask(0);
    struct wp_store *store = open_store(place);
    put_with(store, "1", "", WP_JOB_DONE, 1, WP_OK);
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char path[160];
        struct stat info;
        (void)wp_text_format(path, sizeof path, "%s%s", place->path, suffixes[i]);
        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(info.st_mode & 0777, 0600);
    }
    wp_store_close(store);
    (void)umask(before);
}

/* A child puts records and tells after each that it is on disk; it is killed in between. */
static void test_a_kill_loses_nothing_that_was_put(void **state)
{
    const struct place *place = *state;
    for (int round = 0; round < 5; round++) {
        int tell[2];
        assert_int_equal(pipe(tell), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct wp_store *store = NULL;
            struct wp_job_record record = full_record();
            record.task_id[0] = '\0';
            if (wp_store_open(&store, place->path, NULL) != WP_OK)
                _exit(1);
            for (record.creates = 1;; record.creates++) {
                if (wp_store_put(store, &record, NULL) != WP_OK ||
                    write(tell[1], &record.creates, sizeof record.creates) < 0)
                    _exit(1);
            }
        }
        (void)close(tell[1]);
        int64_t promised = 0;
        for (int i = 0; i < 3 + round * 7; i++)
            assert_int_equal(read(tell[0], &promised, sizeof promised), sizeof promised);
        assert_int_equal(kill(child, SIGKILL), 0);
        int64_t later = 0;
        while (read(tell[0], &later, sizeof later) == sizeof later)
            promised = later;
        assert_int_equal(waitpid(child, NULL, 0), child);
        (void)close(tell[0]);

        struct wp_store *store = open_store(place);
        struct wp_job_record read_back;
        bool found = false;
        assert_int_equal(wp_store_find_job(store, full_record().job_id, &read_back, &found, NULL), WP_OK);
        assert_true(found);
        assert_true(read_back.creates == promised || read_back.creates == promised + 1);
        wp_store_close(store);
    }
}

static void test_many_open_a_new_database_at_once(void **state)
{
    const struct place *place = *state;
    pid_t children[8];
    for (int i = 0; i < 8; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            struct wp_store *store = NULL;
            struct wp_job_record record = full_record();
            (void)wp_text_format(record.job_id, sizeof record.job_id, "%d", i);
            (void)wp_text_format(record.task_id, sizeof record.task_id, "task %d", i);
            bool ok = wp_store_open(&store, place->path, NULL) == WP_OK &&
                      wp_store_put(store, &record, NULL) == WP_OK;
            wp_store_close(store);
            _exit(ok ? 0 : 1);
        }
    }
    for (int i = 0; i < 8; i++) {
        int status = 0;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    struct seen seen = {.stop = 0};
    struct wp_store *store = open_store(place);
    assert_int_equal(wp_store_each(store, see, &seen, NULL), WP_OK);
    assert_int_equal(seen.count, 8);
    wp_store_close(store);
}

static void write_bytes(const char *path, const char *bytes)
{
    FILE *file = fopen(path, "wbe");
    assert_non_null(file);
    assert_true(fputs(bytes, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void test_a_foreign_file_is_refused(void **state)
{
    const struct place *place = *state;
    write_bytes(place->path,
                "this is no database, and it is long enough to look like the header of one, or so; "
                "SQLite reads a hundred bytes of it before it says anything at all about it");
    struct wp_store *store = NULL;
    struct wp_error error = {0};
    assert_int_equal(wp_store_open(&store, place->path, &error), WP_OUTPUT);
    assert_null(store);
    assert_non_null(strstr(error.message, place->path));
}

/* The header of the file holds user_version as a big-endian number at 60 (SQLite file format, 1.3.17). */
static void test_another_layout_is_refused(void **state)
{
    const struct place *place = *state;
    wp_store_close(open_store(place));
    int fd = open(place->path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, "\0\0\0\2", 4, 60), 4);
    assert_int_equal(close(fd), 0);
    struct wp_store *store = NULL;
    struct wp_error error = {0};
    assert_int_equal(wp_store_open(&store, place->path, &error), WP_OUTPUT);
    assert_null(store);
    assert_non_null(strstr(error.message, place->path));
}

static void test_a_folder_that_is_not_there_is_refused(void **state)
{
    (void)state;
    struct wp_store *store = NULL;
    struct wp_error error = {0};
    assert_int_equal(wp_store_open(&store, "/nonexistent/wanprep.db", &error), WP_OUTPUT);
    assert_null(store);
    wp_store_close(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_put_survives_reopening),
        TEST(test_put_replaces),
        TEST(test_key_finds_the_newest_live_record),
        TEST(test_a_task_has_one_owner),
        TEST(test_each_goes_from_new_to_old),
        TEST(test_files_are_private),
        TEST(test_a_kill_loses_nothing_that_was_put),
        TEST(test_many_open_a_new_database_at_once),
        TEST(test_a_foreign_file_is_refused),
        TEST(test_another_layout_is_refused),
        TEST(test_a_folder_that_is_not_there_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
