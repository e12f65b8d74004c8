/* subject.c: who may change the subject (XEP-0045 section 8.1). */
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/option.h>
#include <muc/property.h>

static const muc_option options[] = {
    {.name = "changesubject",
     .type = MUC_OPTION_FLAG,
     .field = "muc#roomconfig_changesubject",
     .label = "Participants may change the subject",
     .rank = MUC_RANK_PERMISSIONS + 30,
     .info_field = "muc#roominfo_subjectmod"},
    {.name = NULL},
};

static int on_pre_subject(muc_event *ev, void *ud)
{
    (void)ud;
    muc_role role = ev->occupant ? muc_occupant_role(ev->occupant) : MUC_ROLE_MODERATOR;
    if (role == MUC_ROLE_MODERATOR || (role == MUC_ROLE_PARTICIPANT && muc_room_get_changesubject(ev->room)))
        return MUC_PASS;
    return muc_reject(ev, MUC_FORBIDDEN, NULL);
}

static const muc_hook_row hooks[] = {
    {MUC_ON_PRE_SUBJECT, NULL, MUC_PRIORITY_ACCESS, on_pre_subject},
    {.fn = NULL},
};

const muc_feature muc_feature_subject = {.name = "subject", .hooks = hooks, .options = options};

int muc_room_get_changesubject(const muc_room *room)
{
    return muc_room_get_number(room, options) != 0;
}

int muc_room_set_changesubject(muc_room *room, int on)
{
    return muc_room_set_number(room, options, on != 0);
}
