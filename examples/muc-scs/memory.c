/* memory.c: memory that is counted and can be made to fail; see memory.h.
 *
 * libxml2 has one allocator for the whole program, so there is one plan for the whole program, too. */
#include <stdlib.h>
#include <string.h>

#include <libxml/xmlmemory.h>

#include "memory.h"

static struct {
    memory_plan plan;
    size_t live, live_xml;
} memory;

static int fails(void)
{
    if (memory.plan.left == 0 || --memory.plan.left > 0)
        return 0;
    memory.plan.reached = 1;
    return 1;
}

static void *take(void *old, size_t size, size_t *live)
{
    void *p = fails() ? NULL : realloc(old, size ? size : 1);
    if (p && !old)
        ++*live;
    return p;
}

static void give_back(void *p, size_t *live)
{
    if (p)
        --*live;
    free(p);
}

static void *service_alloc(size_t size, void *ud)
{
    (void)ud;
    return take(NULL, size, &memory.live);
}

static void *service_resize(void *p, size_t size, void *ud)
{
    (void)ud;
    return take(p, size, &memory.live);
}

static void service_release(void *p, void *ud)
{
    (void)ud;
    give_back(p, &memory.live);
}

static void *xml_alloc(size_t size)
{
    return take(NULL, size, &memory.live_xml);
}

static void *xml_resize(void *p, size_t size)
{
    return take(p, size, &memory.live_xml);
}

static void xml_release(void *p)
{
    give_back(p, &memory.live_xml);
}

static char *xml_copy(const char *string)
{
    size_t size = strlen(string) + 1;
    char *p = xml_alloc(size);
    return p ? memcpy(p, string, size) : NULL;
}

int memory_setup(void)
{
    return xmlMemSetup(xml_release, xml_alloc, xml_resize, xml_copy);
}

const muc_mem *memory_of_service(void)
{
    static const muc_mem mem = {NULL, service_alloc, service_resize, service_release};
    return &mem;
}

size_t memory_live(void)
{
    return memory.live;
}

size_t memory_live_xml(void)
{
    return memory.live_xml;
}

void memory_fail(size_t k)
{
    memory.plan = (memory_plan){k, 0};
}

int memory_fail_no_more(void)
{
    return memory_pause().reached;
}

memory_plan memory_pause(void)
{
    memory_plan plan = memory.plan;
    memory.plan = (memory_plan){0, 0};
    return plan;
}

void memory_resume(memory_plan plan)
{
    memory.plan = plan;
}
