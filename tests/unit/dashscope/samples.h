/* Answers of the service as its reference shows them. */
#ifndef WP_TESTS_DASHSCOPE_SAMPLES_H
#define WP_TESTS_DASHSCOPE_SAMPLES_H

#define CREATE_ANSWER                                                                                        \
    "{\"output\":{\"task_id\":\"0385dc79-5ff8-4d82-bcb6-1\",\"task_status\":"                                \
    "\"PENDING\"},\"request_id\":\"4909100c-7b5a\"}"

#define QUERY_ANSWER                                                                                         \
    "{\"request_id\":\"r-1\",\"output\":{\"task_id\":\"t-1\",\"task_status\":\"SUCCEEDED\",\"submit_time\":" \
    "\"2025-09-18 19:32:00.105\","                                                                           \
    "\"scheduled_time\":\"2025-09-18 19:32:15.066\",\"end_time\":\"2025-09-18 19:34:41.898\","               \
    "\"results\":{\"video_url\":\"http://oss.example.com/a.mp4?Expires=1&Signature=a%2Bb%3D\"}},"            \
    "\"usage\":{\"video_duration\":5.2,\"video_ratio\":\"standard\"}}"

#define POLICY_ANSWER                                                                                        \
    "{\"request_id\":\"r-2\",\"data\":{\"policy\":\"eyJleHA=\",\"signature\":\"g5K/"                         \
    "d=\",\"upload_dir\":\"dashscope-instant/abc/2025-09-18\","                                              \
    "\"upload_host\":\"https://"                                                                             \
    "dashscope-file.oss-cn-beijing.aliyuncs.com\",\"expire_in_seconds\":300,\"max_file_size_mb\":1024,"      \
    "\"oss_access_key_id\":\"LTAI5\",\"x_oss_object_acl\":\"private\",\"x_oss_forbid_overwrite\":\"true\"}}"

#define LIST_ANSWER                                                                                          \
    "{\"request_id\":\"r-3\",\"total\":2,\"total_page\":1,\"page_no\":1,\"page_size\":10,\"data\":["         \
    "{\"task_id\":\"t-1\",\"status\":\"SUCCEEDED\",\"model_name\":\"wan2.2-animate-move\",\"gmt_create\":"   \
    "1758195120105,"                                                                                         \
    "\"start_time\":1758195135066,\"end_time\":1758195281898,\"region\":\"cn-beijing\",\"request_id\":\"r-"  \
    "1\"},"                                                                                                  \
    "{\"task_id\":\"t-2\",\"status\":\"SLEEPING\"}]}"

#endif
