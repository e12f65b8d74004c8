/* resume.h: stanzas that waited go on. */
#ifndef MU_SERVICE_RESUME_H
#define MU_SERVICE_RESUME_H

#include <engine/pending.h>

/* Whether a stanza that comes has to look for others of its sender that wait: not one that waited itself. */
bool mu_must_follow(const muc_service *s);
/* Deals with what has waited too long, and with what could not be dealt with before. */
void mu_resume_due(muc_service *s);
/* When the first of them will have; INT64_MAX: never. */
int64_t mu_resume_next(const muc_service *s);
/* The call that put a stanza aside has failed: as if it had not. */
void mu_resume_forget(muc_service *s, mu_waiting *w);
/* dispatch.c: from the beginning, with the answers that it has. */
int mu_dispatch_again(muc_service *s, const mu_waiting *w);

#endif
