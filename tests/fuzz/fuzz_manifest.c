/* Manifests: CSV or JSON Lines, whatever it looks like. */
#include "fuzz/fuzz.h"
#include "manifest/csv.h"
#include "manifest/rows.h"

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
    wp_manifest_free(manifest);
    return 0;
}
