#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "manifest/csv.h"
#include "manifest/rows.h"

#include "base/banned.h"

enum column { IMAGE, VIDEO, MODE, WATERMARK, CHECK_IMAGE, COLUMNS };

static const char *const column_names[COLUMNS] = {"image", "video", "mode", "watermark", "check_image"};

/* Where the columns stand. */
struct header {
    size_t fields;
    size_t at[COLUMNS]; /* fields: it is not there */
};

/* A column's name without the spaces around it; "" if it is longer than any that is known. */
static void take_name(char *out, size_t size, const char *field)
{
    field += strspn(field, " \t");
    size_t len = strlen(field);
    while (len > 0 && strchr(" \t", field[len - 1]))
        len--;
    if (!wp_text_format(out, size, "%.*s", len < size ? (int)len : (int)size, field))
        out[0] = '\0';
}

static enum wp_status find_columns(struct header *header, const struct wp_csv_record *record,
                                   struct wp_error *error)
{
    header->fields = record->count;
    for (size_t column = 0; column < COLUMNS; column++) {
        header->at[column] = record->count;
        for (size_t i = 0; i < record->count; i++) {
            char name[16];
            take_name(name, sizeof name, record->fields[i]);
            if (!wp_text_equal_nocase(name, column_names[column]))
                continue;
            if (header->at[column] < record->count)
                return wp_fail(error, WP_USAGE, "manifest", "its header has two columns '%s'",
                               column_names[column]);
            header->at[column] = i;
        }
    }
    if (header->at[IMAGE] < record->count || header->at[VIDEO] < record->count)
        return WP_OK;
    bool other = record->count == 1 && strpbrk(record->fields[0], ";\t");
    return wp_fail(error, WP_USAGE, "manifest", "its first line names no column 'image' or 'video'%s",
                   other ? "; columns are parted by commas" : "");
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
    const char *fields[COLUMNS];
    if (record->problem)
        return wp_manifest_add_problem(manifest, at, error, "%s", record->problem);
    if (record->count != header->fields)
        return wp_manifest_add_problem(manifest, at, error, "it has %zu field%s where the header has %zu",
                                       record->count, record->count == 1 ? "" : "s", header->fields);
    for (size_t i = 0; i < COLUMNS; i++)
        fields[i] = header->at[i] < record->count ? record->fields[header->at[i]] : NULL;
    struct wp_manifest_values values = {fields[IMAGE], fields[VIDEO], fields[MODE], false,
                                        false,         false,         false};
    const char *wrong = NULL;
    if (!read_bool(&values.has_watermark, &values.watermark, fields[WATERMARK]))
        wrong = column_names[WATERMARK];
    else if (!read_bool(&values.has_check_image, &values.check_image, fields[CHECK_IMAGE]))
        wrong = column_names[CHECK_IMAGE];
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
