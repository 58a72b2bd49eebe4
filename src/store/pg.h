/*
 * The PostgreSQL backend.
 *
 * Every open store is a worker: a row in wanprep_workers that a thread with a connection of its own renews.
 * Locks are rows in wanprep_locks that go with their worker's row. A worker whose row has run out is buried
 * by others: they delete it, and its locks with it. So a worker that finds its row gone knows that its jobs
 * may be in other hands, and every put is made only if the row is there, in one transaction with it.
 */
#ifndef WP_STORE_PG_H
#define WP_STORE_PG_H

#include <pthread.h>
#include <stdatomic.h>

#include "store/backend.h"
#include "store/pg_link.h"

/* How long a worker is believed to be alive after it was heard of; how often it is; and what is left of it
 * for clocks that run unlike. All of a create (60 s) fits between two beats. */
#define WP_PG_LEASE_MS  90000
#define WP_PG_BEAT_MS   10000
#define WP_PG_MARGIN_MS 5000

struct wp_pg {
    struct wp_store store;  /* first */
    struct wp_pg_link link; /* under the store's mutex */
    struct wp_buf put_sql, claim_sql, find_sql[WP_LOOKUPS], next_sql[WP_STORE_SUBMITTING + 1];
    char worker[33];
    atomic_bool buried;       /* others may have our locks */
    _Atomic int64_t until_ms; /* our locks are surely ours; boot_ms */

    /* The thread. */
    struct wp_pg_link beat_link;
    pthread_t thread;
    bool started;
    int wake[2]; /* a pipe: it ends when this is closed */
    pthread_mutex_t news_mutex;
    pthread_cond_t news;
    uint64_t news_count, news_seen; /* notifications of others */
};

extern const struct wp_dialect wp_pg_dialect;

extern const struct wp_store_ops wp_pg_ops;

/* Runs a statement for a worker that is alive, as far as it knows; see wp_pg_run(). */
enum wp_status wp_pg_run_alive(struct wp_pg *pg, const char *verb, const char *sql,
                               const struct wp_pg_values *values, PGresult **out, struct wp_error *error);

/* pg_limits.c */
enum wp_status wp_pg_limiter(struct wp_store *store, struct wp_limiter **out, const char *account,
                             const struct wp_log *log, struct wp_error *error);

/* pg_worker.c: makes our row, and starts and ends the thread. */
enum wp_status wp_pg_worker_start(struct wp_pg *pg, struct wp_error *error);
void wp_pg_worker_stop(struct wp_pg *pg);

/* Deletes the rows of workers that have run out; their locks go with them. Whether there were any. */
bool wp_pg_bury_others(struct wp_pg *pg, struct wp_pg_link *link);

/* Notes that we were buried, and fails. */
enum wp_status wp_pg_fail_buried(struct wp_pg *pg, struct wp_error *error);

#endif
