/* A folder with a pair in it, and a way to run jobs there against the fake service. */
#ifndef TEST_JOB_BENCH_H
#define TEST_JOB_BENCH_H

#include <dirent.h>
#include <ftw.h>

#include "unit/job/fake.h"

struct bench {
    char folder[64];
    char image[96], video[96], out[96];
    struct wp_job_request request;
    struct wp_job_options options;
    int64_t slow_create_ms; /* the account's creates are slowed down for so long, from before the run */
    struct wp_job_result result;
    struct wp_error error;
    bool interrupt;
    enum wp_job_state interrupt_in; /* as soon as this state is told; 0: never */
    int64_t interrupt_at;           /* fake time; 0: never */
    int64_t announced_ms;           /* when SUBMITTING was last told */
    unsigned outs;                  /* how many output folders there were */
    unsigned tasks_told, joins_told, retries_told;
};

static struct bench bench;

static inline void bench_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "wbe");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        abort();
}

/* A new service, and an output folder without a past. */
static inline void bench_anew(void)
{
    fake_new();
    (void)wp_text_format(bench.out, sizeof bench.out, "%s/out%u", bench.folder, ++bench.outs);
}

static bool bench_interrupted(void *user)
{
    (void)user;
    return bench.interrupt || (bench.interrupt_at && fake->now_ms >= bench.interrupt_at);
}

static void bench_event(void *user, const struct wp_job_event *event)
{
    (void)user;
    fake_instant();
    if (event->kind == WP_EVENT_STATE && bench.interrupt_in && event->state == bench.interrupt_in)
        bench.interrupt = true;
    if (event->kind == WP_EVENT_STATE && event->state == WP_JOB_SUBMITTING)
        bench.announced_ms = fake->now_ms;
    if (event->kind == WP_EVENT_TASK)
        bench.tasks_told++;
    else if (event->kind == WP_EVENT_JOINED)
        bench.joins_told++;
    else if (event->kind == WP_EVENT_RETRY)
        bench.retries_told++;
}

static inline int bench_set_up(void **state)
{
    (void)state;
    fake_new();
    memset(&bench, 0, sizeof bench);
    /* In memory where that is possible: every record is synced, and death is tried at thousands of instants.
     */
    (void)wp_text_copy(bench.folder, sizeof bench.folder, "/dev/shm/wanprep-job-XXXXXX");
    if (!mkdtemp(bench.folder)) {
        (void)wp_text_copy(bench.folder, sizeof bench.folder, "/tmp/wanprep-job-XXXXXX");
        if (!mkdtemp(bench.folder))
            return -1;
    }
    (void)wp_text_format(bench.image, sizeof bench.image, "%s/person.JPG", bench.folder);
    (void)wp_text_format(bench.video, sizeof bench.video, "%s/dance.mp4", bench.folder);
    (void)wp_text_format(bench.out, sizeof bench.out, "%s/out", bench.folder);
    bench_write(bench.image, "the bytes of an image");
    bench_write(bench.video, "the bytes of a video");
    bench.request = WP_JOB_REQUEST_DEFAULTS;
    bench.request.image = bench.image;
    bench.request.video = bench.video;
    bench.options.output_dir = bench.out;
    bench.options.event = bench_event;
    return 0;
}

static int bench_remove(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)info;
    (void)type;
    (void)walk;
    return remove(path);
}

static inline int bench_tear_down(void **state)
{
    (void)state;
    return nftw(bench.folder, bench_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* One run, as a process of its own would make it: with a new client. */
static inline enum wp_status bench_run(void)
{
    struct wp_client *client = NULL;
    struct wp_client_options options = {
        .api_key = FAKE_KEY, .base_url = FAKE_BASE, .interrupted = bench_interrupted};
    memset(&bench.error, 0, sizeof bench.error);
    enum wp_status status = wp_client_new(&client, &options, &bench.error);
    if (status == WP_OK && bench.slow_create_ms > 0)
        wp_limiter_slow(client->limiter, WP_LIMIT_CREATE, bench.slow_create_ms, &fake_clock);
    if (status == WP_OK)
        status =
            wp_job_run_with(&bench.result, client, &bench.request, &bench.options, &fake_clock, &bench.error);
    wp_client_free(client);
    return status;
}

/* Whether the result's file is what the service serves, byte by byte. */
static inline bool bench_video_is_whole(void)
{
    FILE *file = fopen(bench.result.video_path, "rbe");
    if (!file)
        return false;
    uint64_t at = 0;
    bool same = true;
    for (int c; (c = fgetc(file)) != EOF; at++)
        same = same && c == fake_byte(at);
    (void)fclose(file);
    return same && at == FAKE_RESULT_BYTES;
}

/* How many files below the output folder end so. */
static inline unsigned bench_count(const char *subfolder, const char *ending)
{
    char path[256];
    unsigned count = 0;
    (void)wp_text_format(path, sizeof path, "%s/aliyun-wan-animate-move/%s", bench.out, subfolder);
    DIR *folder = opendir(path);
    if (!folder)
        return 0;
    for (const struct dirent *entry; (entry = readdir(folder));)
        count += wp_text_ends(entry->d_name, ending);
    (void)closedir(folder);
    return count;
}

/* Whether the text stands in any file below the folder. */
static const char *bench_needle;
static bool bench_found;

static int bench_grep(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)walk;
    if (type != FTW_F || info->st_size <= 0)
        return 0;
    FILE *file = fopen(path, "rbe");
    char *bytes = malloc((size_t)info->st_size);
    if (!file || !bytes)
        abort();
    size_t len = fread(bytes, 1, (size_t)info->st_size, file);
    bench_found = bench_found || memmem(bytes, len, bench_needle, strlen(bench_needle));
    free(bytes);
    return fclose(file);
}

static inline bool bench_contains(const char *below, const char *needle)
{
    char path[256];
    (void)wp_text_format(path, sizeof path, "%s/aliyun-wan-animate-move/%s", bench.out, below);
    bench_needle = needle;
    bench_found = false;
    (void)nftw(path, bench_grep, 16, FTW_PHYS);
    bench_needle = NULL;
    return bench_found;
}

#endif
