/* Small models in ONNX, as onnx.proto numbers its fields. */
#ifndef TEST_CONTENT_ONNX_H
#define TEST_CONTENT_ONNX_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"

#define ONNX_CEILING 4096

static inline void onnx_number(struct wp_buf *to, uint64_t number)
{
    do {
        uint8_t byte = (uint8_t)((number & 0x7F) | (number > 0x7F ? 0x80 : 0));
        wp_buf_add(to, &byte, 1);
        number >>= 7;
    } while (number > 0);
}

/* A field that is a number. */
static inline void onnx_int(struct wp_buf *to, unsigned field, uint64_t value)
{
    onnx_number(to, field << 3);
    onnx_number(to, value);
}

static inline void onnx_bytes(struct wp_buf *to, unsigned field, const void *bytes, size_t len)
{
    onnx_number(to, field << 3 | 2);
    onnx_number(to, len);
    wp_buf_add(to, bytes, len);
}

static inline void onnx_text(struct wp_buf *to, unsigned field, const char *text)
{
    onnx_bytes(to, field, text, strlen(text));
}

/* A field that holds others; frees them. */
static inline void onnx_message(struct wp_buf *to, unsigned field, struct wp_buf *content)
{
    onnx_bytes(to, field, content->data, content->len);
    wp_buf_free(content);
}

/* A ValueInfoProto: one float. */
static inline struct wp_buf onnx_value(const char *name)
{
    struct wp_buf value = wp_buf_new(ONNX_CEILING), type = value, tensor = value, shape = value, dim = value;
    onnx_int(&dim, 1, 1);
    onnx_message(&shape, 1, &dim);
    onnx_int(&tensor, 1, 1);
    onnx_message(&tensor, 2, &shape);
    onnx_message(&type, 1, &tensor);
    onnx_text(&value, 1, name);
    onnx_message(&value, 2, &type);
    return value;
}

/* A ModelProto of nodes that all apply an operator to the input: as many as outputs. Freed with
 * wp_buf_free(). */
static inline struct wp_buf onnx_model(const char *op, unsigned outputs)
{
    struct wp_buf model = wp_buf_new(ONNX_CEILING), graph = model, input = onnx_value("x"), opset = model;
    for (unsigned i = 0; i < outputs; i++) {
        char name[16];
        snprintf(name, sizeof name, "y%u", i);
        struct wp_buf node = wp_buf_new(ONNX_CEILING), output = onnx_value(name);
        onnx_text(&node, 1, "x");
        onnx_text(&node, 2, name);
        onnx_text(&node, 3, name);
        onnx_text(&node, 4, op);
        onnx_message(&graph, 1, &node);
        onnx_message(&graph, 12, &output);
    }
    onnx_text(&graph, 2, "small");
    onnx_message(&graph, 11, &input);
    onnx_int(&opset, 2, 11);
    onnx_int(&model, 1, 7);
    onnx_message(&model, 7, &graph);
    onnx_message(&model, 8, &opset);
    return model;
}

#endif
