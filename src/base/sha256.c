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

enum { BLOCK = 256 * 1024 };

enum wp_status wp_hashing_begin(struct wp_hashing *out, const struct wp_reader *reader,
                                struct wp_error *error)
{
    *out = (struct wp_hashing){reader, wp_sha256_new(), wp_malloc(BLOCK), 0};
    return out->hash && out->block ? WP_OK : wp_fail_nomem(error, "hash");
}

void wp_hashing_see(struct wp_hashing *hashing, const void *bytes, size_t len, uint64_t offset)
{
    if (offset > hashing->at || len <= hashing->at - offset)
        return;
    size_t known = (size_t)(hashing->at - offset);
    wp_sha256_add(hashing->hash, (const char *)bytes + known, len - known);
    hashing->at += len - known;
}

enum wp_status wp_hashing_reach(struct wp_hashing *hashing, uint64_t offset, struct wp_error *error)
{
    const struct wp_reader *reader = hashing->reader;
    while (hashing->at < offset) {
        uint64_t left = offset - hashing->at;
        size_t got = 0;
        enum wp_status status = reader->read_at(
            reader->user, hashing->block, left < BLOCK ? (size_t)left : BLOCK, hashing->at, &got, error);
        if (status != WP_OK)
            return status;
        if (got == 0)
            return wp_fail(error, WP_INPUT, "hash", "the file became shorter while it was read");
        wp_hashing_see(hashing, hashing->block, got, hashing->at);
    }
    return WP_OK;
}

enum wp_status wp_hashing_end(struct wp_hashing *hashing, char *out, struct wp_error *error)
{
    enum wp_status status = out ? wp_hashing_reach(hashing, hashing->reader->size, error) : WP_OK;
    if (out && status == WP_OK)
        wp_sha256_end(hashing->hash, out);
    wp_free(hashing->block);
    wp_sha256_free(hashing->hash);
    return status;
}

enum wp_status wp_sha256_reader(wp_sha256_hex out, const struct wp_reader *reader, struct wp_error *error)
{
    struct wp_hashing hashing;
    enum wp_status status = wp_hashing_begin(&hashing, reader, error);
    out[0] = '\0';
    if (status == WP_OK)
        return wp_hashing_end(&hashing, out, error);
    (void)wp_hashing_end(&hashing, NULL, error);
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
