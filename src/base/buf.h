/*
 * A growing byte buffer with a ceiling. Always NUL-terminated behind len.
 *
 * Failures stick: after a failed append the buffer keeps what it had, further appends do nothing, and failed
 * says why. So a writer appends freely and asks once at the end.
 */
#ifndef WP_BASE_BUF_H
#define WP_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "wanprep/status.h"

struct wp_buf {
    char *data; /**< owned; NULL until the first append */
    size_t len;
    size_t cap;
    size_t ceiling;        /**< len never goes over this */
    enum wp_status failed; /**< WP_OK, WP_NOMEM or WP_INTERNAL (ceiling reached) */
};

/** An empty buffer that holds at most ceiling bytes. Allocates nothing. */
struct wp_buf wp_buf_new(size_t ceiling);

/** False if the bytes do not fit under the ceiling or memory is out; nothing was then added. */
bool wp_buf_add(struct wp_buf *buf, const void *bytes, size_t len);
bool wp_buf_add_text(struct wp_buf *buf, const char *text);
bool wp_buf_add_format(struct wp_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** The text so far; "" if there is none. Borrowed until the next call on buf. */
const char *wp_buf_text(const struct wp_buf *buf);

/** Hands the memory over: the caller frees it with wp_free(). buf is empty afterwards. NULL: out of memory.
 */
char *wp_buf_take(struct wp_buf *buf);

/** Forgets the content and a failure; keeps the memory. */
void wp_buf_clear(struct wp_buf *buf);

/** Frees the memory. The buffer can be used again. NULL is fine. */
void wp_buf_free(struct wp_buf *buf);

#endif
