/*
 * A multipart/form-data body as it streams in (RFC 7578): small fields are kept, the file is only counted and
 * hashed.
 */
#ifndef WP_SANDBOX_FORM_H
#define WP_SANDBOX_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wanprep/facts.h"

struct MHD_Connection;
struct MHD_PostProcessor;
struct wp_sha256;

enum {
    SB_FORM_MAX_FIELDS = 24,
    SB_FORM_MAX_NAME = 64,
    SB_FORM_MAX_VALUE = 4096,
};

struct sb_form_field {
    char name[SB_FORM_MAX_NAME];
    char value[SB_FORM_MAX_VALUE]; /**< "" for the file */
    uint64_t len;
};

struct sb_form {
    struct sb_form_field fields[SB_FORM_MAX_FIELDS]; /**< in the order they came, the file among them */
    size_t count;
    size_t files;
    bool file_last;   /**< no field came after the file */
    bool overflow;    /**< too many fields, or one that is too long */
    bool well_formed; /**< known after sb_form_end() */
    uint64_t bytes;   /**< of the file */
    wp_sha256_hex sha256;
    struct wp_sha256 *hash;
    struct MHD_PostProcessor *processor;
};

/** NULL: the request is no multipart form, or memory is out. Freed with sb_form_free(). */
struct sb_form *sb_form_new(struct MHD_Connection *connection);
void sb_form_add(struct sb_form *form, const char *bytes, size_t len);
void sb_form_end(struct sb_form *form);
void sb_form_free(struct sb_form *form);

/** The value of a field; NULL if there is none. Borrowed from the form. */
const char *sb_form_value(const struct sb_form *form, const char *name);

#endif
