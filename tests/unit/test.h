/* What every cmocka program of the suite includes. */
#ifndef WP_TESTS_UNIT_TEST_H
#define WP_TESTS_UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#endif
