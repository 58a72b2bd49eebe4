#include "probe/probe.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/sha256.h"
#include "media/image.h"
#include "media/image_decode.h"
#include "media/sniff.h"

#include "base/banned.h"

struct probe {
    struct wp_image image;
    const struct wp_probe_options *options;
    int64_t deadline_us;
    struct wp_error *error;
};

static bool is_ours(enum wp_format format)
{
    return format == WP_FORMAT_JPEG || format == WP_FORMAT_PNG || format == WP_FORMAT_BMP ||
           format == WP_FORMAT_WEBP;
}

static void sniff(struct wp_image *image)
{
    size_t len = 0;
    char brand[5];
    const uint8_t *head = wp_image_bytes_run(image->bytes, 0, &len);
    image->facts->format = wp_sniff(head, len, brand);
    if (image->facts->format == WP_FORMAT_EMPTY)
        wp_image_unreadable(image, "the file is empty");
}

static enum wp_status hash(struct probe *probe)
{
    struct wp_image_bytes *bytes = probe->image.bytes;
    char *out = probe->image.facts->sha256;
    if (!bytes->whole)
        return wp_sha256_reader(out, bytes->reader, probe->error);
    struct wp_sha256 *hash = wp_sha256_new();
    if (!hash)
        return wp_fail_nomem(probe->error, "image");
    wp_sha256_add(hash, bytes->whole, (size_t)bytes->size);
    wp_sha256_end(hash, out);
    wp_sha256_free(hash);
    return WP_OK;
}

static enum wp_status decode(struct probe *probe)
{
    struct wp_image *image = &probe->image;
    if (image->facts->unreadable[0])
        return WP_OK;
    if (!image->bytes->whole)
        wp_image_settle(image, WP_DECODE_REFUSED, "files over %u MiB are not decoded",
                        (unsigned)(WP_IMAGE_LOAD_MAX >> 20));
    else if (wp_clock_now_us() > probe->deadline_us)
        wp_image_settle(image, WP_DECODE_REFUSED,
                        "the time for measuring the image was over before decoding");
    else if (wp_image_decode(image, probe->options->log) != WP_OK)
        return wp_fail_nomem(probe->error, "image");
    return WP_OK;
}

/* Everything but the allocation of the bytes' window. */
static enum wp_status measure(struct probe *probe)
{
    struct wp_image *image = &probe->image;
    struct wp_image_bytes *bytes = image->bytes;
    const struct wp_probe_options *options = probe->options;
    bool decodes = options->depth != WP_DEPTH_HEADER;
    sniff(image);
    bool ours = is_ours(image->facts->format);
    if (ours && decodes && bytes->size <= WP_IMAGE_LOAD_MAX)
        (void)wp_image_bytes_load(bytes);
    if (ours && bytes->status == WP_OK)
        wp_image_read_header(image);
    enum wp_status status = bytes->status;
    if (status == WP_OK && (options->hash || options->depth == WP_DEPTH_FULL))
        status = hash(probe);
    if (status == WP_OK && ours && decodes)
        status = decode(probe);
    return status;
}

enum wp_status wp_probe_image(struct wp_image_facts *facts, const struct wp_reader *reader,
                              const struct wp_probe_options *options, struct wp_error *error)
{
    int64_t begin_us = wp_clock_now_us();
    int64_t deadline_ms = options->deadline_ms > 0 ? options->deadline_ms : WP_PROBE_DEADLINE_MS;
    memset(facts, 0, sizeof *facts);
    facts->has_bytes = true;
    facts->bytes = reader->size;
    struct wp_image_bytes *bytes = wp_malloc(sizeof *bytes);
    if (!bytes)
        return wp_fail_nomem(error, "image");
    wp_image_bytes_open(bytes, reader, error);
    struct probe probe = {{bytes, facts, 0}, options, begin_us + deadline_ms * 1000, error};
    enum wp_status status = measure(&probe);
    wp_log_line(options->log, WP_LOG_DEBUG, "probe", "image: %s %ux%u, %llu bytes, %lld us",
                wp_format_name(facts->format), facts->width, facts->height, (unsigned long long)facts->bytes,
                (long long)(wp_clock_now_us() - begin_us));
    wp_image_bytes_close(bytes);
    wp_free(bytes);
    return status;
}
