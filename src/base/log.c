#include "base/log.h"

#include <ctype.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#include "base/banned.h"

bool wp_log_wants(const struct wp_log *log, enum wp_log_level level)
{
    return log && log->fn && level <= log->level;
}

void wp_log_line(const struct wp_log *log, enum wp_log_level level, const char *room, const char *format, ...)
{
    if (!wp_log_wants(log, level))
        return;
    char line[2048];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (len < 0)
        return;
    wp_redact(line);
    wp_text_sanitize(line);
    log->fn(log->user, level, room, line);
}

/* Overwrites the secret that begins at p with "***" and closes the gap; returns where to go on. */
static char *hide(char *p, const char *stops)
{
    size_t len = strcspn(p, stops);
    if (len < 3) {
        memset(p, '*', len);
        return p + len;
    }
    memset(p, '*', 3);
    memmove(p + 3, p + len, strlen(p + len) + 1);
    return p + 3;
}

static bool is_secret_name(const char *name, size_t len)
{
    static const char *const names[] = {
        "signature",
        "ossaccesskeyid",
        "oss_access_key_id",
        "policy",
        "security-token",
        "x-oss-signature",
        "x-oss-credential",
        "x-oss-security-token",
        "sig",
        "token",
        "access_token",
        "api_key",
        "apikey",
        "key-pair-id",
        "x-amz-signature",
        "x-amz-credential",
        "x-amz-security-token",
        "x-goog-signature",
        "x-goog-credential",
        "dashscope_api_key",
        "googleaccessid",
        "awsaccesskeyid",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i]) == len && strncasecmp(name, names[i], len) == 0)
            return true;
    }
    return false;
}

/* Whether text at p is NAME= or "NAME": with a secret's name; if so *value is where the value begins. */
static bool at_secret_pair(char *p, char **value)
{
    size_t len = strcspn(p, "=\":&?;, \t\n{}");
    if (len == 0 || !is_secret_name(p, len))
        return false;
    char *q = p + len;
    if (*q == '=') {
        *value = q + 1;
        return true;
    }
    if (*q == '"') {
        q++;
        q += strspn(q, " \t");
        if (*q == ':') {
            q++;
            q += strspn(q, " \t");
            if (*q == '"') {
                *value = q + 1;
                return true;
            }
        }
    }
    return false;
}

void wp_redact(char *text)
{
    static const char stops[] = "&\"' \t\r\n;,<>\\}";
    bool boundary = true;
    for (char *p = text; *p;) {
        char *value = NULL;
        if (strncasecmp(p, "Bearer ", 7) == 0) {
            p = hide(p + 7, stops);
        } else if (boundary && strncmp(p, "sk-", 3) == 0) {
            p = hide(p, stops);
        } else if (boundary && at_secret_pair(p, &value)) {
            p = hide(value, stops);
        } else {
            boundary = !isalnum((unsigned char)*p) && *p != '-' && *p != '_';
            p++;
            continue;
        }
        boundary = true;
    }
}
