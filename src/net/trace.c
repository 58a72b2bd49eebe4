#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "net/transfer.h"

#include "base/banned.h"

/* Headers whose value is a secret as a whole. What is secret within others wp_log_line() hides. */
static bool is_secret_header(const char *line)
{
    static const char *const names[] = {"authorization", "proxy-authorization", "cookie", "set-cookie"};
    char name[32];
    size_t len = strcspn(line, ":");
    if (len >= sizeof name)
        return false;
    memcpy(name, line, len);
    name[len] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (wp_text_equal_nocase(name, names[i]))
            return true;
    }
    return false;
}

static void log_line(const struct wp_transfer *transfer, curl_infotype type, const char *line)
{
    const char *mark = type == CURLINFO_HEADER_OUT ? ">" : type == CURLINFO_HEADER_IN ? "<" : "*";
    if (type == CURLINFO_TEXT && strchr(line, '@')) /* a proxy's URL may hold a password */
        return;
    if (type != CURLINFO_TEXT && is_secret_header(line))
        wp_log_line(transfer->log, WP_LOG_DEBUG, "net", "%s %.*s: ***", mark, (int)strcspn(line, ":"), line);
    else
        wp_log_line(transfer->log, WP_LOG_DEBUG, "net", "%s %s", mark, line);
}

static int on_debug(CURL *easy, curl_infotype type, char *data, size_t size, void *user)
{
    (void)easy;
    const struct wp_transfer *transfer = user;
    if (type != CURLINFO_TEXT && type != CURLINFO_HEADER_IN && type != CURLINFO_HEADER_OUT)
        return 0;
    char *end = data + size;
    for (char *p = data; p < end;) {
        char *stop = memchr(p, '\n', (size_t)(end - p));
        if (!stop)
            stop = end;
        size_t len = (size_t)(stop - p);
        char line[1024];
        if (len > sizeof line - 1)
            len = sizeof line - 1;
        memcpy(line, p, len);
        line[len] = '\0';
        line[strcspn(line, "\r")] = '\0';
        if (line[0])
            log_line(transfer, type, line);
        p = stop + 1;
    }
    return 0;
}

void wp_transfer_trace(struct wp_transfer *transfer)
{
    if (!wp_log_wants(transfer->log, WP_LOG_DEBUG))
        return;
    (void)curl_easy_setopt(transfer->easy, CURLOPT_DEBUGFUNCTION, on_debug);
    (void)curl_easy_setopt(transfer->easy, CURLOPT_DEBUGDATA, transfer);
    (void)curl_easy_setopt(transfer->easy, CURLOPT_VERBOSE, 1L);
}
