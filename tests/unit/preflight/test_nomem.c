/* Every allocation of a preflight fails in turn, in the caller and in its children: it ends in want of memory
 * or in what is true, accepts nothing by mistake, and leaves nothing behind. */
#include "unit/test.h"

#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "wanprep/preflight.h"

#define IMAGE WP_FIXTURES "/images/person.jpg"
#define VIDEO WP_FIXTURES "/videos/dance.mp4"

static atomic_long left; /* until the one that fails; below 0: none does */
static pid_t spared;     /* the process in which none fails and none is counted; 0: there is none */

static bool fails(void)
{
    return getpid() != spared && atomic_fetch_sub(&left, 1) == 0;
}

static void *failing_malloc(size_t size)
{
    return fails() ? NULL : malloc(size);
}

static void *failing_realloc(void *memory, size_t size)
{
    return fails() ? NULL : realloc(memory, size);
}

static const struct wp_alloc_hooks hooks = {failing_malloc, failing_realloc, free};

static unsigned open_descriptors(void)
{
    unsigned count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

struct tally {
    unsigned failed, rejected, accepted, seen;
};

static bool take(void *user, size_t index, const struct wp_preflight *preflight)
{
    struct tally *tally = user;
    (void)index;
    tally->seen++;
    if (preflight->verdict == WP_VERDICT_ACCEPT)
        tally->accepted++;
    else
        tally->rejected++;
    return true;
}

/* One run in which allocation `number` fails; whether there were as many. */
static bool fail_one(long number, bool no_jail, struct tally *tally)
{
    static const struct wp_pair pairs[] = {{IMAGE, VIDEO}, {IMAGE, VIDEO}};
    unsigned before = open_descriptors();
    struct wp_preflight_options options = WP_PREFLIGHT_DEFAULTS;
    struct wp_error error = {0};
    options.no_jail = no_jail;
    atomic_store(&left, number);
    tally->seen = 0;
    enum wp_status status = wp_preflight_many(pairs, COUNT(pairs), &options, take, tally, &error);
    bool reached = atomic_load(&left) < 0;
    if (status == WP_OK) {
        assert_int_equal(tally->seen, COUNT(pairs));
    } else {
        assert_int_equal(status, WP_NOMEM);
        assert_int_equal(error.status, WP_NOMEM);
        tally->failed++;
    }
    assert_int_equal(open_descriptors(), before);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
    return reached;
}

static void in_the_caller(void **state)
{
    (void)state;
    for (int no_jail = 0; no_jail < 2; no_jail++) {
        struct tally tally = {0};
        long number = 0;
        while (fail_one(number, no_jail, &tally))
            number++;
        assert_in_range(number, 6, 10000);
        assert_true(tally.failed > 0 && tally.accepted > 0);
    }
}

/* A child has a bound of its own: that it is reached is the input's fault, and no failure. */
static void in_children(void **state)
{
    (void)state;
    struct tally tally = {0};
    spared = getpid();
    for (long number = 0; number < 20; number++)
        (void)fail_one(number, false, &tally);
    spared = 0;
    assert_int_equal(tally.failed, 0);
    assert_true(tally.rejected > 0 && tally.accepted > 0);
}

static int set_hooks(void **state)
{
    (void)state;
    wp_alloc_set_hooks(&hooks);
    return 0;
}

static int reset_hooks(void **state)
{
    (void)state;
    wp_alloc_set_hooks(NULL);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_the_caller),
        cmocka_unit_test(in_children),
    };
    return cmocka_run_group_tests(tests, set_hooks, reset_hooks);
}
