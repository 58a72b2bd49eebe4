/* Error bodies: JSON of the service, XML of upload hosts, HTML of whoever is in between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "dashscope/answer.h"

#include "base/banned.h"

static void reads_errors(void **state)
{
    (void)state;
    static const struct {
        const char *body, *code, *message, *request_id;
    } rows[] = {
        {"{\"code\":\"InvalidApiKey\",\"message\":\"Invalid API-key provided.\",\"request_id\":\"r\"}",
         "InvalidApiKey", "Invalid API-key provided.", "r"},
        {"{\"error\":{\"code\":\"invalid_api_key\",\"message\":\"m\"},\"request_id\":\"r\"}",
         "invalid_api_key", "m", "r"},
        {"{\"output\":{\"code\":\"InvalidFile.Size\",\"message\":\"m\"}}", "InvalidFile.Size", "m", ""},
        {"{\"code\":400,\"message\":\"a\\u0007\\nb\"}", "", "a??b", ""},
        {"{\"code\":\"has space\"}", "", "", ""},
        {"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Invalid according to Policy: "
         "Policy expired.</Message>"
         "<RequestId>5</RequestId></Error>",
         "AccessDenied", "Invalid according to Policy: Policy expired.", "5"},
        {"<Error><Code>no code</Code><Message>m</Message><RequestId>\x07</RequestId></Error>", "", "m", ""},
        {"<Error><Code>Cut", "", "", ""},
        {"<html><body><h1>502 Bad Gateway</h1></body></html>", "", "", ""},
        {"", "", "", ""},
        {"\xff\xfe", "", "", ""},
        {"[1,2]", "", "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_service_error error;
        memset(&error, 'x', sizeof error);
        wp_service_error_parse(&error, rows[i].body, strlen(rows[i].body));
        assert_string_equal(error.code, rows[i].code);
        assert_string_equal(error.message, rows[i].message);
        assert_string_equal(error.request_id, rows[i].request_id);
    }
    struct wp_service_error error;
    wp_service_error_parse(&error, NULL, 0);
    assert_string_equal(error.code, "");
}

static void cuts_long_messages(void **state)
{
    (void)state;
    char body[3000], text[2000];
    memset(text, 'm', sizeof text);
    text[sizeof text - 1] = '\0';
    struct wp_service_error error;
    assert_true(wp_text_format(body, sizeof body, "{\"code\":\"C\",\"message\":\"%s\"}", text));
    wp_service_error_parse(&error, body, strlen(body));
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
    assert_true(wp_text_format(body, sizeof body, "<Error><Code>%s</Code></Error>", text));
    wp_service_error_parse(&error, body, strlen(body));
    assert_int_equal(strlen(error.code), sizeof error.code - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_errors),
        cmocka_unit_test(cuts_long_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
