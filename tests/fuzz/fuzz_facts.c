/* Facts from a child that a hostile file may have taken over: any bytes at all, made safe, then judged and
 * reported. */
#include <math.h>
#include <stddef.h>

#include "fuzz/fuzz.h"
#include "model/questions.h"
#include "preflight/clean.h"
#include "unit/report/preflights.h"

#include "base/banned.h"

static void check_image(const struct wp_image_facts *facts)
{
    MUST_BE_CLEAN(facts->unreadable);
    MUST_BE_CLEAN(facts->variant);
    MUST_BE_CLEAN(facts->decode_reason);
    MUST(facts->has_bytes && facts->bytes == 12345);
    MUST(strlen(facts->sha256) == 64 || !facts->sha256[0]);
    MUST(facts->format <= WP_FORMAT_JSON && facts->decode <= WP_DECODE_REFUSED);
    MUST(!facts->has_exif_orientation || (facts->exif_orientation >= 1 && facts->exif_orientation <= 8));
}

static void check_video(const struct wp_video_facts *facts)
{
    MUST_BE_CLEAN(facts->brand);
    MUST_BE_CLEAN(facts->unreadable);
    MUST_BE_CLEAN(facts->codec);
    MUST_BE_CLEAN(facts->codec_tag);
    MUST_BE_CLEAN(facts->profile);
    MUST_BE_CLEAN(facts->pixel_format);
    MUST_BE_CLEAN(facts->color_transfer);
    MUST_BE_CLEAN(facts->decode_reason);
    MUST(facts->has_bytes && facts->bytes == 12345);
    MUST(strlen(facts->sha256) == 64 || !facts->sha256[0]);
    MUST(!facts->has_duration || (facts->duration.num >= 0 && facts->duration.den > 0));
    MUST(!facts->has_frame_rate || (facts->frame_rate.num > 0 && facts->frame_rate.den > 0));
    MUST(!facts->has_rotation || (facts->rotation >= 0 && facts->rotation < 360));
}

static void check_face(const struct wp_face *face)
{
    MUST(isfinite(face->x) && isfinite(face->y) && isfinite(face->width) && isfinite(face->height));
    MUST(face->width > 0 && face->height > 0 && face->score >= 0 && face->score <= 2);
    MUST(face->inside >= 0 && face->inside <= 1);
    MUST(isnan(face->yaw) || fabs(face->yaw) <= 90);
    MUST(isnan(face->roll) || fabs(face->roll) <= 180);
}

static void check_content(const struct wp_content_facts *facts)
{
    static struct wp_content_facts again;
    MUST(facts->state > WP_CONTENT_NOT_ASKED && facts->state <= WP_CONTENT_LOOKED);
    MUST_BE_CLEAN(facts->reason);
    MUST(facts->look_count <= WP_MAX_LOOKS);
    MUST((facts->state == WP_CONTENT_LOOKED) == (facts->look_count > 0));
    for (uint32_t i = 0; i < facts->look_count; i++) {
        const struct wp_look *look = &facts->looks[i];
        MUST(isfinite(look->time_s) && look->width > 0 && look->height > 0);
        MUST(look->brightness >= 0 && look->brightness <= 1);
        MUST(!look->has_sharpness || (look->sharpness >= 0 && look->sharpness <= 1));
        for (uint32_t k = 0; k < look->face_count && k < WP_MAX_FACES; k++)
            check_face(&look->faces[k]);
    }
    memcpy(&again, facts, sizeof again);
    wp_clean_content_facts(&again);
    MUST(memcmp(&again, facts, sizeof again) == 0);
}

/* A yes needs a first picture that says so. */
static void check_yes(const struct wp_content_facts *facts, enum wp_tristate answer, const bool saw)
{
    MUST(answer != WP_YES || (facts->state == WP_CONTENT_LOOKED && saw));
}

/* The limits are written here anew. */
static void check_answers(const struct wp_content_facts *facts)
{
    struct wp_content_answers answers;
    const struct wp_look *look = &facts->looks[0];
    const struct wp_face *face = &look->faces[0];
    double share = face->height / look->height;
    wp_content_answer(&answers, facts);
    check_yes(facts, answers.one_face, look->face_count == 1 && look->maybe_count == 0);
    check_yes(facts, answers.facing, look->face_count && fabs(face->yaw) <= 30 && fabs(face->roll) <= 30);
    check_yes(facts, answers.whole, look->face_count && face->inside >= 0.88);
    check_yes(facts, answers.proportion, look->face_count && share >= 0.08 && share <= 0.70);
    check_yes(facts, answers.light, look->brightness >= 0.25);
    check_yes(facts, answers.sharp, look->has_sharpness && look->sharpness >= 0.38);
}

/* That nobody looked, or not at all, is told; and what is not yes is a finding, or has none to be asked of.
 */
static void check_findings(const struct pair *pair, const struct wp_content_facts *facts,
                           enum wp_subject subject)
{
    bool is_told =
        pair_find(pair, "content.skipped", subject) || pair_find(pair, "content.skipped", WP_SUBJECT_PAIR);
    bool is_whole = facts->state == WP_CONTENT_LOOKED && !facts->reason[0];
    const char *no_face = subject == WP_SUBJECT_IMAGE ? "image.no-face" : "video.no-face";
    struct wp_content_answers answers;
    wp_content_answer(&answers, facts);
    MUST(is_told == (pair->content != WP_CONTENT_OFF && !is_whole));
    if (pair->content == WP_CONTENT_OFF || facts->state != WP_CONTENT_LOOKED)
        return;
    MUST((wp_look_answer(&facts->looks[0], WP_ASK_FACE) == WP_YES) || pair_find(pair, no_face, subject));
    MUST(answers.light == WP_YES ||
         pair_find(pair, subject == WP_SUBJECT_IMAGE ? "image.too-dark" : "video.too-dark", subject));
}

/* The bytes of a content, of which no more are given than `most`. */
static void fill(struct wp_content_facts *out, const uint8_t **data, size_t *size, size_t most)
{
    size_t len = *size < most ? *size : most;
    memset(out, 0, sizeof *out);
    if (len)
        memcpy(out, *data, len);
    *data += len;
    *size -= len;
    wp_clean_content_facts(out);
    check_content(out);
    check_answers(out);
}

/* Of an image one picture, of a video all. */
static void fill_contents(struct pair *pair, const uint8_t *data, size_t size)
{
    const size_t one = offsetof(struct wp_content_facts, looks) + sizeof(struct wp_look);
    pair->content = size ? (enum wp_content_mode)(data[0] % (WP_CONTENT_ERROR + 1)) : WP_CONTENT_OFF;
    data += size > 0;
    size -= size > 0;
    fill(&pair->image_content, &data, &size, one);
    fill(&pair->video_content, &data, &size, sizeof pair->video_content);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct wp_preflight preflight;
    static struct pair pair;
    pair_init(&pair);
    size_t image = size < sizeof pair.image ? size : sizeof pair.image;
    size_t video = size - image < sizeof pair.video ? size - image : sizeof pair.video;
    if (image)
        memcpy(&pair.image, data, image);
    if (video)
        memcpy(&pair.video, data + image, video);
    wp_clean_image_facts(&pair.image, 12345);
    wp_clean_video_facts(&pair.video, 12345);
    check_image(&pair.image);
    check_video(&pair.video);
    fill_contents(&pair, data + image + video, size - image - video);
    preflight_of(&preflight, &pair);
    check_findings(&pair, &pair.image_content, WP_SUBJECT_IMAGE);
    check_findings(&pair, &pair.video_content, WP_SUBJECT_VIDEO);
    bool is_unseen = pair.content == WP_CONTENT_ERROR && (pair.image_content.state != WP_CONTENT_LOOKED ||
                                                          pair.video_content.state != WP_CONTENT_LOOKED);
    MUST(!is_unseen || preflight.verdict == WP_VERDICT_REJECT);
    enum wp_report_format format = (enum wp_report_format)(size % (WP_REPORT_GITHUB + 1));
    const struct wp_report_options options = {.verbose = true};
    char *report = NULL;
    size_t length = 0;
    MUST(wp_report_write(&report, &length, &preflight, format, &options, NULL) == WP_OK);
    MUST(strlen(report) == length);
    wp_free(report);
    return 0;
}
