#include "manifest/columns.h"

#include <string.h>

#include "base/text.h"
#include "manifest/results.h"

#include "base/banned.h"

#define KNOWN "image, video, mode, watermark and check_image"

const char *wp_column_name(enum wp_manifest_column column)
{
    static const char *const names[] = {
        [WP_COLUMN_IMAGE] = "image",
        [WP_COLUMN_VIDEO] = "video",
        [WP_COLUMN_MODE] = "mode",
        [WP_COLUMN_WATERMARK] = "watermark",
        [WP_COLUMN_CHECK_IMAGE] = "check_image",
    };
    return names[column];
}

/* The letters of a name in lower case, without what people put between words. */
static void take_letters(char *out, size_t size, const char *name)
{
    static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", lower[] = "abcdefghijklmnopqrstuvwxyz";
    size_t len = 0;
    for (; *name && len + 1 < size; name++) {
        const char *capital = strchr(upper, *name);
        if (capital)
            out[len++] = lower[capital - upper];
        else if (!strchr("_- .", *name))
            out[len++] = *name;
    }
    out[len] = '\0';
}

/* Whether two words are the same but for one letter that is missing, too many or wrong, or two that changed
 * places. */
static bool is_one_slip(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b), same = 0;
    while (a[same] && a[same] == b[same])
        same++;
    a += same, b += same, n -= same, m -= same;
    while (n > 0 && m > 0 && a[n - 1] == b[m - 1])
        n--, m--;
    return (n <= 1 && m <= 1) || (n == 2 && m == 2 && a[0] == b[1] && a[1] == b[0]);
}

static const char *likely_name(const char *name)
{
    char given[32], known[32];
    take_letters(given, sizeof given, name);
    for (enum wp_manifest_column column = 0; column < WP_COLUMNS; column++) {
        take_letters(known, sizeof known, wp_column_name(column));
        if (is_one_slip(given, known))
            return wp_column_name(column);
    }
    return NULL;
}

void wp_column_names_know(struct wp_column_names *names, enum wp_manifest_column column)
{
    names->has[column] = true;
}

void wp_column_names_meet(struct wp_column_names *names, const char *name)
{
    for (enum wp_result_column column = 0; column < WP_RESULT_COLUMNS; column++) {
        if (wp_text_equal_nocase(name, wp_result_column_name(column)))
            return;
    }
    const char *likely = likely_name(name);
    if (likely && !names->likely) {
        names->likely = likely;
        (void)wp_text_copy(names->odd, sizeof names->odd, name);
    }
    if (!names->other[0])
        (void)wp_text_copy(names->other, sizeof names->other, name);
}

bool wp_column_names_mislead(char *out, size_t size, const struct wp_column_names *names, const char *noun)
{
    bool has_image = names->has[WP_COLUMN_IMAGE], has_video = names->has[WP_COLUMN_VIDEO];
    const char *missing = wp_column_name(has_image ? WP_COLUMN_VIDEO : WP_COLUMN_IMAGE);
    if (names->likely) {
        (void)wp_text_format(out, size,
                             "has a %s '%s', which is none of " KNOWN ": if '%s' is meant, name it so, else "
                             "choose a name less like it",
                             noun, names->odd, names->likely);
    } else if (has_image != has_video && names->other[0]) {
        (void)wp_text_format(out, size,
                             "has a %s '%s', which is none of " KNOWN ", and no '%s': if that is meant, name "
                             "it so, else give an empty %s '%s', too",
                             noun, names->other, missing, noun, missing);
    } else {
        return false;
    }
    wp_text_sanitize(out);
    return true;
}
