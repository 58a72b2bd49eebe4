/* Limits profiles: docs/profile.schema.json describes the document. A misspelt member would leave a limit as
 * it was, so that unknown ones are refused. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "profile/parse.h"

#include "base/banned.h"

enum { CEILING = 1 << 20 };

static enum wp_status parse(struct wp_profile *profile, const char *path, const struct wp_buf *text,
                            struct wp_error *error)
{
    struct wp_error reason = {.status = WP_OK};
    struct wp_json *document = wp_json_parse(wp_buf_text(text), text->len);
    if (!document)
        return wp_fail(error, WP_USAGE, "profile", "'%s' is no JSON document", path);
    enum wp_status status = wp_profile_parse(profile, document, &reason);
    wp_json_free(document);
    if (status != WP_OK)
        return wp_fail(error, status, "profile", "'%s' is no limits profile: %s", path, reason.message);
    return WP_OK;
}

enum wp_status wp_profile_read(struct wp_profile **out, const char *path, struct wp_error *error)
{
    struct wp_buf text = wp_buf_new(CEILING);
    struct wp_profile *profile = wp_calloc(1, sizeof *profile);
    enum wp_status status = profile ? WP_OK : wp_fail_nomem(error, "profile");
    if (status == WP_OK)
        status = wp_file_read(&text, path, error);
    if (status == WP_OK)
        status = parse(profile, path, &text, error);
    wp_buf_free(&text);
    if (status != WP_OK) {
        wp_profile_free(profile);
        return status;
    }
    *out = profile;
    return WP_OK;
}

const struct wp_limits *wp_profile_limits(const struct wp_profile *profile)
{
    return &profile->limits;
}

void wp_profile_free(struct wp_profile *profile)
{
    wp_free(profile);
}
