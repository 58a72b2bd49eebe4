/* What a child may do, and how it is used again. */
#include "unit/jail/prisoner.h"

#include <dirent.h>
#include <sys/wait.h>

#include "base/text.h"

static uint64_t sum_of(const struct bytes *bytes)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < bytes->len; i++)
        sum += bytes->data[i];
    return sum;
}

static unsigned open_descriptors(void)
{
    unsigned count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static void reads_through_the_caller(void **state)
{
    (void)state;
    struct bench bench = bench_open(60000);
    assert_int_equal(bench_run(&bench, ADD_UP), WP_OK);
    assert_int_equal(bench.end, WP_JAIL_DONE);
    assert_int_equal(bench.found.count, bench.bytes.len);
    assert_int_equal(bench.found.sum, sum_of(&bench.bytes));
    assert_int_not_equal(bench.found.pid, getpid());
    assert_true(bench.bytes.reads > 0);
    bench_close(&bench);
}

static int file_of(const struct bytes *bytes)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(bytes->data, 1, bytes->len, file), bytes->len);
    assert_int_equal(fflush(file), 0);
    int fd = dup(fileno(file));
    assert_int_equal(fclose(file), 0);
    return fd;
}

static void reads_its_one_descriptor(void **state)
{
    (void)state;
    struct bench bench = bench_open(60000);
    bench.fd = file_of(&bench.bytes);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(bench_run(&bench, ADD_UP), WP_OK);
        assert_int_equal(bench.found.sum, sum_of(&bench.bytes));
    }
    assert_int_equal(bench.bytes.reads, 0);
    assert_true(search_path && search_path[0]);
    assert_int_equal(bench_run(&bench, LOOK), WP_OK);
    assert_int_equal(bench.found.descriptors, 5);
    close(bench.fd);
    bench.fd = -1;
    assert_int_equal(bench_run(&bench, LOOK), WP_OK);
    assert_int_equal(bench.found.descriptors, 4);
    assert_false(bench.found.has_environment);
    bench_close(&bench);
}

static void reads_end_where_the_bytes_end(void **state)
{
    (void)state;
    struct bench bench = bench_open(60000);
    for (int pass = 0; pass < 2; pass++) {
        assert_int_equal(bench_run(&bench, READ_PAST), WP_OK);
        assert_int_equal(bench.found.first, 10);
        assert_int_equal(bench.found.second, 0);
        assert_int_equal(bench.found.third, 0);
        bench.fd = file_of(&bench.bytes);
    }
    close(bench.fd);
    bench_close(&bench);
}

static void tells_why_a_read_failed(void **state)
{
    (void)state;
    struct bench bench = bench_open(60000);
    bench.bytes.fail_after = 2;
    assert_int_equal(bench_run(&bench, ADD_UP), WP_INPUT);
    assert_int_equal(bench.end, WP_JAIL_DONE);
    bench.bytes.fail_after = 0;
    assert_int_equal(bench_run(&bench, FAIL_INPUT), WP_INPUT);
    assert_int_equal(bench.end, WP_JAIL_DONE);
    assert_string_equal(bench.error.message, "a reason");
    assert_int_equal(bench_run(&bench, ADD_UP), WP_OK);
    bench_close(&bench);
}

static void is_used_again(void **state)
{
    (void)state;
    struct bench bench = bench_open(60000);
    assert_int_equal(bench_run(&bench, LOOK), WP_OK);
    pid_t first = bench.found.pid;
    assert_int_equal(bench_run(&bench, ADD_UP), WP_OK);
    assert_int_equal(bench.found.pid, first);
    assert_int_equal(bench_run(&bench, CRASH), WP_INPUT);
    assert_int_equal(bench_run(&bench, LOOK), WP_OK);
    assert_int_not_equal(bench.found.pid, first);
    /* Killed while it had nothing to do, which is no fault of the next task. */
    first = bench.found.pid;
    assert_int_equal(kill(first, SIGKILL), 0);
    assert_int_equal(bench_run(&bench, ADD_UP), WP_OK);
    assert_int_equal(bench.found.sum, sum_of(&bench.bytes));
    bench_close(&bench);
}

static void runs_threads(void **state)
{
    (void)state;
    struct bench bench = bench_open(60000);
    assert_int_equal(bench_run(&bench, THREADS), WP_OK);
    assert_int_equal(bench.found.sum, 2000);
    bench_close(&bench);
}

struct lines {
    unsigned count;
    bool has_media, has_bell, has_key, has_strange_room, has_debug;
};

static void take_line(void *user, enum wp_log_level level, const char *room, const char *line)
{
    struct lines *lines = user;
    lines->count++;
    lines->has_media |= strcmp(room, "media") == 0 && strcmp(line, "line 1") == 0;
    lines->has_bell |= strchr(line, '\a') != NULL;
    lines->has_key |= strstr(line, "0123456789abcdef") != NULL;
    lines->has_strange_room |= strcmp(room, "media") != 0 && strcmp(room, "jail") != 0;
    lines->has_debug |= level == WP_LOG_DEBUG;
}

/* Once, whoever does it; and the caller's own copy stays as it is. */
static void is_made_ready(void **state)
{
    (void)state;
    struct bench bench = bench_open(60000);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(bench_run(&bench, ADD_UP), WP_OK);
        assert_int_equal(bench.found.prepared, 1);
    }
    bench_close(&bench);
}

static int ready_for(struct wp_jail *jail, int *state)
{
    struct wp_cell *cell = NULL;
    struct wp_error error;
    const struct wp_jail_work work = {.run = prisoner, .prepare = get_ready, .user = state};
    struct found found = {0};
    const struct request request = {ADD_UP, 0};
    struct bytes bytes = bytes_of_size(1);
    const struct wp_reader reader = bytes_reader(&bytes);
    const struct wp_jail_task task = {.request = &request,
                                      .request_size = sizeof request,
                                      .reader = &reader,
                                      .fd = -1,
                                      .facts = &found,
                                      .facts_size = sizeof found};
    assert_int_equal(wp_cell_open(&cell, jail, &work, &error), WP_OK);
    assert_int_equal(wp_cell_run(cell, &task, NULL, &error), WP_OK);
    wp_cell_close(cell);
    free(bytes.data);
    return found.prepared;
}

/* Where there is no warden, each cell has work of its own. */
static void cells_have_their_own_work(void **state)
{
    (void)state;
    const struct wp_jail_limits limits = {.wall_ms = 60000, .memory = 256 << 20, .no_warden = without_warden};
    int all = 10, one = 20;
    struct wp_jail *jail = NULL;
    struct wp_error error;
    const struct wp_jail_work work = {.run = prisoner, .prepare = get_ready, .user = &all};
    assert_int_equal(wp_jail_open(&jail, &work, &limits, &error), WP_OK);
    assert_int_equal(ready_for(jail, &one), without_warden ? 21 : 11);
    wp_jail_close(jail);
    assert_int_equal(all, 10);
    assert_int_equal(one, 20);
}

static void passes_log_lines_on(void **state)
{
    (void)state;
    struct bench bench = bench_open(60000);
    struct lines lines = {0};
    const struct wp_log log = {take_line, &lines, WP_LOG_INFO};
    bench.log = &log;
    assert_int_equal(bench_run(&bench, LOG), WP_OK);
    assert_int_equal(lines.count, 3);
    assert_true(lines.has_media);
    assert_false(lines.has_bell || lines.has_key || lines.has_strange_room || lines.has_debug);
    assert_int_equal(bench_run(&bench, LOG_FLOOD), WP_OK);
    assert_in_range(lines.count, 10, 3 + WP_FRAME_LOGS_MAX);
    bench.log = NULL;
    lines.count = 0;
    assert_int_equal(bench_run(&bench, LOG), WP_OK);
    assert_int_equal(lines.count, 0);
    bench_close(&bench);
}

static void gives_a_blob(void **state)
{
    (void)state;
    struct bench bench = bench_open(60000);
    struct wp_buf blob = wp_buf_new(300000);
    bench.blob = &blob;
    static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 300000};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        assert_int_equal(bench_run_value(&bench, BLOB, sizes[i]), WP_OK);
        assert_int_equal(blob.len, sizes[i]);
        if (sizes[i] > 0)
            assert_int_equal(blob.data[sizes[i] - 1], (char)((sizes[i] - 1) & 0x7f));
    }
    /* The work is held to the ceiling, and what one task gave is gone with the next. */
    assert_int_equal(bench_run_value(&bench, BLOB, 300001), WP_OK);
    assert_int_equal(blob.len, 300000);
    assert_int_equal(bench_run_value(&bench, CRASH, 0), WP_INPUT);
    assert_int_equal(blob.len, 0);
    bench.blob = NULL;
    assert_int_equal(bench_run_value(&bench, BLOB, 5), WP_OK);
    wp_buf_free(&blob);
    bench_close(&bench);
}

static void leaves_nothing_behind(void **state)
{
    (void)state;
    unsigned before = open_descriptors();
    for (int i = 0; i < 10; i++) {
        struct bench bench = bench_open(60000);
        assert_int_equal(bench_run(&bench, CRASH), WP_INPUT);
        assert_int_equal(bench_run(&bench, ADD_UP), WP_OK);
        bench_close(&bench);
    }
    assert_int_equal(open_descriptors(), before);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

/* A caller that is killed takes warden and child with it. */
static void dies_with_the_caller(void **state)
{
    (void)state;
    int told[2];
    pid_t child = 0;
    assert_int_equal(pipe(told), 0);
    pid_t caller = fork();
    if (caller == 0) {
        struct bench bench = bench_open(60000);
        (void)bench_run(&bench, LOOK);
        (void)!write(told[1], &bench.found.pid, sizeof bench.found.pid);
        (void)bench_run(&bench, SPIN);
        _exit(0);
    }
    assert_int_equal(read(told[0], &child, sizeof child), sizeof child);
    assert_int_equal(kill(child, 0), 0);
    assert_int_equal(kill(caller, SIGKILL), 0);
    assert_int_equal(waitpid(caller, NULL, 0), caller);
    /* An orphan's zombie may wait for init; it runs no more. */
    char path[64], state_letter = 'R';
    snprintf(path, sizeof path, "/proc/%d/stat", (int)child);
    for (int i = 0; i < 10000 && state_letter != 'Z'; i++) {
        FILE *file = fopen(path, "r");
        if (!file)
            break;
        char text[256] = "";
        (void)!fgets(text, sizeof text, file);
        fclose(file);
        const char *paren = strrchr(text, ')');
        state_letter = paren && paren[1] ? paren[2] : 'Z';
        usleep(1000);
    }
    assert_true(state_letter == 'Z' || kill(child, 0) != 0);
    close(told[0]);
    close(told[1]);
}

int main(void)
{
    search_path = getenv("PATH");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_through_the_caller),
        cmocka_unit_test(reads_its_one_descriptor),
        cmocka_unit_test(reads_end_where_the_bytes_end),
        cmocka_unit_test(tells_why_a_read_failed),
        cmocka_unit_test(is_used_again),
        cmocka_unit_test(runs_threads),
        cmocka_unit_test(is_made_ready),
        cmocka_unit_test(cells_have_their_own_work),
        cmocka_unit_test(passes_log_lines_on),
        cmocka_unit_test(gives_a_blob),
        cmocka_unit_test(leaves_nothing_behind),
        cmocka_unit_test(dies_with_the_caller),
    };
    return RUN_BOTH(tests);
}
