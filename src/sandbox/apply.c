/* What a fault does to an answer. */
#include <string.h>
#include <time.h>

#include "sandbox/action.h"
#include "sandbox/edit.h"
#include "sandbox/faults.h"

#include "base/banned.h"

/* RFC 9110 5.6.7, IMF-fixdate. */
static void add_retry_date(struct sb_answer *answer, int64_t wall_ms)
{
    char text[64];
    struct tm tm;
    time_t seconds = (time_t)(wall_ms / 1000);
    if (gmtime_r(&seconds, &tm) && strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &tm) > 0)
        sb_answer_header(answer, "Retry-After", "%s", text);
}

static void refuse(const struct sb_fault *fault, const struct sb_request *request, struct sb_answer *answer)
{
    const struct sb_action *action = fault->action;
    const char *code = sb_endpoint_is_storage(request->endpoint) ? action->storage_code : action->code;
    if (action->kind == SB_HTML)
        sb_answer_html(answer, action->status, action->message);
    else
        sb_refuse(answer, request, action->status, fault->code[0] ? fault->code : code, "%s",
                  fault->message[0] ? fault->message : action->message);
    if (fault->retry_after[0])
        sb_answer_header(answer, "Retry-After", "%s", fault->retry_after);
    else if (fault->has_retry_date)
        add_retry_date(answer, request->wall_ms + (int64_t)fault->retry_date_s * 1000);
}

static void fill(struct wp_buf *out, char byte, uint64_t count)
{
    char block[4096];
    memset(block, byte, sizeof block);
    for (uint64_t left = count; left > 0;) {
        size_t n = left < sizeof block ? (size_t)left : sizeof block;
        if (!wp_buf_add(out, block, n))
            return;
        left -= n;
    }
}

/* Empties the answer: a 200 whose body is nonsense follows. */
static struct wp_buf *spoil(struct sb_answer *answer)
{
    sb_answer_clear(answer);
    answer->type = "application/json";
    return &answer->body;
}

static void spoil_with_garbage(struct sb_answer *answer)
{
    static const char garbage[] = "\x00\xff{\"output\": \xfe garbage";
    wp_buf_add(spoil(answer), garbage, sizeof garbage - 1);
}

static void spoil_with_much(struct sb_answer *answer, uint64_t mebibytes)
{
    struct wp_buf *body = spoil(answer);
    wp_buf_add_text(body, "{\"padding\":\"");
    fill(body, 'x', mebibytes << 20);
    wp_buf_add_text(body, "\"}");
}

static void spoil_with_depth(struct sb_answer *answer, uint64_t depth)
{
    struct wp_buf *body = spoil(answer);
    fill(body, '[', depth);
    fill(body, ']', depth);
}

static void empty_list(const struct sb_request *request, struct sb_answer *answer)
{
    sb_answer_clear(answer);
    struct wp_json_writer writer = sb_answer_json(answer);
    wp_json_begin_array(&writer, "data");
    wp_json_end_array(&writer);
    wp_json_put_integer(&writer, "total", 0);
    wp_json_put_integer(&writer, "total_page", 0);
    wp_json_put_integer(&writer, "page_no", 1);
    wp_json_put_integer(&writer, "page_size", 10);
    sb_answer_json_end(answer, &writer, request->id);
}

static void shorten(const struct sb_fault *fault, struct sb_answer *answer, enum sb_delivery delivery)
{
    answer->delivery = delivery;
    answer->limit = fault->number;
}

void sb_fault_apply(const struct sb_fault *fault, const struct sb_request *request, struct sb_answer *answer)
{
    switch (fault->action->kind) {
    case SB_REFUSE:
    case SB_HTML:
        refuse(fault, request, answer);
        break;
    case SB_DROP_BEFORE:
    case SB_DROP_AFTER:
        answer->delivery = SB_SEND_NOTHING;
        break;
    case SB_HANG: /* longer than anybody waits, but the connection does not stay for ever */
        answer->delivery = SB_SEND_NOTHING;
        answer->delay_ms = 900000;
        break;
    case SB_DELAY:
        answer->delay_ms = (int64_t)fault->number;
        break;
    case SB_DRIP:
        answer->delivery = SB_SEND_DRIPPING;
        answer->drip_ms = (int64_t)fault->number;
        break;
    case SB_AWAY:
        answer->away_ms = (int64_t)fault->number;
        break;
    case SB_TRUNCATE:
        shorten(fault, answer, SB_SEND_TRUNCATED);
        break;
    case SB_WRONG_LENGTH:
        shorten(fault, answer, SB_SEND_WRONG_LENGTH);
        break;
    case SB_GARBAGE:
        spoil_with_garbage(answer);
        break;
    case SB_HUGE:
        spoil_with_much(answer, fault->number);
        break;
    case SB_DEEP:
        spoil_with_depth(answer, fault->number);
        break;
    case SB_OMIT:
        sb_edit_omit(&answer->body, fault->name);
        break;
    case SB_REPEAT:
        sb_edit_repeat(&answer->body, fault->name);
        break;
    case SB_SET_STATUS:
        sb_edit_set(&answer->body, request->endpoint == SB_LIST ? "status" : "task_status", fault->name);
        break;
    case SB_EMPTY_LIST:
        empty_list(request, answer);
        break;
    case SB_FAIL_TASK: /* the create has seen it */
        break;
    }
}
