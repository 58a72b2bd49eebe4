/* What a backend of the store is. */
#ifndef WP_STORE_BACKEND_H
#define WP_STORE_BACKEND_H

#include <pthread.h>
#include <stddef.h>

#include "store/columns.h"
#include "store/store.h"

/* Where a walk over the rows of a filter stands. */
struct wp_walk {
    enum wp_store_filter filter;
    int64_t created_ms, rowid; /* of the row that was seen last */
    void *page;                /* the backend's: rows that were read ahead */
    int at;                    /* in the page */
};

/* All but wait, sure_ms and page_free are called under the mutex of the store. */
struct wp_store_ops {
    void (*close)(struct wp_store *store);
    enum wp_status (*put)(struct wp_store *store, const struct wp_job_record *record, struct wp_error *error);
    enum wp_status (*find)(struct wp_store *store, enum wp_lookup by, const char *value,
                           struct wp_job_record *out, bool *found, struct wp_error *error);
    enum wp_status (*next)(struct wp_store *store, struct wp_walk *walk, struct wp_job_record *out,
                           bool *found, struct wp_error *error);
    void (*page_free)(void *page); /* NULL where there are no pages */
    enum wp_status (*lock)(struct wp_store *store, const char *name, bool *taken, struct wp_error *error);
    void (*unlock)(struct wp_store *store, const char *name);
    enum wp_status (*claim)(struct wp_store *store, struct wp_job_record *out, bool *found,
                            struct wp_error *error); /* locks the job id */
    bool (*wait)(struct wp_store *store, int64_t ms);
    int64_t (*sure_ms)(struct wp_store *store);
    /* NULL: there is none. Called without the mutex. */
    enum wp_status (*limiter)(struct wp_store *store, struct wp_limiter **out, const char *account,
                              const struct wp_log *log, struct wp_error *error);
};

/* The first member of a backend's own struct. */
struct wp_store {
    const struct wp_store_ops *ops;
    pthread_mutex_t mutex;
};

/* Makes a backend's store, all but the mutex. */
enum wp_status wp_sqlite_open(struct wp_store **out, const char *path, struct wp_error *error);
enum wp_status wp_pg_open(struct wp_store **out, const char *url, struct wp_error *error);

/* A walk from the first row on. */
struct wp_walk wp_walk_new(enum wp_store_filter filter);

#endif
