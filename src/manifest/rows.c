#include "manifest/rows.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"

#include "base/banned.h"

enum { MAX_ROWS = 1000000, BLOCK = 1 << 16 };

struct wp_manifest_block {
    struct wp_manifest_block *next;
    size_t used, size;
    char bytes[];
};

/* Memory for len bytes that lives as long as the manifest; NULL: out of memory. */
static char *reserve(struct wp_manifest *manifest, size_t len)
{
    struct wp_manifest_block *block = manifest->blocks;
    if (!block || block->size - block->used < len) {
        size_t size = len > BLOCK ? len : BLOCK;
        block = wp_malloc(sizeof *block + size);
        if (!block)
            return NULL;
        *block = (struct wp_manifest_block){.next = manifest->blocks, .size = size};
        manifest->blocks = block;
    }
    char *bytes = block->bytes + block->used;
    block->used += len;
    return bytes;
}

/* Whether location is a URL: a scheme (RFC 3986 3.1) and "://", as the source room tells it. */
static bool is_url(const char *location)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char others[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.";
    size_t len = strspn(location, others);
    return len >= 2 && strspn(location, letters) >= 1 && wp_text_starts(location + len, "://");
}

/* A copy of a location; what is relative gets the folder in front. NULL: out of memory. */
static char *place(struct wp_manifest *manifest, const char *location)
{
    size_t len = strlen(location);
    bool relative = location[0] != '/' && !is_url(location);
    size_t before = relative ? manifest->folder_len : 0;
    char *out = reserve(manifest, before + len + 1);
    if (!out)
        return NULL;
    memcpy(out, manifest->folder, before);
    memcpy(out + before, location, len + 1);
    return out;
}

static enum wp_status append(struct wp_manifest *manifest, const struct wp_manifest_row *row,
                             const struct wp_manifest_span *at, struct wp_error *error)
{
    if (manifest->count == MAX_ROWS)
        return wp_fail(error, WP_USAGE, "manifest", "it has more than %d rows", MAX_ROWS);
    if (manifest->count == manifest->cap) {
        size_t cap = manifest->cap ? 2 * manifest->cap : 64;
        struct wp_manifest_entry *entries = wp_realloc(manifest->entries, cap * sizeof *entries);
        if (!entries)
            return wp_fail_nomem(error, "manifest");
        manifest->entries = entries;
        manifest->cap = cap;
    }
    manifest->entries[manifest->count] = (struct wp_manifest_entry){*row, at->text, at->len};
    manifest->entries[manifest->count++].row.line = at->line;
    return WP_OK;
}

enum wp_status wp_manifest_add_problem(struct wp_manifest *manifest, const struct wp_manifest_span *at,
                                       struct wp_error *error, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    assert(len >= 0);
    (void)len;
    wp_text_sanitize(text);
    char *problem = reserve(manifest, strlen(text) + 1);
    if (!problem)
        return wp_fail_nomem(error, "manifest");
    memcpy(problem, text, strlen(text) + 1);
    return append(manifest, &(struct wp_manifest_row){.problem = problem}, at, error);
}

static bool is_given(const char *text)
{
    return text && text[0];
}

enum wp_status wp_manifest_add(struct wp_manifest *manifest, const struct wp_manifest_span *at,
                               const struct wp_manifest_values *values, struct wp_error *error)
{
    enum wp_mode mode = WP_MODE_STD;
    if (!is_given(values->image) && !is_given(values->video))
        return wp_manifest_add_problem(manifest, at, error, "it has neither an image nor a video");
    if (is_given(values->mode) && !wp_mode_parse(&mode, values->mode))
        return wp_manifest_add_problem(manifest, at, error,
                                       "mode is '%.64s', but it takes wan-std or wan-pro", values->mode);
    struct wp_manifest_row row = {
        .image = is_given(values->image) ? place(manifest, values->image) : NULL,
        .video = is_given(values->video) ? place(manifest, values->video) : NULL,
        .has_mode = is_given(values->mode),
        .mode = mode,
        .has_watermark = values->has_watermark,
        .watermark = values->watermark,
        .has_check_image = values->has_check_image,
        .check_image = values->check_image,
    };
    if ((is_given(values->image) && !row.image) || (is_given(values->video) && !row.video))
        return wp_fail_nomem(error, "manifest");
    return append(manifest, &row, at, error);
}

void wp_manifest_free(struct wp_manifest *manifest)
{
    if (!manifest)
        return;
    while (manifest->blocks) {
        struct wp_manifest_block *block = manifest->blocks;
        manifest->blocks = block->next;
        wp_free(block);
    }
    wp_free(manifest->entries);
    wp_free(manifest->bytes);
    wp_free(manifest);
}
