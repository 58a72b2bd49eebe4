#include "wanprep/preflight.h"

#include "base/alloc.h"
#include "base/error.h"
#include "preflight/prober.h"
#include "source/source.h"

#include "base/banned.h"

/* Why this is not the video that the service promises (an MP4 with a video stream that decodes); NULL if it
 * is. */
static const char *flaw(const struct wp_video_facts *facts)
{
    if (facts->format != WP_FORMAT_MP4 && facts->format != WP_FORMAT_MOV && facts->format != WP_FORMAT_M4V)
        return "it is no MP4 file";
    if (facts->unreadable[0])
        return facts->unreadable;
    if (facts->complete != WP_YES)
        return "it is cut off";
    if (!facts->has_stream_counts || facts->video_streams == 0)
        return "it has no video stream";
    if (!facts->has_size || !facts->has_duration || facts->duration.num <= 0)
        return "its size or duration cannot be determined";
    if (facts->decode == WP_DECODE_FAILED)
        return "its first frame cannot be decoded";
    return NULL;
}

struct wp_verifier {
    struct wp_preflight_options options;
    struct wp_decoding decoding;
    struct wp_jail *jail; /* NULL: measure in this process */
};

static enum wp_status open_verifier(struct wp_verifier *out, const struct wp_preflight_options *options,
                                    struct wp_error *error)
{
    *out = (struct wp_verifier){.options = *options, .decoding = {.videos = true}};
    return options->no_jail ? WP_OK : wp_prober_jail(&out->jail, &out->decoding, false, error);
}

enum wp_status wp_verifier_new(struct wp_verifier **out, const struct wp_preflight_options *options,
                               struct wp_error *error)
{
    *out = NULL;
    struct wp_verifier *verifier = wp_calloc(1, sizeof *verifier);
    if (!verifier)
        return wp_fail_nomem(error, "verify");
    enum wp_status status = open_verifier(verifier, options, error);
    if (status == WP_OK)
        *out = verifier;
    else
        wp_free(verifier);
    return status;
}

void wp_verifier_free(struct wp_verifier *verifier)
{
    if (!verifier)
        return;
    wp_jail_close(verifier->jail);
    wp_free(verifier);
}

/* Has a prober of its own measure an open file. */
static enum wp_status measure(struct wp_video_facts *out, struct wp_verifier *verifier,
                              const struct wp_source *source, struct wp_error *error)
{
    const struct wp_probe_options probe = {.depth = WP_DEPTH_FRAME, .log = &verifier->options.log};
    struct wp_prober prober = {0};
    enum wp_status status = wp_prober_open(&prober, verifier->jail, &verifier->decoding, error);
    if (status == WP_OK)
        status = wp_prober_measure(&prober, NULL, out, source, &probe, error);
    if (status == WP_INPUT && prober.end != WP_JAIL_DONE)
        status = WP_BAD_RESULT;
    wp_prober_close(&prober);
    return status;
}

enum wp_status wp_verifier_check(struct wp_verifier *verifier, struct wp_video_facts *facts, const char *path,
                                 struct wp_error *error)
{
    struct wp_source_facts described;
    struct wp_video_facts measured = {0};
    struct wp_source *source = NULL;
    struct wp_error why = {.status = WP_OK};
    wp_source_describe(&described, path);
    if (described.kind != WP_SOURCE_FILE)
        return wp_fail(error, WP_INPUT, "verify", "'%s' is no local file", path);
    enum wp_status status = wp_source_open_file(&source, &described, error);
    if (status != WP_OK)
        return status;
    if (!source)
        return wp_fail(error, WP_INPUT, "verify", "cannot read '%s': %s", path, described.reason);
    status = measure(&measured, verifier, source, &why);
    wp_source_close(source);
    if (status != WP_OK && status != WP_BAD_RESULT) {
        if (error)
            *error = why;
        return status;
    }
    if (facts)
        *facts = measured;
    const char *reason = status == WP_OK ? flaw(&measured) : why.message;
    if (reason)
        return wp_fail(error, WP_BAD_RESULT, "verify", "'%s' is not the video that was promised: %s", path,
                       reason);
    return WP_OK;
}

enum wp_status wp_verify_result(struct wp_video_facts *facts, const char *path,
                                const struct wp_preflight_options *options, struct wp_error *error)
{
    struct wp_verifier verifier;
    enum wp_status status = open_verifier(&verifier, options, error);
    if (status == WP_OK)
        status = wp_verifier_check(&verifier, facts, path, error);
    wp_jail_close(verifier.jail);
    return status;
}
