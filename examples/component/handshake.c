/* handshake.c: the digest by libcrypto, and a table of what an administrator can do about stream errors. */
#include <muc/xml.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "exits.h"
#include "handshake.h"
#include "log.h"

#define NS_CONDITION "urn:ietf:params:xml:ns:xmpp-streams"

int handshake_digest(const char *id, const char *secret, char out[HANDSHAKE_SIZE])
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int good = context && EVP_DigestInit_ex(context, EVP_sha1(), NULL) && EVP_DigestUpdate(context, id, strlen(id)) &&
               EVP_DigestUpdate(context, secret, strlen(secret)) && EVP_DigestFinal_ex(context, bytes, &n);
    EVP_MD_CTX_free(context);
    for (unsigned i = 0; good && i < n && i < HANDSHAKE_SIZE / 2; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    return good ? 0 : -1;
}

static const struct advice {
    const char *condition, *text;
    int status;
} advices[] = {
    {"not-authorized",
     "the secret is not the one that the server has for this component, or it has no component of this name: compare "
     "the two configurations",
     EXIT_REFUSED},
    {"conflict",
     "somebody is connected as this component already: stop that program; if it was an earlier connection of "
     "this one, the server has not noticed its end yet",
     0},
    {"host-unknown", "the server has no component of this name: add it to the configuration of the server", 0},
    {"policy-violation", "a stanza was larger than the server allows: compare its limit with max-sent", 0},
    {"system-shutdown", "the server is being stopped", 0},
};

static const struct advice *find(const char *condition)
{
    static const struct advice none = {"", "", 0};
    for (size_t i = 0; i < sizeof advices / sizeof advices[0]; i++)
        if (strcmp(advices[i].condition, condition) == 0)
            return &advices[i];
    return &none;
}

int handshake_complain(const xmlNode *error, const char *host, const char *port, const char *domain)
{
    const xmlNode *condition = muc_node_child(error, NULL, NS_CONDITION);
    const xmlNode *text = muc_node_child(error, "text", NS_CONDITION);
    const char *name = condition ? (const char *)condition->name : "undefined-condition";
    const char *words = muc_node_text(text);
    const struct advice *advice = find(name);
    log_error("%s:%s ends the stream of %s by %s%s%s%s%s%s", host, port, domain, name, words ? " (" : "",
              words ? words : "", words ? ")" : "", advice->text[0] ? ": " : "", advice->text);
    return advice->status;
}
