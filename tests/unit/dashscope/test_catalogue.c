/* The table of error codes, and what a caller does with an answer that is no success. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "dashscope/catalogue.h"

#include "base/banned.h"

static void every_code_is_there_once(void **state)
{
    (void)state;
    size_t count = 0;
    const struct wp_error_row *rows = wp_error_rows(&count);
    assert_true(count > 50);
    for (size_t i = 0; i < count; i++) {
        assert_true(rows[i].code[0] && wp_text_ends(rows[i].advice, "."));
        assert_true(rows[i].kind != WP_CLASS_OTHER);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(rows[i].code, rows[j].code);
        assert_ptr_equal(wp_error_find(rows[i].code), &rows[i]);
    }
}

/* The codes that the documents name, each with its class. */
static void classifies_codes(void **state)
{
    (void)state;
    static const struct {
        enum wp_error_class kind;
        const char *codes[16];
    } rows[] = {
        {WP_CLASS_AUTH,
         {"InvalidApiKey", "invalid_api_key", "AccessDenied", "AccessDenied.Unpurchased",
          "Model.AccessDenied", "Workspace.AccessDenied", "AllocationQuota.FreeTierOnly"}},
        {WP_CLASS_BILLING,
         {"Arrearage", "PrepaidBillOverdue", "PostpaidBillOverdue", "CommodityNotPurchased"}},
        {WP_CLASS_THROTTLE,
         {"Throttling", "Throttling.RateQuota", "LimitRequests", "limit_requests", "Throttling.BurstRate",
          "limit_burst_rate", "Throttling.Concurrency", "Throttling.SomethingNew"}},
        {WP_CLASS_QUOTA, {"Throttling.AllocationQuota", "insufficient_quota"}},
        {WP_CLASS_PARAMETER,
         {"InvalidParameter", "BadRequest.TooLarge", "InvalidURL", "ModelNotFound", "model_not_found",
          "UnsupportedOperation", "InvalidParameter.SomethingNew"}},
        {WP_CLASS_FETCH,
         {"InvalidParameter.DataInspection", "InvalidURL.Timeout", "InvalidURL.ConnectionRefused",
          "BadRequest.InputDownloadFailed"}},
        {WP_CLASS_CONTENT,
         {"DataInspectionFailed", "IPInfringementSuspect", "FaqRuleBlocked", "CustomRoleBlocked"}},
        {WP_CLASS_FILE,
         {"InvalidFile.Size", "InvalidFile.Format", "InvalidFile.Resolution", "InvalidFile.AspectRatio",
          "InvalidFile.Duration", "InvalidFile.FPS", "InvalidFile.Openerror", "InvalidVideo.Resolution",
          "InvalidVideo.Duration", "InvalidImage.Resolution", "InvalidFile.SomethingNew"}},
        {WP_CLASS_PERSON,
         {"InvalidFile.NoHuman", "InvalidFile.MultiHuman", "InvalidFile.BodyProportion",
          "InvalidFile.FacePose", "InvalidFile.FullFace", "InvalidFile.FrontBody", "InvalidFile.FullBody",
          "InvalidFile.BodyPose", "InvalidFile.Value", "InvalidFile.Content", "InvalidPerson",
          "InvalidImage.NoHumanFace", "InvalidVideo.NoHuman", "InvalidVideo.SomethingNew",
          "InvalidImage.FrontBody"}},
        {WP_CLASS_SERVER,
         {"InternalError", "internal_error", "InternalError.Algo", "InternalError.Timeout",
          "InternalError.Upload", "InternalError.FileUpload", "SystemError", "ModelServiceFailed",
          "RequestTimeOut"}},
        {WP_CLASS_UNAVAILABLE, {"ModelUnavailable", "ModelServingError"}},
        {WP_CLASS_OTHER, {"", "Nonsense", "invalidapikey", "InvalidFileSize", "Throttlings", "InvalidVideo"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t j = 0; j < 16 && rows[i].codes[j]; j++) {
            if (wp_error_classify(400, rows[i].codes[j]) != rows[i].kind)
                fail_msg("%s", rows[i].codes[j]);
        }
    }
}

static void classifies_by_http_status(void **state)
{
    (void)state;
    static const struct {
        long http_status;
        enum wp_error_class kind;
    } rows[] = {
        {400, WP_CLASS_OTHER},       {401, WP_CLASS_AUTH},     {403, WP_CLASS_AUTH},   {404, WP_CLASS_OTHER},
        {408, WP_CLASS_SERVER},      {429, WP_CLASS_THROTTLE}, {500, WP_CLASS_SERVER}, {502, WP_CLASS_SERVER},
        {503, WP_CLASS_UNAVAILABLE}, {504, WP_CLASS_SERVER},   {599, WP_CLASS_SERVER}, {600, WP_CLASS_OTHER},
        {0, WP_CLASS_OTHER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(wp_error_classify(rows[i].http_status, ""), rows[i].kind);
        assert_int_equal(wp_error_classify(rows[i].http_status, "Nonsense"), rows[i].kind);
    }
}

static void judges_answers(void **state)
{
    (void)state;
    static const struct {
        long http_status;
        const char *code;
        enum wp_call_outcome create, other;
    } rows[] = {
        /* Nothing, or nothing that can be read: a task may be there. */
        {0, "", WP_CALL_UNCERTAIN, WP_CALL_TRY_AGAIN},
        {200, "", WP_CALL_UNCERTAIN, WP_CALL_TRY_AGAIN},
        {202, "", WP_CALL_UNCERTAIN, WP_CALL_TRY_AGAIN},
        {408, "", WP_CALL_UNCERTAIN, WP_CALL_TRY_AGAIN},
        {500, "", WP_CALL_UNCERTAIN, WP_CALL_TRY_AGAIN},
        {500, "InternalError", WP_CALL_UNCERTAIN, WP_CALL_TRY_AGAIN},
        {500, "Throttling", WP_CALL_UNCERTAIN, WP_CALL_TRY_AGAIN},
        {502, "", WP_CALL_UNCERTAIN, WP_CALL_TRY_AGAIN},
        {504, "", WP_CALL_UNCERTAIN, WP_CALL_TRY_AGAIN},
        {524, "", WP_CALL_UNCERTAIN, WP_CALL_TRY_AGAIN},
        {400, "RequestTimeOut", WP_CALL_UNCERTAIN, WP_CALL_TRY_AGAIN},
        /* Surely no task, and it may pass. */
        {503, "", WP_CALL_TRY_AGAIN, WP_CALL_TRY_AGAIN},
        {503, "ModelUnavailable", WP_CALL_TRY_AGAIN, WP_CALL_TRY_AGAIN},
        {429, "", WP_CALL_TRY_AGAIN, WP_CALL_TRY_AGAIN},
        {429, "Throttling.RateQuota", WP_CALL_TRY_AGAIN, WP_CALL_TRY_AGAIN},
        {429, "SomethingNew", WP_CALL_TRY_AGAIN, WP_CALL_TRY_AGAIN},
        {429, "Throttling.AllocationQuota", WP_CALL_TRY_AGAIN, WP_CALL_TRY_AGAIN},
        {400, "Throttling", WP_CALL_TRY_AGAIN, WP_CALL_TRY_AGAIN},
        /* Final. */
        {429, "Arrearage", WP_CALL_GIVE_UP, WP_CALL_GIVE_UP},
        {429, "PostpaidBillOverdue", WP_CALL_GIVE_UP, WP_CALL_GIVE_UP},
        {429, "CommodityNotPurchased", WP_CALL_GIVE_UP, WP_CALL_GIVE_UP},
        {301, "", WP_CALL_GIVE_UP, WP_CALL_GIVE_UP},
        {400, "", WP_CALL_GIVE_UP, WP_CALL_GIVE_UP},
        {400, "InvalidParameter", WP_CALL_GIVE_UP, WP_CALL_GIVE_UP},
        {400, "InvalidURL.Timeout", WP_CALL_GIVE_UP, WP_CALL_GIVE_UP},
        {400, "DataInspectionFailed", WP_CALL_GIVE_UP, WP_CALL_GIVE_UP},
        {400, "UnsupportedOperation", WP_CALL_GIVE_UP, WP_CALL_GIVE_UP},
        {401, "InvalidApiKey", WP_CALL_GIVE_UP, WP_CALL_GIVE_UP},
        {403, "", WP_CALL_GIVE_UP, WP_CALL_GIVE_UP},
        {404, "ModelNotFound", WP_CALL_GIVE_UP, WP_CALL_GIVE_UP},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (enum wp_call call = WP_CALL_CREATE; call <= WP_CALL_POLICY; call++) {
            enum wp_call_outcome expected = call == WP_CALL_CREATE ? rows[i].create : rows[i].other;
            if (wp_call_judge(call, rows[i].http_status, rows[i].code) != expected)
                fail_msg("call %d: %ld %s", (int)call, rows[i].http_status, rows[i].code);
        }
    }
}

/* The one that costs money: no answer whatsoever makes a create be sent again that may have made a task. */
static void only_harmless_creates_are_repeated(void **state)
{
    (void)state;
    size_t count = 0;
    const struct wp_error_row *rows = wp_error_rows(&count);
    for (size_t i = 0; i < count; i++) {
        for (long http_status = 0; http_status < 600; http_status++) {
            bool refused =
                (http_status >= 400 && http_status < 500 && http_status != 408) || http_status == 503;
            if (!refused)
                assert_int_not_equal(wp_call_judge(WP_CALL_CREATE, http_status, rows[i].code),
                                     WP_CALL_TRY_AGAIN);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_is_there_once),           cmocka_unit_test(classifies_codes),
        cmocka_unit_test(classifies_by_http_status),          cmocka_unit_test(judges_answers),
        cmocka_unit_test(only_harmless_creates_are_repeated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
