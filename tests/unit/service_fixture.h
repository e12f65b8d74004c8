/* service_fixture.h: a service with a model and nothing above it, for tests of the model floor. */
#ifndef MU_TESTS_SERVICE_FIXTURE_H
#define MU_TESTS_SERVICE_FIXTURE_H

#include "failing.h"

#include <check.h>

#include <model/model.h>

typedef struct service_fixture {
    failing memory;
    muc_service service;
    const muc_feature *features[3];
    int64_t clock; /* what the host's clock says */
    int asked;     /* how often it was asked */
} service_fixture;

/* Options of the fixture's feature: "public" (flag, on), "title" (text), "limit" (number, 0 to 50, with choices 10 and
 * "none" = 0), "langs" (set of a, b, c), "mode" (choice of slow, fast). */
extern const muc_feature service_fixture_feature;

/* The domain is rooms.example.org; everything has the defaults of the library. */
void service_fixture_setup(service_fixture *f);
/* Ends everything, and fails when memory is left over. */
void service_fixture_teardown(service_fixture *f);
/* Commits what is open, and buries what is gone. */
void service_fixture_commit(service_fixture *f);

muc_room *fixture_room(service_fixture *f, const char *key);
/* An occupant in the room with one session; nick and JID as they are keys. */
muc_occupant *fixture_occupant(muc_room *room, const char *nick, const char *full_jid, muc_role role);

/* A case of a suite, between the two that every test of it has around it. */
TCase *fixture_tests(Suite *suite, const char *name, SFun setup, SFun teardown);

#endif
