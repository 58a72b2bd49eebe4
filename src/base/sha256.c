#include "base/sha256.h"

#include <nettle/sha2.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

#include "base/banned.h"

struct wp_sha256 {
    struct sha256_ctx context;
};

struct wp_sha256 *wp_sha256_new(void)
{
    struct wp_sha256 *hash = wp_calloc(1, sizeof *hash);
    if (hash)
        sha256_init(&hash->context);
    return hash;
}

void wp_sha256_add(struct wp_sha256 *hash, const void *bytes, size_t len)
{
    sha256_update(&hash->context, len, bytes);
}

void wp_sha256_end(struct wp_sha256 *hash, wp_sha256_hex out)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t raw[SHA256_DIGEST_SIZE];
    sha256_digest(&hash->context, sizeof raw, raw);
    for (size_t i = 0; i < sizeof raw; i++) {
        out[2 * i] = digits[raw[i] >> 4];
        out[2 * i + 1] = digits[raw[i] & 15];
    }
    out[sizeof(wp_sha256_hex) - 1] = '\0';
}

void wp_sha256_free(struct wp_sha256 *hash)
{
    wp_free(hash);
}

enum wp_status wp_sha256_reader(wp_sha256_hex out, const struct wp_reader *reader, struct wp_error *error)
{
    enum { BLOCK = 256 * 1024 };
    enum wp_status status = WP_OK;
    out[0] = '\0';
    struct wp_sha256 *hash = wp_sha256_new();
    char *block = wp_malloc(BLOCK);
    if (!hash || !block) {
        status = wp_fail_nomem(error, "hash");
        goto out;
    }
    for (uint64_t offset = 0; offset < reader->size;) {
        size_t got = 0;
        status = reader->read_at(reader->user, block, BLOCK, offset, &got, error);
        if (status != WP_OK)
            goto out;
        if (got == 0) {
            status = wp_fail(error, WP_INPUT, "hash", "the file became shorter while it was read");
            goto out;
        }
        wp_sha256_add(hash, block, got);
        offset += got;
    }
    wp_sha256_end(hash, out);
out:
    wp_free(block);
    wp_sha256_free(hash);
    return status;
}

enum wp_status wp_sha256_text(wp_sha256_hex out, const char *text, struct wp_error *error)
{
    out[0] = '\0';
    struct wp_sha256 *hash = wp_sha256_new();
    if (hash) {
        wp_sha256_add(hash, text, strlen(text));
        wp_sha256_end(hash, out);
        wp_sha256_free(hash);
    }
    return out[0] ? WP_OK : wp_fail_nomem(error, "hash");
}
