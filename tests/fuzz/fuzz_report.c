/* Reports about facts that hold any texts and numbers: whatever was measured, a document is one. */
#include "fuzz/cursor.h"
#include "fuzz/markup.h"
#include "preflight/clean.h"
#include "source/source.h"
#include "unit/report/preflights.h"
#include "json/json.h"

#include "base/banned.h"

static const char secret[] = "QzRkF7pWx2";

static struct wp_rational take_rational(struct cursor *cursor)
{
    struct wp_rational value;
    TAKE(cursor, value);
    value.den = value.den > 0 ? value.den : 1;
    return value;
}

static void take_source(struct cursor *cursor, struct wp_source_facts *source, bool sign)
{
    char location[1024];
    TAKE_TEXT(cursor, location);
    size_t len = strlen(location);
    wp_source_describe(source, location);
    if (sign && source->kind != WP_SOURCE_FILE) {
        wp_text_format(location + len, sizeof location - len, "?\nSignature=%s", secret);
        wp_source_describe(source, location);
    }
    source->state = (enum wp_source_state)take_below(cursor, 3);
    source->reason[0] = '\0';
    if (source->state != WP_SOURCE_READ)
        TAKE_TEXT(cursor, source->reason);
}

static void take_image(struct cursor *cursor, struct wp_image_facts *image)
{
    image->format = (enum wp_format)take_below(cursor, WP_FORMAT_JSON + 1);
    TAKE_TEXT(cursor, image->unreadable);
    image->has_size = take_bool(cursor);
    TAKE(cursor, image->width);
    TAKE(cursor, image->height);
    TAKE(cursor, image->bytes);
    image->exif_orientation = (uint8_t)(1 + take_below(cursor, 8));
    TAKE(cursor, image->channels);
    TAKE(cursor, image->bits);
    image->color_model = (enum wp_color_model)take_below(cursor, WP_COLOR_CMYK + 1);
    image->has_alpha = (enum wp_tristate)take_below(cursor, 3);
    image->transparent = (enum wp_tristate)take_below(cursor, 3);
    image->animated = (enum wp_tristate)take_below(cursor, 3);
    image->complete = (enum wp_tristate)take_below(cursor, 3);
    TAKE_TEXT(cursor, image->variant);
    image->decode = (enum wp_decode_state)take_below(cursor, WP_DECODE_REFUSED + 1);
    TAKE_TEXT(cursor, image->decode_reason);
}

static void take_video(struct cursor *cursor, struct wp_video_facts *video)
{
    video->format = (enum wp_format)take_below(cursor, WP_FORMAT_JSON + 1);
    TAKE_TEXT(cursor, video->brand);
    TAKE_TEXT(cursor, video->unreadable);
    TAKE_TEXT(cursor, video->codec);
    TAKE_TEXT(cursor, video->codec_tag);
    TAKE_TEXT(cursor, video->profile);
    TAKE_TEXT(cursor, video->pixel_format);
    TAKE_TEXT(cursor, video->color_transfer);
    TAKE(cursor, video->bytes);
    TAKE(cursor, video->width);
    TAKE(cursor, video->height);
    TAKE(cursor, video->rotation);
    video->sample_aspect_ratio = take_rational(cursor);
    video->has_duration = take_bool(cursor);
    video->duration = take_rational(cursor);
    video->container_duration = take_rational(cursor);
    video->frame_rate = take_rational(cursor);
    TAKE(cursor, video->frame_count);
    video->min_frame_interval = take_rational(cursor);
    video->max_frame_interval = take_rational(cursor);
    video->variable_frame_rate = (enum wp_tristate)take_below(cursor, 3);
    video->interlaced = (enum wp_tristate)take_below(cursor, 3);
    video->hdr = (enum wp_tristate)take_below(cursor, 3);
    video->encrypted = (enum wp_tristate)take_below(cursor, 3);
    video->complete = (enum wp_tristate)take_below(cursor, 3);
    TAKE(cursor, video->decode_errors);
    video->decode = (enum wp_decode_state)take_below(cursor, WP_DECODE_REFUSED + 1);
    TAKE_TEXT(cursor, video->decode_reason);
}

/* Numbers of pictures, and any others. */
static double take_number(struct cursor *cursor)
{
    int16_t quarters;
    double any;
    bool is_any = take_below(cursor, 16) == 15;
    TAKE(cursor, quarters);
    if (!is_any)
        return quarters / 4.0;
    TAKE(cursor, any);
    return any;
}

static double take_share(struct cursor *cursor)
{
    return take_below(cursor, 101) / 100.0;
}

static void take_look(struct cursor *cursor, struct wp_look *look)
{
    look->time_s = take_number(cursor);
    TAKE(cursor, look->width);
    TAKE(cursor, look->height);
    look->face_count = take_below(cursor, 2 * WP_MAX_FACES);
    look->maybe_count = take_below(cursor, 4);
    look->brightness = take_share(cursor);
    look->has_sharpness = take_bool(cursor);
    look->sharpness = take_share(cursor);
    for (uint32_t i = 0; i < look->face_count && i < WP_MAX_FACES; i++) {
        struct wp_face *face = &look->faces[i];
        face->x = take_number(cursor);
        face->y = take_number(cursor);
        face->width = take_number(cursor);
        face->height = take_number(cursor);
        face->score = 2 * take_share(cursor);
        face->inside = take_share(cursor);
        face->yaw = take_number(cursor);
        face->roll = take_number(cursor);
    }
}

static void take_content(struct cursor *cursor, struct wp_content_facts *content)
{
    content->state = (enum wp_content_state)take_below(cursor, WP_CONTENT_LOOKED + 1);
    if (content->state == WP_CONTENT_NOT_ASKED)
        return;
    TAKE_TEXT(cursor, content->reason);
    content->look_count = 1 + take_below(cursor, WP_MAX_LOOKS);
    for (uint32_t i = 0; i < content->look_count; i++)
        take_look(cursor, &content->looks[i]);
    wp_clean_content_facts(content);
}

/* Small pictures of what was looked at, on which boxes are drawn. */
static const struct wp_thumbnails *pictures_of(const struct pair *pair, struct wp_thumbnails *out)
{
    static const unsigned char jpeg[] = "any bytes";
    const struct wp_thumbnail picture = {0, 16, 9, jpeg, sizeof jpeg};
    *out = (struct wp_thumbnails){.has_image = true, .image = picture};
    for (uint32_t i = 0; i < pair->video_content.look_count && i < WP_MAX_THUMBNAILS; i++) {
        out->video[out->video_count] = picture;
        out->video[out->video_count++].time_s = pair->video_content.looks[i].time_s;
    }
    return out;
}

/* A preflight as the input says; what it leaves out is as in a pair that is fine. */
static void take_preflight(struct cursor *cursor, struct wp_preflight *preflight,
                           struct wp_thumbnails *pictures, bool sign)
{
    static struct pair pair;
    pair_init(&pair);
    pair.depth = (enum wp_depth)take_below(cursor, 3);
    pair.policy.strict = take_bool(cursor);
    take_source(cursor, &pair.image_source, sign);
    take_source(cursor, &pair.video_source, sign);
    if (take_bool(cursor))
        take_image(cursor, &pair.image);
    if (take_bool(cursor))
        take_video(cursor, &pair.video);
    pair.content = (enum wp_content_mode)take_below(cursor, WP_CONTENT_ERROR + 1);
    if (pair.content != WP_CONTENT_OFF) {
        take_content(cursor, &pair.image_content);
        take_content(cursor, &pair.video_content);
    }
    preflight_of(preflight, &pair);
    preflight->thumbnails = pair.content != WP_CONTENT_OFF ? pictures_of(&pair, pictures) : NULL;
}

static bool append(void *user, const char *bytes, size_t length)
{
    return wp_buf_add(user, bytes, length);
}

static struct wp_buf write_report(enum wp_report_format format, const struct wp_preflight *preflights,
                                  size_t count, const struct wp_report_options *options)
{
    struct wp_buf out = wp_buf_new(64 << 20);
    struct wp_report *report = NULL;
    struct wp_error error;
    MUST(wp_report_new(&report, format, options, append, &out, &error) == WP_OK);
    for (size_t i = 0; i < count; i++)
        MUST(wp_report_add(report, &preflights[i], &error) == WP_OK);
    MUST(wp_report_end(report, &error) == WP_OK);
    wp_report_free(report);
    MUST(strlen(wp_buf_text(&out)) == out.len && (out.len == 0 || wp_text_ends(out.data, "\n")));
    return out;
}

/* Cuts text into its lines, each of which must be clean; each() judges one. */
static void check_lines(struct wp_buf *out, void (*each)(const char *line, size_t len))
{
    for (char *line = out->data; line && *line;) {
        char *end = strchr(line, '\n');
        *end = '\0';
        MUST(fuzz_is_clean(line, (size_t)(end - line) + 1));
        if (each)
            each(line, (size_t)(end - line));
        line = end + 1;
    }
}

static void check_command(const char *line, size_t len)
{
    (void)len;
    MUST(wp_text_starts(line, "::") || wp_text_starts(line, "wanprep: "));
}

static void check_json(const char *text, size_t len)
{
    struct wp_json *document = wp_json_parse(text, len);
    MUST(document != NULL && wp_json_is_object(document));
    const char *schema = wp_json_text(document, "schema"), *verdict = wp_json_text(document, "verdict");
    MUST(schema && strcmp(schema, "wanprep.check/1") == 0);
    MUST(verdict && (strcmp(verdict, "accept") == 0 || strcmp(verdict, "reject") == 0));
    wp_json_free(document);
}

static void check(enum wp_report_format format, const struct wp_preflight *preflights, size_t count,
                  const struct wp_report_options *options)
{
    struct wp_buf out = write_report(format, preflights, count, options);
    struct wp_json *document = NULL;
    MUST(!strstr(wp_buf_text(&out), secret));
    switch (format) {
    case WP_REPORT_TEXT:
        check_lines(&out, NULL);
        break;
    case WP_REPORT_GITHUB:
        check_lines(&out, check_command);
        break;
    case WP_REPORT_JSONL:
        check_lines(&out, check_json);
        break;
    case WP_REPORT_JSON:
        if (count == 1)
            check_json(out.data, out.len);
        else
            check_lines(&out, check_json);
        break;
    case WP_REPORT_SARIF:
        document = wp_json_parse(out.data, out.len);
        MUST(wp_json_count(wp_json_member(document, "runs")) == 1);
        wp_json_free(document);
        check_lines(&out, NULL);
        break;
    case WP_REPORT_HTML:
    case WP_REPORT_JUNIT:
        MUST(fuzz_is_markup(out.data, format == WP_REPORT_HTML));
        check_lines(&out, NULL);
        break;
    }
    wp_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct wp_preflight preflights[2];
    static struct wp_thumbnails pictures[2];
    struct cursor cursor = {data, size};
    /* Which of the formats, how many pairs, and what else a user can choose. */
    enum wp_report_format format = (enum wp_report_format)take_below(&cursor, WP_REPORT_GITHUB + 1);
    struct wp_report_options options = {.verbose = take_bool(&cursor), .quiet = take_bool(&cursor)};
    bool sign = take_bool(&cursor) && (!size || !memmem(data, size, secret, sizeof secret - 1));
    size_t count = 1 + take_below(&cursor, 2);
    for (size_t i = 0; i < count; i++)
        take_preflight(&cursor, &preflights[i], &pictures[i], sign);
    if (!sign && size && memmem(data, size, secret, sizeof secret - 1))
        return 0;
    check(format, preflights, count, &options);
    return 0;
}
