/* main.c: the tests of the parts of muc-component. */
#include <stdlib.h>

#include "suites.h"

int main(void)
{
    SRunner *runner = srunner_create(parser_suite());
    srunner_add_suite(runner, store_suite());
    srunner_add_suite(runner, rooms_suite());
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
