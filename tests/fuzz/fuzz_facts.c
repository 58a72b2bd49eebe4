/* Facts from a child that a hostile file may have taken over: any bytes at all, made safe, then judged and
 * reported. */
#include "fuzz/fuzz.h"
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
    preflight_of(&preflight, &pair);
    enum wp_report_format format = (enum wp_report_format)(size % (WP_REPORT_GITHUB + 1));
    const struct wp_report_options options = {.verbose = true};
    char *report = NULL;
    size_t length = 0;
    MUST(wp_report_write(&report, &length, &preflight, format, &options, NULL) == WP_OK);
    MUST(strlen(report) == length);
    wp_free(report);
    return 0;
}
