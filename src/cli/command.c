#include "cli/command.h"

#include "base/banned.h"

int wp_cli_main(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return 70;
}
