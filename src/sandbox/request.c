#include "sandbox/request.h"

#include <assert.h>
#include <string.h>

#include "base/random.h"
#include "base/text.h"

#include "base/banned.h"

const char *sb_request_query(const struct sb_request *request)
{
    const char *mark = strchr(request->target, '?');
    return mark ? mark + 1 : "";
}

bool sb_endpoint_is_storage(enum sb_endpoint endpoint)
{
    return endpoint == SB_UPLOAD || endpoint == SB_DOWNLOAD;
}

const char *sb_endpoint_name(enum sb_endpoint endpoint)
{
    static const char *const names[] = {"create", "query",    "list",  "cancel", "policy",
                                        "upload", "download", "books", "lift",   "nowhere"};
    assert((size_t)endpoint < sizeof names / sizeof names[0]);
    return names[endpoint];
}

void sb_uuid(char out[SB_UUID_SIZE])
{
    char hex[33];
    wp_random_hex(hex, sizeof hex);
    hex[12] = '4';
    hex[16] = "89ab"[wp_random_below(4)];
    (void)wp_text_format(out, SB_UUID_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
                         hex + 20);
}
