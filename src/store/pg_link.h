/* A connection to PostgreSQL that comes back when it is lost, and waits for nothing without a bound. */
#ifndef WP_STORE_PG_LINK_H
#define WP_STORE_PG_LINK_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wanprep/status.h"

struct wp_pg_link {
    char *url;       /* owned; holds a password, so it is never shown, and wiped */
    char where[512]; /* the same for people */
    PGconn *conn;    /* NULL: not connected */
    /* A number that is this link's alone: a new connection is used only when the server has ended the one
     * before it, so that no statement whose answer was lost is carried out late. 0: that does not matter
     * here. */
    int64_t session;
};

#define WP_PG_VALUES 64

/* The parameters of a statement. Texts are borrowed; numbers are sent as bytes, whatever the locale. */
struct wp_pg_values {
    int count;
    const char *values[WP_PG_VALUES];
    int lengths[WP_PG_VALUES], formats[WP_PG_VALUES];
    unsigned char numbers[WP_PG_VALUES][8];
};

void wp_pg_add_text(struct wp_pg_values *values, const char *text);
void wp_pg_add_integer(struct wp_pg_values *values, int64_t number); /* for a bigint */
void wp_pg_add_real(struct wp_pg_values *values, double number);     /* for a double precision */

/* A field of a row: 0 where it is NULL, or not of 8 bytes. */
int64_t wp_pg_integer(const PGresult *result, int row, int column);
double wp_pg_real(const PGresult *result, int row, int column);

/* Connects; link->session is set before, the rest is zero. What was made is freed with wp_pg_link_close()
 * also where it fails. WP_OUTPUT, WP_NOMEM. */
enum wp_status wp_pg_link_open(struct wp_pg_link *link, const char *url, struct wp_error *error);
void wp_pg_link_close(struct wp_pg_link *link);

/* Connects once more, once. */
enum wp_status wp_pg_link_renew(struct wp_pg_link *link, struct wp_error *error);

/*
 * Runs a statement, once; without parameters it may be several. *out is the (last) result, for PQclear(), or
 * NULL. *passing: the failure may pass, with a new connection if that is lost. "cannot VERB the job records
 * …".
 */
enum wp_status wp_pg_run_once(struct wp_pg_link *link, const char *verb, const char *sql,
                              const struct wp_pg_values *values, PGresult **out, bool *passing,
                              struct wp_error *error);

/* The same, until it succeeds or for some time: the statement may be carried out more than once. */
enum wp_status wp_pg_run(struct wp_pg_link *link, const char *verb, const char *sql,
                         const struct wp_pg_values *values, PGresult **out, struct wp_error *error);

#endif
