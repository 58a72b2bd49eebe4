#include <assert.h>
#include <ini.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "wanprep/client.h"

#include "base/banned.h"

enum { MAX_FILE = 64 << 10 };

/* What came of looking at one place. */
enum place {
    PLACE_EMPTY,
    PLACE_FOUND,
    PLACE_BAD, /* *error says why */
};

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Takes a key, trimmed. A message never quotes it. origin is for people. */
static enum place take_key(struct wp_credentials *out, const char *text, const char *origin,
                           struct wp_error *error)
{
    while (is_space(*text))
        text++;
    size_t len = strlen(text);
    while (len > 0 && is_space(text[len - 1]))
        len--;
    if (len == 0)
        return PLACE_EMPTY;
    if (len >= sizeof out->api_key) {
        (void)wp_fail(error, WP_INPUT, "credentials",
                      "%s holds %zu bytes, but a key has at most %zu: put the API "
                      "key there and nothing else",
                      origin, len, sizeof out->api_key - 1);
        return PLACE_BAD;
    }
    for (size_t i = 0; i < len; i++) {
        if (text[i] < 0x21 || text[i] > 0x7e) {
            (void)wp_fail(error, WP_INPUT, "credentials",
                          "byte %zu of the key in %s is a space, a line break or "
                          "not ASCII: put the API key there and nothing else",
                          i + 1, origin);
            return PLACE_BAD;
        }
    }
    memcpy(out->api_key, text, len);
    out->api_key[len] = '\0';
    (void)wp_text_copy(out->origin, sizeof out->origin, origin);
    return PLACE_FOUND;
}

/* Reads a small file that may hold a key. Wipe with wipe_buf(). */
static enum place read_file(struct wp_buf *out, const char *path, struct wp_error *error)
{
    *out = wp_buf_new(MAX_FILE);
    return wp_file_read(out, path, error) == WP_OK ? PLACE_FOUND : PLACE_BAD;
}

static void wipe_buf(struct wp_buf *buf)
{
    if (buf->data)
        explicit_bzero(buf->data, buf->cap);
    wp_buf_free(buf);
}

static bool exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

static enum place look_in_key_file(struct wp_credentials *out, const char *path, struct wp_error *error)
{
    struct wp_buf text;
    enum place place = read_file(&text, path, error);
    if (place == PLACE_FOUND)
        place = take_key(out, wp_buf_text(&text), path, error);
    wipe_buf(&text);
    return place;
}

/* A position in INI text; read by next_line(). */
struct ini_cursor {
    const char *at;
};

/* fgets() over text. inih would take the rest of a line that is too long as a line of its own: it gets none.
 */
static char *next_line(char *out, int size, void *stream)
{
    struct ini_cursor *cursor = stream;
    if (*cursor->at == '\0')
        return NULL;
    assert(size > 2);
    size_t len = strcspn(cursor->at, "\n");
    if (len + 2 <= (size_t)size)
        memcpy(out, cursor->at, len);
    size_t kept = len + 2 <= (size_t)size ? len : 0;
    out[kept] = '\n';
    out[kept + 1] = '\0';
    cursor->at += len;
    if (*cursor->at == '\n')
        cursor->at++;
    return out;
}

struct ini_search {
    const char *section;
    char value[512];
};

static int take_pair(void *user, const char *section, const char *name, const char *value)
{
    struct ini_search *search = user;
    if (!search->value[0] && value && strcmp(section, search->section) == 0 &&
        wp_text_equal_nocase(name, "dashscope_api_key"))
        (void)wp_text_copy(search->value, sizeof search->value, value);
    return 1;
}

static enum place look_in_ini(struct wp_credentials *out, const char *path, const char *section,
                              struct wp_error *error)
{
    struct wp_buf text;
    struct ini_search search = {.section = section};
    char origin[512];
    enum place place = read_file(&text, path, error);
    if (place == PLACE_FOUND) {
        struct ini_cursor cursor = {wp_buf_text(&text)};
        (void)ini_parse_stream(next_line, &cursor, take_pair,
                               &search); /* lines that are no INI are passed over */
        (void)wp_text_format(origin, sizeof origin, "%s [%s]", path, section);
        place = take_key(out, search.value, origin, error);
    }
    wipe_buf(&text);
    explicit_bzero(&search, sizeof search);
    return place;
}

/* A setting that is there and not empty; else NULL. */
static const char *setting(wp_getenv_fn *get, void *user, const char *name)
{
    const char *value = get(user, name);
    return value && value[0] ? value : NULL;
}

/* The places in the home folder. That one of them is not there is no error, that it cannot be read is one. */
static enum place look_at_home(struct wp_credentials *out, wp_getenv_fn *get, void *user, const char *section,
                               struct wp_error *error)
{
    const char *home = setting(get, user, "HOME");
    char path[PATH_MAX];
    enum place place = PLACE_EMPTY;
    if (!home)
        return place;
    if (wp_text_format(path, sizeof path, "%s/.alibabacloud/credentials", home) && exists(path))
        place = look_in_ini(out, path, section, error);
    if (place == PLACE_EMPTY && wp_text_format(path, sizeof path, "%s/.dashscope/api_key", home) &&
        exists(path))
        place = look_in_key_file(out, path, error);
    return place;
}

enum wp_status wp_credentials_find(struct wp_credentials *out, wp_getenv_fn *get, void *user,
                                   struct wp_error *error)
{
    *out = (struct wp_credentials){0};
    const char *key = setting(get, user, "DASHSCOPE_API_KEY");
    const char *file = setting(get, user, "DASHSCOPE_API_KEY_FILE_PATH");
    const char *section = setting(get, user, "ALIBABA_CLOUD_PROFILE");
    if (!section)
        section = setting(get, user, "ALICLOUD_PROFILE");
    if (!section)
        section = "default";
    struct wp_error why = {.status = WP_INTERNAL};
    enum place place = key ? take_key(out, key, "DASHSCOPE_API_KEY", &why) : PLACE_EMPTY;
    if (place == PLACE_EMPTY && file) {
        place = look_in_key_file(out, file, &why);
        if (place == PLACE_EMPTY) {
            (void)wp_fail(&why, WP_INPUT, "credentials",
                          "'%s', named by DASHSCOPE_API_KEY_FILE_PATH, is empty: put the API key into it",
                          file);
            place = PLACE_BAD;
        }
    }
    if (place == PLACE_EMPTY)
        place = look_at_home(out, get, user, section, &why);
    if (place == PLACE_FOUND)
        return WP_OK;
    wp_credentials_wipe(out);
    if (place == PLACE_BAD)
        return wp_fail(error, why.status, why.where, "%s", why.message);
    return wp_fail(
        error, WP_NO_KEY, "credentials",
        "no API key was found in DASHSCOPE_API_KEY, the file named by DASHSCOPE_API_KEY_FILE_PATH, "
        "~/.alibabacloud/credentials (dashscope_api_key in [%s]) or ~/.dashscope/api_key: make a key in "
        "the Model Studio console and set DASHSCOPE_API_KEY to it",
        section);
}

void wp_credentials_wipe(struct wp_credentials *credentials)
{
    if (credentials)
        explicit_bzero(credentials->api_key, sizeof credentials->api_key);
}
