/* The rates of the service: the arithmetic of a bucket, and buckets that several limiters share. */
#include "unit/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "store/limiter.h"

#include "base/banned.h"

#define SECOND_US INT64_C(1000000)
#define ACCOUNT   "0123abcd"

static char folder[64], file_path[128];
static int64_t now_ms;
static unsigned warnings;

static int64_t fake_now(void *user)
{
    (void)user;
    return now_ms;
}

static const struct wp_clock clock_of_tests = {.boot_ms = fake_now};

static void count_warning(void *user, enum wp_log_level level, const char *room, const char *text)
{
    (void)user;
    (void)room;
    (void)text;
    warnings += level == WP_LOG_WARN;
}

static const struct wp_log log_of_tests = {.fn = count_warning, .level = WP_LOG_WARN};

static int set_up(void **state)
{
    (void)state;
    now_ms = 5000000;
    warnings = 0;
    (void)wp_text_copy(folder, sizeof folder, "/tmp/wanprep-limits-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    return wp_text_format(file_path, sizeof file_path, "%s/limits-1-" ACCOUNT, folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(file_path);
    return rmdir(folder);
}

static struct wp_limiter *open_limiter(const char *dir, const char *account)
{
    struct wp_limiter *limiter = NULL;
    assert_int_equal(wp_limiter_open(&limiter, dir, account, &log_of_tests, NULL), WP_OK);
    return limiter;
}

/* In no second are there more tokens than the service has, also when everybody asks all the time. */
static void test_no_second_has_more_than_the_service_allows(void **state)
{
    (void)state;
    static const int64_t allowed[WP_LIMITS] = {5, 20, 20, 20, 100};
    for (int limit = 0; limit < WP_LIMITS; limit++) {
        struct wp_bucket bucket = wp_limit_bucket((enum wp_limit)limit);
        int64_t taken[400], full = 0;
        size_t count = 0;
        for (int64_t now = SECOND_US; count < COUNT(taken); now += 1000) {
            int64_t after = 0;
            while (count < COUNT(taken) && wp_bucket_take(&bucket, full, now, &after) == 0) {
                full = after;
                taken[count++] = now;
            }
            full = after;
        }
        size_t span = (size_t)allowed[limit];
        for (size_t i = 0; i + span < count; i++)
            assert_true(taken[i + span] - taken[i] > SECOND_US);
        /* and not much fewer: three quarters of it at least */
        assert_true(taken[count - 1] - taken[0] < (int64_t)count * SECOND_US * 4 / 3 / allowed[limit]);
    }
}

static void test_a_bucket_in_rest_is_full_and_no_more(void **state)
{
    (void)state;
    const struct wp_bucket bucket = {.interval_us = 100, .burst = 3};
    int64_t full = 0, now = 1000000;
    for (int i = 0; i < 3; i++)
        assert_int_equal(wp_bucket_take(&bucket, full, now, &full), 0);
    assert_int_equal(full, now + 300);
    assert_int_equal(wp_bucket_take(&bucket, full, now, &full), 100);
    assert_int_equal(full, now + 300); /* nothing was taken */
    assert_int_equal(wp_bucket_take(&bucket, full, now + 99, &full), 1);
    assert_int_equal(wp_bucket_take(&bucket, full, now + 100, &full), 0);
    assert_int_equal(wp_bucket_take(&bucket, full, now + 100, &full), 100);
}

static void test_slowing(void **state)
{
    (void)state;
    const struct wp_bucket bucket = {.interval_us = 100, .burst = 3};
    int64_t now = 1000000, full = wp_bucket_slow(&bucket, 0, now, 7);
    assert_int_equal(wp_bucket_take(&bucket, full, now, &full), 7000);
    assert_int_equal(wp_bucket_take(&bucket, full, now + 6999, &full), 1);
    assert_int_equal(wp_bucket_slow(&bucket, full, now, 3), full); /* the longer one stays */
    assert_int_equal(wp_bucket_take(&bucket, full, now + 7000, &full), 0);
    assert_int_equal(wp_bucket_take(&bucket, full, now + 7000, &full), 100); /* one at a time from there */
    full = wp_bucket_slow(&bucket, 0, now, INT64_MAX);
    assert_int_equal(wp_bucket_take(&bucket, full, now, &full), WP_SLOW_MAX_MS * INT64_C(1000));
    full = wp_bucket_slow(&bucket, 0, now, -5);
    assert_int_equal(wp_bucket_take(&bucket, full, now, &full), 0);
}

static void test_nonsense_is_a_full_bucket(void **state)
{
    (void)state;
    const struct wp_bucket bucket = {.interval_us = 100, .burst = 1};
    static const int64_t moments[] = {
        INT64_MIN, -1, 0, INT64_MAX, INT64_MAX - 1, 7000000 + WP_SLOW_MAX_MS * INT64_C(1000) + 101};
    for (size_t i = 0; i < COUNT(moments); i++) {
        int64_t after = 0;
        assert_int_equal(wp_bucket_take(&bucket, moments[i], 7000000, &after), 0);
        assert_int_equal(after, 7000100);
    }
    int64_t after = 0, last = 7000000 + WP_SLOW_MAX_MS * INT64_C(1000) + 100;
    assert_true(wp_bucket_take(&bucket, last, 7000000, &after) > 0);
}

/* Takes all that is there at this moment. */
static unsigned drain(struct wp_limiter *limiter, enum wp_limit limit)
{
    unsigned count = 0;
    while (count < 1000 && wp_limiter_take(limiter, limit, &clock_of_tests) == 0)
        count++;
    return count;
}

static void test_limiters_of_an_account_share(void **state)
{
    (void)state;
    struct wp_limiter *first = open_limiter(folder, ACCOUNT), *second = open_limiter(folder, ACCOUNT);
    unsigned burst = (unsigned)wp_limit_bucket(WP_LIMIT_QUERY).burst;
    assert_int_equal(drain(first, WP_LIMIT_QUERY), burst);
    assert_int_equal(drain(second, WP_LIMIT_QUERY), 0);
    int64_t wait = wp_limiter_take(second, WP_LIMIT_QUERY, &clock_of_tests);
    assert_true(wait > 0);
    assert_int_equal(drain(second, WP_LIMIT_LIST), burst); /* each call has its own */
    now_ms += wait;
    assert_int_equal(drain(second, WP_LIMIT_QUERY), 1);
    wp_limiter_slow(first, WP_LIMIT_QUERY, 30000, &clock_of_tests);
    now_ms += 29999;
    assert_int_equal(wp_limiter_take(second, WP_LIMIT_QUERY, &clock_of_tests), 1);
    now_ms += 1;
    assert_int_equal(wp_limiter_take(second, WP_LIMIT_QUERY, &clock_of_tests), 0);
    struct wp_limiter *shared = wp_limiter_share(first);
    wp_limiter_free(first);
    assert_int_equal(drain(shared, WP_LIMIT_CANCEL), burst);
    assert_int_equal(drain(second, WP_LIMIT_CANCEL), 0);
    wp_limiter_free(shared);
    wp_limiter_free(second);
    wp_limiter_free(NULL);
    assert_int_equal(warnings, 0);
    struct stat info;
    assert_int_equal(stat(file_path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void test_accounts_do_not_share(void **state)
{
    (void)state;
    char other[160];
    (void)wp_text_format(other, sizeof other, "%s/limits-1-ffff", folder);
    struct wp_limiter *first = open_limiter(folder, ACCOUNT), *second = open_limiter(folder, "ffff");
    assert_true(drain(first, WP_LIMIT_CREATE) > 0);
    assert_true(drain(second, WP_LIMIT_CREATE) > 0);
    wp_limiter_free(first);
    wp_limiter_free(second);
    assert_int_equal(unlink(other), 0);
}

/* Processes that take from one file at the same time get together what one would get. */
static void test_processes_share_a_file(void **state)
{
    (void)state;
    pid_t children[4];
    unsigned *taken = mmap(NULL, sizeof *taken * COUNT(children), PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(taken, MAP_FAILED);
    for (size_t i = 0; i < COUNT(children); i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            struct wp_limiter *limiter = open_limiter(folder, ACCOUNT);
            for (int tick = 0; tick < 500; tick++, now_ms += 100) /* 50 s: at each moment all there is */
                taken[i] += drain(limiter, WP_LIMIT_POLICY);
            wp_limiter_free(limiter);
            _exit(warnings ? 1 : 0);
        }
    }
    unsigned all = 0;
    for (size_t i = 0; i < COUNT(children); i++) {
        int status = 0;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
        all += taken[i];
    }
    /* Each goes through the same time: what one of them has taken, those that come later do not get. */
    struct wp_bucket bucket = wp_limit_bucket(WP_LIMIT_POLICY);
    assert_in_range(all, 1, (uint64_t)(50 * SECOND_US / bucket.interval_us + bucket.burst));
    assert_int_equal(munmap(taken, sizeof *taken * COUNT(children)), 0);
}

/* What stands in the file from before is worth nothing. */
static void overwrite(const char *bytes, size_t len)
{
    int fd = open(file_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), len);
    assert_int_equal(close(fd), 0);
}

static void test_a_file_with_something_else_in_it(void **state)
{
    (void)state;
    struct wp_limiter *limiter = open_limiter(folder, ACCOUNT);
    wp_limiter_slow(limiter, WP_LIMIT_QUERY, 50000, &clock_of_tests);
    assert_true(wp_limiter_take(limiter, WP_LIMIT_QUERY, &clock_of_tests) > 0);
    char bytes[200];
    int fd = open(file_path, O_RDONLY | O_CLOEXEC);
    ssize_t len = read(fd, bytes, sizeof bytes);
    assert_in_range(len, 40, sizeof bytes - 1);
    assert_int_equal(close(fd), 0);

    bytes[0] = 'x'; /* another start of the machine */
    overwrite(bytes, (size_t)len);
    assert_int_equal(wp_limiter_take(limiter, WP_LIMIT_QUERY, &clock_of_tests), 0);

    wp_limiter_slow(limiter, WP_LIMIT_QUERY, 50000, &clock_of_tests);
    overwrite(bytes, 10);
    assert_int_equal(wp_limiter_take(limiter, WP_LIMIT_QUERY, &clock_of_tests), 0);

    wp_limiter_slow(limiter, WP_LIMIT_QUERY, 50000, &clock_of_tests);
    memset(bytes, 0xff, sizeof bytes);
    overwrite(bytes, sizeof bytes);
    assert_int_equal(wp_limiter_take(limiter, WP_LIMIT_QUERY, &clock_of_tests), 0);
    assert_int_equal(warnings, 0);
    wp_limiter_free(limiter);
}

static void assert_alone(const char *dir, unsigned warned)
{
    warnings = 0;
    struct wp_limiter *first = open_limiter(dir, ACCOUNT), *second = open_limiter(dir, ACCOUNT);
    unsigned burst = (unsigned)wp_limit_bucket(WP_LIMIT_QUERY).burst;
    assert_int_equal(drain(first, WP_LIMIT_QUERY), burst);
    assert_int_equal(drain(second, WP_LIMIT_QUERY), burst);
    assert_int_equal(warnings, 2 * warned); /* each says it once */
    wp_limiter_free(first);
    wp_limiter_free(second);
}

static void test_folders_that_cannot_be_used(void **state)
{
    (void)state;
    char path[128];
    assert_alone(NULL, 0);
    assert_alone("/nonexistent/folder", 1);
    assert_alone("/dev/null", 1);
    assert_alone("/proc/self", 1);
    (void)wp_text_format(path, sizeof path, "%s/link", folder);
    assert_int_equal(symlink(folder, path), 0); /* in a place like /tmp it could be another's */
    assert_alone(path, 1);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(chmod(folder, 0777), 0);
    assert_alone(folder, 1);
    assert_int_equal(chmod(folder, 0700), 0);
    assert_int_equal(mkdir(file_path, 0700), 0);
    assert_alone(folder, 1);
    assert_int_equal(rmdir(file_path), 0);
    assert_int_equal(mkfifo(file_path, 0600), 0);
    assert_alone(folder, 1);
}

static void test_a_folder_is_made(void **state)
{
    (void)state;
    char path[128], inside[160];
    struct stat info;
    (void)wp_text_format(path, sizeof path, "%s/made", folder);
    (void)wp_text_format(inside, sizeof inside, "%s/limits-1-" ACCOUNT, path);
    wp_limiter_free(open_limiter(path, ACCOUNT));
    assert_int_equal(warnings, 0);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    assert_int_equal(unlink(inside), 0);
    assert_int_equal(rmdir(path), 0);
}

/* A process that was stopped with the lock in its hands must not hold up all others. */
static void test_a_lock_that_stays_taken(void **state)
{
    (void)state;
    struct wp_limiter *limiter = open_limiter(folder, ACCOUNT);
    int fd = open(file_path, O_RDWR | O_CLOEXEC);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    assert_int_equal(fcntl(fd, F_OFD_SETLK, &lock), 0);
    assert_int_equal(drain(limiter, WP_LIMIT_QUERY), wp_limit_bucket(WP_LIMIT_QUERY).burst);
    assert_int_equal(warnings, 1);
    assert_int_equal(close(fd), 0);
    wp_limiter_free(limiter);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_second_has_more_than_the_service_allows),
        cmocka_unit_test(test_a_bucket_in_rest_is_full_and_no_more),
        cmocka_unit_test(test_slowing),
        cmocka_unit_test(test_nonsense_is_a_full_bucket),
        TEST(test_limiters_of_an_account_share),
        TEST(test_accounts_do_not_share),
        TEST(test_processes_share_a_file),
        TEST(test_a_file_with_something_else_in_it),
        TEST(test_folders_that_cannot_be_used),
        TEST(test_a_folder_is_made),
        TEST(test_a_lock_that_stays_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
