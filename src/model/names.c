#include "wanprep/content.h"
#include "wanprep/facts.h"
#include "wanprep/findings.h"
#include "wanprep/job.h"
#include "wanprep/limits.h"

#include <string.h>

#include "base/text.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char *name_at(const char *const *names, size_t count, size_t index)
{
    return index < count && names[index] ? names[index] : "unknown";
}

/* The index of text among the names, or count. */
static size_t index_of(const char *const *names, size_t count, const char *text)
{
    size_t i = 0;
    while (i < count && strcmp(names[i], text) != 0)
        i++;
    return i;
}

const char *wp_format_name(enum wp_format format)
{
    static const char *const names[] = {
        [WP_FORMAT_UNKNOWN] = "unknown", [WP_FORMAT_EMPTY] = "empty",
        [WP_FORMAT_JPEG] = "JPEG",       [WP_FORMAT_PNG] = "PNG",
        [WP_FORMAT_BMP] = "BMP",         [WP_FORMAT_WEBP] = "WEBP",
        [WP_FORMAT_GIF] = "GIF",         [WP_FORMAT_TIFF] = "TIFF",
        [WP_FORMAT_HEIF] = "HEIF",       [WP_FORMAT_AVIF] = "AVIF",
        [WP_FORMAT_JPEG_XL] = "JPEG XL", [WP_FORMAT_JPEG_2000] = "JPEG 2000",
        [WP_FORMAT_PSD] = "PSD",         [WP_FORMAT_SVG] = "SVG",
        [WP_FORMAT_MP4] = "MP4",         [WP_FORMAT_M4V] = "M4V",
        [WP_FORMAT_3GP] = "3GP",         [WP_FORMAT_MOV] = "MOV",
        [WP_FORMAT_AVI] = "AVI",         [WP_FORMAT_MATROSKA] = "Matroska",
        [WP_FORMAT_WEBM] = "WebM",       [WP_FORMAT_FLV] = "FLV",
        [WP_FORMAT_ASF] = "ASF",         [WP_FORMAT_MPEG_TS] = "MPEG-TS",
        [WP_FORMAT_MPEG_PS] = "MPEG-PS", [WP_FORMAT_OGG] = "Ogg",
        [WP_FORMAT_WAV] = "WAV",         [WP_FORMAT_MP3] = "MP3",
        [WP_FORMAT_PDF] = "PDF",         [WP_FORMAT_ZIP] = "ZIP",
        [WP_FORMAT_HTML] = "HTML",       [WP_FORMAT_JSON] = "JSON",
    };
    return name_at(names, COUNT(names), (size_t)format);
}

const char *wp_depth_name(enum wp_depth depth)
{
    static const char *const names[] = {"header", "frame", "full"};
    return name_at(names, COUNT(names), (size_t)depth);
}

const char *wp_limit_source_text(enum wp_limit_source source)
{
    static const char *const texts[] = {
        [WP_LIMIT_PUBLISHED] = "published by the service for this model",
        [WP_LIMIT_SIBLINGS] =
            "published by the service for sibling models; nothing is published for this one",
        [WP_LIMIT_REPORTED] = "reports from the field; the service publishes nothing about it",
        [WP_LIMIT_WORDS] = "asked for by the service in words; the number is wanprep's own judgement",
        [WP_LIMIT_JUDGED] = "wanprep's own judgement; the service publishes nothing about it",
    };
    return texts[source];
}

const char *wp_subject_name(enum wp_subject subject)
{
    static const char *const names[] = {"image", "video", "pair"};
    return name_at(names, COUNT(names), (size_t)subject);
}

static const char *const level_names[] = {"off", "note", "warning", "error"};

const char *wp_level_name(enum wp_level level)
{
    return name_at(level_names, COUNT(level_names), (size_t)level);
}

bool wp_level_parse(enum wp_level *out, const char *text)
{
    size_t index = index_of(level_names, COUNT(level_names), text);
    if (index == COUNT(level_names))
        return false;
    *out = (enum wp_level)index;
    return true;
}

static const char *const mode_names[] = {"wan-std", "wan-pro"};

const char *wp_mode_name(enum wp_mode mode)
{
    return name_at(mode_names, COUNT(mode_names), (size_t)mode);
}

bool wp_mode_parse(enum wp_mode *out, const char *text)
{
    size_t index = index_of(mode_names, COUNT(mode_names), text);
    if (index == COUNT(mode_names))
        return false;
    *out = (enum wp_mode)index;
    return true;
}

static const char *const content_names[] = {"off", "auto", "warn", "error"};

const char *wp_content_mode_name(enum wp_content_mode mode)
{
    return name_at(content_names, COUNT(content_names), (size_t)mode);
}

bool wp_content_mode_parse(enum wp_content_mode *out, const char *text)
{
    size_t index = index_of(content_names, COUNT(content_names), text);
    if (index == COUNT(content_names))
        return false;
    *out = (enum wp_content_mode)index;
    return true;
}

const char *wp_region_name(enum wp_region region)
{
    return region == WP_REGION_INTERNATIONAL ? "intl" : "cn";
}

bool wp_region_parse(enum wp_region *out, const char *text)
{
    static const struct {
        const char *name;
        enum wp_region region;
    } names[] = {
        {"cn", WP_REGION_CHINA},
        {"china", WP_REGION_CHINA},
        {"beijing", WP_REGION_CHINA},
        {"cn-beijing", WP_REGION_CHINA},
        {"intl", WP_REGION_INTERNATIONAL},
        {"international", WP_REGION_INTERNATIONAL},
        {"singapore", WP_REGION_INTERNATIONAL},
        {"ap-southeast-1", WP_REGION_INTERNATIONAL},
    };
    for (size_t i = 0; i < COUNT(names); i++) {
        if (wp_text_equal_nocase(names[i].name, text)) {
            *out = names[i].region;
            return true;
        }
    }
    return false;
}

const char *wp_job_state_name(enum wp_job_state state)
{
    static const char *const names[] = {
        [WP_JOB_PLANNED] = "planned",         [WP_JOB_CHECKED] = "checked",
        [WP_JOB_UPLOADING] = "uploading",     [WP_JOB_SUBMITTING] = "submitting",
        [WP_JOB_SUBMITTED] = "submitted",     [WP_JOB_SUCCEEDED] = "succeeded",
        [WP_JOB_DOWNLOADING] = "downloading", [WP_JOB_DONE] = "done",
        [WP_JOB_REJECTED] = "rejected",       [WP_JOB_FAILED] = "failed",
        [WP_JOB_CANCELED] = "canceled",       [WP_JOB_EXPIRED] = "expired",
        [WP_JOB_UNCERTAIN] = "uncertain",
    };
    return name_at(names, COUNT(names), (size_t)state);
}
