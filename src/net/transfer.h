/* A request under way: what libcurl calls back into. */
#ifndef WP_NET_TRANSFER_H
#define WP_NET_TRANSFER_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/http.h"
#include "net/url.h"

struct wp_transfer {
    CURL *easy; /* borrowed from the session */
    const struct wp_http_request *request;
    struct wp_http_answer *answer;
    const struct wp_log *log;
    struct wp_url url;
    struct wp_form_part *form; /* see net/form.c */
    curl_mime *mime;
    struct curl_slist *headers;
    bool may_be_sent;   /* the request was let go: from here on bytes of it may have left */
    bool tunnelled;     /* through a proxy's CONNECT */
    bool began;         /* the first byte of the answer came */
    bool headers_ended; /* with the empty line */
    bool body_began;
    int64_t begin_us;         /* of wp_clock_now_us() */
    enum wp_status stopped;   /* why a callback ended it; WP_OK: none did */
    enum wp_http_fault fault; /* with stopped */
    char reason[256];         /* a clause for people, with stopped */
    long stall_s;             /* 0: no such limit */
    char curl_says[CURL_ERROR_SIZE];
};

/** Initialises libcurl with the first call. */
bool wp_net_init(void);

/** Tells the handle all of the request. False: out of memory, or libcurl does not know something that
 * protects. */
bool wp_transfer_set_options(struct wp_transfer *transfer);

/** As curl_easy_perform(), on the loop. */
CURLcode wp_http_loop_perform(struct wp_http_loop *loop, CURL *easy);

/** Points the handle's callbacks to transfer. */
void wp_transfer_attach(struct wp_transfer *transfer);

/** Copies what the headers say into the answer. Done by itself before the first byte of the body. */
void wp_transfer_take_headers(struct wp_transfer *transfer);

/** Notes why it ends; the first reason stays. */
void wp_transfer_stop(struct wp_transfer *transfer, enum wp_status status, enum wp_http_fault fault,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));

/** Logs the conversation at level debug; no bodies, no secrets. */
void wp_transfer_trace(struct wp_transfer *transfer);

/** Makes the multipart body of the request; freed with wp_form_free(). False: out of memory. */
bool wp_form_make(struct wp_transfer *transfer);
void wp_form_free(struct wp_transfer *transfer);

#endif
