#include "json/json.h"

#include <cjson/cJSON.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#include "base/banned.h"

enum {
    MAX_DEPTH = 32,
    MAX_BYTES = 4 << 20,
    MAX_VALUES = 1 << 17, /* cJSON takes about 80 bytes for each */
};

/* The largest integer that a double tells apart from both of its neighbours: 2^53 - 1. */
static const double max_integer = 9007199254740991.0;

static void init_hooks(void)
{
    cJSON_Hooks hooks = {.malloc_fn = wp_malloc, .free_fn = wp_free};
    cJSON_InitHooks(&hooks);
}

/* Where a string that begins at p (behind its quote) ends; NULL if it does not, or holds a NUL in any form.
 */
static const char *skip_string(const char *p, const char *end)
{
    for (; p < end && *p; p++) {
        if (*p == '"')
            return p + 1;
        if (*p != '\\')
            continue;
        if (++p == end || (end - p >= 5 && memcmp(p, "u0000", 5) == 0))
            return NULL;
    }
    return NULL;
}

/*
 * Whether text stays within the bounds on nesting, on the number of values, and holds no NUL. The grammar is
 * cJSON's business; this looks at strings only so far as to know which brackets count.
 */
static bool within_bounds(const char *text, size_t len)
{
    const char *p = text, *end = text + len;
    size_t depth = 0, values = 0;
    while (p < end) {
        switch (*p++) {
        case '\0':
            return false;
        case '"':
            p = skip_string(p, end);
            if (!p)
                return false;
            break;
        case '[':
        case '{':
            values++;
            if (++depth > MAX_DEPTH)
                return false;
            break;
        case ']':
        case '}':
            if (depth-- == 0)
                return false;
            break;
        case ',':
            values++;
            break;
        default:
            break;
        }
        if (values > MAX_VALUES)
            return false;
    }
    return depth == 0;
}

static int compare_names(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

static bool has_unique_names(const cJSON *object, size_t count)
{
    const char **names = wp_calloc(count, sizeof *names);
    if (!names)
        return false;
    size_t used = 0;
    for (const cJSON *member = object->child; member; member = member->next)
        names[used++] = member->string;
    qsort(names, used, sizeof *names, compare_names);
    bool unique = true;
    for (size_t i = 1; i < used && unique; i++)
        unique = strcmp(names[i - 1], names[i]) != 0;
    wp_free(names);
    return unique;
}

/* Whether no object names two of its members alike: readers differ in which one they take (RFC 8259, 4), and
 * that must not decide whose task it is. Depth is bounded by MAX_DEPTH. */
static bool is_unambiguous(const cJSON *value)
{
    size_t count = 0;
    for (const cJSON *child = value->child; child; child = child->next) {
        count++;
        if (child->child && !is_unambiguous(child))
            return false;
    }
    return count < 2 || !cJSON_IsObject(value) || has_unique_names(value, count);
}

static const cJSON *node(const struct wp_json *value)
{
    return (const cJSON *)value;
}

struct wp_json *wp_json_parse(const char *text, size_t len)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (!text || len > MAX_BYTES || !within_bounds(text, len) || pthread_once(&once, init_hooks) != 0)
        return NULL;
    const char *end = NULL;
    cJSON *document = cJSON_ParseWithLengthOpts(text, len, &end, false);
    if (!document)
        return NULL;
    size_t used = (size_t)(end - text);
    while (used < len && strchr(" \t\r\n", text[used]))
        used++;
    if (used < len || !is_unambiguous(document)) {
        cJSON_Delete(document);
        return NULL;
    }
    return (struct wp_json *)document;
}

void wp_json_free(struct wp_json *document)
{
    cJSON_Delete((cJSON *)document);
}

const struct wp_json *wp_json_member(const struct wp_json *object, const char *name)
{
    if (!wp_json_is_object(object))
        return NULL;
    return (const struct wp_json *)cJSON_GetObjectItemCaseSensitive(node(object), name);
}

const struct wp_json *wp_json_at(const struct wp_json *array, size_t index)
{
    if (!wp_json_is_array(array) || index > INT_MAX)
        return NULL;
    return (const struct wp_json *)cJSON_GetArrayItem(node(array), (int)index);
}

size_t wp_json_count(const struct wp_json *array)
{
    return wp_json_is_array(array) ? (size_t)cJSON_GetArraySize(node(array)) : 0;
}

const char *wp_json_name_at(const struct wp_json *object, size_t index)
{
    if (!wp_json_is_object(object))
        return NULL;
    const cJSON *member = node(object)->child;
    for (size_t i = 0; member && i < index; i++)
        member = member->next;
    return member ? member->string : NULL;
}

bool wp_json_is_object(const struct wp_json *value)
{
    return cJSON_IsObject(node(value));
}

bool wp_json_is_array(const struct wp_json *value)
{
    return cJSON_IsArray(node(value));
}

bool wp_json_is_null(const struct wp_json *value)
{
    return cJSON_IsNull(node(value));
}

const char *wp_json_as_text(const struct wp_json *value)
{
    return cJSON_GetStringValue(node(value));
}

const char *wp_json_text(const struct wp_json *object, const char *name)
{
    return wp_json_as_text(wp_json_member(object, name));
}

bool wp_json_number(const struct wp_json *object, const char *name, double *out)
{
    const cJSON *value = node(wp_json_member(object, name));
    if (!cJSON_IsNumber(value) || !isfinite(value->valuedouble))
        return false;
    *out = value->valuedouble;
    return true;
}

bool wp_json_integer(const struct wp_json *object, const char *name, int64_t *out)
{
    double value = 0;
    if (!wp_json_number(object, name, &value) || fabs(value) > max_integer || trunc(value) != value)
        return false;
    *out = (int64_t)value;
    return true;
}

bool wp_json_bool(const struct wp_json *object, const char *name, bool *out)
{
    const cJSON *value = node(wp_json_member(object, name));
    if (!cJSON_IsBool(value))
        return false;
    *out = cJSON_IsTrue(value);
    return true;
}
