# Compiler options every target of the house shares.
# -ffp-contract=off: a fused multiply-add would make native and wasm differ in the last bit.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

add_library(wayline_options INTERFACE)
target_compile_options(wayline_options INTERFACE
  -ffp-contract=off -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror
  # GCC 12 at -O3 sees overlaps and uninitialised strings that can not be (GCC bugs 105651, 105562); clang checks the same code.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-maybe-uninitialized>)
if(WAYLINE_SANITIZE)
  target_compile_options(wayline_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(wayline_options INTERFACE -fsanitize=address,undefined)
endif()
if(WAYLINE_FUZZ)
  # -O1: half the compile time of -O2, for four fifths of its executions a second. -O0 halves it again, for a few seconds of fuzzing.
  target_compile_options(wayline_options INTERFACE -fsanitize=fuzzer-no-link -O$<IF:$<CONFIG:FuzzQuick>,0,1> -gline-tables-only)
endif()

if(EMSCRIPTEN)
  target_compile_options(wayline_options INTERFACE -fno-exceptions -fno-rtti)
  # -I/usr/include would shadow the sysroot, so header-only libraries are reached through links of their own.
  set(WAYLINE_HEADERS ${CMAKE_BINARY_DIR}/headers)
  file(MAKE_DIRECTORY ${WAYLINE_HEADERS})
  foreach(library nlohmann fmt)
    file(CREATE_LINK /usr/include/${library} ${WAYLINE_HEADERS}/${library} SYMBOLIC)
  endforeach()
  target_include_directories(wayline_options SYSTEM INTERFACE ${WAYLINE_HEADERS})
endif()
