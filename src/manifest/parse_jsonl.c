#include <string.h>

#include "base/error.h"
#include "manifest/columns.h"
#include "manifest/rows.h"
#include "json/json.h"

#include "base/banned.h"

/* Whether a member is there; null is "not given". */
static bool is_given(const struct wp_json *object, const char *name)
{
    const struct wp_json *value = wp_json_member(object, name);
    return value && !wp_json_is_null(value);
}

/* Reads a text. False: it is there and none. */
static bool read_text(const char **out, const struct wp_json *object, const char *name)
{
    *out = wp_json_text(object, name);
    return *out || !is_given(object, name);
}

static bool read_bool(bool *given, bool *out, const struct wp_json *object, const char *name)
{
    *given = wp_json_bool(object, name, out);
    return *given || !is_given(object, name);
}

static void take_names(struct wp_column_names *out, const struct wp_json *object)
{
    const char *name;
    *out = (struct wp_column_names){0};
    for (size_t i = 0; (name = wp_json_name_at(object, i)) != NULL; i++) {
        enum wp_manifest_column column = 0;
        while (column < WP_COLUMNS && strcmp(name, wp_column_name(column)) != 0)
            column++;
        if (column < WP_COLUMNS)
            wp_column_names_know(out, column);
        else
            wp_column_names_meet(out, name);
    }
}

static enum wp_status add_row(struct wp_manifest *manifest, const struct wp_manifest_span *at,
                              const struct wp_json *object, struct wp_error *error)
{
    struct wp_manifest_values values = {0};
    struct wp_column_names names;
    char why[320];
    if (!wp_json_is_object(object))
        return wp_manifest_add_problem(manifest, at, error, "it is no JSON object of one line");
    if (!read_text(&values.image, object, "image"))
        return wp_manifest_add_problem(manifest, at, error, "image must be a text");
    if (!read_text(&values.video, object, "video"))
        return wp_manifest_add_problem(manifest, at, error, "video must be a text");
    if (!read_text(&values.mode, object, "mode"))
        return wp_manifest_add_problem(manifest, at, error, "mode must be a text");
    if (!read_bool(&values.has_watermark, &values.watermark, object, "watermark"))
        return wp_manifest_add_problem(manifest, at, error, "watermark must be true or false");
    if (!read_bool(&values.has_check_image, &values.check_image, object, "check_image"))
        return wp_manifest_add_problem(manifest, at, error, "check_image must be true or false");
    take_names(&names, object);
    if (wp_column_names_mislead(why, sizeof why, &names, "member"))
        return wp_manifest_add_problem(manifest, at, error, "it %s", why);
    return wp_manifest_add(manifest, at, &values, error);
}

static bool is_blank(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r')
            return false;
    }
    return true;
}

enum wp_status wp_manifest_parse_jsonl(struct wp_manifest *manifest, const char *bytes, size_t len,
                                       struct wp_error *error)
{
    const char *end = bytes + len;
    enum wp_status status = WP_OK;
    for (size_t line = 1; bytes < end && status == WP_OK; line++) {
        const char *stop = memchr(bytes, '\n', (size_t)(end - bytes));
        size_t n = (size_t)((stop ? stop : end) - bytes);
        if (!is_blank(bytes, n)) {
            struct wp_json *object = wp_json_parse(bytes, n);
            status = add_row(manifest, &(struct wp_manifest_span){line, bytes, n}, object, error);
            wp_json_free(object);
        }
        bytes = stop ? stop + 1 : end;
    }
    return status;
}
