/*
 * The inside of a batch: items that move between bounded stages, and who moves them.
 *
 * A job of a batch is a small item; its record stays in the store. Each stage is a queue of items and a few
 * threads, the hands. A hand takes an item up (which locks the job), takes one step of the job if that step
 * is of its stage, and puts the item where its next step is done. An item is always in one place: in a queue,
 * in a hand, among those that wait for a time, or gone. An item keeps the lock of its job from when it is
 * first taken up to when it is at rest.
 */
#ifndef WP_BATCH_CREW_H
#define WP_BATCH_CREW_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "batch/forecast.h"
#include "batch/idset.h"
#include "batch/ledger.h"
#include "batch/memory.h"
#include "job/step.h"
#include "net/loop.h"
#include "wanprep/batch.h"

/* What an item that waits is waiting for. */
enum wp_wait {
    WP_WAIT_LOOK,      /* its task: the next look at it */
    WP_WAIT_RETRY,     /* what failed and may pass */
    WP_WAIT_ELSEWHERE, /* another holder of its job */
    WP_WAIT_COOLING,   /* it came to rest unfinished, and is not to be claimed again at once */
};

/* One after the other on the way of a job. */
enum wp_stage_kind {
    WP_STAGE_BEGIN, /* takes jobs up, and uploads */
    WP_STAGE_SUBMIT,
    WP_STAGE_LOOK,
    WP_STAGE_FETCH,
    WP_STAGES,
};

struct wp_item {
    struct wp_item *next; /* in a queue */
    size_t index;
    wp_job_id job_id;
    char task_id[128];
    struct wp_lock lock; /* of the job; not held before it was taken up */
    struct wp_course course;
    enum wp_mode mode;
    double seconds;    /* that the result is expected to have */
    uint64_t reserved; /* in the ledger */
    enum wp_wait wait;
    enum wp_stage_kind stage; /* where it goes when it is due */
    int64_t due_ms;           /* while it waits; monotonic */
    int64_t watched_ms;       /* since when its task is waited for; monotonic; 0: it is not */
    int64_t submitted_ms;     /* wall clock */
    bool joined;
    bool in_flight; /* taken up, and not at rest */
    bool forecast;  /* in the forecast */
};

struct wp_stage {
    struct wp_item *first, *last;
    size_t count; /* in the queue */
    size_t busy;  /* in hands */
};

/* A thread of a stage, or (without a thread) who plans. */
struct wp_hand {
    struct wp_batch *batch;
    enum wp_stage_kind stage;
    struct wp_client *client; /* owned */
    struct wp_job *job;       /* owned */
    struct wp_job_options options;
    const struct wp_item *item; /* at hand: events are told with its index */
    pthread_t thread;
    bool started;
};

struct wp_batch {
    struct wp_batch_options options;
    struct wp_client *client; /* borrowed */
    struct wp_site site;
    struct wp_http_loop *loop; /* NULL: not begun */
    struct wp_hand *hands;     /* hands[0] plans */
    size_t hand_count;
    pthread_t watcher;
    bool watching;
    struct wp_client *watcher_client; /* owned */
    bool works;                       /* takes what it finds in the store: what rests unfinished cools down */
    struct wp_idset counted;          /* the planner's alone, as is the next */
    struct wp_memory memory;
    pthread_mutex_t telling; /* one callback at a time */
    pthread_mutex_t mutex;   /* of all that follows */
    pthread_cond_t changed;
    struct wp_stage stages[WP_STAGES];
    struct wp_item **waiting;
    size_t waiting_count, waiting_cap;
    size_t swept; /* waiting, but out of there while a list is asked for */
    size_t live;  /* not at rest */
    size_t in_flight;
    size_t done, failed;
    struct wp_ledger ledger;
    struct wp_forecast forecast;
    bool stopped; /* nothing more is submitted */
    bool over;    /* the threads are to end */
};

/* queue.c: where items are. */

/* A new item. NULL: WP_NOMEM. */
struct wp_item *wp_crew_item(size_t index, struct wp_error *error);
/* A job of the store becomes an item. Money: what it costs was agreed to when it was planned. */
struct wp_item *wp_crew_item_of(struct wp_batch *batch, const struct wp_job_record *record, size_t index,
                                struct wp_error *error);
/* Puts an item that was added or claimed where its way begins; it is live from now. */
void wp_crew_admit(struct wp_batch *batch, struct wp_item *item, enum wp_stage_kind stage);
/* Whether an item that waits is to go on now; under the mutex. */
bool wp_crew_is_due(const struct wp_batch *batch, const struct wp_item *item, int64_t now_ms);
/* Puts an item into the queue of a stage. */
void wp_crew_put(struct wp_batch *batch, struct wp_item *item, enum wp_stage_kind stage);
/* Waits for an item of a stage, and gives it into a hand; NULL: the batch is over. */
struct wp_item *wp_crew_take(struct wp_batch *batch, enum wp_stage_kind kind);
/* The hand has let go of the item that it took. */
void wp_crew_let_go(struct wp_batch *batch, enum wp_stage_kind stage);
/* Has an item wait. False: memory is out. */
bool wp_crew_park(struct wp_batch *batch, struct wp_item *item, enum wp_wait wait, int64_t due_ms);
/* Has an item wait, and then go to a stage; where memory is out, at once: early is better than never. */
void wp_crew_put_off(struct wp_batch *batch, struct wp_item *item, enum wp_wait wait,
                     enum wp_stage_kind stage, int64_t due_ms);
/* The same for the next look at its task, or until it has waited as long as it may. */
void wp_crew_put_off_look(struct wp_batch *batch, struct wp_item *item);
/* Any item, out of a queue or out of the waiting, of a batch whose threads have ended; NULL: none is left. */
struct wp_item *wp_crew_left_over(struct wp_batch *batch);

/* hand.c */

/* Where the way of a job begins. Only what has no task yet stands in line for a place; what is over is told
 * by those who look. */
enum wp_stage_kind wp_crew_first_stage(const struct wp_batch *batch, const struct wp_job_record *record);

/* Whether there is no further step of the job at hand. */
bool wp_crew_is_over(const struct wp_hand *hand);
/* Makes the hands, without threads. */
enum wp_status wp_hands_make(struct wp_batch *batch, struct wp_error *error);
/* Starts the threads of all hands but the first. */
enum wp_status wp_hands_start(struct wp_batch *batch, struct wp_error *error);
/* Ends the threads and frees the hands. */
void wp_hands_join(struct wp_batch *batch);
void wp_hands_free(struct wp_batch *batch);
/* Starts a thread that takes no signals. */
bool wp_crew_start_thread(pthread_t *out, void *(*run)(void *user), void *user);
/* A client for a thread: on the loop of the batch. */
enum wp_status wp_crew_client(struct wp_client **out, struct wp_batch *batch, struct wp_error *error);

/* rest.c */

/* An item at hand, whose record is at hand, too, is at rest: books the money, tells, gives the job up, frees
 * the item. why may be NULL where status is WP_OK. */
void wp_crew_rest(struct wp_hand *hand, struct wp_item *item, enum wp_status status,
                  const struct wp_error *why);
/* What a job is expected to cost; 0 where there is no price: *known is false then. */
uint64_t wp_crew_price(const struct wp_batch *batch, enum wp_mode mode, double seconds, bool *known);
/* The length that is expected of a job's result. */
double wp_crew_seconds(const struct wp_batch *batch, const struct wp_job_record *record);

/* watch.c: the thread that watches tasks and times. */
void *wp_crew_watch(void *user); /* the batch */

#endif
