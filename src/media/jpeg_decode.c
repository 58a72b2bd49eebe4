/* JPEG to lines: libjpeg. */
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>

#include <jerror.h>
#include <jpeglib.h>

#include "base/log.h"
#include "media/decoders.h"

#include "base/banned.h"

enum {
    MAX_SCANS = 100, /* as many as the header parser lets through */
    SMALLEST = 3,    /* 2^3: a block of 8x8 becomes one pixel */
};

/* The coefficients of a progressive picture, of which all are kept: up to four components of two bytes. And
 * some. */
static long most_memory(const struct wp_lines *lines)
{
    return (long)lines->width * (long)lines->height * 8 + (16 << 20);
}

/* What libjpeg calls back into. The manager comes first: libjpeg hands it back. */
struct judge {
    struct jpeg_error_mgr manager;
    jmp_buf out;
    const struct wp_log *log;
    bool damaged, out_of_memory, unsupported;
};

static void tell(j_common_ptr info, const struct judge *judge)
{
    char text[JMSG_LENGTH_MAX];
    judge->manager.format_message(info, text);
    wp_log_line(judge->log, WP_LOG_WARN, "media", "libjpeg: %s", text);
}

static _Noreturn void fail(j_common_ptr info)
{
    struct judge *judge = (struct judge *)(void *)info->err;
    int code = judge->manager.msg_code;
    judge->out_of_memory = code == JERR_OUT_OF_MEMORY;
    judge->unsupported = code == JERR_CONVERSION_NOTIMPL || code == JERR_ARITH_NOTIMPL ||
                         code == JERR_NOT_COMPILED || code == JERR_CCIR601_NOTIMPL ||
                         code == JERR_FRACT_SAMPLE_NOTIMPL || code == JERR_NO_BACKING_STORE;
    tell(info, judge);
    longjmp(judge->out, 1);
}

/* Warnings have a level below 0. Some are about what does not touch the pixels. */
static void take_message(j_common_ptr info, int level)
{
    struct judge *judge = (struct judge *)(void *)info->err;
    int code = judge->manager.msg_code;
    if (level >= 0 || code == JWRN_EXTRANEOUS_DATA || code == JWRN_ADOBE_XFORM || code == JWRN_JFIF_MAJOR)
        return;
    if (!judge->damaged) /* the first of what may be thousands */
        tell(info, judge);
    judge->damaged = true;
}

static void count_scans(j_common_ptr info)
{
    if (((j_decompress_ptr)info)->input_scan_number > MAX_SCANS)
        fail(info);
}

/* What damages a JPEG is seen in its entropy-coded data, all of which are read at any scale and in any
 * colours. Where nobody looks, the least is computed from them. */
static void choose_output(j_decompress_ptr info, const struct wp_lines *lines)
{
    info->scale_num = 1;
    info->scale_denom = 1U << (lines->take ? lines->shrink : SMALLEST);
    info->dct_method = JDCT_IFAST;
    info->do_fancy_upsampling = FALSE;
    if (!lines->take || info->jpeg_color_space == JCS_UNKNOWN)
        info->out_color_space = info->jpeg_color_space;
    else if (info->jpeg_color_space == JCS_CMYK || info->jpeg_color_space == JCS_YCCK)
        info->out_color_space = JCS_CMYK;
    else
        info->out_color_space = info->jpeg_color_space == JCS_GRAYSCALE ? JCS_GRAYSCALE : JCS_RGB;
}

/* Ink to light, in place. Programs that write CMYK store it inverted, 255 for no ink, and say so by Adobe's
 * marker (libjpeg.txt, "Special color spaces"). */
static void from_cmyk(uint8_t *line, uint32_t width, bool inverted)
{
    const uint8_t *ink = line;
    for (uint32_t x = 0; x < width; x++, ink += 4, line += 3) {
        unsigned black = inverted ? ink[3] : 255U - ink[3];
        for (int c = 0; c < 3; c++)
            line[c] = (uint8_t)((inverted ? ink[c] : 255U - ink[c]) * black / 255);
    }
}

static void deliver(j_decompress_ptr info, const struct wp_lines *lines, uint8_t *samples, uint32_t y)
{
    bool cmyk = info->out_color_space == JCS_CMYK;
    if (cmyk)
        from_cmyk(samples, info->output_width, info->saw_Adobe_marker);
    const struct wp_line line = {
        .y = y,
        .width = info->output_width,
        .height = info->output_height,
        .channels = cmyk ? 3 : (unsigned)info->output_components,
        .bytes = 1,
        .samples = samples,
    };
    lines->take(lines->user, &line);
}

static void decode(j_decompress_ptr info, const struct wp_lines *lines)
{
    choose_output(info, lines);
    (void)jpeg_start_decompress(info);
    JSAMPARRAY line = info->mem->alloc_sarray((j_common_ptr)info, JPOOL_IMAGE,
                                              info->output_width * (JDIMENSION)info->output_components, 1);
    while (info->output_scanline < info->output_height) {
        uint32_t y = info->output_scanline;
        (void)jpeg_read_scanlines(info, line, 1);
        if (lines->take)
            deliver(info, lines, line[0], y);
    }
    (void)jpeg_finish_decompress(info);
}

enum wp_decoded wp_jpeg_decode(const struct wp_lines *lines, const uint8_t *bytes, size_t len)
{
    struct jpeg_decompress_struct info = {0};
    struct jpeg_progress_mgr progress = {.progress_monitor = count_scans};
    struct judge judge = {.log = lines->log};
    volatile bool decoded = false;
    if (len == 0)
        return WP_DECODED_DAMAGED;
    info.err = jpeg_std_error(&judge.manager);
    judge.manager.error_exit = fail;
    judge.manager.emit_message = take_message;
    if (setjmp(judge.out) == 0) {
        jpeg_create_decompress(&info);
        info.progress = &progress;
        info.mem->max_memory_to_use = most_memory(lines);
        jpeg_mem_src(&info, bytes, len);
        if (jpeg_read_header(&info, TRUE) == JPEG_HEADER_OK && info.image_width == lines->width &&
            info.image_height == lines->height) {
            decode(&info, lines);
            decoded = !judge.damaged;
        }
    }
    jpeg_destroy_decompress(&info);
    if (judge.out_of_memory)
        return WP_DECODED_NOMEM;
    if (judge.unsupported)
        return WP_DECODED_UNSUPPORTED;
    return decoded ? WP_DECODED : WP_DECODED_DAMAGED;
}
