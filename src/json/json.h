/*
 * JSON (RFC 8259): a bounded parser with typed getters, and a writer. The only room that sees cJSON.
 *
 * Parsing refuses text over 4 MiB, nesting over 32 levels, over 131,072 values, a NUL (also escaped) and
 * bytes behind the document. Of members with the same name the first wins; names are case-sensitive. Bytes
 * that are no UTF-8 are let through: whoever shows text sanitises it, and the writer never passes them on.
 * Getters never convert: a number is no string. A missing or differently typed member is "not there".
 */
#ifndef WP_JSON_JSON_H
#define WP_JSON_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wanprep/status.h"

/** A parsed document or a part of one. */
struct wp_json;

/** NULL if text is not one JSON document within the bounds, an object has two members of one name, or memory
 * is out. Freed with wp_json_free(). */
struct wp_json *wp_json_parse(const char *text, size_t len);
void wp_json_free(struct wp_json *document);

/** Parts are borrowed from the document. All getters take NULL and then find nothing. */
const struct wp_json *wp_json_member(const struct wp_json *object, const char *name);
const struct wp_json *wp_json_at(const struct wp_json *array, size_t index);
size_t wp_json_count(const struct wp_json *array);
/** The name of the member at this index, from 0; NULL behind the last. */
const char *wp_json_name_at(const struct wp_json *object, size_t index);
bool wp_json_is_object(const struct wp_json *value);
bool wp_json_is_array(const struct wp_json *value);
bool wp_json_is_null(const struct wp_json *value);

/** The value of a member of that type; NULL or false if it is not there. Text is borrowed. */
const char *wp_json_text(const struct wp_json *object, const char *name);
bool wp_json_number(const struct wp_json *object, const char *name, double *out);
bool wp_json_bool(const struct wp_json *object, const char *name, bool *out);
/** A whole number of at most 2^53 - 1 either way; false for fractions and what a double may have rounded. */
bool wp_json_integer(const struct wp_json *object, const char *name, int64_t *out);
/** The value itself (an array's item, say) as text; NULL if it is none. */
const char *wp_json_as_text(const struct wp_json *value);

/** Writes a value back as compact JSON onto out. False: out is full or memory is out. */
bool wp_json_print(const struct wp_json *value, struct wp_buf *out);

/** What the parser takes (32 levels) fits into the writer with room for an envelope. */
#define WP_JSON_MAX_DEPTH 48

/**
 * A streaming writer onto a buffer: objects and arrays nest up to WP_JSON_MAX_DEPTH deep; name is NULL within
 * arrays and at the top. indent is 2 for people-friendly documents, 0 for one line. Errors stick in the
 * buffer (see base/buf.h).
 */
struct wp_json_writer {
    struct wp_buf *out;
    int indent;
    int depth;
    bool has_items[WP_JSON_MAX_DEPTH + 1];
    bool is_array[WP_JSON_MAX_DEPTH + 1]; /**< [0] stands for the top, which has no names either */
};

struct wp_json_writer wp_json_writer_new(struct wp_buf *out, int indent);
void wp_json_begin_object(struct wp_json_writer *writer, const char *name);
void wp_json_end_object(struct wp_json_writer *writer);
void wp_json_begin_array(struct wp_json_writer *writer, const char *name);
void wp_json_end_array(struct wp_json_writer *writer);
/** Text is escaped, also all that wp_text_plain_length() calls 0; bytes that are no UTF-8 become U+FFFD. NULL
 * writes null. */
void wp_json_put_text(struct wp_json_writer *writer, const char *name, const char *text);
void wp_json_put_bool(struct wp_json_writer *writer, const char *name, bool value);
void wp_json_put_integer(struct wp_json_writer *writer, const char *name, int64_t value);
/** The shortest decimal that reads back as value; whole numbers without a point; not finite writes null. */
void wp_json_put_number(struct wp_json_writer *writer, const char *name, double value);
void wp_json_put_null(struct wp_json_writer *writer, const char *name);
/** A value that was parsed before; NULL writes null. */
void wp_json_put_value(struct wp_json_writer *writer, const char *name, const struct wp_json *value);

#endif
