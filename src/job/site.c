#include "job/site.h"

#include <string.h>
#include <unistd.h>

#include "base/banned.h"

static enum wp_status open_store(struct wp_site *site, const char *location, const struct wp_client *client,
                                 struct wp_error *error)
{
    enum wp_status status = wp_store_open(&site->store, location, error);
    return status == WP_OK && client
               ? wp_store_limiter(site->store, &site->limiter, client->account, &client->log, error)
               : status;
}

enum wp_status wp_site_open(struct wp_site *out, const char *output_dir, const char *store,
                            const struct wp_client *client, const struct wp_clock *clock,
                            struct wp_error *error)
{
    char path[WP_PATH_SIZE];
    memset(out, 0, sizeof *out);
    out->clock = clock;
    enum wp_status status = wp_places_make(&out->places, output_dir, error);
    if (status != WP_OK)
        return status;
    wp_places_database(path, &out->places);
    return open_store(out, store ? store : path, client, error);
}

enum wp_status wp_site_open_old(struct wp_site *out, const char *output_dir, const char *store,
                                const struct wp_client *client, const struct wp_clock *clock, bool *there,
                                struct wp_error *error)
{
    char path[WP_PATH_SIZE];
    memset(out, 0, sizeof *out);
    out->clock = clock;
    *there = false;
    enum wp_status status = wp_places_find(&out->places, output_dir, error);
    if (status != WP_OK)
        return status;
    wp_places_database(path, &out->places);
    *there = store || access(path, F_OK) == 0;
    return *there ? open_store(out, store ? store : path, client, error) : WP_OK;
}

void wp_site_close(struct wp_site *site)
{
    wp_limiter_free(site->limiter);
    site->limiter = NULL;
    wp_store_close(site->store);
    site->store = NULL;
}
