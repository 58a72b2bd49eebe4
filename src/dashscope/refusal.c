#include <string.h>

#include "base/text.h"
#include "dashscope/answer.h"
#include "dashscope/fields.h"
#include "json/json.h"

#include "base/banned.h"

static bool take_json(struct wp_service_error *out, const struct wp_json *object)
{
    bool code = wp_field_token(out->code, sizeof out->code, object, "code");
    bool message = wp_field_words(out->message, sizeof out->message, object, "message");
    return code || message;
}

/* The text between <name> and </name>; the entities of XML stay as they are. */
static void take_element(char *out, size_t size, const char *xml, const char *name)
{
    char open[32], shut[32];
    (void)wp_text_format(open, sizeof open, "<%s>", name);
    (void)wp_text_format(shut, sizeof shut, "</%s>", name);
    const char *begin = strstr(xml, open);
    begin = begin ? begin + strlen(open) : "";
    const char *end = strstr(begin, shut);
    size_t len = end ? (size_t)(end - begin) : 0;
    if (len > size - 1)
        len = size - 1;
    memcpy(out, begin, len);
    out[len] = '\0';
}

/* An element that is machine text; "" if it is none. */
static void take_token(char *out, size_t size, const char *xml, const char *name)
{
    take_element(out, size, xml, name);
    if (!wp_is_token(out))
        out[0] = '\0';
}

/* Upload hosts answer in XML (OSS "Error responses"): <Error><Code>…</Code><Message>…</Message>… */
static void take_xml(struct wp_service_error *out, const char *body, size_t len)
{
    char xml[4096];
    size_t n = len < sizeof xml - 1 ? len : sizeof xml - 1;
    if (n)
        memcpy(xml, body, n);
    xml[n] = '\0';
    const char *error = strstr(xml, "<Error>");
    if (!error)
        return;
    take_token(out->code, sizeof out->code, error, "Code");
    take_element(out->message, sizeof out->message, error, "Message");
    wp_text_sanitize(out->message);
    take_token(out->request_id, sizeof out->request_id, error, "RequestId");
}

void wp_service_error_parse(struct wp_service_error *out, const char *body, size_t len)
{
    memset(out, 0, sizeof *out);
    struct wp_json *document = wp_json_parse(body, len);
    if (document) {
        /* {code, message}, as a FAILED task has it, or as the OpenAI-compatible gateway words it. */
        (void)(take_json(out, document) || take_json(out, wp_json_member(document, "output")) ||
               take_json(out, wp_json_member(document, "error")));
        (void)wp_field_token(out->request_id, sizeof out->request_id, document, "request_id");
    } else {
        take_xml(out, body, len);
    }
    wp_json_free(document);
}
