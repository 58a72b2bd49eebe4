#include "report/content_fix.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "model/questions.h"
#include "report/figures.h"
#include "report/geometry.h"

#include "base/banned.h"

/* As the rows of the catalogue have it. */
#define ENCODE "-c:v libx264 -crf 18 -pix_fmt yuv420p -c:a aac "

static const struct wp_content_facts *content_of(const struct wp_prose *prose)
{
    return prose->is_video ? &prose->preflight->video_content : &prose->preflight->image_content;
}

/* The first picture, or NULL if none was looked at. */
static const struct wp_look *first_look(const struct wp_content_facts *content)
{
    return content->state == WP_CONTENT_LOOKED && content->look_count > 0 ? &content->looks[0] : NULL;
}

static void add_variable(struct wp_buf *out, const struct wp_prose *prose, const char *name)
{
    (void)wp_variable_add(out, prose, name, strlen(name));
}

/* The question that a rule asks. */
static enum wp_question question_of(const struct wp_rule *rule)
{
    static const struct {
        const char *end;
        enum wp_question question;
    } rows[] = {
        {".no-face", WP_ASK_FACE},
        {".several-faces", WP_ASK_ALONE},
        {".face-turned", WP_ASK_FACING},
        {".face-cut-off", WP_ASK_WHOLE},
        {".face-too-small", WP_ASK_NOT_SMALL},
        {".face-too-large", WP_ASK_NOT_LARGE},
        {".too-dark", WP_ASK_LIGHT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (wp_text_ends(rule->id, rows[i].end))
            return rows[i].question;
    }
    return WP_ASK_SHARP;
}

/* How far into the video a picture is. */
static double into(const struct wp_video_facts *video, const struct wp_look *look)
{
    bool is_known = video->has_start_time && video->start_time.den > 0;
    double start = is_known ? (double)video->start_time.num / (double)video->start_time.den : 0;
    return start < look->time_s ? look->time_s - start : 0;
}

/* The same as ffmpeg -ss counts it: from where the first stream begins, which is at 0 where there is sound.
 */
static double seek_time(const struct wp_video_facts *video, const struct wp_look *look)
{
    return video->has_stream_counts && video->audio_streams == 0 ? into(video, look) : look->time_s;
}

/* Whether what is left of the video from this picture on is long enough, and all right. */
static bool can_begin(const struct wp_preflight *preflight, enum wp_question question, uint32_t index)
{
    const struct wp_video_facts *video = &preflight->video;
    const struct wp_content_facts *content = &preflight->video_content;
    if (!video->has_duration || video->duration.den <= 0)
        return false;
    double left =
        (double)video->duration.num / (double)video->duration.den - into(video, &content->looks[index]);
    return left > preflight->limits->min_duration_s &&
           wp_look_answer(&content->looks[index], WP_ASK_FACE) == WP_YES &&
           wp_content_ask(content, question, index).value == WP_YES;
}

void wp_content_fix_later(struct wp_buf *out, const struct wp_prose *prose)
{
    const struct wp_preflight *preflight = prose->preflight;
    const struct wp_content_facts *content = &preflight->video_content;
    enum wp_question question = question_of(prose->finding->rule);
    uint32_t index = 1;
    while (index < content->look_count && !can_begin(preflight, question, index))
        index++;
    if (index >= content->look_count) {
        (void)wp_buf_add_text(out, ", or use another video: no frame that was looked at would do.");
        return;
    }
    (void)wp_buf_add_text(out, ": ffmpeg -ss ");
    /* ffmpeg drops what lies before: rounded down, so that the frame itself is kept. */
    wp_figure_decimal(out, floor(seek_time(&preflight->video, &content->looks[index]) * 1000 + 1e-6) / 1000,
                      3);
    (void)wp_buf_add_text(out, " -i ");
    add_variable(out, prose, "in");
    add_variable(out, prose, "even");
    (void)wp_buf_add_text(out, " " ENCODE);
    add_variable(out, prose, "out.mp4");
}

static void add_convert(struct wp_buf *out, const struct wp_prose *prose)
{
    (void)wp_buf_add_text(out, ": convert ");
    add_variable(out, prose, "in");
    (void)wp_buf_add_text(out, " -auto-orient ");
}

/* A command that keeps a part of the image, made as big as is allowed at the least. */
static void add_image_crop(struct wp_buf *out, const struct wp_prose *prose, const struct wp_area *part)
{
    struct wp_geometry fit;
    const struct wp_medium_limits *limits = &prose->preflight->limits->image;
    add_convert(out, prose);
    (void)wp_buf_add_format(out, "-crop %" PRIu32 "x%" PRIu32 "+%" PRIu32 "+%" PRIu32 " +repage ",
                            part->width, part->height, part->x, part->y);
    if ((part->width < limits->min_side || part->height < limits->min_side) &&
        wp_geometry_fit(&fit, part->width, part->height, limits))
        (void)wp_buf_add_format(out, "-resize '%" PRIu32 "x%" PRIu32 "!' ", fit.width, fit.height);
    add_variable(out, prose, "out");
}

/* Likewise of the video, whose pixels are made square first. */
static void add_video_crop(struct wp_buf *out, const struct wp_prose *prose, const struct wp_area *part)
{
    struct wp_geometry fit;
    const struct wp_video_facts *video = &prose->preflight->video;
    const struct wp_medium_limits *limits = &prose->preflight->limits->video;
    (void)wp_buf_add_text(out, ": ffmpeg -i ");
    add_variable(out, prose, "in");
    (void)wp_buf_add_text(out, " -vf ");
    if (video->has_sample_aspect_ratio && video->sample_aspect_ratio.num != video->sample_aspect_ratio.den)
        (void)wp_buf_add_format(out, "scale=%" PRIu32 ":%" PRIu32 ",setsar=1,", video->width, video->height);
    (void)wp_buf_add_format(out, "crop=%" PRIu32 ":%" PRIu32 ":%" PRIu32 ":%" PRIu32, part->width,
                            part->height, part->x, part->y);
    if ((part->width < limits->min_side || part->height < limits->min_side) &&
        wp_geometry_fit(&fit, part->width, part->height, limits))
        (void)wp_buf_add_format(out, ",scale=%" PRIu32 ":%" PRIu32, fit.width, fit.height);
    (void)wp_buf_add_text(out, " " ENCODE);
    add_variable(out, prose, "out.mp4");
}

void wp_content_fix_alone(struct wp_buf *out, const struct wp_prose *prose)
{
    const struct wp_look *look = first_look(content_of(prose));
    struct wp_box boxes[WP_MAX_FACES];
    struct wp_area part;
    bool are_all_known = look && look->maybe_count == 0 && look->face_count <= WP_MAX_FACES;
    for (uint32_t i = 0; are_all_known && i < look->face_count; i++) {
        const struct wp_face *face = &look->faces[i];
        boxes[i] = (struct wp_box){face->x, face->y, face->width, face->height};
    }
    if (are_all_known && look->face_count > 1 &&
        wp_geometry_alone(&part, (const uint32_t[2]){look->width, look->height}, boxes, look->face_count,
                          &prose->preflight->limits->image))
        add_image_crop(out, prose, &part);
    else
        (void)wp_buf_add_text(out, ", or use another picture: where to cut this one is not known.");
}

void wp_content_fix_straighten(struct wp_buf *out, const struct wp_prose *prose)
{
    const int quarter = 90;
    const struct wp_look *look = first_look(content_of(prose));
    const struct wp_face *face = look && look->face_count > 0 ? &look->faces[0] : NULL;
    bool is_tilted = face && fabs(face->roll) > WP_FACE_MOST_TURNED && fabs(face->yaw) <= WP_FACE_MOST_TURNED;
    int turns = is_tilted ? (int)lround(face->roll / quarter) : 0;
    if (turns == 0 || fabs(face->roll - turns * quarter) > WP_FACE_MOST_TURNED) {
        (void)wp_buf_add_text(out, "Use a picture that shows the face upright and from the front.");
        return;
    }
    (void)wp_buf_add_text(out, "Turn it");
    add_convert(out, prose);
    (void)wp_buf_add_format(out, "-rotate %d ", -turns * quarter);
    add_variable(out, prose, "out");
}

/* The highest faces of all pictures that have the size of the first: the box around them, and the height of
 * the lowest. False if no picture shows a face. */
static bool around_faces(struct wp_box *box, double *height, const struct wp_content_facts *content)
{
    bool is_any = false;
    double left = 0, top = 0, right = 0, bottom = 0;
    for (uint32_t i = 0; i < content->look_count; i++) {
        const struct wp_look *look = &content->looks[i];
        const struct wp_face *face = &look->faces[0];
        if (look->face_count == 0 || look->width != content->looks[0].width ||
            look->height != content->looks[0].height)
            continue;
        left = is_any ? fmin(left, face->x) : face->x;
        top = is_any ? fmin(top, face->y) : face->y;
        right = is_any ? fmax(right, face->x + face->width) : face->x + face->width;
        bottom = is_any ? fmax(bottom, face->y + face->height) : face->y + face->height;
        *height = is_any ? fmin(*height, face->height) : face->height;
        is_any = true;
    }
    *box = (struct wp_box){left, top, right - left, bottom - top};
    return is_any;
}

/* The part of the pictures in which the lowest of the faces has this share of the height. */
static bool closer(struct wp_area *out, const struct wp_content_facts *content, double share)
{
    struct wp_box box;
    double height = 0;
    const struct wp_look *look = first_look(content);
    if (!look || !around_faces(&box, &height, content) || !(height > 0))
        return false;
    return wp_geometry_closer(out, (const uint32_t[2]){look->width, look->height}, &box,
                              share * box.height / height);
}

void wp_content_fix_closer(struct wp_buf *out, const struct wp_prose *prose)
{
    const double share =
        1.5 * WP_FACE_LEAST_HEIGHT; /* safely over the limit, and much of the body still there */
    struct wp_area part;
    if (!closer(&part, content_of(prose), share))
        (void)wp_buf_add_text(out, ", or film it from nearer: no part of the picture holds what is needed.");
    else if (prose->is_video)
        add_video_crop(out, prose, &part);
    else
        add_image_crop(out, prose, &part);
}

/* The power that lifts the brightness far enough; 0 if that shows more noise than person. */
static double gamma_of(const struct wp_content_facts *content)
{
    const double wanted = 0.6, most = 4;
    double darkest = NAN;
    for (uint32_t i = 0; i < content->look_count; i++)
        darkest = fmin(darkest, content->looks[i].brightness); /* NaN counts as missing */
    if (!(darkest > 0 && darkest < wanted))
        return 0;
    double gamma = log(darkest) / log(wanted);
    return gamma <= most ? gamma : 0;
}

void wp_content_fix_lighter(struct wp_buf *out, const struct wp_prose *prose)
{
    double gamma = gamma_of(content_of(prose));
    if (gamma == 0) {
        (void)wp_buf_add_text(out, ", or use another: too little is left in the dark to be brought out.");
        return;
    }
    if (prose->is_video) {
        (void)wp_buf_add_text(out, ": ffmpeg -i ");
        add_variable(out, prose, "in");
        (void)wp_buf_add_text(out, " -vf eq=gamma=");
        wp_figure_decimal(out, gamma, 1);
        add_variable(out, prose, ",even");
        (void)wp_buf_add_text(out, " " ENCODE);
        add_variable(out, prose, "out.mp4");
        return;
    }
    add_convert(out, prose);
    (void)wp_buf_add_text(out, "-gamma ");
    wp_figure_decimal(out, gamma, 1);
    (void)wp_buf_add_text(out, " ");
    add_variable(out, prose, "out");
}

void wp_content_fix_framing(struct wp_buf *out, const struct wp_prose *prose)
{
    const struct wp_look *image = first_look(&prose->preflight->image_content);
    const struct wp_look *video = first_look(&prose->preflight->video_content);
    double wanted = video ? wp_look_face_share(video) : NAN;
    struct wp_area part;
    if (image && wp_look_face_share(image) < wanted &&
        closer(&part, &prose->preflight->image_content, wanted))
        add_image_crop(out, prose, &part);
    else
        (void)wp_buf_add_text(out,
                              ", or use an image that shows as much of the person as its first frame does.");
}
