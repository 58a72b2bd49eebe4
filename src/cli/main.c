#include "cli/command.h"

#include "base/banned.h"

int main(int argc, char **argv)
{
    return wp_cli_main(argc, argv);
}
