#include "preflight/clean.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"

#include "base/banned.h"

/* Far beyond any real time in seconds, rate or ratio, and small enough for all arithmetic with it. */
#define MAX_VALUE INT64_C(1000000000)

/* A bool with any other bits than those of 0 or 1 must not even be read as one. */
static void clean_flag(bool *flag)
{
    unsigned char bits = 0;
    memcpy(&bits, flag, sizeof bits);
    *flag = bits != 0;
}

/* Enums of this project begin with 0, which stands for "unknown" or "not tried". */
#define CLEAN_ENUM(member, last)                                                                             \
    do {                                                                                                     \
        unsigned value_;                                                                                     \
        _Static_assert(sizeof(member) == sizeof value_, "an enum is as wide as an unsigned");                \
        memcpy(&value_, &(member), sizeof value_);                                                           \
        if (value_ > (unsigned)(last)) {                                                                     \
            value_ = 0;                                                                                      \
            memcpy(&(member), &value_, sizeof value_);                                                       \
        }                                                                                                    \
    } while (0)

static void clean_text(char *text, size_t size)
{
    text[size - 1] = '\0';
    wp_text_sanitize(text);
}

#define CLEAN_TEXT(member) clean_text((member), sizeof(member))

static void clean_hash(wp_sha256_hex hash)
{
    hash[sizeof(wp_sha256_hex) - 1] = '\0';
    if (strspn(hash, "0123456789abcdef") != sizeof(wp_sha256_hex) - 1)
        hash[0] = '\0';
}

/* Whether a fraction has a value, at least `least` and of a size that is real. */
static bool is_sound(struct wp_rational value, int64_t least)
{
    return value.den > 0 && value.num >= least && value.num / value.den <= MAX_VALUE;
}

/* A start time may lie before 0. */
static bool is_sound_time(struct wp_rational value)
{
    return value.den > 0 && value.num > INT64_MIN && value.num / value.den <= MAX_VALUE &&
           value.num / value.den >= -MAX_VALUE;
}

void wp_clean_image_facts(struct wp_image_facts *facts, uint64_t bytes)
{
    bool *const flags[] = {&facts->has_bytes,        &facts->has_size, &facts->has_exif_orientation,
                           &facts->has_channels,     &facts->has_bits, &facts->has_frame_count,
                           &facts->has_missing_bytes};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        clean_flag(flags[i]);
    CLEAN_ENUM(facts->format, WP_FORMAT_JSON);
    CLEAN_ENUM(facts->color_model, WP_COLOR_CMYK);
    CLEAN_ENUM(facts->has_alpha, WP_YES);
    CLEAN_ENUM(facts->transparent, WP_YES);
    CLEAN_ENUM(facts->animated, WP_YES);
    CLEAN_ENUM(facts->complete, WP_YES);
    CLEAN_ENUM(facts->decode, WP_DECODE_REFUSED);
    CLEAN_TEXT(facts->unreadable);
    CLEAN_TEXT(facts->variant);
    CLEAN_TEXT(facts->decode_reason);
    clean_hash(facts->sha256);
    facts->has_bytes = true;
    facts->bytes = bytes;
    facts->has_exif_orientation &= facts->exif_orientation >= 1 && facts->exif_orientation <= 8;
}

static void clean_fractions(struct wp_video_facts *facts)
{
    facts->has_sample_aspect_ratio &= is_sound(facts->sample_aspect_ratio, 1);
    facts->has_duration &= is_sound(facts->duration, 0);
    facts->has_container_duration &= is_sound(facts->container_duration, 0);
    facts->has_start_time &= is_sound_time(facts->start_time);
    facts->has_frame_rate &= is_sound(facts->frame_rate, 1);
    facts->has_frame_interval &=
        is_sound(facts->min_frame_interval, 0) && is_sound(facts->max_frame_interval, 0);
}

void wp_clean_video_facts(struct wp_video_facts *facts, uint64_t bytes)
{
    bool *const flags[] = {&facts->has_bytes,
                           &facts->has_stream_counts,
                           &facts->has_size,
                           &facts->has_rotation,
                           &facts->flipped,
                           &facts->has_sample_aspect_ratio,
                           &facts->has_duration,
                           &facts->has_container_duration,
                           &facts->has_start_time,
                           &facts->has_frame_rate,
                           &facts->has_frame_count,
                           &facts->has_frame_interval,
                           &facts->has_bits,
                           &facts->has_missing_bytes,
                           &facts->has_decoded_frames,
                           &facts->has_decode_errors};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        clean_flag(flags[i]);
    CLEAN_ENUM(facts->format, WP_FORMAT_JSON);
    CLEAN_ENUM(facts->has_moov, WP_YES);
    CLEAN_ENUM(facts->fragmented, WP_YES);
    CLEAN_ENUM(facts->encrypted, WP_YES);
    CLEAN_ENUM(facts->variable_frame_rate, WP_YES);
    CLEAN_ENUM(facts->interlaced, WP_YES);
    CLEAN_ENUM(facts->hdr, WP_YES);
    CLEAN_ENUM(facts->complete, WP_YES);
    CLEAN_ENUM(facts->decode, WP_DECODE_REFUSED);
    CLEAN_TEXT(facts->brand);
    CLEAN_TEXT(facts->unreadable);
    CLEAN_TEXT(facts->demuxer);
    CLEAN_TEXT(facts->codec);
    CLEAN_TEXT(facts->codec_tag);
    CLEAN_TEXT(facts->profile);
    CLEAN_TEXT(facts->pixel_format);
    CLEAN_TEXT(facts->color_transfer);
    CLEAN_TEXT(facts->decode_reason);
    clean_hash(facts->sha256);
    clean_fractions(facts);
    facts->has_bytes = true;
    facts->bytes = bytes;
    facts->has_rotation &= facts->rotation >= 0 && facts->rotation < 360;
}

/* Any number but those that break arithmetic. */
static bool is_real(double value)
{
    return value >= -(double)MAX_VALUE && value <= (double)MAX_VALUE;
}

/* An angle alone may be unknown, NaN: then it is no answer. */
static bool is_sound_face(const struct wp_face *face)
{
    return is_real(face->x) && is_real(face->y) && is_real(face->width) && is_real(face->height) &&
           face->width > 0 && face->height > 0 && face->score >= 0 && face->score <= 2 && face->inside >= 0 &&
           face->inside <= 1 && !(fabs(face->yaw) > 90) && !(fabs(face->roll) > 180);
}

static bool is_sound_look(struct wp_look *look)
{
    clean_flag(&look->has_sharpness);
    bool is_sound = is_real(look->time_s) && look->width > 0 && look->height > 0 && look->brightness >= 0 &&
                    look->brightness <= 1 &&
                    (!look->has_sharpness || (look->sharpness >= 0 && look->sharpness <= 1));
    for (uint32_t i = 0; i < look->face_count && i < WP_MAX_FACES; i++)
        is_sound &= is_sound_face(&look->faces[i]);
    return is_sound;
}

void wp_clean_content_facts(struct wp_content_facts *facts)
{
    CLEAN_ENUM(facts->state, WP_CONTENT_LOOKED);
    CLEAN_TEXT(facts->reason);
    if (facts->state != WP_CONTENT_LOOKED)
        facts->look_count = 0;
    bool is_sound = facts->state == WP_CONTENT_FAILED || facts->state == WP_CONTENT_NO_DETECTOR ||
                    (facts->look_count > 0 && facts->look_count <= WP_MAX_LOOKS);
    for (uint32_t i = 0; is_sound && i < facts->look_count; i++)
        is_sound &= is_sound_look(&facts->looks[i]);
    if (is_sound) {
        memset(&facts->looks[facts->look_count], 0,
               (WP_MAX_LOOKS - facts->look_count) * sizeof facts->looks[0]);
        return;
    }
    *facts = (struct wp_content_facts){.state = WP_CONTENT_FAILED};
    wp_text_copy(facts->reason, sizeof facts->reason, "the detector gave nonsense as its answer");
}
