#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "sandbox/config.h"
#include "sandbox/option.h"
#include "wanprep/status.h"

#include "base/banned.h"

enum { MAX_OPTIONS = 60 }; /* below '?', which getopt_long() gives for an error */

static int64_t *integer_at(struct sb_config *config, size_t offset)
{
    return (int64_t *)(void *)((char *)config + offset);
}

static const char **text_at(struct sb_config *config, size_t offset)
{
    return (const char **)(void *)((char *)config + offset);
}

static bool set_number(struct sb_config *config, const struct sb_option *option, const char *text)
{
    uint64_t value;
    if (!wp_parse_u64(&value, text, (uint64_t)option->min, (uint64_t)option->max)) {
        fprintf(stderr, "wanprep-sandbox: --%s takes a whole number from %lld to %lld, not '%s'\n",
                option->name, (long long)option->min, (long long)option->max, text);
        return false;
    }
    *integer_at(config, option->offset) = (int64_t)value;
    return true;
}

static bool set_time(struct sb_config *config, const struct sb_option *option, const char *text)
{
    uint64_t plain;
    int64_t ms;
    if (wp_parse_u64(&plain, text, (uint64_t)option->min, (uint64_t)option->max)) {
        ms = (int64_t)plain;
    } else if (text[strspn(text, "0123456789")] == '\0' ||
               !wp_parse_duration_ms(&ms, text, option->min, option->max)) {
        fprintf(stderr,
                "wanprep-sandbox: --%s takes milliseconds, or a time such as 2s, from %lld to %lld ms, not "
                "'%s'\n",
                option->name, (long long)option->min, (long long)option->max, text);
        return false;
    }
    *integer_at(config, option->offset) = ms;
    return true;
}

static bool set_choice(struct sb_config *config, const struct sb_option *option, const char *text)
{
    for (int64_t i = 0; i < SB_MAX_CHOICES && option->choices[i]; i++) {
        if (strcmp(option->choices[i], text) == 0) {
            *integer_at(config, option->offset) = i;
            return true;
        }
    }
    fprintf(stderr, "wanprep-sandbox: --%s does not know '%s'; see wanprep-sandbox --help\n", option->name,
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

static enum sb_options_result apply(struct sb_config *config, const struct sb_option *option,
                                    const char *text)
{
    bool right = true;
    switch (option->kind) {
    case SB_TEXT:
        *text_at(config, option->offset) = text;
        break;
    case SB_NUMBER:
        right = set_number(config, option, text);
        break;
    case SB_TIME:
        right = set_time(config, option, text);
        break;
    case SB_CHOICE:
        right = set_choice(config, option, text);
        break;
    case SB_FAULT:
        right = add_fault(config, text);
        break;
    case SB_HELP:
        sb_help_print();
        return SB_OPTIONS_DONE;
    case SB_VERSION:
        printf("wanprep-sandbox %s\n", wp_version());
        return SB_OPTIONS_DONE;
    case SB_HEADING:
        break;
    }
    return right ? SB_OPTIONS_RUN : SB_OPTIONS_WRONG;
}

static void set_fallbacks(struct sb_config *config, const struct sb_option *options, size_t count)
{
    *config = (struct sb_config){0};
    for (size_t i = 0; i < count; i++) {
        enum sb_option_kind kind = options[i].kind;
        if (kind == SB_TEXT)
            *text_at(config, options[i].offset) = options[i].fallback_text;
        else if (kind == SB_NUMBER || kind == SB_TIME || kind == SB_CHOICE)
            *integer_at(config, options[i].offset) = options[i].fallback;
    }
}

enum sb_options_result sb_options_read(struct sb_config *out, int argc, char **argv)
{
    size_t count, used = 0;
    const struct sb_option *options = sb_options(&count);
    struct option longs[MAX_OPTIONS + 1] = {{0}};
    assert(count <= MAX_OPTIONS);
    for (size_t i = 0; i < count; i++) {
        bool bare = options[i].kind == SB_HELP || options[i].kind == SB_VERSION;
        if (options[i].kind != SB_HEADING)
            longs[used++] =
                (struct option){options[i].name, bare ? no_argument : required_argument, NULL, (int)i};
    }
    set_fallbacks(out, options, count);
    int found;
    while ((found = getopt_long(argc, argv, "+", longs, NULL)) != -1) {
        enum sb_options_result result = found == '?' ? SB_OPTIONS_WRONG : apply(out, &options[found], optarg);
        if (result != SB_OPTIONS_RUN)
            return result;
    }
    if (optind < argc)
        out->command = argv + optind;
    return SB_OPTIONS_RUN;
}
