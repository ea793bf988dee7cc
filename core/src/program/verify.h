// Verification of a program's tables: after it, every index may be followed without a check.
#pragma once

#include "program/tables.h"

namespace wayline::program {

/// Checks every reference and enumeration of every record, and makes the constants' values. False: refuse the file.
[[nodiscard]] bool verify(Tables& tables);

}  // namespace wayline::program
