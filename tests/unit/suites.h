/* suites.h: the suites that main.c runs, one per file. */
#ifndef MU_TESTS_SUITES_H
#define MU_TESTS_SUITES_H

#include <check.h>

#define SUITE(name) Suite *suite_##name(void);
#include "suites.inc"
#undef SUITE

#endif
