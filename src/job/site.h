/* What all jobs of one output folder share. It is only read, so several threads may use one. */
#ifndef WP_JOB_SITE_H
#define WP_JOB_SITE_H

#include "base/clock.h"
#include "job/client.h"
#include "job/places.h"
#include "store/store.h"
#include "wanprep/status.h"

struct wp_site {
    const struct wp_clock *clock;
    struct wp_places places;
    struct wp_store *store;     /* owned */
    struct wp_limiter *limiter; /* owned: of all who use the store; NULL: there is none, or nobody calls */
};

/* Makes the folders and opens the records: those of the folder, or with store (NULL: none) those in that
 * place. client: who will call the service. Closed with wp_site_close(). WP_OUTPUT, WP_NOMEM. */
enum wp_status wp_site_open(struct wp_site *out, const char *output_dir, const char *store,
                            const struct wp_client *client, const struct wp_clock *clock,
                            struct wp_error *error);

/* Opens the records only where there are any; *there tells. Makes no folder. client NULL: nobody calls.
 * WP_OUTPUT, WP_NOMEM. */
enum wp_status wp_site_open_old(struct wp_site *out, const char *output_dir, const char *store,
                                const struct wp_client *client, const struct wp_clock *clock, bool *there,
                                struct wp_error *error);

/* A zero site is fine. */
void wp_site_close(struct wp_site *site);

#endif
