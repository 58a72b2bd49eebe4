/* Telling formats by their first bytes. */
#include "fuzz/fuzz.h"
#include "media/sniff.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char brand[5];
    memset(brand, 0x7f, sizeof brand);
    enum wp_format format = wp_sniff(data, size < WP_SNIFF_BYTES ? size : WP_SNIFF_BYTES, brand);
    MUST(format <= WP_FORMAT_JSON);
    MUST(wp_format_name(format)[0] != '\0');
    MUST_BE_CLEAN(brand);
    MUST((format == WP_FORMAT_EMPTY) == (size == 0));
    /* An unknown format can have one: there are ISO base media files that are neither picture nor video. */
    bool has_brand = format == WP_FORMAT_UNKNOWN || (format >= WP_FORMAT_MP4 && format <= WP_FORMAT_MOV) ||
                     format == WP_FORMAT_HEIF || format == WP_FORMAT_AVIF || format == WP_FORMAT_JPEG_XL ||
                     format == WP_FORMAT_JPEG_2000;
    MUST(has_brand || !brand[0]);
    return 0;
}
