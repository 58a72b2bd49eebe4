/* Multipart bodies: order, bytes, and files that change while they are sent. */
#include "unit/net/client.h"

#include "base/text.h"
#include "net/http.h"

#include "base/banned.h"

struct file {
    const char *bytes;
    size_t len, at;
    size_t step;    /* at most so many bytes a read */
    int64_t at_end; /* what a read says there: 0 or -1 */
    bool greedy;    /* claims more than it was asked for */
};

static int64_t read_file(void *user, void *out, size_t len)
{
    struct file *file = user;
    size_t n = file->len - file->at;
    if (file->greedy)
        return (int64_t)len + 1;
    if (n == 0)
        return file->at_end;
    n = n < len ? n : len;
    n = n < file->step ? n : file->step;
    memcpy(out, file->bytes + file->at, n);
    file->at += n;
    return (int64_t)n;
}

struct progress {
    uint64_t done, total;
};

static void note_progress(void *user, uint64_t done, uint64_t total)
{
    *(struct progress *)user = (struct progress){done, total};
}

/* Sends text parts and a file of promised bytes to the server. */
static enum wp_status post(struct server *server, struct file *file, uint64_t promised,
                           struct progress *progress, struct wp_http_answer *answer)
{
    const struct wp_http_part parts[] = {
        {.name = "OSSAccessKeyId", .value = "id"},
        {.name = "key", .value = "dir/a b.mp4"},
        {.name = "file",
         .file_name = "a b.mp4",
         .content_type = "video/mp4",
         .size = promised,
         .read = read_file,
         .user = file},
    };
    char url[64];
    assert_true(wp_text_format(url, sizeof url, "http://127.0.0.1:%u/", server->port));
    struct wp_http_request request = {.method = "POST",
                                      .url = url,
                                      .parts = parts,
                                      .part_count = 3,
                                      .reach = WP_REACH_LOOPBACK,
                                      .progress = note_progress,
                                      .progress_user = progress};
    struct wp_http_session *session = session_new(NULL);
    enum wp_status status = wp_http_perform(session, &request, answer, NULL);
    wp_http_session_free(session);
    server_join(server);
    return status;
}

static const struct server_step take_it = {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", SERVER_CLOSE,
                                           false};

/* The next line of the body; *at goes behind it. */
static void expect_line(const char **at, const char *line)
{
    char expected[256];
    assert_true(wp_text_format(expected, sizeof expected, "%s\r\n", line));
    if (!wp_text_starts(*at, expected))
        fail_msg("'%s' is not at:\n%.200s", line, *at);
    *at += strlen(expected);
}

static void sends_parts_in_order(void **state)
{
    (void)state;
    struct server *server = server_start(&take_it, 1);
    struct file file = {.bytes = "\0\1\2--data\r\n\xff", .len = 12, .step = 5};
    struct progress progress = {0};
    struct wp_http_answer answer;
    assert_int_equal(post(server, &file, file.len, &progress, &answer), WP_OK);
    assert_int_equal(answer.stage, WP_STAGE_ANSWERED);
    wp_http_answer_free(&answer);
    const char *head = server->seen[0];
    const char *type = strstr(head, "\r\nContent-Type: multipart/form-data; boundary=");
    assert_non_null(type);
    assert_null(strstr(head, "Transfer-Encoding"));
    assert_null(strstr(head, "Expect"));
    char boundary[128] = "--";
    const char *mark = strchr(type, '=') + 1;
    size_t len = strcspn(mark, "\r");
    assert_true(len < 100);
    memcpy(boundary + 2, mark, len);
    const char *at = strstr(head, "\r\n\r\n") + 4;
    expect_line(&at, boundary);
    expect_line(&at, "Content-Disposition: form-data; name=\"OSSAccessKeyId\"");
    expect_line(&at, "");
    expect_line(&at, "id");
    expect_line(&at, boundary);
    expect_line(&at, "Content-Disposition: form-data; name=\"key\"");
    expect_line(&at, "");
    expect_line(&at, "dir/a b.mp4");
    expect_line(&at, boundary);
    expect_line(&at, "Content-Disposition: form-data; name=\"file\"; filename=\"a b.mp4\"");
    expect_line(&at, "Content-Type: video/mp4");
    expect_line(&at, "");
    assert_memory_equal(at, file.bytes, file.len);
    at += file.len;
    expect_line(&at, "");
    assert_memory_equal(at, boundary, len + 2);
    assert_string_equal(at + len + 2, "--\r\n");
    assert_int_equal(at + len + 6 - head, server->seen_len[0]);
    assert_true(progress.total > file.len && progress.done == progress.total);
    server_free(server);
}

static void sends_no_more_than_promised(void **state)
{
    (void)state;
    struct server *server = server_start(&take_it, 1);
    struct file file = {.bytes = "abcdefghij", .len = 10, .step = 4};
    struct progress progress;
    struct wp_http_answer answer;
    assert_int_equal(post(server, &file, 7, &progress, &answer), WP_OK);
    assert_non_null(strstr(server->seen[0], "\r\n\r\nabcdefg\r\n--"));
    wp_http_answer_free(&answer);
    server_free(server);
}

static void gives_up_on_a_bad_file(void **state)
{
    (void)state;
    static const struct file files[] = {
        {.bytes = "abc", .len = 3, .step = 9},                /* ends early */
        {.bytes = "abc", .len = 3, .step = 9, .at_end = -1},  /* cannot be read on */
        {.bytes = "", .len = 0, .step = 9, .at_end = -1},     /* cannot be read at all */
        {.bytes = "abc", .len = 3, .step = 9, .greedy = true} /* lies */
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct server *server = server_start(&take_it, 1);
        struct file file = files[i];
        struct progress progress;
        struct wp_http_answer answer;
        assert_int_equal(post(server, &file, 1000, &progress, &answer), WP_INPUT);
        assert_int_equal(answer.stage, WP_STAGE_SENT);
        assert_int_equal(server->requests, 0); /* never whole */
        wp_http_answer_free(&answer);
        server_free(server);
    }
}

/* Hosts refuse a form early, e.g. for its policy: that answer counts, whatever was not sent yet. */
static void hears_an_early_refusal(void **state)
{
    (void)state;
    static char much[1 << 20];
    struct server *server = server_start(
        &(struct server_step){"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                              SERVER_HANG, true},
        1);
    struct file file = {.bytes = much, .len = sizeof much, .step = 1 << 16};
    struct progress progress;
    struct wp_http_answer answer;
    assert_int_equal(post(server, &file, file.len, &progress, &answer), WP_OK);
    assert_int_equal(answer.status, 403);
    wp_http_answer_free(&answer);
    server_free(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sends_parts_in_order),
        cmocka_unit_test(sends_no_more_than_promised),
        cmocka_unit_test(gives_up_on_a_bad_file),
        cmocka_unit_test(hears_an_early_refusal),
    };
    return RUN_BOTH_WAYS(tests);
}
