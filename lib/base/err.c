/* err.c: results and stanza error conditions as words (RFC 6120 section 8.3.3), and the map between the two. */
#include <muc/error.h>

#include <stdbool.h>
#include <string.h>

static const struct result {
    int value;
    bool temporary;
    muc_condition condition; /* 0: no failure */
    const char *text;
} results[] = {
    {MUC_OK, false, 0, "done"},
    {MUC_CHANGED, false, 0, "changed"},
    {MUC_QUEUED, false, 0, "runs after the current change"},
    {MUC_NOT_MINE, false, 0, "the stanza is for another domain"},
    {MUC_INCOMPLETE, false, 0, "done, but a handler or the send callback failed afterwards"},
    {MUC_ERR_INVALID, false, MUC_BAD_REQUEST, "invalid argument"},
    {MUC_ERR_MALFORMED, false, MUC_BAD_REQUEST, "not a stanza that is taken: its XML, its `from` or its depth"},
    {MUC_ERR_TOO_BIG, false, MUC_POLICY_VIOLATION, "larger than the settings allow"},
    {MUC_ERR_BAD_JID, false, MUC_JID_MALFORMED, "invalid JID or nickname"},
    {MUC_ERR_NOT_FOUND, false, MUC_ITEM_NOT_FOUND, "not found"},
    {MUC_ERR_EXISTS, false, MUC_CONFLICT, "exists already"},
    {MUC_ERR_FORBIDDEN, false, MUC_FORBIDDEN, "the actor lacks the privilege"},
    {MUC_ERR_NOT_ALLOWED, false, MUC_NOT_ALLOWED, "not allowed against this target"},
    {MUC_ERR_CONFLICT, false, MUC_CONFLICT, "conflict"},
    {MUC_ERR_REJECTED, false, MUC_NOT_ALLOWED, "rejected by a handler"},
    {MUC_ERR_BUSY, true, MUC_RESOURCE_CONSTRAINT, "not possible now: called from a handler, or output is waiting"},
    {MUC_ERR_STORE, true, MUC_INTERNAL_SERVER_ERROR, "the change could not be stored"},
    {MUC_ERR_LIMIT, false, MUC_RESOURCE_CONSTRAINT, "a limit is reached"},
    {MUC_ERR_PENDING, true, MUC_RESOURCE_CONSTRAINT, "somebody else answers later"},
    {MUC_ERR_ELSEWHERE, false, MUC_INTERNAL_SERVER_ERROR, "another service has the room in memory"},
    {MUC_ERR_NOMEM, true, MUC_INTERNAL_SERVER_ERROR, "out of memory"},
    {MUC_ERR_HOST, true, MUC_INTERNAL_SERVER_ERROR, "a callback of the host failed"},
};

/* By condition, from MUC_BAD_REQUEST. */
static const struct condition {
    const char *name;
    muc_error_type type;
} conditions[] = {
    {"bad-request", MUC_ERROR_MODIFY},
    {"conflict", MUC_ERROR_CANCEL},
    {"feature-not-implemented", MUC_ERROR_CANCEL},
    {"forbidden", MUC_ERROR_AUTH},
    {"gone", MUC_ERROR_CANCEL},
    {"internal-server-error", MUC_ERROR_CANCEL},
    {"item-not-found", MUC_ERROR_CANCEL},
    {"jid-malformed", MUC_ERROR_MODIFY},
    {"not-acceptable", MUC_ERROR_MODIFY},
    {"not-allowed", MUC_ERROR_CANCEL},
    {"not-authorized", MUC_ERROR_AUTH},
    {"policy-violation", MUC_ERROR_MODIFY},
    {"recipient-unavailable", MUC_ERROR_WAIT},
    {"redirect", MUC_ERROR_MODIFY},
    {"registration-required", MUC_ERROR_AUTH},
    {"remote-server-not-found", MUC_ERROR_CANCEL},
    {"remote-server-timeout", MUC_ERROR_WAIT},
    {"resource-constraint", MUC_ERROR_WAIT},
    {"service-unavailable", MUC_ERROR_CANCEL},
    {"subscription-required", MUC_ERROR_AUTH},
    {"undefined-condition", MUC_ERROR_CANCEL},
    {"unexpected-request", MUC_ERROR_WAIT},
};

static const struct result *find(int value)
{
    for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
        if (results[i].value == value)
            return &results[i];
    }
    return NULL;
}

const char *muc_strerror(int result)
{
    const struct result *r = find(result);
    return r ? r->text : "unknown result";
}

int muc_is_temporary(int result)
{
    const struct result *r = find(result);
    return r && r->temporary;
}

static bool known(muc_condition condition)
{
    return (int)condition >= MUC_BAD_REQUEST && (int)condition <= MUC_UNEXPECTED_REQUEST;
}

const char *muc_condition_name(muc_condition condition)
{
    return known(condition) ? conditions[condition - MUC_BAD_REQUEST].name : NULL;
}

muc_condition muc_condition_from_name(const char *name)
{
    for (int i = MUC_BAD_REQUEST; name && i <= MUC_UNEXPECTED_REQUEST; i++) {
        if (strcmp(conditions[i - MUC_BAD_REQUEST].name, name) == 0)
            return (muc_condition)i;
    }
    return (muc_condition)0;
}

muc_error_type muc_condition_type(muc_condition condition)
{
    return known(condition) ? conditions[condition - MUC_BAD_REQUEST].type : MUC_ERROR_CANCEL;
}

muc_condition muc_condition_of(int result)
{
    const struct result *r = find(result);
    if (r)
        return r->condition;
    return result < 0 ? MUC_INTERNAL_SERVER_ERROR : (muc_condition)0;
}
