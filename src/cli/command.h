/* The subcommands: one row each, and the dispatcher. */
#ifndef WP_CLI_COMMAND_H
#define WP_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/console.h"
#include "cli/options.h"
#include "wanprep/status.h"

/** What a command needs; the dispatcher sees to it before the command does any work. */
enum wp_command_flag {
    WP_COMMAND_WRITES = 1, /**< makes files: they are private to the user */
    WP_COMMAND_WAITS = 2,  /**< waits for the service: a signal ends the waiting in good order */
};

struct wp_command;

/** A command line that was understood. */
struct wp_call_line {
    const struct wp_command *command;
    const void *settings; /**< of the type that the command's rows fill */
    char *const *operands;
    int operand_count;
    struct wp_console *console;
};

/** One subcommand. Static storage. */
struct wp_command {
    const char *name;
    const char *const *synopses; /**< what may stand behind the name; NULL-terminated */
    const char *summary;         /**< for the list of commands */
    const char *description;     /**< paragraphs, parted by an empty line */
    const char *const *examples; /**< whole command lines; NULL-terminated, or NULL */
    const struct wp_option *options;
    size_t option_count;
    const void *defaults; /**< settings before the options are read */
    size_t settings_size;
    unsigned flags; /**< of enum wp_command_flag */
    int min_operands, max_operands;
    /** Does the work. Where it fails and fills the error, the dispatcher prints the message. */
    enum wp_status (*run)(const struct wp_call_line *line, struct wp_error *error);
};

extern const struct wp_command wp_command_check;
extern const struct wp_command wp_command_run;
extern const struct wp_command wp_command_submit;
extern const struct wp_command wp_command_wait;
extern const struct wp_command wp_command_status;
extern const struct wp_command wp_command_download;
extern const struct wp_command wp_command_cancel;
extern const struct wp_command wp_command_tasks;
extern const struct wp_command wp_command_resume;
extern const struct wp_command wp_command_batch;
extern const struct wp_command wp_command_work;
extern const struct wp_command wp_command_explain;
extern const struct wp_command wp_command_limits;
extern const struct wp_command wp_command_doctor;
extern const struct wp_command wp_command_help;
extern const struct wp_command wp_command_version;

/** All commands, in the order of the help. */
const struct wp_command *const *wp_commands(size_t *count);

/** The command of this name; NULL with WP_USAGE and a sentence in *error. */
const struct wp_command *wp_command_find(const char *name, struct wp_error *error);

/** An environment variable that is read, for help and the man page. */
struct wp_variable {
    const char *name;
    const char *help;
};
const struct wp_variable *wp_variables(size_t *count);

/** getenv() without empty values. */
const char *wp_setting(const char *name);

/** Where what all processes of this user share on this machine is kept, for wp_client_options.limiter_dir.
 * False: its name is too long. */
bool wp_shared_folder(char *out, size_t size);

/** Of two outcomes the one that a command of many has: by exit code the first of 130, 70, 2, 7, 4, 3, 5, 6,
 * 1, 0; of two with the same code the first. */
enum wp_status wp_status_worse(enum wp_status a, enum wp_status b);

/** Runs the command line and returns the exit code. */
int wp_cli_main(int argc, char **argv);

#endif
