/* owner_lists.c: owners and admins as fields of the configuration form (XEP-0045 sections 10.1.3 and 10.2).
 *
 * What is submitted are the complete lists: who was an owner and is not among them becomes an admin, who was an admin
 * and is not among them becomes nothing. */
#include <feature/owner.h>
#include <muc/affiliation.h>
#include <muc/room.h>
#include <muc/service.h>

#include <stddef.h>
#include <string.h>

#define OWNERS "muc#roomconfig_roomowners"
#define ADMINS "muc#roomconfig_roomadmins"

enum { BARE_JID_SIZE = 2048 }; /* two parts of 1023 bytes, `@` and NUL */

int mu_owner_may(const muc_event *ev)
{
    return !ev->from || muc_affiliation_get(ev->room, ev->from) == MUC_AFFILIATION_OWNER ||
           muc_service_is_admin(ev->service, ev->from);
}

/* ---- showing ---------------------------------------------------------------------------------------------------- */

/* A list that is too long for a form is left out of it. */
static int add_list(muc_event *ev, const char *var, const char *label, muc_affiliation affiliation)
{
    muc_form *form = ev->as.config->form;
    const muc_field field = {.var = var, .type = MUC_FIELD_JID_MULTI, .label = label};
    int r = muc_form_add(form, &field);
    muc_affiliation_entry entry;
    size_t cursor = 0;
    while (r == MUC_OK && muc_affiliation_next(ev->room, &cursor, &entry))
        if (entry.affiliation == affiliation)
            r = muc_form_add_value(form, var, entry.jid);
    return r == MUC_ERR_LIMIT ? muc_form_remove(form, var) : r;
}

int mu_owner_lists_form(muc_event *ev, void *ud)
{
    (void)ud;
    if (!mu_owner_may(ev))
        return MUC_PASS;
    int r = add_list(ev, ADMINS, "Admins of the room", MUC_AFFILIATION_ADMIN);
    if (r == MUC_OK)
        r = add_list(ev, OWNERS, "Owners of the room", MUC_AFFILIATION_OWNER);
    return r < 0 ? r : MUC_PASS;
}

/* ---- checking --------------------------------------------------------------------------------------------------- */

static int has_owner(muc_room *room)
{
    muc_affiliation_entry entry;
    size_t cursor = 0;
    while (muc_affiliation_next(room, &cursor, &entry))
        if (entry.affiliation == MUC_AFFILIATION_OWNER)
            return 1;
    return 0;
}

int mu_owner_lists_check(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_form *form = ev->as.config->form;
    if (!muc_form_submitted(form, OWNERS) || muc_form_value_count(form, OWNERS) > 0 || !has_owner(ev->room))
        return MUC_PASS;
    return muc_reject(ev, MUC_CONFLICT, "A room needs an owner");
}

/* ---- applying --------------------------------------------------------------------------------------------------- */

/* Copies the bare part of a JID. 0: it is too long to be one. */
static int bare_of(const char *jid, char out[BARE_JID_SIZE])
{
    size_t n = strcspn(jid, "/");
    if (n >= BARE_JID_SIZE)
        return 0;
    memcpy(out, jid, n);
    out[n] = '\0';
    return 1;
}

static int listed(const muc_form *form, const char *var, const char *jid)
{
    size_t n = strlen(jid), count = muc_form_value_count(form, var);
    for (size_t i = 0; i < count; i++) {
        const char *value = muc_form_value(form, var, i);
        if (strncmp(value, jid, n) == 0 && (value[n] == '\0' || value[n] == '/'))
            return 1;
    }
    return 0;
}

/* What an owner or admin is to be. */
static muc_affiliation wanted(const muc_form *form, const muc_affiliation_entry *entry)
{
    int owner = entry->affiliation == MUC_AFFILIATION_OWNER;
    if (owner)
        return !muc_form_submitted(form, OWNERS) || listed(form, OWNERS, entry->jid) ? MUC_AFFILIATION_OWNER
                                                                                     : MUC_AFFILIATION_ADMIN;
    return !muc_form_submitted(form, ADMINS) || listed(form, ADMINS, entry->jid) ? MUC_AFFILIATION_ADMIN
                                                                                 : MUC_AFFILIATION_NONE;
}

static int set(muc_event *ev, const char *actor, const char *jid, muc_affiliation affiliation)
{
    int r = muc_affiliation_set(ev->room, actor, jid, affiliation, NULL);
    if (r < 0)
        return muc_reject_result(ev, r);
    /* He may have been the last one inside, and the room gone with him. */
    return muc_room_find(ev->service, muc_room_jid(ev->room)) == ev->room ? MUC_PASS : MUC_STOP;
}

/* Everybody listed who is less than that. */
static int raise_listed(muc_event *ev, const char *var, muc_affiliation affiliation)
{
    const muc_form *form = ev->as.config->form;
    size_t count = muc_form_submitted(form, var) ? muc_form_value_count(form, var) : 0;
    for (size_t i = 0; i < count; i++) {
        char bare[BARE_JID_SIZE];
        muc_affiliation_entry entry;
        if (!bare_of(muc_form_value(form, var, i), bare))
            return muc_reject_result(ev, MUC_ERR_BAD_JID);
        if (muc_affiliation_find(ev->room, bare, &entry) && entry.affiliation >= affiliation)
            continue;
        int answer = set(ev, ev->from, bare, affiliation);
        if (answer != MUC_PASS)
            return answer;
    }
    return MUC_PASS;
}

/* Who asks comes last, by the service: with what he is to be he could not change the others any more. */
static int lower_others(muc_event *ev)
{
    const muc_form *form = ev->as.config->form;
    char bare[BARE_JID_SIZE];
    muc_affiliation_entry self = {0}, entry;
    int inside = ev->from && bare_of(ev->from, bare) && muc_affiliation_find(ev->room, bare, &self);
    size_t cursor = 0;
    while (muc_affiliation_next(ev->room, &cursor, &entry)) {
        if (entry.affiliation < MUC_AFFILIATION_ADMIN || wanted(form, &entry) == entry.affiliation ||
            (inside && strcmp(entry.jid, self.jid) == 0))
            continue;
        int answer = set(ev, ev->from, entry.jid, wanted(form, &entry));
        if (answer != MUC_PASS)
            return answer;
    }
    if (!inside || self.affiliation < MUC_AFFILIATION_ADMIN || wanted(form, &self) == self.affiliation)
        return MUC_PASS;
    return set(ev, NULL, bare, wanted(form, &self));
}

int mu_owner_lists_effect(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_form *form = ev->as.config->form;
    if (!muc_form_submitted(form, OWNERS) && !muc_form_submitted(form, ADMINS))
        return MUC_PASS;
    int answer = raise_listed(ev, OWNERS, MUC_AFFILIATION_OWNER);
    if (answer == MUC_PASS)
        answer = raise_listed(ev, ADMINS, MUC_AFFILIATION_ADMIN);
    return answer == MUC_PASS ? lower_others(ev) : answer;
}
