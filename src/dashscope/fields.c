#include "dashscope/fields.h"

#include <string.h>

#include "base/text.h"

#include "base/banned.h"

bool wp_is_token(const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p < 0x21 || *p > 0x7e)
            return false;
    }
    return text[0] != '\0';
}

bool wp_field_token(char *out, size_t size, const struct wp_json *object, const char *name)
{
    const char *text = wp_json_text(object, name);
    out[0] = '\0';
    if (!text || !wp_is_token(text))
        return false;
    if (wp_text_copy(out, size, text))
        return true;
    out[0] = '\0';
    return false;
}

bool wp_is_task_id(const char *text)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    size_t len = strspn(text, allowed);
    return len > 0 && len < 128 && text[len] == '\0' && text[0] != '.';
}

bool wp_field_task_id(char out[128], const struct wp_json *object, const char *name)
{
    if (wp_field_token(out, 128, object, name) && wp_is_task_id(out))
        return true;
    out[0] = '\0';
    return false;
}

bool wp_field_words(char *out, size_t size, const struct wp_json *object, const char *name)
{
    const char *text = wp_json_text(object, name);
    (void)wp_text_copy(out, size, text);
    wp_text_sanitize(out);
    return out[0] != '\0';
}

int64_t wp_field_count(const struct wp_json *object, const char *name)
{
    int64_t value = -1;
    return wp_json_integer(object, name, &value) && value >= 0 ? value : -1;
}
