/* The parts of the commands that fixes are made of: numbers from the facts, names from the user. */
#include <inttypes.h>
#include <string.h>

#include "report/content_fix.h"
#include "report/convert.h"
#include "report/figures.h"
#include "report/geometry.h"
#include "report/location.h"
#include "report/variable.h"

#include "base/banned.h"

static const struct wp_limits *limits_of(const struct wp_prose *prose)
{
    return prose->preflight->limits;
}

static void add_in(struct wp_buf *out, const struct wp_prose *prose)
{
    wp_location_input(out, prose->source);
}

static void add_out_jpg(struct wp_buf *out, const struct wp_prose *prose)
{
    wp_location_output(out, prose->source, ".fixed", "jpg");
}

static void add_out_png(struct wp_buf *out, const struct wp_prose *prose)
{
    wp_location_output(out, prose->source, ".fixed", "png");
}

static void add_out_mp4(struct wp_buf *out, const struct wp_prose *prose)
{
    wp_location_output(out, prose->source, ".fixed", "mp4");
}

/* The extension that a file of this format should have; NULL for formats that are not taken. */
static const char *extension_of(enum wp_format format)
{
    static const struct {
        enum wp_format format;
        const char *extension;
    } rows[] = {
        {WP_FORMAT_JPEG, "jpg"}, {WP_FORMAT_PNG, "png"}, {WP_FORMAT_BMP, "bmp"}, {WP_FORMAT_WEBP, "webp"},
        {WP_FORMAT_MP4, "mp4"},  {WP_FORMAT_M4V, "mp4"}, {WP_FORMAT_MOV, "mov"}, {WP_FORMAT_AVI, "avi"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].format == format)
            return rows[i].extension;
    }
    return NULL;
}

/* The image in its own format: for changes that the format survives. */
static void add_out(struct wp_buf *out, const struct wp_prose *prose)
{
    const char *extension = extension_of(prose->preflight->image.format);
    wp_location_output(out, prose->source, ".fixed", extension ? extension : "jpg");
}

static void add_rename(struct wp_buf *out, const struct wp_prose *prose)
{
    const struct wp_preflight *preflight = prose->preflight;
    const char *extension = extension_of(prose->is_video ? preflight->video.format : preflight->image.format);
    if (!extension)
        return;
    if (prose->source->kind != WP_SOURCE_FILE) {
        (void)wp_buf_add_format(out, "publish it under a name that ends in .%s.", extension);
        return;
    }
    (void)wp_buf_add_text(out, "mv -n ");
    add_in(out, prose);
    (void)wp_buf_add_text(out, " ");
    wp_location_output(out, prose->source, "", extension);
}

static void add_maxrate(struct wp_buf *out, const struct wp_prose *prose)
{
    const struct wp_video_facts *video = &prose->preflight->video;
    double seconds = limits_of(prose)->max_duration_s;
    if (video->has_duration && video->duration.num > video->duration.den)
        seconds = (double)video->duration.num / (double)video->duration.den;
    /* A tenth is left for sound and container. */
    double kbit = (double)limits_of(prose)->video.unsure_bytes * 8 * 0.9 / 1000 / seconds;
    (void)wp_buf_add_text(out, "-maxrate ");
    wp_figure_decimal(out, kbit, 0);
    (void)wp_buf_add_text(out, "k -bufsize ");
    wp_figure_decimal(out, kbit, 0);
    (void)wp_buf_add_text(out, "k");
}

static void add_image_geometry(struct wp_buf *out, uint32_t width, uint32_t height,
                               const struct wp_geometry *fit)
{
    if (fit->width != width || fit->height != height)
        (void)wp_buf_add_format(out, "-resize '%" PRIu32 "x%" PRIu32 "!'", fit->width, fit->height);
    if (fit->canvas_width != fit->width || fit->canvas_height != fit->height)
        (void)wp_buf_add_format(out, "%s-background black -gravity center -extent %" PRIu32 "x%" PRIu32,
                                fit->width != width || fit->height != height ? " " : "", fit->canvas_width,
                                fit->canvas_height);
}

static void add_geometry(struct wp_buf *out, const struct wp_prose *prose)
{
    const struct wp_preflight *preflight = prose->preflight;
    struct wp_geometry fit;
    if (!prose->is_video) {
        if (wp_geometry_fit(&fit, preflight->image.width, preflight->image.height, &limits_of(prose)->image))
            add_image_geometry(out, preflight->image.width, preflight->image.height, &fit);
        return;
    }
    if (!wp_geometry_fit(&fit, preflight->video.width, preflight->video.height, &limits_of(prose)->video)) {
        (void)wp_buf_add_text(out, WP_EVEN_SIDES);
        return;
    }
    (void)wp_buf_add_format(out, "scale=%" PRIu32 ":%" PRIu32 ",setsar=1", fit.width, fit.height);
    if (fit.canvas_width != fit.width || fit.canvas_height != fit.height)
        (void)wp_buf_add_format(out, ",pad=%" PRIu32 ":%" PRIu32 ":-1:-1", fit.canvas_width,
                                fit.canvas_height);
}

static void add_crop(struct wp_buf *out, const struct wp_prose *prose)
{
    const struct wp_preflight *preflight = prose->preflight;
    const uint32_t size[2] = {preflight->image.width, preflight->image.height};
    const uint32_t shape[2] = {preflight->video.width, preflight->video.height};
    uint32_t cropped[2];
    struct wp_geometry fit;
    if (!wp_geometry_crop(cropped, size, shape))
        return;
    (void)wp_buf_add_format(out, "-gravity center -crop %" PRIu32 "x%" PRIu32 "+0+0 +repage", cropped[0],
                            cropped[1]);
    const uint32_t least = limits_of(prose)->image.min_side;
    if ((cropped[0] < least || cropped[1] < least) &&
        wp_geometry_fit(&fit, cropped[0], cropped[1], &limits_of(prose)->image)) {
        (void)wp_buf_add_text(out, " ");
        add_image_geometry(out, cropped[0], cropped[1], &fit);
    }
}

/* A filter that rounds odd sides down, after `before`; nothing if they are even. H.264 in 4:2:0 needs even
 * sides. */
static void add_even_filter(struct wp_buf *out, const struct wp_prose *prose, const char *before)
{
    const struct wp_video_facts *video = &prose->preflight->video;
    if (video->has_size && (video->width % 2 || video->height % 2))
        (void)wp_buf_add_format(out, "%sscale=%" PRIu32 ":%" PRIu32 ",setsar=1", before,
                                video->width - video->width % 2, video->height - video->height % 2);
}

static void add_even(struct wp_buf *out, const struct wp_prose *prose)
{
    add_even_filter(out, prose, " -vf ");
}

static void add_comma_even(struct wp_buf *out, const struct wp_prose *prose)
{
    add_even_filter(out, prose, ",");
}

/* Tenths of a second that the last frame is held so that the video is safely over the least duration; 0 if it
 * is too long instead. */
static int64_t held_tenths(const struct wp_prose *prose)
{
    const struct wp_video_facts *video = &prose->preflight->video;
    const uint32_t least = limits_of(prose)->min_duration_s;
    double seconds = (double)video->duration.num / (double)video->duration.den;
    if (seconds > least)
        return 0;
    return (int64_t)((least - (seconds > 0 ? seconds : 0)) * 10) + 2;
}

/* Safely under the longest duration. */
static double cut_length(const struct wp_prose *prose)
{
    return limits_of(prose)->max_duration_s - 0.5;
}

static void add_trim(struct wp_buf *out, const struct wp_prose *prose)
{
    int64_t held = held_tenths(prose);
    if (held > 0) {
        (void)wp_buf_add_text(out, "-vf tpad=stop_mode=clone:stop_duration=");
        wp_figure_decimal(out, (double)held / 10, 1);
        add_comma_even(out, prose);
        return;
    }
    (void)wp_buf_add_text(out, "-t ");
    wp_figure_decimal(out, cut_length(prose), 1);
    add_even(out, prose);
}

static void add_length(struct wp_buf *out, const struct wp_prose *prose)
{
    int64_t held = held_tenths(prose);
    (void)wp_buf_add_text(out, held > 0 ? "Hold its last frame for " : "Cut it to ");
    wp_figure_decimal(out, held > 0 ? (double)held / 10 : cut_length(prose), 1);
    (void)wp_buf_add_text(out, " s");
}

static void add_fps(struct wp_buf *out, const struct wp_prose *prose)
{
    const struct wp_video_facts *video = &prose->preflight->video;
    const struct wp_limits *limits = limits_of(prose);
    double rate = 30;
    if (video->has_frame_rate && video->frame_rate.den > 0)
        rate = (double)video->frame_rate.num / (double)video->frame_rate.den;
    if (rate < limits->min_frame_rate)
        rate = limits->min_frame_rate;
    if (rate > limits->max_frame_rate)
        rate = limits->max_frame_rate;
    wp_figure_decimal(out, rate, 0);
}

/* What to do about a file that cannot be read; a command that shows it follows. */
static void add_recover(struct wp_buf *out, const struct wp_prose *prose)
{
    bool is_there = prose->source->state == WP_SOURCE_READ;
    (void)wp_buf_add_text(out, is_there
                                   ? "Export it again from its original, if this is the right file and whole"
                                   : "Check its name, and that you may read it");
}

bool wp_command_variable_add(struct wp_buf *out, const struct wp_prose *prose, const char *name, size_t len)
{
    static const struct {
        const char *name;
        void (*add)(struct wp_buf *out, const struct wp_prose *prose);
    } variables[] = {
        {"in", add_in},
        {"out", add_out},
        {"out.jpg", add_out_jpg},
        {"out.png", add_out_png},
        {"out.mp4", add_out_mp4},
        {"convert", wp_convert},
        {"recover", add_recover},
        {"rename", add_rename},
        {"extent", wp_convert_extent},
        {"usual", wp_convert_usual},
        {"reduce", wp_convert_reduce},
        {"maxrate", add_maxrate},
        {"geometry", add_geometry},
        {"crop", add_crop},
        {"even", add_even},
        {",even", add_comma_even},
        {"trim", add_trim},
        {"length", add_length},
        {"fps", add_fps},
        {"later", wp_content_fix_later},
        {"alone", wp_content_fix_alone},
        {"straighten", wp_content_fix_straighten},
        {"closer", wp_content_fix_closer},
        {"lighter", wp_content_fix_lighter},
        {"framing", wp_content_fix_framing},
    };
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        if (strlen(variables[i].name) == len && memcmp(variables[i].name, name, len) == 0) {
            variables[i].add(out, prose);
            return true;
        }
    }
    return false;
}
