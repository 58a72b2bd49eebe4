/*
 * wanprep: preflight and job runner for wan2.2-animate-move. This header includes all the others.
 *
 *     struct wp_preflight_options options = WP_PREFLIGHT_DEFAULTS;
 *     struct wp_preflight *preflight = malloc(sizeof *preflight);
 *     struct wp_error error;
 *     if (wp_preflight_run(preflight, "person.jpg", "dance.mp4", &options, &error) != WP_OK)
 *         fprintf(stderr, "%s\n", error.message);
 *     else if (preflight->verdict == WP_VERDICT_ACCEPT)
 *         puts("the service would take it");
 */
#ifndef WANPREP_WANPREP_H
#define WANPREP_WANPREP_H

#include "wanprep/batch.h"
#include "wanprep/client.h"
#include "wanprep/content.h"
#include "wanprep/facts.h"
#include "wanprep/findings.h"
#include "wanprep/job.h"
#include "wanprep/limits.h"
#include "wanprep/log.h"
#include "wanprep/manifest.h"
#include "wanprep/preflight.h"
#include "wanprep/reference.h"
#include "wanprep/report.h"
#include "wanprep/results.h"
#include "wanprep/status.h"
#include "wanprep/task.h"

#endif
