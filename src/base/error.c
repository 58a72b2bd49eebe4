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
    error->status = status;
    wp_text_copy(error->where, sizeof error->where, where);
    va_list args;
    va_start(args, format);
    if (vsnprintf(error->message, sizeof error->message, format, args) < 0)
        error->message[0] = '\0';
    va_end(args);
    wp_text_sanitize(error->message);
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
