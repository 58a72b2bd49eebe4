#include "unit/test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "source/source.h"

static void locations_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *location;
        enum wp_source_kind kind;
        const char *extension;
        bool non_ascii, userinfo;
    } rows[] = {
        {"a/b.JPG", WP_SOURCE_FILE, "jpg", false, false},
        {"http:/a.jpg", WP_SOURCE_FILE, "jpg", false, false},
        {"dir:x/http://a.jpg", WP_SOURCE_FILE, "jpg", false, false},
        {"https://h.example/a.mp4?x", WP_SOURCE_HTTP, "mp4", false, false},
        {"HTTP://h.example/a", WP_SOURCE_HTTP, "", false, false},
        {"oss://bucket/key.png", WP_SOURCE_OSS, "png", false, false},
        {"ftp://h.example/a.mp4", WP_SOURCE_OTHER, "mp4", false, false},
        {"file:///etc/passwd", WP_SOURCE_OTHER, "", false, false},
        {"https://user:pw@h.example/a.mp4", WP_SOURCE_HTTP, "mp4", false, true},
        {"https://h.example/a@b.mp4", WP_SOURCE_HTTP, "mp4", false, false},
        {"https://h.example/\xe4\xba\xba.mp4", WP_SOURCE_HTTP, "mp4", true, false},
        {"https://h.example/%E4%BA%BA.mp4", WP_SOURCE_HTTP, "mp4", false, false},
        {"https://h.example/a b.mp4", WP_SOURCE_HTTP, "mp4", true, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct wp_source_facts facts;
        wp_source_describe(&facts, rows[i].location);
        assert_int_equal(facts.kind, rows[i].kind);
        assert_string_equal(facts.extension, rows[i].extension);
        assert_int_equal(facts.url_has_non_ascii, rows[i].non_ascii);
        assert_int_equal(facts.url_has_userinfo, rows[i].userinfo);
        assert_true((facts.kind == WP_SOURCE_FILE) == (facts.state != WP_SOURCE_UNMEASURED));
        assert_true((facts.reason[0] == '\0') == (facts.kind == WP_SOURCE_FILE));
    }
}

static void assert_unavailable(const char *path)
{
    struct wp_source_facts facts;
    struct wp_source *source = NULL;
    wp_source_describe(&facts, path);
    assert_int_equal(wp_source_open_file(&source, &facts, NULL), WP_OK);
    assert_null(source);
    assert_int_equal(facts.state, WP_SOURCE_UNAVAILABLE);
    assert_true(facts.reason[0] != '\0');
}

static void only_regular_files_are_opened_and_nothing_blocks(void **state)
{
    (void)state;
    char folder[64] = "/tmp/wanprep-test-XXXXXX", path[160];
    assert_non_null(mkdtemp(folder));
    assert_unavailable(folder);
    assert_unavailable("/dev/null");
    assert_unavailable("");
    (void)wp_text_format(path, sizeof path, "%s/none", folder);
    assert_unavailable(path);
    (void)wp_text_format(path, sizeof path, "%s/fifo", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_unavailable(path);
    (void)unlink(path);

    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)wp_text_format(path, sizeof path, "%s/socket", folder);
    (void)wp_text_copy(address.sun_path, sizeof address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    const struct sockaddr *generic = (const void *)&address;
    assert_int_equal(bind(fd, generic, sizeof address), 0);
    assert_unavailable(path);
    (void)close(fd);
    (void)unlink(path);
    assert_int_equal(rmdir(folder), 0);
}

static void reads_at_positions_up_to_the_end(void **state)
{
    (void)state;
    char path[64] = "/tmp/wanprep-test-XXXXXX";
    int fd = mkstemp(path);
    assert_int_equal(write(fd, "0123456789", 10), 10);
    (void)close(fd);
    struct wp_source_facts facts;
    struct wp_source *source = NULL;
    wp_source_describe(&facts, path);
    assert_int_equal(wp_source_open_file(&source, &facts, NULL), WP_OK);
    assert_non_null(source);
    const struct wp_reader *reader = wp_source_reader(source);
    assert_int_equal(reader->size, 10);
    static const struct {
        uint64_t offset;
        size_t len, got;
    } rows[] = {{0, 10, 10}, {8, 5, 2}, {10, 1, 0}, {UINT64_MAX, 1, 0}, {3, 0, 0}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[16] = "";
        size_t got = 99;
        assert_int_equal(reader->read_at(reader->user, out, rows[i].len, rows[i].offset, &got, NULL), WP_OK);
        assert_int_equal(got, rows[i].got);
        if (got)
            assert_memory_equal(out, &"0123456789"[rows[i].offset], got);
    }
    wp_source_close(source);
    wp_source_close(NULL);
    (void)unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(locations_are_told_apart),
        cmocka_unit_test(only_regular_files_are_opened_and_nothing_blocks),
        cmocka_unit_test(reads_at_positions_up_to_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
