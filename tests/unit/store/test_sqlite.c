/* The contract of a store, kept by the SQLite backend; and what is its own: files, layouts. */
#include "unit/store/contract.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "store/sqlite.h"

#include "base/banned.h"

static char folder[64];

static int contract_new(void)
{
    (void)wp_text_copy(folder, sizeof folder, "/tmp/wanprep-store-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    return wp_text_format(contract.location, sizeof contract.location, "%s/wanprep.db", folder) ? 0 : -1;
}

static int contract_end(void)
{
    static const char *const names[] = {"wanprep.db", "wanprep.db-wal", "wanprep.db-shm", "wanprep.lock"};
    for (size_t i = 0; i < COUNT(names); i++) {
        char path[160];
        (void)wp_text_format(path, sizeof path, "%s/%s", folder, names[i]);
        (void)unlink(path);
    }
    return rmdir(folder);
}

static void contract_mourn(void)
{
    /* the kernel has released what the dead held */
}

static void test_files_are_private(void **state)
{
    (void)state;
    mode_t before = umask(0);
    struct wp_store *store = open_store();
    struct wp_lock lock;
    put_with(store, "1", "", WP_JOB_DONE, 1, WP_OK);
    assert_true(try_lock(store, &lock, NAME));
    static const char *const names[] = {"wanprep.db", "wanprep.db-wal", "wanprep.db-shm", "wanprep.lock"};
    for (size_t i = 0; i < COUNT(names); i++) {
        char path[160];
        struct stat info;
        (void)wp_text_format(path, sizeof path, "%s/%s", folder, names[i]);
        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(info.st_mode & 0777, 0600);
    }
    wp_store_unlock(&lock);
    wp_store_close(store);
    (void)umask(before);
}

static void test_the_largest_name_of_a_lock(void **state)
{
    (void)state;
    struct wp_store *store = open_store();
    struct wp_lock first, second;
    assert_true(try_lock(store, &first, "ffffffffffffffffffff"));
    assert_false(try_lock(store, &second, "fffffffffffffff00000"));
    wp_store_unlock(&first);
    wp_store_close(store);
}

static void test_a_lock_file_that_cannot_be_had(void **state)
{
    (void)state;
    struct wp_store *store = open_store();
    struct wp_lock lock;
    struct wp_error error = {0};
    bool taken = true;
    char path[160];
    (void)wp_text_format(path, sizeof path, "%s/wanprep.lock", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(wp_store_lock(store, NAME, &lock, &taken, &error), WP_OUTPUT);
    assert_false(taken);
    assert_non_null(strstr(error.message, path));
    wp_store_unlock(&lock);
    wp_store_close(store);
    assert_int_equal(rmdir(path), 0);
}

static void write_bytes(const char *path, const void *bytes, size_t len)
{
    FILE *file = fopen(path, "wbe");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static void assert_refused(void)
{
    struct wp_store *store = NULL;
    struct wp_error error = {0};
    assert_int_equal(wp_store_open(&store, contract.location, &error), WP_OUTPUT);
    assert_null(store);
    assert_non_null(strstr(error.message, contract.location));
}

static void test_a_foreign_file_is_refused(void **state)
{
    (void)state;
    static const char text[] =
        "this is no database, and it is long enough to look like the header of one, or so; "
        "SQLite reads a hundred bytes of it before it says anything at all about it";
    write_bytes(contract.location, text, sizeof text - 1);
    assert_refused();
}

/* The header of the file holds user_version as a big-endian number at 60 (SQLite file format, 1.3.17). */
static void set_version(unsigned char version)
{
    int fd = open(contract.location, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, (unsigned char[]){0, 0, 0, version}, 4, 60), 4);
    assert_int_equal(close(fd), 0);
}

static void test_a_newer_layout_is_refused(void **state)
{
    (void)state;
    wp_store_close(open_store());
    set_version(WP_SCHEMA_VERSION + 1);
    assert_refused();
    set_version(WP_SCHEMA_VERSION);
    wp_store_close(open_store());
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

/* fixtures/store/version1.db was written by the wanprep that knew that layout alone. */
static void copy_version_1(void)
{
    static char bytes[65536];
    FILE *file = fopen(WP_FIXTURES "/store/version1.db", "rbe");
    assert_non_null(file);
    size_t len = fread(bytes, 1, sizeof bytes, file);
    assert_int_equal(fclose(file), 0);
    assert_in_range(len, 4096, sizeof bytes - 1);
    write_bytes(contract.location, bytes, len);
}

static void test_layout_1_is_brought_up_to_date(void **state)
{
    (void)state;
    copy_version_1();
    struct wp_job_record record = full_record(), read;
    memset(&record.has_predicted_seconds, 0,
           sizeof record - offsetof(struct wp_job_record, has_predicted_seconds)); /* what it did not know */
    struct wp_store *store = open_store();
    bool found = false;
    assert_int_equal(wp_store_find_job(store, record.job_id, &read, &found, NULL), WP_OK);
    assert_true(found);
    assert_same(&read, &record);
    assert_string_equal(see_all(store, WP_STORE_ALL).ids, "201");
    assert_string_equal(see_all(store, WP_STORE_UNFINISHED).ids, "10");
    assert_string_equal(see_all(store, WP_STORE_SUBMITTING).ids, "1");
    record = full_record();
    assert_int_equal(wp_store_put(store, &record, NULL), WP_OK);
    wp_store_close(store);

    store = open_store(); /* it is not done again */
    assert_int_equal(wp_store_find_job(store, record.job_id, &read, &found, NULL), WP_OK);
    assert_same(&read, &record);
    put_with(store, "9", "task-2", WP_JOB_SUBMITTED, 9, WP_OUTPUT); /* it kept its indexes */
    wp_store_close(store);
}

static void test_many_renew_layout_1_at_once(void **state)
{
    (void)state;
    copy_version_1();
    struct child children[6];
    for (size_t i = 0; i < COUNT(children); i++)
        children[i] = child_start(open_and_put);
    for (size_t i = 0; i < COUNT(children); i++)
        child_wait(&children[i]);
    struct wp_store *store = open_store();
    assert_int_equal(see_all(store, WP_STORE_ALL).count, 3 + COUNT(children));
    wp_store_close(store);
}

static void assert_index(sqlite3 *db, enum wp_store_filter filter, const char *index)
{
    sqlite3_stmt *query = NULL;
    struct wp_buf sql = wp_buf_new(16384);
    (void)wp_buf_add_text(&sql, "EXPLAIN QUERY PLAN ");
    wp_columns_write_next(&sql, &wp_sqlite_dialect, filter);
    assert_int_equal(sqlite3_prepare_v2(db, wp_buf_text(&sql), -1, &query, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(query), SQLITE_ROW);
    const char *plan = (const char *)sqlite3_column_text(query, 3);
    if (!strstr(plan, index))
        fail_msg("%s is not used: %s", index, plan);
    assert_int_equal(sqlite3_step(query), SQLITE_DONE); /* and nothing is sorted */
    assert_int_equal(sqlite3_finalize(query), SQLITE_OK);
    wp_buf_free(&sql);
}

/* To look for the few that are being submitted among ten thousand must not read ten thousand. */
static void test_filters_use_their_indexes(void **state)
{
    (void)state;
    wp_store_close(open_store());
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(contract.location, &db), SQLITE_OK);
    assert_index(db, WP_STORE_ALL, "jobs_all (");
    assert_index(db, WP_STORE_UNFINISHED, "jobs_unfinished (");
    assert_index(db, WP_STORE_SUBMITTING, "jobs_submitting (");
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT_TESTS,
        CONTRACT(test_files_are_private),
        CONTRACT(test_the_largest_name_of_a_lock),
        CONTRACT(test_a_lock_file_that_cannot_be_had),
        CONTRACT(test_a_foreign_file_is_refused),
        CONTRACT(test_a_newer_layout_is_refused),
        CONTRACT(test_a_folder_that_is_not_there_is_refused),
        CONTRACT(test_layout_1_is_brought_up_to_date),
        CONTRACT(test_many_renew_layout_1_at_once),
        CONTRACT(test_filters_use_their_indexes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
