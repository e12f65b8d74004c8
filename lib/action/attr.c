/* attr.c: attributes written straight into the bytes that several stanzas share, where no element is open to take them.
 */
#include <action/action.h>

#include <string.h>

void mu_attr(mu_buf *b, const char *name, const char *value)
{
    if (!value)
        return;
    mu_buf_char(b, ' ');
    mu_buf_str(b, name);
    mu_buf_str(b, "='");
    mu_buf_escape(b, value, strlen(value), true);
    mu_buf_char(b, '\'');
}

void mu_attr_from(mu_buf *b, const muc_room *room, const char *nick)
{
    mu_buf_str(b, " from='");
    mu_buf_escape(b, room->key.p, room->key.n, true);
    if (nick) {
        mu_buf_char(b, '/');
        mu_buf_escape(b, nick, strlen(nick), true);
    }
    mu_buf_char(b, '\'');
}
