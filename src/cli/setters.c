/* The types that options can have. */
#include "base/number.h"
#include "cli/options.h"
#include "wanprep/limits.h"

#include "base/banned.h"

bool wp_set_true(void *field, const struct wp_option *option, const char *text)
{
    (void)option;
    (void)text;
    *(bool *)field = true;
    return true;
}

bool wp_set_false(void *field, const struct wp_option *option, const char *text)
{
    (void)option;
    (void)text;
    *(bool *)field = false;
    return true;
}

bool wp_set_count(void *field, const struct wp_option *option, const char *text)
{
    (void)option;
    (void)text;
    ++*(unsigned *)field;
    return true;
}

bool wp_set_text(void *field, const struct wp_option *option, const char *text)
{
    (void)option;
    *(const char **)field = text;
    return text[0] != '\0';
}

bool wp_set_duration(void *field, const struct wp_option *option, const char *text)
{
    return wp_parse_duration_ms(field, text, option->min, option->max);
}

bool wp_set_amount(void *field, const struct wp_option *option, const char *text)
{
    return wp_parse_fixed(field, text, 3, (uint64_t)option->min, (uint64_t)option->max);
}

bool wp_set_unsigned(void *field, const struct wp_option *option, const char *text)
{
    uint64_t value = 0;
    if (!wp_parse_u64(&value, text, (uint64_t)option->min, (uint64_t)option->max))
        return false;
    *(unsigned *)field = (unsigned)value;
    return true;
}

bool wp_set_mode(void *field, const struct wp_option *option, const char *text)
{
    (void)option;
    return wp_mode_parse(field, text);
}

bool wp_set_region(void *field, const struct wp_option *option, const char *text)
{
    (void)option;
    return wp_region_parse(field, text);
}
