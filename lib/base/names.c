/* names.c: the words for roles and affiliations (XEP-0045 section 5). */
#include <muc/types.h>

#include <string.h>

static const char *const roles[] = {"none", "visitor", "participant", "moderator"};
/* From MUC_AFFILIATION_OUTCAST up. */
static const char *const affiliations[] = {"outcast", "none", "member", "admin", "owner"};

static int find(const char *const *words, int count, const char *name)
{
    for (int i = 0; name && i < count; i++) {
        if (strcmp(words[i], name) == 0)
            return i;
    }
    return -1;
}

const char *muc_role_name(muc_role role)
{
    int i = (int)role;
    return i >= MUC_ROLE_NONE && i <= MUC_ROLE_MODERATOR ? roles[i] : roles[MUC_ROLE_NONE];
}

int muc_role_from_name(const char *name, muc_role *out)
{
    int i = find(roles, MUC_ROLE_MODERATOR + 1, name);
    if (i < 0)
        return 0;
    *out = (muc_role)i;
    return 1;
}

const char *muc_affiliation_name(muc_affiliation affiliation)
{
    int i = (int)affiliation;
    if (i < MUC_AFFILIATION_OUTCAST || i > MUC_AFFILIATION_OWNER)
        i = MUC_AFFILIATION_NONE;
    return affiliations[i - MUC_AFFILIATION_OUTCAST];
}

int muc_affiliation_from_name(const char *name, muc_affiliation *out)
{
    int i = find(affiliations, MUC_AFFILIATION_OWNER - MUC_AFFILIATION_OUTCAST + 1, name);
    if (i < 0)
        return 0;
    *out = (muc_affiliation)(i + MUC_AFFILIATION_OUTCAST);
    return 1;
}
