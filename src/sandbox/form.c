#include "sandbox/form.h"

#include <microhttpd.h>
#include <string.h>

#include "base/alloc.h"
#include "base/sha256.h"
#include "base/text.h"

#include "base/banned.h"

enum { BUFFER = 64 * 1024 };

static bool is_file(const char *name)
{
    return strcmp(name, "file") == 0;
}

/* Whether a piece goes on with the last field. The library can give an empty piece of a field first, and then
 * another one at the same offset 0; so an empty field and another of its name right behind it count as one.
 */
static bool goes_on(const struct sb_form *form, const char *name, uint64_t offset)
{
    if (form->count == 0)
        return false;
    const struct sb_form_field *last = &form->fields[form->count - 1];
    return offset > 0 || (last->len == 0 && strcmp(last->name, name) == 0);
}

/* The field that a piece belongs to; NULL: there are too many, or its name is too long. */
static struct sb_form_field *field_of_piece(struct sb_form *form, const char *name, uint64_t offset)
{
    if (goes_on(form, name, offset))
        return &form->fields[form->count - 1];
    if (form->count == SB_FORM_MAX_FIELDS || strlen(name) >= SB_FORM_MAX_NAME) {
        form->overflow = true;
        return NULL;
    }
    struct sb_form_field *field = &form->fields[form->count++];
    (void)wp_text_copy(field->name, sizeof field->name, name);
    if (is_file(name))
        form->files++;
    form->file_last = is_file(name);
    return field;
}

static enum MHD_Result take_piece(void *user, enum MHD_ValueKind kind, const char *name,
                                  const char *file_name, const char *type, const char *encoding,
                                  const char *data, uint64_t offset, size_t size)
{
    (void)kind, (void)file_name, (void)type, (void)encoding;
    struct sb_form *form = user;
    if (size == 0)
        data = "";
    struct sb_form_field *field = form->overflow ? NULL : field_of_piece(form, name ? name : "", offset);
    if (!field)
        return MHD_YES; /* read on and refuse at the end: an answer can only follow the whole body */
    if (is_file(field->name)) {
        wp_sha256_add(form->hash, data, size);
        field->len += size;
        form->bytes = field->len;
    } else if (size < sizeof field->value - field->len) {
        memcpy(field->value + field->len, data, size);
        field->len += size;
    } else {
        form->overflow = true;
    }
    return MHD_YES;
}

struct sb_form *sb_form_new(struct MHD_Connection *connection)
{
    struct sb_form *form = wp_calloc(1, sizeof *form);
    if (!form)
        return NULL;
    form->hash = wp_sha256_new();
    const char *type = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Type");
    if (type && wp_text_starts(type, "multipart/form-data"))
        form->processor = MHD_create_post_processor(connection, BUFFER, take_piece, form);
    if (!form->hash || !form->processor) {
        sb_form_free(form);
        return NULL;
    }
    form->well_formed = true;
    return form;
}

void sb_form_add(struct sb_form *form, const char *bytes, size_t len)
{
    if (form->well_formed && MHD_post_process(form->processor, bytes, len) != MHD_YES)
        form->well_formed = false;
}

void sb_form_end(struct sb_form *form)
{
    if (MHD_destroy_post_processor(form->processor) != MHD_YES)
        form->well_formed = false;
    form->processor = NULL;
    wp_sha256_end(form->hash, form->sha256);
}

void sb_form_free(struct sb_form *form)
{
    if (!form)
        return;
    if (form->processor)
        (void)MHD_destroy_post_processor(form->processor);
    wp_sha256_free(form->hash);
    wp_free(form);
}

const char *sb_form_value(const struct sb_form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++) {
        if (strcmp(form->fields[i].name, name) == 0)
            return form->fields[i].value;
    }
    return NULL;
}
