/* What the object storage remembers, and for how long. */
#include "unit/test.h"

#include <string.h>

#include "base/alloc.h"
#include "sandbox/storage.h"

#include "base/banned.h"

#define HOUR_MS (INT64_C(3600) * 1000)

static void objects_live_48_hours(void **state)
{
    (void)state;
    struct sb_storage storage = sb_storage_new();
    struct sb_form *form = wp_calloc(1, sizeof *form);
    assert_non_null(form);
    form->bytes = 7;
    assert_true(sb_storage_store(&storage, "dir/a.jpg", form, 1000));
    const struct sb_object *object = sb_storage_find(&storage, "dir/a.jpg", 1000 + 48 * HOUR_MS - 1);
    assert_non_null(object);
    assert_int_equal(object->bytes, 7);
    assert_null(sb_storage_find(&storage, "dir/a.jpg", 1000 + 48 * HOUR_MS));
    assert_null(sb_storage_find(&storage, "dir/b.jpg", 1000));
    wp_free(form);
    sb_storage_free(&storage);
}

static void every_policy_is_its_own(void **state)
{
    (void)state;
    struct sb_storage storage = sb_storage_new();
    char tokens[100][80];
    for (size_t i = 0; i < COUNT(tokens); i++) {
        const struct sb_policy *policy = sb_storage_issue(&storage, (int64_t)i, 0, 300);
        assert_non_null(policy);
        assert_int_equal(policy->expires_ms, i + 300);
        memcpy(tokens[i], policy->token, sizeof tokens[i]);
    }
    for (size_t i = 0; i < COUNT(tokens); i++) {
        const struct sb_policy *policy = sb_storage_policy(&storage, tokens[i]);
        assert_non_null(policy);
        assert_int_equal(policy->expires_ms, i + 300);
        assert_true(i == 0 || strcmp(policy->upload_dir, storage.policies[0].upload_dir) != 0);
    }
    assert_null(sb_storage_policy(&storage, "other"));
    sb_storage_free(&storage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_live_48_hours),
        cmocka_unit_test(every_policy_is_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
