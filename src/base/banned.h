/*
 * Functions that are easy to get wrong are compile errors here. Included last by every .c file of the
 * project.
 */
#ifndef WP_BASE_BANNED_H
#define WP_BASE_BANNED_H

/* With clang the C library's hardened forms are macros, and a macro cannot be poisoned. */
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok
#pragma GCC poison atoi atol atoll atof sscanf
#pragma GCC poison gmtime localtime ctime asctime
#pragma GCC poison tmpnam tempnam mktemp

#endif
