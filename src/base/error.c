#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

#include "base/banned.h"

enum wp_status wp_fail(struct wp_error *error, enum wp_status status, const char *where, const char *format,
                       ...)
{
    if (!error)
        return status;
    char message[sizeof error->message]; /* an argument may be the message that is there */
    va_list args;
    va_start(args, format);
    if (vsnprintf(message, sizeof message, format, args) < 0)
        message[0] = '\0';
    va_end(args);
    wp_text_sanitize(message);
    error->status = status;
    wp_text_copy(error->where, sizeof error->where, where);
    wp_text_copy(error->message, sizeof error->message, message);
    return status;
}

enum wp_status wp_fail_nomem(struct wp_error *error, const char *where)
{
    if (error) {
        error->status = WP_NOMEM;
        wp_text_copy(error->where, sizeof error->where, where);
        wp_text_copy(error->message, sizeof error->message, "out of memory");
    }
    return WP_NOMEM;
}
