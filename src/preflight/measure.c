#include "preflight/measure.h"

#include "base/error.h"
#include "base/text.h"
#include "source/source.h"

#include "base/banned.h"

/* Whether the probe will read every byte. */
static bool reads_all(struct wp_measured medium, const struct wp_probe_options *probe)
{
    return probe->hash || probe->depth == WP_DEPTH_FULL || (medium.image && probe->depth != WP_DEPTH_HEADER);
}

/* Opens the source; *out is NULL if there are no bytes to probe, and the facts say why. */
static enum wp_status open_source(struct wp_source **out, struct wp_measured medium,
                                  const struct wp_measure_options *options, struct wp_error *error)
{
    *out = NULL;
    if (medium.source->kind == WP_SOURCE_FILE)
        return wp_source_open_file(out, medium.source, error);
    if (medium.source->kind != WP_SOURCE_HTTP)
        return WP_OK;
    struct wp_http_options http = options->http;
    http.whole = reads_all(medium, &options->probe);
    http.max_bytes = medium.image ? options->limits->image.max_bytes : options->limits->video.max_bytes;
    return wp_source_open_http(out, medium.source, medium.delivery, &http, error);
}

/* Measuring what is read by ranges waits for them, so it has the time for those on top of its own. */
static struct wp_probe_options with_time(const struct wp_measure_options *options,
                                         const struct wp_source *source)
{
    struct wp_probe_options probe = options->probe;
    int64_t reads_ms = options->http.total_ms > 0 ? options->http.total_ms : WP_HTTP_TOTAL_MS;
    if (probe.deadline_ms <= 0)
        probe.deadline_ms = WP_PROBE_DEADLINE_MS;
    if (wp_source_fd(source) < 0)
        probe.deadline_ms += reads_ms;
    return probe;
}

static void set_unavailable(struct wp_source_facts *source, const char *reason)
{
    source->state = WP_SOURCE_UNAVAILABLE;
    wp_text_copy(source->reason, sizeof source->reason, reason);
}

/* Bytes that could not be had are a fact, no failure. */
static enum wp_status settle(struct wp_measured medium, enum wp_status status, const struct wp_error *reason,
                             struct wp_error *error)
{
    /* Whatever a probe made of a file whose rest did not come: it was not measured. */
    if (medium.source->kind == WP_SOURCE_HTTP && medium.delivery->trouble != WP_DELIVERY_FINE) {
        set_unavailable(medium.source, medium.delivery->trouble_reason);
        return WP_OK;
    }
    if (status == WP_INPUT || status == WP_NETWORK) {
        set_unavailable(medium.source, reason->message);
        return WP_OK;
    }
    if (status != WP_OK && error)
        *error = *reason;
    return status;
}

/* That the pictures could not be read changes nothing that was measured. */
static enum wp_status look(struct wp_measured medium, struct wp_viewer *viewer,
                           const struct wp_source *source, struct wp_error *error)
{
    const struct wp_delivery_facts delivery = *medium.delivery;
    if (!viewer || delivery.trouble != WP_DELIVERY_FINE)
        return WP_OK;
    enum wp_status status = wp_viewer_look(viewer, &medium.seen, medium.image, medium.video, source);
    *medium.delivery = delivery;
    return status == WP_OK ? WP_OK : wp_fail_nomem(error, "preflight");
}

enum wp_status wp_measure(struct wp_measured medium, const char *location, struct wp_prober *prober,
                          struct wp_viewer *viewer, const struct wp_measure_options *options,
                          struct wp_error *error)
{
    struct wp_source *source = NULL;
    struct wp_error reason = {.status = WP_OK};
    wp_source_describe(medium.source, location);
    enum wp_status status = open_source(&source, medium, options, error);
    if (status != WP_OK || !source)
        return status;
    const struct wp_probe_options probe = with_time(options, source);
    status = wp_prober_measure(prober, medium.image, medium.video, source, &probe, &reason);
    if (status == WP_OK)
        status = look(medium, viewer, source, &reason);
    wp_source_close(source);
    return settle(medium, status, &reason, error);
}
