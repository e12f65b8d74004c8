/* suites.h: what main.c runs. */
#ifndef TESTS_COMPONENT_SUITES_H
#define TESTS_COMPONENT_SUITES_H

#include <check.h>

Suite *parser_suite(void);
Suite *rooms_suite(void);
Suite *store_suite(void);
/* Of rooms that several processes share (test_sharing.c). */
void add_sharing_tests(Suite *suite);
/* Of a store that several processes share, if there is one (test_pgsql.c). */
void add_shared_tests(Suite *suite);

#endif
