#include "media/input.h"

#include <assert.h>

#include "base/clock.h"

#include "base/banned.h"

void wp_input_init(struct wp_input *in, const struct wp_reader *reader, int64_t deadline_us,
                   struct wp_error *error)
{
    in->reader = reader;
    in->error = error;
    in->deadline_us = deadline_us;
    in->budget = UINT64_MAX;
    in->status = WP_OK;
    in->timed_out = false;
    in->spent = false;
    in->hashing = NULL;
    in->in_order = false;
    in->window_at = 0;
    in->window_len = 0;
}

bool wp_input_stopped(struct wp_input *in)
{
    if (!in->timed_out && wp_clock_now_us() >= in->deadline_us)
        in->timed_out = true;
    return in->status != WP_OK || in->spent || in->timed_out;
}

size_t wp_input_read(struct wp_input *in, void *out, size_t len, uint64_t offset)
{
    if (offset >= in->reader->size || wp_input_stopped(in))
        return 0;
    if (len > in->reader->size - offset)
        len = (size_t)(in->reader->size - offset);
    if (len > in->budget) {
        in->spent = true;
        return 0;
    }
    size_t got = 0;
    if (in->hashing && in->in_order)
        in->status = wp_hashing_reach(in->hashing, offset, in->error);
    if (in->status == WP_OK)
        in->status = in->reader->read_at(in->reader->user, out, len, offset, &got, in->error);
    if (in->status != WP_OK)
        return 0;
    in->budget -= got;
    if (in->hashing)
        wp_hashing_see(in->hashing, out, got, offset);
    return got;
}

const uint8_t *wp_input_peek(struct wp_input *in, uint64_t offset, size_t len)
{
    assert(len <= WP_INPUT_WINDOW);
    if (offset < in->window_at || offset - in->window_at > in->window_len ||
        in->window_len - (size_t)(offset - in->window_at) < len) {
        in->window_len = 0;
        in->window_len = wp_input_read(in, in->window, sizeof in->window, offset);
        in->window_at = offset;
        if (in->window_len < len)
            return NULL;
    }
    return in->window + (offset - in->window_at);
}
