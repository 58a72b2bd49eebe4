#include "media/log_bridge.h"

#include <stddef.h>
#include <string.h>
#include <threads.h>

#include <libavutil/log.h>

#include "base/log.h"

#include "base/banned.h"

static _Thread_local const struct wp_log *target;

/* What FFmpeg calls an error is damage in a file: a measured fact to us, which a finding tells. So it is a
 * warning at most. */
static enum wp_log_level level_of(int av_level)
{
    if (av_level <= AV_LOG_ERROR)
        return WP_LOG_WARN;
    return av_level <= AV_LOG_WARNING ? WP_LOG_INFO : WP_LOG_DEBUG;
}

/* A context begins with a pointer to its class (libavutil/log.h). */
static const char *name_of(void *context)
{
    const AVClass *class = context ? *(const AVClass **)context : NULL;
    return class ? class->item_name(context) : "ffmpeg";
}

static void take_line(void *context, int av_level, const char *format, va_list args)
{
    /* The high bits of a level carry a colour (libavutil/log.h, AV_LOG_C). */
    av_level &= 0xff;
    enum wp_log_level level = level_of(av_level);
    if (av_level > AV_LOG_DEBUG || !wp_log_wants(target, level))
        return;
    char line[1024];
    int print_prefix = 0; /* it would hold an address, which differs from run to run */
    if (av_log_format_line2(context, av_level, format, args, line, (int)sizeof line, &print_prefix) < 0)
        return;
    line[strcspn(line, "\r\n")] = '\0';
    if (line[0] != '\0')
        wp_log_line(target, level, "media", "%s: %s", name_of(context), line);
}

static void install(void)
{
    av_log_set_callback(take_line);
}

void wp_media_log_begin(const struct wp_log *log)
{
    static once_flag installed = ONCE_FLAG_INIT;
    call_once(&installed, install);
    target = log;
}

void wp_media_log_end(void)
{
    target = NULL;
}
