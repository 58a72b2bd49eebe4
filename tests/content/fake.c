/*
 * Modules that are not what they should be. Made from this file with one of these defined: FAKE_VERSION, of
 * another version; FAKE_OPEN, whose OpenCV takes no model; FAKE_RUN, whose runs fail; FAKE_OUTPUTS, whose
 * models are of another kind; FAKE_VALUES, whose models give values without sense.
 */
#include <math.h>
#include <stdio.h>

#include "content/dnn/dnn.h"

struct wp_dnn_net {
    int unused;
};

static struct wp_dnn_net *open_net(const void *model, size_t size, char *reason, size_t reason_size)
{
    (void)model;
    (void)size;
#ifdef FAKE_OPEN
    snprintf(reason, reason_size, "what the fake says");
    return NULL;
#else
    (void)reason;
    (void)reason_size;
    static struct wp_dnn_net net;
    return &net;
#endif
}

static size_t run_net(struct wp_dnn_net *net, const float *input, int side, struct wp_dnn_output *outputs,
                      size_t max, char *reason, size_t reason_size)
{
    (void)net;
    (void)input;
    (void)side;
    (void)max;
#ifdef FAKE_RUN
    (void)outputs;
    snprintf(reason, reason_size, "what the fake says");
    return 0;
#else
    (void)reason;
    (void)reason_size;
    static float values[8192];
#ifdef FAKE_VALUES /* scores of 1, and boxes that are no numbers or everywhere */
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        values[i] = i % 3 == 0 ? NAN : i % 3 == 1 ? INFINITY : 1e30F;
    static const size_t sizes[] = {512, 384, 8192, 6144};
#else
    static const size_t sizes[] = {512, 384, 8192, 6143};
#endif
    for (size_t i = 0; i < 4; i++)
        outputs[i] = (struct wp_dnn_output){values, sizes[i]};
    return 4;
#endif
}

static void close_net(struct wp_dnn_net *net)
{
    (void)net;
}

extern __attribute__((visibility("default"))) const struct wp_dnn wp_dnn;
const struct wp_dnn wp_dnn = {
#ifdef FAKE_VERSION
    .version = WP_DNN_VERSION + 1,
#else
    .version = WP_DNN_VERSION,
#endif
    .open = open_net,
    .run = run_net,
    .close = close_net,
};
