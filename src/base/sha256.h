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

/** The hash of all bytes of a reader, made of what others read of it, as far as they do so in order: each
 * byte is then read once. */
struct wp_hashing {
    const struct wp_reader *reader; /**< borrowed */
    struct wp_sha256 *hash;         /**< owned */
    unsigned char *block;           /**< owned */
    uint64_t at;                    /**< all bytes before are in it */
};

/** Ended with wp_hashing_end() in every case. Fails with WP_NOMEM. */
enum wp_status wp_hashing_begin(struct wp_hashing *out, const struct wp_reader *reader,
                                struct wp_error *error);

/** Says that bytes were read at offset; those that do not follow are passed by. */
void wp_hashing_see(struct wp_hashing *hashing, const void *bytes, size_t len, uint64_t offset);

/** Reads what is missing before offset. Fails as read_at does, and with WP_INPUT where the bytes end. */
enum wp_status wp_hashing_reach(struct wp_hashing *hashing, uint64_t offset, struct wp_error *error);

/** Frees all; out NULL: without a hash. Else reads the rest, and fails as wp_hashing_reach(). */
enum wp_status wp_hashing_end(struct wp_hashing *hashing, char *out, struct wp_error *error);

/** Hashes all bytes of a reader. Fails as read_at does, or with WP_NOMEM. */
enum wp_status wp_sha256_reader(wp_sha256_hex out, const struct wp_reader *reader, struct wp_error *error);

/** Hashes text. WP_OK or WP_NOMEM. */
enum wp_status wp_sha256_text(wp_sha256_hex out, const char *text, struct wp_error *error);

#endif
