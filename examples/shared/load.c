/* load.c: features of the user's own, from shared objects; see load.h. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

static const muc_feature **features;
static size_t count;

static void *open_object(const char *path)
{
    if (strchr(path, '/'))
        return dlopen(path, RTLD_NOW | RTLD_LOCAL);
    /* A bare name is a file here, not one of the system's libraries. */
    size_t size = strlen(path) + sizeof "./";
    char *near = malloc(size);
    if (!near)
        return NULL;
    snprintf(near, size, "./%s", path);
    void *object = dlopen(near, RTLD_NOW | RTLD_LOCAL);
    free(near);
    return object;
}

static int add(const muc_feature *feature)
{
    const muc_feature **more = realloc(features, (count + 2) * sizeof *features);
    if (!more)
        return -1;
    features = more;
    features[count++] = feature;
    features[count] = NULL;
    return 0;
}

const char *load_features(const char *path)
{
    void *object = open_object(path);
    const muc_feature *const *list = object ? dlsym(object, "muc_features") : NULL;
    if (!list) {
        const char *why = dlerror();
        return why ? why : "no memory";
    }
    for (; *list; list++)
        if (add(*list) < 0)
            return "no memory";
    return NULL;
}

const muc_feature *const *loaded_features(void)
{
    return features;
}

void unload_features(void)
{
    free(features);
    features = NULL;
    count = 0;
}
