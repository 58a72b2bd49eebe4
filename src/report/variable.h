/* The values that stand in braces in a template; see report/prose.h for what each one is. */
#ifndef WP_REPORT_VARIABLE_H
#define WP_REPORT_VARIABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "wanprep/preflight.h"

/** What a template is expanded for. */
struct wp_prose {
    const struct wp_preflight *preflight;
    const struct wp_finding *finding;
    const struct wp_source_facts *source; /**< of the medium that the finding, or its fix, is about */
    bool is_video;
};

/** Appends a variable's value. False, and nothing appended, if there is none of that name. */
bool wp_variable_add(struct wp_buf *out, const struct wp_prose *prose, const char *name, size_t len);

/** Appends the value of a variable that is an option or a command of a fix; as wp_variable_add(). */
bool wp_command_variable_add(struct wp_buf *out, const struct wp_prose *prose, const char *name, size_t len);

#endif
