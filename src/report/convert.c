#include "report/convert.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "report/location.h"

#include "base/banned.h"

enum family { PICTURE, MOVIE, NEITHER };

static enum family family_of(enum wp_format format)
{
    if (format >= WP_FORMAT_JPEG && format <= WP_FORMAT_SVG)
        return PICTURE;
    if (format >= WP_FORMAT_MP4 && format <= WP_FORMAT_OGG)
        return MOVIE;
    return NEITHER;
}

/* "PROGRAM 'in' OPTIONS 'out.fixed.EXTENSION'" */
static void add_command(struct wp_buf *out, const struct wp_prose *prose, const char *program,
                        const char *options, const char *extension)
{
    (void)wp_buf_add_text(out, program);
    (void)wp_buf_add_text(out, " ");
    wp_location_input(out, prose->source);
    (void)wp_buf_add_format(out, " %s ", options);
    wp_location_output(out, prose->source, ".fixed", extension);
}

void wp_convert_extent(struct wp_buf *out, const struct wp_prose *prose)
{
    (void)wp_buf_add_format(out, "%" PRIu64 "KB",
                            prose->preflight->limits->image.unsure_bytes / 1000 * 95 / 100);
}

/* The sides of what is not taken were not measured: what is too big is made to fit in any case. */
static void add_picture(struct wp_buf *out, const struct wp_prose *prose)
{
    struct wp_buf options = wp_buf_new(out->ceiling);
    const uint32_t side = prose->preflight->limits->image.max_side;
    /* the first picture, if there are more */
    (void)wp_buf_add_format(
        &options, "-delete 1--1 -auto-orient -resize '%" PRIu32 "x%" PRIu32 ">' -define jpeg:extent=", side,
        side);
    wp_convert_extent(&options, prose);
    add_command(out, prose, ": convert", wp_buf_text(&options), "jpg");
    if (options.failed)
        out->failed = options.failed;
    wp_buf_free(&options);
}

static void convert_image(struct wp_buf *out, const struct wp_prose *prose)
{
    enum family family = family_of(prose->preflight->image.format);
    if (family == PICTURE) {
        add_picture(out, prose);
    } else if (family == MOVIE) {
        (void)wp_buf_add_text(out, "; take a frame of it: ");
        add_command(out, prose, "ffmpeg -i", "-frames:v 1 -update 1 -q:v 2", "jpg");
    } else {
        (void)wp_buf_add_text(out, "; no command makes a picture of it, so pass the image itself.");
    }
}

static void convert_video(struct wp_buf *out, const struct wp_prose *prose)
{
    const struct wp_video_facts *video = &prose->preflight->video;
    if (family_of(video->format) != MOVIE && video->format != WP_FORMAT_GIF)
        (void)wp_buf_add_text(out, "; no command makes a video with motion of it, so pass the video itself.");
    /* 3GP is MP4 with another brand: the picture can be copied, but its sound (AMR) has no place in MP4. */
    else if (video->format == WP_FORMAT_3GP && strcmp(video->codec, "h263") != 0)
        add_command(out, prose, ": ffmpeg -i", "-map 0:v:0 -map '0:a?' -c copy -c:a aac", "mp4");
    else
        add_command(out, prose, ": ffmpeg -i",
                    "-vf " WP_EVEN_SIDES " -c:v libx264 -crf 18 -pix_fmt yuv420p -c:a aac", "mp4");
}

void wp_convert(struct wp_buf *out, const struct wp_prose *prose)
{
    if (prose->is_video)
        convert_video(out, prose);
    else
        convert_image(out, prose);
}

/* ImageMagick reads no JPEG of these kinds, and FFmpeg does; it must not take "%d" in a name for a number. */
static void add_by_ffmpeg(struct wp_buf *out, const struct wp_prose *prose)
{
    add_command(out, prose, ": ffmpeg -f image2 -pattern_type none -i",
                "-frames:v 1 -update 1 -pix_fmt rgb24", "png");
}

void wp_convert_usual(struct wp_buf *out, const struct wp_prose *prose)
{
    const struct wp_image_facts *image = &prose->preflight->image;
    const char *variant = image->variant;
    bool is_unread = strstr(variant, "embedded") || strstr(variant, "OS/2") ||
                     strstr(variant, "hierarchical") || strstr(variant, "DNL");
    bool is_for_ffmpeg =
        strstr(variant, "JPEG-LS") || strstr(variant, "lossless JPEG") || strstr(variant, "-bit JPEG");
    if (is_unread)
        (void)wp_buf_add_text(out, "; no usual tool reads this one, so use the program that made it.");
    else if (is_for_ffmpeg)
        add_by_ffmpeg(out, prose);
    else
        add_command(out, prose, ": convert", "-auto-orient", "png");
}

void wp_convert_reduce(struct wp_buf *out, const struct wp_prose *prose)
{
    if (prose->preflight->image.format == WP_FORMAT_JPEG)
        add_by_ffmpeg(out, prose);
    else
        add_command(out, prose, ": convert", "-auto-orient -depth 8", "png");
}
