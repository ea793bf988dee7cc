// What becomes of stored states when a pack follows another.
#pragma once

#include "document/pack.h"
#include "program/tables.h"

namespace wayline::analysis {

/// Design 7.9, for every journey, version and stage that a state stored under `before` can hold: an error where a pass
/// would be lost, or end because its journey became a draft, a warning where it would end for want of a stage
/// or would wait where its hand-off leads on no more. And of the site, what such a state holds that would be refused, dropped, or read without the consent it was
/// given with. The places are those of the documents that are to follow.
[[nodiscard]] Diagnostics check_succession(const program::Tables& before, const document::Pack& after);

}  // namespace wayline::analysis
