#include "sandbox/storage.h"

#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/text.h"
#include "sandbox/grow.h"

#include "base/banned.h"

#define OBJECT_LIFETIME_MS (INT64_C(48) * 3600 * 1000)

struct sb_storage sb_storage_new(void)
{
    return (struct sb_storage){0};
}

void sb_storage_free(struct sb_storage *storage)
{
    for (size_t i = 0; i < storage->object_count; i++)
        wp_free(storage->objects[i].key);
    wp_free(storage->objects);
    wp_free(storage->policies);
    *storage = sb_storage_new();
}

const struct sb_policy *sb_storage_issue(struct sb_storage *storage, int64_t now_ms, int64_t wall_ms,
                                         int64_t lifetime_ms)
{
    struct sb_policy *policies = sb_grow(storage->policies, storage->policy_count, &storage->policy_cap,
                                         SB_MAX_POLICIES, sizeof *policies);
    if (!policies)
        return NULL;
    storage->policies = policies;
    struct sb_policy *policy = &storage->policies[storage->policy_count++];
    char first[33], second[33], day[32], id[SB_UUID_SIZE];
    /* '+', '/' and '=' stand in real policies and signatures too: a client that escapes them is found out */
    wp_random_hex(first, sizeof first);
    wp_random_hex(second, sizeof second);
    (void)wp_text_format(policy->token, sizeof policy->token, "eyJ%s+/%s==", first, second);
    wp_random_hex(first, 14);
    wp_random_hex(second, 13);
    (void)wp_text_format(policy->signature, sizeof policy->signature, "%s+%s/=", first, second);
    wp_random_hex(first, sizeof first);
    wp_clock_format_utc(day, wall_ms);
    sb_uuid(id);
    (void)wp_text_format(policy->upload_dir, sizeof policy->upload_dir, "dashscope-instant/%s/%.10s/%s",
                         first, day, id);
    policy->expires_ms = now_ms + lifetime_ms;
    return policy;
}

const struct sb_policy *sb_storage_policy(const struct sb_storage *storage, const char *token)
{
    for (size_t i = storage->policy_count; i-- > 0;) {
        if (strcmp(storage->policies[i].token, token) == 0)
            return &storage->policies[i];
    }
    return NULL;
}

const struct sb_object *sb_storage_find(const struct sb_storage *storage, const char *key, int64_t now_ms)
{
    for (size_t i = storage->object_count; i-- > 0;) {
        const struct sb_object *object = &storage->objects[i];
        if (strcmp(object->key, key) == 0)
            return now_ms - object->stored_ms < OBJECT_LIFETIME_MS ? object : NULL;
    }
    return NULL;
}

bool sb_storage_store(struct sb_storage *storage, const char *key, const struct sb_form *form, int64_t now_ms)
{
    struct sb_object *objects = sb_grow(storage->objects, storage->object_count, &storage->object_cap,
                                        SB_MAX_OBJECTS, sizeof *objects);
    if (!objects)
        return false;
    storage->objects = objects;
    char *copy = wp_strdup(key);
    if (!copy)
        return false;
    struct sb_object *object = &storage->objects[storage->object_count++];
    *object = (struct sb_object){.key = copy, .bytes = form->bytes, .stored_ms = now_ms};
    (void)wp_text_copy(object->sha256, sizeof object->sha256, form->sha256);
    return true;
}
