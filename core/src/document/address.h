// Addresses in contents: which attributes hold them, and where a visitor's value could choose what they mean.
#pragma once

#include <optional>
#include <string_view>

#include "document/template.h"

namespace wayline::document {

/// Whether an attribute of that name (lower case) holds an address.
[[nodiscard]] bool is_address_attribute(std::string_view attribute);

enum class AddressText {
  plain,   // a redirect, or an attribute's value as it is set
  markup,  // an attribute's value in HTML, where `&#58;` is a colon
};

/// Whether a browser would run what this address says: `javascript:` in any disguise, and its like.
[[nodiscard]] bool is_code_address(std::string_view address, AddressText text);

/// The first interpolation, when a value there could choose the scheme or the host.
[[nodiscard]] std::optional<TextProblem> find_open_address(std::string_view address, AddressText text);

/// An attribute (lower case) whose value does not mean what it says: a host without its scheme, `false` where the attribute alone counts.
[[nodiscard]] std::optional<TextProblem> find_attribute_slip(std::string_view attribute, std::string_view value);

}  // namespace wayline::document
