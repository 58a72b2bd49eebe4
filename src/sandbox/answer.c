#include "sandbox/answer.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

#include "base/banned.h"

enum { MAX_BODY = 512 << 20 };

struct sb_answer sb_answer_new(void)
{
    return (struct sb_answer){.status = 200, .body = wp_buf_new(MAX_BODY)};
}

void sb_answer_free(struct sb_answer *answer)
{
    wp_buf_free(&answer->body);
}

void sb_answer_clear(struct sb_answer *answer)
{
    struct wp_buf body = answer->body;
    wp_buf_clear(&body);
    *answer = sb_answer_new();
    answer->body = body;
}

void sb_answer_header(struct sb_answer *answer, const char *name, const char *format, ...)
{
    assert(answer->header_count < sizeof answer->headers / sizeof answer->headers[0]);
    size_t i = answer->header_count++;
    answer->headers[i].name = name;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(answer->headers[i].value, sizeof answer->headers[i].value, format, args);
    va_end(args);
}

struct wp_json_writer sb_answer_json(struct sb_answer *answer)
{
    answer->status = 200;
    answer->type = "application/json";
    struct wp_json_writer writer = wp_json_writer_new(&answer->body, 0);
    wp_json_begin_object(&writer, NULL);
    return writer;
}

void sb_answer_json_end(struct sb_answer *answer, struct wp_json_writer *writer, const char *request_id)
{
    wp_json_put_text(writer, "request_id", request_id);
    wp_json_end_object(writer);
    if (answer->body.failed) {
        sb_answer_clear(answer);
        answer->status = 500;
    }
}

static void add_escaped(struct wp_buf *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '<':
            wp_buf_add_text(out, "&lt;");
            break;
        case '>':
            wp_buf_add_text(out, "&gt;");
            break;
        case '&':
            wp_buf_add_text(out, "&amp;");
            break;
        default:
            wp_buf_add(out, text, 1);
        }
    }
}

static void refuse_xml(struct sb_answer *answer, const char *code, const char *message, const char *id)
{
    answer->type = "application/xml";
    wp_buf_add_text(&answer->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n  <Code>");
    add_escaped(&answer->body, code);
    wp_buf_add_text(&answer->body, "</Code>\n  <Message>");
    add_escaped(&answer->body, message);
    wp_buf_add_format(&answer->body, "</Message>\n  <RequestId>%s</RequestId>\n</Error>\n", id);
}

static void refuse_json(struct sb_answer *answer, const char *code, const char *message, const char *id)
{
    answer->type = "application/json";
    struct wp_json_writer writer = wp_json_writer_new(&answer->body, 0);
    wp_json_begin_object(&writer, NULL);
    wp_json_put_text(&writer, "code", code);
    wp_json_put_text(&writer, "message", message);
    wp_json_put_text(&writer, "request_id", id);
    wp_json_end_object(&writer);
}

void sb_refuse(struct sb_answer *answer, const struct sb_request *request, unsigned status, const char *code,
               const char *format, ...)
{
    char message[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    sb_answer_clear(answer);
    answer->status = status;
    (sb_endpoint_is_storage(request->endpoint) ? refuse_xml : refuse_json)(answer, code, message,
                                                                           request->id);
}

void sb_answer_html(struct sb_answer *answer, unsigned status, const char *reason)
{
    sb_answer_clear(answer);
    answer->status = status;
    answer->type = "text/html";
    wp_buf_add_format(
        &answer->body,
        "<html>\r\n<head><title>%u %s</title></head>\r\n<body>\r\n<center><h1>%u %s</h1></center>\r\n"
        "<hr><center>gateway</center>\r\n</body>\r\n</html>\r\n",
        status, reason, status, reason);
}

const char *sb_answer_bytes(const struct sb_answer *answer, size_t *len)
{
    *len = answer->bytes ? answer->len : answer->body.len;
    return answer->bytes ? answer->bytes : wp_buf_text(&answer->body);
}
