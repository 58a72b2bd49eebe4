#include "job/evidence.h"

#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "json/json.h"

#include "base/banned.h"

#define LINE_CEILING ((size_t)256 * 1024)
#define BODY_CEILING ((size_t)32 * 1024)

/* A JSON body without its secrets, as text onto out. It is parsed and written anew first, since an escape
 * (\u0026 for &) could hide a secret's name from the redaction. False: it is no JSON, or memory is out. */
static bool redact_json(struct wp_buf *out, const char *body, size_t len)
{
    struct wp_json *document = wp_json_parse(body, len);
    bool ok = document && wp_json_print(document, out);
    wp_json_free(document);
    if (ok) {
        wp_redact(out->data);
        out->len = strlen(out->data);
    }
    return ok;
}

/* The body as JSON where it is that, else the beginning of it as text. */
static void put_body(struct wp_json_writer *writer, const char *body, size_t len)
{
    struct wp_buf text = wp_buf_new(LINE_CEILING / 2);
    struct wp_json *clean = NULL;
    if (len <= BODY_CEILING && redact_json(&text, body, len))
        clean = wp_json_parse(text.data, text.len);
    if (clean) {
        wp_json_put_value(writer, "body", clean);
    } else {
        wp_buf_clear(&text);
        (void)wp_buf_add(&text, body, len < BODY_CEILING ? len : BODY_CEILING);
        if (text.data)
            wp_redact(text.data);
        wp_json_put_text(writer, "body", wp_buf_text(&text));
        wp_json_put_integer(writer, "body_bytes", (int64_t)len);
    }
    wp_json_free(clean);
    wp_buf_free(&text);
}

static struct wp_json_writer begin_line(const struct wp_evidence *evidence, struct wp_buf *line,
                                        const char *event, const char *kind, const char *name)
{
    char now[32];
    wp_clock_format_utc(now, evidence->clock->wall_ms(evidence->clock->user));
    struct wp_json_writer writer = wp_json_writer_new(line, 0);
    wp_json_begin_object(&writer, NULL);
    wp_json_put_text(&writer, "time", now);
    wp_json_put_text(&writer, "event", event);
    wp_json_put_text(&writer, kind, name);
    return writer;
}

static void end_line(struct wp_evidence *evidence, struct wp_json_writer *writer, struct wp_buf *line)
{
    struct wp_error why = {.message = "out of memory, or the line is too long"};
    wp_json_end_object(writer);
    (void)wp_buf_add_text(line, "\n");
    if ((line->failed != WP_OK || wp_file_append(evidence->log_path, line->data, line->len, false, &why)) &&
        !evidence->complained) {
        evidence->complained = true;
        wp_log_line(evidence->log, WP_LOG_WARN, "job", "the log of this task is not complete: %s",
                    why.message);
    }
    wp_buf_free(line);
}

void wp_evidence_request(struct wp_evidence *evidence, const char *name, const char *method, const char *url,
                         const char *body, size_t body_len)
{
    if (!evidence || !evidence->log_path[0])
        return;
    struct wp_buf line = wp_buf_new(LINE_CEILING), address = wp_buf_new(8192);
    struct wp_json_writer writer = begin_line(evidence, &line, "request", "call", name);
    if (wp_buf_add_text(&address, url))
        wp_redact(address.data);
    wp_json_put_text(&writer, "method", method);
    wp_json_put_text(&writer, "url", wp_buf_text(&address));
    if (body)
        put_body(&writer, body, body_len);
    end_line(evidence, &writer, &line);
    wp_buf_free(&address);
}

void wp_evidence_answer(struct wp_evidence *evidence, const char *name, const struct wp_http_answer *answer,
                        const struct wp_error *failure)
{
    if (!evidence || !evidence->log_path[0])
        return;
    static const char *const stages[] = {"not sent", "sent", "answered"};
    struct wp_buf line = wp_buf_new(LINE_CEILING);
    struct wp_json_writer writer = begin_line(evidence, &line, "answer", "call", name);
    wp_json_put_text(&writer, "stage", stages[answer->stage]);
    if (answer->status)
        wp_json_put_integer(&writer, "status", answer->status);
    if (failure) {
        char message[sizeof failure->message];
        (void)wp_text_copy(message, sizeof message, failure->message);
        wp_redact(message);
        wp_json_put_text(&writer, "error", message);
    }
    if (answer->retry_after[0])
        wp_json_put_text(&writer, "retry_after", answer->retry_after);
    if (answer->sink_bytes)
        wp_json_put_integer(&writer, "received_bytes", (int64_t)answer->sink_bytes);
    if (answer->peer[0])
        wp_json_put_text(&writer, "peer", answer->peer);
    wp_json_put_integer(&writer, "elapsed_ms", answer->elapsed_ms);
    if (answer->body.len)
        put_body(&writer, answer->body.data, answer->body.len);
    end_line(evidence, &writer, &line);
}

void wp_evidence_note(struct wp_evidence *evidence, const char *about, const char *message)
{
    if (!evidence->log_path[0])
        return;
    struct wp_buf line = wp_buf_new(LINE_CEILING);
    struct wp_json_writer writer = begin_line(evidence, &line, "note", "about", about);
    wp_json_put_text(&writer, "message", message);
    end_line(evidence, &writer, &line);
}

/* Under a temporary name of its own, not a random one: the lock of the job keeps others away, and what a kill
 * left there is overwritten by the next run instead of lying about for ever. */
static enum wp_status write_whole(const char *path, const struct wp_buf *text, struct wp_error *error)
{
    char part[WP_PATH_SIZE];
    (void)wp_text_format(part, sizeof part, "%s.part", path);
    (void)unlink(part);
    enum wp_status status = wp_file_append(part, text->data, text->len, true, error);
    if (status == WP_OK)
        status = wp_file_rename(part, path, error);
    if (status != WP_OK)
        (void)unlink(part);
    return status;
}

enum wp_status wp_evidence_keep_answer(const char *path, const char *body, size_t len, struct wp_error *error)
{
    struct wp_buf text = wp_buf_new((size_t)4 * 1024 * 1024);
    enum wp_status status;
    if (!redact_json(&text, body, len) || !wp_buf_add_text(&text, "\n"))
        status = wp_fail_nomem(error, "evidence"); /* the caller has read this body as JSON before */
    else
        status = write_whole(path, &text, error);
    wp_buf_free(&text);
    return status;
}
