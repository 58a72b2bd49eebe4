#include "wanprep/manifest.h"

#include <assert.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "manifest/rows.h"

#include "base/banned.h"

enum { MAX_BYTES = 64 << 20 };

/* The first byte that is no white space, or NUL. */
static char first_byte(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (!strchr(" \t\r\n", bytes[i]) || !bytes[i])
            return bytes[i];
    }
    return '\0';
}

/* Spreadsheets put a byte order mark in front of UTF-8 (Unicode 23.8). */
static size_t mark_length(const char *bytes, size_t len)
{
    return len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

enum wp_status wp_manifest_parse(struct wp_manifest **out, const char *bytes, size_t len, const char *folder,
                                 struct wp_error *error)
{
    struct wp_manifest *manifest = wp_calloc(1, sizeof *manifest);
    if (!manifest)
        return wp_fail_nomem(error, "manifest");
    manifest->folder = folder;
    manifest->folder_len = strlen(folder);
    size_t mark = mark_length(bytes, len);
    manifest->marked = mark > 0;
    bytes += mark;
    len -= mark;
    enum wp_status status = WP_OK;
    switch (first_byte(bytes, len)) {
    case '{':
        status = wp_manifest_parse_jsonl(manifest, bytes, len, error);
        break;
    case '[':
        status = wp_fail(error, WP_USAGE, "manifest",
                         "it is a JSON array; JSON Lines has one object a line and nothing around them");
        break;
    default:
        status = wp_manifest_parse_csv(manifest, bytes, len, error);
        break;
    }
    if (status == WP_OK && manifest->count == 0)
        status = wp_fail(error, WP_USAGE, "manifest", "it has no rows");
    manifest->folder = NULL;
    if (status == WP_OK)
        *out = manifest;
    else
        wp_manifest_free(manifest);
    return status;
}

/* The folder of a file, with '/' at its end, or "". NULL: out of memory. */
static char *folder_of(const char *path)
{
    char *folder = wp_strdup(path);
    char *slash = folder ? strrchr(folder, '/') : NULL;
    if (slash)
        slash[1] = '\0';
    else if (folder)
        folder[0] = '\0';
    return folder;
}

enum wp_status wp_manifest_read(struct wp_manifest **out, const char *path, struct wp_error *error)
{
    struct wp_buf bytes = wp_buf_new(MAX_BYTES);
    struct wp_error reason = {.status = WP_OK};
    char *folder = folder_of(path);
    enum wp_status status = folder ? wp_file_read(&bytes, path, error) : wp_fail_nomem(error, "manifest");
    if (status == WP_OK) {
        status = wp_manifest_parse(out, wp_buf_text(&bytes), bytes.len, folder, &reason);
        if (status == WP_OK)
            (*out)->bytes = wp_buf_take(&bytes);
        else if (status == WP_USAGE)
            (void)wp_fail(error, status, "manifest", "'%s' is no manifest: %s", path, reason.message);
        else if (error)
            *error = reason;
    }
    wp_free(folder);
    wp_buf_free(&bytes);
    return status;
}

size_t wp_manifest_count(const struct wp_manifest *manifest)
{
    return manifest->count;
}

const struct wp_manifest_row *wp_manifest_row(const struct wp_manifest *manifest, size_t index)
{
    assert(index < manifest->count);
    return &manifest->entries[index].row;
}
