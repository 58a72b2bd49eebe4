/* What of a result is not as expected. */
#include "base/text.h"
#include "wanprep/job.h"

#include "base/banned.h"

#define SHORT_SIDE      720 /* "720P class"; real ones are 704 and the like */
#define SIDE_TOLERANCE  72
#define RATE_TOLERANCE  0.5
#define LEAST_SECONDS   0.5 /* of difference, and at least a twentieth of it, before it is worth a note */
#define SECONDS_PORTION 20

struct notes {
    struct wp_job_note *items;
    size_t count;
};

static struct wp_job_note *begin(struct notes *notes, const char *about, double expected, double actual)
{
    struct wp_job_note *note = &notes->items[notes->count++];
    *note = (struct wp_job_note){.about = about, .expected = expected, .actual = actual};
    return note;
}

static double distance(double a, double b)
{
    return a < b ? b - a : a - b;
}

static bool is_far(double seconds, double expected)
{
    double apart = distance(seconds, expected);
    return apart > LEAST_SECONDS && apart > expected / SECONDS_PORTION;
}

static void compare_bill(struct notes *notes, const struct wp_job_result *result)
{
    double billed = result->billed_seconds, predicted = result->predicted_seconds;
    double length = result->facts.duration;
    if (!result->has_billed_seconds)
        return;
    if (result->has_predicted_seconds && is_far(billed, predicted)) {
        struct wp_job_note *note = begin(notes, "billed_seconds", predicted, billed);
        (void)wp_text_format(note->message, sizeof note->message,
                             "the service billed %.6g s of output, and %.6g s were predicted", billed,
                             predicted);
    }
    if (length > 0 && is_far(billed, length)) {
        struct wp_job_note *note = begin(notes, "billed_seconds", length, billed);
        (void)wp_text_format(note->message, sizeof note->message,
                             "the service billed %.6g s of output, and the result has %.6g s", billed,
                             length);
    }
}

static void compare_length(struct notes *notes, const struct wp_job_result *result)
{
    double length = result->facts.duration, predicted = result->predicted_seconds;
    if (length <= 0 || !result->has_predicted_seconds || !is_far(length, predicted))
        return;
    struct wp_job_note *note = begin(notes, "duration", predicted, length);
    (void)wp_text_format(note->message, sizeof note->message,
                         "the result has %.6g s, and the reference video has %.6g s", length, predicted);
}

static void compare_picture(struct notes *notes, const struct wp_job_result *result)
{
    const struct wp_result_facts *facts = &result->facts;
    double rate = result->mode == WP_MODE_PRO ? 25 : 15;
    uint32_t side = facts->width < facts->height ? facts->width : facts->height;
    if (facts->frame_rate > 0 && result->has_inputs && distance(facts->frame_rate, rate) > RATE_TOLERANCE) {
        struct wp_job_note *note = begin(notes, "frame_rate", rate, facts->frame_rate);
        (void)wp_text_format(note->message, sizeof note->message,
                             "the result has %.6g frames a second, and %s makes %.6g", facts->frame_rate,
                             wp_mode_name(result->mode), rate);
    }
    if (side > 0 && distance(side, SHORT_SIDE) > SIDE_TOLERANCE) {
        struct wp_job_note *note = begin(notes, "short_side", SHORT_SIDE, side);
        (void)wp_text_format(note->message, sizeof note->message,
                             "the result is %ux%u, and the service makes about %d on the shorter side",
                             facts->width, facts->height, SHORT_SIDE);
    }
}

size_t wp_job_notes(struct wp_job_note out[WP_MAX_JOB_NOTES], const struct wp_job_result *result)
{
    struct notes notes = {.items = out};
    compare_bill(&notes, result);
    compare_length(&notes, result);
    compare_picture(&notes, result);
    return notes.count;
}
