/* Rules about an image and a video together. */
#include "rules/catalogue.h"
#include "rules/exact.h"

#include "base/banned.h"

bool wp_judge_pair_aspect_ratio(const struct wp_case *facts, const struct wp_medium *medium,
                                struct wp_finding *finding)
{
    (void)medium;
    /* 3/2: see the row's why. */
    const uint32_t num = 3, den = 2;
    const struct wp_medium *image = &facts->image, *video = &facts->video;
    if (!image->is_sound || !video->is_sound || !image->has_size || !video->has_size)
        return false;
    const uint32_t a[2] = {image->width, image->height}, b[2] = {video->width, video->height};
    if (!a[0] || !a[1] || !b[0] || !b[1] || !wp_exact_ratios_apart(a, b, num, den))
        return false;
    double factor = (double)a[0] * b[1] / ((double)a[1] * b[0]);
    finding->actual = wp_value_number(factor < 1 ? 1 / factor : factor);
    finding->limit = wp_value_number((double)num / den);
    return true;
}
