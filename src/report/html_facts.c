/* What was measured, as tables for people. A fact that is not known has no row. */
#include <inttypes.h>

#include "base/log.h"
#include "base/text.h"
#include "report/figures.h"
#include "report/html.h"

#include "base/banned.h"

static void begin_row(struct wp_buf *out, const char *title)
{
    (void)wp_buf_add_format(out, "<tr><th scope=\"row\">%s</th><td>", title);
}

static void end_row(struct wp_buf *out)
{
    (void)wp_buf_add_text(out, "</td></tr>\n");
}

/* ", text", or nothing if there is none. */
static void add_more(struct wp_buf *out, const char *text)
{
    if (!text[0])
        return;
    (void)wp_buf_add_text(out, ", ");
    wp_html_text(out, text);
}

static void add_text_row(struct wp_buf *out, const char *title, const char *text)
{
    if (!text[0])
        return;
    begin_row(out, title);
    wp_html_text(out, text);
    end_row(out);
}

static void add_rational(struct wp_buf *out, struct wp_rational value, const char *unit)
{
    wp_figure_decimal(out, value.den > 0 ? (double)value.num / (double)value.den : 0, 3);
    (void)wp_buf_add_text(out, unit);
}

static void add_sides(struct wp_buf *out, uint32_t width, uint32_t height)
{
    (void)wp_buf_add_format(out, "%" PRIu32 "&#215;%" PRIu32, width, height);
}

static void add_bytes_row(struct wp_buf *out, bool known, uint64_t bytes)
{
    if (!known)
        return;
    begin_row(out, "File");
    wp_figure_bytes(out, bytes);
    end_row(out);
}

static void add_state_rows(struct wp_buf *out, enum wp_tristate complete, bool has_missing, uint64_t missing,
                           enum wp_decode_state decode, const char *reason)
{
    static const char *const decoded[] = {
        [WP_DECODE_NOT_TRIED] = "not tried", [WP_DECODE_OK] = "without an error",
        [WP_DECODE_FAILED] = "damaged",      [WP_DECODE_UNSUPPORTED] = "no decoder here",
        [WP_DECODE_REFUSED] = "not tried",
    };
    if (complete != WP_UNKNOWN) {
        begin_row(out, "Complete");
        (void)wp_buf_add_text(out, complete == WP_YES ? "yes" : "no");
        if (has_missing) {
            (void)wp_buf_add_text(out, "; at least missing: ");
            wp_figure_bytes(out, missing);
        }
        end_row(out);
    }
    begin_row(out, "Decoded");
    (void)wp_buf_add_text(out, decoded[decode]);
    add_more(out, reason);
    end_row(out);
}

static void add_image_pixels(struct wp_buf *out, const struct wp_image_facts *facts)
{
    static const char *const models[] = {
        [WP_COLOR_UNKNOWN] = "unknown", [WP_COLOR_GREY] = "grey",       [WP_COLOR_RGB] = "RGB",
        [WP_COLOR_YCBCR] = "YCbCr",     [WP_COLOR_PALETTE] = "palette", [WP_COLOR_CMYK] = "CMYK",
    };
    begin_row(out, "Colour");
    (void)wp_buf_add_text(out, models[facts->color_model]);
    if (facts->has_bits)
        (void)wp_buf_add_format(out, ", %u bit%s a sample", facts->bits, facts->bits == 1 ? "" : "s");
    if (facts->transparent == WP_YES)
        (void)wp_buf_add_text(out, ", transparent pixels");
    else if (facts->has_alpha == WP_YES)
        (void)wp_buf_add_text(out, ", alpha channel");
    end_row(out);
    if (facts->animated == WP_YES) {
        begin_row(out, "Animated");
        (void)wp_buf_add_text(out, "yes");
        if (facts->has_frame_count)
            (void)wp_buf_add_format(out, ", %" PRIu32 " pictures", facts->frame_count);
        end_row(out);
    }
}

static void add_image(struct wp_buf *out, const struct wp_image_facts *facts)
{
    begin_row(out, "Format");
    wp_html_text(out, wp_format_name(facts->format));
    add_more(out, facts->variant);
    end_row(out);
    add_text_row(out, "Unreadable", facts->unreadable);
    if (facts->has_size) {
        begin_row(out, "Size as shown");
        add_sides(out, facts->width, facts->height);
        end_row(out);
        begin_row(out, "Stored");
        add_sides(out, facts->coded_width, facts->coded_height);
        if (facts->has_exif_orientation)
            (void)wp_buf_add_format(out, ", EXIF orientation %u", facts->exif_orientation);
        end_row(out);
        add_image_pixels(out, facts);
    }
    add_bytes_row(out, facts->has_bytes, facts->bytes);
    add_state_rows(out, facts->complete, facts->has_missing_bytes, facts->missing_bytes, facts->decode,
                   facts->decode_reason);
    add_text_row(out, "SHA-256", facts->sha256);
}

static void add_video_picture(struct wp_buf *out, const struct wp_video_facts *facts)
{
    begin_row(out, "Size as shown");
    add_sides(out, facts->width, facts->height);
    end_row(out);
    begin_row(out, "Stored");
    add_sides(out, facts->coded_width, facts->coded_height);
    if (facts->has_rotation && facts->rotation)
        (void)wp_buf_add_format(out, ", turned by %d&#176;", facts->rotation);
    if (facts->flipped)
        (void)wp_buf_add_text(out, ", mirrored");
    if (facts->has_sample_aspect_ratio && facts->sample_aspect_ratio.num != facts->sample_aspect_ratio.den)
        (void)wp_buf_add_format(out, ", pixels %" PRId64 ":%" PRId64, facts->sample_aspect_ratio.num,
                                facts->sample_aspect_ratio.den);
    if (facts->interlaced == WP_YES)
        (void)wp_buf_add_text(out, ", interlaced");
    end_row(out);
}

static void add_video_times(struct wp_buf *out, const struct wp_video_facts *facts)
{
    if (facts->has_duration) {
        begin_row(out, "Duration");
        add_rational(out, facts->duration, " s");
        if (facts->has_container_duration) {
            (void)wp_buf_add_text(out, ", container ");
            add_rational(out, facts->container_duration, " s");
        }
        end_row(out);
    }
    if (facts->has_frame_rate) {
        begin_row(out, "Frame rate");
        add_rational(out, facts->frame_rate, " fps");
        if (facts->variable_frame_rate == WP_YES)
            (void)wp_buf_add_text(out, ", variable");
        if (facts->has_frame_count)
            (void)wp_buf_add_format(out, ", %" PRIu64 " frames", facts->frame_count);
        end_row(out);
    }
}

static void add_video_codec(struct wp_buf *out, const struct wp_video_facts *facts)
{
    if (facts->codec[0]) {
        begin_row(out, "Codec");
        wp_html_text(out, facts->codec);
        add_more(out, facts->profile);
        add_more(out, facts->codec_tag);
        end_row(out);
    }
    if (facts->pixel_format[0]) {
        begin_row(out, "Colour");
        wp_html_text(out, facts->pixel_format);
        add_more(out, facts->color_transfer);
        (void)wp_buf_add_text(out, facts->hdr == WP_YES ? ", HDR" : "");
        end_row(out);
    }
    if (facts->has_stream_counts) {
        begin_row(out, "Streams");
        (void)wp_buf_add_format(out, "%" PRIu32 " video, %" PRIu32 " audio, %" PRIu32 " other",
                                facts->video_streams, facts->audio_streams, facts->other_streams);
        end_row(out);
    }
}

static void add_video(struct wp_buf *out, const struct wp_video_facts *facts)
{
    begin_row(out, "Format");
    wp_html_text(out, wp_format_name(facts->format));
    add_more(out, facts->brand);
    (void)wp_buf_add_text(out, facts->fragmented == WP_YES ? ", fragmented" : "");
    (void)wp_buf_add_text(out, facts->encrypted == WP_YES ? ", encrypted" : "");
    end_row(out);
    add_text_row(out, "Unreadable", facts->unreadable);
    if (facts->has_size)
        add_video_picture(out, facts);
    add_video_times(out, facts);
    add_video_codec(out, facts);
    add_bytes_row(out, facts->has_bytes, facts->bytes);
    add_state_rows(out, facts->complete, facts->has_missing_bytes, facts->missing_bytes, facts->decode,
                   facts->decode_reason);
    add_text_row(out, "SHA-256", facts->sha256);
}

/* How a URL was delivered. */
static void add_delivery(struct wp_buf *out, const struct wp_delivery_facts *facts)
{
    begin_row(out, "Answer");
    if (facts->has_status)
        (void)wp_buf_add_format(out, "status %u", facts->status);
    else
        (void)wp_buf_add_text(out, "none");
    add_more(out, facts->content_type);
    if (facts->redirects)
        (void)wp_buf_add_format(out, ", %" PRIu32 " redirect%s", facts->redirects,
                                facts->redirects == 1 ? "" : "s");
    end_row(out);
    begin_row(out, "Transfer");
    (void)wp_buf_add_format(out, "%" PRIu32 " request%s, ", facts->requests, facts->requests == 1 ? "" : "s");
    wp_figure_bytes(out, facts->bytes_read);
    if (facts->has_first_byte) {
        (void)wp_buf_add_text(out, ", first byte after ");
        wp_figure_decimal(out, facts->first_byte_s, 3);
        (void)wp_buf_add_text(out, " s");
    }
    end_row(out);
    if (facts->has_expiry) {
        begin_row(out, "Signed URL");
        wp_html_text(out, facts->signature_form);
        (void)wp_buf_add_format(out, ", expires in %" PRId64 " s", facts->expires_in_s);
        end_row(out);
    }
}

/* True if the medium was read; else why it was not is all that is known. */
static bool begin_table(struct wp_buf *out, const char *title, const struct wp_source_facts *source,
                        const struct wp_delivery_facts *delivery)
{
    (void)wp_buf_add_format(out, "<table>\n<caption>%s</caption>\n<tbody>\n", title);
    if (source->kind == WP_SOURCE_HTTP && delivery->requests)
        add_delivery(out, delivery);
    if (source->state == WP_SOURCE_READ)
        return true;
    char reason[sizeof source->reason];
    wp_text_copy(reason, sizeof reason, source->reason);
    if (source->kind != WP_SOURCE_FILE)
        wp_redact(reason);
    add_text_row(out, "Not read", reason[0] ? reason : "its content was not measured");
    return false;
}

static void end_table(struct wp_buf *out)
{
    (void)wp_buf_add_text(out, "</tbody>\n</table>\n");
}

void wp_html_facts(struct wp_buf *out, const struct wp_preflight *preflight)
{
    (void)wp_buf_add_text(out, "<div class=\"facts\">\n");
    if (preflight->has_image) {
        if (begin_table(out, "Image", &preflight->image_source, &preflight->image_delivery))
            add_image(out, &preflight->image);
        end_table(out);
        wp_html_seen(out, &preflight->image_content, &preflight->image_source, false);
    }
    if (preflight->has_video) {
        if (begin_table(out, "Video", &preflight->video_source, &preflight->video_delivery))
            add_video(out, &preflight->video);
        end_table(out);
        wp_html_seen(out, &preflight->video_content, &preflight->video_source, true);
    }
    (void)wp_buf_add_text(out, "</div>\n");
}
