#include "base/sha256.h"

#include <assert.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

#include "base/banned.h"

struct wp_sha256 {
    EVP_MD_CTX *context;
    bool failed;
};

struct wp_sha256 *wp_sha256_new(void)
{
    struct wp_sha256 *hash = wp_calloc(1, sizeof *hash);
    if (!hash)
        return NULL;
    hash->context = EVP_MD_CTX_new();
    if (!hash->context || EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL) != 1) {
        wp_sha256_free(hash);
        return NULL;
    }
    return hash;
}

void wp_sha256_add(struct wp_sha256 *hash, const void *bytes, size_t len)
{
    if (EVP_DigestUpdate(hash->context, bytes, len) != 1)
        hash->failed = true;
}

void wp_sha256_end(struct wp_sha256 *hash, wp_sha256_hex out)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char raw[EVP_MAX_MD_SIZE];
    unsigned int len = 0;
    out[0] = '\0';
    if (hash->failed || EVP_DigestFinal_ex(hash->context, raw, &len) != 1)
        return;
    assert(len == 32);
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[raw[i] >> 4];
        out[2 * i + 1] = digits[raw[i] & 15];
    }
    out[sizeof(wp_sha256_hex) - 1] = '\0';
}

void wp_sha256_free(struct wp_sha256 *hash)
{
    if (!hash)
        return;
    EVP_MD_CTX_free(hash->context);
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
    if (!out[0])
        status = wp_fail_nomem(error, "hash");
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
