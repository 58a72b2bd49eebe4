#include "batch/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/text.h"
#include "job/client.h"
#include "job/job.h"

#include "base/banned.h"

/* FNV-1a, with the NUL, so that "ab" and "c" are not "a" and "bc". */
static uint64_t add(uint64_t hash, const char *text)
{
    do
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
    while (*text++);
    return hash;
}

static uint64_t name_of(const struct wp_job_record *record)
{
    return add(add(0xcbf29ce484222325u, record->image), record->video);
}

static int compare(const void *a, const void *b)
{
    const struct wp_trace *one = a, *other = b;
    return one->name < other->name ? -1 : one->name > other->name;
}

/* One that memory is out for is not remembered. */
static bool note(void *user, const struct wp_job_record *record)
{
    struct wp_memory *memory = user;
    if (record->state != WP_JOB_DONE || !wp_record_has_inputs(record))
        return true;
    if (memory->count == memory->cap) {
        size_t cap = memory->cap ? 2 * memory->cap : 256;
        struct wp_trace *traces = wp_realloc(memory->traces, cap * sizeof *traces);
        if (!traces)
            return false;
        memory->traces = traces;
        memory->cap = cap;
    }
    struct wp_trace *trace = &memory->traces[memory->count++];
    trace->name = name_of(record);
    memcpy(trace->job_id, record->job_id, sizeof trace->job_id);
    return true;
}

static void fill(struct wp_memory *memory, const struct wp_site *site)
{
    memory->filled = true;
    (void)wp_store_each(site->store, WP_STORE_ALL, note, memory, NULL);
    if (memory->count > 1)
        qsort(memory->traces, memory->count, sizeof *memory->traces, compare);
}

/* ctime: also of a file that was put in place of another, whatever its mtime says. */
static bool is_unchanged(const char *location, int64_t since_ms)
{
    struct stat info;
    if (!wp_job_is_local(location))
        return true;
    return stat(location, &info) == 0 &&
           (int64_t)info.st_ctim.tv_sec * 1000 + info.st_ctim.tv_nsec / 1000000 < since_ms;
}

static bool is_there(const char *video)
{
    struct stat info;
    return stat(video, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0;
}

static bool is_same(const struct wp_job_record *wanted, const struct wp_job_record *record)
{
    return record->state == WP_JOB_DONE && strcmp(wanted->image, record->image) == 0 &&
           strcmp(wanted->video, record->video) == 0 && wanted->mode == record->mode &&
           wanted->watermark == record->watermark && wanted->check_image == record->check_image &&
           strcmp(wanted->base_url, record->base_url) == 0 &&
           is_unchanged(record->image, record->created_ms) &&
           is_unchanged(record->video, record->created_ms) && is_there(record->video_path);
}

/* Some names have the same hash, and some pairs several jobs. */
static bool find(const struct wp_memory *memory, const struct wp_site *site,
                 const struct wp_job_record *wanted, struct wp_job_record *out)
{
    const struct wp_trace key = {.name = name_of(wanted)};
    if (memory->count == 0)
        return false;
    const struct wp_trace *trace = bsearch(&key, memory->traces, memory->count, sizeof key, compare);
    while (trace && trace > memory->traces && trace[-1].name == key.name)
        trace--;
    for (; trace && trace < memory->traces + memory->count && trace->name == key.name; trace++) {
        bool found = false;
        if (wp_store_find_job(site->store, trace->job_id, out, &found, NULL) == WP_OK && found &&
            is_same(wanted, out))
            return true;
    }
    return false;
}

bool wp_memory_find(struct wp_memory *memory, const struct wp_site *site, const struct wp_client *client,
                    const struct wp_job_request *request, struct wp_job_record *out)
{
    struct wp_job_record *wanted = wp_calloc(1, sizeof *wanted);
    if (!wanted)
        return false;
    if (!memory->filled)
        fill(memory, site);
    wanted->mode = request->mode;
    wanted->watermark = request->watermark;
    wanted->check_image = request->check_image;
    (void)wp_text_copy(wanted->base_url, sizeof wanted->base_url, client->endpoint.base_url);
    bool found = request->image && request->video && wp_job_locate(wanted->image, request->image) &&
                 wp_job_locate(wanted->video, request->video) && find(memory, site, wanted, out);
    wp_free(wanted);
    return found;
}

void wp_memory_free(struct wp_memory *memory)
{
    wp_free(memory->traces);
    *memory = (struct wp_memory){0};
}
