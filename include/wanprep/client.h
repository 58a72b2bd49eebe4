/*
 * The client: where the service is, and with which key it is spoken to.
 */
#ifndef WANPREP_CLIENT_H
#define WANPREP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "wanprep/limits.h"
#include "wanprep/log.h"
#include "wanprep/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Reads a setting, as getenv() does: the library itself reads no environment. NULL: not set. */
typedef const char *wp_getenv_fn(void *user, const char *name);

/** An API key and where it was found. Wipe it with wp_credentials_wipe() when it has been used. */
struct wp_credentials {
    char api_key[256];
    char origin[512]; /**< for people, e.g. "DASHSCOPE_API_KEY" or "/home/me/.dashscope/api_key"; never the
                         key */
};

/**
 * Finds the API key: DASHSCOPE_API_KEY; the file named by DASHSCOPE_API_KEY_FILE_PATH; dashscope_api_key in
 * ~/.alibabacloud/credentials (section from ALIBABA_CLOUD_PROFILE, else ALICLOUD_PROFILE, else "default");
 * ~/.dashscope/api_key. The home folder is HOME of get. Order and places are those of the service's own SDK.
 *
 * Fails with WP_NO_KEY (the message lists where it was looked for), WP_INPUT (a file that is named but cannot
 * be read, or holds no usable key) or WP_NOMEM.
 */
WP_API enum wp_status wp_credentials_find(struct wp_credentials *out, wp_getenv_fn *get, void *user,
                                          struct wp_error *error);

/** What is known of an error code of the service. Static storage. */
struct wp_service_code {
    const char *code;    /**< as the catalogue has it: with '.' at its end it stands for all that begin so */
    const char *meaning; /**< for people, e.g. "an input is not within the limits" */
    const char *advice;  /**< one sentence or two: what to do */
    bool retry;          /**< the same request may succeed later */
};

/** Looks a code up: exactly, else by its beginning. False, and *out untouched, if it is not known. */
WP_API bool wp_service_code_find(struct wp_service_code *out, const char *code);

/** All codes that are known, one after the other from index 0. False behind the last. */
WP_API bool wp_service_code_at(struct wp_service_code *out, size_t index);

/** Overwrites the key in memory. NULL is fine. */
WP_API void wp_credentials_wipe(struct wp_credentials *credentials);

/** True when work should stop soon; called often and from within waits. */
typedef bool wp_interrupted_fn(void *user);

/** How to reach the service. Strings are copied by wp_client_new(). */
struct wp_client_options {
    const char *api_key;  /**< required */
    const char *base_url; /**< NULL: the region's, e.g. https://dashscope.aliyuncs.com/api/v1 */
    enum wp_region region;
    const char *workspace; /**< sent as X-DashScope-WorkSpace; NULL: none */
    /**
     * A folder, private to the user, in which all processes that use the same key keep to the service's rate
     * limits together: made if only its last part is missing. Where it cannot be used, or is NULL, this
     * client keeps to them alone.
     */
    const char *limiter_dir;
    wp_interrupted_fn *interrupted; /**< NULL: never */
    void *interrupted_user;
    struct wp_log log;
};

/** A client. One thread at a time. */
struct wp_client;

/**
 * Makes a client; nothing is sent. *out is freed with wp_client_free(). Fails with WP_USAGE (a base URL that
 * is no https URL, or plain http to a host that is not loopback; a key with bytes that no header may hold),
 * WP_NOMEM.
 */
WP_API enum wp_status wp_client_new(struct wp_client **out, const struct wp_client_options *options,
                                    struct wp_error *error);

/** Frees a client and wipes its key. NULL is fine. */
WP_API void wp_client_free(struct wp_client *client);

#ifdef __cplusplus
}
#endif
#endif
