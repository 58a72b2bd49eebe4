/* The upload policy and the form post that uses it. Error codes and their texts are those of Alibaba Cloud
 * OSS, PostObject. */
#include <string.h>

#include "base/text.h"
#include "sandbox/service.h"

#include "base/banned.h"

void sb_serve_policy(struct sb_service *service, struct sb_request *request, struct sb_answer *answer)
{
    const char *action = sb_request_argument(request, "action");
    const char *model = sb_request_argument(request, "model");
    if (!action || strcmp(action, "getPolicy") != 0) {
        sb_refuse(answer, request, 400, "InvalidParameter", "The parameter action must be getPolicy.");
        return;
    }
    if (!model || !*model) {
        sb_refuse(answer, request, 400, "InvalidParameter", "The parameter model is missing.");
        return;
    }
    if (strcmp(model, SB_MODEL) != 0) {
        sb_refuse(answer, request, 404, "ModelNotFound", "Model not exist: %s.", model);
        return;
    }
    int64_t lifetime = service->config->policy_lifetime_ms;
    const struct sb_policy *policy =
        sb_storage_issue(&service->storage, request->now_ms, request->wall_ms, lifetime);
    if (!policy) {
        sb_refuse(answer, request, 500, "InternalError", "The sandbox has no room for more policies.");
        return;
    }
    struct wp_json_writer writer = sb_answer_json(answer);
    wp_json_begin_object(&writer, service->config->policy_shape == SB_POLICY_DATA ? "data" : "output");
    wp_json_put_text(&writer, "policy", policy->token);
    wp_json_put_text(&writer, "signature", policy->signature);
    wp_json_put_text(&writer, "upload_dir", policy->upload_dir);
    wp_json_put_text(&writer, "upload_host", service->root);
    wp_json_put_integer(&writer, "expire_in_seconds", lifetime / 1000);
    wp_json_put_integer(&writer, "max_file_size_mb", SB_MAX_FILE_MB);
    wp_json_put_integer(&writer, "capacity_limit_mb", 999999999);
    wp_json_put_text(&writer, "oss_access_key_id", SB_ACCESS_KEY_ID);
    wp_json_put_text(&writer, "x_oss_object_acl", SB_OBJECT_ACL);
    wp_json_put_text(&writer, "x_oss_forbid_overwrite", "true");
    wp_json_end_object(&writer);
    sb_answer_json_end(answer, &writer, request->id);
}

/* The form itself: whole, one file, last. */
static bool check_form(const struct sb_request *request, struct sb_answer *answer)
{
    const struct sb_form *form = request->form;
    if (sb_request_header(request, "Authorization")) {
        sb_refuse(answer, request, 400, "InvalidArgument",
                  "Only one auth mechanism allowed: the form's signature or the Authorization header.");
        return false;
    }
    if (!form || !form->well_formed) {
        sb_refuse(answer, request, 400, "MalformedPOSTRequest",
                  "The body of your POST request is not well-formed multipart/form-data.");
        return false;
    }
    if (form->overflow) {
        sb_refuse(answer, request, 400, "FieldItemTooLong",
                  "The form has more than %d fields, or one of more than %d bytes.", SB_FORM_MAX_FIELDS,
                  SB_FORM_MAX_VALUE - 1);
        return false;
    }
    if (form->files != 1) {
        sb_refuse(answer, request, 400, "IncorrectNumberOfFilesInPOSTRequest",
                  "POST requires exactly one file upload per request.");
        return false;
    }
    if (!form->file_last) {
        sb_refuse(answer, request, 400, "MalformedPOSTRequest",
                  "The field file must be the last field of the form.");
        return false;
    }
    return true;
}

/* A field that must be there; NULL, and the refusal made, if it is not. */
static const char *need(const struct sb_request *request, struct sb_answer *answer, const char *name)
{
    const char *value = sb_form_value(request->form, name);
    if (!value)
        sb_refuse(answer, request, 400, "MissingArgument", "The form field %s is missing.", name);
    return value;
}

/* The policy that the form was signed by; NULL, and the refusal made, if it does not hold. */
static const struct sb_policy *check_signature(const struct sb_service *service,
                                               const struct sb_request *request, struct sb_answer *answer)
{
    const char *id = need(request, answer, "OSSAccessKeyId");
    const char *signature = id ? need(request, answer, "Signature") : NULL;
    const char *token = signature ? need(request, answer, "policy") : NULL;
    if (!token)
        return NULL;
    const struct sb_policy *policy = sb_storage_policy(&service->storage, token);
    if (strcmp(id, SB_ACCESS_KEY_ID) != 0) {
        sb_refuse(answer, request, 403, "InvalidAccessKeyId",
                  "The OSS Access Key Id you provided does not exist in our records.");
        return NULL;
    }
    if (!policy || strcmp(policy->signature, signature) != 0) {
        sb_refuse(answer, request, 403, "SignatureDoesNotMatch",
                  "The request signature we calculated does not match the signature you provided.");
        return NULL;
    }
    if (request->now_ms >= policy->expires_ms) {
        sb_refuse(answer, request, 403, "AccessDenied", "Invalid according to Policy: Policy expired.");
        return NULL;
    }
    return policy;
}

/* The conditions of the policy; the key if they hold, else NULL, and the refusal made. */
static const char *check_conditions(const struct sb_policy *policy, const struct sb_request *request,
                                    struct sb_answer *answer)
{
    static const struct {
        const char *name, *value;
    } fixed[] = {{"x-oss-object-acl", SB_OBJECT_ACL}, {"x-oss-forbid-overwrite", "true"}};
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        const char *value = need(request, answer, fixed[i].name);
        if (!value)
            return NULL;
        if (strcmp(value, fixed[i].value) != 0) {
            sb_refuse(answer, request, 403, "AccessDenied",
                      "Invalid according to Policy: Policy Condition failed: [\"eq\", \"$%s\", \"%s\"]",
                      fixed[i].name, fixed[i].value);
            return NULL;
        }
    }
    const char *key = need(request, answer, "key");
    if (!key)
        return NULL;
    size_t dir = strlen(policy->upload_dir);
    if (!wp_text_starts(key, policy->upload_dir) || key[dir] != '/') {
        sb_refuse(
            answer, request, 403, "AccessDenied",
            "Invalid according to Policy: Policy Condition failed: [\"starts-with\", \"$key\", \"%s/\"]",
            policy->upload_dir);
        return NULL;
    }
    if (key[dir + 1] == '\0' || strlen(key) >= SB_MAX_KEY || strstr(key, "//")) {
        sb_refuse(answer, request, 400, "InvalidObjectName", "The specified object name is not valid.");
        return NULL;
    }
    return key;
}

void sb_serve_upload(struct sb_service *service, struct sb_request *request, struct sb_answer *answer)
{
    if (!check_form(request, answer))
        return;
    const struct sb_policy *policy = check_signature(service, request, answer);
    const char *key = policy ? check_conditions(policy, request, answer) : NULL;
    if (!key)
        return;
    if (request->form->bytes > (uint64_t)SB_MAX_FILE_MB << 20) {
        sb_refuse(answer, request, 400, "EntityTooLarge",
                  "Your proposed upload exceeds the maximum allowed size of %d MB.", SB_MAX_FILE_MB);
        return;
    }
    if (sb_storage_find(&service->storage, key, request->now_ms)) {
        sb_refuse(answer, request, 409, "FileAlreadyExists",
                  "The object you specified already exists and can not be overwritten.");
        return;
    }
    if (!sb_storage_store(&service->storage, key, request->form, request->now_ms)) {
        sb_refuse(answer, request, 500, "InternalError", "The sandbox has no room for more objects.");
        return;
    }
    const char *wanted = sb_form_value(request->form, "success_action_status");
    answer->status = wanted && strcmp(wanted, "200") == 0 ? 200 : 204;
}
