#include <string.h>

#include "base/alloc.h"
#include "net/transfer.h"

#include "base/banned.h"

/* A file part that is being sent. */
struct wp_form_part {
    struct wp_transfer *transfer;
    const struct wp_http_part *part;
    uint64_t given;
};

/* Exactly the promised number of bytes goes out: the length of the whole body is already in its header. */
static size_t read_part(char *out, size_t size, size_t count, void *user)
{
    struct wp_form_part *state = user;
    uint64_t left = state->part->size - state->given;
    size_t want = size * count < left ? size * count : (size_t)left;
    if (want == 0)
        return 0;
    int64_t got = state->part->read(state->part->user, out, want);
    if (got <= 0 || (uint64_t)got > want) {
        wp_transfer_stop(state->transfer, WP_INPUT, WP_FAULT_STOPPED,
                         got == 0 ? "the file became shorter while it was being sent"
                                  : "the file could not be read while it was being sent");
        return CURL_READFUNC_ABORT;
    }
    state->given += (uint64_t)got;
    return (size_t)got;
}

static bool add_part(struct wp_transfer *transfer, struct wp_form_part *state,
                     const struct wp_http_part *part)
{
    *state = (struct wp_form_part){.transfer = transfer, .part = part};
    curl_mimepart *out = curl_mime_addpart(transfer->mime);
    if (!out || curl_mime_name(out, part->name) != CURLE_OK)
        return false;
    CURLcode code = part->value
                        ? curl_mime_data(out, part->value, CURL_ZERO_TERMINATED)
                        : curl_mime_data_cb(out, (curl_off_t)part->size, read_part, NULL, NULL, state);
    return code == CURLE_OK && (!part->file_name || curl_mime_filename(out, part->file_name) == CURLE_OK) &&
           (!part->content_type || curl_mime_type(out, part->content_type) == CURLE_OK);
}

bool wp_form_make(struct wp_transfer *transfer)
{
    const struct wp_http_request *request = transfer->request;
    transfer->mime = curl_mime_init(transfer->easy);
    transfer->form = wp_calloc(request->part_count, sizeof *transfer->form);
    if (!transfer->mime || !transfer->form)
        return false;
    for (size_t i = 0; i < request->part_count; i++) {
        if (!add_part(transfer, &transfer->form[i], &request->parts[i]))
            return false;
    }
    return true;
}

void wp_form_free(struct wp_transfer *transfer)
{
    curl_mime_free(transfer->mime);
    wp_free(transfer->form);
    transfer->mime = NULL;
    transfer->form = NULL;
}
