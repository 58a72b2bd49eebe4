/* Help, written from the tables. */
#ifndef WP_CLI_HELP_H
#define WP_CLI_HELP_H

#include <stddef.h>

#include "base/buf.h"
#include "cli/command.h"

/** A row of status.def. */
struct wp_status_row {
    int exit_code;
    const char *name;
    const char *sentence;
};

/** All statuses, in the order of their exit codes. Static storage. */
const struct wp_status_row *wp_status_rows(size_t *count);

/** Adds text, wrapped at word ends to lines of the help's width that begin with indent spaces. */
void wp_help_wrap(struct wp_buf *out, const char *text, size_t indent);

/** Adds a name in a column of its own and the text beside it, or below if the name is too long. */
void wp_help_row(struct wp_buf *out, const char *name, const char *text, size_t column);

/** What `wanprep --help` shows. */
void wp_help_overview(struct wp_buf *out);

/** What `wanprep COMMAND --help` shows. */
void wp_help_command(struct wp_buf *out, const struct wp_command *command);

#endif
