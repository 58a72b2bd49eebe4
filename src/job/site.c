#include "job/site.h"

#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum wp_status wp_site_open(struct wp_site *out, const char *output_dir, const struct wp_clock *clock,
                            struct wp_error *error)
{
    char path[WP_PATH_SIZE];
    memset(out, 0, sizeof *out);
    out->clock = clock;
    enum wp_status status = wp_places_make(&out->places, output_dir, error);
    if (status != WP_OK)
        return status;
    wp_places_database(path, &out->places);
    return wp_store_open(&out->store, path, error);
}

enum wp_status wp_site_open_old(struct wp_site *out, const char *output_dir, const struct wp_clock *clock,
                                bool *there, struct wp_error *error)
{
    char path[WP_PATH_SIZE];
    memset(out, 0, sizeof *out);
    out->clock = clock;
    *there = false;
    enum wp_status status = wp_places_find(&out->places, output_dir, error);
    if (status != WP_OK)
        return status;
    wp_places_database(path, &out->places);
    *there = access(path, F_OK) == 0;
    return *there ? wp_store_open(&out->store, path, error) : WP_OK;
}

void wp_site_close(struct wp_site *site)
{
    wp_store_close(site->store);
    site->store = NULL;
}
