/*
 * The contract of a store, kept by the PostgreSQL backend against a real server (tests/postgres.sh starts
 * it); and what is its own: workers that are stopped, connections that are lost, passwords that are not told.
 */
#include "unit/store/contract.h"

#include <libpq-fe.h>

#include "base/clock.h"
#include "store/pg.h"

#include "base/banned.h"

/* A connection beside the store's, for looking and meddling. */
static PGconn *side;
static unsigned schemas;

static void tell(const char *sql)
{
    PGresult *result = PQexec(side, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(side));
    PQclear(result);
}

/* The first field of the first row, as a number; -1: there is none. */
static long ask(const char *sql)
{
    PGresult *result = PQexec(side, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(side));
    long number = PQntuples(result) > 0 ? strtol(PQgetvalue(result, 0, 0), NULL, 10) : -1;
    PQclear(result);
    return number;
}

/* Every test has a schema of its own. */
static int contract_new(void)
{
    const char *url = getenv("WANPREP_TEST_POSTGRES");
    char sql[128];
    if (!url) {
        print_error("run this through tests/postgres.sh\n");
        return -1;
    }
    side = PQconnectdb(url);
    if (PQstatus(side) != CONNECTION_OK) {
        print_error("%s", PQerrorMessage(side));
        return -1;
    }
    (void)wp_text_format(sql, sizeof sql,
                         "SET client_min_messages = error; CREATE SCHEMA test%u; SET search_path = test%u",
                         schemas, schemas);
    tell(sql);
    return wp_text_format(contract.location, sizeof contract.location, "%s?options=-csearch_path%%3Dtest%u",
                          url, schemas++)
               ? 0
               : -1;
}

static int contract_end(void)
{
    char sql[64];
    (void)wp_text_format(sql, sizeof sql, "DROP SCHEMA test%u CASCADE", schemas - 1);
    tell(sql);
    PQfinish(side);
    return 0;
}

/* The leases of all who are there now run out. Who lives renews it with the next beat, if it was not buried.
 */
static void let_leases_run_out(void)
{
    tell("UPDATE wanprep_workers SET alive_until = clock_timestamp() - interval '1 second'");
}

/* The dead are those whose connection is gone. */
static void contract_mourn(void)
{
    tell("UPDATE wanprep_workers SET alive_until = clock_timestamp() - interval '1 second' WHERE id ="
         " (SELECT owner FROM wanprep_locks)");
}

/* A child that does as it is told by single letters, and answers each with the status. */
enum { CHILD_ID = 7 };

static int worker_does(struct wp_store *store, char order)
{
    struct wp_job_record record;
    struct wp_lock lock;
    bool found = false;
    enum wp_status status = WP_INTERNAL;
    switch (order) {
    case 'c': /* claim, and keep the lock */
        status = wp_store_claim(store, &record, &lock, &found, NULL);
        return found ? 100 : (int)status;
    case 'p': /* put what it has claimed as done */
        record = full_record();
        number_id(record.job_id, CHILD_ID);
        record.task_id[0] = '\0';
        record.state = WP_JOB_DONE;
        return (int)wp_store_put(store, &record, NULL);
    case 'f':
        return (int)wp_store_find_job(store, "1", &record, &found, NULL);
    case 's':
        return wp_store_sure_ms(store) > 0;
    default:
        return -1;
    }
}

static int orders[2];

static bool obey(int to_parent)
{
    struct wp_store *store = NULL; /* opened with the first order */
    char order;
    while (read(orders[0], &order, 1) == 1 && order != 'q') {
        if (!store)
            store = open_store();
        int answer = worker_does(store, order);
        if (write(to_parent, &answer, sizeof answer) != sizeof answer)
            return false;
    }
    wp_store_close(store);
    return true;
}

static struct child hire(void)
{
    assert_int_equal(pipe(orders), 0);
    return child_start(obey);
}

static void give(char order)
{
    assert_int_equal(write(orders[1], &order, 1), 1);
}

static int hear_from(const struct child *child)
{
    int answer = -1;
    assert_int_equal(read(child->from, &answer, sizeof answer), sizeof answer);
    return answer;
}

static void dismiss(struct child *child)
{
    give('q');
    child_wait(child);
    (void)close(orders[0]);
    (void)close(orders[1]);
}

static void test_a_worker_that_was_stopped_is_fenced(void **state)
{
    (void)state;
    struct child child = hire(); /* while there are no threads: see contract.h */
    struct wp_store *store = open_store();
    put_number(store, CHILD_ID, WP_JOB_SUBMITTING);
    struct wp_job_record record;
    struct wp_lock lock;
    bool found = true;
    give('c');
    assert_int_equal(hear_from(&child), 100);
    give('s');
    assert_int_equal(hear_from(&child), 1);
    assert_false(claim(store, &record, &lock));

    assert_int_equal(kill(child.pid, SIGSTOP), 0);
    let_leases_run_out();
    assert_true(claim(store, &record, &lock)); /* its job is taken over */
    assert_true(has_id(&record, CHILD_ID));
    record.state = WP_JOB_SUBMITTED;
    assert_int_equal(wp_store_put(store, &record, NULL), WP_OK);
    assert_int_equal(kill(child.pid, SIGCONT), 0);

    give('p');
    assert_int_equal(hear_from(&child), WP_OUTPUT);
    give('f'); /* dead for good */
    assert_int_equal(hear_from(&child), WP_OUTPUT);
    give('c');
    assert_int_equal(hear_from(&child), WP_OUTPUT);
    give('s');
    assert_int_equal(hear_from(&child), 0);
    dismiss(&child);
    assert_int_equal(wp_store_find_job(store, record.job_id, &record, &found, NULL), WP_OK);
    assert_int_equal(record.state, WP_JOB_SUBMITTED); /* what the dead one said was not heard */
    wp_store_unlock(&lock);
    wp_store_close(store);
}

/* Who was late, but whose locks nobody wanted, goes on: a laptop that slept alone. */
static void test_a_late_worker_that_nobody_buried_goes_on(void **state)
{
    (void)state;
    struct wp_store *store = open_store();
    struct wp_lock lock;
    assert_true(try_lock(store, &lock, NAME));
    let_leases_run_out();
    put_number(store, 1, WP_JOB_PLANNED);
    struct wp_lock again;
    assert_false(try_lock(store, &again, NAME));
    wp_store_unlock(&lock);
    wp_store_close(store);
}

static void test_heartbeats(void **state)
{
    (void)state;
    struct wp_store *store = open_store();
    const struct wp_clock *clock = wp_clock_system();
    assert_int_equal(ask("SELECT count(*) FROM wanprep_workers WHERE alive_until > clock_timestamp()"
                         " + interval '60 seconds'"),
                     1);
    int64_t sure = wp_store_sure_ms(store);
    assert_in_range(sure, 60001, WP_PG_LEASE_MS);
    let_leases_run_out();
    /* The next beat is due within ten seconds. */
    int waited = 0;
    while (ask("SELECT count(*) FROM wanprep_workers WHERE alive_until > clock_timestamp()") == 0) {
        assert_true(waited++ < 600);
        clock->sleep_ms(clock->user, 100);
    }
    assert_true(wp_store_sure_ms(store) > 60000);
    wp_store_close(store);
    assert_int_equal(ask("SELECT count(*) FROM wanprep_workers"), 0);
}

/* As the server of a database that is restarted does. */
static void cut_connections(void)
{
    tell("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'wanprep'"
         " AND pid <> pg_backend_pid()");
}

static void test_a_lost_connection_is_made_anew(void **state)
{
    (void)state;
    struct wp_store *store = open_store();
    struct wp_job_record record;
    struct wp_lock lock, again;
    assert_true(try_lock(store, &lock, NAME));
    put_number(store, 1, WP_JOB_PLANNED);
    cut_connections();
    put_number(store, 2, WP_JOB_PLANNED);
    cut_connections();
    assert_int_equal(see_all(store, WP_STORE_ALL).count, 2);
    cut_connections();
    assert_false(try_lock(store, &again, NAME)); /* locks do not go with the connection */
    cut_connections();
    assert_true(claim(store, &record, &again));
    cut_connections();
    wp_store_unlock(&again);
    wp_store_unlock(&lock);
    assert_int_equal(ask("SELECT count(*) FROM wanprep_locks"), 0);
    assert_true(wp_store_sure_ms(store) > 0);
    wp_store_close(store);
}

static void test_a_walk_over_a_lost_connection(void **state)
{
    (void)state;
    struct wp_store *store = open_store();
    for (unsigned i = 0; i < 250; i++)
        put_number(store, i, WP_JOB_DONE);
    struct wp_walk walk = wp_walk_new(WP_STORE_ALL);
    struct wp_job_record record;
    bool found = true;
    unsigned count = 0;
    for (; found; count++) {
        assert_int_equal(store->ops->next(store, &walk, &record, &found, NULL), WP_OK);
        if (count % 90 == 50)
            cut_connections();
    }
    assert_int_equal(count, 251);
    store->ops->page_free(walk.page);
    wp_store_close(store);
}

/* A statement that is still on its way on a connection that was given up must not be carried out later. */
static void test_an_old_connection_ends_before_a_new_one_is_used(void **state)
{
    (void)state;
    struct wp_store *store = open_store();
    struct wp_pg *pg = (struct wp_pg *)store;
    put_number(store, 1, WP_JOB_PLANNED);
    int old = PQbackendPID(pg->link.conn);
    tell("BEGIN; SELECT 1 FROM wanprep_jobs FOR UPDATE"); /* in the way of puts */
    PQsendQuery(pg->link.conn, "UPDATE wanprep_jobs SET task_id = 'late'");
    PGconn *given_up = pg->link.conn;
    pg->link.conn = NULL; /* as if its answer had not come in time */
    char sql[128];
    struct wp_job_record record;
    bool found = false;
    char id[33];
    number_id(id, 1);
    assert_int_equal(wp_store_find_job(store, id, &record, &found, NULL), WP_OK);
    (void)wp_text_format(sql, sizeof sql, "SELECT count(*) FROM pg_stat_activity WHERE pid = %d", old);
    assert_int_equal(ask(sql), 0);
    tell("COMMIT");
    assert_int_equal(ask("SELECT count(*) FROM wanprep_jobs WHERE task_id = 'late'"), 0);
    PQfinish(given_up);
    wp_store_close(store);
}

static void test_a_server_that_is_not_there(void **state)
{
    (void)state;
    struct wp_store *store = NULL;
    struct wp_error error = {0};
    static const char *const urls[] = {
        "postgresql://someone:hidden-word@127.0.0.1:1/nowhere",
        "postgres://someone:hidden-word@127.0.0.1:99999/nowhere",
        "postgresql://someone:hidden-word@127.0.0.1:%zz/nowhere",
        "postgresql://someone:hidden-word@[::1/nowhere",
        "postgresql://someone:hidden-word@127.0.0.1/x?bad=1",
    };
    for (size_t i = 0; i < COUNT(urls); i++) {
        assert_int_equal(wp_store_open(&store, urls[i], &error), WP_OUTPUT);
        assert_null(store);
        assert_true(strlen(error.message) > 20);
        assert_null(strstr(error.message, "hidden-word"));
    }
}

static void test_a_wrong_password_is_not_told(void **state)
{
    (void)state;
    struct wp_store *store = NULL;
    struct wp_error error = {0};
    char url[sizeof contract.location];
    (void)wp_text_copy(url, sizeof url, contract.location);
    char *password = strstr(url, "secret");
    assert_non_null(password);
    memcpy(password, "hidden", 6);
    assert_int_equal(wp_store_open(&store, url, &error), WP_OUTPUT);
    assert_null(strstr(error.message, "hidden"));
    assert_non_null(strstr(error.message, "127.0.0.1"));
}

static void test_another_layout_is_refused(void **state)
{
    (void)state;
    wp_store_close(open_store());
    struct wp_store *store = NULL;
    struct wp_error error = {0};
    static const char *const versions[] = {"1", "3", "-7", "2000000000"};
    for (size_t i = 0; i < COUNT(versions); i++) {
        char sql[128];
        (void)wp_text_format(sql, sizeof sql, "UPDATE wanprep_schema SET version = %s", versions[i]);
        tell(sql);
        assert_int_equal(wp_store_open(&store, contract.location, &error), WP_OUTPUT);
        assert_non_null(strstr(error.message, versions[i]));
    }
    tell("DELETE FROM wanprep_schema");
    assert_int_equal(wp_store_open(&store, contract.location, &error), WP_OUTPUT);
    tell("INSERT INTO wanprep_schema VALUES (2)");
    wp_store_close(open_store());
}

static void test_a_damaged_record(void **state)
{
    (void)state;
    struct wp_store *store = open_store();
    struct wp_job_record record;
    struct wp_error error = {0};
    char id[33];
    bool found = true;
    number_id(id, 1);
    put_number(store, 1, WP_JOB_PLANNED);
    tell("UPDATE wanprep_jobs SET state = 77");
    assert_int_equal(wp_store_find_job(store, id, &record, &found, &error), WP_OUTPUT);
    assert_false(found);
    assert_non_null(strstr(error.message, "state"));
    tell("UPDATE wanprep_jobs SET state = 1, key = repeat('x', 1000)");
    assert_int_equal(wp_store_find_job(store, id, &record, &found, &error), WP_OUTPUT);
    assert_non_null(strstr(error.message, "key"));
    wp_store_close(store);
}

static void test_bytes_that_are_no_text(void **state)
{
    (void)state;
    struct wp_store *store = open_store();
    struct wp_job_record record = full_record();
    struct wp_error error = {0};
    (void)wp_text_copy(record.image, sizeof record.image, "/in/\xff.jpg");
    assert_int_equal(wp_store_put(store, &record, &error), WP_OUTPUT);
    assert_non_null(strstr(error.message, "UTF8"));
    record = full_record();
    assert_int_equal(wp_store_put(store, &record, NULL), WP_OK);
    wp_store_close(store);
}

static struct wp_limiter *limiter_of(struct wp_store *store, const char *account)
{
    struct wp_limiter *limiter = NULL;
    assert_int_equal(wp_store_limiter(store, &limiter, account, NULL, NULL), WP_OK);
    assert_non_null(limiter);
    return limiter;
}

static void test_workers_share_the_rates(void **state)
{
    (void)state;
    const struct wp_clock *clock = wp_clock_system();
    struct wp_store *store = open_store(), *another = open_store();
    struct wp_limiter *first = limiter_of(store, "abcd"), *second = limiter_of(another, "abcd"),
                      *other = limiter_of(another, "ef");
    assert_int_equal(wp_limiter_take(first, WP_LIMIT_CREATE, clock), 0);
    wp_limiter_slow(first, WP_LIMIT_CREATE, 50000, clock);
    assert_in_range(wp_limiter_take(second, WP_LIMIT_CREATE, clock), 1, 50000);
    assert_int_equal(wp_limiter_take(other, WP_LIMIT_CREATE, clock), 0);
    assert_int_equal(wp_limiter_take(second, WP_LIMIT_QUERY, clock), 0);
    cut_connections();
    assert_in_range(wp_limiter_take(first, WP_LIMIT_CREATE, clock), 1, 50000);
    wp_limiter_free(first);
    wp_limiter_free(second);
    wp_limiter_free(other);
    wp_store_close(another);
    wp_store_close(store);
}

static bool take_some(int to_parent)
{
    struct wp_store *store = open_store();
    struct wp_limiter *limiter = limiter_of(store, "shared");
    int64_t taken = 0;
    for (int i = 0; i < 200; i++)
        taken += wp_limiter_take(limiter, WP_LIMIT_CREATE, wp_clock_system()) == 0;
    wp_limiter_free(limiter);
    wp_store_close(store);
    return write(to_parent, &taken, sizeof taken) == sizeof taken;
}

static void test_processes_take_each_token_once(void **state)
{
    (void)state;
    wp_store_close(open_store());
    struct child children[4];
    int64_t all = 0, begin = wp_clock_now_us();
    for (size_t i = 0; i < COUNT(children); i++)
        children[i] = child_start(take_some);
    for (size_t i = 0; i < COUNT(children); i++) {
        int64_t taken = 0;
        assert_int_equal(read(children[i].from, &taken, sizeof taken), sizeof taken);
        child_wait(&children[i]);
        all += taken;
    }
    struct wp_bucket bucket = wp_limit_bucket(WP_LIMIT_CREATE);
    assert_in_range(all, 1, (uint64_t)((wp_clock_now_us() - begin) / bucket.interval_us + bucket.burst));
}

static void test_filters_use_their_indexes(void **state)
{
    (void)state;
    static const char *const indexes[] = {"wanprep_jobs_all", "wanprep_jobs_unfinished",
                                          "wanprep_jobs_submitting"};
    wp_store_close(open_store());
    tell("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan");
    for (int filter = 0; filter <= WP_STORE_SUBMITTING; filter++) {
        struct wp_buf sql = wp_buf_new(16384), plan = wp_buf_new(65536);
        (void)wp_buf_add_text(&sql, "PREPARE walk AS ");
        wp_columns_write_next(&sql, &wp_pg_dialect, (enum wp_store_filter)filter);
        tell(wp_buf_text(&sql));
        PGresult *result = PQexec(side, "EXPLAIN EXECUTE walk(1, 1, 1)");
        for (int row = 0; row < PQntuples(result); row++)
            (void)wp_buf_add_text(&plan, PQgetvalue(result, row, 0));
        if (!strstr(wp_buf_text(&plan), indexes[filter]))
            fail_msg("%s", wp_buf_text(&plan));
        PQclear(result);
        tell("DEALLOCATE walk");
        wp_buf_free(&plan);
        wp_buf_free(&sql);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT_TESTS,
        CONTRACT(test_a_worker_that_was_stopped_is_fenced),
        CONTRACT(test_a_late_worker_that_nobody_buried_goes_on),
        CONTRACT(test_heartbeats),
        CONTRACT(test_a_lost_connection_is_made_anew),
        CONTRACT(test_a_walk_over_a_lost_connection),
        CONTRACT(test_an_old_connection_ends_before_a_new_one_is_used),
        CONTRACT(test_a_server_that_is_not_there),
        CONTRACT(test_a_wrong_password_is_not_told),
        CONTRACT(test_another_layout_is_refused),
        CONTRACT(test_a_damaged_record),
        CONTRACT(test_bytes_that_are_no_text),
        CONTRACT(test_workers_share_the_rates),
        CONTRACT(test_processes_take_each_token_once),
        CONTRACT(test_filters_use_their_indexes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
