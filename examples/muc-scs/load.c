/* load.c: features of the user's own, from shared objects; see load.h. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

static const muc_feature **features;
static size_t count;

static void *open_object(const char *path)
{
    text near = {0};
    /* A bare name is a file here, not one of the system's libraries. */
    text_format(&near, "%s%s", strchr(path, '/') ? "" : "./", path);
    void *object = dlopen(near.p, RTLD_NOW | RTLD_LOCAL);
    text_free(&near);
    return object;
}

int load_features(const char *path, text *why)
{
    void *object = open_object(path);
    const muc_feature *const *list = object ? dlsym(object, "muc_features") : NULL;
    if (!list) {
        text_format(why, "%s", dlerror());
        return -1;
    }
    for (; *list; list++) {
        features = grow(features, (count + 2) * sizeof *features);
        features[count++] = *list;
        features[count] = NULL;
    }
    return 0;
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
