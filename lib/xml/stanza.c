/* stanza.c: what a stanza is (RFC 6120 section 8): its kind, type and common attributes, and its error element. */
#include <xml/xml.h>

#include <string.h>

#define NS_STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"

static const char *const kind_names[] = {
    [MU_NONE] = "", [MU_MESSAGE] = "message", [MU_PRESENCE] = "presence", [MU_IQ] = "iq"};

/* RFC 6121 sections 4.7.1 and 5.2.2, RFC 6120 section 8.2.3. */
static const struct {
    mu_kind kind;
    mu_type type;
    const char *word;
} types[] = {
    {MU_MESSAGE, MU_TYPE_GROUPCHAT, "groupchat"},
    {MU_MESSAGE, MU_TYPE_CHAT, "chat"},
    {MU_MESSAGE, MU_TYPE_NORMAL, "normal"},
    {MU_MESSAGE, MU_TYPE_HEADLINE, "headline"},
    {MU_MESSAGE, MU_TYPE_ERROR, "error"},
    {MU_PRESENCE, MU_TYPE_UNAVAILABLE, "unavailable"},
    {MU_PRESENCE, MU_TYPE_PROBE, "probe"},
    {MU_PRESENCE, MU_TYPE_SUBSCRIPTION, "subscribe"},
    {MU_PRESENCE, MU_TYPE_SUBSCRIPTION, "subscribed"},
    {MU_PRESENCE, MU_TYPE_SUBSCRIPTION, "unsubscribe"},
    {MU_PRESENCE, MU_TYPE_SUBSCRIPTION, "unsubscribed"},
    {MU_PRESENCE, MU_TYPE_ERROR, "error"},
    {MU_IQ, MU_TYPE_GET, "get"},
    {MU_IQ, MU_TYPE_SET, "set"},
    {MU_IQ, MU_TYPE_RESULT, "result"},
    {MU_IQ, MU_TYPE_ERROR, "error"},
};

static mu_kind kind_of(const xmlNode *node)
{
    for (mu_kind k = MU_MESSAGE; k <= MU_IQ; k++)
        if (muc_node_is(node, kind_names[k], MUC_NS_CLIENT))
            return k;
    return MU_NONE;
}

static mu_type type_of(mu_kind kind, const char *word)
{
    if (!word)
        return MU_TYPE_NONE;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].kind == kind && strcmp(types[i].word, word) == 0)
            return types[i].type;
    return MU_TYPE_OTHER;
}

static const xmlNode *only_child(const xmlNode *node)
{
    const xmlNode *child = mu_first(node);
    return mu_after(child) ? NULL : child;
}

/* The common attributes in one walk, because this is done for every stanza; gives the type. */
static const char *read_attributes(mu_stanza *s, const xmlNode *node)
{
    const char *type = NULL;
    const struct {
        const char *name;
        const char **value;
    } wanted[] = {{"to", &s->to}, {"from", &s->from}, {"type", &type}, {"id", &s->id}};
    for (const xmlAttr *a = node->properties; a; a = a->next)
        for (size_t i = 0; !a->ns && i < sizeof wanted / sizeof *wanted; i++)
            if (!*wanted[i].value && mu_name_is(a->name, wanted[i].name))
                *wanted[i].value = a->children && a->children->content ? (const char *)a->children->content : "";
    s->lang = muc_node_lang(node);
    return type;
}

bool mu_stanza_read(mu_stanza *s, const xmlNode *node)
{
    memset(s, 0, sizeof *s);
    s->node = node;
    s->kind = kind_of(node);
    if (s->kind == MU_NONE)
        return false;
    s->type = type_of(s->kind, read_attributes(s, node));
    s->payload = s->kind == MU_IQ ? only_child(node) : NULL;
    return true;
}

const char *mu_kind_name(mu_kind kind)
{
    return kind_names[kind];
}

muc_condition mu_stanza_condition(const mu_stanza *s)
{
    if (s->type != MU_TYPE_ERROR)
        return 0;
    const xmlNode *error = muc_node_child(s->node, "error", MUC_NS_CLIENT);
    for (const xmlNode *c = mu_first(error); c; c = mu_after(c)) {
        muc_condition found = muc_condition_from_name((const char *)c->name);
        if (found && strcmp(muc_node_ns(c), NS_STANZAS) == 0)
            return found;
    }
    return 0;
}

static const char *const error_types[] = {
    [MUC_ERROR_AUTH] = "auth", [MUC_ERROR_CANCEL] = "cancel", [MUC_ERROR_MODIFY] = "modify", [MUC_ERROR_WAIT] = "wait"};

muc_error_type mu_stanza_error_type(const mu_stanza *s)
{
    const xmlNode *error = muc_node_child(s->node, "error", MUC_NS_CLIENT);
    const char *type = error ? muc_node_attr(error, "type") : NULL;
    for (muc_error_type t = MUC_ERROR_AUTH; type && t <= MUC_ERROR_WAIT; t++)
        if (strcmp(error_types[t], type) == 0)
            return t;
    return MUC_ERROR_DEFAULT;
}

void mu_xml_error_with(muc_xml *x, muc_condition condition, muc_error_type type, const char *by, const char *text,
                       const mu_error_extra *extra)
{
    if (!muc_condition_name(condition))
        condition = MUC_UNDEFINED_CONDITION;
    if (type < MUC_ERROR_AUTH || type > MUC_ERROR_WAIT)
        type = muc_condition_type(condition);
    muc_xml_open(x, "error", MUC_NS_CLIENT);
    muc_xml_attr(x, "type", error_types[type]);
    muc_xml_attr(x, "by", by);
    muc_xml_open(x, muc_condition_name(condition), NS_STANZAS);
    muc_xml_text(x, extra->uri);
    muc_xml_close(x);
    if (text && text[0] != '\0') {
        muc_xml_open(x, "text", NS_STANZAS);
        muc_xml_text(x, text);
        muc_xml_close(x);
    }
    if (extra->name) {
        muc_xml_open(x, extra->name, extra->ns);
        muc_xml_close(x);
    }
    muc_xml_close(x);
}

void mu_xml_error_element(muc_xml *x, muc_condition condition, muc_error_type type, const char *by, const char *text)
{
    mu_xml_error_with(x, condition, type, by, text, &(mu_error_extra){0});
}

int muc_node_is_normal_message(const xmlNode *stanza)
{
    if (!muc_node_is(stanza, kind_names[MU_MESSAGE], MUC_NS_CLIENT))
        return 0;
    mu_type type = type_of(MU_MESSAGE, muc_node_attr(stanza, "type"));
    return type == MU_TYPE_NONE || type == MU_TYPE_OTHER || type == MU_TYPE_NORMAL;
}
