#include "rules/formats.h"

#include <stddef.h>
#include <string.h>

#include "base/banned.h"

static const struct wp_accepted_format accepted[] = {
    {WP_SUBJECT_IMAGE, WP_FORMAT_JPEG, "JPEG", "jpg, jpeg, jpe", ""},
    {WP_SUBJECT_IMAGE, WP_FORMAT_PNG, "PNG", "png", ""},
    {WP_SUBJECT_IMAGE, WP_FORMAT_BMP, "BMP", "bmp", ""},
    {WP_SUBJECT_IMAGE, WP_FORMAT_WEBP, "WEBP", "webp", ""},
    {WP_SUBJECT_VIDEO, WP_FORMAT_MP4, "MP4", "mp4", "h264, hevc, mpeg4"},
    {WP_SUBJECT_VIDEO, WP_FORMAT_M4V, "MP4", "mp4", "h264, hevc, mpeg4"},
    {WP_SUBJECT_VIDEO, WP_FORMAT_MOV, "MOV", "mov, qt", "h264, hevc, mpeg4, prores, mjpeg"},
    {WP_SUBJECT_VIDEO, WP_FORMAT_AVI, "AVI", "avi", "h264, mpeg4, msmpeg4v3, msmpeg4v2, mjpeg"},
};

const struct wp_accepted_format *wp_accepted_format(enum wp_subject subject, enum wp_format format)
{
    for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++) {
        if (accepted[i].subject == subject && accepted[i].format == format)
            return &accepted[i];
    }
    return NULL;
}

bool wp_list_has(const char *list, const char *word)
{
    size_t wanted = strlen(word);
    while (*list) {
        size_t len = strcspn(list, ",");
        if (len == wanted && memcmp(list, word, len) == 0)
            return true;
        list += len;
        list += strspn(list, ", ");
    }
    return false;
}

const char *wp_media_extensions(enum wp_subject subject)
{
    return subject == WP_SUBJECT_IMAGE ? "jpg, jpeg, jpe, png, bmp, webp" : "mp4, mov, qt, avi";
}
