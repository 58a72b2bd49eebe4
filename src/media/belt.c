#include "media/belt.h"

#include <pthread.h>
#include <signal.h>

#include "base/alloc.h"

#include "base/banned.h"

/* So many pictures are ahead of the one that is looked at. */
enum { ROOM = 2 };

struct wp_belt {
    wp_belt_fn *make;
    void *make_user;
    wp_picture_fn *take;
    void *user;
    bool is_alone; /* one thread does both */

    pthread_mutex_t lock; /* of all below */
    pthread_cond_t changed;
    struct wp_small_picture pictures[ROOM]; /* owned: number i is at i % ROOM */
    size_t put, taken;                      /* how many were */
    bool is_made;                           /* there will be no more */
    bool is_unwanted;                       /* take has ended it */
    enum wp_status made, ended;             /* what make and take returned */
};

static void take_one(struct wp_belt *belt, struct wp_small_picture *picture)
{
    belt->ended = belt->take(belt->user, picture);
    wp_free(picture->rgb);
    picture->rgb = NULL;
}

bool wp_belt_put(struct wp_belt *belt, struct wp_small_picture *picture)
{
    if (belt->is_alone) {
        take_one(belt, picture);
        return belt->ended == WP_OK;
    }
    (void)pthread_mutex_lock(&belt->lock);
    while (belt->put - belt->taken == ROOM && !belt->is_unwanted)
        (void)pthread_cond_wait(&belt->changed, &belt->lock);
    bool is_wanted = !belt->is_unwanted;
    if (is_wanted)
        belt->pictures[belt->put++ % ROOM] = *picture;
    else
        wp_free(picture->rgb);
    picture->rgb = NULL;
    (void)pthread_cond_broadcast(&belt->changed);
    (void)pthread_mutex_unlock(&belt->lock);
    return is_wanted;
}

static void *make_all(void *user)
{
    struct wp_belt *belt = user;
    enum wp_status made = belt->make(belt, belt->make_user);
    (void)pthread_mutex_lock(&belt->lock);
    belt->made = made;
    belt->is_made = true;
    (void)pthread_cond_broadcast(&belt->changed);
    (void)pthread_mutex_unlock(&belt->lock);
    return NULL;
}

static void take_all(struct wp_belt *belt)
{
    (void)pthread_mutex_lock(&belt->lock);
    for (;;) {
        while (belt->put == belt->taken && !belt->is_made)
            (void)pthread_cond_wait(&belt->changed, &belt->lock);
        if (belt->put == belt->taken)
            break;
        struct wp_small_picture picture = belt->pictures[belt->taken % ROOM];
        bool is_wanted = !belt->is_unwanted;
        (void)pthread_mutex_unlock(&belt->lock);
        if (is_wanted)
            take_one(belt, &picture);
        wp_free(picture.rgb);
        (void)pthread_mutex_lock(&belt->lock);
        belt->taken++;
        belt->is_unwanted = belt->ended != WP_OK;
        (void)pthread_cond_broadcast(&belt->changed);
    }
    (void)pthread_mutex_unlock(&belt->lock);
}

/* Signals are the business of the caller's threads. */
static bool start(pthread_t *thread, struct wp_belt *belt)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    bool is_started = pthread_create(thread, NULL, make_all, belt) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return is_started;
}

enum wp_status wp_belt_run(wp_belt_fn *make, void *make_user, wp_picture_fn *take, void *user)
{
    struct wp_belt belt = {.make = make, .make_user = make_user, .take = take, .user = user};
    pthread_t thread;
    (void)pthread_mutex_init(&belt.lock, NULL);
    (void)pthread_cond_init(&belt.changed, NULL);
    if (start(&thread, &belt)) {
        take_all(&belt);
        (void)pthread_join(thread, NULL);
    } else {
        belt.is_alone = true;
        belt.made = make(&belt, make_user);
    }
    (void)pthread_cond_destroy(&belt.changed);
    (void)pthread_mutex_destroy(&belt.lock);
    return belt.ended != WP_OK ? belt.ended : belt.made;
}
