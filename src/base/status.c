#include "wanprep/status.h"

#include "base/banned.h"

struct status_row {
    enum wp_status status;
    int exit_code;
    const char *name;
    const char *sentence;
};

static const struct status_row rows[] = {
#define WP_STATUS(name, value, exit_code, sentence) {WP_##name, (exit_code), #name, (sentence)},
#include "wanprep/status.def"
#undef WP_STATUS
};

static const struct status_row *find(enum wp_status status)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].status == status)
            return &rows[i];
    }
    return NULL;
}

const char *wp_status_text(enum wp_status status)
{
    const struct status_row *row = find(status);
    return row ? row->sentence : "unknown status";
}

const char *wp_status_name(enum wp_status status)
{
    const struct status_row *row = find(status);
    return row ? row->name : "UNKNOWN";
}

int wp_status_exit_code(enum wp_status status)
{
    const struct status_row *row = find(status);
    return row ? row->exit_code : 70;
}

const char *wp_version(void)
{
    return WP_VERSION;
}
