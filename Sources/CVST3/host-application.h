// What a plug-in may ask this host for: its name, and messages to send between its own halves.
#ifndef VST3_HOST_APPLICATION_H
#define VST3_HOST_APPLICATION_H

#include "abi/base.h"

// The one host of this process; never freed. Thread: any.
v3_unknown *vst3_host_application(void);

#endif
