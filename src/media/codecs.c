#include "media/codecs.h"

#include <stddef.h>
#include <string.h>

#include "base/banned.h"

const AVCodec *wp_codecs_decoder(enum AVCodecID id)
{
    static const struct {
        enum AVCodecID id;
        const char *name;
    } decoders[] = {
#define WP_DECODER(codec, decoder) {AV_CODEC_ID_##codec, decoder},
#include "media/codecs.def"
    };
    for (size_t i = 0; i < sizeof decoders / sizeof decoders[0]; i++) {
        if (decoders[i].id == id)
            return avcodec_find_decoder_by_name(decoders[i].name);
    }
    return NULL;
}

const AVInputFormat *wp_codecs_demuxer(const char *name)
{
    static const char *const demuxers[] = {
#define WP_DEMUXER(demuxer) demuxer,
#include "media/codecs.def"
    };
    for (size_t i = 0; i < sizeof demuxers / sizeof demuxers[0]; i++) {
        if (strcmp(demuxers[i], name) == 0)
            return av_find_input_format(name);
    }
    return NULL;
}

const char *wp_codecs_demuxer_names(void)
{
#define WP_DEMUXER(demuxer) demuxer ","
    return
#include "media/codecs.def"
        "";
}
