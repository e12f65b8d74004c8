/* attr.c: attributes and status codes written straight into the bytes that several stanzas share, where no element is
 * open to take them. */
#include <action/action.h>

#include <string.h>
#include <xml/put.h>

void mu_attr(mu_buf *b, const char *name, const char *value)
{
    if (!value)
        return;
    mu_put_char(b, ' ');
    mu_put_str(b, name);
    mu_put(b, "='", 2);
    mu_buf_escape(b, value, strlen(value), true);
    mu_put_char(b, '\'');
}

void mu_attr_from(mu_buf *b, const muc_room *room, const char *nick)
{
    mu_put(b, " from='", 7);
    mu_buf_escape(b, room->key.p, room->key.n, true);
    if (nick) {
        mu_put_char(b, '/');
        mu_buf_escape(b, nick, strlen(nick), true);
    }
    mu_put_char(b, '\'');
}

void mu_add_codes(mu_buf *b, const mu_codes *codes)
{
    for (size_t i = 0; i < codes->n; i++) {
        mu_buf_str(b, "<status code='");
        mu_buf_int(b, codes->code[i]);
        mu_buf_str(b, "'/>");
    }
}
