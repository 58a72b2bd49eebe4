#include "sandbox/books.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

#include "base/banned.h"

enum {
    MAX_KEPT_BODY = 16 * 1024,
    MAX_KEPT_HEADERS = 32 * 1024,
    MAX_KEPT_TEXT = 256 * 1024,
    MIN_KEY = 6, /* shorter ones would blot out ordinary words */
};

struct sb_entry {
    char *text; /* owned: target, headers (one a line) and body, each with its NUL */
    size_t headers, body;
    int64_t at_ms; /* monotonic */
    char method[12];
    const char *fault; /* the rule, of the configuration; NULL: none */
    enum sb_endpoint endpoint;
    unsigned status; /* 0: no answer was sent */
    bool key_elsewhere;
};

struct sb_books sb_books_new(size_t keep)
{
    return (struct sb_books){.keep = keep};
}

void sb_books_free(struct sb_books *books)
{
    for (size_t i = 0; i < books->recorded && i < books->keep && books->ring; i++)
        wp_free(books->ring[i].text);
    wp_free(books->ring);
    books->ring = NULL;
}

/* Overwrites every occurrence of key with '*'. */
static bool blot(struct wp_buf *text, size_t from, const char *key)
{
    bool found = false;
    size_t len = key ? strlen(key) : 0;
    if (len < MIN_KEY || text->failed)
        return false;
    for (char *p = text->data + from; (p = memmem(p, text->len - (size_t)(p - text->data), key, len));
         p += len) {
        memset(p, '*', len);
        found = true;
    }
    return found;
}

static void add_header(void *user, const char *name, const char *value)
{
    struct wp_buf *text = user;
    if (text->len + strlen(name) + strlen(value) > MAX_KEPT_HEADERS)
        return;
    bool secret = wp_text_equal_nocase(name, "Authorization");
    wp_buf_add_format(text, "%s: %s\n", name, secret ? "***" : value);
}

/* A form is kept as its fields' names, one a line: their values sign, and the file's bytes are not kept. */
static void add_body(struct wp_buf *text, const struct sb_request *request)
{
    if (request->form) {
        for (size_t i = 0; i < request->form->count; i++)
            wp_buf_add_format(text, "%s\n", request->form->fields[i].name);
    } else {
        size_t len = request->body.len < MAX_KEPT_BODY ? request->body.len : MAX_KEPT_BODY;
        wp_buf_add(text, wp_buf_text(&request->body), len);
    }
}

void sb_books_record(struct sb_books *books, const struct sb_request *request, const struct sb_answer *answer,
                     const char *api_key, const struct sb_fault *fault)
{
    if (books->keep == 0)
        return;
    if (!books->ring)
        books->ring = wp_calloc(books->keep, sizeof *books->ring);
    if (!books->ring)
        return;
    struct sb_entry entry = {.endpoint = request->endpoint,
                             .at_ms = request->now_ms,
                             .status = answer->delivery == SB_SEND_NOTHING ? 0 : answer->status};
    struct wp_buf text = wp_buf_new(MAX_KEPT_TEXT);
    wp_buf_add(&text, request->target, strlen(request->target) + 1);
    entry.headers = text.len;
    sb_request_each_header(request, add_header, &text);
    wp_buf_add(&text, "", 1);
    entry.body = text.len;
    add_body(&text, request);
    wp_buf_add(&text, "", 1);

    const char *presented = sb_request_header(request, "Authorization");
    if (presented && wp_text_starts(presented, "Bearer "))
        presented += strlen("Bearer ");
    bool leaked = blot(&text, 0, presented);
    entry.key_elsewhere = blot(&text, 0, api_key) || leaked;
    (void)wp_text_copy(entry.method, sizeof entry.method, request->method);
    entry.fault = fault ? fault->rule : NULL;
    if (text.failed) {
        wp_buf_free(&text);
        return;
    }
    entry.text = wp_buf_take(&text);
    struct sb_entry *slot = &books->ring[books->recorded++ % books->keep];
    wp_free(slot->text);
    *slot = entry;
}

/* Writes the lines of text as an array. */
static void put_lines(struct wp_json_writer *writer, const char *name, const char *lines)
{
    wp_json_begin_array(writer, name);
    while (*lines) {
        char line[4096];
        size_t len = strcspn(lines, "\n");
        (void)wp_text_format(line, sizeof line, "%.*s", (int)len, lines);
        wp_json_put_text(writer, NULL, line);
        lines += len + (lines[len] == '\n');
    }
    wp_json_end_array(writer);
}

static void put_entry(struct wp_json_writer *writer, const struct sb_entry *entry)
{
    wp_json_begin_object(writer, NULL);
    wp_json_put_integer(writer, "at_ms", entry->at_ms);
    wp_json_put_text(writer, "endpoint", sb_endpoint_name(entry->endpoint));
    wp_json_put_text(writer, "method", entry->method);
    wp_json_put_text(writer, "target", entry->text);
    put_lines(writer, "headers", entry->text + entry->headers);
    if (entry->endpoint == SB_UPLOAD)
        put_lines(writer, "fields", entry->text + entry->body);
    else
        wp_json_put_text(writer, "body", entry->text + entry->body);
    wp_json_put_bool(writer, "key_elsewhere", entry->key_elsewhere);
    if (entry->status)
        wp_json_put_integer(writer, "status", entry->status);
    else
        wp_json_put_null(writer, "status");
    if (entry->fault)
        wp_json_put_text(writer, "fault", entry->fault);
    wp_json_end_object(writer);
}

void sb_books_put(const struct sb_books *books, struct wp_json_writer *writer)
{
    wp_json_begin_array(writer, "requests");
    size_t first = books->recorded > books->keep ? books->recorded - books->keep : 0;
    for (size_t i = first; i < books->recorded; i++)
        put_entry(writer, &books->ring[i % books->keep]);
    wp_json_end_array(writer);
}
