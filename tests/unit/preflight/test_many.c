/* Many pairs: in order, each input once, and the same whoever reads them. */
#include "unit/test.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/alloc.h"
#include "base/text.h"
#include "wanprep/preflight.h"
#include "wanprep/report.h"

#define IMAGE WP_FIXTURES "/images/person.jpg"
#define VIDEO WP_FIXTURES "/videos/dance.mp4"

enum { MAX_PAIRS = 400 };

/* What came, in the order in which it came. */
struct seen {
    size_t count;
    size_t stop_after; /* 0: never */
    char *reports[MAX_PAIRS];
    enum wp_verdict verdicts[MAX_PAIRS];
    enum wp_status statuses[MAX_PAIRS];
    unsigned image_probes; /* as the log tells */
};

/* The document without the one member that differs from run to run. */
static char *document(const struct wp_preflight *preflight)
{
    char *text = NULL;
    size_t length = 0;
    struct wp_preflight *copy = wp_malloc(sizeof *copy);
    assert_non_null(copy);
    *copy = *preflight;
    copy->elapsed_us = 0;
    assert_int_equal(
        wp_report_write(&text, &length, copy, WP_REPORT_JSON, &(struct wp_report_options){0}, NULL), WP_OK);
    wp_free(copy);
    return text;
}

static bool take(void *user, size_t index, const struct wp_preflight *preflight)
{
    struct seen *seen = user;
    assert_int_equal(index, seen->count);
    seen->reports[index] = document(preflight);
    seen->verdicts[index] = preflight->verdict;
    seen->statuses[index] = wp_preflight_status(preflight);
    seen->count++;
    return seen->count != seen->stop_after;
}

static void count_probes(void *user, enum wp_log_level level, const char *room, const char *line)
{
    (void)level;
    struct seen *seen = user;
    seen->image_probes += strcmp(room, "probe") == 0 && wp_text_starts(line, "image:");
}

static void forget(struct seen *seen)
{
    for (size_t i = 0; i < seen->count; i++)
        wp_free(seen->reports[i]);
    free(seen);
}

static struct seen *run(const struct wp_pair *pairs, size_t count, struct wp_preflight_options options,
                        size_t stop_after)
{
    struct seen *seen = calloc(1, sizeof *seen);
    struct wp_error error = {0};
    assert_non_null(seen);
    seen->stop_after = stop_after;
    options.log = (struct wp_log){count_probes, seen, WP_LOG_DEBUG};
    if (wp_preflight_many(pairs, count, &options, take, seen, &error) != WP_OK)
        fail_msg("%s", error.message);
    assert_int_equal(seen->count, stop_after ? stop_after : count);
    /* Nothing is left behind. */
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
    return seen;
}

static size_t list(char names[][600], size_t max, const char *folder)
{
    size_t count = 0;
    struct dirent **entries = NULL;
    char path[256];
    snprintf(path, sizeof path, "%s/%s", WP_FIXTURES, folder);
    int found = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < found; i++) {
        if (entries[i]->d_name[0] != '.' && count < max)
            snprintf(names[count++], sizeof names[0], "%s/%s", path, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return count;
}

/* Every fixture, read by children and by this process, by one at a time and by several. */
static void jailed_or_not_is_the_same_at(enum wp_depth depth)
{
    static char images[150][600], videos[150][600];
    struct wp_pair pairs[150];
    size_t image_count = list(images, COUNT(images), "images"),
           video_count = list(videos, COUNT(videos), "videos");
    size_t count = image_count > video_count ? image_count : video_count;
    assert_true(image_count > 10 && video_count > 10);
    for (size_t i = 0; i < count; i++)
        pairs[i] = (struct wp_pair){images[i % image_count], videos[i % video_count]};
    struct wp_preflight_options options = {.depth = depth, .workers = 3};
    struct seen *jailed = run(pairs, count, options, 0);
    options.no_jail = true;
    options.workers = 1;
    struct seen *open = run(pairs, count, options, 0);
    for (size_t i = 0; i < count; i++) {
        /* How often a decoder with several threads tells of one damage is chance, in whatever process. */
        if (depth != WP_DEPTH_FULL || !strstr(pairs[i].video, "damaged"))
            assert_string_equal(jailed->reports[i], open->reports[i]);
        assert_int_equal(jailed->statuses[i], open->statuses[i]);
    }
    assert_int_equal(jailed->image_probes, image_count);
    assert_int_equal(open->image_probes, image_count);
    forget(jailed);
    forget(open);
}

static void jailed_or_not_is_the_same(void **state)
{
    (void)state;
    for (enum wp_depth depth = WP_DEPTH_HEADER; depth <= WP_DEPTH_FULL; depth++)
        jailed_or_not_is_the_same_at(depth);
}

static void each_input_once(void **state)
{
    (void)state;
    struct wp_pair pairs[MAX_PAIRS];
    for (size_t i = 0; i < COUNT(pairs); i++)
        pairs[i] = (struct wp_pair){i % 2 ? IMAGE : WP_FIXTURES "/images/../images/person.jpg",
                                    i % 5 ? VIDEO : NULL};
    struct wp_preflight_options options = WP_PREFLIGHT_DEFAULTS;
    options.depth = WP_DEPTH_HEADER;
    struct seen *seen = run(pairs, COUNT(pairs), options, 0);
    assert_int_equal(seen->image_probes, 2);
    for (size_t i = 0; i < COUNT(pairs); i++)
        assert_int_equal(seen->verdicts[i], WP_VERDICT_ACCEPT);
    forget(seen);
}

/* Every pair has inputs of its own: they are begun in order, and not all of them when the caller stops early.
 */
static void stops_when_told(void **state)
{
    (void)state;
    static char names[MAX_PAIRS][400];
    struct wp_pair pairs[MAX_PAIRS];
    for (size_t i = 0; i < COUNT(pairs); i++) {
        size_t len = (size_t)snprintf(names[i], sizeof names[i], "%s/images", WP_FIXTURES);
        for (size_t slashes = 0; slashes < i / 2 + 1 && len < sizeof names[i] - 20; slashes++)
            names[i][len++] = '/';
        snprintf(names[i] + len, sizeof names[i] - len, "%sperson.jpg", i % 2 ? "./" : "");
        pairs[i] = (struct wp_pair){names[i], NULL};
    }
    struct wp_preflight_options options = WP_PREFLIGHT_DEFAULTS;
    options.depth = WP_DEPTH_HEADER;
    struct seen *seen = run(pairs, COUNT(pairs), options, 5);
    assert_in_range(seen->image_probes, 5, 100);
    forget(seen);
}

static void what_cannot_be_had(void **state)
{
    (void)state;
    static const struct wp_pair pairs[] = {
        {IMAGE, "/no/such/file.mp4"}, {IMAGE, VIDEO}, {WP_FIXTURES, VIDEO}, {"oss://bucket/a.jpg", NULL}};
    static const enum wp_status statuses[] = {WP_INPUT, WP_OK, WP_INPUT, WP_INPUT};
    const struct wp_preflight_options options = WP_PREFLIGHT_DEFAULTS;
    struct seen *seen = run(pairs, COUNT(pairs), options, 0);
    for (size_t i = 0; i < COUNT(pairs); i++)
        assert_int_equal(seen->statuses[i], statuses[i]);
    forget(seen);
}

static void wrong_calls(void **state)
{
    (void)state;
    static const struct wp_pair pairs[] = {{IMAGE, VIDEO}, {NULL, NULL}};
    static const struct wp_level_change change = {"no.such-rule", WP_LEVEL_NOTE};
    struct wp_preflight_options options = WP_PREFLIGHT_DEFAULTS;
    struct seen seen = {0};
    assert_int_equal(wp_preflight_many(pairs, 2, &options, take, &seen, NULL), WP_USAGE);
    assert_int_equal(wp_preflight_many(pairs, 0, &options, take, &seen, NULL), WP_OK);
    options.levels = &change;
    options.level_count = 1;
    assert_int_equal(wp_preflight_many(pairs, 1, &options, take, &seen, NULL), WP_USAGE);
    assert_int_equal(seen.count, 0);
}

/* The one way for one pair, and for many. */
static void one_is_as_many(void **state)
{
    (void)state;
    static const struct wp_pair pair = {IMAGE, VIDEO};
    const struct wp_preflight_options options = WP_PREFLIGHT_DEFAULTS;
    struct wp_preflight *one = wp_malloc(sizeof *one);
    assert_non_null(one);
    assert_int_equal(wp_preflight_run(one, IMAGE, VIDEO, &options, NULL), WP_OK);
    assert_true(one->elapsed_us > 0);
    char *report = document(one);
    struct seen *seen = run(&pair, 1, options, 0);
    assert_string_equal(report, seen->reports[0]);
    wp_free(report);
    wp_free(one);
    forget(seen);
}

static void results_are_verified(void **state)
{
    (void)state;
    for (int no_jail = 0; no_jail < 2; no_jail++) {
        const struct wp_preflight_options options = {.no_jail = no_jail};
        struct wp_video_facts facts;
        assert_int_equal(wp_verify_result(&facts, VIDEO, &options, NULL), WP_OK);
        assert_string_equal(facts.codec, "h264");
        assert_int_equal(wp_verify_result(NULL, IMAGE, &options, NULL), WP_BAD_RESULT);
        assert_int_equal(wp_verify_result(NULL, "/no/such/file", &options, NULL), WP_INPUT);
    }
}

static void *check_twice(void *user)
{
    struct wp_verifier *verifier = user;
    for (int i = 0; i < 2; i++) {
        struct wp_video_facts facts;
        if (wp_verifier_check(verifier, &facts, VIDEO, NULL) != WP_OK || strcmp(facts.codec, "h264") != 0 ||
            wp_verifier_check(verifier, NULL, IMAGE, NULL) != WP_BAD_RESULT)
            return NULL;
    }
    return user;
}

static void one_verifier_serves_many_threads(void **state)
{
    (void)state;
    enum { THREADS = 6 };
    pthread_t threads[THREADS];
    const struct wp_preflight_options options = {0};
    struct wp_verifier *verifier = NULL;
    assert_int_equal(wp_verifier_new(&verifier, &options, NULL), WP_OK);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, check_twice, verifier), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *good = NULL;
        assert_int_equal(pthread_join(threads[i], &good), 0);
        assert_ptr_equal(good, verifier);
    }
    wp_verifier_free(verifier);
    wp_verifier_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jailed_or_not_is_the_same),
        cmocka_unit_test(each_input_once),
        cmocka_unit_test(stops_when_told),
        cmocka_unit_test(what_cannot_be_had),
        cmocka_unit_test(wrong_calls),
        cmocka_unit_test(one_is_as_many),
        cmocka_unit_test(results_are_verified),
        cmocka_unit_test(one_verifier_serves_many_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
