/* The client: what a call needs to know of the service. */
#ifndef WP_JOB_CLIENT_H
#define WP_JOB_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sha256.h"
#include "dashscope/endpoint.h"
#include "net/http.h"
#include "store/limiter.h"
#include "wanprep/client.h"

/* What the service's clock said, and ours at that moment. */
struct wp_service_clock {
    bool known;
    int64_t date_ms; /* the Date of the latest answer that had one */
    int64_t boot_ms, wall_ms;
};

struct wp_client {
    struct wp_endpoint endpoint;
    char api_key[256];   /* wiped when the client is freed */
    char workspace[256]; /* "": none */
    wp_interrupted_fn *interrupted;
    void *interrupted_user;
    struct wp_log log;
    wp_sha256_hex account;           /* names service and key */
    struct wp_limiter *limiter;      /* shared with its clones */
    struct wp_http_session *session; /* made with the first request */
    struct wp_service_clock service_clock;
};

/* Another client of the same service and key, for another thread: with a session of its own. *out is freed
 * with wp_client_free(). WP_NOMEM. */
enum wp_status wp_client_clone(struct wp_client **out, const struct wp_client *client,
                               struct wp_error *error);

/* The session, made if there is none yet. */
enum wp_status wp_client_session(struct wp_client *client, struct wp_http_session **out,
                                 struct wp_error *error);

bool wp_client_interrupted(const struct wp_client *client);

#endif
