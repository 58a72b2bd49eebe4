#include "preflight/measure.h"

#include "base/text.h"
#include "source/source.h"

#include "base/banned.h"

enum wp_status wp_measure_content(struct wp_measured medium, const struct wp_reader *reader,
                                  const struct wp_probe_options *probe, struct wp_error *error)
{
    return medium.image ? wp_probe_image(medium.image, reader, probe, error)
                        : wp_probe_video(medium.video, reader, probe, error);
}

/* Opens the source; *out is NULL if there are no bytes to probe, and the facts say why. */
static enum wp_status open_source(struct wp_source **out, struct wp_measured medium, struct wp_error *error)
{
    *out = NULL;
    if (medium.source->kind != WP_SOURCE_FILE)
        return WP_OK;
    return wp_source_open_file(out, medium.source, error);
}

/* Bytes that could not be had are a fact, no failure. */
static enum wp_status settle(struct wp_measured medium, enum wp_status status, const struct wp_error *reason,
                             struct wp_error *error)
{
    if (status == WP_INPUT || status == WP_NETWORK) {
        medium.source->state = WP_SOURCE_UNAVAILABLE;
        wp_text_copy(medium.source->reason, sizeof medium.source->reason, reason->message);
        return WP_OK;
    }
    if (status != WP_OK && error)
        *error = *reason;
    return status;
}

enum wp_status wp_measure(struct wp_measured medium, const char *location,
                          const struct wp_probe_options *probe, struct wp_error *error)
{
    struct wp_source *source = NULL;
    struct wp_error reason = {.status = WP_OK};
    wp_source_describe(medium.source, location);
    enum wp_status status = open_source(&source, medium, error);
    if (status != WP_OK || !source)
        return status;
    status = wp_measure_content(medium, wp_source_reader(source), probe, &reason);
    wp_source_close(source);
    return settle(medium, status, &reason, error);
}
