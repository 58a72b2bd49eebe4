#include "store/sqlite.h"

#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"

#include "base/banned.h"

#define COUNT(array)  (sizeof(array) / sizeof(array)[0])
#define WAIT_SLICE_MS 100

static struct wp_sqlite *sqlite_of(struct wp_store *store)
{
    return (struct wp_sqlite *)store; /* its first member */
}

static void close_store(struct wp_store *store)
{
    struct wp_sqlite *sqlite = sqlite_of(store);
    (void)sqlite3_finalize(sqlite->put);
    (void)sqlite3_finalize(sqlite->version);
    for (size_t i = 0; i < COUNT(sqlite->find); i++)
        (void)sqlite3_finalize(sqlite->find[i]);
    for (size_t i = 0; i < COUNT(sqlite->next); i++)
        (void)sqlite3_finalize(sqlite->next[i]);
    (void)sqlite3_close(sqlite->db);
    wp_lock_file_close(&sqlite->locks);
    wp_free(sqlite);
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
    case WP_COLUMN_KINDS:
        break;
    }
    return SQLITE_MISUSE;
}

static enum wp_status put(struct wp_store *store, const struct wp_job_record *record, struct wp_error *error)
{
    struct wp_sqlite *sqlite = sqlite_of(store);
    int code = SQLITE_OK;
    size_t count;
    const struct wp_column *columns = wp_columns(&count);
    for (size_t i = 0; i < count && code == SQLITE_OK; i++)
        code = bind(sqlite->put, (int)i + 1, &columns[i], record);
    if (code == SQLITE_OK)
        code = sqlite3_step(sqlite->put);
    enum wp_status status = code == SQLITE_DONE ? WP_OK : wp_sqlite_fail(sqlite, "write", code, error);
    (void)sqlite3_reset(sqlite->put); /* says again what step said */
    (void)sqlite3_clear_bindings(sqlite->put);
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
    case WP_COLUMN_KINDS:
        break;
    }
    return false;
}

static enum wp_status read_row(const struct wp_sqlite *sqlite, sqlite3_stmt *row, struct wp_job_record *out,
                               struct wp_error *error)
{
    size_t count;
    const struct wp_column *columns = wp_columns(&count);
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < count; i++) {
        if (!read_column(row, (int)i, &columns[i], out))
            return wp_fail(error, WP_OUTPUT, "store",
                           "a job record in '%s' is damaged: its column %s cannot be read", sqlite->path,
                           columns[i].name);
    }
    return WP_OK;
}

/* The row that a query whose parameters are bound to gives, if there is one. rowid NULL: is not asked for. */
static enum wp_status read_one(struct wp_sqlite *sqlite, sqlite3_stmt *query, struct wp_job_record *out,
                               int64_t *rowid, bool *found, struct wp_error *error)
{
    enum wp_status status = WP_OK;
    int code = sqlite3_step(query);
    *found = false;
    if (code == SQLITE_ROW) {
        status = read_row(sqlite, query, out, error);
        *found = status == WP_OK;
        if (*found && rowid)
            *rowid = sqlite3_column_int64(query, sqlite3_column_count(query) - 1);
    } else if (code != SQLITE_DONE) {
        status = wp_sqlite_fail(sqlite, "read", code, error);
    }
    (void)sqlite3_reset(query);
    (void)sqlite3_clear_bindings(query);
    return status;
}

static enum wp_status find(struct wp_store *store, enum wp_lookup by, const char *value,
                           struct wp_job_record *out, bool *found, struct wp_error *error)
{
    struct wp_sqlite *sqlite = sqlite_of(store);
    int code = sqlite3_bind_text(sqlite->find[by], 1, value, -1, SQLITE_STATIC);
    return code == SQLITE_OK ? read_one(sqlite, sqlite->find[by], out, NULL, found, error)
                             : wp_sqlite_fail(sqlite, "read", code, error);
}

static enum wp_status next(struct wp_store *store, struct wp_walk *walk, struct wp_job_record *out,
                           bool *found, struct wp_error *error)
{
    struct wp_sqlite *sqlite = sqlite_of(store);
    sqlite3_stmt *query = sqlite->next[walk->filter];
    int code = sqlite3_bind_int64(query, 1, walk->created_ms);
    if (code == SQLITE_OK)
        code = sqlite3_bind_int64(query, 2, walk->rowid);
    if (code == SQLITE_OK)
        code = sqlite3_bind_int(query, 3, 1);
    if (code != SQLITE_OK)
        return wp_sqlite_fail(sqlite, "read", code, error);
    enum wp_status status = read_one(sqlite, query, out, &walk->rowid, found, error);
    if (*found)
        walk->created_ms = out->created_ms;
    return status;
}

static enum wp_status lock(struct wp_store *store, const char *name, bool *taken, struct wp_error *error)
{
    return wp_lock_file_take(&sqlite_of(store)->locks, name, taken, error);
}

static void unlock(struct wp_store *store, const char *name)
{
    wp_lock_file_release(&sqlite_of(store)->locks, name);
}

static bool is_claimable(enum wp_job_state state)
{
    return state < WP_JOB_DONE; /* UNCERTAIN waits for a person */
}

/* Locks a job that was seen in the queue; whoever had it a moment ago may have moved it on. */
static enum wp_status try_claim(struct wp_store *store, struct wp_job_record *record, bool *found,
                                struct wp_error *error)
{
    char job_id[sizeof record->job_id];
    bool taken = false;
    (void)wp_text_copy(job_id, sizeof job_id, record->job_id);
    *found = false;
    enum wp_status status = lock(store, job_id, &taken, error);
    if (!taken)
        return status;
    status = find(store, WP_LOOKUP_JOB, job_id, record, found, error);
    *found = *found && is_claimable(record->state);
    if (!*found)
        unlock(store, job_id);
    return status;
}

static enum wp_status claim(struct wp_store *store, struct wp_job_record *out, bool *found,
                            struct wp_error *error)
{
    struct wp_walk walk = wp_walk_new(WP_STORE_UNFINISHED);
    bool more = true;
    enum wp_status status = WP_OK;
    *found = false;
    while (status == WP_OK && more && !*found) {
        status = next(store, &walk, out, &more, error);
        if (status == WP_OK && more && is_claimable(out->state))
            status = try_claim(store, out, found, error);
    }
    return status;
}

/* Whether another connection has put something since the last time. */
static bool has_changed(struct wp_sqlite *sqlite)
{
    (void)pthread_mutex_lock(&sqlite->store.mutex);
    int64_t version = sqlite3_step(sqlite->version) == SQLITE_ROW ? sqlite3_column_int64(sqlite->version, 0)
                                                                  : sqlite->seen_version;
    (void)sqlite3_reset(sqlite->version);
    bool changed = version != sqlite->seen_version;
    sqlite->seen_version = version;
    (void)pthread_mutex_unlock(&sqlite->store.mutex);
    return changed;
}

static bool wait_for_others(struct wp_store *store, int64_t ms)
{
    const struct wp_clock *clock = wp_clock_system();
    bool changed = has_changed(sqlite_of(store));
    for (int64_t left = ms; left > 0 && !changed; left -= WAIT_SLICE_MS) {
        clock->sleep_ms(clock->user, left < WAIT_SLICE_MS ? left : WAIT_SLICE_MS);
        changed = has_changed(sqlite_of(store));
    }
    return changed;
}

static int64_t sure_ms(struct wp_store *store)
{
    (void)store; /* the kernel keeps our locks for as long as we live */
    return INT64_MAX;
}

static const struct wp_store_ops ops = {
    .close = close_store,
    .put = put,
    .find = find,
    .next = next,
    .lock = lock,
    .unlock = unlock,
    .claim = claim,
    .wait = wait_for_others,
    .sure_ms = sure_ms,
};

enum wp_status wp_sqlite_open(struct wp_store **out, const char *path, struct wp_error *error)
{
    struct wp_sqlite *sqlite = wp_calloc(1, sizeof *sqlite);
    if (!sqlite)
        return wp_fail_nomem(error, "store");
    sqlite->store.ops = &ops;
    sqlite->locks.fd = -1;
    enum wp_status status = wp_sqlite_prepare(sqlite, path, error);
    if (status != WP_OK) {
        close_store(&sqlite->store);
        return status;
    }
    *out = &sqlite->store;
    return WP_OK;
}
