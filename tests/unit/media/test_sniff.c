/* Formats by content: one head of every format, near misses, and cut heads. */
#include "unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "media/sniff.h"

#include "base/banned.h"

struct sample {
    const char *bytes;
    size_t len;
    enum wp_format format;
    const char *brand;
};
#define SAMPLE(text, format, brand)                                                                          \
    {                                                                                                        \
        (text), sizeof(text) - 1, (format), (brand)                                                          \
    }
#define PLAIN(text, format) SAMPLE(text, format, "")

static const struct sample samples[] = {
    PLAIN("", WP_FORMAT_EMPTY),
    PLAIN("\0", WP_FORMAT_UNKNOWN),
    PLAIN("hello", WP_FORMAT_UNKNOWN),
    PLAIN("\xff\xd8\xff\xe0\0\x10JFIF", WP_FORMAT_JPEG),
    PLAIN("\xff\xd8", WP_FORMAT_JPEG),
    PLAIN("\xff\xd8\0", WP_FORMAT_UNKNOWN),
    PLAIN("\x89PNG\r\n\x1a\n", WP_FORMAT_PNG),
    PLAIN("\x89PNG\n\x1a\n", WP_FORMAT_PNG),
    PLAIN("BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", WP_FORMAT_BMP),
    PLAIN("BM\0\0\0\0\0\0\0\0\x36\0\0\0\x29\0\0\0", WP_FORMAT_UNKNOWN),
    PLAIN("BM\0\0\0\0\0\0\0\0\x36\0\0\0", WP_FORMAT_BMP),
    PLAIN("BMW builds cars in Munich", WP_FORMAT_UNKNOWN),
    PLAIN("RIFF\0\0\0\0WEBPVP8 ", WP_FORMAT_WEBP),
    PLAIN("RIFF\0\0\0\0AVI LIST", WP_FORMAT_AVI),
    PLAIN("RIFF\0\0\0\0WAVEfmt ", WP_FORMAT_WAV),
    PLAIN("RIFF\0\0\0\0ACON", WP_FORMAT_UNKNOWN),
    PLAIN("GIF89a", WP_FORMAT_GIF),
    PLAIN("GIF87a", WP_FORMAT_GIF),
    PLAIN("II*\0\x08\0\0\0", WP_FORMAT_TIFF),
    PLAIN("MM\0*\0\0\0\x08", WP_FORMAT_TIFF),
    PLAIN("\xff\x0a\xfa\x1f", WP_FORMAT_JPEG_XL),
    PLAIN("\0\0\0\x0cJXL \r\n\x87\n", WP_FORMAT_JPEG_XL),
    PLAIN("\0\0\0\x0cjP  \r\n\x87\n", WP_FORMAT_JPEG_2000),
    PLAIN("\xff\x4f\xff\x51\0", WP_FORMAT_JPEG_2000),
    PLAIN("8BPS\0\x01", WP_FORMAT_PSD),
    PLAIN("FLV\x01\x05", WP_FORMAT_FLV),
    PLAIN("\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", WP_FORMAT_ASF),
    PLAIN("\0\0\x01\xba\x44", WP_FORMAT_MPEG_PS),
    PLAIN("OggS\0\x02", WP_FORMAT_OGG),
    PLAIN("ID3\x03", WP_FORMAT_MP3),
    PLAIN("\xff\xfb\x90\x64", WP_FORMAT_MP3),
    PLAIN("\xff\xfe<\0h\0t\0", WP_FORMAT_UNKNOWN), /* UTF-16, not sound */
    PLAIN("%PDF-1.7", WP_FORMAT_PDF),
    PLAIN("PK\x03\x04\x14", WP_FORMAT_ZIP),
    PLAIN("\x1a\x45\xdf\xa3\x8b\x42\x86\x81\x01\x42\x82\x84webm", WP_FORMAT_WEBM),
    PLAIN("\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x0f\x42\x82\x88matroska", WP_FORMAT_MATROSKA),
    PLAIN("\x1a\x45\xdf\xa3", WP_FORMAT_MATROSKA),
    PLAIN("\x1a\x45\xdf\xa3\x8b\x42\x82\xff\xff\xff", WP_FORMAT_MATROSKA),
    PLAIN("\xef\xbb\xbf <?xml version=\"1.0\"?>\n<!-- x --><svg xmlns=\"\">", WP_FORMAT_SVG),
    PLAIN("<svg>", WP_FORMAT_SVG),
    PLAIN("\n<!DOCTYPE HTML><p><svg/>", WP_FORMAT_HTML),
    PLAIN("<html lang=en>", WP_FORMAT_HTML),
    PLAIN("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", WP_FORMAT_UNKNOWN),
    PLAIN(" {\"code\":\"x\"}", WP_FORMAT_JSON),
    PLAIN("[1,2]", WP_FORMAT_JSON),
    PLAIN("[section]", WP_FORMAT_UNKNOWN),
    PLAIN("{", WP_FORMAT_UNKNOWN),
    SAMPLE("\0\0\0\x14"
           "ftypisom\0\0\x02\0avc1",
           WP_FORMAT_MP4, "isom"),
    SAMPLE("\0\0\0\x10"
           "ftypiso5\0\0\0\0",
           WP_FORMAT_MP4, "iso5"),
    SAMPLE("\0\0\0\x10"
           "ftypmp42\0\0\0\0",
           WP_FORMAT_MP4, "mp42"),
    SAMPLE("\0\0\0\x10"
           "ftypavc1\0\0\0\0",
           WP_FORMAT_MP4, "avc1"),
    SAMPLE("\0\0\0\x10"
           "ftypM4V \0\0\0\0",
           WP_FORMAT_M4V, "M4V "),
    SAMPLE("\0\0\0\x10"
           "ftypM4VH\0\0\0\0",
           WP_FORMAT_M4V, "M4VH"),
    SAMPLE("\0\0\0\x18"
           "ftyp3gp4\0\0\0\0isommp42",
           WP_FORMAT_3GP, "3gp4"),
    SAMPLE("\0\0\0\x10"
           "ftyp3g2a\0\0\0\0",
           WP_FORMAT_3GP, "3g2a"),
    SAMPLE("\0\0\0\x14"
           "ftypqt  \0\0\0\0qt  ",
           WP_FORMAT_MOV, "qt  "),
    SAMPLE("\0\0\0\x18"
           "ftypheic\0\0\0\0mif1heic",
           WP_FORMAT_HEIF, "heic"),
    SAMPLE("\0\0\0\x18"
           "ftypmif1\0\0\0\0mif1heic",
           WP_FORMAT_HEIF, "mif1"),
    SAMPLE("\0\0\0\x18"
           "ftypmif1\0\0\0\0mif1avif",
           WP_FORMAT_AVIF, "mif1"),
    SAMPLE("\0\0\0\x18"
           "ftypmsf1\0\0\0\0msf1avis",
           WP_FORMAT_AVIF, "msf1"),
    SAMPLE("\0\0\0\x14"
           "ftypmif1\0\0\0\0mif1avif",
           WP_FORMAT_HEIF, "mif1"), /* behind the box's end */
    SAMPLE("\0\0\0\x10"
           "ftypavif\0\0\0\0",
           WP_FORMAT_AVIF, "avif"),
    SAMPLE("\0\0\0\x10"
           "ftypcrx \0\0\0\0",
           WP_FORMAT_UNKNOWN, "crx "),
    SAMPLE("\0\0\0\x10"
           "ftyp\x01\xff"
           "ab\0\0\0\0",
           WP_FORMAT_MP4, "??ab"),
    SAMPLE("\0\0\0\x01"
           "ftyp\0\0\0\0\0\0\0\x18qt  \0\0\0\0",
           WP_FORMAT_MOV, "qt  "),
    SAMPLE("\0\0\0\x08"
           "free\0\0\0\x10"
           "ftypisom\0\0\0\0",
           WP_FORMAT_MP4, "isom"),
    PLAIN("\0\0\0\x14"
          "ftyp",
          WP_FORMAT_MP4), /* cut within the box */
    PLAIN("\0\0\0\x04"
          "ftypisom",
          WP_FORMAT_UNKNOWN), /* a box smaller than its header */
    PLAIN("\0\0\0\x08"
          "wide\0\0\x10\0mdat",
          WP_FORMAT_MOV),
    PLAIN("\0\0\x10\0moov\0\0\0\x6cmvhd", WP_FORMAT_MOV),
    PLAIN("\0\0\0\0mdat", WP_FORMAT_MOV),
    PLAIN("\0\0\0\x14pnot", WP_FORMAT_MOV),
    PLAIN("\0\0\x10\0skip", WP_FORMAT_MOV),
    PLAIN("\0\0\0\x18stypmsdh", WP_FORMAT_MP4),
};

/* The sniffer gets the bytes in memory of exactly their size, so that ASan sees a read beyond them. */
static enum wp_format sniff(const char *bytes, size_t len, char brand[5])
{
    uint8_t *copy = malloc(len + (len == 0));
    assert_non_null(copy);
    memcpy(copy, bytes, len);
    enum wp_format format = wp_sniff(copy, len, brand);
    free(copy);
    return format;
}

static void every_format_is_told_by_its_head(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(samples); i++) {
        char brand[5];
        enum wp_format format = sniff(samples[i].bytes, samples[i].len, brand);
        if (format != samples[i].format)
            fail_msg("sample %zu: %s, not %s", i, wp_format_name(format), wp_format_name(samples[i].format));
        assert_string_equal(brand, samples[i].brand);
    }
}

static void a_head_cut_anywhere_is_read_within_its_bounds(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(samples); i++) {
        for (size_t len = 0; len < samples[i].len; len++) {
            char brand[5];
            (void)sniff(samples[i].bytes, len, brand);
            assert_true(memchr(brand, '\0', sizeof brand) != NULL);
        }
    }
}

static void transport_streams_have_sync_bytes_at_188_or_192(void **state)
{
    (void)state;
    char head[WP_SNIFF_BYTES];
    char brand[5];
    memset(head, 1, sizeof head);
    for (size_t i = 0; i < sizeof head; i += 188)
        head[i] = 0x47;
    assert_int_equal(sniff(head, sizeof head, brand), WP_FORMAT_MPEG_TS);
    assert_int_equal(sniff(head, 376, brand), WP_FORMAT_MPEG_TS);
    assert_int_equal(sniff(head, 188, brand), WP_FORMAT_UNKNOWN);
    head[3 * 188] = 0x46;
    assert_int_equal(sniff(head, sizeof head, brand), WP_FORMAT_UNKNOWN);

    memset(head, 1, sizeof head);
    for (size_t i = 4; i < sizeof head; i += 192)
        head[i] = 0x47;
    assert_int_equal(sniff(head, sizeof head, brand), WP_FORMAT_MPEG_TS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_is_told_by_its_head),
        cmocka_unit_test(a_head_cut_anywhere_is_read_within_its_bounds),
        cmocka_unit_test(transport_streams_have_sync_bytes_at_188_or_192),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
