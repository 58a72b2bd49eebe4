#include "media/jpeg_decode.h"

#include <setjmp.h>
#include <stdio.h>

#include <jerror.h>
#include <jpeglib.h>

#include "base/banned.h"

enum {
    MAX_SIDE = 4096,
    MAX_SCANS = 100, /* as many as the header parser lets through */
    /* The coefficients of a progressive picture of that size: four components of two bytes; and some. */
    MAX_MEMORY = 4 * 2 * MAX_SIDE * MAX_SIDE + (16 << 20),
};

/* What libjpeg calls back into. The manager comes first: libjpeg hands it back. */
struct judge {
    struct jpeg_error_mgr manager;
    jmp_buf out;
    bool damaged;
};

static _Noreturn void fail(j_common_ptr info)
{
    struct judge *judge = (struct judge *)(void *)info->err;
    longjmp(judge->out, 1);
}

/* Warnings have a level below 0. Some are about what does not touch the pixels. */
static void take_message(j_common_ptr info, int level)
{
    struct judge *judge = (struct judge *)(void *)info->err;
    int code = judge->manager.msg_code;
    if (level < 0 && code != JWRN_EXTRANEOUS_DATA && code != JWRN_ADOBE_XFORM && code != JWRN_JFIF_MAJOR)
        judge->damaged = true;
}

static void count_scans(j_common_ptr info)
{
    if (((j_decompress_ptr)info)->input_scan_number > MAX_SCANS)
        fail(info);
}

/* Decodes all lines into one. No colours are converted: nobody looks at them. */
static void decode(j_decompress_ptr info)
{
    info->out_color_space = info->jpeg_color_space;
    info->dct_method = JDCT_IFAST;
    info->do_fancy_upsampling = FALSE;
    (void)jpeg_start_decompress(info);
    JSAMPARRAY line = info->mem->alloc_sarray((j_common_ptr)info, JPOOL_IMAGE,
                                              info->output_width * (JDIMENSION)info->output_components, 1);
    while (info->output_scanline < info->output_height)
        (void)jpeg_read_scanlines(info, line, 1);
    (void)jpeg_finish_decompress(info);
}

bool wp_jpeg_decodes(const uint8_t *bytes, size_t len, uint32_t width, uint32_t height)
{
    struct jpeg_decompress_struct info = {0};
    struct jpeg_progress_mgr progress = {.progress_monitor = count_scans};
    struct judge judge = {.damaged = false};
    volatile bool decoded = false;
    if (len == 0 || width > MAX_SIDE || height > MAX_SIDE)
        return false;
    info.err = jpeg_std_error(&judge.manager);
    judge.manager.error_exit = fail;
    judge.manager.emit_message = take_message;
    if (setjmp(judge.out) == 0) {
        jpeg_create_decompress(&info);
        info.progress = &progress;
        info.mem->max_memory_to_use = MAX_MEMORY;
        jpeg_mem_src(&info, bytes, len);
        if (jpeg_read_header(&info, TRUE) == JPEG_HEADER_OK && info.image_width == width &&
            info.image_height == height) {
            decode(&info);
            decoded = !judge.damaged;
        }
    }
    jpeg_destroy_decompress(&info);
    return decoded;
}
