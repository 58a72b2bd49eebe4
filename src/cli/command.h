/* The subcommands. */
#ifndef WP_CLI_COMMAND_H
#define WP_CLI_COMMAND_H

/** Runs the command line and returns the exit code. */
int wp_cli_main(int argc, char **argv);

#endif
