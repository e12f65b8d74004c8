/* host.c: a host that writes down what it is given. */
#include "host.h"
#include "model_dump.h"

#include <stdio.h>
#include <string.h>

host world;

void note(const char *text)
{
    size_t n = strlen(text);
    ck_assert_uint_lt(world.log_n + n + 2, LOG_SIZE);
    memcpy(world.log + world.log_n, text, n);
    world.log_n += n;
    world.log[world.log_n++] = '\n';
    world.log[world.log_n] = '\0';
}

void forget(void)
{
    world.log_n = 0;
    world.log[0] = '\0';
}

void said(const char *text)
{
    ck_assert_msg(strstr(world.log, text) != NULL, "no %s in:\n%s", text, world.log);
}

void unsaid(const char *text)
{
    ck_assert_msg(strstr(world.log, text) == NULL, "%s in:\n%s", text, world.log);
}

size_t place(const char *text)
{
    said(text);
    return (size_t)(strstr(world.log, text) - world.log);
}

size_t times(const char *text)
{
    size_t n = 0;
    for (const char *p = strstr(world.log, text); p; p = strstr(p + 1, text))
        n++;
    return n;
}

/* ---- callbacks --------------------------------------------------------------------------------------------------- */

/* As many are given by the batch as one by one. */
static size_t in_batches(const muc_delivery *d)
{
    size_t all = 0;
    for (size_t n; muc_delivery_to(d, all, &n); all += n)
        ck_assert_uint_gt(n, 0);
    return all;
}

static int on_send(muc_service *service, const muc_delivery *d, void *ud)
{
    ck_assert_ptr_eq(ud, &world);
    ck_assert_ptr_eq(service, world.service);
    ck_assert_uint_eq(in_batches(d), muc_delivery_count(d));
    for (size_t i = 0; i < muc_delivery_count(d); i++) {
        char line[16384];
        muc_span jid = muc_delivery_jid(d, i);
        int n = snprintf(line, sizeof line, "send %.*s ", (int)jid.n, jid.p);
        ck_assert_uint_lt((size_t)n + muc_delivery_size(d, i), sizeof line);
        line[(size_t)n + muc_delivery_write(d, i, line + n)] = '\0';
        note(line);
    }
    if (world.on_send)
        world.on_send(d);
    return world.send_answer;
}

static int64_t now(void *ud)
{
    host *h = ud;
    h->asked++;
    return h->clock;
}

static int random_bytes(uint8_t *bytes, size_t n, void *ud)
{
    (void)ud;
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)(i * 7 + 1);
    return 0;
}

static int on_change(muc_room *r, const muc_change *change, void *ud)
{
    ck_assert_ptr_eq(ud, &world);
    char line[512];
    snprintf(line, sizeof line, "store %s%s%s%s parts=%x", muc_room_jid(r), muc_change_is_new(change) ? " new" : "",
             muc_change_is_gone(change) ? " gone" : "", muc_change_is_tombstone(change) ? " tombstone" : "",
             muc_change_parts(change));
    note(line);
    muc_change_item item;
    for (size_t cursor = 0; muc_change_next(change, &cursor, &item);) {
        snprintf(line, sizeof line, "item part=%x option=%s jid=%s nick=%s", item.part,
                 item.option ? item.option->name : "-", item.jid ? item.jid : "-", item.nick ? item.nick : "-");
        note(line);
    }
    if (world.on_change)
        world.on_change(r, change);
    return !world.change_of || strcmp(world.change_of, muc_room_jid(r)) == 0 ? world.change_answer : 0;
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

void host_prepare(void)
{
    memset(&world, 0, sizeof world);
    world.memory.left = -1;
    world.clock = 1000000;
    muc_settings_init(&world.settings, sizeof world.settings);
    world.settings.domain = SERVICE;
    world.settings.lock_new_rooms = 0;
    muc_callbacks_init(&world.callbacks, sizeof world.callbacks);
    world.callbacks.send = on_send;
    world.callbacks.now = now;
    world.callbacks.random = random_bytes;
    world.callbacks.room_changed = on_change;
}

void host_start(void)
{
    muc_mem mem = failing_mem(&world.memory);
    OK(muc_service_new(&world.service, &world.settings, &world.callbacks, &mem, &world));
}

void host_stop(void)
{
    const char *wrong = mu_check(world.service);
    ck_assert_msg(wrong == NULL, "%s", wrong);
    muc_service_free(world.service);
    world.service = NULL;
    ck_assert_int_eq(world.memory.live, 0);
}

void host_setup(void)
{
    host_prepare();
    host_start();
    join("den", JULIET, "Juliet");
    join("den", ROMEO, "Romeo");
    forget();
}

/* ---- what is done ------------------------------------------------------------------------------------------------ */

int give(const char *xml)
{
    return muc_dispatch_text(world.service, xml, strlen(xml), NULL);
}

void join(const char *name, const char *jid, const char *nick)
{
    char xml[512];
    snprintf(xml, sizeof xml, "<presence from='%s' to='%s@" SERVICE "/%s'><x xmlns='" MUC_NS "'/></presence>", jid,
             name, nick);
    OK(give(xml));
}

void talk(const char *name, const char *jid, const char *text)
{
    char xml[512];
    snprintf(xml, sizeof xml, "<message from='%s' to='%s@" SERVICE "' type='groupchat'><body>%s</body></message>", jid,
             name, text);
    ck_assert_int_ge(give(xml), 0);
}

muc_room *room(const char *name)
{
    char jid[128];
    snprintf(jid, sizeof jid, "%s@" SERVICE, name);
    return muc_room_find(world.service, jid);
}

static int put(const char *bytes, size_t n, void *ud)
{
    host *h = ud;
    ck_assert_uint_lt(h->saved_n + n, sizeof h->saved);
    memcpy(h->saved + h->saved_n, bytes, n);
    h->saved_n += n;
    return 0;
}

void save_room(const char *name)
{
    world.saved_n = 0;
    OK(muc_room_save(room(name), MUC_PART_ALL, put, &world));
}

muc_occupant *occupant(const char *name, const char *nick)
{
    return room(name) ? muc_occupant_by_nick(room(name), nick) : NULL;
}

muc_xml *message(const char *body)
{
    muc_xml *x = muc_xml_new(world.service, "message");
    muc_xml_attr(x, "type", "groupchat");
    muc_xml_leaf(x, "body", body);
    return x;
}

char *state(void)
{
    const char *wrong = mu_check(world.service);
    ck_assert_msg(wrong == NULL, "%s", wrong);
    mu_heap *heap = mu_heap_new(NULL);
    mu_buf buf;
    mu_buf_init(&buf, heap);
    model_dump(world.service, &buf);
    ck_assert(!buf.failed);
    char *text = malloc(buf.n + 1);
    ck_assert_ptr_nonnull(text);
    memcpy(text, buf.p, buf.n + 1);
    mu_buf_free(&buf);
    mu_heap_unref(heap);
    return text;
}

void same_state(char *before)
{
    char *after = state();
    ck_assert_str_eq(before, after);
    free(before);
    free(after);
}
