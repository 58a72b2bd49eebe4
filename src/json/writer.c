#include <assert.h>
#include <cjson/cJSON.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "json/json.h"

#include "base/banned.h"

static const double exact_integers = 9007199254740992.0; /* 2^53 */

/* The code point of a well-formed character of up to three bytes. */
static unsigned code_point(const char *text, size_t bytes)
{
    const unsigned char *p = (const unsigned char *)text;
    assert(bytes >= 1 && bytes <= 3);
    if (bytes == 1)
        return p[0];
    return bytes == 2 ? (p[0] & 0x1fU) << 6 | (p[1] & 0x3fU)
                      : (p[0] & 0x0fU) << 12 | (p[1] & 0x3fU) << 6 | (p[2] & 0x3fU);
}

static void add_escaped(struct wp_buf *out, unsigned code)
{
    static const char short_forms[][2] = {{'"', '"'},  {'\\', '\\'}, {'\b', 'b'}, {'\f', 'f'},
                                          {'\n', 'n'}, {'\r', 'r'},  {'\t', 't'}};
    for (size_t i = 0; i < sizeof short_forms / sizeof short_forms[0]; i++) {
        if ((unsigned char)short_forms[i][0] == code) {
            (void)wp_buf_add(out, (const char[]){'\\', short_forms[i][1]}, 2);
            return;
        }
    }
    (void)wp_buf_add_format(out, "\\u%04x", code);
}

/* Not all that is escaped needs it in JSON, but a terminal on which a document is shown obeys DEL, C1 and
 * marks of direction. They all have at most three bytes. */
static void add_string(struct wp_buf *out, const char *text)
{
    static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */
    (void)wp_buf_add(out, "\"", 1);
    const char *run = text, *p = text; /* [run, p) goes out as it is */
    while (*p) {
        size_t n = wp_text_plain_length(p);
        if (n > 0 && *p != '"' && *p != '\\') {
            p += n;
            continue;
        }
        (void)wp_buf_add(out, run, (size_t)(p - run));
        n = wp_text_utf8_length(p);
        if (n == 0)
            (void)wp_buf_add_text(out, replacement);
        else
            add_escaped(out, code_point(p, n));
        p += n ? n : 1;
        run = p;
    }
    (void)wp_buf_add(out, run, (size_t)(p - run));
    (void)wp_buf_add(out, "\"", 1);
}

static void add_number(struct wp_buf *out, double value)
{
    if (!isfinite(value)) {
        (void)wp_buf_add_text(out, "null");
        return;
    }
    if (trunc(value) == value && fabs(value) <= exact_integers) {
        (void)wp_buf_add_format(out, "%" PRId64, (int64_t)value);
        return;
    }
    char text[48];
    /* 17 digits tell any two doubles apart, and what 15 can tell is the shortest: %g drops zeros at the end.
     */
    int least = fabs(value) < DBL_MIN ? 1 : 15;
    for (int digits = least; digits <= 17; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    /* The locale of the process decides what stands for the decimal point, maybe several bytes. */
    for (const char *p = text; *p;) {
        size_t n = strspn(p, "0123456789+-e");
        (void)wp_buf_add(out, p, n);
        p += n;
        size_t point = strcspn(p, "0123456789+-e");
        if (point)
            (void)wp_buf_add(out, ".", 1);
        p += point;
    }
}

struct wp_json_writer wp_json_writer_new(struct wp_buf *out, int indent)
{
    assert(indent >= 0 && indent <= 8);
    return (struct wp_json_writer){.out = out, .indent = indent, .is_array[0] = true};
}

static void new_line(struct wp_json_writer *writer)
{
    if (writer->indent)
        (void)wp_buf_add_format(writer->out, "\n%*s", writer->indent * writer->depth, "");
}

/* What stands before an item: the comma, the line break, the name. */
static void begin_item(struct wp_json_writer *writer, const char *name)
{
    assert(writer->is_array[writer->depth] == !name);
    if (writer->depth > 0) {
        if (writer->has_items[writer->depth])
            (void)wp_buf_add(writer->out, ",", 1);
        new_line(writer);
    }
    writer->has_items[writer->depth] = true;
    if (name) {
        add_string(writer->out, name);
        (void)wp_buf_add_text(writer->out, writer->indent ? ": " : ":");
    }
}

static void begin(struct wp_json_writer *writer, const char *name, bool is_array)
{
    begin_item(writer, name);
    writer->depth++;
    assert(writer->depth <= WP_JSON_MAX_DEPTH);
    writer->has_items[writer->depth] = false;
    writer->is_array[writer->depth] = is_array;
    (void)wp_buf_add(writer->out, is_array ? "[" : "{", 1);
}

static void end(struct wp_json_writer *writer, bool is_array)
{
    assert(writer->depth > 0 && writer->is_array[writer->depth] == is_array);
    writer->depth--;
    if (writer->has_items[writer->depth + 1])
        new_line(writer);
    (void)wp_buf_add(writer->out, is_array ? "]" : "}", 1);
}

void wp_json_begin_object(struct wp_json_writer *writer, const char *name)
{
    begin(writer, name, false);
}

void wp_json_end_object(struct wp_json_writer *writer)
{
    end(writer, false);
}

void wp_json_begin_array(struct wp_json_writer *writer, const char *name)
{
    begin(writer, name, true);
}

void wp_json_end_array(struct wp_json_writer *writer)
{
    end(writer, true);
}

void wp_json_put_null(struct wp_json_writer *writer, const char *name)
{
    begin_item(writer, name);
    (void)wp_buf_add_text(writer->out, "null");
}

void wp_json_put_text(struct wp_json_writer *writer, const char *name, const char *text)
{
    if (!text) {
        wp_json_put_null(writer, name);
        return;
    }
    begin_item(writer, name);
    add_string(writer->out, text);
}

void wp_json_put_bool(struct wp_json_writer *writer, const char *name, bool value)
{
    begin_item(writer, name);
    (void)wp_buf_add_text(writer->out, value ? "true" : "false");
}

void wp_json_put_integer(struct wp_json_writer *writer, const char *name, int64_t value)
{
    begin_item(writer, name);
    (void)wp_buf_add_format(writer->out, "%" PRId64, value);
}

void wp_json_put_number(struct wp_json_writer *writer, const char *name, double value)
{
    begin_item(writer, name);
    add_number(writer->out, value);
}

static void put_leaf(struct wp_json_writer *writer, const char *name, const cJSON *value)
{
    if (cJSON_IsString(value))
        wp_json_put_text(writer, name, value->valuestring);
    else if (cJSON_IsNumber(value))
        wp_json_put_number(writer, name, value->valuedouble);
    else if (cJSON_IsBool(value))
        wp_json_put_bool(writer, name, cJSON_IsTrue(value));
    else
        wp_json_put_null(writer, name);
}

void wp_json_put_value(struct wp_json_writer *writer, const char *name, const struct wp_json *value)
{
    const cJSON *node = (const cJSON *)value;
    bool is_array = cJSON_IsArray(node);
    if (!is_array && !cJSON_IsObject(node)) {
        put_leaf(writer, name, node);
        return;
    }
    begin(writer, name, is_array);
    for (const cJSON *item = node->child; item; item = item->next)
        wp_json_put_value(writer, item->string, (const struct wp_json *)item);
    end(writer, is_array);
}

bool wp_json_print(const struct wp_json *value, struct wp_buf *out)
{
    struct wp_json_writer writer = wp_json_writer_new(out, 0);
    wp_json_put_value(&writer, NULL, value);
    return out->failed == WP_OK;
}
