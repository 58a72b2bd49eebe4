#include "store/store.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "store/columns.h"

#include "base/banned.h"

#define WP_SCHEMA_VERSION 1
#define SCHEMA_VERSION    1
#define BUSY_TIMEOUT_MS   15000
#define BUSY_STEP_MS      20
#define COUNT(array)      (sizeof(array) / sizeof(array)[0])

struct wp_store {
    sqlite3 *db;
    sqlite3_stmt *put, *by_key, *by_job, *by_task, *all;
    char path[PATH_MAX];
};

static enum wp_status store_error(const struct wp_store *store, const char *verb, int code,
                                  struct wp_error *error)
{
    if (code == SQLITE_NOMEM)
        return wp_fail_nomem(error, "store");
    const char *why = store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(code);
    return wp_fail(error, WP_OUTPUT, "store", "cannot %s the job records in '%s': %s (SQLite error %d)", verb,
                   store->path, why, store->db ? sqlite3_extended_errcode(store->db) : code);
}

static enum wp_status run_sql(struct wp_store *store, const char *verb, const char *sql,
                              struct wp_error *error)
{
    int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? WP_OK : store_error(store, verb, code, error);
}

static enum wp_status prepare(struct wp_store *store, sqlite3_stmt **out, const struct wp_buf *sql,
                              struct wp_error *error)
{
    if (sql->failed != WP_OK)
        return wp_fail_nomem(error, "store");
    int code =
        sqlite3_prepare_v3(store->db, wp_buf_text(sql), (int)sql->len, SQLITE_PREPARE_PERSISTENT, out, NULL);
    return code == SQLITE_OK ? WP_OK : store_error(store, "open", code, error);
}

static enum wp_status prepare_select(struct wp_store *store, sqlite3_stmt **out, const char *rest,
                                     struct wp_error *error)
{
    struct wp_buf sql = wp_buf_new(8192);
    wp_columns_write_select(&sql, rest);
    enum wp_status status = prepare(store, out, &sql, error);
    wp_buf_free(&sql);
    return status;
}

static enum wp_status prepare_put(struct wp_store *store, struct wp_error *error)
{
    struct wp_buf sql = wp_buf_new(8192);
    wp_columns_write_put(&sql);
    enum wp_status status = prepare(store, &store->put, &sql, error);
    wp_buf_free(&sql);
    return status;
}

static enum wp_status prepare_all(struct wp_store *store, struct wp_error *error)
{
    struct wp_buf by_key = wp_buf_new(512);
    (void)wp_buf_add_format(&by_key,
                            "WHERE key = ? AND state NOT IN (%d, %d, %d, %d)"
                            " ORDER BY created_ms DESC, rowid DESC LIMIT 1",
                            WP_JOB_REJECTED, WP_JOB_FAILED, WP_JOB_CANCELED, WP_JOB_EXPIRED);
    enum wp_status status = by_key.failed ? wp_fail_nomem(error, "store") : prepare_put(store, error);
    if (status == WP_OK)
        status = prepare_select(store, &store->by_key, wp_buf_text(&by_key), error);
    if (status == WP_OK)
        status = prepare_select(store, &store->by_job, "WHERE job_id = ?", error);
    if (status == WP_OK)
        status = prepare_select(store, &store->by_task, "WHERE task_id = ?1 AND ?1 <> ''", error);
    if (status == WP_OK)
        status = prepare_select(store, &store->all, "ORDER BY created_ms DESC, rowid DESC", error);
    wp_buf_free(&by_key);
    return status;
}

static enum wp_status read_version(struct wp_store *store, int *version, struct wp_error *error)
{
    sqlite3_stmt *query = NULL;
    int code = sqlite3_prepare_v2(store->db, "PRAGMA user_version", -1, &query, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(query);
    enum wp_status status = code == SQLITE_ROW ? WP_OK : store_error(store, "open", code, error);
    if (status == WP_OK)
        *version = sqlite3_column_int(query, 0);
    (void)sqlite3_finalize(query);
    return status;
}

static enum wp_status make_table(struct wp_store *store, struct wp_error *error)
{
    struct wp_buf sql = wp_buf_new(16384);
    wp_columns_write_table(&sql);
    (void)wp_buf_add_format(&sql, "PRAGMA user_version = %d;", SCHEMA_VERSION);
    enum wp_status status =
        sql.failed ? wp_fail_nomem(error, "store") : run_sql(store, "prepare", wp_buf_text(&sql), error);
    wp_buf_free(&sql);
    return status;
}

/* user_version 0 is an empty database. IMMEDIATE: of two processes that find one, one makes the table and the
 * other sees it made. Closing the database rolls back what was not committed. */
static enum wp_status prepare_schema(struct wp_store *store, struct wp_error *error)
{
    int version = 0;
    enum wp_status status = run_sql(store, "lock", "BEGIN IMMEDIATE", error);
    if (status == WP_OK)
        status = read_version(store, &version, error);
    if (status == WP_OK && version == 0)
        status = make_table(store, error);
    else if (status == WP_OK && version != SCHEMA_VERSION)
        status =
            wp_fail(error, WP_OUTPUT, "store",
                    "the job records in '%s' have the layout %d of another wanprep (this one knows %d); use "
                    "that version or another output folder",
                    store->path, version, SCHEMA_VERSION);
    return status == WP_OK ? run_sql(store, "prepare", "COMMIT", error) : status;
}

/* SQLite gives the files beside the database the mode of the database, so it is made here, private. */
static enum wp_status make_file(const char *path, struct wp_error *error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return wp_fail(error, WP_OUTPUT, "store", "cannot open the job records in '%s': %s", path,
                       strerror(errno));
    (void)close(fd);
    return wp_file_sync_folder(path, error);
}

/*
 * The change to WAL needs the file alone, and SQLite does not wait for that (its documentation of
 * sqlite3_busy_handler() names the case): so we do. Where a file system has no shared memory for WAL, SQLite
 * stays with a rollback journal, which is as durable.
 */
static enum wp_status set_journal(struct wp_store *store, struct wp_error *error)
{
    int code = SQLITE_BUSY;
    for (int waited = 0; code == SQLITE_BUSY && waited < BUSY_TIMEOUT_MS; waited += BUSY_STEP_MS) {
        if (waited > 0)
            (void)sqlite3_sleep(BUSY_STEP_MS);
        code = sqlite3_exec(store->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    }
    if (code != SQLITE_OK)
        return store_error(store, "open", code, error);
    return run_sql(store, "open",
                   "PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON",
                   error);
}

enum wp_status wp_store_open(struct wp_store **out, const char *path, struct wp_error *error)
{
    *out = NULL;
    enum wp_status status = make_file(path, error);
    if (status != WP_OK)
        return status;
    struct wp_store *store = wp_calloc(1, sizeof *store);
    if (!store)
        return wp_fail_nomem(error, "store");
    if (!wp_text_copy(store->path, sizeof store->path, path)) {
        status = wp_fail(error, WP_OUTPUT, "store", "the path of the job records is too long: '%s'", path);
        goto out;
    }
    int code = sqlite3_open_v2(path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK) {
        status = store_error(store, "open", code, error);
        goto out;
    }
    (void)sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
    status = set_journal(store, error);
    if (status == WP_OK)
        status = prepare_schema(store, error);
    if (status == WP_OK)
        status = prepare_all(store, error);
out:
    if (status != WP_OK) {
        wp_store_close(store);
        store = NULL;
    }
    *out = store;
    return status;
}

void wp_store_close(struct wp_store *store)
{
    if (!store)
        return;
    sqlite3_stmt *const statements[] = {store->put, store->by_key, store->by_job, store->by_task, store->all};
    for (size_t i = 0; i < COUNT(statements); i++)
        (void)sqlite3_finalize(statements[i]);
    (void)sqlite3_close(store->db);
    wp_free(store);
}

static int bind(sqlite3_stmt *put, int index, const struct wp_column *column,
                const struct wp_job_record *record)
{
    const void *field = (const char *)record + column->offset;
    switch (column->kind) {
    case WP_COLUMN_TEXT:
        return sqlite3_bind_text(put, index, field, -1, SQLITE_STATIC);
    case WP_COLUMN_INT64:
        return sqlite3_bind_int64(put, index, *(const int64_t *)field);
    case WP_COLUMN_STATE:
        return sqlite3_bind_int(put, index, (int)*(const enum wp_job_state *)field);
    case WP_COLUMN_MODE:
        return sqlite3_bind_int(put, index, (int)*(const enum wp_mode *)field);
    case WP_COLUMN_BOOLEAN:
        return sqlite3_bind_int(put, index, *(const bool *)field);
    case WP_COLUMN_REAL:
        return sqlite3_bind_double(put, index, *(const double *)field);
    }
    return SQLITE_MISUSE;
}

enum wp_status wp_store_put(struct wp_store *store, const struct wp_job_record *record,
                            struct wp_error *error)
{
    assert(record->job_id[0]);
    int code = SQLITE_OK;
    size_t count;
    const struct wp_column *columns = wp_columns(&count);
    for (size_t i = 0; i < count && code == SQLITE_OK; i++)
        code = bind(store->put, (int)i + 1, &columns[i], record);
    if (code == SQLITE_OK)
        code = sqlite3_step(store->put);
    enum wp_status status = code == SQLITE_DONE ? WP_OK : store_error(store, "write", code, error);
    (void)sqlite3_reset(store->put); /* says again what step said */
    (void)sqlite3_clear_bindings(store->put);
    return status;
}

/* False if a value in the file is none that this version can have written. */
static bool read_column(sqlite3_stmt *row, int index, const struct wp_column *column,
                        struct wp_job_record *out)
{
    void *field = (char *)out + column->offset;
    int64_t number = sqlite3_column_int64(row, index);
    switch (column->kind) {
    case WP_COLUMN_TEXT: {
        const unsigned char *text = sqlite3_column_text(row, index);
        return text && wp_text_copy(field, column->size, (const char *)text);
    }
    case WP_COLUMN_INT64:
        *(int64_t *)field = number;
        return true;
    case WP_COLUMN_STATE:
        *(enum wp_job_state *)field = (enum wp_job_state)number;
        return number >= WP_JOB_PLANNED && number <= WP_JOB_UNCERTAIN;
    case WP_COLUMN_MODE:
        *(enum wp_mode *)field = (enum wp_mode)number;
        return number >= WP_MODE_STD && number <= WP_MODE_PRO;
    case WP_COLUMN_BOOLEAN:
        *(bool *)field = number != 0;
        return true;
    case WP_COLUMN_REAL:
        *(double *)field = sqlite3_column_double(row, index);
        return true;
    }
    return false;
}

static enum wp_status read_row(const struct wp_store *store, sqlite3_stmt *row, struct wp_job_record *out,
                               struct wp_error *error)
{
    size_t count;
    const struct wp_column *columns = wp_columns(&count);
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < count; i++) {
        if (!read_column(row, (int)i, &columns[i], out))
            return wp_fail(error, WP_OUTPUT, "store",
                           "a job record in '%s' is damaged: its column %s cannot be read", store->path,
                           columns[i].name);
    }
    return WP_OK;
}

static enum wp_status find(struct wp_store *store, sqlite3_stmt *query, const char *value,
                           struct wp_job_record *out, bool *found, struct wp_error *error)
{
    *found = false;
    enum wp_status status = WP_OK;
    int code = sqlite3_bind_text(query, 1, value, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(query);
    if (code == SQLITE_ROW) {
        status = read_row(store, query, out, error);
        *found = status == WP_OK;
    } else if (code != SQLITE_DONE) {
        status = store_error(store, "read", code, error);
    }
    (void)sqlite3_reset(query);
    (void)sqlite3_clear_bindings(query);
    return status;
}

enum wp_status wp_store_find_key(struct wp_store *store, const char *key, struct wp_job_record *out,
                                 bool *found, struct wp_error *error)
{
    return find(store, store->by_key, key, out, found, error);
}

enum wp_status wp_store_find_job(struct wp_store *store, const char *job_id, struct wp_job_record *out,
                                 bool *found, struct wp_error *error)
{
    return find(store, store->by_job, job_id, out, found, error);
}

enum wp_status wp_store_find_task(struct wp_store *store, const char *task_id, struct wp_job_record *out,
                                  bool *found, struct wp_error *error)
{
    return find(store, store->by_task, task_id, out, found, error);
}

enum wp_status wp_store_each(struct wp_store *store,
                             bool (*each)(void *user, const struct wp_job_record *record), void *user,
                             struct wp_error *error)
{
    struct wp_job_record *record = wp_malloc(sizeof *record);
    if (!record)
        return wp_fail_nomem(error, "store");
    enum wp_status status = WP_OK;
    int code = SQLITE_DONE;
    while (status == WP_OK && (code = sqlite3_step(store->all)) == SQLITE_ROW) {
        status = read_row(store, store->all, record, error);
        if (status == WP_OK && !each(user, record))
            break;
    }
    if (status == WP_OK && code != SQLITE_DONE && code != SQLITE_ROW)
        status = store_error(store, "read", code, error);
    (void)sqlite3_reset(store->all);
    wp_free(record);
    return status;
}
