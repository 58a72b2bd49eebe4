/* Members of an answer, into fixed arrays: typed, length-checked, free of what has no business there. */
#ifndef WP_DASHSCOPE_FIELDS_H
#define WP_DASHSCOPE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json/json.h"

/** Whether text is machine text: printable ASCII without spaces, at least one byte. */
bool wp_is_token(const char *text);

/** Machine text (ids, codes, URLs, signatures): printable ASCII without spaces, taken whole or not at all
 * (""). False: nothing was taken. */
bool wp_field_token(char *out, size_t size, const struct wp_json *object, const char *name);

/** Whether text is a task id: see wp_task_id_is_valid(). It names files and stands in URLs. */
bool wp_is_task_id(const char *text);

/** A task id. */
bool wp_field_task_id(char out[128], const struct wp_json *object, const char *name);

/** Text for people: cut where it is too long, control bytes replaced. False: there is none. */
bool wp_field_words(char *out, size_t size, const struct wp_json *object, const char *name);

/** A whole number of 0 or more; -1: there is none. */
int64_t wp_field_count(const struct wp_json *object, const char *name);

#endif
