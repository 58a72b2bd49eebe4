/*
 * Facts: what was measured of an input, never a verdict.
 *
 * A fact that may be unknown has a has_ flag; when the flag is false the value is meaningless. Unknown is
 * unknown, never 0. All structs are plain data with nothing in them to free.
 */
#ifndef WANPREP_FACTS_H
#define WANPREP_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "wanprep/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How deep a probe looks. */
enum wp_depth {
    WP_DEPTH_HEADER, /**< headers and the sample index; nothing is decoded */
    WP_DEPTH_FRAME,  /**< the image is decoded whole, and the video's first frame (the default) */
    WP_DEPTH_FULL,   /**< every frame is decoded: the only depth that finds damage in the middle */
};

/** A format as told by the content of the file, never by its name. */
enum wp_format {
    WP_FORMAT_UNKNOWN, /**< bytes that are none of the below */
    WP_FORMAT_EMPTY,   /**< no bytes at all */
    WP_FORMAT_JPEG,
    WP_FORMAT_PNG,
    WP_FORMAT_BMP,
    WP_FORMAT_WEBP,
    WP_FORMAT_GIF,
    WP_FORMAT_TIFF,
    WP_FORMAT_HEIF,
    WP_FORMAT_AVIF,
    WP_FORMAT_JPEG_XL,
    WP_FORMAT_JPEG_2000,
    WP_FORMAT_PSD,
    WP_FORMAT_SVG,
    WP_FORMAT_MP4,
    WP_FORMAT_M4V,
    WP_FORMAT_3GP,
    WP_FORMAT_MOV,
    WP_FORMAT_AVI,
    WP_FORMAT_MATROSKA,
    WP_FORMAT_WEBM,
    WP_FORMAT_FLV,
    WP_FORMAT_ASF,
    WP_FORMAT_MPEG_TS,
    WP_FORMAT_MPEG_PS,
    WP_FORMAT_OGG,
    WP_FORMAT_WAV,
    WP_FORMAT_MP3,
    WP_FORMAT_PDF,
    WP_FORMAT_ZIP,
    WP_FORMAT_HTML,
    WP_FORMAT_JSON,
};

/** Where an input comes from. */
enum wp_source_kind {
    WP_SOURCE_FILE, /**< a local path */
    WP_SOURCE_HTTP, /**< an http:// or https:// URL */
    WP_SOURCE_OSS,  /**< an oss:// URL: already in the service's temporary storage */
    WP_SOURCE_OTHER /**< a URL with a scheme that the service does not take */
};

/** Whether the bytes of an input could be had. */
enum wp_source_state {
    WP_SOURCE_READ,        /**< the bytes were read (they may still be rubbish) */
    WP_SOURCE_UNAVAILABLE, /**< the bytes could not be had: no such file, no permission, not a regular file, …
                            */
    WP_SOURCE_UNMEASURED, /**< a URL that this build or this call does not read */
};

/** What is known of an input before its content is looked at. */
struct wp_source_facts {
    char location[2048]; /**< the path or URL as the user gave it, cut if longer */
    enum wp_source_kind kind;
    enum wp_source_state state;
    char reason[256];   /**< why it is UNAVAILABLE or UNMEASURED, for people; else "" */
    char extension[16]; /**< of the file name or of the URL's path, lower case, without the dot; "" if none */
    bool url_has_non_ascii; /**< for URLs: a byte over 0x7e or a space or control byte that is not
                               percent-encoded */
    bool url_has_userinfo;  /**< for URLs: user:password@ */
};

/** An exact fraction, e.g. a duration in seconds as ticks over the time scale. den > 0. */
struct wp_rational {
    int64_t num;
    int64_t den;
};

/** Yes, no, or not known. */
enum wp_tristate {
    WP_UNKNOWN,
    WP_NO,
    WP_YES,
};

/** What came of decoding the pixels that the depth asks for. */
enum wp_decode_state {
    WP_DECODE_NOT_TRIED,   /**< depth header, or nothing to decode */
    WP_DECODE_OK,          /**< decoded without an error */
    WP_DECODE_FAILED,      /**< the data are damaged */
    WP_DECODE_UNSUPPORTED, /**< valid as far as is known, but no decoder here reads this variant */
    WP_DECODE_REFUSED,     /**< not tried because it would go over a bound on pixels, memory or time */
};

/** How the samples of a picture are to be read. */
enum wp_color_model {
    WP_COLOR_UNKNOWN,
    WP_COLOR_GREY,
    WP_COLOR_RGB,
    WP_COLOR_YCBCR,
    WP_COLOR_PALETTE,
    WP_COLOR_CMYK, /**< CMYK or YCCK */
};

/** SHA-256 as 64 lower-case hex digits and a NUL; "" is unknown. */
typedef char wp_sha256_hex[65];

/** Facts of an image. Sizes are in pixels. */
struct wp_image_facts {
    enum wp_format format;
    char unreadable[256]; /**< why the content is no readable image, for people; "" if it is one */

    bool has_bytes;
    uint64_t bytes; /**< size of the file */
    wp_sha256_hex sha256;

    bool has_size;
    uint32_t width; /**< as displayed: after the EXIF orientation */
    uint32_t height;
    uint32_t coded_width; /**< as stored */
    uint32_t coded_height;

    bool has_exif_orientation;
    uint8_t exif_orientation; /**< 1 to 8 (EXIF 2.3, tag 0x0112) */

    bool has_channels;
    uint8_t channels; /**< as stored: 1 grey, 2 grey and alpha, 3, 4 */
    bool has_bits;
    uint8_t bits; /**< a sample, as stored: 1, 2, 4, 8, 12, 16 */
    enum wp_color_model color_model;

    enum wp_tristate
        has_alpha; /**< an alpha channel, a transparent palette entry or colour key is declared */
    enum wp_tristate transparent; /**< a pixel is really not opaque (known after decoding) */
    enum wp_tristate animated;
    bool has_frame_count;
    uint32_t frame_count; /**< pictures in the file; 1 for a still */

    enum wp_tristate complete; /**< the file has all the bytes that its structure promises */
    bool has_missing_bytes;
    uint64_t missing_bytes; /**< how many bytes are missing at the least, where the structure tells */

    char variant[64]; /**< what is special, e.g. "arithmetic-coded JPEG", "RLE8 BMP"; "" if nothing is */
    enum wp_decode_state decode;
    char decode_reason[160]; /**< for people, when decode is FAILED, UNSUPPORTED or REFUSED */
};

/** Facts of a video. Sizes are in pixels, times in seconds. */
struct wp_video_facts {
    enum wp_format format; /**< the container */
    char brand[5];         /**< ISO base media major brand, e.g. "isom"; "" if none */
    char unreadable[256];  /**< why the content is no readable video, for people; "" if it is one */
    char demuxer[16];      /**< the demuxer that read it, e.g. "mov"; "" if none did */
    enum wp_tristate
        has_moov; /**< ISO base media: the movie header was found (false: cut off or never written) */
    enum wp_tristate fragmented;
    enum wp_tristate encrypted;

    bool has_bytes;
    uint64_t bytes;
    wp_sha256_hex sha256;

    bool has_stream_counts;
    uint32_t video_streams; /**< without attached pictures */
    uint32_t audio_streams;
    uint32_t other_streams;

    char codec[32];        /**< codec name as FFmpeg spells it, e.g. "h264"; "" if unknown */
    char codec_tag[12];    /**< four-character code as stored, e.g. "avc1"; "" if none */
    char profile[48];      /**< codec profile; "" if unknown */
    char pixel_format[24]; /**< e.g. "yuv420p"; "" if unknown */

    bool has_size;
    uint32_t width; /**< as displayed: after sample aspect ratio (rounded) and rotation */
    uint32_t height;
    uint32_t coded_width; /**< as the codec stores it, after its own cropping */
    uint32_t coded_height;
    bool has_rotation;
    int16_t rotation; /**< clockwise degrees to turn the coded picture for display: 0, 90, 180, 270, or odd
                         angles */
    bool flipped;     /**< the display matrix also mirrors */
    bool has_sample_aspect_ratio;
    struct wp_rational sample_aspect_ratio; /**< width of a pixel over its height; 1/1 if square */

    bool has_duration;
    struct wp_rational duration; /**< of the video stream as players show it: edit lists applied */
    bool has_container_duration;
    struct wp_rational container_duration; /**< of the whole file as its header declares it */
    bool has_start_time;
    struct wp_rational start_time; /**< presentation time of the first video frame */
    bool has_frame_rate;
    struct wp_rational frame_rate; /**< mean frames a second */
    bool has_frame_count;
    uint64_t frame_count; /**< samples in the index, or packets read */
    enum wp_tristate variable_frame_rate;
    bool has_frame_interval;
    struct wp_rational min_frame_interval, max_frame_interval; /**< between successive presentation times */

    enum wp_tristate interlaced;
    enum wp_tristate hdr;    /**< PQ or HLG transfer (ITU-R BT.2100) */
    char color_transfer[24]; /**< e.g. "bt709", "smpte2084", "arib-std-b67"; "" if unknown */
    bool has_bits;
    uint8_t bits; /**< a sample */

    enum wp_tristate complete; /**< every sample of the index lies within the file */
    bool has_missing_bytes;
    uint64_t missing_bytes;

    enum wp_decode_state decode;
    char decode_reason[160];
    bool has_decoded_frames;
    uint64_t decoded_frames;
    bool has_decode_errors;
    uint64_t decode_errors; /**< packets or frames with an error; known at depth full only */
};

/** What kind of address was connected to. */
enum wp_address_kind {
    WP_ADDRESS_KIND_UNKNOWN,
    WP_ADDRESS_KIND_PUBLIC,
    WP_ADDRESS_KIND_LOOPBACK,
    WP_ADDRESS_KIND_PRIVATE,
    WP_ADDRESS_KIND_LINK_LOCAL,
    WP_ADDRESS_KIND_RESERVED,
};

/** What stands in the way of a URL that could not be read. */
enum wp_delivery_trouble {
    WP_DELIVERY_FINE,
    WP_DELIVERY_NO_HOST,       /**< the name does not resolve */
    WP_DELIVERY_NO_CONNECTION, /**< refused, reset, timed out while connecting, TLS failed */
    WP_DELIVERY_FORBIDDEN,     /**< an address that is not public: no request was sent */
    WP_DELIVERY_STATUS,        /**< an HTTP status that is no success */
    WP_DELIVERY_REDIRECTS,     /**< too many, in a circle, or to something that is no http(s) URL */
    WP_DELIVERY_TIMEOUT,       /**< too slow: the bound on time was reached */
    WP_DELIVERY_CHANGED,       /**< the content changed while it was read (ETag, Last-Modified or size) */
    WP_DELIVERY_LIES,          /**< wrong ranges, wrong lengths, or a body that ended early */
    WP_DELIVERY_TOO_LARGE,     /**< stopped at the size limit while it arrived */
};

/** Facts of a URL's delivery. Plain data; times are those of this machine's connection. */
struct wp_delivery_facts {
    enum wp_delivery_trouble trouble;
    char trouble_reason[256]; /**< for people, with secrets hidden; "" if there is none */
    bool has_status;
    uint16_t status; /**< of the last answer */
    uint32_t redirects;
    char final_url[2048]; /**< after redirects, with secrets hidden; "" if there were none */
    enum wp_address_kind address_kind;
    char address[64]; /**< numeric, that was connected to; "" if unknown */
    char content_type[128];
    bool has_content_length;
    uint64_t content_length; /**< of the whole file, as the server says it */
    enum wp_tristate ranges; /**< whether a range that was asked for was given */
    char etag[128];
    bool has_first_byte;
    double first_byte_s; /**< until the first byte of the file, connecting and redirects included */
    bool has_rate;
    double bytes_per_s; /**< while bodies arrived; known if 1 MiB came or it took 2 s */
    bool has_expiry;
    int64_t expires_in_s;    /**< of a signed URL, by the server's clock if it tells it; negative if past */
    char signature_form[16]; /**< "OSS", "S3", "GCS", "Azure"; "" if the URL is not signed */
    uint32_t requests;
    uint64_t bytes_read;
};

/** The short name of a format, e.g. "JPEG", "MP4", "unknown". Static storage. */
WP_API const char *wp_format_name(enum wp_format format);

/** "header", "frame" or "full". Static storage. */
WP_API const char *wp_depth_name(enum wp_depth depth);

#ifdef __cplusplus
}
#endif
#endif
