/* RFC 4180; lines end as the manifest's own header does. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "manifest/csv.h"
#include "manifest/results.h"

#include "base/banned.h"

static void add_field(struct wp_buf *out, const char *text)
{
    if (!text[strcspn(text, "\",\r\n")]) {
        (void)wp_buf_add_text(out, text);
        return;
    }
    (void)wp_buf_add_text(out, "\"");
    for (const char *quote; (quote = strchr(text, '"')); text = quote + 1) {
        (void)wp_buf_add(out, text, (size_t)(quote - text));
        (void)wp_buf_add_text(out, "\"\"");
    }
    (void)wp_buf_add_text(out, text);
    (void)wp_buf_add_text(out, "\"");
}

/* Spreadsheets take a field that begins so for a formula (OWASP, "CSV Injection"), quoted or not. What the
 * user's own columns hold is the user's. */
static void add_foreign(struct wp_buf *out, const char *text, bool is_path)
{
    struct wp_buf shielded = wp_buf_new(out->ceiling);
    if (strchr("=+-@\t\r", text[0]))
        (void)wp_buf_add_text(&shielded, is_path ? "./" : "'");
    (void)wp_buf_add_text(&shielded, text);
    add_field(out, wp_buf_text(&shielded));
    if (shielded.failed)
        out->failed = shielded.failed;
    wp_buf_free(&shielded);
}

static bool is_result_column(const char *name)
{
    char trimmed[32];
    name += strspn(name, " \t");
    size_t len = strlen(name);
    while (len > 0 && strchr(" \t", name[len - 1]))
        len--;
    if (!wp_text_format(trimmed, sizeof trimmed, "%.*s", len < sizeof trimmed ? (int)len : 32, name))
        return false;
    for (enum wp_result_column column = 0; column < WP_RESULT_COLUMNS; column++) {
        if (wp_text_equal_nocase(trimmed, wp_result_column_name(column)))
            return true;
    }
    return false;
}

/* The record that a part of the manifest holds. Freed with wp_buf_free(&csv->text). */
static void read_record(struct wp_csv *csv, struct wp_csv_record *record, const char *text, size_t len)
{
    *csv = wp_csv_new(text, len);
    if (!wp_csv_next(csv, record) || record->problem)
        record->count = 0;
}

/* The fields of a row that stay: those of columns whose name is none of ours. A field that a bad row does not
 * have is empty. */
static void add_own_fields(struct wp_buf *out, const struct wp_csv_record *header,
                           const struct wp_csv_record *record)
{
    for (size_t i = 0; i < header->count; i++) {
        if (is_result_column(header->fields[i]))
            continue;
        add_field(out, i < record->count ? record->fields[i] : "");
        (void)wp_buf_add_text(out, ",");
    }
}

static void add_number(struct wp_buf *out, uint64_t thousandths)
{
    (void)wp_buf_add_format(out, "%" PRIu64, thousandths / 1000);
    unsigned rest = (unsigned)(thousandths % 1000);
    if (rest % 10)
        (void)wp_buf_add_format(out, ".%03u", rest);
    else if (rest)
        (void)wp_buf_add_format(out, ".%02u", rest / 10);
}

static void add_result(struct wp_buf *out, const struct wp_row_result *result)
{
    for (enum wp_result_column column = 0; column < WP_RESULT_COLUMNS; column++) {
        uint64_t number = 0;
        const char *text = wp_result_text(result, column);
        if (column > 0)
            (void)wp_buf_add_text(out, ",");
        if (text)
            add_foreign(out, text, column == WP_RESULT_RESULT);
        else if (wp_result_number(&number, result, column))
            add_number(out, number);
    }
}

static void end_line(struct wp_buf *out, const struct wp_manifest *manifest)
{
    const struct wp_manifest_span *header = &manifest->header;
    bool crlf = header->len >= 2 && memcmp(header->text + header->len - 2, "\r\n", 2) == 0;
    (void)wp_buf_add_text(out, crlf ? "\r\n" : "\n");
}

void wp_results_csv_header(struct wp_buf *out, const struct wp_manifest *manifest)
{
    struct wp_csv csv;
    struct wp_csv_record header;
    read_record(&csv, &header, manifest->header.text, manifest->header.len);
    (void)wp_buf_add_text(out, manifest->marked ? "\xef\xbb\xbf" : "");
    add_own_fields(out, &header, &header);
    for (enum wp_result_column column = 0; column < WP_RESULT_COLUMNS; column++)
        (void)wp_buf_add_format(out, "%s%s", column > 0 ? "," : "", wp_result_column_name(column));
    end_line(out, manifest);
    if (csv.text.failed)
        out->failed = csv.text.failed;
    wp_buf_free(&csv.text);
}

void wp_results_csv_row(struct wp_buf *out, const struct wp_manifest *manifest, size_t index,
                        const struct wp_row_result *result)
{
    struct wp_csv header_csv, csv;
    struct wp_csv_record header, record;
    const struct wp_manifest_entry *entry = &manifest->entries[index];
    read_record(&header_csv, &header, manifest->header.text, manifest->header.len);
    read_record(&csv, &record, entry->text, entry->len);
    add_own_fields(out, &header, &record);
    add_result(out, result);
    end_line(out, manifest);
    if (header_csv.text.failed || csv.text.failed == WP_NOMEM)
        out->failed = WP_NOMEM;
    wp_buf_free(&header_csv.text);
    wp_buf_free(&csv.text);
}
