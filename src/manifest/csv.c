#include "manifest/csv.h"

#include <string.h>

#include "base/banned.h"

/* Paths and URLs are far shorter; a quote that is never closed must not take memory for the rest of the file.
 */
enum { MAX_RECORD = 1 << 16 };

struct wp_csv wp_csv_new(const char *bytes, size_t len)
{
    return (struct wp_csv){.at = bytes, .end = bytes + len, .line = 1, .text = wp_buf_new(MAX_RECORD)};
}

/* The length of the line break at p: CRLF, LF, or 0 for none. */
static size_t break_length(const struct wp_csv *csv, const char *p)
{
    if (p < csv->end && *p == '\n')
        return 1;
    return csv->end - p >= 2 && p[0] == '\r' && p[1] == '\n' ? 2 : 0;
}

static bool ends_field(const struct wp_csv *csv, const char *p)
{
    return p == csv->end || *p == ',' || break_length(csv, p) > 0;
}

static void add_bytes(struct wp_csv *csv, const char *bytes, size_t len)
{
    (void)wp_buf_add(&csv->text, bytes, len);
}

/* Reads a field that begins with a quote. Returns a problem or NULL. */
static const char *read_quoted(struct wp_csv *csv)
{
    const char *p = csv->at + 1;
    for (;;) {
        const char *quote = memchr(p, '"', (size_t)(csv->end - p));
        const char *run_end = quote ? quote : csv->end;
        add_bytes(csv, p, (size_t)(run_end - p));
        for (const char *q = p; q < run_end; q++)
            csv->line += *q == '\n';
        csv->at = run_end;
        if (!quote)
            return "a quote is never closed";
        csv->at = p = quote + 1;
        if (p == csv->end || *p != '"')
            break;
        add_bytes(csv, "\"", 1);
        p++;
    }
    return ends_field(csv, csv->at) ? NULL : "there is text behind a closing quote";
}

/* Reads a field without quotes. Returns a problem or NULL. */
static const char *read_plain(struct wp_csv *csv)
{
    const char *begin = csv->at, *p = begin;
    while (!ends_field(csv, p))
        p++;
    csv->at = p;
    if (memchr(begin, '"', (size_t)(p - begin)))
        return "there is a quote in a field that does not begin with one";
    add_bytes(csv, begin, (size_t)(p - begin));
    return NULL;
}

static const char *read_field(struct wp_csv *csv)
{
    size_t begin = csv->text.len;
    const char *problem = csv->at < csv->end && *csv->at == '"' ? read_quoted(csv) : read_plain(csv);
    if (problem)
        return problem;
    if (csv->text.len > begin && memchr(csv->text.data + begin, '\0', csv->text.len - begin))
        return "it holds a NUL";
    add_bytes(csv, "", 1);
    return csv->text.failed == WP_INTERNAL ? "it is longer than 65,535 bytes" : NULL;
}

/* Goes behind the next line break. */
static void skip_line(struct wp_csv *csv)
{
    const char *stop = csv->at < csv->end ? memchr(csv->at, '\n', (size_t)(csv->end - csv->at)) : NULL;
    csv->at = stop ? stop + 1 : csv->end;
    csv->line += stop != NULL;
}

/* Reads the fields of one record onto text. Returns a problem or NULL. */
static const char *read_fields(struct wp_csv *csv, size_t *count)
{
    for (;;) {
        const char *problem = read_field(csv);
        if (problem)
            return problem;
        if (++*count == WP_CSV_MAX_FIELDS && csv->at < csv->end && *csv->at == ',')
            return "it has more than 64 fields";
        if (csv->at == csv->end || *csv->at != ',')
            return NULL;
        csv->at++;
    }
}

bool wp_csv_next(struct wp_csv *csv, struct wp_csv_record *record)
{
    if (csv->at == csv->end || csv->text.failed == WP_NOMEM)
        return false;
    wp_buf_clear(&csv->text);
    *record = (struct wp_csv_record){.line = csv->line};
    record->problem = read_fields(csv, &record->count);
    if (csv->text.failed == WP_NOMEM)
        return false;
    skip_line(csv);
    if (record->problem)
        return true;
    const char *field = wp_buf_text(&csv->text);
    for (size_t i = 0; i < record->count; i++) {
        record->fields[i] = field;
        field += strlen(field) + 1;
    }
    return true;
}
