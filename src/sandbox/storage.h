/* The temporary object storage: the policies issued and the objects uploaded with them. */
#ifndef WP_SANDBOX_STORAGE_H
#define WP_SANDBOX_STORAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sandbox/request.h"
#include "wanprep/facts.h"

enum {
    SB_MAX_POLICIES = 200000,
    SB_MAX_OBJECTS = 200000,
    SB_MAX_KEY = 1024,
};

#define SB_ACCESS_KEY_ID "SANDBOX.AccessKeyId"
#define SB_OBJECT_ACL    "private"

/** An upload policy. What the client gets as `policy` and `signature` are tokens that name it. */
struct sb_policy {
    char token[80];
    char signature[48];
    char upload_dir[128];
    int64_t expires_ms; /**< monotonic */
};

struct sb_object {
    char *key; /**< owned */
    uint64_t bytes;
    wp_sha256_hex sha256;
    int64_t stored_ms; /**< monotonic */
};

struct sb_storage {
    struct sb_policy *policies; /**< owned */
    size_t policy_count, policy_cap;
    struct sb_object *objects; /**< owned; in the order they came */
    size_t object_count, object_cap;
};

struct sb_storage sb_storage_new(void);
void sb_storage_free(struct sb_storage *storage);

/** Issues a policy. NULL: memory or room is out. Borrowed until the next call. */
const struct sb_policy *sb_storage_issue(struct sb_storage *storage, int64_t now_ms, int64_t wall_ms,
                                         int64_t lifetime_ms);

/** The policy of that token; NULL if none was issued. */
const struct sb_policy *sb_storage_policy(const struct sb_storage *storage, const char *token);

/** The object of that key; NULL if there is none, or it is older than its 48 hours. */
const struct sb_object *sb_storage_find(const struct sb_storage *storage, const char *key, int64_t now_ms);

/** Notes an object. False: memory or room is out. */
bool sb_storage_store(struct sb_storage *storage, const char *key, const struct sb_form *form,
                      int64_t now_ms);

#endif
