#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "sandbox/action.h"
#include "sandbox/option.h"

#include "base/banned.h"

static const char *const intro[] = {
    "wanprep-sandbox - a local emulator of the wan2.2-animate-move service",
    "",
    "Usage: wanprep-sandbox [OPTIONS]                 serve until SIGINT or SIGTERM",
    "       wanprep-sandbox [OPTIONS] -- COMMAND ...  serve while COMMAND runs, exit with its exit code",
    "",
    "It listens on 127.0.0.1 only, is as strict as the service, and costs nothing. Alone, it prints its",
    "base URL on the first line of stdout. COMMAND gets DASHSCOPE_BASE_URL, DASHSCOPE_API_KEY (made up",
    "unless --api-key names one) and WANPREP_SANDBOX_URL in its environment. What happened stands in the",
    "books: GET /sandbox/books; DELETE /sandbox/faults makes an end of all faults.",
};

static const char *const rules[] = {
    "",
    "MS is a number of milliseconds, or has a unit: 500ms, 2s, 15m, 24h.",
    "",
    "A RULE is ENDPOINT[@N[-[M]]]=ACTION[:PARAM[,PARAM...]]. ENDPOINT is create, query, list, cancel,",
    "policy, upload, download, or any for all that can; @2 is its second request, @2-4 the second to",
    "fourth, @2- all from the second on, @5% five of a hundred by chance (the same ones for the same",
    "--seed), none of these every one. The first rule that fits a request acts. Actions:",
};

static const char *const ending[] = {
    "The numbers answer instead of the request and take retry-after=VALUE, or retry-date=S for a date S",
    "seconds ahead; those with a code also code=CODE and message=TEXT. With the word after they, and",
    "hang, come after the request was carried out. All below drop-before change the answer of a request",
    "that was carried out.",
    "",
    "Examples:",
    "  wanprep-sandbox -- wanprep run --yes person.jpg dance.mp4",
    "  wanprep-sandbox --pending 500 --running 2s -- ./pipeline.sh",
    "  wanprep-sandbox --outcome FAILED --code InvalidVideo.NoHuman -- ./pipeline.sh",
    "  wanprep-sandbox --fault create@1=429:retry-after=1 --fault query@2-4=500 -- ./pipeline.sh",
    "  wanprep-sandbox --fault any@3%=drop-before --fault any@3%=503 --seed 7 -- ./pipeline.sh",
    "  wanprep-sandbox --fault create@1=drop-after -- ./pipeline.sh   # made, but the answer is lost",
    "  curl -s \"$WANPREP_SANDBOX_URL/sandbox/books\"                   # within COMMAND: what was sent",
    "",
    "Exit codes: that of COMMAND (128 + N if signal N ended it); else 0 stopped by a signal, 2 usage,",
    "3 the video or COMMAND could not be read or the port is taken, 70 internal error.",
};

#define PRINT_LINES(lines)                                                                                   \
    for (size_t line = 0; line < sizeof(lines) / sizeof((lines)[0]); line++)                                 \
    (void)puts((lines)[line])

static void print_option(const struct sb_option *option)
{
    char choices[64] = "", left[64];
    for (size_t i = 0; i < SB_MAX_CHOICES && option->choices[i]; i++) {
        size_t used = strlen(choices);
        (void)wp_text_format(choices + used, sizeof choices - used, "%s%s", i ? "|" : "", option->choices[i]);
    }
    const char *value = option->value ? option->value : choices;
    (void)wp_text_format(left, sizeof left, "--%s%s%s", option->name, *value ? " " : "", value);
    printf("  %-40s %s", left, option->help);
    if (option->kind == SB_CHOICE)
        printf(" (%s)", option->choices[0]);
    else if (option->kind == SB_TIME || option->kind == SB_NUMBER)
        printf(" (%lld)", (long long)option->fallback);
    else if (option->fallback_text)
        printf(" (%s)", option->fallback_text);
    putchar('\n');
}

static void print_action(const struct sb_action *action)
{
    char left[64];
    const char *param = action->param == SB_NO_PARAM ? "" : action->param == SB_NAME_PARAM ? ":WORD" : ":N";
    (void)wp_text_format(left, sizeof left, "%s%s", action->word, param);
    printf("  %-20s %s", left, action->help);
    if (action->param == SB_NUMBER_PARAM)
        printf(" (%llu)", (unsigned long long)action->fallback);
    putchar('\n');
}

void sb_help_print(void)
{
    size_t count;
    PRINT_LINES(intro);
    const struct sb_option *options = sb_options(&count);
    for (size_t i = 0; i < count; i++) {
        if (options[i].kind == SB_HEADING)
            printf("\n%s:\n", options[i].name);
        else
            print_option(&options[i]);
    }
    PRINT_LINES(rules);
    const struct sb_action *actions = sb_actions(&count);
    for (size_t i = 0; i < count; i++)
        print_action(&actions[i]);
    PRINT_LINES(ending);
}
