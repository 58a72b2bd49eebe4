/* Rules about an image alone. */
#include <inttypes.h>

#include "base/text.h"
#include "rules/sound.h"

#include "base/banned.h"

bool wp_judge_image_unsupported(const struct wp_case *facts, const struct wp_medium *medium,
                                struct wp_finding *finding)
{
    (void)medium;
    const struct wp_image_facts *image = wp_sound_image(facts);
    if (!image || image->decode != WP_DECODE_UNSUPPORTED)
        return false;
    if (image->variant[0])
        finding->actual = wp_value_text(image->variant);
    const char *detail = image->decode_reason[0] ? image->decode_reason : image->variant;
    wp_text_copy(finding->detail, sizeof finding->detail,
                 detail[0] ? detail : "no decoder here reads this variant");
    return true;
}

bool wp_judge_orientation(const struct wp_case *facts, const struct wp_medium *medium,
                          struct wp_finding *finding)
{
    (void)medium;
    const struct wp_image_facts *image = wp_sound_image(facts);
    if (!image || !image->has_exif_orientation || image->exif_orientation == 1)
        return false;
    finding->actual = wp_value_number(image->exif_orientation);
    finding->limit = wp_value_number(1);
    return true;
}

bool wp_judge_animated(const struct wp_case *facts, const struct wp_medium *medium,
                       struct wp_finding *finding)
{
    (void)medium;
    const struct wp_image_facts *image = wp_sound_image(facts);
    if (!image || image->animated != WP_YES)
        return false;
    if (image->has_frame_count) {
        finding->actual = wp_value_number(image->frame_count);
        finding->limit = wp_value_number(1);
        wp_text_format(finding->detail, sizeof finding->detail, "%" PRIu32 " pictures", image->frame_count);
    }
    return true;
}

bool wp_judge_color_model(const struct wp_case *facts, const struct wp_medium *medium,
                          struct wp_finding *finding)
{
    (void)medium;
    const struct wp_image_facts *image = wp_sound_image(facts);
    if (!image || image->color_model != WP_COLOR_CMYK)
        return false;
    finding->actual = wp_value_text("CMYK");
    return true;
}

bool wp_judge_bit_depth(const struct wp_case *facts, const struct wp_medium *medium,
                        struct wp_finding *finding)
{
    (void)medium;
    const uint8_t enough = 8;
    const struct wp_image_facts *image = wp_sound_image(facts);
    if (!image || !image->has_bits || image->bits <= enough)
        return false;
    finding->actual = wp_value_number(image->bits);
    finding->limit = wp_value_number(enough);
    return true;
}

bool wp_judge_transparency(const struct wp_case *facts, const struct wp_medium *medium,
                           struct wp_finding *finding)
{
    (void)medium;
    const struct wp_image_facts *image = wp_sound_image(facts);
    if (!image || image->transparent == WP_NO || (image->transparent != WP_YES && image->has_alpha != WP_YES))
        return false;
    wp_text_copy(finding->detail, sizeof finding->detail,
                 image->transparent == WP_YES ? "has transparent pixels"
                                              : "declares transparency, which was not looked at");
    return true;
}
