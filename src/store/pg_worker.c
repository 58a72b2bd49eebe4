/* A worker: its row, and the thread that keeps it alive and hears what others do. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/text.h"
#include "store/pg.h"

#include "base/banned.h"

#define RENEW_PAUSE_MS 1000

static int64_t boot_ms(void)
{
    const struct wp_clock *clock = wp_clock_system();
    return clock->boot_ms(clock->user);
}

enum wp_status wp_pg_fail_buried(struct wp_pg *pg, struct wp_error *error)
{
    atomic_store(&pg->buried, true);
    return wp_fail(
        error, WP_OUTPUT, "store",
        "this worker was not heard of for over %d s and lost its lease in '%s', so others may have "
        "taken over its jobs; what was not recorded until now is theirs to find out",
        WP_PG_LEASE_MS / 1000, pg->link.where);
}

bool wp_pg_bury_others(struct wp_pg *pg, struct wp_pg_link *link)
{
    PGresult *result = NULL;
    bool passing;
    struct wp_pg_values values = {0};
    wp_pg_add_text(&values, pg->worker);
    enum wp_status status =
        wp_pg_run_once(link, "read",
                       "WITH gone AS (DELETE FROM wanprep_workers"
                       " WHERE alive_until < clock_timestamp() AND id <> $1::text RETURNING 1)"
                       " SELECT pg_notify('wanprep', $1::text) WHERE EXISTS (SELECT 1 FROM gone)",
                       &values, &result, &passing, NULL);
    bool any = status == WP_OK && PQntuples(result) > 0;
    PQclear(result);
    return any;
}

/* Makes or renews our row, by a statement that gives it back. The time counts from before it was sent. */
static enum wp_status renew(struct wp_pg *pg, const char *sql, const char *name, struct wp_error *error)
{
    PGresult *result = NULL;
    bool passing;
    struct wp_pg_values values = {0};
    wp_pg_add_text(&values, pg->worker);
    wp_pg_add_integer(&values, WP_PG_LEASE_MS);
    if (name)
        wp_pg_add_text(&values, name);
    int64_t sent_ms = boot_ms();
    enum wp_status status = wp_pg_run_once(&pg->beat_link, "write", sql, &values, &result, &passing, error);
    if (status == WP_OK && PQntuples(result) == 1)
        atomic_store(&pg->until_ms, sent_ms + WP_PG_LEASE_MS - WP_PG_MARGIN_MS);
    else if (status == WP_OK)
        status = wp_pg_fail_buried(pg, error);
    PQclear(result);
    return status;
}

#define LEASE "clock_timestamp() + $2::bigint * interval '1 millisecond'"

static enum wp_status make_row(struct wp_pg *pg, struct wp_error *error)
{
    char host[256] = "", name[300];
    (void)gethostname(host, sizeof host - 1);
    (void)wp_text_format(name, sizeof name, "%s:%ld", host, (long)getpid());
    return renew(pg,
                 "INSERT INTO wanprep_workers (id, name, alive_until) VALUES ($1::text, $3::text, " LEASE ")"
                 " RETURNING id",
                 name, error);
}

static enum wp_status beat(struct wp_pg *pg)
{
    return renew(pg, "UPDATE wanprep_workers SET alive_until = " LEASE " WHERE id = $1::text RETURNING id",
                 NULL, NULL);
}

static enum wp_status listen_to_others(struct wp_pg *pg, struct wp_error *error)
{
    PGresult *result = NULL;
    bool passing;
    enum wp_status status =
        wp_pg_run_once(&pg->beat_link, "open", "LISTEN wanprep", NULL, &result, &passing, error);
    PQclear(result);
    return status;
}

static void tell_news(struct wp_pg *pg)
{
    (void)pthread_mutex_lock(&pg->news_mutex);
    pg->news_count++;
    (void)pthread_cond_broadcast(&pg->news);
    (void)pthread_mutex_unlock(&pg->news_mutex);
}

/* Takes what the server has told; false: the connection is lost. */
static bool hear(struct wp_pg *pg)
{
    PGconn *conn = pg->beat_link.conn;
    bool news = false;
    if (!PQconsumeInput(conn))
        return false;
    for (PGnotify *note; (note = PQnotifies(conn)); PQfreemem(note))
        news = news || strcmp(note->extra, pg->worker) != 0;
    if (news)
        tell_news(pg);
    return true;
}

/* Waits for the server, the end, or the time. False: the end. */
static bool rest(const struct wp_pg *pg, int64_t ms, bool *spoken)
{
    struct pollfd fds[] = {{.fd = pg->wake[0], .events = POLLIN},
                           {.fd = pg->beat_link.conn ? PQsocket(pg->beat_link.conn) : -1, .events = POLLIN}};
    *spoken = poll(fds, 2, ms > 0 ? (int)ms : 0) > 0 && fds[1].revents;
    return !fds[0].revents;
}

/* A beat, and what else is to be done every time; also after the connection was lost. */
static bool look_after_all(struct wp_pg *pg)
{
    bool was_lost = !pg->beat_link.conn;
    if (was_lost && (wp_pg_link_renew(&pg->beat_link, NULL) != WP_OK || listen_to_others(pg, NULL) != WP_OK))
        return false;
    if (beat(pg) != WP_OK)
        return false;
    if (was_lost)
        tell_news(pg); /* something may have been missed */
    (void)wp_pg_bury_others(pg, &pg->beat_link);
    return true;
}

static void *live(void *user)
{
    struct wp_pg *pg = user;
    int64_t due_ms = boot_ms() + WP_PG_BEAT_MS;
    bool spoken;
    while (rest(pg, due_ms - boot_ms(), &spoken) && !atomic_load(&pg->buried)) {
        if (spoken && !hear(pg)) {
            PQfinish(pg->beat_link.conn);
            pg->beat_link.conn = NULL;
            due_ms = 0;
        }
        if (boot_ms() >= due_ms)
            due_ms = boot_ms() + (look_after_all(pg) ? WP_PG_BEAT_MS : RENEW_PAUSE_MS);
        if (pg->beat_link.conn && !hear(pg)) /* what came while we waited for an answer */
            due_ms = 0;
    }
    tell_news(pg); /* whoever waits will find out */
    return NULL;
}

/* Signals are for the threads of the program. */
static enum wp_status start_thread(struct wp_pg *pg, struct wp_error *error)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    if (pipe2(pg->wake, O_CLOEXEC) != 0)
        return wp_fail(error, WP_OUTPUT, "store", "cannot make a pipe: %s", strerror(errno));
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int code = pthread_create(&pg->thread, NULL, live, pg);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    pg->started = code == 0;
    if (pg->started)
        return WP_OK;
    (void)close(pg->wake[0]);
    (void)close(pg->wake[1]);
    return wp_fail(error, WP_NOMEM, "store", "cannot start a thread: %s", strerror(code));
}

enum wp_status wp_pg_worker_start(struct wp_pg *pg, struct wp_error *error)
{
    enum wp_status status = wp_pg_link_open(&pg->beat_link, pg->link.url, error);
    if (status == WP_OK)
        status = listen_to_others(pg, error);
    if (status == WP_OK)
        status = make_row(pg, error);
    return status == WP_OK ? start_thread(pg, error) : status;
}

/* Our locks go with our row. */
static void remove_row(struct wp_pg *pg)
{
    PGresult *result = NULL;
    bool passing;
    struct wp_pg_values values = {0};
    wp_pg_add_text(&values, pg->worker);
    (void)wp_pg_run_once(&pg->beat_link, "write",
                         "WITH gone AS (DELETE FROM wanprep_workers WHERE id = $1::text)"
                         " SELECT pg_notify('wanprep', $1::text)",
                         &values, &result, &passing, NULL);
    PQclear(result);
}

void wp_pg_worker_stop(struct wp_pg *pg)
{
    if (pg->started) {
        (void)close(pg->wake[1]);
        (void)pthread_join(pg->thread, NULL);
        (void)close(pg->wake[0]);
    }
    if (pg->beat_link.conn)
        remove_row(pg);
    wp_pg_link_close(&pg->beat_link);
}
