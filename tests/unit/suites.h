/* suites.h: the suites that main.c runs, one per file. */
#ifndef MU_TESTS_SUITES_H
#define MU_TESTS_SUITES_H

#include <check.h>

Suite *suite_mem(void);
Suite *suite_buf(void);
Suite *suite_map(void);
Suite *suite_tree(void);
Suite *suite_text(void);
Suite *suite_stamp(void);
Suite *suite_jid(void);
Suite *suite_prep(void);
Suite *suite_names(void);
Suite *suite_xml_read(void);
Suite *suite_xml_write(void);
Suite *suite_xml_nomem(void);
Suite *suite_stanza(void);
Suite *suite_form(void);
Suite *suite_journal(void);
Suite *suite_options(void);
Suite *suite_model(void);
Suite *suite_model_random(void);
Suite *suite_weight(void);
Suite *suite_list(void);
Suite *suite_config_hook(void);
Suite *suite_snapshot(void);
Suite *suite_hooks(void);
Suite *suite_hook_calls(void);
Suite *suite_txn(void);
Suite *suite_delivery(void);
Suite *suite_calls_nomem(void);
Suite *suite_service(void);
Suite *suite_events(void);
Suite *suite_policy(void);
Suite *suite_feature(void);
Suite *suite_admin(void);
Suite *suite_limits(void);
Suite *suite_sweep(void);
Suite *suite_record(void);
Suite *suite_tell(void);
Suite *suite_tombstone(void);

#endif
