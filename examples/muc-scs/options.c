/* options.c: the options that rooms have, one a line. */
#include <stdio.h>
#include <string.h>

#include "options.h"
#include "shared/load.h"

static const char *const types[] = {
    [MUC_OPTION_FLAG] = "flag",      [MUC_OPTION_NUMBER] = "number", [MUC_OPTION_TEXT] = "text",
    [MUC_OPTION_SECRET] = "secret",  [MUC_OPTION_CHOICE] = "choice", [MUC_OPTION_SET] = "set",
    [MUC_OPTION_JIDS] = "addresses",
};

static int64_t start_of_time(void *ud)
{
    (void)ud;
    return 0;
}

static int no_dice(uint8_t *out, size_t n, void *ud)
{
    (void)ud;
    memset(out, 0, n);
    return 0;
}

static const char *owner_of(const muc_option *row, const muc_feature *const *feature)
{
    for (; feature && *feature; feature++)
        for (const muc_option *own = (*feature)->options; own && own->name; own++)
            if (strcmp(own->name, row->name) == 0)
                return (*feature)->name;
    return NULL;
}

/* The feature that brings a row, or "" for the room itself. */
static const char *feature_of(const muc_option *row)
{
    const char *feature = owner_of(row, muc_features_full());
    if (!feature)
        feature = owner_of(row, loaded_features());
    return feature ? feature : "";
}

static void print_field(const muc_option *row)
{
    if (row->flags & MUC_OPTION_NO_FIELD)
        fputs("\t", stdout);
    else
        printf("%s%s\t", row->field ? row->field : row->name, row->flags & MUC_OPTION_ADMIN_ONLY ? " (admins)" : "");
}

static void print_values(const muc_option *row)
{
    printf("%s", types[row->type]);
    for (const muc_choice *choice = row->choices; choice && choice->value && row->type != MUC_OPTION_NUMBER; choice++)
        printf("%s%s", choice == row->choices ? ": " : ", ", choice->value);
}

/* What it is at first, in the words of the form. */
static void print_first(const muc_option *row, const muc_room *room)
{
    char value[256];
    muc_room_get(room, row, value, sizeof value);
    printf("\t%s", value);
}

int options_print(void)
{
    muc_settings settings;
    muc_callbacks callbacks;
    muc_service *service;
    muc_settings_init(&settings, sizeof settings);
    muc_callbacks_init(&callbacks, sizeof callbacks);
    settings.domain = "conference.localhost";
    settings.extra_features = loaded_features();
    callbacks.now = start_of_time, callbacks.random = no_dice;
    if (muc_service_new(&service, &settings, &callbacks, NULL, NULL) < 0)
        return 3;
    muc_room *room;
    int r = muc_room_create(service, "room@conference.localhost", NULL, 0, &room);
    for (const muc_option *row = NULL; r >= 0 && (row = muc_option_next(service, row)) != NULL;) {
        printf("%s\t", row->name);
        print_field(row);
        print_values(row);
        print_first(row, room);
        printf("\t%s\t%s\n", row->label ? row->label : "", feature_of(row));
    }
    muc_service_free(service);
    return r < 0 ? 3 : 0;
}
