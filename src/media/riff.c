#include "media/riff.h"

#include <stddef.h>
#include <string.h>

#include "base/bytes.h"

#include "base/banned.h"

/* Bytes as read by wp_le32(). */
#define TAG(a, b, c, d) ((uint32_t)(d) << 24 | (uint32_t)(c) << 16 | (uint32_t)(b) << 8 | (uint32_t)(a))

/* Bytes of an entry of idx1. */
#define INDEX_ENTRY 16

/* A chunk, or a list, whose body begins behind its type. */
struct chunk {
    uint32_t id;
    uint32_t list; /* the type of a RIFF or LIST, else 0 */
    uint32_t size; /* as stored */
    uint64_t body;
    uint64_t end;     /* within what it is in */
    uint64_t claimed; /* by its own word */
};

static bool next_chunk(struct wp_input *in, uint64_t *at, uint64_t end, struct chunk *chunk)
{
    const uint8_t *p = end - *at < 8 ? NULL : wp_input_peek(in, *at, 8);
    if (!p)
        return false;
    chunk->id = wp_le32(p);
    chunk->size = wp_le32(p + 4);
    chunk->body = *at + 8;
    chunk->claimed = chunk->body + chunk->size;
    chunk->end = chunk->claimed < end ? chunk->claimed : end;
    chunk->list = 0;
    if ((chunk->id == TAG('R', 'I', 'F', 'F') || chunk->id == TAG('L', 'I', 'S', 'T')) &&
        chunk->end - chunk->body >= 4 && (p = wp_input_peek(in, chunk->body, 4))) {
        chunk->list = wp_le32(p);
        chunk->body += 4;
    }
    uint64_t next = chunk->end + (chunk->size & 1); /* chunks are padded to even sizes */
    *at = next < end ? next : end;
    return true;
}

static void count_info(struct wp_riff *riff, struct wp_input *in, const struct chunk *list)
{
    uint64_t at = list->body;
    struct chunk item;
    while (list->list == TAG('I', 'N', 'F', 'O') && next_chunk(in, &at, list->end, &item))
        riff->metadata_items++;
}

static void take_longer(struct wp_riff *riff, uint64_t num, uint64_t den)
{
    if (num == 0 || num > INT64_MAX || den == 0)
        return;
    bool longer = !riff->has_duration ||
                  (double)num / (double)den > (double)riff->duration.num / (double)riff->duration.den;
    if (!longer)
        return;
    riff->has_duration = true;
    riff->duration = (struct wp_rational){(int64_t)num, (int64_t)den};
}

/* hdrl: avih, and strh of every stream list. */
static void read_header(struct wp_riff *riff, struct wp_input *in, uint64_t at, uint64_t end)
{
    struct chunk chunk;
    uint64_t frames_us = 0;
    while (next_chunk(in, &at, end, &chunk)) {
        size_t room = (size_t)(chunk.end - chunk.body);
        const uint8_t *p = NULL;
        count_info(riff, in, &chunk);
        if (chunk.id == TAG('a', 'v', 'i', 'h') && room >= 20 && (p = wp_input_peek(in, chunk.body, 20))) {
            riff->has_header = true;
            frames_us = (uint64_t)wp_le32(p) * wp_le32(p + 16);
        } else if (chunk.id == TAG('s', 't', 'r', 'h') && room >= 36 &&
                   (p = wp_input_peek(in, chunk.body, 36))) {
            take_longer(riff, (uint64_t)wp_le32(p + 20) * wp_le32(p + 32), wp_le32(p + 24));
        } else if (chunk.list == TAG('s', 't', 'r', 'l')) {
            at = chunk.body; /* on with what is in the list */
        }
    }
    /* Microseconds a frame are rounded: only where no stream says it better. */
    if (!riff->has_duration)
        take_longer(riff, frames_us, 1000000);
}

static void read_riff(struct wp_riff *riff, struct wp_input *in, uint64_t at, uint64_t end)
{
    struct chunk chunk;
    while (next_chunk(in, &at, end, &chunk)) {
        count_info(riff, in, &chunk);
        if (chunk.list == TAG('h', 'd', 'r', 'l')) {
            read_header(riff, in, chunk.body, chunk.end);
        } else if (chunk.list == TAG('m', 'o', 'v', 'i')) {
            riff->has_movi = true;
            if (chunk.claimed > riff->claimed_end)
                riff->claimed_end = chunk.claimed;
        } else if (chunk.id == TAG('i', 'd', 'x', '1')) {
            riff->index_entries += chunk.size / INDEX_ENTRY;
            riff->index_at = chunk.body;
        }
    }
}

void wp_riff_read(struct wp_riff *out, struct wp_input *in)
{
    memset(out, 0, sizeof *out);
    uint64_t end = in->reader->size;
    uint64_t at = 0;
    struct chunk chunk;
    /* OpenDML: over 1 GB more RIFF lists follow ("AVIX"). */
    while (next_chunk(in, &at, end, &chunk) && chunk.id == TAG('R', 'I', 'F', 'F')) {
        if (chunk.claimed > out->claimed_end)
            out->claimed_end = chunk.claimed;
        /* A recorder that dies leaves 0 (or all ones) in the outermost size; what follows is still there. */
        bool open_end = chunk.size == 0 || chunk.size == UINT32_MAX;
        out->unfinished |= open_end;
        uint64_t body = open_end ? 12 : chunk.body;
        read_riff(out, in, body < end ? body : end, open_end ? end : chunk.end);
        if (open_end)
            break;
    }
}

/* A chunk of pictures is named by two digits and "db", "dc" or, rarely, another 'd'. */
static bool is_frame_of(uint32_t id, unsigned stream)
{
    uint32_t digits = ('0' + stream / 10) | ('0' + stream % 10) << 8;
    return (id & 0xffff) == digits && (id >> 16 & 0xff) == 'd';
}

static void count_frame(struct wp_riff_frames *frames, uint32_t size)
{
    frames->chunks++;
    if (size > 0)
        frames->frames++;
    else if (frames->frames == 0)
        frames->first++;
}

void wp_riff_count_indexed(struct wp_riff_frames *out, struct wp_input *in, const struct wp_riff *riff,
                           unsigned stream)
{
    memset(out, 0, sizeof *out);
    for (uint64_t i = 0; i < riff->index_entries; i++) {
        const uint8_t *p = wp_input_peek(in, riff->index_at + i * INDEX_ENTRY, INDEX_ENTRY);
        if (!p)
            break;
        if (is_frame_of(wp_le32(p), stream))
            count_frame(out, wp_le32(p + 12));
    }
}

void wp_riff_count_frames(struct wp_riff_frames *out, struct wp_input *in, unsigned stream)
{
    uint64_t end = in->reader->size;
    uint64_t at = 0;
    struct chunk chunk;
    memset(out, 0, sizeof *out);
    while (next_chunk(in, &at, end, &chunk)) {
        if (chunk.id == TAG('R', 'I', 'F', 'F') || chunk.list == TAG('m', 'o', 'v', 'i') ||
            chunk.list == TAG('r', 'e', 'c', ' '))
            at = chunk.body; /* on with what is in the list */
        else if (is_frame_of(chunk.id, stream) && chunk.claimed <= end)
            count_frame(out, chunk.size);
    }
}
