/* main.c: runs every unit test suite; the exit status says whether all passed. */
#include "suites.h"

#include <stdlib.h>

static Suite *(*const suites[])(void) = {
    suite_mem,          suite_buf,      suite_map,         suite_tree,        suite_text,      suite_stamp,
    suite_jid,          suite_prep,     suite_names,       suite_xml_read,    suite_xml_write, suite_xml_nomem,
    suite_stanza,       suite_form,     suite_list,        suite_config_hook, suite_journal,   suite_model,
    suite_model_random, suite_weight,   suite_options,     suite_snapshot,    suite_hooks,     suite_hook_calls,
    suite_txn,          suite_delivery, suite_calls_nomem, suite_service,     suite_events,    suite_policy,
    suite_feature,      suite_sweep,    suite_admin,       suite_limits,      suite_record,    suite_feature,
    suite_sweep,        suite_admin,    suite_limits,      suite_tell,        suite_tombstone,
};

int main(void)
{
    SRunner *runner = srunner_create(NULL);
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
        srunner_add_suite(runner, suites[i]());
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
