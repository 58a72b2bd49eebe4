#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "manifest/columns.h"
#include "manifest/csv.h"
#include "manifest/rows.h"

#include "base/banned.h"

/* Where the columns stand. */
struct header {
    size_t fields;
    size_t at[WP_COLUMNS]; /* fields: it is not there */
};

/* A column's name without the spaces around it, or the beginning of a long one. */
static void take_name(char *out, size_t size, const char *field)
{
    (void)wp_text_copy(out, size, field + strspn(field, " \t"));
    for (size_t len = strlen(out); len > 0 && strchr(" \t", out[len - 1]); len--)
        out[len - 1] = '\0';
}

/* The column of a name; WP_COLUMNS: none that is known. */
static enum wp_manifest_column column_of(const char *name)
{
    enum wp_manifest_column column = 0;
    while (column < WP_COLUMNS && !wp_text_equal_nocase(name, wp_column_name(column)))
        column++;
    return column;
}

static enum wp_status find_columns(struct header *header, const struct wp_csv_record *record,
                                   struct wp_error *error)
{
    struct wp_column_names names = {0};
    char name[48], why[320];
    header->fields = record->count;
    for (size_t i = 0; i < WP_COLUMNS; i++)
        header->at[i] = record->count;
    for (size_t i = 0; i < record->count; i++) {
        take_name(name, sizeof name, record->fields[i]);
        enum wp_manifest_column column = column_of(name);
        if (column == WP_COLUMNS) {
            wp_column_names_meet(&names, name);
            continue;
        }
        if (header->at[column] < record->count)
            return wp_fail(error, WP_USAGE, "manifest", "its header has two columns '%s'", name);
        header->at[column] = i;
        wp_column_names_know(&names, column);
    }
    if (header->at[WP_COLUMN_IMAGE] == record->count && header->at[WP_COLUMN_VIDEO] == record->count) {
        bool other = record->count == 1 && strpbrk(record->fields[0], ";\t");
        return wp_fail(error, WP_USAGE, "manifest", "its first line names no column 'image' or 'video'%s",
                       other ? "; columns are parted by commas" : "");
    }
    if (wp_column_names_mislead(why, sizeof why, &names, "column"))
        return wp_fail(error, WP_USAGE, "manifest", "its header %s", why);
    return WP_OK;
}

static bool is_blank(const struct wp_csv_record *record)
{
    for (size_t i = 0; i < record->count; i++) {
        if (record->fields[i][0])
            return false;
    }
    return true;
}

/* Reads "true" or "false"; an empty field is not given. False: it is neither. */
static bool read_bool(bool *given, bool *out, const char *field)
{
    *given = field && field[0];
    *out = *given && wp_text_equal_nocase(field, "true");
    return !*given || *out || wp_text_equal_nocase(field, "false");
}

static enum wp_status add_row(struct wp_manifest *manifest, const struct header *header,
                              const struct wp_csv_record *record, const struct wp_manifest_span *at,
                              struct wp_error *error)
{
    const char *fields[WP_COLUMNS];
    if (record->problem)
        return wp_manifest_add_problem(manifest, at, error, "%s", record->problem);
    if (record->count != header->fields)
        return wp_manifest_add_problem(manifest, at, error, "it has %zu field%s where the header has %zu",
                                       record->count, record->count == 1 ? "" : "s", header->fields);
    for (size_t i = 0; i < WP_COLUMNS; i++)
        fields[i] = header->at[i] < record->count ? record->fields[header->at[i]] : NULL;
    struct wp_manifest_values values = {
        fields[WP_COLUMN_IMAGE], fields[WP_COLUMN_VIDEO], fields[WP_COLUMN_MODE], false, false, false, false};
    const char *wrong = NULL;
    if (!read_bool(&values.has_watermark, &values.watermark, fields[WP_COLUMN_WATERMARK]))
        wrong = wp_column_name(WP_COLUMN_WATERMARK);
    else if (!read_bool(&values.has_check_image, &values.check_image, fields[WP_COLUMN_CHECK_IMAGE]))
        wrong = wp_column_name(WP_COLUMN_CHECK_IMAGE);
    if (wrong)
        return wp_manifest_add_problem(manifest, at, error, "%s takes true or false", wrong);
    return wp_manifest_add(manifest, at, &values, error);
}

enum wp_status wp_manifest_parse_csv(struct wp_manifest *manifest, const char *bytes, size_t len,
                                     struct wp_error *error)
{
    struct wp_csv csv = wp_csv_new(bytes, len);
    struct wp_csv_record record;
    struct header header = {0};
    bool has_header = false;
    enum wp_status status = WP_OK;
    for (const char *begin = csv.at; status == WP_OK && wp_csv_next(&csv, &record); begin = csv.at) {
        const struct wp_manifest_span at = {record.line, begin, (size_t)(csv.at - begin)};
        if (!record.problem && is_blank(&record))
            continue;
        if (has_header)
            status = add_row(manifest, &header, &record, &at, error);
        else if (record.problem)
            status = wp_fail(error, WP_USAGE, "manifest", "its header cannot be read: %s", record.problem);
        else
            status = find_columns(&header, &record, error);
        if (!has_header)
            manifest->header = at;
        has_header = true;
    }
    if (status == WP_OK && csv.text.failed == WP_NOMEM)
        status = wp_fail_nomem(error, "manifest");
    if (status == WP_OK && !has_header)
        status = wp_fail(error, WP_USAGE, "manifest", "it is empty");
    wp_buf_free(&csv.text);
    return status;
}
