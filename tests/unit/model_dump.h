/* model_dump.h: all of a model as text, addresses of objects included, to see whether undoing brought it back. */
#ifndef MU_TESTS_MODEL_DUMP_H
#define MU_TESTS_MODEL_DUMP_H

#include <model/model.h>

void model_dump(muc_service *s, mu_buf *out);

#endif
