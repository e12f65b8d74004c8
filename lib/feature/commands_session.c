/* commands_session.c: ids of command sessions, which say themselves what they are for (XEP-0050 section 2.4).
 *
 * `time-random-tag`: when it was made, what makes it another one each time, and a tag over both, who asks, where, and
 * the command. So nothing is kept for those who never come back. */
#include <feature/commands.h>
#include <muc/feature.h>
#include <muc/room.h>
#include <muc/service.h>

#include <string.h>

enum { HEX = 16, HEAD = 2 * (HEX + 1) };

static void put_hex(char *out, uint64_t n)
{
    for (int i = HEX - 1; i >= 0; i--, n >>= 4)
        out[i] = "0123456789abcdef"[n & 15];
}

static uint64_t read_hex(const char *p)
{
    uint64_t n = 0;
    for (int i = 0; i < HEX; i++)
        n = n << 4 | (uint64_t)(p[i] <= '9' ? p[i] - '0' : p[i] - 'a' + 10);
    return n;
}

/* Puts the tag behind the first HEAD bytes. */
static void seal(const muc_event *ev, const char *node, char id[MU_COMMAND_SESSION])
{
    const char *parts[] = {ev->from, ev->room ? muc_room_jid(ev->room) : "", node};
    char all[HEAD + 3 * HEX + 1];
    memcpy(all, id, HEAD);
    for (size_t i = 0; i < 3; i++)
        put_hex(all + HEAD + i * HEX, muc_service_tag(ev->service, parts[i]));
    all[sizeof all - 1] = '\0';
    put_hex(id + HEAD, muc_service_tag(ev->service, all));
    id[HEAD + HEX] = '\0';
}

int mu_command_session(const muc_event *ev, const char *node, char id[MU_COMMAND_SESSION])
{
    uint8_t bytes[HEX / 2];
    uint64_t number = 0;
    int r = muc_service_random(ev->service, bytes, sizeof bytes);
    if (r < 0)
        return r;
    for (size_t i = 0; i < sizeof bytes; i++)
        number = number << 8 | bytes[i];
    put_hex(id, (uint64_t)muc_service_now(ev->service));
    id[HEX] = '-';
    put_hex(id + HEX + 1, number);
    id[HEAD - 1] = '-';
    seal(ev, node, id);
    return MUC_OK;
}

mu_session_state mu_command_session_state(const muc_event *ev, const char *node, const char *id)
{
    char made[MU_COMMAND_SESSION];
    if (strlen(id) != sizeof made - 1)
        return MU_SESSION_UNKNOWN;
    memcpy(made, id, sizeof made);
    seal(ev, node, made);
    if (strcmp(made, id) != 0)
        return MU_SESSION_UNKNOWN;
    uint64_t age = (uint64_t)muc_service_now(ev->service) - read_hex(id);
    int64_t timeout = muc_service_settings(ev->service)->command_timeout;
    return timeout && age / 1000 > (uint64_t)timeout && age <= INT64_MAX ? MU_SESSION_OVER : MU_SESSION_GOOD;
}
