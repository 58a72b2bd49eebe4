#include "media/load.h"

#include <stdio.h>

#include <jpeglib.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <png.h>
#include <webp/decode.h>

#include "base/banned.h"

static void load_images(void)
{
    struct jpeg_error_mgr manager;
    (void)jpeg_std_error(&manager);
    (void)png_access_version_number();
    (void)WebPGetDecoderVersion();
}

static void load_ffmpeg(void)
{
    (void)avformat_version();
    (void)avcodec_version();
    (void)avutil_version();
}

void wp_media_load(bool images, bool videos)
{
    if (images)
        load_images();
    if (videos)
        load_ffmpeg();
}
