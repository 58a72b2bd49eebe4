/* What models give that are not those they should be: any outputs, of both stages, run by run. */
#include <math.h>

#include "content/faces.h"
#include "fuzz/cursor.h"
#include "preflight/clean.h"
#include "unit/content/blaze_outputs.h"

#include "base/banned.h"

enum {
    MOST_PIXELS = 24000, /* of a picture, which may be as long as any */
    MOST_WRITES = 16,    /* to the outputs of one run */
    VALUES = 16,         /* of an anchor: its box and its points */
};

/* A model; what it gives is taken off the input. */
struct wp_dnn_net {
    int side;
    struct cursor *cursor;
};

/* The outputs of the last run, each in memory of its own, so that reading over its end is seen. */
static float scores_16[512], scores_8[384], values_16[512 * VALUES], values_8[384 * VALUES];

static float take_float(struct cursor *cursor)
{
    float value;
    TAKE(cursor, value);
    return value;
}

static float take_share(struct cursor *cursor)
{
    return (float)take_below(cursor, 256) / 255;
}

/* One change of outputs that see nothing. */
static void write_one(struct cursor *cursor, struct blaze_outputs *out, int side)
{
    enum { FACE, CLOSE_FACE, SCORE, VALUE, ALL_SCORES, KINDS };
    uint16_t anchor;
    unsigned kind = take_below(cursor, KINDS);
    TAKE(cursor, anchor);
    anchor %= WP_BLAZE_ANCHORS;
    float length = (float)side, x = length / 2, y = x, size = x;
    float score = 0;
    switch (kind) {
    case FACE:
        x = take_share(cursor) * length;
        y = take_share(cursor) * length;
        size = take_share(cursor) * length;
        blaze_set(out, anchor, side, take_share(cursor), x, y, size);
        break;
    case CLOSE_FACE: /* where the first stage saw it */
        blaze_set(out, anchor, side, take_share(cursor), x, y, size);
        break;
    case SCORE:
        out->scores[anchor] = take_float(cursor);
        break;
    case VALUE:
        out->values[(size_t)anchor * VALUES + take_below(cursor, VALUES)] = take_float(cursor);
        break;
    default:
        score = take_float(cursor);
        for (size_t i = 0; i < WP_BLAZE_ANCHORS; i++)
            out->scores[i] = score;
    }
}

/* The outputs of a run, in any order. Returns how many: not always four, and not always of their sizes. */
static size_t take_outputs(struct cursor *cursor, struct wp_dnn_output outputs[WP_BLAZE_OUTPUTS], int side)
{
    static struct blaze_outputs out;
    static const struct wp_dnn_output sound[WP_BLAZE_OUTPUTS] = {
        {scores_16, 512}, {scores_8, 384}, {values_16, 512 * VALUES}, {values_8, 384 * VALUES}};
    blaze_clear(&out);
    for (unsigned left = take_below(cursor, MOST_WRITES); left > 0; left--)
        write_one(cursor, &out, side);
    memcpy(scores_16, out.scores, sizeof scores_16);
    memcpy(scores_8, out.scores + 512, sizeof scores_8);
    memcpy(values_16, out.values, sizeof values_16);
    memcpy(values_8, out.values + 512 * VALUES, sizeof values_8);
    unsigned first = take_below(cursor, WP_BLAZE_OUTPUTS), trouble = take_below(cursor, 32);
    for (unsigned i = 0; i < WP_BLAZE_OUTPUTS; i++)
        outputs[i] = sound[(first + i) % WP_BLAZE_OUTPUTS];
    if (trouble == 31)
        outputs[0].count -= 1 + take_below(cursor, 2);
    else if (trouble == 30)
        outputs[0] = outputs[1];
    return trouble == 29 ? take_below(cursor, WP_BLAZE_OUTPUTS) : WP_BLAZE_OUTPUTS;
}

static size_t run(struct wp_dnn_net *net, const float *input, int side, struct wp_dnn_output *outputs,
                  size_t max, char *reason, size_t reason_size)
{
    MUST(side == net->side && max == WP_BLAZE_OUTPUTS && reason_size > 0);
    bool is_within = true;
    for (size_t i = 0; i < (size_t)side * (size_t)side * 3; i++)
        is_within &= input[i] >= -1.001F && input[i] <= 1.001F;
    MUST(is_within);
    wp_text_copy(reason, reason_size, "as the input says");
    return take_outputs(net->cursor, outputs, side);
}

static void check_face(const struct wp_blaze *face, float least, float side)
{
    MUST(face->score >= least && face->score <= 1);
    MUST(face->x >= -side && face->x <= 2 * side && face->y >= -side && face->y <= 2 * side);
    MUST(face->width >= 0.99F && face->width <= 1.51F * side);
    MUST(face->height >= 0.99F && face->height <= 1.51F * side);
    for (size_t k = 0; k < WP_BLAZE_POINTS; k++)
        MUST(isfinite(face->points[k].x) && isfinite(face->points[k].y));
}

/* Outputs by themselves: faces that can be, each near the picture, and once. */
static void check_outputs(struct cursor *cursor)
{
    static struct wp_blaze faces[WP_BLAZE_ANCHORS];
    struct wp_dnn_output outputs[WP_BLAZE_OUTPUTS];
    int side = take_bool(cursor) ? WP_BACK_SIDE : WP_FRONT_SIDE;
    float least = 0.01F + 0.9F * take_share(cursor);
    size_t count = take_outputs(cursor, outputs, side), found = 1;
    bool is_sound = wp_blaze_decode(faces, &found, outputs, count, side, least);
    MUST(found <= (is_sound ? WP_BLAZE_ANCHORS : 0));
    for (size_t i = 0; i < found; i++)
        check_face(&faces[i], least, (float)side);
    size_t left = wp_blaze_merge(faces, found);
    MUST(left <= found && (left > 0) == (found > 0));
    for (size_t i = 0; i < left; i++) {
        check_face(&faces[i], least, (float)side);
        MUST(i == 0 || faces[i].score <= faces[i - 1].score);
    }
}

/* What was seen is what the public header says of it: nothing that a caller would have to make safe. */
static void check_look(const struct wp_look *look)
{
    static struct wp_content_facts facts, clean;
    MUST(look->face_count <= WP_MAX_FACES && look->maybe_count <= WP_BLAZE_ANCHORS);
    for (uint32_t i = 0; i < look->face_count; i++) {
        const struct wp_face *face = &look->faces[i];
        MUST(i == 0 || face->height <= look->faces[i - 1].height);
        MUST(face->height >= WP_FACE_COUNTS * look->faces[0].height);
        MUST(face->score >= 1.39 && isnan(face->yaw) == isnan(face->roll));
    }
    facts.state = WP_CONTENT_LOOKED;
    facts.look_count = 1;
    facts.looks[0] = *look;
    clean = facts;
    wp_clean_content_facts(&clean);
    MUST(memcmp(&clean, &facts, sizeof facts) == 0);
}

/* Mostly short: a long side takes time. */
static uint32_t take_side(struct cursor *cursor, uint32_t most)
{
    enum { SHORT = 64, ONE_OF = 16 };
    uint16_t length;
    TAKE(cursor, length);
    uint32_t limit = length % ONE_OF == ONE_OF - 1 ? WP_CONTENT_IMAGE_SIDE : SHORT;
    return 1 + length / ONE_OF % (limit < most ? limit : most);
}

static const struct wp_dnn dnn = {.version = WP_DNN_VERSION, .run = run};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct wp_detector detector;
    static uint8_t rgb[MOST_PIXELS * 3];
    struct cursor cursor = {data, size};
    struct wp_dnn_net nets[WP_CONTENT_MODELS] = {
        [WP_BACK] = {WP_BACK_SIDE, &cursor}, [WP_FRONT] = {WP_FRONT_SIDE, &cursor}};
    uint32_t width = take_side(&cursor, WP_CONTENT_IMAGE_SIDE);
    uint32_t height = take_side(&cursor, MOST_PIXELS / width);
    unsigned step = take_below(&cursor, 256);
    for (size_t i = 0; i < (size_t)width * height * 3; i++)
        rgb[i] = (uint8_t)(i * step >> 4);
    check_outputs(&cursor);
    const struct wp_picture picture = {width, height, rgb};
    struct wp_look look = {.width = width, .height = height};
    struct wp_error error = {.status = WP_OK};
    detector.dnn = &dnn;
    for (size_t i = 0; i < WP_CONTENT_MODELS; i++)
        detector.nets[i] = &nets[i];
    wp_faces_prepare(&detector, &picture);
    enum wp_status status = wp_faces_find(&look, &detector, &picture, &error);
    MUST(status == WP_OK || status == WP_INPUT);
    if (status == WP_OK)
        check_look(&look);
    else
        MUST_BE_CLEAN(error.message);
    return 0;
}
