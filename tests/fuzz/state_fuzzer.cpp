// A stored state as JSON: untrusted, as any page of the site can write it. What is restored is a state like any other.
#include "support.h"

namespace wayline::fuzz {
namespace {

void restore_document(std::string_view text) {
  static Engine engine(program_of_folder("tests/packs/hazel-small"));
  Arena arena;
  const Result<Value> document = read_json(text, arena, {.duplicate_keys = DuplicateKeys::keep_last});
  if (!document.ok()) return;
  std::vector<std::string> dropped;
  Result<Session> session = Session::restore(engine, document.value(), dropped);
  if (!session.ok()) return;
  require_stored_state(engine, session.value());
  visit(session.value());
  require_stored_state(engine, session.value());
}

}  // namespace
}  // namespace wayline::fuzz

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  wayline::fuzz::restore_document({data, size});
  return 0;
}
