#include "cli/options.h"

#include <assert.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

#include "base/banned.h"

/* Values of getopt_long() for long options: beyond every character. */
enum { LONG_BASE = UCHAR_MAX + 1 };

static const struct wp_option *find_option(const struct wp_option *options, size_t count, int code)
{
    if (code >= LONG_BASE) {
        assert((size_t)(code - LONG_BASE) < count);
        return &options[code - LONG_BASE];
    }
    for (size_t i = 0; i < count; i++) {
        if (options[i].letter && options[i].letter == code)
            return &options[i];
    }
    return NULL;
}

/* Tables for getopt_long(); the leading ':' makes it tell a missing value from an unknown option. */
static void build_tables(struct option *longs, char *shorts, const struct wp_option *options, size_t count)
{
    *shorts++ = ':';
    for (size_t i = 0; i < count; i++) {
        int takes = options[i].value ? required_argument : no_argument;
        longs[i] = (struct option){options[i].name, takes, NULL, LONG_BASE + (int)i};
        if (options[i].letter) {
            *shorts++ = options[i].letter;
            if (options[i].value)
                *shorts++ = ':';
        }
    }
    *shorts = '\0';
}

static enum wp_status fail_unknown(const char *command, const char *given, const struct wp_option *options,
                                   size_t count, struct wp_error *error)
{
    const char *names[WP_MAX_OPTIONS];
    for (size_t i = 0; i < count; i++)
        names[i] = options[i].name;
    const char *meant = wp_text_starts(given, "--") ? wp_suggest(given + 2, names, count) : NULL;
    return wp_fail(error, WP_USAGE, command, "unknown option '%s'%s%s%s; 'wanprep %s --help' lists them all",
                   given, meant ? " (did you mean --" : "", meant ? meant : "", meant ? "?)" : "", command);
}

/* getopt_long() found something that is not in the tables, or a value where none belongs. */
static enum wp_status fail_option(const struct wp_option *options, size_t count, char **argv,
                                  struct wp_error *error)
{
    const struct wp_option *option = optopt ? find_option(options, count, optopt) : NULL;
    if (option)
        return wp_fail(error, WP_USAGE, argv[0], "option --%s takes no value, but '%s' was given",
                       option->name, argv[optind - 1]);
    char given[128];
    if (optopt)
        (void)wp_text_format(given, sizeof given, "-%c", optopt);
    else
        (void)wp_text_copy(given, sizeof given, argv[optind - 1]);
    return fail_unknown(argv[0], given, options, count, error);
}

enum wp_status wp_options_parse(void *settings, const struct wp_option *options, size_t count, int argc,
                                char **argv, int *first, struct wp_error *error)
{
    assert(count <= WP_MAX_OPTIONS);
    struct option longs[WP_MAX_OPTIONS + 1] = {0};
    char shorts[2 * WP_MAX_OPTIONS + 2];
    build_tables(longs, shorts, options, count);
    optind = 0; /* GNU: starts over, also after an earlier call in this process */
    opterr = 0;
    for (;;) {
        int code = getopt_long(argc, argv, shorts, longs, NULL);
        if (code == -1)
            break;
        if (code == '?')
            return fail_option(options, count, argv, error);
        const struct wp_option *option = find_option(options, count, code == ':' ? optopt : code);
        assert(option);
        if (code == ':')
            return wp_fail(error, WP_USAGE, argv[0], "option --%s needs a value: it takes %s", option->name,
                           option->allowed);
        if (!option->set((char *)settings + option->offset, option, option->value ? optarg : NULL))
            return wp_fail(error, WP_USAGE, argv[0], "option --%s was given '%s', but it takes %s",
                           option->name, optarg, option->allowed);
    }
    *first = optind;
    return WP_OK;
}

/* Levenshtein distance of two short words; over 31 characters count as far away. */
static size_t distance(const char *a, const char *b)
{
    enum { MAX = 31 };
    size_t m = strlen(a), n = strlen(b);
    if (m > MAX || n > MAX)
        return MAX;
    size_t row[MAX + 1];
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; i <= m; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[n];
}

const char *wp_suggest(const char *word, const char *const *names, size_t count)
{
    const char *best = NULL;
    size_t least = 3;
    for (size_t i = 0; i < count; i++) {
        if (strlen(word) >= 3 && wp_text_starts(names[i], word))
            return names[i];
        size_t d = distance(word, names[i]);
        if (d < least && d < strlen(names[i])) {
            least = d;
            best = names[i];
        }
    }
    return best;
}
