/* again.h: who enters again behind a connection that was lost.
 *
 * What is on its way when a connection is lost, or the program killed, is lost. Who was just entering then is inside,
 * but maybe neither he nor all the others were told. He tries again; for the room that is somebody who is there
 * already, of whom the others hear nothing (XEP-0045 section 17.3). So the first time that happens behind each
 * connection they are shown him. */
#ifndef COMPONENT_AGAIN_H
#define COMPONENT_AGAIN_H

#include <muc/muc.h>

/** The feature that does it. */
extern const muc_feature again;
/** There is a connection: from now on everybody who enters again is shown once. */
void again_connected(muc_service *service);

#endif
