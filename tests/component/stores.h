/* stores.h: what the tests of storage backends share (test_store.c). */
#ifndef TESTS_COMPONENT_STORES_H
#define TESTS_COMPONENT_STORES_H

#include <check.h>
#include <component/batch.h>

#define TEA      "tea@rooms.example.org"
#define COFFEE   "coffee@rooms.example.org"
#define OK(call) ck_assert_int_eq((call), STORE_OK)
#define IS(text) ck_assert_str_eq(read_room(TEA), (text))

extern char folder[64], path[160]; /* of this test, and where the store is */
extern char text[4096];            /* what was read last */
extern const store_backend *does;
extern store *s;

/* Opens the store at `path`; makes a folder. */
store_result open_it(store **out);
void make_folder(void);
/* Fetch functions: "kind:bytes " and "jid=name " for each, into `text`. ud of add_piece: how many, or NULL. */
int add_piece(store_kind kind, const char *bytes, size_t n, void *ud);
int add_room(const char *jid, const char *name, void *ud);
const char *read_room(const char *jid);
const char *read_list(const char *after, size_t max);
/* A transaction in which there is a room, TEA. */
void begin(void);
void put(const char *jid, store_kind kind, const char *key, const char *bytes);
void commit(void);
/* Writes a configuration of a room that there is, and once more where the end says that it is lost. */
store_result write_by(store *by, const char *bytes);
void add_document(batch *b, size_t room, const char *bytes);
/* What every backend does. */
void add_store_tests(TCase *c);

#endif
