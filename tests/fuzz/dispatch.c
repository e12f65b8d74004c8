/* dispatch.c: users who send whatever they like. The service stays whole: its invariants hold after every stanza,
 * output is well-formed and in its own name, and what is saved can be restored.
 *
 * An input is lines; each begins with a letter for who sends it, or for what the host says, and goes on with the
 * stanza, into which ` from='...'` is put. What begins with a capital letter is sent again and again, and each time the
 * next allocation fails, until it is taken. */
#include <model/model.h>
#include <muc/muc.h>
#include <stdlib.h>
#include <string.h>

static const char *const users[] = {"owner-k1@a.example/r1", "second-k2@a.example/r2", "third-k3@b.example/r3",
                                    "third-k3@b.example/r4", "admin-k5@a.example/r5"};
enum { USERS = sizeof(users) / sizeof(*users), LINE_MAX_BYTES = 8192, MOST_FAILURES = 300 };

typedef struct host {
    muc_service *service;
    int64_t now;
    size_t sent;
    unsigned fail; /* which allocation from now on fails; 0: none */
} host;

static void require(int holds)
{
    if (!holds)
        abort();
}

static void *take(size_t size, void *ud)
{
    host *h = ud;
    return h->fail && --h->fail == 0 ? NULL : malloc(size);
}

static void *resize(void *p, size_t size, void *ud)
{
    host *h = ud;
    return h->fail && --h->fail == 0 ? NULL : realloc(p, size);
}

static void release(void *p, void *ud)
{
    (void)ud;
    free(p);
}

static int64_t now(void *ud)
{
    return ((host *)ud)->now;
}

static int chance(uint8_t *bytes, size_t n, void *ud)
{
    (void)ud;
    memset(bytes, 7, n);
    return 0;
}

static int is_admin(const char *jid, void *ud)
{
    (void)ud;
    return strcmp(jid, "admin-k5@a.example") == 0;
}

/* Output is one well-formed stanza with an address of this service as its `from`. */
static int check_delivery(muc_service *s, const muc_delivery *d, void *ud)
{
    host *h = ud;
    h->sent++;
    h->fail = 0;
    const xmlNode *node = muc_delivery_node(d);
    require(node != NULL);
    const char *from = muc_node_attr(node, "from");
    mu_buf key;
    mu_address address;
    mu_buf_init(&key, s->heap);
    require(from && mu_address_read(s, from, &key, &address) != MUC_NOT_MINE);
    mu_buf_free(&key);
    char *bytes = malloc(muc_delivery_size(d, 0));
    require(bytes && muc_delivery_write(d, 0, bytes) == muc_delivery_size(d, 0));
    require(!memchr(bytes, '\n', muc_delivery_size(d, 0)));
    free(bytes);
    return 0;
}

static muc_service *make(host *h)
{
    muc_settings settings;
    muc_callbacks callbacks;
    muc_service *service;
    muc_settings_init(&settings, sizeof(settings));
    muc_callbacks_init(&callbacks, sizeof(callbacks));
    settings.domain = "rooms.example";
    settings.max_history = 5;
    settings.tombstone_time = 60;
    settings.idle_ping = 100;
    settings.stanza_ids = 1;
    settings.occupant_ids = 1;
    settings.secret = "0123456789abcdef";
    settings.secret_n = 16;
    callbacks.now = now;
    callbacks.random = chance;
    callbacks.is_admin = is_admin;
    callbacks.send = check_delivery;
    const muc_mem mem = {h, take, resize, release};
    require(muc_service_new(&service, &settings, &callbacks, &mem, h) == MUC_OK);
    return service;
}

static int append(const char *bytes, size_t n, void *ud)
{
    mu_buf *buf = ud;
    mu_buf_add(buf, bytes, n);
    return buf->failed;
}

/* Every room, saved and restored elsewhere, is saved as the same bytes. */
static void check_snapshot(host *h)
{
    host other = {.now = h->now};
    muc_service *s = make(&other);
    for (muc_room *room = muc_room_next(h->service, NULL); room; room = muc_room_next(h->service, room)) {
        mu_buf first, second;
        muc_room *back;
        mu_buf_init(&first, h->service->heap);
        mu_buf_init(&second, h->service->heap);
        require(muc_room_save(room, MUC_PART_ALL, append, &first) == MUC_OK);
        require(muc_room_restore(s, first.p, first.n, &back) == MUC_OK);
        require(muc_room_save(back, MUC_PART_ALL, append, &second) == MUC_OK);
        require(first.n == second.n && memcmp(first.p, second.p, first.n) == 0);
        mu_buf_free(&first);
        mu_buf_free(&second);
    }
    require(mu_check(s) == NULL);
    muc_service_free(s);
}

/* Puts the sender into the start tag, behind the name of the stanza. */
static void send_as(host *h, const char *user, const char *stanza, size_t n, unsigned hungry)
{
    char line[LINE_MAX_BYTES + 128];
    size_t name = 0;
    while (name < n && !strchr(" />", stanza[name]))
        name++;
    size_t at = name;
    memcpy(line, stanza, name);
    const char *const parts[] = {" from='", user, "'"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        memcpy(line + at, parts[i], strlen(parts[i]));
        at += strlen(parts[i]);
    }
    memcpy(line + at, stanza + name, n - name);
    int r = MUC_ERR_NOMEM;
    for (unsigned fail = hungry; fail && fail < MOST_FAILURES && r == MUC_ERR_NOMEM; fail++) {
        size_t sent = h->sent;
        h->fail = fail;
        r = muc_dispatch_text(h->service, line, at + n - name, NULL);
        h->fail = 0;
        require(r >= 0 || sent == h->sent);
        require(mu_check(h->service) == NULL);
    }
    if (r == MUC_ERR_NOMEM)
        r = muc_dispatch_text(h->service, line, at + n - name, NULL);
    require(r >= 0 || r == MUC_ERR_MALFORMED || r == MUC_ERR_TOO_BIG);
}

/* Time passes, and what is due is done. */
static void pass(host *h, size_t seconds)
{
    h->now += (int64_t)seconds * 1000;
    require(muc_service_sweep(h->service, NULL) >= 0);
}

static void play(host *h, const char *line, size_t n)
{
    if (n == 0 || n > LINE_MAX_BYTES)
        return;
    size_t who = (size_t)(unsigned char)line[0] % (USERS + 3);
    if (who < USERS)
        send_as(h, users[who], line + 1, n - 1, !(line[0] & 0x20));
    else if (who == USERS)
        require(muc_peer_gone(h->service, users[n % USERS], NULL) >= 0);
    else if (who == USERS + 1)
        require(muc_domain_unreachable(h->service, "b.example") >= 0);
    else
        pass(h, n);
    require(mu_check(h->service) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    host h = {.now = 1767225600000};
    h.service = make(&h);
    const char *at = (const char *)data, *end = at + size;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop ? stop : end;
        play(&h, at, (size_t)(stop - at));
        at = stop + 1;
    }
    check_snapshot(&h);
    muc_service_free(h.service);
    return 0;
}
