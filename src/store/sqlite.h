/* The SQLite backend. */
#ifndef WP_STORE_SQLITE_H
#define WP_STORE_SQLITE_H

#include <limits.h>
#include <sqlite3.h>

#include "store/backend.h"
#include "store/lock.h"

struct wp_sqlite {
    struct wp_store store; /* first */
    sqlite3 *db;
    sqlite3_stmt *put, *find[WP_LOOKUPS], *next[WP_STORE_SUBMITTING + 1], *version;
    struct wp_lock_file locks;
    int64_t seen_version; /* of the data, when wait looked last */
    char path[PATH_MAX];
};

extern const struct wp_dialect wp_sqlite_dialect;

/* Opens or makes the file, brings its layout up to date, and prepares the statements. What was made is freed
 * by the caller, also where it fails. */
enum wp_status wp_sqlite_prepare(struct wp_sqlite *sqlite, const char *path, struct wp_error *error);

/* The sentence for a failed call of SQLite: "cannot VERB the job records …". WP_OUTPUT or WP_NOMEM. */
enum wp_status wp_sqlite_fail(const struct wp_sqlite *sqlite, const char *verb, int code,
                              struct wp_error *error);

#endif
