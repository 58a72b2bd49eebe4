#include "net/loop.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/alloc.h"
#include "base/error.h"
#include "net/transfer.h"

#include "base/banned.h"

enum {
    TICK_MS = 250, /* how long at most a request does not look whether it is interrupted */
    IDLE_MS = 60000,
    MAX_CONNECTIONS = 32, /* that are kept for later requests */
};

/* A request that somebody waits for; on the stack of who does. */
struct entry {
    CURL *easy;
    CURLcode code;
    bool done;
    pthread_cond_t ended;
    struct entry *next;
};

struct wp_http_loop {
    CURLM *multi; /* touched by the thread alone, but for its wakeup */
    pthread_t thread;
    atomic_size_t owners;
    struct entry *running; /* of the thread alone */
    pthread_mutex_t lock;  /* of all below, and of what an entry came to */
    struct entry *fresh;
    bool stop;
};

static void end(struct wp_http_loop *loop, struct entry *entry, CURLcode code)
{
    (void)pthread_mutex_lock(&loop->lock);
    entry->code = code;
    entry->done = true;
    (void)pthread_cond_signal(&entry->ended);
    (void)pthread_mutex_unlock(&loop->lock); /* the entry may be gone from here on */
}

static void begin(struct wp_http_loop *loop, struct entry *entry)
{
    if (curl_multi_add_handle(loop->multi, entry->easy) != CURLM_OK) {
        end(loop, entry, CURLE_OUT_OF_MEMORY);
        return;
    }
    entry->next = loop->running;
    loop->running = entry;
}

/* Ends the request of that handle, or all where it is NULL. */
static void finish(struct wp_http_loop *loop, const CURL *easy, CURLcode code)
{
    for (struct entry **link = &loop->running; *link;) {
        struct entry *entry = *link;
        if (easy && entry->easy != easy) {
            link = &entry->next;
            continue;
        }
        *link = entry->next;
        (void)curl_multi_remove_handle(loop->multi, entry->easy);
        end(loop, entry, code);
    }
}

/* Takes what is new. False: the loop is to end. */
static bool take(struct wp_http_loop *loop)
{
    (void)pthread_mutex_lock(&loop->lock);
    struct entry *fresh = loop->fresh;
    loop->fresh = NULL;
    bool stop = loop->stop;
    (void)pthread_mutex_unlock(&loop->lock);
    while (fresh) {
        struct entry *entry = fresh;
        fresh = entry->next;
        begin(loop, entry);
    }
    return !stop;
}

static void turn(struct wp_http_loop *loop)
{
    int left = 0;
    CURLMcode code = curl_multi_perform(loop->multi, &left);
    for (CURLMsg *message; (message = curl_multi_info_read(loop->multi, &left));) {
        if (message->msg == CURLMSG_DONE)
            finish(loop, message->easy_handle, message->data.result);
    }
    if (code == CURLM_OK)
        code = curl_multi_poll(loop->multi, NULL, 0, loop->running ? TICK_MS : IDLE_MS, NULL);
    if (code != CURLM_OK) /* out of memory, as everything else is ruled out */
        finish(loop, NULL, CURLE_OUT_OF_MEMORY);
}

static void *loop_main(void *user)
{
    struct wp_http_loop *loop = user;
    while (take(loop))
        turn(loop);
    return NULL;
}

/* Signals are for the threads of the program. */
static bool start_thread(struct wp_http_loop *loop)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&loop->thread, NULL, loop_main, loop) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

enum wp_status wp_http_loop_new(struct wp_http_loop **out, struct wp_error *error)
{
    *out = NULL;
    struct wp_http_loop *loop = wp_calloc(1, sizeof *loop);
    if (loop && wp_net_init())
        loop->multi = curl_multi_init();
    if (!loop || !loop->multi)
        goto fail;
    (void)curl_multi_setopt(loop->multi, CURLMOPT_MAXCONNECTS, (long)MAX_CONNECTIONS);
    (void)pthread_mutex_init(&loop->lock, NULL);
    loop->owners = 1;
    if (!start_thread(loop)) {
        (void)pthread_mutex_destroy(&loop->lock);
        goto fail;
    }
    *out = loop;
    return WP_OK;
fail:
    if (loop)
        (void)curl_multi_cleanup(loop->multi);
    wp_free(loop);
    return wp_fail_nomem(error, "net");
}

struct wp_http_loop *wp_http_loop_share(struct wp_http_loop *loop)
{
    atomic_fetch_add(&loop->owners, 1);
    return loop;
}

void wp_http_loop_free(struct wp_http_loop *loop)
{
    if (!loop || atomic_fetch_sub(&loop->owners, 1) > 1)
        return;
    assert(!pthread_equal(pthread_self(), loop->thread));
    (void)pthread_mutex_lock(&loop->lock);
    assert(!loop->fresh);
    loop->stop = true;
    (void)curl_multi_wakeup(loop->multi);
    (void)pthread_mutex_unlock(&loop->lock);
    (void)pthread_join(loop->thread, NULL);
    assert(!loop->running);
    (void)curl_multi_cleanup(loop->multi);
    (void)pthread_mutex_destroy(&loop->lock);
    wp_free(loop);
}

CURLcode wp_http_loop_perform(struct wp_http_loop *loop, CURL *easy)
{
    struct entry entry = {.easy = easy};
    assert(!pthread_equal(pthread_self(), loop->thread));
    (void)pthread_cond_init(&entry.ended, NULL);
    (void)pthread_mutex_lock(&loop->lock);
    entry.next = loop->fresh;
    loop->fresh = &entry;
    (void)curl_multi_wakeup(loop->multi);
    while (!entry.done)
        (void)pthread_cond_wait(&entry.ended, &loop->lock);
    (void)pthread_mutex_unlock(&loop->lock);
    (void)pthread_cond_destroy(&entry.ended);
    return entry.code;
}
