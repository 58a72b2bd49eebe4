/* PNG to lines: libpng. */
#include <setjmp.h>
#include <stdbool.h>
#include <string.h>

#include <png.h>

#include "base/alloc.h"
#include "base/log.h"
#include "media/decoders.h"

#include "base/banned.h"

/* What libpng calls back into, and what it leaves behind where it jumps. */
struct job {
    const struct wp_lines *lines;
    const uint8_t *bytes;
    size_t len, pos;
    png_structp png;
    png_infop info;
    uint8_t *samples; /* owned: a line, or all of them */
    jmp_buf out;
    bool doubtful, out_of_memory;
};

static void tell(const struct job *job, const char *text)
{
    wp_log_line(job->lines->log, WP_LOG_WARN, "media", "libpng: %s", text);
}

static _Noreturn void fail(png_structp png, png_const_charp text)
{
    struct job *job = png_get_error_ptr(png);
    tell(job, text);
    longjmp(job->out, 1);
}

/* More pixels than the picture has are no damage to it. libpng tells its warnings apart by their text alone.
 */
static void warn(png_structp png, png_const_charp text)
{
    struct job *job = png_get_error_ptr(png);
    if (strstr(text, "Too much image data") || strstr(text, "Extra compressed data"))
        return;
    if (!job->doubtful) /* the first of what may be thousands */
        tell(job, text);
    job->doubtful = true;
}

static png_voidp take_memory(png_structp png, png_alloc_size_t size)
{
    void *memory = wp_malloc(size);
    if (!memory)
        ((struct job *)png_get_mem_ptr(png))->out_of_memory = true;
    return memory;
}

static void give_memory(png_structp png, png_voidp memory)
{
    (void)png;
    wp_free(memory);
}

static void read_bytes(png_structp png, png_bytep out, size_t len)
{
    struct job *job = png_get_io_ptr(png);
    if (len > job->len - job->pos)
        png_error(png, "the file ends within the picture");
    memcpy(out, job->bytes + job->pos, len);
    job->pos += len;
}

/* Grey or RGB of at least 8 bits a sample, and alpha where the file has any kind of transparency. */
static void choose_output(struct job *job)
{
    if (job->lines->take)
        png_set_expand(job->png);
}

static void deliver(const struct job *job, uint32_t y, const uint8_t *samples)
{
    const struct wp_line line = {
        .y = y,
        .width = job->lines->width,
        .height = job->lines->height,
        .channels = png_get_channels(job->png, job->info),
        .bytes = png_get_bit_depth(job->png, job->info) / 8U,
        .samples = samples,
    };
    if (job->lines->take)
        job->lines->take(job->lines->user, &line);
}

static void take_samples(struct job *job, size_t size)
{
    job->samples = take_memory(job->png, size ? size : 1);
    if (!job->samples)
        png_error(job->png, "out of memory");
}

/* The passes of an interlaced picture go over all lines; they are kept only for somebody who looks. */
static void read_lines(struct job *job)
{
    uint32_t height = job->lines->height;
    int passes = png_set_interlace_handling(job->png);
    png_read_update_info(job->png, job->info);
    size_t stride = png_get_rowbytes(job->png, job->info);
    bool keeps = passes > 1 && job->lines->take;
    take_samples(job, keeps ? stride * height : stride);
    for (int pass = 0; pass < passes; pass++) {
        for (uint32_t y = 0; y < height; y++) {
            uint8_t *line = job->samples + (keeps ? stride * y : 0);
            png_read_row(job->png, line, NULL);
            if (pass == passes - 1)
                deliver(job, y, line);
        }
    }
}

static void decode(struct job *job)
{
    png_set_read_fn(job->png, job, read_bytes);
    png_set_user_limits(job->png, job->lines->width, job->lines->height);
    png_set_crc_action(job->png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE); /* the header parser compared them */
    png_set_check_for_invalid_index(job->png, 0);                       /* they are black, as everywhere */
    png_read_info(job->png, job->info);
    if (png_get_image_width(job->png, job->info) != job->lines->width ||
        png_get_image_height(job->png, job->info) != job->lines->height)
        png_error(job->png, "the picture has another size");
    choose_output(job);
    read_lines(job);
    png_read_end(job->png, NULL);
}

enum wp_decoded wp_png_decode(const struct wp_lines *lines, const uint8_t *bytes, size_t len)
{
    struct job job = {.lines = lines, .bytes = bytes, .len = len};
    volatile bool decoded = false;
    job.png =
        png_create_read_struct_2(PNG_LIBPNG_VER_STRING, &job, fail, warn, &job, take_memory, give_memory);
    if (!job.png)
        return WP_DECODED_NOMEM;
    if (setjmp(job.out) == 0) {
        job.info = png_create_info_struct(job.png);
        if (job.info) {
            decode(&job);
            decoded = true;
        }
    }
    png_destroy_read_struct(&job.png, &job.info, NULL);
    wp_free(job.samples);
    if (job.out_of_memory)
        return WP_DECODED_NOMEM;
    if (!decoded)
        return WP_DECODED_DAMAGED;
    return job.doubtful ? WP_DECODED_DOUBTFUL : WP_DECODED;
}
