#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "sandbox/config.h"
#include "wanprep/status.h"

#include "base/banned.h"

enum kind { HEADING, TEXT, NUMBER, TIME, CHOICE, FAULT, HELP, VERSION };

#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* One row an option: parsing, bounds, defaults and help all come from here. */
static const struct row {
    enum kind kind;
    const char *name; /* of the option, or the heading */
    const char *value;
    size_t offset;
    int64_t min, max, standard; /* TIME in ms */
    const char *standard_text;  /* TEXT */
    const char *choices[4];     /* CHOICE: their indices are the values */
    const char *help;
} rows[] = {
#define AT(field) offsetof(struct sb_config, field)
    {.kind = HEADING, .name = "Server"},
    {NUMBER, "port", "N", AT(port), 0, 65535, 0, NULL, {0}, "port on 127.0.0.1; 0 takes a free one"},
    {TEXT,
     "api-key",
     "KEY",
     AT(api_key),
     0,
     0,
     0,
     NULL,
     {0},
     "take this key only; without it any key that looks like sk-... will do"},
    {CHOICE,
     "rate-limits",
     NULL,
     AT(rate_limits),
     0,
     0,
     0,
     NULL,
     {"off", "on"},
     "answer 429 over the service's documented rates"},
    {NUMBER, "keep", "N", AT(keep), 0, 100000, 1000, NULL, {0}, "how many requests the books keep in full"},
    {.kind = HEADING, .name = "Tasks"},
    {TIME,
     "pending",
     "MS",
     AT(pending_ms),
     0,
     DAY_MS,
     0,
     NULL,
     {0},
     "how long a task is PENDING at least; one task runs at a time, the others wait"},
    {TIME, "running", "MS", AT(running_ms), 0, DAY_MS, 0, NULL, {0}, "how long it is RUNNING"},
    {TEXT,
     "outcome",
     "WORD",
     AT(outcome),
     0,
     0,
     0,
     "SUCCEEDED",
     {0},
     "what becomes of it: SUCCEEDED, FAILED, CANCELED, UNKNOWN or any other word"},
    {TEXT, "code", "CODE", AT(code), 0, 0, 0, "InvalidVideo.NoHuman", {0}, "output.code of a FAILED task"},
    {TEXT,
     "message",
     "TEXT",
     AT(message),
     0,
     0,
     0,
     "No human was found in the video.",
     {0},
     "output.message of a FAILED task"},
    {TIME,
     "task-lifetime",
     "MS",
     AT(task_lifetime_ms),
     0,
     30 * DAY_MS,
     DAY_MS,
     NULL,
     {0},
     "after this a task is UNKNOWN"},
    {.kind = HEADING, .name = "Answers"},
    {CHOICE,
     "result-shape",
     NULL,
     AT(result_shape),
     0,
     0,
     SB_RESULT_OBJECT,
     NULL,
     {"results", "flat", "array"},
     "output.results.video_url, output.video_url or output.results[0].url"},
    {CHOICE,
     "usage-shape",
     NULL,
     AT(usage_shape),
     0,
     0,
     SB_USAGE_FRACTION,
     NULL,
     {"fraction", "integer", "missing"},
     "usage.video_duration; missing leaves usage out"},
    {TEXT,
     "video-ratio",
     "WORD",
     AT(ratio),
     0,
     0,
     0,
     NULL,
     {0},
     "usage.video_ratio; without it standard or pro, by the mode"},
    {TIME,
     "seconds",
     "MS",
     AT(seconds_ms),
     0,
     3600000,
     3200,
     NULL,
     {0},
     "what a task that succeeds is billed"},
    {CHOICE,
     "policy-shape",
     NULL,
     AT(policy_shape),
     0,
     0,
     SB_POLICY_DATA,
     NULL,
     {"data", "output"},
     "the member that holds an upload policy"},
    {TIME,
     "policy-lifetime",
     "MS",
     AT(policy_lifetime_ms),
     0,
     DAY_MS,
     300000,
     NULL,
     {0},
     "after this an upload with it answers 403 \"Policy expired\""},
    {TIME,
     "url-lifetime",
     "MS",
     AT(url_lifetime_ms),
     0,
     DAY_MS,
     DAY_MS,
     NULL,
     {0},
     "after this a result URL answers 403; each query signs a new one"},
    {TEXT, "video", "FILE", AT(video), 0, 0, 0, NULL, {0}, "serve this MP4 instead of the built-in one"},
    {.kind = HEADING, .name = "Faults"},
    {FAULT,
     "fault",
     "RULE",
     0,
     0,
     0,
     0,
     NULL,
     {0},
     "see below; can be given many times, the first that fits acts"},
    {.kind = HEADING, .name = "Other"},
    {HELP, "help", NULL, 0, 0, 0, 0, NULL, {0}, "print this help"},
    {VERSION, "version", NULL, 0, 0, 0, 0, NULL, {0}, "print the version"},
#undef AT
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static const char intro[] =
    "wanprep-sandbox - a local emulator of the wan2.2-animate-move service\n"
    "\n"
    "Usage: wanprep-sandbox [OPTIONS]                 serve until SIGINT or SIGTERM\n"
    "       wanprep-sandbox [OPTIONS] -- COMMAND ...  serve while COMMAND runs, exit with its exit code\n"
    "\n"
    "It listens on 127.0.0.1 only, is as strict as the service, and costs nothing. Alone, it prints its "
    "base\n"
    "URL on the first line of stdout. COMMAND gets DASHSCOPE_BASE_URL, DASHSCOPE_API_KEY (a made-up key) "
    "and\n"
    "WANPREP_SANDBOX_URL in its environment. What happened stands in the books: GET /sandbox/books.\n";

static const char examples[] =
    "\n"
    "A RULE is ENDPOINT[@N[-[M]]]=ACTION[:PARAM[,PARAM...]]. ENDPOINT is create, query, list, cancel, "
    "policy,\n"
    "upload or download; @2 is its second request, @2-4 the second to fourth, @2- all from the second on.\n"
    "\n";

static const char ending[] =
    "\n"
    "Examples:\n"
    "  wanprep-sandbox -- wanprep run person.jpg dance.mp4 --yes\n"
    "  wanprep-sandbox --pending 500 --running 2s -- ./pipeline.sh\n"
    "  wanprep-sandbox --outcome FAILED --code InvalidVideo.NoHuman -- ./pipeline.sh\n"
    "  wanprep-sandbox --fault create@1=429:retry-after=1 --fault query@2-4=500 -- ./pipeline.sh\n"
    "  wanprep-sandbox --fault create@1=drop-after -- ./pipeline.sh   # made, but the answer is lost\n"
    "  curl -s \"$WANPREP_SANDBOX_URL/sandbox/books\"                   # within COMMAND: what was sent\n"
    "\n"
    "Exit codes: that of COMMAND (128 + N if signal N ended it); else 0 stopped by a signal, 2 usage, 3 the\n"
    "video or COMMAND could not be read, 70 internal error.\n";

static void print_row(const struct row *row)
{
    if (row->kind == HEADING) {
        printf("\n%s:\n", row->name);
        return;
    }
    char choices[64] = "", left[64];
    for (size_t i = 0; i < 4 && row->choices[i]; i++) {
        size_t used = strlen(choices);
        (void)wp_text_format(choices + used, sizeof choices - used, "%s%s", i ? "|" : "", row->choices[i]);
    }
    const char *value = row->value ? row->value : choices;
    (void)wp_text_format(left, sizeof left, "--%s%s%s", row->name, *value ? " " : "", value);
    printf("  %-38s %s", left, row->help);
    if (row->kind == CHOICE)
        printf(" (%s)", row->choices[row->standard]);
    else if (row->standard_text)
        printf(" (%s)", row->standard_text);
    else if (row->kind == TIME || row->kind == NUMBER)
        printf(" (%lld)", (long long)row->standard);
    putchar('\n');
}

static void print_help(void)
{
    fputs(intro, stdout);
    for (size_t i = 0; i < ROWS; i++)
        print_row(&rows[i]);
    fputs("\nMS is a number of milliseconds, or has a unit: 500ms, 2s, 15m, 24h.\n", stdout);
    fputs(examples, stdout);
    sb_faults_print_actions(stdout);
    fputs(ending, stdout);
}

static int64_t *integer_at(struct sb_config *config, size_t offset)
{
    return (int64_t *)(void *)((char *)config + offset);
}

static const char **text_at(struct sb_config *config, size_t offset)
{
    return (const char **)(void *)((char *)config + offset);
}

static bool set_number(struct sb_config *config, const struct row *row, const char *text)
{
    uint64_t value;
    if (!wp_parse_u64(&value, text, (uint64_t)row->min, (uint64_t)row->max)) {
        fprintf(stderr, "wanprep-sandbox: --%s takes a whole number from %lld to %lld, not '%s'\n", row->name,
                (long long)row->min, (long long)row->max, text);
        return false;
    }
    *integer_at(config, row->offset) = (int64_t)value;
    return true;
}

static bool set_time(struct sb_config *config, const struct row *row, const char *text)
{
    uint64_t plain;
    int64_t ms;
    if (wp_parse_u64(&plain, text, (uint64_t)row->min, (uint64_t)row->max)) {
        ms = (int64_t)plain;
    } else if (text[strspn(text, "0123456789")] == '\0' ||
               !wp_parse_duration_ms(&ms, text, row->min, row->max)) {
        fprintf(stderr,
                "wanprep-sandbox: --%s takes milliseconds, or a time such as 2s, from %lld to %lld ms, not "
                "'%s'\n",
                row->name, (long long)row->min, (long long)row->max, text);
        return false;
    }
    *integer_at(config, row->offset) = ms;
    return true;
}

static bool set_choice(struct sb_config *config, const struct row *row, const char *text)
{
    for (int64_t i = 0; i < 4 && row->choices[i]; i++) {
        if (strcmp(row->choices[i], text) == 0) {
            *integer_at(config, row->offset) = i;
            return true;
        }
    }
    fprintf(stderr, "wanprep-sandbox: --%s does not know '%s'; see wanprep-sandbox --help\n", row->name,
            text);
    return false;
}

static bool add_fault(struct sb_config *config, const char *text)
{
    struct wp_error error = {0};
    if (sb_faults_add(&config->faults, text, &error) == WP_OK)
        return true;
    fprintf(stderr, "wanprep-sandbox: %s\n", error.message);
    return false;
}

static enum sb_options_result apply(struct sb_config *config, const struct row *row, const char *text)
{
    bool right = true;
    switch (row->kind) {
    case TEXT:
        *text_at(config, row->offset) = text;
        break;
    case NUMBER:
        right = set_number(config, row, text);
        break;
    case TIME:
        right = set_time(config, row, text);
        break;
    case CHOICE:
        right = set_choice(config, row, text);
        break;
    case FAULT:
        right = add_fault(config, text);
        break;
    case HELP:
        print_help();
        return SB_OPTIONS_DONE;
    case VERSION:
        printf("wanprep-sandbox %s\n", wp_version());
        return SB_OPTIONS_DONE;
    case HEADING:
        break;
    }
    return right ? SB_OPTIONS_RUN : SB_OPTIONS_WRONG;
}

static void set_standards(struct sb_config *config)
{
    *config = (struct sb_config){0};
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].kind == TEXT)
            *text_at(config, rows[i].offset) = rows[i].standard_text;
        else if (rows[i].kind == NUMBER || rows[i].kind == TIME || rows[i].kind == CHOICE)
            *integer_at(config, rows[i].offset) = rows[i].standard;
    }
}

enum sb_options_result sb_options_read(struct sb_config *out, int argc, char **argv)
{
    struct option options[ROWS + 1] = {{0}};
    size_t count = 0;
    for (int i = 0; i < ROWS; i++) {
        if (rows[i].kind == HEADING)
            continue;
        bool bare = rows[i].kind == HELP || rows[i].kind == VERSION;
        options[count++] = (struct option){rows[i].name, bare ? no_argument : required_argument, NULL, i + 1};
    }
    set_standards(out);
    enum sb_options_result result = SB_OPTIONS_RUN;
    for (int found; result == SB_OPTIONS_RUN && (found = getopt_long(argc, argv, "+", options, NULL)) != -1;)
        result = found == '?' ? SB_OPTIONS_WRONG : apply(out, &rows[found - 1], optarg);
    if (result == SB_OPTIONS_RUN && optind < argc)
        out->command = argv + optind;
    return result;
}
