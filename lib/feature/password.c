/* password.c: rooms that ask for a password (XEP-0045 sections 7.2.5 and 10.1.3). */
#include <muc/feature.h>
#include <muc/option.h>
#include <muc/property.h>
#include <muc/service.h>

#include <string.h>

#define SECRET    "muc#roomconfig_roomsecret"
#define PROTECTED "muc#roomconfig_passwordprotectedroom"

static int64_t most(const muc_settings *settings)
{
    return (int64_t)settings->max_password_bytes;
}

static const muc_option options[] = {
    {.name = "password",
     .type = MUC_OPTION_SECRET,
     .field = SECRET,
     .label = "Password",
     .rank = MUC_RANK_ACCESS + 20,
     .max_length = 1024,
     .most = most,
     .info_on = "muc_passwordprotected",
     .info_off = "muc_unsecured"},
    {.name = NULL},
};

/* ---- entry ------------------------------------------------------------------------------------------------------ */

/* In a time that depends on the length of what was given alone. */
static int equal(const char *given, const char *secret)
{
    size_t n = strlen(given), m = strlen(secret);
    unsigned differ = n != m;
    for (size_t i = 0; i < n; i++)
        differ |= (unsigned char)given[i] ^ (unsigned char)secret[m > 0 ? i % m : 0];
    return differ == 0;
}

static int on_pre_join(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_join_event *join = ev->as.join;
    const char *secret = muc_room_get_password(ev->room);
    if (secret[0] == '\0' || join->new_room || join->resync ||
        (!muc_service_settings(ev->service)->admins_need_password && muc_service_is_admin(ev->service, join->jid)))
        return MUC_PASS;
    if (join->password && equal(join->password, secret))
        return MUC_PASS;
    return muc_reject(ev, MUC_NOT_AUTHORIZED, NULL);
}

/* ---- configuration ---------------------------------------------------------------------------------------------- */

/* The field that clients show as a switch: not an option of its own, since an empty password says the same. */
static int on_form(muc_event *ev, void *ud)
{
    (void)ud;
    muc_form *form = ev->as.config->form;
    if (!muc_form_has(form, SECRET))
        return MUC_PASS;
    const muc_field field = {
        .var = PROTECTED,
        .type = MUC_FIELD_BOOLEAN,
        .label = "A password is needed to enter",
        .value = muc_form_text(form, SECRET)[0] != '\0' ? "1" : "0",
        .before = SECRET,
    };
    int r = muc_form_add(form, &field);
    return r < 0 ? r : MUC_PASS;
}

static int blank(const char *text)
{
    return text[strspn(text, " \t")] == '\0';
}

static int on_check(muc_event *ev, void *ud)
{
    (void)ud;
    muc_form *form = ev->as.config->form;
    if (!muc_form_submitted(form, PROTECTED))
        return MUC_PASS;
    if (!muc_form_flag(form, PROTECTED)) {
        int r = muc_form_set(form, SECRET, "");
        return r < 0 ? r : MUC_PASS;
    }
    if (!blank(muc_form_text(form, SECRET)))
        return MUC_PASS;
    return muc_reject_as(ev, MUC_NOT_ACCEPTABLE, MUC_ERROR_MODIFY, "The password is blank");
}

static const muc_hook_row hooks[] = {
    {MUC_ON_PRE_JOIN, NULL, MUC_PRIORITY_PASSWORD, on_pre_join},
    {MUC_ON_CONFIG_FORM, NULL, MUC_PRIORITY_DEFAULT, on_form},
    {MUC_ON_CONFIG_CHECK, NULL, MUC_PRIORITY_VALIDATE, on_check},
    {.fn = NULL},
};

const muc_feature muc_feature_password = {.name = "password", .hooks = hooks, .options = options};

const char *muc_room_get_password(const muc_room *room)
{
    return muc_room_get_text(room, options);
}

int muc_room_set_password(muc_room *room, const char *password)
{
    return muc_room_set_text(room, options, password);
}
