/* Bodies and headers of requests. */
#ifndef WP_DASHSCOPE_REQUEST_H
#define WP_DASHSCOPE_REQUEST_H

#include <stdbool.h>

#include "base/buf.h"
#include "wanprep/limits.h"

struct wp_create_request {
    const char *image_url;
    const char *video_url;
    enum wp_mode mode;
    bool watermark;
    bool check_image;
};

/** The JSON body of a create, one line. False: out is full or memory is out. */
bool wp_create_body(const struct wp_create_request *request, struct wp_buf *out);

/** Whether a create must carry X-DashScope-OssResourceResolve: enable (an input is an oss:// URL). */
bool wp_create_needs_oss(const struct wp_create_request *request);

/** Headers of a call. */
struct wp_headers {
    char lines[6][512];
    const char *list[7]; /**< points into lines, NULL-terminated */
};

enum wp_call {
    WP_CALL_CREATE,
    WP_CALL_QUERY,
    WP_CALL_LIST,
    WP_CALL_CANCEL,
    WP_CALL_POLICY,
};

/**
 * Fills the headers of a call: Authorization, Content-Type, X-DashScope-Async, -OssResourceResolve,
 * -WorkSpace as the call needs. key "***" gives headers for showing. workspace may be NULL. Wipe with
 * wp_headers_wipe().
 *
 * False, and *out is empty: the key or workspace is empty, too long, or holds a byte that is not printable
 * ASCII.
 */
bool wp_headers_set(struct wp_headers *out, enum wp_call call, const char *api_key, const char *workspace,
                    bool oss_resolve);
void wp_headers_wipe(struct wp_headers *headers);

#endif
