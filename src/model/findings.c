#include "wanprep/findings.h"

#include "base/banned.h"

size_t wp_findings_count(const struct wp_findings *findings, enum wp_level level)
{
    size_t count = 0;
    for (size_t i = 0; i < findings->count; i++)
        count += findings->items[i].level == level;
    return count;
}
