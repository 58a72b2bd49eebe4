/*
 * The module wanprep-content.so: see dnn.h. The only file that sees OpenCV.
 */
#include "content/dnn/dnn.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/core/ocl.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/dnn.hpp>

struct wp_dnn_net {
    cv::dnn::Net net;
    std::vector<cv::String> names; /* of the outputs */
    std::vector<cv::Mat> outputs;  /* of the last run */
};

namespace
{

/* One line of printable ASCII, cut where there is no more room: OpenCV repeats names of a model. */
void say(char *reason, size_t size, const char *text) noexcept
{
    if (size == 0)
        return;
    size_t length = std::min(std::strlen(text), size - 1);
    std::transform(text, text + length, reason, [](char c) { return c >= ' ' && c <= '~' ? c : ' '; });
    reason[length] = '\0';
}

/* To be called where an exception is being handled. */
void say_exception(char *reason, size_t size) noexcept
{
    try {
        throw;
    } catch (const cv::Exception &e) {
        say(reason, size, e.err.c_str()); /* without the place in OpenCV's sources */
    } catch (const std::exception &e) {
        say(reason, size, e.what());
    } catch (...) {
        say(reason, size, "unknown exception");
    }
}

/* OpenCV prints errors before it throws them, unless somebody takes them. */
int ignore_error(int, const char *, const char *, const char *, int, void *)
{
    return 0;
}

void silence()
{
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    cv::redirectError(ignore_error);
    cv::setNumThreads(0); /* everything is done by the thread that calls */
    cv::ocl::setUseOpenCL(false);
}

struct wp_dnn_net *open_net(const void *model, size_t size, char *reason, size_t reason_size) noexcept
{
    try {
        silence();
        auto out = std::make_unique<wp_dnn_net>();
        out->net = cv::dnn::readNetFromONNX(static_cast<const char *>(model), size);
        out->net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
        out->net.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
        out->names = out->net.getUnconnectedOutLayersNames();
        if (!out->names.empty())
            return out.release();
        say(reason, reason_size, "the model has no outputs");
    } catch (...) {
        say_exception(reason, reason_size);
    }
    return nullptr;
}

size_t run_net(struct wp_dnn_net *net, const float *input, int side, struct wp_dnn_output *outputs,
               size_t max, char *reason, size_t reason_size) noexcept
{
    try {
        if (net->names.size() > max) {
            say(reason, reason_size, "the model has more outputs than expected");
            return 0;
        }
        CV_Assert(side > 0); /* else cv::Mat asserts it, and loses memory */
        const std::vector<int> shape{1, side, side, 3};
        /* Net::setInput() copies it. */
        net->net.setInput(cv::Mat(shape, CV_32F, const_cast<float *>(input)));
        net->net.forward(net->outputs, net->names);
        size_t count = 0;
        for (const cv::Mat &output : net->outputs) {
            CV_Assert(output.type() == CV_32F && output.isContinuous());
            outputs[count++] = {output.ptr<float>(), output.total()};
        }
        return count;
    } catch (...) {
        say_exception(reason, reason_size);
        return 0;
    }
}

void close_net(struct wp_dnn_net *net) noexcept
{
    delete net;
}

} // namespace

extern "C" {
extern __attribute__((visibility("default"))) const struct wp_dnn wp_dnn;
const struct wp_dnn wp_dnn = {
    WP_DNN_VERSION,
    open_net,
    run_net,
    close_net,
};
}
