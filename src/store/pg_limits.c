/* Buckets in the database, by its clock: one row for each account and call. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/sha256.h"
#include "base/text.h"
#include "store/buckets.h"
#include "store/pg.h"

#include "base/banned.h"

struct pg_buckets {
    struct wp_pg *pg;
    wp_sha256_hex account;
};

static bool run(const struct pg_buckets *buckets, const char *sql, const struct wp_pg_values *values,
                PGresult **out)
{
    (void)pthread_mutex_lock(&buckets->pg->store.mutex);
    enum wp_status status = wp_pg_run_alive(buckets->pg, "read", sql, values, out, NULL);
    (void)pthread_mutex_unlock(&buckets->pg->store.mutex);
    return status == WP_OK;
}

static bool load(void *user, enum wp_limit limit, const struct wp_clock *clock, int64_t *full_us,
                 int64_t *now_us)
{
    (void)clock;
    const struct pg_buckets *buckets = user;
    PGresult *result = NULL;
    struct wp_pg_values values = {0};
    wp_pg_add_text(&values, buckets->account);
    wp_pg_add_integer(&values, limit);
    bool ok =
        run(buckets,
            "SELECT (SELECT full_us FROM wanprep_limits WHERE account = $1::text AND call = $2::bigint),"
            " (extract(epoch FROM clock_timestamp()) * 1000000)::bigint",
            &values, &result);
    if (ok) {
        *full_us = wp_pg_integer(result, 0, 0); /* 0 where there is no row yet: full */
        *now_us = wp_pg_integer(result, 0, 1);
    }
    PQclear(result);
    return ok;
}

static bool swap(void *user, enum wp_limit limit, int64_t from_us, int64_t to_us, bool *kept)
{
    const struct pg_buckets *buckets = user;
    PGresult *result = NULL;
    struct wp_pg_values values = {0};
    wp_pg_add_text(&values, buckets->account);
    wp_pg_add_integer(&values, limit);
    wp_pg_add_integer(&values, from_us);
    wp_pg_add_integer(&values, to_us);
    bool ok = run(buckets,
                  "INSERT INTO wanprep_limits (account, call, full_us)"
                  " VALUES ($1::text, $2::bigint, $4::bigint) ON CONFLICT (account, call)"
                  " DO UPDATE SET full_us = $4::bigint WHERE wanprep_limits.full_us = $3::bigint RETURNING 1",
                  &values, &result);
    *kept = ok && PQntuples(result) == 1;
    PQclear(result);
    return ok;
}

static void free_buckets(void *user)
{
    wp_free(user);
}

static const struct wp_buckets_ops ops = {.load = load, .swap = swap, .free = free_buckets};

enum wp_status wp_pg_limiter(struct wp_store *store, struct wp_limiter **out, const char *account,
                             const struct wp_log *log, struct wp_error *error)
{
    struct pg_buckets *buckets = wp_calloc(1, sizeof *buckets);
    if (!buckets)
        return wp_fail_nomem(error, "limiter");
    buckets->pg = (struct wp_pg *)store;
    (void)wp_text_copy(buckets->account, sizeof buckets->account, account);
    return wp_limiter_new(out, &ops, buckets, log, error);
}
