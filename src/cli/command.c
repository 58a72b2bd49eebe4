#include "cli/command.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/help.h"
#include "cli/signals.h"

#include "base/banned.h"

static const struct wp_command *const all_commands[] = {
    &wp_command_check,  &wp_command_run,      &wp_command_submit, &wp_command_wait,
    &wp_command_status, &wp_command_download, &wp_command_cancel, &wp_command_tasks,
    &wp_command_resume, &wp_command_batch,    &wp_command_work,   &wp_command_explain,
    &wp_command_limits, &wp_command_doctor,   &wp_command_help,   &wp_command_version,
};
enum { COMMAND_COUNT = sizeof all_commands / sizeof all_commands[0] };

const struct wp_command *const *wp_commands(size_t *count)
{
    *count = COMMAND_COUNT;
    return all_commands;
}

const struct wp_variable *wp_variables(size_t *count)
{
    static const struct wp_variable variables[] = {
        {"DASHSCOPE_API_KEY",
         "the API key. Else it is read from the file that DASHSCOPE_API_KEY_FILE_PATH names, from "
         "dashscope_api_key in ~/.alibabacloud/credentials, or from ~/.dashscope/api_key"},
        {"DASHSCOPE_API_KEY_FILE_PATH", "a file that holds the API key"},
        {"ALIBABA_CLOUD_PROFILE, ALICLOUD_PROFILE",
         "the section of ~/.alibabacloud/credentials (default: default)"},
        {"DASHSCOPE_BASE_URL, DASHSCOPE_HTTP_BASE_URL",
         "where the service is, unless --base-url says so; the first that is set counts"},
        {"OUTPUT_DIR", "the folder for results, unless --output-dir says so (default: output)"},
        {"XDG_RUNTIME_DIR",
         "the folder in which all processes of a user keep to the service's rate limits together (default: "
         "/tmp/wanprep-UID)"},
        {"XDG_DATA_HOME",
         "the face detector's models may be in wanprep/models below this folder (default: ~/.local/share)"},
        {"NO_COLOR", "if it is set and not empty, no colours"},
    };
    *count = sizeof variables / sizeof variables[0];
    return variables;
}

const char *wp_setting(const char *name)
{
    const char *value = getenv(name);
    return value && value[0] ? value : NULL;
}

bool wp_shared_folder(char *out, size_t size)
{
    const char *runtime = wp_setting("XDG_RUNTIME_DIR");
    if (runtime && access(runtime, W_OK | X_OK) == 0)
        return wp_text_format(out, size, "%s/wanprep", runtime);
    return wp_text_format(out, size, "/tmp/wanprep-%lu", (unsigned long)geteuid());
}

const struct wp_command *wp_command_find(const char *name, struct wp_error *error)
{
    const char *names[COMMAND_COUNT];
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(all_commands[i]->name, name) == 0)
            return all_commands[i];
        names[i] = all_commands[i]->name;
    }
    if (name[0] == '-') {
        (void)wp_fail(error, WP_USAGE, "usage",
                      "unknown option '%s'; a command comes first: see 'wanprep --help'", name);
        return NULL;
    }
    const char *meant = wp_suggest(name, names, COMMAND_COUNT);
    (void)wp_fail(error, WP_USAGE, "usage", "unknown command '%s'%s%s%s; 'wanprep --help' lists them all",
                  name, meant ? " (did you mean " : "", meant ? meant : "", meant ? "?)" : "");
    return NULL;
}

static enum wp_status print_help(const struct wp_command *command, struct wp_error *error)
{
    struct wp_buf out = wp_buf_new(1 << 16);
    wp_help_command(&out, command);
    enum wp_status status = out.failed ? wp_fail(error, out.failed, "help", "out of memory") : WP_OK;
    wp_console_print(wp_buf_text(&out), out.len);
    wp_buf_free(&out);
    return status;
}

static enum wp_status check_operands(const struct wp_call_line *line, struct wp_error *error)
{
    const struct wp_command *command = line->command;
    if (line->operand_count >= command->min_operands && line->operand_count <= command->max_operands)
        return WP_OK;
    bool few = line->operand_count < command->min_operands;
    return wp_fail(error, WP_USAGE, command->name, "%s (%d given): usage: wanprep %s %s",
                   few ? "an argument is missing" : "too many arguments", line->operand_count, command->name,
                   command->synopses[0]);
}

enum wp_status wp_status_worse(enum wp_status a, enum wp_status b)
{
    static const int order[] = {0, 1, 6, 5, 3, 4, 7, 2, 70, 130};
    size_t rank_a = 0, rank_b = 0;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (wp_status_exit_code(a) == order[i])
            rank_a = i;
        if (wp_status_exit_code(b) == order[i])
            rank_b = i;
    }
    return rank_b > rank_a ? b : a;
}

/* Reads the command's options, sees to what its flags ask for, and runs it. argv[0] is its name. */
static enum wp_status run_command(const struct wp_command *command, int argc, char **argv,
                                  struct wp_console *console, struct wp_error *error)
{
    int first = argc;
    struct wp_common_settings *settings = wp_calloc(1, command->settings_size);
    if (!settings)
        return wp_fail_nomem(error, command->name);
    memcpy(settings, command->defaults, command->settings_size);
    enum wp_status status =
        wp_options_parse(settings, command->options, command->option_count, argc, argv, &first, error);
    if (status != WP_OK)
        goto out;
    if (settings->help) {
        status = print_help(command, error);
        goto out;
    }
    console->quiet = settings->quiet;
    console->verbose = settings->verbose;
    struct wp_call_line line = {command, settings, argv + first, argc - first, console};
    status = check_operands(&line, error);
    if (status != WP_OK)
        goto out;
    if (command->flags & WP_COMMAND_WRITES)
        (void)umask(077);
    if (command->flags & WP_COMMAND_WAITS)
        wp_signals_catch();
    status = command->run(&line, error);
out:
    wp_free(settings);
    return status;
}

/* Options of wanprep itself are commands in disguise. */
static const char *command_name(const char *word)
{
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return wp_command_help.name;
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
        return wp_command_version.name;
    return word;
}

static void print_short_help(void)
{
    (void)fputs("usage: wanprep COMMAND [options] ...\n\n", stderr);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        (void)fprintf(stderr, "  %-10s %s\n", all_commands[i]->name, all_commands[i]->summary);
    (void)fputs("\n'wanprep --help' says more.\n", stderr);
}

int wp_cli_main(int argc, char **argv)
{
    (void)mallopt(M_ARENA_MAX, 1); /* one for all threads: they wait more than they allocate */
    wp_console_open();
    wp_signals_ignore();
    if (argc < 2) {
        print_short_help();
        return wp_status_exit_code(WP_USAGE);
    }
    struct wp_error error = {0};
    struct wp_console console = wp_console_new();
    const struct wp_command *command = wp_command_find(command_name(argv[1]), &error);
    enum wp_status status =
        command ? run_command(command, argc - 1, argv + 1, &console, &error) : error.status;
    if (status != WP_OK && error.message[0])
        wp_console_line(&console, "wanprep: %s", error.message);
    wp_console_clear(&console);
    if (wp_console_close(&error) != WP_OK) {
        status = error.status;
        wp_console_line(&console, "wanprep: %s", error.message);
    }
    return wp_status_exit_code(status);
}
