/*
 * The C interface of the module wanprep-content.so: OpenCV's dnn for models of one input and a few outputs.
 *
 * No exception crosses it. One thread; OpenCV logs nothing.
 */
#ifndef WP_CONTENT_DNN_DNN_H
#define WP_CONTENT_DNN_DNN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Changes with every change of this header. */
#define WP_DNN_VERSION 1

/** The name of the one symbol, a const struct wp_dnn. */
#define WP_DNN_SYMBOL "wp_dnn"

struct wp_dnn_net;

/** An output: floats, in the order in which they lie in memory. Borrowed until the next run of the net. */
struct wp_dnn_output {
    const float *values;
    size_t count;
};

struct wp_dnn {
    uint32_t version; /**< WP_DNN_VERSION */

    /** Parses an ONNX model. NULL: failed, and reason says why. Freed with close(). */
    struct wp_dnn_net *(*open)(const void *model, size_t size, char *reason, size_t reason_size);

    /**
     * Runs a net on one square picture: side * side * 3 floats, row by row, the three of a pixel side by side
     * (NHWC). Gives all unconnected outputs, at most max of them, in any order. Returns how many; 0: failed,
     * and reason says why (also where there are more than max).
     */
    size_t (*run)(struct wp_dnn_net *net, const float *input, int side, struct wp_dnn_output *outputs,
                  size_t max, char *reason, size_t reason_size);

    /** NULL is fine. */
    void (*close)(struct wp_dnn_net *net);
};

#ifdef __cplusplus
}
#endif
#endif
