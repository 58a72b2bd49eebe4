/* Where the service is. */
#ifndef WP_DASHSCOPE_ENDPOINT_H
#define WP_DASHSCOPE_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wanprep/limits.h"
#include "wanprep/status.h"

#define WP_MODEL "wan2.2-animate-move"

struct wp_endpoint {
    char base_url[512]; /**< without a slash at the end */
    bool loopback;      /**< an emulator: upload hosts and result URLs may be loopback and plain http too */
};

/** base_url NULL: the region's. WP_USAGE: no https URL, or plain http to a host that is not loopback. */
enum wp_status wp_endpoint_set(struct wp_endpoint *out, const char *base_url, enum wp_region region,
                               struct wp_error *error);

/** The region that a base URL belongs to; China's if it is none of the service's. */
enum wp_region wp_endpoint_region(const char *base_url);

/** URLs of the calls, onto out. Ids and texts are percent-encoded. False: out is full or memory is out. */
bool wp_endpoint_create_url(const struct wp_endpoint *endpoint, struct wp_buf *out);
bool wp_endpoint_task_url(const struct wp_endpoint *endpoint, const char *task_id, struct wp_buf *out);
bool wp_endpoint_cancel_url(const struct wp_endpoint *endpoint, const char *task_id, struct wp_buf *out);
bool wp_endpoint_policy_url(const struct wp_endpoint *endpoint, struct wp_buf *out);
/** Tasks of the model made in [from_ms, to_ms] (wall clock, epoch); both NULL-able by -1; sent in UTC+8. */
bool wp_endpoint_list_url(const struct wp_endpoint *endpoint, int64_t from_ms, int64_t to_ms, unsigned page,
                          unsigned page_size, struct wp_buf *out);

#endif
