#include "store/pg.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/text.h"

#include "base/banned.h"

#define PAGE_ROWS   100
#define CLAIM_TRIES 1000

static struct wp_pg *pg_of(struct wp_store *store)
{
    return (struct wp_pg *)store; /* its first member */
}

static void close_store(struct wp_store *store)
{
    struct wp_pg *pg = pg_of(store);
    wp_pg_worker_stop(pg);
    wp_pg_link_close(&pg->link);
    wp_buf_free(&pg->put_sql);
    wp_buf_free(&pg->claim_sql);
    for (int i = 0; i < WP_LOOKUPS; i++)
        wp_buf_free(&pg->find_sql[i]);
    for (int i = 0; i <= WP_STORE_SUBMITTING; i++)
        wp_buf_free(&pg->next_sql[i]);
    (void)pthread_cond_destroy(&pg->news);
    (void)pthread_mutex_destroy(&pg->news_mutex);
    wp_free(pg);
}

enum wp_status wp_pg_run_alive(struct wp_pg *pg, const char *verb, const char *sql,
                               const struct wp_pg_values *values, PGresult **out, struct wp_error *error)
{
    *out = NULL;
    if (atomic_load(&pg->buried))
        return wp_pg_fail_buried(pg, error);
    return wp_pg_run(&pg->link, verb, sql, values, out, error);
}

/* The same with a statement whose result is one row, and in it first how many of our rows there are: one, or
 * none once we were buried, and then it did nothing. */
static enum wp_status run_fenced(struct wp_pg *pg, const char *verb, const char *sql,
                                 const struct wp_pg_values *values, PGresult **out, struct wp_error *error)
{
    enum wp_status status = wp_pg_run_alive(pg, verb, sql, values, out, error);
    return status == WP_OK && wp_pg_integer(*out, 0, 0) != 1 ? wp_pg_fail_buried(pg, error) : status;
}

static void add_field(struct wp_pg_values *values, const struct wp_column *column,
                      const struct wp_job_record *record)
{
    const void *field = (const char *)record + column->offset;
    switch (column->kind) {
    case WP_COLUMN_TEXT:
        wp_pg_add_text(values, field);
        break;
    case WP_COLUMN_INT64:
        wp_pg_add_integer(values, *(const int64_t *)field);
        break;
    case WP_COLUMN_STATE:
        wp_pg_add_integer(values, *(const enum wp_job_state *)field);
        break;
    case WP_COLUMN_MODE:
        wp_pg_add_integer(values, *(const enum wp_mode *)field);
        break;
    case WP_COLUMN_BOOLEAN:
        wp_pg_add_integer(values, *(const bool *)field);
        break;
    case WP_COLUMN_REAL:
        wp_pg_add_real(values, *(const double *)field);
        break;
    case WP_COLUMN_KINDS:
        break;
    }
}

static enum wp_status put(struct wp_store *store, const struct wp_job_record *record, struct wp_error *error)
{
    struct wp_pg *pg = pg_of(store);
    struct wp_pg_values values = {0};
    PGresult *result = NULL;
    size_t count;
    const struct wp_column *columns = wp_columns(&count);
    for (size_t i = 0; i < count; i++)
        add_field(&values, &columns[i], record);
    wp_pg_add_text(&values, pg->worker);
    enum wp_status status = run_fenced(pg, "write", wp_buf_text(&pg->put_sql), &values, &result, error);
    PQclear(result);
    return status;
}

/* False if a value is none that this version can have written. */
static bool read_field(const PGresult *result, int row, int index, const struct wp_column *column,
                       struct wp_job_record *out)
{
    void *field = (char *)out + column->offset;
    int64_t number = wp_pg_integer(result, row, index);
    switch (column->kind) {
    case WP_COLUMN_TEXT:
        return wp_text_copy(field, column->size, PQgetvalue(result, row, index));
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
        *(double *)field = wp_pg_real(result, row, index);
        return true;
    case WP_COLUMN_KINDS:
        break;
    }
    return false;
}

static enum wp_status read_row(const struct wp_pg *pg, const PGresult *result, int row,
                               struct wp_job_record *out, struct wp_error *error)
{
    size_t count;
    const struct wp_column *columns = wp_columns(&count);
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < count; i++) {
        if (!read_field(result, row, (int)i, &columns[i], out))
            return wp_fail(error, WP_OUTPUT, "store",
                           "a job record in '%s' is damaged: its column %s cannot be read", pg->link.where,
                           columns[i].name);
    }
    return WP_OK;
}

static enum wp_status find(struct wp_store *store, enum wp_lookup by, const char *value,
                           struct wp_job_record *out, bool *found, struct wp_error *error)
{
    struct wp_pg *pg = pg_of(store);
    struct wp_pg_values values = {0};
    PGresult *result = NULL;
    wp_pg_add_text(&values, value);
    enum wp_status status =
        wp_pg_run_alive(pg, "read", wp_buf_text(&pg->find_sql[by]), &values, &result, error);
    if (status == WP_OK && PQntuples(result) > 0) {
        status = read_row(pg, result, 0, out, error);
        *found = status == WP_OK;
    }
    PQclear(result);
    return status;
}

static void free_page(void *page)
{
    PQclear(page);
}

/* The next rows, read ahead. */
static enum wp_status turn_page(struct wp_pg *pg, struct wp_walk *walk, struct wp_error *error)
{
    struct wp_pg_values values = {0};
    PGresult *result = NULL;
    wp_pg_add_integer(&values, walk->created_ms);
    wp_pg_add_integer(&values, walk->rowid);
    wp_pg_add_integer(&values, PAGE_ROWS);
    PQclear(walk->page);
    enum wp_status status =
        wp_pg_run_alive(pg, "read", wp_buf_text(&pg->next_sql[walk->filter]), &values, &result, error);
    walk->page = result;
    walk->at = 0;
    return status;
}

static enum wp_status next(struct wp_store *store, struct wp_walk *walk, struct wp_job_record *out,
                           bool *found, struct wp_error *error)
{
    struct wp_pg *pg = pg_of(store);
    enum wp_status status = WP_OK;
    if (!walk->page || walk->at == PAGE_ROWS)
        status = turn_page(pg, walk, error);
    *found = status == WP_OK && walk->at < PQntuples(walk->page);
    if (!*found)
        return status;
    status = read_row(pg, walk->page, walk->at, out, error);
    walk->created_ms = out->created_ms;
    walk->rowid = wp_pg_integer(walk->page, walk->at++, PQnfields(walk->page) - 1);
    return status;
}

/* The ticket tells a lock that was taken, and the answer lost, from one that somebody has. */
static enum wp_status try_lock(struct wp_pg *pg, const char *name, bool *taken, struct wp_error *error)
{
    char ticket[17];
    PGresult *result = NULL;
    struct wp_pg_values values = {0};
    wp_random_hex(ticket, sizeof ticket);
    wp_pg_add_text(&values, pg->worker);
    wp_pg_add_text(&values, name);
    wp_pg_add_text(&values, ticket);
    enum wp_status status = run_fenced(
        pg, "lock",
        "WITH me AS (SELECT id FROM wanprep_workers WHERE id = $1::text FOR KEY SHARE),"
        " taken AS (INSERT INTO wanprep_locks (name, owner, ticket) SELECT $2::text, id, $3::text FROM me"
        " ON CONFLICT (name) DO UPDATE SET ticket = excluded.ticket"
        " WHERE wanprep_locks.ticket = excluded.ticket RETURNING 1)"
        " SELECT (SELECT count(*) FROM me), (SELECT count(*) FROM taken)",
        &values, &result, error);
    *taken = status == WP_OK && wp_pg_integer(result, 0, 1) == 1;
    PQclear(result);
    return status;
}

static enum wp_status lock(struct wp_store *store, const char *name, bool *taken, struct wp_error *error)
{
    struct wp_pg *pg = pg_of(store);
    enum wp_status status = try_lock(pg, name, taken, error);
    if (status == WP_OK && !*taken && wp_pg_bury_others(pg, &pg->link))
        status = try_lock(pg, name, taken, error);
    return status;
}

/* Where it fails the lock stays ours until the store is closed, or our lease has run out. */
static void unlock(struct wp_store *store, const char *name)
{
    struct wp_pg *pg = pg_of(store);
    PGresult *result = NULL;
    struct wp_pg_values values = {0};
    wp_pg_add_text(&values, name);
    wp_pg_add_text(&values, pg->worker);
    (void)wp_pg_run_alive(
        pg, "lock",
        "WITH gone AS (DELETE FROM wanprep_locks WHERE name = $1::text AND owner = $2::text RETURNING 1)"
        " SELECT pg_notify('wanprep', $2::text) FROM gone",
        &values, &result, NULL);
    PQclear(result);
}

/* One try. *again: another was quicker with the job that we were to get. */
static enum wp_status try_claim(struct wp_pg *pg, const struct wp_pg_values *values, char job_id[33],
                                bool *again, struct wp_error *error)
{
    PGresult *result = NULL;
    enum wp_status status = run_fenced(pg, "lock", wp_buf_text(&pg->claim_sql), values, &result, error);
    *again = false;
    job_id[0] = '\0';
    if (status == WP_OK) {
        *again = !PQgetisnull(result, 0, 1) && PQgetisnull(result, 0, 2);
        (void)wp_text_copy(job_id, 33, PQgetvalue(result, 0, 2));
    }
    PQclear(result);
    return status;
}

/* Locks the oldest job; job_id "": there is none. */
static enum wp_status claim_id(struct wp_pg *pg, char job_id[33], struct wp_error *error)
{
    char ticket[17];
    struct wp_pg_values values = {0};
    wp_random_hex(ticket, sizeof ticket);
    wp_pg_add_text(&values, pg->worker);
    wp_pg_add_text(&values, ticket);
    bool again = true;
    enum wp_status status = WP_OK;
    for (int i = 0; i < CLAIM_TRIES && again && status == WP_OK; i++)
        status = try_claim(pg, &values, job_id, &again, error);
    return status;
}

static enum wp_status claim(struct wp_store *store, struct wp_job_record *out, bool *found,
                            struct wp_error *error)
{
    struct wp_pg *pg = pg_of(store);
    char job_id[33];
    enum wp_status status = claim_id(pg, job_id, error);
    if (status == WP_OK && !job_id[0] && wp_pg_bury_others(pg, &pg->link))
        status = claim_id(pg, job_id, error);
    if (status != WP_OK || !job_id[0])
        return status;
    status = find(store, WP_LOOKUP_JOB, job_id, out, found, error);
    if (!*found)
        unlock(store, job_id);
    return status;
}

static bool wait_for_others(struct wp_store *store, int64_t ms)
{
    struct wp_pg *pg = pg_of(store);
    struct timespec end;
    (void)clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_nsec += (long)(ms % 1000) * 1000000;
    end.tv_sec += (time_t)(ms / 1000) + end.tv_nsec / 1000000000;
    end.tv_nsec %= 1000000000;
    (void)pthread_mutex_lock(&pg->news_mutex);
    int code = 0;
    while (pg->news_count == pg->news_seen && code == 0 && ms > 0)
        code = pthread_cond_timedwait(&pg->news, &pg->news_mutex, &end);
    bool news = pg->news_count != pg->news_seen;
    pg->news_seen = pg->news_count;
    (void)pthread_mutex_unlock(&pg->news_mutex);
    return news;
}

static int64_t sure_ms(struct wp_store *store)
{
    struct wp_pg *pg = pg_of(store);
    const struct wp_clock *clock = wp_clock_system();
    int64_t left = atomic_load(&pg->until_ms) - clock->boot_ms(clock->user);
    return left > 0 && !atomic_load(&pg->buried) ? left : 0;
}

const struct wp_store_ops wp_pg_ops = {
    .close = close_store,
    .put = put,
    .find = find,
    .next = next,
    .page_free = free_page,
    .lock = lock,
    .unlock = unlock,
    .claim = claim,
    .wait = wait_for_others,
    .sure_ms = sure_ms,
    .limiter = wp_pg_limiter,
};
