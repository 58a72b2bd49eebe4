/*
 * Shared libraries that are loaded when one of their functions is called for the first time.
 *
 * The loader binds FFmpeg's 130 libraries or libcurl's 31 before main() runs, which takes most of the time of
 * a short command, whether they are called or not. So the program is not linked with them: late.cmake lists
 * the functions of theirs that libwanprep calls, and trampoline.S has a function of the same name for each,
 * which jumps to where wp_late_load() found the real one. Nothing else in the code knows of it, and a program
 * that embeds libwanprep links as usual.
 *
 * LATE_LIBRARY(index, soname, first, count): its functions are [first, first + count)
 * LATE_FUNCTION(index, library, name)
 */
#ifndef WP_LATE_LATE_H
#define WP_LATE_LATE_H

/** Where each function is; before its library was loaded, code that has it loaded. */
extern void *wp_late_slots[];

/** Loads the library of a function, fills the slots of all of its functions, and returns the address of this
 * one. Where that cannot be, the installation is broken: says so on stderr, and ends the process with 70. */
void *wp_late_load(unsigned long function);

#endif
