/* value.c: values of options: the words of the form to numbers and texts, and back. */
#include <base/text.h>
#include <model/model.h>

#include <string.h>

bool mu_option_is_text(const muc_option *row)
{
    return row->type == MUC_OPTION_TEXT || row->type == MUC_OPTION_SECRET || row->type == MUC_OPTION_JIDS;
}

/* Which of the choices the word is, or -1. */
static int choice_of(const muc_option *row, muc_span word)
{
    for (int i = 0; row->choices && row->choices[i].value; i++) {
        if (mu_span_is(word, row->choices[i].value))
            return i;
    }
    return -1;
}

static size_t choice_count(const muc_option *row)
{
    size_t n = 0;
    while (row->choices && row->choices[n].value)
        n++;
    return n;
}

static int64_t greatest(const muc_option *row)
{
    return row->min == 0 && row->max == 0 ? INT32_MAX : row->max;
}

static bool in_bounds(const muc_option *row, int64_t number)
{
    return number >= row->min && number <= greatest(row);
}

/* Whether a text is nothing but JIDs without resources and the blanks between them. */
static int check_jids(muc_service *s, const char *text)
{
    mu_buf word, key;
    mu_buf_init(&word, s->heap);
    mu_buf_init(&key, s->heap);
    int r = MUC_OK;
    size_t count = 0;
    for (const char *p = text; r == MUC_OK && *p; p += strspn(p, " ")) {
        size_t n = strcspn(p, " ");
        mu_buf_reset(&word);
        mu_buf_reset(&key);
        mu_buf_add(&word, p, n);
        mu_buf_char(&word, '\0');
        if (++count > MU_MAX_SET || memchr(p, '/', n))
            r = MUC_ERR_INVALID;
        else
            r = word.failed ? MUC_ERR_NOMEM : mu_user_key(s, word.p, true, &key);
        p += n;
    }
    mu_buf_free(&word);
    mu_buf_free(&key);
    return r == MUC_OK || r == MUC_ERR_NOMEM ? r : MUC_ERR_INVALID;
}

/* Whether it is one line, and of JIDs where it has to be. */
static int check_words(muc_service *s, const muc_option *row, const char *text)
{
    if (!mu_xml_valid(text, strlen(text)) || strpbrk(text, "\r\n"))
        return MUC_ERR_INVALID;
    return row->type == MUC_OPTION_JIDS ? check_jids(s, text + strspn(text, " ")) : MUC_OK;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static int parse_flag(muc_span text, int64_t *out)
{
    bool on = mu_span_is(text, "1") || mu_span_is(text, "true");
    *out = on;
    return on || text.n == 0 || mu_span_is(text, "0") || mu_span_is(text, "false") ? MUC_OK : MUC_ERR_INVALID;
}

/* A word of the list; a plain number is taken beside them, since the API may have set it. */
static int parse_number(const muc_option *row, muc_span text, int64_t *out)
{
    int choice = choice_of(row, text);
    if (choice >= 0) {
        *out = row->choices[choice].number;
        return MUC_OK;
    }
    return mu_integer(text.p, text.n, out) && in_bounds(row, *out) ? MUC_OK : MUC_ERR_INVALID;
}

static int parse_set(const muc_option *row, muc_span text, int64_t *out)
{
    const char *end = text.p + text.n;
    for (const char *p = text.p; p < end;) {
        const char *comma = memchr(p, ',', (size_t)(end - p));
        const char *stop = comma ? comma : end;
        int choice = choice_of(row, mu_trim((muc_span){p, (size_t)(stop - p)}));
        if (choice < 0)
            return MUC_ERR_INVALID;
        *out |= (int64_t)1 << choice;
        p = stop + 1;
    }
    return MUC_OK;
}

static int parse_text(muc_service *s, const muc_option *row, const char *text, mu_value *out)
{
    mu_value given = {.text = (char *)text};
    int r = mu_value_check(s, row, &given);
    if (r < 0)
        return r;
    if (text[0] == '\0')
        return MUC_OK;
    out->text = mu_strdup(s->heap, text);
    return out->text ? MUC_OK : MUC_ERR_NOMEM;
}

/* Any type but texts and JIDs. */
static int parse_plain(const muc_option *row, const char *text, int64_t *out)
{
    muc_span word = mu_trim((muc_span){text, strlen(text)});
    *out = 0;
    switch (row->type) {
    case MUC_OPTION_FLAG:
        return parse_flag(word, out);
    case MUC_OPTION_NUMBER:
        return parse_number(row, word, out);
    case MUC_OPTION_SET:
        return parse_set(row, word, out);
    case MUC_OPTION_CHOICE:
    case MUC_OPTION_TEXT:
    case MUC_OPTION_SECRET:
    case MUC_OPTION_JIDS:
        break;
    }
    *out = choice_of(row, word);
    return *out >= 0 ? MUC_OK : MUC_ERR_INVALID;
}

int mu_value_parse(muc_service *s, const muc_option *row, const char *text, mu_value *out)
{
    *out = (mu_value){0, NULL};
    if (!text)
        return MUC_ERR_INVALID;
    return mu_option_is_text(row) ? parse_text(s, row, text, out) : parse_plain(row, text, &out->number);
}

/* What a snapshot holds was taken once: a number that is out of bounds by now is the nearest that is not, and a text
 * may be longer than what comes. */
int mu_value_restore(muc_service *s, const muc_option *row, const char *text, mu_value *out)
{
    *out = (mu_value){0, NULL};
    int r;
    if (mu_option_is_text(row)) {
        r = check_words(s, row, text);
        out->text = r || !*text ? NULL : mu_strdup(s->heap, text);
        return r ? r : *text && !out->text ? MUC_ERR_NOMEM : MUC_OK;
    }
    r = parse_plain(row, text, &out->number);
    muc_span word = mu_trim((muc_span){text, strlen(text)});
    if (r && row->type == MUC_OPTION_NUMBER && mu_integer(word.p, word.n, &out->number)) {
        out->number = out->number < row->min ? row->min : greatest(row);
        r = MUC_OK;
    }
    return r;
}

/* The first value of a row that has no words for it. */
static int64_t first_number(const muc_option *row)
{
    if (row->type != MUC_OPTION_NUMBER)
        return 0;
    if (choice_count(row) > 0)
        return row->choices[0].number;
    return in_bounds(row, 0) ? 0 : row->min;
}

int mu_value_first(muc_service *s, const muc_option *row, mu_value *out)
{
    *out = (mu_value){row->initial ? 0 : first_number(row), NULL};
    return row->initial ? mu_value_parse(s, row, row->initial, out) : MUC_OK;
}

size_t mu_option_length(const muc_service *s, const muc_option *row)
{
    size_t most = row->max_length ? row->max_length : s->settings.max_text;
    int64_t set = row->most ? row->most(&s->settings) : 0;
    return set > 0 && (uint64_t)set < most ? (size_t)set : most;
}

static int check_text(muc_service *s, const muc_option *row, const char *text)
{
    return strlen(text) > mu_option_length(s, row) ? MUC_ERR_INVALID : check_words(s, row, text);
}

int mu_value_check(muc_service *s, const muc_option *row, const mu_value *value)
{
    bool ok = false;
    if (mu_option_is_text(row)) {
        return check_text(s, row, value->text ? value->text : "");
    } else if (row->type == MUC_OPTION_FLAG) {
        ok = value->number == 0 || value->number == 1;
    } else if (row->type == MUC_OPTION_NUMBER) {
        ok = in_bounds(row, value->number);
        for (size_t i = 0; row->choices && row->choices[i].value && !ok; i++)
            ok = row->choices[i].number == value->number;
    } else if (row->type == MUC_OPTION_CHOICE) {
        ok = value->number >= 0 && (uint64_t)value->number < choice_count(row);
    } else {
        ok = value->number >= 0 && value->number >> choice_count(row) == 0;
    }
    return ok ? MUC_OK : MUC_ERR_INVALID;
}

bool mu_value_equal(const muc_option *row, const mu_value *a, const mu_value *b)
{
    if (!mu_option_is_text(row))
        return a->number == b->number;
    return strcmp(a->text ? a->text : "", b->text ? b->text : "") == 0;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

/* Where the words go: memory that grows, or memory of the host that is never overrun. */
typedef struct sink {
    mu_buf *buf;
    char *out;
    size_t size, n;
} sink;

static void put(sink *to, const char *p, size_t n)
{
    if (to->buf) {
        mu_buf_add(to->buf, p, n);
        return;
    }
    size_t room = to->n + 1 < to->size ? to->size - to->n - 1 : 0;
    if (room > 0)
        memcpy(to->out + to->n, p, n < room ? n : room);
    to->n += n;
}

static void put_number(sink *to, int64_t number)
{
    char digits[24];
    char *p = digits + sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        *--p = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        *--p = '-';
    put(to, p, (size_t)(digits + sizeof digits - p));
}

/* The words of a list that the value has, divided by commas. false: it has none. */
static bool put_choices(sink *to, const muc_option *row, int64_t number)
{
    bool any = false;
    for (int i = 0; row->choices && row->choices[i].value; i++) {
        bool has = row->type == MUC_OPTION_SET      ? (number >> i & 1) != 0
                   : row->type == MUC_OPTION_CHOICE ? number == i
                                                    : row->choices[i].number == number && !any;
        if (!has)
            continue;
        if (any)
            put(to, ",", 1);
        put(to, row->choices[i].value, strlen(row->choices[i].value));
        any = true;
    }
    return any;
}

static void write_value(sink *to, const muc_option *row, const mu_value *value)
{
    if (mu_option_is_text(row)) {
        if (value->text)
            put(to, value->text, strlen(value->text));
    } else if (!put_choices(to, row, value->number) &&
               (row->type == MUC_OPTION_FLAG || row->type == MUC_OPTION_NUMBER)) {
        put_number(to, value->number);
    }
}

void mu_value_write(const muc_option *row, const mu_value *value, mu_buf *out)
{
    sink to = {.buf = out};
    write_value(&to, row, value);
}

/* ---- values of a room ------------------------------------------------------------------------------------------- */

int64_t muc_room_get_number(const muc_room *room, const muc_option *option)
{
    int index = mu_option_index(room->service, option);
    if (mu_option_is_text(option))
        return 0;
    if (index >= 0)
        return mu_room_value(room, index).number;
    int64_t number = first_number(option);
    return option->initial && parse_plain(option, option->initial, &number) < 0 ? 0 : number;
}

const char *muc_room_get_text(const muc_room *room, const muc_option *option)
{
    if (!mu_option_is_text(option))
        return "";
    int index = mu_option_index(room->service, option);
    const char *text = index >= 0 ? mu_room_value(room, index).text : option->initial;
    return text ? text : "";
}

size_t muc_room_get(const muc_room *room, const muc_option *option, char *out, size_t size)
{
    mu_value value = {muc_room_get_number(room, option), NULL};
    sink to = {.out = out, .size = size};
    if (mu_option_is_text(option)) {
        const char *text = muc_room_get_text(room, option);
        put(&to, text, strlen(text));
    } else {
        write_value(&to, option, &value);
    }
    if (size > 0)
        out[to.n < size ? to.n : size - 1] = '\0';
    return to.n;
}
