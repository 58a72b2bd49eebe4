/* SHA-256 (FIPS 180-4), by Nettle, which is small and needs no memory of its own. */
#ifndef WP_BASE_SHA256_H
#define WP_BASE_SHA256_H

#include <stddef.h>

#include "base/reader.h"
#include "wanprep/facts.h"

/** A running hash. */
struct wp_sha256;

/** NULL: out of memory. Freed by wp_sha256_free(). */
struct wp_sha256 *wp_sha256_new(void);
void wp_sha256_add(struct wp_sha256 *hash, const void *bytes, size_t len);

/** Ends the hash and writes it. The hash can then only be freed. */
void wp_sha256_end(struct wp_sha256 *hash, wp_sha256_hex out);
void wp_sha256_free(struct wp_sha256 *hash);

/** Hashes all bytes of a reader. Fails as read_at does, or with WP_NOMEM. */
enum wp_status wp_sha256_reader(wp_sha256_hex out, const struct wp_reader *reader, struct wp_error *error);

/** Hashes text. WP_OK or WP_NOMEM. */
enum wp_status wp_sha256_text(wp_sha256_hex out, const char *text, struct wp_error *error);

#endif
