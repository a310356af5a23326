// A host for VST3 plug-ins as flat C: what Swift imports. One header per stage of a plug-in's life.
#ifndef CVST3_H
#define CVST3_H

#include "vst3-instance.h"
#include "vst3-module.h"
#include "vst3-parameters.h"
#include "vst3-process.h"

#endif
