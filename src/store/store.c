#include "store/store.h"

#include <assert.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "store/backend.h"

#include "base/banned.h"

enum wp_status wp_store_open(struct wp_store **out, const char *location, struct wp_error *error)
{
    *out = NULL;
    bool is_url = wp_text_starts(location, "postgresql://") || wp_text_starts(location, "postgres://");
    if (!is_url && strstr(location, "://")) /* not repeated: it may hold a password */
        return wp_fail(
            error, WP_USAGE, "store",
            "the job records can be in a file or at a postgresql:// URL, not at a URL of another kind");
    enum wp_status status = is_url ? wp_pg_open(out, location, error) : wp_sqlite_open(out, location, error);
    if (status == WP_OK)
        (void)pthread_mutex_init(&(*out)->mutex, NULL); /* cannot fail with these attributes */
    return status;
}

void wp_store_close(struct wp_store *store)
{
    if (!store)
        return;
    (void)pthread_mutex_destroy(&store->mutex);
    store->ops->close(store);
}

/* None of these fail on a mutex that is sound. */
static void enter(struct wp_store *store)
{
    (void)pthread_mutex_lock(&store->mutex);
}

static void leave(struct wp_store *store)
{
    (void)pthread_mutex_unlock(&store->mutex);
}

enum wp_status wp_store_put(struct wp_store *store, const struct wp_job_record *record,
                            struct wp_error *error)
{
    assert(record->job_id[0]);
    enter(store);
    enum wp_status status = store->ops->put(store, record, error);
    leave(store);
    return status;
}

static enum wp_status find(struct wp_store *store, enum wp_lookup by, const char *value,
                           struct wp_job_record *out, bool *found, struct wp_error *error)
{
    *found = false;
    enter(store);
    enum wp_status status = store->ops->find(store, by, value, out, found, error);
    leave(store);
    return status;
}

enum wp_status wp_store_find_key(struct wp_store *store, const char *key, struct wp_job_record *out,
                                 bool *found, struct wp_error *error)
{
    return find(store, WP_LOOKUP_KEY, key, out, found, error);
}

enum wp_status wp_store_find_job(struct wp_store *store, const char *job_id, struct wp_job_record *out,
                                 bool *found, struct wp_error *error)
{
    return find(store, WP_LOOKUP_JOB, job_id, out, found, error);
}

enum wp_status wp_store_find_task(struct wp_store *store, const char *task_id, struct wp_job_record *out,
                                  bool *found, struct wp_error *error)
{
    return find(store, WP_LOOKUP_TASK, task_id, out, found, error);
}

struct wp_walk wp_walk_new(enum wp_store_filter filter)
{
    int64_t before_all = wp_filter_is_backward(filter) ? INT64_MAX : INT64_MIN;
    return (struct wp_walk){.filter = filter, .created_ms = before_all, .rowid = before_all};
}

/* The mutex is not held while each() runs. */
enum wp_status wp_store_each(struct wp_store *store, enum wp_store_filter filter,
                             bool (*each)(void *user, const struct wp_job_record *record), void *user,
                             struct wp_error *error)
{
    struct wp_walk walk = wp_walk_new(filter);
    struct wp_job_record *record = wp_malloc(sizeof *record);
    if (!record)
        return wp_fail_nomem(error, "store");
    bool more;
    enum wp_status status;
    do {
        more = false;
        enter(store);
        status = store->ops->next(store, &walk, record, &more, error);
        leave(store);
    } while (status == WP_OK && more && each(user, record));
    if (walk.page)
        store->ops->page_free(walk.page);
    wp_free(record);
    return status;
}

enum wp_status wp_store_lock(struct wp_store *store, const char *name, struct wp_lock *out, bool *taken,
                             struct wp_error *error)
{
    *taken = false;
    *out = (struct wp_lock){0};
    bool fits = wp_text_copy(out->name, sizeof out->name, name);
    assert(fits); /* names are made by us */
    enter(store);
    enum wp_status status = store->ops->lock(store, name, taken, error);
    leave(store);
    if (*taken)
        out->store = store;
    return status;
}

void wp_store_unlock(struct wp_lock *lock)
{
    struct wp_store *store = lock->store;
    if (!store)
        return;
    enter(store);
    store->ops->unlock(store, lock->name);
    leave(store);
    lock->store = NULL;
}

enum wp_status wp_store_claim(struct wp_store *store, struct wp_job_record *out, struct wp_lock *lock,
                              bool *found, struct wp_error *error)
{
    *found = false;
    *lock = (struct wp_lock){0};
    enter(store);
    enum wp_status status = store->ops->claim(store, out, found, error);
    leave(store);
    if (*found) {
        lock->store = store;
        (void)wp_text_copy(lock->name, sizeof lock->name, out->job_id);
    }
    return status;
}

bool wp_store_wait(struct wp_store *store, int64_t ms)
{
    return store->ops->wait(store, ms);
}

enum wp_status wp_store_limiter(struct wp_store *store, struct wp_limiter **out, const char *account,
                                const struct wp_log *log, struct wp_error *error)
{
    *out = NULL;
    return store->ops->limiter ? store->ops->limiter(store, out, account, log, error) : WP_OK;
}

int64_t wp_store_sure_ms(struct wp_store *store)
{
    return store->ops->sure_ms(store);
}
