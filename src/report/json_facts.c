#include "report/json_facts.h"

#include <inttypes.h>

#include "base/text.h"

#include "base/banned.h"

static void put_text(struct wp_json_writer *writer, const char *name, const char *text)
{
    if (text[0])
        wp_json_put_text(writer, name, text);
}

static void put_tristate(struct wp_json_writer *writer, const char *name, enum wp_tristate value)
{
    if (value != WP_UNKNOWN)
        wp_json_put_bool(writer, name, value == WP_YES);
}

static void put_count(struct wp_json_writer *writer, const char *name, bool known, uint64_t value)
{
    if (known)
        wp_json_put_integer(writer, name, value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

static void put_rational(struct wp_json_writer *writer, const char *name, bool known,
                         struct wp_rational value)
{
    if (known && value.den > 0)
        wp_json_put_number(writer, name, (double)value.num / (double)value.den);
}

static void put_sizes(struct wp_json_writer *writer, uint32_t width, uint32_t height, uint32_t coded_width,
                      uint32_t coded_height)
{
    wp_json_put_integer(writer, "width", width);
    wp_json_put_integer(writer, "height", height);
    wp_json_put_integer(writer, "coded_width", coded_width);
    wp_json_put_integer(writer, "coded_height", coded_height);
}

static void put_decode(struct wp_json_writer *writer, enum wp_decode_state state, const char *reason)
{
    static const char *const names[] = {
        [WP_DECODE_NOT_TRIED] = "not-tried", [WP_DECODE_OK] = "ok",
        [WP_DECODE_FAILED] = "failed",       [WP_DECODE_UNSUPPORTED] = "unsupported",
        [WP_DECODE_REFUSED] = "refused",
    };
    wp_json_put_text(writer, "decode", names[state]);
    put_text(writer, "decode_reason", reason);
}

static const char *color_model_name(enum wp_color_model model)
{
    static const char *const names[] = {
        [WP_COLOR_UNKNOWN] = "",    [WP_COLOR_GREY] = "grey",       [WP_COLOR_RGB] = "rgb",
        [WP_COLOR_YCBCR] = "ycbcr", [WP_COLOR_PALETTE] = "palette", [WP_COLOR_CMYK] = "cmyk",
    };
    return names[model];
}

void wp_json_facts_image(struct wp_json_writer *writer, const struct wp_image_facts *facts)
{
    wp_json_put_text(writer, "format", wp_format_name(facts->format));
    put_text(writer, "unreadable", facts->unreadable);
    put_count(writer, "bytes", facts->has_bytes, facts->bytes);
    put_text(writer, "sha256", facts->sha256);
    if (facts->has_size)
        put_sizes(writer, facts->width, facts->height, facts->coded_width, facts->coded_height);
    put_count(writer, "exif_orientation", facts->has_exif_orientation, facts->exif_orientation);
    put_count(writer, "channels", facts->has_channels, facts->channels);
    put_count(writer, "bits", facts->has_bits, facts->bits);
    put_text(writer, "color_model", color_model_name(facts->color_model));
    put_tristate(writer, "has_alpha", facts->has_alpha);
    put_tristate(writer, "transparent", facts->transparent);
    put_tristate(writer, "animated", facts->animated);
    put_count(writer, "frame_count", facts->has_frame_count, facts->frame_count);
    put_tristate(writer, "complete", facts->complete);
    put_count(writer, "missing_bytes", facts->has_missing_bytes, facts->missing_bytes);
    put_text(writer, "variant", facts->variant);
    put_decode(writer, facts->decode, facts->decode_reason);
}

static void put_container(struct wp_json_writer *writer, const struct wp_video_facts *facts)
{
    wp_json_put_text(writer, "container", wp_format_name(facts->format));
    put_text(writer, "brand", facts->brand);
    put_text(writer, "unreadable", facts->unreadable);
    put_text(writer, "demuxer", facts->demuxer);
    put_tristate(writer, "has_moov", facts->has_moov);
    put_tristate(writer, "fragmented", facts->fragmented);
    put_tristate(writer, "encrypted", facts->encrypted);
    put_count(writer, "bytes", facts->has_bytes, facts->bytes);
    put_text(writer, "sha256", facts->sha256);
    put_count(writer, "video_streams", facts->has_stream_counts, facts->video_streams);
    put_count(writer, "audio_streams", facts->has_stream_counts, facts->audio_streams);
    put_count(writer, "other_streams", facts->has_stream_counts, facts->other_streams);
}

static void put_picture(struct wp_json_writer *writer, const struct wp_video_facts *facts)
{
    put_text(writer, "codec", facts->codec);
    put_text(writer, "codec_tag", facts->codec_tag);
    put_text(writer, "profile", facts->profile);
    put_text(writer, "pixel_format", facts->pixel_format);
    if (facts->has_size)
        put_sizes(writer, facts->width, facts->height, facts->coded_width, facts->coded_height);
    if (facts->has_rotation) {
        wp_json_put_integer(writer, "rotation", facts->rotation);
        wp_json_put_bool(writer, "flipped", facts->flipped);
    }
    if (facts->has_sample_aspect_ratio) {
        char ratio[48];
        wp_text_format(ratio, sizeof ratio, "%" PRId64 ":%" PRId64, facts->sample_aspect_ratio.num,
                       facts->sample_aspect_ratio.den);
        wp_json_put_text(writer, "sample_aspect_ratio", ratio);
    }
    put_tristate(writer, "interlaced", facts->interlaced);
    put_tristate(writer, "hdr", facts->hdr);
    put_text(writer, "color_transfer", facts->color_transfer);
    put_count(writer, "bits", facts->has_bits, facts->bits);
}

static void put_times(struct wp_json_writer *writer, const struct wp_video_facts *facts)
{
    put_rational(writer, "duration", facts->has_duration, facts->duration);
    put_rational(writer, "container_duration", facts->has_container_duration, facts->container_duration);
    put_rational(writer, "start_time", facts->has_start_time, facts->start_time);
    put_rational(writer, "frame_rate", facts->has_frame_rate, facts->frame_rate);
    put_count(writer, "frame_count", facts->has_frame_count, facts->frame_count);
    put_tristate(writer, "variable_frame_rate", facts->variable_frame_rate);
    put_rational(writer, "min_frame_interval", facts->has_frame_interval, facts->min_frame_interval);
    put_rational(writer, "max_frame_interval", facts->has_frame_interval, facts->max_frame_interval);
}

void wp_json_facts_video(struct wp_json_writer *writer, const struct wp_video_facts *facts)
{
    put_container(writer, facts);
    put_picture(writer, facts);
    put_times(writer, facts);
    put_tristate(writer, "complete", facts->complete);
    put_count(writer, "missing_bytes", facts->has_missing_bytes, facts->missing_bytes);
    put_decode(writer, facts->decode, facts->decode_reason);
    put_count(writer, "decoded_frames", facts->has_decoded_frames, facts->decoded_frames);
    put_count(writer, "decode_errors", facts->has_decode_errors, facts->decode_errors);
}

void wp_json_facts_delivery(struct wp_json_writer *writer, const struct wp_delivery_facts *facts)
{
    static const char *const troubles[] = {
        [WP_DELIVERY_FINE] = "none",
        [WP_DELIVERY_NO_HOST] = "no-host",
        [WP_DELIVERY_NO_CONNECTION] = "no-connection",
        [WP_DELIVERY_FORBIDDEN] = "forbidden-address",
        [WP_DELIVERY_STATUS] = "status",
        [WP_DELIVERY_REDIRECTS] = "redirects",
        [WP_DELIVERY_TIMEOUT] = "timeout",
        [WP_DELIVERY_CHANGED] = "changed",
        [WP_DELIVERY_LIES] = "inconsistent",
        [WP_DELIVERY_TOO_LARGE] = "too-large",
    };
    static const char *const kinds[] = {
        [WP_ADDRESS_KIND_UNKNOWN] = "",
        [WP_ADDRESS_KIND_PUBLIC] = "public",
        [WP_ADDRESS_KIND_LOOPBACK] = "loopback",
        [WP_ADDRESS_KIND_PRIVATE] = "private",
        [WP_ADDRESS_KIND_LINK_LOCAL] = "link-local",
        [WP_ADDRESS_KIND_RESERVED] = "reserved",
    };
    wp_json_put_text(writer, "trouble", troubles[facts->trouble]);
    put_text(writer, "trouble_reason", facts->trouble_reason);
    put_count(writer, "status", facts->has_status, facts->status);
    put_count(writer, "redirects", true, facts->redirects);
    put_text(writer, "final_url", facts->final_url);
    put_text(writer, "address_kind", kinds[facts->address_kind]);
    put_text(writer, "address", facts->address);
    put_text(writer, "content_type", facts->content_type);
    put_count(writer, "content_length", facts->has_content_length, facts->content_length);
    put_tristate(writer, "ranges", facts->ranges);
    put_text(writer, "etag", facts->etag);
    if (facts->has_first_byte)
        wp_json_put_number(writer, "first_byte_s", facts->first_byte_s);
    if (facts->has_rate)
        wp_json_put_number(writer, "bytes_per_s", facts->bytes_per_s);
    put_text(writer, "signature_form", facts->signature_form);
    if (facts->has_expiry)
        wp_json_put_integer(writer, "expires_in_s", facts->expires_in_s);
    put_count(writer, "requests", true, facts->requests);
    put_count(writer, "bytes_read", true, facts->bytes_read);
}
