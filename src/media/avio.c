#include "media/avio.h"

#include <stdio.h>

#include <libavutil/error.h>
#include <libavutil/mem.h>

#include "base/alloc.h"

#include "base/banned.h"

#define BUFFER_SIZE 32768

/* What FFmpeg reads: an input and a position in it. */
struct stream {
    struct wp_input *in;
    uint64_t at;
};

static int read_packet(void *opaque, uint8_t *out, int len)
{
    struct stream *stream = opaque;
    if (len <= 0)
        return AVERROR(EINVAL);
    if (stream->at >= stream->in->reader->size)
        return AVERROR_EOF;
    size_t got = wp_input_read(stream->in, out, (size_t)len, stream->at);
    if (got == 0)
        return wp_input_stopped(stream->in) ? AVERROR_EXIT : AVERROR_EOF;
    stream->at += got;
    return (int)got;
}

static int64_t seek(void *opaque, int64_t offset, int whence)
{
    struct stream *stream = opaque;
    uint64_t size = stream->in->reader->size;
    int64_t base = 0;
    switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE:
        return size <= INT64_MAX ? (int64_t)size : INT64_MAX;
    case SEEK_SET:
        break;
    case SEEK_CUR:
        base = (int64_t)stream->at;
        break;
    case SEEK_END:
        base = (int64_t)size;
        break;
    default:
        return AVERROR(EINVAL);
    }
    int64_t at = 0;
    if (__builtin_add_overflow(base, offset, &at) || at < 0)
        return AVERROR(EINVAL);
    stream->at = (uint64_t)at;
    return at;
}

AVIOContext *wp_avio_new(struct wp_input *in)
{
    AVIOContext *io = NULL;
    struct stream *stream = wp_calloc(1, sizeof *stream);
    uint8_t *buffer = av_malloc(BUFFER_SIZE);
    if (!stream || !buffer)
        goto out;
    stream->in = in;
    io = avio_alloc_context(buffer, BUFFER_SIZE, 0, stream, read_packet, NULL, seek);
out:
    if (!io) {
        av_free(buffer);
        wp_free(stream);
    }
    return io;
}

void wp_avio_free(AVIOContext **io)
{
    if (!*io)
        return;
    wp_free((*io)->opaque);
    /* The buffer may not be ours any more: FFmpeg replaces it at will (libavformat/avio.h). */
    av_freep(&(*io)->buffer);
    avio_context_free(io);
}
