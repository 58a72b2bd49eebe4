/* Opening a SQLite store: the file, its journal, its layout, the statements. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "store/sqlite.h"

#include "base/banned.h"

#define BUSY_TIMEOUT_MS 15000
#define BUSY_STEP_MS    20
#define SQL_CEILING     16384

const struct wp_dialect wp_sqlite_dialect = {
    .jobs = "jobs",
    .types = {[WP_COLUMN_TEXT] = "TEXT",
              [WP_COLUMN_INT64] = "INTEGER",
              [WP_COLUMN_STATE] = "INTEGER",
              [WP_COLUMN_MODE] = "INTEGER",
              [WP_COLUMN_BOOLEAN] = "INTEGER",
              [WP_COLUMN_REAL] = "REAL"},
    .row_number = "", /* every row has its rowid */
    .table_end = " STRICT",
};

enum wp_status wp_sqlite_fail(const struct wp_sqlite *sqlite, const char *verb, int code,
                              struct wp_error *error)
{
    if (code == SQLITE_NOMEM)
        return wp_fail_nomem(error, "store");
    const char *why = sqlite->db ? sqlite3_errmsg(sqlite->db) : sqlite3_errstr(code);
    int extended = sqlite->db ? sqlite3_extended_errcode(sqlite->db) : code;
    if (extended == SQLITE_FULL || extended == SQLITE_IOERR_SHMSIZE)
        why = "the disk is full; make room there and try again";
    return wp_fail(error, WP_OUTPUT, "store", "cannot %s the job records in '%s': %s (SQLite error %d)", verb,
                   sqlite->path, why, extended);
}

static enum wp_status run_sql(struct wp_sqlite *sqlite, const char *verb, const char *sql,
                              struct wp_error *error)
{
    int code = sqlite3_exec(sqlite->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? WP_OK : wp_sqlite_fail(sqlite, verb, code, error);
}

/* Prepares what stands in sql, and empties it. */
static enum wp_status prepare(struct wp_sqlite *sqlite, sqlite3_stmt **out, struct wp_buf *sql,
                              struct wp_error *error)
{
    if (sql->failed != WP_OK)
        return wp_fail_nomem(error, "store");
    int code =
        sqlite3_prepare_v3(sqlite->db, wp_buf_text(sql), (int)sql->len, SQLITE_PREPARE_PERSISTENT, out, NULL);
    wp_buf_clear(sql);
    return code == SQLITE_OK ? WP_OK : wp_sqlite_fail(sqlite, "open", code, error);
}

static enum wp_status prepare_all(struct wp_sqlite *sqlite, struct wp_error *error)
{
    struct wp_buf sql = wp_buf_new(SQL_CEILING);
    wp_columns_write_put(&sql, &wp_sqlite_dialect, "WHERE true");
    enum wp_status status = prepare(sqlite, &sqlite->put, &sql, error);
    for (int by = 0; by < WP_LOOKUPS && status == WP_OK; by++) {
        wp_columns_write_find(&sql, &wp_sqlite_dialect, (enum wp_lookup)by);
        status = prepare(sqlite, &sqlite->find[by], &sql, error);
    }
    for (int filter = 0; filter <= WP_STORE_SUBMITTING && status == WP_OK; filter++) {
        wp_columns_write_next(&sql, &wp_sqlite_dialect, (enum wp_store_filter)filter);
        status = prepare(sqlite, &sqlite->next[filter], &sql, error);
    }
    if (status == WP_OK) {
        (void)wp_buf_add_text(&sql, "PRAGMA data_version");
        status = prepare(sqlite, &sqlite->version, &sql, error);
    }
    wp_buf_free(&sql);
    return status;
}

static enum wp_status read_version(struct wp_sqlite *sqlite, int *version, struct wp_error *error)
{
    sqlite3_stmt *query = NULL;
    int code = sqlite3_prepare_v2(sqlite->db, "PRAGMA user_version", -1, &query, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(query);
    enum wp_status status = code == SQLITE_ROW ? WP_OK : wp_sqlite_fail(sqlite, "open", code, error);
    if (status == WP_OK)
        *version = sqlite3_column_int(query, 0);
    (void)sqlite3_finalize(query);
    return status;
}

static enum wp_status migrate(struct wp_sqlite *sqlite, int from, struct wp_error *error)
{
    struct wp_buf sql = wp_buf_new(SQL_CEILING);
    for (int version = from + 1; version <= WP_SCHEMA_VERSION; version++)
        wp_columns_write_step(&sql, &wp_sqlite_dialect, version);
    (void)wp_buf_add_format(&sql, "PRAGMA user_version = %d;", WP_SCHEMA_VERSION);
    enum wp_status status =
        sql.failed ? wp_fail_nomem(error, "store") : run_sql(sqlite, "prepare", wp_buf_text(&sql), error);
    wp_buf_free(&sql);
    return status;
}

/* user_version 0 is an empty database. IMMEDIATE: of two processes that find an old layout, one renews it and
 * the other sees it new. Closing the database rolls back what was not committed. */
static enum wp_status prepare_schema(struct wp_sqlite *sqlite, struct wp_error *error)
{
    int version = 0;
    enum wp_status status = run_sql(sqlite, "lock", "BEGIN IMMEDIATE", error);
    if (status == WP_OK)
        status = read_version(sqlite, &version, error);
    if (status == WP_OK && (version < 0 || version > WP_SCHEMA_VERSION))
        status = wp_fail(error, WP_OUTPUT, "store",
                         "the job records in '%s' have the layout %d of another wanprep (this one knows 1 to "
                         "%d); use that version or another output folder",
                         sqlite->path, version, WP_SCHEMA_VERSION);
    else if (status == WP_OK && version < WP_SCHEMA_VERSION)
        status = migrate(sqlite, version, error);
    return status == WP_OK ? run_sql(sqlite, "prepare", "COMMIT", error) : status;
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
static enum wp_status set_journal(struct wp_sqlite *sqlite, struct wp_error *error)
{
    int code = SQLITE_BUSY;
    for (int waited = 0; code == SQLITE_BUSY && waited < BUSY_TIMEOUT_MS; waited += BUSY_STEP_MS) {
        if (waited > 0)
            (void)sqlite3_sleep(BUSY_STEP_MS);
        code = sqlite3_exec(sqlite->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    }
    if (code != SQLITE_OK)
        return wp_sqlite_fail(sqlite, "open", code, error);
    return run_sql(sqlite, "open",
                   "PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON",
                   error);
}

enum wp_status wp_sqlite_prepare(struct wp_sqlite *sqlite, const char *path, struct wp_error *error)
{
    if (!wp_text_copy(sqlite->path, sizeof sqlite->path, path) || !wp_lock_file_init(&sqlite->locks, path))
        return wp_fail(error, WP_OUTPUT, "store", "the path of the job records is too long: '%s'", path);
    enum wp_status status = make_file(path, error);
    if (status != WP_OK)
        return status;
    int code = sqlite3_open_v2(path, &sqlite->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK)
        return wp_sqlite_fail(sqlite, "open", code, error);
    (void)sqlite3_busy_timeout(sqlite->db, BUSY_TIMEOUT_MS);
    status = set_journal(sqlite, error);
    if (status == WP_OK)
        status = prepare_schema(sqlite, error);
    if (status == WP_OK) /* SQLite has made files beside it, and does not mind where this failed */
        status = wp_file_sync_folder(path, error);
    return status == WP_OK ? prepare_all(sqlite, error) : status;
}
