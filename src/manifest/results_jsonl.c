/*
 * Members of a row are copied as they stand, byte by byte: a parser would round what it takes for a number.
 */
#include <string.h>

#include "manifest/results.h"
#include "json/json.h"

#include "base/banned.h"

/* Behind the string that begins at p; end if it never ends. */
static const char *skip_string(const char *p, const char *end)
{
    for (p++; p < end && *p != '"'; p++)
        p += *p == '\\' && end - p > 1;
    return p < end ? p + 1 : end;
}

/* Behind the member that begins at p: its comma, or the brace that ends the object. */
static const char *skip_member(const char *p, const char *end)
{
    size_t depth = 0;
    while (p < end) {
        if (*p == '"') {
            p = skip_string(p, end);
            continue;
        }
        if (depth == 0 && (*p == ',' || *p == '}'))
            return p;
        if (*p == '{' || *p == '[')
            depth++;
        else if (*p == '}' || *p == ']')
            depth--;
        p++;
    }
    return end;
}

static bool is_result_member(const char *member, const char *end)
{
    size_t len = (size_t)(skip_string(member, end) - member);
    for (enum wp_result_column column = 0; column < WP_RESULT_COLUMNS; column++) {
        const char *name = wp_result_column_name(column);
        if (len == strlen(name) + 2 && memcmp(member + 1, name, len - 2) == 0)
            return true;
    }
    return false;
}

/* The members of an object that was parsed before, without those of our names. */
static void add_own_members(struct wp_buf *out, const char *text, size_t len)
{
    const char *end = text + len, *p = memchr(text, '{', len);
    while (p && p < end) {
        const char *member = memchr(p, '"', (size_t)(end - p));
        if (!member)
            return;
        p = skip_member(member, end);
        if (!is_result_member(member, p)) {
            const char *stop = p;
            while (strchr(" \t\r", stop[-1]))
                stop--;
            (void)wp_buf_add(out, member, (size_t)(stop - member));
            (void)wp_buf_add_text(out, ",");
        }
        if (p < end)
            p++;
    }
}

/* What a member of ours looks like is the writer's business, but its object is the row's. */
static void add_result(struct wp_buf *out, const struct wp_row_result *result)
{
    struct wp_buf object = wp_buf_new(out->ceiling);
    struct wp_json_writer writer = wp_json_writer_new(&object, 0);
    wp_json_begin_object(&writer, NULL);
    for (enum wp_result_column column = 0; column < WP_RESULT_COLUMNS; column++) {
        uint64_t number = 0;
        const char *name = wp_result_column_name(column), *text = wp_result_text(result, column);
        if (text)
            wp_json_put_text(&writer, name, text);
        else if (wp_result_number(&number, result, column))
            wp_json_put_number(&writer, name, (double)number / 1000);
    }
    wp_json_end_object(&writer);
    if (object.failed)
        out->failed = object.failed;
    else
        (void)wp_buf_add_text(out, wp_buf_text(&object) + 1);
    wp_buf_free(&object);
}

/* Whether a row is an object; one without a problem is. */
static bool is_object(const struct wp_manifest_entry *entry)
{
    struct wp_json *value = entry->row.problem ? wp_json_parse(entry->text, entry->len) : NULL;
    bool found = !entry->row.problem || wp_json_is_object(value);
    wp_json_free(value);
    return found;
}

void wp_results_jsonl_row(struct wp_buf *out, const struct wp_manifest *manifest, size_t index,
                          const struct wp_row_result *result)
{
    const struct wp_manifest_entry *entry = &manifest->entries[index];
    (void)wp_buf_add_text(out, "{");
    if (is_object(entry))
        add_own_members(out, entry->text, entry->len);
    add_result(out, result);
    (void)wp_buf_add_text(out, "\n");
}
