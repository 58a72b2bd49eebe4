/* Manifests: CSV or JSON Lines, whatever it looks like. */
#include <string.h>

#include "base/alloc.h"
#include "fuzz/fuzz.h"
#include "manifest/csv.h"
#include "manifest/rows.h"
#include "wanprep/results.h"

#include "base/banned.h"

static const char folder[] = "data/";

static void check_path(const char *path)
{
    MUST(!path || path[0] != '\0');
}

static size_t check_row(const struct wp_manifest_row *row, size_t least_line, size_t lines)
{
    MUST(row->line >= least_line && row->line <= lines);
    if (row->problem) {
        MUST(row->problem[0] != '\0' && fuzz_is_clean(row->problem, strlen(row->problem) + 1));
    } else {
        MUST(row->image || row->video);
        check_path(row->image);
        check_path(row->video);
        MUST(!row->has_mode || row->mode <= WP_MODE_PRO);
    }
    return row->line;
}

/* Whatever is in a record was in the file, in that order. */
static void check_csv(const char *bytes, size_t size)
{
    struct wp_csv csv = wp_csv_new(bytes, size);
    struct wp_csv_record record;
    size_t line = 1, left = size + 1;
    while (wp_csv_next(&csv, &record)) {
        MUST(left-- > 0); /* every record takes bytes */
        MUST(record.line >= line && record.count <= WP_CSV_MAX_FIELDS);
        line = record.line;
        for (size_t i = 0; !record.problem && i < record.count; i++)
            MUST(strlen(record.fields[i]) <= size);
    }
    MUST(csv.text.failed == WP_OK);
    wp_buf_free(&csv.text);
}

static void add_part(struct wp_buf *file, enum wp_status status, char *part, size_t len)
{
    MUST(status == WP_OK);
    MUST(wp_buf_add(file, part, len));
    wp_free(part);
}

static void check_same(const char *a, const char *b)
{
    MUST(!a == !b && (!a || strcmp(a, b) == 0));
}

/* A results file is a manifest again: with the same rows, as far as they are of use. */
static void check_results(const struct wp_manifest *manifest)
{
    static const struct wp_row_result result = {.status = WP_TASK_FAILED, .code = "=A", .message = "\",\n"};
    struct wp_buf file = wp_buf_new((size_t)1 << 30);
    struct wp_manifest *again = NULL;
    char *part = NULL;
    size_t len = 0, count = wp_manifest_count(manifest);
    enum wp_status status = wp_results_header(&part, &len, manifest, NULL);
    add_part(&file, status, part, len);
    for (size_t i = 0; i < count; i++) {
        status = wp_results_row(&part, &len, manifest, i, &result, NULL);
        add_part(&file, status, part, len);
    }
    /* A header of more than 64 columns is refused, and what was close to a bound is now beyond it. */
    status = wp_manifest_parse(&again, wp_buf_text(&file), file.len, folder, NULL);
    MUST(status == WP_OK || (status == WP_USAGE && manifest->header.text));
    for (size_t i = 0; status == WP_OK && i < count; i++) {
        const struct wp_manifest_row *before = wp_manifest_row(manifest, i), *row = wp_manifest_row(again, i);
        if (before->problem || row->problem)
            continue;
        check_same(before->image, row->image);
        check_same(before->video, row->video);
        MUST(before->has_mode == row->has_mode && before->mode == row->mode);
    }
    if (status == WP_OK)
        MUST(wp_manifest_count(again) == count);
    wp_manifest_free(again);
    wp_buf_free(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wp_manifest *manifest = NULL;
    struct wp_error error;
    const char *bytes = size ? (const char *)data : "";
    size_t lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    check_csv(bytes, size);
    enum wp_status status = wp_manifest_parse(&manifest, bytes, size, folder, &error);
    if (status != WP_OK) {
        MUST(status == WP_USAGE && !manifest);
        MUST_BE_CLEAN(error.message);
        return 0;
    }
    size_t count = wp_manifest_count(manifest), line = 1;
    MUST(count > 0 && count <= lines);
    for (size_t i = 0; i < count; i++)
        line = check_row(wp_manifest_row(manifest, i), line, lines);
    check_results(manifest);
    wp_manifest_free(manifest);
    return 0;
}
