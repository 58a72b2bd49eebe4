#include "media/load.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>

#include "base/banned.h"

void wp_media_load(void)
{
    (void)avformat_version();
    (void)avcodec_version();
    (void)avutil_version();
}
