/* Opening a PostgreSQL store: its tables, and its statements. */
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/number.h"
#include "base/random.h"
#include "store/pg.h"

#include "base/banned.h"

#define SQL_CEILING     16384
#define WP_SCHEMA_FIRST 2 /* that PostgreSQL was given */

const struct wp_dialect wp_pg_dialect = {
    .jobs = "wanprep_jobs",
    .types = {[WP_COLUMN_TEXT] = "TEXT",
              [WP_COLUMN_INT64] = "BIGINT",
              [WP_COLUMN_STATE] = "BIGINT",
              [WP_COLUMN_MODE] = "BIGINT",
              [WP_COLUMN_BOOLEAN] = "BIGINT",
              [WP_COLUMN_REAL] = "DOUBLE PRECISION"},
    .typed = true,
    .row_number = "rowid BIGINT GENERATED ALWAYS AS IDENTITY, ",
    .table_end = "",
};

/* The tables beside that of the jobs. The buckets are worth nothing after a crash, and are not synced. */
static const char first_tables[] =
    "CREATE TABLE wanprep_workers (id TEXT PRIMARY KEY, name TEXT NOT NULL, alive_until TIMESTAMPTZ NOT "
    "NULL);"
    "CREATE TABLE wanprep_locks (name TEXT PRIMARY KEY,"
    " owner TEXT NOT NULL REFERENCES wanprep_workers ON DELETE CASCADE, ticket TEXT NOT NULL);"
    "CREATE INDEX wanprep_locks_owner ON wanprep_locks (owner);"
    "CREATE UNLOGGED TABLE wanprep_limits (account TEXT NOT NULL, call BIGINT NOT NULL, full_us BIGINT NOT "
    "NULL,"
    " PRIMARY KEY (account, call));";

/* One step of several, all in one transaction: none is tried again. */
static enum wp_status run_step(struct wp_pg_link *link, const char *sql, PGresult **out,
                               struct wp_error *error)
{
    bool passing;
    PQclear(*out);
    return wp_pg_run_once(link, "prepare", sql, NULL, out, &passing, error);
}

/* Results of statements without parameters come as text. */
static enum wp_status read_version(const struct wp_pg_link *link, const PGresult *result, int *version,
                                   struct wp_error *error)
{
    uint64_t number = 0;
    if (PQntuples(result) != 1 ||
        !wp_parse_u64(&number, PQgetvalue(result, 0, 0), WP_SCHEMA_FIRST, WP_SCHEMA_VERSION))
        return wp_fail(error, WP_OUTPUT, "store",
                       "the job records in '%s' have the layout %s of another wanprep (this one knows %d to "
                       "%d); use that version or another database",
                       link->where, PQntuples(result) == 1 ? PQgetvalue(result, 0, 0) : "?", WP_SCHEMA_FIRST,
                       WP_SCHEMA_VERSION);
    *version = (int)number;
    return WP_OK;
}

static enum wp_status write_steps(struct wp_pg_link *link, int from, PGresult **result,
                                  struct wp_error *error)
{
    struct wp_buf sql = wp_buf_new(SQL_CEILING);
    for (int version = from + 1; version <= WP_SCHEMA_VERSION; version++)
        wp_columns_write_step(&sql, &wp_pg_dialect, version);
    if (from == 0)
        (void)wp_buf_add_format(&sql, "%sINSERT INTO wanprep_schema VALUES (0);", first_tables);
    (void)wp_buf_add_format(&sql, "UPDATE wanprep_schema SET version = %d", WP_SCHEMA_VERSION);
    enum wp_status status =
        sql.failed ? wp_fail_nomem(error, "store") : run_step(link, wp_buf_text(&sql), result, error);
    wp_buf_free(&sql);
    return status;
}

static enum wp_status migrate(struct wp_pg_link *link, PGresult **result, struct wp_error *error)
{
    int version = 0;
    /* Of two that find an old layout one renews it, and the other waits and sees it new. */
    enum wp_status status =
        run_step(link, "SELECT pg_advisory_xact_lock(hashtext('wanprep schema'))", result, error);
    if (status == WP_OK)
        status = run_step(link, "SELECT to_regclass('wanprep_schema')", result, error);
    if (status != WP_OK)
        return status;
    if (PQgetisnull(*result, 0, 0)) {
        status = run_step(link, "CREATE TABLE wanprep_schema (version INTEGER NOT NULL)", result, error);
    } else {
        status = run_step(link, "SELECT version FROM wanprep_schema", result, error);
        if (status == WP_OK)
            status = read_version(link, *result, &version, error);
    }
    return status == WP_OK && version < WP_SCHEMA_VERSION ? write_steps(link, version, result, error)
                                                          : status;
}

static enum wp_status prepare_schema(struct wp_pg_link *link, struct wp_error *error)
{
    PGresult *result = NULL;
    enum wp_status status = run_step(link, "BEGIN", &result, error);
    if (status == WP_OK)
        status = migrate(link, &result, error);
    if (status == WP_OK)
        status = run_step(link, "COMMIT", &result, error);
    PQclear(result);
    return status; /* closing the link rolls back what was not committed */
}

/* Our row, if it is still there, and kept from burial until the statement is over. */
#define ME "WITH me AS (SELECT id FROM wanprep_workers WHERE id = $%d::text FOR KEY SHARE)"

static bool write_put(struct wp_buf *sql)
{
    struct wp_buf upsert = wp_buf_new(SQL_CEILING);
    size_t count;
    (void)wp_columns(&count);
    wp_columns_write_put(&upsert, &wp_pg_dialect, "FROM me");
    *sql = wp_buf_new(SQL_CEILING);
    (void)wp_buf_add_format(sql,
                            ME ", done AS (%s RETURNING 1)"
                               " SELECT (SELECT count(*) FROM me), pg_notify('wanprep', $%d::text)",
                            (int)count + 1, wp_buf_text(&upsert), (int)count + 1);
    bool ok = upsert.failed == WP_OK && sql->failed == WP_OK;
    wp_buf_free(&upsert);
    return ok;
}

/*
 * The oldest job that nobody holds is locked against others who look at the same time (they skip it), and
 * gets its row in wanprep_locks. Who has looked before that row was there, and locks the job after, finds it
 * taken: then there is a job, but no lock. Or the lock is had already: by an earlier try whose answer was
 * lost.
 */
static bool write_claim(struct wp_buf *sql)
{
    *sql = wp_buf_new(SQL_CEILING);
    (void)wp_buf_add_format(sql,
                            ME ", mine AS (SELECT name FROM wanprep_locks WHERE ticket = $2::text),"
                               " job AS (SELECT job_id FROM %s AS j WHERE ",
                            1, wp_pg_dialect.jobs);
    wp_columns_write_filter(sql, WP_STORE_UNFINISHED);
    (void)wp_buf_add_format(
        sql,
        " AND state <> %d AND NOT EXISTS (SELECT 1 FROM wanprep_locks WHERE name = j.job_id)"
        " AND NOT EXISTS (SELECT 1 FROM mine)"
        " ORDER BY created_ms, rowid LIMIT 1 FOR UPDATE OF j SKIP LOCKED),"
        " taken AS (INSERT INTO wanprep_locks (name, owner, ticket)"
        " SELECT job_id, me.id, $2::text FROM job, me ON CONFLICT (name) DO NOTHING RETURNING name)"
        " SELECT (SELECT count(*) FROM me), (SELECT job_id FROM job),"
        " COALESCE((SELECT name FROM mine), (SELECT name FROM taken))",
        WP_JOB_UNCERTAIN);
    return sql->failed == WP_OK;
}

static enum wp_status write_statements(struct wp_pg *pg, struct wp_error *error)
{
    bool ok = write_put(&pg->put_sql) && write_claim(&pg->claim_sql);
    for (int i = 0; i < WP_LOOKUPS; i++) {
        pg->find_sql[i] = wp_buf_new(SQL_CEILING);
        wp_columns_write_find(&pg->find_sql[i], &wp_pg_dialect, (enum wp_lookup)i);
        ok = ok && pg->find_sql[i].failed == WP_OK;
    }
    for (int i = 0; i <= WP_STORE_SUBMITTING; i++) {
        pg->next_sql[i] = wp_buf_new(SQL_CEILING);
        wp_columns_write_next(&pg->next_sql[i], &wp_pg_dialect, (enum wp_store_filter)i);
        ok = ok && pg->next_sql[i].failed == WP_OK;
    }
    return ok ? WP_OK : wp_fail_nomem(error, "store");
}

static void make_news(struct wp_pg *pg)
{
    pthread_condattr_t monotonic;
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&pg->news, &monotonic);
    (void)pthread_mutex_init(&pg->news_mutex, NULL);
    (void)pthread_condattr_destroy(&monotonic);
}

/* A number for the link, see pg_link.h. */
static int64_t random_session(void)
{
    return 1 + ((int64_t)wp_random_below(1U << 30) << 30 | (int64_t)wp_random_below(1U << 30));
}

enum wp_status wp_pg_open(struct wp_store **out, const char *url, struct wp_error *error)
{
    struct wp_pg *pg = wp_calloc(1, sizeof *pg);
    if (!pg)
        return wp_fail_nomem(error, "store");
    pg->store.ops = &wp_pg_ops;
    make_news(pg);
    wp_random_hex(pg->worker, sizeof pg->worker);
    pg->link.session = random_session();
    enum wp_status status = write_statements(pg, error);
    if (status == WP_OK)
        status = wp_pg_link_open(&pg->link, url, error);
    if (status == WP_OK)
        status = prepare_schema(&pg->link, error);
    if (status == WP_OK)
        status = wp_pg_worker_start(pg, error);
    if (status != WP_OK) {
        pg->store.ops->close(&pg->store);
        return status;
    }
    *out = &pg->store;
    return WP_OK;
}
