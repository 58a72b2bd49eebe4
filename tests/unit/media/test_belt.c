/* Pictures that one thread makes and another takes. */
#include "unit/test.h"

#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "media/belt.h"

#include "base/banned.h"

/* What is made, and what came. */
struct work {
    size_t count;           /* pictures to make */
    enum wp_status made;    /* what making ends with */
    size_t refused;         /* the picture of that number ends it all; 0: none */
    size_t put, taken;      /* how many were wanted, and how many came */
    bool was_told;          /* that no more are wanted */
    pthread_t maker, taker; /* who did it */
};

static enum wp_status make(struct wp_belt *belt, void *user)
{
    struct work *work = user;
    work->maker = pthread_self();
    for (size_t i = 0; i < work->count; i++) {
        struct wp_small_picture picture = {(double)i, 1, 1, wp_malloc(3)};
        assert_non_null(picture.rgb);
        memset(picture.rgb, (int)i, 3);
        bool is_wanted = wp_belt_put(belt, &picture);
        assert_null(picture.rgb); /* it is the belt's */
        if (!is_wanted) {
            work->was_told = true;
            break;
        }
        work->put++;
    }
    return work->made;
}

static enum wp_status take(void *user, const struct wp_small_picture *picture)
{
    struct work *work = user;
    work->taker = pthread_self();
    assert_true(picture->time_s == (double)work->taken);
    assert_int_equal(picture->rgb[2], work->taken);
    work->taken++;
    return work->taken == work->refused ? WP_INPUT : WP_OK;
}

static void all_come_in_their_order(void **state)
{
    (void)state;
    for (size_t count = 0; count < 50; count++) {
        struct work work = {.count = count};
        assert_int_equal(wp_belt_run(make, &work, take, &work), WP_OK);
        assert_int_equal(work.taken, count);
        assert_int_equal(work.put, count);
        assert_false(pthread_equal(work.maker, pthread_self()));
        if (count)
            assert_true(pthread_equal(work.taker, pthread_self()));
    }
}

/* Making ends soon after: what lies on the belt already is not taken. */
static void who_takes_may_end_it(void **state)
{
    (void)state;
    for (size_t refused = 1; refused <= 20; refused++) {
        struct work work = {.count = 1000, .refused = refused};
        assert_int_equal(wp_belt_run(make, &work, take, &work), WP_INPUT);
        assert_int_equal(work.taken, refused);
        assert_true(work.was_told);
        assert_in_range(work.put, refused, refused + 2);
    }
}

static void who_makes_may_fail(void **state)
{
    (void)state;
    for (size_t count = 0; count < 20; count++) {
        struct work work = {.count = count, .made = WP_NOMEM};
        assert_int_equal(wp_belt_run(make, &work, take, &work), WP_NOMEM);
        assert_int_equal(work.taken, count); /* what was made before counts */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_come_in_their_order),
        cmocka_unit_test(who_takes_may_end_it),
        cmocka_unit_test(who_makes_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
