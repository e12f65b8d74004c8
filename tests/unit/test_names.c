/* test_names.c: results, conditions, roles and affiliations as words; the version. */
#include "suites.h"

#include <muc/error.h>
#include <muc/version.h>
#include <stdbool.h>
#include <string.h>

START_TEST(roles)
{
    static const char *const words[] = {"none", "visitor", "participant", "moderator"};
    for (int i = 0; i < 4; i++) {
        ck_assert_str_eq(muc_role_name((muc_role)i), words[i]);
        muc_role role = MUC_ROLE_NONE;
        ck_assert_int_eq(muc_role_from_name(words[i], &role), 1);
        ck_assert_int_eq(role, i);
    }
    muc_role kept = MUC_ROLE_VISITOR;
    ck_assert_str_eq(muc_role_name((muc_role)9), "none");
    ck_assert_int_eq(muc_role_from_name("owner", &kept), 0);
    ck_assert_int_eq(muc_role_from_name("Visitor", &kept), 0);
    ck_assert_int_eq(muc_role_from_name("", &kept), 0);
    ck_assert_int_eq(muc_role_from_name(NULL, &kept), 0);
    ck_assert_int_eq(kept, MUC_ROLE_VISITOR);
}
END_TEST

START_TEST(affiliations)
{
    static const char *const words[] = {"outcast", "none", "member", "admin", "owner"};
    for (int i = 0; i < 5; i++) {
        muc_affiliation a = MUC_AFFILIATION_NONE;
        ck_assert_str_eq(muc_affiliation_name((muc_affiliation)(i - 1)), words[i]);
        ck_assert_int_eq(muc_affiliation_from_name(words[i], &a), 1);
        ck_assert_int_eq(a, i - 1);
    }
    muc_affiliation kept = MUC_AFFILIATION_ADMIN;
    ck_assert_str_eq(muc_affiliation_name((muc_affiliation)7), "none");
    ck_assert_int_eq(muc_affiliation_from_name("moderator", &kept), 0);
    ck_assert_int_eq(muc_affiliation_from_name(NULL, &kept), 0);
    ck_assert_int_eq(kept, MUC_AFFILIATION_ADMIN);
}
END_TEST

START_TEST(conditions)
{
    for (int i = MUC_BAD_REQUEST; i <= MUC_UNEXPECTED_REQUEST; i++) {
        const char *name = muc_condition_name((muc_condition)i);
        ck_assert_ptr_nonnull(name);
        ck_assert_int_eq(muc_condition_from_name(name), i);
        ck_assert_int_ne(muc_condition_type((muc_condition)i), MUC_ERROR_DEFAULT);
    }
    ck_assert_str_eq(muc_condition_name(MUC_UNEXPECTED_REQUEST), "unexpected-request");
    ck_assert_str_eq(muc_condition_name(MUC_JID_MALFORMED), "jid-malformed");
    ck_assert_str_eq(muc_condition_name(MUC_REGISTRATION_REQUIRED), "registration-required");
    ck_assert_int_eq(muc_condition_type(MUC_JID_MALFORMED), MUC_ERROR_MODIFY);
    ck_assert_int_eq(muc_condition_type(MUC_FORBIDDEN), MUC_ERROR_AUTH);
    ck_assert_int_eq(muc_condition_type(MUC_CONFLICT), MUC_ERROR_CANCEL);
    ck_assert_int_eq(muc_condition_type(MUC_RESOURCE_CONSTRAINT), MUC_ERROR_WAIT);
    ck_assert_ptr_null(muc_condition_name((muc_condition)0));
    ck_assert_ptr_null(muc_condition_name((muc_condition)99));
    ck_assert_int_eq(muc_condition_from_name("no-such-thing"), 0);
    ck_assert_int_eq(muc_condition_from_name(NULL), 0);
}
END_TEST

START_TEST(results)
{
    for (int r = -200; r < 20; r++) {
        const char *text = muc_strerror(r);
        ck_assert_ptr_nonnull(text);
        bool known = (r >= MUC_ERR_ELSEWHERE && r <= MUC_INCOMPLETE) || r == MUC_ERR_NOMEM || r == MUC_ERR_HOST;
        ck_assert_int_eq(strcmp(text, "unknown result") != 0, known);
        if (r < 0)
            ck_assert_ptr_nonnull(muc_condition_name(muc_condition_of(r)));
        else
            ck_assert_int_eq(muc_condition_of(r), 0);
    }
    ck_assert_int_eq(muc_condition_of(MUC_ERR_FORBIDDEN), MUC_FORBIDDEN);
    ck_assert_int_eq(muc_condition_of(MUC_ERR_NOMEM), MUC_INTERNAL_SERVER_ERROR);
    ck_assert_int_eq(muc_condition_of(-77), MUC_INTERNAL_SERVER_ERROR);
    ck_assert(muc_is_temporary(MUC_ERR_NOMEM));
    ck_assert(muc_is_temporary(MUC_ERR_BUSY));
    ck_assert(muc_is_temporary(MUC_ERR_HOST));
    ck_assert(!muc_is_temporary(MUC_ERR_FORBIDDEN));
    ck_assert(!muc_is_temporary(MUC_OK));
    ck_assert(!muc_is_temporary(-77));
}
END_TEST

START_TEST(version)
{
    ck_assert_str_eq(muc_version(), MUC_VERSION);
}
END_TEST

Suite *suite_names(void)
{
    Suite *s = suite_create("names");
    TCase *c = tcase_create("names");
    tcase_add_test(c, roles);
    tcase_add_test(c, affiliations);
    tcase_add_test(c, conditions);
    tcase_add_test(c, results);
    tcase_add_test(c, version);
    suite_add_tcase(s, c);
    return s;
}
