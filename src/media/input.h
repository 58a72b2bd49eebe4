/*
 * Bounded reading: a reader with a budget of bytes and a deadline, for parsers of hostile files.
 *
 * A failure sticks: once status is not WP_OK, or spent is set, every further read gives nothing. So a parser
 * walks on as if the file ended there, and the caller looks once at the end why it did.
 */
#ifndef WP_MEDIA_INPUT_H
#define WP_MEDIA_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/reader.h"
#include "base/sha256.h"
#include "wanprep/status.h"

#define WP_INPUT_WINDOW 16384

struct wp_input {
    const struct wp_reader *reader; /**< borrowed */
    struct wp_error *error;         /**< borrowed; filled by read_at */
    int64_t deadline_us;            /**< of wp_clock_now_us() */
    uint64_t budget;                /**< bytes that may still be read */
    enum wp_status status;          /**< of the first read_at that failed */
    bool timed_out;                 /**< the deadline has passed */
    bool spent;                     /**< the budget is used up */
    struct wp_hashing *hashing;     /**< borrowed: sees what is read; NULL: nobody does */
    bool in_order;                  /**< what is left out will not be read later: hashing reads it at once */
    uint64_t window_at;
    size_t window_len;
    uint8_t window[WP_INPUT_WINDOW];
};

/** deadline_us is a time of wp_clock_now_us(). */
void wp_input_init(struct wp_input *in, const struct wp_reader *reader, int64_t deadline_us,
                   struct wp_error *error);

/** Whether nothing can be read any more, whatever the offset. Looks at the clock. */
bool wp_input_stopped(struct wp_input *in);

/** Reads up to len bytes at offset past the window; 0 at the end of the file or when stopped. */
size_t wp_input_read(struct wp_input *in, void *out, size_t len, uint64_t offset);

/**
 * len bytes (at most WP_INPUT_WINDOW) at offset, or NULL if they are not all there. Borrowed until the next
 * call on in.
 */
const uint8_t *wp_input_peek(struct wp_input *in, uint64_t offset, size_t len);

#endif
