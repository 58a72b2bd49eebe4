#include "job/client.h"

#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/sha256.h"
#include "base/text.h"
#include "dashscope/request.h"

#include "base/banned.h"

static enum wp_status set_texts(struct wp_client *client, const struct wp_client_options *options,
                                struct wp_error *error)
{
    struct wp_headers headers = {0};
    const char *workspace = options->workspace ? options->workspace : "";
    if (!options->api_key || !options->api_key[0])
        return wp_fail(error, WP_NO_KEY, "client", "there is no API key");
    bool ok = wp_text_copy(client->api_key, sizeof client->api_key, options->api_key) &&
              wp_text_copy(client->workspace, sizeof client->workspace, workspace) &&
              wp_headers_set(&headers, WP_CALL_QUERY, client->api_key, *workspace ? workspace : NULL, false);
    wp_headers_wipe(&headers);
    if (!ok)
        return wp_fail(
            error, WP_USAGE, "client",
            "the API key or the workspace id is over %zu bytes long, or holds blanks or other bytes "
            "that no header may hold; look for a line break that was copied along",
            sizeof client->api_key - 1);
    return WP_OK;
}

/* What the service counts together goes by the service and the key; neither is told by a hash. */
static enum wp_status open_limiter(struct wp_client *client, const struct wp_client_options *options,
                                   struct wp_error *error)
{
    struct wp_buf text = wp_buf_new(1024);
    (void)wp_buf_add_format(&text, "%s\n%s", client->endpoint.base_url, client->api_key);
    enum wp_status status = text.failed != WP_OK ? wp_fail_nomem(error, "client")
                                                 : wp_sha256_text(client->account, wp_buf_text(&text), error);
    if (text.data)
        explicit_bzero(text.data, text.cap);
    wp_buf_free(&text);
    return status == WP_OK ? wp_limiter_open(&client->limiter, options->limiter_dir, client->account,
                                             &options->log, error)
                           : status;
}

enum wp_status wp_client_new(struct wp_client **out, const struct wp_client_options *options,
                             struct wp_error *error)
{
    *out = NULL;
    struct wp_client *client = wp_calloc(1, sizeof *client);
    if (!client)
        return wp_fail_nomem(error, "client");
    enum wp_status status = wp_endpoint_set(&client->endpoint, options->base_url, options->region, error);
    if (status == WP_OK)
        status = set_texts(client, options, error);
    if (status == WP_OK)
        status = open_limiter(client, options, error);
    if (status != WP_OK) {
        wp_client_free(client);
        return status;
    }
    client->interrupted = options->interrupted;
    client->interrupted_user = options->interrupted_user;
    client->log = options->log;
    *out = client;
    return WP_OK;
}

enum wp_status wp_client_clone(struct wp_client **out, const struct wp_client *client, struct wp_error *error)
{
    *out = wp_malloc(sizeof **out);
    if (!*out)
        return wp_fail_nomem(error, "client");
    **out = *client;
    (*out)->session = NULL;
    (*out)->limiter = wp_limiter_share(client->limiter);
    return WP_OK;
}

void wp_client_free(struct wp_client *client)
{
    if (!client)
        return;
    wp_http_session_free(client->session);
    wp_limiter_free(client->limiter);
    explicit_bzero(client->api_key, sizeof client->api_key);
    wp_free(client);
}

enum wp_status wp_client_session(struct wp_client *client, struct wp_http_session **out,
                                 struct wp_error *error)
{
    enum wp_status status = WP_OK;
    if (!client->session)
        status = wp_http_session_new(&client->session, &client->log, error);
    *out = client->session;
    return status;
}

bool wp_client_interrupted(const struct wp_client *client)
{
    return client->interrupted && client->interrupted(client->interrupted_user);
}
