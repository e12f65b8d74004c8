/* driver.c: runs a fuzz target without a fuzzer, with any compiler.
 *
 * usage: TARGET [-n ROUNDS] [-s SEED] [FILE]...
 * Each file goes to LLVMFuzzerTestOneInput() as it is, then ROUNDS times with some bytes changed, by a generator that
 * gives the same changes for the same seed. Without files, the mutations start from an empty input. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { GROWTH = 64 }; /* how many bytes mutations may add to an input */

static uint64_t state = 1;

/* xorshift64* */
static uint32_t draw(uint32_t below)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)((state * UINT64_C(0x2545f4914f6cdd1d)) >> 32) % below;
}

/* An exact copy, so that the sanitizers see every read past the end. */
static void play(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy)
        exit(2);
    if (size)
        memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

/* Changes, removes, doubles or inserts something once. `data` has room for GROWTH bytes more than `limit`. */
static size_t mutate(uint8_t *data, size_t size, size_t limit)
{
    static const char special[] = "<>&'\"/=: \n\0;[]{}@\x7f\x80\xc3\xed\xf4\xff";
    uint32_t at = size ? draw((uint32_t)size) : 0;
    size_t rest = size - at;
    size_t run = rest ? 1 + draw(rest < 8 ? (uint32_t)rest : 8) : 0;

    switch (draw(5)) {
    case 0:
        if (size)
            data[at] ^= (uint8_t)(1u << draw(8));
        return size;
    case 1:
        if (size)
            data[at] = (uint8_t)special[draw(sizeof special - 1)];
        return size;
    case 2:
        if (rest)
            memmove(data + at, data + at + run, rest - run);
        return size - run;
    case 3:
        if (size + run > limit + GROWTH)
            return size;
        memmove(data + at + run, data + at, rest);
        return size + run;
    default:
        if (size + 1 > limit + GROWTH)
            return size;
        memmove(data + at + 1, data + at, rest);
        data[at] = (uint8_t)draw(256);
        return size + 1;
    }
}

static void play_mutations(const uint8_t *data, size_t size, unsigned long rounds)
{
    uint8_t *copy = malloc(size + GROWTH);
    if (!copy)
        exit(2);
    for (unsigned long round = 0; round < rounds; round++) {
        size_t now = size;
        if (size)
            memcpy(copy, data, size);
        for (uint32_t changes = 1 + draw(4); changes > 0; changes--)
            now = mutate(copy, now, size);
        play(copy, now);
    }
    free(copy);
}

/* The content of a file, to be freed. */
static uint8_t *load(const char *name, size_t *size)
{
    FILE *file = fopen(name, "rb");
    uint8_t *data = NULL;
    size_t room = 0, got;

    *size = 0;
    if (!file) {
        fprintf(stderr, "%s: %s\n", name, strerror(errno));
        exit(2);
    }
    do {
        room = room ? room * 2 : 4096;
        uint8_t *more = realloc(data, room);
        if (!more)
            exit(2);
        data = more;
        got = fread(data + *size, 1, room - *size, file);
        *size += got;
    } while (*size == room);
    fclose(file);
    return data;
}

int main(int argc, char **argv)
{
    unsigned long rounds = 0;
    int files = 0;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-n") == 0 && i + 1 < argc) {
            rounds = strtoul(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "-s") == 0 && i + 1 < argc) {
            state = strtoull(argv[++i], NULL, 10) | 1;
        } else {
            size_t size;
            uint8_t *data = load(argv[i], &size);
            play(data, size);
            play_mutations(data, size, rounds);
            free(data);
            files++;
        }
    }
    if (files == 0) {
        play((const uint8_t *)"", 0);
        play_mutations((const uint8_t *)"", 0, rounds);
    }
    printf("%d files, %lu mutations of each\n", files, rounds);
    return 0;
}
