#include "store/pg_link.h"

#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"

#include "base/banned.h"

#define CONNECT_TIMEOUT_S "10"
#define STATEMENT_MS      15000 /* no answer in this time: the connection is as good as lost */
#define RETRY_MS          30000 /* begins no further try after this */
#define PAUSE_MS          100
#define PAUSE_MAX_MS      2000

/* A put that returned is on disk, whatever the database's own settings are. The server gives up what we have
 * given up, and notices within a minute when we are gone. */
static const char settings[] = "SET synchronous_commit = on; SET statement_timeout = 20000;"
                               "SET client_min_messages = error; SET tcp_keepalives_idle = 20;"
                               "SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3";

static void add(struct wp_pg_values *values, const char *bytes, int length, int format)
{
    assert(values->count < WP_PG_VALUES);
    values->values[values->count] = bytes;
    values->lengths[values->count] = length;
    values->formats[values->count++] = format;
}

void wp_pg_add_text(struct wp_pg_values *values, const char *text)
{
    add(values, text, 0, 0);
}

void wp_pg_add_integer(struct wp_pg_values *values, int64_t number)
{
    unsigned char *bytes = values->numbers[values->count];
    uint64_t wire = htobe64((uint64_t)number);
    memcpy(bytes, &wire, sizeof wire);
    add(values, (const char *)bytes, sizeof wire, 1);
}

void wp_pg_add_real(struct wp_pg_values *values, double number)
{
    int64_t bits;
    memcpy(&bits, &number, sizeof bits);
    wp_pg_add_integer(values, bits);
}

int64_t wp_pg_integer(const PGresult *result, int row, int column)
{
    uint64_t wire = 0;
    if (PQgetlength(result, row, column) == (int)sizeof wire)
        memcpy(&wire, PQgetvalue(result, row, column), sizeof wire);
    return (int64_t)be64toh(wire);
}

double wp_pg_real(const PGresult *result, int row, int column)
{
    int64_t bits = wp_pg_integer(result, row, column);
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static const char *option(const PQconninfoOption *options, const char *name)
{
    for (; options->keyword; options++) {
        if (strcmp(options->keyword, name) == 0)
            return options->val ? options->val : "";
    }
    return "";
}

/* libpq's own words about a URL that it cannot read would repeat the password. */
static enum wp_status name_place(struct wp_pg_link *link, struct wp_error *error)
{
    char *words = NULL;
    PQconninfoOption *options = PQconninfoParse(link->url, &words);
    PQfreemem(words);
    if (!options)
        return wp_fail(error, WP_OUTPUT, "store",
                       "the URL of the job records cannot be read: it should look like "
                       "postgresql://user@host:5432/database, with reserved characters as %%xx");
    const char *port = option(options, "port");
    (void)wp_text_format(link->where, sizeof link->where, "postgresql://%s%s%s/%s", option(options, "host"),
                         port[0] ? ":" : "", port, option(options, "dbname"));
    PQconninfoFree(options);
    return WP_OK;
}

static enum wp_status run_and_forget(struct wp_pg_link *link, const char *sql,
                                     const struct wp_pg_values *values, struct wp_error *error)
{
    PGresult *result = NULL;
    bool passing;
    enum wp_status status = wp_pg_run_once(link, "open", sql, values, &result, &passing, error);
    PQclear(result);
    return status;
}

/* The lock is the server's own, and ends with the connection that holds it. */
static enum wp_status begin_session(struct wp_pg_link *link, struct wp_error *error)
{
    PGresult *result = NULL;
    bool passing;
    struct wp_pg_values values = {0};
    wp_pg_add_integer(&values, link->session);
    enum wp_status status = wp_pg_run_once(
        link, "open", "SELECT CASE WHEN pg_try_advisory_lock($1) THEN 1::bigint ELSE 0::bigint END", &values,
        &result, &passing, error);
    bool ours = status == WP_OK && wp_pg_integer(result, 0, 0) == 1;
    PQclear(result);
    if (status != WP_OK || ours)
        return status;
    status = run_and_forget(link,
                            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                            " AND (classid::bigint << 32 | objid::bigint) = $1 AND objsubid = 1 AND granted",
                            &values, error);
    return status != WP_OK ? status
                           : wp_fail(error, WP_OUTPUT, "store",
                                     "an earlier connection to '%s' has not ended yet", link->where);
}

/* libpq would print what the server remarks. */
static void ignore_notice(void *user, const char *message)
{
    (void)user;
    (void)message;
}

static enum wp_status connect_now(struct wp_pg_link *link, struct wp_error *error)
{
    /* What stands before the URL it may override. */
    const char *const names[] = {
        "connect_timeout",           "keepalives_idle", "keepalives_interval", "tcp_user_timeout",
        "fallback_application_name", "dbname",          "client_encoding",     NULL};
    const char *const values[] = {CONNECT_TIMEOUT_S, "30", "10", "15000", "wanprep", link->url, "UTF8", NULL};
    link->conn = PQconnectdbParams(names, values, 1);
    if (!link->conn)
        return wp_fail_nomem(error, "store");
    if (PQstatus(link->conn) != CONNECTION_OK || PQsetnonblocking(link->conn, 1) != 0)
        return wp_fail(error, WP_OUTPUT, "store", "cannot open the job records in '%s': %s", link->where,
                       PQerrorMessage(link->conn));
    (void)PQsetNoticeProcessor(link->conn, ignore_notice, NULL);
    enum wp_status status = run_and_forget(link, settings, NULL, error);
    return status == WP_OK && link->session ? begin_session(link, error) : status;
}

static void disconnect(struct wp_pg_link *link)
{
    PQfinish(link->conn);
    link->conn = NULL;
}

enum wp_status wp_pg_link_open(struct wp_pg_link *link, const char *url, struct wp_error *error)
{
    link->url = wp_strdup(url);
    if (!link->url)
        return wp_fail_nomem(error, "store");
    enum wp_status status = name_place(link, error);
    return status == WP_OK ? connect_now(link, error) : status;
}

void wp_pg_link_close(struct wp_pg_link *link)
{
    disconnect(link);
    if (link->url)
        explicit_bzero(link->url, strlen(link->url));
    wp_free(link->url);
    link->url = NULL;
}

enum wp_status wp_pg_link_renew(struct wp_pg_link *link, struct wp_error *error)
{
    disconnect(link);
    enum wp_status status = connect_now(link, error);
    if (status != WP_OK)
        disconnect(link);
    return status;
}

/* Waits until the server's answer can be taken. False: the connection is lost, or the time is up. */
static bool await(PGconn *conn, int64_t end_ms)
{
    const struct wp_clock *clock = wp_clock_system();
    for (;;) {
        int unsent = PQflush(conn);
        if (unsent < 0)
            return false;
        if (unsent == 0 && !PQisBusy(conn))
            return true;
        int64_t left = end_ms - clock->now_ms(clock->user);
        struct pollfd ready = {.fd = PQsocket(conn), .events = (short)(POLLIN | (unsent ? POLLOUT : 0))};
        if (left <= 0 || ready.fd < 0)
            return false;
        if (poll(&ready, 1, (int)left) < 0 && errno != EINTR)
            return false;
        if (ready.revents & (POLLIN | POLLERR | POLLHUP) && !PQconsumeInput(conn))
            return false;
    }
}

static bool is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* All results of what was sent; the last one, or the one that failed. NULL: there was no answer. */
static PGresult *take_results(PGconn *conn)
{
    const struct wp_clock *clock = wp_clock_system();
    int64_t end = clock->now_ms(clock->user) + STATEMENT_MS;
    PGresult *kept = NULL;
    while (await(conn, end)) {
        PGresult *result = PQgetResult(conn);
        if (!result)
            return kept;
        if (kept && !is_good(kept)) {
            PQclear(result);
            continue;
        }
        PQclear(kept);
        kept = result;
    }
    PQclear(kept);
    return NULL;
}

/* Classes of SQLSTATE (PostgreSQL's appendix A) that say nothing of the statement: connection exceptions, a
 * server that is stopped or starts, conflicts with other transactions. */
static bool may_pass(const char *state)
{
    return strncmp(state, "08", 2) == 0 || strncmp(state, "57P0", 4) == 0 || strncmp(state, "40", 2) == 0;
}

enum wp_status wp_pg_run_once(struct wp_pg_link *link, const char *verb, const char *sql,
                              const struct wp_pg_values *values, PGresult **out, bool *passing,
                              struct wp_error *error)
{
    *out = NULL;
    *passing = true;
    PGconn *conn = link->conn;
    int sent = !conn    ? 0
               : values ? PQsendQueryParams(conn, sql, values->count, NULL, values->values, values->lengths,
                                            values->formats, 1)
                        : PQsendQuery(conn, sql);
    PGresult *result = sent ? take_results(conn) : NULL;
    if (result && is_good(result)) {
        *out = result;
        return WP_OK;
    }
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *says = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    *passing = !state || may_pass(state);
    if (!says || !says[0])
        says =
            conn && PQstatus(conn) == CONNECTION_BAD ? PQerrorMessage(conn) : "the database does not answer";
    enum wp_status status =
        wp_fail(error, WP_OUTPUT, "store", "cannot %s the job records in '%s': %s%s%s%s", verb, link->where,
                says, state ? " (SQLSTATE " : "", state ? state : "", state ? ")" : "");
    PQclear(result);
    if (!state || PQstatus(conn) == CONNECTION_BAD)
        disconnect(link); /* what it might still answer is not to be taken for the answer to something else */
    return status;
}

enum wp_status wp_pg_run(struct wp_pg_link *link, const char *verb, const char *sql,
                         const struct wp_pg_values *values, PGresult **out, struct wp_error *error)
{
    const struct wp_clock *clock = wp_clock_system();
    int64_t begin = clock->now_ms(clock->user), pause = PAUSE_MS;
    for (;;) {
        bool passing = true;
        enum wp_status status = link->conn ? WP_OK : wp_pg_link_renew(link, error);
        if (status == WP_OK)
            status = wp_pg_run_once(link, verb, sql, values, out, &passing, error);
        if (status == WP_OK || status == WP_NOMEM || !passing ||
            clock->now_ms(clock->user) - begin >= RETRY_MS)
            return status;
        clock->sleep_ms(clock->user, pause);
        pause = pause * 2 < PAUSE_MAX_MS ? pause * 2 : PAUSE_MAX_MS;
    }
}
