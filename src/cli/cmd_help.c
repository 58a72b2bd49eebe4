#include "base/buf.h"
#include "base/error.h"
#include "cli/command.h"
#include "cli/help.h"

#include "base/banned.h"

static enum wp_status run_help(const struct wp_call_line *line, struct wp_error *error)
{
    struct wp_buf out = wp_buf_new(1 << 16);
    enum wp_status status = WP_OK;
    if (line->operand_count == 0) {
        wp_help_overview(&out);
    } else {
        const struct wp_command *command = wp_command_find(line->operands[0], error);
        if (!command)
            return WP_USAGE;
        wp_help_command(&out, command);
    }
    if (out.failed)
        status = wp_fail(error, out.failed, "help", "the help does not fit into memory");
    wp_console_print(wp_buf_text(&out), out.len);
    wp_buf_free(&out);
    return status;
}

static const struct wp_common_settings defaults;
static const struct wp_option options[] = {WP_COMMON_OPTIONS};

const struct wp_command wp_command_help = {
    .name = "help",
    .synopses = (const char *const[]){"[COMMAND]", NULL},
    .summary = "say how wanprep, or one command, is used",
    .description =
        "Shows the list of commands, the environment variables and the exit codes, or the help of one "
        "command.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .defaults = &defaults,
    .settings_size = sizeof defaults,
    .max_operands = 1,
    .run = run_help,
};
