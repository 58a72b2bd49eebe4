#include "preflight/ration.h"

#include "base/error.h"
#include "base/text.h"

#include "base/banned.h"

static enum wp_status read_at(void *user, void *out, size_t len, uint64_t offset, size_t *got,
                              struct wp_error *error)
{
    struct wp_ration *ration = user;
    struct wp_error reason = {.status = WP_OK};
    *got = 0;
    if (!ration->end[0] && len > ration->left)
        wp_text_copy(ration->end, sizeof ration->end, "no more of a URL is read for pictures");
    if (ration->end[0])
        return WP_OK;
    enum wp_status status = ration->behind->read_at(ration->behind->user, out, len, offset, got, &reason);
    if (status == WP_OK) {
        ration->left -= *got;
        return WP_OK;
    }
    *got = 0;
    if (status == WP_NOMEM)
        return wp_fail_nomem(error, "preflight");
    wp_text_copy(ration->end, sizeof ration->end, reason.message[0] ? reason.message : "reading failed");
    return WP_OK;
}

void wp_ration_open(struct wp_ration *out, const struct wp_reader *behind, uint64_t most)
{
    *out = (struct wp_ration){.reader = {behind->size, read_at, out}, .behind = behind, .left = most};
}
