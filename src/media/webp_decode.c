/* WebP to lines: libwebp. */
#include <webp/decode.h>

#include "base/log.h"
#include "media/decoders.h"

#include "base/banned.h"

/* libwebp reads all pixels of a picture up to the end of what is cropped, so where nobody looks its last
 * corner is enough. It crops at even places. */
static void choose_corner(WebPDecoderOptions *options, const struct wp_lines *lines)
{
    options->use_cropping = 1;
    options->crop_left = (int)(lines->width - 1) & ~1;
    options->crop_top = (int)(lines->height - 1) & ~1;
    options->crop_width = (int)lines->width - options->crop_left;
    options->crop_height = (int)lines->height - options->crop_top;
}

/* Into a picture that is as much smaller as is asked for; libwebp takes means. */
static void choose_size(WebPDecoderOptions *options, const struct wp_lines *lines)
{
    options->use_scaling = lines->shrink > 0;
    options->scaled_width = (int)((lines->width + (1U << lines->shrink) - 1) >> lines->shrink);
    options->scaled_height = (int)((lines->height + (1U << lines->shrink) - 1) >> lines->shrink);
}

static void deliver(const struct wp_lines *lines, const WebPDecBuffer *output, unsigned channels)
{
    const WebPRGBABuffer *buffer = &output->u.RGBA;
    for (int y = 0; y < output->height; y++) {
        const struct wp_line line = {
            .y = (uint32_t)y,
            .width = (uint32_t)output->width,
            .height = (uint32_t)output->height,
            .channels = channels,
            .bytes = 1,
            .samples = buffer->rgba + (ptrdiff_t)buffer->stride * y,
        };
        lines->take(lines->user, &line);
    }
}

static enum wp_decoded result_of(VP8StatusCode code, const struct wp_log *log)
{
    static const char *const names[] = {"",
                                        "out of memory",
                                        "an impossible parameter",
                                        "an error in the coded pixels",
                                        "an unsupported feature",
                                        "the decoder waits for more bytes",
                                        "given up",
                                        "the coded pixels end too early"};
    if (code == VP8_STATUS_OK)
        return WP_DECODED;
    if ((size_t)code < sizeof names / sizeof names[0])
        wp_log_line(log, WP_LOG_WARN, "media", "libwebp: %s", names[code]);
    if (code == VP8_STATUS_OUT_OF_MEMORY)
        return WP_DECODED_NOMEM;
    return code == VP8_STATUS_UNSUPPORTED_FEATURE ? WP_DECODED_UNSUPPORTED : WP_DECODED_DAMAGED;
}

enum wp_decoded wp_webp_decode(const struct wp_lines *lines, const uint8_t *bytes, size_t len)
{
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config))
        return WP_DECODED_UNSUPPORTED;
    VP8StatusCode code = WebPGetFeatures(bytes, len, &config.input);
    if (code != VP8_STATUS_OK)
        return result_of(code, lines->log);
    if ((uint32_t)config.input.width != lines->width || (uint32_t)config.input.height != lines->height)
        return WP_DECODED_DAMAGED;
    config.output.colorspace = config.input.has_alpha ? MODE_RGBA : MODE_RGB;
    if (lines->take)
        choose_size(&config.options, lines);
    else
        choose_corner(&config.options, lines);
    code = WebPDecode(bytes, len, &config);
    if (code == VP8_STATUS_OK && lines->take)
        deliver(lines, &config.output, config.input.has_alpha ? 4 : 3);
    WebPFreeDecBuffer(&config.output);
    return result_of(code, lines->log);
}
