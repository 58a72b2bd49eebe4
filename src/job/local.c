/* The jobs of an output folder, in the order in which they matter. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "job/work.h"
#include "wanprep/task.h"

#include "base/banned.h"

enum group {
    TO_FETCH, /* what expires first comes first */
    UNDER_WAY,
    OVER,
};

/* Where a job stands in the list. Thousands of records would be large. */
struct place {
    int64_t rank; /* within its group */
    enum group group;
    char job_id[33];
};

struct listing {
    struct wp_buf places;
};

static struct place place_of(const struct wp_job_record *record)
{
    struct place place = {.group = UNDER_WAY, .rank = record->created_ms};
    enum wp_step step = wp_step_of(record, 0);
    if (step == WP_STEP_FETCH) {
        place.group = TO_FETCH;
        place.rank = record->expires_ms > 0 ? record->expires_ms : INT64_MAX;
    } else if (step == WP_STEP_NONE) {
        place.group = OVER;
        place.rank = -record->created_ms;
    }
    memcpy(place.job_id, record->job_id, sizeof place.job_id);
    return place;
}

static bool note_place(void *user, const struct wp_job_record *record)
{
    struct listing *listing = user;
    struct place place = place_of(record);
    return wp_buf_add(&listing->places, &place, sizeof place);
}

static int compare(const void *a, const void *b)
{
    const struct place *one = a, *other = b;
    if (one->group != other->group)
        return one->group < other->group ? -1 : 1;
    if (one->rank != other->rank)
        return one->rank < other->rank ? -1 : 1;
    return strcmp(one->job_id, other->job_id);
}

/* A job may have been moved on since the list was made; it is told as it is. */
static enum wp_status tell_all(const struct wp_site *site, const struct listing *listing,
                               wp_task_local_fn *each, void *user, struct wp_error *error)
{
    const struct place *places = (const void *)listing->places.data;
    struct wp_job_record *record = wp_malloc(sizeof *record);
    struct wp_job_result *result = wp_malloc(sizeof *result);
    enum wp_status status = WP_OK;
    bool on = true, found = false;
    if (!record || !result) {
        status = wp_fail_nomem(error, "list");
        goto out;
    }
    for (size_t i = 0; status == WP_OK && on && i < listing->places.len / sizeof *places; i++) {
        status = wp_store_find_job(site->store, places[i].job_id, record, &found, error);
        if (status != WP_OK || !found)
            continue;
        memset(result, 0, sizeof *result);
        wp_job_fill_result(result, &site->places, record);
        on = each(user, result);
    }
out:
    wp_free(result);
    wp_free(record);
    return status;
}

enum wp_status wp_tasks_local(const char *output_dir, const char *store, bool unfinished,
                              wp_task_local_fn *each, void *user, struct wp_error *error)
{
    struct wp_site site = {0};
    struct listing listing = {.places = wp_buf_new((size_t)256 << 20)};
    bool there = false;
    enum wp_status status =
        wp_site_open_old(&site, output_dir, store, NULL, wp_clock_system(), &there, error);
    if (status == WP_OK && there)
        status = wp_store_each(site.store, unfinished ? WP_STORE_UNFINISHED : WP_STORE_ALL, note_place,
                               &listing, error);
    if (status == WP_OK && listing.places.failed != WP_OK)
        status = wp_fail_nomem(error, "list");
    if (status == WP_OK && listing.places.len > 0) {
        qsort(listing.places.data, listing.places.len / sizeof(struct place), sizeof(struct place), compare);
        status = tell_all(&site, &listing, each, user, error);
    }
    wp_buf_free(&listing.places);
    wp_site_close(&site);
    return status;
}
