/* disco_info.c: what the service and rooms are and can do (XEP-0045 sections 6.2, 6.4 and 16.5.4, XEP-0128). */
#include <feature/disco.h>
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/option.h>
#include <muc/property.h>
#include <muc/room.h>
#include <muc/service.h>

#include <stddef.h>
#include <string.h>

enum { LOCALPART_SIZE = 1024, WORD_SIZE = 64, BARE_JID_SIZE = 2048 };

const char *mu_decimal(uint64_t number, char out[MU_DECIMAL])
{
    char *p = out + MU_DECIMAL - 1;
    *p = '\0';
    do {
        *--p = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    return p;
}

/* ---- features --------------------------------------------------------------------------------------------------- */

static const char *const *infos_of(const muc_feature *feature, int of_room)
{
    return of_room ? feature->room_info : feature->service_info;
}

/* Whether a string was said by a feature before number `last`, or by that one before `end`. */
static int was_said(const muc_feature *const *all, size_t last, const char *const *end, int of_room)
{
    for (size_t i = 0; i <= last; i++) {
        const char *const *s = infos_of(all[i], of_room);
        for (; s && s != end && *s; s++) {
            if (strcmp(*s, *end) == 0)
                return 1;
        }
    }
    return 0;
}

/* Two features may bring the same string, which is said once. */
static void write_features(muc_event *ev, int of_room, muc_xml *x)
{
    const muc_feature *const *all = muc_service_settings(ev->service)->features;
    for (size_t i = 0; all[i]; i++) {
        for (const char *const *s = infos_of(all[i], of_room); s && *s; s++) {
            if (!was_said(all, i, s, of_room))
                muc_disco_feature_to(ev, *s, x);
        }
    }
}

static int is_on(const muc_room *room, const muc_option *o)
{
    if (o->type == MUC_OPTION_TEXT || o->type == MUC_OPTION_SECRET || o->type == MUC_OPTION_JIDS)
        return *muc_room_get_text(room, o) != '\0';
    return muc_room_get_number(room, o) != 0;
}

static void write_options(muc_event *ev, muc_xml *x)
{
    const muc_option *o = NULL;
    while ((o = muc_option_next(ev->service, o))) {
        const char *var = is_on(ev->room, o) ? o->info_on : o->info_off;
        if (var)
            muc_disco_feature_to(ev, var, x);
    }
}

/* ---- identity --------------------------------------------------------------------------------------------------- */

static void write_identity(const char *name, muc_xml *x)
{
    muc_xml_open(x, "identity", NULL);
    muc_xml_attr(x, "category", "conference");
    muc_xml_attr(x, "type", "text");
    muc_xml_attr(x, "name", name);
    muc_xml_close(x);
}

/* A room without a name goes by its localpart. */
static void write_room_identity(const muc_room *room, muc_xml *x)
{
    const char *name = muc_room_get_name(room);
    const char *jid = muc_room_jid(room);
    char local[LOCALPART_SIZE];
    size_t n = strcspn(jid, "@");
    if (!*name && n < sizeof local) {
        memcpy(local, jid, n);
        local[n] = '\0';
        name = local;
    }
    write_identity(name, x);
}

void mu_disco_describe(muc_event *ev, muc_xml *x)
{
    if (!ev->room) {
        write_identity(muc_service_name(ev->service), x);
        write_features(ev, 0, x);
        return;
    }
    write_room_identity(ev->room, x);
    write_features(ev, 1, x);
    write_options(ev, x);
}

/* ---- form ------------------------------------------------------------------------------------------------------- */

static void open_field(const char *var, const char *type, const char *label, muc_xml *x)
{
    muc_xml_open(x, "field", NULL);
    muc_xml_attr(x, "var", var);
    muc_xml_attr(x, "type", type);
    muc_xml_attr(x, "label", label);
}

static void write_field(const char *var, const char *type, const char *label, const char *value, muc_xml *x)
{
    open_field(var, type, label, x);
    muc_xml_leaf(x, "value", value);
    muc_xml_close(x);
}

/* The chosen ones of a list. */
static void write_choices(const muc_option *o, int64_t value, muc_xml *x)
{
    int many = o->type == MUC_OPTION_SET;
    open_field(o->info_field, many ? "list-multi" : "list-single", o->label, x);
    for (int i = 0; o->choices && o->choices[i].value; i++) {
        if (many ? (value >> i) & 1 : value == i)
            muc_xml_leaf(x, "value", o->choices[i].value);
    }
    muc_xml_close(x);
}

static void write_words(const muc_option *o, const char *type, const char *text, muc_xml *x)
{
    char jid[BARE_JID_SIZE];
    open_field(o->info_field, type, o->label, x);
    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        size_t n = strcspn(text, " ");
        if (n < sizeof jid) {
            memcpy(jid, text, n);
            jid[n] = '\0';
            muc_xml_leaf(x, "value", jid);
        }
        text += n;
    }
    muc_xml_close(x);
}

/* Secrets are told to nobody. */
static void write_option(const muc_room *room, const muc_option *o, muc_xml *x)
{
    char word[WORD_SIZE];
    switch (o->type) {
    case MUC_OPTION_TEXT:
        if (o->flags & MUC_OPTION_INFO_WORDS)
            write_words(o, "text-multi", muc_room_get_text(room, o), x);
        else
            write_field(o->info_field, "text-single", o->label, muc_room_get_text(room, o), x);
        break;
    case MUC_OPTION_FLAG:
        write_field(o->info_field, "boolean", o->label, (o->info ? o->info(room) : is_on(room, o)) ? "1" : "0", x);
        break;
    case MUC_OPTION_NUMBER:
        if (muc_room_get(room, o, word, sizeof word) < sizeof word)
            write_field(o->info_field, "text-single", o->label, word, x);
        break;
    case MUC_OPTION_CHOICE:
    case MUC_OPTION_SET:
        write_choices(o, muc_room_get_number(room, o), x);
        break;
    case MUC_OPTION_JIDS:
        write_words(o, "jid-multi", muc_room_get_text(room, o), x);
        break;
    case MUC_OPTION_SECRET:
        break;
    }
}

void mu_disco_form(muc_event *ev, muc_xml *x)
{
    muc_room *room = ev->room;
    char digits[MU_DECIMAL];
    const muc_option *o = NULL;
    muc_xml_open(x, "x", MUC_NS_DATA);
    muc_xml_attr(x, "type", "result");
    write_field("FORM_TYPE", "hidden", NULL, MUC_NS "#roominfo", x);
    while ((o = muc_option_next(muc_room_service(room), o))) {
        if (o->info_field && (is_on(room, o) || !(o->flags & MUC_OPTION_INFO_WHEN_SET)))
            write_option(room, o, x);
    }
    if (muc_room_get_public_subject(room))
        write_field("muc#roominfo_subject", "text-single", "Subject", muc_room_get_subject(room, NULL, NULL), x);
    if (mu_disco_tells_count(ev))
        write_field("muc#roominfo_occupants", "text-single", "Number of occupants",
                    mu_decimal(muc_occupant_count(room), digits), x);
    muc_xml_close(x);
}
