/* What a fault does to an answer. */
#include <string.h>

#include "sandbox/action.h"
#include "sandbox/edit.h"
#include "sandbox/faults.h"

#include "base/banned.h"

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
}

static void fill(struct sb_answer *answer, char byte, uint64_t count)
{
    char block[4096];
    memset(block, byte, sizeof block);
    for (uint64_t left = count; left > 0;) {
        size_t n = left < sizeof block ? (size_t)left : sizeof block;
        if (!wp_buf_add(&answer->body, block, n))
            return;
        left -= n;
    }
}

/* Replaces the body of an answer with nonsense of a kind. */
static void spoil(const struct sb_fault *fault, struct sb_answer *answer)
{
    sb_answer_clear(answer);
    answer->type = "application/json";
    switch ((int)fault->action->kind) {
    case SB_HUGE:
        wp_buf_add_text(&answer->body, "{\"padding\":\"");
        fill(answer, 'x', fault->number << 20);
        wp_buf_add_text(&answer->body, "\"}");
        break;
    case SB_DEEP:
        fill(answer, '[', fault->number);
        fill(answer, ']', fault->number);
        break;
    default:
        wp_buf_add(&answer->body, "\x00\xff{\"output\": \xfe garbage", 22);
        break;
    }
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
    case SB_TRUNCATE:
        shorten(fault, answer, SB_SEND_TRUNCATED);
        break;
    case SB_WRONG_LENGTH:
        shorten(fault, answer, SB_SEND_WRONG_LENGTH);
        break;
    case SB_GARBAGE:
    case SB_HUGE:
    case SB_DEEP:
        spoil(fault, answer);
        break;
    case SB_OMIT:
        sb_edit_omit(&answer->body, fault->name);
        break;
    case SB_SET_STATUS:
        sb_edit_set(&answer->body, "task_status", fault->name);
        break;
    }
}
