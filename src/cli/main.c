#include <unistd.h>

#include "cli/command.h"

#include "base/banned.h"

int main(int argc, char **argv)
{
    int code = wp_cli_main(argc, argv);
    /* Everything is written. What a hundred libraries would tidy up now the kernel does more quickly, and
     * some of them abort if there is no memory. The leak checker looks when the program exits. */
#ifndef __SANITIZE_ADDRESS__
    _exit(code);
#endif
    return code;
}
