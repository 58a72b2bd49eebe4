/* The distinct inputs of pairs: against the plainest way of finding them. */
#include "unit/test.h"

#include <stdio.h>
#include <string.h>

#include "preflight/inputs.h"

static const char *location(const struct wp_pair *pair, bool is_image)
{
    return is_image ? pair->image : pair->video;
}

/* The first and the last pair that name what pair `of` names, by looking at all. */
static void assert_input(const struct wp_inputs *inputs, const struct wp_pair *pairs, size_t count, size_t of,
                         bool is_image)
{
    size_t index = is_image ? inputs->pairs[of].image : inputs->pairs[of].video;
    const char *name = location(&pairs[of], is_image);
    if (!name) {
        assert_true(index == WP_NO_INPUT);
        return;
    }
    assert_true(index < inputs->count);
    const struct wp_input *input = &inputs->items[index];
    assert_string_equal(input->location, name);
    assert_int_equal(input->is_image, is_image);
    size_t first = count, last = 0;
    for (size_t i = 0; i < count; i++) {
        const char *other = location(&pairs[i], is_image);
        if (!other || strcmp(other, name) != 0)
            continue;
        first = first == count ? i : first;
        last = i;
    }
    assert_int_equal(input->first_pair, first);
    assert_int_equal(input->last_pair, last);
}

static void assert_inputs(const struct wp_pair *pairs, size_t count, size_t distinct)
{
    struct wp_inputs inputs;
    assert_int_equal(wp_inputs_find(&inputs, pairs, count, NULL), WP_OK);
    assert_int_equal(inputs.count, distinct);
    for (size_t i = 0; i < count; i++) {
        assert_input(&inputs, pairs, count, i, true);
        assert_input(&inputs, pairs, count, i, false);
    }
    for (size_t i = 1; i < inputs.count; i++)
        assert_true(inputs.items[i - 1].first_pair <= inputs.items[i].first_pair);
    wp_inputs_free(&inputs);
}

static void few(void **state)
{
    (void)state;
    static const struct wp_pair one[] = {{"a", "b"}}, same_name[] = {{"a", "a"}},
                                alone[] = {{"a", NULL}, {NULL, "a"}},
                                repeated[] = {{"a", "x"}, {"b", "x"}, {"a", "y"}, {"b", "x"}, {"c", NULL}};
    assert_inputs(one, COUNT(one), 2);
    assert_inputs(same_name, COUNT(same_name), 2);
    assert_inputs(alone, COUNT(alone), 2);
    assert_inputs(repeated, COUNT(repeated), 5);
}

static void matrix(void **state)
{
    (void)state;
    enum { IMAGES = 13, VIDEOS = 17 };
    static char names[IMAGES + VIDEOS][8];
    struct wp_pair pairs[IMAGES * VIDEOS];
    for (int i = 0; i < IMAGES + VIDEOS; i++)
        snprintf(names[i], sizeof names[i], "%d", i * 7919 % 100);
    for (int i = 0; i < IMAGES * VIDEOS; i++)
        pairs[i] = (struct wp_pair){names[i / VIDEOS], names[IMAGES + i % VIDEOS]};
    assert_inputs(pairs, COUNT(pairs), IMAGES + VIDEOS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few),
        cmocka_unit_test(matrix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
