/*
 * What both backends of the store promise: the same tests for each. A program defines contract_new(), which
 * makes contract.location name a store that is empty, contract_end(), and contract_mourn(), after which the
 * locks of a process that was killed may be taken.
 */
#ifndef TEST_STORE_CONTRACT_H
#define TEST_STORE_CONTRACT_H

#include "unit/test.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "store/store.h"

static struct {
    char location[256];
} contract;

static int contract_new(void);
static int contract_end(void);
static void contract_mourn(void);

static int contract_set_up(void **state)
{
    (void)state;
    return contract_new();
}

static int contract_tear_down(void **state)
{
    (void)state;
    return contract_end();
}

static struct wp_store *open_store(void)
{
    struct wp_store *store = NULL;
    struct wp_error error = {0};
    if (wp_store_open(&store, contract.location, &error) != WP_OK)
        fail_msg("%s", error.message);
    return store;
}

/* Every field differs from its neighbours and from zero, so that a column read into the wrong field is seen.
 */
static struct wp_job_record full_record(void)
{
    struct wp_job_record record;
    memset(&record, 0, sizeof record);
    (void)wp_text_copy(record.job_id, sizeof record.job_id, "0123456789abcdef0123456789abcdef");
    (void)wp_text_copy(record.key, sizeof record.key, "feed");
    record.state = WP_JOB_SUBMITTED;
    (void)wp_text_copy(record.image, sizeof record.image, "/in/it's \"quoted\"; DROP TABLE jobs;--.jpg");
    (void)wp_text_copy(record.video, sizeof record.video, "/in/\xe8\xa7\x86\xe9\xa2\x91.mp4");
    (void)wp_text_copy(record.image_sha256, sizeof record.image_sha256, "aaaa");
    (void)wp_text_copy(record.video_sha256, sizeof record.video_sha256, "bbbb");
    (void)wp_text_copy(record.image_url, sizeof record.image_url, "oss://dir/a.jpg");
    (void)wp_text_copy(record.video_url, sizeof record.video_url, "oss://dir/b.mp4");
    record.uploaded_ms = 11;
    record.mode = WP_MODE_PRO;
    record.watermark = true;
    record.check_image = true;
    (void)wp_text_copy(record.base_url, sizeof record.base_url, "https://example.com/api/v1");
    record.submit_started_ms = INT64_MAX;
    record.submit_last_ms = 12;
    record.submit_service_clock = true;
    record.creates = 2;
    record.submitted_ms = INT64_MIN;
    (void)wp_text_copy(record.task_id, sizeof record.task_id, "task-1");
    (void)wp_text_copy(record.request_id, sizeof record.request_id, "request-1");
    (void)wp_text_copy(record.task_status, sizeof record.task_status, "RUNNING");
    (void)wp_text_copy(record.result_url, sizeof record.result_url, "https://r/x?Signature=%2B");
    (void)wp_text_copy(record.result_etag, sizeof record.result_etag, "\"etag\"");
    (void)wp_text_copy(record.video_path, sizeof record.video_path, "/out/v.mp4");
    (void)wp_text_copy(record.code, sizeof record.code, "Code");
    (void)wp_text_copy(record.message, sizeof record.message, "words");
    record.has_billed_seconds = true;
    record.billed_seconds = 5.2;
    record.created_ms = 21;
    record.updated_ms = 22;
    record.has_predicted_seconds = true;
    record.predicted_seconds = 0.1;
    record.scheduled_ms = 31;
    record.ended_ms = 32;
    record.expires_ms = 33;
    record.width = 704;
    record.height = 1258;
    record.frame_rate = 29.97;
    record.duration = 1.0 / 3.0;
    return record;
}

static void assert_same(const struct wp_job_record *a, const struct wp_job_record *b)
{
    /* Both were zeroed whole before they were filled, so padding and the bytes behind texts agree too. */
    assert_memory_equal(a, b, sizeof *a);
}

static void put_with(struct wp_store *store, const char *job_id, const char *task_id,
                     enum wp_job_state job_state, int64_t created_ms, enum wp_status expected)
{
    struct wp_job_record record = full_record();
    (void)wp_text_copy(record.job_id, sizeof record.job_id, job_id);
    (void)wp_text_copy(record.task_id, sizeof record.task_id, task_id);
    record.state = job_state;
    record.created_ms = created_ms;
    struct wp_error error = {0};
    enum wp_status status = wp_store_put(store, &record, &error);
    if (status != expected)
        fail_msg("put of %s: %d, %s", job_id, (int)status, error.message);
}

/* A job id whose first digits differ from that of other numbers, so that it is good for a lock. */
static void number_id(char out[33], unsigned number)
{
    (void)wp_text_format(out, 33, "%08x000000000000000000000000", number);
}

static void put_number(struct wp_store *store, unsigned number, enum wp_job_state job_state)
{
    char id[33];
    number_id(id, number);
    put_with(store, id, "", job_state, number, WP_OK);
}

static bool has_id(const struct wp_job_record *record, unsigned number)
{
    char id[33];
    number_id(id, number);
    return strcmp(record->job_id, id) == 0;
}

/* A child of which the parent hears when it has come to a point; it ends when it returns, or is killed. */
struct child {
    pid_t pid;
    int from;
};

static struct child child_start(bool (*life)(int to_parent))
{
    struct child child;
    int tell[2];
    assert_int_equal(pipe(tell), 0);
    child.pid = fork();
    assert_true(child.pid >= 0);
    if (child.pid == 0) {
        (void)close(tell[0]);
        _exit(life(tell[1]) ? 0 : 1);
    }
    (void)close(tell[1]);
    child.from = tell[0];
    return child;
}

static void child_wait(struct child *child)
{
    int status = -1;
    assert_int_equal(waitpid(child->pid, &status, 0), child->pid);
    assert_int_equal(status, 0);
    (void)close(child->from);
}

static void child_kill(struct child *child)
{
    assert_int_equal(kill(child->pid, SIGKILL), 0);
    assert_int_equal(waitpid(child->pid, NULL, 0), child->pid);
    (void)close(child->from);
}

static void test_put_survives_reopening(void **state)
{
    (void)state;
    struct wp_job_record record = full_record(), read;
    bool found = false;
    struct wp_store *store = open_store();
    assert_int_equal(wp_store_put(store, &record, NULL), WP_OK);
    wp_store_close(store);

    store = open_store();
    assert_int_equal(wp_store_find_job(store, record.job_id, &read, &found, NULL), WP_OK);
    assert_true(found);
    assert_same(&read, &record);
    assert_int_equal(wp_store_find_task(store, "task-1", &read, &found, NULL), WP_OK);
    assert_true(found);
    assert_same(&read, &record);
    assert_int_equal(wp_store_find_job(store, "nobody", &read, &found, NULL), WP_OK);
    assert_false(found);
    wp_store_close(store);
}

static void test_put_replaces(void **state)
{
    (void)state;
    struct wp_store *store = open_store();
    struct wp_job_record record = full_record(), read;
    bool found = false;
    assert_int_equal(wp_store_put(store, &record, NULL), WP_OK);
    record.state = WP_JOB_DONE;
    memset(record.task_id, 0, sizeof record.task_id);
    assert_int_equal(wp_store_put(store, &record, NULL), WP_OK);
    assert_int_equal(wp_store_find_job(store, record.job_id, &read, &found, NULL), WP_OK);
    assert_true(found);
    assert_same(&read, &record);
    assert_int_equal(wp_store_find_task(store, "", &read, &found, NULL), WP_OK);
    assert_false(found); /* "" is nobody's task id */
    wp_store_close(store);
}

static void test_texts_that_fill_their_fields(void **state)
{
    (void)state;
    struct wp_store *store = open_store();
    struct wp_job_record record = full_record(), read;
    bool found = false;
    memset(record.image, 'a', sizeof record.image - 1);
    memset(record.result_url, 'b', sizeof record.result_url - 1);
    memset(record.job_id, 'c', sizeof record.job_id - 1);
    assert_int_equal(wp_store_put(store, &record, NULL), WP_OK);
    assert_int_equal(wp_store_find_job(store, record.job_id, &read, &found, NULL), WP_OK);
    assert_true(found);
    assert_same(&read, &record);
    wp_store_close(store);
}

static void test_key_finds_the_newest_live_record(void **state)
{
    (void)state;
    struct wp_store *store = open_store();
    struct wp_job_record read;
    bool found = true;
    put_with(store, "1", "", WP_JOB_REJECTED, 1, WP_OK);
    put_with(store, "2", "", WP_JOB_FAILED, 2, WP_OK);
    put_with(store, "3", "", WP_JOB_CANCELED, 3, WP_OK);
    put_with(store, "4", "", WP_JOB_EXPIRED, 4, WP_OK);
    assert_int_equal(wp_store_find_key(store, "feed", &read, &found, NULL), WP_OK);
    assert_false(found);
    put_with(store, "6", "", WP_JOB_DONE, 6, WP_OK);
    put_with(store, "5", "", WP_JOB_UNCERTAIN, 5, WP_OK);
    assert_int_equal(wp_store_find_key(store, "feed", &read, &found, NULL), WP_OK);
    assert_true(found);
    assert_string_equal(read.job_id, "6");
    assert_int_equal(wp_store_find_key(store, "other", &read, &found, NULL), WP_OK);
    assert_false(found);
    wp_store_close(store);
}

static void test_a_task_has_one_owner(void **state)
{
    (void)state;
    struct wp_store *store = open_store();
    put_with(store, "1", "task", WP_JOB_SUBMITTED, 1, WP_OK);
    put_with(store, "2", "", WP_JOB_SUBMITTING, 2, WP_OK);
    put_with(store, "3", "", WP_JOB_SUBMITTING, 3, WP_OK); /* no task id is no conflict */
    put_with(store, "2", "task", WP_JOB_SUBMITTED, 2, WP_OUTPUT);
    put_with(store, "2", "task2", WP_JOB_SUBMITTED, 2, WP_OK); /* the store goes on after a refusal */
    wp_store_close(store);
}

struct seen {
    char ids[64];
    size_t count, stop;
    struct wp_store *touch; /* put into from within */
};

static bool see(void *user, const struct wp_job_record *record)
{
    struct seen *seen = user;
    if (seen->count < sizeof seen->ids - 1)
        seen->ids[seen->count] = record->job_id[0];
    seen->count++;
    if (seen->touch)
        assert_int_equal(wp_store_put(seen->touch, record, NULL), WP_OK);
    return seen->count != seen->stop;
}

static struct seen see_all(struct wp_store *store, enum wp_store_filter filter)
{
    struct seen seen = {.stop = 0};
    assert_int_equal(wp_store_each(store, filter, see, &seen, NULL), WP_OK);
    return seen;
}

static void test_each_goes_from_new_to_old(void **state)
{
    (void)state;
    struct wp_store *store = open_store();
    assert_int_equal(see_all(store, WP_STORE_ALL).count, 0);
    put_with(store, "1", "", WP_JOB_DONE, 5, WP_OK);
    put_with(store, "2", "", WP_JOB_DONE, 7, WP_OK);
    put_with(store, "3", "", WP_JOB_DONE, 6, WP_OK);
    put_with(store, "4", "", WP_JOB_DONE, 6, WP_OK); /* in the same instant: by the order they came in */
    assert_string_equal(see_all(store, WP_STORE_ALL).ids, "2431");
    struct seen two = {.stop = 2};
    assert_int_equal(wp_store_each(store, WP_STORE_ALL, see, &two, NULL), WP_OK);
    assert_string_equal(two.ids, "24");
    struct seen touching = {.touch = store};
    assert_int_equal(wp_store_each(store, WP_STORE_ALL, see, &touching, NULL), WP_OK);
    assert_string_equal(touching.ids, "2431");
    wp_store_close(store);
}

/* The letter is 'a' plus the number of the state. */
static void test_filters(void **state)
{
    (void)state;
    struct wp_store *store = open_store();
    for (int job_state = WP_JOB_PLANNED; job_state <= WP_JOB_UNCERTAIN; job_state++)
        put_with(store, (char[]){(char)('a' + job_state), '\0'}, "", (enum wp_job_state)job_state, job_state,
                 WP_OK);
    put_with(store, "z", "", WP_JOB_SUBMITTING, 1, WP_OK);
    assert_string_equal(see_all(store, WP_STORE_ALL).ids, "mlkjihgfedczba");
    assert_string_equal(see_all(store, WP_STORE_UNFINISHED).ids, "abzcdefgm");
    assert_string_equal(see_all(store, WP_STORE_SUBMITTING).ids, "zd");
    put_with(store, "z", "", WP_JOB_DONE, 1, WP_OK);
    assert_string_equal(see_all(store, WP_STORE_SUBMITTING).ids, "d");
    wp_store_close(store);
}

static void test_each_sees_every_row_of_many(void **state)
{
    (void)state;
    struct wp_store *store = open_store();
    for (unsigned i = 0; i < 450; i++)
        put_number(store, i, i % 3 ? WP_JOB_DONE : WP_JOB_PLANNED);
    assert_int_equal(see_all(store, WP_STORE_ALL).count, 450);
    assert_int_equal(see_all(store, WP_STORE_UNFINISHED).count, 150);
    struct seen touching = {.touch = store};
    assert_int_equal(wp_store_each(store, WP_STORE_UNFINISHED, see, &touching, NULL), WP_OK);
    assert_int_equal(touching.count, 150);
    wp_store_close(store);
}

#define NAME "0123456789abcdef0123456789abcdef"
#define NEAR "0123456789abcdff0123456789abcdef" /* differs in the 15th digit */

static bool try_lock(struct wp_store *store, struct wp_lock *lock, const char *name)
{
    bool taken = false;
    struct wp_error error = {0};
    if (wp_store_lock(store, name, lock, &taken, &error) != WP_OK)
        fail_msg("%s", error.message);
    assert_int_equal(taken, lock->store != NULL);
    return taken;
}

static void test_one_holder_a_lock(void **state)
{
    (void)state;
    struct wp_store *store = open_store(), *another = open_store();
    struct wp_lock first, second, third, none = {0};
    assert_true(try_lock(store, &first, NAME));
    assert_false(try_lock(store, &second, NAME)); /* also against the same store */
    assert_false(try_lock(another, &second, NAME));
    assert_true(try_lock(another, &third, NEAR));
    wp_store_unlock(&first);
    assert_true(try_lock(another, &second, NAME));
    assert_false(try_lock(store, &first, NAME));
    wp_store_unlock(&second);
    wp_store_unlock(&second); /* releasing twice is fine */
    wp_store_unlock(&none);
    assert_true(try_lock(store, &first, NAME));
    wp_store_unlock(&first);
    wp_store_unlock(&third);
    wp_store_close(another);
    wp_store_close(store);
}

static void test_a_closed_store_holds_no_lock(void **state)
{
    (void)state;
    struct wp_store *store = open_store(), *another = open_store();
    struct wp_lock lock;
    assert_true(try_lock(store, &lock, NAME));
    wp_store_close(store);
    assert_true(try_lock(another, &lock, NAME));
    wp_store_unlock(&lock);
    wp_store_close(another);
}

static void test_many_locks_at_a_time(void **state)
{
    (void)state;
    enum { MANY = 1100 }; /* more than a process has file descriptors */
    struct wp_store *store = open_store();
    struct wp_lock *locks = calloc(MANY, sizeof *locks), again;
    assert_non_null(locks);
    for (unsigned i = 0; i < MANY; i++) {
        char name[33];
        number_id(name, i);
        assert_true(try_lock(store, &locks[i], name));
    }
    assert_false(try_lock(store, &again, locks[MANY / 2].name));
    for (unsigned i = 0; i < MANY; i++)
        wp_store_unlock(&locks[i]);
    char name[33];
    number_id(name, MANY / 2);
    assert_true(try_lock(store, &again, name));
    wp_store_unlock(&again);
    free(locks);
    wp_store_close(store);
}

static bool hold_for_ever(int to_parent)
{
    struct wp_store *store = open_store();
    struct wp_lock lock;
    bool taken = try_lock(store, &lock, NAME);
    if (write(to_parent, &taken, sizeof taken) != sizeof taken)
        return false;
    for (;;)
        (void)pause();
}

static void test_a_killed_holder_leaves_no_lock(void **state)
{
    (void)state;
    bool taken = false;
    struct wp_lock lock;
    struct child child = child_start(hold_for_ever);
    assert_int_equal(read(child.from, &taken, sizeof taken), sizeof taken);
    assert_true(taken);
    struct wp_store *store = open_store();
    assert_false(try_lock(store, &lock, NAME));
    child_kill(&child);
    contract_mourn();
    assert_true(try_lock(store, &lock, NAME));
    wp_store_unlock(&lock);
    wp_store_close(store);
}

static bool claim(struct wp_store *store, struct wp_job_record *record, struct wp_lock *lock)
{
    bool found = false;
    struct wp_error error = {0};
    if (wp_store_claim(store, record, lock, &found, &error) != WP_OK)
        fail_msg("%s", error.message);
    assert_int_equal(found, lock->store != NULL);
    return found;
}

static void test_claims_go_from_old_to_new(void **state)
{
    (void)state;
    struct wp_store *store = open_store(), *another = open_store();
    struct wp_job_record record;
    struct wp_lock first, second, third, none;
    assert_false(claim(store, &record, &none));
    for (int job_state = WP_JOB_DONE; job_state <= WP_JOB_UNCERTAIN; job_state++)
        put_number(store, (unsigned)job_state, (enum wp_job_state)job_state); /* for nobody */
    assert_false(claim(store, &record, &none));
    put_number(store, 102, WP_JOB_DOWNLOADING);
    put_number(store, 101, WP_JOB_PLANNED);
    put_number(store, 103, WP_JOB_SUBMITTING);
    assert_true(claim(store, &record, &first));
    assert_true(has_id(&record, 101));
    assert_true(claim(another, &record, &second));
    assert_true(has_id(&record, 102));
    assert_int_equal(record.state, WP_JOB_DOWNLOADING);
    assert_int_equal(record.width, 704); /* it is read whole */
    assert_false(try_lock(another, &none, first.name));
    assert_true(claim(store, &record, &third));
    assert_true(has_id(&record, 103));
    assert_false(claim(store, &record, &none));
    wp_store_unlock(&second);
    assert_true(claim(store, &record, &second));
    assert_true(has_id(&record, 102));
    wp_store_unlock(&first);
    wp_store_unlock(&second);
    wp_store_unlock(&third);
    wp_store_close(another);
    wp_store_close(store);
}

enum { QUEUE = 120 };

/* Claims until there is nothing, brings each job to an end, and tells which they were. */
static bool work(int to_parent)
{
    struct wp_store *store = open_store();
    struct wp_job_record record;
    struct wp_lock lock;
    while (claim(store, &record, &lock)) {
        record.state = WP_JOB_DONE;
        if (wp_store_put(store, &record, NULL) != WP_OK ||
            write(to_parent, &record.created_ms, sizeof record.created_ms) != sizeof record.created_ms)
            return false;
        wp_store_unlock(&lock);
    }
    wp_store_close(store);
    return true;
}

static void test_workers_share_the_queue(void **state)
{
    (void)state;
    struct wp_store *store = open_store();
    for (unsigned i = 0; i < QUEUE; i++)
        put_number(store, i, WP_JOB_PLANNED);
    wp_store_close(store);
    struct child workers[4];
    unsigned times[QUEUE] = {0};
    for (size_t i = 0; i < COUNT(workers); i++)
        workers[i] = child_start(work);
    for (size_t i = 0; i < COUNT(workers); i++) {
        int64_t number;
        while (read(workers[i].from, &number, sizeof number) == sizeof number)
            times[number]++;
        child_wait(&workers[i]);
    }
    for (unsigned i = 0; i < QUEUE; i++)
        assert_int_equal(times[i], 1);
}

/* A child puts records and tells after each that it is durable; it is killed in between. */
static bool put_for_ever(int to_parent)
{
    struct wp_store *store = open_store();
    struct wp_job_record record = full_record();
    for (record.creates = 1;; record.creates++) {
        if (wp_store_put(store, &record, NULL) != WP_OK ||
            write(to_parent, &record.creates, sizeof record.creates) < 0)
            return false;
    }
}

static void test_a_kill_loses_nothing_that_was_put(void **state)
{
    (void)state;
    for (int round = 0; round < 5; round++) {
        struct child child = child_start(put_for_ever);
        int64_t promised = 0;
        for (int i = 0; i < 3 + round * 7; i++)
            assert_int_equal(read(child.from, &promised, sizeof promised), sizeof promised);
        assert_int_equal(kill(child.pid, SIGKILL), 0);
        int64_t later = 0;
        while (read(child.from, &later, sizeof later) == sizeof later)
            promised = later;
        child_kill(&child);

        struct wp_store *store = open_store();
        struct wp_job_record read_back;
        bool found = false;
        assert_int_equal(wp_store_find_job(store, full_record().job_id, &read_back, &found, NULL), WP_OK);
        assert_true(found);
        assert_true(read_back.creates == promised || read_back.creates == promised + 1);
        wp_store_close(store);
    }
}

static bool open_and_put(int to_parent)
{
    (void)to_parent;
    struct wp_store *store = NULL;
    struct wp_job_record record = full_record();
    (void)wp_text_format(record.job_id, sizeof record.job_id, "%ld", (long)getpid());
    record.task_id[0] = '\0';
    bool ok = wp_store_open(&store, contract.location, NULL) == WP_OK &&
              wp_store_put(store, &record, NULL) == WP_OK;
    wp_store_close(store);
    return ok;
}

static void test_many_open_a_new_store_at_once(void **state)
{
    (void)state;
    struct child children[8];
    for (size_t i = 0; i < COUNT(children); i++)
        children[i] = child_start(open_and_put);
    for (size_t i = 0; i < COUNT(children); i++)
        child_wait(&children[i]);
    struct wp_store *store = open_store();
    assert_int_equal(see_all(store, WP_STORE_ALL).count, COUNT(children));
    wp_store_close(store);
}

/* Assertions do not work in threads: each counts what went wrong. */
struct crew {
    struct wp_store *store;
    pthread_mutex_t mutex;
    unsigned started, claimed, wrong;
};

static bool member_step(struct crew *crew, struct wp_job_record *record)
{
    struct wp_lock lock;
    struct seen seen = {.stop = 5};
    bool found = false;
    if (wp_store_claim(crew->store, record, &lock, &found, NULL) != WP_OK)
        return false;
    if (!found)
        return true;
    record->state = WP_JOB_DONE;
    bool ok = wp_store_put(crew->store, record, NULL) == WP_OK &&
              wp_store_each(crew->store, WP_STORE_ALL, see, &seen, NULL) == WP_OK;
    wp_store_unlock(&lock);
    (void)pthread_mutex_lock(&crew->mutex);
    crew->claimed++;
    (void)pthread_mutex_unlock(&crew->mutex);
    return ok;
}

static void *member(void *user)
{
    struct crew *crew = user;
    struct wp_job_record record;
    unsigned wrong = 0;
    for (int i = 0; i < 20; i++)
        wrong += !member_step(crew, &record);
    (void)pthread_mutex_lock(&crew->mutex);
    crew->wrong += wrong;
    (void)pthread_mutex_unlock(&crew->mutex);
    return NULL;
}

static void test_threads_share_a_store(void **state)
{
    (void)state;
    struct crew crew = {.store = open_store(), .mutex = PTHREAD_MUTEX_INITIALIZER};
    pthread_t threads[6];
    for (unsigned i = 0; i < 60; i++)
        put_number(crew.store, i, WP_JOB_PLANNED);
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, member, &crew), 0);
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(crew.wrong, 0);
    assert_int_equal(crew.claimed, 60);
    assert_int_equal(see_all(crew.store, WP_STORE_UNFINISHED).count, 0);
    wp_store_close(crew.store);
}

/* For a child that is to act later: it is made before the parent has a store, because a fork beside the
 * threads of a store may take over a lock of the sanitizers' allocator that nobody opens any more. */
static int gate[2];

static bool put_when_told(int to_parent)
{
    char word;
    return read(gate[0], &word, 1) == 1 && open_and_put(to_parent);
}

static void test_a_wait_ends_when_another_process_puts(void **state)
{
    (void)state;
    assert_int_equal(pipe(gate), 0);
    struct child child = child_start(put_when_told);
    struct wp_store *store = open_store();
    while (wp_store_wait(store, 0))
        ; /* what was before */
    put_number(store, 1, WP_JOB_PLANNED);
    assert_false(wp_store_wait(store, 50)); /* our own is no news */
    assert_int_equal(write(gate[1], "", 1), 1);
    assert_true(wp_store_wait(store, 60000)); /* it ends long before */
    child_wait(&child);
    (void)close(gate[0]);
    (void)close(gate[1]);
    while (wp_store_wait(store, 50))
        ; /* and it is told once, not for ever */
    wp_store_close(store);
}

static void test_locks_are_surely_ours(void **state)
{
    (void)state;
    struct wp_store *store = open_store();
    assert_true(wp_store_sure_ms(store) > 60000); /* longer than a create may take */
    wp_store_close(store);
}

#define CONTRACT(name) cmocka_unit_test_setup_teardown(name, contract_set_up, contract_tear_down)
#define CONTRACT_TESTS                                                                                       \
    CONTRACT(test_put_survives_reopening), CONTRACT(test_put_replaces),                                      \
        CONTRACT(test_texts_that_fill_their_fields), CONTRACT(test_key_finds_the_newest_live_record),        \
        CONTRACT(test_a_task_has_one_owner), CONTRACT(test_each_goes_from_new_to_old),                       \
        CONTRACT(test_filters), CONTRACT(test_each_sees_every_row_of_many),                                  \
        CONTRACT(test_one_holder_a_lock), CONTRACT(test_a_closed_store_holds_no_lock),                       \
        CONTRACT(test_many_locks_at_a_time), CONTRACT(test_a_killed_holder_leaves_no_lock),                  \
        CONTRACT(test_claims_go_from_old_to_new), CONTRACT(test_workers_share_the_queue),                    \
        CONTRACT(test_a_kill_loses_nothing_that_was_put), CONTRACT(test_many_open_a_new_store_at_once),      \
        CONTRACT(test_threads_share_a_store), CONTRACT(test_a_wait_ends_when_another_process_puts),          \
        CONTRACT(test_locks_are_surely_ours)

#endif
