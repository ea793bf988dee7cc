// "Did you mean", by the name that the document room has always used for it.
#pragma once

#include "base/nearest.h"

namespace wayline::document {

using wayline::nearest;

}  // namespace wayline::document
